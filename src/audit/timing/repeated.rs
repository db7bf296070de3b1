//! A narrative that says again what was said in the trimestre before.

use crate::audit::Subject;
use crate::audit::subject::{Action, FollowUp, Progress};
use crate::diag::{Finding, Spanned, code};
use crate::model::Percent;
use crate::prose::overlap;

/// `narrativa-repetida`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (index, follow_up) in subject.asked_for() {
        let Some(before) = subject.before(index) else { continue };
        for (row, action) in subject.actions.iter().enumerate() {
            let (Some(progress), Some(earlier)) = (follow_up.progress[row], before.progress[row]) else { continue };
            if may_repeat(action, follow_up, progress, earlier) {
                continue;
            }
            if let (Some(now), Some(then)) = (progress.narrative(), earlier.narrative()) {
                findings.extend(repeated(subject, action, before, now, then));
            }
        }
    }
}

/// Whether there is nothing new to tell: the action has not begun, or it was complete already.
fn may_repeat(action: &Action<'_>, follow_up: &FollowUp<'_>, progress: Progress<'_>, earlier: Progress<'_>) -> bool {
    let complete = |progress: Progress<'_>| progress.percent().is_some_and(|p| p.value == Percent::COMPLETE);
    let start = action.record.date("fecha_inicio");
    start.is_some_and(|start| start.value > follow_up.cutoff.value) || (complete(progress) && complete(earlier))
}

fn repeated(
    subject: &Subject<'_>,
    action: &Action<'_>,
    before: &FollowUp<'_>,
    now: Spanned<&str>,
    then: Spanned<&str>,
) -> Option<Finding> {
    /// Fewer words than this say the same without being copied.
    const FEW_WORDS: usize = 6;
    let equal = now.value.trim() == then.value.trim();
    if !equal && now.value.split_whitespace().nth(FEW_WORDS - 1).is_none() {
        return None;
    }
    let common = if equal { 100 } else { overlap::percent(now.value, then.value) };
    if i64::from(common) < subject.settings.overlap {
        return None;
    }
    let (number, quarter) = (action.number.value, before.quarter.roman());
    let message = if equal {
        format!("la narrativa de la acción {number} es la misma del {quarter} trimestre")
    } else {
        format!("la narrativa de la acción {number} repite el {common} % de la del {quarter} trimestre")
    };
    Some(
        Finding::new(&code::NARRATIVE_REPEATED, now.span, message)
            .label(if equal { "igual" } else { "casi igual" })
            .related(then.span, format!("la narrativa del {quarter} trimestre"))
            .help("cuente qué se hizo en este trimestre; si no se hizo nada, dígalo y explique por qué")
            .action(Some(number)),
    )
}
