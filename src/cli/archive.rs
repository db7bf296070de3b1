//! `archivar`: puts signed reports into the archive, and says the head of its register.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, ensure};

use crate::again::apart::Reproducer;
use crate::archive::{Deposited, Examiner, Kept, Prepared, Refused, Register, Store, commit, known, prepare};
use crate::cli::args::Archive;
use crate::cli::printer::Printer;
use crate::cli::select::{HERE, desk, program};
use crate::cli::signing::{Batch, Log, MachineClock, Words, batches, read_report};
use crate::cli::verify::NOBODY_TRUSTED;
use crate::cli::{Outcome, interrupt};
use crate::digest::sha256;
use crate::input::discover::{PLANS, folder_name};
use crate::input::file::display;
use crate::parallel::each;
use crate::sign::Clock;

/// Where the archive is, unless somebody says otherwise.
const ARCHIVE: &str = "archivo";
/// How many reports are prepared before they are committed, for each processor.
const AHEAD: usize = 4;

/// Archives the reports; one that is refused stops none of the others.
pub fn run(args: &Archive, printer: &mut Printer) -> Result<Outcome> {
    let (desk, program) = (desk()?, program()?);
    let Some(batches) = batches(&args.reports, &args.services.settings(), &desk, printer)? else {
        return Ok(Outcome::DataHasErrors);
    };
    if batches.iter().any(|batch| batch.anchors.is_empty()) {
        printer.note(NOBODY_TRUSTED);
    }
    let folder = archive_of(args, &batches)?;
    let stop = interrupt::flag()?;
    let words = Words {
        did: "archivado".into(),
        done: ["informe archivado", "informes archivados"],
        passed_over: ["que ya estaba, sin tocar", "que ya estaban, sin tocar"],
        failed: ["informe sin archivar", "informes sin archivar"],
    };
    let mut log = Log::new(words, &batches, args.quiet, printer);
    let archivist = Archivist { args, reproducer: Reproducer::new(&desk, &program), stop: &stop };
    let did = archivist.archive(&folder, &batches, &mut log)?;
    Ok(match log.last_word() {
        Outcome::Done | Outcome::DataHasErrors if !did => Outcome::MachineFailed,
        outcome => outcome,
    })
}

/// The archive that all the reports go into: each has a head of its own, which somebody keeps.
fn archive_of(args: &Archive, batches: &[Batch]) -> Result<PathBuf> {
    if let Some(folder) = &args.folder {
        return Ok(folder.clone());
    }
    let own = |batch: &Batch| batch.archive.folder.clone().unwrap_or_else(|| Path::new(HERE).join(ARCHIVE));
    let folders: BTreeSet<PathBuf> = batches.iter().map(own).collect();
    let shown: Vec<String> = folders.iter().map(|folder| format!("«{}»", display(folder))).collect();
    ensure!(
        folders.len() < 2,
        "estos informes son de archivos distintos, {}: archive los de cada uno aparte",
        shown.join(", ")
    );
    folders.into_iter().next().context("no hay ningún informe")
}

/// Who puts reports into an archive.
struct Archivist<'a> {
    args: &'a Archive,
    reproducer: Reproducer<'a>,
    stop: &'a AtomicBool,
}

/// What is to be done with a report.
enum Step {
    /// Nothing any more: somebody stopped the run.
    Stop,
    /// Nothing: it is there.
    None,
    /// It is to be committed.
    Commit(Box<Prepared>),
    /// It is to be told why it is not archived.
    Refuse(anyhow::Error),
}

impl Archivist<'_> {
    /// Archives the reports, and says the head of the archive; false if the machine failed, which was told.
    fn archive(&self, folder: &Path, batches: &[Batch], log: &mut Log<'_>) -> Result<bool> {
        let mut told = false;
        let mut store = Store::open(folder, &mut || {
            if !told {
                log.aside(&format!("otro proceso está archivando en «{}»; se espera a que termine", display(folder)));
                told = true;
            }
            !self.is_stopped()
        })?;
        let committed = batches.iter().all(|batch| self.batch(&mut store, batch, log));
        // What the disk did not take is told already.
        let finished = store.finish();
        if committed {
            finished?;
        }
        let head = store.register().head();
        // Others need not wait for the network.
        drop(store);
        if head.entries == 0 {
            // There is nothing that somebody could take away.
            return Ok(committed);
        }
        let stamping = batches.iter().find(|batch| batch.settings.authority.is_some());
        let kept = match stamping {
            None => Ok(Kept { head: head.clone(), token: None }),
            Some(batch) => {
                batch.with_services(|services| Kept::new(head.clone(), services.authority, services.clock))?
            }
        };
        let stamped = kept.is_ok();
        let kept = kept.unwrap_or_else(|error| {
            log.warn(&error.context("la cabeza del registro quedó sin sello de tiempo"));
            Kept { head: head.clone(), token: None }
        });
        log.data(&kept.json())?;
        log.aside(&format!("registro: {head}"));
        Ok(committed && stamped)
    }

    /// Archives the reports of a batch; false if the machine failed, which was told.
    fn batch(&self, store: &mut Store, batch: &Batch, log: &mut Log<'_>) -> bool {
        let paths: Vec<&Path> = batch.paths().collect();
        let (classification, reason) = (&batch.archive.classification, self.args.reason.as_deref());
        for paths in paths.chunks(AHEAD * rayon::current_num_threads()) {
            let register = store.register();
            let steps: Vec<Step> = each(paths, |path| self.prepare(path, register, batch));
            for (path, step) in paths.iter().zip(steps) {
                log.began(path);
                match step {
                    _ if self.is_stopped() => return true,
                    Step::Stop => return true,
                    Step::None => log.passed_over(),
                    Step::Refuse(error) => log.refused(path, error),
                    Step::Commit(prepared) => match commit(store, *prepared, classification, reason) {
                        Ok(Deposited::Before(_)) => log.passed_over(),
                        Ok(Deposited::Now(bag)) => log.did(path, &format!("archivado en {bag}")),
                        Err(error) if error.is::<Refused>() => log.refused(path, error),
                        Err(error) => {
                            log.halted(path, error);
                            return false;
                        }
                    },
                }
            }
        }
        true
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Examines a report, unless it is archived already.
    fn prepare(&self, path: &Path, register: &Register, batch: &Batch) -> Step {
        if self.is_stopped() {
            return Step::Stop;
        }
        let examined = || -> Result<Step> {
            let pdf = read_report(path)?;
            if known(register, &sha256(&pdf))?.is_some() {
                return Ok(Step::None);
            }
            let examiner = Examiner { reproducer: self.reproducer, anchors: &batch.anchors, now: MachineClock.now() };
            Ok(Step::Commit(prepare(pdf, &plan_of(path, register)?, examiner)?.into()))
        };
        examined().unwrap_or_else(Step::Refuse)
    }
}

/// The plan whose report a file is: the folder that it is in has its name. An archive keeps what it is given for ever, so the folder has
/// to be that of a plan that is there, or was when another report was archived.
fn plan_of(path: &Path, register: &Register) -> Result<String> {
    let whole = path.canonicalize().context("no se puede leer")?;
    let plan = whole.parent().map(folder_name).unwrap_or_default();
    let is_known = register.entries.iter().any(|entry| entry.plan == plan)
        || fs::metadata(Path::new(HERE).join(PLANS).join(&plan).join("plan.toml")).is_ok();
    ensure!(
        is_known && !plan.is_empty(),
        "está en la carpeta «{plan}», que no es la de los informes de ningún plan: póngalo en informes, en la de su plan"
    );
    Ok(plan)
}
