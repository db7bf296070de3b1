//! A file appears under its name complete or not at all, and a signed one is never replaced but by itself with more at its end.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use memchr::memmem;

/// How the names of files begin that are not complete yet.
const BEGUN: &str = ".seguimiento-";
/// How many letters or digits follow.
const RANDOM: usize = 6;

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
    let folder = parent(path);
    fs::create_dir_all(folder).with_context(failed)?;
    replace(path, folder, bytes, |file| Ok(file.sync_all()?)).with_context(failed)?;
    sync_folder(folder).with_context(failed)?;
    Ok(Written::Yes)
}

/// Writes a file that is not there yet, whole or not at all.
///
/// # Errors
/// When there is one of its name, or the disk does not take it.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let (failed, folder) = (|| not_written(path), parent(path));
    let mut temporary = builder().tempfile_in(folder).with_context(failed)?;
    temporary.write_all(bytes).and_then(|()| temporary.as_file().sync_all()).with_context(failed)?;
    temporary.persist_noclobber(path).map_err(|error| error.error).with_context(failed)?;
    sync_folder(folder).with_context(failed)
}

/// Writes a file of the user's anew, whole or not at all, with the permissions that it had.
///
/// # Errors
/// When it may not be written, is no regular file, or the disk does not take it.
pub fn rewrite(path: &Path, bytes: &[u8]) -> Result<()> {
    renew(path, bytes, || Ok(()))
}

/// Puts in the place of a file what it was, `before`, with more at its end, whole or not at all and with the permissions that it
/// had. What is signed in it stays to the byte.
///
/// # Errors
/// When `bytes` does not continue `before`, the file is no longer `before`, or as of [`rewrite`].
pub fn append(path: &Path, before: &[u8], bytes: &[u8]) -> Result<()> {
    if bytes.len() <= before.len() || !bytes.starts_with(before) {
        return Err(anyhow!("lo que se iba a escribir no continúa el archivo").context(not_written(path)));
    }
    // Two runs of this program one after the other: what the second has read is no longer what it finds. A lock on Windows would
    // keep the file from being read.
    let _lock = if cfg!(unix) { File::open(path).and_then(|file| file.lock().map(|()| file)).ok() } else { None };
    let is_as_read = || if fs::read(path)? == before { Ok(()) } else { Err(anyhow!("el archivo cambió entretanto")) };
    renew(path, bytes, is_as_read)
}

/// Replaces a regular file that may be written, if all is well just before its name is given away.
fn renew(path: &Path, bytes: &[u8], is_well: impl Fn() -> Result<()>) -> Result<()> {
    let failed = || not_written(path);
    let metadata = fs::symlink_metadata(path).with_context(failed)?;
    if !metadata.is_file() {
        return Err(irregular(path));
    }
    // The folder lets any file in it be replaced; the file itself says whether it may be changed.
    if metadata.permissions().readonly() {
        return Err(anyhow!("el archivo es de solo lectura").context(failed()));
    }
    let folder = parent(path);
    let finish = |file: &File| {
        file.set_permissions(metadata.permissions())?;
        file.sync_all()?;
        is_well()
    };
    replace(path, folder, bytes, finish).with_context(failed)?;
    sync_folder(folder).with_context(failed)
}

/// Writes a file that is whole too, but may be lost when the power fails.
///
/// # Errors
/// When the disk does not take the file.
pub fn write_cache(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, parent(path), bytes, |_| Ok(()))
}

fn replace(path: &Path, folder: &Path, bytes: &[u8], finish: impl Fn(&File) -> Result<()>) -> Result<()> {
    let mut temporary = builder().tempfile_in(folder)?;
    // As long as this process lives. Where the disk knows no locks, nobody takes leftovers away.
    let _ = temporary.as_file().lock();
    temporary.write_all(bytes)?;
    finish(temporary.as_file())?;
    temporary.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Takes away what a process that was killed had begun to write in a folder. What another one is writing is locked.
pub fn remove_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(is_begun) {
        // Locked as long as it takes to remove it.
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a file has a name that this program gives to what it has begun to write.
fn is_begun(entry: &fs::DirEntry) -> bool {
    let name = entry.file_name();
    let rest = name.to_str().and_then(|name| name.strip_prefix(BEGUN));
    let random = rest.is_some_and(|rest| rest.len() == RANDOM && rest.chars().all(|c| c.is_ascii_alphanumeric()));
    random && entry.file_type().is_ok_and(|kind| kind.is_file())
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
        return Err(irregular(path));
    }
    let pdf = path.extension().is_some_and(|extension| extension == "pdf");
    Ok(pdf && has_byte_range(&fs::read(path).with_context(failed)?))
}

/// Whether `/ByteRange` stands there with the array of numbers that makes it one, and not as a word of somebody's text.
fn has_byte_range(pdf: &[u8]) -> bool {
    const KEY: &[u8] = b"/ByteRange";
    let is_range = |after: &[u8]| {
        let mut after = after.trim_ascii_start().iter();
        after.next() == Some(&b'[') && after.as_slice().trim_ascii_start().first().is_some_and(u8::is_ascii_digit)
    };
    memmem::find_iter(pdf, KEY).any(|at| is_range(&pdf[at + KEY.len()..]))
}

/// The folder of a file, also of one that is named without it.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn irregular(path: &Path) -> anyhow::Error {
    anyhow!("en ese lugar hay algo que no es un archivo corriente").context(not_written(path))
}

fn not_written(path: &Path) -> String {
    format!("no se puede escribir «{}»", path.display())
}

fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEGUN).rand_bytes(RANDOM);
    // A report is for all to read, as far as the user's mask allows; temporary files are private by default.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Makes the new name itself survive a loss of power; Windows does that on its own and cannot open folders.
///
/// # Errors
/// When the disk does not do it.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
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
    fn a_file_written_anew_keeps_its_permissions_and_one_that_is_read_only_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.toml");
        fs::write(&path, "uno").unwrap();
        rewrite(&path, b"dos").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            rewrite(&path, b"tres").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let before = fs::read(&path).unwrap();
        assert!(rewrite(&path, b"cuatro").is_err());
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[test]
    fn a_signed_file_is_replaced_only_by_itself_with_more_at_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("informe.pdf");
        fs::write(&path, "uno").unwrap();
        append(&path, b"uno", b"uno, dos").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"uno, dos");
        for (before, bytes) in [("uno, dos", "uno. dos, tres"), ("uno, dos", "uno, dos"), ("uno, dos", "uno")] {
            let error = append(&path, before.as_bytes(), bytes.as_bytes()).unwrap_err();
            assert!(format!("{error:#}").contains("no continúa el archivo"), "{bytes}");
        }
        let error = append(&path, b"uno", b"uno, tres").unwrap_err();
        assert!(format!("{error:#}").ends_with("el archivo cambió entretanto"), "{error:#}");
        assert!(append(&folder.path().join("otro.pdf"), b"uno", b"uno, dos").is_err(), "there is no such file");
        assert_eq!(fs::read(&path).unwrap(), b"uno, dos");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_is_signed_keeps_its_permissions_and_what_is_no_file_of_its_own_is_left_alone() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("informe.pdf"), folder.path().join("enlace.pdf"));
        fs::write(&path, "uno").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        append(&path, b"uno", b"uno, dos").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        symlink(&path, &link).unwrap();
        assert!(append(&link, b"uno, dos", b"uno, dos, tres").is_err());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(append(&path, b"uno, dos", b"uno, dos, tres").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"uno, dos");
    }

    #[cfg(unix)]
    #[test]
    fn of_two_who_sign_the_same_state_at_once_one_is_told_that_it_changed() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("informe.pdf");
            fs::write(&path, "uno").unwrap();
            let done = std::thread::scope(|scope| {
                let signers = ["uno, A", "uno, B"].map(|bytes| scope.spawn(|| append(&path, b"uno", bytes.as_bytes())));
                signers.map(|signer| signer.join().unwrap().is_ok())
            });
            assert_eq!(done.iter().filter(|done| **done).count(), 1);
            assert_eq!(fs::read(&path).unwrap(), if done[0] { b"uno, A" } else { b"uno, B" });
        }
    }

    #[test]
    fn a_word_in_the_data_is_no_signature() {
        assert!(has_byte_range(b"<< /ByteRange [ 0 840 960 240] >>") && has_byte_range(b"/ByteRange[0 1"));
        assert!(!has_byte_range(b"(El campo /ByteRange de la firma) /ByteRange [] /ByteRange"));
    }

    #[test]
    fn what_cannot_be_told_from_a_signed_report_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("informe.pdf")).unwrap();
        assert!(write_whole(&folder.path().join("informe.pdf"), b"%PDF").is_err());
    }
}
