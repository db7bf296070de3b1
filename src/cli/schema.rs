//! `esquema`: the JSON Schema of one of the user's files.

use anyhow::{Result, bail};

use crate::assets::Assets;
use crate::cli::Outcome;
use crate::cli::args::{Schema, SchemaFile};
use crate::cli::printer::Printer;
use crate::cli::select::HERE;
use crate::diag::{SourceFile, Sources, Span, Spanned, render};
use crate::input::{format, schema, shape};
use crate::model::Format;
use crate::typeset::Engine;

/// Prints a schema.
pub fn run(args: &Schema, printer: &mut Printer) -> Result<Outcome> {
    let (title, shape) = match args.file {
        SchemaFile::Formato => ("formato.toml: un formato oficial", shape::format()),
        SchemaFile::Seguimiento => {
            ("seguimiento.toml: lo que la entidad dispone para todos sus planes", shape::office())
        }
        SchemaFile::Plan => ("plan.toml: el plan de acción", shape::plan(Some(&named(&args.format)?))),
        SchemaFile::Trimestre => {
            ("trimestre-N.toml: el seguimiento de un trimestre", shape::follow_up(Some(&named(&args.format)?)))
        }
    };
    printer.data(&format!("{:#}\n", schema::schema(title, &shape)))?;
    Ok(Outcome::Done)
}

fn named(id: &str) -> Result<Format> {
    let assets = Assets::new(HERE);
    let alphabet = Engine::new(&assets)?.alphabet();
    let mut sources = Sources::default();
    let typed =
        Spanned::new(id, Span::whole(sources.add(SourceFile::new("--formato".into(), Vec::new(), String::new()))));
    let mut findings = Vec::new();
    if let Some(format) = format::read(typed, &assets, &mut sources, &alphabet, &mut findings) {
        return Ok(format);
    }
    match findings.iter().find(|finding| finding.span.file == typed.span.file) {
        Some(of_argument) => bail!("{}; {}", of_argument.message, of_argument.help.as_deref().unwrap_or_default()),
        None => bail!("{}", render::short(&findings, &sources).trim_end()),
    }
}
