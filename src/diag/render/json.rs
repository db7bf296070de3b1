//! Findings as JSON for another program.

use serde_json::{Value, json};

use crate::diag::{Finding, Sources, Span};

/// A list of objects; lines and columns count from 1, columns in characters.
#[must_use]
pub fn json(findings: &[Finding], sources: &Sources) -> Vec<Value> {
    findings.iter().map(|finding| object(finding, sources)).collect()
}

fn object(finding: &Finding, sources: &Sources) -> Value {
    json!({
        "codigo": finding.code.id,
        "familia": finding.code.family.title(),
        "severidad": finding.code.severity.word(),
        "accion": finding.action,
        "mensaje": finding.message,
        "lugar": place(finding.span, sources),
        "etiqueta": finding.label,
        "relacionados": finding.related.iter().map(|(span, label)| json!({
            "lugar": place(*span, sources),
            "etiqueta": label,
        })).collect::<Vec<_>>(),
        "por_que": finding.code.why(),
        "ayuda": finding.help,
        "correccion": finding.fix,
        "aceptado": finding.waiver.as_ref().map(|waiver| json!({
            "motivo": waiver.reason,
            "responsable": waiver.by,
            "fecha": waiver.on.to_string(),
            "lugar": place(waiver.span, sources),
        })),
    })
}

fn place(span: Span, sources: &Sources) -> Value {
    let file = sources.get(span.file);
    let ((line, column), (end_line, end_column)) = (file.position(span.start), file.position(span.end));
    json!({
        "archivo": file.name,
        "linea": line,
        "columna": column,
        "linea_final": end_line,
        "columna_final": end_column,
    })
}
