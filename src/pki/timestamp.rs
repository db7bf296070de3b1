//! Timestamps (RFC 3161, with the certificate named as RFC 5816 has it): what is asked of an authority, and what it answers.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, BitStringRef, IntRef, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence, Tag};
use x509_cert::ext::Extension;
use x509_cert::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

use crate::pki::algorithm::Digest;
use crate::pki::asn1::{Element, Moment, decode};
use crate::pki::certificate::{Certificate, deceives};
use crate::pki::cms::{Cms, Fault, Malformed, Verified};

/// What is said of a timestamp that is not precise.
pub const VAGUE: &str = "admite que su hora puede errar en más de un minuto";
/// Most that a timestamp may be off by its own word.
const MAX_ACCURACY: TimeDelta = TimeDelta::minutes(1);

/// Most letters of what an authority says when it gives none.
const MAX_SAID: usize = 200;

/// A timestamp token: somebody saw a digest at a moment.
#[derive(Clone, Debug)]
pub struct Token {
    /// The signed message.
    pub cms: Cms,
    /// When, in the authority's word (`genTime`).
    pub time: DateTime<Utc>,
    /// How far off that may be (`accuracy`); nothing is nothing said.
    pub accuracy: Option<TimeDelta>,
    /// Under which policy.
    pub policy: ObjectIdentifier,
    algorithm: AlgorithmIdentifierOwned,
    imprint: Vec<u8>,
    nonce: Option<Vec<u8>>,
}

#[derive(Sequence)]
struct MessageImprint<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    hashed: OctetStringRef<'a>,
}

/// `TimeStampReq` (RFC 3161 2.4.1), of which the policy and the extensions are never asked for.
#[derive(Sequence)]
struct Request<'a> {
    version: u8,
    imprint: MessageImprint<'a>,
    nonce: UintRef<'a>,
    certificates: bool,
}

/// `TimeStampResp` (RFC 3161 2.4.2).
#[derive(Sequence)]
struct Response<'a> {
    status: StatusInfo<'a>,
    #[asn1(optional = "true")]
    token: Option<AnyRef<'a>>,
}

/// `PKIStatusInfo` (RFC 4210 5.2.3).
#[derive(Sequence)]
struct StatusInfo<'a> {
    status: u8,
    #[asn1(optional = "true")]
    text: Option<Vec<String>>,
    #[asn1(optional = "true")]
    failure: Option<BitStringRef<'a>>,
}

/// `TSTInfo` (RFC 3161 2.4.2).
#[derive(Sequence)]
struct Info<'a> {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint<'a>,
    serial: IntRef<'a>,
    time: Moment,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<IntRef<'a>>,
    #[asn1(context_specific = "0", optional = "true")]
    authority: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<u32>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    milliseconds: Option<u16>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    microseconds: Option<u16>,
}

/// A `TimeStampReq` for something given in pieces: its SHA-256, a nonce, and the wish to have the authority's certificate inside
/// the answer (RFC 3161 2.4.1).
///
/// # Errors
/// Never with what it is given; DER does not know that.
pub fn request(parts: &[&[u8]], nonce: [u8; 8]) -> Result<Vec<u8>> {
    let digest = Digest::Sha256;
    let (identifier, hash) = (digest.identifier(), digest.of_parts(parts));
    let algorithm = AlgorithmIdentifierRef { oid: identifier.oid, parameters: None };
    let imprint = MessageImprint { algorithm, hashed: encoded(OctetStringRef::new(&hash))? };
    encoded(Request { version: 1, imprint, nonce: encoded(UintRef::new(&nonce))?, certificates: true }.to_der())
}

fn encoded<T>(result: der::Result<T>) -> Result<T> {
    result.ok().context("no se pudo escribir la solicitud de sello de tiempo")
}

/// What the authority answered: a token, in DER, still to be read and verified.
///
/// # Errors
/// When the answer cannot be read, or says why there is no token.
pub fn response(der: &[u8]) -> Result<Vec<u8>> {
    let Ok(Response { status, token }) = Response::from_der(der) else {
        bail!("lo que respondió la autoridad de estampado cronológico no se puede leer")
    };
    match (status.status, token) {
        (0 | 1, Some(token)) => Ok(encoded(token.to_der())?),
        (0 | 1, None) => bail!("la autoridad de estampado cronológico respondió sin la estampa"),
        _ => bail!("la autoridad de estampado cronológico no dio el sello: {}", refusal(&status)),
    }
}

/// Why there is no token, for people.
fn refusal(status: &StatusInfo<'_>) -> String {
    const REASONS: [(usize, &str); 8] = [
        (0, "no admite el algoritmo de resumen"),
        (2, "no permite o no entiende la solicitud"),
        (5, "la solicitud está mal formada"),
        (14, "su reloj no está disponible"),
        (15, "no admite la política solicitada"),
        (16, "no admite una extensión solicitada"),
        (17, "no dispone de la información adicional solicitada"),
        (25, "tiene una falla interna"),
    ];
    let is_set = |bit: usize| status.failure.as_ref().is_some_and(|bits| bits.bits().nth(bit) == Some(true));
    let reason = REASONS.iter().find(|(bit, _)| is_set(*bit)).map(|(_, reason)| (*reason).to_owned());
    let reason = reason.unwrap_or_else(|| match status.status {
        3 => "la dejó en espera".to_owned(),
        other => format!("estado {other}"),
    });
    let said: Vec<&str> = status.text.iter().flatten().map(String::as_str).take(MAX_SAID).collect();
    let said: String = said.join(" ").chars().filter(|char| !deceives(*char)).take(MAX_SAID).collect();
    if said.is_empty() { reason } else { format!("{reason} («{said}»)") }
}

impl Token {
    /// Reads a token. Zeros may follow, as in the `/Contents` of a document timestamp.
    ///
    /// # Errors
    /// When it is no signed message with a `TSTInfo` inside.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let cms = Cms::timestamp(bytes)?;
        let content = cms.content.as_deref().unwrap_or_default();
        let Ok(info) = decode::<Info>(content) else { return Err(Malformed("el sello de tiempo no se puede leer")) };
        let is_generalized = |element: &Element<'_>| element.tag == Tag::GeneralizedTime;
        if info.version != 1 || !Element::only(content)?.inside(Tag::Sequence)?.get(4).is_some_and(is_generalized) {
            return Err(Malformed("el sello de tiempo no es de la versión 1"));
        }
        let token = Self {
            time: info.time.0,
            accuracy: info.accuracy.as_ref().map(Accuracy::length),
            policy: info.policy,
            algorithm: AlgorithmIdentifierOwned::from_der(&info.imprint.algorithm.to_der()?)?,
            imprint: info.imprint.hashed.as_bytes().to_vec(),
            nonce: info.nonce.map(|nonce| without_zeros(nonce.as_bytes()).to_vec()),
            cms: cms.clone(),
        };
        Ok(token)
    }

    /// Whether it tells the time well enough to prove something. Authorities are to err by a second at most (EN 319 421, 7.7.2).
    #[must_use]
    pub fn is_precise(&self) -> bool {
        self.accuracy.is_none_or(|accuracy| accuracy <= MAX_ACCURACY)
    }

    /// Verifies that the token is over this, given in pieces, and that its authority signed it. Whether the authority is to be
    /// trusted is for the path to tell. Its certificate may also be among others that are known.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn verify(&self, parts: &[&[u8]], known: &[Certificate]) -> Result<Verified, Fault> {
        self.imprint_holds(parts)?;
        self.cms.verify(&[], known)
    }

    /// Whether the token is over this.
    ///
    /// # Errors
    /// When it is not, or the digest is weak or not known.
    pub fn imprint_holds(&self, parts: &[&[u8]]) -> Result<(), Fault> {
        let digest = self.imprint_digest()?;
        if digest.of_parts(parts) == self.imprint { Ok(()) } else { Err(Fault::Changed) }
    }

    /// The digest of the imprint.
    ///
    /// # Errors
    /// When it is weak or not known.
    pub fn imprint_digest(&self) -> Result<Digest, crate::pki::algorithm::Fault> {
        Digest::from_oid(self.algorithm.oid)
    }

    /// Whether it answers the request with this nonce (RFC 3161 2.4.2).
    #[must_use]
    pub fn answers(&self, nonce: [u8; 8]) -> bool {
        self.nonce.as_deref() == Some(without_zeros(&nonce))
    }
}

impl Accuracy {
    fn length(&self) -> TimeDelta {
        TimeDelta::seconds(self.seconds.unwrap_or(0).into())
            + TimeDelta::milliseconds(self.milliseconds.unwrap_or(0).into())
            + TimeDelta::microseconds(self.microseconds.unwrap_or(0).into())
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::asn1::edit::{get, set, tlv};
    use proptest::prelude::*;

    const TEXT: &[u8] = b"Lo que se firma";
    const RESPONSE: &[u8] = include_bytes!("../../tests/data/firma/estampa.tsr");
    const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
    /// Where the bytes of the `TSTInfo` are in a token.
    const CONTENT: [usize; 5] = [1, 0, 2, 1, 0];

    fn token() -> Vec<u8> {
        response(RESPONSE).unwrap()
    }

    /// The token with another `TSTInfo`.
    fn with_info(info: &[u8]) -> Result<Token, Malformed> {
        Token::read(&set(&token(), &CONTENT, &tlv(0x04, info)))
    }

    fn info() -> Vec<u8> {
        Token::read(&token()).unwrap().cms.content.unwrap()
    }

    #[test]
    fn a_request_asks_for_a_digest_with_a_nonce_and_the_certificate() {
        let der = request(&[b"Lo que ", b"se firma"], NONCE).unwrap();
        assert_eq!(get(&der, &[0]), b"\x02\x01\x01");
        assert_eq!(get(&der, &[1, 1]), tlv(0x04, &Digest::Sha256.of(TEXT)));
        assert_eq!(get(&der, &[2]), tlv(0x02, &NONCE));
        assert_eq!(get(&der, &[3]), b"\x01\x01\xff");
        let high = request(&[TEXT], [0xFF; 8]).unwrap();
        assert_eq!(get(&high, &[2]), tlv(0x02, &[0, 255, 255, 255, 255, 255, 255, 255, 255]));
    }

    #[test]
    fn what_an_authority_answers_is_verified() {
        let token = Token::read(&token()).unwrap();
        let known = Certificate::read_all(include_bytes!("../../tests/data/firma/certificados.pem")).unwrap();
        let verified = token.verify(&[TEXT], &known).unwrap();
        assert_eq!(verified.signer.name(), "Estampado Cronológico de Prueba");
        assert!(token.answers(NONCE));
        assert_eq!(token.imprint_digest(), Ok(Digest::Sha256));
    }

    #[test]
    fn a_token_over_something_else_or_for_another_request_is_told() {
        let token = Token::read(&token()).unwrap();
        assert_eq!(token.verify(&[b"Otra cosa"], &[]).unwrap_err(), Fault::Changed);
        assert!(!token.answers([9; 8]));
        let without = Token { nonce: None, ..token };
        assert!(!without.answers([0; 8]));
    }

    #[test]
    fn a_changed_token_does_not_verify() {
        let other = set(&info(), &[4], b"\x18\x0f20200101000000Z");
        let token = with_info(&other).unwrap();
        assert_eq!(token.time.to_rfc3339(), "2020-01-01T00:00:00+00:00");
        let known = Token::read(&super::response(RESPONSE).unwrap()).unwrap().cms.evidence.certificates;
        assert_eq!(token.verify(&[TEXT], &known).unwrap_err(), Fault::Changed);
    }

    #[test]
    fn fractions_accuracy_and_the_authority_s_name_are_read() {
        let fixed = inside_fixed();
        let accuracy = tlv(0x30, &[tlv(0x02, &[2]), tlv(0x80, &[1, 0xF4]), tlv(0x81, &[100])].concat());
        let name = tlv(0xA0, &tlv(0x82, b"tsa"));
        let time = tlv(0x18, b"20260102030405.123Z");
        let token = with_info(&tlv(0x30, &[fixed, time, accuracy, b"\x01\x01\xff".to_vec(), name].concat())).unwrap();
        assert_eq!(token.time.to_rfc3339(), "2026-01-02T03:04:05.123+00:00");
        assert_eq!(token.accuracy, TimeDelta::try_milliseconds(2500).map(|most| most + TimeDelta::microseconds(100)));
        assert!(token.nonce.is_none());
    }

    #[test]
    fn a_time_that_may_be_off_by_more_than_a_minute_is_not_precise() {
        let with = |seconds: u8| {
            let accuracy = tlv(0x30, &tlv(0x02, &[seconds]));
            let time = tlv(0x18, b"20260102030405Z");
            with_info(&tlv(0x30, &[inside_fixed(), time, accuracy].concat())).unwrap()
        };
        assert!(with(1).is_precise() && with(60).is_precise() && !with(61).is_precise());
    }

    /// What comes before the time in a `TSTInfo`.
    fn inside_fixed() -> Vec<u8> {
        (0..4).flat_map(|index| get(&info(), &[index])).collect()
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        assert!(with_info(b"").is_err());
        assert!(with_info(&set(&info(), &[0], b"\x02\x01\x02")).is_err());
        assert!(with_info(&tlv(0x30, &[inside_fixed(), tlv(0x17, b"260102030405Z")].concat())).is_err());
        assert!(with_info(&tlv(0x30, &inside_fixed())).is_err());
    }

    #[test]
    fn a_weak_imprint_is_told_as_such() {
        let sha1 = tlv(0x30, &[tlv(0x30, &tlv(0x06, &[0x2B, 0x0E, 0x03, 0x02, 0x1A])), tlv(0x04, &[0; 20])].concat());
        let token = with_info(&set(&info(), &[2], &sha1)).unwrap();
        assert!(matches!(token.imprint_holds(&[TEXT]), Err(Fault::Signature(crate::pki::algorithm::Fault::Weak(_)))));
    }

    #[test]
    fn a_refusal_says_why() {
        let refused = |status: &[u8]| response(&tlv(0x30, &tlv(0x30, status))).unwrap_err().to_string();
        let text = tlv(0x30, &tlv(0x0C, "sin saldo".as_bytes()));
        let algorithm = b"\x03\x02\x07\x80";
        let seen = refused(&[b"\x02\x01\x02", &text[..], algorithm].concat());
        assert_eq!(
            seen,
            "la autoridad de estampado cronológico no dio el sello: no admite el algoritmo de resumen («sin saldo»)"
        );
        let turned = tlv(0x30, &tlv(0x0C, "a\u{202E}b\u{2028}c".as_bytes()).repeat(1_000));
        let seen = refused(&[b"\x02\x01\x02", &turned[..]].concat());
        assert!(seen.contains("(«abc abc ") && seen.len() < 2 * MAX_SAID, "{seen}");
        let seen = refused(b"\x02\x01\x02\x03\x05\x06\x00\x00\x00\x40");
        assert_eq!(seen, "la autoridad de estampado cronológico no dio el sello: tiene una falla interna");
        assert_eq!(
            refused(b"\x02\x01\x03"),
            "la autoridad de estampado cronológico no dio el sello: la dejó en espera"
        );
        assert_eq!(refused(b"\x02\x01\x05"), "la autoridad de estampado cronológico no dio el sello: estado 5");
        assert_eq!(refused(b"\x02\x01\x00"), "la autoridad de estampado cronológico respondió sin la estampa");
        assert_eq!(
            response(b"<html>").unwrap_err().to_string(),
            "lo que respondió la autoridad de estampado cronológico no se puede leer"
        );
    }

    proptest! {
        #[test]
        fn no_answer_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100), at in any::<prop::sample::Index>(), flip in 1..=255u8) {
            let _ = response(&bytes);
            let mut changed = RESPONSE.to_vec();
            changed[at.index(RESPONSE.len())] ^= flip;
            if let Ok(token) = response(&changed) {
                let _ = Token::read(&token).map(|token| token.verify(&[TEXT], &[]));
            }
        }
    }
}
