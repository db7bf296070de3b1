//! Keys that sign: in a file ([`p12`]) or in a token that never gives them away ([`token`]).

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

use crate::pki::algorithm::{Digest, PublicKey, SignatureAlgorithm, verify};
use crate::pki::certificate::Certificate;

mod ber;
mod container;
pub mod p12;
mod protection;
pub mod token;

/// More certificates than this are in no honest chain.
const MAX_CHAIN: usize = 10;

/// A private key that has been unlocked, with its certificate.
pub trait Key {
    /// The signer's certificate, and after each one its issuer's as far as they are known.
    fn chain(&self) -> &[Certificate];

    /// How it signs.
    fn algorithm(&self) -> SignatureAlgorithm;

    /// Signs a message: PKCS#1 v1.5 (RFC 8017, 8.2) or an `ECDSA-Sig-Value` in DER (RFC 5480). What comes out has been verified
    /// with the signer's certificate.
    ///
    /// # Errors
    /// When the token fails, or what it gives is no signature of the message.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

/// What a key's certificate says of it: how it signs, and whether it did.
#[derive(Debug)]
struct Signer {
    chain: Vec<Certificate>,
    algorithm: SignatureAlgorithm,
    /// The first of the chain.
    certificate: Certificate,
}

impl Signer {
    /// Takes the signer's certificate, and the others among which its issuers are.
    fn new(certificate: Certificate, others: &[Certificate]) -> Result<Self> {
        let algorithm = match public_key(&certificate)? {
            PublicKey::Rsa(_) => SignatureAlgorithm::RsaPkcs1(Digest::Sha256),
            PublicKey::P256 => SignatureAlgorithm::Ecdsa(Digest::Sha256),
            PublicKey::P384 => SignatureAlgorithm::Ecdsa(Digest::Sha384),
        };
        Ok(Self { chain: chain(certificate.clone(), others), algorithm, certificate })
    }

    /// Gives a signature back if it is one: tokens have been seen to return what is none.
    fn prove(&self, message: &[u8], signature: Vec<u8>) -> Result<Vec<u8>> {
        verify(self.certificate.spki_der(), self.algorithm, message, &signature).with_context(|| {
            format!("lo que se firmó no concuerda con el certificado de «{}»", self.certificate.name())
        })?;
        Ok(signature)
    }
}

/// What kind of key a certificate is of.
fn public_key(certificate: &Certificate) -> Result<PublicKey> {
    PublicKey::from_spki(certificate.spki_der())
        .with_context(|| format!("no se firma con la llave de «{}»", certificate.name()))
}

/// A certificate and, after each one, its issuer's among others.
fn chain(first: Certificate, others: &[Certificate]) -> Vec<Certificate> {
    let mut chain = vec![first];
    while let Some(issuer) = chain.last().and_then(|last| others.iter().find(|other| other.issued(last).is_ok()))
        && !chain.contains(issuer)
        && chain.len() < MAX_CHAIN
    {
        chain.push(issuer.clone());
    }
    chain
}

/// A key that was found, not yet unlocked for signing.
struct Candidate<T> {
    /// What it is called, and what its certificate is called.
    labels: Vec<String>,
    certificate: Certificate,
    key: T,
}

/// The key that is meant: the one of this label, else the only one, else the only one that is for signing documents.
fn choose<T>(mut found: Vec<Candidate<T>>, label: Option<&str>, place: &str) -> Result<Candidate<T>> {
    let list = |found: &[Candidate<T>]| {
        let labels = found.iter().filter_map(|key| key.labels.first());
        labels.map(|label| format!("«{label}»")).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
    };
    if found.is_empty() {
        bail!("{place} no trae ninguna llave privada con su certificado");
    }
    let all = list(&found);
    if let Some(label) = label {
        found.retain(|key| key.labels.iter().any(|name| name == label));
    } else if found.len() > 1 {
        found.retain(|key| key.certificate.signs_documents());
    }
    match (found.pop(), found.is_empty(), label) {
        (Some(key), true, _) => Ok(key),
        (Some(_), false, Some(label)) => bail!("{place} trae varias llaves con la etiqueta «{label}»"),
        (None, _, Some(label)) => bail!("{place} no trae la llave «{label}», sino {all}"),
        (_, _, None) => bail!("{place} trae varias llaves: diga cuál con --etiqueta ({all})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::secret::Secret;

    fn certificates(name: &str) -> Vec<Certificate> {
        let file = std::fs::read(format!("tests/data/llaves/{name}.p12")).unwrap();
        let key = p12::FileKey::open(name, &file, &Secret::new("clave-ñandú 1".into()), None).unwrap();
        key.chain().to_vec()
    }

    #[test]
    fn the_chain_goes_from_the_signer_upwards_whatever_else_is_there_and_in_whatever_order() {
        let expected = certificates("p256");
        let mut others: Vec<_> =
            certificates("rsa2048").into_iter().chain(expected.clone()).chain(expected.clone()).collect();
        assert_eq!(chain(expected[0].clone(), &others), expected);
        others.reverse();
        assert_eq!(chain(expected[0].clone(), &others), expected);
        assert_eq!(chain(expected[0].clone(), &[]), expected[..1]);
        assert_eq!(chain(expected[2].clone(), &others), expected[2..], "a root has no issuer but itself");
    }

    #[test]
    fn of_several_keys_the_label_says_which() {
        let found = |names: &[&str]| -> Vec<Candidate<()>> {
            let candidate = |name: &&str| Candidate {
                labels: vec![(*name).to_owned(), format!("certificado {name}")],
                certificate: certificates("p256")[0].clone(),
                key: (),
            };
            names.iter().map(candidate).collect()
        };
        let chosen = |names: &[&str], label| {
            choose(found(names), label, "«llave.p12»")
                .map(|key| key.labels[0].clone())
                .map_err(|error| error.to_string())
        };
        let both = ["p256", "rsa2048"];
        assert_eq!(chosen(&["p256"], None).unwrap(), "p256");
        assert_eq!(chosen(&both, Some("rsa2048")).unwrap(), "rsa2048");
        assert_eq!(chosen(&both, Some("certificado p256")).unwrap(), "p256");
        for (names, label, told) in [
            (&both[..], None, "«llave.p12» trae varias llaves: diga cuál con --etiqueta («p256», «rsa2048»)"),
            (&both, Some("x"), "«llave.p12» no trae la llave «x», sino «p256», «rsa2048»"),
            (&["a", "a"], Some("a"), "«llave.p12» trae varias llaves con la etiqueta «a»"),
            (&[], None, "«llave.p12» no trae ninguna llave privada con su certificado"),
        ] {
            assert_eq!(chosen(names, label).unwrap_err(), told);
        }
    }
}
