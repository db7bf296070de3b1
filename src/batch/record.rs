//! What was made of which inputs, in a file beside the reports of a plan, so that what is up to date is not made again.
//!
//! The record is a cache. It says nothing that is not asked of the disk again: a report counts as up to date only if its
//! inputs have the fingerprint noted here and its files are, byte for byte, the ones that were written then. A record that
//! is lost, old or damaged costs the time of making the reports, and nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use typst::utils::hash128;

use crate::export::{Format, write_cache};
use crate::input::file::{MAX_TOML, read_bytes};

/// The record's file, in the folder with the reports of a plan.
const FILE: &str = ".al-dia.json";

/// What was made of a plan.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The plan as it was when nothing was left to be said or done.
    #[serde(rename = "plan")]
    settled: Option<Settled>,
    /// Each report, by name.
    #[serde(rename = "informes")]
    reports: BTreeMap<String, Entry>,
}

/// A plan without findings, all of whose reports were up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Fingerprint of its folder.
    #[serde(rename = "carpeta", with = "hex")]
    pub folder: u128,
    /// Fingerprint of what its reports share with others.
    #[serde(rename = "programa", with = "hex")]
    pub shared: u128,
    /// The templates that they use.
    #[serde(rename = "plantillas")]
    pub templates: Vec<String>,
    /// Their names, in order.
    #[serde(rename = "informes")]
    pub reports: Vec<String>,
}

/// What was made of one report.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Fingerprint of what it was made from.
    #[serde(rename = "insumos", with = "hex")]
    inputs: u128,
    /// For each form, the SHA-256 of its files, by name.
    #[serde(rename = "archivos")]
    files: BTreeMap<Format, BTreeMap<String, String>>,
}

impl Record {
    /// The record in a folder of reports; empty if there is none that can be read.
    #[must_use]
    pub fn read(folder: &Path) -> Self {
        let bytes = fs::read(folder.join(FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Puts the record beside the reports. If that fails, nobody misses it.
    pub fn write(&self, folder: &Path) {
        if let Ok(json) = serde_json::to_vec(self) {
            let _ = write_cache(&folder.join(FILE), &json);
        }
    }

    /// The plan as it was when nothing was left to be said or done, if that was so at the last run.
    #[must_use]
    pub fn settled(&self) -> Option<&Settled> {
        self.settled.as_ref()
    }

    /// Whether a report stands in the folder as it was made, in all of the forms, of inputs with this fingerprint; without
    /// one, of whatever inputs it was made last.
    #[must_use]
    pub fn is_up_to_date(&self, folder: &Path, report: &str, inputs: Option<u128>, formats: &[Format]) -> bool {
        let intact = |(name, digest): (&String, &String)| {
            fs::read(folder.join(name)).is_ok_and(|bytes| sha256(&bytes) == *digest)
        };
        self.reports.get(report).is_some_and(|entry| {
            inputs.is_none_or(|inputs| entry.inputs == inputs)
                && formats.iter().all(|format| entry.files.get(format).is_some_and(|files| files.iter().all(intact)))
        })
    }

    /// Notes the files of a report in a form. What was noted of other inputs is forgotten, and the plan has to be settled
    /// again.
    pub fn note(&mut self, report: &str, inputs: u128, format: Format, files: BTreeMap<String, String>) {
        self.settled = None;
        let entry = self.reports.entry(report.to_owned()).or_default();
        if entry.inputs != inputs {
            *entry = Entry { inputs, files: BTreeMap::new() };
        }
        entry.files.insert(format, files);
    }

    /// Notes nothing of a report: it is to be made again the next time.
    pub fn forget(&mut self, report: &str) {
        self.settled = None;
        self.reports.remove(report);
    }

    /// Notes that nothing is left to be said of a plan or to be done about it.
    pub fn settle(&mut self, settled: Settled) {
        if settled.reports.iter().all(|report| self.reports.contains_key(report)) {
            self.settled = Some(settled);
        }
    }
}

/// The names of all files of a plan's folder, and the contents of those that a plan may be read from.
#[must_use]
pub fn folder_fingerprint(folder: &Path) -> u128 {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let is_read = |path: &Path| {
        path.extension().is_some_and(|e| ["toml", "svg", "png"].iter().any(|read| e.eq_ignore_ascii_case(read)))
    };
    let contents = |path: &PathBuf| if is_read(path) { read_bytes(path, MAX_TOML).ok() } else { None };
    hash128(&paths.iter().map(|path| (path.file_name(), contents(path))).collect::<Vec<_>>())
}

/// A fingerprint in JSON, whose numbers are too short for it.
mod hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(fingerprint: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{fingerprint:032x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        u128::from_str_radix(&String::deserialize(deserializer)?, 16).map_err(D::Error::custom)
    }
}

/// SHA-256 (FIPS 180-4) in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
