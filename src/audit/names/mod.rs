//! Units, entities, acronyms and places by their right names.

mod acronyms;
mod councils;
mod directory;
mod entity;
mod places;
mod responsible;
mod units;
mod words;

use std::collections::BTreeMap;

use crate::audit::Subject;
use crate::diag::Finding;

/// All that is said of names.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    responsible::check(subject, findings);
    acronyms::check(subject, findings);
    councils::check(subject, findings);
    let mut variants = Vec::new();
    units::check(subject, &mut variants);
    entity::check(subject, &mut variants);
    let mut accents = Vec::new();
    places::check(subject, &mut accents);
    findings.extend(outside(accents, &variants));
    findings.append(&mut variants);
}

/// The findings that do not lie within others: who mends a whole name mends the place in it.
fn outside(findings: Vec<Finding>, others: &[Finding]) -> impl Iterator<Item = Finding> {
    let ends: BTreeMap<_, usize> =
        others.iter().map(|other| ((other.span.file, other.span.start), other.span.end)).collect();
    findings.into_iter().filter(move |finding| {
        let other = ends.range(..=(finding.span.file, finding.span.start)).next_back();
        !other.is_some_and(|((file, _), end)| *file == finding.span.file && *end >= finding.span.end)
    })
}
