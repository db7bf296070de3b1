//! What the objects of a signed file are, as far as a later revision may touch them, or a person wants to be told.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Dictionary, Id, Object, View};
use crate::verify::fields::signature_fields;

use super::described;
use super::uses::Uses;

/// An object that a later revision may touch, within limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The catalog.
    Catalog,
    /// The form.
    Form,
    /// The list of its fields, where it is an object of its own.
    FieldList,
    /// A signature field.
    Field,
    /// A page, counted from 1.
    Page(usize),
    /// The list of what lies over a page, where it is an object of its own.
    Annotations,
    /// Something of the document security store.
    Store,
    /// The information dictionary.
    Information,
    /// The metadata.
    Metadata,
}

/// The parts of a file, as it was before a revision.
#[derive(Debug, Default)]
pub struct Parts {
    known: BTreeMap<Id, Part>,
    /// Where the others are used, once somebody wants to be told.
    places: OnceCell<BTreeMap<Id, String>>,
    /// The objects of the document security store.
    pub store: BTreeSet<Id>,
    /// The fields that the revision adds.
    pub added_fields: BTreeSet<Id>,
}

impl Parts {
    /// Looks for the parts of a file.
    pub fn of(view: View) -> Self {
        let mut parts = Self::default();
        let Some((root, catalog)) = view.catalog() else { return parts };
        parts.store = store(view, catalog);
        let store: Vec<Id> = parts.store.iter().copied().collect();
        parts.put(store, Part::Store);
        for (index, page) in view.pages().into_iter().enumerate() {
            let annotations = page.value.as_dictionary().and_then(|page| page.get("Annots")?.as_reference());
            parts.put(annotations, Part::Annotations);
            parts.put([page.id], Part::Page(index + 1));
        }
        parts.put(catalog.get("Metadata").and_then(Object::as_reference), Part::Metadata);
        parts.put(view.trailer().and_then(|trailer| trailer.get("Info")?.as_reference()), Part::Information);
        let list = view.dictionary(catalog, "AcroForm").and_then(|form| form.get("Fields")?.as_reference());
        parts.put(list, Part::FieldList);
        parts.put(catalog.get("AcroForm").and_then(Object::as_reference), Part::Form);
        parts.put(signature_fields(view).unwrap_or_default().iter().map(|field| field.id), Part::Field);
        parts.put([root], Part::Catalog);
        parts.take_back_shared(view);
        parts
    }

    /// Only what has one use may be changed.
    fn take_back_shared(&mut self, view: View) {
        let uses = Uses::of(view);
        self.known.retain(|id, part| match part {
            // Of it, only what lies over it may change, and fields alone.
            Part::Page(_) => uses.is_only_page(*id),
            Part::Field => uses.is_only_field(*id),
            _ => uses.is_single(*id),
        });
    }

    /// Notes what objects are. One that is two things may not be touched as either.
    fn put(&mut self, ids: impl IntoIterator<Item = Id>, part: Part) {
        for id in ids {
            if self.known.insert(id, part).is_some_and(|other| other != part) {
                self.known.remove(&id);
            }
        }
    }

    /// What an object is.
    pub fn part(&self, id: Id) -> Option<Part> {
        self.known.get(&id).copied()
    }

    /// What an object is, in words for a person, with its article.
    pub fn describe(&self, view: View, id: Id) -> String {
        match self.part(id) {
            Some(Part::Catalog) => "el catálogo".into(),
            Some(Part::Form | Part::FieldList) => "el formulario de firmas".into(),
            Some(Part::Field) => "un campo de firma".into(),
            Some(Part::Page(page)) => format!("la página {page}"),
            Some(Part::Annotations) => "las anotaciones de una página".into(),
            Some(Part::Store) => "los datos de validación".into(),
            Some(Part::Information) => "la información del documento".into(),
            Some(Part::Metadata) => "los metadatos".into(),
            None => {
                let places = self.places.get_or_init(|| described::places(view));
                places.get(&id).cloned().unwrap_or_else(|| described::unplaced(view, id))
            }
        }
    }
}

/// The objects of the store that may grow: itself and its lists. What is in the lists stays as it is.
fn store(view: View, catalog: &Dictionary) -> BTreeSet<Id> {
    let store = catalog.get("DSS").and_then(Object::as_reference);
    let lists =
        view.dictionary(catalog, "DSS").map(|store| LISTS.map(|list| store.get(list).and_then(Object::as_reference)));
    store.into_iter().chain(lists.into_iter().flatten().flatten()).collect()
}

/// The lists of the store, and what it has for single signatures (EN 319 142-1, 5.4.2.2).
const LISTS: [&str; 4] = ["Certs", "OCSPs", "CRLs", "VRI"];

/// Whether the store of a file is one: lists of streams that say nothing but how they are packed, and for single signatures lists of some
/// of them. A program might find there what else there was.
pub fn is_store(view: View) -> bool {
    let Some((_, catalog)) = view.catalog() else { return false };
    let Some(store) = catalog.get("DSS") else { return true };
    let is_stream = |id: Id| {
        let stream = view.get(id).filter(|one| one.stream.is_some());
        let dictionary = stream.and_then(|stream| stream.value.as_dictionary());
        dictionary.is_some_and(|dictionary| dictionary.has_only(&["Length", "Filter", "DecodeParms"]))
    };
    let listed = |list: Option<&Object>| -> Option<Vec<Id>> {
        let Some(list) = list else { return Some(Vec::new()) };
        view.resolve(list).as_array()?.iter().map(Object::as_reference).collect()
    };
    let named = |dictionary: &Dictionary| dictionary.get("Type").is_none_or(|kind| kind.as_name().is_some());
    let Some(store) = view.resolve(store).as_dictionary() else { return false };
    let lists: Option<Vec<Vec<Id>>> = ["Certs", "OCSPs", "CRLs"].iter().map(|list| listed(store.get(list))).collect();
    let Some(lists) = lists else { return false };
    let streams: BTreeSet<Id> = lists.into_iter().flatten().collect();
    let is_part = |list: Option<&Object>| listed(list).is_some_and(|list| list.iter().all(|id| streams.contains(id)));
    let of_signature = |entry: &Object| {
        view.resolve(entry).as_dictionary().is_some_and(|entry| {
            entry.has_only(&["Type", "Cert", "CRL", "OCSP", "TU"])
                && named(entry)
                && ["Cert", "CRL", "OCSP"].iter().all(|list| is_part(entry.get(list)))
                && entry.get("TU").is_none_or(|moment| moment.as_bytes().is_some())
        })
    };
    let single = store.get("VRI").map(|single| view.resolve(single).as_dictionary());
    store.has_only(&["Type", "Certs", "OCSPs", "CRLs", "VRI"])
        && named(store)
        && streams.iter().all(|id| is_stream(*id))
        && single.is_none_or(|single| {
            single.is_some_and(|single| {
                single.iter().all(|(name, entry)| name.iter().all(u8::is_ascii_hexdigit) && of_signature(entry))
            })
        })
}
