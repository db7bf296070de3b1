//! Two documents side by side: on which page, or in which other part, they first differ.
//!
//! Objects are compared by what they say and not by their numbers: one object more would give all others other numbers.

use std::collections::BTreeSet;

use super::Difference;
use crate::pdf::{Dictionary, File, Id, Indirect, Object, View};

/// Most pairs of objects that are compared. A page of a report has some hundred.
const MAX_PAIRS: usize = 1_000_000;
/// Keys that lead away from what they stand in: to its page, to its parent, to another place.
const AWAY: [&[u8]; 5] = [b"Parent", b"P", b"Pg", b"Dest", b"D"];
/// The parts of a document that are no pages, by key of the catalog, in words.
const PARTS: [(&str, &str); 5] = [
    ("StructTreeRoot", "los textos y la estructura para lectores de pantalla"),
    ("Names", "los adjuntos"),
    ("AcroForm", "los campos de firma"),
    ("Outlines", "los marcadores"),
    ("Metadata", "los metadatos"),
];

/// The first difference between a report and the one that was made again, which are not the same bytes.
pub(super) fn difference(carried: &[u8], again: &[u8]) -> Difference {
    let byte = || Difference::Byte(carried.iter().zip(again).take_while(|(one, other)| one == other).count());
    let (Ok(one), Ok(other)) = (File::read(carried), File::read(again)) else { return byte() };
    let mut documents = Documents { one: one.as_of(1), other: other.as_of(1), seen: BTreeSet::new() };
    documents.pages().or_else(|| documents.parts()).unwrap_or_else(byte)
}

struct Documents<'a> {
    one: View<'a>,
    other: View<'a>,
    /// The objects that were compared already.
    seen: BTreeSet<(Id, Id)>,
}

impl<'a> Documents<'a> {
    fn pages(&mut self) -> Option<Difference> {
        let (one, other) = (self.one.pages(), self.other.pages());
        if one.len() != other.len() {
            return Some(Difference::Pages { carried: one.len(), again: other.len() });
        }
        let unlike = one.into_iter().zip(other).position(|(one, other)| !self.same(&one.value, &other.value));
        unlike.map(|index| Difference::Page(index + 1))
    }

    fn parts(&mut self) -> Option<Difference> {
        let ((_, one), (_, other)) = (self.one.catalog()?, self.other.catalog()?);
        let unlike = PARTS.into_iter().find(|(key, _)| !self.same_values(one, other, key));
        if let Some((_, part)) = unlike {
            return Some(Difference::Part(part));
        }
        let (one, other) = (self.one.trailer()?, self.other.trailer()?);
        let unlike = ["Root", "Info"].into_iter().find(|key| !self.same_values(one, other, key));
        unlike.map(|_| Difference::Part("los datos generales del documento"))
    }

    fn same_values(&mut self, one: &'a Dictionary, other: &'a Dictionary, key: &str) -> bool {
        match (one.get(key), other.get(key)) {
            (Some(one), Some(other)) => self.same(one, other),
            (one, other) => one == other,
        }
    }

    /// Whether two objects say the same, and all that they lead to.
    fn same(&mut self, one: &'a Object, other: &'a Object) -> bool {
        let mut left = vec![(one, other)];
        while let Some(pair) = left.pop() {
            match pair {
                (Object::Reference(one), Object::Reference(other)) => {
                    if self.seen.len() >= MAX_PAIRS {
                        return false;
                    }
                    if !self.seen.insert((*one, *other)) {
                        continue;
                    }
                    match (self.one.get(*one), self.other.get(*other)) {
                        (Some(one), Some(other)) if self.same_streams(one, other) => {
                            left.push((&one.value, &other.value));
                        }
                        (None, None) => (),
                        _ => return false,
                    }
                }
                (Object::Array(one), Object::Array(other)) if one.len() == other.len() => {
                    left.extend(one.iter().zip(other));
                }
                (Object::Dictionary(one), Object::Dictionary(other)) => {
                    let counts = |(key, _): &(&[u8], &Object)| !AWAY.contains(key) && *key != b"Length";
                    if one.iter().filter(counts).count() != other.iter().filter(counts).count() {
                        return false;
                    }
                    for (key, value) in one.iter().filter(counts) {
                        let Some((_, same_key)) = other.iter().find(|(other, _)| *other == key) else { return false };
                        left.push((value, same_key));
                    }
                }
                (one, other) if one != other => return false,
                _ => (),
            }
        }
        true
    }

    fn same_streams(&self, one: &Indirect, other: &Indirect) -> bool {
        let raw = (self.one.raw(one), self.other.raw(other));
        raw.0 == raw.1
            || matches!((self.one.stream(one), self.other.stream(other)), (Some(one), Some(other)) if one == other)
    }
}
