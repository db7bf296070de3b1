//! Names that everybody knows: what is almost one of them is a slip. See `dictionary/nombres.txt`.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use crate::prose::fold;

/// Well-known names of the world.
pub struct Names {
    names: HashSet<&'static str>,
    /// By their letters without accents.
    folded: BTreeMap<String, &'static str>,
}

/// The ones that all texts share.
pub static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let names = || include_str!("dictionary/nombres.txt").lines().filter(|line| !line.starts_with('#'));
    Names { names: names().collect(), folded: names().map(|name| (fold(name), name)).collect() }
});

impl Names {
    /// Whether a word is one of them, with just these accents and capitals.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.names.contains(word)
    }

    /// The name that a word is but for its accents.
    #[must_use]
    pub fn accented(&self, word: &str) -> Option<&'static str> {
        self.folded.get(&fold(word)).copied().filter(|_| !self.has(word))
    }

    /// The name that a word is but for one or two letters.
    #[must_use]
    pub fn nearest(&self, word: &str) -> Option<&'static str> {
        /// A shorter name is near to too many others.
        const SHORTEST: usize = 9;
        /// A name this long may have two slips.
        const LONG: usize = 12;
        let written = fold(word);
        let length = written.chars().count();
        let near = |name: &str| {
            if name.chars().next() != written.chars().next() {
                return false;
            }
            let letters = name.chars().count();
            let most = if letters >= LONG { 2 } else { 1 };
            letters >= SHORTEST
                && letters.abs_diff(length) <= 1
                && (1..=most).contains(&strsim::osa_distance(name, &written))
        };
        self.folded.iter().find(|(name, _)| near(name)).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_known_in_spite_of_a_slip() {
        assert_eq!(NAMES.nearest("Massachussets"), Some("Massachusetts"));
        assert_eq!(NAMES.nearest("Cundinmarca"), Some("Cundinamarca"));
        // Itself, a village that is called after a town, a short name.
        for word in ["Massachusetts", "Barranquillita", "Perez", "Donka"] {
            assert_eq!(NAMES.nearest(word), None, "{word}");
        }
    }

    #[test]
    fn accents_are_missed_where_no_spelling_goes_without() {
        assert_eq!(NAMES.accented("Mexico"), Some("México"));
        assert_eq!(NAMES.accented("México"), None);
        // Both are right.
        assert_eq!(NAMES.accented("Amazonia"), None);
        assert_eq!(NAMES.accented("Amazonía"), None);
    }
}
