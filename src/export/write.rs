//! A file appears under its name complete or not at all, and a signed one is never replaced.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};

/// How the names of files begin that are not complete yet.
const BEGUN: &str = ".seguimiento-";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It stands under its name.
    Yes,
    /// A signed PDF stands there, and was left as it is.
    KeptSigned,
}

/// Writes a file under a temporary name beside its place, syncs it, and renames it.
///
/// # Errors
/// When the folder cannot be made or the disk does not take the file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<Written> {
    let failed = || not_written(path);
    if is_signed(path)? {
        return Ok(Written::KeptSigned);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(failed)?;
    replace(path, folder, bytes, File::sync_all).with_context(failed)?;
    sync_folder(folder).with_context(failed)?;
    Ok(Written::Yes)
}

/// Writes a file that is whole too, but may be lost when the power fails.
///
/// # Errors
/// When the disk does not take the file.
pub fn write_cache(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, path.parent().unwrap_or(Path::new(".")), bytes, |_| Ok(()))
}

fn replace(path: &Path, folder: &Path, bytes: &[u8], sync: fn(&File) -> io::Result<()>) -> Result<()> {
    let mut temporary = builder().tempfile_in(folder)?;
    // As long as this process lives. Where the disk knows no locks, nobody takes leftovers away.
    let _ = temporary.as_file().lock();
    temporary.write_all(bytes)?;
    sync(temporary.as_file())?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Takes away what a process that was killed had begun to write in a folder. What another one is writing is locked.
pub fn remove_leftovers(folder: &Path) {
    let begun = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(BEGUN);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(begun) {
        let abandoned = File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        if abandoned {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a PDF with a signature stands at this path: every signature has its `/ByteRange` (ISO 32000-1, 12.8.1).
///
/// # Errors
/// When something stands there that cannot be read: it may be signed.
pub fn is_signed(path: &Path) -> Result<bool> {
    let failed = || not_written(path);
    let kind = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        kind => kind.with_context(failed)?,
    };
    if !kind.is_file() {
        return Err(anyhow!("en ese lugar hay algo que no es un archivo corriente").context(failed()));
    }
    let pdf = path.extension().is_some_and(|extension| extension == "pdf");
    Ok(pdf && fs::read(path).with_context(failed)?.windows(10).any(|window| window == b"/ByteRange"))
}

fn not_written(path: &Path) -> String {
    format!("no se puede escribir «{}»", path.display())
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGUN);
    // A report is for all to read, as far as the user's mask allows; temporary files are private by default.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Makes the new name itself survive a loss of power; Windows does that on its own and cannot open folders.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_report_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("informe.pdf");
        assert_eq!(write_whole(&path, b"%PDF uno").unwrap(), Written::Yes);
        assert_eq!(write_whole(&path, b"%PDF dos").unwrap(), Written::Yes);
        fs::write(&path, b"%PDF dos /ByteRange [0 1 2 3]").unwrap();
        assert_eq!(write_whole(&path, b"%PDF tres").unwrap(), Written::KeptSigned);
        assert!(fs::read(&path).unwrap().starts_with(b"%PDF dos"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn what_cannot_be_told_from_a_signed_report_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("informe.pdf")).unwrap();
        assert!(write_whole(&folder.path().join("informe.pdf"), b"%PDF").is_err());
    }
}
