//! What the narrative says that the figures and the dates beside it deny: done and yet pending, given up and yet active.
//!
//! Both are closed lists of phrases, each in a file of its own.

mod given_up;
mod pending;

use std::ops::Range;

use crate::audit::Subject;
use crate::audit::narratives::{Narrative, narratives};
use crate::audit::progress::said::given_up::given_up;
use crate::audit::progress::said::pending::pending;
use crate::diag::{Finding, code, quoted};
use crate::model::{Percent, short_date};
use crate::prose::Pieces;

/// `terminada-y-pendiente` and `cancelada-y-activa`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for narrative in narratives(subject) {
        let complete = narrative.progress.percent().filter(|percent| percent.value == Percent::COMPLETE);
        let active = narrative.action.record.date("fecha_fin");
        let active = active.filter(|end| end.value > narrative.follow_up.cutoff.value);
        if complete.is_none() && active.is_none() {
            continue;
        }
        let pieces = Pieces::new(narrative.text.value, &narrative.text.tokens);
        if let Some(percent) = complete
            && let Some(said) = pending(&pieces)
        {
            let (range, words) = shown(&narrative, &pieces, said);
            let number = narrative.action.number.value;
            let message = format!("la acción {number} está al 100 % y su narrativa dice «{words}»");
            findings.push(
                (narrative.text.finding(&code::DONE_AND_PENDING, range, message))
                    .label("algo falta todavía")
                    .related(percent.span, "100 %")
                    .help("baje el porcentaje, o aclare que lo pendiente no hace parte de la meta"),
            );
        }
        if let Some(end) = active
            && let Some(said) = given_up(&pieces)
        {
            let (range, words) = shown(&narrative, &pieces, said);
            let message = format!(
                "la narrativa dice «{words}», y la acción {} sigue activa hasta el {}",
                narrative.action.number.value,
                short_date(end.value)
            );
            findings.push(
                (narrative.text.finding(&code::CANCELLED_AND_ACTIVE, range, message))
                    .label("la acción no se hará")
                    .related(end.span, "en el plan termina después de la fecha de corte")
                    .help("modifique el plan por el procedimiento de la entidad, o acepte el hallazgo con el acto que lo decidió"),
            );
        }
    }
}

/// The bytes of some pieces, and the words as a message quotes them.
fn shown(narrative: &Narrative<'_, '_>, pieces: &Pieces<'_>, said: Range<usize>) -> (Range<usize>, String) {
    let range = pieces.range(said);
    let words = quoted(&narrative.text.value[range.clone()]);
    (range, words)
}
