//! The keys of everybody who takes part: fixed files, so that what RSA signs is the same in every run.
//!
//! Nobody is behind them and they are published, so they protect nothing.

use der::Decode;
use der::asn1::{BitString, Null, ObjectIdentifier};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use std::sync::LazyLock;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

const RSA_ENCRYPTION: ObjectIdentifier = const_oid::db::rfc5912::RSA_ENCRYPTION;
const SHA256_WITH_RSA: ObjectIdentifier = const_oid::db::rfc5912::SHA_256_WITH_RSA_ENCRYPTION;
const ECDSA_WITH_SHA256: ObjectIdentifier = const_oid::db::rfc5912::ECDSA_WITH_SHA_256;
const EC_PUBLIC_KEY: ObjectIdentifier = const_oid::db::rfc5912::ID_EC_PUBLIC_KEY;
const P256: ObjectIdentifier = const_oid::db::rfc5912::SECP_256_R_1;

/// Whose key it is; each is the file of `tests/data/autoridad/` that [`KeyName::pkcs8`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    Root,
    Intermediate,
    Tsa,
    Responder,
    Elaboro,
    /// The only elliptic one (P-256): its signatures are another ones in each run.
    Reviso,
    Aprobo,
    /// A root that nobody trusts.
    UntrustedRoot,
    /// Somebody certified by the root that nobody trusts.
    Intruder,
    /// A second root, for files with more than one anchor.
    SecondRoot,
}

enum Pair {
    Rsa(RsaKeyPair),
    Elliptic(EcdsaKeyPair),
}

const NAMES: [KeyName; 10] = [
    KeyName::Root,
    KeyName::Intermediate,
    KeyName::Tsa,
    KeyName::Responder,
    KeyName::Elaboro,
    KeyName::Reviso,
    KeyName::Aprobo,
    KeyName::UntrustedRoot,
    KeyName::Intruder,
    KeyName::SecondRoot,
];

static PAIRS: LazyLock<Vec<Pair>> = LazyLock::new(|| NAMES.map(read).into());

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../data/autoridad/", $name))
    };
}

/// A public key of 1024 bits: too short for a signature today.
pub fn short_public_key() -> SubjectPublicKeyInfoOwned {
    SubjectPublicKeyInfoOwned::from_der(file!("corta.spki")).unwrap()
}

impl KeyName {
    /// The private key, as PKCS#8 in DER.
    pub fn pkcs8(self) -> &'static [u8] {
        match self {
            Self::Root => file!("raiz.pk8"),
            Self::Intermediate => file!("intermedia.pk8"),
            Self::Tsa => file!("tsa.pk8"),
            Self::Responder => file!("ocsp.pk8"),
            Self::Elaboro => file!("elaboro.pk8"),
            Self::Reviso => file!("reviso.pk8"),
            Self::Aprobo => file!("aprobo.pk8"),
            Self::UntrustedRoot => file!("ajena.pk8"),
            Self::Intruder => file!("intruso.pk8"),
            Self::SecondRoot => file!("segunda.pk8"),
        }
    }

    /// The public key as certificates carry it.
    pub fn public_key(self) -> SubjectPublicKeyInfoOwned {
        let (oid, parameters, key) = match self.pair() {
            Pair::Rsa(pair) => (RSA_ENCRYPTION, Null.into(), pair.public_key().as_ref()),
            Pair::Elliptic(pair) => (EC_PUBLIC_KEY, P256.into(), pair.public_key().as_ref()),
        };
        SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned { oid, parameters: Some(parameters) },
            subject_public_key: BitString::from_bytes(key).unwrap(),
        }
    }

    /// The algorithm of [`KeyName::sign`]: SHA-256 with RSA (PKCS#1 v1.5) or with ECDSA.
    pub fn algorithm(self) -> AlgorithmIdentifierOwned {
        match self.pair() {
            Pair::Rsa(_) => AlgorithmIdentifierOwned { oid: SHA256_WITH_RSA, parameters: Some(Null.into()) },
            Pair::Elliptic(_) => AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA256, parameters: None },
        }
    }

    /// Signs; RSA the same bytes every time.
    pub fn sign(self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self.pair() {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
            Pair::Elliptic(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
        }
    }

    fn pair(self) -> &'static Pair {
        &PAIRS[self as usize]
    }
}

fn read(name: KeyName) -> Pair {
    let bytes = name.pkcs8();
    if name == KeyName::Reviso {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, bytes, &random);
        Pair::Elliptic(pair.unwrap())
    } else {
        Pair::Rsa(RsaKeyPair::from_pkcs8(bytes).unwrap())
    }
}
