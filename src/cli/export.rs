//! `exportar`: the data of reports, in the very form in which a template receives them.

use anyhow::{Result, bail};

use crate::check::Checked;
use crate::cli::Outcome;
use crate::cli::args::{DataFormat, Export};
use crate::cli::printer::Printer;
use crate::cli::select::{desk, each_plan};
use crate::diag::render;
use crate::export;
use crate::model::Report;
use crate::view::view;

/// Prints the data of the one report selected.
pub fn run(args: &Export, printer: &mut Printer) -> Result<Outcome> {
    let desk = desk()?;
    let mut views = Vec::new();
    let mut outcome = Outcome::Done;
    each_plan(&desk, &args.selection, |plan| {
        if !plan.findings.is_empty() {
            printer.note(render::human(&plan.findings, &plan.folder.sources, printer.colour_notes()).trim_end());
        }
        let reports: Vec<Checked<Report>> = plan.reports();
        if reports.len() < plan.trimestres() {
            outcome = Outcome::DataHasErrors;
        }
        views.extend(reports.iter().map(view));
        Ok(())
    })?;
    match (args.format, &views[..]) {
        (_, []) => Ok(Outcome::DataHasErrors),
        (DataFormat::Json, [only]) => {
            printer.data(&String::from_utf8_lossy(&export::json(only)))?;
            Ok(outcome)
        }
        (_, many) => bail!("la selección abarca {} informes; elija uno con el plan y --trimestre", many.len()),
    }
}
