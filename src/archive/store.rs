//! The archive on the disk: who may write, how a bag gets in, what is put right after a run that was cut off.
//!
//! ```text
//! stage   the bag, whole and synced, under .en-curso/
//! commit  its line at the end of the register, synced: from here on it is archived
//! place   the bag renamed to where the register says, the folders synced
//! ```
//!
//! So whatever ends a run, at most one bag is committed and not in its place, and the next run puts it there; what was not committed is
//! thrown away. The register decides: nothing is archived because it lies in the folder.
//!
//! The register itself is what a writer locks. On Windows nobody reads a locked file, so there verifying waits for archiving.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};

use super::bag::Bag;
use super::catalogue::catalogue;
use super::register::{Entry, REGISTER, Register};
use super::verify::folder::strangers;
use crate::export::sync_folder;
use crate::input::file::display;

/// The folder of bags that are being made; it is not there when all is well.
pub const STAGING: &str = ".en-curso";
/// The page that lists the reports.
pub const CATALOGUE: &str = "index.html";
/// How often it is asked whether another writer has ended.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// An archive that this process alone writes to.
pub struct Store {
    folder: PathBuf,
    file: File,
    register: Register,
    /// Whether something is left that only the next run can finish: until then nothing that is staged may be thrown away.
    stuck: bool,
}

impl Store {
    /// Opens an archive, or begins one in a folder that is empty or is not there, and puts right what a run that was cut off left.
    /// While another process writes, `wait` is asked whether to go on waiting.
    ///
    /// # Errors
    /// When the folder is no archive, its register is broken, nobody waits any more, or the disk does not do it.
    pub fn open(folder: &Path, wait: &mut dyn FnMut() -> bool) -> Result<Self> {
        let shown = || format!("no se puede abrir el archivo «{}»", display(folder));
        let mut file = register_file(folder).with_context(shown)?;
        lock(&file, wait).with_context(shown)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).with_context(shown)?;
        let register = Register::read(&bytes);
        if let Some(fault) = register.faults.first() {
            return Err(anyhow!("{fault}; «verificar» dice todo lo que no está bien").context(shown()));
        }
        let mut store = Self { folder: folder.to_owned(), file, register, stuck: false };
        store.is_as_registered().and_then(|()| store.recover()).with_context(shown)?;
        Ok(store)
    }

    /// What is archived.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Nothing is done, and no head is said, where the folder is not what the register says: above all, nothing that a register
    /// without its end no longer names may be archived over, or be taken for what a run that was cut off left.
    fn is_as_registered(&self) -> Result<()> {
        if let Some(stranger) = strangers(&self.folder, &self.register).first() {
            bail!("{stranger}; «verificar» dice todo lo que no está bien");
        }
        for entry in &self.register.entries {
            let is_there = is_folder(&self.folder.join(&entry.bag));
            let may_be_staged = entry.number == self.register.entries.len();
            ensure!(is_there || may_be_staged, "falta el paquete «{}», que el registro nombra", entry.bag);
        }
        Ok(())
    }

    /// Finishes what was committed, and takes away what was not.
    fn recover(&mut self) -> Result<()> {
        if let Some(last) = self.register.entries.last() {
            let staged = self.staged(last.number);
            let is_placed = fs::symlink_metadata(self.folder.join(&last.bag)).is_ok();
            // A bag that got its place is no longer where it was made.
            ensure!(
                !(is_placed && fs::symlink_metadata(&staged).is_ok()),
                "en «{}» hay algo que no es el paquete que el registro nombra, y que está en «{}»: quítelo",
                last.bag,
                display(&staged)
            );
            if !is_placed {
                let sound =
                    Bag::read(&staged).is_ok_and(|bag| bag.faults().is_empty() && bag.digest() == last.bag_digest);
                ensure!(sound, "falta el paquete «{}», que el registro nombra", last.bag);
                self.place(last)?;
            }
        }
        if self.register.unfinished > 0 {
            self.cut_register()?;
        }
        self.unstage()
    }

    /// Adds a bag, whose digest the entry has, and the entry, which continues the register.
    ///
    /// # Errors
    /// When the disk does not take it: then it is not archived, unless its line was written, which the next run finds.
    pub fn commit(&mut self, bag: &Bag, entry: Entry) -> Result<()> {
        let failed = format!("no se pudo archivar «{}»", entry.bag);
        self.is_well()?;
        self.is_free(&entry).with_context(|| failed.clone())?;
        if let Err(error) = self.stage(bag, entry.number).and_then(|()| self.append(&entry)) {
            if !self.stuck {
                // What takes up the room, if that is what lacks.
                let _ = self.unstage();
            }
            return Err(error.context(failed));
        }
        let placed = self.place(&entry);
        self.stuck = placed.is_err();
        self.register.push(entry);
        placed.context("quedó en el registro y no en su carpeta; la próxima vez que archive se termina").context(failed)
    }

    fn is_well(&self) -> Result<()> {
        ensure!(!self.stuck, "falta terminar lo anterior: vuelva a archivar");
        Ok(())
    }

    /// Brings the catalogue up to date and takes the folder of what is being made away.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn finish(&mut self) -> Result<()> {
        self.is_well()?;
        let path = self.folder.join(CATALOGUE);
        let written =
            self.write_catalogue(&path).with_context(|| format!("no se pudo actualizar «{}»", display(&path)));
        written.and(self.unstage())
    }

    fn write_catalogue(&self, path: &Path) -> Result<()> {
        let page = catalogue(&self.register.entries);
        let is_current = fs::symlink_metadata(path).is_ok_and(|kind| kind.is_file())
            && fs::read(path).is_ok_and(|bytes| bytes == page.as_bytes());
        if is_current {
            return Ok(());
        }
        self.make_staging()?;
        let staged = self.folder.join(STAGING).join(CATALOGUE);
        write(&staged, page.as_bytes())?;
        fs::rename(&staged, path)?;
        Ok(sync_folder(&self.folder)?)
    }

    fn staged(&self, number: usize) -> PathBuf {
        self.folder.join(STAGING).join(number.to_string())
    }

    fn make_staging(&self) -> Result<()> {
        let staging = self.folder.join(STAGING);
        match fs::create_dir(&staging) {
            Ok(()) => Ok(sync_folder(&self.folder)?),
            Err(error) if error.kind() == ErrorKind::AlreadyExists && is_folder(&staging) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes a bag whole beside its place.
    fn stage(&self, bag: &Bag, number: usize) -> Result<()> {
        self.make_staging()?;
        let staged = self.staged(number);
        fs::create_dir(&staged)?;
        let mut folders = vec![staged.clone()];
        for (path, bytes) in &bag.files {
            let path = staged.join(path);
            if let Some(folder) = path.parent().filter(|folder| !folders.iter().any(|known| known == folder)) {
                fs::create_dir_all(folder)?;
                folders.push(folder.to_owned());
            }
            write(&path, bytes)?;
        }
        for folder in folders.iter().rev() {
            sync_folder(folder)?;
        }
        Ok(sync_folder(&self.folder.join(STAGING))?)
    }

    /// Adds a line to the register: all of it, synced, or nothing.
    fn append(&mut self, entry: &Entry) -> Result<()> {
        let line = entry.line() + "\n";
        let written = self.file.seek(SeekFrom::Start(self.register.length as u64)).and_then(|_| {
            self.file.write_all(line.as_bytes())?;
            self.file.sync_all()
        });
        if written.is_err() {
            // If not even that can be done, what is committed is what the next run finds.
            self.stuck = self.cut_register().is_err();
        }
        Ok(written?)
    }

    /// Takes away what follows the last whole line that is known.
    fn cut_register(&self) -> Result<()> {
        self.file.set_len(self.register.length as u64)?;
        Ok(self.file.sync_all()?)
    }

    /// Finds the place of a bag free, and nothing but folders above it.
    fn is_free(&self, entry: &Entry) -> Result<()> {
        let above = [self.folder.join(&entry.plan), self.folder.join(&entry.plan).join(&entry.report)];
        let is_there = |path: &Path| fs::symlink_metadata(path).is_ok();
        let taken = above.iter().find(|path| is_there(path) && !is_folder(path)).cloned();
        let place = self.folder.join(&entry.bag);
        match taken.or_else(|| is_there(&place).then_some(place)) {
            Some(taken) => bail!("en «{}» ya hay algo que el registro no nombra", display(&taken)),
            None => Ok(()),
        }
    }

    /// Gives a bag that is committed its place.
    fn place(&self, entry: &Entry) -> Result<()> {
        let place = self.folder.join(&entry.bag);
        let mut above = self.folder.clone();
        for folder in [&entry.plan, &entry.report] {
            let inside = above.join(folder);
            match fs::create_dir(&inside) {
                Ok(()) => sync_folder(&above)?,
                Err(error) if error.kind() == ErrorKind::AlreadyExists && is_folder(&inside) => (),
                Err(error) => return Err(error.into()),
            }
            above = inside;
        }
        // A folder may be renamed over another one that is empty, and nothing is ever replaced here.
        self.is_free(entry)?;
        fs::rename(self.staged(entry.number), &place)?;
        sync_folder(&above)?;
        Ok(sync_folder(&self.folder.join(STAGING))?)
    }

    /// Takes the folder of what is being made away, with all that is in it.
    fn unstage(&self) -> Result<()> {
        let staging = self.folder.join(STAGING);
        match fs::symlink_metadata(&staging) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Ok(kind) if kind.is_dir() => fs::remove_dir_all(&staging)?,
            _ => fs::remove_file(&staging)?,
        }
        Ok(sync_folder(&self.folder)?)
    }
}

/// Opens the register of an archive, or makes the first.
fn register_file(folder: &Path) -> Result<File> {
    let path = folder.join(REGISTER);
    match fs::symlink_metadata(&path) {
        Ok(kind) if kind.is_file() => (),
        Ok(_) => bail!("«{}» no es un archivo corriente", display(&path)),
        Err(error) if error.kind() == ErrorKind::NotFound => begin(folder)?,
        Err(error) => return Err(error.into()),
    }
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path)?;
    sync_folder(folder)?;
    Ok(file)
}

/// Makes the folder of a new archive, or finds it empty.
fn begin(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
        sync_folder(above)?;
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        // Another writer may begin it at the same time.
        if name != REGISTER && name != STAGING {
            bail!("la carpeta no está vacía y no tiene un «{REGISTER}»: no es un archivo de este programa");
        }
    }
    Ok(())
}

/// Waits until nobody else writes.
fn lock(file: &File, wait: &mut dyn FnMut() -> bool) -> Result<()> {
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if wait() => sleep(ASK_EVERY),
            Err(TryLockError::WouldBlock) => bail!("otro proceso está archivando en él"),
            Err(TryLockError::Error(error)) => {
                return Err(error).context("el disco no sabe de bloqueos, y sin ellos dos procesos se estorbarían");
            }
        }
    }
}

/// Writes a new file and syncs it.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    Ok(file.sync_all()?)
}

fn is_folder(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|kind| kind.is_dir())
}
