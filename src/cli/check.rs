//! `revisar`: the findings, and nothing else.

use anyhow::Result;

use crate::cli::Outcome;
use crate::cli::args::{Check, FindingFormat};
use crate::cli::printer::Printer;
use crate::cli::select::{desk, each_plan};
use crate::diag::{Finding, render};

/// Prints the findings of the selected plans.
pub fn run(args: &Check, printer: &mut Printer) -> Result<Outcome> {
    let desk = desk()?;
    let mut all: Vec<Finding> = Vec::new();
    let mut json = Vec::new();
    each_plan(&desk, &args.selection, |plan| {
        let (findings, sources) = (&plan.findings, &plan.folder.sources);
        match args.format {
            FindingFormat::Humano => printer.data(&render::human(findings, sources, printer.colour_data()))?,
            FindingFormat::Corto => printer.data(&render::short(findings, sources))?,
            FindingFormat::Json => json.extend(render::json(findings, sources)),
        }
        all.extend(plan.findings);
        Ok(())
    })?;
    if args.format == FindingFormat::Json {
        printer.data(&format!("{:#}\n", serde_json::Value::Array(json)))?;
    }
    printer.note(&render::summary(&all));
    Ok(if all.iter().any(Finding::is_error) { Outcome::DataHasErrors } else { Outcome::Done })
}
