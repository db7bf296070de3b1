//! How a batch is going: on a terminal a bar, elsewhere a line for each report, or nothing at all.

use std::fmt::Write;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::cli::printer::Printer;

/// The bar's line; the report in hand gets what the terminal's width leaves.
const BAR: &str = "{bar:16} {pos}/{len}{rate}{left}{wide_msg}";

/// Shows how it is going.
pub enum Progress {
    /// A bar.
    Bar(ProgressBar),
    /// A line for each report.
    Lines,
    /// Nothing but what is wrong.
    Quiet,
}

impl Progress {
    /// What suits the place that the notes go to, for so many reports.
    pub fn new(printer: &Printer, quiet: bool, reports: usize) -> Self {
        let bar = bar(reports);
        match (quiet, printer.notes_are_watched() && !bar.is_hidden()) {
            (true, _) => Self::Quiet,
            (_, false) => Self::Lines,
            (_, true) => Self::Bar(bar),
        }
    }

    /// A report was begun.
    pub fn began(&self, name: &str) {
        if let Self::Bar(bar) = self {
            bar.set_message(format!(" · {name}"));
        }
    }

    /// So many reports are settled, one way or another.
    pub fn ended(&self, reports: usize) {
        if let Self::Bar(bar) = self {
            bar.inc(reports as u64);
        }
    }

    /// A line about one report.
    pub fn line(&self, line: &str, printer: &mut Printer) {
        if matches!(self, Self::Lines) {
            printer.note(line);
        }
    }

    /// A line about a report that the bar has no room for.
    pub fn aside_line(&self, line: &str, printer: &mut Printer) {
        if !matches!(self, Self::Quiet) {
            self.aside(|| printer.note(line));
        }
    }

    /// Some time has passed.
    pub fn tick(&self) {
        if let Self::Bar(bar) = self {
            bar.tick();
        }
    }

    /// Prints something that matters whatever is shown.
    pub fn aside(&self, print: impl FnOnce()) {
        match self {
            Self::Bar(bar) => bar.suspend(print),
            _ => print(),
        }
    }

    /// Takes the bar away.
    pub fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }

    /// The last word, or none.
    pub fn last_line(&self, line: &str, printer: &mut Printer) {
        if !matches!(self, Self::Quiet) {
            printer.note(line);
        }
    }
}

fn bar(reports: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(reports as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(BAR) {
        bar.set_style(style.progress_chars("━╸─").with_key("rate", rate).with_key("left", left));
    }
    bar
}

/// « · 41,3/s», once that can be told.
fn rate(state: &ProgressState, out: &mut dyn Write) {
    if state.pos() > 0 {
        let _ = write!(out, " · {}/s", format!("{:.1}", state.per_sec()).replace('.', ","));
    }
}

/// « · faltan 2 min 5 s», once that can be told.
fn left(state: &ProgressState, out: &mut dyn Write) {
    let seconds = state.eta().as_secs();
    if state.pos() > 0 && seconds > 0 {
        let _ = match (seconds / 60, seconds % 60) {
            (0, 1) => write!(out, " · falta 1 s"),
            (0, seconds) => write!(out, " · faltan {seconds} s"),
            (minutes, seconds) => write!(out, " · faltan {minutes} min {seconds} s"),
        };
    }
}
