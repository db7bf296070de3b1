//! The commands as the office types them: the transcripts of `tests/cli`, and those of the README.
//!
//! `TRYCMD=overwrite` accepts what the commands answer now.

#![allow(clippy::unwrap_used)] // helpers of tests may fail as tests do

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;
use trycmd::TestCases;

#[test]
fn the_commands_answer_as_their_transcripts_say() {
    let transcripts: Vec<PathBuf> = fs::read_dir("tests/cli")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "trycmd"))
        .collect();
    assert!(transcripts.len() > 5);
    run(&transcripts, &[("tests/cli/entidad", ""), ("tests/data/autoridad", "llaves")]);
}

#[test]
fn the_commands_answer_as_the_readme_says() {
    run(
        &[PathBuf::from("README.md")],
        &["plans", "tests/cli/entidad", "tests/cli/antes", "tests/data/firma"].map(|folder| (folder, folder)),
    );
}

#[test]
fn the_readme_shows_files_that_make_a_report() {
    let readme = fs::read_to_string("README.md").unwrap();
    for file in ["plan.toml", "trimestre-1.toml"] {
        let name = format!("plans/alcaldia-2025/{file}");
        let text = fs::read_to_string(Path::new("tests/cli/entidad").join(&name)).unwrap();
        let (_comment, text) = text.split_at(text.find('[').unwrap());
        assert!(readme.contains(&format!("```toml\n# {name}\n{text}```\n")), "{name}");
    }
}

/// Runs transcripts, each in a folder of its own with copies of the data in their places: the commands write beside them.
fn run(transcripts: &[PathBuf], data: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let cases = TestCases::new();
    cases.register_bin("seguimiento", Path::new(env!("CARGO_BIN_EXE_seguimiento")));
    for transcript in transcripts {
        let case = folder.path().join(transcript.file_name().unwrap());
        fs::write(&case, without_seconds(&fs::read_to_string(transcript).unwrap())).unwrap();
        for (from, to) in data {
            copy(Path::new(from), &case.with_extension("in").join(to));
        }
        fs::create_dir(case.with_extension("out")).unwrap(); // asks trycmd for a working folder that may be written to
        cases.case(&case);
    }
    cases.run();
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        for transcript in transcripts {
            let case = folder.path().join(transcript.file_name().unwrap());
            fs::write(transcript, fs::read_to_string(case).unwrap().replace("[..] s)", "0,5 s)")).unwrap();
        }
    }
}

/// How long the program took is not for a test to say.
fn without_seconds(transcript: &str) -> String {
    Regex::new(r"\([0-9]+,[0-9] s\)").unwrap().replace_all(transcript, "([..] s)").into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
