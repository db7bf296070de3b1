//! A working folder with plans of one's own, made into reports in this very process.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use seguimiento::assets::Assets;
use seguimiento::diag::Finding;
use seguimiento::model::Quarter;
use seguimiento::pipeline::{Composed, Desk, Faults, Format, ReadPlan};
use tempfile::TempDir;
use toml::{Table, Value};

use super::tagged::Tagged;

/// The desk of an office that changed neither templates nor fonts.
static DESK: LazyLock<Desk> = LazyLock::new(|| Desk::new(Assets::new("/no hay tal carpeta")).expect("embedded fonts"));

/// A working folder that is gone when the test is over.
pub struct Office(TempDir);

/// A report of a plan of one's own.
pub struct Data {
    pub plan: Table,
    pub follow_up: Table,
}

/// What became of a report.
pub struct Made {
    pub plan: ReadPlan,
    pub findings: Vec<Finding>,
    pub composed: Option<Composed>,
    pub pdf: Option<Vec<u8>>,
}

impl Office {
    /// An empty one.
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders that lead to it.
    pub fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> &Self {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, contents).expect("a file");
        self
    }

    /// Writes a plan `plans/p` with its second trimestre.
    pub fn with(self, data: &Data) -> Self {
        self.write("plans/p/plan.toml", data.plan.to_string());
        self.write("plans/p/trimestre-2.toml", data.follow_up.to_string());
        self
    }

    /// Makes the report of `plans/p` with the templates and fonts of this folder.
    pub fn make(&self) -> Made {
        let desk = Desk::new(Assets::new(self.folder())).expect("fonts that can be read");
        make(&desk, &self.folder().join("plans/p"), None)
    }
}

/// Makes the one report of a plan's folder that is asked for.
pub fn make(desk: &Desk, folder: &Path, quarter: Option<Quarter>) -> Made {
    make_of(desk, desk.read(folder, quarter), false)
}

/// Makes the one report of a plan as read.
fn make_of(desk: &Desk, plan: ReadPlan, annex: bool) -> Made {
    let reports = plan.reports();
    assert!(reports.len() <= 1, "one report at a time");
    let mut made = Made { findings: plan.findings.clone(), composed: None, pdf: None, plan };
    let Some(report) = reports.first() else { return made };
    match desk.prepare(&made.plan, report, annex).and_then(|prepared| desk.compose(prepared)) {
        Ok(composed) => {
            match composed.export(Format::Pdf) {
                Ok(files) => made.pdf = files.into_iter().next().map(|file| file.bytes),
                Err(refusals) => made.found(&refusals),
            }
            made.found(&composed.warnings);
            made.composed = Some(composed);
        }
        Err(faults) => made.found(&faults),
    }
    made
}

/// Makes a report of the repository's own plans.
pub fn shipped(plan: &str, quarter: i64) -> Made {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans").join(plan);
    make(&DESK, &folder, Some(Quarter::new(quarter).expect("a trimestre")))
}

/// Makes a report of the repository's own plans with an annex, of these findings and of no others.
pub fn shipped_with_annex(plan: &str, quarter: i64, findings: impl FnOnce(&ReadPlan) -> Vec<Finding>) -> Made {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans").join(plan);
    with_annex(&DESK, &folder, Quarter::new(quarter), findings)
}

/// Makes a report with an annex, of these findings and of no others.
pub fn with_annex(
    desk: &Desk,
    folder: &Path,
    quarter: Option<Quarter>,
    findings: impl FnOnce(&ReadPlan) -> Vec<Finding>,
) -> Made {
    let mut plan = desk.read(folder, quarter);
    plan.findings = findings(&plan);
    make_of(desk, plan, true)
}

impl Made {
    /// Adds what was found after the data were checked.
    fn found(&mut self, faults: &Faults) {
        self.findings.extend(faults.findings.iter().cloned());
        self.plan.folder.sources = faults.sources.clone();
    }

    /// The codes of what was found.
    pub fn codes(&self) -> Vec<&'static str> {
        self.findings.iter().map(|finding| finding.code.id).collect()
    }

    /// The codes of what was found, each with its file's name, line and column.
    pub fn places(&self) -> Vec<String> {
        let place = |finding: &Finding| {
            let (line, column) = self.plan.folder.sources.position(finding.span);
            let name = &self.plan.folder.sources.get(finding.span.file).name;
            format!("{} {}:{line}:{column}", finding.code.id, name.rsplit('/').next().unwrap_or(name))
        };
        self.findings.iter().map(place).collect()
    }

    /// The PDF as its reader perceives it.
    pub fn tagged(&self) -> Tagged {
        let complaints: Vec<&str> = self.findings.iter().map(|finding| finding.message.as_str()).collect();
        Tagged::read(self.pdf.as_ref().unwrap_or_else(|| panic!("no PDF: {complaints:?}")))
    }

    /// The document before it became a PDF.
    pub fn composed(&self) -> &Composed {
        self.composed.as_ref().expect("a composed report")
    }
}

impl Data {
    /// A sound report with this many short actions.
    pub fn with_actions(number: usize) -> Self {
        let mut data = Self {
            plan: toml::toml! {
                [entidad]
                nombre = "Entidad de Prueba"
                sigla = "EP"
                dependencias = ["Dirección"]
                [plan]
                vigencia = 2024
                objetivo = "probar."
                formato = "seguimiento-trimestral"
            },
            follow_up: toml::toml! {
                [seguimiento]
                vigencia = 2024
                trimestre = 2
                fecha_corte = 2024-06-30
            },
        };
        let actions = (1..=number).map(|number| action(number).into()).collect::<Vec<Value>>();
        let progress = (1..=number).map(|number| progress(number).into()).collect::<Vec<Value>>();
        data.plan.insert("accion".into(), actions.into());
        data.follow_up.insert("avance".into(), progress.into());
        data
    }

    /// Another value for a key of the plan: `plan.papel`, `accion.0.nombre`.
    pub fn plan(mut self, path: &str, value: impl Into<Value>) -> Self {
        set(&mut self.plan, path, value.into());
        self
    }

    /// Another value for a key of the follow-up: `avance.0.cualitativo`.
    pub fn follow_up(mut self, path: &str, value: impl Into<Value>) -> Self {
        set(&mut self.follow_up, path, value.into());
        self
    }

    /// The same text in every text cell of the first row.
    pub fn row_of(mut self, text: &str) -> Self {
        for key in CELLS_OF_ACTION {
            self = self.plan(&format!("accion.0.{key}"), text);
        }
        self.plan("accion.0.responsables", vec![text, text]).follow_up("avance.0.cualitativo", text)
    }

    /// Makes the report in a folder of its own.
    pub fn make(&self) -> Made {
        let office = Office::new().with(self);
        make(&DESK, &office.folder().join("plans/p"), None)
    }

    /// Makes the report, and reads its PDF.
    pub fn tagged(&self) -> Tagged {
        self.make().tagged()
    }
}

/// The keys of an action that hold one text each.
pub const CELLS_OF_ACTION: [&str; 6] =
    ["nombre", "indicador", "unidad_medida", "meta", "seguimiento", "fuente_financiacion"];

fn action(number: usize) -> Table {
    let mut action = toml::toml! {
        nombre = "Hacer"
        responsables = ["Dirección"]
        indicador = "Hecho"
        unidad_medida = "Unidad"
        meta = 1
        fecha_inicio = 2024-03-01
        fecha_fin = 2024-12-31
        seguimiento = "Trimestral"
        fuente_financiacion = "Inversión"
    };
    action.insert("numero".into(), Value::Integer(number.try_into().expect("few actions")));
    action
}

fn progress(number: usize) -> Table {
    let mut progress = toml::toml! {
        porcentual = "N/A"
        cualitativo = "Se hizo."
    };
    progress.insert("accion".into(), Value::Integer(number.try_into().expect("few actions")));
    progress
}

/// Puts a value at a path of keys and indices; tables on the way are made.
fn set(table: &mut Table, path: &str, value: Value) {
    let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
    let mut place = table;
    let mut steps = parents.split('.').filter(|step| !step.is_empty()).peekable();
    while let Some(step) = steps.next() {
        let entry = place.entry(step).or_insert_with(|| Table::new().into());
        place = match steps.peek().and_then(|index| index.parse::<usize>().ok()) {
            Some(index) => {
                steps.next();
                entry[index].as_table_mut().expect("a table in a list")
            }
            None => entry.as_table_mut().expect("a table"),
        };
    }
    place.insert(key.into(), value);
}

/// A font of the report whose letters have other widths: its design grid is declared finer by a tenth (`head.unitsPerEm`).
pub fn other_metrics(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts").join(name);
    let mut font = fs::read(path).expect("a font of the repository");
    let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
    let mut records = (0..tables).map(|table| 12 + 16 * table);
    let head = records.find(|at| &font[*at..at + 4] == b"head").expect("a head table");
    let offset = u32::from_be_bytes(font[head + 8..head + 12].try_into().expect("four bytes")) as usize + 18;
    let units = u16::from_be_bytes([font[offset], font[offset + 1]]);
    font[offset..offset + 2].copy_from_slice(&(units / 10 * 11).to_be_bytes());
    font
}
