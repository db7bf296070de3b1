//! A signed file renewed before its algorithms or certificates age (EN 319 142-1, 5.4.3 and annex A): validation data for all that
//! it holds, as fresh as they can be had, and a timestamp of the document over them.
//!
//! A file below B-LTA becomes one: whoever signed it without validation data, with another program for instance, gets them here.

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};

use super::report::{Services, stamped, with_evidence};
use super::stored;
use crate::pki::certificate::Certificate;
use crate::pki::cms::Cms;
use crate::pki::evidence::Evidence;
use crate::pki::path::{self, Purpose};
use crate::pki::revocation::{Known, Moments, Statement, Status, status};
use crate::pki::timestamp::Token;
use crate::verify::judge;
use crate::verify::{Document, Signature, verify};

/// Somebody whose certificate has to be proved good.
struct Signer {
    certificate: Certificate,
    purpose: Purpose,
    /// When the certificate was relied upon.
    at: DateTime<Utc>,
}

/// What others say today of the certificates in a signed file, as far as they answer.
#[must_use]
pub fn asked(pdf: &[u8], services: &Services) -> Evidence {
    let mut evidence = Evidence::default();
    let Ok(document) = Document::read(pdf) else { return evidence };
    let now = services.clock.now();
    let mut known = stored(document.file.now());
    let mut signers = Vec::new();
    for signature in &document.signatures {
        // What cannot be read is told by whoever judges it.
        let _ = signers_of(signature, now, &mut known, &mut signers);
    }
    for signer in signers {
        if let Ok(found) = services.gatherer(now).gather(&signer.certificate, &known.certificates, signer.purpose) {
            evidence.add(&found);
        }
    }
    evidence
}

/// Renews a signed file.
///
/// # Errors
/// When the file has no signature, the validation data of one cannot be had, or the authority fails.
pub fn renew(pdf: &[u8], services: &Services) -> Result<Vec<u8>> {
    let now = services.clock.now();
    let document = Document::read(pdf).context("el archivo no se puede leer como PDF")?;
    ensure!(!document.signatures.is_empty(), "el archivo no tiene ninguna firma");
    let mut known = stored(document.file.now());
    let mut signers = Vec::new();
    for signature in &document.signatures {
        signers_of(signature, now, &mut known, &mut signers)
            .with_context(|| format!("la firma «{}» no se puede leer", signature.field))?;
    }
    let mut evidence = Evidence::default();
    for signer in &signers {
        evidence.add(&fresh(signer, &known, services, now)?);
    }
    proved(stamped(&with_evidence(pdf, &evidence)?, services)?, services)
}

/// The sealed file, if all that it holds can be verified: a broken signature is not to look younger than it is.
fn proved(sealed: Vec<u8>, services: &Services) -> Result<Vec<u8>> {
    let verdict = verify(&sealed, services.anchors, services.clock.now(), &Evidence::default());
    if verdict.status != judge::Status::TotalPassed {
        let failed =
            verdict.signatures.iter().find(|signature| signature.judgement.status != judge::Status::TotalPassed);
        let why =
            failed.map(|signature| format!("la firma «{}» no pasa: {}", signature.judgement.field, signature.why()));
        bail!("el archivo no se debe sellar: {}", why.unwrap_or_else(|| verdict.faults.join("; ")));
    }
    Ok(sealed)
}

/// Who signed, and who made the timestamps; what their signatures bring along is known from then on.
fn signers_of(
    signature: &Signature,
    now: DateTime<Utc>,
    known: &mut Evidence,
    signers: &mut Vec<Signer>,
) -> Result<()> {
    let covered = signature.covered.as_ref().map_err(|fault| anyhow::anyhow!(fault.clone()))?;
    let mut of_token = |der: &[u8], known: &mut Evidence| -> Result<DateTime<Utc>> {
        let token = Token::read(der)?;
        known.add(&token.cms.evidence);
        let certificate = token.cms.signer(&known.certificates)?;
        signers.push(Signer { certificate, purpose: Purpose::Timestamping, at: token.time });
        Ok(token.time)
    };
    if signature.said.timestamp {
        of_token(&covered.contents, known)?;
        return Ok(());
    }
    let cms = Cms::detached(&covered.contents)?;
    known.add(&cms.evidence);
    let times = cms.timestamps.iter().map(|der| of_token(der, known)).collect::<Result<Vec<_>>>()?;
    let certificate = cms.signer(&known.certificates)?;
    signers.push(Signer { certificate, purpose: Purpose::Signer, at: times.into_iter().min().unwrap_or(now) });
    Ok(())
}

/// Evidence for a certificate as of now. One that has expired, or whose authority does not answer any more, goes on with what the
/// file holds.
fn fresh(signer: &Signer, known: &Evidence, services: &Services, now: DateTime<Utc>) -> Result<Evidence> {
    let name = signer.certificate.name();
    let proved = is_proved(signer, known, services.anchors);
    if signer.certificate.not_after() < now {
        if proved {
            return Ok(Evidence::default());
        }
        bail!("el certificado de «{name}» venció y el archivo no prueba que entonces valía");
    }
    match services.gatherer(now).gather(&signer.certificate, &known.certificates, signer.purpose) {
        Err(_) if proved => Ok(Evidence::default()),
        found => found.with_context(|| format!("faltan los datos de validación de «{name}»")),
    }
}

/// Whether what the file holds proves that a certificate was good when it was relied upon.
fn is_proved(signer: &Signer, known: &Evidence, anchors: &[Certificate]) -> bool {
    let Ok(path) = path::find(&signer.certificate, &known.certificates, anchors, signer.at, signer.purpose) else {
        return false;
    };
    let statements = Statement::all(known);
    let known_since: Vec<Known> = statements.iter().map(|statement| Known { statement, since: signer.at }).collect();
    let moments = Moments { relied_upon: signer.at, fresh_for: signer.at };
    path.links().all(|(certificate, issuer)| {
        let status = status(certificate, issuer, &known_since, &known.certificates, anchors, moments);
        matches!(status, Status::Good(_))
    })
}
