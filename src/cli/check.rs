//! `revisar`: the findings, and nothing else; with `--corregir`, first mends what a machine can mend.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::audit::is_waivable;
use crate::cli::args::{Check, FindingFormat};
use crate::cli::printer::Printer;
use crate::cli::select::{REPORTS, desk, each_plan};
use crate::cli::{Outcome, mend};
use crate::diag::{Code, Finding, Severity, render};
use crate::pipeline::{Desk, ReadPlan};

/// Prints the findings of the selected plans.
pub fn run(args: &Check, printer: &mut Printer) -> Result<Outcome> {
    if args.against.is_some() && args.selection.plans.len() != 1 {
        bail!("--contra compara un solo plan: escriba cuál");
    }
    if args.mend && matches!(args.format, FindingFormat::Json | FindingFormat::Sarif) {
        bail!("--corregir le muestra los cambios a una persona, y ese formato es para un programa: use uno de los dos");
    }
    let desk = desk()?;
    if args.mend {
        each_plan(&desk, &args.selection, |mut plan| {
            plan.findings = plan.audited();
            mend::mend(&plan, printer)
        })?;
    }
    let (mut all, mut values) = (Vec::new(), Vec::new());
    each_plan(&desk, &args.selection, |mut plan| {
        look_back(&desk, &mut plan, args.against.as_deref())?;
        plan.findings = plan.audited();
        show(&plan, args.format, &mut values, printer)?;
        if let Some(omitted) = omitted(&plan) {
            printer.note(&format!("{}: por decisión de la entidad no se busca {omitted}", plan.folder.path));
        }
        all.extend(plan.findings);
        Ok(())
    })?;
    match args.format {
        FindingFormat::Humano | FindingFormat::Corto => {}
        FindingFormat::Json => printer.data(&format!("{:#}\n", Value::Array(values)))?,
        FindingFormat::Sarif => printer.data(&format!("{:#}\n", render::sarif_log(&values)))?,
    }
    if !all.is_empty() {
        printer.note(&render::table(&all));
    }
    printer.note(&render::summary(&all));
    let counts = |finding: &Finding| {
        finding.is_error() || args.strict && finding.is_open() && finding.code.severity == Severity::Warning
    };
    Ok(if all.iter().any(counts) { Outcome::DataHasErrors } else { Outcome::Done })
}

/// Finds out how the plan was when the trimestre before each was reported: from the report that is named, for the last of
/// them, and otherwise from those in the folder of reports. One there that does not carry its plan tells nothing.
fn look_back(desk: &Desk, plan: &mut ReadPlan, against: Option<&Path>) -> Result<()> {
    let folder = Path::new(REPORTS).join(&plan.folder.name);
    for (quarter, report) in plan.reports_before() {
        let path = folder.join(format!("{report}.pdf"));
        if let Ok(earlier) = desk.earlier(&path, plan) {
            plan.earlier.insert(quarter, earlier);
        }
    }
    if let (Some(report), Some(last)) = (against, plan.folder.asked_for().last().map(|last| last.quarter)) {
        let earlier = desk.earlier(report, plan)?;
        plan.earlier.insert(last, earlier);
    }
    Ok(())
}

/// The codes that the plan says are not to be looked for.
fn omitted(plan: &ReadPlan) -> Option<String> {
    let revision = plan.folder.plan.as_ref()?.record.tables("revision").next()?;
    let codes = revision.texts("omitir").iter().filter_map(|code| Code::find(&code.value));
    let codes: Vec<&str> = codes.filter(|code| is_waivable(code)).map(|code| code.id).collect();
    (!codes.is_empty()).then(|| codes.join(", "))
}

fn show(plan: &ReadPlan, format: FindingFormat, values: &mut Vec<Value>, printer: &mut Printer) -> Result<()> {
    let (findings, sources) = (&plan.findings, &plan.folder.sources);
    match format {
        FindingFormat::Humano => printer.data(&render::human(findings, sources, printer.colour_data()))?,
        FindingFormat::Corto => printer.data(&render::short(findings, sources))?,
        FindingFormat::Json => values.extend(render::json(findings, sources)),
        FindingFormat::Sarif => values.extend(render::sarif_results(findings, sources)),
    }
    Ok(())
}
