//! The register of an archive, `registro.jsonl`: one entry a line, each with the hash of the line before, so that nobody takes a line
//! away, changes one or puts two in another order without its showing.
//!
//! A line is read strictly: it has exactly the bytes that this program writes for what it says. Cutting off the end of the register is
//! the one thing that nothing inside it can tell; for that there is its [`Head`], which somebody else keeps.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::store::CATALOGUE;
use super::text::{day, is_sha256, moment};
use crate::digest::sha256;
use crate::model::Role;
use crate::sign::Level;

/// The file of the register.
pub const REGISTER: &str = "registro.jsonl";
/// What the first line has for the hash of the one before.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Most faults of a register that are told.
const MAX_TOLD: usize = 20;
/// Longest name of a folder in an archive, in bytes; what file systems take is 255.
const MAX_NAME: usize = 200;

/// A version of a report in the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the register, from 1.
    #[serde(rename = "numero")]
    pub number: usize,
    /// The SHA-256 of the line before, without its line end; zeros in the first.
    #[serde(rename = "anterior")]
    pub previous: String,
    /// When it was archived.
    #[serde(rename = "momento", with = "moment")]
    pub moment: DateTime<Utc>,
    /// The folder of its plan.
    #[serde(rename = "plan")]
    pub plan: String,
    /// The report: `seguimiento-2024-2t`.
    #[serde(rename = "informe")]
    pub report: String,
    /// From 1.
    #[serde(rename = "version")]
    pub version: usize,
    /// Why there is another version; from the second on.
    #[serde(rename = "motivo", default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where its bag is, from the archive's folder: `plan/report/v1`.
    #[serde(rename = "paquete")]
    pub bag: String,
    /// The SHA-256 of the bag's `tagmanifest-sha256.txt`, which is that of all the bag.
    #[serde(rename = "sha256_paquete")]
    pub bag_digest: String,
    /// Where the PDF is in the bag.
    #[serde(rename = "archivo")]
    pub file: String,
    /// The SHA-256 of the PDF.
    #[serde(rename = "sha256")]
    pub digest: String,
    /// The size of the PDF.
    #[serde(rename = "bytes")]
    pub bytes: u64,
    /// How many pages it has.
    #[serde(rename = "paginas")]
    pub pages: usize,
    /// Its title.
    #[serde(rename = "titulo")]
    pub title: String,
    /// Whose report it is.
    #[serde(rename = "entidad")]
    pub entity: String,
    /// The acronym of the entity.
    #[serde(rename = "sigla", default, skip_serializing_if = "Option::is_none")]
    pub acronym: Option<String>,
    /// The vigencia.
    #[serde(rename = "vigencia")]
    pub year: u16,
    /// The trimestre, from 1 to 4.
    #[serde(rename = "trimestre")]
    pub quarter: u8,
    /// The day that it reports up to.
    #[serde(rename = "fecha_corte", with = "day")]
    pub cutoff: NaiveDate,
    /// The lowest level of its signatures.
    #[serde(rename = "nivel")]
    pub level: String,
    /// Who signed it, in order.
    #[serde(rename = "firmas")]
    pub signatures: Vec<Signed>,
}

/// A signature of an archived report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// In what capacity: the name of a role.
    #[serde(rename = "rol")]
    pub role: String,
    /// Who, as the certificate says.
    #[serde(rename = "nombre")]
    pub name: String,
    /// When, as the signature says.
    #[serde(rename = "fecha", with = "moment")]
    pub moment: DateTime<Utc>,
    /// The level of the signature.
    #[serde(rename = "nivel")]
    pub level: String,
}

/// A register as read.
#[derive(Debug, Default)]
pub struct Register {
    /// What can be read of it, in order; of a sound one, all.
    pub entries: Vec<Entry>,
    /// What is wrong with it, in Spanish.
    pub faults: Vec<String>,
    /// How many bytes there are of whole lines. What follows was never committed.
    pub length: usize,
    /// How many bytes follow: the beginning of a line, without its end.
    pub unfinished: usize,
    /// The hash of each line.
    digests: Vec<String>,
    /// How many versions there are of each report, by plan and name.
    versions: BTreeMap<(String, String), usize>,
}

/// What an oversight body keeps: how many entries there were, and the hash of the last line. It stands for all before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many entries.
    pub entries: usize,
    /// The SHA-256 of the last line, without its line end; zeros if there is none.
    pub digest: String,
}

impl Entry {
    /// Its line, without line end.
    #[must_use]
    pub fn line(&self) -> String {
        // Texts and numbers only: there is nothing in it that JSON could not say.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Why its line could not be read again, in Spanish; nothing if it can. A register with such a line would be broken for ever.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        match entry(self.line().as_bytes()) {
            Ok(read) => (read != *self).then(|| "no se lee como se escribe".into()),
            Err(fault) => Some(fault),
        }
    }

    /// Where a version of a report has its bag.
    #[must_use]
    pub fn bag_of(plan: &str, report: &str, version: usize) -> String {
        format!("{plan}/{report}/v{version}")
    }

    /// Where a bag has the report itself.
    #[must_use]
    pub fn file_of(report: &str) -> String {
        format!("data/{report}.pdf")
    }

    /// What this entry says that cannot be, in Spanish. Once it says nothing of the kind, its names may be taken for paths.
    fn odd(&self) -> Option<&'static str> {
        let texts = [&self.title, &self.entity, &self.level];
        let texts = texts.into_iter().chain(&self.acronym).chain(&self.reason);
        let texts = texts.chain(self.signatures.iter().flat_map(|one| [&one.role, &one.name, &one.level]));
        if !is_name(&self.plan) || !is_name(&self.report) {
            Some("un nombre de carpeta que no sirve")
        } else if self.version == 0 || self.bag != Self::bag_of(&self.plan, &self.report, self.version) {
            Some("un paquete que no es el de su informe y su versión")
        } else if self.file != Self::file_of(&self.report) {
            Some("un archivo que no es el de su informe")
        } else if ![&self.previous, &self.bag_digest, &self.digest].into_iter().all(|text| is_sha256(text)) {
            Some("un resumen que no es un SHA-256")
        } else if !(1..=4).contains(&self.quarter) {
            Some("un trimestre que no existe")
        } else if self.signatures.iter().any(|one| Role::parse(&one.role).is_none()) {
            Some("un rol que no existe")
        } else if lowest(&self.signatures).is_none_or(|level| level.name() != self.level) {
            Some("un nivel que no es el de sus firmas")
        } else if texts.into_iter().any(|text| text.contains(char::is_control)) {
            Some("un texto con caracteres de control")
        } else if self.reason.is_some() == (self.version == 1) {
            Some("un motivo donde no lo hay, o ninguno donde debe haberlo")
        } else {
            None
        }
    }
}

/// The lowest level of some signatures; none if one of them has none.
#[must_use]
pub fn lowest(signatures: &[Signed]) -> Option<Level> {
    signatures.iter().map(|signed| Level::parse(&signed.level)).min().flatten()
}

/// Whether a name may be that of a folder of the archive, on every system.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let odd = |c: char| c.is_control() || r#"<>:"/\|?*%"#.contains(c) || c == '\u{FFFD}';
    let taken = [REGISTER, CATALOGUE].iter().any(|taken| name.eq_ignore_ascii_case(taken));
    let turns = name.contains(crate::pki::certificate::deceives);
    !name.is_empty()
        && !taken
        && !turns
        && name.len() <= MAX_NAME
        && !name.contains(odd)
        && !name.starts_with('.')
        && !name.ends_with(['.', ' '])
}

impl Register {
    /// Reads a register, all of it whatever is wrong.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let mut register = Self::default();
        let mut files: BTreeMap<String, usize> = BTreeMap::new();
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
        for (index, line) in &mut lines {
            let Some(line) = line.strip_suffix(b"\n") else {
                register.unfinished = line.len();
                break;
            };
            register.length += line.len() + 1;
            let previous = register.digests.last().map_or(NOTHING, String::as_str).to_owned();
            register.digests.push(sha256(line));
            let entry = match entry(line) {
                Ok(entry) => entry,
                Err(fault) => {
                    register.fault(index, &fault);
                    continue;
                }
            };
            if entry.number != index + 1 {
                register.fault(index, &format!("dice ser la entrada {}", entry.number));
            }
            if entry.previous != previous {
                register.fault(index, "no continúa la línea anterior: alguna se quitó, se cambió o se movió");
            }
            let version = register.count(&entry);
            if entry.version != version {
                let told = format!("es la versión {} de «{}/{}»", entry.version, entry.plan, entry.report);
                register.fault(index, &format!("{told}, y debía ser la {version}"));
            }
            if let Some(before) = files.insert(entry.digest.clone(), entry.number) {
                register.fault(index, &format!("es el mismo archivo que la entrada {before}"));
            }
            register.entries.push(entry);
        }
        register
    }

    fn fault(&mut self, index: usize, what: &str) {
        if self.faults.len() < MAX_TOLD {
            self.faults.push(format!("registro, línea {}: {what}", index + 1));
        }
    }

    /// What is to be kept of it elsewhere.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head_at(self.digests.len()).unwrap_or(Head { entries: 0, digest: NOTHING.into() })
    }

    /// The head that it had when it had so many entries, if it has.
    #[must_use]
    pub fn head_at(&self, entries: usize) -> Option<Head> {
        let digest = match entries.checked_sub(1) {
            None => NOTHING,
            Some(last) => self.digests.get(last)?,
        };
        Some(Head { entries, digest: digest.into() })
    }

    /// How many versions there are of a report.
    #[must_use]
    pub fn versions(&self, plan: &str, report: &str) -> usize {
        self.versions.get(&(plan.to_owned(), report.to_owned())).copied().unwrap_or_default()
    }

    /// Whether an entry is of the last version of its report.
    #[must_use]
    pub fn is_current(&self, entry: &Entry) -> bool {
        self.versions(&entry.plan, &entry.report) == entry.version
    }

    /// Adds an entry, which must continue it, and gives its line with the line end.
    pub fn push(&mut self, entry: Entry) -> String {
        let line = entry.line();
        self.digests.push(sha256(line.as_bytes()));
        self.length += line.len() + 1;
        self.count(&entry);
        self.entries.push(entry);
        line + "\n"
    }

    /// Counts a version of a report: how many there are now.
    fn count(&mut self, entry: &Entry) -> usize {
        let version = self.versions.entry((entry.plan.clone(), entry.report.clone())).or_default();
        *version += 1;
        *version
    }
}

/// The entry of a line, if the line is exactly what this program writes for it.
fn entry(line: &[u8]) -> Result<Entry, String> {
    let entry: Entry = serde_json::from_slice(line).map_err(|_| "no es una entrada que se pueda leer".to_owned())?;
    if entry.line().as_bytes() != line {
        return Err("no está escrita como lo hace este programa".into());
    }
    entry.odd().map_or(Ok(entry), |odd| Err(format!("tiene {odd}")))
}

impl Head {
    /// Reads a head as it is said, «40:sha256».
    #[must_use]
    pub fn parse(said: &str) -> Option<Self> {
        let (entries, digest) = said.trim().split_once(':')?;
        let head = Self { entries: entries.parse().ok()?, digest: digest.to_ascii_lowercase() };
        (is_sha256(&head.digest) && entries.bytes().all(|byte| byte.is_ascii_digit())).then_some(head)
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.entries, self.digest)
    }
}

#[cfg(test)]
mod tests;
