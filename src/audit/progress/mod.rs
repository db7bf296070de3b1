//! What the percentages say, and what they say beside the narrative.

mod percent;
mod planned;
mod said;
mod weights;

use crate::audit::Subject;
use crate::diag::Finding;

/// All findings of `Family::Progress`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    percent::check(subject, findings);
    said::check(subject, findings);
    weights::check(subject, findings);
    planned::check(subject, findings);
}
