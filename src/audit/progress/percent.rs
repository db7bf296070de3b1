//! The percentage beside the dates of its action, and beside that of earlier trimestres.

use crate::audit::Subject;
use crate::audit::subject::{Action, FollowUp, Progress};
use crate::diag::{Finding, Spanned, code};
use crate::model::{Percent, Quarter, Value, short_date};
use crate::view::print;

/// `avance-sin-justificacion`, `avance-antes-de-inicio`, `avance-que-retrocede` and `sin-avance-en-dos-trimestres`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (index, follow_up) in subject.asked_for() {
        for (row, action) in subject.actions.iter().enumerate() {
            let Some(progress) = follow_up.progress[row] else { continue };
            findings.extend(unjustified(action, follow_up, progress));
            let Some(percent) = progress.percent() else { continue };
            findings.extend(before_start(action, follow_up, percent));
            findings.extend(falls(subject, index, row, percent));
            findings.extend(stalled(subject, index, row, percent));
        }
    }
}

/// `N/A` for an action that has begun, and no word of why. That the percentage is absent is told when the file is read.
fn unjustified(action: &Action<'_>, follow_up: &FollowUp<'_>, progress: Progress<'_>) -> Option<Finding> {
    let written = progress.record.values.get("porcentual").filter(|value| value.value == Value::NotApplicable)?;
    let start = action.record.date("fecha_inicio").filter(|start| start.value <= follow_up.cutoff.value)?;
    if progress.record.text("justificacion").is_some() {
        return None;
    }
    let number = action.number.value;
    let message = format!(
        "la acción {number} empezó el {} y su avance es «N/A», sin que se diga por qué",
        short_date(start.value)
    );
    Some(
        Finding::new(&code::PROGRESS_UNJUSTIFIED, written.span, message)
            .label("sin justificación")
            .related(start.span, "ya había empezado en la fecha de corte")
            .help("escriba el porcentaje acumulado, o el motivo en la clave «justificacion» de este [[avance]]")
            .action(Some(number)),
    )
}

fn before_start(action: &Action<'_>, follow_up: &FollowUp<'_>, percent: Spanned<Percent>) -> Option<Finding> {
    let start = action.record.date("fecha_inicio").filter(|start| start.value > follow_up.cutoff.value)?;
    if percent.value.get().is_zero() {
        return None;
    }
    let message = format!(
        "la acción {} lleva {} al {}, y empieza el {}",
        action.number.value,
        shown(percent),
        short_date(follow_up.cutoff.value),
        short_date(start.value)
    );
    Some(
        Finding::new(&code::PROGRESS_BEFORE_START, percent.span, message)
            .label("antes de empezar")
            .related(start.span, "empieza después de la fecha de corte")
            .help("corrija el porcentaje o la fecha de inicio")
            .action(Some(action.number.value)),
    )
}

/// Less than what was last reported, in whichever trimestre that was.
fn falls(subject: &Subject<'_>, index: usize, row: usize, percent: Spanned<Percent>) -> Option<Finding> {
    let mut earlier = subject.follow_ups[..index].iter().rev();
    let (quarter, last) = earlier.find_map(|follow_up| reported(follow_up, row))?;
    if percent.value >= last.value {
        return None;
    }
    let number = subject.actions[row].number.value;
    let message = format!("el avance de la acción {number} baja de {} a {}", shown(last), shown(percent));
    Some(
        Finding::new(&code::PROGRESS_FALLS, percent.span, message)
            .label(format!("menos que en el {} trimestre", quarter.roman()))
            .related(last.span, format!("lo reportado en el {} trimestre", quarter.roman()))
            .help("el porcentaje es el acumulado del año: corrija el que esté mal, o explique la corrección")
            .action(Some(number)),
    )
}

/// No more than two trimestres ago, though the action was under way in both of them from the first day to the last.
fn stalled(subject: &Subject<'_>, index: usize, row: usize, percent: Spanned<Percent>) -> Option<Finding> {
    let (action, follow_up) = (&subject.actions[row], &subject.follow_ups[index]);
    let (_, before) = reported(subject.before(index)?, row)?;
    // At the beginning of the year nothing had been done; of a trimestre that nobody reported nothing is known.
    let first = if follow_up.quarter.number() == 2 { None } else { Some(reported(subject.before(index - 1)?, row)?.1) };
    let at_first = first.map_or(Percent::ZERO, |first| first.value);
    if percent.value != before.value || percent.value != at_first || percent.value == Percent::COMPLETE {
        return None;
    }
    let (since, _) = subject.before(index)?.quarter.days(subject.year);
    let start = action.record.date("fecha_inicio").filter(|start| start.value <= since)?;
    // One whose time is up is told of as such.
    let end = action.record.date("fecha_fin");
    if end.is_some_and(|end| end.value <= follow_up.cutoff.value) {
        return None;
    }
    let number = action.number.value;
    let quarters = format!("{} y {}", subject.before(index)?.quarter.roman(), follow_up.quarter.roman());
    let message =
        format!("el avance de la acción {number} sigue en {}: no creció en los trimestres {quarters}", shown(percent));
    let finding = Finding::new(&code::PROGRESS_STALLED, percent.span, message)
        .label("igual desde hace dos trimestres")
        .related(before.span, "el trimestre anterior")
        .help("revise el porcentaje, o diga en la narrativa qué detuvo la acción y cómo se recupera")
        .action(Some(number));
    Some(match first {
        Some(first) => finding.related(first.span, "dos trimestres antes"),
        None => finding.related(start.span, "en marcha desde el comienzo del año"),
    })
}

/// The percentage of a row in a trimestre, if it is a number.
fn reported(follow_up: &FollowUp<'_>, row: usize) -> Option<(Quarter, Spanned<Percent>)> {
    Some((follow_up.quarter, follow_up.progress[row]?.percent()?))
}

fn shown(percent: Spanned<Percent>) -> String {
    print::percent(percent.value.get())
}
