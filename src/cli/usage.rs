//! clap speaks English; the office does not. Help and complaints about the arguments, in Spanish.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::builder::styling::Styles;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error, FromArgMatches};

use crate::cli::args::Arguments;
use crate::cli::printer::Printer;

const HELP_OF_COMMAND: &str = "\
{about}

Uso: {usage}

{all-args}{after-help}";

/// Reads the arguments, or says what is wrong with them and returns the exit status.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, ExitCode> {
    let parsed = command().try_get_matches_from(arguments).and_then(|matches| Arguments::from_arg_matches(&matches));
    parsed.map_err(|error| answer(&error))
}

/// The command line with its help in Spanish.
pub fn command() -> Command {
    let spanish = |command: Command| {
        command
            .help_template(HELP_OF_COMMAND)
            .subcommand_help_heading("Órdenes")
            .subcommand_value_name("ORDEN")
            .styles(Styles::plain())
            .disable_help_flag(true)
            .arg(
                Arg::new("ayuda")
                    .short('h')
                    .long("help")
                    .alias("ayuda")
                    .action(ArgAction::Help)
                    .help("Muestra esta ayuda"),
            )
            .mut_args(|arg| {
                let heading = if arg.is_positional() { "Argumentos" } else { "Opciones" };
                arg.help_heading(heading)
            })
    };
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Muestra la versión");
    let root = Arguments::command().disable_version_flag(true).arg(version);
    spanish(root)
        .mut_subcommands(spanish)
        .override_usage("seguimiento ORDEN [OPCIONES]")
        .after_help("«seguimiento ORDEN --help» explica cada orden.")
}

fn answer(error: &Error) -> ExitCode {
    let mut printer = Printer::new();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // A reader that closes its end early has read enough.
            let _ = printer.data(&help(error));
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            printer.note(help(error).trim_end());
            ExitCode::from(2)
        }
        _ => {
            printer.failure(&anyhow::anyhow!("{}", complaint(error)));
            printer.note("«seguimiento --help» muestra las órdenes y sus opciones");
            ExitCode::from(2)
        }
    }
}

/// The help that clap composed; a word of it has no setting of its own.
fn help(error: &Error) -> String {
    error.to_string().replace("[OPTIONS]", "[OPCIONES]")
}

/// What is wrong with the arguments, in one sentence.
fn complaint(error: &Error) -> String {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let meant = |kind: ContextKind| match error.get(kind) {
        // Of a command and its English name, the command.
        Some(ContextValue::Strings(texts)) => texts.last().cloned().unwrap_or_default(),
        _ => context(kind),
    };
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .map(meant)
        .into_iter()
        .find(|suggestion| !suggestion.is_empty())
        .map(|suggestion| format!("; ¿quiso decir «{suggestion}»?"))
        .unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("no hay una orden «{}»{meant}", context(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("no se esperaba «{argument}»{meant}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("a «{argument}» le falta su valor"),
        ErrorKind::InvalidValue => {
            format!("«{value}» no es un valor de «{argument}», que admite: {}{meant}", context(ContextKind::ValidValue))
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(|reason| format!(": {reason}")).unwrap_or_default();
            format!("«{value}» no es un valor de «{argument}»{reason}")
        }
        ErrorKind::MissingRequiredArgument => format!("falta {}", either(&argument)),
        ErrorKind::MissingSubcommand => "falta la orden".into(),
        ErrorKind::ArgumentConflict => format!("«{argument}» está repetido o no va con los demás argumentos"),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("«{argument}» no lleva ese número de valores")
        }
        _ => "no se entienden los argumentos".into(),
    }
}

/// Of several arguments one of which is needed, as clap writes them: `<--p12 <ARCHIVO>|--token <MÓDULO>>`.
fn either(arguments: &str) -> String {
    let group =
        arguments.strip_prefix('<').and_then(|group| group.strip_suffix('>')).filter(|group| group.contains('|'));
    group.map_or_else(|| arguments.to_owned(), |group| group.replace('|', " o "))
}
