//! All of an archive verified.
//!
//! ```text
//! register   every line continues the one before
//! head       it continues the one that had the head that somebody kept
//! folder     nothing is in it that the register does not name
//! catalogue  it is the one of this register
//! reports    side by side: the bag · what the register says of it · its index, its sources, its open data ·
//!            its signatures · the report made again
//! ```
//!
//! A bag that is not sound is told of and not looked at any further: what is in it may be anything.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::bag::{Bag, INFO};
use super::catalogue::catalogue;
use super::content::{self, DICTIONARY, OPEN_DATA, SOURCES, dictionary_of, index_of, info_of, open_data, sources};
use super::head::{Kept, Stamped};
use super::index::{INDEX, SCHEMA, SCHEMA_FILE, classification};
use super::register::{Entry, Head, REGISTER, Register};
use super::report::{Facts, signatures};
use super::store::{CATALOGUE, STAGING};
use crate::again::{Again, Data, Layouts, PROGRAM, again};
use crate::input::file::{display, read_bytes};
use crate::pipeline::Desk;
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;
use crate::verify::judge::{Check, Outcome, Status};
use crate::verify::verify as verify_signatures;

/// Largest register, and largest catalogue, in bytes.
const MAX_FILE: u64 = 1 << 30;
/// Most things that do not belong into the folder that are told.
const MAX_TOLD: usize = 20;

/// What holds of an archive.
#[derive(Debug)]
pub struct ArchiveVerdict {
    /// Its head now.
    pub head: Head,
    /// What is wrong with it as a whole, in Spanish.
    pub faults: Vec<String>,
    /// Whether it continues the one that had a head that was kept, if one was given.
    pub continued: Option<Continued>,
    /// Its reports, in the order of the register.
    pub reports: Vec<ReportVerdict>,
}

/// What holds of a version of a report.
#[derive(Debug)]
pub struct ReportVerdict {
    /// What the register says of it.
    pub entry: Entry,
    /// Whether no other version has replaced it.
    pub current: bool,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
}

/// Whether an archive continues an earlier one.
#[derive(Debug)]
pub struct Continued {
    /// What was kept.
    pub head: Head,
    /// Why it does not, in Spanish.
    pub fault: Option<String>,
    /// The timestamp over what was kept, if it has one that holds.
    pub stamp: Option<Stamped>,
}

/// What proves a report beyond the bytes of its bag: its signatures, and that it can be made again.
#[derive(Clone, Copy)]
pub struct Prover<'a> {
    /// What makes it again.
    pub desk: &'a Desk,
    /// Whom to trust, for each plan.
    pub anchors: &'a (dyn Fn(&str) -> &'a [Certificate] + Sync),
    /// The moment of the verdict.
    pub now: DateTime<Utc>,
}

/// Whether a folder is an archive, or was one: it has a register, or bags where an archive has them.
#[must_use]
pub fn is_archive(folder: &Path) -> bool {
    let inside = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let bags = || inside(folder).flat_map(|plan| inside(&plan)).flat_map(|report| inside(&report));
    fs::symlink_metadata(folder.join(REGISTER)).is_ok() || bags().any(|bag| bag.join("bagit.txt").is_file())
}

/// Verifies an archive: all of it with a prover, and without one only that nothing was changed since it was written. `done` is told of
/// every report that is settled; `kept` is what somebody kept of it, with those whom to trust for its timestamp.
#[must_use]
pub fn verify(
    folder: &Path,
    prover: Option<Prover<'_>>,
    kept: Option<(&Kept, &[Certificate])>,
    done: &(dyn Fn() + Sync),
) -> ArchiveVerdict {
    let (register, mut faults) = register(folder);
    let continued = kept.map(|(kept, anchors)| continued(&register, kept, anchors));
    faults.extend(strangers(folder, &register));
    faults.extend(catalogue_fault(folder, &register));
    let reports = register.entries.par_iter().map(|entry| {
        let current = register.is_current(entry);
        let checks = report(folder, entry, current, prover);
        done();
        ReportVerdict { entry: entry.clone(), current, checks }
    });
    ArchiveVerdict { reports: reports.collect(), head: register.head(), faults, continued }
}

impl ArchiveVerdict {
    /// Whether all that was looked at holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        let continued = self.continued.as_ref().is_none_or(|continued| continued.fault.is_none());
        self.faults.is_empty() && continued && self.reports.iter().all(ReportVerdict::holds)
    }
}

impl ReportVerdict {
    /// Whether all that was looked at holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Failed)
    }
}

/// Reads the register, and what is wrong with it.
fn register(folder: &Path) -> (Register, Vec<String>) {
    match read_bytes(&folder.join(REGISTER), MAX_FILE) {
        Err(fault) => (Register::default(), vec![fault.message().to_owned()]),
        Ok(bytes) => {
            let register = Register::read(&bytes);
            let mut faults = register.faults.clone();
            if register.unfinished > 0 {
                faults.push("la última línea del registro está a medias; «archivar» la quita".into());
            }
            (register, faults)
        }
    }
}

/// Whether a register continues the one that had a head.
fn continued(register: &Register, kept: &Kept, anchors: &[Certificate]) -> Continued {
    let head = kept.head.clone();
    let fault = match register.head_at(head.entries) {
        None => Some(format!(
            "tenía {} entradas y ahora tiene {}: le quitaron las últimas",
            head.entries,
            register.head().entries
        )),
        Some(then) if then != head => Some(format!("la entrada {} no es la de entonces: lo rehicieron", head.entries)),
        Some(_) => None,
    };
    match kept.stamped(anchors) {
        Ok(stamp) => Continued { head, fault, stamp },
        Err(error) => {
            let fault = fault.or_else(|| Some(format!("el sello de tiempo de la cabeza no vale: {error:#}")));
            Continued { head, fault, stamp: None }
        }
    }
}

/// What is in the folder of an archive that the register does not name.
fn strangers(folder: &Path, register: &Register) -> Vec<String> {
    let mut walk = Walk { known: BTreeSet::new(), bags: BTreeSet::new(), strangers: Vec::new() };
    for entry in &register.entries {
        walk.bags.insert(&entry.bag);
        let parts = entry.bag.match_indices('/').map(|(at, _)| &entry.bag[..at]);
        walk.known.extend(parts);
    }
    walk.folder(folder, "");
    let more = walk.strangers.len().saturating_sub(MAX_TOLD);
    walk.strangers.truncate(MAX_TOLD);
    if more > 0 {
        walk.strangers.push(format!("y hay {more} cosas más que el registro no nombra"));
    }
    walk.strangers
}

struct Walk<'a> {
    /// The folders that lead to bags.
    known: BTreeSet<&'a str>,
    bags: BTreeSet<&'a str>,
    strangers: Vec<String>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str) {
        let Ok(entries) = fs::read_dir(folder) else {
            self.strangers.push(format!("no se puede leer «{}»", display(folder)));
            return;
        };
        let mut names: Vec<(String, bool, bool)> = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type();
            let is = |what: fn(&fs::FileType) -> bool| kind.as_ref().is_ok_and(what);
            names.push((format!("{prefix}{name}"), is(fs::FileType::is_dir), is(fs::FileType::is_file)));
        }
        names.sort();
        for (path, is_folder, is_file) in names {
            let is_bag = is_folder && self.bags.contains(path.as_str());
            let belongs = is_file && (path == REGISTER || path == CATALOGUE) || is_bag;
            if is_folder && self.known.contains(path.as_str()) {
                self.folder(&folder.join(path.rsplit('/').next().unwrap_or_default()), &format!("{path}/"));
            } else if path == STAGING {
                self.strangers
                    .push(format!("«{STAGING}»: un archivado está en curso, o quedó a medias y el próximo lo termina"));
            } else if !belongs {
                self.strangers.push(format!("«{path}» no está en el registro"));
            }
        }
    }
}

/// What is wrong with the catalogue.
fn catalogue_fault(folder: &Path, register: &Register) -> Option<String> {
    let told = match read_bytes(&folder.join(CATALOGUE), MAX_FILE) {
        Err(fault) => fault.message().to_owned(),
        Ok(page) if page != catalogue(&register.entries).as_bytes() => {
            format!("«{CATALOGUE}» no es el catálogo de este registro; «archivar» lo rehace")
        }
        Ok(_) => return None,
    };
    Some(told)
}

/// What is noted of a report.
#[derive(Default)]
struct Notes(Vec<Check>);

impl Notes {
    fn add(&mut self, key: &'static str, outcome: Outcome, seen: impl Into<String>) {
        const NAMES: [(&str, &str); 7] = [
            ("paquete", "Paquete"),
            ("registro", "Registro"),
            ("indice", "Índice electrónico"),
            ("fuentes", "Fuentes"),
            ("datos", "Datos abiertos"),
            ("firmas", "Firmas"),
            ("contenido", "Contenido"),
        ];
        let name = NAMES.iter().find(|(one, _)| *one == key).map_or(key, |(_, name)| name);
        self.0.push(Check { key, name, outcome, seen: seen.into() });
    }

    fn held_if(&mut self, key: &'static str, held: bool, seen: &str, otherwise: impl FnOnce() -> String) {
        if held { self.add(key, Outcome::Held, seen) } else { self.add(key, Outcome::Failed, otherwise()) }
    }
}

/// The checks of a report, the cheapest first.
fn report(folder: &Path, entry: &Entry, current: bool, prover: Option<Prover<'_>>) -> Vec<Check> {
    let mut notes = Notes::default();
    let bag = match whole_bag(folder, entry) {
        Err(fault) => {
            notes.add("paquete", Outcome::Failed, fault);
            return notes.0;
        }
        Ok(bag) => bag,
    };
    notes.add("paquete", Outcome::Held, "completo y sin cambios");
    let pdf = bag.files.get(&entry.file).map(Vec::as_slice).unwrap_or_default();
    let facts = match Facts::read(pdf) {
        Err(why) => {
            notes.add(
                "registro",
                Outcome::Failed,
                format!("«{}» no es un informe de este programa: {why}", entry.file),
            );
            return notes.0;
        }
        Ok(facts) => facts,
    };
    let ours = bag.files.get(INFO).and_then(|info| content::agent(info)).is_some_and(|agent| agent == PROGRAM);
    registered(entry, &facts, &bag, &mut notes);
    indexed(entry, &bag, ours, &mut notes);
    sourced(&facts, &bag, &mut notes);
    opened(&facts, &bag, prover.filter(|_| ours), &mut notes);
    if let Some(prover) = prover {
        signed(entry, pdf, current, prover, &mut notes);
        made_again(entry, pdf, prover.desk, &mut notes);
    }
    notes.0
}

/// The bag of an entry, if nothing in it was changed.
fn whole_bag(folder: &Path, entry: &Entry) -> Result<Bag, String> {
    let path = folder.join(&entry.bag);
    if !fs::symlink_metadata(&path).is_ok_and(|kind| kind.is_dir()) {
        return Err("no está en el archivo".into());
    }
    let bag = Bag::read(&path)?;
    let faults = bag.faults();
    if !faults.is_empty() {
        return Err(faults.join("; "));
    }
    if bag.digest() != entry.bag_digest {
        return Err("no es el que se archivó: el registro tiene otro resumen de él".into());
    }
    Ok(bag)
}

/// The entry says what the report and its bag say.
fn registered(entry: &Entry, facts: &Facts, bag: &Bag, notes: &mut Notes) {
    let info = bag.files.get(INFO).map(Vec::as_slice).unwrap_or_default();
    let same_info = content::agent(info).is_some_and(|agent| info_of(entry, agent, &bag.files) == info);
    let wrong = if same_info { "el informe".to_owned() } else { format!("«{INFO}» del paquete") };
    let digest = bag.digests().get(entry.file.as_str()).copied();
    let held = same_info && facts.agree(entry) && digest == Some(&entry.digest);
    notes.held_if("registro", held, "dice lo que dice el informe", || format!("dice otra cosa que {wrong}"));
}

/// The index is the one of what is in the bag.
fn indexed(entry: &Entry, bag: &Bag, ours: bool, notes: &mut Notes) {
    let index = bag.files.get(INDEX).map(Vec::as_slice).unwrap_or_default();
    let digests = bag.digests();
    let again = classification(index).map(|classification| {
        index_of(entry, &classification, &bag.files, |path| digests.get(path).copied().unwrap_or_default())
    });
    let schema = !ours || bag.files.get(SCHEMA_FILE).is_some_and(|schema| schema == SCHEMA.as_bytes());
    let held = again.as_deref() == Some(index) && schema;
    notes.held_if("indice", held, "dice lo que hay en el paquete", || "no dice lo que hay en el paquete".into());
}

/// The sources are those that the report carries.
fn sourced(facts: &Facts, bag: &Bag, notes: &mut Notes) {
    let carried = sources(facts);
    let found = bag.files.iter().filter(|(path, _)| path.starts_with(SOURCES));
    let held = found.eq(carried.iter());
    notes.held_if("fuentes", held, "son las que trae el informe", || "no son las que trae el informe".into());
}

/// The open data are those that the report carries. The words of the dictionary are those of the program that wrote it.
fn opened(facts: &Facts, bag: &Bag, prover: Option<Prover<'_>>, notes: &mut Notes) {
    let Ok(again) = open_data(facts) else {
        notes.add("datos", Outcome::Failed, "los datos del informe no se pueden leer");
        return;
    };
    let found = bag.files.iter().filter(|(path, _)| path.starts_with(OPEN_DATA) && *path != DICTIONARY);
    let dictionary = prover.map(|prover| dictionary_of(facts, prover.desk));
    let same_dictionary = match dictionary {
        None => bag.files.contains_key(DICTIONARY),
        Some(again) => again.is_ok_and(|again| bag.files.get(DICTIONARY) == Some(&again)),
    };
    let held = found.eq(again.iter()) && same_dictionary;
    notes.held_if("datos", held, "son los del informe", || "no son los del informe".into());
}

/// The signatures hold today; those of a version that another has replaced may only have held when it was archived.
fn signed(entry: &Entry, pdf: &[u8], current: bool, prover: Prover<'_>, notes: &mut Notes) {
    let anchors = (prover.anchors)(&entry.plan);
    let verdict = verify_signatures(pdf, anchors, prover.now, &Evidence::default());
    let then = || verify_signatures(pdf, anchors, entry.moment, &Evidence::default());
    let passed = verdict.status == Status::TotalPassed && verdict.empty.is_empty();
    if passed {
        let found = signatures(&verdict);
        let held = found == entry.signatures;
        let seen = format!("valen las {}", found.len());
        notes.held_if("firmas", held, &seen, || "valen, pero no son las que dice el registro".into());
    } else if !current && verdict.status == Status::Indeterminate && then().status == Status::TotalPassed {
        notes.add("firmas", Outcome::Unknown, "valían cuando se archivó; otra versión la reemplazó");
    } else {
        let why: Vec<String> = verdict.signatures.iter().map(crate::verify::SignatureVerdict::why).collect();
        let why = verdict.faults.iter().cloned().chain(why.into_iter().filter(|why| !why.is_empty()));
        let why: Vec<String> = why.chain(verdict.empty.iter().map(|name| format!("falta la de «{name}»"))).collect();
        notes.add("firmas", Outcome::Failed, format!("{}: {}", verdict.status, why.join("; ")));
    }
}

/// The report is what its own data make.
fn made_again(entry: &Entry, pdf: &[u8], desk: &Desk, notes: &mut Notes) {
    let again = again(&entry.bag, pdf, desk, Layouts::Known);
    let outcome = match &again {
        Again::Exact { .. } => Outcome::Held,
        // What this program cannot tell, another one may.
        Again::OtherVersion { data: Data::Same | Data::Unknown, .. } | Again::Foreign => Outcome::Unknown,
        _ => Outcome::Failed,
    };
    notes.add("contenido", outcome, again.to_string());
}
