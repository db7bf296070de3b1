//! The attributes of a signer (RFC 5652 11, RFC 5035, EN 319 122-1 5).

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{
    ID_AA_SIGNING_CERTIFICATE, ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNING_TIME,
};
use const_oid::db::rfc5912::{ID_SHA_1, ID_SHA_256};
use der::{Decode, Tag};

use super::{Cms, Malformed, STRUCTURE, octets, oid};
use crate::pki::algorithm::Digest;
use crate::pki::asn1::{Element, Moment, context, elements};
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;

/// `id-aa-signatureTimeStampToken` (EN 319 122-1 5.3).
pub(crate) const SIGNATURE_TIMESTAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// `id-aa-CMSAlgorithmProtection` (RFC 6211).
const ALGORITHM_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.52");
/// `adbe-revocationInfoArchival` (ISO 32000-1 12.8.3.3.2).
const REVOCATION_ARCHIVAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.8");

/// Which certificate the signer says to have signed with: the first `ESSCertIDv2`, or `ESSCertID` (RFC 5035).
#[derive(Clone, Debug)]
pub struct Reference {
    algorithm: ObjectIdentifier,
    hash: Vec<u8>,
    /// The issuer's `GeneralNames`, and the serial number.
    issuer_serial: Option<(Vec<u8>, Vec<u8>)>,
}

impl Reference {
    /// Whether it names a certificate by SHA-1: that tells little, although the signature value itself tells the key.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        self.algorithm == ID_SHA_1
    }

    /// Whether it names this certificate.
    #[must_use]
    pub fn names(&self, certificate: &Certificate) -> bool {
        let hash = if self.is_weak() {
            ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, certificate.der()).as_ref().to_vec()
        } else {
            let Ok(digest) = Digest::from_oid(self.algorithm) else { return false };
            digest.of(certificate.der())
        };
        let issued = self.issuer_serial.as_ref().is_none_or(|(issuer, serial)| {
            // One directoryName: [4] EXPLICIT Name
            let name = Element::only(issuer).ok().filter(|name| name.tag == context(4)).map(|name| name.value);
            name == Some(certificate.issuer_der()) && *serial == certificate.serial_bytes()
        });
        hash == self.hash && issued
    }
}

/// Reads the signed attributes. Returns the contents of the two `AlgorithmIdentifier`s that the signer protected, if it did.
pub(super) fn signed<'a>(cms: &mut Cms, attributes: &[Element<'a>]) -> Result<Option<[&'a [u8]; 2]>, Malformed> {
    if !attributes.is_sorted_by(|a, b| a.whole < b.whole) {
        return Err(Malformed("los atributos firmados no están en el orden de DER"));
    }
    let (mut types, mut content_type, mut protected, mut weak) = (Vec::new(), None, None, None);
    for attribute in attributes {
        let (kind, values) = attribute_from(attribute)?;
        if types.contains(&kind) {
            return Err(Malformed("un atributo firmado está repetido"));
        }
        types.push(kind);
        let one = || match values[..] {
            [value] => Ok(value),
            _ => Err(Malformed("un atributo firmado no tiene exactamente un valor")),
        };
        match kind {
            ID_CONTENT_TYPE => content_type = Some(oid(&one()?)?),
            ID_MESSAGE_DIGEST => cms.message_digest = octets(&one()?)?,
            ID_SIGNING_TIME => cms.signing_time = Some(Moment::from_der(one()?.whole)?.0),
            ID_AA_SIGNING_CERTIFICATE_V_2 => cms.reference = Some(reference_from(&one()?, true)?),
            ID_AA_SIGNING_CERTIFICATE => weak = Some(reference_from(&one()?, false)?),
            ALGORITHM_PROTECTION => protected = Some(protected_from(&one()?)?),
            REVOCATION_ARCHIVAL => archival(&one()?, &mut cms.evidence)?,
            _ => {}
        }
    }
    if cms.message_digest.is_empty() {
        return Err(Malformed("no tiene el resumen de lo firmado"));
    }
    if content_type != Some(cms.content_type) {
        return Err(Malformed("el tipo de lo firmado falta o es otro"));
    }
    cms.reference = cms.reference.take().or(weak);
    Ok(protected)
}

/// Reads the unsigned attributes: the timestamps of the signature, of one authority or several.
pub(super) fn unsigned(cms: &mut Cms, attributes: &[Element<'_>]) -> Result<(), Malformed> {
    for attribute in attributes {
        let (kind, values) = attribute_from(attribute)?;
        if kind == SIGNATURE_TIMESTAMP {
            cms.timestamps.extend(values.iter().map(|value| value.whole.to_vec()));
        }
    }
    Ok(())
}

/// `Attribute` (RFC 5652 5.3).
fn attribute_from<'a>(attribute: &Element<'a>) -> Result<(ObjectIdentifier, Vec<Element<'a>>), Malformed> {
    match attribute.inside(Tag::Sequence)?[..] {
        [kind, values] => Ok((oid(&kind)?, values.inside(Tag::Set)?)),
        _ => Err(STRUCTURE),
    }
}

/// The first certificate of a `SigningCertificateV2`, or of a `SigningCertificate` (RFC 5035 3, 4).
fn reference_from(value: &Element<'_>, v2: bool) -> Result<Reference, Malformed> {
    let fields = value.inside(Tag::Sequence)?;
    let certificates = fields.first().ok_or(STRUCTURE)?.inside(Tag::Sequence)?;
    let fields = certificates.first().ok_or(STRUCTURE)?.inside(Tag::Sequence)?;
    let (algorithm, fields) = match &fields[..] {
        [algorithm, rest @ ..] if v2 && algorithm.tag == Tag::Sequence => {
            (oid(algorithm.inside(Tag::Sequence)?.first().ok_or(STRUCTURE)?)?, rest)
        }
        fields => (if v2 { ID_SHA_256 } else { ID_SHA_1 }, fields),
    };
    let (hash, issuer_serial) = match fields {
        [hash] => (hash, None),
        [hash, issuer_serial] => match issuer_serial.inside(Tag::Sequence)?[..] {
            [issuer, serial] if serial.tag == Tag::Integer && issuer.tag == Tag::Sequence => {
                (hash, Some((issuer.value.to_vec(), serial.value.to_vec())))
            }
            _ => return Err(STRUCTURE),
        },
        _ => return Err(STRUCTURE),
    };
    Ok(Reference { algorithm, hash: octets(hash)?, issuer_serial })
}

/// `CMSAlgorithmProtection` (RFC 6211): the contents of its digest and signature algorithms.
fn protected_from<'a>(value: &Element<'a>) -> Result<[&'a [u8]; 2], Malformed> {
    match value.inside(Tag::Sequence)?[..] {
        [digest, signature] if digest.tag == Tag::Sequence && signature.tag == context(1) => {
            Ok([digest.value, signature.value])
        }
        _ => Err(STRUCTURE),
    }
}

/// `RevocationInfoArchival` (ISO 32000-1 12.8.3.3.2): CRLs and OCSP responses.
fn archival(value: &Element<'_>, evidence: &mut Evidence) -> Result<(), Malformed> {
    for group in value.inside(Tag::Sequence)? {
        let all = || -> Result<Vec<Vec<u8>>, Malformed> {
            let list = elements(group.value)?;
            let all = list.first().ok_or(STRUCTURE)?.inside(Tag::Sequence)?;
            Ok(all.iter().map(|one| one.whole.to_vec()).collect())
        };
        match group.tag {
            tag if tag == context(0) => evidence.crls.extend(all()?),
            tag if tag == context(1) => evidence.ocsps.extend(all()?),
            _ => {}
        }
    }
    Ok(())
}
