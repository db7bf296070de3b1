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

/// What is said to be so of the action itself.
const OF_THE_ACTION: &[&str] = &["la acción", "esta acción", "la actividad", "esta actividad", "la meta", "esta meta"];

/// What has not been done, said so or as «aún no».
const NOT_DONE: &[&str] = &["iniciado", "terminado", "culminado", "finalizado", "concluido"];

/// What has not been done, said as «aún no»; without that, «no se han recibido quejas» is good news.
const NOT_YET_DONE: &[&str] = &[
    "adjudicado",
    "adoptado",
    "aprobado",
    "contratado",
    "cumplido",
    "desarrollado",
    "ejecutado",
    "elaborado",
    "entregado",
    "expedido",
    "firmado",
    "formulado",
    "implementado",
    "publicado",
    "realizado",
    "recibido",
    "suscrito",
];

/// The first words that say that something is still to be done.
pub fn pending(pieces: &Pieces<'_>) -> Option<Range<usize>> {
    const RULES: [fn(&Pieces<'_>, usize) -> Option<usize>; 4] = [still, under_way, not_done, lacking];
    (0..pieces.len()).find_map(|at| {
        let end = RULES.iter().find_map(|rule| rule(pieces, at))?;
        (!is_denied(pieces, at)).then_some(at..end)
    })
}

/// «está todavía pendiente», but not «está en proceso de liquidación»: a contract is wound up when all is done.
fn still(pieces: &Pieces<'_>, at: usize) -> Option<usize> {
    let is = pieces.phrases(at, IS)?;
    let then = pieces.phrases(is, &["aún", "todavía", "actualmente"]).unwrap_or(is);
    let end = pieces.phrases(then, UNFINISHED)?;
    let afterwards = pieces.phrases(end, &["de liquidación", "de liquidar", "de pago", "la liquidación", "el pago"]);
    afterwards.is_none().then_some(end)
}

/// «la acción continúa en ejecución»: said of anything else it may be what was to be reached.
fn under_way(pieces: &Pieces<'_>, at: usize) -> Option<usize> {
    let action = pieces.phrases(at, OF_THE_ACTION)?;
    pieces.phrase(pieces.phrases(action, IS)?, "en ejecución")
}

/// «no se ha terminado», «aún no se han entregado»
fn not_done(pieces: &Pieces<'_>, at: usize) -> Option<usize> {
    let yet = pieces.phrases(at, &["aún", "todavía"]);
    let not = pieces.phrases(yet.unwrap_or(at), &["no se ha", "no se han"])?;
    let done = pieces.is_one_of(not, NOT_DONE) || (yet.is_some() && pieces.is_one_of(not, NOT_YET_DONE));
    done.then_some(not + 1)
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
            ("No hubo quejas, y aún no se ha entregado la obra.", "aún no se ha entregado"),
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
            "No se han recibido quejas, y tres plazos aún no se han vencido.",
            "El contrato se encuentra en proceso de liquidación.",
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
