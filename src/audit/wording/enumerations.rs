//! Enumerations: «1) … 2) …», «a. … b. …», «I. … II. …».
//!
//! A list begins with the first number or letter and goes on with the next. One within an item of another may look as it
//! likes. What could be anything else, such as the number of an article or a year at the end of a sentence, is no mark.

use std::collections::BTreeMap;

use super::near::is_long;
use super::numerals::{roman, written_roman};
use crate::audit::subject::{Text, TextRole};
use crate::diag::{Finding, code};
use crate::model::Quarter;
use crate::prose::Kind;

/// What items are counted with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Count {
    Figures,
    Small,
    Capitals,
    SmallRoman,
    CapitalRoman,
}

/// What follows the number, or encloses it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fence {
    Bracket,
    Brackets,
    Stop,
}

/// How the marks of a list look.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Style {
    count: Count,
    fence: Fence,
}

impl Style {
    /// The mark of an item in this style, to be quoted.
    fn sample(self, value: u32) -> String {
        let letter = |first: u8| char::from(first + u8::try_from(value.clamp(1, 26) - 1).unwrap_or(0)).to_string();
        let number = match self.count {
            Count::Figures => value.to_string(),
            Count::Small => letter(b'a'),
            Count::Capitals => letter(b'A'),
            Count::SmallRoman => written_roman(value),
            Count::CapitalRoman => written_roman(value).to_ascii_uppercase(),
        };
        match self.fence {
            Fence::Bracket => format!("{number})"),
            Fence::Brackets => format!("({number})"),
            Fence::Stop => format!("{number}."),
        }
    }
}

/// The first list of a narrative.
struct First<'a, 'b> {
    text: &'a Text<'b>,
    style: Style,
    mark: (usize, usize),
}

/// Something that may open an item.
struct Mark {
    /// From its first piece to its last.
    pieces: (usize, usize),
    fence: Fence,
    /// Whether it stands where a line or a clause begins, so that it can be nothing else.
    is_firm: bool,
    /// Whether it begins a line.
    begins_line: bool,
}

/// A list, as far as it was read.
struct List {
    style: Style,
    last: u32,
    length: u32,
    first_mark: (usize, usize),
    last_mark: (usize, usize),
    begins_line: bool,
    is_told: bool,
}

/// Looks for lists that change their style or skip a number.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    lists(text, findings);
}

/// Reads the lists of a text, with the first of two items or more, and tells what is wrong with them.
fn lists(text: &Text<'_>, findings: &mut Vec<Finding>) -> Option<(Style, bool, (usize, usize))> {
    let mut open: Vec<List> = Vec::new();
    let mut first = None;
    let mut brackets = 0_usize;
    for index in 0..text.tokens.len() {
        if text.mark(index) == Some(')') {
            brackets = brackets.saturating_sub(1);
        }
        if let Some(mark) = mark(text, index).filter(|_| brackets == 0) {
            let grown = place(text, &mark, &mut open, findings);
            if let Some(list) = grown.and_then(|at| open.get(at)).filter(|list| first.is_none() && list.length == 2) {
                first = Some((list.style, list.begins_line, list.first_mark));
            }
        }
        if text.mark(index) == Some('(') {
            brackets += 1;
        }
    }
    first
}

/// The mark that begins at a piece, if it can be one.
fn mark(text: &Text<'_>, index: usize) -> Option<Mark> {
    let opens = text.mark(index) == Some('(');
    let label = index + usize::from(opens);
    let before = index.wrapping_sub(1);
    let is_label = match text.kind(label) {
        Some(Kind::Number) => !is_long(text.piece(label), 3),
        Some(Kind::Word) => !is_long(text.piece(label), 6),
        _ => false,
    };
    if !is_label || !text.is_blank(before) {
        return None;
    }
    let fence = match (opens, text.mark(label + 1)?) {
        (true, ')') => Fence::Brackets,
        (false, ')') => Fence::Bracket,
        (false, '.') if text.is_space(label + 2) => Fence::Stop,
        _ => return None,
    };
    let lead = text.back_over_space(before);
    let begins_line = text.is_line_end(lead);
    let is_firm = begins_line || matches!(text.mark(lead), Some('.' | ';' | ':'));
    let may_be = match fence {
        Fence::Bracket => true,
        Fence::Stop => is_firm || text.mark(lead) == Some(','),
        Fence::Brackets => is_firm || text.mark(lead) == Some(',') || matches!(text.piece(lead), "y" | "e" | "o" | "u"),
    };
    may_be.then_some(Mark { pieces: (index, label + 1), fence, is_firm, begins_line })
}

/// What a label may count.
fn values(label: &str) -> impl Iterator<Item = (Count, u32)> {
    let letter = |first: u8| {
        let &[byte] = label.as_bytes() else { return None };
        byte.checked_sub(first).filter(|place| *place < 26).map(|place| u32::from(place) + 1)
    };
    let is_small = label.starts_with(char::is_lowercase);
    let figures = label.parse::<u32>().ok().map(|value| (Count::Figures, value));
    let roman = roman(label).map(|value| (if is_small { Count::SmallRoman } else { Count::CapitalRoman }, value));
    let letter = letter(if is_small { b'a' } else { b'A' })
        .map(|value| (if is_small { Count::Small } else { Count::Capitals }, value));
    figures.into_iter().chain(letter).chain(roman)
}

/// Puts a mark into the list that it goes on with, or opens one with it; tells which.
fn place(text: &Text<'_>, mark: &Mark, open: &mut Vec<List>, findings: &mut Vec<Finding>) -> Option<usize> {
    let label = mark.pieces.1 - 1;
    let styled = || values(text.piece(label)).map(|(count, value)| (Style { count, fence: mark.fence }, value));
    let goes_on = |list: &List| styled().any(|(style, value)| style == list.style && value == list.last + 1);
    if let Some(at) = open.iter().rposition(goes_on) {
        // The lists within the item before are over.
        open.truncate(at + 1);
        open[at].grow(mark);
        return Some(at);
    }
    if let Some((style, _)) = styled().find(|(_, value)| *value == 1) {
        // A list of the same style has ended if it begins again, and so have those within it.
        if let Some(at) = open.iter().position(|list| list.style == style) {
            open.truncate(at);
        }
        let (first_mark, begins_line) = (mark.pieces, mark.begins_line);
        open.push(List { style, last: 1, length: 1, first_mark, last_mark: first_mark, begins_line, is_told: false });
        return Some(open.len() - 1);
    }
    let list = open.last_mut().filter(|_| mark.is_firm)?;
    let same_style = styled().find(|(style, _)| *style == list.style);
    let next_in_other = styled().find(|(style, value)| {
        *value == list.last + 1 && (style.count == list.style.count || style.fence == list.style.fence)
    });
    if let Some((style, value)) = same_style.filter(|_| list.length > 1) {
        list.tell(text, findings, mark, |list| {
            let (before, after) = (style.sample(list.last), style.sample(value));
            (
                &code::ENUMERATION_SKIPS,
                format!("la enumeración pasa de «{before}» a «{after}»"),
                "revise si falta o sobra un elemento",
            )
        });
        list.last = value;
    } else if let Some((style, value)) = next_in_other {
        list.tell(text, findings, mark, |list| {
            let (before, after) = (list.style.sample(list.last), style.sample(value));
            let message = format!("la enumeración cambia de forma: de «{before}» pasa a «{after}»");
            (&code::ENUMERATIONS_MIXED, message, "use la misma forma en todos los elementos")
        });
        list.last = value;
    }
    None
}

impl List {
    fn grow(&mut self, mark: &Mark) {
        (self.last, self.length, self.last_mark) = (self.last + 1, self.length + 1, mark.pieces);
    }

    /// Tells once what is wrong with a list, at a mark.
    fn tell(
        &mut self,
        text: &Text<'_>,
        findings: &mut Vec<Finding>,
        mark: &Mark,
        fault: impl Fn(&Self) -> (&'static code::Code, String, &'static str),
    ) {
        let before = std::mem::replace(&mut self.last_mark, mark.pieces);
        if std::mem::replace(&mut self.is_told, true) {
            return;
        }
        let (code, message, help) = fault(self);
        let finding = text.finding(code, text.bytes(mark.pieces.0, mark.pieces.1), message).label("aquí");
        findings.push(finding.related(text.place(text.bytes(before.0, before.1)), "el elemento anterior").help(help));
    }
}

/// The lists of the narratives of a trimestre look alike. Those that begin lines and those within a paragraph are told apart.
pub fn check_styles(texts: &[Text<'_>], findings: &mut Vec<Finding>) {
    let mut groups: BTreeMap<(Quarter, bool), Vec<First<'_, '_>>> = BTreeMap::new();
    for text in texts.iter().filter(|text| text.role == TextRole::Narrative) {
        let (Some(quarter), Some((style, begins_line, mark))) = (text.quarter, lists(text, &mut Vec::new())) else {
            continue;
        };
        groups.entry((quarter, begins_line)).or_default().push(First { text, style, mark });
    }
    for group in groups.values() {
        uneven(group, findings);
    }
}

/// One finding for each list that does not look like most.
fn uneven(group: &[First<'_, '_>], findings: &mut Vec<Finding>) {
    let mut counts: BTreeMap<Style, usize> = BTreeMap::new();
    for first in group {
        *counts.entry(first.style).or_default() += 1;
    }
    let Some((&usual, &most)) = counts.iter().max_by_key(|(_, count)| **count) else { return };
    // One list is no custom, and neither are two styles that are as common.
    if most < 2 || counts.values().filter(|count| **count == most).count() > 1 {
        return;
    }
    let Some(model) = group.iter().find(|first| first.style == usual) else { return };
    let place = model.text.place(model.text.bytes(model.mark.0, model.mark.1));
    for First { text, style, mark } in group.iter().filter(|first| first.style != usual) {
        let (this, that) = (style.sample(1), usual.sample(1));
        let message = format!("{most} narrativas del trimestre enumeran con «{that}», y esta con «{this}»");
        let finding =
            text.finding(&code::ENUMERATIONS_MIXED, text.bytes(mark.0, mark.1), message).label("de otra forma");
        findings.push(finding.related(place, "aquí, la más usada").help("use la misma forma en todo el informe"));
    }
}
