//! What `firmar`, `sellar` and `archivar` share: which reports, what the settings say of them, and how it goes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime};

use anyhow::{Context, Result, anyhow, bail};
use chrono::{DateTime, Utc};

use crate::archive;
use crate::cli::Outcome;
use crate::cli::args::ServiceOptions;
use crate::cli::printer::Printer;
use crate::cli::progress::Progress;
use crate::cli::select::HERE;
use crate::diag::{Finding, render};
use crate::export::append;
use crate::input::Said;
use crate::input::discover::{PLANS, folder_name};
use crate::input::file::{display, read_bytes};
use crate::pipeline::Desk;
use crate::pki::certificate::Certificate;
use crate::sign::network::{Credentials, Http, Limits, Once, Proxies, TimestampServer};
use crate::sign::{Authority, Clock, Services, Settings, TimestampAuthority};

/// Largest report that is read, in bytes.
const MAX_REPORT: u64 = 1 << 30;
/// Largest file of certificates, in bytes.
const MAX_CERTIFICATES: u64 = 16 << 20;

/// A report that was named, or found in a folder that was named.
pub struct Report {
    path: PathBuf,
    named: bool,
}

/// Reports for which the same settings hold.
pub struct Batch {
    /// What holds.
    pub settings: Settings,
    /// How they are archived.
    pub archive: archive::Settings,
    /// Who is trusted.
    pub anchors: Vec<Certificate>,
    reports: Vec<Report>,
    http: Http,
}

/// What the office says of signing and archiving, and what each plan says over it.
pub struct Office<'a> {
    desk: &'a Desk,
    options: &'a Settings,
    said: Told,
    of_plans: BTreeMap<String, Told>,
}

/// What a file says of signing and archiving.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    /// How it is signed.
    pub signing: Settings,
    /// How it is archived.
    pub archive: archive::Settings,
}

/// What a command does, in words.
pub struct Words {
    /// Of a report: «firmado por Ana Muñoz».
    pub did: String,
    /// Of one and of many: «informe firmado», «informes firmados».
    pub done: [&'static str; 2],
    /// Of one and of many of a folder with which there was nothing to do.
    pub passed_over: [&'static str; 2],
    /// Of one and of many with which it could not be done.
    pub failed: [&'static str; 2],
}

/// How it goes, as the office sees it.
pub struct Log<'a> {
    words: Words,
    progress: Progress,
    printer: &'a mut Printer,
    start: Instant,
    reports: usize,
    done: usize,
    passed_over: usize,
    refused: usize,
    broken: usize,
    /// Whether it makes no sense to go on.
    halted: bool,
}

/// The time of this machine.
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }
}

impl ServiceOptions {
    /// What they say, as settings.
    pub fn settings(&self) -> Settings {
        let authority = self.authority.clone();
        Settings {
            authority: authority.map(|url| Authority { url, credentials: self.credentials.clone() }),
            anchors: self.anchors.clone(),
            ..Settings::default()
        }
    }
}

/// The reports that are meant, with their settings: the options over what their plan says over what the office says. `None` where
/// these files have errors, which have been told.
///
/// # Errors
/// When there is no such report, or a file that the settings name cannot be used.
pub fn batches(
    named: &[PathBuf],
    options: &Settings,
    desk: &Desk,
    printer: &mut Printer,
) -> Result<Option<Vec<Batch>>> {
    let Some(mut office) = Office::new(options, desk, printer) else { return Ok(None) };
    let mut batches: Vec<Batch> = Vec::new();
    for report in listed(named)? {
        // The folder of a plan's reports has the name of the plan's own.
        let plan = report.path.parent().map(folder_name).unwrap_or_default();
        let Some(told) = office.of_plan(&plan, printer) else { return Ok(None) };
        match batches.iter_mut().find(|batch| (&batch.settings, &batch.archive) == (&told.signing, &told.archive)) {
            Some(batch) => batch.reports.push(report),
            None => batches.push(Batch::new(told.clone(), report)?),
        }
    }
    Ok(Some(batches))
}

impl<'a> Office<'a> {
    /// Reads what the office says, unless it has errors, which are told.
    pub fn new(options: &'a Settings, desk: &'a Desk, printer: &mut Printer) -> Option<Self> {
        let here = Path::new(HERE);
        let said = heed(&desk.office(here), here, printer)?;
        Some(Self { desk, options, said, of_plans: BTreeMap::new() })
    }

    /// What holds for the reports of a plan, by the name of its folder: the options over what it says over what the office says. Nothing if
    /// its file has errors, which are told.
    pub fn of_plan(&mut self, plan: &str, printer: &mut Printer) -> Option<&Told> {
        if !self.of_plans.contains_key(plan) {
            let folder = Path::new(HERE).join(PLANS).join(plan);
            let said = if plan.is_empty() { Said::default() } else { self.desk.signing(&folder) };
            let told = heed(&said, &folder, printer)?;
            let signing = self.options.clone().over(&told.signing.over(&self.said.signing));
            let told = Told { signing, archive: told.archive.over(&self.said.archive) };
            self.of_plans.insert(plan.to_owned(), told);
        }
        self.of_plans.get(plan)
    }
}

/// What a file says, unless it has errors.
fn heed(said: &Said, folder: &Path, printer: &mut Printer) -> Option<Told> {
    if !said.findings.is_empty() {
        printer.note(render::human(&said.findings, &said.sources, printer.colour_notes()).trim_end());
    }
    let sound = !said.findings.iter().any(Finding::is_error);
    let told = said.draft.as_ref().map(|draft| Told {
        signing: Settings::of(&draft.record, folder),
        archive: archive::Settings::of(&draft.record, folder),
    });
    sound.then(|| told.unwrap_or_default())
}

/// The reports named, and those in the folders named, each once.
fn listed(named: &[PathBuf]) -> Result<Vec<Report>> {
    let mut reports: Vec<Report> = Vec::new();
    for path in named {
        let failed = || format!("no se puede leer «{}»", display(path));
        if !fs::metadata(path).with_context(failed)?.is_dir() {
            reports.push(Report { path: path.clone(), named: true });
            continue;
        }
        let before = reports.len();
        add_pdfs(path, &mut reports)?;
        if reports.len() == before {
            bail!("en la carpeta «{}» no hay ningún PDF", display(path));
        }
    }
    let place = |report: &Report| report.path.canonicalize().unwrap_or_else(|_| report.path.clone());
    let mut seen = BTreeSet::new();
    reports.retain(|report| seen.insert(place(report)));
    Ok(reports)
}

/// The PDFs of a folder and of those in it, in order of name. Hidden ones, and what links lead to, are left out.
fn add_pdfs(folder: &Path, reports: &mut Vec<Report>) -> Result<()> {
    let failed = || format!("no se puede leer «{}»", display(folder));
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>).with_context(failed)?;
    let mut paths: Vec<(PathBuf, bool)> = Vec::new();
    for entry in entries {
        paths.push((entry.path(), entry.file_type().with_context(failed)?.is_dir()));
    }
    paths.sort();
    for (path, is_folder) in paths {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_folder && !hidden {
            add_pdfs(&path, reports)?;
        } else if is_pdf(&path) {
            reports.push(Report { path, named: false });
        }
    }
    Ok(())
}

fn is_pdf(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    !hidden && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}

impl Batch {
    fn new(told: Told, first: Report) -> Result<Self> {
        let Told { signing: settings, archive } = told;
        let anchors = anchors(&settings)?;
        let limits = Limits { time: settings.wait(), ..Limits::default() };
        let http = Http::new(limits, Proxies::from_environment()?, None);
        let batch = Self { settings, archive, anchors, reports: vec![first], http };
        batch.authority()?; // what is wrong with it is known before anything is signed
        Ok(batch)
    }

    fn authority(&self) -> Result<Option<TimestampServer<'_>>> {
        let Some(authority) = &self.settings.authority else { return Ok(None) };
        let credentials = authority.credentials.as_deref().map(Credentials::read).transpose()?;
        self.http.timestamps(&authority.url, credentials).map(Some)
    }

    /// The reports, in their order.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.reports.iter().map(|report| report.path.as_path())
    }

    /// Does something with those who vouch for the time and for certificates; whoever is asked is asked once.
    ///
    /// # Errors
    /// When the authority's password can no longer be read.
    pub fn with_services<T>(&self, act: impl FnOnce(&Services<'_>) -> T) -> Result<T> {
        let (network, authority) = (Once::new(&self.http), self.authority()?);
        Ok(act(&Services {
            clock: &MachineClock,
            authority: authority.as_ref().map(|authority| authority as &dyn TimestampAuthority),
            network: &network,
            anchors: &self.anchors,
        }))
    }

    /// Does something with each report: `act` gets its name, its bytes and whether it was named itself, and gives back what it
    /// becomes, or nothing if there is nothing to do. One that fails stops none of the others.
    ///
    /// # Errors
    /// As [`Self::with_services`].
    pub fn each(
        &self,
        log: &mut Log<'_>,
        stop: &AtomicBool,
        act: impl Fn(&Services<'_>, &Path, &[u8], bool) -> Result<Option<Vec<u8>>>,
    ) -> Result<()> {
        self.with_services(|services| {
            for report in self.reports.iter().take_while(|_| !stop.load(Ordering::Relaxed)) {
                log.progress.began(&display(&report.path));
                let pdf = match read_report(&report.path) {
                    Ok(pdf) => pdf,
                    Err(error) => {
                        log.broken(&report.path, error);
                        continue;
                    }
                };
                match act(services, &report.path, &pdf, report.named) {
                    Ok(None) => log.passed_over(),
                    Ok(Some(bytes)) => match append(&report.path, &pdf, &bytes) {
                        Ok(()) => log.done(&report.path),
                        Err(error) => log.broken(&report.path, error),
                    },
                    Err(error) => log.refused(&report.path, error),
                }
            }
        })
    }
}

/// The bytes of a report.
///
/// # Errors
/// When it cannot be read, or is larger than any report.
pub fn read_report(path: &Path) -> Result<Vec<u8>> {
    read_bytes(path, MAX_REPORT).map_err(|fault| anyhow!("{}", fault.message()))
}

/// Who is trusted by these settings.
///
/// # Errors
/// When a file that they name cannot be read.
pub fn anchors(settings: &Settings) -> Result<Vec<Certificate>> {
    Ok(settings.anchors.iter().map(|path| certificates(path)).collect::<Result<Vec<_>>>()?.concat())
}

/// The certificates in a file that the settings name.
fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    let bytes = read_bytes(path, MAX_CERTIFICATES).map_err(|fault| anyhow!("{}", fault.message()))?;
    Certificate::read_all(&bytes)
        .with_context(|| format!("«{}» no trae certificados que se puedan leer", display(path)))
}

impl<'a> Log<'a> {
    /// Nothing has been done yet.
    pub fn new(words: Words, batches: &[Batch], quiet: bool, printer: &'a mut Printer) -> Self {
        let reports = batches.iter().map(|batch| batch.reports.len()).sum();
        let (progress, start) = (Progress::new(printer, quiet, reports), Instant::now());
        Self { words, progress, printer, start, reports, done: 0, passed_over: 0, refused: 0, broken: 0, halted: false }
    }

    fn done(&mut self, path: &Path) {
        let did = self.words.did.clone();
        self.did(path, &did);
    }

    /// A report is begun.
    pub fn began(&mut self, path: &Path) {
        self.progress.began(&display(path));
    }

    /// Something was done with a report.
    pub fn did(&mut self, path: &Path, what: &str) {
        self.done += 1;
        self.progress.line(&format!("{}: {what}", display(path)), self.printer);
        self.progress.ended(1);
    }

    /// There was nothing to do with a report.
    pub fn passed_over(&mut self) {
        self.passed_over += 1;
        self.progress.ended(1);
    }

    /// It was not done with a report, for its own sake.
    pub fn refused(&mut self, path: &Path, error: anyhow::Error) {
        self.refused += 1;
        self.failure(&error.context(display(path)));
    }

    /// It could not be done with a report: the machine failed.
    pub fn broken(&mut self, path: &Path, error: anyhow::Error) {
        self.broken += 1;
        self.failure(&error.context(display(path)));
    }

    /// As [`Self::broken`], and so it would be with all others.
    pub fn halted(&mut self, path: &Path, error: anyhow::Error) {
        self.halted = true;
        self.broken(path, error);
    }

    /// Says something beside.
    pub fn aside(&mut self, line: &str) {
        self.progress.aside_line(line, self.printer);
    }

    /// Says that something of no report in particular went wrong.
    pub fn warn(&mut self, error: &anyhow::Error) {
        let printer = &mut *self.printer;
        self.progress.aside(|| printer.failure(error));
    }

    /// Gives what was asked for.
    ///
    /// # Errors
    /// When nobody takes it.
    pub fn data(&mut self, text: &str) -> std::io::Result<()> {
        let printer = &mut *self.printer;
        let mut given = Ok(());
        self.progress.aside(|| given = printer.data(text));
        given
    }

    fn failure(&mut self, error: &anyhow::Error) {
        self.warn(error);
        self.progress.ended(1);
    }

    /// How it ended, in words and as exit status.
    pub fn last_word(self) -> Outcome {
        self.progress.end();
        let of = |n: usize, [one, many]: [&str; 2]| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
        let seconds = format!("{:.1}", self.start.elapsed().as_secs_f64()).replace('.', ",");
        let mut parts = vec![format!("{} ({seconds} s)", of(self.done, self.words.done))];
        let failed = self.refused + self.broken;
        let others = [(failed, self.words.failed), (self.passed_over, self.words.passed_over)];
        parts.extend(others.into_iter().filter(|(n, _)| *n > 0).map(|(n, words)| of(n, words)));
        self.progress.last_line(&parts.join("; "), self.printer);
        let left = self.reports - self.done - self.passed_over - failed;
        if left > 0 {
            let why = if self.halted { "detenido" } else { "interrumpido" };
            self.printer.note(&format!("{why}; por hacer: {}", of(left, ["informe", "informes"])));
        }
        if left > 0 && !self.halted {
            return Outcome::Interrupted;
        }
        match (self.broken, self.refused) {
            (1.., _) => Outcome::MachineFailed,
            (_, 1..) => Outcome::DataHasErrors,
            _ => Outcome::Done,
        }
    }
}
