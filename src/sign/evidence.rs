//! What a signature needs to be verified without a network, for ever (B-LT; EN 319 142-1, 5.4.2 and 6.3): the certificates up to an
//! anchor, and for each one below it somebody's word that it is not revoked.
//!
//! Nothing goes in that has not been verified. Where an address answers nothing that settles it, the next one is asked: OCSP
//! responders before CRLs, which can be large.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};

use super::fetch::{issuers, ocsp_request};
use super::{Network, TOLERANCE};
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;
use crate::pki::path::{self, Path, Purpose};
use crate::pki::revocation::{Known, Moments, Source, Statement, Status, Why, status};

/// Most certificates that are fetched to complete a path.
const MAX_FETCHED: usize = 6;

/// Who gathers evidence: from where, up to whom, and for which moment.
pub struct Gatherer<'a> {
    /// Where it comes from: [`super::network::Once`], where many reports are signed.
    pub network: &'a dyn Network,
    /// The authorities that are trusted.
    pub anchors: &'a [Certificate],
    /// When the certificates are relied upon: the time of the signature, by its timestamp.
    pub at: DateTime<Utc>,
    /// The time now.
    pub now: DateTime<Utc>,
}

impl Gatherer<'_> {
    /// Gathers what proves that a certificate was good, in an order that depends on nothing but what is gathered. `known` are
    /// certificates that may be on the way to an anchor, and need not be trusted.
    ///
    /// # Errors
    /// When no path leads to an anchor, a certificate is revoked, or nobody says that it is not.
    pub fn gather(&self, certificate: &Certificate, known: &[Certificate], purpose: Purpose) -> Result<Evidence> {
        let path = self.path(certificate, known, purpose)?;
        let mut evidence = Evidence { certificates: path.certificates.clone(), ..Evidence::default() };
        evidence.certificates.push(path.anchor.clone());
        for (certificate, issuer) in path.links() {
            let found = self.settle(certificate, issuer)?;
            evidence.add(&found);
        }
        evidence.certificates.sort_by(|one, other| one.der().cmp(other.der()));
        evidence.ocsps.sort();
        evidence.crls.sort();
        Ok(evidence)
    }

    /// The path to an anchor; certificates that it lacks are fetched from where those below say (RFC 5280, 4.2.2.1).
    fn path(&self, certificate: &Certificate, known: &[Certificate], purpose: Purpose) -> Result<Path> {
        let mut pool = known.to_vec();
        for _ in 0..=MAX_FETCHED {
            match path::find(certificate, &pool, self.anchors, self.at, purpose) {
                Err(path::Fault::NotFound) => {}
                found => {
                    return found
                        .with_context(|| format!("no se puede confiar en el certificado de «{}»", certificate.name()));
                }
            }
            let last = last(certificate, &pool);
            let fetched = if last.is_self_signed() { None } else { self.issuer(last) };
            let Some(issuer) = fetched else {
                bail!(
                    "el certificado de «{}» no llega a ninguna de las raíces de confianza: lo último que se conoce es «{}», emitido \
                     por «{}»",
                    certificate.name(),
                    last.name(),
                    last.issuer_name()
                )
            };
            pool.push(issuer);
        }
        bail!("el certificado de «{}» no llega a ninguna de las raíces de confianza", certificate.name())
    }

    /// The issuer's certificate, from one of the addresses that a certificate has for it.
    fn issuer(&self, of: &Certificate) -> Option<Certificate> {
        let fetched = of.issuer_urls().into_iter().filter_map(|url| self.network.get(&url).ok());
        fetched.flat_map(|bytes| issuers(&bytes)).find(|issuer| issuer.issued(of).is_ok())
    }

    /// Evidence that a certificate is not revoked.
    fn settle(&self, certificate: &Certificate, issuer: &Certificate) -> Result<Evidence> {
        let (responders, lists) = (certificate.ocsp_urls(), certificate.crl_urls());
        let by_response = responders.iter().map(|url| self.by_response(url, certificate, issuer));
        let mut reasons = Vec::new();
        for answer in by_response.chain(lists.iter().map(|url| self.by_list(url, certificate, issuer))) {
            match answer {
                Answer::Good(found) => return Ok(found),
                Answer::Revoked(reason) => bail!(reason),
                Answer::Nothing(reason) => reasons.push(reason),
            }
        }
        if reasons.is_empty() {
            reasons.push("no dice dónde se pregunta".to_owned());
        }
        bail!("no se sabe si el certificado de «{}» está revocado: {}", certificate.name(), reasons.join("; "))
    }

    /// Asks a responder. Whom the issuer appointed to respond may have to be proven good too, by a CRL (RFC 6960, 4.2.2.2.1).
    fn by_response(&self, url: &str, certificate: &Certificate, issuer: &Certificate) -> Answer {
        let found = ocsp_request(certificate, issuer).and_then(|request| self.network.ocsp(url, &request));
        let response = match found {
            Ok(response) => response,
            Err(reason) => return Answer::Nothing(format!("{reason:#}")),
        };
        let responder = match Statement::ocsp(&response).map(|read| read.about(certificate, issuer, &[])) {
            Ok(Ok(word)) => word.map(|word| word.signer).filter(|signer| signer != issuer),
            Ok(Err(reason)) => return Answer::Nothing(format!("«{url}»: {reason}")),
            Err(reason) => return Answer::Nothing(format!("«{url}»: {reason}")),
        };
        let mut found =
            Evidence { certificates: responder.iter().cloned().collect(), ocsps: vec![response], crls: Vec::new() };
        let answer = self.judge(url, certificate, issuer, found.clone());
        match (&answer, responder) {
            (Answer::Nothing(_), Some(responder)) => {
                found.crls = responder.crl_urls().iter().filter_map(|url| self.network.get(url).ok()).collect();
                self.judge(url, certificate, issuer, found)
            }
            _ => answer,
        }
    }

    /// Looks into a CRL.
    fn by_list(&self, url: &str, certificate: &Certificate, issuer: &Certificate) -> Answer {
        match self.network.get(url) {
            Ok(list) => self.judge(url, certificate, issuer, Evidence { crls: vec![list], ..Evidence::default() }),
            Err(reason) => Answer::Nothing(format!("{reason:#}")),
        }
    }

    /// What something that was found says of a certificate.
    fn judge(&self, url: &str, certificate: &Certificate, issuer: &Certificate, found: Evidence) -> Answer {
        let statements = Statement::all(&found);
        let known: Vec<Known<'_>> = statements.iter().map(|statement| Known { statement, since: self.now }).collect();
        let moments = Moments { relied_upon: self.at, fresh_for: self.at };
        match status(certificate, issuer, &known, &found.certificates, self.anchors, moments) {
            Status::Good(word) if word.this_update > self.now + TOLERANCE => Answer::Nothing(format!(
                "«{url}»: lo que respondió dice ser del futuro: revise el reloj de este equipo"
            )),
            // The list that was fetched to vouch for a responder may tell of the certificate itself, and the responder not.
            Status::Good(word) if word.source == Source::Crl => {
                Answer::Good(Evidence { crls: found.crls, ..Evidence::default() })
            }
            Status::Good(_) => Answer::Good(found),
            Status::Revoked(_, revoked) => {
                let reason = revoked.reason.map_or(String::new(), |reason| format!(" ({reason})"));
                let since = revoked.since.format("%Y-%m-%d");
                Answer::Revoked(format!(
                    "el certificado de «{}» está revocado desde el {since}{reason}",
                    certificate.name()
                ))
            }
            Status::Unknown(why) => Answer::Nothing(format!("«{url}»: {}", words(&why))),
        }
    }
}

/// What an address answered on whether a certificate is revoked.
enum Answer {
    Good(Evidence),
    Revoked(String),
    /// Nothing that could be relied upon, and why.
    Nothing(String),
}

/// The certificate at which what is known ends, on the way up from another.
fn last<'a>(first: &'a Certificate, pool: &'a [Certificate]) -> &'a Certificate {
    let above = |below: &&'a Certificate| pool.iter().find(|one| one != below && one.issued(below).is_ok());
    std::iter::successors(Some(first), above).take(MAX_FETCHED + 1).last().unwrap_or(first)
}

fn words(why: &Why) -> String {
    match why {
        Why::Nothing => "lo que respondió no dice nada de ese certificado".to_owned(),
        Why::Stale(newest) => format!("lo que respondió ya no está al día: es del {}", newest.format("%Y-%m-%d")),
        Why::TooLate => "lo que respondió es de después de su vencimiento".to_owned(),
        Why::NoProof => "venció el certificado de quien respondió".to_owned(),
        Why::Unusable(reason) => reason.clone(),
    }
}
