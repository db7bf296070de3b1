//! Articles that do not agree with their noun, where its ending tells what it is.

use super::near::{is_long, is_lower};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::SPELLING;

/// Endings of nouns, each with the articles that go before it.
const ENDINGS: &[(&str, &[&str])] = &[
    ("ción", &["la", "una"]),
    ("sión", &["la", "una"]),
    ("idad", &["la", "una"]),
    ("ciones", &["las", "unas"]),
    ("siones", &["las", "unas"]),
    ("reuniones", &["las", "unas"]),
    ("idades", &["las", "unas"]),
    ("imiento", &["el", "un"]),
    ("amiento", &["el", "un"]),
    ("imientos", &["los", "unos"]),
    ("amientos", &["los", "unos"]),
];

/// Words that end like this and are something else.
const OTHERS: &[&str] = &["alción", "alciones", "notición", "noticiones"];

/// Looks for «los reuniones», «las actividad», «la procedimientos».
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for index in 0..text.tokens.len() {
        findings.extend(text.word(index).filter(|word| word.len() <= 4).and_then(|article| look(text, index, article)));
    }
}

fn look(text: &Text<'_>, index: usize, written: &str) -> Option<Finding> {
    let article = ["el", "la", "los", "las", "un", "una", "unos", "unas"]
        .into_iter()
        .find(|article| article.eq_ignore_ascii_case(written))?;
    let noun = text.word_after(index)?;
    let word = text.piece(noun);
    let (_, right) = ENDINGS.iter().find(|(ending, _)| word.ends_with(ending))?;
    if right.contains(&article) || !is_lower(word) || !is_long(word, 6) || OTHERS.contains(&word) || is_verb(word) {
        return None;
    }
    // A word that is not known is told elsewhere.
    SPELLING.lists(word).then(|| {
        let message = format!("«{written}» no concuerda con «{word}»");
        let finding = text.finding(&code::AGREEMENT, text.bytes(index, noun), message).label("no concuerdan");
        finding.help(format!(
            "escriba «{} {word}», o el nombre como lo pide «{article}»",
            right[usize::from(article.starts_with('u'))]
        ))
    })
}

/// Whether it may be what you do: «que no los menciones».
fn is_verb(word: &str) -> bool {
    word.strip_suffix("iones").is_some_and(|stem| SPELLING.lists(&format!("{stem}ionar")))
}
