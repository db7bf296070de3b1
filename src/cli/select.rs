//! The plans that a command is about, read and checked one after another.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::assets::Assets;
use crate::cli::args::Selection;
use crate::input::discover::plan_folders;
use crate::model::Year;
use crate::pipeline::{Desk, ReadPlan};

/// The working folder: everything is found from here.
pub const HERE: &str = ".";
/// Where the reports go, in the working folder.
pub const REPORTS: &str = "informes";

/// Loads what all reports share.
pub fn desk() -> Result<Desk> {
    Desk::new(Assets::new(HERE))
}

/// The file of this program, for what it does in a process of its own.
pub fn program() -> Result<PathBuf> {
    std::env::current_exe().context("no se sabe dónde está este programa")
}

/// Reads the selected plans and does something with each. Plans of another vigencia are passed over.
pub fn each_plan(desk: &Desk, selection: &Selection, mut act: impl FnMut(ReadPlan) -> Result<()>) -> Result<()> {
    let mut any = false;
    for folder in plan_folders(Path::new(HERE), &selection.plans)? {
        let plan = desk.read(&folder, selection.trimestre);
        if selection.vigencia.is_some_and(|year| plan.year().is_some_and(|of_plan| of_plan != year)) {
            continue;
        }
        any |= selection.trimestre.is_none() || plan.trimestres() > 0;
        act(plan)?;
    }
    if any { Ok(()) } else { Err(nothing_selected(selection)) }
}

/// No report is what was asked for.
pub fn nothing_selected(selection: &Selection) -> anyhow::Error {
    anyhow!("ningún informe corresponde a lo pedido{}", described(selection))
}

fn described(selection: &Selection) -> String {
    let year = selection.vigencia.map(|year: Year| format!(" vigencia {}", year.get()));
    let quarter = selection.trimestre.map(|quarter| format!(" {} trimestre", quarter.roman()));
    let parts: Vec<String> = [year, quarter].into_iter().flatten().collect();
    if parts.is_empty() { String::new() } else { format!(":{}", parts.join(",")) }
}
