//! Many reports: read, checked, set and saved by a crew of threads.
//!
//! ```text
//! open    a plan's folder: is it settled since the last run? · read and check · its reports as tasks
//! make    a report: prepare · is it up to date? · compose · export
//! save    its files, each whole or not at all · what was made of what, in the plan's record · beside it, the audit
//! ```
//!
//! One report that fails stops none of the others.

mod crew;
mod office;
mod record;

use std::path::PathBuf;

use anyhow::Result;

use crate::diag::{Finding, Sources};
use crate::export::Format;
use crate::input::PlanFolder;
use crate::model::{Quarter, Year};
use crate::pipeline::Desk;
pub use crew::{Crew, Event};
use office::Office;

/// Which reports are to be made, and how.
pub struct Order<'a> {
    /// The folders of the plans.
    pub plans: Vec<PathBuf>,
    /// Only this trimestre.
    pub quarter: Option<Quarter>,
    /// Only the plans of this vigencia.
    pub year: Option<Year>,
    /// In which forms.
    pub formats: Vec<Format>,
    /// Whether the reports have the annex for the control office.
    pub annex: bool,
    /// Whether to make what is up to date as well.
    pub force: bool,
    /// The folder of the reports; each plan has its own in it.
    pub into: PathBuf,
    /// Puts the findings of a report into words.
    pub tell: &'a (dyn Fn(&[Finding], &Sources) -> String + Sync),
    /// Puts into words what is wrong or doubtful in a plan; nothing if there is nothing.
    pub tell_of_plan: &'a (dyn Fn(&PlanFolder, &[Finding]) -> String + Sync),
}

/// What came of a plan or of a report.
#[derive(Debug)]
pub struct Outcome {
    /// The findings in words; empty if there are none.
    pub told: String,
    /// What was done.
    pub done: Done,
}

/// What was done.
#[derive(Debug)]
pub enum Done {
    /// A plan was opened of which nothing has changed since all its reports were made.
    Unchanged {
        /// How many trimestres its folder has, of those asked for.
        listed: usize,
        /// The paths of its reports that the order covers, without an ending.
        stems: Vec<String>,
    },
    /// A plan was opened and read.
    Opened {
        /// How many trimestres its folder has, of those asked for.
        listed: usize,
        /// How many of them the order covers.
        covered: usize,
        /// How many of them have errors in their data.
        failed: usize,
    },
    /// What is wrong or doubtful in a plan was looked for.
    Audited,
    /// A report was made.
    Made {
        /// Its path, without an ending.
        stem: String,
        /// Its pages.
        pages: usize,
        /// The files.
        files: Vec<PathBuf>,
        /// Its signed PDF, which was left as it is.
        signed: Option<PathBuf>,
    },
    /// A report is already what it would become.
    UpToDate {
        /// Its path, without an ending.
        stem: String,
        /// Its signed PDF, which is left as it is.
        signed: Option<PathBuf>,
    },
    /// A fault of the template, or the standards of the PDF, stand in a report's way.
    Failed,
    /// The machine, or the program, failed.
    Broken(anyhow::Error),
}

/// Makes the reports, and tells how it goes: outcomes come in the order of the plans and of their trimestres.
///
/// # Errors
/// When the system gives no threads.
pub fn run(desk: &Desk, mut order: Order, crew: Crew, hear: impl FnMut(Event<Outcome>)) -> Result<()> {
    let plans = std::mem::take(&mut order.plans);
    crew::run(crew, &Office { desk, order: &order }, plans, hear)
}
