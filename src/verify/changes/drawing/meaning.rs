//! What the text of a drawing means to who copies it or listens to it: the table of a font's codes (ISO 32000-1, 9.10.3), and the words that
//! stand for what is drawn (14.9.4). It is letters: what ends a line or a page, or turns its direction, would rearrange the text around it.

use crate::pdf::{Dictionary, Object, Token, Tokens, View};

use super::{MAX_PART, require};

/// Most codes of a table.
const MAX_CODES: usize = 1 << 16;
/// Most bytes of what one code means.
const MAX_MEANING: usize = 128;

/// Whether a table of meanings is a list of codes, each with its letters, that goes on from no other.
pub fn is_plain<'a>(view: View<'a>, table: &'a Object) -> bool {
    const KNOWN: [&str; 7] = ["Type", "CMapName", "CIDSystemInfo", "WMode", "Length", "Filter", "DecodeParms"];
    let table = table.as_reference().and_then(|id| view.get(id)).filter(|table| table.stream.is_some());
    let entries = table.and_then(|table| table.value.as_dictionary()).filter(|entries| entries.has_only(&KNOWN));
    let contents = entries.and(table).and_then(|table| view.stream_within(table, MAX_PART));
    contents.is_some_and(|contents| is_table(&contents).is_some())
}

/// Whether nothing that is said of a part of the text has anything but letters in it.
pub fn is_said(properties: &Dictionary) -> bool {
    properties.iter().all(|(_, value)| match value {
        Object::Dictionary(inner) => is_said(inner),
        value => value.as_bytes().is_none() || value.as_text().is_some_and(|text| text.chars().all(is_letter)),
    })
}

fn is_table(contents: &[u8]) -> Option<()> {
    const OTHERS: [&[u8]; 15] = [
        b"findresource",
        b"begin",
        b"dict",
        b"dup",
        b"def",
        b"begincmap",
        b"begincodespacerange",
        b"endcodespacerange",
        b"beginbfchar",
        b"beginbfrange",
        b"endcmap",
        b"CMapName",
        b"currentdict",
        b"defineresource",
        b"pop",
    ];
    let mut operands = Vec::new();
    let mut codes = 0_usize;
    for token in Tokens::new(contents) {
        let operator = match token? {
            Token::Object(object) => {
                operands.push(object);
                continue;
            }
            Token::Operator(operator) => operator,
        };
        match operator {
            b"endbfchar" => {
                require(operands.len().is_multiple_of(2))?;
                codes += operands.len() / 2;
                operands.chunks_exact(2).try_for_each(|pair| means(&pair[1], 0))?;
            }
            b"endbfrange" => {
                require(operands.len().is_multiple_of(3))?;
                for range in operands.chunks_exact(3) {
                    let last = code(&range[1])?.checked_sub(code(&range[0])?)?;
                    codes += last + 1;
                    require(codes <= MAX_CODES)?;
                    match &range[2] {
                        Object::Array(all) => all.iter().try_for_each(|one| means(one, 0))?,
                        first => means(first, last)?,
                    }
                }
            }
            b"end" => (),
            other => require(OTHERS.contains(&other))?,
        }
        require(codes <= MAX_CODES)?;
        operands.clear();
    }
    Some(())
}

fn code(object: &Object) -> Option<usize> {
    let bytes = object.as_bytes().filter(|bytes| (1..=2).contains(&bytes.len()))?;
    Some(bytes.iter().fold(0, |code, byte| code << 8 | usize::from(*byte)))
}

/// Whether letters in UTF-16 are some, and so are those that differ from them by up to so much in the last.
fn means(letters: &Object, last: usize) -> Option<()> {
    let bytes = letters.as_bytes().filter(|bytes| bytes.len() <= MAX_MEANING && bytes.len().is_multiple_of(2))?;
    let units: Vec<u16> = bytes.chunks_exact(2).map(|unit| u16::from(unit[0]) << 8 | u16::from(unit[1])).collect();
    require(char::decode_utf16(units.iter().copied()).all(|letter| letter.is_ok_and(is_letter)))?;
    let first = units.last().copied().unwrap_or_default();
    let others = first..=first.checked_add(u16::try_from(last).ok()?)?;
    // Those of two units go on as such: none of them is forbidden.
    require(last == 0 || others.into_iter().all(|unit| char::from_u32(unit.into()).is_none_or(is_letter)))
}

/// Whether a character is to be seen where it stands, and does nothing to those around it.
fn is_letter(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFF9}'..='\u{FFFB}')
}
