//! A file as its revisions (ISO 32000-1, 7.5.6): what stood in it first, and what each later update added.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::object::{Dictionary, Id, Indirect, Object};
use super::parse::Fault;
use super::revisions::{revision, sections};
use super::unpack::{MAX_BYTES, unpack};

/// Most that there may be to look at: objects, what is in them and references between them, times the revisions, each of which is held
/// against all that was before it. A report of three signatures may have some two million, one renewed for a century a hundred thousand.
pub(super) const MAX_WORK: usize = 30_000_000;
/// How many objects in objects take as long to look at as a reference.
const PER_REFERENCE: usize = 8;
/// Most bytes that all object streams of a file together may become: in memory, objects take some sixteen times as many.
const MAX_PACKED: usize = 16 << 20;

/// A file, read and accounted for.
#[derive(Debug)]
pub struct File<'a> {
    bytes: &'a [u8],
    revisions: Vec<Revision>,
    /// Which revisions have an object of a number.
    index: BTreeSet<(u32, usize)>,
    /// The first revision that refers to a number.
    referred: BTreeMap<u32, usize>,
}

/// What one update added; the first revision is the file as it was made.
#[derive(Debug)]
pub struct Revision {
    /// Where in the file it is: from the end of the one before it to the end of its own `%%EOF` line.
    pub range: Range<usize>,
    /// Where its `%%EOF` ends, before the end of that line.
    pub marker: usize,
    /// The objects that it has, new or in place of older ones.
    pub objects: BTreeMap<u32, Item>,
    /// Its trailer.
    pub trailer: Dictionary,
    /// Whether its references are a table and no stream.
    pub classic: bool,
    /// Where its table begins.
    pub table: usize,
}

/// What a revision says of an object.
#[derive(Debug)]
pub enum Item {
    /// It exists no more.
    Free,
    /// It is this.
    Object(Indirect),
}

/// A file as it was when a revision was its last.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) revisions: &'a [Revision],
    index: &'a BTreeSet<(u32, usize)>,
}

impl<'a> File<'a> {
    /// Reads a file, and accounts for every byte of it: each revision is a sequence of objects, all of them in its table, then the
    /// table and the trailer, and nothing else; the revisions follow upon each other without a gap.
    ///
    /// # Errors
    /// Where the first thing is that cannot be read in only one way.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let mut file = Self { bytes, revisions: Vec::new(), index: BTreeSet::new(), referred: BTreeMap::new() };
        let sections = sections(bytes)?;
        let mut packed = MAX_PACKED;
        let mut work = 0;
        for (section, range) in &sections {
            let revision = revision(file.now(), section, range.clone(), &mut packed)?;
            work += file.add(revision);
            if sections.len().saturating_mul(file.index.len() + work) > MAX_WORK {
                let what = "el archivo tiene demasiados objetos para tantas revisiones".into();
                return Err(Fault { at: range.start, what });
            }
        }
        let used = sections.iter().find(|(section, _)| {
            section.stream.as_ref().is_some_and(|table| file.referred.contains_key(&table.id.number))
        });
        match used {
            // What refers to it nobody compares: it is no object of the document, but the trailer.
            Some((section, _)) => {
                Err(Fault { at: section.start, what: "el documento usa como objeto una tabla de referencias".into() })
            }
            None => Ok(file),
        }
    }

    /// Adds a revision; how much there is to look at in its objects.
    fn add(&mut self, revision: Revision) -> usize {
        let place = self.revisions.len();
        let mut count = 0;
        let mut references = Vec::new();
        for (number, item) in &revision.objects {
            self.index.insert((*number, place));
            if let Item::Object(object) = item {
                object.value.references(&mut references);
                count += object.value.count();
            }
        }
        for (_, value) in revision.trailer.iter() {
            value.references(&mut references);
        }
        self.revisions.push(revision);
        for id in &references {
            self.referred.entry(id.number).or_insert(place);
        }
        references.len() + count / PER_REFERENCE
    }

    /// The bytes that were read.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The revisions, the oldest first: at least one.
    #[must_use]
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The file as it is now.
    #[must_use]
    pub fn now(&self) -> View<'_> {
        self.as_of(self.revisions.len())
    }

    /// The file with only the first `count` of its revisions.
    #[must_use]
    pub fn as_of(&self, count: usize) -> View<'_> {
        let revisions = &self.revisions[..count.min(self.revisions.len())];
        View { bytes: self.bytes, revisions, index: &self.index }
    }

    /// The first revision that refers to an object, whether it exists there or not.
    #[must_use]
    pub fn referred(&self, number: u32) -> Option<usize> {
        self.referred.get(&number).copied()
    }
}

impl<'a> View<'a> {
    /// An object, if it exists.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&'a Indirect> {
        self.numbered(id.number).filter(|indirect| indirect.id == id)
    }

    /// The object of a number, if one exists, whatever its generation.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<&'a Indirect> {
        let (_, revision) = self.index.range((number, 0)..(number, self.revisions.len())).next_back()?;
        let item = self.revisions.get(*revision)?.objects.get(&number)?;
        if let Item::Object(indirect) = item { Some(indirect) } else { None }
    }

    /// Whether an object is the table of a revision, where that is a stream.
    #[must_use]
    pub fn is_table(&self, object: &Indirect) -> bool {
        let says_so = object.value.as_dictionary().is_some_and(|object| object.is("Type", "XRef"));
        says_so && self.revisions.iter().any(|revision| !revision.classic && revision.table == object.range.start)
    }

    /// The objects as they are now, by number.
    pub fn current(&self) -> impl Iterator<Item = &'a Indirect> {
        let (index, view) = (self.index, *self);
        let mut numbers: Vec<u32> = index.iter().map(|(number, _)| *number).collect();
        numbers.dedup();
        numbers.into_iter().filter_map(move |number| view.numbered(number))
    }

    /// All that the revisions say of objects, the oldest first, what was replaced later too.
    pub fn items(&self) -> impl Iterator<Item = (u32, &'a Item)> {
        self.revisions.iter().flat_map(|revision| revision.objects.iter()).map(|(number, item)| (*number, item))
    }

    /// What an object stands for: itself, or what it refers to. What does not exist is null (7.3.10).
    #[must_use]
    pub fn resolve(&self, object: &'a Object) -> &'a Object {
        match object {
            Object::Reference(id) => self.get(*id).map_or(&Object::Null, |indirect| &indirect.value),
            other => other,
        }
    }

    /// The value of a key, with what it refers to resolved.
    #[must_use]
    pub fn value(&self, dictionary: &'a Dictionary, key: &str) -> Option<&'a Object> {
        dictionary.get(key).map(|value| self.resolve(value)).filter(|value| **value != Object::Null)
    }

    /// The dictionary that a key has, directly or by reference.
    #[must_use]
    pub fn dictionary(&self, dictionary: &'a Dictionary, key: &str) -> Option<&'a Dictionary> {
        self.value(dictionary, key)?.as_dictionary()
    }

    /// The array that a key has, directly or by reference.
    #[must_use]
    pub fn array(&self, dictionary: &'a Dictionary, key: &str) -> Option<&'a [Object]> {
        self.value(dictionary, key)?.as_array()
    }

    /// The last trailer.
    #[must_use]
    pub fn trailer(&self) -> Option<&'a Dictionary> {
        self.revisions.last().map(|revision| &revision.trailer)
    }

    /// The trailers, the oldest first.
    pub fn trailers(&self) -> impl Iterator<Item = &'a Dictionary> {
        self.revisions.iter().map(|revision| &revision.trailer)
    }

    /// The catalog (7.7.2) with the object that it is.
    #[must_use]
    pub fn catalog(&self) -> Option<(Id, &'a Dictionary)> {
        let id = self.trailer()?.get("Root")?.as_reference()?;
        Some((id, self.get(id)?.value.as_dictionary()?))
    }

    /// The pages (7.7.3), in their order.
    #[must_use]
    pub fn pages(&self) -> Vec<&'a Indirect> {
        let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
        let root = self.catalog().and_then(|(_, catalog)| catalog.get("Pages")?.as_reference());
        let mut left: Vec<Id> = root.into_iter().collect();
        while let Some(id) = left.pop() {
            let Some(indirect) = self.get(id).filter(|_| seen.insert(id)) else { continue };
            let Some(dictionary) = indirect.value.as_dictionary() else { continue };
            match self.array(dictionary, "Kids") {
                Some(kids) => left.extend(kids.iter().rev().filter_map(Object::as_reference)),
                None => pages.push(indirect),
            }
        }
        pages
    }

    /// The bytes of a stream as they stand in the file.
    #[must_use]
    pub fn raw(&self, indirect: &Indirect) -> Option<&'a [u8]> {
        self.bytes.get(indirect.stream.clone()?)
    }

    /// The bytes that a stream stands for.
    #[must_use]
    pub fn stream(&self, indirect: &Indirect) -> Option<Vec<u8>> {
        self.stream_within(indirect, MAX_BYTES)
    }

    /// The bytes that a stream stands for, unless they are more.
    #[must_use]
    pub fn stream_within(&self, indirect: &Indirect, most: usize) -> Option<Vec<u8>> {
        unpack(indirect.value.as_dictionary()?, self.raw(indirect)?, most)
    }

    /// The highest number of an object so far.
    #[must_use]
    pub fn last_number(&self) -> u32 {
        self.revisions.iter().filter_map(|revision| revision.objects.keys().next_back()).max().copied().unwrap_or(0)
    }
}
