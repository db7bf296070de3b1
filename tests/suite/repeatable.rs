//! The same data give the same bytes: on another day, in another folder, on a computer set up otherwise.
//!
//! Each test runs the program itself, as an office would, and compares whole files.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::pdf::office::other_metrics;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What one run wrote: the bytes of each report, by its path in `informes`.
type Reports = BTreeMap<PathBuf, Vec<u8>>;

/// What a plain run over all plans writes.
static REFERENCE: LazyLock<Reports> = LazyLock::new(|| {
    let reports = generate(&copy(), &[], &[]);
    assert_eq!(reports.len(), 5, "one report of the real plan, four of the example");
    reports
});

/// A working folder with the repository's plans.
fn copy() -> TempDir {
    copy_in_order(|files| files.sort())
}

/// The same, its files written in an order of one's own.
fn copy_in_order(order: impl FnOnce(&mut Vec<PathBuf>)) -> TempDir {
    let working_folder = tempfile::tempdir().expect("a temporary folder");
    let mut files: Vec<PathBuf> = ["rmbc-2024", "ejemplo-2025"]
        .iter()
        .flat_map(|plan| fs::read_dir(Path::new(ROOT).join("plans").join(plan)).expect("a plan"))
        .map(|entry| entry.expect("a file").path().strip_prefix(ROOT).expect("a path below the root").to_owned())
        .collect();
    order(&mut files);
    for file in files {
        let target = working_folder.path().join(&file);
        fs::create_dir_all(target.parent().expect("a folder")).expect("folders");
        fs::write(target, fs::read(Path::new(ROOT).join(file)).expect("a file")).expect("a copy");
    }
    working_folder
}

/// Runs `generar` in a folder, with variables of the environment, and returns what it wrote.
fn generate(working_folder: &TempDir, arguments: &[&str], environment: &[(&str, &str)]) -> Reports {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seguimiento"));
    command.current_dir(working_folder.path()).arg("generar").args(arguments).envs(environment.iter().copied());
    let output = command.output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let informes = working_folder.path().join("informes");
    let folders = fs::read_dir(&informes).expect("reports").map(|entry| entry.expect("a folder").path());
    let files =
        folders.flat_map(|folder| fs::read_dir(folder).expect("reports")).map(|entry| entry.expect("a file").path());
    files
        .filter(|file| !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')))
        .map(|file| (file.strip_prefix(&informes).expect("below").to_owned(), fs::read(&file).expect("bytes")))
        .collect()
}

/// Says which reports differ, not their bytes.
#[track_caller]
fn assert_same(reports: &Reports) {
    for (path, bytes) in reports {
        assert!(REFERENCE.get(path) == Some(bytes), "{} differs", path.display());
    }
}

#[test]
fn a_report_made_again_over_itself_has_the_same_bytes() {
    let folder = copy();
    let first = generate(&folder, &[], &[]);
    assert_eq!(first.len(), REFERENCE.len());
    assert_same(&first);
    assert_same(&generate(&folder, &["--forzar"], &[]));
}

#[test]
fn time_zone_language_and_home_make_no_difference() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let home = home.path().to_str().expect("a path");
    for environment in [
        vec![("TZ", "Asia/Tokyo"), ("LANG", "C"), ("LC_ALL", "C")],
        vec![("TZ", "America/Bogota"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("LANGUAGE", "ar")],
        vec![("SOURCE_DATE_EPOCH", "1"), ("HOME", home), ("XDG_CONFIG_HOME", home), ("XDG_DATA_HOME", home)],
        vec![
            ("XDG_CACHE_HOME", home),
            ("TMPDIR", home),
            ("RAYON_NUM_THREADS", "1"),
            ("NO_COLOR", "1"),
            ("USER", "otra"),
        ],
    ] {
        let reports = generate(&copy(), &[], &environment);
        assert_eq!(reports.len(), REFERENCE.len(), "{environment:?}");
        assert_same(&reports);
    }
}

#[test]
fn the_order_in_which_files_were_created_makes_no_difference() {
    for folder in [copy_in_order(|files| files.sort_by(|a, b| b.cmp(a))), copy_in_order(|files| files.rotate_left(3))] {
        assert_same(&generate(&folder, &[], &[]));
    }
}

#[test]
fn fonts_installed_on_the_computer_make_no_difference() {
    // Plex with other widths, under its own name: whoever looks for installed fonts finds this one.
    let home = tempfile::tempdir().expect("a temporary folder");
    let installed = other_metrics("IBMPlexSansCondensed-Regular.ttf");
    for folder in [".fonts", ".local/share/fonts", "Library/Fonts"] {
        fs::create_dir_all(home.path().join(folder)).expect("folders");
        fs::write(home.path().join(folder).join("IBMPlexSansCondensed-Regular.ttf"), &installed).expect("a font");
    }
    let configuration = format!("<fontconfig><dir>{}/.fonts</dir></fontconfig>", home.path().display());
    let file = home.path().join("fonts.conf");
    fs::write(&file, configuration).expect("a configuration");
    let home = home.path().to_str().expect("a path");
    let environment = [("HOME", home), ("FONTCONFIG_FILE", file.to_str().expect("a path")), ("TYPST_FONT_PATHS", home)];
    assert_same(&generate(&copy(), &[], &environment));

    // The same font beside the plans is the office's choice, and shows that the difference would be seen.
    let folder = copy();
    fs::create_dir_all(folder.path().join("fonts")).expect("a folder");
    fs::write(folder.path().join("fonts/IBMPlexSansCondensed-Regular.ttf"), &installed).expect("a font");
    for (path, bytes) in generate(&folder, &[], &[]) {
        assert!(REFERENCE[&path] != bytes, "{} shows the font", path.display());
    }
}

#[test]
fn a_report_made_alone_is_the_one_made_together_with_all_others() {
    let alone = generate(&copy(), &["rmbc-2024"], &[]);
    assert_eq!(alone.len(), 1);
    assert_same(&alone);
    let third = generate(&copy(), &["plans/ejemplo-2025/plan.toml", "--trimestre", "3"], &[]);
    assert_eq!(third.len(), 1);
    assert_same(&third);
    let backwards = generate(&copy(), &["ejemplo-2025", "rmbc-2024", "--formato", "png,pdf,svg"], &[]);
    let pdfs: Reports =
        backwards.into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "pdf")).collect();
    assert_eq!(pdfs.len(), REFERENCE.len());
    assert_same(&pdfs);
}

#[test]
fn the_number_of_workers_makes_no_difference() {
    for workers in ["1", "2", "5"] {
        let reports = generate(&copy(), &["--trabajos", workers], &[]);
        assert_eq!(reports.len(), REFERENCE.len(), "{workers}");
        assert_same(&reports);
    }
}

#[test]
fn reports_with_an_annex_are_repeatable_too_and_other_than_those_without() {
    let (first, folder) = (generate(&copy(), &["--anexo"], &[]), copy());
    let second = generate(&folder, &["--anexo", "--trabajos", "1"], &[]);
    assert_eq!(first.len(), REFERENCE.len());
    assert!(first == second);
    assert!(first.iter().all(|(path, bytes)| REFERENCE[path] != *bytes));
    assert_same(&generate(&folder, &[], &[]));
}

#[test]
fn pictures_of_the_pages_are_repeatable_too() {
    let pictures = || generate(&copy(), &["rmbc-2024", "--formato", "png,svg"], &[]);
    let (first, second) = (pictures(), pictures());
    assert!(first.len() >= 4, "{:?}", first.keys());
    assert!(first == second);
}
