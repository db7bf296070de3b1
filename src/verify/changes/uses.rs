//! Who refers to an object, and as what.
//!
//! What is one thing to the document may be another to a page: whoever prepared the file may have let a page use the very object that a
//! later revision may change.

use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Dictionary, Id, Indirect, Object, View};

/// As what a field may be referred to: by the form or the field above it, by its page, by the structure tree, by fields below it.
const OF_FIELDS: [&[u8]; 5] = [b"Fields", b"Kids", b"Annots", b"Obj", b"Parent"];
/// As what a page may be referred to: by the tree of pages, by what lies over it or is written on it, by places in the document.
const OF_PAGES: [&[u8]; 5] = [b"Kids", b"Parent", b"P", b"Pg", DESTINATION];
/// The lists of fields and pages, which may be objects of their own.
const LISTS: [&[u8]; 3] = [b"Fields", b"Kids", b"Annots"];
/// What the first of an array is that says to go to a page (ISO 32000-1, 12.3.2.2).
const DESTINATION: &[u8] = b"[page /Fit]";

/// The references of a file as it is now.
#[derive(Debug, Default)]
pub struct Uses<'a> {
    count: BTreeMap<Id, usize>,
    not_as_field: BTreeSet<Id>,
    not_as_page: BTreeSet<Id>,
    /// What the arrays are the list of that are objects of their own.
    lists: BTreeMap<Id, &'a [u8]>,
    root: Option<Id>,
}

impl<'a> Uses<'a> {
    /// Counts the references in a file.
    pub fn of(view: View<'a>) -> Self {
        let mut uses = Self { root: view.catalog().map(|(root, _)| root), ..Self::default() };
        // A table that is a stream says what the trailer says, which is counted once; nothing else uses it.
        let objects = view.current().filter(|object| !view.is_table(object));
        let (lists, others): (Vec<&Indirect>, Vec<&Indirect>) = objects.partition(|one| one.value.as_array().is_some());
        for object in others {
            uses.add(&object.value, b"");
        }
        for list in lists {
            uses.add(&list.value, uses.lists.get(&list.id).copied().unwrap_or_default());
        }
        for (key, value) in view.trailer().into_iter().flat_map(Dictionary::iter) {
            uses.add(value, key);
        }
        uses
    }

    fn add(&mut self, object: &'a Object, role: &'a [u8]) {
        match object {
            Object::Reference(id) => self.note(*id, role),
            Object::Array(elements) => match elements.as_slice() {
                [Object::Reference(page), Object::Name(how), ..] if how.starts_with(b"Fit") || how == b"XYZ" => {
                    self.note(*page, DESTINATION);
                    elements.iter().skip(1).for_each(|element| self.add(element, role));
                }
                _ => elements.iter().for_each(|element| self.add(element, role)),
            },
            Object::Dictionary(dictionary) => {
                let says_what_is_signed = role == b"Reference" && dictionary.get("TransformMethod").is_some();
                for (key, value) in dictionary.iter() {
                    // The document as a whole (ISO 32000-1, table 253).
                    let is_document = value.as_reference().is_some() && value.as_reference() == self.root;
                    if !(says_what_is_signed && key == b"Data" && is_document) {
                        self.add(value, key);
                    }
                }
            }
            _ => (),
        }
    }

    fn note(&mut self, id: Id, role: &'a [u8]) {
        *self.count.entry(id).or_default() += 1;
        if !OF_FIELDS.contains(&role) {
            self.not_as_field.insert(id);
        }
        if !OF_PAGES.contains(&role) {
            self.not_as_page.insert(id);
        }
        if LISTS.contains(&role) {
            self.lists.entry(id).or_insert(role);
        }
    }

    /// Whether exactly one thing refers to an object.
    pub fn is_single(&self, id: Id) -> bool {
        self.count.get(&id) == Some(&1)
    }

    /// Whether an object is referred to only as a field.
    pub fn is_only_field(&self, id: Id) -> bool {
        !self.not_as_field.contains(&id)
    }

    /// Whether an object is referred to only as a page.
    pub fn is_only_page(&self, id: Id) -> bool {
        !self.not_as_page.contains(&id)
    }
}
