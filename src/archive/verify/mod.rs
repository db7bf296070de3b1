//! All of an archive verified.
//!
//! ```text
//! register   every line continues the one before
//! head       it continues the one that had the head that somebody kept
//! folder     nothing is in it that the register does not name
//! catalogue  it is the one of this register
//! reports    side by side: the bag · what the register says of it · its index, its sources, its open data ·
//!            its signatures · the report made again
//! ```
//!
//! A bag that is not sound is told of and not looked at any further: what is in it may be anything.

pub(in crate::archive) mod folder;
mod report;

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::head::{Kept, Stamped};
use super::register::{Entry, Head, REGISTER, Register};
use crate::again::apart::Reproducer;
use crate::input::file::read_bytes;
use crate::parallel::each;
use crate::pki::certificate::Certificate;
use crate::verify::judge::{Check, Outcome};
use folder::{begun, catalogue_fault, strangers};
use report::report;

/// Largest register, and largest catalogue, in bytes.
const MAX_FILE: u64 = 1 << 30;

/// What holds of an archive.
#[derive(Debug)]
pub struct ArchiveVerdict {
    /// Its head now.
    pub head: Head,
    /// What is wrong with it as a whole, in Spanish.
    pub faults: Vec<String>,
    /// Whether it continues the one that had a head that was kept, if one was given.
    pub continued: Option<Continued>,
    /// Its reports, in the order of the register.
    pub reports: Vec<ReportVerdict>,
}

/// What holds of a version of a report.
#[derive(Debug)]
pub struct ReportVerdict {
    /// What the register says of it.
    pub entry: Entry,
    /// Whether no other version has replaced it.
    pub current: bool,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
}

/// Whether an archive continues an earlier one.
#[derive(Debug)]
pub struct Continued {
    /// What was kept.
    pub head: Head,
    /// Why it does not, in Spanish.
    pub fault: Option<String>,
    /// The timestamp over what was kept, if it has one that holds.
    pub stamp: Option<Stamped>,
    /// Why it has none that holds, in Spanish, if it has one that does not.
    pub stamp_fault: Option<String>,
}

impl Continued {
    /// Whether it does, and its timestamp holds where it has one.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.fault.is_none() && self.stamp_fault.is_none()
    }
}

/// What proves a report beyond the bytes of its bag: its signatures, and that it can be made again.
#[derive(Clone, Copy)]
pub struct Prover<'a> {
    /// What makes it again.
    pub reproducer: Reproducer<'a>,
    /// Whom to trust, for each plan.
    pub anchors: &'a (dyn Fn(&str) -> &'a [Certificate] + Sync),
    /// The moment of the verdict.
    pub now: DateTime<Utc>,
}

/// Whether a folder is an archive, or was one: it has a register, or folders of data where an archive has those of its bags.
#[must_use]
pub fn is_archive(folder: &Path) -> bool {
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let bags = || inside(folder).flat_map(|plan| inside(&plan)).flat_map(|report| inside(&report));
    fs::symlink_metadata(folder.join(REGISTER)).is_ok() || bags().any(|bag| bag.join("data").is_dir())
}

/// Verifies an archive: all of it with a prover, and without one only that nothing was changed since it was written. `done` is told of
/// every report that is settled; `kept` is what somebody kept of it, with those whom to trust for its timestamp.
#[must_use]
pub fn verify(
    folder: &Path,
    prover: Option<Prover<'_>>,
    kept: Option<(&Kept, &[Certificate])>,
    done: &(dyn Fn() + Sync),
) -> ArchiveVerdict {
    let (register, faults) = register(folder);
    let continued = kept.map(|(kept, anchors)| continued(&register, kept, anchors));
    let reports = each(&register.entries, |entry| {
        let current = register.is_current(entry);
        let checks = report(folder, entry, current, prover);
        done();
        ReportVerdict { entry: entry.clone(), current, checks }
    });
    ArchiveVerdict { reports, head: register.head(), faults, continued }
}

impl ArchiveVerdict {
    /// Whether all that was looked at holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        let continued = self.continued.as_ref().is_none_or(Continued::holds);
        self.faults.is_empty() && continued && self.reports.iter().all(ReportVerdict::holds)
    }
}

impl ReportVerdict {
    /// Whether all that was looked at holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Failed)
    }
}

/// Reads the register, and what is wrong with it and with what lies beside the bags. Without a register, nothing can be said of that.
fn register(folder: &Path) -> (Register, Vec<String>) {
    let register = match read_bytes(&folder.join(REGISTER), MAX_FILE) {
        Err(fault) => return (Register::default(), vec![fault.message().to_owned()]),
        Ok(bytes) => Register::read(&bytes),
    };
    let unfinished = "la última línea del registro está a medias: un archivado quedó cortado, o la cortaron";
    let unfinished = (register.unfinished > 0).then(|| unfinished.to_owned());
    let beside =
        begun(folder).into_iter().chain(strangers(folder, &register)).chain(catalogue_fault(folder, &register));
    let faults = register.faults.iter().cloned().chain(unfinished).chain(beside).collect();
    (register, faults)
}

/// Whether a register continues the one that had a head.
fn continued(register: &Register, kept: &Kept, anchors: &[Certificate]) -> Continued {
    let head = kept.head.clone();
    let fault = match register.head_at(head.entries) {
        None => Some(format!(
            "tenía {} entradas y ahora tiene {}: le quitaron las últimas",
            head.entries,
            register.head().entries
        )),
        Some(then) if then != head => Some(format!("la entrada {} no es la de entonces: lo rehicieron", head.entries)),
        Some(_) => None,
    };
    let (stamp, stamp_fault) = match kept.stamped(anchors) {
        Ok(stamp) => (stamp, None),
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    Continued { head, fault, stamp, stamp_fault }
}
