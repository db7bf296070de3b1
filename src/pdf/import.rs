//! What one file draws, in an update of another.

use std::collections::BTreeMap;

use super::file::View;
use super::object::{Dictionary, Id, Object};
use super::write::{Body, Update};

impl Update<'_> {
    /// Takes over an object of another file with all that it reaches, each under a new number; streams stay as they are packed. What
    /// it refers to and does not exist is null there too. Returns the object as it is to stand here.
    pub fn import(&mut self, view: View<'_>, object: &Object) -> Object {
        let mut copies = Copies { numbers: BTreeMap::new(), left: Vec::new() };
        let imported = copies.renumber(object, self);
        while let Some((old, new)) = copies.left.pop() {
            let found = view.get(old);
            let value = found.map_or(Object::Null, |found| copies.renumber(&found.value, self));
            let body = match (value, found.and_then(|found| view.raw(found))) {
                (Object::Dictionary(dictionary), Some(data)) => Body::Stream(dictionary, data.to_vec()),
                (value, _) => Body::Object(value),
            };
            self.set(new, body);
        }
        imported
    }
}

/// What has been met so far.
struct Copies {
    /// The new number of each object.
    numbers: BTreeMap<Id, Id>,
    /// Which objects have a new number and are not there yet.
    left: Vec<(Id, Id)>,
}

impl Copies {
    /// An object with new numbers in its references.
    fn renumber(&mut self, object: &Object, update: &mut Update<'_>) -> Object {
        match object {
            Object::Reference(old) => {
                let left = &mut self.left;
                let new = *self.numbers.entry(*old).or_insert_with(|| {
                    let new = update.reserve();
                    left.push((*old, new));
                    new
                });
                Object::Reference(new)
            }
            Object::Array(elements) => {
                Object::Array(elements.iter().map(|element| self.renumber(element, update)).collect())
            }
            Object::Dictionary(Dictionary(entries)) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), self.renumber(value, update)));
                Object::Dictionary(Dictionary(entries.collect()))
            }
            other => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::File;

    /// A file of these objects, its catalog the first.
    fn file(objects: &[&str]) -> Vec<u8> {
        let (mut bytes, mut table) = ("%PDF-1.7\n".to_owned(), String::new());
        for (index, object) in objects.iter().enumerate() {
            table = format!("{table}{:010} 00000 n \n", bytes.len());
            bytes = format!("{bytes}{} 0 obj\n{object}\nendobj\n", index + 1);
        }
        let (start, size) = (bytes.len(), objects.len() + 1);
        let table = format!("xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n");
        format!("{bytes}{table}startxref\n{start}\n%%EOF\n").into_bytes()
    }

    #[test]
    fn what_an_object_reaches_comes_along_once_and_streams_stay_packed() {
        let other = file(&[
            "<</Type/Catalog>>",
            "<</Length 3>>\nstream\n\x01\x02\x03\nendstream",
            "<</Again 2 0 R/Back 3 0 R>>",
            "(not reached)",
        ]);
        let (other, own) = (File::read(&other).unwrap(), file(&["<</Type/Catalog>>"]));
        let own = File::read(&own).unwrap();
        let mut update = Update::new(&own);
        let reached = Object::Array(vec![Object::Reference(Id::new(2)), Object::Reference(Id::new(3))]);
        assert_eq!(
            update.import(other.now(), &reached),
            Object::Array(vec![Object::Reference(Id::new(2)), Object::Reference(Id::new(3))]),
            "the first numbers that are free here"
        );
        let (updated, ranges) = update.finish().unwrap();
        assert_eq!(ranges.keys().copied().collect::<Vec<_>>(), [2, 3]);
        let updated = File::read(&updated).unwrap();
        let stream = updated.now().get(Id::new(2)).unwrap();
        assert_eq!(updated.now().raw(stream), Some(b"\x01\x02\x03".as_slice()));
        let loop_ = updated.now().get(Id::new(3)).unwrap().value.as_dictionary().unwrap();
        assert_eq!(loop_.get("Back"), Some(&Object::Reference(Id::new(3))));
        assert_eq!(loop_.get("Again"), Some(&Object::Reference(Id::new(2))));
    }

    #[test]
    fn a_reference_to_nothing_is_null_here_too() {
        let own = file(&["<</Type/Catalog>>"]);
        let own = File::read(&own).unwrap();
        let mut update = Update::new(&own);
        let imported = update.import(own.now(), &Object::Reference(Id::new(99)));
        let (updated, _) = update.finish().unwrap();
        let updated = File::read(&updated).unwrap();
        assert_eq!(updated.now().get(imported.as_reference().unwrap()).unwrap().value, Object::Null);
    }
}
