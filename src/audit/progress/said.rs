//! What the narrative says that the figures and the dates beside it deny: done and yet pending, given up and yet active.
//!
//! Both are closed lists of phrases. A phrase that is denied, or that only tells things apart («las que están pendientes»),
//! is none.

use std::ops::Range;

use crate::audit::Subject;
use crate::audit::narratives::{Narrative, narratives};
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

/// Words that say of something that it is as follows.
const IS: &[&str] = &[
    "está",
    "están",
    "se encuentra",
    "se encuentran",
    "queda",
    "quedan",
    "sigue",
    "siguen",
    "continúa",
    "continúan",
    "permanece",
    "permanecen",
];

/// What is said to be so.
const UNFINISHED: &[&str] =
    &["pendiente", "pendientes", "en proceso", "por iniciar", "por terminar", "sin iniciar", "sin terminar"];

/// Phrases that say it without such words.
const NOT_YET: &[&str] = &[
    "aún no se ha",
    "aún no se han",
    "todavía no se ha",
    "todavía no se han",
    "no se ha iniciado",
    "no se han iniciado",
    "no se ha terminado",
    "no se han terminado",
    "no se ha culminado",
    "no se han culminado",
    "falta por",
    "faltan por",
    "la acción se encuentra en ejecución",
    "la acción está en ejecución",
    "la acción continúa en ejecución",
    "la acción sigue en ejecución",
    "la actividad se encuentra en ejecución",
    "la actividad está en ejecución",
    "la actividad continúa en ejecución",
    "la actividad sigue en ejecución",
    "la meta se encuentra en ejecución",
    "la meta está en ejecución",
    "la meta continúa en ejecución",
    "la meta sigue en ejecución",
];

/// The first words that say that something is still to be done.
fn pending(pieces: &Pieces<'_>) -> Option<Range<usize>> {
    (0..pieces.len()).find_map(|at| {
        let end = pieces.phrases(at, NOT_YET).or_else(|| {
            let is = pieces.phrases(at, IS)?;
            let then = pieces.phrases(is, &["aún", "todavía", "actualmente"]).unwrap_or(is);
            pieces.phrases(then, UNFINISHED)
        })?;
        (!is_denied(pieces, at)).then_some(at..end)
    })
}

/// Whether what begins at a piece is denied in its clause, or only says which things are meant.
fn is_denied(pieces: &Pieces<'_>, at: usize) -> bool {
    const CLAUSE: usize = 12;
    const NO: &[&str] = &["no", "ni", "sin", "nada", "ningún", "ninguna", "ninguno", "tampoco", "nunca"];
    let which = at > 0 && pieces.is_one_of(at - 1, &["que", "quien", "quienes", "cual", "cuales", "si"]);
    which
        || pieces
            .before(at, CLAUSE)
            .take_while(|&before| !pieces.is_one_of(before, &[",", ":", "(", "pero"]))
            .any(|before| pieces.is_one_of(before, NO))
}

/// Words that say of the action that it will not be done.
const WILL_NOT: &[&str] = &[
    "no se adelantará",
    "no se realizará",
    "no se ejecutará",
    "no se desarrollará",
    "no se implementará",
    "no se llevará a cabo",
    "ya no se adelantará",
    "ya no se realizará",
    "ya no se ejecutará",
    "ya no se desarrollará",
    "ya no se implementará",
    "ya no se llevará a cabo",
];

/// Words that say that it is given up.
const GIVEN_UP: &[&str] = &[
    "se cancela",
    "se canceló",
    "fue cancelada",
    "se suspende definitivamente",
    "se suspendió definitivamente",
    "se elimina del plan",
    "se eliminó del plan",
    "se retira del plan",
    "se retiró del plan",
];

/// The same with the action as the object.
const GIVES_UP: &[&str] = &["se cancela", "se canceló", "se desiste de", "se desistió de", "se decidió cancelar"];

/// The action by its name.
const ACTION: &[&str] = &[
    "la acción",
    "esta acción",
    "dicha acción",
    "la presente acción",
    "la meta",
    "esta meta",
    "dicha meta",
    "la actividad",
    "esta actividad",
    "dicha actividad",
];

/// Words after which it is only put off, or done otherwise.
const PUT_OFF: &[&str] = &[
    "sino",
    "hasta",
    "trimestre",
    "semestre",
    "mes",
    "semana",
    "día",
    "mientras",
    "si",
    "salvo",
    "solo",
    "sólo",
    "solamente",
    "únicamente",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// The first words that say that the action will not be done at all: «la acción no se adelantará», «se cancela la acción».
fn given_up(pieces: &Pieces<'_>) -> Option<Range<usize>> {
    (0..pieces.len()).find_map(|at| {
        let as_subject = || {
            let action = pieces.phrases(at, ACTION)?;
            // «la acción 4 no se adelantará»
            let then = if pieces.number(action).is_some() { action + 1 } else { action };
            pieces.phrases(then, WILL_NOT).or_else(|| pieces.phrases(then, GIVEN_UP))
        };
        let as_object = || {
            let verb = pieces.phrases(at, WILL_NOT).or_else(|| pieces.phrases(at, GIVES_UP))?;
            pieces.phrases(verb, ACTION)
        };
        let end = as_subject().or_else(as_object)?;
        (!is_put_off(pieces, at..end)).then_some(at..end)
    })
}

fn is_put_off(pieces: &Pieces<'_>, said: Range<usize>) -> bool {
    const REACH: usize = 25;
    // «se cancela la actividad del 12 de mayo»: a part, not the whole.
    let names = pieces.is_one_of(said.end - 1, &["acción", "meta", "actividad"]);
    let of_a_part = names && pieces.is_one_of(said.end, &["de", "del"]);
    let denied = pieces.before(said.start, 3).any(|at| pieces.is_one_of(at, &["si", "no", "aunque", "cuando"]));
    of_a_part || denied || pieces.after(said.end, REACH).any(|at| pieces.is_one_of(at, PUT_OFF))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str, rule: fn(&Pieces<'_>) -> Option<Range<usize>>) -> Option<String> {
        let pieces = Pieces::new(text, &tokens(text));
        rule(&pieces).map(|said| text[pieces.range(said)].to_owned())
    }

    #[test]
    fn what_is_pending_is_told_and_what_is_not_is_not() {
        for (text, words) in [
            ("El acto administrativo está pendiente de firma.", "está pendiente"),
            ("Se terminó, pero quedan pendientes dos actas.", "quedan pendientes"),
            ("El documento se encuentra actualmente en proceso de revisión.", "se encuentra actualmente en proceso"),
            ("No hubo quejas, y aún no se ha liquidado el contrato.", "aún no se ha"),
            ("Faltan por entregar dos sedes.", "Faltan por"),
            ("La acción se encuentra en ejecución.", "La acción se encuentra en ejecución"),
            ("La obra sigue sin terminar.", "sigue sin terminar"),
        ] {
            assert_eq!(found(text, pending).as_deref(), Some(words), "{text}");
        }
        for text in [
            "No quedan pendientes.",
            "Se cerró sin que quede nada y sin pendientes.",
            "Ninguna de las actas está pendiente.",
            "Se atendieron las solicitudes que estaban pendientes.",
            "Se atendió a las personas que están en proceso de reincorporación.",
            "Se depuraron los 43 trámites pendientes de respuesta.",
            "Los convenios suscritos se encuentran en ejecución.",
            "Ya no está pendiente.",
        ] {
            assert_eq!(found(text, pending), None, "{text}");
        }
    }

    #[test]
    fn what_is_given_up_is_told_and_what_is_put_off_is_not() {
        for (text, words) in [
            ("Por tanto, la acción no se adelantará durante la vigencia en curso.", "la acción no se adelantará"),
            ("Se desiste de la acción por falta de recursos.", "Se desiste de la acción"),
            ("Se decidió que la acción 4 ya no se realizará.", "la acción 4 ya no se realizará"),
            ("No se ejecutará esta meta.", "No se ejecutará esta meta"),
            ("La acción se suspende definitivamente.", "La acción se suspende definitivamente"),
        ] {
            assert_eq!(found(text, given_up).as_deref(), Some(words), "{text}");
        }
        for text in [
            "La acción no se adelantará hasta agosto.",
            "La actividad no se realizará en Chía, sino en Cajicá.",
            "Se canceló la actividad del 12 de mayo por la lluvia.",
            "Si la acción no se realizara, se informará.",
            "El taller no se realizará.",
            "La acción no se ejecutará en este trimestre.",
        ] {
            assert_eq!(found(text, given_up), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_words_in_any_order_are_read(text in "((la|acción|no|se|está|adelantará|pendiente|,|\\.|[0-9]) ?){0,20}") {
            let _ = (found(&text, pending), found(&text, given_up));
        }
    }
}
