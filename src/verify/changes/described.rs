//! Comparing objects, and saying in words what they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Dictionary, Id, Indirect, Object, View};

/// An object with the keys of all its dictionaries sorted and its texts in one encoding: two that are equal then mean the same.
pub fn sorted(object: &Object) -> Object {
    match object {
        Object::Text(_) => match object.as_text() {
            Some(text) if !text.contains('\u{FFFD}') => Object::Text(text.into_bytes()),
            _ => object.clone(),
        },
        Object::Array(elements) => Object::Array(elements.iter().map(sorted).collect()),
        Object::Dictionary(dictionary) => {
            let mut entries: Vec<(Vec<u8>, Object)> =
                dictionary.iter().map(|(key, value)| (key.to_vec(), sorted(value))).collect();
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Object::Dictionary(entries.into_iter().collect())
        }
        other => other.clone(),
    }
}

/// The keys whose values differ, or that only one of the two has.
pub fn differing_keys(old: &Dictionary, new: &Dictionary) -> Vec<String> {
    let entries = |dictionary: &Dictionary| -> BTreeMap<Vec<u8>, Object> {
        dictionary.iter().map(|(key, value)| (key.to_vec(), sorted(value))).collect()
    };
    let (old, new) = (entries(old), entries(new));
    let keys: BTreeSet<&Vec<u8>> = old.keys().chain(new.keys()).collect();
    let differing = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    differing.map(|key| String::from_utf8_lossy(key).into_owned()).collect()
}

/// Whether a value refers to no other object.
pub fn is_plain(value: Option<&Object>) -> bool {
    value.is_none_or(|value| value.referred().is_empty())
}

/// What a key of a page is about.
pub fn page_key(key: &str) -> &str {
    match key {
        "Contents" => "su contenido",
        "Resources" => "sus letras e imágenes",
        "MediaBox" | "CropBox" | "BleedBox" | "TrimBox" | "ArtBox" => "sus medidas",
        "Rotate" => "su orientación",
        "AA" => "lo que ocurre al abrirla",
        other => other,
    }
}

/// What kind of thing an object is, with its article.
pub fn kind(object: &Indirect) -> &'static str {
    let name = |key: &str| object.value.as_dictionary().and_then(|object| object.get(key)?.as_name());
    match (name("Type"), name("Subtype"), name("S")) {
        (Some(b"Page"), ..) => "una página",
        (Some(b"Annot"), ..) => "una anotación",
        (Some(b"Font" | b"FontDescriptor"), ..) => "letras",
        (Some(b"Catalog"), ..) => "un catálogo",
        (Some(b"Sig" | b"DocTimeStamp"), ..) => "una firma",
        (Some(b"StructElem"), ..) => "un elemento de la estructura",
        (Some(b"Filespec" | b"EmbeddedFile"), ..) => "un archivo adjunto",
        (_, Some(b"Image"), _) => "una imagen",
        (_, _, Some(b"JavaScript" | b"Launch" | b"URI" | b"GoTo")) => "una acción",
        _ if object.stream.is_some() => "un flujo de datos",
        _ => "un objeto",
    }
}

/// Where in the document an object is used, with its article: "el contenido de la página 2".
pub fn place(view: View, id: Id) -> String {
    let refers = |value: Option<&Object>| value.is_some_and(|value| value.referred().contains(&id));
    for (index, page) in view.pages().into_iter().enumerate() {
        let Some(page) = page.value.as_dictionary() else { continue };
        if refers(page.get("Contents")) {
            return format!("el contenido de la página {}", index + 1);
        }
        if refers(page.get("Annots")) {
            return format!("una anotación de la página {}", index + 1);
        }
        if refers(page.get("Resources")) || refers(view.value(page, "Resources")) {
            return format!("las letras o imágenes de la página {}", index + 1);
        }
    }
    match view.get(id) {
        Some(object) => {
            let kind = match kind(object) {
                "un objeto" | "un flujo de datos" => "un objeto del documento",
                known => known,
            };
            format!("{kind} (objeto {})", id.number)
        }
        None => format!("el objeto {}", id.number),
    }
}
