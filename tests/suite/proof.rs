//! What anybody sees of the proof that a report gives of itself: the verdict on its content, its code, the files inside it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use seguimiento::again::apart::Reproducer;
use seguimiento::again::{Again, Code, Content, ContentResult, Layouts, Risk, again};
use serde_json::Value;

use crate::pdf::office::{Data, Office};
use crate::support::{Workspace, desk, reproducer};

const TEMPLATE: &str = "report-templates/seguimiento-trimestral/plantilla.typ";

/// An office whose layout is the program's with a change.
fn office(old: &str, new: &str) -> Office {
    let template = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TEMPLATE)).unwrap();
    assert!(template.contains(old), "{old} stands in the template");
    let office = Office::new().with(&Data::with_actions(3));
    office.write(TEMPLATE, template.replace(old, new));
    office
}

/// What somebody without that office's layout sees of its report.
fn foreign(office: &Office) -> Content {
    reproducer().content("informe.pdf", &office.make().pdf.unwrap())
}

#[test]
fn a_report_of_a_foreign_layout_is_made_again_in_a_process_of_its_own() {
    let content = foreign(&office("fill: shades.first().tint", "fill: shades.last().tint"));
    assert_eq!(content.result, ContentResult::ForeignLayout);
    assert!(content.holds() && content.said.contains("su formato no es del programa"), "{}", content.said);
}

#[test]
fn a_foreign_layout_that_prints_other_data_than_it_is_given_is_found_out() {
    let lies =
        office("rows(datos.filas,", "rows(datos.filas.map(f => f.map(c => c.map(t => t.replace(\"1\", \"7\")))),");
    let content = foreign(&lies);
    assert_eq!(content.result, ContentResult::Differs);
    assert!(
        content.said.contains("acción 1, columna «No.»: la página dice «7», y los datos adjuntos, «1»"),
        "{}",
        content.said
    );
}

#[test]
fn a_foreign_layout_that_never_ends_is_ended() {
    let slow =
        office("#let informe(datos) = {", "#let informe(datos) = {\n  for a in range(99) { for b in range(999) {} }");
    let impatient = Reproducer { limit: Duration::ZERO, ..reproducer() };
    let content = impatient.content("informe.pdf", &slow.make().pdf.unwrap());
    assert_eq!(
        (content.result, &*content.said),
        (ContentResult::Unknown, "no se pudo componer de nuevo: tomó más de 0 segundos")
    );
}

#[test]
fn a_report_with_more_than_shapes_in_its_logo_is_made_again_in_a_process_of_its_own() {
    let logo = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><filter id="f"><feGaussianBlur stdDeviation="2"/></filter>
        <rect width="30" height="30" filter="url(#f)"/></svg>"#;
    let project = Workspace::empty().copy("plans/ejemplo-2025").file("plans/ejemplo-2025/logo.svg", logo);
    let run = project.run(&["generar", "--trimestre", "2"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let report = fs::read(project.path("informes/ejemplo-2025/seguimiento-2025-2t.pdf")).unwrap();
    assert!(matches!(again("informe.pdf", &report, desk(), Layouts::Small), Again::NotTried(Risk::Logo)));
    assert_eq!(reproducer().content("informe.pdf", &report).result, ContentResult::Exact);
    let impatient = Reproducer { limit: Duration::ZERO, ..reproducer() };
    assert_eq!(impatient.content("informe.pdf", &report).result, ContentResult::Unknown);
}

#[test]
fn what_ends_without_an_answer_is_told() {
    let report = office("fill: shades.first().tint", "fill: shades.last().tint").make().pdf.unwrap();
    let content = Reproducer { program: Path::new("/bin/false"), ..reproducer() }.content("a.pdf", &report);
    assert_eq!(content.result, ContentResult::Unknown);
    let none = Reproducer { program: Path::new("/no/hay"), ..reproducer() }.content("a.pdf", &report);
    assert_eq!(none.said, "no se pudo componer de nuevo: no se puede iniciar otro proceso");
}

#[test]
fn a_report_is_found_by_the_code_on_its_pages() {
    let project = Workspace::empty().copy("plans/ejemplo-2025");
    assert_eq!(project.run(&["generar"]).status, 0);
    let all = project.run(&["verificar", "informes", "--formato", "json"]);
    let verdicts: Value = serde_json::from_str(&all.stdout).unwrap();
    let reports = verdicts["archivos"].as_array().unwrap();
    assert_eq!(reports.len(), 4);
    for report in reports {
        assert_eq!(report["contenido"]["resultado"], "exacto");
        let found = project.run(&["verificar", "informes", "--codigo", report["codigo"].as_str().unwrap()]);
        assert!(found.stdout.starts_with(report["archivo"].as_str().unwrap()), "{}", found.stdout);
        assert_eq!(found.stdout.matches("código de los datos").count(), 1);
    }
    let none = project.run(&["verificar", "informes", "--codigo", &"0".repeat(32)]);
    assert_eq!((none.status, none.stdout.as_str()), (1, ""));
    assert!(none.stderr.contains("ningún informe de estos tiene el código 0000 0000"), "{}", none.stderr);
    let short = project.run(&["verificar", "informes", "--codigo", "146B 3720"]);
    assert!(short.status == 2 && short.stderr.contains("un código tiene 32 cifras"), "{}", short.stderr);
}

#[test]
fn the_files_inside_a_report_are_written_out_and_never_over_others() {
    let project = Workspace::empty().copy("plans/ejemplo-2025");
    project.run(&["generar", "--trimestre", "2"]);
    let report = "informes/ejemplo-2025/seguimiento-2025-2t.pdf";
    let extract = || project.run(&["extraer", report, "--carpeta", "fuera"]);
    let first = extract();
    assert_eq!(first.status, 0, "{}", first.stderr);
    let read = |path: &str| fs::read(project.path(path)).unwrap();
    for source in ["plan.toml", "trimestre-2.toml"] {
        assert_eq!(read(&format!("fuera/seguimiento-2025-2t/{source}")), read(&format!("plans/ejemplo-2025/{source}")));
    }
    let code = Code::of(&read("fuera/seguimiento-2025-2t/informe.json"));
    assert!(first.stderr.ends_with(&format!("código de los datos {code}\n")), "{}", first.stderr);

    assert_eq!(extract().status, 0, "the same files once more");
    fs::write(project.path("fuera/seguimiento-2025-2t/plan.toml"), "otro").unwrap();
    fs::remove_file(project.path("fuera/seguimiento-2025-2t/informe.json")).unwrap();
    let refused = extract();
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("plan.toml» ya existe y es otro archivo"), "{}", refused.stderr);
    assert!(!project.path("fuera/seguimiento-2025-2t/informe.json").exists(), "all or nothing");
}

#[test]
fn a_report_of_an_odd_name_is_not_written_beside_its_folder() {
    let project = Workspace::empty().copy("plans/ejemplo-2025");
    project.run(&["generar", "--trimestre", "2"]);
    fs::copy(project.path("informes/ejemplo-2025/seguimiento-2025-2t.pdf"), project.path("...pdf")).unwrap();
    let run = project.run(&["extraer", "...pdf", "--carpeta", "fuera/dentro"]);
    assert!(run.status == 2 && run.stderr.contains("no es seguro escribir algo de nombre «..»"), "{}", run.stderr);
    assert!(!project.path("fuera").exists());
}

#[cfg(unix)]
#[test]
fn files_that_the_disk_does_not_take_are_told_and_the_next_time_finishes() {
    let project = Workspace::empty().copy("plans/ejemplo-2025");
    project.run(&["generar", "--trimestre", "2"]);
    let extract = "extraer informes/ejemplo-2025/seguimiento-2025-2t.pdf";
    let limited = format!("trap '' XFSZ; ulimit -f 8; exec {} {extract}", env!("CARGO_BIN_EXE_seguimiento"));
    let output = Command::new("sh").args(["-c", &limited]).current_dir(project.path("")).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("seguimiento-2025-2t.pdf» se extrajo a medias, "), "{told}");
    assert!(told.contains("; la próxima vez se termina: "), "{told}");
    let run = project.run(&extract.split(' ').collect::<Vec<_>>());
    assert!(run.status == 0 && run.stderr.contains("código de los datos"), "{}", run.stderr);
}
