//! What an auditor would ask of the data before they are signed, beyond what [`crate::check`] holds them to.
//!
//! One file for each family of checks; `CHECKS` lists them all. Every rule is one that can be stated in a sentence and
//! defended in a hearing: nothing is guessed from statistics. What the office lets stand it says in an excepción: see
//! `waivers`.

mod budget;
mod changes;
mod names;
mod narratives;
mod personal;
mod progress;
mod settings;
mod subject;
mod timing;
mod waivers;
mod wording;

use std::collections::HashMap;

pub use changes::{Change, changes};
pub use settings::Settings;
pub use subject::Subject;
pub use waivers::is_waivable;

use crate::diag::{self, Family, FileId, Finding, Span, code};
use crate::input::{Earlier, PlanFolder};

/// One family of checks, or a part of it.
type Check = fn(&Subject<'_>, &mut Vec<Finding>);

/// All checks.
const CHECKS: &[Check] =
    &[progress::check, timing::check, changes::check, names::check, wording::check, personal::check, budget::check];

/// Most findings of one kind that are told of an action in a file: whoever mends a hundred sees the next ones.
const MOST_ALIKE: usize = 100;

/// Runs all checks on a plan's folder. `earlier` is the plan as it was when the trimestre before was reported. A file whose
/// syntax is broken is not audited: what seems missing there may only be unreadable.
#[must_use]
pub fn audit(folder: &PlanFolder, earlier: Option<&Earlier>) -> Vec<Finding> {
    let Some(subject) = Subject::new(folder, earlier) else { return Vec::new() };
    let mut findings = Vec::new();
    for check in CHECKS {
        check(&subject, &mut findings);
    }
    names_come_first(&mut findings);
    findings.retain(|finding| subject.is_asked_for(finding) && !subject.settings.omit.contains(&finding.code.id));
    waivers::apply(&subject, &mut findings);
    bound(&mut findings);
    findings
}

/// Keeps the first findings of each kind in each action of a file, the last of them with how many more there are.
fn bound(findings: &mut Vec<Finding>) {
    diag::sort(findings);
    let mut alike: HashMap<(&str, FileId, Option<i64>), usize> = HashMap::new();
    let kind = |finding: &Finding| (finding.code.id, finding.span.file, finding.action);
    for finding in findings.iter() {
        *alike.entry(kind(finding)).or_default() += 1;
    }
    let mut told: HashMap<(&str, FileId, Option<i64>), usize> = HashMap::new();
    findings.retain_mut(|finding| {
        let told = told.entry(kind(finding)).or_default();
        *told += 1;
        let more = alike[&kind(finding)].saturating_sub(MOST_ALIKE);
        if *told == MOST_ALIKE && more > 0 {
            finding.message = format!("{}; y otros {more} como este", finding.message);
        }
        *told <= MOST_ALIKE
    });
}

/// A word that is wrong within a name that is wrong is told of once.
fn names_come_first(findings: &mut Vec<Finding>) {
    let names =
        findings.iter().filter(|finding| finding.code.family == Family::Names && finding.code != &code::ACRONYM);
    let mut names: Vec<Span> = names.map(|finding| finding.span).collect();
    names.sort_unstable();
    let within_a_name = |span: Span| {
        let before = names[..names.partition_point(|name| (name.file, name.start) <= (span.file, span.start))].last();
        before.is_some_and(|name| name.file == span.file && span.end <= name.end)
    };
    findings.retain(|finding| finding.code != &code::WORD_UNKNOWN || !within_a_name(finding.span));
}
