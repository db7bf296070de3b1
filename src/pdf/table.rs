//! Cross-reference tables and streams (ISO 32000-1, 7.5.4 and 7.5.8): where the objects of one revision are.

use std::collections::BTreeMap;

use super::object::{Dictionary, Id, Indirect, Object};
use super::parse::{Fault, MAX_NUMBER, Reader};
use super::unpack::unpack;

const TOO_MANY: &str = "la tabla de referencias tiene demasiados objetos, o de números demasiado altos";

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// There is none any more.
    Free,
    /// At a byte of the file.
    At { offset: usize, generation: u16 },
    /// Inside an object stream.
    Packed { stream: u32, index: usize },
}

/// One section, with its trailer.
#[derive(Debug, Clone)]
pub struct Section {
    pub entries: BTreeMap<u32, Entry>,
    pub trailer: Dictionary,
    /// The stream that it is, where it is no table.
    pub stream: Option<Indirect>,
    /// Where it begins, and where its trailer or stream ends.
    pub start: usize,
    pub end: usize,
}

/// Reads the section that begins at a byte.
pub fn section(bytes: &[u8], at: usize) -> Result<Section, Fault> {
    let mut reader = Reader::new(bytes, at);
    if reader.rest().starts_with(b"xref") { table(&mut reader) } else { stream(bytes, &mut reader) }
}

/// A table: lines of exactly twenty bytes, and nothing between them (7.5.4).
fn table(reader: &mut Reader) -> Result<Section, Fault> {
    let start = reader.at;
    reader.keyword("xref")?;
    if !reader.line_end() {
        return reader.fault("después de «xref» falta el fin de línea");
    }
    let mut entries = BTreeMap::new();
    while !reader.rest().starts_with(b"trailer") {
        let first = reader.natural()?;
        if !reader.take(" ") {
            return reader.fault("una parte de la tabla de referencias no dice cuántos objetos tiene");
        }
        let count = reader.natural()?;
        // Only «0 0» is written where there is nothing to say.
        if !reader.line_end() || count > reader.rest().len() / 20 || (count == 0 && first != 0) {
            return reader.fault("una parte de la tabla de referencias no tiene lo que anuncia");
        }
        for number in first..first.saturating_add(count) {
            let entry = line(reader)?;
            insert(reader, &mut entries, number, entry)?;
        }
    }
    reader.keyword("trailer")?;
    let _ = reader.line_end() || reader.take(" ");
    let Object::Dictionary(trailer) = reader.object()? else { return reader.fault("el final no es un diccionario") };
    if trailer.get("XRefStm").is_some() {
        return reader.fault("la revisión tiene dos tablas de referencias, que pueden decir cosas distintas");
    }
    Ok(Section { entries, trailer, stream: None, start, end: reader.at })
}

fn line(reader: &mut Reader) -> Result<Entry, Fault> {
    let line = reader.rest().get(..20).unwrap_or_default();
    let number = |digits: &[u8]| {
        let digits = digits.iter().all(u8::is_ascii_digit).then_some(digits)?;
        std::str::from_utf8(digits).ok()?.parse::<usize>().ok()
    };
    let entry = match line {
        [rest @ .., end_1, end_2] if [b" \n", b" \r", b"\r\n"].contains(&&[*end_1, *end_2]) => {
            let (offset, generation) = (rest.get(..10).and_then(number), rest.get(11..16).and_then(number));
            let generation = generation.and_then(|generation| u16::try_from(generation).ok());
            match (offset, generation, rest.get(10), rest.get(16..)) {
                (Some(offset), Some(generation), Some(b' '), Some(b" n")) => Some(Entry::At { offset, generation }),
                (Some(_), Some(_), Some(b' '), Some(b" f")) => Some(Entry::Free),
                _ => None,
            }
        }
        _ => None,
    };
    let Some(entry) = entry else { return reader.fault("una línea de la tabla de referencias está mal escrita") };
    reader.at += 20;
    Ok(entry)
}

/// A stream: rows of numbers as wide as `/W` says.
fn stream(bytes: &[u8], reader: &mut Reader) -> Result<Section, Fault> {
    let start = reader.at;
    let indirect = reader.indirect(&|_| None)?;
    let Object::Dictionary(trailer) = &indirect.value else {
        return Err(Fault { at: start, what: "en ese lugar no hay ninguna tabla de referencias".into() });
    };
    let broken = || Fault { at: start, what: "la tabla de referencias comprimida está dañada".into() };
    let data = indirect.stream.as_ref().and_then(|range| bytes.get(range.clone())).ok_or_else(broken)?;
    if !trailer.is("Type", "XRef") || trailer.get("XRefStm").is_some() {
        return Err(broken());
    }
    let naturals = |key: &str| -> Option<Vec<usize>> {
        let numbers = trailer.get(key)?.as_array()?.iter();
        numbers.map(|number| usize::try_from(number.as_integer()?).ok()).collect()
    };
    let widths: [usize; 3] = naturals("W").and_then(|widths| widths.try_into().ok()).ok_or_else(broken)?;
    let width: usize = widths.iter().sum();
    if width == 0 || widths.iter().any(|width| *width > 8) {
        return Err(broken());
    }
    let size = trailer.get("Size").and_then(Object::as_integer).and_then(|size| usize::try_from(size).ok());
    let index = match trailer.get("Index") {
        Some(_) => naturals("Index").ok_or_else(broken)?,
        None => vec![0, size.ok_or_else(broken)?],
    };
    let announced: usize =
        index.chunks(2).map(|pair| pair.get(1).copied().unwrap_or_default()).fold(0, usize::saturating_add);
    // One more than the highest number, since they begin with 0.
    if announced > MAX_NUMBER + 1 {
        return reader.fault(TOO_MANY);
    }
    // A predictor puts a byte before each row of one or more.
    let rows = unpack(trailer, data, 2 * announced * width).ok_or_else(broken)?;
    if index.len() % 2 != 0 || announced * width != rows.len() || index.chunks(2).any(|pair| pair == [pair[0], 0]) {
        return Err(broken());
    }
    let numbers = index.chunks(2).flat_map(|pair| pair[0]..pair[0].saturating_add(pair[1]));
    let mut entries = BTreeMap::new();
    for (number, row) in numbers.zip(rows.chunks(width)) {
        let entry = row_entry(row, widths).ok_or_else(broken)?;
        insert(reader, &mut entries, number, entry)?;
    }
    let (trailer, end) = (trailer.clone(), indirect.range.end);
    Ok(Section { entries, trailer, stream: Some(indirect), start, end })
}

fn row_entry(row: &[u8], [kind, second, _]: [usize; 3]) -> Option<Entry> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let (type_, rest) = row.split_at_checked(kind)?;
    let (second, third) = rest.split_at_checked(second)?;
    let (second, third) = (number(second), number(third));
    match if kind == 0 { 1 } else { number(type_) } {
        0 => Some(Entry::Free),
        1 => Some(Entry::At { offset: usize::try_from(second).ok()?, generation: u16::try_from(third).ok()? }),
        2 => Some(Entry::Packed { stream: u32::try_from(second).ok()?, index: usize::try_from(third).ok()? }),
        _ => None,
    }
}

fn insert(reader: &Reader, entries: &mut BTreeMap<u32, Entry>, number: usize, entry: Entry) -> Result<(), Fault> {
    match u32::try_from(number) {
        Ok(key) if number <= MAX_NUMBER => match entries.insert(key, entry) {
            None => Ok(()),
            Some(_) => reader.fault(format!("la tabla de referencias dice dos veces dónde está el objeto {number}")),
        },
        _ => reader.fault(TOO_MANY),
    }
}

/// Whether an object that stands where an entry says is the one that the entry means.
pub fn means(entry: Entry, number: u32, found: Id) -> bool {
    matches!(entry, Entry::At { generation, .. } if found == Id { number, generation })
}
