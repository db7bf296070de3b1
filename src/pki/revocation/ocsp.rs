//! OCSP responses (RFC 6960).

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5912::ID_SHA_1;
use const_oid::db::rfc6960::{ID_PKIX_OCSP_BASIC, ID_PKIX_OCSP_NOCHECK};
use der::asn1::BitStringRef;
use der::{Decode, Tag};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{Revoked, Source, Statement, Word, reason};
use crate::pki::algorithm::Digest;
use crate::pki::asn1::{Element, Moment, context, elements};
use crate::pki::certificate::Certificate;
use crate::pki::cms::Malformed;
use crate::pki::path::{Purpose, suits};

/// A response that answers.
pub(super) struct Response {
    pub signed: Vec<u8>,
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: Vec<u8>,
    certificates: Vec<Certificate>,
    responder: Responder,
    produced_at: DateTime<Utc>,
    answers: Vec<Answer>,
}

/// `ResponderID`.
enum Responder {
    Name(Vec<u8>),
    /// SHA-1 of the key.
    Key(Vec<u8>),
}

/// Most certificates that one response may speak of. Nearly all speak of one.
const MAX_ANSWERS: usize = 1000;

/// `SingleResponse`.
struct Answer {
    hash: ObjectIdentifier,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: Vec<u8>,
    status: Said,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy)]
enum Said {
    Good,
    Revoked { since: DateTime<Utc>, reason: Option<&'static str> },
    Unknown,
}

impl Said {
    /// How bad it is; of two revocations the earlier is the worse.
    fn gravity(self) -> (u8, Reverse<Option<DateTime<Utc>>>) {
        match self {
            Self::Good => (0, Reverse(None)),
            Self::Unknown => (1, Reverse(None)),
            Self::Revoked { since, .. } => (2, Reverse(Some(since))),
        }
    }
}

/// Most certificates of a response, and of a responder's name or key, among which the responder's own is looked for.
const MAX_CANDIDATES: usize = 20;
const STRUCTURE: Malformed = Malformed("no es una respuesta OCSP que se pueda leer");

impl Response {
    pub(super) fn read(der: &[u8]) -> Result<Self, Malformed> {
        let [status, bytes] = Element::only(der)?.inside(Tag::Sequence)?[..] else {
            return Err(Malformed("el respondedor OCSP no dio respuesta"));
        };
        if status.tag != Tag::Enumerated || status.value != [0] {
            return Err(Malformed("el respondedor OCSP no dio respuesta"));
        }
        let [bytes] = bytes.inside(context(0))?[..] else { return Err(STRUCTURE) };
        let [kind, basic] = bytes.inside(Tag::Sequence)?[..] else { return Err(STRUCTURE) };
        basic.tag.assert_eq(Tag::OctetString)?;
        if ObjectIdentifier::from_der(kind.whole)? != ID_PKIX_OCSP_BASIC {
            return Err(STRUCTURE);
        }
        Self::basic(&Element::only(basic.value)?.inside(Tag::Sequence)?)
    }

    /// `BasicOCSPResponse`.
    fn basic(fields: &[Element<'_>]) -> Result<Self, Malformed> {
        let [data, algorithm, signature, rest @ ..] = fields else { return Err(STRUCTURE) };
        let certificates = match rest {
            [] => Vec::new(),
            [certificates] => match certificates.inside(context(0))?[..] {
                [list] => list.inside(Tag::Sequence)?,
                _ => return Err(STRUCTURE),
            },
            _ => return Err(STRUCTURE),
        };
        let all = data.inside(Tag::Sequence)?;
        let all = if all.first().is_some_and(|first| first.tag == context(0)) { all.get(1..) } else { Some(&all[..]) };
        let Some([responder, produced_at, answers, extensions @ ..]) = all else { return Err(STRUCTURE) };
        let answers = answers.inside(Tag::Sequence)?;
        if answers.len() > MAX_ANSWERS {
            return Err(STRUCTURE);
        }
        match extensions {
            [] => {}
            [extensions] => understood(extensions)?,
            _ => return Err(STRUCTURE),
        }
        Ok(Self {
            signed: data.whole.to_vec(),
            algorithm: AlgorithmIdentifierOwned::from_der(algorithm.whole)?,
            signature: BitStringRef::from_der(signature.whole)?.as_bytes().ok_or(STRUCTURE)?.to_vec(),
            certificates: certificates
                .iter()
                .filter_map(|one| Certificate::from_der(one.whole).ok())
                .take(MAX_CANDIDATES)
                .collect(),
            responder: responder_from(responder)?,
            produced_at: Moment::from_der(produced_at.whole)?.0,
            answers: answers.iter().map(answer_from).collect::<Result<_, _>>()?,
        })
    }

    /// See [`Statement::about`].
    pub(super) fn about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        pool: &[Certificate],
        statement: &Statement,
    ) -> Result<Option<Word>, String> {
        // Of several answers on one certificate, the worst counts.
        let answers = self.answers.iter().filter(|answer| answer.is_about(certificate, issuer));
        let Some(answer) = answers.max_by_key(|answer| answer.status.gravity()) else { return Ok(None) };
        let revoked = match answer.status {
            Said::Good => None,
            Said::Revoked { since, reason } => Some(Revoked { since, reason }),
            Said::Unknown => return Err("el respondedor OCSP no conoce el certificado".to_owned()),
        };
        let mut fault = "la respuesta OCSP no la firmó la autoridad ni alguien a quien ella delegó".to_owned();
        let candidates = std::iter::once(issuer).chain(&self.certificates).chain(pool);
        for signer in candidates.filter(|signer| self.responder.is(signer)).take(MAX_CANDIDATES) {
            let appointed = || statement.appointed_by(signer, issuer, || self.may_respond(signer, issuer));
            if signer != issuer && !appointed() {
                continue;
            }
            match statement.signed_by(signer) {
                Ok(algorithm) => {
                    return Ok(Some(Word {
                        source: Source::Ocsp,
                        revoked,
                        this_update: answer.this_update,
                        next_update: answer.next_update,
                        produced_at: self.produced_at,
                        signer: signer.clone(),
                        algorithm,
                    }));
                }
                Err(other) => fault = format!("respuesta OCSP: {other}"),
            }
        }
        Err(fault)
    }

    /// Whether the issuer appointed a responder (RFC 6960 4.2.2.2): directly, for this, and for the time of the response.
    fn may_respond(&self, signer: &Certificate, issuer: &Certificate) -> bool {
        let valid = (signer.not_before()..=signer.not_after()).contains(&self.produced_at);
        valid && suits(signer, Purpose::OcspSigning).is_ok() && issuer.issued(signer).is_ok()
    }
}

impl Responder {
    fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => name == certificate.subject_der(),
            Self::Key(hash) => *hash == sha1(certificate.key_bits()),
        }
    }
}

impl Answer {
    /// Whether its `CertID` is that of a certificate.
    fn is_about(&self, certificate: &Certificate, issuer: &Certificate) -> bool {
        let hash = |bytes: &[u8]| match self.hash {
            ID_SHA_1 => Some(sha1(bytes)),
            other => Digest::from_oid(other).ok().map(|digest| digest.of(bytes)),
        };
        self.serial == certificate.serial_bytes()
            && hash(certificate.issuer_der()).as_ref() == Some(&self.name_hash)
            && hash(issuer.key_bits()).as_ref() == Some(&self.key_hash)
    }
}

/// Whether a responder's own status need not be asked for (RFC 6960 4.2.2.2.1).
pub(super) fn is_exempt(responder: &Certificate) -> bool {
    let mut extensions = responder.parsed().tbs_certificate.extensions.iter().flatten();
    extensions.any(|extension| extension.extn_id == ID_PKIX_OCSP_NOCHECK)
}

fn responder_from(element: &Element<'_>) -> Result<Responder, Malformed> {
    let [inner] = elements(element.value)?[..] else { return Err(STRUCTURE) };
    match element.tag {
        tag if tag == context(1) => Ok(Responder::Name(inner.whole.to_vec())),
        tag if tag == context(2) && inner.tag == Tag::OctetString => Ok(Responder::Key(inner.value.to_vec())),
        _ => Err(STRUCTURE),
    }
}

fn answer_from(element: &Element<'_>) -> Result<Answer, Malformed> {
    let fields = element.inside(Tag::Sequence)?;
    let [id, status, this_update, rest @ ..] = &fields[..] else { return Err(STRUCTURE) };
    let [hash, name_hash, key_hash, serial] = id.inside(Tag::Sequence)?[..] else { return Err(STRUCTURE) };
    let [hash, ..] = hash.inside(Tag::Sequence)?[..] else { return Err(STRUCTURE) };
    let (next_update, rest) = match rest {
        [next, rest @ ..] if next.tag == context(0) => (Some(Moment::from_der(next.value)?.0), rest),
        rest => (None, rest),
    };
    match rest {
        [] => {}
        [extensions] => understood(extensions)?,
        _ => return Err(STRUCTURE),
    }
    name_hash.tag.assert_eq(Tag::OctetString)?;
    key_hash.tag.assert_eq(Tag::OctetString)?;
    serial.tag.assert_eq(Tag::Integer)?;
    Ok(Answer {
        hash: ObjectIdentifier::from_der(hash.whole)?,
        name_hash: name_hash.value.to_vec(),
        key_hash: key_hash.value.to_vec(),
        serial: serial.value.to_vec(),
        status: said(status)?,
        this_update: Moment::from_der(this_update.whole)?.0,
        next_update,
    })
}

/// `CertStatus`.
fn said(status: &Element<'_>) -> Result<Said, Malformed> {
    match status.tag {
        Tag::ContextSpecific { constructed: false, number } if number.value() == 0 => Ok(Said::Good),
        Tag::ContextSpecific { constructed: false, number } if number.value() == 2 => Ok(Said::Unknown),
        tag if tag == context(1) => {
            let fields = elements(status.value)?;
            let [since, rest @ ..] = &fields[..] else { return Err(STRUCTURE) };
            let code = match rest {
                [] => None,
                [code] => match code.inside(context(0))?[..] {
                    [code] if code.tag == Tag::Enumerated => code.value.first().copied(),
                    _ => return Err(STRUCTURE),
                },
                _ => return Err(STRUCTURE),
            };
            Ok(Said::Revoked { since: Moment::from_der(since.whole)?.0, reason: code.and_then(reason) })
        }
        _ => Err(STRUCTURE),
    }
}

/// Refuses `[1] EXPLICIT Extensions` with a critical one: none is understood here.
fn understood(extensions: &Element<'_>) -> Result<(), Malformed> {
    let [list] = extensions.inside(context(1))?[..] else { return Err(STRUCTURE) };
    for extension in list.inside(Tag::Sequence)? {
        if x509_cert::ext::Extension::from_der(extension.whole)?.critical {
            return Err(Malformed("la respuesta OCSP exige algo que aquí no se comprueba"));
        }
    }
    Ok(())
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_answers_the_worst_counts() {
        let revoked =
            |day: i64| Said::Revoked { since: DateTime::from_timestamp(day * 86_400, 0).unwrap(), reason: None };
        let ordered = [Said::Good, Said::Unknown, revoked(2), revoked(1)];
        assert!(ordered.is_sorted_by(|better, worse| better.gravity() < worse.gravity()));
    }
}
