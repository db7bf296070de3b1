//! To come.

use crate::audit::Subject;
use crate::diag::Finding;

/// To come.
pub fn check(_subject: &Subject<'_>, _findings: &mut Vec<Finding>) {}
