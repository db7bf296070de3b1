//! Objects (ISO 32000-1, 7.3).

use std::ops::Range;

/// What an indirect object is referred to by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// Its number, from 1.
    pub number: u32,
    /// Its generation: 0 for all that this program writes.
    pub generation: u16,
}

/// An object. A number that is not whole is kept as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number, as written.
    Real(String),
    /// `/Name`, without its slash, with its escapes resolved.
    Name(Vec<u8>),
    /// `(text)` or `<74657874>`, as the bytes that it stands for.
    Text(Vec<u8>),
    /// `[…]`
    Array(Vec<Object>),
    /// `<<…>>`
    Dictionary(Dictionary),
    /// `12 0 R`
    Reference(Id),
}

/// A dictionary: its entries in the order of the file, no key twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dictionary(pub(super) Vec<(Vec<u8>, Object)>);

/// An indirect object of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indirect {
    /// What it is referred to by.
    pub id: Id,
    /// What it is; of a stream, its dictionary.
    pub value: Object,
    /// Where in the file the bytes of the stream are, if it is one.
    pub stream: Option<Range<usize>>,
    /// Where in the file it is, from its number to `endobj`; of one inside an object stream, the place of that stream.
    pub range: Range<usize>,
}

impl Id {
    /// An object of generation 0.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Self { number, generation: 0 }
    }
}

impl Object {
    /// A name.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// A text for people (ISO 32000-1, 7.9.2.2): ASCII as it is, everything else in UTF-16.
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Self::Text(text.as_bytes().to_vec());
        }
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        Self::Text(units.flat_map(u16::to_be_bytes).collect())
    }

    /// The dictionary that it is.
    #[must_use]
    pub fn as_dictionary(&self) -> Option<&Dictionary> {
        if let Self::Dictionary(dictionary) = self { Some(dictionary) } else { None }
    }

    /// The elements, if it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Object]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The whole number that it is.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// The number that it is, whole or not, as coordinates are: of those beyond 2³¹ no two programs make the same.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        let number: f64 = match self {
            Self::Integer(number) => f64::from(i32::try_from(*number).ok()?),
            Self::Real(number) => number.parse().ok()?,
            _ => return None,
        };
        (number.abs() <= f64::from(i32::MAX)).then_some(number)
    }

    /// The name that it is.
    #[must_use]
    pub fn as_name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    /// The bytes of the string that it is.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Text(bytes) = self { Some(bytes) } else { None }
    }

    /// What it refers to.
    #[must_use]
    pub fn as_reference(&self) -> Option<Id> {
        if let Self::Reference(id) = self { Some(*id) } else { None }
    }

    /// The text that it is, for people (ISO 32000-1, 7.9.2.2). What is not text becomes U+FFFD.
    #[must_use]
    pub fn as_text(&self) -> Option<String> {
        let bytes = self.as_bytes()?;
        Some(match bytes {
            [0xFE, 0xFF, units @ ..] => {
                let units = units.chunks(2).map(|pair| u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]));
                char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
            }
            [0xEF, 0xBB, 0xBF, text @ ..] => String::from_utf8_lossy(text).into_owned(),
            _ => bytes.iter().map(|byte| of_pdf_doc_encoding(*byte)).collect(),
        })
    }

    /// How many objects it is, those in it included.
    pub fn count(&self) -> usize {
        1 + match self {
            Self::Array(elements) => elements.iter().map(Self::count).sum(),
            Self::Dictionary(dictionary) => dictionary.iter().map(|(_, value)| value.count()).sum(),
            _ => 0,
        }
    }

    /// Adds what it refers to, in order, itself included.
    pub fn references(&self, found: &mut Vec<Id>) {
        match self {
            Self::Reference(id) => found.push(*id),
            Self::Array(elements) => elements.iter().for_each(|element| element.references(found)),
            Self::Dictionary(dictionary) => dictionary.iter().for_each(|(_, value)| value.references(found)),
            _ => (),
        }
    }
}

impl Dictionary {
    /// What a key has.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    /// Gives a key its value: where it stands already, or at the end.
    pub fn set(&mut self, key: &str, value: Object) {
        match self.0.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: &str) -> Option<Object> {
        let at = self.0.iter().position(|(name, _)| name == key.as_bytes())?;
        Some(self.0.remove(at).1)
    }

    /// The entries, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }

    /// Whether it has no keys but these.
    #[must_use]
    pub fn has_only(&self, known: &[&str]) -> bool {
        self.iter().all(|(key, _)| known.iter().any(|known| known.as_bytes() == key))
    }

    /// Whether a key has this name as its value.
    #[must_use]
    pub fn is(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Object::as_name) == Some(name.as_bytes())
    }
}

impl<const N: usize> From<[(&str, Object); N]> for Dictionary {
    fn from(entries: [(&str, Object); N]) -> Self {
        Self(entries.into_iter().map(|(key, value)| (key.as_bytes().to_vec(), value)).collect())
    }
}

/// `PDFDocEncoding` (ISO 32000-1, D.2): Latin 1 but for two rows.
fn of_pdf_doc_encoding(byte: u8) -> char {
    const FROM_18: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const FROM_80: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ', 'ﬂ', 'Ł',
        'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{FFFD}', '€',
    ];
    let row = |row: &[char], from: u8| row.get(usize::from(byte.wrapping_sub(from))).copied();
    row(&FROM_18, 0x18).or_else(|| row(&FROM_80, 0x80)).unwrap_or(char::from(byte))
}
