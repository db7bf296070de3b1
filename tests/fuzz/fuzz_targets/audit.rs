//! Any texts at all as the narratives of two trimestres: the audit must come back, every finding must stand in its file, and
//! what is mended must be TOML that says something.

#![no_main]

use std::fs;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use seguimiento::assets::Assets;
use seguimiento::audit::audit;
use seguimiento::diag::mend::{fixes, mended};
use seguimiento::diag::{Finding, render};
use seguimiento::input::{Files, read_folder};
use seguimiento::input::text::Alphabet;
use tempfile::TempDir;

macro_rules! base {
    ($file:literal) => {
        include_str!(concat!("../../cases/audit/base/", $file))
    };
}

/// The plan that an audit finds nothing in, for the texts to be put into.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("plan.toml"), base!("plan.toml")).expect("a file");
    folder
});

fuzz_target!(|texts: (&str, &str)| {
    let assets = Assets::new(FOLDER.path());
    let alphabet = Alphabet::new(|c| u32::from(c) < 0x2000);
    for (name, base, old, text) in [
        ("trimestre-1.toml", base!("trimestre-1.toml"), "Se definieron los temas del observatorio y se contrató al equipo.", texts.0),
        ("trimestre-2.toml", base!("trimestre-2.toml"), "El archivo llegó a 600 cajas ordenadas, la mitad de lo previsto para el año.", texts.1),
    ] {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
        fs::write(FOLDER.path().join(name), base.replace(old, &escaped)).expect("a file");
    }
    let mut findings: Vec<Finding> = Vec::new();
    let folder = read_folder(Files::Folder(FOLDER.path()), None, &assets, &alphabet, &mut findings);
    let readable = findings.is_empty();
    findings.extend(audit(&folder, None));
    for finding in &findings {
        for span in finding.related.iter().map(|(span, _)| *span).chain([finding.span]) {
            assert!(folder.sources.get(span.file).text.get(span.range()).is_some(), "{finding:?}");
        }
    }
    assert_eq!(render::short(&findings, &folder.sources).lines().count(), findings.len());
    for follow_up in folder.follow_ups.iter().filter(|_| readable) {
        let text = &folder.sources.get(follow_up.file()).text;
        let mended = mended(text, &fixes(&findings, follow_up.file(), text));
        assert!(mended.parse::<toml::Table>().is_ok(), "{mended}");
    }
});
