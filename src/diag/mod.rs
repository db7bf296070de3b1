//! A finding: something wrong or doubtful in the data, as data.
//!
//! Whoever finds a fault says which [`Code`] it has, where it stands and how to mend it; how that looks on a
//! terminal, in a log or in an editor is the business of [`render`]. Nothing here prints.

pub mod code;
pub mod mend;
pub mod render;
pub mod source;

use std::sync::Arc;

use chrono::NaiveDate;

use crate::model::short_date;
pub use code::{Code, Family, Severity};
pub use source::{FileId, SourceFile, Sources, Span, Spanned};

/// Something wrong or doubtful in the data, with its place in a file of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of fault it is; stable across versions.
    pub code: &'static Code,
    /// What is wrong here, in one sentence without a final stop, in Spanish.
    pub message: String,
    /// Where it is.
    pub span: Span,
    /// A few words put beside the underlined text.
    pub label: String,
    /// Other places that explain the fault, each with a few words: «aquí se usó por primera vez».
    pub related: Vec<(Span, String)>,
    /// How to mend it here. The code's explanation tells the general remedy.
    pub help: Option<String>,
    /// The number of the action that it is about, if it is about one.
    pub action: Option<i64>,
    /// What to write instead of the text at `span`, where a machine can tell.
    pub fix: Option<String>,
    /// Why the office lets it stand, if it said so.
    pub waiver: Option<Arc<Waiver>>,
}

/// An excepción: a finding that the office accepts, in writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// Why.
    pub reason: String,
    /// Who accepts it.
    pub by: String,
    /// Since when.
    pub on: NaiveDate,
    /// Where it is written.
    pub span: Span,
}

impl Waiver {
    /// Why, who and since when, in one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{} ({}, {})", self.reason.trim_end_matches('.'), self.by, short_date(self.on))
    }
}

impl Finding {
    /// A finding with its code, place and sentence; the rest is added with the methods below.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
            action: None,
            fix: None,
            waiver: None,
        }
    }

    /// Puts a few words beside the underlined text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at another place that explains the fault.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says which action it is about.
    #[must_use]
    pub fn action(mut self, number: Option<i64>) -> Self {
        self.action = number;
        self
    }

    /// Says what to write instead of the text at its place.
    #[must_use]
    pub fn fix(mut self, text: impl Into<String>) -> Self {
        self.fix = Some(text.into());
        self
    }

    /// Whether it stays a finding although the office knows of it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.waiver.is_none()
    }

    /// Whether no report can be made of the data as long as this holds.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code.severity == Severity::Error
    }
}

/// Puts findings in the order in which a person reads the files: by file, then by position.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|f| (f.span.file, f.span.start, f.span.end));
}

/// What the user wrote, as a message quotes it: on one line and cut short where it is long.
#[must_use]
pub fn quoted(written: &str) -> String {
    const LONGEST: usize = 100;
    let mut chars = written.chars();
    let mut quoted: String = chars.by_ref().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if chars.next().is_some() {
        quoted.push('…');
    }
    quoted
}

/// The candidate that the person most likely meant by `written`, if any is near enough.
#[must_use]
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = fold(written);
    let length = written.chars().count();
    let near = length.div_ceil(3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (fold(candidate), candidate))
        // The distance is at least the difference in length; to measure it takes memory for every pair of letters.
        .filter(|(folded, _)| folded.chars().count().abs_diff(length) <= near)
        .map(|(folded, candidate)| (strsim::damerau_levenshtein(&written, &folded), candidate))
        .filter(|(distance, _)| *distance <= near)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Lower case, without the accents of Spanish, with `-` and blanks as `_`: what people mix up when they type a key.
fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            '-' | ' ' => '_',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_or_of_the_accent_is_recognised() {
        let keys = ["numero", "nombre", "fecha_inicio", "fecha_fin"];
        assert_eq!(did_you_mean("número", keys), Some("numero"));
        assert_eq!(did_you_mean("fecha-inico", keys), Some("fecha_inicio"));
        assert_eq!(did_you_mean("Nombre", keys), Some("nombre"));
        assert_eq!(did_you_mean("presupuesto", keys), None);
    }

    #[test]
    fn what_a_message_quotes_is_short_and_on_one_line() {
        assert_eq!(quoted("a\nb\u{1b}[31m"), "a b [31m");
        assert_eq!(quoted(&"ñ".repeat(100)), "ñ".repeat(100));
        assert_eq!(quoted(&"ñ".repeat(101)), format!("{}…", "ñ".repeat(100)));
    }
}
