//! The annex for the control office: what the audit found, what of it the office accepted and why, what changed.
//!
//! It is made of the findings of the two files that the report is made of, which are attached to the PDF: a place is a line
//! of one of these. What changed is told to it; without that, it says that it is not known.
//!
//! An audit looks at more than a report carries, as the trimestres before it. So a report that is made again takes its
//! annex as it stands in its own data.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::audit::Change;
use crate::check::Checked;
use crate::diag::render::Counts;
use crate::diag::{Code, Family, FileId, Finding, Severity, Sources, Span, Waiver, code};
use crate::model::{Quarter, Report, short_date};

/// A name that the program gives, or one that it has given.
type Name = Cow<'static, str>;

/// The annex, ready to be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnexView {
    titulo: String,
    resumen: SummaryView,
    hallazgos: SectionView<FindingView>,
    excepciones: SectionView<WaiverView>,
    criterios: SectionView<CriterionView>,
    cambios: SectionView<ChangeView>,
}

/// A sentence, and rows; without rows, the sentence says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionView<T> {
    texto: String,
    filas: Vec<T>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SummaryView {
    texto: String,
    familias: Vec<CountView>,
    total: CountView,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountView {
    familia: Name,
    advertencias: String,
    notas: String,
    aceptados: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingView {
    accion: String,
    mensaje: String,
    recomendacion: String,
    lugar: String,
    familia: Name,
    codigo: Name,
    severidad: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverView {
    accion: String,
    hallazgos: Vec<String>,
    motivo: Vec<String>,
    responsable: String,
    fecha: String,
    lugar: String,
    codigo: Name,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeView {
    accion: String,
    aspecto: String,
    antes: Vec<String>,
    ahora: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionView {
    codigo: Name,
    titulo: String,
    razon: String,
}

/// What a finding is about that is of no action: the plan, …
const PLAN: &str = "Plan";
/// … or the follow-up of a trimestre.
const FOLLOW_UP: &str = "Seguimiento";

/// What the annex is made of.
struct Basis<'a> {
    files: [FileId; 2],
    sources: &'a Sources,
    open: Vec<&'a Finding>,
    accepted: Vec<(&'a Finding, &'a Waiver)>,
}

/// The annex of the report that has this title. `findings` are those of its plan's folder; `changes` are what the plan says
/// otherwise than an earlier report, with the name of that report, if there is one to compare with.
#[must_use]
pub fn annex(
    report: &Checked<Report>,
    title: &str,
    findings: &[Finding],
    sources: &Sources,
    changes: Option<(&str, &[Change])>,
) -> AnnexView {
    let basis = Basis::new(report.files(), sources, findings);
    AnnexView {
        titulo: format!("Anexo de control – {title}"),
        resumen: basis.summary(),
        hallazgos: basis.open(),
        excepciones: basis.waivers(),
        criterios: basis.criteria(),
        cambios: changed(report.get().follow_up.quarter, changes),
    }
}

impl<'a> Basis<'a> {
    fn new(files: [FileId; 2], sources: &'a Sources, findings: &'a [Finding]) -> Self {
        let of_report = || findings.iter().filter(|finding| files.contains(&finding.span.file));
        let accepted = of_report().filter_map(|finding| Some((finding, &**finding.waiver.as_ref()?))).collect();
        let mut open: Vec<&Finding> = of_report().filter(|finding| finding.waiver.is_none()).collect();
        // What should be mended first, then what is merely worth knowing; each in the order of the files.
        open.sort_by_key(|finding| std::cmp::Reverse(finding.code.severity));
        Self { files, sources, open, accepted }
    }

    fn summary(&self) -> SummaryView {
        let names = self.files.map(|file| self.name(file)).join(" y ");
        let all: Counts = self.all().collect();
        let of_family = |family: Family| {
            count(family.title(), &self.all().filter(|finding| finding.code.family == family).collect())
        };
        let found = all.sentence();
        SummaryView {
            texto: format!(
                "Se revisaron {names}, los archivos con que se hizo el informe y que van adjuntos a él: {found}."
            ),
            familias: Family::ALL.into_iter().map(of_family).collect(),
            total: count("Total", &all),
        }
    }

    fn all(&self) -> impl Iterator<Item = &'a Finding> {
        self.open.iter().copied().chain(self.accepted.iter().map(|(finding, _)| *finding))
    }

    fn open(&self) -> SectionView<FindingView> {
        let row = |finding: &&Finding| FindingView {
            accion: self.about(finding),
            mensaje: sentence(&finding.message),
            recomendacion: finding.help.as_deref().map(sentence).unwrap_or_default(),
            lugar: self.place(finding.span),
            familia: finding.code.family.title().into(),
            codigo: finding.code.id.into(),
            severidad: capitalised(finding.code.severity.word()),
        };
        let is_there = |severity| self.open.iter().any(|finding| finding.code.severity == severity);
        let texto = match (is_there(Severity::Warning), is_there(Severity::Note)) {
            (false, false) => "La revisión no dejó hallazgos abiertos.",
            (true, false) => "Advertencias, que se deben corregir o justificar.",
            (false, true) => "Notas, que basta conocer.",
            (true, true) => {
                "Primero las advertencias, que se deben corregir o justificar; después las notas, que basta conocer."
            }
        };
        SectionView { texto: texto.into(), filas: self.open.iter().map(row).collect() }
    }

    /// One row for each excepción, whatever number of findings it accepts: its reason may be long.
    fn waivers(&self) -> SectionView<WaiverView> {
        let mut accepted = self.accepted.clone();
        accepted.sort_by_key(|(_, waiver)| waiver.span);
        let filas = accepted.chunk_by(|(_, a), (_, b)| a.span == b.span).map(|of_one| self.waiver(of_one)).collect();
        let texto = if accepted.is_empty() {
            "No se aceptó ningún hallazgo."
        } else {
            "Hallazgos que la entidad deja como están, por escrito y con su motivo."
        };
        SectionView { texto: texto.into(), filas }
    }

    fn waiver(&self, accepted: &[(&Finding, &Waiver)]) -> WaiverView {
        let (first, waiver) = accepted[0];
        let mut about: Vec<String> = accepted.iter().map(|(finding, _)| self.about(finding)).collect();
        about.dedup();
        // Which finding is of which action has to be said only where there are several.
        let finding = |(finding, _): &(&Finding, &Waiver)| match finding.action {
            Some(number) if about.len() > 1 => format!("Acción {number}: {}", sentence(&finding.message)),
            _ => sentence(&finding.message),
        };
        WaiverView {
            accion: about.join(", "),
            hallazgos: accepted.iter().map(finding).collect(),
            motivo: lines(&waiver.reason),
            responsable: waiver.by.clone(),
            fecha: short_date(waiver.on),
            lugar: self.place(waiver.span),
            codigo: first.code.id.into(),
        }
    }

    /// What the codes of all these findings mean: who reads the annex need not have the program.
    fn criteria(&self) -> SectionView<CriterionView> {
        let occurs = |code: &&&Code| self.all().any(|finding| finding.code == **code);
        let row = |code: &&'static Code| CriterionView {
            codigo: code.id.into(),
            titulo: sentence(&plain(code.title())),
            razon: plain(code.why()),
        };
        let filas: Vec<_> = code::ALL.iter().filter(occurs).map(row).collect();
        SectionView { texto: "Qué señala cada código de este anexo, y por qué importa.".into(), filas }
    }

    /// The number of the action, or what else a finding is about.
    fn about(&self, finding: &Finding) -> String {
        match finding.action {
            Some(number) => number.to_string(),
            None if finding.span.file == self.files[0] => PLAN.into(),
            None => FOLLOW_UP.into(),
        }
    }

    /// «plan.toml, línea 12»
    fn place(&self, span: Span) -> String {
        let name = self.name(span.file);
        if span == Span::whole(span.file) {
            name.into()
        } else {
            format!("{name}, línea {}", self.sources.position(span).0)
        }
    }

    /// The name under which a file is attached.
    fn name(&self, file: FileId) -> &str {
        self.sources.get(file).base_name()
    }
}

fn changed(quarter: Quarter, changes: Option<(&str, &[Change])>) -> SectionView<ChangeView> {
    let texto = match changes {
        None if quarter.before().is_none() => {
            "Es el primer trimestre de la vigencia: no hay uno anterior con que comparar.".into()
        }
        None => {
            "No hay con qué comparar: el informe del trimestre anterior no está, o se produce de nuevo con este plan."
                .into()
        }
        Some((earlier, changes)) => {
            let what =
                if changes.is_empty() { "Las acciones están como en" } else { "Lo que cambió en las acciones desde" };
            format!("{what} {earlier}, el informe del trimestre anterior.")
        }
    };
    SectionView { texto, filas: changes.into_iter().flat_map(|(_, changes)| changes).map(change).collect() }
}

fn change(change: &Change) -> ChangeView {
    ChangeView {
        accion: change.action.to_string(),
        aspecto: capitalised(&change.aspect()),
        antes: lines(change.before.as_deref().unwrap_or("No estaba")),
        ahora: lines(change.now.as_deref().unwrap_or("Ya no está")),
    }
}

fn count(familia: &'static str, counts: &Counts) -> CountView {
    let [_, advertencias, notas, aceptados] = counts.cells();
    CountView { familia: familia.into(), advertencias, notas, aceptados }
}

/// A message as a sentence that stands alone: with a capital letter and a stop.
fn sentence(message: &str) -> String {
    let stop = if message.is_empty() || message.ends_with(['.', '…', '?', '!', ':']) { "" } else { "." };
    capitalised(message) + stop
}

/// With a capital letter, after the sign that opens a question if there is one.
fn capitalised(text: &str) -> String {
    let rest = text.trim_start_matches(['¿', '¡']);
    let mut chars = rest.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    text[..text.len() - rest.len()].chars().chain(first).chain(chars.clone()).collect()
}

/// A paragraph of an explanation, which is written in Markdown, on one line.
fn plain(paragraph: &str) -> String {
    paragraph.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn lines(text: &str) -> Vec<String> {
    text.trim_end_matches('\n').split('\n').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::NaiveDate;

    use super::*;
    use crate::diag::SourceFile;

    const DATA: &str = "una\ndos\ntres\n";

    fn files() -> (Sources, [FileId; 2]) {
        let mut sources = Sources::default();
        let mut add = |name: &str| sources.add(SourceFile::new(name.into(), Vec::new(), DATA.into()));
        let files = [add("plans/p/plan.toml"), add("plans/p/trimestre-2.toml")];
        (sources, files)
    }

    fn waived(finding: Finding, line: Span) -> Finding {
        let on = NaiveDate::from_ymd_opt(2024, 7, 3).unwrap();
        let waiver = Waiver { reason: "así fue".into(), by: "Jefe".into(), on, span: line };
        Finding { waiver: Some(Arc::new(waiver)), ..finding }
    }

    #[test]
    fn what_is_found_is_counted_by_family_and_severity_and_told_in_a_sentence() {
        let (sources, files) = files();
        let new = |file: usize| Finding::new(&code::WAIVER_UNUSED, Span::new(files[file], 4..7), "sobra");
        let accepted = waived(new(1), Span::new(files[1], 0..3));
        let told = |findings: &[Finding]| {
            let summary = Basis::new(files, &sources, findings).summary();
            let of_waivers = summary.familias.iter().find(|row| row.familia == "Excepciones").unwrap();
            assert_eq!(summary.familias.len(), Family::ALL.len());
            assert_eq!(
                CountView { familia: "Total".into(), ..of_waivers.clone() },
                summary.total,
                "all are of that family"
            );
            let counts =
                [&summary.total.advertencias, &summary.total.notas, &summary.total.aceptados].map(String::as_str);
            (summary.texto.split_once(": ").unwrap().1.to_owned(), counts.join(" "))
        };
        let expected = |text: &str, counts: &str| (text.to_owned(), counts.to_owned());
        assert_eq!(told(&[]), expected("sin hallazgos.", "– – –"));
        assert_eq!(told(&[new(0)]), expected("1 advertencia.", "1 – –"));
        assert_eq!(told(&[new(0), new(1), accepted]), expected("2 advertencias; 1 aceptado.", "2 – 1"));
    }

    #[test]
    fn warnings_come_before_notes_and_each_in_the_order_of_the_files() {
        static NOTE: Code = Code { id: "nota", family: Family::Wording, severity: Severity::Note, explanation: "" };
        let (sources, files) = files();
        let new = |code, file: usize, start| Finding::new(code, Span::new(files[file], start..start + 1), "x");
        let findings = [
            new(&NOTE, 0, 0),
            new(&code::WAIVER_UNUSED, 0, 4).action(Some(12)),
            new(&NOTE, 1, 0),
            new(&code::WAIVER_UNUSED, 1, 8).help("¿sobra?"),
        ];
        let open = Basis::new(files, &sources, &findings).open();
        let row = |row: &FindingView| format!("{} {} {} {}", row.severidad, row.accion, row.lugar, row.recomendacion);
        assert_eq!(
            open.filas.iter().map(row).collect::<Vec<_>>(),
            [
                "Advertencia 12 plan.toml, línea 2 ",
                "Advertencia Seguimiento trimestre-2.toml, línea 3 ¿Sobra?",
                "Nota Plan plan.toml, línea 1 ",
                "Nota Seguimiento trimestre-2.toml, línea 1 ",
            ]
        );
    }

    #[test]
    fn an_excepcion_is_one_row_whatever_number_of_findings_it_accepts() {
        let (sources, files) = files();
        let new = |action| Finding::new(&code::FILE_UNKNOWN, Span::whole(files[0]), "sobra").action(action);
        let (first, second) = (Span::new(files[0], 0..3), Span::new(files[0], 4..7));
        let findings = [waived(new(Some(3)), second), waived(new(Some(1)), first), waived(new(Some(3)), first)];
        let waivers = Basis::new(files, &sources, &findings).waivers();
        let row = |row: &WaiverView| format!("{}: {} ({})", row.accion, row.hallazgos.join(" "), row.lugar);
        assert_eq!(
            waivers.filas.iter().map(row).collect::<Vec<_>>(),
            ["1, 3: Acción 1: Sobra. Acción 3: Sobra. (plan.toml, línea 1)", "3: Sobra. (plan.toml, línea 2)",]
        );
    }

    #[test]
    fn of_what_changed_it_is_said_whether_it_is_known() {
        let said = |quarter, changes| changed(Quarter::new(quarter).unwrap(), changes).texto;
        assert!(said(1, None).contains("primer trimestre"));
        assert!(said(2, None).contains("No hay con qué comparar"));
        let same = said(2, Some(("seguimiento-2024-1t.pdf", &[])));
        assert_eq!(same, "Las acciones están como en seguimiento-2024-1t.pdf, el informe del trimestre anterior.");
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("área sin «X»"), "Área sin «X».");
        assert_eq!(sentence("¿es así?"), "¿Es así?");
        assert_eq!(sentence("«x» no está…"), "«x» no está…");
        assert_eq!(sentence(""), "");
    }
}
