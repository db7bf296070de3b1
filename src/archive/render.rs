//! The verdict on an archive in the forms in which it leaves the program: for people and for programs.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::text::utc;
use super::verify::{ArchiveVerdict, Continued, ReportVerdict};
use crate::again::PROGRAM;
use crate::model::colombian;
use crate::verify::judge::{Check, Outcome};
use crate::verify::render::ink::{Ink, plain};

/// An archive and what holds of it.
#[derive(Debug)]
pub struct Verified {
    /// Its path, as the user wrote it.
    pub path: String,
    /// The verdict.
    pub verdict: ArchiveVerdict,
}

/// A verdict for people: a line for each report, below it what does not hold, and a summary.
#[must_use]
pub fn human(verified: &Verified, colours: bool) -> String {
    let ink = Ink(colours);
    let verdict = &verified.verdict;
    let mut out = format!("{}\n", plain(&verified.path));
    for fault in &verdict.faults {
        let _ = writeln!(out, "  {} {}", ink.mark(Outcome::Failed), plain(fault));
    }
    for report in &verdict.reports {
        let _ = writeln!(out, "  {} {}{}", ink.mark(worst(report)), plain(&report.entry.bag), replaced(report));
        for check in report.checks.iter().filter(|check| is_told(check)) {
            let _ = writeln!(out, "      {} {}: {}", ink.mark(check.outcome), check.name, plain(&check.seen));
        }
    }
    if let Some(continued) = &verdict.continued {
        let (outcome, said) = of_continued(continued);
        let _ = writeln!(out, "  {} {said}", ink.mark(outcome));
        if let Some(fault) = &continued.stamp_fault {
            let _ = writeln!(
                out,
                "  {} el sello de tiempo de esa cabeza no vale: {}",
                ink.mark(Outcome::Failed),
                plain(fault)
            );
        }
    }
    let _ = writeln!(out, "  registro: {}", verdict.head);
    let summary = summary(verdict);
    let _ = writeln!(out, "  {}", ink.paint(if verdict.holds() { "1;32" } else { "1;91" }, &summary));
    out
}

/// «íntegro: 40 informes, 43 versiones»
fn summary(verdict: &ArchiveVerdict) -> String {
    let current = verdict.reports.iter().filter(|report| report.current).count();
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let size =
        format!("{}, {}", count(current, "informe", "informes"), count(verdict.reports.len(), "versión", "versiones"));
    let wrong = verdict.reports.iter().filter(|report| !report.holds()).count();
    let unknown = verdict.reports.iter().filter(|report| worst(report) == Outcome::Unknown).count();
    let mut text = match (verdict.holds(), wrong) {
        (true, _) => format!("íntegro: {size}"),
        (false, 0) => format!("no está íntegro: {size}"),
        (false, wrong) => {
            format!("no está íntegro: {size}; {}", count(wrong, "versión no está bien", "versiones no están bien"))
        }
    };
    if unknown > 0 {
        let _ = write!(
            text,
            "; {}",
            count(unknown, "versión no se pudo comprobar del todo", "versiones no se pudieron comprobar del todo")
        );
    }
    text
}

fn replaced(report: &ReportVerdict) -> &'static str {
    if report.current { "" } else { "  (reemplazada)" }
}

fn is_told(check: &Check) -> bool {
    matches!(check.outcome, Outcome::Failed | Outcome::Unknown)
}

fn worst(report: &ReportVerdict) -> Outcome {
    let any = |outcome| report.checks.iter().any(|check| check.outcome == outcome);
    let found = [Outcome::Failed, Outcome::Unknown].into_iter().find(|outcome| any(*outcome));
    found.unwrap_or(Outcome::Held)
}

fn of_continued(continued: &Continued) -> (Outcome, String) {
    let Continued { head, fault, stamp, .. } = continued;
    let stamped = stamp.as_ref().map(|stamp| {
        let at = colombian(stamp.time).format("%d/%m/%Y %H:%M:%S");
        format!(", sellada el {at} (hora de Colombia) por «{}»", plain(&stamp.authority))
    });
    let stamped = stamped.unwrap_or_default();
    match fault {
        None => (Outcome::Held, format!("continúa el archivo que tenía la cabeza {head}{stamped}")),
        Some(fault) => {
            (Outcome::Failed, format!("no continúa el archivo que tenía la cabeza {head}{stamped}: {}", plain(fault)))
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    programa: &'static str,
    momento: String,
    carpetas: Vec<Folder<'a>>,
}

#[derive(Serialize)]
struct Folder<'a> {
    carpeta: &'a str,
    integro: bool,
    entradas: usize,
    sha256: &'a str,
    cabeza: Option<Kept<'a>>,
    fallas: &'a [String],
    informes: Vec<Report<'a>>,
}

#[derive(Serialize)]
struct Kept<'a> {
    entradas: usize,
    sha256: &'a str,
    continua: bool,
    falla: Option<&'a str>,
    sellada: Option<String>,
    sellada_por: Option<&'a str>,
    falla_del_sello: Option<&'a str>,
}

#[derive(Serialize)]
struct Report<'a> {
    numero: usize,
    paquete: &'a str,
    titulo: &'a str,
    version: usize,
    vigente: bool,
    sha256: &'a str,
    bien: bool,
    comprobaciones: Vec<Checked<'a>>,
}

#[derive(Serialize)]
struct Checked<'a> {
    clave: &'static str,
    nombre: &'static str,
    resultado: &'static str,
    detalle: &'a str,
}

/// Verdicts, as of a moment, as JSON with a line end.
#[must_use]
pub fn json(verified: &[Verified], now: DateTime<Utc>) -> String {
    let document = Document { programa: PROGRAM, momento: utc(now), carpetas: verified.iter().map(folder).collect() };
    // There is nothing in it that JSON could not say.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn folder(verified: &Verified) -> Folder<'_> {
    let verdict = &verified.verdict;
    Folder {
        carpeta: &verified.path,
        integro: verdict.holds(),
        entradas: verdict.head.entries,
        sha256: &verdict.head.digest,
        cabeza: verdict.continued.as_ref().map(kept),
        fallas: &verdict.faults,
        informes: verdict.reports.iter().map(report).collect(),
    }
}

fn kept(continued: &Continued) -> Kept<'_> {
    Kept {
        entradas: continued.head.entries,
        sha256: &continued.head.digest,
        continua: continued.fault.is_none(),
        falla: continued.fault.as_deref(),
        sellada: continued.stamp.as_ref().map(|stamp| utc(stamp.time)),
        sellada_por: continued.stamp.as_ref().map(|stamp| stamp.authority.as_str()),
        falla_del_sello: continued.stamp_fault.as_deref(),
    }
}

fn report(report: &ReportVerdict) -> Report<'_> {
    let entry = &report.entry;
    Report {
        numero: entry.number,
        paquete: &entry.bag,
        titulo: &entry.title,
        version: entry.version,
        vigente: report.current,
        sha256: &entry.digest,
        bien: report.holds(),
        comprobaciones: report.checks.iter().map(check).collect(),
    }
}

fn check(check: &Check) -> Checked<'_> {
    Checked { clave: check.key, nombre: check.name, resultado: check.outcome.name(), detalle: &check.seen }
}
