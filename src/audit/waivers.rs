//! `[[excepcion]]`: findings that the office accepts, in writing, with the reason, the person and the day.
//!
//! An excepción speaks of the file that it stands in. One that accepts nothing is itself a finding, so that none outlives
//! what it was written for.

use std::sync::Arc;

use crate::audit::Subject;
use crate::diag::{Code, Family, Finding, Severity, Waiver, code};
use crate::input::reader::Record;

/// Whether findings of a code can be accepted: errors and faults of structure cannot, nor what is wrong with an excepción.
#[must_use]
pub fn is_waivable(code: &Code) -> bool {
    code.severity != Severity::Error && !matches!(code.family, Family::Structure | Family::Waivers)
}

/// Marks the findings that are accepted, and adds those about excepciones that accept nothing.
pub fn apply(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let files = subject.asked_for().map(|(_, follow_up)| follow_up.record);
    for file in std::iter::once(subject.plan).chain(files) {
        for record in file.tables("excepcion") {
            apply_one(subject, record, findings);
        }
    }
}

fn apply_one(subject: &Subject<'_>, record: &Record, findings: &mut Vec<Finding>) {
    let (Some(id), Some(waiver)) = (record.text("codigo"), waiver(record)) else { return };
    // What cannot be accepted was told of when the file was read.
    let Some(code) = Code::find(id.value).filter(|code| is_waivable(code)) else { return };
    let action = record.integer("accion");
    let is_meant = |finding: &Finding| {
        finding.code.id == code.id && action.is_none_or(|number| finding.action == Some(number.value))
    };
    let (mut accepts, mut already) = (false, false);
    for finding in findings.iter_mut().filter(|f| f.span.file == record.span.file && is_meant(f)) {
        // Who accepted it first has said why.
        already |= finding.waiver.is_some();
        accepts |= finding.waiver.is_none();
        finding.waiver.get_or_insert_with(|| Arc::clone(&waiver));
    }
    if !accepts {
        // What has changed cannot be told without the report to compare with.
        if code.family == Family::Changes && subject.earlier.is_none() {
            return;
        }
        let of_action = action.map(|number| format!(" en la acción {}", number.value)).unwrap_or_default();
        let (why, help) = if already {
            (format!("otra ya acepta «{}»{of_action}", id.value), "quite una de las dos".to_owned())
        } else if let Some(elsewhere) = findings.iter().find(|finding| is_meant(finding)) {
            let file = subject.folder.sources.get(elsewhere.span.file).base_name();
            let why = format!("en este archivo no hay «{}»{of_action}", id.value);
            (why, format!("escríbala en «{file}», que es donde está el hallazgo"))
        } else {
            (
                format!("no hay «{}»{of_action}", id.value),
                "quite la excepción, o revise el código y la acción".to_owned(),
            )
        };
        let message = format!("la excepción no acepta ningún hallazgo: {why}");
        let finding = Finding::new(&code::WAIVER_UNUSED, id.span, message).action(action.map(|number| number.value));
        findings.push(finding.label("sin hallazgo que aceptar").help(help));
    }
}

fn waiver(record: &Record) -> Option<Arc<Waiver>> {
    Some(Arc::new(Waiver {
        reason: record.text("motivo")?.value.to_owned(),
        by: record.text("responsable")?.value.to_owned(),
        on: record.date("fecha")?.value,
        span: record.span,
    }))
}
