//! The templates and fonts: embedded in the program, each replaced by a file of the same name in the working folder.
//!
//! An office that changes its layout copies a folder of `report-templates` beside its plans and edits it; one that does
//! not has nothing to install. Nothing outside these two folders is ever read: no path that climbs out, no link that
//! leads out, no system font.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rust_embed::RustEmbed;
use typst::foundations::Bytes;
use typst::utils::hash128;

use crate::digest::{hex, sha256};
use crate::input::file::{Unreadable, read_bytes};
use crate::lock::lock;

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
/// The folder among them that all templates share: what stands in it, a template finds under `comun/`.
pub const SHARED: &str = "comun";
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
    /// Their SHA-256.
    pub digest: String,
}

/// A file as it was read, or why it cannot be read; `None` if there is none.
type Asked = Result<Option<Bytes>, Unreadable>;

/// The templates and fonts as seen from a working folder. A template's folder is read once, as a whole: all reports of a run
/// are of one layout, and its fingerprint is that of what they were set with, whatever is edited meanwhile.
#[derive(Debug)]
pub struct Assets {
    place: Place,
    own: Mutex<HashMap<String, Arc<Own>>>,
}

/// Where templates come from.
#[derive(Debug)]
enum Place {
    /// From this working folder, and from the program what is not there.
    Folder(PathBuf),
    /// From the program.
    Program,
    /// These are all there is: the one layout that a report carries, whatever it is called.
    Carried(Arc<Own>),
}

/// The working folder's own files of a template, by path, as they were when it was first asked for.
type Own = BTreeMap<String, Result<Bytes, Unreadable>>;

impl Assets {
    /// The embedded files under those of `working_folder`.
    pub fn new(working_folder: impl Into<PathBuf>) -> Self {
        Self::from(Place::Folder(working_folder.into()))
    }

    /// The embedded files, whatever stands in the working folder.
    #[must_use]
    pub fn embedded() -> Self {
        Self::from(Place::Program)
    }

    /// The files of one layout, by path, and no others: every format is this one. They come without fonts.
    #[must_use]
    pub fn carried(layout: BTreeMap<String, Bytes>) -> Self {
        let own = layout.into_iter().map(|(path, bytes)| (path, Ok(bytes))).collect();
        Self::from(Place::Carried(Arc::new(own)))
    }

    /// The names of all formats: folders of `report-templates`, embedded or not, that hold a `formato.toml`.
    #[must_use]
    pub fn formats(&self) -> BTreeSet<String> {
        let embedded = self.program().filter_map(|path| Some(path.strip_suffix("/formato.toml")?.to_owned()));
        let beside = self.folder("").and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let own = beside
            .filter(|entry| entry.path().join("formato.toml").exists())
            .filter_map(|entry| entry.file_name().into_string().ok());
        embedded.chain(own).collect()
    }

    /// Whether there is a format of this name.
    #[must_use]
    pub fn has_format(&self, id: &str) -> bool {
        matches!(self.place, Place::Carried(_)) || self.formats().contains(id)
    }

    /// The paths, within its folder and with `/`, of all files of a template, those that all share among them, sorted; notes
    /// in Markdown, links and what editors leave behind left out.
    #[must_use]
    pub fn files(&self, template: &str) -> BTreeSet<String> {
        let prefix = format!("{template}/");
        let embedded = self.program().filter_map(|path| Some(path.strip_prefix(&prefix)?.to_owned()));
        let folder = self.folder(template);
        let is_link = |path: &String| folder.as_ref().is_some_and(|folder| folder.join(path).is_symlink());
        let is_own = |path: &&String| is_part(path) && !is_link(path);
        let mut files: BTreeSet<String> = embedded.chain(self.own(template).keys().filter(is_own).cloned()).collect();
        if template != SHARED {
            files.extend(self.files(SHARED).into_iter().map(|path| format!("{SHARED}/{path}")));
        }
        files
    }

    /// A file of a template, from its own folder or from the one that all share; `None` if no place has it.
    ///
    /// # Errors
    /// When the working folder has something of that name that is no readable file, or a link that leads out of the
    /// template's folder.
    pub fn read(&self, template: &str, path: &str) -> Asked {
        let (folder, path) = self.place(template, path);
        match self.own(folder).get(path) {
            Some(own) => own.clone().map(Some),
            None => Ok(self.of_program(folder, path)),
        }
    }

    /// The folder that a file of a template stands in, and its path there: its own folder goes before the shared one.
    #[must_use]
    pub fn place<'p>(&self, template: &'p str, path: &'p str) -> (&'p str, &'p str) {
        let has = || self.own(template).contains_key(path) || self.of_program(template, path).is_some();
        match path.strip_prefix(SHARED).and_then(|rest| rest.strip_prefix('/')) {
            Some(rest) if !has() => (SHARED, rest),
            _ => (template, path),
        }
    }

    /// What the working folder has of a template and of what all share, as a fingerprint. What is embedded is part of the
    /// program.
    #[must_use]
    pub fn fingerprint(&self, template: &str) -> u128 {
        let bytes = |folder: &str| {
            let own = self.own(folder);
            hash128(&own.iter().map(|(path, bytes)| (path, bytes.as_ref().ok())).collect::<Vec<_>>())
        };
        hash128(&[bytes(template), bytes(SHARED)])
    }

    fn own(&self, template: &str) -> Arc<Own> {
        if let Place::Carried(layout) = &self.place {
            return if template == SHARED { Arc::default() } else { Arc::clone(layout) };
        }
        let mut own = lock(&self.own);
        let read = || {
            let mut files = Own::new();
            if let Some(folder) = self.folder(template) {
                read_folder(&folder, "", &folder, &mut files);
            }
            Arc::new(files)
        };
        Arc::clone(own.entry(template.to_owned()).or_insert_with(read))
    }

    /// Where a template is in the working folder.
    fn folder(&self, template: &str) -> Option<PathBuf> {
        match &self.place {
            Place::Folder(working_folder) => Some(working_folder.join(TEMPLATES).join(template)),
            Place::Program | Place::Carried(_) => None,
        }
    }

    /// The paths of the embedded templates, as far as they count.
    fn program(&self) -> impl Iterator<Item = Cow<'static, str>> {
        let counts = !matches!(self.place, Place::Carried(_));
        Templates::iter().filter(move |_| counts)
    }

    fn of_program(&self, folder: &str, path: &str) -> Option<Bytes> {
        match self.place {
            Place::Carried(_) => None,
            Place::Folder(_) | Place::Program => {
                Templates::get(&format!("{folder}/{path}")).map(|file| embedded(file.data))
            }
        }
    }

    /// All fonts, by file name.
    ///
    /// # Errors
    /// When a font file of the working folder cannot be read.
    pub fn fonts(&self) -> Result<Vec<FontFile>, Unreadable> {
        let folder =
            if let Place::Folder(working_folder) = &self.place { Some(working_folder.join(FONTS)) } else { None };
        let own = folder.as_ref().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
        let own = own.filter_map(|entry| entry.file_name().into_string().ok()).filter(|name| is_font(name));
        let names: BTreeSet<String> = Fonts::iter().map(Cow::into_owned).chain(own).collect();
        let read = |name: String| {
            let path = folder.as_deref().unwrap_or(Path::new(FONTS)).join(&name);
            let (data, digest) = match Fonts::get(&name) {
                // The digests of the embedded ones are embedded with them.
                Some(file) if folder.is_none() || !path.exists() => {
                    (embedded(file.data), hex(&file.metadata.sha256_hash()))
                }
                _ => {
                    let data = read_bytes(&path, MAX_ASSET)?;
                    let digest = sha256(&data);
                    (Bytes::new(data), digest)
                }
            };
            Ok(FontFile { name, data, digest })
        };
        names.into_iter().map(read).collect()
    }
}

impl From<Place> for Assets {
    fn from(place: Place) -> Self {
        Self { place, own: Mutex::default() }
    }
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

/// Whether a file is part of a layout: not what editors, systems and version control leave behind, and no notes.
fn is_part(path: &str) -> bool {
    let markdown = Path::new(path).extension().is_some_and(|e| e.eq_ignore_ascii_case("md"));
    !markdown && !path.split('/').any(|part| part.starts_with(['.', '~']))
}

/// Reads all that stands below a folder. Links to folders are not followed, and links to files only as far as they lead to
/// the template's folder.
fn read_folder(folder: &Path, prefix: &str, template: &Path, files: &mut Own) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else { continue };
        let (path, name) = (entry.path(), format!("{prefix}{name}"));
        if kind.is_dir() {
            read_folder(&path, &format!("{name}/"), template, files);
        } else if is_inside(&path, template) {
            files.insert(name, read_bytes(&path, MAX_ASSET).map(Bytes::new));
        } else {
            files.insert(name, Err(Unreadable::outside(&path)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_the_same_for_a_whole_run_and_another_for_the_next_if_anything_in_it_changed() {
        let working_folder = tempfile::tempdir().unwrap();
        let folder = working_folder.path().join("report-templates/t/partes");
        fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        write("a.typ", "uno");
        write("notas.md", "");
        let this_run = Assets::new(working_folder.path());
        let fingerprint = this_run.fingerprint("t");
        let of_its_own =
            |assets: &Assets| assets.files("t").into_iter().filter(|path| path.starts_with("partes/")).count();
        assert_eq!(of_its_own(&this_run), 1, "and no notes");

        write("a.typ", "dos");
        write("b.typ", "");
        assert_eq!(of_its_own(&this_run), 1);
        assert_eq!(&*this_run.read("t", "partes/a.typ").unwrap().unwrap(), b"uno");
        assert_eq!(this_run.fingerprint("t"), fingerprint);

        let next_run = || Assets::new(working_folder.path());
        assert_eq!(of_its_own(&next_run()), 2);
        assert_ne!(next_run().fingerprint("t"), fingerprint);
        fs::remove_file(folder.join("b.typ")).unwrap();
        write("a.typ", "uno");
        assert_eq!(next_run().fingerprint("t"), fingerprint);
        write("notas.md", "también se puede leer");
        assert_ne!(next_run().fingerprint("t"), fingerprint);
    }

    #[test]
    fn what_all_templates_share_stands_below_what_one_of_them_has_of_its_own() {
        let working_folder = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = working_folder.path().join("report-templates").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, path.to_str().unwrap()).unwrap();
        };
        let read = |path: &str| Assets::new(working_folder.path()).read("t", path).unwrap();
        let fingerprint = || Assets::new(working_folder.path()).fingerprint("t");
        write("t/plantilla.typ");
        let before = (read("comun/pagina.typ").unwrap(), fingerprint());
        assert_eq!(before.0, Templates::get("comun/pagina.typ").map(|file| embedded(file.data)).unwrap());
        assert_eq!(read("pagina.typ"), None, "only under its name");

        write("comun/pagina.typ");
        assert!(read("comun/pagina.typ").unwrap().ends_with(b"report-templates/comun/pagina.typ"));
        assert_ne!(fingerprint(), before.1, "all templates depend on it");
        write("t/comun/pagina.typ");
        assert!(read("comun/pagina.typ").unwrap().ends_with(b"report-templates/t/comun/pagina.typ"));
        let assets = Assets::new(working_folder.path());
        assert_eq!(assets.place("t", "comun/pagina.typ"), ("t", "comun/pagina.typ"));
        assert_eq!(assets.place("t", "comun/anexo.typ"), ("comun", "anexo.typ"));
        assert!(
            assets
                .files("t")
                .is_superset(&["comun/anexo.typ", "comun/pagina.typ", "plantilla.typ"].map(str::to_owned).into())
        );
        assert!(!assets.formats().contains("comun"), "it is no format");
    }
}
