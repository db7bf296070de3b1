//! Marks that cannot stand together.

use super::abbreviations::is_abbreviation;
use super::near::{is_word, starts_lower};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};

/// A fault: the last piece of it, what is wrong, how to mend it.
type Fault = (usize, String, &'static str);

/// Looks at the marks that follow another one.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for index in 0..text.tokens.len() {
        let fault = match text.mark(index) {
            Some('.' | '…') => stops(text, index).or_else(|| stop_in_quotes(text, index)),
            Some(',' | ';' | ':') => pair(text, index).or_else(|| comma_at_bracket(text, index)),
            Some('?' | '!') => stop_after_question(text, index),
            Some('(') => {
                let is_comma = text.mark(index + 1) == Some(',') && text.is_blank(index + 2);
                is_comma.then(|| (index + 1, "una coma no puede abrir un paréntesis".to_owned(), "quite la coma"))
            }
            _ => None,
        };
        if let Some((last, message, help)) = fault {
            let finding = text.finding(&code::PUNCTUATION, text.bytes(index, last), message);
            findings.push(finding.label("puntuación").help(help));
        }
    }
}

/// How many times the mark at `index` stands there in a row.
fn run(text: &Text<'_>, index: usize) -> usize {
    let mark = text.mark(index);
    (index..text.tokens.len()).take_while(|&at| text.mark(at) == mark).count()
}

/// Two stops, or more than three, and those that follow «etc.».
fn stops(text: &Text<'_>, index: usize) -> Option<Fault> {
    let before = index.wrapping_sub(1);
    if matches!(text.mark(before), Some('.' | '…' | '/')) {
        return None;
    }
    let after_etc = text.word(before).is_some_and(|word| is_word(word, "etc"));
    let is_ellipsis = text.mark(index) == Some('…');
    let count = run(text, index);
    let last = index + count - 1;
    match (is_ellipsis, count) {
        (false, 2..) | (true, _) if after_etc => {
            Some((last, "«etc.» lleva un solo punto".to_owned(), "escriba «etc.», sin más puntos"))
        }
        (false, 2) if text.mark(last + 1) != Some('/') => {
            Some((last, "hay dos puntos finales seguidos".to_owned(), "deje uno; los suspensivos son tres"))
        }
        (false, 4..) => Some((last, format!("los puntos suspensivos son tres, no {count}"), "deje tres")),
        (true, 1) if text.mark(last + 1) == Some('.') => {
            let message = "los puntos suspensivos no llevan otro punto".to_owned();
            Some((last + 1, message, "quite el punto"))
        }
        _ => None,
    }
}

/// A stop within quotes that close in the middle of a sentence (OLE, chapter III).
fn stop_in_quotes(text: &Text<'_>, index: usize) -> Option<Fault> {
    let quote = index + 1;
    let closes = matches!(text.mark(quote), Some('"' | '”' | '»'));
    let is_lone =
        text.mark(index) == Some('.') && text.word(index.wrapping_sub(1)).is_some_and(|word| !is_abbreviation(word));
    if !is_lone || !closes {
        return None;
    }
    match text.mark(quote + 1) {
        Some(mark @ ('.' | ',' | ';')) => {
            let message = format!("sobra el punto antes de las comillas: después de ellas va «{mark}»");
            Some((quote + 1, message, "quite el punto que está dentro de las comillas"))
        }
        None if text.word_after(quote).is_some_and(|next| starts_lower(text.piece(next))) => {
            let message = "sobra el punto antes de las comillas: la frase sigue en minúscula".to_owned();
            Some((quote, message, "quite el punto, o empiece otra frase después de las comillas"))
        }
        _ => None,
    }
}

/// «,,», «;.» and the like.
fn pair(text: &Text<'_>, index: usize) -> Option<Fault> {
    if matches!(text.mark(index.wrapping_sub(1)), Some(',' | ';' | ':')) {
        return None;
    }
    let first = text.mark(index)?;
    let next = text.mark(index + 1)?;
    let clashes = match (first, next) {
        (',' | ';', _) if first == next => true,
        (',' | ';' | ':', ',' | ';' | ':') => first != next,
        (',' | ';' | ':', '.') => run(text, index + 1) == 1,
        _ => false,
    };
    let last = if first == next { index + run(text, index) - 1 } else { index + 1 };
    clashes.then(|| {
        let message = format!("«{}» no pueden ir juntos", &text.value[text.bytes(index, (index + 1).min(last))]);
        (last, message, "deje un solo signo")
    })
}

/// A comma right before a bracket that closes.
fn comma_at_bracket(text: &Text<'_>, index: usize) -> Option<Fault> {
    let bracket = text.past_space(index + 1);
    let is_fault = text.mark(index) == Some(',') && matches!(text.mark(bracket), Some(')' | ']'));
    is_fault.then(|| (bracket, "una coma no puede cerrar un paréntesis".to_owned(), "quite la coma"))
}

/// A stop after a question or an exclamation, whose own mark ends the sentence (OLE, chapter III).
fn stop_after_question(text: &Text<'_>, index: usize) -> Option<Fault> {
    let stop = index + 1;
    let is_fault = text.mark(stop) == Some('.') && run(text, stop) == 1 && text.is_blank(stop + 1);
    is_fault.then(|| (stop, format!("después de «{}» no va punto", text.piece(index)), "quite el punto"))
}
