//! How the texts are written.

mod spelling;

use crate::audit::Subject;
use crate::diag::Finding;

/// Looks for words that are not spelled right.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    spelling::check(subject, findings);
}
