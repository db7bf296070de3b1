//! The document security store: certificates and revocation data inside the file, so that its signatures can be judged
//! when nobody answers any more (EN 319 142-1, 5.4.2).

use std::collections::{BTreeSet, HashSet};

use anyhow::{Context, Result};
use der::Tag;

use crate::pdf::{Body, Dictionary, Id, Indirect, Object, Update, View};
use crate::pki::asn1::{Element, context};
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;

/// The lists of the store.
const CERTIFICATES: &str = "Certs";
const OCSPS: &str = "OCSPs";
const CRLS: &str = "CRLs";

/// Most bytes of evidence that are read out of one file. Lists of revocations of some megabytes were seen.
const MAX_EVIDENCE: usize = 64 << 20;
/// Most certificates, responses and lists that are read out of one file. What comes after them, nobody looks at.
const MAX_ITEMS: usize = 1000;

/// The parts of a certificate and of a list (RFC 5280, 4.1 and 5.1): what is signed, how, and the signature.
const SIGNED: [Tag; 3] = [Tag::Sequence, Tag::Sequence, Tag::BitString];
/// The parts of a response (RFC 6960, 4.2.1): its status and what is answered.
const RESPONSE: [Tag; 2] = [Tag::Enumerated, context(0)];

/// What the store of a file holds.
#[must_use]
pub fn stored(view: View) -> Evidence {
    Seen::default().new_in(view)
}

/// The streams of the store, each once: certificates, OCSP responses, CRLs.
#[must_use]
pub fn stored_streams(view: View<'_>) -> [Vec<&Indirect>; 3] {
    let store = view.catalog().and_then(|(_, catalog)| view.dictionary(catalog, "DSS"));
    [CERTIFICATES, OCSPS, CRLS].map(|key| {
        let mut places = BTreeSet::new();
        let list = store.and_then(|store| view.array(store, key)).unwrap_or_default().iter();
        let streams = list.filter_map(|stream| view.get(stream.as_reference()?));
        streams.filter(|stream| places.insert(stream.range.start)).collect()
    })
}

/// What was read of a store that grows: every stream is read once, and what several of them hold is taken once.
#[derive(Debug, Default)]
pub struct Seen {
    places: BTreeSet<usize>,
    contents: HashSet<Vec<u8>>,
    bytes: usize,
    fault: Option<&'static str>,
}

impl Seen {
    /// What the store holds that was not seen yet.
    pub fn new_in(&mut self, view: View) -> Evidence {
        let [certificates, ocsps, crls] = stored_streams(view);
        let mut read = |streams: Vec<&Indirect>, parts: &[Tag]| -> Vec<Vec<u8>> {
            streams.into_iter().filter_map(|stream| self.read(view, stream, parts)).collect()
        };
        let certificates = read(certificates, &SIGNED);
        let ocsps = read(ocsps, &RESPONSE);
        let crls = read(crls, &SIGNED);
        let certificates = certificates.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
        Evidence { certificates, ocsps, crls }
    }

    /// What is wrong with what was read since this was asked last, in Spanish.
    pub fn fault(&mut self) -> Option<&'static str> {
        self.fault.take()
    }

    /// Reads a stream that holds a sequence of these parts, and nothing else.
    fn read(&mut self, view: View, stream: &Indirect, parts: &[Tag]) -> Option<Vec<u8>> {
        if self.places.contains(&stream.range.start) {
            return None;
        }
        if self.places.len() >= MAX_ITEMS {
            self.fault = Some("puso demasiados datos de validación");
            return None;
        }
        self.places.insert(stream.range.start);
        let content = view.stream_within(stream, MAX_EVIDENCE - self.bytes);
        let sequence =
            content.as_deref().and_then(|der| Element::only(der).and_then(|der| der.inside(Tag::Sequence)).ok());
        if !sequence.is_some_and(|found| found.iter().map(|part| part.tag).eq(parts.iter().copied())) {
            self.fault = Some("puso entre los datos de validación algo que no lo es");
        }
        let content = content?;
        self.bytes += content.len();
        self.contents.insert(content.clone()).then_some(content)
    }
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
