//! The plan as it was when an earlier report was made: the `plan.toml` inside that report's PDF.

use std::cell::OnceCell;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};

use crate::diag::{SourceFile, Sources};
use crate::input::file::{display, read_bytes, readable};
use crate::input::folder::{Draft, PlanFolder, read_draft};
use crate::input::reader::Record;
use crate::input::text::Alphabet;
use crate::input::{shape, syntax};
use crate::pdf::File;

/// Largest report that is looked into, in bytes.
const MAX_REPORT: u64 = 1 << 30;

/// The plan of an earlier report.
#[derive(Debug)]
pub struct Earlier {
    /// The report's file, without the folder: an annex is to say the same wherever it is made.
    pub report: String,
    /// Its `plan.toml`.
    pub plan: Draft,
}

/// Reads the plan inside a report, to compare `now` with. Keys are those of the format that the plan has now.
///
/// # Errors
/// When it is no PDF that can be read, or the `plan.toml` inside is not sound, or is of another entity or vigencia.
pub fn read_earlier(report: &Path, now: &PlanFolder, alphabet: &Alphabet) -> Result<Earlier> {
    let name = display(report);
    let bytes = read_bytes(report, MAX_REPORT).map_err(|fault| anyhow!("{}", fault.message()))?;
    let text = attached(&bytes, "plan.toml").with_context(|| format!("«{name}» no trae el plan con que se hizo"))?;
    let mut sources = Sources::default();
    let file = sources.add(SourceFile::new(format!("{name}/plan.toml"), Vec::new(), text));
    // What is wrong with it was told when that report was made.
    let (repaired, mut untold) = (OnceCell::new(), Vec::new());
    let parsed = syntax::parse(sources.get(file), file, &repaired, &mut untold);
    let plan = read_draft(&parsed, &shape::plan(now.format.as_ref()), alphabet, &mut untold);
    if plan.broken {
        bail!("el plan que trae «{name}» no se puede leer");
    }
    if let Some(other) = now.plan.as_ref().and_then(|now| difference(&plan.record, &now.record)) {
        bail!("«{name}» es de otra {other}: no se pueden comparar");
    }
    let report = report.file_name().map_or(name.clone(), |file| display(Path::new(file)));
    Ok(Earlier { report, plan })
}

/// What two plans are not both of. An entity may get another name or another acronym, but not both.
fn difference(then: &Record, now: &Record) -> Option<&'static str> {
    let year = |plan: &Record| plan.tables("plan").next()?.integer("vigencia").map(|year| year.value);
    let entity = |plan: &Record, key| Some(plan.tables("entidad").next()?.text(key)?.value.to_owned());
    let differs = |key| entity(then, key) != entity(now, key);
    if year(then) != year(now) {
        Some("vigencia")
    } else if differs("nombre") && differs("sigla") {
        Some("entidad")
    } else {
        None
    }
}

/// The text of a file inside a PDF.
fn attached(pdf: &[u8], name: &str) -> Option<String> {
    readable(&File::read(pdf).ok()?.now().attached(name)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_report_is_refused() {
        assert!(attached(b"%PDF-1.7\n", "plan.toml").is_none());
        assert!(attached(b"", "plan.toml").is_none());
    }
}
