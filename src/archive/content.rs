//! What a bag has beside the report: all but the verdict follows from the report and from its entry in the register, so that it can be
//! made again by whoever verifies the bag.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};

use super::bag::{self, info_line};
use super::index::{Expediente, INDEX, Listed, SCHEMA_FILE, index};
use super::open_data::{dictionary, table};
use super::register::Entry;
use super::report::Facts;
use super::settings::Classification;
use super::text::utc;
use crate::again::DATA;
use crate::input::Files;
use crate::model::{Format, colombian};
use crate::pipeline::Desk;

/// The folder of what the report was made from.
pub const SOURCES: &str = "data/fuentes/";
/// The folder of its data.
pub const OPEN_DATA: &str = "data/datos-abiertos/";
/// Its table.
pub const TABLE: &str = "data/datos-abiertos/tabla.csv";
/// The dictionary of its table.
pub const DICTIONARY: &str = "data/datos-abiertos/diccionario.csv";
/// What held of the report when it was archived, for programs.
pub const VERDICT: &str = "data/verificacion.json";
/// The same for people.
pub const VERDICT_TEXT: &str = "data/verificacion.txt";
/// The label of `bag-info.txt` with the program that made the bag.
const AGENT: &str = "Bag-Software-Agent";

/// Files by their path in a bag.
pub type FilesByPath = BTreeMap<String, Vec<u8>>;

/// What a report was made from and laid out with.
#[must_use]
pub fn sources(facts: &Facts) -> FilesByPath {
    facts.sources().map(|file| (format!("{SOURCES}{}", file.name), file.bytes.to_vec())).collect()
}

/// The data of a report that follow from them alone: the data themselves and the table.
///
/// # Errors
/// When they are not those of a report.
pub fn open_data(facts: &Facts) -> Result<FilesByPath> {
    let data = facts.carried.data();
    Ok([(format!("{OPEN_DATA}{DATA}"), data.to_vec()), (TABLE.to_owned(), table(data)?)].into())
}

/// The dictionary of a report's table, in the words of this version of the program.
///
/// # Errors
/// When its sources or its format have faults.
pub fn dictionary_of(facts: &Facts, desk: &Desk) -> Result<Vec<u8>> {
    dictionary(facts.carried.data(), &format(facts, desk)?)
}

/// The format that a report was made in.
fn format(facts: &Facts, desk: &Desk) -> Result<Format> {
    let files = Files::Report { name: &facts.name, files: &facts.carried.plan };
    let reports = desk.with(facts.carried.assets()).read_files(files, None).reports();
    let report = reports.first().ok_or_else(|| anyhow!("los datos del informe tienen errores"))?;
    Ok(report.format().clone())
}

/// The index of the files of a bag, whose digests are known.
#[must_use]
pub fn index_of<'a>(
    entry: &Entry,
    classification: &Classification,
    files: &'a FilesByPath,
    digest: impl Fn(&str) -> &'a str,
) -> Vec<u8> {
    let signed = entry.signatures.iter().map(|signature| signature.moment);
    let first = signed.clone().min().unwrap_or(entry.moment);
    let last = signed.max().unwrap_or(entry.moment);
    let listed = |path: &str| match path {
        path if path == entry.file => (0, "Informe de seguimiento", last, entry.pages),
        path if path.starts_with(SOURCES) => (1, "Fuente del informe", first, 1),
        path if path.starts_with(OPEN_DATA) => (2, "Datos abiertos", entry.moment, 1),
        _ => (3, "Informe de verificación", entry.moment, 1),
    };
    let is_listed = |path: &String| path.starts_with(bag::DATA) && ![INDEX, SCHEMA_FILE].contains(&path.as_str());
    let mut documents: Vec<(u8, Listed<'_>)> = files
        .iter()
        .filter(|(path, _)| is_listed(path))
        .map(|(path, bytes)| {
            let (place, kind, created, pages) = listed(path);
            (place, Listed { path, kind, digest: digest(path), bytes: bytes.len(), pages, created })
        })
        .collect();
    documents.sort_by_key(|(place, _)| *place);
    let documents: Vec<Listed<'_>> = documents.into_iter().map(|(_, document)| document).collect();
    let expediente = Expediente { entity: &entry.entity, classification, bag: &entry.bag, archived: entry.moment };
    index(&expediente, &documents)
}

/// `bag-info.txt` (RFC 8493, 2.2.2). The bag says its place in the register as the register says the bag.
#[must_use]
pub fn info_of(entry: &Entry, agent: &str, data: &FilesByPath) -> Vec<u8> {
    let mut info = String::new();
    let mut line = |label, value: &str| info_line(&mut info, label, value);
    line("Source-Organization", &entry.entity);
    line("External-Description", &entry.title);
    line("External-Identifier", &format!("{}/{}", entry.plan, entry.report));
    line("Bagging-Date", &colombian(entry.moment).format("%Y-%m-%d").to_string());
    let data = data.iter().filter(|(path, _)| path.starts_with(bag::DATA)).map(|(_, bytes)| bytes.len());
    line("Payload-Oxum", &format!("{}.{}", data.clone().sum::<usize>(), data.count()));
    line(AGENT, agent);
    line("Version", &entry.version.to_string());
    if let Some(reason) = &entry.reason {
        line("Motivo", reason);
    }
    line("Registro-Numero", &entry.number.to_string());
    line("Registro-Anterior", &entry.previous);
    line("Registro-Momento", &utc(entry.moment));
    info.into_bytes()
}

/// The program that a `bag-info.txt` says to have made the bag.
#[must_use]
pub fn agent(info: &[u8]) -> Option<&str> {
    let info = std::str::from_utf8(info).ok()?;
    info.lines().find_map(|line| line.strip_prefix(AGENT)?.strip_prefix(": "))
}
