//! What stands beside a piece of a text. All parts of this family read texts in these terms.
//!
//! A place past either end holds nothing, so that a rule may look at `index.wrapping_sub(1)` of the first piece.

use std::ops::Range;

use crate::audit::subject::Text;
use crate::prose::Kind;

impl<'a> Text<'a> {
    /// What kind of piece it is.
    #[inline]
    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// What a piece says.
    #[inline]
    pub(super) fn piece(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.of(self.value))
    }

    /// The word at a place.
    #[inline]
    pub(super) fn word(&self, index: usize) -> Option<&'a str> {
        (self.kind(index)? == Kind::Word).then(|| self.piece(index))
    }

    /// The mark at a place.
    #[inline]
    pub(super) fn mark(&self, index: usize) -> Option<char> {
        let token = self.tokens.get(index).filter(|token| token.kind == Kind::Mark)?;
        match self.value.as_bytes()[token.range().start] {
            byte if byte.is_ascii() => Some(char::from(byte)),
            _ => token.of(self.value).chars().next(),
        }
    }

    /// Whether a blank stands at a place.
    #[inline]
    pub(super) fn is_space(&self, index: usize) -> bool {
        self.kind(index) == Some(Kind::Space)
    }

    /// Whether a line ends at a place, or the text.
    #[inline]
    pub(super) fn is_line_end(&self, index: usize) -> bool {
        matches!(self.kind(index), None | Some(Kind::Newline))
    }

    /// Whether nothing stands at a place that one could read.
    #[inline]
    pub(super) fn is_blank(&self, index: usize) -> bool {
        self.is_space(index) || self.is_line_end(index)
    }

    /// The place after a blank, or this one if there is none.
    pub(super) fn past_space(&self, index: usize) -> usize {
        index.wrapping_add(usize::from(self.is_space(index)))
    }

    /// The place before a blank, or this one if there is none.
    pub(super) fn back_over_space(&self, index: usize) -> usize {
        index.wrapping_sub(usize::from(self.is_space(index)))
    }

    /// The place of the word that only a blank parts from the piece at `index`.
    pub(super) fn word_after(&self, index: usize) -> Option<usize> {
        let next = index + 2;
        (self.is_space(index + 1) && self.word(next).is_some()).then_some(next)
    }

    /// The place of the word before the piece at `index`, with only a blank between them.
    pub(super) fn word_before(&self, index: usize) -> Option<usize> {
        let before = index.wrapping_sub(2);
        (self.is_space(index.wrapping_sub(1)) && self.word(before).is_some()).then_some(before)
    }

    /// The last place of a phrase that begins at `index`, if its words stand there with nothing but blanks between them.
    /// The first may begin with a capital.
    pub(super) fn phrase(&self, index: usize, words: &[&str]) -> Option<usize> {
        let (first, others) = words.split_first()?;
        if !is_word(self.word(index)?, first) {
            return None;
        }
        others.iter().try_fold(index, |at, word| self.word_after(at).filter(|&next| self.piece(next) == *word))
    }

    /// The bytes from one piece to another, both among them.
    pub(super) fn bytes(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(self.value.len(), |token| token.range().start);
        let end = self.tokens.get(to).map_or(self.value.len(), |token| token.range().end);
        start..end
    }
}

/// Whether a word is this one, which is in lower case, but for capitals.
pub(super) fn is_word(word: &str, lower: &str) -> bool {
    if word.is_ascii() {
        return word.eq_ignore_ascii_case(lower);
    }
    word.chars().flat_map(char::to_lowercase).eq(lower.chars())
}

/// Whether a word is one of those that letters are the names of: «la opción a», «el eje y».
pub(super) fn is_named_by_letter(word: &str) -> bool {
    const NAMED: &[&str] = &[
        "anexo",
        "coordenada",
        "eje",
        "ejes",
        "grupo",
        "letra",
        "literal",
        "lote",
        "numeral",
        "opción",
        "ordinal",
        "parte",
        "plan",
        "punto",
        "sección",
        "tipo",
        "tramo",
        "valor",
        "variable",
        "vértice",
        "zona",
    ];
    NAMED.contains(&word)
}

/// Whether it begins with a small letter.
pub(super) fn starts_lower(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
}

/// Whether it ends with a small letter.
pub(super) fn ends_lower(word: &str) -> bool {
    word.ends_with(char::is_lowercase)
}

/// Whether all its letters are small.
pub(super) fn is_lower(word: &str) -> bool {
    !word.contains(char::is_uppercase)
}

/// Whether it has at least so many characters.
pub(super) fn is_long(word: &str, least: usize) -> bool {
    word.len() >= least && (word.len() >= 4 * least || word.chars().nth(least - 1).is_some())
}
