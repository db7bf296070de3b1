//! A file appears under its name complete or not at all, and a signed one is never replaced.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};

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
    let failed = || format!("no se puede escribir «{}»", path.display());
    if is_signed(path).with_context(failed)? {
        return Ok(Written::KeptSigned);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(failed)?;
    let mut temporary = builder().tempfile_in(folder).with_context(failed)?;
    temporary.write_all(bytes).with_context(failed)?;
    temporary.as_file().sync_all().with_context(failed)?;
    temporary.persist(path).map_err(|error| error.error).with_context(failed)?;
    sync_folder(folder).with_context(failed)?;
    Ok(Written::Yes)
}

/// Whether a PDF with a signature stands at this path: every signature has its `/ByteRange` (ISO 32000-1, 12.8.1).
///
/// # Errors
/// When something stands there that cannot be read: it may be signed.
fn is_signed(path: &Path) -> Result<bool> {
    let kind = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        kind => kind?,
    };
    if !kind.is_file() {
        bail!("en ese lugar hay algo que no es un archivo corriente");
    }
    let pdf = path.extension().is_some_and(|extension| extension == "pdf");
    Ok(pdf && fs::read(path)?.windows(10).any(|window| window == b"/ByteRange"))
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".seguimiento-");
    // A report is for all to read, as far as the user's mask allows; temporary files are private by default.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Makes the new name itself survive a loss of power; Windows does that on its own and cannot open folders.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
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
