//! Whether a word is Spanish as Colombia writes it: the Hunspell dictionary of RLA-ES for Colombia, and a list of our own
//! with the words of the administration that it lacks. Both are embedded: see `dictionary/`.

use std::collections::HashSet;
use std::sync::LazyLock;

use spellbook::Dictionary;
use unicode_normalization::UnicodeNormalization;

/// What is known of words.
pub struct Spelling {
    /// `None` only if the embedded dictionary could not be read, which a test excludes.
    dictionary: Option<Dictionary>,
    /// In lower case.
    administration: HashSet<&'static str>,
}

/// The one that all texts share.
pub static SPELLING: LazyLock<Spelling> = LazyLock::new(Spelling::new);

impl Spelling {
    fn new() -> Self {
        let (aff, dic) = (include_str!("dictionary/es_CO.aff"), include_str!("dictionary/es_CO.dic"));
        let list = include_str!("dictionary/administracion.txt");
        Self {
            dictionary: Dictionary::new(aff, dic).ok(),
            administration: list.lines().filter(|line| !line.starts_with('#')).collect(),
        }
    }

    /// Whether a word is spelled right. A word in capitals may be any that is right in small letters.
    #[must_use]
    pub fn knows(&self, word: &str) -> bool {
        if word.is_ascii() { self.knows_composed(word) } else { self.knows_composed(&word.nfc().collect::<String>()) }
    }

    fn knows_composed(&self, word: &str) -> bool {
        self.dictionary.as_ref().is_none_or(|dictionary| dictionary.check(word))
            || self.administration.contains(word.to_lowercase().as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_that_of_colombia() {
        assert!(SPELLING.dictionary.is_some());
        for word in ["gestión", "Gestión", "GESTIÓN", "vocería", "realizándose", "clúster", "g\u{65}stio\u{301}n"]
        {
            assert!(SPELLING.knows(word), "{word}");
        }
        for word in ["gestion", "capacitataron", "Massachussets"] {
            assert!(!SPELLING.knows(word), "{word}");
        }
    }
}
