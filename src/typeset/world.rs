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

use crate::again::{Code, Drawing, flat};
use crate::assets::{Assets, TEMPLATES};
use crate::typeset::Engine;

/// Where the report's own files are, from the template's point of view.
const REPORT: &str = "informe";

/// The functions that a wrapper asks for, beside that of the report, each with the file that defines it.
const SHARED_FUNCTIONS: [(&str, &str); 2] = [("anexo", "comun/anexo.typ"), ("firma", SIGNATURE)];

/// The file among those that all templates share that sets the visible appearance of a signature.
pub const SIGNATURE: &str = "comun/firma.typ";

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
    /// The code at the foot of the pages.
    pub code: PrintedCode,
}

/// The code of a report as the template gets it.
#[derive(Debug, Hash, Serialize)]
pub struct PrintedCode {
    /// In groups, as people compare it.
    #[serde(rename = "texto")]
    pub text: String,
    /// The page of the web that tells which report it is of.
    #[serde(rename = "direccion")]
    pub address: Option<String>,
    /// How many modules a side of its drawing has.
    #[serde(rename = "modulos")]
    pub side: usize,
    /// Its drawing as SVG.
    #[serde(skip)]
    pub svg: String,
}

impl PrintedCode {
    /// A code with what is needed to print it.
    #[must_use]
    pub fn new(code: &Code, address: Option<&str>) -> Self {
        let Drawing { side, svg } = code.drawing(address).unwrap_or(Drawing { side: 0, svg: String::new() });
        Self { text: code.to_string(), address: address.map(ToOwned::to_owned), side, svg }
    }
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

/// Everything that the visible appearance of a signature is set from.
#[derive(Debug, Hash)]
pub struct SignatureJob {
    /// What it shows, as JSON.
    pub data: Bytes,
    /// File name and bytes of the image.
    pub image: Option<(String, Bytes)>,
}

impl Job {
    /// The files that the report has under its own folder.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Bytes)> {
        let attachments = self.metadata.attachments.iter();
        let mut files: Vec<_> =
            attachments.map(|file| (format!("adjuntos/{}", file.name), file.bytes.clone())).collect();
        files.extend(self.logo.iter().map(|(name, bytes)| (name.clone(), Bytes::new(bytes.clone()))));
        files.push(("informe.json".into(), self.report.clone()));
        files.push(("codigo.json".into(), Bytes::new(serde_json::to_vec(&self.code).unwrap_or_default())));
        files.push(("codigo.svg".into(), Bytes::from_string(self.code.svg.clone())));
        files.push(("metadatos.json".into(), Bytes::new(serde_json::to_vec(&self.metadata).unwrap_or_default())));
        files
    }
}

impl SignatureJob {
    /// The files that the signature has under the folder of the report.
    pub(super) fn files(&self) -> Vec<(String, Bytes)> {
        self.image.iter().cloned().chain([("firma.json".into(), self.data.clone())]).collect()
    }
}

/// The world of one report, or of one signature.
pub(super) struct ReportWorld<'a> {
    engine: &'a Engine,
    assets: &'a Assets,
    template: &'a str,
    /// What the report carries: the template reads nothing else. A signature's appearance carries nothing.
    carried: Option<&'a [Attachment]>,
    main: FileId,
    given: HashMap<FileId, Bytes>,
}

impl<'a> ReportWorld<'a> {
    /// The world in which a wrapper is set that uses a template, with files for it in the report's folder.
    ///
    /// # Errors
    /// The path of a file, when typst cannot hold it.
    pub(super) fn new(
        engine: &'a Engine,
        assets: &'a Assets,
        template: &'a str,
        wrapper: &Bytes,
        files: Vec<(String, Bytes)>,
    ) -> Result<Self, String> {
        let mut given = HashMap::new();
        for (name, bytes) in files {
            given.insert(id(&format!("{REPORT}/{name}"))?, bytes);
        }
        let main = id(&format!("{REPORT}/principal.typ"))?;
        given.insert(main, wrapper.clone());
        Ok(Self { engine, assets, template, carried: None, main, given })
    }

    /// The same world, in which the template reads only what the report carries.
    pub(super) fn reading_only(self, carried: &'a [Attachment]) -> Self {
        Self { carried: Some(carried), ..self }
    }

    /// Whether a file is the program's own and not of the template's folder.
    pub(super) fn is_given(&self, id: FileId) -> bool {
        self.given.contains_key(&id)
    }

    /// The function that the wrapper asks for at a place in it.
    pub(super) fn asked_for(&self, place: impl Into<DiagSpan>) -> &'static str {
        let wrapper = self.source(self.main).ok();
        let asked = wrapper.as_ref().and_then(|wrapper| wrapper.text().get(self.range(place)?)).unwrap_or_default();
        SHARED_FUNCTIONS.iter().find(|(name, _)| asked.contains(name)).map_or("informe", |(name, _)| name)
    }

    /// The name in findings of the file that defines a function of the wrapper's.
    pub(super) fn defines(&self, function: &str) -> String {
        let shared = SHARED_FUNCTIONS.iter().find(|(name, _)| *name == function);
        self.name_of(shared.map_or("plantilla.typ", |(_, file)| file))
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
        let is_carried = || self.carried.is_none_or(|carried| carried.iter().any(|file| file.name == flat(path)));
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
