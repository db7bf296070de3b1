//! `generar`: checks the selected plans and makes their reports.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::check::Checked;
use crate::cli::Outcome;
use crate::cli::args::{Generate, ReportFormat};
use crate::cli::printer::Printer;
use crate::cli::select::{desk, each_plan};
use crate::diag::{Finding, render};
use crate::export::{Written, write_whole};
use crate::model::Report;
use crate::pipeline::{Composed, Desk, Format, ReadPlan};

/// Where the reports go, in the working folder.
const REPORTS: &str = "informes";

/// Makes the reports; one that has errors stops none of the others.
pub fn run(args: &Generate, printer: &mut Printer) -> Result<Outcome> {
    let start = Instant::now();
    let desk = desk()?;
    let mut tally = Tally::default();
    let formats: Vec<Format> = args.formats.iter().map(|format| Format::from(*format)).collect();
    each_plan(&desk, &args.selection, |plan| {
        make_all(&desk, plan, &formats, &mut tally, printer);
        Ok(())
    })?;
    printer.note(&tally.last_line(start.elapsed()));
    Ok(match tally {
        Tally { unwritten: 1.., .. } => Outcome::MachineFailed,
        Tally { failed: 1.., .. } => Outcome::DataHasErrors,
        _ => Outcome::Done,
    })
}

/// What was made.
#[derive(Default)]
struct Tally {
    made: usize,
    pages: usize,
    failed: usize,
    unwritten: usize,
    kept: usize,
    only: Option<PathBuf>,
}

impl Tally {
    /// «1 informe, 2 páginas, en informes/…; 0,3 s»
    fn last_line(&self, elapsed: Duration) -> String {
        let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
        let place = match &self.only {
            Some(path) if self.made == 1 => crate::input::file::display(path),
            _ => REPORTS.to_owned(),
        };
        let seconds = format!("{:.1}", elapsed.as_secs_f64()).replace('.', ",");
        let mut parts = vec![format!(
            "{}, {}, en {place} ({seconds} s)",
            count(self.made, "informe", "informes"),
            count(self.pages, "página", "páginas")
        )];
        if self.failed > 0 {
            parts.push(format!("{} sin hacer por errores en los datos", count(self.failed, "informe", "informes")));
        }
        if self.unwritten > 0 {
            parts.push(format!("{} sin escribir", count(self.unwritten, "informe", "informes")));
        }
        if self.kept > 0 {
            parts.push(format!("{}, sin tocar", count(self.kept, "informe ya firmado", "informes ya firmados")));
        }
        parts.join("; ")
    }
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Pdf => Self::Pdf,
            ReportFormat::Png => Self::Png,
            ReportFormat::Svg => Self::Svg,
        }
    }
}

/// All reports of a plan.
fn make_all(desk: &Desk, mut plan: ReadPlan, formats: &[Format], tally: &mut Tally, printer: &mut Printer) {
    let reports = plan.reports();
    let findings = std::mem::take(&mut plan.findings);
    show(&findings, &plan, printer);
    tally.failed += plan.trimestres().max(usize::from(findings.iter().any(Finding::is_error))) - reports.len();
    for report in reports {
        match make(desk, &mut plan, &report, formats, tally, printer) {
            Ok(Ok(())) => {}
            Ok(Err(faults)) => {
                tally.failed += 1;
                show(&faults, &plan, printer);
            }
            Err(error) => {
                tally.unwritten += 1;
                printer.failure(&error);
            }
        }
    }
}

/// One report in all its forms, or what is wrong with its template.
fn make(
    desk: &Desk,
    plan: &mut ReadPlan,
    report: &Checked<Report>,
    formats: &[Format],
    tally: &mut Tally,
    printer: &mut Printer,
) -> Result<Result<(), Vec<Finding>>> {
    let composed = match desk.compose(plan, report) {
        Ok(composed) => composed,
        Err(faults) => return Ok(Err(faults)),
    };
    show(&composed.warnings, plan, printer);
    let stem = stem(plan, report);
    let mut written = Vec::new();
    for format in formats {
        let files = match composed.export(*format) {
            Ok(files) => files,
            Err(refusals) => return Ok(Err(refusals)),
        };
        let pages = files.len();
        for file in files {
            let path = PathBuf::from(format!("{stem}{}", file.suffix));
            if write_whole(&path, &file.bytes)? == Written::KeptSigned {
                tally.kept += 1;
                printer.note(&format!("{}: ya está firmado y no se toca", path.display()));
            } else {
                written.push(path);
            }
        }
        remove_old_pages(&stem, *format, pages)?;
    }
    if written.is_empty() {
        return Ok(Ok(()));
    }
    tally.only = written.pop().filter(|_| written.is_empty());
    tell(&stem, &composed, tally, printer);
    Ok(Ok(()))
}

fn tell(stem: &str, composed: &Composed, tally: &mut Tally, printer: &mut Printer) {
    let pages = composed.document.pages().len();
    tally.made += 1;
    tally.pages += pages;
    printer.note(&format!("{stem}: {pages} {}", if pages == 1 { "página" } else { "páginas" }));
}

/// `informes/<plan>/seguimiento-<vigencia>-<n>t`
fn stem(plan: &ReadPlan, report: &Checked<Report>) -> String {
    let Report { plan: of, follow_up } = report.get();
    format!("{REPORTS}/{}/seguimiento-{}-{}t", plan.folder.name, of.year.get(), follow_up.quarter.number())
}

/// A report that got shorter leaves no picture of a page that it no longer has.
fn remove_old_pages(stem: &str, format: Format, pages: usize) -> Result<()> {
    let extension = match format {
        Format::Pdf => return Ok(()),
        Format::Png => "png",
        Format::Svg => "svg",
    };
    for page in pages + 1.. {
        let path = format!("{stem}-p{page:03}.{extension}");
        if !Path::new(&path).exists() {
            break;
        }
        std::fs::remove_file(&path).with_context(|| format!("no se puede quitar la página sobrante «{path}»"))?;
    }
    Ok(())
}

fn show(findings: &[Finding], plan: &ReadPlan, printer: &mut Printer) {
    if !findings.is_empty() {
        printer.note(render::human(findings, &plan.folder.sources, printer.colour_notes()).trim_end());
        printer.note("");
    }
}
