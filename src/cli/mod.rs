//! The command line: one file for each command, in Spanish for the office, with English names beside them.

mod archive;
mod args;
mod check;
mod explain;
mod export;
mod extract;
mod generate;
mod interrupt;
mod mend;
mod printer;
mod progress;
mod reproduce;
mod schema;
mod select;
mod sign;
mod signing;
mod stamp;
mod usage;
mod verify;
mod verify_archive;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use args::{Arguments, Command};
use printer::Printer;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// All was done: exit status 0.
    Done,
    /// The data have errors, or a report was refused: exit status 1.
    DataHasErrors,
    /// Something could not be written, and was told of: exit status 2.
    MachineFailed,
    /// Somebody stopped it: exit status 130, as of a program that Ctrl-C ends.
    Interrupted,
}

/// Runs the program with its arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match usage::parse(arguments) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let mut printer = Printer::new();
    match dispatch(arguments, &mut printer) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::DataHasErrors) => ExitCode::from(1),
        Ok(Outcome::MachineFailed) => ExitCode::from(2),
        Ok(Outcome::Interrupted) => ExitCode::from(interrupt::STATUS),
        // Whoever reads our output has read enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            printer.failure(&error);
            ExitCode::from(2)
        }
    }
}

fn dispatch(arguments: Arguments, printer: &mut Printer) -> Result<Outcome> {
    match arguments.command {
        Command::Generar(args) => generate::run(&args, printer),
        Command::Revisar(args) => check::run(&args, printer),
        Command::Explicar(args) => explain::run(&args, printer),
        Command::Firmar(args) => sign::run(&args, printer),
        Command::Sellar(args) => stamp::run(&args, printer),
        Command::Archivar(args) => archive::run(&args, printer),
        Command::Verificar(args) => verify::run(&args, printer),
        Command::Extraer(args) => Ok(extract::run(&args, printer)),
        Command::Reproducir(args) => reproduce::run(&args, printer),
        Command::Exportar(args) => export::run(&args, printer),
        Command::Esquema(args) => schema::run(&args, printer),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.into_iter().any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
