//! Whether a word is Spanish as Colombia writes it: the Hunspell dictionary of RLA-ES for Colombia, and lists of our own
//! with what it lacks: words of the administration and well-known names. All are embedded: see `dictionary/`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use spellbook::Dictionary;
use unicode_normalization::UnicodeNormalization;

use crate::prose::names::NAMES;
use crate::prose::{PLACES, derivation, slips};

/// What is known of words.
pub struct Spelling {
    /// `None` only if the embedded dictionary could not be read, which a test excludes.
    dictionary: Option<Dictionary>,
    /// In lower case; abbreviations with their point.
    administration: HashSet<&'static str>,
}

/// The one that all texts share.
pub static SPELLING: LazyLock<Spelling> = LazyLock::new(Spelling::new);

/// Names of people and places that are also words, were it not for their accent.
const NAMES_LIKE_WORDS: &[&str] = &[
    "agustin", "alien", "angel", "asis", "barbara", "baron", "belen", "benjamin", "calderon", "cañon", "cesar",
    "chalan", "colon", "cordobas", "delfin", "galan", "garzon", "giron", "guzman", "jeronimo", "jesus", "leon",
    "lucia", "manati", "maria", "martin", "mejia", "milan", "nicol", "opon", "pavon", "potosi", "rincon", "rios",
    "rocio", "simon", "susacon", "umbria", "veronica",
];

/// Places whose name, without its accent, is an ordinary word misspelled.
pub const PLACES_LIKE_WORDS: &[&str] = &[
    "cienaga",
    "concepcion",
    "contratacion",
    "convencion",
    "distraccion",
    "fundacion",
    "jardin",
    "lejanias",
    "paramo",
    "purificacion",
];

/// Words that a public office would not thank the program for.
const NEVER_PROPOSED: &[&str] = &[
    "ano", "anos", "condones", "condón", "culo", "culos", "mierda", "pene", "penes", "puta", "putas", "puto", "putos",
];

/// What is to be said of a word that is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// It is a word, but with other accents.
    Accents,
    /// Nothing like it is a word.
    Word,
}

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
        let word = composed(word);
        self.lists(&word) || {
            let lower = word.to_lowercase();
            (lower != word && self.lists(&lower)) || derivation::is_derived(&lower, &|word| self.lists(word))
        }
    }

    /// Whether a word is one even in small letters, and not only a name.
    #[must_use]
    pub fn knows_common(&self, word: &str) -> bool {
        self.knows(&word.to_lowercase())
    }

    /// Whether a word with a point after it is an abbreviation.
    #[must_use]
    pub fn knows_abbreviation(&self, word: &str) -> bool {
        self.lists(&format!("{}.", composed(word).to_lowercase()))
    }

    /// What is wrong with a word that [`Self::knows`] denies.
    #[must_use]
    pub fn fault(&self, word: &str) -> Unknown {
        let word = composed(word);
        let accents = if is_capitalized(&word) {
            self.lacks_accent_of_a_common_word(&word) || lacks_accent_of_a_name(&word)
        } else {
            !slips::accented(&word.to_lowercase(), |other| self.knows(other)).is_empty()
        };
        if accents { Unknown::Accents } else { Unknown::Word }
    }

    /// The one right word that is nearest to one that is not known, written with the capitals of that one.
    #[must_use]
    pub fn nearest(&self, word: &str) -> Option<String> {
        let word = composed(word);
        let lower = word.to_lowercase();
        let knows = |other: &str| self.knows(other);
        let mut accented = slips::accented(&lower, knows);
        if let Some(right) = accented.pop() {
            return accented.is_empty().then(|| with_capitals_of(&word, right));
        }
        if is_capitalized(&word) {
            if let Some(name) = NAMES.accented(&word).or_else(|| NAMES.nearest(&word)) {
                return Some(name.to_owned());
            }
        } else {
            let name = with_capitals_of("Xx", lower.clone());
            if knows(&name) {
                return Some(name);
            }
        }
        let right = slips::nearest(&lower, |other| self.lists(other))?;
        (!NEVER_PROPOSED.contains(&right.as_str())).then(|| with_capitals_of(&word, right))
    }

    /// The well-known name that a capitalized word is but for one or two letters.
    #[must_use]
    pub fn nearest_name(&self, word: &str) -> Option<&'static str> {
        NAMES.nearest(&composed(word))
    }

    /// Whether a capitalized word is a common one without its accent, and can hardly be a name: «Gestion». Names of places
    /// are looked after elsewhere, and many a name ends like a verb that has lost its accent: «Freire».
    fn lacks_accent_of_a_common_word(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        let may_be_a_name = NAMES_LIKE_WORDS.contains(&lower.as_str())
            || (PLACES.named(word).is_some() && !PLACES_LIKE_WORDS.contains(&lower.as_str()));
        let is_common = |other: &str| {
            let verb = other.ends_with(['á', 'é', 'í', 'ó']) && !["así", "comité"].contains(&other);
            let more = other.chars().filter(char::is_ascii).count() < lower.chars().filter(char::is_ascii).count();
            more && !verb && self.knows(other)
        };
        !may_be_a_name && !slips::accented(&lower, is_common).is_empty()
    }

    /// Whether the dictionary or one of our own lists has a word as it stands.
    #[must_use]
    pub fn lists(&self, word: &str) -> bool {
        self.dictionary.as_ref().is_none_or(|dictionary| dictionary.check(word))
            || self.administration.contains(word)
            || (is_capitalized(word) && (NAMES.has(word) || PLACES.has_word(word)))
    }
}

/// Whether a word is a well-known name but for its accents, and no place whose accents are looked after elsewhere.
fn lacks_accent_of_a_name(word: &str) -> bool {
    NAMES.accented(word).is_some() && PLACES.named(word).is_none_or(|place| place.accented(word).is_none())
}

/// Whether a word begins with a capital and goes on in small letters.
#[must_use]
pub fn is_capitalized(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.as_str().chars().next().is_some_and(char::is_lowercase)
}

fn composed(word: &str) -> Cow<'_, str> {
    if word.is_ascii() { Cow::Borrowed(word) } else { Cow::Owned(word.nfc().collect()) }
}

fn with_capitals_of(word: &str, right: String) -> String {
    let mut letters = right.chars();
    match letters.next() {
        Some(first) if is_capitalized(word) => first.to_uppercase().chain(letters).collect(),
        Some(_) if word.chars().all(char::is_uppercase) => right.to_uppercase(),
        _ => right,
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

    #[test]
    fn our_own_lists_are_in_order_and_say_nothing_that_the_dictionary_knows() {
        let lists = [include_str!("dictionary/administracion.txt"), include_str!("dictionary/nombres.txt")];
        for list in lists {
            let words: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
            assert!(!words.is_empty() && words.is_sorted_by(|one, next| one < next));
            assert!(words.iter().all(|word| word.nfc().eq(word.chars()) && !word.contains(char::is_whitespace)));
        }
        let known = |word: &&str| SPELLING.dictionary.as_ref().unwrap().check(word);
        let superfluous: Vec<&str> = lists[0].lines().filter(known).collect();
        assert!(superfluous.is_empty(), "{superfluous:?}");
    }

    #[test]
    fn the_nearest_word_keeps_the_capitals() {
        let nearest = |word| SPELLING.nearest(word);
        assert_eq!(nearest("gestion").as_deref(), Some("gestión"));
        assert_eq!(nearest("Subdireccion").as_deref(), Some("Subdirección"));
        assert_eq!(nearest("GESTION").as_deref(), Some("GESTIÓN"));
        assert_eq!(nearest("capacitataron").as_deref(), Some("capacitaron"));
        assert_eq!(nearest("Massachussets").as_deref(), Some("Massachusetts"));
        assert_eq!(nearest("Peru").as_deref(), Some("Perú"));
        assert_eq!(nearest("bogotá").as_deref(), Some("Bogotá"));
        assert_eq!(nearest("metrolab"), None);
    }

    #[test]
    fn other_accents_are_told_from_other_words() {
        for word in ["gestion", "Gestion", "GESTION", "Peru", "volúmen"] {
            assert_eq!(SPELLING.fault(word), Unknown::Accents, "{word}");
        }
        // «Chia» is a place: its accent is nothing to tell here.
        for word in ["capacitataron", "Donka", "Massachussets", "Chia", "Freire", "Caná", "Martin"] {
            assert_eq!(SPELLING.fault(word), Unknown::Word, "{word}");
        }
    }
}
