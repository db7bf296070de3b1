//! Digests and signature algorithms: which are known, which are strong enough for anybody to trust, and whether a signature fits.
//!
//! What ETSI TS 119 312 no longer recommends and can be forged or soon may be (MD5, SHA-1, RSA of under 2048 bits) is told as
//! [`Fault::Weak`] and never verified; what `ring` has no mathematics for, as [`Fault::Unsupported`].

use std::fmt;

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_EC_PUBLIC_KEY, ID_MD_5, ID_MGF_1, ID_RSASSA_PSS,
    ID_SHA_1, ID_SHA_256, ID_SHA_384, ID_SHA_512, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1,
    SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION, SHA_512_WITH_RSA_ENCRYPTION,
};
use der::asn1::{AnyRef, BitStringRef, UintRef};
use der::{Any, Decode, Encode, Sequence};
use ring::signature::{self as maths, UnparsedPublicKey, VerificationAlgorithm};
use x509_cert::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

/// A digest algorithm (FIPS 180-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// A signature algorithm with its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2).
    RsaPkcs1(Digest),
    /// RSASSA-PSS (RFC 8017 8.1), with the same digest in MGF1 and a salt of its length.
    RsaPss(Digest),
    /// ECDSA on P-256 or P-384 (RFC 5758 3.2).
    Ecdsa(Digest),
}

/// A public key of a kind that can be verified with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// RSA, with the length of the modulus in bits.
    Rsa(usize),
    /// The curve P-256 (secp256r1).
    P256,
    /// The curve P-384 (secp384r1).
    P384,
}

/// Why a signature is not taken for good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The algorithm, or the size of the key, is not trusted any more.
    Weak(String),
    /// The algorithm is not known here.
    Unsupported(String),
    /// The key or the parameters cannot be read.
    Malformed,
    /// The signature is of another key or of other bytes.
    Wrong,
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weak(what) => write!(f, "{what} ya no es confiable"),
            Self::Unsupported(what) => write!(f, "el algoritmo {what} no se reconoce"),
            Self::Malformed => write!(f, "la clave o los parámetros del algoritmo no se pueden leer"),
            Self::Wrong => write!(f, "la firma no corresponde a la clave o a lo firmado"),
        }
    }
}

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(self, bytes: &[u8]) -> Vec<u8> {
        self.of_parts(&[bytes])
    }

    /// The digest of some bytes that are in pieces.
    #[must_use]
    pub fn of_parts(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha256 => digest::<sha2::Sha256>(parts),
            Self::Sha384 => digest::<sha2::Sha384>(parts),
            Self::Sha512 => digest::<sha2::Sha512>(parts),
        }
    }

    /// Its object identifier.
    #[must_use]
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Sha256 => ID_SHA_256,
            Self::Sha384 => ID_SHA_384,
            Self::Sha512 => ID_SHA_512,
        }
    }

    /// Its `AlgorithmIdentifier`, without parameters (RFC 5754 2).
    #[must_use]
    pub fn identifier(self) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid: self.oid(), parameters: None }
    }

    /// The digest that an object identifier names.
    ///
    /// # Errors
    /// When it is weak, or not known.
    pub fn from_oid(oid: ObjectIdentifier) -> Result<Self, Fault> {
        match oid {
            ID_SHA_256 => Ok(Self::Sha256),
            ID_SHA_384 => Ok(Self::Sha384),
            ID_SHA_512 => Ok(Self::Sha512),
            ID_SHA_1 => Err(Fault::Weak("SHA-1".to_owned())),
            ID_MD_5 => Err(Fault::Weak("MD5".to_owned())),
            other => Err(Fault::Unsupported(other.to_string())),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        })
    }
}

/// `RSASSA-PSS-params` (RFC 4055 3.1). Each default is SHA-1, or a salt for it.
#[derive(Sequence)]
struct PssParameters<'a> {
    #[asn1(context_specific = "0", optional = "true")]
    hash: Option<AlgorithmIdentifierRef<'a>>,
    #[asn1(context_specific = "1", optional = "true")]
    mask: Option<AlgorithmIdentifierRef<'a>>,
    #[asn1(context_specific = "2", optional = "true")]
    salt: Option<u16>,
    #[asn1(context_specific = "3", optional = "true")]
    trailer: Option<u8>,
}

impl SignatureAlgorithm {
    /// Reads an `AlgorithmIdentifier`. In a `SignerInfo` it may be that of the key alone (RFC 3370 3.2): the digest is then that of
    /// its `digestAlgorithm`, which is `digest`.
    ///
    /// # Errors
    /// When it is weak, not known, or its parameters are not as they must be.
    pub fn from_identifier(identifier: &AlgorithmIdentifierOwned, digest: Option<Digest>) -> Result<Self, Fault> {
        let parameters = identifier.parameters.as_ref();
        let none = || parameters.is_none_or(|any| AnyRef::from(any).is_null()).then_some(()).ok_or(Fault::Malformed);
        match identifier.oid {
            SHA_256_WITH_RSA_ENCRYPTION => none().map(|()| Self::RsaPkcs1(Digest::Sha256)),
            SHA_384_WITH_RSA_ENCRYPTION => none().map(|()| Self::RsaPkcs1(Digest::Sha384)),
            SHA_512_WITH_RSA_ENCRYPTION => none().map(|()| Self::RsaPkcs1(Digest::Sha512)),
            ECDSA_WITH_SHA_256 => none().map(|()| Self::Ecdsa(Digest::Sha256)),
            ECDSA_WITH_SHA_384 => none().map(|()| Self::Ecdsa(Digest::Sha384)),
            ECDSA_WITH_SHA_512 => none().map(|()| Self::Ecdsa(Digest::Sha512)),
            RSA_ENCRYPTION => {
                none()?;
                digest.map(Self::RsaPkcs1).ok_or(Fault::Malformed)
            }
            ID_RSASSA_PSS => pss(parameters.ok_or_else(|| Fault::Weak("SHA-1".to_owned()))?),
            oid => Err(match weak(oid) {
                Some(name) => Fault::Weak(name.to_owned()),
                None => Fault::Unsupported(oid.to_string()),
            }),
        }
    }

    /// Its `AlgorithmIdentifier`, as RFC 4055, RFC 5754 and RFC 5758 want it written.
    #[must_use]
    pub fn identifier(self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            Self::RsaPkcs1(Digest::Sha256) => (SHA_256_WITH_RSA_ENCRYPTION, Some(Any::null())),
            Self::RsaPkcs1(Digest::Sha384) => (SHA_384_WITH_RSA_ENCRYPTION, Some(Any::null())),
            Self::RsaPkcs1(Digest::Sha512) => (SHA_512_WITH_RSA_ENCRYPTION, Some(Any::null())),
            Self::Ecdsa(Digest::Sha256) => (ECDSA_WITH_SHA_256, None),
            Self::Ecdsa(Digest::Sha384) => (ECDSA_WITH_SHA_384, None),
            Self::Ecdsa(Digest::Sha512) => (ECDSA_WITH_SHA_512, None),
            Self::RsaPss(digest) => (ID_RSASSA_PSS, pss_parameters(digest)),
        };
        AlgorithmIdentifierOwned { oid, parameters }
    }

    /// The digest that is signed.
    #[must_use]
    pub fn digest(self) -> Digest {
        match self {
            Self::RsaPkcs1(digest) | Self::RsaPss(digest) | Self::Ecdsa(digest) => digest,
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RsaPkcs1(digest) => write!(f, "RSA con {digest}"),
            Self::RsaPss(digest) => write!(f, "RSA-PSS con {digest}"),
            Self::Ecdsa(digest) => write!(f, "ECDSA con {digest}"),
        }
    }
}

impl PublicKey {
    /// Reads what kind of key a `SubjectPublicKeyInfo` holds.
    ///
    /// # Errors
    /// When it is weak, not known, or cannot be read.
    pub fn from_spki(spki_der: &[u8]) -> Result<Self, Fault> {
        Ok(read(spki_der)?.0)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(f, "RSA de {bits} bits"),
            Self::P256 => f.write_str("de curva elíptica P-256"),
            Self::P384 => f.write_str("de curva elíptica P-384"),
        }
    }
}

/// Verifies a signature over a message with the key of a `SubjectPublicKeyInfo`.
///
/// # Errors
/// When it does not fit, or the key is weak, not known, or not for this algorithm.
pub fn verify(spki_der: &[u8], algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> Result<(), Fault> {
    let (key, bits) = read(spki_der)?;
    let algorithm = maths(key, algorithm)?;
    UnparsedPublicKey::new(algorithm, bits).verify(message, signature).map_err(|_| Fault::Wrong)
}

/// The kind of a key, and its bits.
fn read(spki_der: &[u8]) -> Result<(PublicKey, &[u8]), Fault> {
    #[derive(Sequence)]
    struct Spki<'a> {
        algorithm: AlgorithmIdentifierRef<'a>,
        key: BitStringRef<'a>,
    }
    let Spki { algorithm, key } = Spki::from_der(spki_der).map_err(|_| Fault::Malformed)?;
    let bits = key.as_bytes().ok_or(Fault::Malformed)?;
    let kind = match algorithm.oid {
        RSA_ENCRYPTION | ID_RSASSA_PSS => rsa(bits)?,
        ID_EC_PUBLIC_KEY => match algorithm.parameters_oid().map_err(|_| Fault::Malformed)? {
            SECP_256_R_1 => PublicKey::P256,
            SECP_384_R_1 => PublicKey::P384,
            curve => return Err(Fault::Unsupported(format!("de la curva elíptica {curve}"))),
        },
        oid => return Err(Fault::Unsupported(oid.to_string())),
    };
    Ok((kind, bits))
}

/// An `RSAPublicKey` (RFC 8017 A.1.1) of 2048 to 8192 bits.
fn rsa(bits: &[u8]) -> Result<PublicKey, Fault> {
    #[derive(Sequence)]
    struct RsaPublicKey<'a> {
        modulus: UintRef<'a>,
        exponent: UintRef<'a>,
    }
    let RsaPublicKey { modulus, exponent } = RsaPublicKey::from_der(bits).map_err(|_| Fault::Malformed)?;
    let [first, ..] = modulus.as_bytes() else { return Err(Fault::Malformed) };
    let length = modulus.as_bytes().len() * 8 - first.leading_zeros() as usize;
    if exponent.as_bytes().is_empty() {
        Err(Fault::Malformed)
    } else if length < 2048 {
        Err(Fault::Weak(format!("RSA de {length} bits")))
    } else if length > 8192 {
        Err(Fault::Unsupported(format!("RSA de {length} bits")))
    } else {
        Ok(PublicKey::Rsa(length))
    }
}

/// What verifies an algorithm with a kind of key.
fn maths(key: PublicKey, algorithm: SignatureAlgorithm) -> Result<&'static dyn VerificationAlgorithm, Fault> {
    use SignatureAlgorithm::{Ecdsa, RsaPkcs1, RsaPss};
    Ok(match (key, algorithm) {
        (PublicKey::Rsa(_), RsaPkcs1(Digest::Sha256)) => &maths::RSA_PKCS1_2048_8192_SHA256,
        (PublicKey::Rsa(_), RsaPkcs1(Digest::Sha384)) => &maths::RSA_PKCS1_2048_8192_SHA384,
        (PublicKey::Rsa(_), RsaPkcs1(Digest::Sha512)) => &maths::RSA_PKCS1_2048_8192_SHA512,
        (PublicKey::Rsa(_), RsaPss(Digest::Sha256)) => &maths::RSA_PSS_2048_8192_SHA256,
        (PublicKey::Rsa(_), RsaPss(Digest::Sha384)) => &maths::RSA_PSS_2048_8192_SHA384,
        (PublicKey::Rsa(_), RsaPss(Digest::Sha512)) => &maths::RSA_PSS_2048_8192_SHA512,
        (PublicKey::P256, Ecdsa(Digest::Sha256)) => &maths::ECDSA_P256_SHA256_ASN1,
        (PublicKey::P256, Ecdsa(Digest::Sha384)) => &maths::ECDSA_P256_SHA384_ASN1,
        (PublicKey::P384, Ecdsa(Digest::Sha256)) => &maths::ECDSA_P384_SHA256_ASN1,
        (PublicKey::P384, Ecdsa(Digest::Sha384)) => &maths::ECDSA_P384_SHA384_ASN1,
        (PublicKey::P256 | PublicKey::P384, Ecdsa(Digest::Sha512)) => {
            return Err(Fault::Unsupported(format!("{algorithm} en {key}")));
        }
        _ => return Err(Fault::Wrong),
    })
}

/// The only parameters of RSASSA-PSS that are accepted: one digest for both uses, and a salt as long as it.
fn pss(parameters: &Any) -> Result<SignatureAlgorithm, Fault> {
    let parameters = parameters.decode_as::<PssParameters<'_>>().map_err(|_| Fault::Malformed)?;
    let sha1 = || Fault::Weak("SHA-1".to_owned());
    let digest = Digest::from_oid(parameters.hash.ok_or_else(sha1)?.oid)?;
    let mask = parameters.mask.ok_or_else(sha1)?;
    let inner = mask.parameters.ok_or(Fault::Malformed)?;
    let inner: AlgorithmIdentifierRef<'_> = inner.decode_as().map_err(|_| Fault::Malformed)?;
    let salt = usize::from(parameters.salt.unwrap_or(20));
    if mask.oid != ID_MGF_1 || Digest::from_oid(inner.oid)? != digest || salt != digest.of(&[]).len() {
        return Err(Fault::Unsupported("RSA-PSS con parámetros poco comunes".to_owned()));
    }
    match parameters.trailer {
        None | Some(1) => Ok(SignatureAlgorithm::RsaPss(digest)),
        Some(_) => Err(Fault::Malformed),
    }
}

fn pss_parameters(digest: Digest) -> Option<Any> {
    let hash = digest.identifier().to_der().ok()?;
    let hash = AlgorithmIdentifierRef::from_der(&hash).ok()?;
    let mask = hash.to_der().ok()?;
    let mask = AlgorithmIdentifierRef { oid: ID_MGF_1, parameters: Some(AnyRef::from_der(&mask).ok()?) };
    let salt = u16::try_from(digest.of(&[]).len()).ok();
    Any::encode_from(&PssParameters { hash: Some(hash), mask: Some(mask), salt, trailer: None }).ok()
}

/// The names of signature algorithms that nobody should trust.
fn weak(oid: ObjectIdentifier) -> Option<&'static str> {
    const SHA1_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5");
    const MD5_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4");
    const MD2_WITH_RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.2");
    const ECDSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.1");
    const DSA_WITH_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10040.4.3");
    match oid {
        SHA1_WITH_RSA => Some("RSA con SHA-1"),
        MD5_WITH_RSA => Some("RSA con MD5"),
        MD2_WITH_RSA => Some("RSA con MD2"),
        ECDSA_WITH_SHA1 => Some("ECDSA con SHA-1"),
        DSA_WITH_SHA1 => Some("DSA con SHA-1"),
        _ => None,
    }
}

fn digest<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::certificate::Certificate;
    use proptest::prelude::*;

    /// Self-signed certificates, one an algorithm; the name of each begins with what is to be said of it.
    fn all() -> Vec<Certificate> {
        Certificate::read_all(include_bytes!("../../tests/data/firma/algoritmos.pem")).unwrap()
    }

    #[test]
    fn each_algorithm_is_known_weak_or_unknown_and_none_crashes() {
        for certificate in all() {
            let name = certificate.name();
            let said = match certificate.issued(&certificate) {
                Ok(()) => "vale",
                Err(Fault::Weak(_)) => "débil",
                Err(Fault::Unsupported(_)) => "desconocido",
                Err(Fault::Malformed | Fault::Wrong) => "mal",
            };
            assert!(name.starts_with(said), "{name}: {said}");
            assert!(certificate.is_self_signed(), "{name}");
        }
    }

    #[test]
    fn an_algorithm_is_written_as_it_is_read() {
        let digests = [Digest::Sha256, Digest::Sha384, Digest::Sha512];
        let algorithms = [SignatureAlgorithm::RsaPkcs1, SignatureAlgorithm::RsaPss, SignatureAlgorithm::Ecdsa];
        for algorithm in algorithms.into_iter().flat_map(|algorithm| digests.map(algorithm)) {
            assert_eq!(SignatureAlgorithm::from_identifier(&algorithm.identifier(), None), Ok(algorithm));
        }
    }

    #[test]
    fn the_key_s_algorithm_takes_the_digest_beside_it() {
        let identifier = AlgorithmIdentifierOwned { oid: RSA_ENCRYPTION, parameters: Some(Any::null()) };
        let read = |digest| SignatureAlgorithm::from_identifier(&identifier, digest);
        assert_eq!(read(Some(Digest::Sha384)), Ok(SignatureAlgorithm::RsaPkcs1(Digest::Sha384)));
        assert_eq!(read(None), Err(Fault::Malformed));
    }

    #[test]
    fn a_key_of_another_kind_never_fits() {
        let certificates = all();
        let rsa = certificates.iter().find(|one| one.name().ends_with("RSA con SHA-256")).unwrap();
        let fault = verify(rsa.spki_der(), SignatureAlgorithm::Ecdsa(Digest::Sha256), b"", b"");
        assert_eq!(fault, Err(Fault::Wrong));
    }

    #[test]
    fn parts_are_digested_as_one() {
        assert_eq!(Digest::Sha256.of_parts(&[b"un", b"o"]), Digest::Sha256.of(b"uno"));
    }

    proptest! {
        #[test]
        fn no_key_panics(bytes in proptest::collection::vec(any::<u8>(), 0..80), at in any::<prop::sample::Index>(), bit in 0..8) {
            prop_assert!(verify(&bytes, SignatureAlgorithm::RsaPss(Digest::Sha256), b"", &bytes).is_err());
            for certificate in all() {
                let mut spki = certificate.spki_der().to_vec();
                spki[at.index(certificate.spki_der().len())] ^= 1u8 << bit;
                prop_assert!(verify(&spki, SignatureAlgorithm::RsaPkcs1(Digest::Sha256), b"", b"").is_err());
            }
        }
    }
}
