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
    let mut accepted = findings
        .iter_mut()
        .filter(|finding| finding.code.id == id.value && finding.span.file == record.span.file)
        .filter(|finding| action.is_none_or(|number| finding.action == Some(number.value)))
        .peekable();
    if accepted.peek().is_none() {
        // What has changed cannot be told without the report to compare with.
        if code.family == Family::Changes && subject.earlier.is_none() {
            return;
        }
        let of_action = action.map(|number| format!(" en la acción {}", number.value)).unwrap_or_default();
        let message = format!("la excepción no acepta ningún hallazgo: no hay «{}»{of_action}", id.value);
        let finding = Finding::new(&code::WAIVER_UNUSED, id.span, message).action(action.map(|number| number.value));
        findings
            .push(finding.label("sin hallazgo que aceptar").help("quite la excepción, o revise el código y la acción"));
        return;
    }
    accepted.for_each(|finding| finding.waiver = Some(Arc::clone(&waiver)));
}

fn waiver(record: &Record) -> Option<Arc<Waiver>> {
    Some(Arc::new(Waiver {
        reason: record.text("motivo")?.value.to_owned(),
        by: record.text("responsable")?.value.to_owned(),
        on: record.date("fecha")?.value,
        span: record.span,
    }))
}
