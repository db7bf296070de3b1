//! The audit through the program: what `revisar` and `generar` make of its findings.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{Run, Workspace};

/// The small plan, its target raised after the report of the first trimestre was made.
fn changed() -> Workspace {
    let workspace = Workspace::for_audit();
    assert_eq!(workspace.run(&["generar", "base"]).status, 0);
    workspace.edit("plans/base/plan.toml", "meta = 1\n", "meta = 2\n")
}

const EXCEPCION: &str = r#"
[[excepcion]]
codigo = "accion-cambiada"
motivo = "Resolución 112 de 2025."
responsable = "Jefe de Planeación"
fecha = 2025-07-10
"#;

fn append(workspace: Workspace, text: &str) -> Workspace {
    let plan = fs::read_to_string(workspace.path("plans/base/plan.toml")).unwrap();
    workspace.file("plans/base/plan.toml", plan + text)
}

#[test]
fn what_the_earlier_report_carries_is_compared_with_the_plan() {
    let run = changed().run(&["revisar", "base", "--formato", "corto"]);
    assert_eq!(
        run.stdout,
        "plans/base/plan.toml:17:8: advertencia[accion-cambiada]: en la acción 1 cambió «meta»: era «1», y ahora es «2» \
         (frente a seguimiento-2025-1t.pdf)\n"
    );
    assert_eq!(run.status, 0, "a warning stops nothing");
}

#[test]
fn another_report_to_compare_with_can_be_named() {
    let workspace = changed().rename("informes/base/seguimiento-2025-1t.pdf", "firmado.pdf");
    let nothing = workspace.run(&["revisar", "base", "--formato", "corto"]);
    assert_eq!(nothing.stdout, "", "{}", nothing.stderr);
    let run = workspace.run(&["revisar", "base", "--formato", "corto", "--contra", "firmado.pdf"]);
    assert!(run.stdout.contains("(frente a firmado.pdf)"), "{}", run.stdout);
    let refused = |arguments: &[&str]| {
        let run = workspace.run(arguments);
        (run.status, run.stderr.lines().next().unwrap_or_default().to_owned())
    };
    let contra = |file| refused(&["revisar", "base", "--contra", file]);
    assert_eq!(contra("nada.pdf"), (2, "error: no se puede leer «nada.pdf»: no existe".into()));
    let no_report = "error: «plans/base/plan.toml» no trae el plan con que se hizo";
    assert_eq!(contra("plans/base/plan.toml"), (2, no_report.into()));
    let other_year = workspace.edit("plans/base/plan.toml", "vigencia = 2025\n", "vigencia = 2026\n");
    let run = other_year.run(&["revisar", "base", "--contra", "firmado.pdf"]);
    let other = "error: «firmado.pdf» es de otra vigencia: no se pueden comparar\n";
    assert_eq!((run.status, run.stderr.as_str()), (2, other));
}

#[test]
fn comparing_is_for_one_plan_and_mending_for_a_person() {
    let workspace = changed();
    let refused = |arguments: &[&str]| {
        let run = workspace.run(arguments);
        (run.status, run.stderr.lines().next().unwrap_or_default().to_owned())
    };
    for format in ["json", "sarif"] {
        let (status, said) = refused(&["revisar", "--corregir", "--formato", format]);
        assert!(status == 2 && said.starts_with("error: --corregir"), "{said}");
    }
    let which = "error: --contra compara un solo plan: escriba cuál";
    assert_eq!(refused(&["revisar", "--contra", "firmado.pdf"]), (2, which.into()));
}

#[test]
fn warnings_count_only_when_asked_and_only_those_that_are_not_accepted() {
    let workspace = changed();
    assert_eq!(workspace.run(&["revisar", "base"]).status, 0);
    assert_eq!(workspace.run(&["revisar", "base", "--estricto"]).status, 1);
    let accepted = append(workspace, EXCEPCION);
    let run = accepted.run(&["revisar", "base", "--estricto"]);
    assert_eq!(run.status, 0);
    assert!(
        run.stdout.contains("se acepta: Resolución 112 de 2025 (Jefe de Planeación, 10/07/2025)"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.ends_with("sin hallazgos; 1 aceptado\n"), "{}", run.stderr);
}

#[test]
fn generar_says_how_many_findings_there_are_each_time() {
    const SAID: &str = "plans/base: 1 advertencia; se ven con «seguimiento revisar plans/base»\n";
    let workspace = append(Workspace::for_audit(), &EXCEPCION.replace("accion-cambiada", "avance-que-retrocede"));
    for end in ["2 informes, 2 páginas", "2 informes al día", "2 informes al día"] {
        let run = workspace.run(&["generar", "base"]);
        assert!(run.stderr.starts_with(SAID) && run.stderr.contains(end), "{}", run.stderr);
        assert_eq!(run.status, 0);
    }
    let record = fs::read_to_string(workspace.path("informes/base/.al-dia.json")).unwrap();
    assert!(record.contains("1 advertencia"), "the plan is settled, and what was said of it noted: {record}");
}

#[test]
fn a_report_that_is_made_again_is_nothing_to_compare_with() {
    let workspace = changed();
    let said = |arguments: &[&str]| workspace.run(arguments).stderr.contains("1 advertencia");
    assert!(said(&["generar", "base", "--trimestre", "2"]), "the report of the first trimestre stays");
    assert!(!said(&["generar", "base"]), "it is made again, from the plan as it is");
    assert!(!said(&["generar", "base", "--trimestre", "2"]), "and says what the plan says");
}

/// Runs the program with an answer.
fn answer(workspace: &Workspace, arguments: &[&str], answer: &str) -> Run {
    let mut program = Command::new(env!("CARGO_BIN_EXE_seguimiento"))
        .args(arguments)
        .current_dir(workspace.path(""))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(answer.as_bytes()).unwrap();
    let output = program.wait_with_output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code().unwrap(),
    }
}

#[test]
fn what_a_machine_can_mend_is_shown_and_mended_only_if_somebody_agrees() {
    const FILE: &str = "plans/base/trimestre-2.toml";
    let sound = fs::read_to_string(Workspace::for_audit().path(FILE)).unwrap();
    let sound = format!("# un  comentario  con  espacios\n{sound}").replace('\n', "\r\n");
    let faulty = sound.replace("se publicó el primer", "se  publicó el el primer");
    let workspace = Workspace::for_audit().file(FILE, &faulty);
    let now = || fs::read_to_string(workspace.path(FILE)).unwrap();

    for refusal in ["", "n\n", "quizá\n"] {
        let run = answer(&workspace, &["revisar", "base", "--corregir"], refusal);
        assert!(
            run.stdout.contains("-cualitativo = \"Durante el segundo trimestre de 2025 se  publicó el el primer"),
            "{}",
            run.stdout
        );
        assert!(
            run.stdout.contains("+cualitativo = \"Durante el segundo trimestre de 2025 se publicó el primer"),
            "{}",
            run.stdout
        );
        assert!(run.stderr.contains("¿Aplicar estas 2 correcciones? [s/N]"), "{}", run.stderr);
        assert!(run.stderr.contains("no se cambió nada"), "{}", run.stderr);
        assert_eq!(now(), faulty);
    }
    let run = answer(&workspace, &["revisar", "base", "--corregir"], "sí\n");
    assert_eq!(now(), sound, "comments, layout and line ends are as they were");
    assert!(run.stderr.contains("plans/base/trimestre-2.toml: 2 correcciones"), "{}", run.stderr);
    assert!(run.stderr.ends_with("sin hallazgos\n"), "{}", run.stderr);
}

#[test]
fn only_the_trimestre_that_is_asked_for_is_audited() {
    let workspace = Workspace::for_audit();
    let file = "plans/base/trimestre-1.toml";
    let first = fs::read_to_string(workspace.path(file)).unwrap();
    let workspace = workspace.file(file, first.replacen("cualitativo = \"", "cualitativo = \"Fue el el primero. ", 1));
    let said = |trimestre| workspace.run(&["revisar", "base", "--formato", "corto", "--trimestre", trimestre]).stdout;
    assert!(said("1").contains("advertencia[palabra-repetida]"), "{}", said("1"));
    assert_eq!(said("2"), "");
}

#[test]
fn lines_that_a_backslash_joins_stay_lines() {
    const FILE: &str = "plans/base/trimestre-2.toml";
    let workspace = Workspace::for_audit().edit(
        FILE,
        "\"Durante el segundo trimestre de 2025 se publicó el primer boletín",
        "\"\"\"Durante el segundo trimestre de 2025 se  publicó el \\\n  el primer boletín",
    );
    let workspace = workspace.edit(FILE, "comité de expertos.\"", "comité de expertos.\"\"\"");
    let run = answer(&workspace, &["revisar", "base", "--corregir"], "s\n");
    assert!(run.stderr.contains("¿Aplicar esta corrección?"), "{}", run.stderr);
    let now = fs::read_to_string(workspace.path(FILE)).unwrap();
    assert!(now.contains("se publicó el \\\n  el primer boletín"), "{now}");
    let again = answer(&workspace, &["revisar", "base", "--corregir"], "s\n");
    assert!(!again.stderr.contains("¿Aplicar") && again.stderr.contains("1 advertencia"), "{}", again.stderr);
}

#[test]
fn the_real_plan_is_told_what_a_careful_reader_sees() {
    let plan = Workspace::empty().copy("plans/rmbc-2024").run(&["revisar", "--formato", "corto"]);
    assert!(plan.stdout.lines().count() >= 30, "issue: at least thirty true findings");
    insta::assert_snapshot!(plan.stdout + &plan.stderr);
}

#[test]
fn of_many_findings_that_are_alike_a_hundred_are_told() {
    let spaced = "a  ".repeat(150) + "b.";
    let workspace = Workspace::for_audit().edit(
        "plans/base/trimestre-2.toml",
        "El archivo llegó a 600 cajas ordenadas, la mitad de lo previsto para el año.",
        &spaced,
    );
    let told = workspace.findings_of_audit();
    let blanks: Vec<&str> = told.lines().filter(|line| line.contains("[espacios]")).collect();
    assert_eq!(blanks.len(), 100, "{told}");
    assert!(
        blanks[98].ends_with("hay 2 espacios seguidos") && blanks[99].ends_with("; y otros 50 como este"),
        "{told}"
    );
}
