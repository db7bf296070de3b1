//! Units, entities, acronyms and places by their right names.

mod acronyms;
mod councils;
mod directory;
mod entity;
mod places;
mod responsible;
mod units;
mod words;

use crate::audit::Subject;
use crate::diag::Finding;

/// All that is said of names.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    responsible::check(subject, findings);
    units::check(subject, findings);
    entity::check(subject, findings);
    acronyms::check(subject, findings);
    places::check(subject, findings);
    councils::check(subject, findings);
}
