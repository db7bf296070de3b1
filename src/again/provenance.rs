//! `procedencia.json`, inside every report: what made it, as far as the other files that it carries do not say so.
//!
//! It names the version of the program and not the build: two builds of a version are to give the same bytes, on whatever
//! system.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The program, as reports name it.
pub const PROGRAM: &str = concat!("seguimiento ", env!("CARGO_PKG_VERSION"));

/// The name of the file.
pub const PROVENANCE: &str = "procedencia.json";

/// What made a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The program with its version.
    #[serde(rename = "programa")]
    pub program: String,
    /// The SHA-256 of each file of fonts, by name.
    #[serde(rename = "tipos_de_letra")]
    pub fonts: BTreeMap<String, String>,
    /// The paths of the carried files that have another name in the report.
    #[serde(rename = "nombres")]
    pub names: BTreeMap<String, String>,
}

impl Provenance {
    /// Of a report that this program makes with these fonts.
    #[must_use]
    pub fn new(fonts: &BTreeMap<String, String>) -> Self {
        Self { program: PROGRAM.into(), fonts: fonts.clone(), names: BTreeMap::new() }
    }

    /// The file's bytes.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        // Texts only: there is nothing in it that JSON could not say.
        let mut json = serde_json::to_vec_pretty(self).unwrap_or_default();
        json.push(b'\n');
        json
    }
}

/// The name under which a report carries a file of its layout: there are programs that do not save a file with a folder in
/// its name, nor any other beside it.
#[must_use]
pub fn flat(path: &str) -> String {
    path.replace('/', "-")
}

/// The name under which a report carries a logo: a template may have a `logo.svg` of its own.
#[must_use]
pub fn logo_name(file: &str) -> String {
    format!("logo-entidad.{}", file.rsplit('.').next().unwrap_or_default())
}
