//! Which plans there are, and which of them are meant.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::diag::did_you_mean;
use crate::input::folder::file_name;
use crate::model::Quarter;

/// Where the plans are, in the working folder.
pub const PLANS: &str = "plans";

/// The plan folders selected, in order of name: all of `plans`, or those named.
///
/// A plan is named by its folder, by the path of that folder, or by the path of its `plan.toml`.
///
/// # Errors
/// When there is no plan, a named one does not exist, or two of them would write into the same output folder.
pub fn plan_folders(working_folder: &Path, named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let folders = if named.is_empty() {
        all(working_folder)?
    } else {
        named.iter().map(|path| named_folder(working_folder, path)).collect::<Result<_>>()?
    };
    let mut by_output: BTreeMap<String, PathBuf> = BTreeMap::new();
    for folder in folders {
        // Windows and macOS take names that differ in case for the same.
        let output = folder_name(&folder).to_lowercase();
        let place = |folder: &Path| working_folder.join(folder).canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        match by_output.get(&output) {
            Some(other) if place(other) != place(&folder) => {
                bail!("«{}» y «{}» escribirían en la misma carpeta de informes", other.display(), folder.display())
            }
            _ => by_output.insert(output, folder),
        };
    }
    Ok(by_output.into_values().collect())
}

/// The name of a plan's folder: also that of the folder with its reports.
#[must_use]
pub fn folder_name(folder: &Path) -> String {
    folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// How many trimestres a plan's folder has, of all or of the one asked for.
#[must_use]
pub fn trimestres(folder: &Path, only: Option<Quarter>) -> usize {
    let quarters = Quarter::ALL.into_iter().filter(|quarter| only.is_none_or(|only| only == *quarter));
    quarters.filter(|quarter| fs::symlink_metadata(folder.join(file_name(*quarter))).is_ok()).count()
}

fn all(working_folder: &Path) -> Result<Vec<PathBuf>> {
    let folders = names(working_folder).with_context(|| {
        format!("no se puede leer la carpeta «{PLANS}»; ejecute el programa desde la carpeta que la contiene")
    })?;
    if folders.is_empty() {
        bail!("la carpeta «{PLANS}» no tiene ningún plan: cada uno es una carpeta con su plan.toml");
    }
    Ok(folders.iter().map(|name| Path::new(PLANS).join(name)).collect())
}

/// The names of the folders in `plans`. Each is a plan: one whose `plan.toml` is missing, misspelt or unreadable deserves
/// its finding, and must not be passed over in silence.
fn names(working_folder: &Path) -> std::io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(working_folder.join(PLANS))? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && !entry.path().is_file() {
            names.push(entry.file_name());
        }
    }
    names.sort();
    Ok(names)
}

fn named_folder(working_folder: &Path, path: &Path) -> Result<PathBuf> {
    let path =
        if path.file_name().is_some_and(|name| name == "plan.toml") { path.parent().unwrap_or(path) } else { path };
    let candidates = [path.to_path_buf(), Path::new(PLANS).join(path)];
    let found = candidates
        .into_iter()
        .find(|folder| fs::symlink_metadata(working_folder.join(folder).join("plan.toml")).is_ok());
    if let Some(folder) = found {
        // «.» and «plans/x/..» have no name of their own.
        let named = folder.file_name().is_some();
        return if named {
            Ok(folder)
        } else {
            working_folder.join(folder).canonicalize().context("no se puede leer la carpeta del plan")
        };
    }
    let known = names(working_folder).unwrap_or_default();
    let written = path.display().to_string();
    let known: Vec<_> = known.iter().filter_map(|name| name.to_str()).collect();
    match did_you_mean(&folder_name(path), known) {
        Some(near) => bail!("no existe el plan «{written}»; ¿quiso decir «{near}»?"),
        None => bail!("no existe el plan «{written}»: no hay un plan.toml en esa carpeta ni en {PLANS}/{written}"),
    }
}
