//! A verdict for people: first what it is, then by whom and when, then check by check.

use std::fmt::Write;

use super::Verified;
use super::ink::{Ink, plain, quoted};
use crate::again::ContentResult;
use crate::model::colombian;
use crate::verify::judge::{Check, Judgement, Kind, Outcome, Proof};
use crate::verify::{SignatureVerdict, Verdict};

/// How wide the names of the checks are.
const NAME: usize = 34;

/// A verdict as text, with colours or without.
#[must_use]
pub fn human(verified: &Verified, colours: bool) -> String {
    let ink = Ink(colours);
    let Verified { path, verdict, .. } = verified;
    let mut out = String::new();
    let _ = writeln!(out, "{}: {}{}", plain(path), ink.status(verdict.status), summary(verdict));
    for fault in &verdict.faults {
        let _ = writeln!(out, "  {} {}", ink.mark(Outcome::Failed), plain(fault));
    }
    of_content(&mut out, verified, ink);
    for (index, signature) in verdict.signatures.iter().enumerate() {
        let _ = writeln!(out);
        of_signature(&mut out, index + 1, signature, ink);
    }
    of_revisions(&mut out, verdict, ink);
    if !verdict.empty.is_empty() {
        let _ = writeln!(out, "\n  Por firmar: {}", plain(&verdict.empty.join(", ")));
    }
    out
}

/// « (REVOKED): 3 firmas y 1 sello de tiempo del documento»
fn summary(verdict: &Verdict) -> String {
    let why = verdict.sub_indication.map_or(String::new(), |why| format!(" ({why})"));
    // What cannot be read has no revisions: nobody can say what signatures there are.
    if verdict.revisions.is_empty() {
        return format!("{why}: no se puede leer");
    }
    let timestamps = verdict.signatures.iter().filter(|signature| signature.said.timestamp).count();
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let signatures = match verdict.signatures.len() - timestamps {
        0 => "sin firmas".to_owned(),
        signatures => count(signatures, "firma", "firmas"),
    };
    let timestamps = match timestamps {
        0 => String::new(),
        n => format!(" y {}", count(n, "sello de tiempo del documento", "sellos de tiempo del documento")),
    };
    format!("{why}: {signatures}{timestamps}")
}

/// What is known of the content, and the code of the data.
fn of_content(out: &mut String, verified: &Verified, ink: Ink) {
    let Verified { content, code, .. } = verified;
    let mark = ink.mark(match content.result {
        ContentResult::Exact => Outcome::Held,
        ContentResult::Differs => Outcome::Failed,
        ContentResult::OtherVersion | ContentResult::ForeignLayout | ContentResult::Unknown => Outcome::Unknown,
        ContentResult::NotOurs => Outcome::NotApplicable,
    });
    let _ = writeln!(out, "\n  Contenido\n     {mark} {}", plain(&content.said));
    if let Some(code) = code {
        let _ = writeln!(out, "     código de los datos: {code}");
    }
}

fn of_signature(out: &mut String, number: usize, signature: &SignatureVerdict, ink: Ink) {
    let judgement = &signature.judgement;
    let title = match (signature.role, judgement.kind) {
        (Some(role), _) => role.title().to_owned(),
        (None, Kind::DocumentTimestamp) => "Sello de tiempo del documento".to_owned(),
        (None, Kind::Signature) => format!("Campo {}", quoted(&judgement.field)),
    };
    let who = judgement.signer.as_ref().map_or("no se sabe quién".to_owned(), |signer| quoted(&signer.name()));
    let level = judgement.level.filter(|_| !signature.said.timestamp);
    let level = level.map_or(String::new(), |level| format!(", nivel {level}"));
    let why = judgement.sub_indication.map_or(String::new(), |why| format!(" ({why})"));
    let _ = writeln!(out, "  {number}. {title}: {}{why}{level}. Firmante: {who}", ink.status(judgement.status));
    let _ = writeln!(out, "     {}", when(judgement));
    let said = [("Motivo", &signature.said.reason), ("Lugar", &signature.said.place)];
    for (name, text) in said.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
        let _ = writeln!(out, "     {name}: {}", plain(text));
    }
    // What is wrong with the whole file stands above, once.
    for check in judgement.checks.iter().filter(|check| check.key != "archivo") {
        let Check { name, outcome, seen, .. } = check;
        let _ = writeln!(out, "     {} {name:NAME$}  {}", ink.mark(*outcome), plain(seen));
    }
}

/// Since when the signature is proved to exist, and when it says that it was made.
fn when(judgement: &Judgement) -> String {
    let at = |moment| colombian(moment).format("%d/%m/%Y %H:%M:%S").to_string();
    let claimed = judgement.claimed.map(|claimed| format!("Dice ser del {} (hora de Colombia)", at(claimed)));
    let proven = match &judgement.proven.by {
        Proof::Now => "ningún sello de tiempo lo prueba".to_owned(),
        Proof::SignatureTimestamp(authority) => {
            format!("existía el {}, según el sello de tiempo de {}", at(judgement.proven.at), quoted(authority))
        }
        Proof::DocumentTimestamp(field) => {
            format!("existía el {}, según el sello de tiempo del documento {}", at(judgement.proven.at), quoted(field))
        }
    };
    format!("{}; {proven}", claimed.unwrap_or_else(|| "No dice de cuándo es".to_owned()))
}

fn of_revisions(out: &mut String, verdict: &Verdict, ink: Ink) {
    if verdict.revisions.len() < 2 {
        return;
    }
    let _ = writeln!(out, "\n  Revisiones");
    for (number, revision) in verdict.revisions.iter().enumerate() {
        let mark = ink.mark(if revision.forbidden.is_empty() { Outcome::Held } else { Outcome::Failed });
        let what: Vec<&str> = revision.forbidden.iter().chain(&revision.allowed).map(String::as_str).collect();
        let _ =
            writeln!(out, "     {mark} {number:>2}. hasta el byte {:>9}  {}", revision.end, plain(&what.join("; ")));
    }
}
