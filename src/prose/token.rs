//! A text cut into words, numbers, marks and blanks.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

/// A piece of a text. The pieces of a text, in order, are the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    start: u32,
    /// In bytes, the lowest first. A plan has millions of pieces.
    length: [u8; 3],
    /// What it is.
    pub kind: Kind,
}

/// What a piece of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Letters only, with their accents.
    Word,
    /// Digits, with the points and commas between them: `1.846`, `37,5`, `2024`.
    Number,
    /// Letters and digits together: `B2`, `2t`.
    Code,
    /// An e-mail address or a web address.
    Address,
    /// One character that is none of the others.
    Mark,
    /// Blanks within a line.
    Space,
    /// The end of a line.
    Newline,
}

impl Token {
    /// Its bytes in the text.
    #[must_use]
    #[inline]
    pub fn range(self) -> Range<usize> {
        let [low, middle, high] = self.length;
        let start = self.start as usize;
        start..start + u32::from_le_bytes([low, middle, high, 0]) as usize
    }

    /// What it says.
    #[must_use]
    #[inline]
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Whether it is this one character.
    #[must_use]
    pub fn is(self, text: &str, mark: char) -> bool {
        self.kind == Kind::Mark && text[self.range()].starts_with(mark)
    }
}

/// Whether a word begins with a capital.
#[inline]
#[must_use]
pub fn starts_upper(word: &str) -> bool {
    match word.as_bytes().first() {
        Some(byte) if byte.is_ascii() => byte.is_ascii_uppercase(),
        _ => word.starts_with(char::is_uppercase),
    }
}

/// Cuts a text of less than 16 MiB into its pieces.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut at = 0;
    while let Some((kind, length)) = next(&text[at..]) {
        let (Ok(start), Ok(width)) = (u32::try_from(at), u32::try_from(length)) else { break };
        let [low, middle, high, 0] = width.to_le_bytes() else { break };
        tokens.push(Token { start, length: [low, middle, high], kind });
        at += length;
    }
    tokens
}

/// The kind and length of the piece that a text begins with.
fn next(text: &str) -> Option<(Kind, usize)> {
    // Most characters are of ASCII, and what they are is told by their byte.
    let (first, width) = match text.as_bytes().first()? {
        byte if byte.is_ascii() => (char::from(*byte), 1),
        _ => text.chars().next().map(|first| (first, first.len_utf8()))?,
    };
    Some(if first == '\n' {
        (Kind::Newline, 1)
    } else if first.is_alphanumeric() {
        readable(text)
    } else if first.is_whitespace() {
        (Kind::Space, blank(text))
    } else {
        (Kind::Mark, width)
    })
}

/// The length of the blank that a text begins with.
fn blank(text: &str) -> usize {
    match text.as_bytes() {
        [b' ', next, ..] if next.is_ascii_graphic() => 1,
        _ => text.find(|c: char| !c.is_whitespace() || c == '\n').unwrap_or(text.len()),
    }
}

/// The word, number, code or address that a text begins with.
fn readable(text: &str) -> (Kind, usize) {
    let run = run(text);
    if may_go_on(&text.as_bytes()[run.length..])
        && let Some(length) = address(text)
    {
        (Kind::Address, length)
    } else if !run.has_figures {
        (Kind::Word, run.length)
    } else if run.has_others {
        (Kind::Code, run.length)
    } else {
        (Kind::Number, run.length + more_digits(&text[run.length..]))
    }
}

/// Letters and figures in a row.
struct Run {
    length: usize,
    has_figures: bool,
    /// Whether there is anything but figures of ASCII.
    has_others: bool,
}

/// The letters and figures that a text begins with.
fn run(text: &str) -> Run {
    let mut run = Run { length: 0, has_figures: false, has_others: false };
    while let Some(&byte) = text.as_bytes().get(run.length) {
        if byte.is_ascii_alphabetic() {
            run.has_others = true;
            run.length += 1;
        } else if byte.is_ascii_digit() {
            run.has_figures = true;
            run.length += 1;
        } else {
            let Some(c) = text[run.length..].chars().next().filter(|&c| !c.is_ascii() && belongs(c)) else { break };
            run.has_others = true;
            run.has_figures |= c.is_numeric();
            run.length += c.len_utf8();
        }
    }
    run
}

/// Whether a character beyond ASCII goes on a word.
fn belongs(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Whether letters and figures before these bytes may be the beginning of an address.
fn may_go_on(rest: &[u8]) -> bool {
    matches!(rest, [b'.' | b'_' | b'%' | b'+' | b'-' | b'@' | b':', next, ..] if !next.is_ascii_whitespace())
}

/// How far a number goes on: points and commas belong to it if a digit follows.
fn more_digits(mut rest: &str) -> usize {
    let whole = rest.len();
    while let Some(tail) = rest.strip_prefix(['.', ',']) {
        let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
        let odd = tail[digits..].starts_with(|c: char| c.is_alphabetic());
        if digits == 0 || odd {
            break;
        }
        rest = &tail[digits..];
    }
    whole - rest.len()
}

/// The length of the e-mail or web address that a text begins with.
fn address(text: &str) -> Option<usize> {
    /// Longest address that is looked for, in bytes (RFC 5321, 4.5.3.1).
    const LONGEST: usize = 254;
    let start = &text[..text.floor_char_boundary(LONGEST)];
    let end = start.find(|c: char| c.is_whitespace() || "<>\"«»“”()[]{}|;,".contains(c)).unwrap_or(start.len());
    let word = start[..end].trim_end_matches(['.', ':', '!', '?', '\'', '/']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let mail = word.split_once('@').is_some_and(|(name, host)| {
        name.chars().all(is_name)
            && host.contains('.')
            && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
    });
    let web = word.starts_with("www.") || word.split_once("://").is_some_and(|(scheme, _)| scheme.chars().all(is_name));
    // A host without anything before it: an ending that no sentence has.
    let host = || {
        let host = word.split('/').next().unwrap_or_default();
        let endings = [".gov.co", ".com.co", ".edu.co", ".org.co", ".mil.co", ".com", ".org", ".net", ".co"];
        endings.iter().any(|ending| host.len() > ending.len() && host.ends_with(ending)) && host.chars().all(is_name)
    };
    (mail || web || (word.contains('.') && host())).then_some(word.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        tokens(text).into_iter().filter(|t| t.kind != Kind::Space).map(|t| (t.kind, t.of(text))).collect()
    }

    #[test]
    fn words_numbers_and_marks_are_told_apart() {
        use Kind::{Address, Code, Mark, Number, Word};
        assert_eq!(kinds("Año 2024, sí."), [(Word, "Año"), (Number, "2024"), (Mark, ","), (Word, "sí"), (Mark, ".")]);
        assert_eq!(
            kinds("1.846 y 37,5 %. 3."),
            [(Number, "1.846"), (Word, "y"), (Number, "37,5"), (Mark, "%"), (Mark, "."), (Number, "3"), (Mark, ".")]
        );
        assert_eq!(kinds("B2 m²"), [(Code, "B2"), (Code, "m²")]);
        assert_eq!(kinds("ana@x.gov.co."), [(Address, "ana@x.gov.co"), (Mark, ".")]);
        assert_eq!(kinds("(https://x.co/a?b=1)"), [(Mark, "("), (Address, "https://x.co/a?b=1"), (Mark, ")")]);
        assert_eq!(
            kinds("www.gov.co, sigep.gov.co"),
            [(Address, "www.gov.co"), (Mark, ","), (Address, "sigep.gov.co")]
        );
        assert_eq!(kinds("fin.La co"), [(Word, "fin"), (Mark, "."), (Word, "La"), (Word, "co")]);
        assert_eq!(kinds("e\u{301}l"), [(Word, "e\u{301}l")]);
    }

    proptest! {
        #[test]
        fn the_pieces_of_a_text_are_the_text(text in "\\PC*") {
            let tokens = tokens(&text);
            prop_assert_eq!(tokens.iter().map(|token| token.of(&text)).collect::<String>(), text);
        }
    }
}
