//! What a signature covers: its `/ByteRange` (ISO 32000-1, 12.8.1; EN 319 142-1, 5.3), held against the file.
//!
//! Only one form is taken, the one that every honest signer writes: from the first byte of the file to the `<` of the
//! signature's own `/Contents`, and from its `>` to the end of the revision that the signature came with. Wider gaps,
//! other gaps, ranges that overlap or end early have no use but to hide something.

use std::ops::Range;

use crate::pdf::{File, Indirect, Object};

/// The bytes that a signature covers and the signature itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// What is signed, before and after the gap.
    pub parts: [Range<usize>; 2],
    /// The contents of the gap: a CMS, padded with zeros.
    pub contents: Vec<u8>,
    /// Which revision it came with, from 0: it covers that one and all before it.
    pub revision: usize,
}

/// What a signature dictionary says that it covers, if that is the truth.
///
/// # Errors
/// What is wrong with it, in Spanish.
pub fn covered(file: &File, signature: &Indirect) -> Result<Covered, String> {
    let dictionary = signature.value.as_dictionary().ok_or("la firma no es un diccionario")?;
    let range = dictionary.get("ByteRange").ok_or("la firma no dice qué bytes cubre (/ByteRange)")?;
    let numbers: Option<Vec<usize>> = range
        .as_array()
        .and_then(|numbers| numbers.iter().map(|number| usize::try_from(number.as_integer()?).ok()).collect());
    let Some([start, before, after, length]) = numbers.as_deref() else {
        return Err("el /ByteRange de la firma no son cuatro números".into());
    };
    let contents =
        dictionary.get("Contents").and_then(Object::as_bytes).ok_or("la firma no tiene contenido (/Contents)")?;
    if *start != 0 {
        return Err("lo firmado no comienza con el primer byte del archivo".into());
    }
    let bytes = file.bytes();
    let gap = *before..*after;
    let inside = signature.range.start < gap.start && gap.end < signature.range.end;
    let written = if inside { bytes.get(gap.clone()) } else { None };
    let is_contents = written.is_some_and(|written| is_hexadecimal_of(written, contents));
    if !is_contents {
        return Err("el hueco en lo firmado no es exactamente el contenido de la firma".into());
    }
    let Some(revision) = file.revisions().iter().position(|revision| revision.range.contains(&signature.range.start))
    else {
        return Err("la firma no está en ninguna revisión del archivo".into());
    };
    let end = after.checked_add(*length).unwrap_or_default();
    let (marker, line) = (file.revisions()[revision].marker, file.revisions()[revision].range.end);
    // Where something follows, the end of the last line may have come with it.
    let follows = revision + 1 < file.revisions().len();
    if end == line || (follows && end == marker) {
        return Ok(Covered { parts: [0..gap.start, gap.end..end], contents: contents.to_vec(), revision });
    }
    Err("lo firmado no termina donde termina la revisión que trajo la firma".into())
}

/// Whether a gap is `<`, the digits of these bytes, `>`, and nothing else: no blanks, no other form of string.
fn is_hexadecimal_of(written: &[u8], contents: &[u8]) -> bool {
    let [b'<', digits @ .., b'>'] = written else { return false };
    let value = |digit: u8| char::from(digit).to_digit(16);
    digits.len() == 2 * contents.len()
        && digits.chunks(2).zip(contents).all(|(pair, byte)| {
            let pair = pair.first().and_then(|high| value(*high)).zip(pair.get(1).and_then(|low| value(*low)));
            pair.is_some_and(|(high, low)| high * 16 + low == u32::from(*byte))
        })
}
