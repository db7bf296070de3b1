//! Words that are right by themselves and, where they stand, only lack their accent.

use super::near::{is_long, is_lower};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::Kind;
use crate::prose::spelling::SPELLING;

/// Nouns that without their accent are what I do: «el diagnostico».
const NOUNS: &[(&str, &str)] = &[
    ("articulo", "artículo"),
    ("calculo", "cálculo"),
    ("capitulo", "capítulo"),
    ("catalogo", "catálogo"),
    ("computo", "cómputo"),
    ("deposito", "depósito"),
    ("diagnostico", "diagnóstico"),
    ("dialogo", "diálogo"),
    ("numero", "número"),
    ("pronostico", "pronóstico"),
    ("publico", "público"),
    ("termino", "término"),
    ("titulo", "título"),
    ("transito", "tránsito"),
    ("ultimo", "último"),
    ("vinculo", "vínculo"),
];

/// How the verbs end whose past has no accent: «se hizo», «se obtuvo».
const STRONG: &[&str] = &[
    "dijo", "dio", "dujo", "guio", "hizo", "hubo", "pudo", "puso", "quiso", "rio", "supo", "trajo", "tuvo", "vino",
    "vio",
];

/// Looks for «se realizo», «el diagnostico», «contrato numero 45» and «asistieron mas de 200».
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for index in 0..text.tokens.len() {
        let right = match text.word(index) {
            Some("se" | "Se") => past(text, index),
            Some("el" | "El" | "un" | "Un" | "del" | "Del" | "al" | "Al" | "este" | "Este") => noun(text, index),
            Some("numero") => number(text, index),
            Some("mas") => more(text, index),
            _ => None,
        };
        let Some((first, last, right)) = right else { continue };
        let message = format!("a «{}» le falta la tilde: «{right}»", text.piece(last));
        let finding = text.finding(&code::WORDS_CLASH, text.bytes(first, last), message);
        findings.push(finding.label("falta la tilde").help(format!("escriba «{right}»")));
    }
}

/// What lacks its accent: the words that show it, of which it is the last, and how it is written.
type Lacking = Option<(usize, usize, String)>;

/// «se realizo», «se les entrego»: no verb after «se» says what I do. «Se lo solicito» may.
fn past(text: &Text<'_>, index: usize) -> Lacking {
    let next = text.word_after(index)?;
    let verb = if matches!(text.piece(next), "le" | "les" | "nos") { text.word_after(next)? } else { next };
    let word = text.piece(verb);
    let stem = word.strip_suffix('o').filter(|_| is_lower(word) && is_long(word, 4))?;
    if STRONG.iter().any(|end| word.ends_with(end)) {
        return None;
    }
    let right = format!("{stem}ó");
    SPELLING.lists(&right).then_some((index, verb, right))
}

/// «el diagnostico»: no verb follows an article.
fn noun(text: &Text<'_>, index: usize) -> Lacking {
    let noun = text.word_after(index)?;
    let (_, right) = NOUNS.iter().find(|(wrong, _)| *wrong == text.piece(noun))?;
    Some((index, noun, (*right).to_owned()))
}

/// «el contrato numero 45»: no figure follows what I do.
fn number(text: &Text<'_>, index: usize) -> Lacking {
    text.word_before(index)?;
    let is_number = text.is_space(index + 1) && text.kind(index + 2) == Some(Kind::Number);
    is_number.then(|| (index, index, "número".to_owned()))
}

/// «asistieron mas de 200»: the «mas» that is a «pero» has a mark before it.
fn more(text: &Text<'_>, index: usize) -> Lacking {
    text.word_before(index)?;
    let of = text.word_after(index).filter(|&of| text.piece(of) == "de")?;
    let is_number = text.is_space(of + 1) && text.kind(of + 2) == Some(Kind::Number);
    is_number.then(|| (index, index, "más".to_owned()))
}
