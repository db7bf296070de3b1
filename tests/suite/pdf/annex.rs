//! The annex for the control office, read back from the PDF: the findings of the report's own files, row by row.
//!
//! The findings are made by hand, at places of plans that have none: what the checks find is not the matter here.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use seguimiento::assets::Assets;
use seguimiento::diag::{Code, Finding, Severity, Span, Waiver, code};
use seguimiento::input::FollowUpDraft;
use seguimiento::pipeline::{Desk, ReadPlan};
use serde_json::Value;

use super::office::{Data, Made, Office, shipped, shipped_with_annex, with_annex};
use super::tagged::{Element, Tagged};
use crate::page::{assert_in_its_place, words};
use crate::support::Workspace;

/// The real report with findings of each kind.
static REAL: LazyLock<(Made, Tagged)> = LazyLock::new(|| {
    let made = shipped_with_annex("rmbc-2024", 2, some);
    let tagged = made.tagged();
    (made, tagged)
});

/// The first place of a text in a file of a plan.
fn place(plan: &ReadPlan, file: &str, text: &str) -> Span {
    let folder = &plan.folder;
    let mut files = folder.plan.iter().map(|plan| plan.file).chain(folder.follow_ups.iter().map(FollowUpDraft::file));
    let id = files.find(|id| folder.sources.get(*id).base_name() == file).expect("a file of the plan");
    let at = folder.sources.get(id).text.find(text).expect("the text stands there");
    Span::new(id, at..at + text.len())
}

/// A finding at the first place of a text.
fn finding(plan: &ReadPlan, code: &'static Code, (file, text): (&str, &str), message: &str) -> Finding {
    Finding::new(code, place(plan, file, text), message)
}

/// Accepts a finding; the excepción stands at the first place of a text.
fn accept(plan: &ReadPlan, finding: Finding, place_of_waiver: (&str, &str), reason: &str) -> Finding {
    let waiver = Waiver {
        reason: reason.into(),
        by: "Jefe de la Oficina Asesora de Planeación".into(),
        on: NaiveDate::from_ymd_opt(2024, 7, 3).expect("a day"),
        span: place(plan, place_of_waiver.0, place_of_waiver.1),
    };
    Finding { waiver: Some(Arc::new(waiver)), ..finding }
}

/// Findings of the second trimestre of the real plan: open and accepted, of the plan and of the trimestre.
pub fn some(plan: &ReadPlan) -> Vec<Finding> {
    let (of_plan, of_quarter) = ("plan.toml", "trimestre-2.toml");
    let new = |code, place, message| finding(plan, code, place, message);
    let one = |number| {
        let about = format!("la meta de la acción {number} no dice en qué unidad se mide");
        accept(
            plan,
            finding(plan, &code::FILE_UNKNOWN, (of_plan, "[entidad]"), &about).action(Some(number)),
            (of_plan, "[plan]"),
            "Las metas se acordaron con la Secretaría de Planeación en acta del 15 de enero de 2024.\nSe revisarán en la vigencia 2025.",
        )
    };
    vec![
        new(
            &code::WAIVER_UNUSED,
            (of_plan, "objetivo"),
            "la excepción no acepta ningún hallazgo: no hay «avance-sin-justificacion» en la acción 2",
        )
        .action(Some(2))
        .help("quite la excepción, o revise el código y la acción"),
        one(4),
        one(7),
        new(&code::TEMPLATE_WARNING, (of_quarter, "fecha_corte"), "el corte se informó tarde")
            .help("¿es de este trimestre?"),
        new(
            &code::FILE_UNKNOWN,
            (of_quarter, "[[avance]]"),
            "la narrativa dice «30 de marzo» y el corte es el 30 de junio",
        )
        .action(Some(1)),
        accept(
            plan,
            new(&code::PLAN_WITHOUT_QUARTERS, (of_quarter, "cualitativo"), "el avance no tiene porcentaje")
                .action(Some(3)),
            (of_quarter, "[seguimiento]"),
            "El indicador se mide una vez al año, en diciembre.",
        ),
    ]
}

/// The data of the annex, as the file inside the PDF has them.
fn data(pdf: &Tagged) -> Value {
    let file = pdf.attachments.iter().find(|file| file.name == "informe.json").expect("the data");
    serde_json::from_slice::<Value>(&file.bytes).expect("JSON")["anexo"].take()
}

/// The tables of the annex: those after the report's own.
fn tables(pdf: &Tagged) -> Vec<&Element> {
    pdf.tree.all("Table").into_iter().skip(1).collect()
}

/// The rows of a table below its headings, each cell as its lines.
fn rows(table: &Element) -> Vec<Vec<Vec<String>>> {
    let row = |row: &&Element| row.children().map(Element::printed_lines).collect();
    table.all("TR").iter().skip(1).map(row).collect()
}

/// The rows of a section as its table is to print them: numbered, and with the values of these keys.
fn expected(section: &Value, keys: &[&str]) -> Vec<Vec<Vec<String>>> {
    let lines = |value: &Value| match value {
        Value::Array(lines) => lines.iter().map(|line| line.as_str().expect("text").to_owned()).collect(),
        other => vec![other.as_str().expect("text").to_owned()],
    };
    let rows = section["filas"].as_array().expect("rows").iter().zip(1..);
    let of_row = |row: &Value| keys.iter().map(|key| lines(&row[*key])).collect::<Vec<_>>();
    rows.map(|(row, number)| [vec![vec![number.to_string()]], of_row(row)].concat()).collect()
}

const FINDING: [&str; 7] = ["severidad", "accion", "mensaje", "recomendacion", "familia", "codigo", "lugar"];
const WAIVER: [&str; 7] = ["accion", "hallazgos", "motivo", "responsable", "fecha", "codigo", "lugar"];
const CRITERION: [&str; 3] = ["codigo", "titulo", "razon"];

#[test]
fn the_annex_tells_what_is_open_what_is_accepted_and_what_the_codes_mean() {
    let data = data(&REAL.1);
    let open = expected(&data["hallazgos"], &["accion", "mensaje", "recomendacion", "lugar", "severidad"]);
    let open: Vec<String> = open.iter().map(|row| row.concat().join(" | ")).collect();
    assert_eq!(
        open,
        [
            "1 | 2 | La excepción no acepta ningún hallazgo: no hay «avance-sin-justificacion» en la acción 2. | \
             Quite la excepción, o revise el código y la acción. | plan.toml, línea 25 | Advertencia",
            "2 | Seguimiento | El corte se informó tarde. | ¿Es de este trimestre? | trimestre-2.toml, línea 11 | Advertencia",
            "3 | 1 | La narrativa dice «30 de marzo» y el corte es el 30 de junio. |  | trimestre-2.toml, línea 13 | Advertencia",
        ]
    );
    let accepted: Vec<String> =
        expected(&data["excepciones"], &WAIVER).iter().map(|row| row.concat().join(" | ")).collect();
    assert_eq!(
        accepted,
        [
            "1 | 4, 7 | Acción 4: La meta de la acción 4 no dice en qué unidad se mide. | \
             Acción 7: La meta de la acción 7 no dice en qué unidad se mide. | \
             Las metas se acordaron con la Secretaría de Planeación en acta del 15 de enero de 2024. | \
             Se revisarán en la vigencia 2025. | Jefe de la Oficina Asesora de Planeación | 3/07/2024 | \
             archivo-desconocido | plan.toml, línea 23",
            "2 | 3 | El avance no tiene porcentaje. | El indicador se mide una vez al año, en diciembre. | \
             Jefe de la Oficina Asesora de Planeación | 3/07/2024 | plan-sin-trimestres | trimestre-2.toml, línea 8",
        ]
    );
    let codes: Vec<&str> = data["criterios"]["filas"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["codigo"].as_str().expect("text"))
        .collect();
    assert_eq!(
        codes,
        ["archivo-desconocido", "plan-sin-trimestres", "plantilla-con-advertencia", "excepcion-sin-hallazgo"]
    );
    assert_eq!(
        data["cambios"]["texto"],
        "No hay con qué comparar: el informe del trimestre anterior no está, o se produce de nuevo con este plan."
    );
}

#[test]
fn every_table_of_the_annex_says_its_data_line_by_line() {
    let pdf = &REAL.1;
    let (data, tables) = (data(pdf), tables(pdf));
    let [summary, open, waivers, criteria] = tables[..] else { panic!("{} tables", tables.len()) };
    assert_eq!(rows(open), expected(&data["hallazgos"], &FINDING));
    assert_eq!(rows(waivers), expected(&data["excepciones"], &WAIVER));
    let of_criteria = expected(&data["criterios"], &CRITERION);
    assert_eq!(rows(criteria), of_criteria.into_iter().map(|row| row[1..].to_vec()).collect::<Vec<_>>());

    let counted: Vec<String> = rows(summary).iter().map(|row| row.concat().join(" ")).collect();
    assert_eq!(
        counted,
        ["Advertencias 2 – – – – – – – 1 3", "Notas – – – – – – – – – –", "Aceptados 3 – – – – – – – – 3"]
    );
    let text = pdf.tree.text();
    for part in ["resumen", "hallazgos", "excepciones", "cambios", "criterios"] {
        assert!(text.contains(data[part]["texto"].as_str().expect("text")), "{part}");
    }
}

#[test]
fn every_table_of_the_annex_has_headings_above_and_at_the_side() {
    for table in tables(&REAL.1) {
        let rows = table.all("TR");
        let scope = |cell: &Element| (cell.role.clone(), cell.attributes.get("Scope").cloned());
        assert!(rows[0].children().all(|cell| scope(cell) == ("TH".into(), Some("Column".into()))));
        for row in &rows[1..] {
            let cells: Vec<&Element> = row.children().collect();
            assert_eq!(scope(cells[0]), ("TH".into(), Some("Row".into())));
            assert!(cells[1..].iter().all(|cell| cell.role == "TD" && cell.attributes.contains_key("Headers")));
        }
    }
}

#[test]
fn the_annex_is_a_chapter_of_its_own_with_sections() {
    let pdf = &REAL.1;
    let headings = |role| pdf.tree.all(role).into_iter().map(Element::text).collect::<Vec<_>>();
    let title = "SEGUIMIENTO PLAN DE ACCIÓN 2024 – II TRIMESTRE";
    assert_eq!(headings("H1"), [title.to_owned(), format!("Anexo de control – {title}")]);
    assert_eq!(
        headings("H2"),
        [
            "Resumen de la revisión",
            "Hallazgos abiertos",
            "Excepciones aceptadas",
            "Criterios de la revisión",
            "Cambios frente al trimestre anterior"
        ]
    );
    assert_eq!(pdf.info["Title"], title);
    let (plain, pages) = (shipped("rmbc-2024", 2).tagged(), pdf.sizes.len());
    assert_eq!(pdf.tree.all("Table")[0].outline(), plain.table().outline(), "the report is what it is without annex");
    assert!(pages > plain.sizes.len());
    for (index, artifacts) in pdf.artifacts.iter().enumerate() {
        assert!(artifacts.contains(&format!("Página {} de {pages}", index + 1)), "{artifacts}");
        assert_eq!(
            artifacts.contains("Anexo de control"),
            index >= plain.sizes.len(),
            "the foot of page {}",
            index + 1
        );
    }
    assert!(pdf.sizes.iter().all(|size| *size == pdf.sizes[0]), "on the same paper");
    assert!(pdf.unexplained.is_empty(), "{:?}", pdf.unexplained);
    assert_in_its_place(&REAL.0);
}

#[test]
fn the_annex_carries_the_file_that_set_it_and_a_report_without_annex_does_not() {
    let names = |pdf: &Tagged| pdf.attachments.iter().map(|file| file.name.clone()).collect::<BTreeSet<_>>();
    let (with, without) = (names(&REAL.1), names(&shipped("rmbc-2024", 2).tagged()));
    assert_eq!(with.difference(&without).collect::<Vec<_>>(), ["comun-anexo.typ"]);
    assert!(without.is_subset(&with));
}

#[test]
fn a_report_without_findings_says_so() {
    let made = shipped_with_annex("rmbc-2024", 2, |_| Vec::new());
    let pdf = made.tagged();
    assert_eq!(tables(&pdf).len(), 1, "only the summary");
    for text in
        ["adjuntos a él: sin hallazgos.", "La revisión no dejó hallazgos abiertos.", "No se aceptó ningún hallazgo."]
    {
        assert!(pdf.tree.text().contains(text), "{text}");
    }
    assert_in_its_place(&made);
}

#[test]
fn only_the_findings_of_the_report_s_own_files_are_its_own() {
    let plan = |plan: &ReadPlan| {
        let new = |file, message| finding(plan, &code::FILE_UNKNOWN, (file, "trimestre"), message);
        vec![new("trimestre-1.toml", "del primero"), new("trimestre-3.toml", "del tercero")]
    };
    let pdf = shipped_with_annex("ejemplo-2025", 3, plan).tagged();
    let messages: Vec<Vec<Vec<String>>> = expected(&data(&pdf)["hallazgos"], &["mensaje"]);
    assert_eq!(messages, [[["1"], ["Del tercero."]]]);
}

#[test]
fn hundreds_of_findings_go_over_many_pages_under_the_same_headings() {
    let many = |plan: &ReadPlan| {
        let message =
            |number| format!("«palabra{number:04}» no está en el diccionario, como tampoco «avance-sin-justificacion»");
        let new = |number| {
            finding(plan, &code::FILE_UNKNOWN, ("plan.toml", "objetivo"), &message(number)).action(Some(number))
        };
        (1..=500).map(|number| new(number).help("revise la ortografía, o agregue la palabra a «palabras»")).collect()
    };
    let made = shipped_with_annex("rmbc-2024", 2, many);
    let pdf = made.tagged();
    let table = tables(&pdf)[1];
    assert_eq!(rows(table), expected(&data(&pdf)["hallazgos"], &FINDING));
    assert_eq!(rows(table).len(), 500);
    let pages: Vec<usize> = table.pages().into_iter().collect();
    assert!(pages.len() > 5, "{pages:?}");
    for page in &pages[1..] {
        assert!(["Recomendación", "Código", "Anexo de control"].iter().all(|head| pdf.artifacts[*page].contains(head)));
    }
    let whole = |row: &&Element| row.children().flat_map(Element::pages).collect::<BTreeSet<_>>().len() == 1;
    assert!(table.all("TR").iter().all(whole), "no row is split");
    assert_in_its_place(&made);
}

#[test]
fn a_reason_longer_than_a_page_loses_no_word() {
    let reason = words(1700);
    let word = "Metropolitanísima".repeat(20);
    let made = shipped_with_annex("rmbc-2024", 2, |plan| {
        let one = finding(plan, &code::FILE_UNKNOWN, ("plan.toml", "objetivo"), &word).help(&*word);
        vec![
            one.clone(),
            accept(plan, one.clone(), ("plan.toml", "[plan]"), &reason),
            accept(plan, one, ("plan.toml", "objetivo"), &word),
        ]
    });
    let pdf = made.tagged();
    let waivers = tables(&pdf)[2];
    assert_eq!(rows(waivers), expected(&data(&pdf)["excepciones"], &WAIVER));
    assert_eq!(rows(waivers)[0][3], [reason]);
    assert!(waivers.pages().len() > 1);
    assert_in_its_place(&made);
}

/// A page of an office's own that knows nothing of the annex.
const OWN_PAGE: &str = "#let informe(datos) = {\n  set page(width: 120mm, height: 80mm)\n  set text(font: \"IBM Plex Sans\")\n  heading(datos.titulo)\n}\n";

/// An office with a page of its own, and perhaps an annex.
fn office(annex: Option<(&str, &str)>) -> Made {
    let office = Office::new().with(&Data::with_actions(1));
    office.write("report-templates/seguimiento-trimestral/plantilla.typ", OWN_PAGE);
    if let Some((path, text)) = annex {
        office.write(&format!("report-templates/{path}"), text);
    }
    let desk = Desk::new(Assets::new(office.folder())).expect("fonts that can be read");
    with_annex(&desk, &office.folder().join("plans/p"), None, |_| Vec::new())
}

#[test]
fn a_layout_that_knows_nothing_of_the_annex_has_it_all_the_same() {
    let made = office(None);
    let pdf = made.tagged();
    assert_eq!(pdf.tree.all("H2").len(), 4, "no findings, no criteria");
    assert_eq!(pdf.sizes.len(), 2, "{:?}", pdf.sizes);
    assert!(pdf.sizes[0] != pdf.sizes[1], "each on its own paper");
}

#[test]
fn an_office_may_have_an_annex_of_its_own_for_all_layouts_or_for_one() {
    let own = "#let anexo(datos) = { pagebreak(); heading(level: 2, \"Propio\") }\n";
    for path in ["comun/anexo.typ", "seguimiento-trimestral/comun/anexo.typ"] {
        let pdf = office(Some((path, own))).tagged();
        let headings: Vec<String> = pdf.tree.all("H2").into_iter().map(Element::text).collect();
        assert_eq!(headings, ["Propio"], "{path}");
        let attached = pdf.attachments.iter().find(|file| file.name == "comun-anexo.typ").expect("the annex");
        assert_eq!(attached.bytes, own.as_bytes());
    }
}

#[test]
fn a_fault_in_an_annex_of_the_office_s_own_is_found_in_its_file() {
    for path in ["comun/anexo.typ", "seguimiento-trimestral/comun/anexo.typ"] {
        let made = office(Some((path, "#let anexo(datos) = datos.nada\n")));
        let name = format!("report-templates/{path}");
        let sources = &made.plan.folder.sources;
        let names: Vec<&str> =
            made.findings.iter().map(|finding| sources.get(finding.span.file).name.as_str()).collect();
        assert_eq!(names, [name.as_str()]);

        let made = office(Some((path, "#let otro(datos) = []\n")));
        let messages: Vec<&str> = made.findings.iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(messages, [format!("typst no pudo componer la plantilla: {name} no define la función «anexo»")]);
    }
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    let again = shipped_with_annex("rmbc-2024", 2, some);
    assert!(REAL.0.pdf == again.pdf);
}

#[test]
fn the_annex_is_attached_as_it_stands_on_disk() {
    let disk = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/report-templates/comun/anexo.typ")).expect("a file");
    let attached = REAL.1.attachments.iter().find(|file| file.name == "comun-anexo.typ").expect("the annex");
    assert!(attached.bytes == disk);
}

#[test]
fn what_changed_since_the_report_of_the_trimestre_before_is_a_table_on_a_page_of_its_own() {
    let plan = "plans/base/plan.toml";
    let office = Workspace::for_audit();
    assert_eq!(office.run(&["generar", "--trimestre", "1"]).status, 0);
    let office = office
        .edit(plan, "fecha_fin = 2025-12-31", "fecha_fin = 2025-10-31")
        .edit(plan, "meta = 0.85\n", "")
        .edit(plan, "unidad_medida = \"Porcentaje\"", "unidad_medida = \"Porcentaje\"\nmeta = 0.9");
    assert_eq!(office.run(&["generar", "--trimestre", "2", "--anexo"]).status, 0);
    let pdf = || Tagged::read(&fs::read(office.path("informes/base/seguimiento-2025-2t.pdf")).expect("a report"));
    let changed = pdf();
    let expected = [["1", "1", "Fecha de fin", "31/12/2025", "31/10/2025"], ["2", "2", "Meta", "0,85", "0,9"]];
    let table = *tables(&changed).last().expect("tables");
    assert_eq!(rows(table).iter().map(|row| row.concat()).collect::<Vec<_>>(), expected);
    assert_eq!(table.pages(), BTreeSet::from([changed.sizes.len() - 1]));
    let others: BTreeSet<usize> = tables(&changed).iter().rev().skip(1).flat_map(|table| table.pages()).collect();
    assert!(others.is_disjoint(&table.pages()));
    let text = "Lo que cambió en las acciones desde seguimiento-2025-1t.pdf, el informe del trimestre anterior.";
    assert!(changed.tree.text().contains(text));
    let told = expected_of(&data(&changed)["hallazgos"], "codigo");
    assert_eq!(told, ["accion-cambiada", "accion-cambiada"], "each of them is a finding as well");

    assert_eq!(office.run(&["generar", "--trimestre", "1"]).status, 0);
    assert_eq!(office.run(&["generar", "--trimestre", "2", "--anexo"]).status, 0);
    let text = "Las acciones están como en seguimiento-2025-1t.pdf, el informe del trimestre anterior.";
    assert!(pdf().tree.text().contains(text), "once the first one is made of the same plan");
}

/// The values of a key, row by row.
fn expected_of(section: &Value, key: &str) -> Vec<String> {
    expected(section, &[key]).into_iter().map(|row| row[1].concat()).collect()
}

#[test]
fn the_annex_is_on_the_paper_of_its_report_and_fits_on_each() {
    for paper in ["oficio", "legal", "carta", "a3"] {
        let office = Office::new().with(&Data::with_actions(8).plan("plan.papel", paper));
        let desk = Desk::new(Assets::new(office.folder())).expect("fonts that can be read");
        let made = with_annex(&desk, &office.folder().join("plans/p"), None, some);
        let pdf = made.tagged();
        assert!(pdf.sizes.len() > 1 && pdf.sizes.iter().all(|size| *size == pdf.sizes[0]), "{paper}: {:?}", pdf.sizes);
        assert_eq!(rows(tables(&pdf)[1]), expected(&data(&pdf)["hallazgos"], &FINDING), "{paper}");
        assert_in_its_place(&made);
    }
}

#[test]
fn every_code_can_be_told_of_and_explained_in_an_annex() {
    let codes = || code::ALL.iter().copied().filter(|code| code.severity != Severity::Error);
    let made = shipped_with_annex("rmbc-2024", 2, |plan| {
        codes().map(|code| finding(plan, code, ("plan.toml", "objetivo"), "algo")).collect()
    });
    assert_eq!(made.findings.len(), codes().count(), "nothing that the fonts do not draw: {:?}", made.codes());
    let pdf = made.tagged();
    assert!(pdf.unexplained.is_empty(), "{:?}", pdf.unexplained);
    let explained = expected(&data(&pdf)["criterios"], &CRITERION);
    let of_table: Vec<Vec<Vec<String>>> = rows(tables(&pdf)[2]);
    assert_eq!(of_table, explained.iter().map(|row| row[1..].to_vec()).collect::<Vec<_>>());
    assert_eq!(
        of_table.iter().map(|row| row[0].concat()).collect::<Vec<_>>(),
        codes().map(|code| code.id).collect::<Vec<_>>()
    );
    let markdown = |text: &String| text.contains(['`', '*', '[', '#']);
    assert!(!of_table.concat().concat().iter().any(markdown), "no signs of Markdown");
    assert_in_its_place(&made);
}
