//! A file as its revisions (ISO 32000-1, 7.5.6): what stood in it first, and what each later update added.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::object::{Dictionary, Id, Indirect, Object};
use super::parse::{Fault, Reader};
use super::table::{Entry, Section, means, section};
use super::unpack::{MAX_BYTES, unpack};

/// Most revisions that a file may have. One that is renewed every year for a century stays below.
const MAX_REVISIONS: usize = 500;
/// Most that there may be to look at: objects and references between them, times the revisions, each of which is held against all
/// that was before it. A report of three signatures may have some two million, one renewed for a century a hundred thousand.
const MAX_WORK: usize = 30_000_000;
/// Most bytes that all object streams of a file together may become: in memory, objects take some sixteen times as many.
const MAX_PACKED: usize = 16 << 20;
/// How an outdated marker for the end of a file begins.
const END: &str = "%%EOF";

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
    bytes: &'a [u8],
    revisions: &'a [Revision],
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
        let mut references = 0;
        for (section, range) in &sections {
            let revision = revision(file.now(), section, range.clone(), &mut packed)?;
            references += file.add(revision);
            if sections.len().saturating_mul(file.index.len() + references) > MAX_WORK {
                let what = "el archivo tiene demasiados objetos para tantas revisiones".into();
                return Err(Fault { at: range.start, what });
            }
        }
        Ok(file)
    }

    /// Adds a revision; how many references it has.
    fn add(&mut self, revision: Revision) -> usize {
        let place = self.revisions.len();
        let mut references = Vec::new();
        for (number, item) in &revision.objects {
            self.index.insert((*number, place));
            if let Item::Object(object) = item {
                object.value.references(&mut references);
            }
        }
        for (_, value) in revision.trailer.iter() {
            value.references(&mut references);
        }
        self.revisions.push(revision);
        for id in &references {
            self.referred.entry(id.number).or_insert(place);
        }
        references.len()
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

/// The sections of a file, the oldest first, each with the place of its revision.
fn sections(bytes: &[u8]) -> Result<Vec<(Section, Range<usize>)>, Fault> {
    if !bytes.starts_with(b"%PDF-") {
        return Err(Fault { at: 0, what: "no es un PDF: no comienza con «%PDF-»".into() });
    }
    let mut sections: Vec<(Section, usize)> = Vec::new();
    let mut entries = 0_usize;
    let mut next = Some(last_section(bytes)?);
    while let Some(at) = next {
        let section = section(bytes, at)?;
        let end = end_of_revision(bytes, &section)?;
        let older = sections.last();
        match older {
            None if end != bytes.len() => {
                return Err(Fault { at: end, what: "hay algo después del final del archivo".into() });
            }
            Some((newer, _)) if end > newer.start => {
                return Err(Fault { at, what: "una revisión no viene después de la que dice continuar".into() });
            }
            _ => (),
        }
        next = match section.trailer.get("Prev") {
            None => None,
            Some(previous) => match previous.as_integer().and_then(|previous| usize::try_from(previous).ok()) {
                Some(previous) if previous < at => Some(previous),
                _ => return Err(Fault { at, what: "una revisión continúa algo que no está antes de ella".into() }),
            },
        };
        entries += section.entries.len();
        sections.push((section, end));
        if entries.saturating_mul(sections.len()) > MAX_WORK {
            return Err(Fault { at, what: "el archivo tiene demasiados objetos para tantas revisiones".into() });
        }
        if sections.len() > MAX_REVISIONS {
            return Err(Fault { at, what: "el archivo tiene demasiadas revisiones".into() });
        }
    }
    let mut start = 0;
    let place = |(section, end): (Section, usize)| {
        let range = start..end;
        start = end;
        (section, range)
    };
    Ok(sections.into_iter().rev().map(place).collect())
}

/// Where the last lines of the file say that its last section begins.
fn last_section(bytes: &[u8]) -> Result<usize, Fault> {
    let missing =
        || Fault { at: bytes.len(), what: "el archivo no termina como un PDF: está cortado o le sobra algo".into() };
    let tail = bytes.len().saturating_sub(64);
    let at = memchr::memmem::rfind(&bytes[tail..], b"startxref").ok_or_else(missing)?;
    let mut reader = Reader::new(bytes, tail + at);
    start_of_section(&mut reader).map_err(|_| missing())
}

/// `startxref`, the offset, `%%EOF` and its end of line.
fn start_of_section(reader: &mut Reader) -> Result<usize, Fault> {
    reader.keyword("startxref")?;
    reader.skip_blanks();
    let at = reader.natural()?;
    reader.skip_blanks();
    if !reader.take(END) {
        return reader.fault("se esperaba «%%EOF»");
    }
    reader.line_end();
    Ok(at)
}

fn end_of_revision(bytes: &[u8], section: &Section) -> Result<usize, Fault> {
    let mut reader = Reader::new(bytes, section.end);
    reader.skip_blanks();
    if start_of_section(&mut reader)? != section.start {
        return Err(Fault { at: section.end, what: "la revisión termina con la dirección de otra".into() });
    }
    Ok(reader.at)
}

/// Reads the objects of a revision one after another, and holds them against its table.
fn revision(older: View, section: &Section, range: Range<usize>, packed: &mut usize) -> Result<Revision, Fault> {
    let bytes = older.bytes;
    let mut reader = Reader::new(bytes, range.start);
    if older.revisions.is_empty() {
        header(&mut reader)?;
    }
    has_its_size(older, section)?;
    let lengths = RefCell::new(BTreeMap::new());
    let length = |id: Id| *lengths.borrow_mut().entry(id).or_insert_with(|| length(older, section, id));
    let mut objects = BTreeMap::new();
    let mut packs = Vec::new();
    loop {
        reader.skip_blanks();
        if reader.at >= section.start {
            break;
        }
        let indirect = reader.indirect(&length)?;
        let number = indirect.id.number;
        let at = Entry::At { offset: indirect.range.start, generation: indirect.id.generation };
        if section.entries.get(&number) != Some(&at) {
            let what = format!("hay un objeto {number} que la tabla de referencias no conoce");
            return Err(Fault { at: indirect.range.start, what });
        }
        if indirect.value.as_dictionary().is_some_and(|dictionary| dictionary.is("Type", "ObjStm")) {
            packs.push(indirect.clone());
        }
        objects.insert(number, Item::Object(indirect));
    }
    if reader.at != section.start {
        return Err(Fault { at: section.start, what: "la tabla de referencias comienza dentro de un objeto".into() });
    }
    for pack in &packs {
        unpack_objects(bytes, pack, &section.entries, &mut objects, packed)?;
    }
    if let Some(stream) = &section.stream {
        objects.insert(stream.id.number, Item::Object(stream.clone()));
    }
    for (number, entry) in &section.entries {
        match (entry, objects.get(number)) {
            (Entry::Free, None) => {
                objects.insert(*number, Item::Free);
            }
            (Entry::At { .. }, Some(Item::Object(found))) if means(*entry, *number, found.id) => (),
            (Entry::Packed { .. }, Some(Item::Object(_))) => (),
            _ => {
                let what = format!("la tabla de referencias conoce un objeto {number} que no está");
                return Err(Fault { at: section.start, what });
            }
        }
    }
    let classic = bytes[section.start..].starts_with(b"xref");
    let line = bytes[range.clone()].iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let marker = range.end - line;
    if !classic && older.revisions.first().is_some_and(|first| first.classic) {
        let what = "una revisión comprime sus objetos, y el archivo que continúa no lo hace".into();
        return Err(Fault { at: section.start, what });
    }
    Ok(Revision { range, marker, objects, trailer: section.trailer.clone(), classic, table: section.start })
}

/// Whether the trailer says how many objects there are: a program that finds it wrong looks for objects wherever it likes, inside
/// of streams too.
fn has_its_size(older: View, section: &Section) -> Result<(), Fault> {
    let last = section.entries.keys().next_back().copied().unwrap_or(0).max(older.last_number());
    if section.trailer.get("Size") == Some(&Object::Integer(i64::from(last) + 1)) {
        return Ok(());
    }
    Err(Fault { at: section.start, what: "el final de una revisión no dice cuántos objetos hay (/Size)".into() })
}

/// The version, and the line of bytes that tells programs that the file is not text (7.5.2).
fn header(reader: &mut Reader) -> Result<(), Fault> {
    let line = |reader: &mut Reader| {
        let length = reader.rest().iter().take(32).position(|byte| matches!(byte, b'\r' | b'\n'));
        match length {
            Some(length) => {
                reader.at += length;
                reader.line_end();
                Ok(())
            }
            None => reader.fault("el encabezado del archivo es demasiado largo"),
        }
    };
    line(reader)?;
    reader.skip_blanks();
    if reader.rest().starts_with(b"%") { line(reader) } else { Ok(()) }
}

/// The length of a stream that stands in an object of its own, of this revision or of an older one.
fn length(older: View, section: &Section, id: Id) -> Option<usize> {
    let value = match section.entries.get(&id.number) {
        Some(Entry::At { offset, .. }) if *offset < section.start => {
            Reader::new(older.bytes, *offset).indirect(&|_| None).ok().filter(|found| found.id == id)?.value
        }
        Some(_) => return None,
        None => older.get(id)?.value.clone(),
    };
    usize::try_from(value.as_integer()?).ok()
}

/// The objects inside an object stream (7.5.7).
fn unpack_objects(
    bytes: &[u8],
    pack: &Indirect,
    entries: &BTreeMap<u32, Entry>,
    objects: &mut BTreeMap<u32, Item>,
    packed: &mut usize,
) -> Result<(), Fault> {
    let broken = || Fault { at: pack.range.start, what: "un flujo de objetos está dañado".into() };
    let dictionary = pack.value.as_dictionary().ok_or_else(broken)?;
    let data = pack.stream.clone().and_then(|range| bytes.get(range)).ok_or_else(broken)?;
    let what = "los objetos comprimidos están dañados o son demasiado grandes".into();
    let data = unpack(dictionary, data, *packed).ok_or(Fault { at: pack.range.start, what })?;
    *packed -= data.len();
    let natural = |key: &str| usize::try_from(dictionary.get(key)?.as_integer()?).ok();
    let (count, first) = natural("N").zip(natural("First")).ok_or_else(broken)?;
    if count > data.len() || first > data.len() {
        return Err(broken());
    }
    // One after another from /First on, and nothing else: programs do not agree on what stands otherwise.
    let mut heads = Reader::new(&data[..first], 0);
    let mut bodies = Reader::new(&data, first);
    for index in 0..count {
        heads.skip_blanks();
        let number = heads.natural().ok().and_then(|number| u32::try_from(number).ok()).ok_or_else(broken)?;
        heads.skip_blanks();
        let at = heads.natural().ok().and_then(|at| at.checked_add(first)).ok_or_else(broken)?;
        let before = bodies.at;
        bodies.skip_blanks();
        let parted = if index == 0 { bodies.at == before } else { bodies.at > before };
        if entries.get(&number) != Some(&(Entry::Packed { stream: pack.id.number, index }))
            || bodies.at != at
            || !parted
        {
            return Err(broken());
        }
        let value = bodies.object().map_err(|_| broken())?;
        let indirect = Indirect { id: Id::new(number), value, stream: None, range: pack.range.clone() };
        if objects.insert(number, Item::Object(indirect)).is_some() {
            return Err(broken());
        }
    }
    heads.skip_blanks();
    bodies.skip_blanks();
    if heads.at != first || !bodies.rest().is_empty() || dictionary.get("Extends").is_some() {
        return Err(broken());
    }
    Ok(())
}
