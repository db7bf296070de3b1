//! Marks that come in pairs and of which one is missing.

use super::near::is_long;
use super::numerals::is_roman;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::Kind;

/// What opens, what closes it, and what the office calls the two.
const PAIRS: [(char, char, &str); 7] = [
    ('(', ')', "el paréntesis"),
    ('[', ']', "el corchete"),
    ('{', '}', "la llave"),
    ('«', '»', "la comilla angular"),
    ('“', '”', "la comilla inglesa"),
    ('¿', '?', "la interrogación"),
    ('¡', '!', "la exclamación"),
];

const ROUND: usize = 0;
const QUESTION: usize = 5;
const EXCLAMATION: usize = 6;

/// What was met of one kind of pair.
#[derive(Default)]
struct Pair {
    /// The places that are open.
    open: Vec<usize>,
    /// The places that close nothing.
    stray: Vec<usize>,
    /// How many brackets were closed by what may have been the mark of an item: «(así: 1) esto; 2) aquello)».
    doubtful: usize,
}

/// Looks for marks without their other half: one finding for each kind of mark, at the first.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let mut pairs: [Pair; 7] = Default::default();
    for (index, mark) in text.marks() {
        // Most marks of a text are none of these.
        if matches!(mark, ',' | '.' | ';' | ':' | '-' | '%' | '$') {
            continue;
        }
        if let Some(kind) = PAIRS.iter().position(|(open, ..)| *open == mark) {
            pairs[kind].open.push(index);
        } else if let Some(kind) = PAIRS.iter().position(|(_, close, _)| *close == mark) {
            close(text, index, kind, &mut pairs);
        }
    }
    for ((open, close, name), pair) in PAIRS.iter().zip(&pairs) {
        report(text, &pair.open, [name, "no se cierra"], *close, findings);
        report(text, &pair.stray, [name, "se cierra sin haberse abierto"], *open, findings);
    }
    straight_quotes(text, findings);
}

fn report(text: &Text<'_>, places: &[usize], fault: [&str; 2], other: char, findings: &mut Vec<Finding>) {
    let Some(&first) = places.first() else { return };
    let more = match places.len() {
        1 => String::new(),
        2 => "; hay otro caso en el texto".to_owned(),
        many => format!("; hay otros {} casos en el texto", many - 1),
    };
    let finding =
        text.finding(&code::MARK_WITHOUT_PAIR, text.bytes(first, first), format!("{}{more}", fault.join(" ")));
    findings.push(finding.label("sin pareja").help(format!("agregue el signo {other} donde falta, o quite este")));
}

/// Takes note of a mark that closes.
fn close(text: &Text<'_>, index: usize, kind: usize, pairs: &mut [Pair; 7]) {
    let before = index.wrapping_sub(1);
    let is_doubtful = kind == ROUND && is_item(text, index);
    if pairs[kind].open.pop().is_some() {
        pairs[kind].doubtful += usize::from(is_doubtful);
        return;
    }
    let is_right = match kind {
        ROUND if is_doubtful => true,
        ROUND if pairs[ROUND].doubtful > 0 => {
            pairs[ROUND].doubtful -= 1;
            true
        }
        // A face made of marks.
        ROUND => matches!(text.mark(before), Some(':' | ';')),
        QUESTION | EXCLAMATION => {
            let other = QUESTION + EXCLAMATION - kind;
            // «¡Qué dice?» and «¿Cómo!» are right, and so is «?!»; «(?)» tells a doubt; «?x=1» is of an address.
            matches!(text.mark(before), Some('?' | '!' | '('))
                || matches!(text.kind(index + 1), Some(Kind::Word | Kind::Number | Kind::Code))
                || pairs[other].open.pop().is_some()
        }
        // Inches.
        _ => text.mark(index) == Some('”') && text.kind(before) == Some(Kind::Number),
    };
    if !is_right {
        pairs[kind].stray.push(index);
    }
}

/// Whether a bracket ends the mark of an item: «1)», «a)», «iv)».
fn is_item(text: &Text<'_>, index: usize) -> bool {
    let label = index.wrapping_sub(1);
    let is_label = match text.kind(label) {
        Some(Kind::Number | Kind::Code) => !is_long(text.piece(label), 6),
        Some(Kind::Word) => !is_long(text.piece(label), 2) || is_roman(text.piece(label)),
        _ => false,
    };
    is_label && text.is_blank(label.wrapping_sub(1))
}

/// Straight quotes open and close with the same mark: there must be an even number of them. A figure before one makes it inches.
fn straight_quotes(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let (mut open, mut fault, mut count) = (None, None, 0);
    let quotes = || text.marks().filter(|(_, mark)| *mark == '"').map(|(index, _)| index);
    for index in quotes() {
        let before = index.wrapping_sub(1);
        let after_figure = text.kind(before) == Some(Kind::Number);
        if after_figure && (open.is_none() || fault.is_some()) {
            continue;
        }
        count += 1;
        let opens = (text.is_blank(before) || is_opening(text, before)) && !text.is_blank(index + 1);
        let closes = !text.is_blank(before) && text.is_blank(index + 1);
        match open {
            Some(first) if opens => {
                fault = fault.or(Some(first));
                open = Some(index);
            }
            None if closes => fault = fault.or(Some(index)),
            None => open = Some(index),
            Some(_) => open = None,
        }
    }
    let inches = || quotes().any(|at| text.kind(at.wrapping_sub(1)) == Some(Kind::Number));
    if let Some(first) = fault.or(open).filter(|_| count % 2 == 1 && !inches()) {
        let message = match count {
            1 => "la comilla recta no tiene pareja".to_owned(),
            many => format!("hay {many} comillas rectas: a una le falta su pareja"),
        };
        let finding = text.finding(&code::MARK_WITHOUT_PAIR, text.bytes(first, first), message);
        findings.push(finding.label("sin pareja").help("agregue la que falta, o quite la que sobra"));
    }
}

fn is_opening(text: &Text<'_>, index: usize) -> bool {
    matches!(text.mark(index), Some('(' | '[' | '¿' | '¡' | '«' | '“'))
}
