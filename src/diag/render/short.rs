//! Findings as one line each, the way editors and logs read them.

use crate::diag::{Finding, Sources};

/// `file:line:column: severity[code]: message`, a line each.
#[must_use]
pub fn short(findings: &[Finding], sources: &Sources) -> String {
    let line = |finding: &Finding| {
        let (line, column) = sources.position(finding.span);
        let name = &sources.get(finding.span.file).name;
        let accepted =
            finding.waiver.as_ref().map(|waiver| format!(" (se acepta: {})", waiver.sentence())).unwrap_or_default();
        let Finding { code, message, .. } = finding;
        format!("{name}:{line}:{column}: {}[{}]: {message}{accepted}\n", code.severity.word(), code.id)
    };
    findings.iter().map(line).collect()
}
