//! The checks of one report of an archive, the cheapest first.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::Prover;
use crate::again::apart::Reproducer;
use crate::again::{Content, ContentResult, PROGRAM};
use crate::archive::bag::{self, Bag, INFO};
use crate::archive::content::{
    self, DICTIONARY, OPEN_DATA, SOURCES, VERDICT, VERDICT_TEXT, dictionary_of, index_of, info_of, open_data, sources,
};
use crate::archive::index::{INDEX, SCHEMA, SCHEMA_FILE, classification};
use crate::archive::register::Entry;
use crate::archive::report::{Facts, signatures};
use crate::archive::text::utc;
use crate::pki::evidence::Evidence;
use crate::verify::judge::{Check, Outcome, Status};
use crate::verify::{Verdict, verify as verify_signatures};

/// What is noted of a report.
#[derive(Default)]
struct Notes(Vec<Check>);

impl Notes {
    fn add(&mut self, key: &'static str, outcome: Outcome, seen: impl Into<String>) {
        const NAMES: [(&str, &str); 8] = [
            ("paquete", "Paquete"),
            ("registro", "Registro"),
            ("indice", "Índice electrónico"),
            ("fuentes", "Fuentes"),
            ("datos", "Datos abiertos"),
            ("verificacion", "Verificación al archivarlo"),
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

/// Checks a report, the cheapest first.
pub(super) fn report(folder: &Path, entry: &Entry, current: bool, prover: Option<Prover<'_>>) -> Vec<Check> {
    let mut notes = Notes::default();
    let bag = match whole_bag(folder, entry) {
        Err(fault) => {
            notes.add("paquete", Outcome::Failed, fault);
            return notes.0;
        }
        Ok(bag) => bag,
    };
    let ours = bag.files.get(INFO).and_then(|info| content::agent(info)).is_some_and(|agent| agent == PROGRAM);
    packed(entry, &bag, ours, &mut notes);
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
    registered(entry, &facts, &bag, &mut notes);
    indexed(entry, &bag, ours, &mut notes);
    sourced(&facts, &bag, &mut notes);
    opened(&facts, &bag, ours, prover, &mut notes);
    verified(entry, &bag, &mut notes);
    if let Some(prover) = prover {
        let verdict = verify_signatures(pdf, (prover.anchors)(&entry.plan), prover.now, &Evidence::default());
        signed(entry, pdf, &verdict, current, prover, &mut notes);
        made_again(entry, pdf, &verdict, prover.reproducer, &mut notes);
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

/// The bag has nothing that bags do not have. Those of another version may.
fn packed(entry: &Entry, bag: &Bag, ours: bool, notes: &mut Notes) {
    let known = [entry.file.as_str(), INDEX, SCHEMA_FILE, VERDICT, VERDICT_TEXT];
    let compared = |path: &str| path.starts_with(SOURCES) || path.starts_with(OPEN_DATA);
    let data = bag.files.keys().filter(|path| path.starts_with(bag::DATA));
    match data.map(String::as_str).find(|path| !known.contains(path) && !compared(path)) {
        None => notes.add("paquete", Outcome::Held, "completo y sin cambios"),
        Some(path) if ours => notes.add("paquete", Outcome::Failed, format!("trae «{path}», que ningún paquete tiene")),
        Some(path) => {
            notes.add("paquete", Outcome::Unknown, format!("trae «{path}», que esta versión del programa no conoce"));
        }
    }
}

/// What is kept of the verdict on the report when it was archived, in the words that every version of the program writes.
#[derive(Deserialize)]
struct Kept {
    momento: String,
    archivos: [KeptReport; 1],
}

#[derive(Deserialize)]
struct KeptReport {
    sha256: String,
    estado: String,
    contenido: Content,
    firmas: Vec<KeptSignature>,
}

#[derive(Deserialize)]
struct KeptSignature {
    rol: Option<String>,
    nivel: Option<String>,
    firmante: Option<KeptSigner>,
}

#[derive(Deserialize)]
struct KeptSigner {
    nombre: String,
}

/// What held of the report when it was archived is about this report and its signatures, and was enough to archive it.
fn verified(entry: &Entry, bag: &Bag, notes: &mut Notes) {
    let kept = bag.files.get(VERDICT).and_then(|verdict| serde_json::from_slice::<Kept>(verdict).ok());
    let is_enough = kept.is_some_and(|Kept { momento, archivos: [report] }| {
        let signed = report.firmas.into_iter().filter_map(|one| Some((one.rol?, one.firmante?.nombre, one.nivel?)));
        momento == utc(entry.moment)
            && (report.sha256, report.estado) == (entry.digest.clone(), Status::TotalPassed.to_string())
            && matches!(report.contenido.result, ContentResult::Exact | ContentResult::OtherVersion)
            && signed.eq(entry.signatures.iter().cloned().map(|one| (one.role, one.name, one.level)))
    });
    let head = format!("{}: {}", entry.file, Status::TotalPassed);
    let for_people = bag.files.get(VERDICT_TEXT).is_some_and(|text| text.starts_with(head.as_bytes()));
    notes.held_if("verificacion", is_enough && for_people, "es de este informe", || "no es la de este informe".into());
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
    match held {
        true if ours => notes.add("indice", Outcome::Held, "dice lo que hay en el paquete"),
        true => notes.add(
            "indice",
            Outcome::Unknown,
            "dice lo que hay en el paquete; su esquema es de otra versión del programa",
        ),
        false => notes.add("indice", Outcome::Failed, "no dice lo que hay en el paquete"),
    }
}

/// The sources are those that the report carries.
fn sourced(facts: &Facts, bag: &Bag, notes: &mut Notes) {
    let carried = sources(facts);
    let found = bag.files.iter().filter(|(path, _)| path.starts_with(SOURCES));
    let held = found.eq(carried.iter());
    notes.held_if("fuentes", held, "son las que trae el informe", || "no son las que trae el informe".into());
}

/// The open data are those that the report carries. The words of the dictionary are those of the program that wrote it.
fn opened(facts: &Facts, bag: &Bag, ours: bool, prover: Option<Prover<'_>>, notes: &mut Notes) {
    let Ok(again) = open_data(facts) else {
        notes.add("datos", Outcome::Failed, "los datos del informe no se pueden leer");
        return;
    };
    let found = bag.files.iter().filter(|(path, _)| path.starts_with(OPEN_DATA) && *path != DICTIONARY);
    let dictionary = prover.filter(|_| ours).map(|prover| dictionary_of(facts, prover.reproducer.desk));
    let same_dictionary = match dictionary {
        None => bag.files.contains_key(DICTIONARY),
        Some(again) => again.is_ok_and(|again| bag.files.get(DICTIONARY) == Some(&again)),
    };
    match found.eq(again.iter()) && same_dictionary {
        false => notes.add("datos", Outcome::Failed, "no son los del informe"),
        true if ours => notes.add("datos", Outcome::Held, "son los del informe"),
        true => notes.add(
            "datos",
            Outcome::Unknown,
            "son los del informe; su diccionario lo escribió otra versión del programa",
        ),
    }
}

/// The signatures hold today; those of a version that another has replaced may only have held when it was archived.
fn signed(entry: &Entry, pdf: &[u8], verdict: &Verdict, current: bool, prover: Prover<'_>, notes: &mut Notes) {
    let anchors = (prover.anchors)(&entry.plan);
    let held_then = || {
        let then = verify_signatures(pdf, anchors, entry.moment, &Evidence::default());
        then.status == Status::TotalPassed && then.empty.is_empty() && signatures(&then) == entry.signatures
    };
    let passed = verdict.status == Status::TotalPassed && verdict.empty.is_empty();
    if passed {
        let found = signatures(verdict);
        let held = found == entry.signatures;
        let seen = format!("valen las {}", found.len());
        notes.held_if("firmas", held, &seen, || "valen, pero no son las que dice el registro".into());
    } else if !current && verdict.status == Status::Indeterminate && held_then() {
        notes.add("firmas", Outcome::Unknown, "valían cuando se archivó; otra versión la reemplazó");
    } else {
        let missing = verdict.empty.iter().map(|name| format!("falta la de «{name}»"));
        let why: Vec<String> = verdict.why().into_iter().chain(missing).collect();
        notes.add("firmas", Outcome::Failed, format!("{}: {}", verdict.status, why.join("; ")));
    }
}

/// The report is what its own data make.
fn made_again(entry: &Entry, pdf: &[u8], verdict: &Verdict, reproducer: Reproducer<'_>, notes: &mut Notes) {
    let content = reproducer.content(&entry.bag, pdf).if_changed(verdict.changed);
    let outcome = match content.result {
        ContentResult::Exact => Outcome::Held,
        // What this program cannot tell, another one may.
        ContentResult::OtherVersion | ContentResult::ForeignLayout => Outcome::Unknown,
        ContentResult::Differs | ContentResult::NotOurs | ContentResult::Unknown => Outcome::Failed,
    };
    notes.add("contenido", outcome, content.said);
}
