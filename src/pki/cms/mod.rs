//! A CMS `SignedData` (RFC 5652): the signature of a PDF (EN 319 142-1), or a timestamp token (RFC 3161 2.4.2).
//!
//! Read strictly, because two readers that take the same bytes for different things are how signatures are faked: DER only, one
//! signer only, no attribute twice. What was signed is kept as the bytes of the file, never written again.

mod attributes;
mod verify;

#[cfg(test)]
mod tests;

use std::fmt;

use chrono::{DateTime, Utc};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use der::{Decode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::pki::asn1::{Element, context, elements};
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;
pub use attributes::Reference;
pub use verify::{Fault, Verified};

/// `id-ct-TSTInfo` (RFC 3161 2.4.2).
pub const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// `id-ri-ocsp-response` (RFC 5940).
const OCSP_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.16.2");

/// A signed message of one signer.
#[derive(Clone, Debug)]
pub struct Cms {
    /// What is signed: [`ID_DATA`], or [`TST_INFO`].
    pub content_type: ObjectIdentifier,
    /// What is signed, when it is inside.
    pub content: Option<Vec<u8>>,
    /// The certificates and revocation data inside, besides what is unreadable: nothing depends on it by being there.
    pub evidence: Evidence,
    /// The digest of what is signed.
    pub message_digest: Vec<u8>,
    /// Which certificate the signer says to have signed with, if it says so (RFC 5035).
    pub reference: Option<Reference>,
    /// When the signer says to have signed: forbidden in `PAdES`, where the PDF tells it (EN 319 142-1 6.3).
    pub signing_time: Option<DateTime<Utc>>,
    /// Timestamp tokens over the signature value (EN 319 122-1 5.3), in DER.
    pub timestamps: Vec<Vec<u8>>,
    /// The signature value.
    pub signature: Vec<u8>,
    signer: Signer,
    digest_algorithm: AlgorithmIdentifierOwned,
    signature_algorithm: AlgorithmIdentifierOwned,
    /// The signed attributes as they were signed: a SET OF (RFC 5652 5.4).
    signed: Vec<u8>,
}

/// How the signer's certificate is named.
#[derive(Clone, Debug)]
enum Signer {
    IssuerAndSerial { issuer: Vec<u8>, serial: Vec<u8> },
    KeyIdentifier(Vec<u8>),
}

/// Why bytes are no signed message that can be trusted to say one thing only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl std::error::Error for Malformed {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<der::Error> for Malformed {
    fn from(_: der::Error) -> Self {
        Self("no está en DER o no tiene la estructura debida")
    }
}

impl Cms {
    /// Reads the signature of a PDF: the content is elsewhere. Zeros may follow, as in `/Contents`.
    ///
    /// # Errors
    /// When it is not one message of one signer, in DER.
    pub fn detached(bytes: &[u8]) -> Result<Self, Malformed> {
        let cms = Self::read(bytes)?;
        if cms.content.is_some() {
            return Err(Malformed("lo firmado viene dentro de la firma y no en el PDF"));
        }
        cms.of_type(ID_DATA)
    }

    /// Reads a timestamp token. Zeros may follow.
    ///
    /// # Errors
    /// When it is not one message of one signer, in DER, with something inside that says to be a timestamp.
    pub fn timestamp(bytes: &[u8]) -> Result<Self, Malformed> {
        let cms = Self::read(bytes)?;
        if cms.content.is_none() {
            return Err(Malformed("el sello de tiempo está vacío"));
        }
        cms.of_type(TST_INFO)
    }

    fn of_type(self, content_type: ObjectIdentifier) -> Result<Self, Malformed> {
        if self.content_type == content_type { Ok(self) } else { Err(Malformed("lo firmado no es del tipo esperado")) }
    }

    fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (message, padding) = Element::first(bytes)?;
        if padding.iter().any(|&byte| byte != 0) {
            return Err(Malformed("hay datos después de la firma"));
        }
        let [content_type, content] = message.inside(Tag::Sequence)?[..] else { return Err(STRUCTURE) };
        if oid(&content_type)? != ID_SIGNED_DATA {
            return Err(Malformed("no es un mensaje firmado (SignedData)"));
        }
        let [signed_data] = content.inside(context(0))?[..] else { return Err(STRUCTURE) };
        signed_data_from(&signed_data.inside(Tag::Sequence)?)
    }
}

const STRUCTURE: Malformed = Malformed("no tiene la estructura de un CMS");

/// `SignedData` (RFC 5652 5.1).
fn signed_data_from(fields: &[Element<'_>]) -> Result<Cms, Malformed> {
    let [version, algorithms, encapsulated, rest @ ..] = fields else { return Err(STRUCTURE) };
    let (certificates, rest) = optional(rest, 0)?;
    let (revocations, rest) = optional(rest, 1)?;
    let [signers] = rest else { return Err(STRUCTURE) };
    if !matches!(integer(version)?, 1 | 3 | 4 | 5) {
        return Err(Malformed("la versión del CMS no se reconoce"));
    }
    let (content_type, content) = encapsulated_from(encapsulated)?;
    let [signer] = signers.inside(Tag::Set)?[..] else { return Err(Malformed("no tiene exactamente un firmante")) };
    let mut cms = signer_from(&signer.inside(Tag::Sequence)?, content_type)?;
    cms.content = content;
    let mut listed = false;
    for algorithm in algorithms.inside(Tag::Set)? {
        listed |= AlgorithmIdentifierOwned::from_der(algorithm.whole)?.oid == cms.digest_algorithm.oid;
    }
    if !listed {
        return Err(Malformed("el resumen que usa el firmante no es de los anunciados"));
    }
    let readable = certificates.into_iter().filter_map(|one| Certificate::from_der(one.whole).ok());
    cms.evidence.certificates.extend(readable);
    for revocation in revocations {
        match revocation.tag {
            Tag::Sequence => cms.evidence.crls.push(revocation.whole.to_vec()),
            tag if tag == context(1) => other_revocation(&revocation, &mut cms.evidence),
            _ => {}
        }
    }
    Ok(cms)
}

/// `EncapsulatedContentInfo` (RFC 5652 5.2).
fn encapsulated_from(info: &Element<'_>) -> Result<(ObjectIdentifier, Option<Vec<u8>>), Malformed> {
    match info.inside(Tag::Sequence)?[..] {
        [content_type] => Ok((oid(&content_type)?, None)),
        [content_type, content] => match content.inside(context(0))?[..] {
            [content] => Ok((oid(&content_type)?, Some(octets(&content)?))),
            _ => Err(STRUCTURE),
        },
        _ => Err(STRUCTURE),
    }
}

/// `SignerInfo` (RFC 5652 5.3), with a message around it that is otherwise empty.
fn signer_from(fields: &[Element<'_>], content_type: ObjectIdentifier) -> Result<Cms, Malformed> {
    let [version, signer, digest_algorithm, rest @ ..] = fields else { return Err(STRUCTURE) };
    let [attributes, rest @ ..] = rest else { return Err(STRUCTURE) };
    if attributes.tag != context(0) {
        return Err(Malformed("no tiene atributos firmados"));
    }
    let [signature_algorithm, signature, rest @ ..] = rest else { return Err(STRUCTURE) };
    let (unsigned, rest) = optional(rest, 1)?;
    if !rest.is_empty() {
        return Err(STRUCTURE);
    }
    let (signer, expected) = match signer.tag {
        Tag::Sequence => match signer.inside(Tag::Sequence)?[..] {
            [issuer, serial] if serial.tag == Tag::Integer => {
                (Signer::IssuerAndSerial { issuer: issuer.whole.to_vec(), serial: serial.value.to_vec() }, 1)
            }
            _ => return Err(STRUCTURE),
        },
        Tag::ContextSpecific { constructed: false, number } if number.value() == 0 => {
            (Signer::KeyIdentifier(signer.value.to_vec()), 3)
        }
        _ => return Err(STRUCTURE),
    };
    if integer(version)? != expected {
        return Err(Malformed("la versión del firmante no corresponde a cómo se nombra su certificado"));
    }
    let attribute_set: Vec<u8> = std::iter::once(0x31).chain(attributes.whole.iter().skip(1).copied()).collect();
    let mut cms = Cms {
        content_type,
        content: None,
        evidence: Evidence::default(),
        message_digest: Vec::new(),
        reference: None,
        signing_time: None,
        timestamps: Vec::new(),
        signature: octets(signature)?,
        signer,
        digest_algorithm: AlgorithmIdentifierOwned::from_der(digest_algorithm.whole)?,
        signature_algorithm: AlgorithmIdentifierOwned::from_der(signature_algorithm.whole)?,
        signed: attribute_set,
    };
    let protected = attributes::signed(&mut cms, &elements(attributes.value)?)?;
    if protected.is_some_and(|protected| protected != [digest_algorithm.value, signature_algorithm.value]) {
        return Err(Malformed("los algoritmos no son los que el firmante fijó"));
    }
    attributes::unsigned(&mut cms, &unsigned)?;
    Ok(cms)
}

/// `OtherRevocationInfoFormat`: an OCSP response (RFC 5940), or else nothing that is known here.
fn other_revocation(info: &Element<'_>, evidence: &mut Evidence) {
    if let Ok(fields) = elements(info.value)
        && let [format, response] = fields[..]
        && oid(&format) == Ok(OCSP_RESPONSE)
    {
        evidence.ocsps.push(response.whole.to_vec());
    }
}

/// What is inside an optional `[number] IMPLICIT SET OF`, and what follows it.
fn optional<'a, 'b>(fields: &'b [Element<'a>], number: u8) -> Result<(Vec<Element<'a>>, &'b [Element<'a>]), Malformed> {
    match fields {
        [first, rest @ ..] if first.tag == context(number) => Ok((elements(first.value)?, rest)),
        _ => Ok((Vec::new(), fields)),
    }
}

fn oid(element: &Element<'_>) -> Result<ObjectIdentifier, Malformed> {
    Ok(ObjectIdentifier::from_der(element.whole)?)
}

fn integer(element: &Element<'_>) -> Result<u8, Malformed> {
    Ok(u8::from_der(element.whole)?)
}

fn octets(element: &Element<'_>) -> Result<Vec<u8>, Malformed> {
    element.tag.assert_eq(Tag::OctetString)?;
    Ok(element.value.to_vec())
}
