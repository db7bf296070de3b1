//! The full stop at the end.

use super::near::is_long;
use crate::audit::subject::{Text, TextRole};
use crate::diag::{Finding, code};
use crate::prose::Kind;

/// A narrative is made of sentences, and the last of them ends too.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    if text.role != TextRole::Narrative || !has_words(text, 3) {
        return;
    }
    let Some(last) = last(text) else { return };
    let is_open = match text.kind(last) {
        // A stop after an address may be taken for a part of it.
        Some(Kind::Address) => false,
        _ => !ends_sentence(text, last),
    };
    if is_open && !ends_in_item(text, last) {
        let message = format!("el texto termina en «{}», sin punto", text.piece(last));
        let finding = text.finding(&code::FINAL_STOP_MISSING, text.bytes(last, last), message);
        findings
            .push(finding.label("falta el punto final").help("agregue el punto, o complete la frase si quedó cortada"));
    }
}

/// Whether a text has so many words; fewer are no sentence: «N/A», «No aplica».
fn has_words(text: &Text<'_>, least: usize) -> bool {
    text.tokens.iter().filter(|token| token.kind == Kind::Word).nth(least - 1).is_some()
}

/// The last piece that can be read.
fn last(text: &Text<'_>) -> Option<usize> {
    (0..text.tokens.len()).rev().find(|&index| !text.is_blank(index))
}

/// Whether a sentence ends with a piece, or before the quotes and brackets that close there.
fn ends_sentence(text: &Text<'_>, mut last: usize) -> bool {
    while matches!(text.mark(last), Some(')' | ']' | '"' | '”' | '»' | '’' | '\'')) {
        last = last.wrapping_sub(1);
    }
    matches!(text.mark(last), Some('.' | '!' | '?' | '…'))
}

/// Whether the last line is an item of a list: these may go without a stop (OLE, chapter III).
fn ends_in_item(text: &Text<'_>, last: usize) -> bool {
    let Some(line_end) = (0..last).rev().find(|&index| text.kind(index) == Some(Kind::Newline)) else { return false };
    let first = text.past_space(line_end + 1);
    match text.kind(first) {
        Some(Kind::Mark) => true,
        _ => matches!(text.mark(first + 1), Some(')' | '.')) && !is_long(text.piece(first), 5),
    }
}

/// The names of the actions end alike, and so do their indicators.
pub fn check_names(texts: &[Text<'_>], findings: &mut Vec<Finding>) {
    let names = texts.iter().filter(|text| text.role == TextRole::ActionName);
    findings.extend(uneven(names, "nombres de acciones"));
    let indicators = texts.iter().filter(|text| text.key == "indicador" && text.quarter.is_none());
    findings.extend(uneven(indicators, "indicadores"));
}

/// One finding if some texts end with a full stop and others do not, at the first of the fewer; of equal parts, at the first
/// that ends with one: a title needs none.
fn uneven<'a, 'b: 'a>(texts: impl Iterator<Item = &'a Text<'b>>, what: &str) -> Option<Finding> {
    let (with, without): (Vec<_>, Vec<_>) =
        texts.filter_map(|text| Some((text, last(text)?, has_stop(text)?))).partition(|(_, _, has_stop)| *has_stop);
    let (few, many) = if with.len() <= without.len() { (&with, &without) } else { (&without, &with) };
    let ((text, last, has_stop), (other, other_last, _)) = (few.first()?, many.first()?);
    let (here, there) = if *has_stop { ("con", "sin") } else { ("sin", "con") };
    let count = |n: usize| if n == 1 { "1 termina".to_owned() } else { format!("{n} terminan") };
    let message = format!(
        "los {what} no terminan igual: {} {here} punto final y {} {there} él{}",
        count(few.len()),
        many.len(),
        numbers(few.iter().filter_map(|(text, ..)| text.action), *has_stop),
    );
    let finding = text.finding(&code::FINAL_STOP_UNEVEN, text.bytes(*last, *last), message);
    let finding = finding.label(if *has_stop { "con punto" } else { "sin punto" });
    let related = other.place(other.bytes(*other_last, *other_last));
    Some(finding.related(related, format!("{there} punto")).help("escríbalos todos con punto, o todos sin él"))
}

/// The actions that are meant, if they can be listed.
fn numbers(actions: impl Iterator<Item = i64>, with: bool) -> String {
    const MOST: usize = 10;
    let numbers: Vec<String> = actions.map(|number| number.to_string()).collect();
    match &numbers[..] {
        [only] => format!(" ({} punto, la acción {only})", if with { "con" } else { "sin" }),
        [others @ .., last] if numbers.len() <= MOST => {
            format!(" ({} punto, las acciones {} y {last})", if with { "con" } else { "sin" }, others.join(", "))
        }
        _ => String::new(),
    }
}

/// Whether a text ends with a full stop; none if that stop may be that of an abbreviation, or another mark ends it.
fn has_stop(text: &Text<'_>) -> Option<bool> {
    let last = last(text)?;
    match text.mark(last) {
        Some('.') => {
            let word = text.word(last.wrapping_sub(1));
            let is_of_word = word.is_some_and(super::abbreviations::is_abbreviation);
            (!is_of_word && text.mark(last.wrapping_sub(1)) != Some('.')).then_some(true)
        }
        Some('!' | '?' | '…') => None,
        _ => Some(false),
    }
}
