//! Somebody's signature (EN 319 102-1 5.3, 5.5, 5.6.3).

use chrono::{DateTime, Utc};

use super::knowledge::{Knowledge, Place};
use super::level::reached;
use super::notes::{Notes, Outcome, Refusal, Status, SubIndication};
use super::timestamp::{Held, genuine, identified, intact, validate};
use super::{Case, Judgement, PARTIAL, Proof, Proven, Read, Signed, TOLERANCE, algorithms, trust};
use crate::pki::algorithm::PublicKey;
use crate::pki::certificate::Certificate;
use crate::pki::cms::Cms;
use crate::pki::path::{Path, Purpose};
use crate::pki::revocation::Moments;
use crate::pki::timestamp::Token;
use crate::sign::Level;

/// Judges a signature.
pub(super) fn judge(case: &Case<'_>, entry: &Signed, read: &Read, knowledge: &mut Knowledge<'_>) -> Judgement {
    let mut notes = Notes::default();
    let sealed = knowledge.proven(Place::Contents(entry.end));
    let mut found = Found { proven: sealed, signer: None, path: None, level: None, claimed: entry.declared };
    match (read, entry.parts(case.file)) {
        (Read::Signature(cms), Some(parts)) => {
            notes.held("formato", "un solo firmante y un solo sentido posible");
            validated(entry, cms, &parts, knowledge, &mut notes, &mut found);
        }
        (Read::Malformed(fault), _) => notes.failed("formato", Refusal::new(SubIndication::FormatFailure, fault)),
        _ => notes.failed("formato", Refusal::new(SubIndication::FormatFailure, PARTIAL)),
    }
    let (status, sub_indication) = notes.verdict();
    let Found { proven, signer, path, level, claimed } = found;
    let (field, kind, checks) = (entry.field.clone(), entry.kind, notes.checks);
    Judgement { field, kind, status, sub_indication, checks, signer, path, claimed, proven, level }
}

/// What is found on the way.
struct Found {
    proven: Proven,
    signer: Option<Certificate>,
    path: Option<Path>,
    level: Option<Level>,
    claimed: Option<DateTime<Utc>>,
}

/// The steps, once the signature could be read.
fn validated(
    entry: &Signed,
    cms: &Cms,
    parts: &[&[u8]],
    knowledge: &mut Knowledge<'_>,
    notes: &mut Notes,
    found: &mut Found,
) {
    found.claimed = found.claimed.or(cms.signing_time);
    found.signer = notes.note("certificado", identified(cms.signer(&knowledge.pool)));
    notes.note("contenido", intact(cms.digest_holds(parts)));
    let Some(signer) = found.signer.clone() else { return };
    let value = cms.signature_holds(&signer);
    let algorithm = value.as_ref().ok().copied();
    notes.note("valor", genuine(value.map(|_| ())));
    notes.note("atributos", baseline(cms));
    let whole = notes.verdict().1.is_none();
    let stamp = stamped(cms, knowledge, &found.proven, notes);
    seals(&found.proven, notes);
    if let Some(stamp) = &stamp {
        notes.note("orden", ordered(stamp, &found.proven, knowledge.not_before(entry)));
        if stamp.time <= found.proven.at {
            let by = Proof::SignatureTimestamp(stamp.authority.name());
            found.proven = Proven { at: stamp.time, by };
        }
        knowledge.stamp(entry, stamp.time);
    }
    let at = found.proven.at;
    let moments = Moments { relied_upon: at, fresh_for: at };
    found.path = notes.note(
        "cadena",
        trust::path(knowledge, &signer, Purpose::Signer, at).map_err(|refusal| {
            let after_its_end = knowledge.not_before(entry).is_some_and(|moment| moment > signer.not_after());
            if after_its_end { refusal.turned(is_out_of_bounds, SubIndication::Expired) } else { refusal }
        }),
    );
    let kept = found.path.as_ref().and_then(|path| {
        let told = trust::revocation(knowledge, path, moments);
        notes.note("revocacion", told.map_err(|refusal| for_certain(refusal, path, knowledge, entry)))
    });
    match found.claimed {
        Some(claimed) => _ = notes.note("hora", plausible(claimed, &signer)),
        None => notes.not_applicable("hora", "la firma no dice cuándo se hizo"),
    }
    if let (Some(algorithm), Ok(key)) = (algorithm, PublicKey::from_spki(signer.spki_der())) {
        notes.held("algoritmos", algorithms::said(algorithm, key, at));
    }
    if whole && cms.signing_time.is_none() {
        let kept = kept.filter(|_| notes.verdict().1.is_none());
        let kept = kept.map(|kept| stamp.as_ref().map_or(kept, |stamp| kept.min(stamp.kept)));
        let kept = kept.map(|kept| kept.min(knowledge.kept(Place::Contents(entry.end))));
        found.level = Some(reached(found.proven.by != Proof::Now, kept));
    }
}

/// What a `PAdES` baseline signature says of itself (EN 319 142-1 6.3). A signing time in the wrong place costs the level, not the
/// validity.
fn baseline(cms: &Cms) -> Result<((), String), Refusal> {
    match &cms.reference {
        None => {
            let seen = "la firma no dice con qué certificado se hizo (signing-certificate)";
            Err(Refusal::new(SubIndication::SigConstraintsFailure, seen))
        }
        Some(_) if cms.signing_time.is_some() => {
            Ok(((), "trae la hora también dentro del CMS: no es una firma PAdES básica".to_owned()))
        }
        Some(reference) if reference.is_weak() => {
            Ok(((), "nombran el certificado del firmante, aunque con SHA-1".to_owned()))
        }
        Some(_) => Ok(((), "nombran el certificado del firmante".to_owned())),
    }
}

/// The signer says to have signed while the certificate was valid. More cannot be told of it: it is the signer's word.
fn plausible(claimed: DateTime<Utc>, signer: &Certificate) -> Result<((), String), Refusal> {
    let moment = claimed.format("%Y-%m-%d %H:%M:%S UTC");
    if (signer.not_before()..=signer.not_after()).contains(&claimed) {
        return Ok(((), format!("{moment}, según el firmante")));
    }
    let seen = format!("el firmante dice haber firmado el {moment}, cuando su certificado no estaba vigente");
    Err(Refusal::new(SubIndication::SigConstraintsFailure, seen))
}

/// The earliest of the timestamps inside a signature that hold. One whose authority cannot be relied upon proves nothing, and takes
/// nothing away; but none may be of another signature, or forged.
fn stamped(cms: &Cms, knowledge: &Knowledge<'_>, proven: &Proven, notes: &mut Notes) -> Option<Held> {
    if cms.timestamps.is_empty() {
        notes.not_applicable("sello", "la firma no trae sello de tiempo");
        return None;
    }
    let mut earliest: Option<Held> = None;
    let mut why = String::new();
    for der in &cms.timestamps {
        let mut own = Notes::default();
        match Token::read(der) {
            Ok(token) => {
                let (_, held) = validate(&token, &[&cms.signature], knowledge, proven, &mut own);
                earliest = [earliest, held].into_iter().flatten().min_by_key(|held| held.time);
            }
            Err(fault) => own.failed("formato", Refusal::new(SubIndication::FormatFailure, fault)),
        }
        let (status, _) = own.verdict();
        let wrong = own.checks.into_iter().find(|check| matches!(check.outcome, Outcome::Failed | Outcome::Unknown));
        let Some(wrong) = wrong else { continue };
        why = format!("{}: {}", wrong.name.to_lowercase(), wrong.seen);
        if status == Status::TotalFailed {
            notes.failed(
                "sello",
                Refusal::new(SubIndication::SigConstraintsFailure, format!("es falso o ajeno: {why}")),
            );
            return None;
        }
    }
    match &earliest {
        Some(held) => {
            let (authority, time) = (held.authority.name(), held.time.format("%Y-%m-%d %H:%M:%S UTC"));
            notes.held("sello", format!("«{authority}», {time}"));
        }
        None => notes.not_known("sello", format!("no prueba nada: {why}")),
    }
    earliest
}

/// What document timestamps prove of the signature.
fn seals(proven: &Proven, notes: &mut Notes) {
    match &proven.by {
        Proof::DocumentTimestamp(field) => {
            notes.held("sellos", format!("«{field}», {}", proven.at.format("%Y-%m-%d %H:%M:%S UTC")));
        }
        _ => notes.not_applicable("sellos", "ninguno que sea válido cubre la firma"),
    }
}

/// The timestamp of a signature is not younger than what covers it, nor older than what it covers (EN 319 102-1 5.5.4).
fn ordered(stamp: &Held, sealed: &Proven, not_before: Option<DateTime<Utc>>) -> Result<((), String), Refusal> {
    let refuse = |seen: &str| Err(Refusal::new(SubIndication::TimestampOrderFailure, seen));
    if stamp.time > sealed.at + TOLERANCE {
        refuse("el sello de la firma es posterior al del documento que la cubre")
    } else if not_before.is_some_and(|moment| stamp.time + TOLERANCE < moment) {
        refuse("el sello de la firma es anterior a lo que la firma cubre")
    } else {
        Ok(((), "cada sello es posterior a lo que cubre".to_owned()))
    }
}

/// A signature that covers a timestamp of after the revocation was made after it, for certain (EN 319 102-1 5.3.4).
fn for_certain(refusal: Refusal, path: &Path, knowledge: &Knowledge<'_>, entry: &Signed) -> Refusal {
    let is_revoked = |why| why == SubIndication::RevokedNoPoe;
    let made_after = |moment| {
        let told = trust::revocation(knowledge, path, Moments { relied_upon: moment, fresh_for: moment });
        told.is_err_and(|refusal| is_revoked(refusal.sub_indication))
    };
    let certain = knowledge.not_before(entry).is_some_and(made_after);
    if certain { refusal.turned(is_revoked, SubIndication::Revoked) } else { refusal }
}

fn is_out_of_bounds(why: SubIndication) -> bool {
    matches!(why, SubIndication::OutOfBoundsNoPoe | SubIndication::OutOfBoundsNotRevoked)
}
