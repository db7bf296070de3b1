//! The units of the entity, to be found by what people write of them.

use std::collections::{HashMap, HashSet};

use crate::audit::Subject;
use crate::audit::names::words::is_connector;
use crate::diag::Spanned;
use crate::prose::{Kind, fold, tokens};

/// Words of the longest name that is looked at.
pub const MOST_WORDS: usize = 40;

/// All units, in the order of `dependencias`.
pub struct Directory<'a> {
    /// The units.
    pub units: Vec<Unit<'a>>,
    /// Their numbers, by all their words without accents and capitals.
    by_name: HashMap<String, usize>,
    /// Their numbers, by each of the words that tell one from another.
    by_stem: HashMap<String, Vec<usize>>,
    heads: HashSet<String>,
    /// Words of the longest name.
    pub longest: usize,
}

/// A unit.
pub struct Unit<'a> {
    /// As the directory writes it.
    pub name: &'a Spanned<String>,
    /// What kind of unit it is: the first word.
    pub head: String,
    /// The words after it that are no connectors, each without its ending.
    pub stems: Vec<String>,
}

impl<'a> Directory<'a> {
    /// The directory of a plan.
    pub fn of(subject: &Subject<'a>) -> Self {
        let names = subject.entity().map(|entity| entity.texts("dependencias")).unwrap_or_default();
        let mut directory = Self {
            units: Vec::new(),
            by_name: HashMap::new(),
            by_stem: HashMap::new(),
            heads: HashSet::new(),
            longest: 0,
        };
        for name in names {
            directory.add(name);
        }
        directory
    }

    fn add(&mut self, name: &'a Spanned<String>) {
        let words = words(&name.value);
        let Some((head, rest)) = words.split_first().filter(|_| words.len() <= MOST_WORDS) else { return };
        let stems: Vec<String> =
            rest.iter().filter(|word| !is_connector(word)).map(|word| stem(word).to_owned()).collect();
        let number = self.units.len();
        for stem in &stems {
            let units = self.by_stem.entry(stem.clone()).or_default();
            if units.last() != Some(&number) {
                units.push(number);
            }
        }
        self.longest = self.longest.max(words.len());
        self.heads.insert(head.clone());
        self.by_name.insert(words.join(" "), number);
        self.units.push(Unit { name, head: head.clone(), stems });
    }

    /// Whether a word, without accents and capitals, is what some unit begins with.
    pub fn is_head(&self, folded: &str) -> bool {
        self.heads.contains(folded)
    }

    /// Whether some unit has a word in its name.
    pub fn has_word(&self, folded: &str) -> bool {
        self.by_stem.contains_key(stem(folded))
    }

    /// The unit of exactly these words, whatever their accents and capitals.
    pub fn named(&self, folded: &str) -> Option<&Unit<'a>> {
        self.by_name.get(folded).map(|&number| &self.units[number])
    }

    /// The units that share one of these words at least. A word that very many units have tells nothing of which is meant.
    pub fn sharing(&self, stems: &[String]) -> Vec<&Unit<'a>> {
        const MANY: usize = 50;
        let units = stems.iter().filter_map(|stem| self.by_stem.get(stem)).filter(|units| units.len() <= MANY);
        let mut numbers: Vec<usize> = units.flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|number| &self.units[number]).collect()
    }

    /// The unit that shares most words with a name; of several, the one that has fewest others.
    pub fn nearest(&self, name: &str) -> Option<&Unit<'a>> {
        let mut words = words(name);
        words.truncate(MOST_WORDS);
        let stems: Vec<String> =
            words.iter().filter(|word| !is_connector(word)).map(|word| stem(word).to_owned()).collect();
        let common = |unit: &Unit<'_>| {
            let head = words.first().is_some_and(|head| *head == unit.head);
            2 * unit.common(&stems) + usize::from(head)
        };
        self.sharing(&stems).into_iter().rev().max_by_key(|unit| (common(unit), usize::MAX - unit.stems.len()))
    }
}

impl Unit<'_> {
    /// What kind of unit it is, with its accents.
    pub fn first_word(&self) -> &str {
        self.name.value.split_whitespace().next().unwrap_or_default()
    }

    /// How many of its words are among these.
    pub fn common(&self, stems: &[String]) -> usize {
        self.stems.iter().filter(|stem| stems.contains(stem)).count()
    }
}

/// The words of a name, without accents and capitals.
fn words(name: &str) -> Vec<String> {
    let is_word = |kind| matches!(kind, Kind::Word | Kind::Number | Kind::Code);
    tokens(name).into_iter().filter(|token| is_word(token.kind)).map(|token| fold(token.of(name))).collect()
}

/// A word without the endings of number and gender, so that «Comunicación» is found for «Comunicaciones».
pub fn stem(folded: &str) -> &str {
    let singular = folded.strip_suffix('s').unwrap_or(folded);
    singular.strip_suffix(['a', 'e', 'o']).filter(|stem| stem.len() >= 3).unwrap_or(singular)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_and_gender_do_not_count() {
        assert_eq!(stem("comunicaciones"), stem("comunicacion"));
        assert_eq!(stem("proyectos"), stem("proyecto"));
        assert_eq!(stem("corporativa"), stem("corporativo"));
        assert_ne!(stem("planeacion"), stem("planificacion"));
        assert_eq!(stem("tic"), "tic");
        assert_eq!(stem("s"), "");
    }
}
