//! Files that are no files, text that is no text, and whatever else a disk may hold: a finding each, never a panic, and
//! never a report made of data with an error.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::Config;
use seguimiento::diag::{Finding, Sources, did_you_mean};
use seguimiento::export;
use seguimiento::input::file::{MAX_TOML, add_text};
use seguimiento::input::shape::{self, Shape};
use seguimiento::input::text::Alphabet;
use seguimiento::input::{reader, syntax};
use seguimiento::view::view;

use crate::support::{FOLLOW_UP, PLAN, Workspace};

const FILE: &str = "plans/base/trimestre-2.toml";

// ── What stands where a file should ──────────────────────────────────────────────────────────────────────────────

#[test]
fn a_folder_is_no_file() {
    assert_eq!(
        Workspace::new().folder(FILE).findings(),
        "trimestre-2.toml:1:1: error[archivo-no-regular]: «trimestre-2.toml» no es un archivo corriente\n"
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_into_does_not_make_the_program_wait() {
    let workspace = Workspace::new();
    assert!(Command::new("mkfifo").arg(workspace.path(FILE)).status().unwrap().success());
    assert_eq!(
        workspace.findings(),
        "trimestre-2.toml:1:1: error[archivo-no-regular]: «trimestre-2.toml» no es un archivo corriente\n"
    );
}

#[cfg(unix)]
#[test]
fn a_link_to_an_endless_device_is_no_file() {
    let workspace = Workspace::new();
    std::os::unix::fs::symlink("/dev/zero", workspace.path(FILE)).unwrap();
    assert_eq!(
        workspace.findings(),
        "trimestre-2.toml:1:1: error[archivo-no-regular]: «trimestre-2.toml» no es un archivo corriente\n"
    );
}

#[cfg(unix)]
#[test]
fn links_that_go_in_a_circle_are_told_of() {
    let workspace = Workspace::new();
    std::os::unix::fs::symlink(workspace.path("plans/base/otro"), workspace.path(FILE)).unwrap();
    std::os::unix::fs::symlink(workspace.path(FILE), workspace.path("plans/base/otro")).unwrap();
    let found = workspace.findings();
    let expected = "trimestre-2.toml:1:1: error[archivo-ilegible]: no se puede leer «trimestre-2.toml»: ";
    assert!(found.starts_with(expected) && found.lines().count() == 1, "{found}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told_of() {
    let workspace = Workspace::new();
    std::os::unix::fs::symlink("/no/hay/tal", workspace.path(FILE)).unwrap();
    assert_eq!(
        workspace.findings(),
        "trimestre-2.toml:1:1: error[archivo-ilegible]: no se puede leer «trimestre-2.toml»: no existe\n"
    );
}

/// For the superuser no file is forbidden: then it is read like any other, and its fault is found.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_told_of() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new().file(FILE, FOLLOW_UP);
    let path = workspace.path(FILE);
    fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).unwrap();
    let superuser = File::open(&path).is_ok();
    assert_eq!(
        workspace.findings(),
        if superuser {
            "trimestre-2.toml:3:13: error[archivo-y-trimestre-distintos]: \
             el archivo es trimestre-2.toml, y dice que el trimestre es el I\n"
        } else {
            "trimestre-2.toml:1:1: error[archivo-ilegible]: \
             no se puede leer «trimestre-2.toml»: no hay permiso para leerlo\n"
        }
    );
}

#[test]
fn a_file_of_65_mib_is_not_read_to_its_end() {
    let workspace = Workspace::new().file(FILE, "");
    File::options().write(true).open(workspace.path(FILE)).unwrap().set_len(MAX_TOML + (1 << 20)).unwrap();
    assert_eq!(
        workspace.findings(),
        "trimestre-2.toml:1:1: error[archivo-demasiado-grande]: «trimestre-2.toml» pesa más de 64 MiB\n"
    );
}

#[test]
fn an_empty_file_lacks_its_tables() {
    assert_eq!(
        Workspace::new().file(FILE, "").findings(),
        "trimestre-2.toml:1:1: error[clave-faltante]: falta la tabla [seguimiento]\n\
         trimestre-2.toml:1:1: error[clave-faltante]: no hay ningún [[avance]]\n"
    );
}

#[test]
fn one_odd_trimestre_keeps_no_other_from_its_report() {
    assert_eq!(Workspace::new().folder(FILE).read().reports().len(), 1);
}

/// The name of the plan's folder becomes that of its folder of reports, which must be copied to Windows some day.
#[cfg(unix)]
#[test]
fn a_folder_that_windows_cannot_hold_is_told_of() {
    for (name, shown) in [
        ("CON", "CON"),
        ("aux.2025", "aux.2025"),
        ("com1", "com1"),
        ("Plan: 2025", "Plan: 2025"),
        ("plan.", "plan."),
        ("plan ", "plan "),
        ("a\nb", "a\\nb"),
    ] {
        let workspace = Workspace::new().rename("plans/base", &format!("plans/{name}"));
        let plan = workspace.read_plan(name);
        let line = seguimiento::diag::render::short(&plan.findings, &plan.folder.sources);
        let expected =
            format!(":1:1: error[carpeta-no-portable]: la carpeta «{shown}» tiene un nombre que Windows no admite\n");
        assert!(line.ends_with(&expected), "{line}");
        assert!(plan.reports().is_empty());
    }
    for name in ["rmbc-2024", "Plan de acción", "console", "com10", ".plan"] {
        assert!(Workspace::new().rename("plans/base", &format!("plans/{name}")).read_plan(name).findings.is_empty());
    }
}

// ── Bytes that are no text, and text that is hardly one ──────────────────────────────────────────────────────────

#[test]
fn latin_1_is_recognised_at_its_first_letter() {
    let latin: Vec<u8> = PLAN.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(
        Workspace::new().file("plans/base/plan.toml", latin).findings(),
        "plan.toml:4:25: error[archivo-no-utf8]: el archivo no está en UTF-8: el byte 0xF3 no es texto\n"
    );
}

#[test]
fn utf_16_is_recognised_by_its_mark() {
    for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
        let utf16: Vec<u8> = std::iter::once(0xFEFF).chain(PLAN.encode_utf16()).flat_map(bytes).collect();
        assert_eq!(
            Workspace::new().file("plans/base/plan.toml", utf16).findings(),
            "plan.toml:1:1: error[archivo-no-utf8]: el archivo está en UTF-16, no en UTF-8\n"
        );
    }
}

#[test]
fn two_hundred_thousand_brackets_are_one_finding_and_do_not_fill_the_stack() {
    let (open, close) = ("[".repeat(200_000), "]".repeat(200_000));
    let findings =
        |meta: &str| Workspace::new().edit("plans/base/plan.toml", "meta = 0.85", &format!("meta = {meta}")).findings();
    assert_eq!(
        findings(&format!("{open}{close}")),
        "plan.toml:29:88: error[anidamiento-excesivo]: hay demasiados corchetes o llaves, unos dentro de otros\n"
    );
    assert_eq!(
        findings(&open),
        "plan.toml:29:8: error[sintaxis-toml]: a la lista le falta el corchete ] que la cierra\n"
    );
    let braces = findings(&"{a=".repeat(200_000));
    assert!(braces.contains("error[anidamiento-excesivo]: ") && braces.lines().count() <= 2, "{braces:.400}");
}

#[test]
fn a_text_longer_than_forty_pages_is_refused() {
    let narrative = "x".repeat(100_001);
    let workspace = Workspace::new().edit("plans/base/trimestre-1.toml", "Se contrató al equipo.", &narrative);
    assert_eq!(
        workspace.findings(),
        "trimestre-1.toml:9:15: error[texto-demasiado-largo]: \
         «cualitativo» tiene 100001 caracteres, y el máximo es 100000\n"
    );
}

#[test]
fn an_image_heavier_than_any_logo_is_refused() {
    let workspace = Workspace::new()
        .edit("plans/base/plan.toml", "sigla = \"EP\"", "sigla = \"EP\"\nlogo = \"escudo.png\"")
        .file("plans/base/escudo.png", "");
    let logo = File::options().write(true).open(workspace.path("plans/base/escudo.png")).unwrap();
    logo.set_len((8 << 20) + 1).unwrap();
    assert_eq!(
        workspace.findings(),
        "plan.toml:4:8: error[archivo-demasiado-grande]: «escudo.png» pesa más de 8 MiB\n"
    );
}

/// Editors on Windows put a mark before the text and a carriage return into each line end.
fn windows(text: &str) -> String {
    format!("\u{FEFF}{}", text.replace('\n', "\r\n"))
}

#[test]
fn a_file_of_windows_says_the_same() {
    let shown = |workspace: &Workspace| {
        let reports = workspace.read().reports();
        export::json(&view(&reports[0]))
    };
    let plain = Workspace::new();
    let other = Workspace::new()
        .file("plans/base/plan.toml", windows(PLAN))
        .file("plans/base/trimestre-1.toml", windows(FOLLOW_UP));
    assert_eq!(shown(&plain), shown(&other));
}

#[test]
fn a_fault_in_a_file_of_windows_is_found_at_the_same_place() {
    let faulty = [
        PLAN.replace("meta = 0.85", "meta = 0,85"),
        PLAN.replace("numero = 3", "numero = 2"),
        PLAN.replace("Rendir cuentas", "Rendir\u{200B} cuentas"),
        PLAN.replacen("[entidad]", "[entidat]", 1),
    ];
    for text in faulty {
        let plain = Workspace::new().file("plans/base/plan.toml", &text).findings();
        assert!(!plain.is_empty());
        assert_eq!(Workspace::new().file("plans/base/plan.toml", windows(&text)).findings(), plain);
    }
}

// ── Anything at all ──────────────────────────────────────────────────────────────────────────────────────────────

/// What the reader says of bytes that stand in a file, held against what the file should hold.
fn findings_in(bytes: &[u8], shape: &Shape) -> (Sources, Vec<Finding>) {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let alphabet = Alphabet::new(|c| u32::from(c) < 0x2000);
    if let Ok(file) = add_text("x.toml".into(), Ok(bytes.to_vec()), &mut sources, &mut findings) {
        let repaired = OnceCell::new();
        let parsed = syntax::parse(sources.get(file), file, &repaired, &mut findings);
        reader::read(&parsed, shape, &alphabet, &mut findings);
    }
    (sources, findings)
}

/// Every finding says something and points at a place that its file has.
fn assert_sound(bytes: &[u8], shape: &Shape) {
    let (sources, findings) = findings_in(bytes, shape);
    for finding in &findings {
        assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "{:?}", finding.message);
        let places = finding.related.iter().map(|(span, _)| *span).chain([finding.span]);
        for span in places {
            let file = sources.get(span.file);
            assert!(file.text.get(span.range()).is_some(), "{span:?} of {:?}", file.text);
            let (line, column) = sources.position(span);
            let before: String = file.text[file.line(line)].chars().take(column - 1).collect();
            assert_eq!(file.line(line).start + before.len(), span.start, "{line}:{column} is not {span:?}");
        }
    }
    // Whatever was found can be shown.
    let short = seguimiento::diag::render::short(&findings, &sources);
    assert_eq!(short.lines().count(), findings.len(), "{short}");
    assert_eq!(seguimiento::diag::render::json(&findings, &sources).len(), findings.len());
    let human = seguimiento::diag::render::human(&findings, &sources, false);
    assert_eq!(human.is_empty(), findings.is_empty());
}

/// A way to spoil a text.
#[derive(Debug, Clone)]
enum Slip {
    DropChar(prop::sample::Index),
    RepeatChar(prop::sample::Index),
    Insert(prop::sample::Index, String),
    DropLine(prop::sample::Index),
    RepeatLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
}

impl Slip {
    fn spoil(&self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        let mut lines: Vec<&str> = text.split('\n').collect();
        match self {
            Self::DropChar(at) if !chars.is_empty() => drop(chars.remove(at.index(chars.len()))),
            Self::RepeatChar(at) if !chars.is_empty() => {
                let at = at.index(chars.len());
                chars.insert(at, chars[at]);
            }
            Self::Insert(at, piece) => {
                let at = at.index(chars.len() + 1);
                chars.splice(at..at, piece.chars());
            }
            Self::DropLine(at) => {
                lines.remove(at.index(lines.len()));
                return lines.join("\n");
            }
            Self::RepeatLine(at) => {
                let at = at.index(lines.len());
                lines.insert(at, lines[at]);
                return lines.join("\n");
            }
            Self::SwapLines(one, other) => {
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
                return lines.join("\n");
            }
            _ => {}
        }
        chars.into_iter().collect()
    }
}

fn slip() -> impl Strategy<Value = Slip> {
    let index = any::<prop::sample::Index>;
    // What means something in TOML, and what is wider than it looks.
    let piece = prop_oneof![
        "[\\[\\]{}=\"'#,.\\\\\n\r\t ]{1,3}",
        "(\"\"\"|'''|\\[\\[|\\]\\]|\\\\u|= \\[|0x|2025-|nan|-inf|\u{FEFF}|🎉|e\u{301}|\u{200B})",
        ".{1,4}",
    ];
    prop_oneof![
        index().prop_map(Slip::DropChar),
        index().prop_map(Slip::RepeatChar),
        (index(), piece).prop_map(|(at, piece)| Slip::Insert(at, piece)),
        index().prop_map(Slip::DropLine),
        index().prop_map(Slip::RepeatLine),
        (index(), index()).prop_map(|(one, other)| Slip::SwapLines(one, other)),
    ]
}

fn spoilt(text: &'static str) -> impl Strategy<Value = String> {
    prop::collection::vec(slip(), 1..6)
        .prop_map(|slips| slips.iter().fold(text.to_owned(), |text, slip| slip.spoil(&text)))
}

fn cases(number: u32) -> Config {
    Config { cases: number, failure_persistence: None, ..Config::default() }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        assert_sound(&bytes, &shape::plan(None));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "(?s).{0,200}") {
        assert_sound(text.as_bytes(), &shape::follow_up(None));
    }

    #[test]
    fn a_plan_with_slips_has_findings_at_places_that_it_has(text in spoilt(PLAN)) {
        assert_sound(text.as_bytes(), &shape::plan(None));
    }

    #[test]
    fn a_follow_up_with_slips_has_findings_at_places_that_it_has(text in spoilt(FOLLOW_UP)) {
        assert_sound(text.as_bytes(), &shape::follow_up(None));
    }

    #[test]
    fn a_guess_at_what_was_meant_is_one_of_the_words(written in "(?s).{0,40}", words in prop::collection::vec(".{0,12}", 0..6)) {
        if let Some(guess) = did_you_mean(&written, words.iter().map(String::as_str)) {
            prop_assert!(words.iter().any(|word| word == guess));
        }
        prop_assert!(written.is_empty() || did_you_mean(&written, [written.as_str()]) == Some(written.as_str()));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// The invariant that carries the trust: no report without checked data.
    #[test]
    fn no_report_is_made_of_data_with_an_error(plan in spoilt(PLAN), follow_up in spoilt(FOLLOW_UP), which in 0..3) {
        let workspace = Workspace::new();
        let workspace = if which == 0 { workspace } else { workspace.file("plans/base/plan.toml", plan) };
        let workspace = if which == 1 { workspace } else { workspace.file("plans/base/trimestre-1.toml", follow_up) };
        let read = workspace.read();
        let errors = read.findings.iter().filter(|finding| finding.is_error()).count();
        // One trimestre, so one report or none; and none without a finding that tells why.
        prop_assert_eq!(read.reports().len(), usize::from(errors == 0), "{}", workspace.findings());
    }
}

// ── What goes wrong with one plan stops no other ─────────────────────────────────────────────────────────────────

#[test]
fn a_folder_without_its_plan_is_told_of_and_the_others_are_made() {
    let run = Workspace::new().file("plans/otro/plan.toml.txt", "").run(&["generar"]);
    assert_eq!(run.status, 1);
    assert!(
        run.stderr.contains("error[archivo-ilegible]: no se puede leer «plans/otro/plan.toml»: no existe"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("\n1 informe, "), "{}", run.stderr);
}

#[test]
fn a_report_that_cannot_be_written_is_told_of_and_the_others_are_made() {
    let blocked = "informes/rmbc-2024/seguimiento-2024-2t.pdf";
    let run = Workspace::new().copy("plans/rmbc-2024").folder(blocked).run(&["generar"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains(&format!("error: no se puede escribir «{blocked}»")), "{}", run.stderr);
    assert!(run.stderr.contains("\n1 informe, ") && run.stderr.contains("; 1 informe sin terminar"), "{}", run.stderr);
}

#[test]
fn a_plan_named_twice_is_made_once() {
    let run = Workspace::new().run(&["generar", "base", "./plans/base", "plans/base/plan.toml"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stderr.contains("1 informe, "), "{}", run.stderr);
}

#[test]
fn a_template_that_is_none_is_told_of_where_the_plan_names_its_format() {
    let formato = "report-templates/x/formato.toml";
    let official = include_str!("../../report-templates/seguimiento-trimestral/formato.toml");
    for (template, says) in [
        (None, "no existe"),
        (Some(&b"#let otra = 1"[..]), "no define la función «informe»"),
        (Some(&b"#let informe = \xFF"[..]), "no está en UTF-8"),
    ] {
        let workspace =
            Workspace::new().file(formato, official).edit("plans/base/plan.toml", "seguimiento-trimestral", "x");
        let workspace =
            template.into_iter().fold(workspace, |w, text| w.file("report-templates/x/plantilla.typ", text));
        let found = workspace.findings_of_reports();
        assert!(found.starts_with("plan.toml:9:11: error[plantilla-con-error]: "), "{found}");
        assert!(found.ends_with(&format!("report-templates/x/plantilla.typ {says}\n")), "{found}");
    }
}
