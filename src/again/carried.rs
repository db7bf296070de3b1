//! What a report carries: the files inside it, read as this program writes them, and what each of them is to the report.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use typst::foundations::Bytes;

use super::{PROVENANCE, Provenance, flat};
use crate::assets::Assets;
use crate::pdf::{Dictionary, Id, Object, View};
use crate::typeset::{Attachment, Relationship};
use crate::view::AnnexView;

/// The data that a report shows.
pub const DATA: &str = "informe.json";
/// Most files that a report may carry.
const MAX_FILES: usize = 256;
/// Most bytes that they may have together, unpacked: some three times those of ten thousand actions with a long narrative each.
const MAX_BYTES: usize = 128 << 20;

/// What a report carries.
#[derive(Debug)]
pub struct Carried {
    /// All files.
    pub files: Vec<Attachment>,
    /// What made the report.
    pub provenance: Provenance,
    /// The files of the plan, by the names that they had in its folder.
    pub plan: BTreeMap<String, Vec<u8>>,
    /// The annex, if the report has one.
    pub annex: Option<AnnexView>,
    layout: BTreeMap<String, Bytes>,
}

impl Carried {
    /// Reads the files inside a report.
    ///
    /// # Errors
    /// Why it is no report of this program, in Spanish.
    pub fn read(report: View<'_>) -> Result<Self, String> {
        let files = files(report)?;
        let missing = |name: &str| format!("no trae «{name}»");
        let file = |name: &str| files.iter().find(|file| file.name == name).ok_or_else(|| missing(name));
        let unread = |name: &str| format!("no se puede leer el «{name}» que trae");
        let provenance: Provenance =
            serde_json::from_slice(&file(PROVENANCE)?.bytes).map_err(|_| unread(PROVENANCE))?;
        let data: Data = serde_json::from_slice(&file(DATA)?.bytes).map_err(|_| unread(DATA))?;
        file("plan.toml")?;
        let (mut plan, mut layout) = (BTreeMap::new(), BTreeMap::new());
        for file in files.iter().filter(|file| file.name != PROVENANCE) {
            let path = provenance.names.get(&file.name).unwrap_or(&file.name).clone();
            match file.relationship {
                Relationship::Source => drop(plan.insert(path, file.bytes.to_vec())),
                Relationship::Supplement if flat(&path) == file.name => drop(layout.insert(path, file.bytes.clone())),
                Relationship::Supplement | Relationship::Data => {}
            }
        }
        Ok(Self { provenance, plan, annex: data.annex, layout, files })
    }

    /// The data that the report shows, as JSON.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.files.iter().find(|file| file.name == DATA).map(|file| &*file.bytes).unwrap_or_default()
    }

    /// The layout that the report carries, as the only one there is.
    #[must_use]
    pub fn assets(&self) -> Assets {
        Assets::carried(self.layout.clone())
    }
}

/// What is taken from the data as they stand.
#[derive(Deserialize)]
struct Data {
    #[serde(rename = "anexo")]
    annex: Option<AnnexView>,
}

/// The files inside a PDF (ISO 32000-1, 7.11.4; ISO 19005-3, 6.8): each is in the list of names, and belongs to the document as a
/// whole.
fn files(pdf: View<'_>) -> Result<Vec<Attachment>, String> {
    let odd = || "sus adjuntos no están puestos como lo hace este programa".to_owned();
    let (_, catalog) = pdf.catalog().ok_or_else(odd)?;
    let tree = pdf.dictionary(catalog, "Names").and_then(|names| pdf.dictionary(names, "EmbeddedFiles"));
    let names = tree.and_then(|tree| pdf.array(tree, "Names")).ok_or("no trae adjuntos")?;
    let of_document = pdf.array(catalog, "AF").ok_or_else(odd)?;
    if names.len() % 2 != 0 || names.len() / 2 != of_document.len() {
        return Err(odd());
    }
    if of_document.len() > MAX_FILES {
        return Err("trae demasiados adjuntos".into());
    }
    let mut belonging: BTreeSet<Id> = of_document.iter().filter_map(Object::as_reference).collect();
    let (mut seen, mut size) = (BTreeSet::new(), 0);
    let mut files = Vec::new();
    for pair in names.chunks(2) {
        let [name, Object::Reference(id)] = pair else { return Err(odd()) };
        let name = name.as_text().ok_or_else(odd)?;
        let specification = pdf.get(*id).and_then(|object| object.value.as_dictionary()).ok_or_else(odd)?;
        if !seen.insert(name.clone()) || !belonging.remove(id) {
            return Err(odd());
        }
        let file = file(pdf, &name, specification).ok_or_else(|| format!("no se puede leer su adjunto «{name}»"))?;
        size += file.bytes.len();
        if size > MAX_BYTES {
            return Err("sus adjuntos son demasiado grandes".into());
        }
        files.push(file);
    }
    Ok(files)
}

fn file(pdf: View<'_>, name: &str, specification: &Dictionary) -> Option<Attachment> {
    let says = |key| specification.get(key).and_then(Object::as_text);
    if says("F")? != name || says("UF")? != name {
        return None;
    }
    let embedded = specification.get("EF")?.as_dictionary()?;
    let id = embedded.get("F")?.as_reference()?;
    if embedded.get("UF")?.as_reference()? != id {
        return None;
    }
    let relationship = match specification.get("AFRelationship")?.as_name()? {
        b"Source" => Relationship::Source,
        b"Data" => Relationship::Data,
        b"Supplement" => Relationship::Supplement,
        _ => return None,
    };
    let bytes = pdf.stream(pdf.get(id)?)?;
    Some(Attachment::new(name, relationship, &says("Desc")?, Bytes::new(bytes)))
}
