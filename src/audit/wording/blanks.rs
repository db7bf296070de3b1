//! Blanks: too many, too few, or on the wrong side of a mark (OLE, chapter III).

use crate::prose::starts_upper;
use std::ops::Range;

use super::near::{ends_lower, is_long, starts_lower};
use super::numerals::is_roman;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::Kind;

/// Looks at every blank, at every mark that asks for one, and at hyphens.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for index in 0..text.tokens.len() {
        let fault = match text.kind(index) {
            Some(Kind::Space) => too_much(text, index).map(|(message, fix)| (message, "sobra", fix)),
            Some(Kind::Mark) => too_little(text, index).map(|(message, fix)| (message, "falta un espacio", fix)),
            _ => None,
        };
        if let Some((message, label, fix)) = fault {
            let finding = finding(text, text.bytes(index, index), message).label(label).fix(fix);
            findings.push(finding.help("«seguimiento revisar --corregir» lo arregla"));
        }
    }
    if text.value.contains('-') {
        hyphens(text, findings);
    }
}

fn finding(text: &Text<'_>, part: Range<usize>, message: String) -> Finding {
    text.finding(&code::BLANKS, part, message)
}

/// What is wrong with a blank, and what belongs in its place. How lines begin and end is a matter of layout.
fn too_much(text: &Text<'_>, index: usize) -> Option<(String, String)> {
    let (before, after) = (index.wrapping_sub(1), index + 1);
    let is_last = after == text.tokens.len();
    if is_last && text.is_line_end(before) || index == 0 && text.value.contains("\n ") {
        return None;
    }
    if index == 0 || is_last {
        let side = if index == 0 { "empieza" } else { "termina" };
        return Some((format!("el texto {side} con un espacio"), String::new()));
    }
    if text.is_line_end(before) || text.is_line_end(after) {
        return None;
    }
    let opening = text.mark(before).filter(|_| is_opening(text, before));
    let closing = text.mark(after).filter(|_| hugs_the_left(text, after));
    let count = text.piece(index).chars().count();
    match (opening, closing) {
        (Some(_), _) | (_, Some(_)) if is_in_box(text, index) => None,
        // An empty box to tick.
        (Some('(' | '['), Some(')' | ']')) => None,
        (Some(mark), _) => Some((format!("sobra el espacio después de «{mark}»"), String::new())),
        (None, Some(mark)) => Some((format!("sobra el espacio antes de «{mark}»"), String::new())),
        (None, None) if count > 1 => Some((format!("hay {count} espacios seguidos"), " ".to_owned())),
        (None, None) => None,
    }
}

/// Whether a mark opens something. An inverted comma right after a word may be one that should have closed.
fn is_opening(text: &Text<'_>, index: usize) -> bool {
    match text.mark(index) {
        Some('(' | '[' | '{' | '¿' | '¡' | '«') => true,
        Some('“') => text.is_blank(index.wrapping_sub(1)),
        _ => false,
    }
}

/// Whether a mark goes right after what stands before it. Names such as «.pdf», decimals and ratios may follow a blank.
fn hugs_the_left(text: &Text<'_>, index: usize) -> bool {
    let next = index + 1;
    match text.mark(index) {
        Some(')' | ']' | '}' | '?' | '»' | '”') => true,
        // «a != b», «;)»
        Some('!') => text.mark(next) != Some('='),
        Some(';') => text.mark(next) != Some(')'),
        Some('.') => text.is_blank(next) || matches!(text.mark(next), Some(')' | '"' | '»' | '”')),
        Some(',') => text.kind(next) != Some(Kind::Number),
        Some(':') => {
            let is_ratio = text.kind(index.wrapping_sub(2)) == Some(Kind::Number)
                && text.kind(text.past_space(next)) == Some(Kind::Number);
            !is_ratio && text.kind(next) != Some(Kind::Mark)
        }
        _ => false,
    }
}

/// Whether a blank is one of the two within a box that is ticked, «[ x ]».
fn is_in_box(text: &Text<'_>, index: usize) -> bool {
    let is_box = |open: usize| {
        matches!(text.mark(open), Some('(' | '['))
            && text.is_space(open + 1)
            && !is_long(text.piece(open + 2), 2)
            && text.is_space(open + 3)
            && matches!(text.mark(open + 4), Some(')' | ']'))
    };
    is_box(index.wrapping_sub(1)) || is_box(index.wrapping_sub(3))
}

/// What blank a mark lacks, and what belongs in its place.
fn too_little(text: &Text<'_>, index: usize) -> Option<(String, String)> {
    let mark = text.mark(index)?;
    let lacks_after = match mark {
        ',' | ';' => lacks_after_comma(text, index),
        ':' => {
            let before = text.word(text.back_over_space(index.wrapping_sub(1)));
            // «funcionario:a»
            let is_gender = matches!(text.piece(index + 1), "a" | "as");
            text.word(index + 1).is_some()
                && !is_gender
                && before.is_some_and(|word| is_long(word, 3) && ends_lower(word))
        }
        '.' => lacks_after_stop(text, index),
        _ => false,
    };
    if lacks_after {
        return Some((format!("falta el espacio después de «{mark}»"), format!("{mark} ")));
    }
    let lacks_before = match mark {
        '(' => lacks_before_bracket(text, index),
        '«' => text.word(index.wrapping_sub(1)).is_some(),
        '“' => text.word(index.wrapping_sub(1)).is_some() && text.word(index + 1).is_some(),
        _ => false,
    };
    lacks_before.then(|| (format!("falta el espacio antes de «{mark}»"), format!(" {mark}")))
}

/// «uno,dos», but not the «x,y» of a formula.
fn lacks_after_comma(text: &Text<'_>, index: usize) -> bool {
    let before = text.back_over_space(index.wrapping_sub(1));
    let Some(next) = text.word(index + 1) else { return false };
    match text.kind(before) {
        Some(Kind::Word) => is_long(text.piece(before), 2) || is_long(next, 2),
        Some(Kind::Number) => true,
        Some(Kind::Code) => is_long(next, 2),
        Some(Kind::Mark) => matches!(text.mark(before), Some(')' | '"' | '»' | '”' | '%')),
        _ => false,
    }
}

/// «fin.La», but not «EE.UU.», «S.A.S.», «Vo.Bo.», «Informe.Pdf» or the «numeral 2.A».
fn lacks_after_stop(text: &Text<'_>, index: usize) -> bool {
    /// How the names of hosts and files end.
    const ENDINGS: &[&str] = &[
        "Net", "Js", "Com", "Org", "Gov", "Edu", "Co", "Io", "Csv", "Doc", "Docx", "Jpg", "Pdf", "Png", "Ppt", "Pptx",
        "Txt", "Xls", "Xlsx", "Xml", "Zip",
    ];
    let (before, after) = (index.wrapping_sub(1), index + 1);
    let Some(next) = text.word(after) else { return false };
    let mut letters = next.chars();
    let is_capitalised = starts_upper(next) && letters.nth(1).is_some_and(char::is_lowercase);
    let is_lone =
        matches!(next, "A" | "E" | "O" | "Y") && text.is_space(after + 1) && text.kind(before) != Some(Kind::Number);
    let ends_sentence = match text.kind(before) {
        Some(Kind::Word) => is_long(text.piece(before), if ends_lower(text.piece(before)) { 3 } else { 4 }),
        Some(Kind::Number) => true,
        Some(Kind::Mark) => matches!(text.mark(before), Some(')' | '"' | '»' | '”' | '%')),
        _ => false,
    };
    let is_dotted = text.mark(after + 1) == Some('.') && text.word(after + 2).is_some();
    ends_sentence && (is_capitalised || is_lone) && !is_dotted && !ENDINGS.contains(&next)
}

/// «texto(nota)», but not «función(es)», «el(la)», «niño(niña)» or «f(x)».
fn lacks_before_bracket(text: &Text<'_>, index: usize) -> bool {
    let Some(before) = text.word(index.wrapping_sub(1)).filter(|word| is_long(word, 4) && ends_lower(word)) else {
        return false;
    };
    let inside = text.past_space(index + 1);
    match text.kind(inside) {
        Some(Kind::Number) => true,
        Some(Kind::Word) => {
            let word = text.piece(inside);
            let is_alone = text.mark(text.past_space(inside + 1)) == Some(')');
            let is_alike = before
                .chars()
                .take(3)
                .flat_map(char::to_lowercase)
                .eq(word.chars().take(3).flat_map(char::to_lowercase));
            if is_alone { is_long(word, 4) && !is_alike } else { is_long(word, 3) }
        }
        _ => false,
    }
}

/// Hyphens with a blank on one side: «Tecnología- ATENEA». Two that enclose a few words, as dashes do, are left alone.
fn hyphens(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let mut report = |index: usize| {
        let part = text.bytes(index.saturating_sub(1), index + 1);
        let message = "el guion lleva espacio a un solo lado".to_owned();
        let help = "escriba espacio a ambos lados del guion, o a ninguno";
        findings.push(finding(text, part, message).label("espacio a un solo lado").help(help));
    };
    let mut open = None;
    for index in 0..text.tokens.len() {
        if text.is_line_end(index) {
            open.take().into_iter().for_each(&mut report);
        } else if text.mark(index) == Some('-') {
            if opens(text, index) {
                open.replace(index).into_iter().for_each(&mut report);
            } else if closes(text, index) && open.take().is_none() && hangs(text, index) {
                report(index);
            }
        }
    }
    open.into_iter().for_each(report);
}

/// A blank before and a word right after, other than that of an item: «: -taller».
fn opens(text: &Text<'_>, index: usize) -> bool {
    let before = index.wrapping_sub(2);
    let is_item = text.is_line_end(before) || text.kind(before) == Some(Kind::Mark) && text.mark(before) != Some(')');
    text.is_space(index.wrapping_sub(1)) && text.word(index + 1).is_some() && !is_item
}

/// Something right before and nothing to read right after.
fn closes(text: &Text<'_>, index: usize) -> bool {
    !text.is_blank(index.wrapping_sub(1)) && (text.is_blank(index + 1) || text.kind(index + 1) == Some(Kind::Mark))
}

/// Whether a hyphen that closes nothing hangs on a word for no reason, such as that of «pre- y posnatal», of «A- texto» or of
/// a word cut at the end of a line.
fn hangs(text: &Text<'_>, index: usize) -> bool {
    let before = text.word(index.wrapping_sub(1)).is_some_and(|word| is_long(word, 2) && !is_roman(word));
    let next = text.piece(index + 2);
    let is_pair = matches!(next, "y" | "e" | "o" | "u" | "ni" | "a" | "como");
    let is_read = matches!(text.kind(index + 2), Some(Kind::Word | Kind::Number));
    let is_prefix = starts_lower(next) && text.word(index + 4).is_some_and(|word| matches!(word, "y" | "o"));
    before && text.is_space(index + 1) && is_read && !is_pair && !is_prefix
}
