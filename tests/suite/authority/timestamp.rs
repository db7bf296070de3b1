//! The timestamp authority: RFC 3161, with the signing certificate of RFC 5816.

use super::issue::{Identity, generalized, serial_of};
use super::{Authority, broken, der};
use chrono::{DateTime, TimeDelta, Utc};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use const_oid::db::{rfc5911, rfc5912};
use der::asn1::{Any, BitString, Int, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence, Tag};
use ring::digest;
use x509_cert::attr::Attribute;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.25.3161");

/// What a timestamp may have wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampLie {
    /// For other bytes than those asked.
    WrongImprint,
    /// Another nonce than the one of the request.
    WrongNonce,
    /// No nonce, though the request had one.
    WithoutNonce,
    /// Status 2, rejection, with its text; no token.
    Refused,
    /// Status 0, granted, and no token.
    WithoutToken,
    /// Signed with a certificate that had expired.
    ExpiredCertificate,
    /// Signed with a certificate without the extended key usage for timestamps.
    WithoutUsage,
    /// Signed with a certificate for timestamps and for web servers: the usage must be the only one.
    SharedUsage,
    /// Signed by one certified by somebody else.
    Untrusted,
    /// Without the certificate inside that the request asked for.
    WithoutCertificate,
    /// The signed attribute names another certificate (RFC 5816, 2.2.1).
    OtherCertificate,
    /// Signature with a byte changed.
    BrokenSignature,
    /// A time an hour from now.
    FromTheFuture,
    /// A time with thousandths of a second: unusual and right (RFC 3161, 2.4.2).
    FractionalTime,
    /// A time that may be off by minutes, in its own word.
    VagueTime,
    /// Not DER.
    Garbage,
    /// DER that ends halfway.
    Truncated,
}

#[derive(Clone, Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    hash: OctetString,
}

#[derive(Sequence)]
struct Request {
    version: u8,
    imprint: MessageImprint,
    policy: Option<ObjectIdentifier>,
    nonce: Option<Int>,
    #[asn1(default = "Default::default")]
    wants_certificate: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<x509_cert::ext::Extensions>,
}

#[derive(Sequence)]
struct Accuracy {
    seconds: u8,
}

#[derive(Sequence)]
struct Info {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial: SerialNumber,
    time: Any,
    accuracy: Option<Accuracy>,
    nonce: Option<Int>,
}

#[derive(Sequence)]
struct Status {
    code: u8,
    text: Option<Vec<String>>,
    failure: Option<BitString>,
}

#[derive(Sequence)]
struct Response {
    status: Status,
    token: Option<ContentInfo>,
}

/// `ESSCertIDv2` with SHA-256, its default.
#[derive(Sequence)]
struct CertificateHash {
    hash: OctetString,
}

#[derive(Sequence)]
struct SigningCertificate {
    certificates: Vec<CertificateHash>,
}

impl Authority {
    /// Answers a `TimeStampReq` at a time: DER of a `TimeStampResp`.
    pub fn timestamp(&self, request: &[u8], now: DateTime<Utc>) -> Vec<u8> {
        let lie = self.lies.timestamp;
        let Ok(request) = Request::from_der(request) else {
            return refusal("no se entiende la solicitud");
        };
        let granted = |token| Response { status: Status { code: 0, text: None, failure: None }, token };
        match lie {
            Some(TimestampLie::Refused) => return refusal("no se estampa a esta entidad"),
            Some(TimestampLie::Garbage) => return b"<html>no es un sello</html>".to_vec(),
            Some(TimestampLie::WithoutToken) => return der(&granted(None)),
            _ => {}
        }
        let info = der(&self.info(&request, now));
        let mut response = der(&granted(Some(self.token(&info, request.wants_certificate))));
        if lie == Some(TimestampLie::Truncated) {
            response.truncate(response.len() / 2);
        }
        response
    }

    fn info(&self, request: &Request, now: DateTime<Utc>) -> Info {
        let lie = self.lies.timestamp;
        let mut imprint = request.imprint.clone();
        if lie == Some(TimestampLie::WrongImprint) {
            imprint.hash = OctetString::new(broken(imprint.hash.into_bytes())).unwrap();
        }
        let nonce = request.nonce.as_ref().map(|nonce| nonce.as_bytes().to_vec());
        let nonce = match lie {
            Some(TimestampLie::WrongNonce) => nonce.map(broken),
            Some(TimestampLie::WithoutNonce) => None,
            _ => nonce,
        };
        let at = if lie == Some(TimestampLie::FromTheFuture) { now + TimeDelta::hours(1) } else { now };
        let time = if lie == Some(TimestampLie::FractionalTime) {
            Any::new(Tag::GeneralizedTime, format!("{}.125Z", at.format("%Y%m%d%H%M%S")).into_bytes()).unwrap()
        } else {
            Any::encode_from(&generalized(at)).unwrap()
        };
        Info {
            version: 1,
            policy: request.policy.unwrap_or(POLICY),
            serial: serial_of(&[imprint.hash.as_bytes(), at.to_string().as_bytes()].concat()),
            imprint,
            time,
            accuracy: Some(Accuracy { seconds: if lie == Some(TimestampLie::VagueTime) { 255 } else { 1 } }),
            nonce: nonce.map(|nonce| Int::new(&nonce).unwrap()),
        }
    }

    /// The signed token: RFC 5652, 5, and RFC 3161, 2.4.2.
    fn token(&self, info: &[u8], wants_certificate: bool) -> ContentInfo {
        let lie = self.lies.timestamp;
        let tsa = self.stamper();
        let named = if lie == Some(TimestampLie::OtherCertificate) { &self.aprobo } else { &tsa };
        let attributes = SetOfVec::try_from(vec![
            attribute(rfc5911::ID_CONTENT_TYPE, &TST_INFO),
            attribute(rfc5911::ID_MESSAGE_DIGEST, &octets(&sha256(info))),
            attribute(
                rfc5911::ID_AA_SIGNING_CERTIFICATE_V_2,
                &SigningCertificate { certificates: vec![CertificateHash { hash: octets(&sha256(&named.der())) }] },
            ),
        ])
        .unwrap();
        let honest = tsa.key.sign(&der(&attributes));
        let signature = if lie == Some(TimestampLie::BrokenSignature) { broken(honest) } else { honest };
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: tsa.certificate.tbs_certificate.issuer.clone(),
                serial_number: tsa.serial().clone(),
            }),
            digest_alg: sha256_algorithm(),
            signed_attrs: Some(attributes),
            signature_algorithm: tsa.key.algorithm(),
            signature: octets(&signature),
            unsigned_attrs: None,
        };
        let with_certificate = wants_certificate && lie != Some(TimestampLie::WithoutCertificate);
        let signed_data = SignedData {
            version: CmsVersion::V3,
            digest_algorithms: SetOfVec::try_from(vec![sha256_algorithm()]).unwrap(),
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: TST_INFO,
                econtent: Some(Any::new(Tag::OctetString, info).unwrap()),
            },
            certificates: with_certificate.then(|| {
                CertificateSet(SetOfVec::try_from(vec![CertificateChoices::Certificate(tsa.certificate)]).unwrap())
            }),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from(vec![signer]).unwrap()),
        };
        ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&signed_data).unwrap() }
    }

    /// Who signs the timestamps.
    fn stamper(&self) -> Identity {
        match self.lies.timestamp {
            Some(TimestampLie::ExpiredCertificate) => self.another_tsa().expired().issue(),
            Some(TimestampLie::WithoutUsage) => self.another_tsa().without_extended_usage().issue(),
            Some(TimestampLie::SharedUsage) => self.another_tsa().also_for_web_servers().issue(),
            Some(TimestampLie::Untrusted) => {
                super::Recipe::tsa("Estampado ajeno", self.intruder.key, &self.untrusted_root, self.base()).issue()
            }
            _ => self.tsa.clone(),
        }
    }
}

fn refusal(why: &str) -> Vec<u8> {
    // Bit 2 of PKIFailureInfo: badRequest.
    let failure = BitString::new(5, vec![0b0010_0000]).unwrap();
    der(&Response { status: Status { code: 2, text: Some(vec![why.to_owned()]), failure: Some(failure) }, token: None })
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Attribute {
    let value = Any::from_der(&der(value)).unwrap();
    Attribute { oid, values: SetOfVec::try_from(vec![value]).unwrap() }
}

fn octets(bytes: &[u8]) -> OctetString {
    OctetString::new(bytes).unwrap()
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

fn sha256_algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_256, parameters: None }
}
