//! The files that a plan is read from: those of its folder, or those that a report carries inside.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use crate::input::discover::folder_name;
use crate::input::file::{Unreadable, display, read_bytes};

/// The name of a plan that is read from a report.
const CARRIED: &str = "informe";

/// Where the files of a plan are.
#[derive(Debug, Clone, Copy)]
pub enum Files<'a> {
    /// In a folder.
    Folder(&'a Path),
    /// In a report.
    Report {
        /// The report's name, to be shown before theirs.
        name: &'a str,
        /// Their bytes, by name.
        files: &'a BTreeMap<String, Vec<u8>>,
    },
}

impl Files<'_> {
    /// What the folder is called.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Folder(folder) => folder_name(folder),
            Self::Report { .. } => CARRIED.into(),
        }
    }

    /// Where they are, as a person would type it.
    #[must_use]
    pub fn place(self) -> String {
        match self {
            Self::Folder(folder) => display(folder),
            Self::Report { name, .. } => name.into(),
        }
    }

    /// The path of one of them, as it is shown.
    #[must_use]
    pub fn path(self, file: &str) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join(file),
            Self::Report { name, .. } => Path::new(name).join(file),
        }
    }

    /// The names of all of them, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(self) -> Result<Vec<String>, Unreadable> {
        match self {
            Self::Folder(folder) => {
                let entries = fs::read_dir(folder).map_err(|error| Unreadable::new(folder, &error))?;
                let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
                let mut names: Vec<String> = names.collect();
                names.sort();
                Ok(names)
            }
            Self::Report { files, .. } => Ok(files.keys().cloned().collect()),
        }
    }

    /// The bytes of one of them.
    ///
    /// # Errors
    /// When it is not there, is no regular file, or has more than `limit` bytes.
    pub fn read(self, file: &str, limit: u64) -> Result<Vec<u8>, Unreadable> {
        let path = self.path(file);
        match self {
            Self::Folder(_) => read_bytes(&path, limit),
            Self::Report { files, .. } => match files.get(file) {
                None => Err(Unreadable::new(&path, &Error::from(ErrorKind::NotFound))),
                Some(bytes) if bytes.len() as u64 > limit => Err(Unreadable::too_large(&path, limit)),
                Some(bytes) => Ok(bytes.clone()),
            },
        }
    }
}
