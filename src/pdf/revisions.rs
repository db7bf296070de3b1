//! Bytes to revisions: where each begins and ends, and that there is nothing in it but what its table knows.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::file::{Item, MAX_WORK, Revision, View};
use super::object::{Id, Indirect, Object};
use super::parse::{Fault, Reader, is_blank, is_delimiter};
use super::table::{Entry, Section, means, section};
use super::unpack::unpack;

/// Most revisions that a file may have. One that is renewed every year for a century stays below.
const MAX_REVISIONS: usize = 500;
/// The marker at the end of a revision.
const END: &str = "%%EOF";

/// The sections of a file, the oldest first, each with the place of its revision.
pub fn sections(bytes: &[u8]) -> Result<Vec<(Section, Range<usize>)>, Fault> {
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

/// `startxref`, the offset, `%%EOF`, each on a line (7.5.5).
fn start_of_section(reader: &mut Reader) -> Result<usize, Fault> {
    let lines = reader.take("startxref") && reader.line_end();
    let at = if lines { reader.natural()? } else { return reader.fault("se esperaba «startxref»") };
    if !(reader.line_end() && reader.take(END)) {
        return reader.fault("se esperaba «%%EOF»");
    }
    reader.line_end();
    Ok(at)
}

fn end_of_revision(bytes: &[u8], section: &Section) -> Result<usize, Fault> {
    let mut reader = Reader::new(bytes, section.end);
    reader.skip_blanks();
    if !matches!(bytes.get(reader.at.wrapping_sub(1)), Some(b'\r' | b'\n')) {
        return reader.fault("se esperaba «startxref» al comienzo de una línea");
    }
    if start_of_section(&mut reader)? != section.start {
        return Err(Fault { at: section.end, what: "la revisión termina con la dirección de otra".into() });
    }
    Ok(reader.at)
}

/// Reads the objects of a revision one after another, and holds them against its table.
pub fn revision(older: View, section: &Section, range: Range<usize>, packed: &mut usize) -> Result<Revision, Fault> {
    let bytes = older.bytes;
    let mut reader = Reader::new(bytes, range.start);
    let is_first = older.revisions.is_empty();
    if is_first {
        header(&mut reader)?;
    }
    has_its_size(older, section)?;
    let lengths = RefCell::new(BTreeMap::new());
    // Whoever adds a stream knows how long it is; a program that does not find a length looks for the end by itself.
    let length = |id: Id| {
        let length = || *lengths.borrow_mut().entry(id).or_insert_with(|| length(section, bytes, id));
        if is_first { length() } else { None }
    };
    let mut objects = BTreeMap::new();
    let mut packs = Vec::new();
    let mut streams = usize::from(section.stream.is_some());
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
        streams += usize::from(indirect.stream.is_some());
        objects.insert(number, Item::Object(indirect));
    }
    if reader.at != section.start {
        return Err(Fault { at: section.start, what: "la tabla de referencias comienza dentro de un objeto".into() });
    }
    let count = objects.len() + usize::from(section.stream.is_some());
    if !is_first && words(&bytes[range.clone()]) != (Words { begun: count, ended: count, streams, tables: 1 }) {
        return Err(Fault { at: range.start, what: "una revisión esconde objetos dentro de otros".into() });
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

/// How often the words stand in some bytes by which programs find objects where the table does not help them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Words {
    /// `12 0 obj`
    begun: usize,
    /// `endobj`
    ended: usize,
    /// `endstream`
    streams: usize,
    /// `startxref`
    tables: usize,
}

/// Counts the words in a revision: there must be as many as it has objects, so that there are none in its texts and streams.
fn words(bytes: &[u8]) -> Words {
    let count = |word: &str| memchr::memmem::find_iter(bytes, word).count();
    let begins = |at: &usize| {
        // A number, white space, a number; and white space or none before the word, which ends there.
        let back =
            |from: usize, is: fn(u8) -> bool| from - bytes[..from].iter().rev().take_while(|byte| is(**byte)).count();
        let digit = |byte: u8| byte.is_ascii_digit();
        let second = back(*at, is_blank);
        let blank = back(second, digit);
        let first = back(blank, is_blank);
        let ends = bytes.get(at + 3).is_none_or(|next| is_blank(*next) || is_delimiter(*next));
        ends && blank < second && first < blank && back(first, digit) < first
    };
    let begun = memchr::memmem::find_iter(bytes, "obj").filter(begins).count();
    Words { begun, ended: count("endobj"), streams: count("endstream"), tables: count("startxref") }
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

/// The length of a stream that stands in an object of its own.
fn length(section: &Section, bytes: &[u8], id: Id) -> Option<usize> {
    let Some(Entry::At { offset, .. }) = section.entries.get(&id.number) else { return None };
    let found = Reader::new(&bytes[..section.start], *offset).indirect(&|_| None).ok()?;
    usize::try_from(found.value.as_integer().filter(|_| found.id == id)?).ok()
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
