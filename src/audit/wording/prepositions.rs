//! Prepositions that a phrase asks for and does not have, or has in place of another.

use super::near::{is_long, is_lower};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::SPELLING;

/// What a purpose is opened with, and the preposition that parts it from an infinitive.
const PURPOSES: &[(&[&str], &str)] = &[
    (&["con", "el", "fin"], "de"),
    (&["con", "el", "propósito"], "de"),
    (&["con", "el", "objeto"], "de"),
    (&["con", "el", "objetivo"], "de"),
    (&["con", "el", "ánimo"], "de"),
    (&["con", "la", "finalidad"], "de"),
    (&["con", "la", "intención"], "de"),
    (&["con", "miras"], "a"),
    (&["a", "fin"], "de"),
    (&["a", "efectos"], "de"),
    (&["en", "aras"], "de"),
];

/// What is written, and what the norm asks for.
const PHRASES: &[(&[&str], &str)] = &[
    (&["en", "base", "a"], "con base en"),
    (&["en", "base", "al"], "con base en el"),
    (&["en", "relación", "a"], "en relación con"),
    (&["en", "relación", "al"], "en relación con el"),
    (&["debido", "que"], "debido a que"),
    (&["a", "pesar", "que"], "a pesar de que"),
    (&["a", "fin", "que"], "a fin de que"),
];

/// Verbs whose «que» takes no «de».
const SAYING: &[&str] = &[
    "afirmó",
    "afirmaron",
    "concluyó",
    "concluyeron",
    "consideró",
    "consideraron",
    "decidió",
    "decidieron",
    "determinó",
    "determinaron",
    "dijo",
    "dijeron",
    "estableció",
    "establecieron",
    "evidenció",
    "evidenciaron",
    "expresó",
    "expresaron",
    "indicó",
    "indicaron",
    "manifestó",
    "manifestaron",
    "opinó",
    "opinaron",
    "propuso",
    "propusieron",
    "recomendó",
    "recomendaron",
    "señaló",
    "señalaron",
    "solicitó",
    "solicitaron",
    "sostuvo",
    "sostuvieron",
];

/// Looks for the phrases.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for (index, word) in text.words() {
        if matches!(word, "a" | "A" | "con" | "Con" | "en" | "En") {
            findings.extend(purpose(text, index));
        }
        if matches!(word, "a" | "A" | "en" | "En" | "debido" | "Debido") {
            findings.extend(phrase(text, index));
        }
        if word == "que" {
            findings.extend(of_that(text, index));
        }
    }
}

/// «con el fin construir».
fn purpose(text: &Text<'_>, index: usize) -> Option<Finding> {
    let (head, preposition) =
        PURPOSES.iter().find_map(|(words, preposition)| Some((text.phrase(index, words)?, preposition)))?;
    let verb = text.word_after(head).filter(|&next| is_infinitive(text.piece(next)))?;
    let opening = &text.value[text.bytes(index, head)];
    let message = format!("falta «{preposition}»: «{opening} {preposition} {}»", text.piece(verb));
    let finding = text.finding(&code::PREPOSITION_MISSING, text.bytes(index, verb), message);
    Some(finding.label(format!("falta «{preposition}»")).help(format!("escriba «{preposition}» antes del verbo")))
}

/// «en base a».
fn phrase(text: &Text<'_>, index: usize) -> Option<Finding> {
    let (last, right) = PHRASES.iter().find_map(|(words, right)| Some((text.phrase(index, words)?, right)))?;
    let bytes = text.bytes(index, last);
    let message = format!("la norma pide «{right}», no «{}»", &text.value[bytes.clone()]);
    Some(text.finding(&code::PREPOSITION_WRONG, bytes, message).label("preposición").help(format!("escriba «{right}»")))
}

/// «manifestó de que».
fn of_that(text: &Text<'_>, index: usize) -> Option<Finding> {
    let of = text.word_before(index).filter(|&of| text.piece(of) == "de")?;
    let verb = text.word_before(of).filter(|&verb| SAYING.contains(&text.piece(verb)))?;
    let verb_word = text.piece(verb);
    let message = format!("sobra «de»: se dice «{verb_word} que»");
    let finding = text.finding(&code::PREPOSITION_WRONG, text.bytes(verb, index), message);
    Some(finding.label("dequeísmo").help(format!("escriba «{verb_word} que»")))
}

/// Whether a word is an infinitive and nothing else: the dictionary knows it with a pronoun at its end, which an adjective
/// such as «similar» cannot have.
fn is_infinitive(word: &str) -> bool {
    if !is_lower(word) || !is_long(word, 5) || ["regular", "militar", "auxiliar"].contains(&word) {
        return false;
    }
    let ends = |word: &str| ["ar", "er", "ir"].iter().any(|end| word.ends_with(end));
    if ends(word) {
        return ["se", "lo", "le"].iter().any(|pronoun| SPELLING.lists(&format!("{word}{pronoun}")));
    }
    let pronouns = ["se", "lo", "la", "los", "las", "le", "les"];
    pronouns.iter().any(|pronoun| word.strip_suffix(pronoun).is_some_and(ends)) && SPELLING.lists(word)
}
