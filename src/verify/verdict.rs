//! The verdict on a file: the signatures as they are judged, and the file that they are in.
//!
//! A signature can be sound and the file around it deceptive. What is wrong with the file fails every signature that it
//! touches, as a failure of format, which is what EN 319 102-1 (5.2.2) looks at before all else.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::document::{Document, Said, Signature};
use super::judge::{Added, Case, Check, Judgement, Kind, OUTSIDE, Outcome, Signed, Status, SubIndication, judge};
use super::moment::moment;
use crate::model::Role;
use crate::pdf::Fault;
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;

/// What holds of a file.
#[derive(Debug)]
pub struct Verdict {
    /// That of the worst of its signatures and timestamps.
    pub status: Status,
    /// Why, unless it passed.
    pub sub_indication: Option<SubIndication>,
    /// Its signatures and document timestamps, the oldest first.
    pub signatures: Vec<SignatureVerdict>,
    /// What each revision did; the first is the document itself.
    pub revisions: Vec<RevisionVerdict>,
    /// The signature fields that are still empty.
    pub empty: Vec<String>,
    /// Whether any revision did what no signed file allows, be it before anybody signed: the file no longer says what it was made to.
    pub changed: bool,
    /// What is wrong with the file as a whole, in Spanish.
    pub faults: Vec<String>,
}

/// What holds of a signature.
#[derive(Debug)]
pub struct SignatureVerdict {
    /// What it says of itself.
    pub said: Said,
    /// In what capacity it was signed, by the field's name.
    pub role: Option<Role>,
    /// The revision that it came with, from 0.
    pub revision: usize,
    /// How many bytes of the file it covers, from the first on.
    pub covers: Option<usize>,
    /// The judgement, with the checks of the file before those of the signature.
    pub judgement: Judgement,
}

impl Verdict {
    /// What is wrong with the file and what does not hold of its signatures, in Spanish, each once.
    #[must_use]
    pub fn why(&self) -> Vec<String> {
        let of_signatures = self.signatures.iter().map(SignatureVerdict::why).filter(|why| !why.is_empty());
        let mut seen = BTreeSet::new();
        self.faults.iter().cloned().chain(of_signatures).filter(|why| seen.insert(why.clone())).collect()
    }
}

impl SignatureVerdict {
    /// What does not hold of it, in Spanish.
    #[must_use]
    pub fn why(&self) -> String {
        let wrong = |check: &&Check| matches!(check.outcome, Outcome::Failed | Outcome::Unknown);
        let checks = self.judgement.checks.iter().filter(wrong);
        checks.map(|check| check.seen.as_str()).collect::<Vec<_>>().join("; ")
    }
}

/// What a revision did.
#[derive(Debug)]
pub struct RevisionVerdict {
    /// Where it ends, in bytes.
    pub end: usize,
    /// What it did that a signed file allows.
    pub allowed: Vec<String>,
    /// What it did that no signed file allows.
    pub forbidden: Vec<String>,
}

/// Judges a file as of a moment, trusting these authorities and nobody else. Nothing is asked of anybody: what others say today
/// of its certificates stands in `outside`, where they were asked.
#[must_use]
pub fn verify(pdf: &[u8], anchors: &[Certificate], now: DateTime<Utc>, outside: &Evidence) -> Verdict {
    match Document::read(pdf) {
        Err(fault) => unreadable(&fault),
        Ok(document) => judged(&document, anchors, now, outside),
    }
}

/// The verdict on what cannot be read in only one way: whatever it shows, nobody can say that it was signed.
fn unreadable(fault: &Fault) -> Verdict {
    Verdict {
        status: Status::TotalFailed,
        sub_indication: Some(SubIndication::FormatFailure),
        signatures: Vec::new(),
        revisions: Vec::new(),
        empty: Vec::new(),
        changed: false,
        faults: vec![fault.to_string()],
    }
}

fn judged(document: &Document, anchors: &[Certificate], now: DateTime<Utc>, outside: &Evidence) -> Verdict {
    let mut evidence = document.evidence.clone();
    evidence.push(Added { end: OUTSIDE, evidence: outside.clone() });
    let case = Case {
        file: document.file.bytes(),
        signatures: document.signatures.iter().map(signed).collect(),
        evidence,
        anchors,
        now,
    };
    let judgements = judge(&case);
    let signatures: Vec<SignatureVerdict> = document
        .signatures
        .iter()
        .zip(judgements)
        .map(|(signature, judgement)| of_signature(document, signature, judgement))
        .collect();
    let worst = signatures
        .iter()
        .map(|signature| (signature.judgement.status, signature.judgement.sub_indication))
        .max_by_key(|(status, _)| badness(*status));
    // A file without signatures proves nothing; one that hides them is a failure.
    let worst = worst.filter(|_| signatures.iter().any(|signature| !signature.said.timestamp));
    let (status, sub_indication) = match worst {
        Some((status, why)) if document.faults.is_empty() => (status, why),
        None if document.faults.is_empty() => (Status::Indeterminate, None),
        _ => (Status::TotalFailed, Some(SubIndication::FormatFailure)),
    };
    Verdict {
        status,
        sub_indication,
        signatures,
        revisions: revisions(document),
        empty: document.empty.clone(),
        changed: document.changes.iter().any(|changes| !changes.forbidden.is_empty()),
        faults: document.faults.clone(),
    }
}

fn badness(status: Status) -> u8 {
    match status {
        Status::TotalPassed => 0,
        Status::Indeterminate => 1,
        Status::TotalFailed => 2,
    }
}

fn signed(signature: &Signature) -> Signed {
    let kind = if signature.said.timestamp { Kind::DocumentTimestamp } else { Kind::Signature };
    let (cms, covered) = match &signature.covered {
        Ok(covered) => (covered.contents.clone(), covered.parts.clone()),
        // Of what covers nothing, nothing is to be believed.
        Err(_) => (Vec::new(), [0..0, 0..0]),
    };
    let declared = signature.said.date.as_deref().and_then(moment);
    Signed { field: signature.field.clone(), kind, cms, end: covered[1].end, covered, declared }
}

/// The judgement of a signature with what the file around it says.
fn of_signature(document: &Document, signature: &Signature, mut judgement: Judgement) -> SignatureVerdict {
    let checks = [of_file(document), of_format(signature), of_coverage(signature), of_changes(document, signature)];
    let fails = checks.iter().any(|check| check.outcome == Outcome::Failed);
    judgement.checks.splice(0..0, checks);
    if fails {
        judgement.status = Status::TotalFailed;
        judgement.sub_indication = Some(SubIndication::FormatFailure);
        judgement.level = None;
    }
    SignatureVerdict {
        said: signature.said.clone(),
        role: Role::parse(&signature.field).filter(|_| !signature.said.timestamp),
        revision: signature.revision,
        covers: signature.covered.as_ref().ok().map(|covered| covered.parts[1].end),
        judgement,
    }
}

fn check(key: &'static str, name: &'static str, wrong: &[String], seen: String) -> Check {
    if wrong.is_empty() {
        Check { key, name, outcome: Outcome::Held, seen }
    } else {
        Check { key, name, outcome: Outcome::Failed, seen: wrong.join("; ") }
    }
}

fn of_file(document: &Document) -> Check {
    let revisions = document.file.revisions().len();
    let seen = format!(
        "{revisions} {}, sin bytes de más ni contenido que cambie por sí mismo",
        if revisions == 1 { "revisión" } else { "revisiones" }
    );
    check("archivo", "Archivo", &document.faults, seen)
}

fn of_format(signature: &Signature) -> Check {
    let known = matches!(signature.said.format.as_str(), "ETSI.CAdES.detached" | "ETSI.RFC3161");
    let wrong = match (known, signature.said.consistent) {
        (true, true) => vec![],
        (true, false) => vec!["dice ser a la vez la firma de una persona y un sello de tiempo".to_owned()],
        (false, _) => vec![format!("no es una firma PAdES, sino «{}»", signature.said.format)],
    };
    check("tipo", "Tipo de firma", &wrong, signature.said.format.clone())
}

fn of_coverage(signature: &Signature) -> Check {
    let wrong: Vec<String> = signature.covered.as_ref().err().cloned().into_iter().collect();
    let seen = signature
        .covered
        .as_ref()
        .map(|covered| format!("los primeros {} bytes del archivo, menos la firma misma", covered.parts[1].end));
    check("cobertura", "Bytes firmados", &wrong, seen.unwrap_or_default())
}

fn of_changes(document: &Document, signature: &Signature) -> Check {
    let broken = document.broken_by(signature);
    let wrong: Vec<String> =
        broken.into_iter().map(|(revision, what)| format!("la revisión {revision} {what}")).collect();
    let later = document.changes.len().saturating_sub(signature.revision);
    let seen = match later {
        0 => "nada se agregó después".to_owned(),
        1 => "una revisión posterior, permitida".to_owned(),
        more => format!("{more} revisiones posteriores, todas permitidas"),
    };
    check("cambios", "Cambios posteriores", &wrong, seen)
}

fn revisions(document: &Document) -> Vec<RevisionVerdict> {
    let first = RevisionVerdict { end: 0, allowed: vec!["documento original".into()], forbidden: Vec::new() };
    let first_signed = document.signatures.iter().map(|signature| signature.revision).min().unwrap_or(usize::MAX);
    let later = document.changes.iter().enumerate().map(|(index, changes)| {
        let (mut allowed, mut forbidden) = (changes.allowed.clone(), changes.forbidden.clone());
        // What was done before anybody signed, the first signature covers.
        if index < first_signed {
            allowed.append(&mut forbidden);
        }
        RevisionVerdict { end: 0, allowed, forbidden }
    });
    let ends = document.file.revisions().iter().map(|revision| revision.range.end);
    std::iter::once(first).chain(later).zip(ends).map(|(revision, end)| RevisionVerdict { end, ..revision }).collect()
}
