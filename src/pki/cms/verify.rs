//! Whether a signed message is what its signer signed (RFC 5652 5.6, EN 319 102-1 5.2.3 and 5.2.7).

use std::fmt;

use const_oid::AssociatedOid;
use der::asn1::AnyRef;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use super::{Cms, Signer};
use crate::pki::algorithm::{self, Digest, SignatureAlgorithm};
use crate::pki::certificate::Certificate;

/// Who signed, and how, when all fits.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The signer's certificate.
    pub signer: Certificate,
    /// The algorithm.
    pub algorithm: SignatureAlgorithm,
}

/// Why a signed message is not what its signer signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The certificate that it was signed with is neither inside nor known.
    NoSigner,
    /// The signer said to have signed with another certificate than the message names.
    OtherSigner,
    /// Another certificate is named as the signer's is: programs do not agree on whose the signature is.
    TwoSigners,
    /// What was signed has changed.
    Changed,
    /// The signature value does not fit, or is not to be trusted.
    Signature(algorithm::Fault),
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSigner => write!(f, "falta el certificado del firmante"),
            Self::OtherSigner => write!(f, "el certificado del firmante no es el que la firma dice"),
            Self::TwoSigners => write!(f, "otro certificado tiene el emisor y el número del que es del firmante"),
            Self::Changed => write!(f, "lo firmado ha cambiado desde que se firmó"),
            Self::Signature(fault) => fault.fmt(f),
        }
    }
}

impl From<algorithm::Fault> for Fault {
    fn from(fault: algorithm::Fault) -> Self {
        Self::Signature(fault)
    }
}

impl Cms {
    /// Verifies all: the signer's certificate, the digest, the signature value. What is signed is given in pieces, unless it is
    /// inside. The certificate may also be among others that are known.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn verify(&self, parts: &[&[u8]], known: &[Certificate]) -> Result<Verified, Fault> {
        let signer = self.signer(known)?;
        self.digest_holds(parts)?;
        let algorithm = self.signature_holds(&signer)?;
        Ok(Verified { signer, algorithm })
    }

    /// The signer's certificate, from inside or among others that are known (EN 319 102-1 5.2.3).
    ///
    /// # Errors
    /// When it is not there, the signer said to have signed with another, or another is named the same: many programs go by the name
    /// alone, and nothing covers the certificates of the last signature.
    pub fn signer(&self, known: &[Certificate]) -> Result<Certificate, Fault> {
        let named =
            || self.evidence.certificates.iter().chain(known).filter(|certificate| self.signer.names(certificate));
        let referred = |certificate: &&Certificate| self.reference.as_ref().is_none_or(|one| one.names(certificate));
        match named().find(referred) {
            Some(certificate) if self.has_twin(certificate, known) => Err(Fault::TwoSigners),
            Some(certificate) => Ok(certificate.clone()),
            None if named().next().is_some() => Err(Fault::OtherSigner),
            None => Err(Fault::NoSigner),
        }
    }

    /// Whether another certificate is named as the signer's is. A key may honestly have several, but not inside one signature.
    fn has_twin(&self, signer: &Certificate, known: &[Certificate]) -> bool {
        let others = if matches!(self.signer, Signer::IssuerAndSerial { .. }) { known } else { &[] };
        let mut all = self.evidence.certificates.iter().chain(others);
        all.any(|other| other != signer && self.signer.names(other))
    }

    /// Whether what was signed is still the same (RFC 5652 5.4, 11.2).
    ///
    /// # Errors
    /// When it is not, or the digest is weak or not known.
    pub fn digest_holds(&self, parts: &[&[u8]]) -> Result<(), Fault> {
        let digest = self.digest()?;
        let found = match &self.content {
            Some(content) => digest.of(content),
            None => digest.of_parts(parts),
        };
        if found == self.message_digest { Ok(()) } else { Err(Fault::Changed) }
    }

    /// Whether the signature value is of this certificate's key, over the signed attributes as they are in the file.
    ///
    /// # Errors
    /// When it is not, or the algorithms or the key are weak or not known.
    pub fn signature_holds(&self, signer: &Certificate) -> Result<SignatureAlgorithm, algorithm::Fault> {
        let algorithm = self.algorithm()?;
        algorithm::verify(signer.spki_der(), algorithm, &self.signed, &self.signature)?;
        Ok(algorithm)
    }

    /// The digest that the content was taken with.
    ///
    /// # Errors
    /// When it is weak or not known.
    pub fn digest(&self) -> Result<Digest, algorithm::Fault> {
        let parameters = self.digest_algorithm.parameters.as_ref();
        if parameters.is_some_and(|any| !AnyRef::from(any).is_null()) {
            return Err(algorithm::Fault::Malformed);
        }
        Digest::from_oid(self.digest_algorithm.oid)
    }

    /// The algorithm of the signature value.
    ///
    /// # Errors
    /// When it is weak or not known.
    pub fn algorithm(&self) -> Result<SignatureAlgorithm, algorithm::Fault> {
        SignatureAlgorithm::from_identifier(&self.signature_algorithm, Some(self.digest()?))
    }
}

impl Signer {
    /// Whether this is how a certificate would be named.
    fn names(&self, certificate: &Certificate) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => {
                issuer == certificate.issuer_der() && serial == certificate.serial_bytes()
            }
            Self::KeyIdentifier(named) => {
                let tbs = &certificate.parsed().tbs_certificate;
                let mut extensions = tbs.extensions.iter().flatten();
                let found = extensions.find(|extension| extension.extn_id == SubjectKeyIdentifier::OID);
                // An OCTET STRING inside the extension's: its header is two bytes
                found.is_some_and(|found| found.extn_value.as_bytes().get(2..) == Some(named))
            }
        }
    }
}
