//! What must hold between the values of a plan and of its trimestres, beyond what each value says of itself.
//!
//! One file for each family of checks; `CHECKS` lists them all. A check looks at the drafts, which may be incomplete:
//! where a value is missing it says nothing, since that was reported when the file was read.

mod checked;
mod dates;
mod numbers;
mod pairing;
mod waivers;

pub use checked::{Checked, report};

use crate::diag::Finding;
use crate::input::{Draft, FollowUpDraft, PlanFolder};

/// A plan with those of its trimestres that could be read.
pub struct Subject<'f> {
    plan: &'f Draft,
    follow_ups: Vec<(&'f FollowUpDraft, &'f Draft)>,
}

/// One family of checks.
type Check = fn(&Subject<'_>, &mut Vec<Finding>);

/// All checks.
const CHECKS: &[Check] = &[
    numbers::action_numbers,
    numbers::progress_numbers,
    numbers::roles,
    dates::action_dates,
    dates::cutoff,
    pairing::year,
    pairing::quarter,
    pairing::progress_of_every_action,
    waivers::codes,
];

/// Runs all checks on a plan's folder.
pub fn check(folder: &PlanFolder, findings: &mut Vec<Finding>) {
    let Some(plan) = &folder.plan else { return };
    let readable = folder.asked_for().filter_map(|follow_up| Some((follow_up, follow_up.draft.as_ref().ok()?)));
    let subject = Subject { plan, follow_ups: readable.collect() };
    for check in CHECKS {
        check(&subject, findings);
    }
}
