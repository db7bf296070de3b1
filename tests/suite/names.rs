//! The audit of names on texts that nobody would write: nothing panics, every finding underlines what it speaks of, and the
//! time grows with the text.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use seguimiento::diag::Family;

use crate::support::Workspace;

const NARRATIVE: &str =
    "Durante el segundo trimestre de 2025 se publicó el primer boletín y se reunió el comité de expertos.";

/// The base plan with another narrative and the directory of a region.
fn workspace(narrative: &str) -> Workspace {
    Workspace::for_audit()
        .edit("plans/base/trimestre-2.toml", NARRATIVE, narrative)
        .edit("plans/base/plan.toml", "\"Entidad de Prueba del Centro\"", "\"Región Central de Chía - Boyacá\"")
        .edit(
            "plans/base/plan.toml",
            "\"Grupo de Gestión Documental\"]\n\n[plan]",
            "\"Grupo de Gestión Documental\", \"Oficina de Prensa, Medios y Libros\"]\n\n[plan]",
        )
}

/// The findings about names: the text that each underlines, and what would take its place.
fn findings(workspace: &Workspace) -> Vec<(String, Option<String>)> {
    let plan = workspace.audit();
    let names = plan.findings.iter().filter(|finding| finding.code.family == Family::Names);
    names
        .map(|finding| {
            let text = &plan.folder.sources.get(finding.span.file).text;
            (text[finding.span.range()].to_owned(), finding.fix.clone())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_is_audited(
        words in prop::collection::vec(
            prop_oneof![
                prop::sample::select(&[
                    "Región", "Central", "Chia", "Chía", "Boyaca", "Oficina", "Asesora", "Prensa", "Medios", "Libros",
                    "Consejo", "Concejo", "Municipal", "Directivo", "San", "Jose", "de", "del", "la", "y", "en", "de la",
                    "ANLA", "RAP-E", "CAR", "EPC", "A", "BOGOTA", "municipio de", "Ministerio", "Itagu\u{308}i", "Ñ",
                ][..]).prop_map(str::to_owned),
                "[\\PC&&[^\"\\\\]]{1,3}",
            ],
            0..24,
        ),
        between in prop::sample::select(&[" ", "", "  ", "-", " - ", ", ", " (", ") ", ". ", "«", "/"][..]),
    ) {
        let narrative = format!("Fin. {} fin.", words.join(between));
        for (written, fix) in findings(&workspace(&narrative)) {
            prop_assert!(!written.trim().is_empty());
            prop_assert_ne!(Some(written), fix);
        }
    }
}

#[test]
fn a_fix_takes_the_finding_away() {
    let mut narrative = "Vinieron el Consejo de Chia, el concejo directivo, la Oficina de Prensa Medios y Libros, \
                         la Región central de Chía - Boyaca y gente de San Jose del Guaviare."
        .to_owned();
    let found = findings(&workspace(&narrative));
    assert_eq!(found.len(), 6, "{found:?}");
    for (written, fix) in found {
        narrative = narrative.replace(&written, &fix.unwrap());
    }
    assert_eq!(findings(&workspace(&narrative)), []);
}

#[test]
fn a_name_in_capitals_is_mended_in_capitals() {
    let found =
        findings(&workspace("SESIONARON LA REGION CENTRAL DE CHÍA - BOYACÁ Y LA OFICINA DE PRENSA MEDIOS Y LIBROS."));
    let fix = |written: &str, fix: &str| (written.to_owned(), Some(fix.to_owned()));
    assert_eq!(
        found,
        [
            fix("REGION CENTRAL DE CHÍA - BOYACÁ", "REGIÓN CENTRAL DE CHÍA - BOYACÁ"),
            fix("OFICINA DE PRENSA MEDIOS Y LIBROS", "OFICINA DE PRENSA, MEDIOS Y LIBROS"),
        ]
    );
}

#[test]
fn the_time_grows_with_the_text_and_no_faster() {
    let patterns = [
        "ANLA ",
        "ANLA, ",
        "(ANLA) ",
        "Abc ANLA ",
        "A-",
        "ABC-",
        "\"ANLA ",
        "Oficina ",
        "Oficina de ",
        "Oficina Prensa ",
        "Oficina de Prensa Medios y ",
        "Prensa ",
        "Región ",
        "Región Central ",
        "Región Central de Chía ",
        "San ",
        "San José del ",
        "Consejo de ",
        "Consejo de San ",
        "de la ",
        "«",
    ];
    let start = Instant::now();
    for pattern in patterns {
        let narrative = pattern.replace('"', "'").repeat(90_000 / pattern.chars().count());
        let workspace = workspace(&format!("Fin. {narrative} fin."));
        let plan = workspace.audit();
        assert!(!plan.folder.follow_ups.is_empty());
    }
    // All take seconds, even unoptimised; what is quadratic in the letters takes minutes.
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
}
