//! The document security store: certificates and revocation data inside the file, so that its signatures can be judged
//! when nobody answers any more (EN 319 142-1, 5.4.2).

use std::collections::HashSet;

use anyhow::{Context, Result};

use crate::pdf::{Body, Dictionary, Id, Object, Update, View};
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;

/// The lists of the store.
const CERTIFICATES: &str = "Certs";
const OCSPS: &str = "OCSPs";
const CRLS: &str = "CRLs";

/// What the store of a file holds.
#[must_use]
pub fn stored(view: View) -> Evidence {
    let store = view.catalog().and_then(|(_, catalog)| view.dictionary(catalog, "DSS"));
    let list = |key: &str| {
        let streams = store.and_then(|store| view.array(store, key)).unwrap_or_default().iter();
        streams.filter_map(|stream| view.stream(view.get(stream.as_reference()?)?)).collect::<Vec<_>>()
    };
    let certificates = list(CERTIFICATES).iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    Evidence { certificates, ocsps: list(OCSPS), crls: list(CRLS) }
}

/// Adds evidence to the store of a file. What is there already is not stored twice. `None` if all of it is.
///
/// # Errors
/// When the file has no catalog.
pub fn store(update: &mut Update, view: View, evidence: &Evidence) -> Result<bool> {
    let (root, catalog) = view.catalog().context("el archivo no tiene catálogo")?;
    let mut store = view.dictionary(catalog, "DSS").cloned().unwrap_or_default();
    let certificates: Vec<&[u8]> = evidence.certificates.iter().map(Certificate::der).collect();
    let lists = [
        (CERTIFICATES, certificates),
        (OCSPS, evidence.ocsps.iter().map(Vec::as_slice).collect()),
        (CRLS, evidence.crls.iter().map(Vec::as_slice).collect()),
    ];
    let mut added = false;
    for (key, items) in lists {
        added |= extend(update, view, &mut store, key, &items);
    }
    if !added {
        return Ok(false);
    }
    if let Some(id) = catalog.get("DSS").and_then(Object::as_reference) {
        update.set(id, store);
    } else {
        let id = update.add(store);
        let mut catalog = catalog.clone();
        catalog.set("DSS", Object::Reference(id));
        update.set(root, catalog);
    }
    Ok(true)
}

fn extend(update: &mut Update, view: View, store: &mut Dictionary, key: &str, items: &[&[u8]]) -> bool {
    let mut list = view.array(store, key).unwrap_or_default().to_vec();
    let streams = list.iter().filter_map(Object::as_reference).collect::<Vec<Id>>();
    let mut known: HashSet<Vec<u8>> = streams.iter().filter_map(|id| view.stream(view.get(*id)?)).collect();
    let before = list.len();
    for item in items {
        if known.insert(item.to_vec()) {
            list.push(Object::Reference(update.add(Body::Stream(Dictionary::default(), item.to_vec()))));
        }
    }
    let added = list.len() > before;
    if added {
        store.set(key, Object::Array(list));
    }
    added
}
