//! «y/o».

use crate::audit::subject::Text;
use crate::diag::{Finding, code};

/// Looks for «y/o», which the DPD (*o²*) asks not to write: «o» says by itself that both may be.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    if !text.value.contains('/') {
        return;
    }
    for slash in 1..text.tokens.len().saturating_sub(1) {
        if text.mark(slash) != Some('/') {
            continue;
        }
        let (before, after) = (text.piece(slash - 1), text.piece(slash + 1));
        let is_whole = text.is_blank(slash.wrapping_sub(2)) && text.mark(slash + 2) != Some('/');
        if is_whole && matches!(before, "y" | "Y" | "e") && matches!(after, "o" | "O" | "u") {
            let written = format!("{before}/{after}");
            let message = format!(
                "«{written}» se puede leer de dos maneras; «o» ya significa que valen una cosa, la otra o ambas"
            );
            let finding = text.finding(&code::AND_OR, text.bytes(slash - 1, slash + 1), message);
            findings.push(finding.label("basta con una conjunción").help("escriba «o»; si son siempre las dos, «y»"));
        }
    }
}
