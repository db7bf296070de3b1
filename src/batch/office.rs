//! What the crew does: opens plans, makes their reports, saves them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Result, anyhow};

use crate::batch::crew::Trade;
use crate::batch::record::{Record, Settled, Snapshot};
use crate::batch::{Done, Order, Outcome};
use crate::check::Checked;
use crate::diag::{Finding, Sources};
use crate::digest::sha256;
use crate::export::{
    ExportedFile, Format, Written, is_signed, remove_leftovers, remove_old_pages, report_name, write_whole,
};
use crate::input::FollowUpDraft;
use crate::input::discover::{folder_name, trimestres};
use crate::input::file::display;
use crate::lock::lock;
use crate::model::Report;
use crate::pipeline::{Desk, Faults, ReadPlan};

/// What the crew works with.
pub struct Office<'a> {
    /// What serves all reports.
    pub desk: &'a Desk,
    /// What is to be made.
    pub order: &'a Order<'a>,
}

/// A plan whose reports are being made.
pub struct OpenPlan {
    read: ReadPlan,
    /// Where it is.
    source: PathBuf,
    /// The folder of its reports.
    place: PathBuf,
    record: Mutex<Record>,
    /// What will be noted once it is audited and all its reports are up to date.
    settled: Mutex<Option<Settled>>,
    /// How much of that is still to be done.
    left: AtomicUsize,
}

/// What is to be done about a plan.
pub enum Task {
    /// To say what is wrong or doubtful in it.
    Audit(Arc<OpenPlan>),
    /// A report whose data are sound: to be made, or at least to be looked at.
    Report(Arc<OpenPlan>, Box<Checked<Report>>),
}

/// What is to be saved.
pub enum Made {
    /// Nothing: this came of it.
    Nothing(Outcome),
    /// Nothing: the plan is audited while others wait for the disk.
    Audit(Arc<OpenPlan>),
    /// The files of a report.
    Report(Unsaved),
}

/// A report that stands in memory only.
pub struct Unsaved {
    plan: Arc<OpenPlan>,
    name: String,
    /// Fingerprint of what it was made from.
    inputs: u128,
    /// What typst warned of, in words.
    told: String,
    pages: usize,
    files: Vec<(Format, Vec<ExportedFile>)>,
    signed: Option<PathBuf>,
}

impl Trade for Office<'_> {
    type Group = PathBuf;
    type Task = Task;
    type Made = Made;
    type Outcome = Outcome;

    fn open(&self, source: PathBuf) -> (Outcome, Vec<Task>) {
        let place = self.order.into.join(folder_name(&source));
        remove_leftovers(&place);
        let record = Record::read(&place);
        let folder = Snapshot::of(&source);
        match self.settled(&folder, &place, &record) {
            Some((reports, told)) => {
                let stems = reports.iter().map(|report| display(&place.join(report))).collect();
                let done = Done::Unchanged { listed: trimestres(&source, self.order.quarter), stems };
                (Outcome { told, done }, Vec::new())
            }
            None => self.read(source, &folder, place, record),
        }
    }

    fn group_name(&self, source: &PathBuf) -> String {
        display(source)
    }

    fn name(&self, task: &Task) -> String {
        match task {
            Task::Audit(plan) => display(&plan.source),
            Task::Report(plan, report) => display(&plan.place.join(name(report))),
        }
    }

    fn make(&self, task: Task) -> Made {
        match task {
            Task::Audit(plan) => Made::Audit(plan),
            Task::Report(plan, report) => self.report(plan, &report).unwrap_or_else(Made::Nothing),
        }
    }

    fn save(&self, made: Made) -> Outcome {
        match made {
            Made::Nothing(outcome) => outcome,
            Made::Audit(plan) => self.audit(&plan),
            Made::Report(unsaved) => {
                let told = unsaved.told.clone();
                Outcome { told, done: save(unsaved).unwrap_or_else(Done::Broken) }
            }
        }
    }

    fn broken(&self, name: String, message: String) -> Outcome {
        Done::Broken(anyhow!("«{name}»: el programa falló, por un defecto propio: {message}")).into()
    }

    fn counts(&self, outcome: &Outcome) -> bool {
        !matches!(outcome.done, Done::Audited)
    }
}

impl Office<'_> {
    /// The reports, of those that the order covers, of a plan about which nothing was left to be done, if that is still so;
    /// and what is to be said of it, which was said of all its trimestres.
    fn settled(&self, folder: &Snapshot, place: &Path, record: &Record) -> Option<(Vec<String>, String)> {
        // An annex tells also of reports that are in no record, and a settled plan has none.
        let settled = record.settled().filter(|_| !self.order.force && !self.order.annex)?;
        if self.order.quarter.is_some() && !settled.told.is_empty() {
            return None;
        }
        if settled.folder != folder.fingerprint() || settled.shared != self.desk.fingerprint(&settled.templates) {
            return None;
        }
        let covered: Vec<String> = settled.reports.iter().filter(|report| self.covers(report)).cloned().collect();
        let intact = |report: &String| record.is_up_to_date(place, report, None, &self.order.formats);
        covered.iter().all(intact).then(|| (covered, settled.told.clone()))
    }

    /// Whether the order is about a report of this name.
    fn covers(&self, report: &str) -> bool {
        let quarter = self.order.quarter.map(|quarter| format!("-{}t", quarter.number()));
        let year = self.order.year.map(|year| format!("-{}-", year.get()));
        quarter.is_none_or(|end| report.ends_with(&end)) && year.is_none_or(|part| report.contains(&part))
    }

    fn read(&self, source: PathBuf, folder: &Snapshot, place: PathBuf, record: Record) -> (Outcome, Vec<Task>) {
        let mut read = self.desk.read(&source, self.order.quarter);
        let listed = read.trimestres();
        if self.order.year.is_some_and(|year| read.year().is_some_and(|of_plan| of_plan != year)) {
            return (Done::Opened { listed, covered: 0, failed: 0 }.into(), Vec::new());
        }
        self.look_back(&mut read, &place);
        let reports = read.reports();
        // A plan that cannot be read may have any number of trimestres.
        let covered = listed.max(usize::from(read.findings.iter().any(Finding::is_error)));
        let done = Done::Opened { listed, covered, failed: covered - reports.len() };
        let plain = self.order.quarter.is_none() && !self.order.annex;
        let whole = plain && !read.findings.iter().any(Finding::is_error) && is_of(&read, folder);
        let settled = reports.first().filter(|_| whole).map(|first| Settled {
            folder: folder.fingerprint(),
            shared: self.desk.fingerprint(&templates(first)),
            templates: templates(first).to_vec(),
            reports: reports.iter().map(name).collect(),
            told: String::new(),
        });
        let mut told = String::new();
        if self.order.annex {
            read.findings = read.audited();
            told = (self.order.tell_of_plan)(&read.folder, &read.findings);
        }
        let (settled, left) = (Mutex::new(settled), AtomicUsize::new(1 + reports.len()));
        let open = Arc::new(OpenPlan { read, source, place, record: Mutex::new(record), settled, left });
        // With an annex the reports tell what the audit found, and it cannot be done beside them.
        let audit = (!self.order.annex).then(|| Task::Audit(Arc::clone(&open)));
        let reports = reports.into_iter().map(|report| Task::Report(Arc::clone(&open), Box::new(report)));
        (Outcome { told, done }, audit.into_iter().chain(reports).collect())
    }

    /// Says what is wrong or doubtful in a plan.
    fn audit(&self, plan: &OpenPlan) -> Outcome {
        let told = (self.order.tell_of_plan)(&plan.read.folder, &plan.read.audited());
        if let Some(settled) = lock(&plan.settled).as_mut() {
            settled.told.clone_from(&told);
        }
        plan.one_less();
        Outcome { told, done: Done::Audited }
    }

    /// Finds out how the plan was when the trimestre before each was reported, from the reports that this run will not make
    /// again: what it compares with is still there when it is done.
    fn look_back(&self, read: &mut ReadPlan, place: &Path) {
        for (quarter, report) in read.reports_before() {
            let path = place.join(format!("{report}.pdf"));
            let stays = || self.order.quarter.is_some() || is_signed(&path).is_ok_and(|signed| signed);
            if path.exists()
                && stays()
                && let Ok(earlier) = self.desk.earlier(&path, read)
            {
                read.earlier.insert(quarter, earlier);
            }
        }
    }

    /// A report, up to the point where it is to be saved. If it does not get there, what came of it instead is the error.
    fn report(&self, plan: Arc<OpenPlan>, report: &Checked<Report>) -> Result<Made, Outcome> {
        let failed =
            |faults: Faults| Outcome { told: self.tell(&faults.findings, &faults.sources), done: Done::Failed };
        let name = name(report);
        let pdf = plan.place.join(format!("{name}.pdf"));
        let mut formats = self.order.formats.clone();
        let signed = formats.contains(&Format::Pdf) && is_signed(&pdf).map_err(Done::Broken)?;
        formats.retain(|format| !signed || *format != Format::Pdf);
        let signed = signed.then_some(pdf);
        let up_to_date = Done::UpToDate { stem: display(&plan.place.join(&name)), signed: signed.clone() };
        if formats.is_empty() {
            return Err(up_to_date.into());
        }
        let prepared = self.desk.prepare(&plan.read, report, self.order.annex).map_err(failed)?;
        let inputs = prepared.fingerprint(self.desk.fingerprint(&templates(report)));
        if !self.order.force && lock(&plan.record).is_up_to_date(&plan.place, &name, Some(inputs), &formats) {
            plan.one_less();
            return Err(up_to_date.into());
        }

        let composed = self.desk.compose(prepared).map_err(failed)?;
        let export = |format| Ok((format, composed.export(format).map_err(failed)?));
        let files = formats.into_iter().map(export).collect::<Result<_, Outcome>>()?;
        let told = self.tell(&composed.warnings.findings, &composed.warnings.sources);
        let pages = composed.document.pages().len();
        Ok(Made::Report(Unsaved { plan, name, inputs, told, pages, files, signed }))
    }

    fn tell(&self, findings: &[Finding], sources: &Sources) -> String {
        if findings.is_empty() { String::new() } else { (self.order.tell)(findings, sources) }
    }
}

/// Puts the files of a report where they belong, and notes what they were made from.
fn save(unsaved: Unsaved) -> Result<Done> {
    let Unsaved { plan, name, inputs, told, pages, files, mut signed } = unsaved;
    let stem = display(&plan.place.join(&name));
    let mut written = Vec::new();
    for (format, files) in files {
        let mut digests = BTreeMap::new();
        for file in &files {
            let name = format!("{name}{}", file.suffix);
            let path = plan.place.join(&name);
            match write_whole(&path, &file.bytes)? {
                Written::KeptSigned => signed = Some(path),
                Written::Yes => {
                    digests.insert(name, sha256(&file.bytes));
                    written.push(path);
                }
            }
        }
        remove_old_pages(&plan.place, &name, format, files.len())?;
        let mut record = lock(&plan.record);
        // What was warned of is to be told again the next time, and what is signed is not what was made.
        if told.is_empty() && digests.len() == files.len() {
            record.note(&name, inputs, format, digests);
        } else {
            record.forget(&name);
        }
    }
    plan.one_less();
    Ok(Done::Made { stem, pages, files: written, signed })
}

impl OpenPlan {
    /// Keeps the record and, with the last that was to be done, also that nothing is left to be done, if that is so.
    fn one_less(&self) {
        let last = self.left.fetch_sub(1, Ordering::AcqRel) == 1;
        let mut record = lock(&self.record);
        if let Some(settled) = lock(&self.settled).as_ref().filter(|_| last)
            && Snapshot::of(&self.source).fingerprint() == settled.folder
        {
            record.settle(settled.clone());
        }
        record.write(&self.place);
    }
}

/// Whether a plan was read from just these files.
fn is_of(read: &ReadPlan, folder: &Snapshot) -> bool {
    let files =
        read.folder.plan.iter().map(|plan| plan.file).chain(read.folder.follow_ups.iter().map(FollowUpDraft::file));
    let mut sources = files.map(|file| read.folder.sources.get(file));
    sources.all(|source| folder.has(source.name.rsplit('/').next().unwrap_or_default(), &source.bytes))
        && read.folder.logo.iter().all(|(_, bytes)| folder.has_anywhere(bytes))
}

/// A plan has one format, and its format one template.
fn templates(report: &Checked<Report>) -> [String; 2] {
    [report.format().id.clone(), report.format().template.clone()]
}

/// What a report is called in its plan's folder of reports.
fn name(report: &Checked<Report>) -> String {
    let Report { plan, follow_up } = report.get();
    report_name(plan.year, follow_up.quarter)
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        Self { told: String::new(), done }
    }
}
