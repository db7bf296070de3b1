//! What lies in the folder of an archive beside its bags, held against the register.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::MAX_FILE;
use crate::archive::catalogue::catalogue;
use crate::archive::register::{REGISTER, Register};
use crate::archive::store::{CATALOGUE, STAGING};
use crate::input::file::{display, read_bytes};

/// Most things that do not belong into the folder that are told.
const MAX_TOLD: usize = 20;

/// What was begun and not finished.
pub(super) fn begun(folder: &Path) -> Option<String> {
    let is_there = fs::symlink_metadata(folder.join(STAGING)).is_ok();
    is_there.then(|| format!("«{STAGING}»: un archivado está en curso, o quedó a medias y el próximo lo termina"))
}

/// What is in the folder of an archive that the register does not name, but for what was begun.
pub(in crate::archive) fn strangers(folder: &Path, register: &Register) -> Vec<String> {
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
        for entry in entries {
            let Ok(entry) = entry else {
                self.strangers.push(format!("no se puede leer todo lo que hay en «{}»", display(folder)));
                continue;
            };
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
            } else if path != STAGING && !belongs {
                self.strangers.push(format!("«{path}» no está en el registro"));
            }
        }
    }
}

/// What is wrong with the catalogue.
pub(super) fn catalogue_fault(folder: &Path, register: &Register) -> Option<String> {
    match read_bytes(&folder.join(CATALOGUE), MAX_FILE) {
        Err(fault) => Some(fault.message().to_owned()),
        Ok(page) if page == catalogue(&register.entries).as_bytes() => None,
        Ok(_) => Some(format!(
            "«{CATALOGUE}» no es el catálogo de este registro: alguien lo cambió, o lo hizo otra versión del programa; «archivar» lo rehace"
        )),
    }
}
