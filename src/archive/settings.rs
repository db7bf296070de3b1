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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::office::tests::office_says;

    fn said(text: &str) -> (Settings, Vec<String>) {
        let (record, findings) = office_says(text);
        (Settings::of(&record, Path::new("/oficina")), findings)
    }

    #[test]
    fn the_plan_says_it_over_the_office_and_what_nobody_knows_is_a_finding() {
        let office = said("[archivo]\ncarpeta = \"guardado\"\nserie = \"Informes\"\ncodigo_trd = \"110.27\"\n");
        assert_eq!(office.1, [] as [String; 0]);
        let plan = said("[archivo]\ncodigo_trd = \"110.28\"\nexpediente = \"2026-1\"\nsubserie = \"S\"\n").0;
        let both = plan.over(&office.0);
        assert_eq!(both.folder, Some("/oficina/guardado".into()));
        let text = |text: &str| Some(text.to_owned());
        let (series, subseries) = (text("Informes"), text("S"));
        let expected = Classification { series, subseries, code: text("110.28"), file: text("2026-1") };
        assert_eq!(both.classification, expected);
        assert_eq!(said("[archivo]\ntrd = \"1\"").1, ["«archivo» no tiene una clave «trd»"]);
    }
}
