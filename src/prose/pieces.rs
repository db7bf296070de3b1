//! A text as its words, numbers and marks in order, the blanks left out: what a rule about phrases walks along.
//!
//! Words are compared whatever their case; accents count, since «realizará» is a promise and «realizara» is none.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::prose::{Beginnings, Kind, Token};

/// The pieces of a text that are no blanks. Whatever stands beyond the end is an empty word.
pub struct Pieces<'t> {
    text: &'t str,
    tokens: Vec<Token>,
}

impl<'t> Pieces<'t> {
    /// The pieces of a text that was cut into `tokens`.
    #[must_use]
    pub fn new(text: &'t str, tokens: &[Token]) -> Self {
        let is_blank = |token: &&Token| matches!(token.kind, Kind::Space | Kind::Newline);
        Self { text, tokens: tokens.iter().filter(|token| !is_blank(token)).copied().collect() }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the text holds nothing but blanks.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// What a piece is.
    #[must_use]
    #[inline]
    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// What a piece says.
    #[must_use]
    #[inline]
    pub fn word(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.of(self.text))
    }

    /// What a piece says, if it is a number.
    #[must_use]
    pub fn number(&self, at: usize) -> Option<&'t str> {
        (self.kind(at) == Some(Kind::Number)).then(|| self.word(at))
    }

    /// Whether a piece is this word, given in lower case.
    #[must_use]
    pub fn is(&self, at: usize, word: &str) -> bool {
        same(self.word(at), word)
    }

    /// Whether a piece is one of these words, given in lower case.
    #[must_use]
    pub fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        let written = self.word(at);
        words.iter().any(|word| may_begin(written, word) && same(written, word))
    }

    /// The places of the pieces of some kinds.
    pub fn of_kinds<'p>(&'p self, kinds: &'p [Kind]) -> impl Iterator<Item = usize> + 'p {
        self.tokens.iter().enumerate().filter(|(_, token)| kinds.contains(&token.kind)).map(|(at, _)| at)
    }

    /// The places where one of some words or phrases may begin.
    pub fn beginnings<'p>(&'p self, of: &'p Beginnings) -> impl Iterator<Item = usize> + 'p {
        self.tokens.iter().enumerate().filter(|(_, token)| of.fit(token.of(self.text))).map(|(at, _)| at)
    }

    /// Where a phrase ends that begins at a piece: words in lower case with a blank between.
    #[must_use]
    pub fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let (mut rest, mut at) = (phrase, at);
        while !rest.is_empty() {
            rest = past_word(self.word(at), rest)?;
            at += 1;
        }
        Some(at)
    }

    /// Where the first of these phrases ends that begins at a piece.
    #[must_use]
    pub fn phrases(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        let written = self.word(at);
        phrases.iter().filter(|phrase| may_begin(written, phrase)).find_map(|phrase| self.phrase(at, phrase))
    }

    /// Whether a piece follows the one before it without a blank.
    #[must_use]
    pub fn touches(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before.zip(self.tokens.get(at)).is_some_and(|(before, token)| before.range().end == token.range().start)
    }

    /// The bytes of some pieces, of which there is at least one.
    #[must_use]
    pub fn range(&self, pieces: Range<usize>) -> Range<usize> {
        let start = self.tokens.get(pieces.start).map_or(self.text.len(), |token| token.range().start);
        let last = pieces.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        start..last.map_or(self.text.len(), |token| token.range().end).max(start)
    }

    /// The pieces before one in its sentence, the nearest first, at most so many.
    pub fn before(&self, at: usize, most: usize) -> impl Iterator<Item = usize> + '_ {
        let start = at.saturating_sub(most);
        (start..at).rev().take_while(|&before| !self.ends_sentence(before))
    }

    /// The pieces after one in its sentence, at most so many.
    pub fn after(&self, at: usize, most: usize) -> impl Iterator<Item = usize> + '_ {
        let last = self.len().saturating_sub(1).min(at.saturating_add(most));
        (at..last).take_while(|&after| !self.ends_sentence(after)).map(|after| after + 1)
    }

    /// Whether a sentence ends with a piece: a stop that belongs to no abbreviation, or the end of a line.
    fn ends_sentence(&self, at: usize) -> bool {
        const ABBREVIATED: &[&str] =
            &["no", "nro", "núm", "num", "n", "art", "res", "dec", "tel", "cel", "sr", "sra", "dr", "dra"];
        let next = self.tokens.get(at + 1).map_or(self.text.len(), |token| token.range().start);
        let Some(end) = self.tokens.get(at).map(|token| token.range().end) else { return true };
        match self.word(at) {
            "!" | "?" | ";" => true,
            "." if next > end => !(at > 0 && self.touches(at) && self.is_one_of(at - 1, ABBREVIATED)),
            _ => self.text[end..next].contains('\n'),
        }
    }
}

/// Whether a phrase may begin with what is written, as far as its letters of ASCII tell: most words are told apart by the
/// first ones. From an accent on anything may be.
fn may_begin(written: &str, phrase: &str) -> bool {
    let mut pairs = written.bytes().zip(phrase.bytes());
    let told = pairs.find(|(one, other)| !one.is_ascii() || !other.is_ascii() || !one.eq_ignore_ascii_case(other));
    !written.is_empty() && told.is_none_or(|(one, other)| !one.is_ascii() || !other.is_ascii())
}

/// The rest of a phrase that begins with what is written.
fn past_word<'p>(written: &str, phrase: &'p str) -> Option<&'p str> {
    if !may_begin(written, phrase) {
        return None;
    }
    let end = if written.is_ascii() { written.len() } else { phrase.find(' ').unwrap_or(phrase.len()) };
    let (word, rest) = phrase.split_at_checked(end)?;
    let rest = if rest.is_empty() { rest } else { rest.strip_prefix(' ')? };
    same(written, word).then_some(rest)
}

/// Whether what is written is a word that is given in lower case.
fn same(written: &str, word: &str) -> bool {
    if written == word || written.is_ascii() {
        return written.eq_ignore_ascii_case(word);
    }
    may_begin(written, word) && written.chars().nfc().flat_map(char::to_lowercase).eq(word.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn pieces(text: &str) -> Pieces<'_> {
        Pieces::new(text, &tokens(text))
    }

    #[test]
    fn a_phrase_is_found_whatever_its_case_and_its_blanks() {
        let text = "La META  está\npendiente, no ESTÁ lista";
        let pieces = pieces(text);
        assert_eq!(pieces.phrase(2, "está pendiente"), Some(4));
        assert_eq!(pieces.phrase(2, "está lista"), None);
        assert_eq!(pieces.phrases(6, &["está pendiente", "está lista"]), Some(8));
        assert_eq!(&text[pieces.range(1..4)], "META  está\npendiente");
        assert_eq!(pieces.phrase(40, "está"), None);
    }

    #[test]
    fn an_accent_counts_however_it_is_encoded() {
        assert!(pieces("ESTA\u{301}").is(0, "está") && pieces("A\u{301}rea").is(0, "área"));
        assert!(!pieces("esta").is(0, "está") && !pieces("está").is(0, "esta"));
    }

    #[test]
    fn a_sentence_goes_from_stop_to_stop() {
        let text = "Una. Dos según el Decreto No. 5 de 2.000 cajas; tres\ncuatro cinco";
        let pieces = pieces(text);
        let words = |places: Vec<usize>| places.into_iter().map(|at| pieces.word(at)).collect::<Vec<_>>().join(" ");
        let at = |word: &str| (0..pieces.len()).find(|&at| pieces.word(at) == word).unwrap();
        assert_eq!(words(pieces.before(at("de"), 40).collect()), "5 . No Decreto el según Dos");
        assert_eq!(words(pieces.after(at("5"), 40).collect()), "de 2.000 cajas ;");
        assert_eq!(words(pieces.after(at("tres"), 40).collect()), "");
        assert_eq!(words(pieces.after(at("cuatro"), 40).collect()), "cinco");
        assert_eq!(words(pieces.after(at("según"), 2).collect()), "el Decreto");
        assert_eq!(words(pieces.before(at("cinco"), 1).collect()), "cuatro");
    }

    proptest! {
        #[test]
        fn what_is_seen_at_a_look_is_what_is_so(written in "[aáAuÚn\u{301}\u{303}K\u{212A}]{1,4}", word in "[aáuúnñk]{1,4}") {
            let is_so = written.chars().nfc().flat_map(char::to_lowercase).eq(word.chars());
            prop_assert_eq!(same(&written, &word), is_so);
            prop_assert!(!is_so || (may_begin(&written, &word) && Beginnings::of(&[&[&word]]).fit(&written)));
        }

        #[test]
        fn no_text_and_no_place_is_too_odd(text in "\\PC{0,20}", from in 0..30usize, to in 0..30usize) {
            let pieces = pieces(&text);
            prop_assert!(text.get(pieces.range(from..to)).is_some());
            prop_assert!(pieces.before(from, to).count() <= to && pieces.after(from, to).count() <= to);
            let _ = (pieces.touches(from), pieces.phrase(from, "a b"));
        }
    }
}
