//! Phrases that say that something is still to be done. A phrase that is denied, or that only tells things apart («las que
//! están pendientes»), is none.

use std::ops::Range;

use crate::prose::Pieces;

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
pub fn pending(pieces: &Pieces<'_>) -> Option<Range<usize>> {
    (0..pieces.len()).find_map(|at| {
        let end = pieces.phrases(at, NOT_YET).or_else(|| still(pieces, at)).or_else(|| lacking(pieces, at))?;
        (!is_denied(pieces, at)).then_some(at..end)
    })
}

/// «está todavía pendiente»
fn still(pieces: &Pieces<'_>, at: usize) -> Option<usize> {
    let is = pieces.phrases(at, IS)?;
    let then = pieces.phrases(is, &["aún", "todavía", "actualmente"]).unwrap_or(is);
    pieces.phrases(then, UNFINISHED)
}

/// «faltan por entregar», but not «la falta por incumplimiento».
fn lacking(pieces: &Pieces<'_>, at: usize) -> Option<usize> {
    let verb = pieces.phrases(at, &["falta por", "faltan por"])?;
    let infinitive = ["ar", "er", "ir"].iter().any(|ending| pieces.word(verb).to_lowercase().ends_with(ending));
    infinitive.then_some(verb + 1)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str) -> Option<String> {
        let pieces = Pieces::new(text, &tokens(text));
        pending(&pieces).map(|said| text[pieces.range(said)].to_owned())
    }

    #[test]
    fn what_is_pending_is_told_and_what_is_not_is_not() {
        for (text, words) in [
            ("El acto administrativo está pendiente de firma.", "está pendiente"),
            ("Se terminó, pero quedan pendientes dos actas.", "quedan pendientes"),
            ("El documento se encuentra actualmente en proceso de revisión.", "se encuentra actualmente en proceso"),
            ("No hubo quejas, y aún no se ha liquidado el contrato.", "aún no se ha"),
            ("Faltan por entregar dos sedes.", "Faltan por entregar"),
            ("La acción se encuentra en ejecución.", "La acción se encuentra en ejecución"),
            ("La obra sigue sin terminar.", "sigue sin terminar"),
        ] {
            assert_eq!(found(text).as_deref(), Some(words), "{text}");
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
            "Se sancionó la falta por incumplimiento.",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_words_in_any_order_are_read(text in "((la|acción|no|se|está|ha|aún|sin|pendiente|,|\\.|[0-9]|ñ) ?){0,20}") {
            let _ = found(&text);
        }
    }
}
