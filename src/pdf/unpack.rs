//! Compressed streams (ISO 32000-1, 7.4.4), as far as tables of references and object streams need them.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::object::{Dictionary, Object};

/// Most bytes that one stream may become.
pub const MAX_BYTES: usize = 64 << 20;

/// Most bytes of a row.
const MAX_COLUMNS: usize = 1 << 16;

/// The bytes that a stream stands for, if it is compressed as tables and object streams are, and they are no more than these.
/// What says in any other way how it is compressed is not unpacked: programs do not agree on it.
pub fn unpack(dictionary: &Dictionary, data: &[u8], most: usize) -> Option<Vec<u8>> {
    if ["F", "FFilter", "FDecodeParms", "DP"].iter().any(|key| dictionary.get(key).is_some()) {
        return None;
    }
    let (filter, parameters) = match (dictionary.get("Filter"), dictionary.get("DecodeParms")) {
        (None, None) => return (data.len() <= most).then(|| data.to_vec()),
        (Some(Object::Array(filters)), None) if filters.len() == 1 => (&filters[0], None),
        (Some(Object::Array(filters)), Some(Object::Array(parameters)))
            if filters.len() == 1 && parameters.len() == 1 =>
        {
            (&filters[0], Some(parameters[0].as_dictionary()?))
        }
        (Some(filter @ Object::Name(_)), None) => (filter, None),
        (Some(filter @ Object::Name(_)), Some(Object::Dictionary(parameters))) => (filter, Some(parameters)),
        _ => return None,
    };
    if filter.as_name() != Some(b"FlateDecode") {
        return None;
    }
    let width = width_of_rows(parameters)?;
    let mut bytes = Vec::new();
    ZlibDecoder::new(data).take(most as u64 + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() > most {
        return None;
    }
    if width == 0 { Some(bytes) } else { undo_rows(&bytes, width) }
}

/// How wide the rows are that a predictor was applied to, 0 if none was; `None` if it is said in a way that can be misread.
fn width_of_rows(parameters: Option<&Dictionary>) -> Option<usize> {
    const KNOWN: [&str; 4] = ["Predictor", "Columns", "Colors", "BitsPerComponent"];
    let Some(parameters) = parameters else { return Some(0) };
    let are_numbers = parameters
        .iter()
        .all(|(key, value)| KNOWN.iter().any(|known| known.as_bytes() == key) && value.as_integer().is_some());
    let number = |key: &str, without: i64| parameters.get(key).map_or(Some(without), Object::as_integer);
    if !are_numbers || number("Colors", 1)? != 1 || number("BitsPerComponent", 8)? != 8 {
        return None;
    }
    match number("Predictor", 1)? {
        1 => Some(0),
        10..=15 => usize::try_from(number("Columns", 1)?).ok().filter(|columns| (1..=MAX_COLUMNS).contains(columns)),
        _ => None,
    }
}

/// Undoes the predictors of PNG for rows of bytes (RFC 2083, clause 6).
fn undo_rows(bytes: &[u8], columns: usize) -> Option<Vec<u8>> {
    if !bytes.len().is_multiple_of(columns.checked_add(1)?) {
        return None;
    }
    let mut rows: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0; columns];
    for row in bytes.chunks(columns + 1) {
        let (kind, row) = row.split_first()?;
        let mut left = 0_u8;
        let mut corner = 0_u8;
        for (byte, up) in row.iter().zip(above.iter_mut()) {
            let predicted = match kind {
                0 => 0,
                1 => left,
                2 => *up,
                3 => u8::midpoint(left, *up),
                4 => paeth(left, *up, corner),
                _ => return None,
            };
            left = byte.wrapping_add(predicted);
            corner = std::mem::replace(up, left);
        }
        rows.extend(&above);
    }
    Some(rows)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i16::from);
    let estimate = a + b - c;
    let (to_left, to_up, to_corner) = (estimate.abs_diff(a), estimate.abs_diff(b), estimate.abs_diff(c));
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
