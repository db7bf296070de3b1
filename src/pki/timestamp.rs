//! Timestamps (RFC 3161, with the certificate named as RFC 5816 has it): what is asked of an authority, and what it answers.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};
use const_oid::ObjectIdentifier;
use der::asn1::{AnyRef, BitStringRef, IntRef, OctetStringRef, UintRef};
use der::{Decode, Encode, Sequence, Tag};
use x509_cert::ext::Extension;
use x509_cert::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

use crate::pki::algorithm::Digest;
use crate::pki::asn1::{Element, Moment};
use crate::pki::certificate::Certificate;
use crate::pki::cms::{Cms, Fault, Malformed, Verified};

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
    result.ok().context("no se pudo escribir la solicitud de estampa de tiempo")
}

/// What the authority answered: a token, in DER, still to be read and verified.
///
/// # Errors
/// When the answer cannot be read, or says why there is no token.
pub fn response(der: &[u8]) -> Result<Vec<u8>> {
    let Ok(Response { status, token }) = Response::from_der(der) else {
        bail!("lo que respondió la autoridad de estampado no se puede leer")
    };
    match (status.status, token) {
        (0 | 1, Some(token)) => Ok(encoded(token.to_der())?),
        (0 | 1, None) => bail!("la autoridad de estampado respondió sin la estampa"),
        _ => bail!("la autoridad de estampado no dio la estampa: {}", refusal(&status)),
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
    let said = status.text.iter().flatten().map(|text| text.chars().filter(|char| !char.is_control()).take(200));
    let said: Vec<String> = said.map(Iterator::collect).collect();
    if said.is_empty() { reason } else { format!("{reason} («{}»)", said.join(" ")) }
}

impl Token {
    /// Reads a token. Zeros may follow, as in the `/Contents` of a document timestamp.
    ///
    /// # Errors
    /// When it is no signed message with a `TSTInfo` inside.
    pub fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let cms = Cms::timestamp(bytes)?;
        let content = cms.content.as_deref().unwrap_or_default();
        let Ok(info) = Info::from_der(content) else { return Err(Malformed("la estampa de tiempo no se puede leer")) };
        let is_generalized = |element: &Element<'_>| element.tag == Tag::GeneralizedTime;
        if info.version != 1 || !Element::only(content)?.inside(Tag::Sequence)?.get(4).is_some_and(is_generalized) {
            return Err(Malformed("la estampa de tiempo no es de la versión 1"));
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
