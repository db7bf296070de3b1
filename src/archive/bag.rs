//! A bag (`BagIt` 1.0, RFC 8493): a folder with files under `data/`, and beside them the files that say which they are.
//!
//! All that is beside the data but `bag-info.txt` follows from the rest, so a bag is checked by making it again from what is
//! there: nothing may be missing, nothing may be more, and every byte is where it should be. Stricter than the RFC asks, and
//! enough for what this program writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256, Sha512};

use crate::digest::{hex, sha256};
use crate::input::file::read_bytes;

/// The folder of the data.
pub const DATA: &str = "data/";
/// What says of a bag whose it is and when it was made (RFC 8493, 2.2.2).
pub const INFO: &str = "bag-info.txt";
/// The file whose digest is that of all the bag.
pub const SEAL: &str = "tagmanifest-sha256.txt";
/// Which data there are.
const MANIFEST: &str = "manifest-sha256.txt";
/// `bagit.txt` (RFC 8493, 2.1.1).
const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
/// Most files of a bag, most folders in one another, and largest file in bytes.
const MAX_FILES: usize = 2_000;
const MAX_DEPTH: usize = 6;
const MAX_FILE: u64 = 1 << 30;
/// Most bytes of a bag.
const MAX_BYTES: usize = 1 << 30;
/// Most faults of a bag that are told.
const MAX_TOLD: usize = 10;

/// A bag in memory: its files by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bag {
    /// All its files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Bag {
    /// A bag of some data, by path under `data/`, and what `bag-info.txt` says.
    #[must_use]
    pub fn new(data: BTreeMap<String, Vec<u8>>, info: Vec<u8>) -> Self {
        let tags = tags(&data, info);
        let mut files = data;
        files.extend(tags);
        Self { files }
    }

    /// The SHA-256 that stands for all of it.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256(self.files.get(SEAL).map(Vec::as_slice).unwrap_or_default())
    }

    /// The SHA-256 of each of its data, as its manifest has them; of a sound bag, they are right.
    #[must_use]
    pub fn digests(&self) -> BTreeMap<String, &str> {
        digests(&self.files)
    }

    /// Reads a bag, whatever there is.
    ///
    /// # Errors
    /// What is in its folder that cannot be in a bag, or cannot be read, in Spanish.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        read_folder(folder, "", MAX_DEPTH, &mut files)?;
        Ok(Self { files })
    }

    /// What is wrong with it, in Spanish; nothing if it is complete and unchanged.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let Some(info) = self.files.get(INFO) else { return vec![format!("falta «{INFO}»")] };
        let again = tags(&self.files, info.clone());
        let found = self.files.iter().filter(|(path, _)| !path.starts_with(DATA));
        if found.clone().eq(again.iter()) {
            return Vec::new();
        }
        let mut faults = self.changes(&again);
        // Where data have changed, their manifests do not fit.
        let manifests_count = faults.is_empty();
        for (path, bytes) in found {
            match again.get(path) {
                None => faults.push(format!("sobra «{path}»")),
                Some(other) if other != bytes && manifests_count => {
                    faults.push(format!("«{path}» no es el que resulta de los demás archivos"));
                }
                Some(_) => (),
            }
        }
        let missing = again.keys().filter(|path| !self.files.contains_key(*path));
        faults.extend(missing.map(|path| format!("falta «{path}»")));
        faults.truncate(MAX_TOLD);
        faults
    }

    /// Which data its manifest has otherwise than they are.
    fn changes(&self, again: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
        let (said, found) = (digests(&self.files), digests(again));
        if said.is_empty() {
            return Vec::new();
        }
        let paths: BTreeSet<&String> = said.keys().chain(found.keys()).collect();
        let told = paths.into_iter().filter_map(|path| match (said.get(path), found.get(path)) {
            (Some(_), None) => Some(format!("falta «{path}»")),
            (None, Some(_)) => Some(format!("sobra «{path}»")),
            (one, other) => (one != other).then(|| format!("«{path}» cambió desde que se archivó")),
        });
        told.collect()
    }
}

/// What a manifest says: the digest of each path.
fn digests(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, &str> {
    let manifest = files.get(MANIFEST).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let pairs = manifest.lines().filter_map(|line| line.split_once("  "));
    pairs.map(|(digest, path)| (decoded(path), digest)).collect()
}

/// The files that go beside some data, which may stand among others.
fn tags(files: &BTreeMap<String, Vec<u8>>, info: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let (short, long) = manifests(files.iter().filter(|(path, _)| path.starts_with(DATA)));
    let mut tags = BTreeMap::from([
        ("bagit.txt".to_owned(), DECLARATION.into()),
        (INFO.to_owned(), info),
        (MANIFEST.to_owned(), short),
        ("manifest-sha512.txt".to_owned(), long),
    ]);
    let (short, long) = manifests(tags.iter());
    tags.insert(SEAL.to_owned(), short);
    tags.insert("tagmanifest-sha512.txt".to_owned(), long);
    tags
}

/// The manifests of some files (RFC 8493, 2.1.3), in SHA-256 and in SHA-512.
fn manifests<'a>(files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>) -> (Vec<u8>, Vec<u8>) {
    let (mut short, mut long) = (String::new(), String::new());
    for (path, bytes) in files {
        let path = encoded(path);
        let _ = writeln!(short, "{}  {path}", hex(&Sha256::digest(bytes)));
        let _ = writeln!(long, "{}  {path}", hex(&Sha512::digest(bytes)));
    }
    (short.into_bytes(), long.into_bytes())
}

/// A path as a manifest has it (RFC 8493, 2.1.3).
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D")
}

/// The path that a manifest has so.
fn decoded(path: &str) -> String {
    path.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}

/// A line of `bag-info.txt` (RFC 8493, 2.2.2).
pub fn info_line(info: &mut String, label: &str, value: &str) {
    let value = value.replace(char::is_control, " ");
    let _ = writeln!(info, "{label}: {value}");
}

/// Adds the files of a folder of a bag.
fn read_folder(folder: &Path, prefix: &str, depth: usize, files: &mut BTreeMap<String, Vec<u8>>) -> Result<(), String> {
    let shown = if prefix.is_empty() { "su carpeta" } else { prefix };
    let unread = |_| format!("no se puede leer {shown}");
    let mut any = false;
    for entry in fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        any = true;
        let name = entry.file_name();
        let path = format!("{prefix}{}", name.to_str().ok_or_else(|| format!("un nombre de {shown} no es texto"))?);
        let kind = entry.file_type().map_err(unread)?;
        if kind.is_dir() && depth > 0 {
            read_folder(&entry.path(), &format!("{path}/"), depth - 1, files)?;
        } else if kind.is_file() && files.len() < MAX_FILES {
            let bytes = read_bytes(&entry.path(), MAX_FILE).map_err(|fault| fault.message().to_owned())?;
            if files.values().map(Vec::len).sum::<usize>() + bytes.len() > MAX_BYTES {
                return Err("tiene demasiados bytes para un paquete".into());
            }
            files.insert(path, bytes);
        } else {
            return Err(format!("«{path}» no puede estar en un paquete: es un enlace u otra cosa rara, o una de más"));
        }
    }
    if any { Ok(()) } else { Err(format!("{shown} está vacía")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag() -> Bag {
        let data = [("data/uno.txt", "uno"), ("data/dos/100%.txt", "dos"), ("data/b.pdf", "")];
        Bag::new(data.map(|(path, text)| (path.to_owned(), text.into())).into(), b"A: b\n".to_vec())
    }

    #[test]
    fn its_manifests_name_every_file_with_its_digests() {
        let bag = bag();
        let text = |path: &str| String::from_utf8(bag.files[path].clone()).unwrap();
        assert_eq!(text("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        let manifest = text("manifest-sha256.txt");
        let paths: Vec<&str> = manifest.lines().map(|line| line.split_once("  ").unwrap().1).collect();
        assert_eq!(paths, ["data/b.pdf", "data/dos/100%25.txt", "data/uno.txt"]);
        assert!(manifest.starts_with("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  data/b.pdf\n"));
        assert_eq!(text(SEAL).lines().count(), 4, "bagit.txt, bag-info.txt and two manifests");
        assert_eq!(text("manifest-sha512.txt").lines().next().unwrap().len(), 128 + 2 + "data/b.pdf".len());
        assert_eq!(bag.digest(), sha256(&bag.files[SEAL]));
        assert_eq!(bag.digests()["data/dos/100%.txt"], sha256(b"dos"));
    }

    #[test]
    fn it_is_sound_as_it_was_made_and_with_nothing_else() {
        let sound = bag();
        assert_eq!(sound.faults(), [""; 0]);
        for path in sound.files.keys() {
            let mut without = sound.clone();
            without.files.remove(path);
            assert!(without.faults().iter().any(|fault| fault.contains(path.as_str())), "{path}");
            let mut changed = sound.clone();
            changed.files.get_mut(path).unwrap().push(b'\n');
            assert_ne!(changed.faults(), [""; 0], "{path}");
        }
        for path in ["data/otro", "otro.txt", "manifest-md5.txt", "fetch.txt"] {
            let mut more = sound.clone();
            more.files.insert(path.into(), Vec::new());
            assert_eq!(more.faults()[0], format!("sobra «{path}»"));
        }
    }

    #[test]
    fn a_value_of_its_info_is_on_one_line() {
        let mut info = String::new();
        info_line(&mut info, "Motivo", "uno\nVersion: 9");
        assert_eq!(info, "Motivo: uno Version: 9\n");
    }
}
