//! Numbers in brackets whose words are missing.

use super::near::starts_lower;
use super::numerals::is_numeral;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::Kind;

/// Words after which a number must come before the noun: «se capacitó a (6) servidores».
const BEFORE_A_NUMBER: &[&str] = &[
    "a", "con", "de", "en", "entre", "hasta", "las", "los", "otras", "otros", "para", "por", "sus", "estas", "estos",
    "fueron", "hubo", "hay", "son", "tiene", "tienen",
];

/// Words that end as a noun in the plural and are none.
const NO_NOUN: &[&str] = &[
    "más", "menos", "además", "tras", "es", "tres", "seis", "dos", "las", "los", "sus", "mientras", "después", "antes",
];

/// Looks for a lone «(6)»: it repeats in figures the number that the words before it say, and there are none.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    if !text.value.contains('(') {
        return;
    }
    for open in 0..text.tokens.len() {
        if text.mark(open) != Some('(') || text.mark(open + 2) != Some(')') || !is_count(text, open + 1) {
            continue;
        }
        let (Some(before), Some(after)) = (text.word_before(open), text.word_after(open + 2)) else { continue };
        let (before, after) = (text.piece(before), text.piece(after));
        if asks_for_number(before) && is_noun(after) {
            let number = text.piece(open + 1);
            let message =
                format!("«({number}) {after}»: el paréntesis repite en cifras un número que falta en palabras");
            let finding = text.finding(&code::FIGURE_WITHOUT_WORD, text.bytes(open, open + 2), message);
            findings.push(finding.label("falta el número").help(format!("escriba «{number} {after}», sin paréntesis")));
        }
    }
}

/// Two or more; the mark of an item is not told apart, but no item follows the words that are asked for.
fn is_count(text: &Text<'_>, index: usize) -> bool {
    text.kind(index) == Some(Kind::Number) && text.piece(index).parse::<u32>().is_ok_and(|number| number > 1)
}

fn asks_for_number(word: &str) -> bool {
    let is_verb = ["aron", "ieron", "yeron", "jeron"].iter().any(|end| word.ends_with(end));
    starts_lower(word) && (is_verb || BEFORE_A_NUMBER.contains(&word)) && !is_numeral(word)
}

fn is_noun(word: &str) -> bool {
    starts_lower(word) && word.ends_with('s') && !NO_NOUN.contains(&word)
}
