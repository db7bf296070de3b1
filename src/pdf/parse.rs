//! Bytes to objects (ISO 32000-1, 7.2 and 7.3), and nothing that could be read in two ways.

use std::fmt;
use std::ops::Range;

use super::object::{Dictionary, Id, Indirect, Object};

/// How deep arrays and dictionaries may stand in each other. Typst's go some ten deep; there are viewers that take what stands some sixty
/// deep for something else.
const MAX_DEPTH: usize = 24;
/// Most digits of a number, with its sign and point: some programs cut longer ones.
const MAX_DIGITS: usize = 40;
/// Most digits of a number that counts or names something.
const MAX_NATURAL: usize = 18;
/// Most bytes of a name (ISO 32000-1, annex C).
const MAX_NAME: usize = 127;
/// The highest number of an object. ISO 32000-1 (annex C) has 8,388,607; programs give up at other numbers, some at a half of that, and
/// then look for objects wherever they like. A report has some thousands.
pub const MAX_NUMBER: usize = 1_000_000;

/// Most objects in objects that one reader reads: in memory each takes some twenty times the two bytes that it may have in the file. A
/// report of 10,000 actions has some 3.5 million.
const MAX_OBJECTS: usize = 30_000_000;

/// Why a file cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The byte, from 0.
    pub at: usize,
    /// What is wrong there, in Spanish.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (byte {})", self.what, self.at)
    }
}

impl std::error::Error for Fault {}

/// Reads from a place in a file onwards.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    /// Where the next byte is.
    pub at: usize,
    /// How many objects it has read.
    objects: usize,
}

impl<'a> Reader<'a> {
    /// A reader that begins at a byte.
    pub fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at: at.min(bytes.len()), objects: 0 }
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// A fault at this place.
    pub fn fault<T>(&self, what: impl Into<String>) -> Result<T, Fault> {
        Err(Fault { at: self.at, what: what.into() })
    }

    /// Passes white space: spaces, tabs, ends of lines. Zeros and form feeds separate too (7.2.2), but nobody writes them, and not all
    /// programs pass them. Comments are none: nothing that this program or a signer writes has any between objects.
    pub fn skip_blanks(&mut self) {
        let blanks = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
        self.at += blanks;
    }

    /// Passes white space, of which there must be some.
    fn blanks(&mut self) -> bool {
        let before = self.at;
        self.skip_blanks();
        self.at > before
    }

    /// Passes these very bytes, if they are next.
    pub fn take(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected.as_bytes());
        if found {
            self.at += expected.len();
        }
        found
    }

    /// Passes a keyword, which ends where it ends.
    pub fn keyword(&mut self, keyword: &str) -> Result<(), Fault> {
        if self.take_keyword(keyword) { Ok(()) } else { self.fault(format!("se esperaba «{keyword}»")) }
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let next = self.rest().strip_prefix(keyword.as_bytes()).map(<[u8]>::first);
        let found = next.is_some_and(|next| next.is_none_or(|next| is_blank(*next) || is_delimiter(*next)));
        if found {
            self.at += keyword.len();
        }
        found
    }

    /// Passes an end of line: CR, LF or both.
    pub fn line_end(&mut self) -> bool {
        self.take("\r\n") || self.take("\n") || self.take("\r")
    }

    /// A number without a sign.
    pub fn natural(&mut self) -> Result<usize, Fault> {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&self.rest()[..digits]).ok().filter(|digits| is_plain_natural(digits));
        match number.and_then(|digits| digits.parse().ok()) {
            Some(number) => {
                self.at += digits;
                Ok(number)
            }
            None => self.fault("se esperaba un número"),
        }
    }

    /// An indirect object, from its number to `endobj`; `length` finds the length of a stream that stands elsewhere.
    pub fn indirect(&mut self, length: &dyn Fn(Id) -> Option<usize>) -> Result<Indirect, Fault> {
        let start = self.at;
        let number = self.natural()?;
        // In exactly this form: programs that look for objects by themselves do not agree on others. The generation is one that only
        // numbers have that were used twice.
        if !self.take(" 0 ") {
            return self.fault("se esperaba «0 obj» después del número de un objeto");
        }
        self.keyword("obj")?;
        let Some(id) = id(number) else {
            self.at = start;
            return self.fault("ese número de objeto no es posible");
        };
        self.skip_blanks();
        let value = self.object()?;
        self.skip_blanks();
        let stream = match &value {
            Object::Dictionary(dictionary) if self.rest().starts_with(b"stream") => {
                Some(self.stream(dictionary, length)?)
            }
            _ => None,
        };
        self.skip_blanks();
        self.keyword("endobj")?;
        Ok(Indirect { id, value, stream, range: start..self.at })
    }

    /// The bytes of a stream (ISO 32000-1, 7.3.8), whose dictionary has just been read.
    fn stream(&mut self, dictionary: &Dictionary, length: &dyn Fn(Id) -> Option<usize>) -> Result<Range<usize>, Fault> {
        let length = match dictionary.get("Length") {
            Some(Object::Integer(length)) => usize::try_from(*length).ok(),
            Some(Object::Reference(id)) => length(*id),
            _ => None,
        };
        let Some(length) = length else { return self.fault("el flujo no dice cuánto mide") };
        self.keyword("stream")?;
        if !(self.take("\r\n") || self.take("\n")) {
            return self.fault("después de «stream» falta el fin de línea");
        }
        let start = self.at;
        if length > self.rest().len() {
            return self.fault("el flujo es más corto de lo que dice");
        }
        self.at += length;
        self.line_end();
        self.keyword("endstream")?;
        Ok(start..start + length)
    }

    /// An object that is not indirect itself.
    pub fn object(&mut self) -> Result<Object, Fault> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Object, Fault> {
        if depth > MAX_DEPTH {
            return self.fault("hay demasiados niveles, uno dentro de otro");
        }
        self.objects += 1;
        if self.objects > MAX_OBJECTS {
            return self.fault("hay demasiados objetos, uno dentro de otro");
        }
        match self.peek() {
            Some(b'/') => Ok(Object::Name(self.name()?)),
            Some(b'(') => Ok(Object::Text(self.literal()?)),
            Some(b'[') => self.array(depth),
            Some(b'<') if self.take("<<") => self.dictionary(depth),
            Some(b'<') => Ok(Object::Text(self.hexadecimal()?)),
            Some(b'+' | b'-' | b'.' | b'0'..=b'9') => self.number_or_reference(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Object, Fault> {
        for (word, object) in
            [("true", Object::Boolean(true)), ("false", Object::Boolean(false)), ("null", Object::Null)]
        {
            if self.rest().starts_with(word.as_bytes()) {
                self.keyword(word)?;
                return Ok(object);
            }
        }
        self.fault("esto no es ningún objeto de un PDF")
    }

    fn name(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !is_blank(*byte) && !is_delimiter(*byte)) {
            self.at += 1;
            // There are viewers that take some of the others for white space (7.3.5 wants them escaped).
            if !byte.is_ascii_graphic() {
                return self.fault("un nombre tiene signos que deben ir detrás de «#»");
            }
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let pair = self.rest().get(..2).and_then(|pair| Some(hex(pair[0])? << 4 | hex(pair[1])?));
            match pair {
                // What needs no escape and has one is there to be overlooked.
                Some(byte) if byte.is_ascii_alphanumeric() => {
                    return self.fault("un nombre esconde letras detrás de «#»");
                }
                Some(0) | None => return self.fault("un nombre tiene un «#» sin sentido"),
                Some(byte) => name.push(byte),
            }
            self.at += 2;
        }
        if name.len() > MAX_NAME {
            return self.fault("un nombre es demasiado largo");
        }
        Ok(name)
    }

    fn literal(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            let Some(byte) = self.peek() else { return self.fault("falta el paréntesis que cierra un texto") };
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                // An end of line inside a string stands for a line feed (7.3.4.2).
                b'\r' => {
                    self.take("\n");
                    text.push(b'\n');
                    continue;
                }
                _ => (),
            }
            if open == 0 {
                return Ok(text);
            }
            text.push(byte);
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        if self.line_end() {
            return;
        }
        let digits = self.rest().iter().take(3).take_while(|byte| (b'0'..=b'7').contains(*byte)).count();
        if digits > 0 {
            let code = self.rest()[..digits].iter().fold(0_u32, |code, digit| code * 8 + u32::from(digit - b'0'));
            // Overflow beyond a byte is ignored (7.3.4.2).
            text.push(code.to_le_bytes()[0]);
            self.at += digits;
            return;
        }
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        text.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            other => other,
        });
    }

    fn hexadecimal(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let Some(length) = memchr::memchr(b'>', self.rest()) else {
            return self.fault("falta el «>» que cierra un texto");
        };
        let digits = &self.rest()[..length];
        let mut bytes = Vec::with_capacity(length.div_ceil(2));
        let mut half = None;
        for digit in digits.iter().filter(|byte| !is_blank(**byte)) {
            let Some(digit) = hex(*digit) else { return self.fault("un texto hexadecimal tiene otros signos") };
            half = match half {
                None => Some(digit << 4),
                Some(high) => {
                    bytes.push(high | digit);
                    None
                }
            };
        }
        bytes.extend(half);
        self.at += length + 1;
        Ok(bytes)
    }

    fn array(&mut self, depth: usize) -> Result<Object, Fault> {
        self.at += 1;
        let mut elements = Vec::new();
        loop {
            self.skip_blanks();
            if self.take("]") {
                elements.shrink_to_fit();
                return Ok(Object::Array(elements));
            }
            elements.push(self.nested(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Result<Object, Fault> {
        let mut entries: Vec<(Vec<u8>, Object)> = Vec::new();
        loop {
            self.skip_blanks();
            if self.take(">>") {
                break;
            }
            if self.peek() != Some(b'/') {
                return self.fault("se esperaba una clave del diccionario");
            }
            let key = self.name()?;
            self.skip_blanks();
            let value = self.nested(depth + 1)?;
            entries.push((key, value));
        }
        let mut keys: Vec<&[u8]> = entries.iter().map(|(key, _)| key.as_slice()).collect();
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return self.fault("un diccionario tiene dos veces la misma clave");
        }
        entries.shrink_to_fit();
        Ok(Object::Dictionary(Dictionary(entries)))
    }

    fn number_or_reference(&mut self) -> Result<Object, Fault> {
        let digits = self.rest().iter().take_while(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9')).count();
        let text = std::str::from_utf8(&self.rest()[..digits]).unwrap_or_default();
        if text.len() > MAX_DIGITS {
            return self.fault("un número es demasiado largo");
        }
        let number = if let Ok(whole) = text.parse::<i64>() {
            Object::Integer(whole)
        } else if text.contains('.') && text.parse::<f64>().is_ok_and(f64::is_finite) {
            Object::Real(text.to_owned())
        } else {
            return self.fault("esto no es ningún número");
        };
        self.at += digits;
        if self.peek().is_some_and(|next| !is_blank(next) && !is_delimiter(next)) {
            return self.fault("un número sigue con otros signos");
        }
        let Object::Integer(number) = number else { return Ok(number) };
        if !is_plain_natural(text) {
            return Ok(Object::Integer(number));
        }
        Ok(self.reference(number).unwrap_or(Object::Integer(number)))
    }

    /// The rest of `12 0 R`, if this number begins one.
    fn reference(&mut self, number: i64) -> Option<Object> {
        let mut ahead = self.clone();
        if !(ahead.blanks() && ahead.take("0") && ahead.blanks() && ahead.take_keyword("R")) {
            return None;
        }
        let id = id(usize::try_from(number).ok()?)?;
        self.at = ahead.at;
        Some(Object::Reference(id))
    }
}

/// Whether a number without a sign is written as everybody writes it: programs differ on those with zeros before them.
fn is_plain_natural(digits: &str) -> bool {
    digits.len() <= MAX_NATURAL
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

/// The bytes that separate (ISO 32000-1, table 1).
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// The bytes that begin or end something (ISO 32000-1, table 2).
pub fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn id(number: usize) -> Option<Id> {
    (1..=MAX_NUMBER).contains(&number).then_some(number).and_then(|number| u32::try_from(number).ok()).map(Id::new)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
