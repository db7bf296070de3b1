//! Whether a narrative is of its own trimestre, and whether an action ended when it had to.

mod calendar;
mod dates;
mod deadline;
mod period;
mod repeated;

use crate::audit::Subject;
use crate::audit::narratives::narratives;
use crate::diag::Finding;
use crate::prose::Pieces;

/// All findings of `Family::Timing`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for narrative in narratives(subject) {
        let pieces = Pieces::new(narrative.text.value, &narrative.text.tokens);
        findings.extend(period::check(subject, &narrative, &pieces));
        dates::check(subject, &narrative, &pieces, findings);
    }
    repeated::check(subject, findings);
    deadline::check(subject, findings);
}
