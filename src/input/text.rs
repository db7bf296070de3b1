//! The characters of a text: what is printed must be what was written.
//!
//! A character that prints nothing (a control character, a zero-width mark), that prints otherwise on another computer
//! (private use), or that no font of the report can draw would make the page say something else than the data.
//! It is refused here, with its place, long before the PDF would be.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::diag::{Finding, Span, code};
use crate::input::reader::Written;

/// Longest text of a cell, in characters: some forty pages.
pub const MAX_CHARACTERS: usize = 100_000;

/// How many of the first characters of Unicode are looked up once and for all: those of Latin script, of which nearly all
/// texts are made.
const COMMON: usize = 0x180;

/// The characters that the fonts of the report can draw.
pub struct Alphabet {
    draws: Box<dyn Fn(char) -> bool + Send + Sync>,
    /// Of the first characters of Unicode, those that nothing can be said against.
    sound: [bool; COMMON],
}

impl Alphabet {
    /// The characters for which `draws` is true.
    pub fn new(draws: impl Fn(char) -> bool + Send + Sync + 'static) -> Self {
        let mut sound = [false; COMMON];
        for (sound, c) in sound.iter_mut().zip('\0'..) {
            *sound = c == '\n' || !is_forbidden(c) && !is_combining_mark(c) && draws(c);
        }
        Self { draws: Box::new(draws), sound }
    }

    /// A text of another origin than the data, on one line and with a question mark for each character that cannot be printed.
    #[must_use]
    pub fn printable(&self, text: &str) -> String {
        let printed = |c: char| match c {
            c if c.is_whitespace() => ' ',
            c if is_forbidden(c) || is_combining_mark(c) || !(self.draws)(c) => '?',
            c => c,
        };
        compose(text).chars().map(printed).collect::<String>().trim().to_owned()
    }

    /// Whether a character needs no further look.
    fn is_sound(&self, c: char) -> bool {
        self.sound.get(c as usize).is_some_and(|sound| *sound)
    }
}

/// Every fault of the characters of a text, at most one of each kind.
pub fn check(
    key: &str,
    value: &str,
    written: Written<'_>,
    alphabet: &Alphabet,
    also_forbidden: impl Fn(char) -> bool,
) -> Vec<Finding> {
    if value.trim().is_empty() {
        let finding = Finding::new(&code::TEXT_EMPTY, written.span, format!("«{key}» está vacío")).label("sin texto");
        return vec![finding.help("escriba el texto, o quite la clave si no es obligatoria")];
    }
    // What has no more bytes has no more characters.
    let length = if value.len() > MAX_CHARACTERS { value.chars().count() } else { 0 };
    if length > MAX_CHARACTERS {
        let message = format!("«{key}» tiene {length} caracteres, y el máximo es {MAX_CHARACTERS}");
        let finding = Finding::new(&code::TEXT_TOO_LONG, written.span, message).label("demasiado largo");
        return vec![finding.help("resuma el texto y deje el detalle en un anexo")];
    }
    let mut findings = Vec::new();
    if value.chars().all(|c| alphabet.is_sound(c) && !also_forbidden(c)) {
        return findings;
    }
    let composed = compose(value);
    if let Some(c) = composed.chars().find(|&c| is_forbidden(c) || is_combining_mark(c) || also_forbidden(c)) {
        let message = format!("«{key}» tiene un carácter que no se puede imprimir tal cual: {}", name(c));
        findings
            .push(Finding::new(&code::CHARACTER_FORBIDDEN, place(c, written), message).label("aquí").help(remedy(c)));
    }
    let is_missing = |c: &char| *c != '\n' && !is_forbidden(*c) && !is_combining_mark(*c) && !(alphabet.draws)(*c);
    let mut missing: Vec<char> = composed.chars().filter(is_missing).collect();
    if let Some(&first) = missing.first() {
        missing.sort_unstable();
        missing.dedup();
        let list: Vec<String> = missing.iter().take(8).map(|&c| name(c)).collect();
        let more = if missing.len() > list.len() { " y otros" } else { "" };
        let message = format!("ninguna fuente del informe puede dibujar {}{more}", list.join(", "));
        findings.push(
            Finding::new(&code::CHARACTER_WITHOUT_GLYPH, place(first, written), message)
                .label("sin dibujo en las fuentes")
                .help("reemplácelo por palabras o por un signo corriente"),
        );
    }
    findings
}

/// The text as a font sees it: a letter and its accent are one letter, where Unicode has one for them (NFC, UAX #15).
/// A mark that is left over would have to be put on its letter by the font, and could not be read back from the page.
fn compose(value: &str) -> Cow<'_, str> {
    if value.chars().any(is_combining_mark) { Cow::Owned(value.nfc().collect()) } else { Cow::Borrowed(value) }
}

/// Whether a character is printed as nothing, or not everywhere alike.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F // soft hyphen and other invisible marks
            | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0 // zero width, direction
            | 0xFE00..=0xFE0F | 0xE_0000..=0xE_0FFF // variation selectors, tags
            | 0xFFF0..=0xFFFD // specials, among them the mark of a lost character
            | 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF // private use
            | 0xFDD0..=0xFDEF)
        || u32::from(c) & 0xFFFE == 0xFFFE
        || is_right_to_left(c)
}

/// Whether a character belongs to a script that runs from right to left: among Spanish words its letters change places on
/// the page, and a PDF keeps them in the order of the page, so that whoever copies the text gets it backwards.
fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8FF | 0xFB1D..=0xFDCF | 0xFDF0..=0xFDFF | 0xFE70..=0xFEFE | 0x1_0800..=0x1_0FFF | 0x1_E800..=0x1_EFFF)
}

/// The place of the first `c` in a value: the character itself where it is written as such, the whole value where it is
/// written as an escape.
fn place(c: char, written: Written<'_>) -> Span {
    let Written { span, text } = written;
    match text[span.range()].find(c) {
        Some(at) => Span { start: span.start + at, end: span.start + at + c.len_utf8(), ..span },
        None => span,
    }
}

/// A character by its looks, where it has any, and its number.
fn name(c: char) -> String {
    match u32::from(c) {
        0x09 => "una tabulación (U+0009)".into(),
        0x0A => "un salto de línea (U+000A)".into(),
        0x00 => "el carácter nulo (U+0000)".into(),
        0xAD => "un guion opcional invisible (U+00AD)".into(),
        0xFFFD => "la marca de un carácter perdido (U+FFFD)".into(),
        number if is_right_to_left(c) && c != '\u{61C}' => {
            format!("la letra «{c}» (U+{number:04X}), que se escribe de derecha a izquierda")
        }
        number if is_combining_mark(c) => {
            format!("la marca «\u{25CC}{c}» (U+{number:04X}), que no forma una letra con la anterior")
        }
        number if is_forbidden(c) => format!("el carácter invisible o privado U+{number:04X}"),
        number => format!("«{c}» (U+{number:04X})"),
    }
}

fn remedy(c: char) -> &'static str {
    match u32::from(c) {
        0x09 => "reemplácela por un espacio",
        0x0A => "escríbalo en una sola línea",
        0xFFFD => "el texto se dañó al copiarlo; vuelva a escribir esa letra",
        0xE000..=0xF8FF => {
            "es una viñeta o un símbolo que solo existe en una fuente de Word; reemplácelo por «•» o «-»"
        }
        _ if is_combining_mark(c) => "escriba la letra sin esa marca",
        _ if is_right_to_left(c) => "transcríbala con letras latinas",
        _ => "bórrelo: suele venir de una copia desde Word o desde una página web",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{FileId, SourceFile, Sources};

    fn file() -> FileId {
        Sources::default().add(SourceFile::new(String::new(), vec![], String::new()))
    }

    fn codes(value: &str) -> Vec<&'static str> {
        codes_of(value, &Alphabet::new(|c| u32::from(c) < 0x250))
    }

    fn codes_of(value: &str, alphabet: &Alphabet) -> Vec<&'static str> {
        let quoted = format!("{value:?}");
        let written = Written { span: Span::new(file(), 0..quoted.len()), text: &quoted };
        check("nombre", value, written, alphabet, |_| false).iter().map(|f| f.code.id).collect()
    }

    #[test]
    fn text_of_the_office_passes() {
        for text in ["Ñandú", "#panic() $x$ *a* _b_ @ref \\ <label> // /* \" '", "e\u{301}n\u{303}", "a\nb", "\u{A0}x"]
        {
            assert!(codes(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_prints_as_nothing_is_refused() {
        for c in [
            '\0', '\t', '\u{7}', '\u{AD}', '\u{200B}', '\u{200F}', '\u{2028}', '\u{FEFF}', '\u{F0B7}', '\u{FFFD}',
            '\u{FFFF}', 'א', 'م', '\u{339}', '\u{20D0}',
        ] {
            assert_eq!(codes(&format!("a{c}b")), ["caracter-no-permitido"], "{c:?}");
        }
    }

    #[test]
    fn what_no_font_draws_is_refused() {
        assert_eq!(codes_of("año", &Alphabet::new(|c| c != 'ñ')), ["caracter-sin-glifo"]);
        assert_eq!(codes("hola 😀"), ["caracter-sin-glifo"]);
        assert_eq!(codes("hola \u{24F}"), [""; 0]);
        assert_eq!(codes("hola \u{250}"), ["caracter-sin-glifo"]);
        assert_eq!(codes(" \n "), ["texto-vacio"]);
        assert_eq!(codes(&"x".repeat(MAX_CHARACTERS + 1)), ["texto-demasiado-largo"]);
    }
}
