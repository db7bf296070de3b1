//! Actions whose time is up and that are not complete.

use crate::audit::Subject;
use crate::diag::{Finding, code};
use crate::model::{Percent, Value, short_date};
use crate::view::print;

/// `vencida-sin-terminar`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (_, follow_up) in subject.asked_for() {
        for (action, progress) in subject.actions.iter().zip(&follow_up.progress) {
            let end = action.record.date("fecha_fin").filter(|end| end.value <= follow_up.cutoff.value);
            let written = progress.and_then(|progress| progress.record.values.get("porcentual"));
            let (Some(end), Some(written)) = (end, written) else { continue };
            let reached = match written.value {
                Value::Percent(percent) if percent < Percent::COMPLETE => print::percent(percent.get()),
                Value::NotApplicable => "«N/A»".to_owned(),
                _ => continue,
            };
            let number = action.number.value;
            let message =
                format!("la acción {number} debía terminar el {} y su avance es {reached}", short_date(end.value));
            findings.push(
                Finding::new(&code::OVERDUE, written.span, message)
                    .label("sin terminar")
                    .related(end.span, "terminaba en la fecha de corte o antes")
                    .help("revise el porcentaje; si es cierto, la narrativa debe decir qué faltó y qué se hará")
                    .action(Some(number)),
            );
        }
    }
}
