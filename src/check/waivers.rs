//! What the office waives is something that can be waived: a code that exists, and not an error.

use crate::audit::is_waivable;
use crate::check::Subject;
use crate::diag::{Code, Finding, Spanned, code, did_you_mean, quoted};

/// `valor-desconocido` and `excepcion-no-admitida`, for every `[[excepcion]]` and every code in `omitir`.
pub fn codes(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let files = std::iter::once(subject.plan).chain(subject.follow_ups.iter().map(|(_, draft)| *draft));
    for file in files {
        let waived = file.record.tables("excepcion").filter_map(|waiver| waiver.text("codigo"));
        waived.for_each(|id| waivable("codigo", id, findings));
        let omitted = file.record.tables("revision").flat_map(|revision| revision.texts("omitir"));
        omitted.for_each(|id| waivable("omitir", Spanned::new(id.value.as_str(), id.span), findings));
    }
}

fn waivable(key: &str, id: Spanned<&str>, findings: &mut Vec<Finding>) {
    let Some(code) = Code::find(id.value) else {
        let message = format!("«{key}» no puede ser «{}»: no hay un hallazgo con ese código", quoted(id.value));
        let finding = Finding::new(&code::CHOICE, id.span, message).label("código desconocido");
        let waivable = code::ALL.iter().filter(|code| is_waivable(code)).map(|code| code.id);
        findings.push(match did_you_mean(id.value, waivable) {
            Some(near) => finding.help(format!("¿quiso decir «{near}»?")),
            None => finding.help("copie el código del hallazgo, como lo muestra «seguimiento revisar»"),
        });
        return;
    };
    if !is_waivable(code) {
        let message = format!("«{}» no se puede aceptar ni omitir", code.id);
        let finding = Finding::new(&code::WAIVER_REFUSED, id.span, message).label("no se admite aquí");
        findings.push(finding.help("arregle el dato: lo que está mal escrito no se exceptúa"));
    }
}
