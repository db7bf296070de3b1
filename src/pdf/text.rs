//! The text of pages, by the marks that the structure tree refers to (ISO 32000-1, 14.6 and 14.7.4).
//!
//! It is what a screen reader reads. What the glyphs look like is another matter: who wants to know that a page shows its text has
//! to draw it, or to make it again.

use std::collections::BTreeMap;

use super::content::{Token, Tokens};
use super::file::View;
use super::object::{Dictionary, Id, Indirect, Object};

/// Most bytes of the contents of a page, of the table of a font, and of all texts.
const MAX_BYTES: usize = 32 << 20;
/// How deep marks may stand in each other.
const MAX_DEPTH: usize = 100;
/// Most bytes that one glyph may stand for (9.10.3).
const MAX_MEANING: usize = 512;
/// What stands for a glyph of which the file does not say what it means.
const UNKNOWN: &str = "\u{FFFD}";

/// What the codes of a font mean (9.10.3): two bytes each, as this program's fonts have them.
type Meanings = BTreeMap<u16, String>;

/// The texts of a page, by mark.
pub type Marked = BTreeMap<i64, String>;

/// Reads the texts of pages; the fonts that they share are read once.
#[derive(Debug, Default)]
pub struct Texts {
    fonts: BTreeMap<Id, Meanings>,
    /// How many bytes all texts have together.
    size: usize,
}

impl Texts {
    /// The texts of a page; `None` if it is not written as this program writes pages.
    pub fn of_page(&mut self, pdf: View<'_>, page: &Indirect) -> Option<Marked> {
        let page = page.value.as_dictionary()?;
        let contents = pdf.get(page.get("Contents")?.as_reference()?)?;
        let contents = pdf.stream_within(contents, MAX_BYTES)?;
        let names = self.of_fonts(pdf, page);
        let mut shown =
            Shown { fonts: &self.fonts, names, font: None, open: Vec::new(), texts: Marked::new(), size: self.size };
        shown.read(&contents)?;
        self.size = shown.size;
        Some(shown.texts)
    }

    /// The fonts of a page by the names that it has for them.
    fn of_fonts(&mut self, pdf: View<'_>, page: &Dictionary) -> BTreeMap<Vec<u8>, Id> {
        let fonts = pdf.dictionary(page, "Resources").and_then(|resources| pdf.dictionary(resources, "Font"));
        let named = fonts.into_iter().flat_map(Dictionary::iter);
        let named: Vec<(Vec<u8>, Id)> =
            named.filter_map(|(name, font)| Some((name.to_vec(), font.as_reference()?))).collect();
        for (_, id) in &named {
            self.fonts.entry(*id).or_insert_with(|| meanings(pdf, *id).unwrap_or_default());
        }
        named.into_iter().collect()
    }
}

/// What has been shown so far of a page.
struct Shown<'a> {
    fonts: &'a BTreeMap<Id, Meanings>,
    names: BTreeMap<Vec<u8>, Id>,
    font: Option<&'a Meanings>,
    /// The marks that are open, the innermost last; some have no number.
    open: Vec<Option<i64>>,
    texts: Marked,
    size: usize,
}

impl Shown<'_> {
    /// Follows the operators that mark and show text (9.4.3, 14.6).
    fn read(&mut self, contents: &[u8]) -> Option<()> {
        let mut operands: Vec<Object> = Vec::new();
        for token in Tokens::new(contents) {
            let operator = match token? {
                Token::Object(object) => {
                    operands.push(object);
                    continue;
                }
                Token::Operator(operator) => operator,
            };
            match (operator, &operands[..]) {
                (b"BMC" | b"BDC", [.., properties]) => {
                    if self.open.len() >= MAX_DEPTH {
                        return None;
                    }
                    let mark = properties.as_dictionary().and_then(|properties| properties.get("MCID")?.as_integer());
                    self.open.push(mark);
                }
                (b"EMC", _) => drop(self.open.pop()?),
                (b"Tf", [Object::Name(name), _]) => {
                    self.font = self.names.get(name).and_then(|font| self.fonts.get(font));
                }
                (b"Tj" | b"'" | b"\"", [.., Object::Text(codes)]) => self.show(codes)?,
                (b"TJ", [Object::Array(pieces)]) => {
                    for codes in pieces.iter().filter_map(Object::as_bytes) {
                        self.show(codes)?;
                    }
                }
                // What stands between the operators of an image could be anything.
                (b"BI", _) => return None,
                _ => (),
            }
            operands.clear();
        }
        Some(())
    }

    /// Adds a text to the innermost mark that has a number.
    fn show(&mut self, codes: &[u8]) -> Option<()> {
        let Some(mark) = self.open.iter().rev().find_map(|mark| *mark) else { return Some(()) };
        let text = self.texts.entry(mark).or_default();
        let before = text.len();
        for code in codes.chunks(2) {
            let code = u16::from_be_bytes([code[0], *code.get(1)?]);
            text.push_str(self.font.and_then(|font| font.get(&code)).map_or(UNKNOWN, String::as_str));
        }
        self.size += text.len() - before;
        (self.size <= MAX_BYTES).then_some(())
    }
}

/// What the codes of a font mean: its `ToUnicode` (9.10.3).
fn meanings(pdf: View<'_>, font: Id) -> Option<Meanings> {
    let font = pdf.get(font)?.value.as_dictionary()?;
    let table = pdf.stream_within(pdf.get(font.get("ToUnicode")?.as_reference()?)?, MAX_BYTES)?;
    let (mut meanings, mut operands) = (Meanings::new(), Vec::new());
    for token in Tokens::new(&table) {
        let operator = match token? {
            Token::Object(object) => {
                operands.push(object);
                continue;
            }
            Token::Operator(operator) => operator,
        };
        match operator {
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    meanings.insert(code(&pair[0])?, meaning(pair[1].as_bytes()?));
                }
            }
            b"endbfrange" => {
                for range in operands.chunks_exact(3) {
                    add_range(&mut meanings, code(&range[0])?, code(&range[1])?, &range[2])?;
                }
            }
            _ => (),
        }
        operands.clear();
    }
    Some(meanings)
}

/// A range of codes: the meaning of the first, and of those after it one higher each, or all of them in an array.
fn add_range(meanings: &mut Meanings, from: u16, to: u16, first: &Object) -> Option<()> {
    if let Object::Array(all) = first {
        for (code, one) in (from..=to).zip(all) {
            meanings.insert(code, meaning(one.as_bytes()?));
        }
        return Some(());
    }
    let (&last, before) = first.as_bytes()?.split_last()?;
    for (code, last) in (from..=to).zip(last..=u8::MAX) {
        meanings.insert(code, meaning(&[before, &[last]].concat()));
    }
    Some(())
}

fn code(object: &Object) -> Option<u16> {
    Some(u16::from_be_bytes(object.as_bytes()?.try_into().ok()?))
}

/// UTF-16, of no more characters than a glyph may stand for.
fn meaning(units: &[u8]) -> String {
    if units.len() > MAX_MEANING {
        return UNKNOWN.into();
    }
    let units = units.chunks(2).map(|pair| u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
