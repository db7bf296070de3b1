//! What was made of which inputs, in a file beside the reports of a plan, so that what is up to date is not made again.
//!
//! The record is a cache. It says nothing that is not asked of the disk again: a report counts as up to date only if its
//! inputs have the fingerprint noted here and its files are, byte for byte, the ones that were written then. A record that
//! is lost, old or damaged costs the time of making the reports, and nothing else.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use typst::utils::hash128;

use crate::digest::sha256;
use crate::export::{Format, write_cache};
use crate::input::file::{MAX_TOML, read_bytes};

/// The record's file, in the folder with the reports of a plan.
const FILE: &str = ".al-dia.json";

/// Largest file of a report that is compared with the record, in bytes: some twenty times what ten thousand actions take.
const MAX_REPORT: u64 = 1 << 30;

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

/// A plan without errors, all of whose reports were up to date.
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
    /// What was said of the plan, to be said again.
    #[serde(rename = "dicho")]
    pub told: String,
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
        let bytes = read_bytes(&folder.join(FILE), MAX_TOML).unwrap_or_default();
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
            let own = name.starts_with(report) && !name.contains(['/', '\\']);
            own && read_bytes(&folder.join(name), MAX_REPORT).is_ok_and(|bytes| sha256(&bytes) == *digest)
        };
        let all_intact = |files: &BTreeMap<_, _>| !files.is_empty() && files.iter().all(intact);
        self.reports.get(report).is_some_and(|entry| {
            inputs.is_none_or(|inputs| entry.inputs == inputs)
                && formats.iter().all(|format| entry.files.get(format).is_some_and(all_intact))
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

/// A plan's folder at some moment.
pub struct Snapshot {
    name: Option<OsString>,
    /// The names of all its files, with the contents of those that a plan may be read from.
    files: BTreeMap<OsString, Option<Vec<u8>>>,
}

impl Snapshot {
    /// The folder as it is now.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let is_read = |path: &Path| {
            path.extension().is_some_and(|e| ["toml", "svg", "png"].iter().any(|read| e.eq_ignore_ascii_case(read)))
        };
        let contents = |path: &Path| if is_read(path) { read_bytes(path, MAX_TOML).ok() } else { None };
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let files = entries.map(|entry| (entry.file_name(), contents(&entry.path()))).collect();
        Self { name: folder.file_name().map(OsString::from), files }
    }

    /// Whether a file held these bytes.
    #[must_use]
    pub fn has(&self, name: &str, bytes: &[u8]) -> bool {
        self.files.get(OsStr::new(name)).is_some_and(|then| then.as_deref() == Some(bytes))
    }

    /// Whether some file held these bytes.
    #[must_use]
    pub fn has_anywhere(&self, bytes: &[u8]) -> bool {
        self.files.values().any(|then| then.as_deref() == Some(bytes))
    }

    /// Everything that can be told of it, as a fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> u128 {
        hash128(&(&self.name, &self.files))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_believed_only_as_far_as_the_files_bear_it_out() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.pdf"), "uno").unwrap();
        fs::write(folder.path().join("b.pdf"), "uno").unwrap();
        let noted = |name: &str| {
            let mut record = Record::default();
            let files = if name.is_empty() { BTreeMap::new() } else { [(name.to_owned(), sha256(b"uno"))].into() };
            record.note("a", 1, Format::Pdf, files);
            record
        };
        let up_to_date = |record: &Record| record.is_up_to_date(folder.path(), "a", Some(1), &[Format::Pdf]);
        assert!(up_to_date(&noted("a.pdf")));
        assert!(!up_to_date(&noted("")), "no file at all");
        assert!(!up_to_date(&noted("b.pdf")), "the file of another report");
        assert!(!noted("a.pdf").is_up_to_date(folder.path(), "a", Some(2), &[Format::Pdf]), "other inputs");
        assert!(!noted("a.pdf").is_up_to_date(folder.path(), "a", Some(1), &[Format::Pdf, Format::Svg]), "a form more");
        fs::write(folder.path().join("a.pdf"), "dos").unwrap();
        assert!(!up_to_date(&noted("a.pdf")), "not the file that was written");
    }

    #[test]
    fn whatever_happens_to_the_record_it_reads_as_one() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Record::read(folder.path()), Record::default(), "there is none");
        let mut record = Record::default();
        record.note("a", u128::MAX, Format::Svg, [("a-p001.svg".to_owned(), sha256(b"uno"))].into());
        record.settle(Settled {
            folder: 7,
            shared: 8,
            templates: vec!["t".into()],
            reports: vec!["a".into()],
            told: "uno".into(),
        });
        record.write(folder.path());
        assert_eq!(Record::read(folder.path()), record);
        for damaged in ["", "{", "[]", "{\"plan\": 3}", "\u{0}"] {
            fs::write(folder.path().join(FILE), damaged).unwrap();
            assert_eq!(Record::read(folder.path()), Record::default(), "{damaged:?}");
        }
    }

    #[test]
    fn a_plan_is_settled_only_if_all_its_reports_are_noted() {
        let mut record = Record::default();
        let settled = Settled {
            folder: 7,
            shared: 8,
            templates: vec![],
            reports: vec!["a".into(), "b".into()],
            told: String::new(),
        };
        let files = || BTreeMap::from([("a.pdf".to_owned(), sha256(b"uno"))]);
        record.note("a", 1, Format::Pdf, files());
        record.settle(settled.clone());
        assert!(record.settled().is_none());
        record.note("b", 1, Format::Pdf, files());
        record.settle(settled.clone());
        assert!(record.settled().is_some());
        record.note("a", 1, Format::Svg, files());
        assert!(record.settled().is_none(), "something changed");
        record.settle(settled);
        record.forget("a");
        assert!(record.settled().is_none(), "something is to be made again");
    }
}
