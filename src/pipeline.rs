//! One report, step by step: the file to read first.
//!
//! ```text
//! read      input: TOML → drafts with spans · check: drafts → findings
//! reports   drafts without errors → checked reports
//! compose   view: what the page shows · typeset: template and view → a typst document
//! export    PDF, PNG or SVG
//! ```

use std::path::Path;

use anyhow::Result;
use chrono::Datelike;
use typst_layout::PagedDocument;

use crate::assets::Assets;
use crate::check::{self, Checked};
use crate::diag::{self, FileId, Finding, Span};
use crate::export;
pub use crate::export::{ExportedFile, Format};
use crate::input::text::Alphabet;
use crate::input::{PlanFolder, read_folder};
use crate::model::{Quarter, Report, Year};
use crate::typeset::{Attachment, DateParts, Engine, Job, Metadata, Relationship};
use crate::view::{View, view};

/// What serves all reports: templates, fonts, the typesetting engine.
pub struct Desk {
    assets: Assets,
    engine: Engine,
    alphabet: Alphabet,
}

/// A plan's folder as read and checked.
#[derive(Debug)]
pub struct ReadPlan {
    /// What was read.
    pub folder: PlanFolder,
    /// What is wrong or doubtful in it, in order of position.
    pub findings: Vec<Finding>,
}

/// A report set in type.
pub struct Composed {
    /// What the page shows.
    pub view: View,
    /// The pages.
    pub document: PagedDocument,
    /// What typst warned of.
    pub warnings: Vec<Finding>,
    ident: String,
    plan: FileId,
}

impl Desk {
    /// Loads the templates, the fonts and the engine.
    ///
    /// # Errors
    /// When a font of the working folder cannot be read.
    pub fn new(assets: Assets) -> Result<Self> {
        let engine = Engine::new(&assets)?;
        let alphabet = engine.alphabet();
        Ok(Self { assets, engine, alphabet })
    }

    /// Reads a plan's folder and checks it, with all its trimestres or only one.
    #[must_use]
    pub fn read(&self, path: &Path, only: Option<Quarter>) -> ReadPlan {
        let mut findings = Vec::new();
        let folder = read_folder(path, only, &self.assets, &self.alphabet, &mut findings);
        check::check(&folder, &mut findings);
        diag::sort(&mut findings);
        ReadPlan { folder, findings }
    }

    /// Sets a report of a plan in type.
    ///
    /// # Errors
    /// What is wrong with the template, as findings in its file.
    pub fn compose(&self, plan: &mut ReadPlan, report: &Checked<Report>) -> Result<Composed, Vec<Finding>> {
        let view = view(report);
        let job = self.job(&plan.folder, report, &view)?;
        let [plan_file, _] = report.files();
        let named = plan.format_name().unwrap_or(Span::whole(plan_file));
        let mut findings_of = |diagnosed: Vec<crate::typeset::Diagnosed>| -> Vec<Finding> {
            diagnosed.into_iter().map(|fault| fault.finding(&mut plan.folder.sources, named)).collect()
        };
        match self.engine.typeset(&job) {
            Ok((document, warnings)) => {
                Ok(Composed { view, document, warnings: findings_of(warnings), ident: ident(report), plan: plan_file })
            }
            Err(faults) => Err(findings_of(faults)),
        }
    }

    /// Everything that a report is set from, and everything that its PDF carries.
    fn job(&self, folder: &PlanFolder, report: &Checked<Report>, view: &View) -> Result<Job<'_>, Vec<Finding>> {
        let json = export::json(view);
        let template = report.format().template.clone();
        let attachments = self.attachments(folder, report, &json)?;
        let cutoff = report.get().follow_up.cutoff;
        let metadata = Metadata {
            author: view.entidad.nombre.clone(),
            description: format!("{}, con corte a {}. {}", view.titulo, view.fecha_corte.larga, view.entidad.nombre),
            keywords: keywords(report.get()),
            date: DateParts { year: cutoff.year(), month: cutoff.month(), day: cutoff.day() },
            attachments,
        };
        Ok(Job { assets: &self.assets, template, report: json, metadata, logo: report.get().plan.entity.logo.clone() })
    }

    /// The files inside the PDF: what it was made from, what it shows, how it was laid out.
    fn attachments(
        &self,
        folder: &PlanFolder,
        report: &Checked<Report>,
        json: &[u8],
    ) -> Result<Vec<Attachment>, Vec<Finding>> {
        let [plan, follow_up] = report.files();
        let source = |file: FileId, description: &str| {
            let source = folder.sources.get(file);
            let name = source.name.rsplit('/').next().unwrap_or(&source.name);
            Attachment::new(name, Relationship::Source, description, source.bytes.clone())
        };
        let mut attachments = vec![
            source(plan, "Plan de acción, tal como lo escribió la entidad"),
            source(follow_up, "Seguimiento del trimestre, tal como lo escribió la entidad"),
            Attachment::new("informe.json", Relationship::Data, "Los datos que muestra el informe", json.to_vec()),
        ];
        let format = report.format();
        let template_files = self.assets.files(&format.template).into_iter().filter(|path| path != "formato.toml");
        let layout = std::iter::once((&format.id, "formato.toml".to_owned()))
            .chain(template_files.map(|path| (&format.template, path)));
        for (folder, path) in layout {
            let bytes = self.assets.read(folder, &path).map_err(|fault| vec![fault.finding(Span::whole(plan))])?;
            let bytes = bytes.unwrap_or_default().into_owned();
            attachments.push(Attachment::new(
                &path,
                Relationship::Supplement,
                "Formato oficial con que se compuso el informe",
                bytes,
            ));
        }
        Ok(attachments)
    }
}

impl ReadPlan {
    /// The reports that no error stands in the way of, in order of trimestre.
    #[must_use]
    pub fn reports(&self) -> Vec<Checked<Report>> {
        let follow_ups = self.folder.follow_ups.iter();
        follow_ups.filter_map(|follow_up| check::report(&self.folder, follow_up, &self.findings)).collect()
    }

    /// The vigencia that the plan says it is of.
    #[must_use]
    pub fn year(&self) -> Option<Year> {
        let plan = self.folder.plan.as_ref()?.record.tables("plan").next()?;
        Year::new(plan.integer("vigencia")?.value)
    }

    /// Where the plan names its format.
    fn format_name(&self) -> Option<Span> {
        let plan = self.folder.plan.as_ref()?.record.tables("plan").next()?;
        Some(plan.text("formato")?.span)
    }

    /// How many trimestres the plan has, with errors or without.
    #[must_use]
    pub fn trimestres(&self) -> usize {
        self.folder.follow_ups.len()
    }
}

impl Composed {
    /// Writes the report in a format: one file, or one for each page.
    ///
    /// # Errors
    /// What the PDF standards refuse.
    pub fn export(&self, format: Format) -> Result<Vec<ExportedFile>, Vec<Finding>> {
        export::export(&self.document, format, &self.ident).map_err(|refusals| {
            refusals.into_iter().map(|refusal| export::refused(&refusal, Span::whole(self.plan))).collect()
        })
    }
}

/// What makes this document the same one when it is made again: the PDF's permanent identifier comes from it.
fn ident(report: &Checked<Report>) -> String {
    let Report { plan, follow_up } = report.get();
    format!("{}/{}/{}", plan.entity.name, plan.year.get(), follow_up.quarter.number())
}

fn keywords(report: &Report) -> Vec<String> {
    let Report { plan, follow_up } = report;
    vec![
        "seguimiento".into(),
        "plan de acción".into(),
        format!("vigencia {}", plan.year.get()),
        format!("{} trimestre", follow_up.quarter.roman()),
        plan.entity.acronym.clone(),
    ]
}
