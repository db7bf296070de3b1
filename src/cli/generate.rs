//! `generar`: checks the selected plans and makes their reports.

use std::fmt::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::batch::{self, Crew, Done, Event, Order};
use crate::cli::Outcome;
use crate::cli::args::{Generate, ReportFormat};
use crate::cli::interrupt;
use crate::cli::printer::Printer;
use crate::cli::progress::Progress;
use crate::cli::select::{HERE, REPORTS, desk, nothing_selected};
use crate::diag::{Finding, Sources, render};
use crate::export::Format;
use crate::input::PlanFolder;
use crate::input::discover::{plan_folders, trimestres};
use crate::input::file::display;

/// How their names begin.
const IN_REPORTS: &str = "informes/";

/// Makes the reports; one that has errors stops none of the others.
pub fn run(args: &Generate, printer: &mut Printer) -> Result<Outcome> {
    let start = Instant::now();
    let stop = interrupt::flag()?;
    let plans = plan_folders(Path::new(HERE), &args.selection.plans)?;
    let reports = plans.iter().map(|plan| trimestres(plan, args.selection.trimestre)).sum();
    let desk = desk()?;
    let colours = printer.colour_notes();
    let tell = |findings: &[Finding], sources: &Sources| render::human(findings, sources, colours);
    let order = Order {
        plans,
        quarter: args.selection.trimestre,
        year: args.selection.vigencia,
        formats: args.formats.iter().map(|format| Format::from(*format)).collect(),
        annex: args.annex,
        force: args.force,
        into: REPORTS.into(),
        tell: &tell,
        tell_of_plan: &|plan, findings| told_of(plan, findings, colours),
    };

    let progress = Progress::new(printer, args.quiet, reports);
    let mut log = Log { progress, printer, tally: Tally::default(), stopping: false };
    batch::run(&desk, order, crew(args.workers, reports, &stop), |event| log.hear(event, &stop))?;
    log.progress.end();
    log.last_word(args, reports, start.elapsed())
}

/// The errors of a plan, and how many other findings `revisar` would show.
fn told_of(plan: &PlanFolder, findings: &[Finding], colours: bool) -> String {
    let (errors, others): (Vec<Finding>, Vec<Finding>) = findings.iter().cloned().partition(Finding::is_error);
    let mut told = render::human(&errors, &plan.sources, colours);
    if !others.is_empty() {
        let plan = &plan.path;
        let _ = writeln!(told, "{plan}: {}; se ven con «seguimiento revisar {plan}»", render::summary(&others));
    }
    told
}

/// As many makers as asked for, or as the machine has cores, but not more than there are reports.
fn crew(asked: Option<NonZeroUsize>, reports: usize, stop: &AtomicBool) -> Crew<'_> {
    let cores = asked.or(available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    Crew { makers: NonZeroUsize::new(reports).map_or(NonZeroUsize::MIN, |reports| reports.min(cores)), cores, stop }
}

/// What is heard from the crew, as the office sees it.
struct Log<'a> {
    progress: Progress,
    printer: &'a mut Printer,
    tally: Tally,
    stopping: bool,
}

impl Log<'_> {
    fn hear(&mut self, event: Event<batch::Outcome>, stop: &AtomicBool) {
        if stop.load(Ordering::Relaxed) && !self.stopping {
            self.stopping = true;
            self.note("se detiene: se terminan los informes en curso (Ctrl-C otra vez para salir ya)");
        }
        match event {
            Event::Began(name) => self.progress.began(name.strip_prefix(IN_REPORTS).unwrap_or(&name)),
            Event::Ended => self.ended(1),
            Event::Outcome(outcome) => {
                if !outcome.told.is_empty() {
                    let told = outcome.told.trim_end();
                    self.note(told);
                    if told.contains('\n') {
                        self.note("");
                    }
                }
                self.done(outcome.done);
            }
            Event::Tick => self.progress.tick(),
        }
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Unchanged { listed, stems } => {
                self.tally.covered += stems.len();
                self.ended(listed);
                for stem in stems {
                    self.up_to_date(&stem);
                }
            }
            Done::Opened { listed, covered, failed } => {
                self.tally.covered += covered;
                self.tally.failed += failed;
                self.ended(listed.saturating_sub(covered - failed));
            }
            Done::Audited => {}
            Done::Made { stem, pages, mut files, signed } => {
                self.signed(signed);
                if let Some(last) = files.pop() {
                    self.tally.made += 1;
                    self.tally.pages += pages;
                    self.tally.only = files.is_empty().then_some(last);
                    self.progress.line(&format!("{stem}: {}", count(pages, "página", "páginas")), self.printer);
                }
            }
            Done::UpToDate { signed: signed @ Some(_), .. } => self.signed(signed),
            Done::UpToDate { stem, signed: None } => self.up_to_date(&stem),
            Done::Failed => self.tally.failed += 1,
            Done::Broken(error) => {
                self.tally.broken += 1;
                let printer = &mut *self.printer;
                self.progress.aside(|| printer.failure(&error));
            }
        }
    }

    fn up_to_date(&mut self, stem: &str) {
        self.tally.up_to_date += 1;
        self.progress.line(&format!("{stem}: al día"), self.printer);
    }

    fn signed(&mut self, signed: Option<PathBuf>) {
        if let Some(path) = signed {
            self.tally.kept += 1;
            self.progress.aside_line(&format!("{}: ya está firmado y no se toca", display(&path)), self.printer);
        }
    }

    fn ended(&mut self, reports: usize) {
        self.tally.ended += reports;
        self.progress.ended(reports);
    }

    /// A line that matters whatever is shown.
    fn note(&mut self, line: &str) {
        let printer = &mut *self.printer;
        self.progress.aside(|| printer.note(line));
    }

    /// How it ended, in words and as exit status.
    fn last_word(self, args: &Generate, reports: usize, elapsed: Duration) -> Result<Outcome> {
        let Self { progress, printer, tally, stopping } = self;
        if !stopping && tally.covered == 0 && tally.broken == 0 {
            return Err(nothing_selected(&args.selection));
        }
        progress.last_line(&tally.last_line(elapsed), printer);
        let left = reports.saturating_sub(tally.ended);
        if stopping && left > 0 {
            // How many of them are of the vigencia asked for, only reading the plans would tell.
            let at_most = if args.selection.vigencia.is_some() { "a lo sumo " } else { "" };
            let left = count(left, "informe", "informes");
            let next = if args.force { "" } else { ". La misma orden sigue donde quedó esta" };
            printer.note(&format!("interrumpido; por hacer: {at_most}{left}{next}"));
            return Ok(Outcome::Interrupted);
        }
        Ok(match tally {
            Tally { broken: 1.., .. } => Outcome::MachineFailed,
            Tally { failed: 1.., .. } => Outcome::DataHasErrors,
            _ => Outcome::Done,
        })
    }
}

/// What was done.
#[derive(Default)]
struct Tally {
    /// Reports that the selection covers.
    covered: usize,
    /// Reports about which nothing is left to do.
    ended: usize,
    made: usize,
    pages: usize,
    up_to_date: usize,
    kept: usize,
    failed: usize,
    broken: usize,
    only: Option<PathBuf>,
}

impl Tally {
    /// «1 informe, 2 páginas, en informes/…; 3 ya al día (0,3 s)»
    fn last_line(&self, elapsed: Duration) -> String {
        let place = match &self.only {
            Some(path) if self.made == 1 => display(path),
            _ => REPORTS.to_owned(),
        };
        let seconds = format!("{:.1}", elapsed.as_secs_f64()).replace('.', ",");
        let reports = |n| count(n, "informe", "informes");
        let made = match self.made {
            0 if self.up_to_date > 0 => format!("{} al día", reports(self.up_to_date)),
            made => format!("{}, {}", reports(made), count(self.pages, "página", "páginas")),
        };
        let mut parts = vec![format!("{made}, en {place} ({seconds} s)")];
        let mut add = |n: usize, what: &str, one: &str, many: &str| {
            if n > 0 {
                parts.push(format!("{}{what}", count(n, one, many)));
            }
        };
        add(if self.made > 0 { self.up_to_date } else { 0 }, " al día", "informe ya estaba", "informes ya estaban");
        add(self.failed, " sin hacer por errores", "informe", "informes");
        add(self.broken, " sin terminar por fallas", "informe", "informes");
        add(self.kept, ", sin tocar", "informe ya firmado", "informes ya firmados");
        parts.join("; ")
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Pdf => Self::Pdf,
            ReportFormat::Png => Self::Png,
            ReportFormat::Svg => Self::Svg,
        }
    }
}
