//! Timestamps: those of the document, and those inside signatures (EN 319 102-1 5.4, 5.6.3).

use chrono::{DateTime, Utc};

use super::knowledge::{Kept, Knowledge, Place};
use super::level::reached;
use super::notes::{Notes, Refusal, SubIndication};
use super::{Case, Judgement, PARTIAL, Proven, Read, Signed, TOLERANCE, algorithms, trust};
use crate::pki::algorithm::{Fault as AlgorithmFault, PublicKey};
use crate::pki::certificate::Certificate;
use crate::pki::cms;
use crate::pki::path::{Path, Purpose};
use crate::pki::revocation::Moments;
use crate::pki::timestamp::{Token, VAGUE};

/// A timestamp that holds.
pub(super) struct Held {
    /// When it was made.
    pub time: DateTime<Utc>,
    /// Who made it.
    pub authority: Certificate,
    /// How well what tells so is kept.
    pub kept: Kept,
}

/// Judges a document timestamp; one that holds becomes a proof.
pub(super) fn judge(case: &Case<'_>, entry: &Signed, read: &Read, knowledge: &mut Knowledge<'_>) -> Judgement {
    let mut notes = Notes::default();
    let proven = knowledge.proven(Place::Contents(entry.end));
    let (mut signer, mut path, mut claimed, mut level) = (None, None, None, None);
    match (read, entry.parts(case.file)) {
        (Read::Timestamp(token), Some(parts)) => {
            notes.held("formato", "un solo firmante y un solo sentido posible");
            claimed = Some(token.time);
            notes.note("orden", ordered(token, &proven));
            let (found, held) = validate(token, &parts, knowledge, &proven, &mut notes);
            (signer, path) = found;
            if let Some(held) = held {
                knowledge.seal(entry, held.time);
                level = Some(reached(true, Some(held.kept)));
            }
        }
        (Read::Malformed(fault), _) => notes.failed("formato", Refusal::new(SubIndication::FormatFailure, fault)),
        _ => notes.failed("formato", Refusal::new(SubIndication::FormatFailure, PARTIAL)),
    }
    let (status, sub_indication) = notes.verdict();
    let (field, kind, checks) = (entry.field.clone(), entry.kind, notes.checks);
    Judgement { field, kind, status, sub_indication, checks, signer, path, claimed, proven, level }
}

/// Validates a timestamp over something, at the moment that the timestamp itself is proven to have existed at. Whether it is in order
/// is for the caller to tell.
pub(super) fn validate(
    token: &Token,
    parts: &[&[u8]],
    knowledge: &Knowledge<'_>,
    proven: &Proven,
    notes: &mut Notes,
) -> ((Option<Certificate>, Option<Path>), Option<Held>) {
    let before = notes.verdict().1;
    let signer = notes.note("certificado", identified(token.cms.signer(&knowledge.pool)));
    let content = token.imprint_holds(parts).and_then(|()| token.cms.digest_holds(&[]));
    notes.note("contenido", intact(content).and_then(|held| precise(token).map(|()| held)));
    let Some(authority) = signer else { return ((None, None), None) };
    let value = token.cms.signature_holds(&authority);
    let algorithm = value.as_ref().ok().copied();
    notes.note("valor", genuine(value.map(|_| ())));
    let moments = Moments { relied_upon: proven.at, fresh_for: token.time };
    let path = notes.note(
        "cadena",
        in_force(&authority, token).and_then(|()| trust::path(knowledge, &authority, Purpose::Timestamping, proven.at)),
    );
    let kept = path.as_ref().and_then(|path| notes.note("revocacion", trust::revocation(knowledge, path, moments)));
    if let (Some(algorithm), Ok(key)) = (algorithm, PublicKey::from_spki(authority.spki_der())) {
        notes.held("algoritmos", algorithms::said(algorithm, key, proven.at));
    }
    let held = kept.filter(|_| before.is_none() && notes.verdict().1.is_none());
    let held = held.map(|kept| Held { time: token.time, authority: authority.clone(), kept });
    ((Some(authority), path), held)
}

/// The timestamp tells the time well enough.
fn precise(token: &Token) -> Result<(), Refusal> {
    if token.is_precise() { Ok(()) } else { Err(Refusal::new(SubIndication::SigConstraintsFailure, VAGUE)) }
}

/// The authority's certificate was valid when it says to have stamped.
fn in_force(authority: &Certificate, token: &Token) -> Result<(), Refusal> {
    if (authority.not_before()..=authority.not_after()).contains(&token.time) {
        return Ok(());
    }
    let seen = format!("el certificado de «{}» no estaba vigente en la hora del sello", authority.name());
    Err(Refusal::new(SubIndication::ChainConstraintsFailure, seen))
}

/// A document timestamp is not younger than the one that proves that it existed, nor than the present.
fn ordered(token: &Token, proven: &Proven) -> Result<((), String), Refusal> {
    let at = token.time.format("%Y-%m-%d %H:%M:%S UTC");
    if token.time > proven.at + TOLERANCE + token.accuracy.unwrap_or_default() {
        let seen = format!("el sello es del {at}, posterior a lo que prueba que ya existía");
        return Err(Refusal::new(SubIndication::TimestampOrderFailure, seen));
    }
    Ok(((), format!("puesto el {at}")))
}

/// The signer's certificate was found (EN 319 102-1 5.2.3).
pub(super) fn identified(signer: Result<Certificate, cms::Fault>) -> Result<(Certificate, String), Refusal> {
    match signer {
        Ok(signer) => {
            let seen = format!("«{}», emitido por «{}»", signer.name(), signer.issuer_name());
            Ok((signer, seen))
        }
        Err(fault) => Err(Refusal::new(SubIndication::NoSigningCertificateFound, fault)),
    }
}

/// What was signed is still the same (EN 319 102-1 5.2.7).
pub(super) fn intact(digest: Result<(), cms::Fault>) -> Result<((), String), Refusal> {
    match digest {
        Ok(()) => Ok(((), "sin cambios desde que se firmó".to_owned())),
        Err(cms::Fault::Signature(fault)) => Err(Refusal::new(SubIndication::CryptoConstraintsFailureNoPoe, fault)),
        Err(fault) => Err(Refusal::new(SubIndication::HashFailure, fault)),
    }
}

/// The signature value is of the signer's key (EN 319 102-1 5.2.7).
pub(super) fn genuine(value: Result<(), AlgorithmFault>) -> Result<((), String), Refusal> {
    match value {
        Ok(()) => Ok(((), "hecha con la clave del certificado".to_owned())),
        Err(fault @ (AlgorithmFault::Weak(_) | AlgorithmFault::Unsupported(_))) => {
            Err(Refusal::new(SubIndication::CryptoConstraintsFailureNoPoe, fault))
        }
        Err(fault) => Err(Refusal::new(SubIndication::SigCryptoFailure, fault)),
    }
}
