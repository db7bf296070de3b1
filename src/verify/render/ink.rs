//! How verdicts look in a terminal: colours that say nothing which words do not, and texts of others that cannot pass for ours.

use crate::pki::certificate::deceives;
use crate::verify::judge::{Outcome, Status};

/// A text of the file's author on one line and in its order: it is not to look like a verdict of ours.
pub fn plain(text: &str) -> String {
    text.replace(deceives, "\u{FFFD}")
}

/// A name between quotes, out of which it cannot break.
pub fn quoted(name: &str) -> String {
    format!("«{}»", plain(name).replace(['«', '»'], "\u{FFFD}"))
}

/// Colours, or none.
#[derive(Clone, Copy)]
pub struct Ink(pub bool);

impl Ink {
    /// A text in a colour of ANSI.
    pub fn paint(self, colour: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A verdict.
    pub fn status(self, status: Status) -> String {
        let colour = match status {
            Status::TotalPassed => "1;32",
            Status::Indeterminate => "1;33",
            Status::TotalFailed => "1;91",
        };
        self.paint(colour, &status.to_string())
    }

    /// A mark of one sign.
    pub fn mark(self, outcome: Outcome) -> String {
        match outcome {
            Outcome::Held => self.paint("32", "✓"),
            Outcome::Failed => self.paint("91", "✗"),
            Outcome::Unknown => self.paint("33", "?"),
            Outcome::NotApplicable => "·".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_the_file_begins_a_line_or_turns_one_round() {
        assert_eq!(
            plain("Reviso\n  1. Aprobó: TOTAL-PASSED\u{1b}[32m"),
            "Reviso\u{FFFD}  1. Aprobó: TOTAL-PASSED\u{FFFD}[32m"
        );
        assert_eq!(plain("«\u{202E}DESSAP»"), "«\u{FFFD}DESSAP»");
        assert_eq!(plain("Elaboró el informe – 2.º trimestre"), "Elaboró el informe – 2.º trimestre");
        assert_eq!(quoted("Ana». TOTAL-PASSED"), "«Ana\u{FFFD}. TOTAL-PASSED»");
    }
}
