//! Findings as one line each, the way editors and logs read them.

use crate::diag::{Finding, Sources};

/// `file:line:column: severity[code]: message`, a line each.
#[must_use]
pub fn short(findings: &[Finding], sources: &Sources) -> String {
    let line = |finding: &Finding| {
        let (line, column) = sources.position(finding.span);
        let name = &sources.get(finding.span.file).name;
        format!("{name}:{line}:{column}: {}[{}]: {}\n", finding.code.severity.word(), finding.code.id, finding.message)
    };
    findings.iter().map(line).collect()
}
