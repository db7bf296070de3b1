//! Findings as SARIF 2.1.0 (OASIS), for the programs that gather findings of many tools.

use serde_json::{Value, json};

use crate::diag::{Code, Finding, Severity, Sources, Span, code};

/// The results of one plan.
#[must_use]
pub fn sarif_results(findings: &[Finding], sources: &Sources) -> Vec<Value> {
    findings.iter().map(|finding| result(finding, sources)).collect()
}

/// A log of one run with these results.
#[must_use]
pub fn sarif_log(results: &[Value]) -> Value {
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "language": "es-CO",
                "rules": code::ALL.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.why() },
        "help": { "text": code.explanation, "markdown": code.explanation },
        "defaultConfiguration": { "level": level(code.severity) },
        "properties": { "tags": [code.family.title()] },
    })
}

fn result(finding: &Finding, sources: &Sources) -> Value {
    let location = |span: Span, label: &str| {
        let mut location = json!({ "physicalLocation": place(span, sources) });
        if !label.is_empty() {
            location["message"] = json!({ "text": label });
        }
        location
    };
    let message = match &finding.help {
        Some(help) => format!("{}. {help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code.id,
        "level": level(finding.code.severity),
        "message": { "text": message },
        "locations": [location(finding.span, &finding.label)],
    });
    if !finding.related.is_empty() {
        result["relatedLocations"] = finding.related.iter().map(|(span, label)| location(*span, label)).collect();
    }
    if let Some(waiver) = &finding.waiver {
        result["suppressions"] =
            json!([{ "kind": "inSource", "status": "accepted", "justification": waiver.sentence() }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn place(span: Span, sources: &Sources) -> Value {
    let file = sources.get(span.file);
    let ((line, column), (end_line, end_column)) = (file.position(span.start), file.position(span.end));
    json!({
        "artifactLocation": { "uri": uri(&file.name) },
        "region": { "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column },
    })
}

/// A path as a relative reference (RFC 3986, 4.2): what is no letter, digit or one of `-._~/` in hexadecimal.
fn uri(path: &str) -> String {
    use std::fmt::Write;
    path.bytes().fold(String::with_capacity(path.len()), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference_whatever_letters_it_has() {
        assert_eq!(uri("plans/alcaldía 2025/plan.toml"), "plans/alcald%C3%ADa%202025/plan.toml");
    }
}
