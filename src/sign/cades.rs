//! The CMS of a PAdES signature (RFC 5652; EN 319 122-1, 5; EN 319 142-1, 6.3): detached, one signer, in DER.
//!
//! Certificates, names and timestamp tokens go in with the very bytes that they came with.

use anyhow::{Context, Result, ensure};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911;
use der::asn1::{ContextSpecific, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence, Tag, TagMode, TagNumber, ValueOrd};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::key::Key;
use crate::pki::algorithm::Digest;
use crate::pki::certificate::Certificate;

/// `id-aa-signatureTimeStampToken` (RFC 3161, appendix A).
const SIGNATURE_TIMESTAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");
/// The tag of a `directoryName` among the `GeneralName`s (RFC 5280, 4.2.1.6).
const DIRECTORY_NAME: TagNumber = TagNumber::N4;

/// `ContentInfo` with `SignedData` inside (RFC 5652, 3 and 5.1).
#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    encapsulated: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    certificates: SetOfVec<Any>,
    signers: SetOfVec<SignerInfo>,
}

/// What is signed, which is not inside.
#[derive(Sequence)]
struct EncapsulatedContentInfo {
    content_type: ObjectIdentifier,
}

/// Who signed (RFC 5652, 5.3).
#[derive(Clone, Sequence, ValueOrd)]
struct SignerInfo {
    version: u8,
    issuer_and_serial: IssuerAndSerial,
    digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    signed: SetOfVec<Attribute>,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: OctetString,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    unsigned: Option<SetOfVec<Attribute>>,
}

#[derive(Clone, Sequence, ValueOrd)]
struct IssuerAndSerial {
    issuer: Any,
    serial: Any,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateId>,
}

/// `ESSCertIDv2` (RFC 5035, 4) with a hash of SHA-256, which DER leaves unnamed as the default.
#[derive(Sequence)]
struct CertificateId {
    hash: OctetString,
    issuer_serial: IssuerSerial,
}

/// Whose certificate it is: one of the `GeneralNames` (RFC 5280, 4.2.1.6), and the number.
#[derive(Sequence)]
struct IssuerSerial {
    issuer: Vec<ContextSpecific<Any>>,
    serial: Any,
}

/// Signs the digest of a PDF's byte ranges, made with the digest of the key's algorithm.
///
/// The signed attributes are content-type, message-digest and signing-certificate-v2, and no others: the time of signing is in
/// the signature dictionary (EN 319 142-1, 6.3).
///
/// # Errors
/// When the key does not sign, or the digest is not as long as its algorithm makes it.
pub fn signed_data(key: &dyn Key, digest_of_ranges: &[u8]) -> Result<Vec<u8>> {
    let algorithm = key.algorithm();
    let certificate = key.chain().first().context("la llave no tiene certificado")?;
    ensure!(
        digest_of_ranges.len() == algorithm.digest().of(&[]).len(),
        "el resumen del informe no es de la longitud debida"
    );
    let attributes = SetOfVec::try_from(vec![
        attribute(rfc5911::ID_CONTENT_TYPE, Any::encode_from(&rfc5911::ID_DATA)?)?,
        attribute(rfc5911::ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest_of_ranges)?)?)?,
        attribute(rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2, signing_certificate(certificate)?)?,
    ])?;
    // Signed as the SET that they are, not with the tag that they bear inside (RFC 5652, 5.4).
    let signature = key.sign(&attributes.to_der()?)?;
    let signer = SignerInfo {
        version: 1,
        issuer_and_serial: issuer_and_serial(certificate)?,
        digest_algorithm: algorithm.digest().identifier(),
        signed: attributes,
        signature_algorithm: algorithm.identifier(),
        signature: OctetString::new(signature)?,
        unsigned: None,
    };
    let certificates = key.chain().iter().map(|one| Any::from_der(one.der())).collect::<der::Result<Vec<_>>>()?;
    let content = SignedData {
        version: 1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm.digest().identifier()])?,
        encapsulated: EncapsulatedContentInfo { content_type: rfc5911::ID_DATA },
        certificates: SetOfVec::try_from(certificates)?,
        signers: SetOfVec::try_from(vec![signer])?,
    };
    Ok(ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content }.to_der()?)
}

/// The value of the only signature in a CMS: what a signature timestamp is over (EN 319 122-1, 5.3).
///
/// # Errors
/// When it is not a CMS that [`signed_data`] made.
pub fn signature(cms: &[u8]) -> Result<Vec<u8>> {
    let (_, signer) = read(cms)?;
    Ok(signer.signature.into_bytes())
}

/// Adds a timestamp of the signature as an unsigned attribute (EN 319 122-1, 5.3): the token, a CMS in DER, goes in as it is.
///
/// # Errors
/// When it is not a CMS that [`signed_data`] made, or what is to go in is not DER.
pub fn with_timestamp(cms: &[u8], token: &[u8]) -> Result<Vec<u8>> {
    let (mut whole, mut signer) = read(cms)?;
    let token = Any::from_der(token).context("el sello de tiempo no se puede leer")?;
    signer.unsigned = Some(SetOfVec::try_from(vec![attribute(SIGNATURE_TIMESTAMP, token)?])?);
    whole.content.signers = SetOfVec::try_from(vec![signer])?;
    Ok(whole.to_der()?)
}

fn read(cms: &[u8]) -> Result<(ContentInfo, SignerInfo)> {
    const OTHER: &str = "la firma no es de las que hace este programa";
    let whole = ContentInfo::from_der(cms).context(OTHER)?;
    let signer = whole.content.signers.iter().next().cloned().context(OTHER)?;
    Ok((whole, signer))
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn issuer_and_serial(certificate: &Certificate) -> der::Result<IssuerAndSerial> {
    let issuer = Any::from_der(certificate.issuer_der())?;
    Ok(IssuerAndSerial { issuer, serial: serial(certificate)? })
}

fn serial(certificate: &Certificate) -> der::Result<Any> {
    Any::new(Tag::Integer, certificate.serial_bytes())
}

/// `SigningCertificateV2` (RFC 5035, 3) of one certificate.
fn signing_certificate(certificate: &Certificate) -> der::Result<Any> {
    let issuer = ContextSpecific {
        tag_number: DIRECTORY_NAME,
        tag_mode: TagMode::Explicit,
        value: Any::from_der(certificate.issuer_der())?,
    };
    let id = CertificateId {
        hash: OctetString::new(Digest::Sha256.of(certificate.der()))?,
        issuer_serial: IssuerSerial { issuer: vec![issuer], serial: serial(certificate)? },
    };
    Any::encode_from(&SigningCertificate { certificates: vec![id] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::key::p12::FileKey;
    use crate::sign::secret::Secret;
    use cms::cert::x509::ext::pkix::name::GeneralName;
    use cms::signed_data::SignerIdentifier;

    fn key(name: &str) -> FileKey {
        let file = std::fs::read(format!("tests/data/llaves/{name}.p12")).unwrap();
        FileKey::open(name, &file, &Secret::new("clave-ñandú 1".into()), None).unwrap()
    }

    fn signed(key: &FileKey) -> Vec<u8> {
        signed_data(key, &key.algorithm().digest().of(b"informe")).unwrap()
    }

    /// As the types of others read it.
    fn parsed(cms: &[u8]) -> cms::signed_data::SignedData {
        let whole = cms::content_info::ContentInfo::from_der(cms).unwrap();
        assert_eq!(whole.content_type, rfc5911::ID_SIGNED_DATA);
        whole.content.decode_as().unwrap()
    }

    #[test]
    fn a_signature_has_what_the_baseline_asks_for_and_nothing_else() {
        let key = key("p384");
        let data = parsed(&signed(&key));
        assert_eq!(data.encap_content_info.econtent_type, rfc5911::ID_DATA);
        assert!(data.encap_content_info.econtent.is_none());
        assert_eq!(data.certificates.unwrap().0.len(), 3);
        assert!(data.crls.is_none());
        let [signer] = data.signer_infos.0.as_slice() else { panic!("one signer") };
        let SignerIdentifier::IssuerAndSerialNumber(id) = &signer.sid else { panic!("issuer and serial number") };
        assert_eq!(id.issuer.to_der().unwrap(), key.chain()[0].issuer_der());
        let attributes: Vec<_> = signer.signed_attrs.as_ref().unwrap().iter().map(|one| one.oid).collect();
        let wanted = [rfc5911::ID_CONTENT_TYPE, rfc5911::ID_MESSAGE_DIGEST, rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2];
        assert_eq!(attributes, wanted);
        assert!(signer.unsigned_attrs.is_none());
    }

    #[test]
    fn what_is_signed_is_the_set_of_attributes() {
        let key = key("rsa2048");
        let data = parsed(&signed(&key));
        let signer = data.signer_infos.0.get(0).unwrap();
        let message = signer.signed_attrs.as_ref().unwrap().to_der().unwrap();
        let spki = key.chain()[0].spki_der();
        crate::pki::algorithm::verify(spki, key.algorithm(), &message, signer.signature.as_bytes()).unwrap();
    }

    #[test]
    fn the_signing_certificate_is_named_by_hash_issuer_and_serial_number() {
        let key = key("p256");
        let certificate = &key.chain()[0];
        let value = SigningCertificate::from_der(&signing_certificate(certificate).unwrap().to_der().unwrap()).unwrap();
        let [id] = value.certificates.as_slice() else { panic!("one certificate") };
        assert_eq!(id.hash.as_bytes(), Digest::Sha256.of(certificate.der()));
        let name = GeneralName::from_der(&id.issuer_serial.issuer[0].to_der().unwrap()).unwrap();
        assert_eq!(name, GeneralName::DirectoryName(certificate.parsed().tbs_certificate.issuer.clone()));
        assert_eq!(id.issuer_serial.serial.value(), certificate.serial_bytes());
    }

    #[test]
    fn the_same_key_and_report_give_the_same_bytes() {
        let key = key("rsa2048");
        assert_eq!(signed(&key), signed(&key));
    }

    #[test]
    fn a_timestamp_goes_beside_the_signature_and_changes_nothing_else() {
        let before = signed(&key("rsa3072"));
        let token = Any::encode_from(&"sello".to_owned()).unwrap().to_der().unwrap();
        let after = with_timestamp(&before, &token).unwrap();
        assert_eq!(signature(&after).unwrap(), signature(&before).unwrap());
        let (before, mut after) = (parsed(&before), parsed(&after));
        let mut signer = after.signer_infos.0.get(0).unwrap().clone();
        let unsigned = signer.unsigned_attrs.take().unwrap();
        assert_eq!(unsigned.get(0).unwrap().oid, SIGNATURE_TIMESTAMP);
        assert_eq!(unsigned.get(0).unwrap().values.get(0).unwrap().to_der().unwrap(), token);
        after.signer_infos = cms::signed_data::SignerInfos(SetOfVec::try_from(vec![signer]).unwrap());
        assert_eq!(after, before);
    }

    #[test]
    fn a_digest_of_another_length_is_refused() {
        assert!(signed_data(&key("p384"), &[0; 32]).is_err());
        assert!(signature(b"x").is_err() && with_timestamp(b"x", b"y").is_err());
    }
}
