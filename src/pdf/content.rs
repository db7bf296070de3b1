//! What draws a page or a form, and what tells the meaning of a font's codes: objects, each followed by its operator (ISO 32000-1, 7.8.2).

use super::object::Object;
use super::parse::{Reader, is_blank, is_delimiter};

/// Contents, piece by piece.
pub struct Tokens<'a>(Reader<'a>);

/// A piece of contents.
pub enum Token<'a> {
    /// What an operator is about.
    Object(Object),
    /// An operator.
    Operator(&'a [u8]),
}

impl<'a> Tokens<'a> {
    /// From the beginning of some contents.
    #[must_use]
    pub fn new(contents: &'a [u8]) -> Self {
        Self(Reader::new(contents, 0))
    }
}

impl<'a> Iterator for Tokens<'a> {
    /// `None` where it cannot be read.
    type Item = Option<Token<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = &mut self.0;
        reader.skip_blanks();
        while reader.rest().first() == Some(&b'%') {
            reader.at += memchr::memchr2(b'\r', b'\n', reader.rest()).unwrap_or(reader.rest().len());
            reader.skip_blanks();
        }
        let rest = reader.rest();
        let length = rest.iter().take_while(|byte| !is_blank(**byte) && !is_delimiter(**byte)).count();
        let is_operator = rest.first()?.is_ascii_alphabetic() || matches!(rest[0], b'\'' | b'"');
        if is_operator && !matches!(&rest[..length], b"true" | b"false" | b"null") {
            reader.at += length;
            return Some(Some(Token::Operator(&rest[..length])));
        }
        match reader.object() {
            Ok(object) => Some(Some(Token::Object(object))),
            Err(_) => Some(None),
        }
    }
}
