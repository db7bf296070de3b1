//! The objects that a revision added: each serves a change that is allowed, and none was waited for.

use std::collections::BTreeSet;

use crate::pdf::{Indirect, Item};

use super::{Comparison, described};

impl Comparison<'_> {
    /// Every new object serves an allowed change, and nothing waited for it.
    pub(super) fn new_objects(&mut self) {
        let served = self.served();
        for (number, item) in &self.revision.objects {
            let Item::Object(object) = item else { continue };
            if self.is_told() {
                return;
            }
            if self.before_number(*number).is_some() {
                continue;
            }
            let is_awaited = self.file.referred(*number).is_some_and(|first| first < self.index);
            if is_awaited {
                self.forbid(format!("dio contenido al objeto {number}, que el documento firmado nombraba sin tenerlo"));
            } else if is_of_pages(object) {
                let kind = described::kind(object);
                self.forbid(format!("agregó {kind}, que ninguna firma tiene (objeto {number})"));
            } else if !served.contains(number) && !self.is_container(object) {
                let kind = described::kind(object);
                self.forbid(format!("agregó {kind} que ninguna firma usa (objeto {number})"));
            }
        }
    }

    /// The new objects that the allowed changes reach through new objects.
    fn served(&self) -> BTreeSet<u32> {
        let mut left = self.used.clone();
        let mut served = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while let Some(id) = left.pop() {
            let in_store = self.parts.store.contains(&id);
            if !(self.is_new(id) || in_store) || !seen.insert(id) {
                continue;
            }
            if let Some(object) = self.after.get(id) {
                served.insert(id.number);
                object.value.references(&mut left);
            }
        }
        served
    }

    /// Whether an object only holds others or is the table, as compressed files have them.
    fn is_container(&self, object: &Indirect) -> bool {
        let holds_others = object.value.as_dictionary().is_some_and(|object| object.is("Type", "ObjStm"));
        holds_others || self.after.is_table(object)
    }
}

/// Whether an object says to be a catalog or of the pages, of which no signature has any.
fn is_of_pages(object: &Indirect) -> bool {
    let says = |kind| object.value.as_dictionary().is_some_and(|object| object.is("Type", kind));
    ["Catalog", "Pages", "Page"].into_iter().any(says)
}
