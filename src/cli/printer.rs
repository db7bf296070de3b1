//! What goes where: data to standard output, everything else to standard error. Nobody else prints.

use std::io::{self, IsTerminal, Write};

/// The program's two voices.
pub struct Printer {
    colour_data: bool,
    colour_notes: bool,
}

impl Printer {
    /// Colours only on a terminal, and only where `NO_COLOR` does not forbid them (no-color.org).
    pub fn new() -> Self {
        let allowed = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Self { colour_data: allowed && io::stdout().is_terminal(), colour_notes: allowed && io::stderr().is_terminal() }
    }

    /// Whether data may be coloured.
    pub fn colour_data(&self) -> bool {
        self.colour_data
    }

    /// Whether notes may be coloured.
    pub fn colour_notes(&self) -> bool {
        self.colour_notes
    }

    /// What was asked for.
    pub fn data(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// A line about how it goes. Whether anybody reads it does not matter to the work.
    pub fn note(&mut self, line: &str) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Why the run could not go on.
    pub fn failure(&mut self, error: &anyhow::Error) {
        let (on, off) = if self.colour_notes { ("\u{1b}[1;91m", "\u{1b}[0m") } else { ("", "") };
        self.note(&format!("{on}error{off}: {error:#}"));
    }
}
