//! How the office archives: `[archivo]` of `seguimiento.toml`, over it that of the plan, over both the options of the command.

use std::path::{Path, PathBuf};

use crate::input::reader::Record;

/// What one of the three says; what it does not say is left to the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The folder of the archive.
    pub folder: Option<PathBuf>,
    /// What the index says of the expediente.
    pub classification: Classification,
}

/// Where a report belongs among the documents of the office, by its tabla de retención documental.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Classification {
    /// The documentary series.
    pub series: Option<String>,
    /// The subseries.
    pub subseries: Option<String>,
    /// The code of both in the tabla de retención documental.
    pub code: Option<String>,
    /// The expediente.
    pub file: Option<String>,
}

impl Settings {
    /// What a file says; its folder is counted from its own.
    #[must_use]
    pub fn of(file: &Record, folder: &Path) -> Self {
        let Some(record) = file.tables("archivo").next() else { return Self::default() };
        let text = |key: &str| record.text(key).map(|text| text.value.to_owned());
        Self {
            folder: text("carpeta").map(|path| folder.join(path)),
            classification: Classification {
                series: text("serie"),
                subseries: text("subserie"),
                code: text("codigo_trd"),
                file: text("expediente"),
            },
        }
    }

    /// These settings, and where they say nothing those below.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        let (above, lower) = (self.classification, below.classification.clone());
        Self {
            folder: self.folder.or_else(|| below.folder.clone()),
            classification: Classification {
                series: above.series.or(lower.series),
                subseries: above.subseries.or(lower.subseries),
                code: above.code.or(lower.code),
                file: above.file.or(lower.file),
            },
        }
    }
}
