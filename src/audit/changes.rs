//! To come.

use crate::audit::Subject;
use crate::diag::Finding;

/// A change.
pub struct Change;

/// To come.
pub fn check(_subject: &Subject<'_>, _findings: &mut Vec<Finding>) {}
