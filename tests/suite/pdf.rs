//! What the PDF says, read back by a reader of its own: the table cell by cell, the tags, the metadata, the attachments.
//!
//! Nothing here asks the code that wrote the PDF. What a cell must hold is taken from the text of the published report
//! (`tests/data/seguimiento-2024-2t.txt`), from the files on disk, and from what `exportar` prints.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

pub mod annex;
pub mod office;
pub mod tagged;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

use office::{Made, shipped};
use tagged::{Element, Tagged};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The real report.
static REAL: LazyLock<(Vec<u8>, Tagged)> = LazyLock::new(|| {
    let made = shipped("rmbc-2024", 2);
    (made.pdf.clone().expect("a report"), made.tagged())
});

/// The four reports of the example.
static EXAMPLE: LazyLock<Vec<Made>> =
    LazyLock::new(|| (1..=4).map(|quarter| shipped("ejemplo-2025", quarter)).collect());

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(row: &Element) -> Vec<String> {
    row.children().map(|cell| folded(&cell.text())).collect()
}

/// The data that the template received, as the user gets them from `exportar`.
fn exported(plan: &str, quarter: usize) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seguimiento"));
    let output = command.current_dir(ROOT).args(["exportar", plan, "--trimestre", &quarter.to_string()]).output();
    output.expect("the program runs").stdout
}

/// The published report's text: the objective, the two rows of headings, and the body.
fn published() -> (String, [Vec<String>; 2], Vec<Vec<String>>) {
    let text =
        fs::read_to_string(Path::new(ROOT).join("tests/data/seguimiento-2024-2t.txt")).expect("the published text");
    let objective = text.lines().find(|line| line.starts_with("Objetivo:")).expect("an objective");
    let cells = |line: &str| line.split('\t').map(folded).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = text.lines().filter(|line| line.contains('\t')).map(cells).collect();
    let headings = [0, 1].map(|row: usize| rows[row].iter().filter(|cell| !cell.is_empty()).cloned().collect());
    let body = rows.into_iter().filter(|row| row[0].parse::<u32>().is_ok()).collect();
    (folded(objective), headings, body)
}

#[test]
fn the_real_report_says_word_for_word_what_was_published() {
    let (objective, [groups, columns], body) = published();
    let pdf = &REAL.1;
    let rows: Vec<Vec<String>> = pdf.table().all("TR").into_iter().map(texts).collect();
    assert_eq!(rows.len(), 3 + 9, "three rows of header and nine actions");
    assert_eq!(rows[0], [objective]);
    assert_eq!(rows[1], groups);
    assert_eq!(rows[2], columns);
    for (printed, published) in rows[3..].iter().zip(&body) {
        assert_eq!(printed.len(), 12);
        for (column, (printed, published)) in printed.iter().zip(published).enumerate() {
            assert_eq!(printed, published, "column {} of action {}", column + 1, rows[3][0]);
        }
    }
    assert_eq!(rows[3..], body[..], "nothing more and nothing less");
}

#[test]
fn every_report_says_what_exportar_prints_line_by_line() {
    let reports = EXAMPLE.iter().enumerate().map(|(index, made)| ("ejemplo-2025", index + 1, made.tagged()));
    for (plan, quarter, pdf) in reports {
        let data: Value = serde_json::from_slice(&exported(plan, quarter)).expect("JSON");
        let body: Vec<Vec<Vec<String>>> = serde_json::from_value(data["filas"].clone()).expect("rows");
        assert_eq!(body.len(), 12, "twelve actions");
        let printed: Vec<Vec<Vec<String>>> =
            pdf.rows().iter().map(|row| row.iter().map(|cell| cell.printed_lines()).collect()).collect();
        assert_eq!(printed, body, "trimestre {quarter}");
        let everything = pdf.tree.text();
        for place in
            ["/titulo", "/objetivo", "/entidad/nombre", "/documento/codigo", "/documento/version", "/documento/fecha"]
        {
            let value = data.pointer(place).and_then(Value::as_str).expect("the example has it");
            assert!(everything.contains(value), "{place} = {value} is in the tree");
        }
        for signatory in data["firmas"].as_array().expect("three signatures") {
            for key in ["titulo", "nombre", "cargo"] {
                let value = signatory[key].as_str().expect("the example has it");
                assert!(everything.contains(value), "{value} is in the tree");
            }
        }
    }
}

#[test]
fn header_cells_say_what_they_are_the_header_of() {
    let rows = REAL.1.table().all("TR");
    for row in &rows[..3] {
        for cell in row.children() {
            assert_eq!(cell.role, "TH");
            let scope = cell.attributes["Scope"].as_str();
            let spans = cell.attributes.contains_key("RowSpan") || cell.attributes.contains_key("ColSpan");
            assert!(scope == "Column" || (scope == "Both" && spans), "{}: {scope}", cell.text());
        }
    }
    for row in &rows[3..] {
        let cells: Vec<&Element> = row.children().collect();
        assert_eq!((cells[0].role.as_str(), cells[0].attributes["Scope"].as_str()), ("TH", "Row"));
        assert!(cells[1..].iter().all(|cell| cell.role == "TD"));
    }
}

#[test]
fn every_cell_names_headers_that_exist_and_are_its_own() {
    let table = REAL.1.table();
    let headers = table.all("TH");
    let text_of = |id: &str| {
        let header = headers.iter().find(|header| header.attributes["ID"] == id).expect("a header with that id");
        folded(&header.text())
    };
    let ids: BTreeSet<&str> = headers.iter().map(|header| header.attributes["ID"].as_str()).collect();
    assert_eq!(ids.len(), headers.len(), "each id once");
    let (_, [_, columns], _) = published();
    for row in REAL.1.rows() {
        for (index, cell) in row.iter().enumerate().skip(1) {
            let named: Vec<String> = cell.attributes["Headers"].split(' ').map(text_of).collect();
            assert!(named.contains(&columns[index - 1]), "{named:?} has the column's heading");
            assert!(named.contains(&row[0].text()), "{named:?} has the action's number");
        }
    }
}

#[test]
fn the_title_is_a_heading_and_stands_once_in_the_tree() {
    for pdf in EXAMPLE.iter().map(Made::tagged).chain([shipped("rmbc-2024", 2).tagged()]) {
        let headings = ["Title", "H1", "H"].into_iter().flat_map(|role| pdf.tree.given(role));
        let titles: Vec<String> = headings.map(tagged::Element::text).collect();
        assert_eq!(titles, [pdf.info["Title"].clone()]);
        assert_eq!(pdf.tree.text().matches(&titles[0]).count(), 1, "and nowhere else");
    }
}

#[test]
fn what_repeats_on_every_page_is_no_part_of_the_structure() {
    let pdf = &REAL.1;
    assert!(!pdf.tree.text().contains("Página"), "page numbers are for the eye");
    let pages = pdf.sizes.len();
    assert!(pages > 1, "or this test proves nothing");
    for (index, artifacts) in pdf.artifacts.iter().enumerate() {
        assert!(artifacts.contains(&format!("Página {} de {pages}", index + 1)), "{artifacts}");
        let repeated = ["AVANCE CUALITATIVO", "Objetivo:", "PLAN DE ACCIÓN 2024"];
        assert!(repeated.iter().all(|heading| artifacts.contains(heading)) == (index > 0), "page {}", index + 1);
    }
}

#[test]
fn every_glyph_can_be_read_and_belongs_somewhere() {
    for pdf in EXAMPLE.iter().map(Made::tagged).chain([shipped("rmbc-2024", 2).tagged()]) {
        assert!(pdf.unexplained.is_empty(), "{:?}", pdf.unexplained);
    }
}

#[test]
fn the_file_says_what_it_is_whose_and_of_when() {
    let pdf = &REAL.1;
    let expected = [
        ("Title", "SEGUIMIENTO PLAN DE ACCIÓN 2024 – II TRIMESTRE"),
        ("Author", "Región Metropolitana Bogotá - Cundinamarca"),
        (
            "Subject",
            "SEGUIMIENTO PLAN DE ACCIÓN 2024 – II TRIMESTRE, con corte a 30 de junio de 2024. Región Metropolitana Bogotá - Cundinamarca",
        ),
        ("Keywords", "seguimiento, plan de acción, vigencia 2024, II trimestre, RMBC"),
        ("Creator", concat!("seguimiento ", env!("CARGO_PKG_VERSION"))),
        ("CreationDate", "2024-06-30"),
        ("ModDate", "2024-06-30"),
    ];
    for (key, value) in expected {
        assert_eq!(pdf.info.get(key).map(String::as_str), Some(value), "{key}");
    }
    assert!(pdf.catalog["Lang"].starts_with("es"), "{}", pdf.catalog["Lang"]);
    assert_eq!(pdf.catalog["MarkInfo.Marked"], "true");
    assert_eq!(pdf.catalog["ViewerPreferences.DisplayDocTitle"], "true");
}

#[test]
fn the_metadata_packet_claims_both_standards_and_agrees_with_the_file() {
    let (_, pdf) = &*REAL;
    for claim in ["pdfaid:part>3<", "pdfaid:conformance>A<", "pdfuaid:part>1<"] {
        assert!(pdf.xmp.contains(claim), "{claim} in {}", pdf.xmp);
    }
    for key in ["Title", "Author", "Subject", "Creator"] {
        assert!(pdf.xmp.contains(&format!(">{}<", pdf.info[key])), "{key} in {}", pdf.xmp);
    }
    assert!(pdf.xmp.contains("2024-06-30") && !pdf.xmp.contains("2024-07"), "dates come from the data");
}

/// What the program says of itself: its version, the digests of its fonts, the names that it had to change.
fn provenance() -> Vec<u8> {
    let digest = |file: &str| {
        let bytes = fs::read(Path::new(ROOT).join("fonts").join(file)).expect("a font");
        let digest = Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        format!("    \"{file}\": \"{digest}\"")
    };
    let fonts = [
        "DejaVuSansCondensed-Bold.ttf",
        "DejaVuSansCondensed.ttf",
        "IBMPlexSansCondensed-Bold.ttf",
        "IBMPlexSansCondensed-Regular.ttf",
    ];
    let fonts = fonts.map(digest).join(",\n");
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "{{\n  \"programa\": \"seguimiento {version}\",\n  \"tipos_de_letra\": {{\n{fonts}\n  }},\n  \"nombres\": {{\n    \
         \"comun-pagina.typ\": \"comun/pagina.typ\"\n  }}\n}}\n"
    )
    .into_bytes()
}

#[test]
fn the_report_carries_the_files_it_was_made_from() {
    let (_, pdf) = &*REAL;
    let disk = |path: &str| fs::read(Path::new(ROOT).join(path)).expect("a file of the repository");
    let expected = [
        ("comun-pagina.typ", "Supplement", "text/vnd.typst", disk("report-templates/comun/pagina.typ")),
        (
            "formato.toml",
            "Supplement",
            "application/toml",
            disk("report-templates/seguimiento-trimestral/formato.toml"),
        ),
        ("informe.json", "Data", "application/json", exported("rmbc-2024", 2)),
        ("plan.toml", "Source", "application/toml", disk("plans/rmbc-2024/plan.toml")),
        (
            "plantilla.typ",
            "Supplement",
            "text/vnd.typst",
            disk("report-templates/seguimiento-trimestral/plantilla.typ"),
        ),
        ("procedencia.json", "Supplement", "application/json", provenance()),
        ("trimestre-2.toml", "Source", "application/toml", disk("plans/rmbc-2024/trimestre-2.toml")),
    ];
    let mut names: Vec<&str> = pdf.attachments.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, expected.each_ref().map(|file| file.0));
    assert_eq!(pdf.listed, names.iter().map(|name| (*name).to_owned()).collect(), "readers list the same files");
    for (name, relationship, mime, bytes) in expected {
        let file = pdf.attachments.iter().find(|file| file.name == name).expect("just compared");
        assert_eq!((file.relationship.as_str(), file.mime.as_str()), (relationship, mime), "{name}");
        assert!(!file.description.is_empty(), "{name} is described");
        assert!(file.bytes == bytes, "{name} has the very bytes of the file");
    }
}

#[test]
fn an_attached_plan_with_windows_line_ends_keeps_them() {
    let windows = |path: &str| fs::read_to_string(Path::new(ROOT).join(path)).expect("a plan").replace('\n', "\r\n");
    let plan = windows("plans/rmbc-2024/plan.toml");
    let office = office::Office::new();
    office
        .write("plans/p/plan.toml", &plan)
        .write("plans/p/trimestre-2.toml", windows("plans/rmbc-2024/trimestre-2.toml"));
    let pdf = office.make().tagged();
    let attached = pdf.attachments.iter().find(|file| file.name == "plan.toml").expect("the plan");
    assert!(attached.bytes == plan.as_bytes(), "as it is on disk");
    assert_eq!(pdf.table().text(), REAL.1.table().text(), "and the report is the same");
}
