//! The report as the page shows it: every number and date already in the form in which it is printed.
//!
//! This is the one thing that a template receives, as JSON, and what `exportar --formato json` prints. Its shape is
//! documented for the authors of templates in `report-templates/README.md`.

mod annex;
pub mod print;

pub use print::lines as printed;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::check::Checked;
use crate::model::{Column, Format, Owner, Report, Signatory, Values, Width, long_date, short_date};
pub use annex::{AnnexView, annex};

/// Version of the JSON's shape; it grows when a template written for the old shape would no longer work.
const SCHEMA: u32 = 1;

/// A report, ready to be set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct View {
    esquema: u32,
    /// The title on the page and in the PDF's metadata.
    pub titulo: String,
    vigencia: i32,
    trimestre: QuarterView,
    /// The day that the follow-up reports up to.
    pub fecha_corte: DateView,
    /// Whose report it is.
    pub entidad: EntityView,
    documento: Option<DocumentView>,
    objetivo: String,
    pagina: PageView,
    grupos: Vec<GroupView>,
    columnas: Vec<ColumnView>,
    /// Rows of cells of lines.
    pub filas: Vec<Vec<Vec<String>>>,
    firmas: Vec<SignatoryView>,
    datos: BTreeMap<String, String>,
    /// The annex for the control office, if it was asked for.
    pub anexo: Option<AnnexView>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct QuarterView {
    numero: u8,
    romano: &'static str,
}

/// A date in the forms that a page may need.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DateView {
    iso: String,
    corta: String,
    /// «30 de junio de 2024»
    pub larga: String,
}

/// An entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntityView {
    /// Its full name.
    pub nombre: String,
    /// Its acronym.
    pub sigla: String,
    /// Virtual path of its logo.
    pub logo: Option<String>,
    /// What stands before the code of the report in an address.
    pub direccion_verificacion: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct DocumentView {
    codigo: String,
    version: String,
    fecha: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct PageView {
    papel: &'static str,
    ancho_mm: f64,
    alto_mm: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct GroupView {
    clave: String,
    titulo: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct ColumnView {
    clave: String,
    titulo: String,
    grupo: Option<String>,
    ancho: WidthView,
    alineacion: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct WidthView {
    valor: f64,
    unidad: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct SignatoryView {
    rol: &'static str,
    titulo: &'static str,
    nombre: Option<String>,
    cargo: Option<String>,
}

/// The report as its format shows it, without annex.
#[must_use]
pub fn view(checked: &Checked<Report>) -> View {
    let (report, format) = (checked.get(), checked.format());
    let Report { plan, follow_up } = report;
    let fill = |text: &str| {
        text.replace("{vigencia}", &plan.year.get().to_string()).replace("{trimestre}", follow_up.quarter.roman())
    };
    let (ancho_mm, alto_mm) = plan.paper.size_mm();
    View {
        esquema: SCHEMA,
        titulo: fill(&format.title),
        vigencia: plan.year.get(),
        trimestre: QuarterView { numero: follow_up.quarter.number(), romano: follow_up.quarter.roman() },
        fecha_corte: DateView {
            iso: follow_up.cutoff.format("%Y-%m-%d").to_string(),
            corta: short_date(follow_up.cutoff),
            larga: long_date(follow_up.cutoff),
        },
        entidad: EntityView {
            nombre: plan.entity.name.clone(),
            sigla: plan.entity.acronym.clone(),
            logo: plan.entity.logo.as_ref().map(|(name, _)| format!("/informe/{name}")),
            direccion_verificacion: plan.entity.verification.clone(),
        },
        documento: plan.document.as_ref().map(|document| DocumentView {
            codigo: document.code.clone(),
            version: document.version.clone(),
            fecha: short_date(document.date),
        }),
        objetivo: plan.objective.clone(),
        pagina: PageView { papel: plan.paper.name(), ancho_mm, alto_mm },
        grupos: format.groups.iter().map(|g| GroupView { clave: g.key.clone(), titulo: fill(&g.title) }).collect(),
        columnas: format.columns.iter().map(|column| column_view(column, &fill)).collect(),
        filas: rows(report, format),
        firmas: plan.signatories.iter().map(signatory_view).collect(),
        datos: data(report, format),
        anexo: None,
    }
}

fn column_view(column: &Column, fill: &impl Fn(&str) -> String) -> ColumnView {
    let (valor, unidad) = match column.width {
        Width::Millimetres(width) => (width, "mm"),
        Width::Fraction(share) => (share, "fr"),
    };
    ColumnView {
        clave: column.key.clone(),
        titulo: fill(&column.title),
        grupo: column.group.clone(),
        ancho: WidthView { valor, unidad },
        alineacion: column.alignment.name(),
    }
}

/// One row for each action: each column's value is the action's, or else its avance's.
fn rows(report: &Report, format: &Format) -> Vec<Vec<Vec<String>>> {
    let pairs = report.plan.actions.iter().zip(&report.follow_up.progress);
    pairs
        .map(|(action, progress)| {
            format.columns.iter().map(|column| cell(&column.key, &action.values, &progress.values)).collect()
        })
        .collect()
}

fn cell(key: &str, action: &Values, progress: &Values) -> Vec<String> {
    action.get(key).or_else(|| progress.get(key)).map(|value| print::lines(&value.value)).unwrap_or_default()
}

/// The format's own keys of the plan and of the follow-up.
fn data(report: &Report, format: &Format) -> BTreeMap<String, String> {
    let value = |owner: Owner, key: &str| match owner {
        Owner::Plan => report.plan.data.get(key),
        Owner::FollowUp => report.follow_up.data.get(key),
        Owner::Action | Owner::Progress => None,
    };
    format
        .data
        .iter()
        .filter_map(|datum| Some((datum.key.clone(), print::lines(&value(datum.owner, &datum.key)?.value).join("\n"))))
        .collect()
}

fn signatory_view(signatory: &Signatory) -> SignatoryView {
    SignatoryView {
        rol: signatory.role.name(),
        titulo: signatory.role.title(),
        nombre: signatory.name.clone(),
        cargo: signatory.post.clone(),
    }
}
