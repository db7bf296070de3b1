//! Comparing objects, and saying in words what they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Dictionary, Id, Indirect, Object, View};

/// Whether two objects are the same, in any order of keys.
pub fn same(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::Array(one), Object::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Object::Dictionary(one), Object::Dictionary(other)) => differing(one, other).is_empty(),
        _ => one == other,
    }
}

/// Whether two values are the same text for people, in any of the encodings that all programs know: UTF-8 came with PDF 2.0. Asked only
/// where the value is a text, since bytes that are none mean something else in each encoding.
pub fn same_text(one: Option<&Object>, other: Option<&Object>) -> bool {
    let is_known = |object: &&Object| !object.as_bytes().is_some_and(|bytes| bytes.starts_with(b"\xEF\xBB\xBF"));
    let text = |object: Option<&Object>| {
        object.filter(is_known).and_then(Object::as_text).filter(|text| !text.contains('\u{FFFD}'))
    };
    one == other || text(one).zip(text(other)).is_some_and(|(one, other)| one == other)
}

/// Whether two objects are of one kind: both dictionaries, both arrays, both streams.
pub fn same_kind(one: &Indirect, other: &Indirect) -> bool {
    std::mem::discriminant(&one.value) == std::mem::discriminant(&other.value)
        && one.stream.is_some() == other.stream.is_some()
}

/// Whether two streams say the same of themselves, but for how long they are and how they are packed.
pub fn same_but_for_length(one: &Indirect, other: &Indirect) -> bool {
    let rest = |indirect: &Indirect| {
        let mut dictionary = indirect.value.as_dictionary().cloned().unwrap_or_default();
        for key in ["Length", "Filter", "DecodeParms"] {
            dictionary.remove(key);
        }
        Object::Dictionary(dictionary)
    };
    same(&rest(one), &rest(other))
}

/// The keys whose values differ, or that only one of the two has.
pub fn differing_keys(old: &Dictionary, new: &Dictionary) -> Vec<String> {
    differing(old, new).into_iter().map(|key| String::from_utf8_lossy(key).into_owned()).collect()
}

fn differing<'a>(old: &'a Dictionary, new: &'a Dictionary) -> Vec<&'a [u8]> {
    let [old, new]: [BTreeMap<&[u8], &Object>; 2] = [old, new].map(|dictionary| dictionary.iter().collect());
    let keys: BTreeSet<&[u8]> = old.keys().chain(new.keys()).copied().collect();
    let is_same = |key: &&[u8]| old.get(key).zip(new.get(key)).is_some_and(|(old, new)| same(old, new));
    keys.into_iter().filter(|key| !is_same(key)).collect()
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

/// Where in the document the objects are used that pages refer to, each at the first place, with its article: "el contenido de la
/// página 2".
pub fn places(view: View) -> BTreeMap<Id, String> {
    let mut places = BTreeMap::new();
    let mut put = |what: &str, page: usize, value: Option<&Object>| {
        let mut found = Vec::new();
        if let Some(value) = value {
            value.references(&mut found);
        }
        for id in found {
            places.entry(id).or_insert_with(|| format!("{what} de la página {page}"));
        }
    };
    // Pages may have thousands of letters and images in common.
    let mut shared = BTreeSet::new();
    for (index, page) in view.pages().into_iter().enumerate() {
        let Some(page) = page.value.as_dictionary() else { continue };
        put("el contenido", index + 1, page.get("Contents"));
        put("una anotación", index + 1, page.get("Annots"));
        put("las letras o imágenes", index + 1, page.get("Resources"));
        if page.get("Resources").and_then(Object::as_reference).is_some_and(|id| shared.insert(id)) {
            put("las letras o imágenes", index + 1, view.value(page, "Resources"));
        }
    }
    places
}

/// What an object is that no page refers to, with its article.
pub fn unplaced(view: View, id: Id) -> String {
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

/// Whether a value says which extensions of PDF a file uses, and no more (ISO 32000-1, 7.12).
pub fn is_extensions(value: Option<&Object>) -> bool {
    const KNOWN: [&str; 5] = ["Type", "BaseVersion", "ExtensionLevel", "URL", "ExtensionRevision"];
    let is_extension = |value: &Object| {
        value.as_dictionary().is_some_and(|extension| {
            let is_plain = |value: &Object| matches!(value, Object::Name(_) | Object::Integer(_) | Object::Text(_));
            extension.has_only(&KNOWN) && extension.iter().all(|(_, value)| is_plain(value))
        })
    };
    let of_developer = |value: &Object| match value {
        Object::Array(several) => several.iter().all(is_extension),
        one => is_extension(one) || matches!(one, Object::Name(_)),
    };
    value.and_then(Object::as_dictionary).is_some_and(|all| all.iter().all(|(_, value)| of_developer(value)))
}

/// Whether a value is the name of a version of PDF.
pub fn is_version(value: Option<&Object>) -> bool {
    value.and_then(Object::as_name).is_some_and(|name| matches!(name, [b'1' | b'2', b'.', b'0'..=b'9']))
}
