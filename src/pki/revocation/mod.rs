//! What OCSP responses and CRLs say of a certificate, and whether that can be relied upon.
//!
//! Revocation data of a signature are nearly always fetched after it was made, and looked at much later still. So three moments
//! count: the one that the certificate is relied upon at, the one that the data speak for, and the one since when the data are known
//! to exist: their own signer must not have expired by then (EN 319 102-1 5.6.2.2).

mod crl;
mod ocsp;

#[cfg(test)]
mod tests;

use std::cell::RefCell;

use chrono::{DateTime, Utc};

use crate::pki::algorithm::{self, SignatureAlgorithm};
use crate::pki::certificate::Certificate;
use crate::pki::cms::Malformed;
use crate::pki::evidence::Evidence;

/// An OCSP response or a CRL, read once.
pub struct Statement {
    body: Body,
    /// Whose signature it has been found to be, or not.
    verified: RefCell<Vec<(Certificate, Result<SignatureAlgorithm, algorithm::Fault>)>>,
    /// Whom an issuer has been found to have appointed to sign it, or not: responder, issuer.
    appointed: RefCell<Vec<(Certificate, Certificate, bool)>>,
}

enum Body {
    Ocsp(ocsp::Response),
    Crl(crl::List),
}

/// The kind of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// RFC 6960.
    Ocsp,
    /// RFC 5280 5.
    Crl,
}

/// What a statement says of one certificate, in the name of the certificate's issuer.
#[derive(Clone, Debug)]
pub struct Word {
    /// Where it is said.
    pub source: Source,
    /// Since when the certificate is revoked, if it is, and why.
    pub revoked: Option<Revoked>,
    /// The moment that it speaks for.
    pub this_update: DateTime<Utc>,
    /// When there would be newer.
    pub next_update: Option<DateTime<Utc>>,
    /// When it was signed.
    pub produced_at: DateTime<Utc>,
    /// Who signed it: the issuer, or whom the issuer appointed.
    pub signer: Certificate,
    /// How it is signed.
    pub algorithm: SignatureAlgorithm,
}

/// A revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Since when: the date of the revocation, or the one before it when the key is said to have been lost already.
    pub since: DateTime<Utc>,
    /// Why, in words.
    pub reason: Option<&'static str>,
}

/// The status of a certificate.
#[derive(Clone, Debug)]
pub enum Status {
    /// Not revoked at the moment of interest; it may have been since.
    Good(Word),
    /// Revoked at the moment of interest.
    Revoked(Word, Revoked),
    /// There is nothing that tells.
    Unknown(Why),
}

/// Why nothing tells the status of a certificate.
#[derive(Clone, Debug)]
pub enum Why {
    /// There are no data on it.
    Nothing,
    /// The newest that there are speak for a moment before the one of interest.
    Stale(DateTime<Utc>),
    /// The data are of after the certificate expired, when authorities cease to tell of it.
    TooLate,
    /// The certificate that signed the data had expired before anything proves that the data existed.
    NoProof,
    /// The data cannot be relied upon; the text says why.
    Unusable(String),
}

/// The moments that count when a status is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// A revocation up to this moment counts.
    pub relied_upon: DateTime<Utc>,
    /// The data must speak for this moment or a later one.
    pub fresh_for: DateTime<Utc>,
}

/// A statement, and since when it is known to exist.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// Since when it is known to exist: now, if nothing proves more.
    pub since: DateTime<Utc>,
}

impl Statement {
    /// Reads an `OCSPResponse`.
    ///
    /// # Errors
    /// When it cannot be read, or is no answer.
    pub fn ocsp(der: &[u8]) -> Result<Self, Malformed> {
        ocsp::Response::read(der).map(|response| Self::new(Body::Ocsp(response)))
    }

    /// Reads a `CertificateList`.
    ///
    /// # Errors
    /// When it cannot be read, or is of a kind that is not understood: indirect, delta, of some reasons only.
    pub fn crl(der: &[u8]) -> Result<Self, Malformed> {
        crl::List::read(der).map(|list| Self::new(Body::Crl(list)))
    }

    /// Reads all that there is, besides what is unreadable.
    #[must_use]
    pub fn all(evidence: &Evidence) -> Vec<Self> {
        let ocsps = evidence.ocsps.iter().filter_map(|der| Self::ocsp(der).ok());
        ocsps.chain(evidence.crls.iter().filter_map(|der| Self::crl(der).ok())).collect()
    }

    fn new(body: Body) -> Self {
        Self { body, verified: RefCell::default(), appointed: RefCell::default() }
    }

    /// What it says of a certificate. Nothing when it does not speak of it, or not in the name of its issuer. Whom the issuer
    /// appointed to respond may be among others that are known.
    ///
    /// # Errors
    /// When it speaks of it, but is not signed as it must be.
    pub fn about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        pool: &[Certificate],
    ) -> Result<Option<Word>, String> {
        match &self.body {
            Body::Ocsp(response) => response.about(certificate, issuer, pool, self),
            Body::Crl(list) => list.about(certificate, issuer, self),
        }
    }

    /// Whether an issuer appointed a responder; each is asked once, by a function that knows.
    fn appointed_by(&self, responder: &Certificate, issuer: &Certificate, asked: impl Fn() -> bool) -> bool {
        let known =
            self.appointed.borrow().iter().find(|(one, by, _)| one == responder && by == issuer).map(|one| one.2);
        known.unwrap_or_else(|| {
            let appointed = asked();
            self.appointed.borrow_mut().push((responder.clone(), issuer.clone(), appointed));
            appointed
        })
    }

    /// Whether a certificate's key signed this; each is tried once.
    fn signed_by(&self, signer: &Certificate) -> Result<SignatureAlgorithm, algorithm::Fault> {
        if let Some((_, known)) = self.verified.borrow().iter().find(|(one, _)| one == signer) {
            return known.clone();
        }
        let (bytes, identifier, signature) = match &self.body {
            Body::Ocsp(response) => (&response.signed, &response.algorithm, &response.signature),
            Body::Crl(list) => (&list.signed, &list.algorithm, &list.signature),
        };
        let algorithm = SignatureAlgorithm::from_identifier(identifier, None);
        let verified = algorithm.and_then(|one| {
            algorithm::verify(signer.spki_der(), one, bytes, signature)?;
            Ok(one)
        });
        self.verified.borrow_mut().push((signer.clone(), verified.clone()));
        verified
    }
}

/// The status of a certificate, from all that is known. A revocation counts whatever else is said, and even where nothing proves that
/// it was said in time.
#[must_use]
pub fn status(
    certificate: &Certificate,
    issuer: &Certificate,
    known: &[Known<'_>],
    pool: &[Certificate],
    anchors: &[Certificate],
    moments: Moments,
) -> Status {
    let mut why = Why::Nothing;
    let mut good: Option<Word> = None;
    for Known { statement, since } in known {
        let word = match statement.about(certificate, issuer, pool) {
            Ok(None) => continue,
            Ok(Some(word)) => word,
            Err(unusable) => {
                why = Why::Unusable(unusable);
                continue;
            }
        };
        // Who says so now of a day to come says it now.
        let revoked = word.revoked.clone().map(|one| Revoked { since: one.since.min(word.this_update), ..one });
        if let Some(revoked) = revoked.filter(|revoked| revoked.since <= moments.relied_upon) {
            return Status::Revoked(word, revoked);
        }
        if word.signer.not_after() < *since && !anchors.contains(&word.signer) {
            why = Why::NoProof;
            continue;
        }
        if &word.signer != issuer && !appointed(&word, issuer, known, pool) {
            why = Why::Unusable(format!("el estado de quien respondió, «{}», no se conoce", word.signer.name()));
            continue;
        }
        if word.revoked.is_none() && word.this_update > certificate.not_after() {
            why = Why::TooLate;
        } else if word.this_update.max(word.next_update.unwrap_or(word.this_update)) < moments.fresh_for {
            let newest = if let Why::Stale(other) = why { other.max(word.this_update) } else { word.this_update };
            why = Why::Stale(newest);
        } else if good.as_ref().is_none_or(|other| other.this_update < word.this_update) {
            good = Some(word);
        }
    }
    good.map_or(Status::Unknown(why), Status::Good)
}

/// Whether an appointed responder is itself in order: the issuer says not to ask (`id-pkix-ocsp-nocheck`, RFC 6960 4.2.2.2.1), or a
/// CRL of the issuer does not name it.
fn appointed(word: &Word, issuer: &Certificate, known: &[Known<'_>], pool: &[Certificate]) -> bool {
    if ocsp::is_exempt(&word.signer) {
        return true;
    }
    let crls = known.iter().filter(|known| matches!(known.statement.body, Body::Crl(_)));
    let mut words =
        crls.filter_map(|known| known.statement.about(&word.signer, issuer, pool).ok().flatten()).peekable();
    words.peek().is_some() && words.all(|said| said.revoked.is_none_or(|revoked| revoked.since > word.produced_at))
}

/// A reason of RFC 5280 5.3.1, in words.
fn reason(code: u8) -> Option<&'static str> {
    Some(match code {
        1 => "clave comprometida",
        2 => "autoridad comprometida",
        3 => "cambio de afiliación",
        4 => "reemplazado",
        5 => "cese de operación",
        6 => "suspendido",
        9 => "privilegio retirado",
        10 => "autoridad de atributos comprometida",
        _ => return None,
    })
}
