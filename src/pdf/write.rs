//! Objects to bytes: a file made anew with some of its objects changed, and an update at the end of one.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::file::{File, Item};
use super::object::{Dictionary, Id, Object};
use super::parse::{Fault, is_blank, is_delimiter};

/// What an indirect object is to be.
#[derive(Debug, Clone)]
pub enum Body {
    /// An object.
    Object(Object),
    /// A stream; its dictionary is given its `/Length`.
    Stream(Dictionary, Vec<u8>),
    /// What stands between `obj` and `endobj`, already written.
    Written(Vec<u8>),
}

impl From<Dictionary> for Body {
    fn from(dictionary: Dictionary) -> Self {
        Self::Object(Object::Dictionary(dictionary))
    }
}

/// Where each object of an update is in the file, by number.
pub type Places = BTreeMap<u32, Range<usize>>;

/// What is added at the end of a file (ISO 32000-1, 7.5.6).
#[derive(Debug)]
pub struct Update<'a> {
    file: &'a File<'a>,
    bodies: BTreeMap<u32, Body>,
    next: u32,
}

impl<'a> Update<'a> {
    /// An update that adds nothing yet.
    #[must_use]
    pub fn new(file: &'a File<'a>) -> Self {
        Self { file, bodies: BTreeMap::new(), next: file.now().last_number() + 1 }
    }

    /// The number that the next new object gets.
    pub fn reserve(&mut self) -> Id {
        let id = Id::new(self.next);
        self.next += 1;
        id
    }

    /// A new object.
    pub fn add(&mut self, body: impl Into<Body>) -> Id {
        let id = self.reserve();
        self.set(id, body);
        id
    }

    /// Puts an object in the place of an older one, or of one reserved.
    pub fn set(&mut self, id: Id, body: impl Into<Body>) {
        self.bodies.insert(id.number, body.into());
    }

    /// The file with the update, and where each of its objects is.
    ///
    /// # Errors
    /// When the file's references are a stream: an update has the form of what it continues.
    pub fn finish(self) -> Result<(Vec<u8>, Places), Fault> {
        let last = self.file.revisions().last().filter(|last| last.classic);
        let Some(last) = last else {
            let what =
                "la tabla de referencias está comprimida: este programa solo continúa archivos como los suyos".into();
            return Err(Fault { at: 0, what });
        };
        let bytes = self.file.bytes();
        let mut out = bytes.to_vec();
        // PDF/A wants the end of a line before every object, and a file may end with its last letter (ISO 19005-3, 6.1.9).
        if !out.ends_with(b"\n") && !out.ends_with(b"\r") {
            out.push(b'\n');
        }
        let mut ranges = BTreeMap::new();
        for (number, body) in &self.bodies {
            ranges.insert(*number, write_indirect(&mut out, *number, body));
        }
        let id = renewed_id(&last.trailer, &out[bytes.len()..]);
        let mut trailer = Dictionary::from([("Size", Object::Integer(i64::from(self.next)))]);
        for key in ["Root", "Info"] {
            if let Some(value) = last.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        if let Some(id) = id {
            trailer.set("ID", id);
        }
        trailer.set("Prev", Object::Integer(i64::try_from(last.table).unwrap_or_default()));
        write_table(&mut out, &ranges, &trailer);
        Ok((out, ranges))
    }
}

/// A file of one revision made anew, with some objects replaced and others added. What is not named stays to the byte.
///
/// # Errors
/// When the file has been updated already, or its references are a stream.
pub fn rewrite(file: &File, bodies: &BTreeMap<u32, Body>) -> Result<Vec<u8>, Fault> {
    let [only] = file.revisions() else {
        return Err(Fault { at: 0, what: "el archivo ya tiene más de una revisión".into() });
    };
    let bytes = file.bytes();
    let mut old: Vec<(usize, u32, Range<usize>)> = Vec::new();
    for (number, item) in &only.objects {
        if let Item::Object(indirect) = item {
            old.push((indirect.range.start, *number, indirect.range.clone()));
        }
    }
    old.sort_unstable_by_key(|(start, ..)| *start);
    let begin = old.first().map_or(only.table, |(start, ..)| *start);
    let mut out = bytes[..begin].to_vec();
    let mut ranges = BTreeMap::new();
    for (_, number, range) in &old {
        let place = if let Some(body) = bodies.get(number) {
            write_indirect(&mut out, *number, body)
        } else {
            let start = out.len();
            out.extend(&bytes[range.clone()]);
            out.push(b'\n');
            start..out.len()
        };
        ranges.insert(*number, place);
    }
    for (number, body) in bodies.iter().filter(|(number, _)| !only.objects.contains_key(number)) {
        ranges.insert(*number, write_indirect(&mut out, *number, body));
    }
    let mut trailer = only.trailer.clone();
    let size = ranges.keys().next_back().map_or(1, |last| i64::from(*last) + 1);
    trailer.set("Size", Object::Integer(size));
    write_table(&mut out, &ranges, &trailer);
    Ok(out)
}

fn write_indirect(out: &mut Vec<u8>, number: u32, body: &Body) -> Range<usize> {
    let start = out.len();
    out.extend(format!("{number} 0 obj\n").as_bytes());
    match body {
        Body::Object(object) => write_object(out, object),
        Body::Written(bytes) => out.extend(bytes),
        Body::Stream(dictionary, data) => {
            let mut dictionary = dictionary.clone();
            dictionary.set("Length", Object::Integer(i64::try_from(data.len()).unwrap_or_default()));
            write_dictionary(out, &dictionary);
            out.extend(b"\nstream\n");
            out.extend(data);
            out.extend(b"\nendstream");
        }
    }
    out.extend(b"\nendobj\n");
    start..out.len()
}

/// The table with its trailer, to the end of the file. Number 0 stands in the table of a whole file only.
fn write_table(out: &mut Vec<u8>, ranges: &BTreeMap<u32, Range<usize>>, trailer: &Dictionary) {
    let start = out.len();
    out.extend(b"xref\n");
    let mut lines: Vec<(u32, String)> =
        ranges.iter().map(|(number, range)| (*number, format!("{:010} 00000 n \n", range.start))).collect();
    if trailer.get("Prev").is_none() {
        lines.insert(0, (0, "0000000000 65535 f \n".to_owned()));
    }
    for run in lines.chunk_by(|(before, _), (after, _)| before + 1 == *after) {
        out.extend(format!("{} {}\n", run[0].0, run.len()).as_bytes());
        for (_, line) in run {
            out.extend(line.as_bytes());
        }
    }
    out.extend(b"trailer\n");
    write_dictionary(out, trailer);
    out.extend(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
}

/// The identifier of the file after an update: its second half is another (ISO 32000-1, 14.4).
fn renewed_id(trailer: &Dictionary, update: &[u8]) -> Option<Object> {
    let [first, before] = trailer.get("ID")?.as_array()? else { return None };
    let digest = Sha256::new().chain_update(before.as_bytes()?).chain_update(update).finalize();
    Some(Object::Array(vec![first.clone(), Object::Text(digest[..16].to_vec())]))
}

/// Writes an object as it stands in a file.
pub fn write_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend(b"null"),
        Object::Boolean(value) => out.extend(if *value { b"true".as_slice() } else { b"false" }),
        Object::Integer(number) => out.extend(number.to_string().as_bytes()),
        Object::Real(number) => out.extend(number.as_bytes()),
        Object::Name(name) => write_name(out, name),
        Object::Text(bytes) => write_text(out, bytes),
        Object::Array(elements) => {
            out.push(b'[');
            for (index, element) in elements.iter().enumerate() {
                if index > 0 {
                    out.push(b' ');
                }
                write_object(out, element);
            }
            out.push(b']');
        }
        Object::Dictionary(dictionary) => write_dictionary(out, dictionary),
        Object::Reference(id) => out.extend(format!("{} {} R", id.number, id.generation).as_bytes()),
    }
}

fn write_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    out.extend(b"<<");
    for (key, value) in &dictionary.0 {
        write_name(out, key);
        out.push(b' ');
        write_object(out, value);
    }
    out.extend(b">>");
}

fn write_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !is_delimiter(*byte) && !is_blank(*byte) && *byte != b'#' {
            out.push(*byte);
        } else {
            // Writing to a vector cannot fail.
            let _ = write!(out, "#{byte:02X}");
        }
    }
}

/// Printable ASCII in parentheses, all else in hexadecimal.
fn write_text(out: &mut Vec<u8>, bytes: &[u8]) {
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && !matches!(byte, b'(' | b')' | b'\\');
    if bytes.iter().all(plain) {
        out.push(b'(');
        out.extend(bytes);
        out.push(b')');
    } else {
        out.push(b'<');
        for byte in bytes {
            let _ = write!(out, "{byte:02X}");
        }
        out.push(b'>');
    }
}
