//! What a signature that a later revision put says (ISO 32000-1, 12.8.1), besides who signs: what programs that sign write there.
//!
//! What anybody writes beside it, under another name, is for no one to read; and where it refers to the document, no later revision
//! could change that part any more, which a signed file has to allow: its form, its validation data.

use crate::pdf::{Dictionary, Id, Indirect, Object, View};

/// Most letters of a moment: `D:YYYYMMDDHHmmSSOHH'mm'`, and what some programs add (ISO 32000-1, 7.9.4).
const MAX_MOMENT: usize = 25;

/// Whether a signature has only what one has (table 252), and refers to nothing but its own parts. It locks what its field says to lock
/// (`lock`), and forbids changes if it is the one that certifies the document: nobody else may keep those after him from signing.
pub fn is_of_person<'a>(
    view: View<'a>,
    signature: &'a Indirect,
    lock: Option<&'a Object>,
    is_new: impl Fn(Id) -> bool,
) -> bool {
    let catalog = view.catalog();
    let root = catalog.map(|(root, _)| root);
    let certified = catalog.and_then(|(_, catalog)| view.dictionary(catalog, "Perms")?.get("DocMDP")?.as_reference());
    let lock = lock.and_then(|lock| view.resolve(lock).as_dictionary());
    let may = |reference: &'a Dictionary| {
        let parameters = reference.get("TransformParams").and_then(|said| own(view, said, &is_new)?.as_dictionary());
        match reference.get("TransformMethod").and_then(Object::as_name) {
            Some(b"DocMDP") => certified == Some(signature.id),
            Some(b"FieldMDP") => lock
                .zip(parameters)
                .is_some_and(|(lock, said)| ["Action", "Fields"].iter().all(|key| lock.get(key) == said.get(key))),
            _ => false,
        }
    };
    let is_known = |key: &[u8], value: &'a Object| match key {
        b"Name" | b"Location" | b"Reason" | b"ContactInfo" => value.as_text().is_some(),
        b"Cert" => value.as_bytes().is_some() || is_list(value, |one| one.as_bytes().is_some()),
        b"Changes" => is_list(value, is_integer),
        b"R" | b"Prop_AuthTime" => is_integer(value),
        b"Prop_AuthType" => value.as_name().is_some(),
        b"Reference" => is_list(value, |one| {
            one.as_dictionary().is_some_and(|reference| is_reference(view, reference, root, &is_new) && may(reference))
        }),
        _ => is_of_all(key, value),
    };
    has_only(signature, is_known)
}

/// Whether a document timestamp has only what one has (ISO 32000-2, 12.8.5 and table 255). Anybody can have one put, and nobody answers
/// for what it would say.
pub fn is_of_timestamp(signature: &Indirect) -> bool {
    has_only(signature, is_of_all)
}

/// Whether a value is a moment, in digits.
pub fn is_moment(moment: &Object) -> bool {
    moment.as_bytes().is_some_and(|moment| {
        moment.len() <= MAX_MOMENT && moment.iter().all(|byte| b"D:+-Z'0123456789".contains(byte))
    })
}

fn has_only<'a>(signature: &'a Indirect, is_known: impl Fn(&[u8], &'a Object) -> bool) -> bool {
    signature.value.as_dictionary().is_some_and(|all| all.iter().all(|(key, value)| is_known(key, value)))
}

/// What both have.
fn is_of_all(key: &[u8], value: &Object) -> bool {
    match key {
        b"Type" | b"Filter" | b"SubFilter" => value.as_name().is_some(),
        b"Contents" => value.as_bytes().is_some(),
        b"ByteRange" => is_list(value, is_integer),
        b"M" => is_moment(value),
        b"V" => is_integer(value),
        // The program that signed, as it likes to tell (Adobe, Digital Signature Build Dictionary Specification).
        b"Prop_Build" => {
            let mut references = Vec::new();
            value.references(&mut references);
            value.as_dictionary().is_some() && references.is_empty()
        }
        _ => false,
    }
}

/// What of the document a signature holds to, and how (table 253): of all of it, which is the catalog.
fn is_reference<'a>(view: View<'a>, reference: &'a Dictionary, root: Option<Id>, is_new: impl Fn(Id) -> bool) -> bool {
    reference.iter().all(|(key, value)| match key {
        b"Type" | b"TransformMethod" | b"DigestMethod" => value.as_name().is_some(),
        b"TransformParams" => own(view, value, &is_new).and_then(Object::as_dictionary).is_some_and(is_of_transform),
        b"Data" => value.as_reference().is_some() && value.as_reference() == root,
        b"DigestValue" => value.as_bytes().is_some(),
        b"DigestLocation" => is_list(value, is_integer),
        _ => false,
    })
}

/// What it allows after it (tables 254 and 256).
fn is_of_transform(parameters: &Dictionary) -> bool {
    parameters.iter().all(|(key, value)| match key {
        b"Type" | b"Action" | b"V" => value.as_name().is_some(),
        b"P" => is_integer(value),
        b"Fields" => is_list(value, |name| name.as_text().is_some()),
        _ => false,
    })
}

/// A value, or the new object that it refers to.
fn own<'a>(view: View<'a>, value: &'a Object, is_new: impl Fn(Id) -> bool) -> Option<&'a Object> {
    match value.as_reference() {
        Some(id) => is_new(id).then(|| view.resolve(value)),
        None => Some(value),
    }
}

fn is_list<'a>(value: &'a Object, is_one: impl Fn(&'a Object) -> bool) -> bool {
    value.as_array().is_some_and(|all| all.iter().all(is_one))
}

fn is_integer(value: &Object) -> bool {
    value.as_integer().is_some()
}
