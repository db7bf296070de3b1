//! The world as typst sees it while it sets one report.

use std::collections::HashMap;

use serde::Serialize;
use typst::Library;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{DiagSpan, FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{World, WorldExt};

use crate::again::flat;
use crate::assets::{Assets, TEMPLATES};
use crate::typeset::Engine;

/// Where the report's own files are, from the template's point of view.
const REPORT: &str = "informe";

/// The function that sets the annex.
const ANNEX: &str = "anexo";

/// Everything that one report is set from. Two jobs of the same hash are the same report.
#[derive(Debug, Hash)]
pub struct Job {
    /// The template's folder.
    pub template: String,
    /// The report as JSON.
    pub report: Bytes,
    /// What the PDF says of itself.
    pub metadata: Metadata,
    /// File name and bytes of the logo.
    pub logo: Option<(String, Vec<u8>)>,
}

/// What the PDF says of itself, for the wrapper around the template.
#[derive(Debug, Hash, Serialize)]
pub struct Metadata {
    /// Who answers for the document.
    #[serde(rename = "autor")]
    pub author: String,
    /// What it is about.
    #[serde(rename = "descripcion")]
    pub description: String,
    /// Under what to look for it.
    #[serde(rename = "palabras_clave")]
    pub keywords: Vec<String>,
    /// Year, month and day of the document.
    #[serde(rename = "fecha")]
    pub date: DateParts,
    /// The files inside it.
    #[serde(rename = "adjuntos")]
    pub attachments: Vec<Attachment>,
}

/// A date as typst's `datetime` takes it.
#[derive(Debug, Hash, Serialize)]
pub struct DateParts {
    /// Such as 2024.
    pub year: i32,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
}

/// A file inside the PDF.
#[derive(Debug, Hash, Serialize)]
pub struct Attachment {
    /// Its name in the PDF.
    #[serde(rename = "nombre")]
    pub name: String,
    /// How it stands to the document (`AFRelationship`, ISO 19005-3, 6.8 and annex E).
    #[serde(rename = "relacion")]
    pub relationship: Relationship,
    /// Its MIME type.
    #[serde(rename = "tipo")]
    pub mime: &'static str,
    /// What it is, in Spanish.
    #[serde(rename = "descripcion")]
    pub description: String,
    /// Its bytes.
    #[serde(skip)]
    pub bytes: Bytes,
}

impl Attachment {
    /// A file inside the PDF; its MIME type follows from its name.
    #[must_use]
    pub fn new(name: &str, relationship: Relationship, description: &str, bytes: Bytes) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let mime = match extension.to_ascii_lowercase().as_str() {
            "toml" => "application/toml",
            "json" => "application/json",
            "typ" => "text/vnd.typst",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" | "jpeg" => "image/jpeg",
            "csv" => "text/csv",
            "txt" => "text/plain",
            _ => "application/octet-stream",
        };
        Self { name: name.to_owned(), relationship, mime, description: description.to_owned(), bytes }
    }
}

/// How an attached file stands to the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Relationship {
    /// The document was made from it.
    Source,
    /// It holds the data that the document shows.
    Data,
    /// It adds to the document.
    Supplement,
}

/// The world of one report.
pub(super) struct ReportWorld<'a> {
    engine: &'a Engine,
    assets: &'a Assets,
    template: &'a str,
    /// What the report carries.
    carried: &'a [Attachment],
    main: FileId,
    given: HashMap<FileId, Bytes>,
}

impl<'a> ReportWorld<'a> {
    /// # Errors
    /// The path of a file, when typst cannot hold it.
    pub(super) fn new(engine: &'a Engine, assets: &'a Assets, job: &'a Job) -> Result<Self, String> {
        let mut given = HashMap::new();
        let mut give = |name: &str, bytes: Bytes| -> Result<FileId, String> {
            let id = id(&format!("{REPORT}/{name}"))?;
            given.insert(id, bytes);
            Ok(id)
        };
        for attachment in &job.metadata.attachments {
            give(&format!("adjuntos/{}", attachment.name), attachment.bytes.clone())?;
        }
        if let Some((name, bytes)) = &job.logo {
            give(name, Bytes::new(bytes.clone()))?;
        }
        give("informe.json", job.report.clone())?;
        give("metadatos.json", Bytes::new(serde_json::to_vec(&job.metadata).unwrap_or_default()))?;
        let main = give("principal.typ", engine.wrapper.clone())?;
        Ok(Self { engine, assets, template: &job.template, carried: &job.metadata.attachments, main, given })
    }

    /// Whether a file is the program's own and not of the template's folder.
    pub(super) fn is_given(&self, id: FileId) -> bool {
        self.given.contains_key(&id)
    }

    /// The function that the wrapper asks for at a place in it.
    pub(super) fn asked_for(&self, place: impl Into<DiagSpan>) -> &'static str {
        let wrapper = self.source(self.main).ok();
        let asked = wrapper.as_ref().and_then(|wrapper| wrapper.text().get(self.range(place)?));
        if asked.is_some_and(|asked| asked.contains(ANNEX)) { ANNEX } else { "informe" }
    }

    /// The name in findings of the file that defines a function of the wrapper's.
    pub(super) fn defines(&self, function: &str) -> String {
        self.name_of(if function == ANNEX { "comun/anexo.typ" } else { "plantilla.typ" })
    }

    /// The name of a file in findings.
    pub(super) fn name(&self, id: FileId) -> String {
        self.name_of(id.vpath().get_without_slash())
    }

    fn name_of(&self, path: &str) -> String {
        let (folder, path) = self.assets.place(self.template, path);
        format!("{TEMPLATES}/{folder}/{path}")
    }

    fn load(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.vpath().get_without_slash();
        if *id.root() != VirtualRoot::Project {
            return Err(FileError::Other(Some("los paquetes de typst no se admiten en una plantilla".into())));
        }
        // What the page is made from has to be in the report.
        let is_carried = || self.carried.iter().any(|file| file.name == flat(path));
        match self.assets.read(self.template, path) {
            Ok(Some(bytes)) if is_carried() => Ok(bytes),
            Ok(Some(_)) => Err(FileError::Other(Some(not_carried(path).into()))),
            Ok(None) => Err(FileError::NotFound(path.into())),
            Err(fault) => Err(FileError::Other(Some(fault.message().into()))),
        }
    }
}

fn not_carried(path: &str) -> String {
    format!(
        "«{path}» no va adjunto al informe: una plantilla no lee notas .md, enlaces ni nombres que comienzan por «.» o «~»"
    )
}

/// The id of a path from the template's root.
fn id(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|_| path.to_owned())?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for ReportWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.engine.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.engine.parsed.source(id, self.file(id)?)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        match self.given.get(&id) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.load(id),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts().get(index).cloned()
    }

    /// A report says the dates of its data, never that of the day it was made.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
