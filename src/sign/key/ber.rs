//! BER as DER (X.690): many authorities' programs write PKCS#12 files with lengths left open and strings in pieces.

use der::asn1::AnyRef;
use der::{Encode, Tag};

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 32;

/// The same elements with definite lengths and with octet strings in one piece. What is in DER stays as it is.
pub(super) fn to_der(ber: &[u8]) -> Option<Vec<u8>> {
    let mut der = Vec::with_capacity(ber.len());
    let rest = element(ber, 0, &mut der)?;
    rest.is_empty().then_some(der)
}

/// Writes the first element of some bytes, and gives what follows it.
fn element<'a>(ber: &'a [u8], depth: usize, der: &mut Vec<u8>) -> Option<&'a [u8]> {
    let (&tag, rest) = ber.split_first()?;
    // Longer tags are in no PKCS#12 file.
    if depth > MAX_DEPTH || tag & 0x1F == 0x1F {
        return None;
    }
    let (length, rest) = length(rest)?;
    let constructed = tag & 0x20 != 0;
    let (value, rest) = match length {
        Some(length) => {
            let (inner, rest) = rest.split_at_checked(length)?;
            (if constructed { elements(inner, depth)? } else { inner.to_vec() }, rest)
        }
        None if constructed => open(rest, depth)?,
        None => return None,
    };
    let (tag, value) = if tag == 0x24 { (0x04, joined(&value)?) } else { (tag, value) };
    write(tag, &value, der)?;
    Some(rest)
}

/// The octet string whose pieces these are.
pub(super) fn joined(pieces: &[u8]) -> Option<Vec<u8>> {
    let (mut whole, mut rest) = (Vec::with_capacity(pieces.len()), pieces);
    while let Some((&tag, after)) = rest.split_first() {
        let (length, after) = length(after)?;
        let (piece, after) = after.split_at_checked(length?)?;
        whole.extend_from_slice((tag == 0x04).then_some(piece)?);
        rest = after;
    }
    Some(whole)
}

/// Elements up to the end.
fn elements(mut ber: &[u8], depth: usize) -> Option<Vec<u8>> {
    let mut der = Vec::with_capacity(ber.len());
    while !ber.is_empty() {
        ber = element(ber, depth + 1, &mut der)?;
    }
    Some(der)
}

/// Elements up to the mark of the end, and what follows it.
fn open(mut ber: &[u8], depth: usize) -> Option<(Vec<u8>, &[u8])> {
    let mut der = Vec::new();
    loop {
        if let Some(rest) = ber.strip_prefix(&[0, 0]) {
            return Some((der, rest));
        }
        ber = element(ber, depth + 1, &mut der)?;
    }
}

/// A length, none where it is left open, and what follows it.
fn length(ber: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (&first, rest) = ber.split_first()?;
    match first {
        0..=0x7F => Some((Some(first.into()), rest)),
        0x80 => Some((None, rest)),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            Some((Some(bytes.iter().fold(0, |length, &byte| length << 8 | usize::from(byte))), rest))
        }
        _ => None,
    }
}

fn write(tag: u8, value: &[u8], der: &mut Vec<u8>) -> Option<()> {
    let whole = AnyRef::new(Tag::try_from(tag).ok()?, value).ok()?.to_der().ok()?;
    der.extend_from_slice(&whole);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_closed_and_what_is_in_pieces_is_joined() {
        let ber = b"\x30\x80\x24\x80\x04\x01a\x24\x03\x04\x01b\x00\x00\xa0\x80\x02\x01\x07\x00\x00\x00\x00";
        assert_eq!(to_der(ber).unwrap(), b"\x30\x09\x04\x02ab\xa0\x03\x02\x01\x07");
        assert_eq!(to_der(b"\x30\x82\x00\x03\x02\x01\x07").unwrap(), b"\x30\x03\x02\x01\x07");
    }

    #[test]
    fn what_is_in_der_stays_as_it_is() {
        let der = std::fs::read("tests/data/llaves/rsa4096.p12").unwrap();
        assert_eq!(to_der(&der).unwrap(), der);
    }

    #[test]
    fn what_is_cut_changed_or_too_deep_is_refused_or_read_but_never_panics() {
        let ber = std::fs::read("tests/data/llaves/ber.p12").unwrap();
        assert!(to_der(&ber).is_some());
        for at in 0..ber.len() {
            assert!(to_der(&ber[..at]).is_none(), "{at}");
            let mut changed = ber.clone();
            changed[at] ^= 0x21;
            let _ = to_der(&changed);
        }
        assert!(to_der(&[0x30, 0x80].repeat(100_000)).is_none());
        assert!(to_der(b"\x30\x84\xff\xff\xff\xff").is_none());
    }
}
