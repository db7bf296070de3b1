//! The same word twice in a row.

use super::near::{is_long, is_lower, is_named_by_letter};
use crate::audit::subject::Text;
use crate::diag::{Finding, code, quoted};

/// Words that are said twice on purpose: «muy muy», «casi casi», the figures of a telephone.
const MAY_REPEAT: &[&str] = &[
    "muy", "casi", "así", "bien", "ya", "no", "sí", "luego", "tan", "bla", "cha", "ja", "cero", "uno", "dos", "tres",
    "cuatro", "cinco", "seis", "siete", "ocho", "nueve",
];

/// Words that are two: what is told and what it does, «la muestra muestra», or where and when, «la zona este este año».
const MAY_BE_TWO: &[&str] = &[
    "ayuda", "bajo", "causa", "consulta", "cuenta", "este", "guía", "marca", "muestra", "obra", "programa", "prueba",
    "sobre", "visita",
];

/// Looks for words that stand twice with only a blank between them. Names may («Bora Bora»), and so may letters («x y y»).
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let mut index = 0;
    while index < text.tokens.len() {
        let (last, times) = run(text, index);
        if times > 1 {
            let word = text.piece(index);
            let message = format!(
                "«{}» está {} seguidas",
                quoted(word),
                if times == 2 { "dos veces".into() } else { format!("{times} veces") }
            );
            let finding = text.finding(&code::WORD_TWICE, text.bytes(index, last), message);
            findings.push(finding.label("palabra repetida").help("deje una sola").fix(word));
        }
        index = last + 1;
    }
}

/// The last place of the same word again and again, and how often it stands there.
fn run(text: &Text<'_>, first: usize) -> (usize, usize) {
    let is_read = |word: &&str| is_long(word, 2) || matches!(*word, "y" | "a") && is_among_words(text, first);
    let Some(word) = text.word(first).filter(is_read) else { return (first, 1) };
    let (mut last, mut times) = (first, 1);
    while let Some(next) = text.word_after(last).filter(|&next| is_again(word, text.piece(next))) {
        (last, times) = (next, times + 1);
    }
    (last, times)
}

/// Whether a letter that stands twice has words on both sides, so that it is no name of something: «recibido y y pagado».
fn is_among_words(text: &Text<'_>, first: usize) -> bool {
    let is_word = |index: usize| is_lower(text.piece(index)) && is_long(text.piece(index), 2);
    let after = text.word_after(first).and_then(|second| text.word_after(second));
    let before = text.word_before(first).filter(|&before| !is_named_by_letter(text.piece(before)));
    before.is_some_and(is_word) && after.is_some_and(is_word)
}

fn is_again(word: &str, next: &str) -> bool {
    word.len() == next.len()
        && is_lower(next)
        && (word == next || word.to_lowercase() == next)
        && !MAY_REPEAT.contains(&next)
        && !MAY_BE_TWO.contains(&next)
}
