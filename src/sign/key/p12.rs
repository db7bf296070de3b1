//! A key in a PKCS#12 file (RFC 7292): old encryptions and new ones, RSA of 2048 to 4096 bits, ECDSA with P-256 or P-384.

use anyhow::{Context, Result, anyhow, bail};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912;
use der::asn1::OctetStringRef;
use der::{Reader, SliceReader};
use ring::error::KeyRejected;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, RsaKeyPair};
use x509_cert::spki::AlgorithmIdentifierRef;

use super::container::{Bag, Contents, Fault, open};
use super::{Candidate, Key, Signer, choose, public_key};
use crate::pki::algorithm::{PublicKey, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::sign::secret::Secret;

/// A key that lies in the memory of this process.
#[derive(Debug)]
pub struct FileKey {
    signer: Signer,
    pair: Pair,
    random: SystemRandom,
}

#[derive(Debug)]
enum Pair {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
}

impl FileKey {
    /// Opens what was read from a file. Of several keys the one with this label, its friendly name, is taken; `name` is the
    /// file's, for messages.
    ///
    /// # Errors
    /// When the passphrase is another one, the file is damaged or of a kind that is not supported, there is no key or more than
    /// one, or the key is not that of its certificate.
    pub fn open(name: &str, file: &[u8], passphrase: &Secret, label: Option<&str>) -> Result<Self> {
        let place = format!("«{name}»");
        let contents = open(file, passphrase.expose()).map_err(|fault| anyhow!("{place} {}", reason(fault)))?;
        let found = choose(candidates(&contents), label, &place)?;
        let certificates: Vec<_> = contents.certificates.iter().map(|bag| bag.value.clone()).collect();
        let pair =
            Pair::read(found.key, &found.certificate).with_context(|| format!("la llave de {place} no sirve"))?;
        let signer = Signer::new(found.certificate, &certificates)?;
        Ok(Self { signer, pair, random: SystemRandom::new() })
    }
}

impl Key for FileKey {
    fn chain(&self) -> &[Certificate] {
        &self.signer.chain
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        self.signer.algorithm
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| anyhow!("no se pudo firmar");
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&signature::RSA_PKCS1_SHA256, &self.random, message, &mut signature).map_err(failed)?;
                signature
            }
            Pair::Ecdsa(pair) => pair.sign(&self.random, message).map_err(failed)?.as_ref().to_vec(),
        };
        self.signer.prove(message, signature)
    }
}

impl Pair {
    /// Reads a private key (RFC 5208). The public key is the certificate's: it need not be in the file, and where it is not that
    /// of the private one the two are refused.
    fn read(pkcs8: &[u8], certificate: &Certificate) -> Result<Self> {
        let refused = |reason: KeyRejected| anyhow!("{}", rejected(&reason));
        let public = certificate.key_bits();
        let (algorithm, private) = private_key(pkcs8).context("no se puede leer")?;
        let ecdsa = |algorithm, length| {
            let scalar = scalar(private, length).context("no se puede leer")?;
            let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, &scalar, public, &SystemRandom::new());
            pair.map(Self::Ecdsa).map_err(refused)
        };
        match (public_key(certificate)?, algorithm) {
            (PublicKey::Rsa(_), rfc5912::RSA_ENCRYPTION) => {
                let pair = RsaKeyPair::from_der(private).map_err(refused)?;
                if pair.public().as_ref() != public {
                    bail!("no es la de su certificado");
                }
                Ok(Self::Rsa(pair))
            }
            (PublicKey::P256, rfc5912::ID_EC_PUBLIC_KEY) => ecdsa(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, 32),
            (PublicKey::P384, rfc5912::ID_EC_PUBLIC_KEY) => ecdsa(&signature::ECDSA_P384_SHA384_ASN1_SIGNING, 48),
            _ => bail!("no es la de su certificado"),
        }
    }
}

/// The keys that have a certificate: of the same number, or else one that the key fits.
fn candidates(contents: &Contents) -> Vec<Candidate<&[u8]>> {
    let certificate = |key: &Bag<Vec<u8>>| {
        let of_number = contents.certificates.iter().find(|one| key.id.is_some() && one.id == key.id);
        of_number.or_else(|| contents.certificates.iter().find(|one| Pair::read(&key.value, &one.value).is_ok()))
    };
    let candidate = |key| {
        let Bag { value, name, .. } = certificate(key)?;
        let labels = [key.name.clone(), name.clone(), Some(value.name())].into_iter().flatten().collect();
        Some(Candidate { labels, certificate: value.clone(), key: key.value.as_slice() })
    };
    contents.keys.iter().filter_map(candidate).collect()
}

/// The algorithm of a private key and the key itself, inside a `PrivateKeyInfo` (RFC 5208, 5). What follows is of no use here.
fn private_key(pkcs8: &[u8]) -> der::Result<(ObjectIdentifier, &[u8])> {
    SliceReader::new(pkcs8)?.sequence(|info| {
        let _version: u8 = info.decode()?;
        let algorithm: AlgorithmIdentifierRef<'_> = info.decode()?;
        let key: OctetStringRef<'_> = info.decode()?;
        info.read_slice(info.remaining_len())?;
        Ok((algorithm.oid, key.as_bytes()))
    })
}

/// The number that an `ECPrivateKey` is (RFC 5915, 3), at the length of its curve: some programs leave zeros out.
fn scalar(key: &[u8], length: usize) -> der::Result<Vec<u8>> {
    let number: OctetStringRef<'_> = SliceReader::new(key)?.sequence(|key| {
        let _version: u8 = key.decode()?;
        let number = key.decode()?;
        key.read_slice(key.remaining_len())?;
        Ok(number)
    })?;
    let number = number.as_bytes();
    let zeros = length.saturating_sub(number.len());
    Ok([&vec![0; zeros], number].concat())
}

/// Why a file cannot be opened.
fn reason(fault: Fault) -> &'static str {
    match fault {
        Fault::Passphrase => "no se abre con esta clave, o está dañado",
        Fault::Damaged => "está dañado o no es un archivo PKCS#12 (.p12, .pfx)",
        Fault::Unsupported => "está protegido de un modo que no se admite: expórtelo de nuevo con AES-256 y SHA-256",
    }
}

/// Why `ring` rejects a key.
fn rejected(reason: &KeyRejected) -> &'static str {
    match reason.to_string().as_str() {
        "TooSmall" => "es demasiado corta: RSA pide al menos 2048 bits",
        "TooLarge" => "es demasiado larga: se admite RSA hasta de 4096 bits",
        "InconsistentComponents" => "no es la de su certificado, o está dañada",
        _ => "no se admite o está dañada",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::algorithm::Digest;

    const PASSPHRASE: &str = "clave-ñandú 1";

    fn file(name: &str) -> Vec<u8> {
        std::fs::read(format!("tests/data/llaves/{name}.p12")).unwrap()
    }

    fn opened(file: &[u8], passphrase: &str, label: Option<&str>) -> Result<FileKey> {
        FileKey::open("llave.p12", file, &Secret::new(passphrase.into()), label)
    }

    fn refusal(file: &[u8], passphrase: &str, label: Option<&str>) -> String {
        format!("{:#}", opened(file, passphrase, label).unwrap_err())
    }

    #[test]
    fn keys_of_every_kind_in_files_of_every_encryption_sign() {
        for (name, algorithm) in [
            ("rsa2048", SignatureAlgorithm::RsaPkcs1(Digest::Sha256)),
            ("rsa3072", SignatureAlgorithm::RsaPkcs1(Digest::Sha256)),
            ("rsa4096", SignatureAlgorithm::RsaPkcs1(Digest::Sha256)),
            ("p256", SignatureAlgorithm::Ecdsa(Digest::Sha256)),
            ("p384", SignatureAlgorithm::Ecdsa(Digest::Sha384)),
            ("sin-publica", SignatureAlgorithm::Ecdsa(Digest::Sha256)),
        ] {
            let key = opened(&file(name), PASSPHRASE, None).unwrap();
            assert_eq!(key.algorithm(), algorithm);
            let chain: Vec<String> = key.chain().iter().map(Certificate::name).collect();
            assert_eq!(chain, [&format!("Firmante {name}"), "Subordinada de pruebas", "Raíz de pruebas"]);
            let signature = key.sign(b"informe").unwrap();
            assert!(key.signer.prove(b"informe", signature.clone()).is_ok());
            assert!(key.signer.prove(b"otro informe", signature).is_err());
        }
    }

    #[test]
    fn another_passphrase_is_told_from_a_damaged_file() {
        for name in ["rsa2048", "rsa3072", "rsa4096"] {
            let whole = file(name);
            for other in ["clave-nandu 1", "clave-ñandú 1 ", ""] {
                assert_eq!(refusal(&whole, other, None), "«llave.p12» no se abre con esta clave, o está dañado");
            }
            for damaged in [&whole[..whole.len() - 1], &whole[..200], b"", b"-----BEGIN PRIVATE KEY-----"] {
                assert!(refusal(damaged, PASSPHRASE, None).contains("está dañado o no es un archivo PKCS#12"));
            }
        }
    }

    #[test]
    fn keys_that_nobody_should_sign_with_are_refused() {
        assert!(refusal(&file("rsa1024"), PASSPHRASE, None).contains("RSA de 1024 bits ya no es confiable"));
        assert!(refusal(&file("p521"), PASSPHRASE, None).contains("curva elíptica"));
        assert!(refusal(&file("sin-llave"), PASSPHRASE, None).contains("ninguna llave privada"));
    }

    #[test]
    fn a_key_that_is_not_that_of_its_certificate_is_refused() {
        let read = |name: &str| open(&file(name), PASSPHRASE).unwrap();
        for (key, other) in [("rsa2048", "rsa3072"), ("p256", "sin-publica"), ("p256", "p384"), ("p384", "rsa2048")] {
            let (key, certificate) = (&read(key).keys[0].value, &read(other).certificates[0].value);
            let reason = Pair::read(key, certificate).unwrap_err().to_string();
            assert!(reason.contains("no es la de su certificado"), "{other}: {reason}");
        }
    }

    #[test]
    fn files_of_other_programs_and_of_other_habits_are_opened() {
        for (name, chain) in [
            ("ber", ["Firmante p256", "Subordinada de pruebas", "Raíz de pruebas"].as_slice()),
            ("abierta", &["Firmante p256"]),
            ("sin-mac", &["Firmante p256"]),
            ("cruzada", &["Firmante cruzada", "Autoridad una", "Autoridad otra"]),
        ] {
            let key = opened(&file(name), PASSPHRASE, None).unwrap();
            assert_eq!(key.chain().iter().map(Certificate::name).collect::<Vec<_>>(), chain);
            key.sign(b"informe").unwrap();
            assert!(refusal(&file(name), "otra", None).contains("no se abre con esta clave"));
        }
    }

    #[test]
    fn a_key_without_a_number_finds_the_certificate_that_it_fits() {
        let mut contents = open(&file("p256"), PASSPHRASE).unwrap();
        contents.certificates.rotate_left(1);
        contents.keys[0].id = None;
        assert_eq!(candidates(&contents)[0].certificate.name(), "Firmante p256");
    }

    #[test]
    fn no_byte_that_changes_makes_a_file_crash_the_program() {
        // Without a MAC, so that what follows is read too. Every seventh byte: each file takes its key derivation.
        let whole = file("sin-mac");
        for at in (0..whole.len()).step_by(7) {
            let mut changed = whole.clone();
            changed[at] ^= 0x21;
            let _ = open(&changed, PASSPHRASE);
            let _ = open(&whole[..at], PASSPHRASE);
        }
    }

    #[test]
    fn a_short_scalar_is_filled_with_zeros() {
        let key = b"\x30\x06\x02\x01\x01\x04\x01\x07";
        assert_eq!(scalar(key, 4).unwrap(), [0, 0, 0, 7]);
    }
}
