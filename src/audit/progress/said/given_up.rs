//! Phrases that say that an action will not be done at all. One that only puts it off is none.

use std::ops::Range;

use crate::model::MONTHS;
use crate::prose::{Beginnings, Pieces};

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

/// Words after which it is only put off, or done otherwise; the months are others.
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
];

/// The first words that say that the action will not be done at all: «la acción no se adelantará», «se cancela la acción».
pub fn given_up(pieces: &Pieces<'_>) -> Option<Range<usize>> {
    static BEGINNINGS: Beginnings = Beginnings::of(&[ACTION, WILL_NOT, GIVES_UP]);
    pieces.beginnings(&BEGINNINGS).find_map(|at| {
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

/// Whether it is put off, done otherwise, or a part of the action only.
fn is_put_off(pieces: &Pieces<'_>, said: Range<usize>) -> bool {
    const REACH: usize = 25;
    let next = said.end;
    // «se cancela la actividad del 12 de mayo»
    let names = pieces.is_one_of(next - 1, &["acción", "meta", "actividad"]);
    let of_a_part = names && pieces.is_one_of(next, &["de", "del"]);
    // «no se realizará con recursos propios», «no se realizará en Chía», but «en la presente vigencia»
    let of_the_year = |at| pieces.is_one_of(at, &["vigencia", "año"]) || pieces.number(at).is_some();
    let elsewhere = pieces.is(next, "en") && !(next + 1..next + 4).any(of_the_year);
    let otherwise = pieces.is_one_of(next, &["con", "mediante", "como", "a", "de"]) || elsewhere;
    let denied = pieces.before(said.start, 3).any(|at| pieces.is_one_of(at, &["si", "no", "aunque", "cuando"]));
    let put_off = |at| pieces.is_one_of(at, PUT_OFF) || pieces.is_one_of(at, &MONTHS);
    of_a_part || otherwise || denied || pieces.after(next - 1, REACH).any(put_off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str) -> Option<String> {
        let pieces = Pieces::new(text, &tokens(text));
        given_up(&pieces).map(|said| text[pieces.range(said)].to_owned())
    }

    #[test]
    fn what_is_given_up_is_told_and_what_is_put_off_is_not() {
        for (text, words) in [
            ("Por tanto, la acción no se adelantará durante la vigencia en curso.", "la acción no se adelantará"),
            ("Se desiste de la acción por falta de recursos.", "Se desiste de la acción"),
            ("Se decidió que la acción 4 ya no se realizará.", "la acción 4 ya no se realizará"),
            ("No se ejecutará esta meta.", "No se ejecutará esta meta"),
            ("La meta no se ejecutará en la presente vigencia.", "La meta no se ejecutará"),
            ("La acción se suspende definitivamente.", "La acción se suspende definitivamente"),
        ] {
            assert_eq!(found(text).as_deref(), Some(words), "{text}");
        }
        for text in [
            "La acción no se adelantará hasta agosto.",
            "La actividad no se realizará en Chía, sino en Cajicá.",
            "Se canceló la actividad del 12 de mayo por la lluvia.",
            "Si la acción no se realizara, se informará.",
            "El taller no se realizará.",
            "La actividad no se realizará con recursos propios.",
            "La actividad no se realizará en Chía.",
            "La acción no se ejecutará en este trimestre.",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_words_in_any_order_are_read(text in "((la|acción|no|se|adelantará|hasta|de|cancela|,|\\.|[0-9]|ñ) ?){0,20}") {
            let _ = found(&text);
        }
    }
}
