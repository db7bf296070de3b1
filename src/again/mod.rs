//! A report made again from what it carries: it is the rendering of its own sources if that gives the very same bytes.
//!
//! ```text
//! read     the first revision of the file · the files inside it
//! check    the plan among them, by the rules of today
//! files    the data that the report shows, and all else that it carries, against those made again
//! document the report set again in memory, against the first revision, byte for byte
//! printed  where it is not the same, or cannot be set again: the text of its table, against the data
//! ```
//!
//! Everything comes from the report itself but the program and its fonts. Only the annex is taken as its data have it: the
//! audit behind it looked at trimestres and reports that are not inside.
//!
//! The code at the foot of the pages ([`Code`]) compares a sheet of paper with a file.
//!
//! **What hostile reports may cost.** Files inside are few and bounded in size, also when unpacked; the page is set only if its
//! data are those that its sources give; a layout is set only if it is known, or if the caller wants any, and so is a logo with
//! more than shapes in it. A layout is a program: typst stops loops and calls that go too deep, but a foreign layout may still take any
//! time and memory, fill the engine's table of 65,535 file names, and print what it likes. And the plan may be as large as the largest
//! that is read, and take as long.

pub mod apart;
mod carried;
mod code;
mod content;
mod difference;
mod documents;
mod printed;
mod provenance;
mod words;

pub use carried::{Carried, DATA};
pub use code::{Code, Drawing};
pub use content::{Content, ContentResult};
pub use difference::Difference;
pub use printed::Printed;
pub use provenance::{PROGRAM, PROVENANCE, Provenance, flat, logo_name};

use crate::assets::Assets;
use crate::check::Checked;
use crate::input::Files;
use crate::model::Report;
use crate::pdf::File;
use crate::pipeline::{Desk, Faults, Format, Prepared, ReadPlan};
use crate::typeset::logo;

/// Most bytes of data that are set without a bound on memory: some 800 actions.
const SMALL: usize = 1 << 20;

/// Which layouts may be set, and with how much data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layouts {
    /// Those of the program and of the working folder, with data and a logo of which it is known what they cost.
    Small,
    /// Those of the program and of the working folder.
    Known,
    /// Any, at the risk that it never ends.
    Any,
}

/// Whose layout a report carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Byte for byte that of the program or of the working folder.
    Known,
    /// Another one: what it prints need not be the data.
    Foreign,
}

/// What came of making a report again.
#[derive(Debug)]
pub enum Again {
    /// The same bytes. Of an annex, this says that it is printed as the data have it, and not that it is what an audit finds.
    Exact {
        /// Whose layout it is.
        layout: Layout,
        /// Whether it has an annex.
        annex: bool,
    },
    /// Other bytes: the report is not the rendering of its sources.
    Differs {
        /// Whose layout it is.
        layout: Layout,
        /// Where it first differs.
        at: Difference,
    },
    /// Its sources have errors, or its layout has: no report can be made of them.
    Errors(Faults),
    /// Another version of the program made it, or other fonts: the pages cannot be compared.
    OtherVersion {
        /// The program that it takes.
        program: String,
        /// The files of fonts that differ.
        fonts: Vec<String>,
        /// Whether its data are what its sources give.
        data: Data,
        /// Whether its table has the text of its data.
        printed: Printed,
    },
    /// It was not set. Everything that the report carries is as it should be.
    NotTried(Risk),
    /// It is no report of this program: why, in Spanish.
    NotOurs(String),
}

/// Why a report was not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// Its layout is a foreign one.
    Foreign,
    /// Its data are large.
    Large,
    /// Its logo has more than shapes.
    Logo,
}

/// What can be said of the data of a report that another version made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// They are what its sources give.
    Same,
    /// They are not.
    Differ(Box<Difference>),
    /// To this version its sources are faulty.
    Unknown,
}

/// Makes a report again, signed or not, with the engine and the fonts of a desk; `name` is what findings call it.
#[must_use]
pub fn again(name: &str, report: &[u8], desk: &Desk, layouts: Layouts) -> Again {
    attempt(name, report, desk, layouts).unwrap_or_else(|end| end)
}

/// The steps, one after another; what ends them early is the error.
fn attempt(name: &str, report: &[u8], desk: &Desk, layouts: Layouts) -> Result<Again, Again> {
    let file = File::read(report).map_err(|fault| Again::NotOurs(fault.to_string()))?;
    let carried = Carried::read(file.as_of(1)).map_err(Again::NotOurs)?;
    let inside = desk.with(carried.assets());
    let plan = inside.read_files(Files::Report { name, files: &carried.plan }, None);
    let made = prepare(&inside, &plan, &carried);
    same_version(&file, &carried, desk, made.as_ref().ok())?;
    let (checked, prepared) = made.map_err(Again::Errors)?;
    let layout = layout(&inside, &checked, desk, &carried);
    if let Some(at) = difference::of_files(&carried.files, prepared.attachments()) {
        return Err(Again::Differs { layout, at });
    }
    within_bounds(layouts, layout, &carried, checked.get())?;
    let again = set(&inside, prepared).map_err(Again::Errors)?;
    let first = &report[file.revisions().first().map_or(0..0, |first| first.range.clone())];
    let same = first.strip_prefix(&*again).is_some_and(|rest| rest.trim_ascii().is_empty());
    if same && layout == Layout::Known {
        return Ok(Again::Exact { layout, annex: carried.annex.is_some() });
    }
    // A foreign layout may print other data than it was given.
    Ok(match printed::printed(file.as_of(1), carried.data()) {
        Printed::Differs(at) => Again::Differs { layout, at: *at },
        Printed::Same | Printed::Unknown if same => Again::Exact { layout, annex: carried.annex.is_some() },
        Printed::Same | Printed::Unknown => Again::Differs { layout, at: unlike(first, &again, carried.data()) },
    })
}

/// Where a report first differs from the one made again, whose table has the same words: in a cell, if it does.
fn unlike(report: &[u8], again: &[u8], data: &[u8]) -> Difference {
    let files = File::read(report).ok().zip(File::read(again).ok());
    let in_a_cell = files.and_then(|(report, again)| printed::unlike(report.as_of(1), again.as_of(1), data));
    in_a_cell.unwrap_or_else(|| documents::difference(report, again))
}

/// Reads the report out of the plan inside it.
fn prepare(inside: &Desk, plan: &ReadPlan, carried: &Carried) -> Result<(Checked<Report>, Prepared), Faults> {
    let Some(report) = plan.reports().pop() else {
        return Err(Faults { findings: plan.findings.clone(), sources: plan.folder.sources.clone() });
    };
    let prepared = inside.prepare_with(plan, &report, carried.annex.clone())?;
    Ok((report, prepared))
}

/// Goes on only if the program and the fonts are those that made the report.
fn same_version(
    file: &File<'_>,
    carried: &Carried,
    desk: &Desk,
    made: Option<&(Checked<Report>, Prepared)>,
) -> Result<(), Again> {
    let (then, now) = (&carried.provenance, desk.provenance());
    if (&then.program, &then.fonts) == (&now.program, &now.fonts) {
        return Ok(());
    }
    let mut fonts: Vec<String> = then.fonts.keys().chain(now.fonts.keys()).cloned().collect();
    fonts.sort();
    fonts.dedup();
    fonts.retain(|name| then.fonts.get(name) != now.fonts.get(name));
    let data = match made {
        None => Data::Unknown,
        Some((_, prepared)) => match difference::of_data_among(&carried.files, prepared.attachments()) {
            Some(at) => Data::Differ(at.into()),
            None => Data::Same,
        },
    };
    let printed = printed::printed(file.as_of(1), carried.data());
    Err(Again::OtherVersion { program: then.program.clone(), fonts, data, printed })
}

/// Whose the layout is that a report carries.
fn layout(inside: &Desk, report: &Checked<Report>, desk: &Desk, carried: &Carried) -> Layout {
    let of = |desk: &Desk| desk.layout(report.format(), carried.annex.is_some()).ok();
    let known = [of(desk), of(&desk.with(Assets::embedded()))];
    if known.iter().flatten().any(|known| Some(known) == of(inside).as_ref()) { Layout::Known } else { Layout::Foreign }
}

/// Goes on only if what it may cost to set the report is what the caller wants to spend.
fn within_bounds(layouts: Layouts, layout: Layout, carried: &Carried, report: &Report) -> Result<(), Again> {
    let has_odd_logo = || report.plan.entity.logo.as_ref().is_some_and(|(name, bytes)| !logo::is_simple(name, bytes));
    let risk = match (layouts, layout) {
        (Layouts::Small | Layouts::Known, Layout::Foreign) => Risk::Foreign,
        (Layouts::Small, Layout::Known) if carried.data().len() > SMALL => Risk::Large,
        (Layouts::Small, Layout::Known) if has_odd_logo() => Risk::Logo,
        _ => return Ok(()),
    };
    Err(Again::NotTried(risk))
}

/// Sets the report again, in memory.
fn set(inside: &Desk, prepared: Prepared) -> Result<Vec<u8>, Faults> {
    let files = inside.compose(prepared)?.export(Format::Pdf)?;
    Ok(files.into_iter().next().map(|file| file.bytes).unwrap_or_default())
}
