//! `archivar` and `verificar` of an archive as the office types them: the real plan and the example's four trimestres, signed.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Instant, SystemTime};

use seguimiento::archive::{Prover, Register, verify};
use seguimiento::pki::certificate::Certificate;
use serde_json::Value;

use super::dice::Dice;
use super::{files, wrong};
use crate::signing::{OFFICE, Office};
use crate::support::{Workspace, reproducer};

const REPORTS: [&str; 6] = [
    "informes/ejemplo-2025/seguimiento-2025-1t.pdf",
    "informes/ejemplo-2025/seguimiento-2025-2t.pdf",
    "informes/ejemplo-2025/seguimiento-2025-3t.pdf",
    "informes/ejemplo-2025/seguimiento-2025-4t.pdf",
    "informes/otro/seguimiento-2025-1t.pdf",
    "informes/rmbc-2024/seguimiento-2024-2t.pdf",
];
/// What the office says where nobody is on the network.
const OFFLINE: &str = "[firma_digital]\nanclas = [\"raiz.pem\"]\n[archivo]\nserie = \"Informes\"\n";

/// Makes the reports and has them signed by all three.
fn sign_all(office: &Office) {
    for (role, level) in [("elaboro", "B-LT"), ("reviso", "B-LT"), ("aprobo", "B-LTA")] {
        let run = office.sign(role, &["informes", "--nivel", level, "--silencioso"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
}

fn workspace() -> Workspace {
    Workspace::empty().copy("plans/rmbc-2024").copy("plans/ejemplo-2025")
}

/// The files of an office whose reports are signed.
static SIGNED: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    let office = Office::with(workspace(), OFFICE);
    sign_all(&office);
    files(&office.workspace.path(""))
});

/// An office whose reports are signed, without a network.
fn office() -> Workspace {
    let workspace = SIGNED.iter().fold(Workspace::empty(), |all, (path, bytes)| all.file(path, bytes));
    workspace.file("seguimiento.toml", OFFLINE)
}

#[test]
fn the_real_plan_and_the_example_s_trimestres_are_archived_with_a_head_that_proves_what_comes_later() {
    let office =
        Office::with(workspace(), &format!("{OFFICE}[archivo]\ncarpeta = \"guardado\"\nexpediente = \"2026-001\"\n"));
    sign_all(&office);
    let first = office.run(&["archivar", "informes/rmbc-2024"]);
    assert_eq!(first.status, 0, "{}", first.stderr);
    let told =
        "informes/rmbc-2024/seguimiento-2024-2t.pdf: archivado en rmbc-2024/seguimiento-2024-2t/v1\nregistro: 1:";
    assert!(first.stderr.starts_with(told), "{}", first.stderr);
    let head: Value = serde_json::from_str(&first.stdout).unwrap();
    assert_eq!(head["entradas"], 1);
    assert!(head["sello_de_tiempo"].as_str().unwrap().len() > 1_000);
    // As PowerShell saves what a program says.
    let utf16: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(first.stdout.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs::write(office.workspace.path("cabeza.json"), utf16).unwrap();
    let rest = office.run(&["archive", "informes", "--silencioso"]);
    assert_eq!((rest.status, rest.stderr.as_str()), (0, ""));
    assert!(rest.stdout.starts_with("{\"entradas\":6,"), "{}", rest.stdout);
    let again = office.run(&["archivar", "informes"]);
    assert!(again.stderr.contains("0 informes archivados"), "{}", again.stderr);
    assert!(again.stderr.contains("6 que ya estaban, sin tocar"), "{}", again.stderr);

    let before = files(&office.workspace.path("guardado"));
    let verified = office.run(&["verificar", "guardado", "--cabeza", "cabeza.json"]);
    assert_eq!(verified.status, 0, "{}{}", verified.stdout, verified.stderr);
    let continued =
        format!("✓ continúa el archivo que tenía la cabeza 1:{}, sellada el ", head["sha256"].as_str().unwrap());
    assert!(verified.stdout.contains(&continued), "{}", verified.stdout);
    assert!(verified.stdout.ends_with("  íntegro: 6 informes, 6 versiones\n"), "{}", verified.stdout);
    let json = office.run(&["verificar", "guardado/", "--formato", "json"]);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["carpetas"][0]["integro"], true);
    assert_eq!(json["carpetas"][0]["informes"].as_array().unwrap().len(), 6);
    assert_eq!(files(&office.workspace.path("guardado")), before, "it never writes");

    let other = format!("1:{}", "5".repeat(64));
    let run = office.run(&["verificar", "guardado", "--cabeza", &other]);
    assert!(run.status == 1 && run.stdout.contains("la entrada 1 no es la de entonces"), "{}", run.stdout);
    let nothing = format!("0:{}", "0".repeat(64));
    let run = office.run(&["verificar", "guardado", "--cabeza", &nothing]);
    assert!(run.status == 2 && run.stderr.contains("no prueba nada"), "{}", run.stderr);
    let stamp = head["sello_de_tiempo"].as_str().unwrap();
    let now: Value = serde_json::from_str(&rest.stdout).unwrap();
    let forged = serde_json::json!({ "entradas": 6, "sha256": now["sha256"], "sello_de_tiempo": stamp });
    fs::write(office.workspace.path("falsa.json"), forged.to_string()).unwrap();
    let run = office.run(&["verificar", "guardado", "--cabeza", "falsa.json"]);
    assert!(run.status == 1 && run.stdout.contains("✓ continúa el archivo que tenía la cabeza 6:"), "{}", run.stdout);
    assert!(run.stdout.contains("✗ el sello de tiempo de esa cabeza no vale: "), "{}", run.stdout);
}

#[test]
fn one_report_that_is_refused_stops_none_of_the_others_and_an_odd_place_is_none() {
    let office = office();
    let mut broken = SIGNED[REPORTS[1]].clone();
    broken[30_000] ^= 1;
    fs::write(office.path(REPORTS[1]), broken).unwrap();
    fs::create_dir(office.path("Descargas")).unwrap();
    fs::copy(office.path(REPORTS[5]), office.path("Descargas/informe (1).pdf")).unwrap();
    fs::remove_file(office.path(REPORTS[5])).unwrap();
    let run = office.run(&["archivar", "Descargas", "informes"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("error: Descargas/informe (1).pdf: está en la carpeta «Descargas», que no es la"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("sus firmas no valen (TOTAL-FAILED)"), "{}", run.stderr);
    assert!(run.stderr.contains("4 informes archivados"), "{}", run.stderr);
    assert_eq!(run.stdout.matches("\"entradas\":4").count(), 1);
    assert_eq!(office.run(&["verificar", "archivo"]).status, 0);
}

#[test]
fn each_archive_is_written_by_itself_for_each_has_a_head_that_somebody_keeps() {
    let office = office();
    let plan = fs::read_to_string(office.path("plans/rmbc-2024/plan.toml")).unwrap();
    fs::write(office.path("plans/rmbc-2024/plan.toml"), plan + "\n[archivo]\ncarpeta = \"aparte\"\n").unwrap();
    let run = office.run(&["archivar", "informes"]);
    let told = "error: estos informes son de archivos distintos, «./archivo», «./plans/rmbc-2024/aparte»: archive los de cada uno aparte\n";
    assert_eq!((run.status, run.stderr.as_str(), run.stdout.as_str()), (2, told, ""));
    assert!(!office.path("archivo").exists());
    assert_eq!(office.run(&["archivar", "informes/rmbc-2024", "--silencioso"]).status, 0);
    assert_eq!(office.run(&["verificar", "plans/rmbc-2024/aparte"]).status, 0);
}

#[test]
fn where_nothing_could_be_archived_there_is_no_head_to_keep() {
    let office = Workspace::empty()
        .copy("plans/rmbc-2024")
        .file("seguimiento.toml", OFFLINE)
        .file("raiz.pem", &SIGNED["raiz.pem"]);
    office.run(&["generar"]);
    let run = office.run(&["archivar", "informes"]);
    assert!(run.stderr.contains("sus firmas no valen (INDETERMINATE): no tiene ninguna"), "{}", run.stderr);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""));
    assert!(!run.stderr.contains("registro: "), "{}", run.stderr);
}

#[test]
fn an_archive_without_its_register_is_not_taken_for_a_folder_of_reports() {
    let office = office();
    assert_eq!(office.run(&["archivar", REPORTS[4], "--silencioso"]).status, 0);
    fs::remove_file(office.path("archivo/registro.jsonl")).unwrap();
    let run = office.run(&["verificar", "archivo"]);
    assert!(run.status == 1 && run.stdout.contains("registro.jsonl"), "{}", run.stdout);
    let run = office.run(&["verificar", "informes", "--cabeza", "1:0"]);
    assert!(run.status == 2 && run.stderr.contains("--cabeza es de un archivo"), "{}", run.stderr);
    let run = office.run(&["archivar", "informes"]);
    assert!(run.status == 2 && run.stderr.contains("no está vacía y no tiene un «registro.jsonl»"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_told_and_nothing_is_committed() {
    let office = office();
    assert_eq!(office.run(&["archivar", REPORTS[4], "--silencioso"]).status, 0);
    let before = files(&office.path("archivo"));
    let program = env!("CARGO_BIN_EXE_seguimiento");
    let limited = format!("trap '' XFSZ; ulimit -f 100; exec {program} archivar informes");
    let output =
        Command::new("sh").args(["-c", &limited]).current_dir(office.path("")).env("NO_COLOR", "1").output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("no se pudo archivar «ejemplo-2025/seguimiento-2025-1t/v1»: "), "{told}");
    assert!(told.ends_with("\ndetenido; por hacer: 5 informes\n"), "{told}");
    assert_eq!(files(&office.path("archivo")), before);
    assert_eq!(office.run(&["verificar", "archivo"]).status, 0);
    let run = office.run(&["archivar", "informes"]);
    assert!(run.status == 0 && run.stderr.contains("5 informes archivados"), "{}", run.stderr);
}

#[test]
fn two_runs_at_once_lose_nothing() {
    let office = office();
    let start = |reports: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seguimiento"));
        command.arg("archivar").args(reports).current_dir(office.path("")).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let runs = [start(&REPORTS[..4]), start(&REPORTS[2..])];
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let register = Register::read(&fs::read(office.path("archivo/registro.jsonl")).unwrap());
    assert_eq!(register.entries.len(), REPORTS.len());
    assert_eq!(office.run(&["verificar", "archivo"]).status, 0);
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_leaves_nothing_for_the_next_one_to_finish() {
    let office = office();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seguimiento"));
        command.args(["archivar", "informes"]).current_dir(office.path("")).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let start = Instant::now();
    assert!(run().wait().unwrap().success());
    let whole = start.elapsed();
    for part in 1..=6 {
        fs::remove_dir_all(office.path("archivo")).unwrap_or_default();
        let mut child = run();
        sleep(whole * part / 6);
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().is_ok());
        let status = child.wait().unwrap();
        // Before it attends to Ctrl-C it has not begun.
        assert!(status.success() || status.code() == Some(130) || status.code().is_none(), "{status}");
        if office.path("archivo").exists() {
            let verified = office.run(&["verificar", "archivo"]);
            assert_eq!(verified.status, 0, "{}", verified.stdout);
        }
    }
}

#[test]
fn a_run_that_is_killed_harms_nothing_and_the_next_one_finishes() {
    killed(10);
}

/// Takes some ten minutes: `cargo test --release -- --ignored three_hundred`
#[test]
#[ignore = "takes some ten minutes; the one above does the same ten times"]
fn three_hundred_runs_that_are_killed_harm_nothing() {
    killed(300);
}

/// Kills a run so many times, each at another moment of it.
fn killed(times: usize) {
    let office = office();
    let archive = office.path("archivo");
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seguimiento"));
        command.args(["archivar", "informes"]).current_dir(office.path("")).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let root = Certificate::read_all(&fs::read(office.path("raiz.pem")).unwrap()).unwrap();
    let anchors = |_: &str| root.as_slice();
    // The first run is slower than those that are killed: what it reads nobody has read yet.
    let run_whole = |()| {
        let _ = fs::remove_dir_all(&archive);
        let start = Instant::now();
        assert!(run().wait().unwrap().success());
        start.elapsed()
    };
    let whole = [(); 3].map(run_whole).into_iter().min().unwrap();
    let mut dice = Dice::new(300);
    let (mut during, mut committed) = (0, BTreeMap::<usize, usize>::new());
    for number in 0..times {
        fs::remove_dir_all(&archive).unwrap();
        // Every other time something is in the archive already.
        if number % 2 == 0 {
            assert_eq!(office.run(&["archivar", REPORTS[number / 2 % 6], "--silencioso"]).status, 0);
        }
        let mut child = run();
        sleep(whole.mul_f64(f64::from(u32::try_from(dice.below(1_000)).unwrap()) / 1_000.0));
        child.kill().unwrap();
        let killed = !child.wait().unwrap().success();
        let left = if archive.exists() { files(&archive) } else { BTreeMap::new() };
        let register = left.get("registro.jsonl").cloned().unwrap_or_default();
        let register = Register::read(&register);
        assert_eq!(register.faults, [""; 0]);
        during += usize::from(killed);
        *committed.entry(register.entries.len()).or_default() += 1;

        assert!(run().wait().unwrap().success(), "the next run");
        let after = files(&archive);
        let line_ends = |path: &str| left[path][..register.length] == after[path][..register.length];
        assert!(left.is_empty() || line_ends("registro.jsonl"), "what was committed is as it was");
        let is_bag = |path: &&String| !path.starts_with('.') && path.contains("/v1/");
        assert!(left.keys().filter(is_bag).all(|path| after[path] == left[path]), "what was archived is untouched");
        let prover = Prover { reproducer: reproducer(), anchors: &anchors, now: SystemTime::now().into() };
        let verdict = verify(&archive, Some(prover), None, &|| ());
        assert_eq!((wrong(&verdict), verdict.reports.len()), (Vec::new(), REPORTS.len()));
    }
    assert!(during > times / 2, "most are killed while they run: {during} of {times}, with {committed:?} committed");
}
