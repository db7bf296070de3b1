//! The templates and fonts: embedded in the program, each replaced by a file of the same name in the working folder.
//!
//! An office that changes its layout copies a folder of `report-templates` beside its plans and edits it; one that does
//! not has nothing to install. Nothing outside these two folders is ever read: no path that climbs out, no link that
//! leads out, no system font.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rust_embed::RustEmbed;
use typst::foundations::Bytes;
use typst::utils::hash128;

use crate::input::file::{Unreadable, read_bytes};

#[derive(RustEmbed)]
#[folder = "report-templates"]
#[exclude = "*.md"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "fonts"]
#[include = "*.ttf"]
#[include = "*.otf"]
struct Fonts;

/// The folder of the templates, in the working folder and in messages.
pub const TEMPLATES: &str = "report-templates";
/// The folder of the fonts.
const FONTS: &str = "fonts";
/// Largest template, image or font that is read, in bytes.
const MAX_ASSET: u64 = 64 * 1024 * 1024;

/// A font, not yet parsed.
pub struct FontFile {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub data: Bytes,
}

/// A file that was asked for: its bytes, that there is none, or why it cannot be read.
type Asked = Result<Option<Bytes>, Unreadable>;

/// The templates and fonts as seen from a working folder. A file is read once: all reports of a run are of one layout,
/// whatever is edited meanwhile.
#[derive(Debug)]
pub struct Assets {
    working_folder: PathBuf,
    asked: Mutex<HashMap<String, Asked>>,
    fingerprints: Mutex<HashMap<String, u128>>,
}

impl Assets {
    /// The embedded files under those of `working_folder`.
    pub fn new(working_folder: impl Into<PathBuf>) -> Self {
        Self { working_folder: working_folder.into(), asked: Mutex::default(), fingerprints: Mutex::default() }
    }

    /// The names of all formats: folders of `report-templates`, embedded or not, that hold a `formato.toml`.
    #[must_use]
    pub fn formats(&self) -> BTreeSet<String> {
        let embedded = Templates::iter().filter_map(|path| Some(path.strip_suffix("/formato.toml")?.to_owned()));
        let beside = fs::read_dir(self.working_folder.join(TEMPLATES)).into_iter().flatten().flatten();
        let own = beside
            .filter(|entry| entry.path().join("formato.toml").exists())
            .filter_map(|entry| entry.file_name().into_string().ok());
        embedded.chain(own).collect()
    }

    /// The paths, within its folder and with `/`, of all files of a template, sorted; notes in Markdown left out.
    #[must_use]
    pub fn files(&self, template: &str) -> BTreeSet<String> {
        let prefix = format!("{template}/");
        let embedded = Templates::iter().filter_map(|path| Some(path.strip_prefix(&prefix)?.to_owned()));
        let mut files: BTreeSet<String> = embedded.collect();
        collect_files(&self.working_folder.join(TEMPLATES).join(template), "", &mut files);
        files
    }

    /// A file of a template folder; `None` if neither place has it.
    ///
    /// # Errors
    /// When the working folder has something of that name that is no readable file, or a link that leads out of the
    /// template's folder.
    pub fn read(&self, template: &str, path: &str) -> Result<Option<Bytes>, Unreadable> {
        // Before anything is read: what changes after this is noticed at the next run.
        let _ = self.fingerprint(template);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.entry(format!("{template}/{path}")).or_insert_with(|| self.ask(template, path)).clone()
    }

    fn ask(&self, template: &str, path: &str) -> Asked {
        let folder = self.working_folder.join(TEMPLATES).join(template);
        let own = folder.join(path);
        if fs::symlink_metadata(&own).is_ok() {
            if !is_inside(&own, &folder) {
                return Err(Unreadable::outside(&own));
            }
            return read_bytes(&own, MAX_ASSET).map(|bytes| Some(Bytes::new(bytes)));
        }
        Ok(Templates::get(&format!("{template}/{path}")).map(|file| embedded(file.data)))
    }

    /// What the working folder's own folder of a template held when it was first asked for, as a fingerprint. What is
    /// embedded is part of the program.
    #[must_use]
    pub fn fingerprint(&self, template: &str) -> u128 {
        let mut fingerprints = self.fingerprints.lock().unwrap_or_else(PoisonError::into_inner);
        *fingerprints.entry(template.to_owned()).or_insert_with(|| {
            let folder = self.working_folder.join(TEMPLATES).join(template);
            fingerprint_of(&folder.canonicalize().unwrap_or(folder))
        })
    }

    /// All fonts, by file name.
    ///
    /// # Errors
    /// When a font file of the working folder cannot be read.
    pub fn fonts(&self) -> Result<Vec<FontFile>, Unreadable> {
        let folder = self.working_folder.join(FONTS);
        let own = fs::read_dir(&folder).into_iter().flatten().flatten();
        let own = own.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| is_font(name));
        let names: BTreeSet<String> = Fonts::iter().map(Cow::into_owned).chain(own).collect();
        let read = |name: String| {
            let path = folder.join(&name);
            let data = match Fonts::get(&name) {
                Some(file) if !path.exists() => embedded(file.data),
                _ => Bytes::new(read_bytes(&path, MAX_ASSET)?),
            };
            Ok(FontFile { name, data })
        };
        names.into_iter().map(read).collect()
    }
}

/// The names and contents of everything below a folder. Of a link it is the target's name: a template may follow it only
/// to what is in the folder anyway.
fn fingerprint_of(path: &Path) -> u128 {
    let kind = fs::symlink_metadata(path).map(|metadata| metadata.file_type());
    let bytes = if kind.as_ref().is_ok_and(fs::FileType::is_file) { fs::read(path).ok() } else { None };
    let folder = if kind.is_ok_and(|kind| kind.is_dir()) { fs::read_dir(path).ok() } else { None };
    let mut entries: Vec<PathBuf> = folder.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let below: Vec<u128> = entries.iter().map(|entry| fingerprint_of(entry)).collect();
    hash128(&(path.file_name(), bytes, fs::read_link(path).ok(), below))
}

/// What is embedded is not copied.
fn embedded(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::new(data),
        Cow::Owned(data) => Bytes::new(data),
    }
}

fn is_font(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|e| e.eq_ignore_ascii_case("ttf") || e.eq_ignore_ascii_case("otf"))
}

/// Whether a path, its links followed, stays inside a folder.
fn is_inside(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

/// Adds the files below a folder, without following links.
fn collect_files(folder: &Path, prefix: &str, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Ok(kind) = entry.file_type() else { continue };
        let markdown = Path::new(&name).extension().is_some_and(|e| e.eq_ignore_ascii_case("md"));
        // What editors, systems and version control leave behind is no part of a layout.
        if name.starts_with(['.', '~']) {
            continue;
        }
        if kind.is_dir() {
            collect_files(&entry.path(), &format!("{prefix}{name}/"), files);
        } else if kind.is_file() && !markdown {
            files.insert(format!("{prefix}{name}"));
        }
    }
}
