//! `revisar --corregir`: shows what a machine can mend in a plan's files, asks, and mends it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use similar::TextDiff;

use crate::cli::printer::Printer;
use crate::diag::{FileId, mend};
use crate::export::rewrite;
use crate::pipeline::ReadPlan;

/// Mends the files of a plan, if whoever is asked agrees.
pub fn mend(plan: &ReadPlan, printer: &mut Printer) -> Result<()> {
    let faulty: BTreeSet<FileId> =
        plan.findings.iter().filter(|finding| mend::is_mendable(finding)).map(|f| f.span.file).collect();
    let mut mended = Vec::new();
    for file in faulty {
        let source = plan.folder.sources.get(file);
        let fixes = mend::fixes(&plan.findings, file, &source.text);
        if fixes.is_empty() {
            continue;
        }
        let text = mend::mended(&source.text, &fixes);
        let diff = TextDiff::from_lines(&source.text, &text);
        printer.data(&diff.unified_diff().header(&source.name, &source.name).to_string())?;
        mended.push((source, fixes.len(), text));
    }
    let question = match mended.iter().map(|(_, fixes, _)| fixes).sum::<usize>() {
        1 => "¿Aplicar esta corrección? [s/N] ".to_owned(),
        0 => return Ok(()),
        n => format!("¿Aplicar estas {n} correcciones? [s/N] "),
    };
    if !printer.ask(&question)? {
        printer.note("no se cambió nada");
        return Ok(());
    }
    for (source, fixes, text) in mended {
        let path = Path::new(&source.name);
        if fs::read(path).with_context(|| format!("no se puede leer «{}»", source.name))? != source.bytes {
            bail!("«{}» cambió mientras se revisaba; revíselo de nuevo", source.name);
        }
        rewrite(path, &mend::bytes(source, &text))?;
        printer.note(&format!("{}: {fixes} {}", source.name, if fixes == 1 { "corrección" } else { "correcciones" }));
    }
    Ok(())
}
