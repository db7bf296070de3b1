//! One report, step by step: the file to read first.
//!
//! ```text
//! read      input: TOML → drafts with spans · check: drafts → findings
//! reports   drafts without errors → checked reports
//! prepare   view: what the page shows · all that the document is set from and carries
//! compose   typeset: template and view → a typst document
//! export    PDF with its empty signature fields, PNG or SVG
//! ```
//!
//! [`crate::batch`] takes many reports through these steps. The PDF is signed later, by people: [`crate::sign`] is what adds their
//! signatures to it, [`crate::verify`] what says whether they hold.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use chrono::Datelike;
use typst::foundations::Bytes;
use typst::utils::hash128;
use typst_layout::PagedDocument;

use crate::again::{Code, PROVENANCE, Provenance, flat, logo_name};
use crate::assets::{Assets, TEMPLATES};
use crate::audit::{self, Change};
use crate::check::{self, Checked};
use crate::diag::{self, FileId, Finding, SourceFile, Sources, Span};
use crate::export;
pub use crate::export::{ExportedFile, Format};
use crate::input::file::Unreadable;
use crate::input::office::{read_office, read_signing};
use crate::input::text::Alphabet;
use crate::input::{Earlier, Files, PlanFolder, Said, read_earlier, read_folder};
use crate::model::{self, Quarter, Report, Year};
use crate::typeset::{
    self, Attachment, DateParts, Diagnosed, Engine, Job, Metadata, PrintedCode, Relationship, SignatureJob,
};
use crate::view::{AnnexView, annex, view};

/// The file of a format's columns.
const COLUMNS: &str = "formato.toml";
/// The file among a template's that sets the annex.
const ANNEX: &str = "comun/anexo.typ";

/// What serves all reports: templates, fonts, the typesetting engine.
pub struct Desk {
    assets: Assets,
    engine: Arc<Engine>,
    alphabet: Arc<Alphabet>,
}

/// A plan's folder as read and checked.
#[derive(Debug)]
pub struct ReadPlan {
    /// What was read.
    pub folder: PlanFolder,
    /// What is wrong or doubtful in it, in order of position.
    pub findings: Vec<Finding>,
    /// The plan as it was when the trimestre before each one was reported, where that is known.
    pub earlier: BTreeMap<Quarter, Earlier>,
}

/// A report with everything that it is set from and that its PDF carries: the same of this is the same PDF.
pub struct Prepared {
    job: Job,
    ident: String,
    sources: Sources,
    /// Where the plan names its format: the place of faults that are nowhere in the template.
    format: Span,
}

/// A report set in type.
pub struct Composed {
    /// The pages.
    pub document: PagedDocument,
    /// What typst warned of.
    pub warnings: Faults,
    ident: String,
    sources: Sources,
    plan: FileId,
}

/// What is wrong with a report, found after its data were checked, and the files that the findings point into.
#[derive(Debug)]
pub struct Faults {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The files of the plan and of its template.
    pub sources: Sources,
}

impl Desk {
    /// Loads the templates, the fonts and the engine.
    ///
    /// # Errors
    /// When a font of the working folder cannot be read.
    pub fn new(assets: Assets) -> Result<Self> {
        let engine = Engine::new(&assets)?;
        let alphabet = engine.alphabet().into();
        Ok(Self { assets, engine: engine.into(), alphabet })
    }

    /// The same desk, fonts and engine, with other templates.
    #[must_use]
    pub fn with(&self, assets: Assets) -> Self {
        Self { assets, engine: Arc::clone(&self.engine), alphabet: Arc::clone(&self.alphabet) }
    }

    /// Reads a plan's folder and checks it, with all its trimestres or only one.
    #[must_use]
    pub fn read(&self, path: &Path, only: Option<Quarter>) -> ReadPlan {
        self.read_files(Files::Folder(path), only)
    }

    /// Reads the files of a plan, wherever they are, and checks them.
    #[must_use]
    pub fn read_files(&self, files: Files<'_>, only: Option<Quarter>) -> ReadPlan {
        let mut findings = Vec::new();
        let folder = read_folder(files, only, &self.assets, &self.alphabet, &mut findings);
        check::check(&folder, &mut findings);
        diag::sort(&mut findings);
        ReadPlan { folder, findings, earlier: BTreeMap::new() }
    }

    /// Reads the plan inside an earlier report, to compare with.
    ///
    /// # Errors
    /// When it is no report that can be read.
    pub fn earlier(&self, report: &Path, plan: &ReadPlan) -> Result<Earlier> {
        read_earlier(report, &plan.folder, &self.alphabet)
    }

    /// Reads what the office says for all its plans.
    #[must_use]
    pub fn office(&self, working_folder: &Path) -> Said {
        read_office(working_folder, &self.alphabet)
    }

    /// Reads what a plan says of signing, and nothing else of it.
    #[must_use]
    pub fn signing(&self, plan: &Path) -> Said {
        read_signing(plan, &self.alphabet)
    }

    /// Gathers what a report of a plan is set from, with the annex for the control office or without it. An annex tells of
    /// the plan's findings: the plan must have been audited.
    ///
    /// # Errors
    /// When a file of the template cannot be read.
    pub fn prepare(&self, plan: &ReadPlan, report: &Checked<Report>, annex: bool) -> Result<Prepared, Faults> {
        self.prepare_with(plan, report, annex.then(|| plan.annex(report)))
    }

    /// The same, with an annex that is at hand.
    ///
    /// # Errors
    /// As [`Desk::prepare`].
    pub fn prepare_with(
        &self,
        plan: &ReadPlan,
        report: &Checked<Report>,
        annex: Option<AnnexView>,
    ) -> Result<Prepared, Faults> {
        let sources = plan.folder.sources.clone();
        let [plan_file, _] = report.files();
        let format = plan.format_name().unwrap_or(Span::whole(plan_file));
        match self.job(plan, report, annex) {
            Ok(job) => Ok(Prepared { job, ident: ident(report), sources, format }),
            Err(findings) => Err(Faults { findings, sources }),
        }
    }

    /// Everything that reports set with these templates share, as a fingerprint: the program, the fonts, the templates.
    #[must_use]
    pub fn fingerprint(&self, templates: &[String]) -> u128 {
        let templates: Vec<u128> = templates.iter().map(|template| self.assets.fingerprint(template)).collect();
        hash128(&(env!("SEGUIMIENTO_BUILD"), self.engine.fonts(), templates))
    }

    /// Sets a report in type.
    ///
    /// # Errors
    /// What is wrong with the template, as findings in its file.
    pub fn compose(&self, prepared: Prepared) -> Result<Composed, Faults> {
        let Prepared { job, ident, mut sources, format } = prepared;
        let mut faults = |diagnosed: Vec<Diagnosed>| {
            let findings = diagnosed.into_iter().map(|fault| fault.finding(&mut sources, format)).collect();
            Faults { findings, sources: sources.clone() }
        };
        let (document, warnings) = self.engine.typeset(&job, &self.assets).map_err(&mut faults)?;
        Ok(Composed { document, warnings: faults(warnings), ident, sources, plan: format.file })
    }

    /// Sets the visible appearance of a signature: one page or more, each as large as its box.
    ///
    /// # Errors
    /// What is wrong with the template, as findings in its file.
    pub fn compose_signature(&self, job: &SignatureJob) -> Result<PagedDocument, Faults> {
        let mut sources = Sources::default();
        let template = SourceFile::new(format!("{TEMPLATES}/{}", typeset::SIGNATURE), Vec::new(), String::new());
        let otherwise = Span::whole(sources.add(template));
        self.engine.typeset_signature(job, &self.assets).map_err(|faults| {
            let findings = faults.into_iter().map(|fault| fault.finding(&mut sources, otherwise)).collect();
            Faults { findings, sources }
        })
    }

    /// A text that no file of data holds, as the fonts can print it: on one line, and with a question mark in the place of
    /// what they cannot draw.
    #[must_use]
    pub fn printable(&self, text: &str) -> String {
        self.alphabet.printable(text)
    }

    /// Everything that a report is set from, and everything that its PDF carries.
    fn job(&self, plan: &ReadPlan, report: &Checked<Report>, annex: Option<AnnexView>) -> Result<Job, Vec<Finding>> {
        let mut view = view(report);
        view.anexo = annex;
        let json = Bytes::new(export::json(&view));
        let cutoff = report.get().follow_up.cutoff;
        let metadata = Metadata {
            author: view.entidad.nombre.clone(),
            description: format!("{}, con corte a {}. {}", view.titulo, view.fecha_corte.larga, view.entidad.nombre),
            keywords: keywords(report.get()),
            date: DateParts { year: cutoff.year(), month: cutoff.month(), day: cutoff.day() },
            attachments: self.attachments(plan, report, &json, view.anexo.is_some())?,
        };
        let logo = report.get().plan.entity.logo.clone();
        let code = PrintedCode::new(&Code::of(&json), report.get().plan.entity.verification.as_deref());
        Ok(Job { template: report.format().template.clone(), report: json, metadata, logo, code })
    }

    /// The files inside the PDF: what it was made from, what it shows, how it was laid out, what made it. [`crate::again`] makes
    /// the report of them again.
    fn attachments(
        &self,
        plan: &ReadPlan,
        report: &Checked<Report>,
        json: &Bytes,
        with_annex: bool,
    ) -> Result<Vec<Attachment>, Vec<Finding>> {
        let mut attachments = sources(plan, report);
        let mut provenance = self.provenance();
        let mut add = |name: &str, path: &str, relationship, description, bytes| {
            if name != path {
                provenance.names.insert(name.into(), path.into());
            }
            attachments.push(Attachment::new(name, relationship, description, bytes));
        };
        if let Some((file, bytes)) = &report.get().plan.entity.logo {
            let path = plan.logo_name().unwrap_or(file);
            add(&logo_name(file), path, Relationship::Source, "Logo de la entidad", Bytes::new(bytes.clone()));
        }
        add("informe.json", "informe.json", Relationship::Data, "Los datos que muestra el informe", json.clone());
        let layout = self.layout(report.format(), with_annex);
        let [plan_file, _] = report.files();
        for (path, bytes) in layout.map_err(|fault| vec![fault.finding(Span::whole(plan_file))])? {
            let description = "Formato oficial con que se compuso el informe";
            add(&flat(&path), &path, Relationship::Supplement, description, bytes);
        }
        let provenance = Bytes::new(provenance.json());
        let description = "El programa y los tipos de letra con que se compuso el informe";
        attachments.push(Attachment::new(PROVENANCE, Relationship::Supplement, description, provenance));
        Ok(attachments)
    }

    /// What makes the reports of this desk: the program and the fonts.
    #[must_use]
    pub fn provenance(&self) -> Provenance {
        Provenance::new(self.engine.font_digests())
    }

    /// The files that lay a format out, by path: its columns, its template and what all templates share.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn layout(&self, format: &model::Format, with_annex: bool) -> Result<BTreeMap<String, Bytes>, Unreadable> {
        let is_used = |path: &String| path != COLUMNS && path != typeset::SIGNATURE && (with_annex || path != ANNEX);
        let template = self.assets.files(&format.template).into_iter().filter(is_used);
        let files =
            std::iter::once((&format.id, COLUMNS.to_owned())).chain(template.map(|path| (&format.template, path)));
        files
            .map(|(folder, path)| Ok((path.clone(), self.assets.read(folder, &path)?.unwrap_or(Bytes::new([])))))
            .collect()
    }
}

/// The files that an entity wrote.
fn sources(plan: &ReadPlan, report: &Checked<Report>) -> Vec<Attachment> {
    let descriptions = [
        "Plan de acción, tal como lo escribió la entidad",
        "Seguimiento del trimestre, tal como lo escribió la entidad",
    ];
    let source = |(file, description)| {
        let source = plan.folder.sources.get(file);
        Attachment::new(source.base_name(), Relationship::Source, description, Bytes::new(source.bytes.clone()))
    };
    report.files().into_iter().zip(descriptions).map(source).collect()
}

impl Prepared {
    /// The files that the report's PDF carries.
    #[must_use]
    pub fn attachments(&self) -> &[Attachment] {
        &self.job.metadata.attachments
    }

    /// What the engine gets of this report, by name under `informe/`: all that is not the same for every report of its template.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Bytes)> {
        self.job.files()
    }

    /// What the PDF's permanent identifier comes from.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.ident
    }

    /// Everything that the report's files depend on, as a fingerprint; `shared` is [`Desk::fingerprint`].
    #[must_use]
    pub fn fingerprint(&self, shared: u128) -> u128 {
        hash128(&(shared, &self.job, &self.ident))
    }
}

impl ReadPlan {
    /// The findings with those of the audit. Changes are told against what is known of the last trimestre.
    #[must_use]
    pub fn audited(&self) -> Vec<Finding> {
        let earlier = self.earlier.values().next_back();
        let mut findings = self.findings.clone();
        findings.extend(audit::audit(&self.folder, earlier));
        diag::sort(&mut findings);
        findings
    }

    /// The annex of a report: what was found in its files, and what has changed.
    fn annex(&self, report: &Checked<Report>) -> AnnexView {
        let changes = self.changes(report);
        let changes = changes.as_ref().map(|(earlier, changes)| (*earlier, changes.as_slice()));
        annex(report, &view(report).titulo, &self.findings, &self.folder.sources, changes)
    }

    /// What has changed since the trimestre before a report's own was reported, and the name of that report, if it is known.
    fn changes(&self, report: &Checked<Report>) -> Option<(&str, Vec<Change>)> {
        let earlier = self.earlier.get(&report.get().follow_up.quarter)?;
        let now = self.folder.plan.as_ref()?;
        Some((&earlier.report, audit::changes(&earlier.plan.record, &now.record)))
    }

    /// For each trimestre that is asked for, the name of the report of the one before, without an ending.
    #[must_use]
    pub fn reports_before(&self) -> Vec<(Quarter, String)> {
        let quarters = self.folder.asked_for().map(|follow_up| follow_up.quarter);
        quarters.filter_map(|quarter| Some((quarter, export::report_name(self.year()?, quarter.before()?)))).collect()
    }

    /// The reports that no error stands in the way of, in order of trimestre.
    #[must_use]
    pub fn reports(&self) -> Vec<Checked<Report>> {
        let follow_ups = self.folder.asked_for();
        follow_ups.filter_map(|follow_up| check::report(&self.folder, follow_up, &self.findings)).collect()
    }

    /// The vigencia that the plan says it is of.
    #[must_use]
    pub fn year(&self) -> Option<Year> {
        let plan = self.folder.plan.as_ref()?.record.tables("plan").next()?;
        Year::new(plan.integer("vigencia")?.value)
    }

    /// The file of the logo, as the plan names it.
    fn logo_name(&self) -> Option<&str> {
        Some(self.folder.plan.as_ref()?.record.tables("entidad").next()?.text("logo")?.value)
    }

    /// Where the plan names its format.
    fn format_name(&self) -> Option<Span> {
        let plan = self.folder.plan.as_ref()?.record.tables("plan").next()?;
        Some(plan.text("formato")?.span)
    }

    /// How many trimestres the plan has, with errors or without.
    #[must_use]
    pub fn trimestres(&self) -> usize {
        self.folder.asked_for().count()
    }
}

impl Composed {
    /// Writes the report in a format: one file, or one for each page.
    ///
    /// # Errors
    /// What the PDF standards refuse.
    pub fn export(&self, format: Format) -> Result<Vec<ExportedFile>, Faults> {
        export::export(&self.document, format, &self.ident).map_err(|refusals| {
            let refused = |refusal: String| export::refused(&refusal, Span::whole(self.plan));
            Faults { findings: refusals.into_iter().map(refused).collect(), sources: self.sources.clone() }
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
