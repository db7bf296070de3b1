//! What goes where: data to standard output, everything else to standard error. Nobody else prints.

use std::error::Error;
use std::io::{self, BufRead, IsTerminal, Read, Write};

use crate::input::file::reason;

/// The program's two voices.
pub struct Printer {
    out: io::Stdout,
    err: io::Stderr,
    colours: bool,
}

impl Printer {
    /// Colours only on a terminal, and only where `NO_COLOR` does not forbid them (no-color.org).
    pub fn new() -> Self {
        let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { out: io::stdout(), err: io::stderr(), colours }
    }

    /// Whether data may be coloured.
    pub fn colour_data(&self) -> bool {
        self.colours && self.out.is_terminal()
    }

    /// Whether notes may be coloured.
    pub fn colour_notes(&self) -> bool {
        self.colours && self.err.is_terminal()
    }

    /// Whether a person watches the notes as they come.
    pub fn notes_are_watched(&self) -> bool {
        self.err.is_terminal()
    }

    /// What was asked for.
    pub fn data(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// A line about how it goes. Whether anybody reads it does not matter to the work.
    pub fn note(&mut self, line: &str) {
        let _ = writeln!(self.err, "{line}");
    }

    /// Asks a question that is answered with yes or no; no answer is no.
    pub fn ask(&mut self, question: &str) -> io::Result<bool> {
        write!(self.err, "{question}")?;
        self.err.flush()?;
        let mut answer = Vec::new();
        io::stdin().lock().take(64).read_until(b'\n', &mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        if !io::stdin().is_terminal() {
            self.note("");
        }
        Ok(["s", "si", "sí"].contains(&answer.trim().to_lowercase().as_str()))
    }

    /// Why the run could not go on.
    pub fn failure(&mut self, error: &anyhow::Error) {
        let (on, off) = if self.colour_notes() { ("\u{1b}[1;91m", "\u{1b}[0m") } else { ("", "") };
        let sentence = |cause: &(dyn Error + 'static)| match cause.downcast_ref::<io::Error>() {
            Some(error) => reason(error),
            None => cause.to_string(),
        };
        let chain: Vec<String> = error.chain().map(sentence).collect();
        self.note(&format!("{on}error{off}: {}", chain.join(": ")));
    }
}
