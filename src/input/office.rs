//! What the office says once for all its plans, in `seguimiento.toml`; and of one plan, only what it says of signing.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;

use crate::diag::{self, Finding, Sources, code};
use crate::input::file::{MAX_TOML, add_text, display, read_bytes};
use crate::input::folder::{Draft, read_draft};
use crate::input::shape::{self, Shape};
use crate::input::syntax;
use crate::input::text::Alphabet;

/// The file of the office, in the working folder.
pub const OFFICE: &str = "seguimiento.toml";

/// A file as read on its own.
#[derive(Debug, Default)]
pub struct Said {
    /// What it holds; `None` if there is no such file or it cannot be read.
    pub draft: Option<Draft>,
    /// What is wrong in it.
    pub findings: Vec<Finding>,
    /// The file.
    pub sources: Sources,
}

/// Reads `seguimiento.toml` in a working folder; there need not be one.
#[must_use]
pub fn read_office(working_folder: &Path, alphabet: &Alphabet) -> Said {
    read(&working_folder.join(OFFICE), &shape::office(), alphabet)
}

/// Reads in a plan's folder what its `plan.toml` says of signing. Whatever else stands there is not looked at.
#[must_use]
pub fn read_signing(plan: &Path, alphabet: &Alphabet) -> Said {
    read(&plan.join("plan.toml"), &shape::signing_of_plan(), alphabet)
}

fn read(path: &Path, shape: &Shape, alphabet: &Alphabet) -> Said {
    let mut said = Said::default();
    if fs::symlink_metadata(path).is_err() {
        return said;
    }
    if let Ok(file) = add_text(display(path), read_bytes(path, MAX_TOML), &mut said.sources, &mut said.findings) {
        let repaired = OnceCell::new();
        let parsed = syntax::parse(said.sources.get(file), file, &repaired, &mut said.findings);
        let draft = read_draft(&parsed, shape, alphabet, &mut said.findings);
        said.findings.extend(password_for_nobody(&draft));
        said.draft = Some(draft);
    }
    diag::sort(&mut said.findings);
    said
}

/// A password beside no address: it is not for the authority that another file names.
fn password_for_nobody(draft: &Draft) -> Option<Finding> {
    let signing = draft.record.tables("firma_digital").next()?;
    let password = signing.values.get("tsa_clave").filter(|_| !signing.values.contains_key("tsa"))?;
    let finding = Finding::new(&code::KEY_MISSING, password.span, "«tsa_clave» no sirve sin «tsa» en el mismo archivo");
    Some(finding.label("¿para qué autoridad?").help("agregue: tsa = \"https://…\""))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::read_office;
    use crate::input::reader::Record;
    use crate::input::text::Alphabet;

    /// What there is in the file of an office that says this, and what is wrong in it.
    pub fn office_says(text: &str) -> (Record, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("seguimiento.toml"), text).unwrap();
        let said = read_office(folder.path(), &Alphabet::new(|_| true));
        (said.draft.unwrap().record, said.findings.into_iter().map(|finding| finding.message).collect())
    }
}
