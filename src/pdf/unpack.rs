//! Compressed streams (ISO 32000-1, 7.4.4), as far as tables of references and object streams need them.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::object::{Dictionary, Object};

/// Most bytes that one stream may become.
pub const MAX_BYTES: usize = 64 << 20;

/// The bytes that a stream stands for, if it is compressed as tables and object streams are, and they are no more than these.
pub fn unpack(dictionary: &Dictionary, data: &[u8], most: usize) -> Option<Vec<u8>> {
    let filter = match dictionary.get("Filter") {
        None => return (data.len() <= most).then(|| data.to_vec()),
        Some(Object::Array(filters)) if filters.len() == 1 => &filters[0],
        Some(filter) => filter,
    };
    if filter.as_name() != Some(b"FlateDecode") {
        return None;
    }
    let mut bytes = Vec::new();
    ZlibDecoder::new(data).take(most as u64 + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() > most {
        return None;
    }
    let parameters = match dictionary.get("DecodeParms") {
        Some(Object::Array(parameters)) if parameters.len() == 1 => parameters[0].as_dictionary(),
        Some(parameters) => parameters.as_dictionary(),
        None => None,
    };
    let number = |key: &str| parameters.and_then(|parameters| parameters.get(key)).and_then(Object::as_integer);
    match number("Predictor") {
        None | Some(1) => Some(bytes),
        Some(10..=15) => undo_rows(&bytes, usize::try_from(number("Columns").unwrap_or(1)).ok()?),
        Some(_) => None,
    }
}

/// Undoes the predictors of PNG for rows of bytes (RFC 2083, clause 6).
fn undo_rows(bytes: &[u8], columns: usize) -> Option<Vec<u8>> {
    if columns == 0 || !bytes.len().is_multiple_of(columns.checked_add(1)?) {
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
