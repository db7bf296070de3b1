//! `extraer`: writes the files inside reports into folders, for whoever wants to read the data or check a digest.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};

use crate::again::{Carried, Code};
use crate::cli::Outcome;
use crate::cli::args::Extract;
use crate::cli::printer::Printer;
use crate::cli::signing::read_report;
use crate::export::write_new;
use crate::input::file::{display, read_bytes};
use crate::pdf::File;
use crate::typeset::Attachment;

/// Writes the files of each report; one that cannot be read stops none of the others.
pub fn run(args: &Extract, printer: &mut Printer) -> Outcome {
    let mut outcome = Outcome::Done;
    for report in &args.reports {
        match extract(report, &args.folder) {
            Ok(said) => printer.note(&said),
            Err(error) => {
                outcome = Outcome::MachineFailed;
                printer.failure(&error);
            }
        }
    }
    outcome
}

/// Writes the files of a report into a folder of its name, and tells of it.
fn extract(report: &Path, into: &Path) -> Result<String> {
    let nothing = || format!("no se extrajo nada de «{}»", display(report));
    let pdf = read_report(report).with_context(nothing)?;
    let carried = File::read(&pdf).map_err(|fault| anyhow!(fault)).and_then(|file| {
        Carried::read(file.as_of(1)).map_err(|why| anyhow!("no es un informe de este programa: {why}"))
    });
    let carried = carried.with_context(nothing)?;
    let name = report.file_stem().context("el informe no tiene nombre")?.to_string_lossy();
    let folder = into.join(safe(&name).with_context(nothing)?);
    let files = places(&folder, &carried).with_context(nothing)?;
    fs::create_dir_all(&folder)
        .with_context(|| format!("no se puede crear la carpeta «{}»", display(&folder)))
        .with_context(nothing)?;
    let missing: Vec<_> = files.iter().filter(|(path, _)| !is_there(path)).collect();
    for (written, (path, bytes)) in missing.iter().enumerate() {
        write_new(path, bytes).with_context(|| {
            let of = missing.len();
            format!("«{}» se extrajo a medias, {written} de {of} archivos; la próxima vez se termina", display(report))
        })?;
    }
    let code = Code::of(carried.data());
    Ok(format!("{}: {} archivos en {}; código de los datos {code}", display(report), files.len(), display(&folder)))
}

/// Where in a folder each of a report's files goes. All are looked at before any is written.
fn places<'c>(folder: &Path, carried: &'c Carried) -> Result<Vec<(PathBuf, &'c [u8])>> {
    let place = |file: &'c Attachment| Ok((folder.join(safe(&file.name)?), &*file.bytes));
    let files: Vec<_> = carried.files.iter().map(place).collect::<Result<_>>()?;
    // No link is followed, and nothing is waited for that is no file.
    if fs::symlink_metadata(folder).is_ok_and(|kind| !kind.is_dir()) {
        bail!("«{}» ya existe y no es una carpeta", display(folder));
    }
    let is_same = |path: &Path, bytes: &[u8]| {
        let is_file = fs::symlink_metadata(path).is_ok_and(|kind| kind.is_file());
        is_file && read_bytes(path, bytes.len() as u64).is_ok_and(|there| there == bytes)
    };
    if let Some((path, _)) = files.iter().find(|(path, bytes)| is_there(path) && !is_same(path, bytes)) {
        bail!("«{}» ya existe y es otro archivo: bórrelo, o elija otra carpeta con --carpeta", display(path));
    }
    Ok(files)
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// A name that stays in its folder, on every system.
fn safe(name: &str) -> Result<&str> {
    let odd = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let plain = !name.is_empty() && !name.starts_with(['.', ' ']) && !name.ends_with(['.', ' ']) && !name.contains(odd);
    let device = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let reserved = ["CON", "PRN", "AUX", "NUL"].contains(&&*device)
        || (device.len() == 4 && (device.starts_with("COM") || device.starts_with("LPT")));
    ensure!(plain && !reserved && name.len() <= 200, "no es seguro escribir algo de nombre «{}»", name.escape_debug());
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn no_name_leads_out_of_the_folder_or_to_a_device() {
        for name in
            ["", ".", "..", "../plan.toml", "a/b", "a\\b", "C:plan", ".bashrc", "nul", "COM1.toml", "a\nb", "a.", "a "]
        {
            assert!(safe(name).is_err(), "{name:?}");
        }
        for name in ["plan.toml", "trimestre-2.toml", "comun-pagina.typ", "logo-entidad.svg", "año.csv"] {
            assert_eq!(safe(name).unwrap(), name);
        }
    }
}
