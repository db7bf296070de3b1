//! The checks of the audit that compare figures and dates, held against what they say they do, on any figures and dates; and
//! the ones that read texts, on any texts.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use seguimiento::input::FollowUpDraft;
use seguimiento::pipeline::ReadPlan;

use crate::support::Workspace;

const HEAD: &str = r#"
[entidad]
nombre = "Entidad de Prueba del Centro"
sigla = "EPC"
dependencias = ["Dirección General"]

[plan]
vigencia = 2025
objetivo = "realizar seguimiento a las metas de la vigencia 2025."
formato = "seguimiento-trimestral"

[[accion]]
numero = 1
nombre = "Ordenar el archivo de gestión."
responsables = ["Dirección General"]
indicador = "Cajas ordenadas"
unidad_medida = "Cajas"
meta = 10
seguimiento = "Trimestral"
fuente_financiacion = "Inversión"
"#;

/// The last days of the trimestres.
const CUTOFFS: [(u32, u32); 4] = [(3, 31), (6, 30), (9, 30), (12, 31)];

fn cutoff(index: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, CUTOFFS[index].0, CUTOFFS[index].1).unwrap()
}

/// The audit of a plan of one action; a percentage that is none is `N/A`.
fn audited(start: NaiveDate, end: NaiveDate, reported: &[(Option<u8>, String)]) -> ReadPlan {
    let plan = format!("{HEAD}fecha_inicio = {start}\nfecha_fin = {end}\n");
    let workspace = reported.iter().enumerate().fold(
        Workspace::empty().file("plans/base/plan.toml", plan),
        |workspace, (index, (percent, narrative))| {
            let percent = percent.map_or_else(|| "\"N/A\"".to_owned(), |percent| percent.to_string());
            let text = format!(
                "[seguimiento]\nvigencia = 2025\ntrimestre = {number}\nfecha_corte = {cutoff}\n\n[[avance]]\naccion = 1\n\
                 porcentual = {percent}\ncualitativo = {narrative}\n",
                number = index + 1,
                cutoff = cutoff(index),
            );
            workspace.file(&format!("plans/base/trimestre-{}.toml", index + 1), text)
        },
    );
    workspace.audit()
}

/// How many findings there are of a code, for each trimestre.
fn told(plan: &ReadPlan, code: &str) -> Vec<usize> {
    let files = plan.folder.follow_ups.iter().map(FollowUpDraft::file);
    let of = |file| plan.findings.iter().filter(|f| f.code.id == code && f.span.file == file).count();
    files.map(of).collect()
}

fn day() -> impl Strategy<Value = NaiveDate> {
    (0..365u64).prop_map(|days| NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + Days::new(days))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn percentages_and_dates_are_told_of_as_the_pages_say(
        start in day(),
        end in day(),
        percents in prop::collection::vec(prop::option::weighted(0.8, prop::sample::select(vec![0, 10, 10, 50, 100])), 4),
    ) {
        let (start, end) = (start.min(end), start.max(end));
        let reported: Vec<_> = percents.iter().map(|percent| (*percent, "'Se ordenó.'".to_owned())).collect();
        let plan = audited(start, end, &reported);
        let expected = |rule: &dyn Fn(usize) -> bool| (0..4).map(|index| usize::from(rule(index))).collect::<Vec<_>>();
        let last = |index: usize| percents[..index].iter().rev().find_map(|percent| *percent);
        prop_assert_eq!(
            told(&plan, "avance-sin-justificacion"),
            expected(&|index| percents[index].is_none() && start <= cutoff(index))
        );
        prop_assert_eq!(
            told(&plan, "avance-antes-de-inicio"),
            expected(&|index| percents[index].is_some_and(|percent| percent > 0) && start > cutoff(index))
        );
        prop_assert_eq!(
            told(&plan, "avance-que-retrocede"),
            expected(&|index| percents[index].zip(last(index)).is_some_and(|(now, then)| now < then))
        );
        prop_assert_eq!(
            told(&plan, "vencida-sin-terminar"),
            expected(&|index| end <= cutoff(index) && percents[index] != Some(100))
        );
        let first_day = |index: usize| if index == 0 { cutoff(0) } else { cutoff(index - 1) + Days::new(1) };
        prop_assert_eq!(
            told(&plan, "sin-avance-en-dos-trimestres"),
            expected(&|index| {
                let before = |back: usize| if index + 1 == back { Some(0) } else { percents[index - back] };
                let began = || if index == 1 { NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() } else { first_day(index - 1) };
                index > 0
                    && percents[index].is_some_and(|percent| percent < 100)
                    && percents[index] == before(1)
                    && percents[index] == before(2)
                    && start <= began()
                    && end > cutoff(index)
            })
        );
    }

    #[test]
    fn whatever_a_narrative_says_a_finding_stands_in_the_file(
        words in prop::collection::vec(prop::sample::select(vec![
            "Durante el", "primer", "segundo", "trimestre", "de", "2024", "31 de junio", "A 31 de marzo", "\\n", "\\\"",
            "\\u00F1", "e\u{301}", "la acción", "no se adelantará", "está", "pendiente", "C.C.", "52.123.456", "+57",
            "300 123 4567", "ana@correo.com", "josé@correo.com", ".", ",", "(", "30/02/2025", "el 12 de junio de 2020", "No.",
        ]), 0..24),
        percent in prop::option::of(0..=100u8),
    ) {
        let narrative = format!("\"Se {}\"", words.join(" "));
        let (start, end) = (cutoff(0), cutoff(3));
        let plan = audited(start, end, &[(Some(5), narrative.clone()), (percent, narrative)]);
        for finding in &plan.findings {
            for span in finding.related.iter().map(|(span, _)| *span).chain([finding.span]) {
                let text = &plan.folder.sources.get(span.file).text;
                prop_assert!(text.get(span.range()).is_some_and(|part| !part.is_empty()), "{}", finding.message);
            }
        }
    }
}
