//! How findings look. Each snapshot is one shape of finding; `cargo insta review`, or `INSTA_UPDATE=always` in the
//! environment, accepts a change.

use seguimiento::diag::{Finding, code, render};
use seguimiento::pipeline::ReadPlan;

use crate::support::Workspace;

/// The findings of a plan for a person, without the path of the temporary folder.
fn human(workspace: &Workspace) -> String {
    let ReadPlan { folder, findings, .. } = workspace.read();
    assert!(!findings.is_empty());
    workspace.tidy(&render::human(&findings, &folder.sources, false))
}

fn plan_with(old: &str, new: &str) -> String {
    human(&Workspace::new().edit("plans/base/plan.toml", old, new))
}

#[test]
fn a_value_is_underlined_and_has_its_reason_and_its_remedy() {
    insta::assert_snapshot!(plan_with("vigencia = 2025", "vigencia = 25"));
}

#[test]
fn a_place_in_another_file_explains_the_fault() {
    let workspace = Workspace::new().edit("plans/base/trimestre-1.toml", "vigencia = 2025", "vigencia = 2024");
    insta::assert_snapshot!(human(&workspace));
}

#[test]
fn of_a_text_of_several_lines_the_first_is_shown() {
    insta::assert_snapshot!(plan_with("\"Ordenar el archivo\"", "\"\"\"\n\n   \n\"\"\""));
}

#[test]
fn a_fault_of_the_whole_file_has_no_line() {
    insta::assert_snapshot!(human(&Workspace::new().remove("plans/base/trimestre-1.toml")));
}

#[test]
fn a_missing_key_is_shown_at_the_header_of_its_table() {
    insta::assert_snapshot!(plan_with("meta = 0.85\n", ""));
}

/// The line is cut around the fault: nobody wants twenty thousand characters on a terminal.
#[test]
fn of_a_very_long_line_only_the_surroundings_of_the_fault_are_shown() {
    let long = format!("\"{} 🎉 {}\"", "palabra ".repeat(1250), "palabra ".repeat(1250));
    let shown = plan_with("\"Ordenar el archivo\"", &long);
    assert!(shown.len() < 2000, "{} bytes", shown.len());
    insta::assert_snapshot!(shown);
}

/// A long value that is wrong as a whole does not come whole either.
#[test]
fn a_very_long_value_is_cut_in_the_message_too() {
    for (old, new) in [
        ("rol = \"elaboro\"", format!("rol = \"{}\"", "x".repeat(20_000))),
        ("sigla = ", format!("{} = ", "x".repeat(20_000))),
        ("formato = \"seguimiento-trimestral\"", format!("formato = \"{}\"", "x".repeat(20_000))),
        ("sigla = \"EP\"", format!("sigla = \"EP\"\nlogo = \"{}\"", "x".repeat(20_000))),
        ("meta = 0.85", format!("meta = {}", "9".repeat(20_000))),
        ("meta = 0.85", format!("meta = {},5", "9".repeat(20_000))),
        ("meta = 0.85", format!("{0} = 1\n{0} = 2", "x".repeat(20_000))),
    ] {
        let shown = plan_with(old, &new);
        assert!(shown.len() < 8000, "{} bytes for {}", shown.len(), &new[..20]);
    }
}

/// Tabulators, wide characters and letters with their accents apart: the line under the fault begins below it.
#[test]
fn the_underline_stands_below_the_fault_whatever_comes_before_it() {
    let workspace = Workspace::new()
        .edit("plans/base/plan.toml", "vigencia = 2025", "\tvigencia = 25")
        .edit(
            "plans/base/plan.toml",
            "dependencias = [\"Dirección General\", ",
            "dependencias = [\"Direccio\u{301}n General\", 7, ",
        )
        .edit("plans/base/plan.toml", "responsables = [\"Oficina", "responsables = [\"明 🎉\", 8, \"Oficina");
    insta::assert_snapshot!(human(&workspace));
}

#[test]
fn a_warning_says_that_it_is_one() {
    insta::assert_snapshot!(human(&Workspace::new().file("plans/base/trimeste-2.toml", "")));
}

#[test]
fn a_fault_of_syntax_is_told_without_a_word_of_english() {
    insta::assert_snapshot!(plan_with("meta = 0.85", "meta = 0,85"));
}

#[test]
fn a_text_that_is_never_closed_is_pointed_at_where_it_opens() {
    let workspace = Workspace::new().edit("plans/base/trimestre-1.toml", "Faltan 48.\"\"\"", "Faltan 48.");
    insta::assert_snapshot!(human(&workspace));
}

#[test]
fn a_summary_counts_in_the_singular_and_in_the_plural() {
    let plan = Workspace::new().read();
    let file = seguimiento::diag::Span::whole(plan.folder.plan.unwrap().file);
    let summary = |errors: usize, warnings: usize| {
        let of = |code, n| std::iter::repeat_n(Finding::new(code, file, "…"), n);
        let findings: Vec<Finding> = of(&code::TYPE, errors).chain(of(&code::FILE_UNKNOWN, warnings)).collect();
        render::summary(&findings)
    };
    assert_eq!(summary(0, 0), "sin hallazgos");
    assert_eq!(summary(1, 0), "1 error");
    assert_eq!(summary(0, 1), "1 advertencia");
    assert_eq!(summary(2, 0), "2 errores");
    assert_eq!(summary(0, 3), "3 advertencias");
    assert_eq!(summary(1, 1), "1 error y 1 advertencia");
    assert_eq!(summary(2, 3), "2 errores y 3 advertencias");
}

/// Codes are stable: scripts and waivers name them. A line that changes here breaks somebody's work.
#[test]
fn the_list_of_all_codes() {
    let line = |code: &&seguimiento::diag::Code| {
        let title = code.explanation.lines().next().unwrap().trim_start_matches("# ");
        format!("{:<11}  {:<29}  {title}\n", code.severity.word(), code.id)
    };
    insta::assert_snapshot!(code::ALL.iter().map(line).collect::<String>());
}

#[test]
fn findings_as_json() {
    let workspace = Workspace::new().edit("plans/base/plan.toml", "numero = 2", "numero = 1").edit(
        "plans/base/trimestre-1.toml",
        "Se contrató al equipo.",
        "Se contrató al equipo 🎉.",
    );
    let ReadPlan { folder, findings, .. } = workspace.read();
    let json = serde_json::Value::Array(render::json(&findings, &folder.sources));
    insta::assert_snapshot!(workspace.tidy(&format!("{json:#}")));
}

/// Colour adds nothing that the text does not say: without its escapes it is the same.
#[test]
fn colour_changes_no_word() {
    let ReadPlan { folder, findings, .. } =
        Workspace::new().edit("plans/base/plan.toml", "vigencia = 2025", "vigencia = 25").read();
    let (plain, coloured) =
        (render::human(&findings, &folder.sources, false), render::human(&findings, &folder.sources, true));
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert!(coloured.contains('\u{1b}') && !plain.contains('\u{1b}'));
    assert_eq!(escapes.replace_all(&coloured, ""), plain);
}
