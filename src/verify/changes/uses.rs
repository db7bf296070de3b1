//! Who refers to an object, and as what.
//!
//! What is one thing to the document may be another to a page: whoever prepared the file may have let a page use the very object that a
//! later revision may change.

use std::collections::{BTreeMap, BTreeSet};

use crate::pdf::{Dictionary, Id, Object, View};

/// As what a field may be referred to: by the form or the field above it, by its page, by the structure tree, by fields below it.
const OF_FIELDS: [&[u8]; 5] = [b"Fields", b"Kids", b"Annots", b"Obj", b"Parent"];

/// The references of a file as it is now.
#[derive(Debug, Default)]
pub struct Uses {
    count: BTreeMap<Id, usize>,
    otherwise: BTreeSet<Id>,
}

impl Uses {
    /// Counts the references in a file; `list` says what an array is the list of that is an object of its own.
    pub fn of(view: View, list: impl Fn(Id) -> Option<&'static [u8]>) -> Self {
        let mut uses = Self::default();
        // A table that is a stream says what the trailer says, which is counted once.
        for object in view.current().filter(|object| !view.is_table(object)) {
            uses.add(&object.value, list(object.id).unwrap_or_default());
        }
        for (key, value) in view.trailer().into_iter().flat_map(Dictionary::iter) {
            uses.add(value, key);
        }
        uses
    }

    fn add(&mut self, object: &Object, role: &[u8]) {
        match object {
            Object::Reference(id) => {
                *self.count.entry(*id).or_default() += 1;
                if !OF_FIELDS.contains(&role) {
                    self.otherwise.insert(*id);
                }
            }
            Object::Array(elements) => elements.iter().for_each(|element| self.add(element, role)),
            Object::Dictionary(dictionary) => {
                let says_what_is_signed = dictionary.get("TransformMethod").is_some();
                for (key, value) in dictionary.iter() {
                    // The document as a whole (ISO 32000-1, table 253).
                    if !(says_what_is_signed && key == b"Data") {
                        self.add(value, key);
                    }
                }
            }
            _ => (),
        }
    }

    /// Whether exactly one thing refers to an object.
    pub fn is_single(&self, id: Id) -> bool {
        self.count.get(&id) == Some(&1)
    }

    /// Whether an object is referred to only as a field.
    pub fn is_only_field(&self, id: Id) -> bool {
        !self.otherwise.contains(&id)
    }
}
