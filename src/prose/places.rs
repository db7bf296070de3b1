//! The departments and municipalities of Colombia, by their names as they are written: see `places/`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::prose::fold::{fold, fold_into};
use crate::prose::{Beginnings, Kind, Token};

/// All places, by their names without accents.
pub struct Places {
    by_name: HashMap<String, Place>,
    /// What names begin with: most words of a text are none of these.
    first_words: HashSet<String>,
    /// How these begin.
    beginnings: Beginnings,
    /// Every word of every name.
    words: HashSet<&'static str>,
    /// Words of the longest name.
    longest: usize,
}

/// What has a certain name.
#[derive(Debug, Default)]
pub struct Place {
    /// Its name; two, if two places differ in nothing but an accent.
    pub spellings: Vec<&'static str>,
    /// Whether a municipality has it.
    pub is_municipality: bool,
    /// Whether a department has it.
    pub is_department: bool,
}

/// A name of a place that stands in a text.
pub struct Found<'p> {
    /// What it names.
    pub place: &'p Place,
    /// The token after its last one.
    pub end: usize,
}

/// The one that all texts share.
pub static PLACES: LazyLock<Places> = LazyLock::new(Places::new);

impl Places {
    fn new() -> Self {
        let mut places = Self {
            by_name: HashMap::new(),
            first_words: HashSet::new(),
            beginnings: Beginnings::of(&[]),
            words: HashSet::new(),
            longest: 0,
        };
        for name in names(include_str!("places/municipios.txt")) {
            places.add(name).is_municipality = true;
        }
        for name in names(include_str!("places/departamentos.txt")) {
            places.add(name).is_department = true;
        }
        places
    }

    fn add(&mut self, name: &'static str) -> &mut Place {
        let words = name.split(' ');
        if let Some(first) = words.clone().next().map(fold) {
            self.beginnings.add(&first);
            self.first_words.insert(first);
        }
        self.longest = self.longest.max(words.clone().count());
        self.words.extend(words);
        let place = self.by_name.entry(fold(name)).or_default();
        if !place.spellings.contains(&name) {
            place.spellings.push(name);
        }
        place
    }

    /// The place of a name, whatever its accents and capitals.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Place> {
        self.by_name.get(&fold(name))
    }

    /// Whether a word, with just these accents and capitals, is one of those that make up the names: «Tocancipá», «Fe».
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The longest name of a place that begins at a token, whatever its accents and capitals.
    #[must_use]
    pub fn at(&self, text: &str, tokens: &[Token], at: usize) -> Option<Found<'_>> {
        let first = tokens.get(at).filter(|token| token.kind == Kind::Word)?.of(text);
        if !self.beginnings.fit(first) {
            return None;
        }
        let mut name = fold(first);
        if !self.first_words.contains(&name) {
            return None;
        }
        let mut found = self.by_name.get(&name).map(|place| Found { place, end: at + 1 });
        for pair in 1..self.longest {
            let blank = at + 2 * pair - 1;
            let [Token { kind: Kind::Space, .. }, word @ Token { kind: Kind::Word, .. }, ..] =
                tokens.get(blank..).unwrap_or_default()
            else {
                break;
            };
            name.push(' ');
            fold_into(word.of(text), &mut name);
            found = self.by_name.get(&name).map(|place| Found { place, end: blank + 2 }).or(found);
        }
        found
    }
}

impl Place {
    /// The name with its accents and with the capitals of `written`, if that lacks accents and has no others.
    #[must_use]
    pub fn accented(&self, written: &str) -> Option<String> {
        let [name] = self.spellings[..] else { return None };
        if written == name {
            return None;
        }
        let written: Vec<char> = written.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        if written.len() != name.chars().count() {
            return None;
        }
        let mut lacking = false;
        let mut accented = String::with_capacity(name.len());
        for (&written, right) in written.iter().zip(name.chars()) {
            let right: String =
                if written.is_uppercase() { right.to_uppercase().collect() } else { right.to_lowercase().collect() };
            if !right.chars().eq([written]) {
                lacking = true;
                // Another accent than that of the name is another matter.
                if !written.is_ascii() {
                    return None;
                }
            }
            accented.push_str(&right);
        }
        lacking.then_some(accented)
    }
}

/// The names of a list.
fn names(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str) -> Option<(&'static str, usize)> {
        PLACES.at(text, &tokens(text), 0).map(|found| (found.place.spellings[0], found.end))
    }

    #[test]
    fn the_lists_are_whole_sorted_and_without_repetition() {
        let municipalities: Vec<_> = names(include_str!("places/municipios.txt")).collect();
        let departments: Vec<_> = names(include_str!("places/departamentos.txt")).collect();
        assert_eq!(departments.len(), 32);
        assert!(municipalities.len() > 1000);
        for list in [&municipalities, &departments] {
            assert!(list.is_sorted_by(|one, other| (fold(one), *one) < (fold(other), *other)));
            assert!(list.iter().all(|name| name.nfc().eq(name.chars()) && name.trim() == *name));
        }
        for name in ["Chía", "Cajicá", "Sopó", "Tocancipá", "Zipaquirá", "Fusagasugá", "Itagüí", "Unguía", "Bogotá"]
        {
            assert!(municipalities.contains(&name), "{name}");
        }
    }

    #[test]
    fn the_longest_name_counts() {
        assert_eq!(found("San Jose del Guaviare es"), Some(("San José del Guaviare", 7)));
        assert_eq!(found("San Jose de Caldas"), Some(("San José", 3)));
        assert_eq!(found("Bogota, Cali"), Some(("Bogotá", 1)));
        assert_eq!(found("san"), None);
        assert_eq!(found("San, Jose"), None);
    }

    #[test]
    fn only_missing_accents_are_put_in() {
        let accented =
            |written: &str| PLACES.at(written, &tokens(written), 0).and_then(|found| found.place.accented(written));
        assert_eq!(accented("Chia").as_deref(), Some("Chía"));
        assert_eq!(accented("BOGOTA").as_deref(), Some("BOGOTÁ"));
        assert_eq!(accented("Itagui").as_deref(), Some("Itagüí"));
        assert_eq!(accented("Itagüi").as_deref(), Some("Itagüí"));
        assert_eq!(accented("San  Jose del Guaviare").as_deref(), Some("San José del Guaviare"));
        assert_eq!(accented("Chía"), None);
        assert_eq!(accented("Chi\u{301}a"), None);
        // One accent too many, and a name that two places share but for the accent.
        assert_eq!(accented("Suán"), None);
        assert_eq!(accented("Chima"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_searched(text in "(San|José|\\PC| ){0,12}") {
            let tokens = tokens(&text);
            for at in 0..=tokens.len() {
                if let Some(found) = PLACES.at(&text, &tokens, at) {
                    prop_assert!(found.end <= tokens.len());
                    let name = &text[tokens[at].range().start..tokens[found.end - 1].range().end];
                    let _ = found.place.accented(name);
                }
            }
        }
    }
}
