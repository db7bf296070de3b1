//! Where a part of a text stands in the file: a TOML string may hold escapes, so that a byte of the value is not always
//! the byte at the same distance from the opening quote.
//!
//! Only findings ask for this, so nothing is noted down while a file is read: the string is walked again, once for all the
//! findings in it.

use std::ops::Range;

/// A TOML string as written, with its quotes, ready to be asked where the parts of its value came from.
pub struct Quoting {
    /// Each piece, with the byte of the value that comes after it.
    pieces: Vec<(usize, Piece)>,
    whole: Range<usize>,
}

impl Quoting {
    /// The pieces of a written string.
    #[must_use]
    pub fn of(written: &str) -> Self {
        let ends = pieces(written).scan(0, |end, piece| {
            *end += piece.length;
            Some((*end, piece))
        });
        Self { pieces: ends.collect(), whole: 0..written.len() }
    }

    /// The bytes of the written string that the bytes `part` of its value came from; all of it if that cannot be told.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        let first = self.pieces.get(self.pieces.partition_point(|(end, _)| *end <= part.start));
        let last = self.pieces.get(self.pieces.partition_point(|(end, _)| *end < part.end));
        let start = first.map(|(end, piece)| piece.place.start + piece.within(part.start + piece.length - end, 0));
        let end =
            last.map(|(end, piece)| piece.place.start + piece.within(part.end + piece.length - end, piece.place.len()));
        match (start, end) {
            (Some(start), Some(end)) if start <= end => start..end,
            // An empty part after the last byte.
            (None, Some(end)) => end..end,
            _ => self.whole.clone(),
        }
    }
}

/// A part of a written string.
struct Piece {
    place: Range<usize>,
    /// Bytes of the value that it stands for.
    length: usize,
    /// Whether they are the very bytes that are written.
    verbatim: bool,
}

impl Piece {
    /// How far into what is written a byte of its value stands, or else what is said of a piece that is not verbatim.
    fn within(&self, at: usize, otherwise: usize) -> usize {
        if self.verbatim { at } else { otherwise }
    }
}

/// The pieces between the quotes, in order.
fn pieces(written: &str) -> impl Iterator<Item = Piece> {
    let quote = written.chars().next().unwrap_or('"');
    let many = written.starts_with(if quote == '"' { "\"\"\"" } else { "'''" }) && written.len() >= 6;
    let opening = if many { 3 } else { 1 };
    let end = written.len().saturating_sub(opening).max(opening);
    // The line end right after the opening quotes is no part of the value.
    let mut at = opening + usize::from(many && written[opening..].starts_with('\n'));
    std::iter::from_fn(move || {
        let rest = written.get(at..end).filter(|rest| !rest.is_empty())?;
        let piece = if quote == '"' { next_of_basic(rest) } else { (rest.len(), rest.len(), true) };
        let (width, length, verbatim) = piece;
        at += width;
        Some(Piece { place: at - width..at, length, verbatim })
    })
}

/// Of a basic string (TOML 1.1, *String*): bytes that are written, bytes that they stand for, whether these are the same.
fn next_of_basic(rest: &str) -> (usize, usize, bool) {
    let plain = rest.find('\\').unwrap_or(rest.len());
    if plain > 0 {
        return (plain, plain, true);
    }
    let digits = |n: usize| {
        let code = rest.get(2..2 + n).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        (2 + n, code.map_or(1, char::len_utf8), false)
    };
    match rest.as_bytes().get(1) {
        Some(b'x') => digits(2),
        Some(b'u') => digits(4),
        Some(b'U') => digits(8),
        // A backslash at the end of a line takes away all blanks up to the next word.
        Some(b' ' | b'\t' | b'\n') => (rest.len() - rest[1..].trim_start_matches([' ', '\t', '\n']).len(), 0, false),
        _ => (2.min(rest.len()), 1, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each character of the value, with what it is written as.
    fn characters(written: &str) -> Vec<(char, &str)> {
        let value = toml::from_str::<toml::Table>(&format!("t = {written}")).unwrap()["t"].as_str().unwrap().to_owned();
        let quoting = Quoting::of(written);
        value.char_indices().map(|(at, c)| (c, &written[quoting.place(at..at + c.len_utf8())])).collect()
    }

    #[test]
    fn every_notation_of_a_string_is_followed() {
        assert_eq!(characters(r#""año""#), [('a', "a"), ('ñ', "ñ"), ('o', "o")]);
        assert_eq!(characters(r"'a\n'"), [('a', "a"), ('\\', r"\"), ('n', "n")]);
        assert_eq!(
            characters(r#""a\"\u00f1\\b""#),
            [('a', "a"), ('"', r#"\""#), ('ñ', r"\u00f1"), ('\\', r"\\"), ('b', "b")]
        );
        assert_eq!(
            characters(r#""\x41\xF1\eb\U0001F600c""#),
            [('A', r"\x41"), ('ñ', r"\xF1"), ('\u{1B}', r"\e"), ('b', "b"), ('\u{1F600}', r"\U0001F600"), ('c', "c")]
        );
        assert_eq!(characters("\"\"\"\na\nb\"\"\""), [('a', "a"), ('\n', "\n"), ('b', "b")]);
        assert_eq!(characters("\"\"\"a \\\n   b\"\"\""), [('a', "a"), (' ', " "), ('b', "b")]);
        assert_eq!(characters("'''\n'a\n'''"), [('\'', "'"), ('a', "a"), ('\n', "\n")]);
    }

    #[test]
    fn the_end_of_a_text_has_a_place() {
        assert_eq!(Quoting::of("'abc'").place(3..3), 4..4);
        assert_eq!(Quoting::of(r#""ab\n""#).place(3..3), 5..5);
        assert_eq!(Quoting::of("''").place(0..0), 0..2);
    }

    proptest! {
        #[test]
        fn what_stands_at_a_place_reads_as_that_part(value in "[a-zñ\"'\\\\\n\u{1F600} ]{0,20}", from in 0..20usize, to in 0..20usize) {
            let mut bounds: Vec<usize> = value.char_indices().map(|(at, _)| at).chain([value.len()]).collect();
            bounds.sort_unstable();
            let (from, to) = (bounds[from.min(to).min(bounds.len() - 1)], bounds[from.max(to).min(bounds.len() - 1)]);
            prop_assume!(from < to);
            let escaped: String = value.chars().map(|c| match c {
                '"' => "\\\"".to_owned(), '\\' => "\\\\".to_owned(), '\n' => "\\n".to_owned(),
                'ñ' => "\\u00F1".to_owned(), c => c.to_string(),
            }).collect();
            let written = format!("\"{escaped}\"");
            let part = &written[Quoting::of(&written).place(from..to)];
            let read = toml::from_str::<toml::Table>(&format!("t = \"{part}\"")).unwrap();
            prop_assert_eq!(read["t"].as_str().unwrap(), &value[from..to]);
        }
    }
}
