//! Sentences that begin with a small letter.

use super::abbreviations::is_abbreviation;
use super::near::{is_long, is_lower, starts_lower};
use super::numerals::is_roman;
use crate::audit::subject::{Text, TextRole};
use crate::diag::{Finding, code};
use crate::prose::Kind;
use crate::prose::spelling::SPELLING;

/// Looks at the first word of a narrative or a name, and at each first word after a full stop.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    if matches!(text.role, TextRole::Narrative | TextRole::ActionName) && begins_small(text, 0) {
        let what = if text.role == TextRole::ActionName { "el nombre" } else { "el texto" };
        findings.push(finding(text, 0, format!("{what} empieza con minúscula")));
    }
    for stop in 1..text.tokens.len() {
        if text.mark(stop) != Some('.') {
            continue;
        }
        let next = text.word_after(stop).filter(|&next| begins_small(text, next));
        if let Some(next) = next.filter(|_| ends_sentence(text, stop - 1)) {
            findings.push(finding(text, next, "la frase empieza con minúscula después del punto".to_owned()));
        }
    }
}

fn finding(text: &Text<'_>, index: usize, message: String) -> Finding {
    let finding = text.finding(&code::INITIAL_SMALL, text.bytes(index, index), message);
    finding.label("minúscula").help("escriba la primera letra en mayúscula, o revise el punto anterior")
}

/// Whether a word that should have a capital has none. «iPhone» and the marks of items, «a)», are as they should be.
fn begins_small(text: &Text<'_>, index: usize) -> bool {
    let Some(word) = text.word(index) else { return false };
    let is_item =
        matches!(text.mark(index + 1), Some(')' | '.' | '/' | '-' | '_' | '@')) || is_roman(word) && word.len() > 1;
    starts_lower(word) && is_lower(word) && (!is_item || ends_text(text, index + 1))
}

/// Whether the stop of a single word is there: «. listo.».
fn ends_text(text: &Text<'_>, index: usize) -> bool {
    text.mark(index) == Some('.') && text.is_blank(index + 1) && is_long(text.piece(index.wrapping_sub(1)), 3)
}

/// Whether a stop after this piece ends a sentence for certain: it is no part of an abbreviation, of an item or of «...».
fn ends_sentence(text: &Text<'_>, before: usize) -> bool {
    match text.kind(before) {
        Some(Kind::Word) => {
            let word = text.piece(before);
            // What is written with stops inside, «S.A.S.», or hyphens is a word of its own.
            let is_whole = text.is_blank(before.wrapping_sub(1))
                || text.mark(before.wrapping_sub(1)).is_some_and(|mark| "(«“\"¿¡".contains(mark));
            let is_known = is_lower(word) && is_long(word, 2) && SPELLING.knows(word);
            is_whole && !is_abbreviation(word) && !is_roman(word) && is_known
        }
        // A year, but not the number of an item.
        Some(Kind::Number) => text.piece(before).len() == 4 && text.piece(before).parse::<u16>().is_ok(),
        Some(Kind::Mark) => {
            text.mark(before) == Some('%') || text.mark(before) == Some(')') && closes_words(text, before)
        }
        _ => false,
    }
}

/// Whether a bracket closes after a word of more than a few letters, and so is not that of an item.
fn closes_words(text: &Text<'_>, bracket: usize) -> bool {
    text.word(bracket.wrapping_sub(1)).is_some_and(|word| is_long(word, 5))
}
