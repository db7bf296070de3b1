//! The paragraphs of `tests/data/prosa-oficial.md`: thirty pieces of sound official prose, on which no check of wording may
//! speak, and on which each of them could.

use std::fmt::Write as _;

use seguimiento::diag::{Family, Finding, code};

use crate::support::Workspace;

const PROSE: &str = include_str!("../data/prosa-oficial.md");

/// The paragraphs: what stands under the headings.
fn paragraphs() -> Vec<&'static str> {
    PROSE.split("\n## ").skip(1).map(|section| section.split_once("\n\n").unwrap().1.trim()).collect()
}

/// What the audit finds in a plan whose narratives are these texts, one an action.
fn findings(narratives: &[String]) -> Vec<Finding> {
    let mut plan = include_str!("../cases/audit/base/plan.toml").split("[[accion]]").next().unwrap().to_owned();
    let mut follow_up = "[seguimiento]\nvigencia = 2025\ntrimestre = 4\nfecha_corte = 2025-12-31\n".to_owned();
    for (index, narrative) in narratives.iter().enumerate() {
        let number = index + 1;
        write!(
            plan,
            "[[accion]]\nnumero = {number}\nnombre = \"Cumplir la acción.\"\nresponsables = [\"Dirección General\"]\n\
             indicador = \"Acción cumplida\"\nunidad_medida = \"Unidad\"\nmeta = 1\nfecha_inicio = 2025-01-15\n\
             fecha_fin = 2025-12-31\nseguimiento = \"Trimestral\"\nfuente_financiacion = \"Inversión\"\n"
        )
        .unwrap();
        write!(follow_up, "[[avance]]\naccion = {number}\nporcentual = 100\ncualitativo = '''{narrative}'''\n")
            .unwrap();
    }
    let workspace =
        Workspace::empty().file("plans/base/plan.toml", plan).file("plans/base/trimestre-4.toml", follow_up);
    let audited = workspace.audit();
    assert!(!audited.findings.iter().any(Finding::is_error), "{:?}", audited.findings);
    audited.findings
}

#[test]
fn sound_prose_leaves_nothing_to_say_about_its_wording() {
    let paragraphs: Vec<String> = paragraphs().into_iter().map(str::to_owned).collect();
    assert_eq!(paragraphs.len(), 30);
    for paragraph in &paragraphs {
        let words = paragraph.split_whitespace().count();
        assert!((60..=140).contains(&words), "{words} words: {paragraph}");
    }
    let wording: Vec<String> = findings(&paragraphs)
        .into_iter()
        .filter(|finding| finding.code.family == Family::Wording)
        .map(|finding| format!("{:?}: {}: {}", finding.action, finding.code.id, finding.message))
        .collect();
    assert!(wording.is_empty(), "{wording:#?}");
}

#[test]
fn a_slip_planted_in_each_paragraph_is_found_where_it_stands() {
    let planted: Vec<String> = paragraphs()
        .iter()
        .map(|paragraph| {
            let middle = paragraph.match_indices(", ").nth(1).expect("two commas").0;
            format!("{}, con la debida gestion{}", &paragraph[..middle], &paragraph[middle..])
        })
        .collect();
    let found: Vec<(Option<i64>, &str)> = findings(&planted)
        .iter()
        .filter(|finding| *finding.code == code::WORD_UNKNOWN)
        .map(|finding| {
            assert_eq!(finding.message, "la palabra «gestion» no está en el diccionario");
            assert_eq!(finding.help.as_deref(), Some("¿quiso decir «gestión»?"));
            (finding.action, finding.code.id)
        })
        .collect();
    let expected: Vec<(Option<i64>, &str)> = (1..=30).map(|number| (Some(number), "palabra-desconocida")).collect();
    assert_eq!(found, expected);
}
