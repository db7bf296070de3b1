//! `reproducir`, which nobody types: what [`crate::again::apart`] starts in a process of its own.

use anyhow::Result;

use crate::again::apart::serve;
use crate::cli::Outcome;
use crate::cli::args::Reproduce;
use crate::cli::printer::Printer;
use crate::cli::select::desk;

/// Makes the report of the standard input again, and writes what came of it.
pub fn run(args: &Reproduce, printer: &mut Printer) -> Result<Outcome> {
    printer.data(&serve(&args.name, &desk()?)?)?;
    Ok(Outcome::Done)
}
