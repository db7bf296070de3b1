//! The templates and fonts: embedded in the program, each replaced by a file of the same name in the working folder.
//!
//! An office that changes its layout copies a folder of `report-templates` beside its plans and edits it; one that does
//! not has nothing to install. Nothing outside these two folders is ever read: no path that climbs out, no link that
//! leads out, no system font.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rust_embed::RustEmbed;

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
    pub data: Cow<'static, [u8]>,
}

/// The templates and fonts as seen from a working folder.
#[derive(Debug, Clone)]
pub struct Assets {
    working_folder: PathBuf,
}

impl Assets {
    /// The embedded files under those of `working_folder`.
    pub fn new(working_folder: impl Into<PathBuf>) -> Self {
        Self { working_folder: working_folder.into() }
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
    pub fn read(&self, template: &str, path: &str) -> Result<Option<Cow<'static, [u8]>>, Unreadable> {
        let folder = self.working_folder.join(TEMPLATES).join(template);
        let own = folder.join(path);
        if fs::symlink_metadata(&own).is_ok() {
            if !is_inside(&own, &folder) {
                return Err(Unreadable::outside(&own));
            }
            return read_bytes(&own, MAX_ASSET).map(|bytes| Some(Cow::Owned(bytes)));
        }
        Ok(Templates::get(&format!("{template}/{path}")).map(|file| file.data))
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
                Some(file) if !path.exists() => file.data,
                _ => Cow::Owned(read_bytes(&path, MAX_ASSET)?),
            };
            Ok(FontFile { name, data })
        };
        names.into_iter().map(read).collect()
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
