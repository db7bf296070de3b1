//! Words that no dictionary has.
//!
//! A word that is unknown need not be wrong. What may well be right is let pass: names, acronyms, foreign words, symbols,
//! abbreviations, parts of file names. What stands in a text twice is told once.

use std::collections::{HashMap, HashSet};

use unicode_normalization::char::is_combining_mark;

use crate::audit::Subject;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::{Unknown, is_capitalized};
use crate::prose::{Kind, SPELLING, Token, derivation, tokens};

/// How many different unknown words are judged. A plan with more of them is not in Spanish.
const MOST_UNKNOWN: usize = 5_000;
/// For how many of them the nearest right word is looked for, other accents aside: that takes milliseconds for each.
const MOST_SEARCHES: usize = 50;

/// `palabra-desconocida`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let mut speller = Speller::new(subject);
    let asked_for = |text: &&Text<'_>| text.quarter.is_none_or(|quarter| subject.folder.is_asked_for(quarter));
    for text in subject.texts.iter().filter(asked_for) {
        speller.read(text, findings);
    }
}

/// What is known of a word, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Nothing is wrong with it, or it is nothing that could be judged.
    Right,
    /// It would be right with other accents.
    Accents,
    /// Nobody knows it.
    Unknown,
    /// Nobody knows it, but it has a capital: only who has that name knows how it is written.
    Name,
}

/// The verdicts of a run: words repeat a lot.
struct Speller<'a> {
    /// The entity's own names, as it writes them.
    names: HashSet<&'a str>,
    words: &'a HashSet<String>,
    verdicts: HashMap<&'a str, Verdict>,
    unknown: usize,
    nearest: HashMap<&'a str, Option<String>>,
    searches: usize,
    /// Whether words are common ones, and not only names.
    common: HashMap<&'a str, bool>,
}

impl<'a> Speller<'a> {
    fn new(subject: &'a Subject<'_>) -> Self {
        Self {
            names: names(subject),
            words: &subject.settings.words,
            verdicts: HashMap::new(),
            unknown: 0,
            nearest: HashMap::new(),
            searches: 0,
            common: HashMap::new(),
        }
    }

    fn read(&mut self, text: &'a Text<'_>, findings: &mut Vec<Finding>) {
        let mut told = HashSet::new();
        for (at, token) in text.tokens.iter().enumerate() {
            if token.kind != Kind::Word {
                continue;
            }
            let word = token.of(text.value);
            let verdict = self.verdict(word);
            if verdict == Verdict::Right || told.contains(word) || !self.is_wrong(Place { text, at }, word, verdict) {
                continue;
            }
            told.insert(word);
            let finding = text
                .finding(&code::WORD_UNKNOWN, token.range(), format!("la palabra «{word}» no está en el diccionario"))
                .label("palabra desconocida");
            findings.push(match self.nearest(word, verdict) {
                Some(right) => finding.help(format!("¿quiso decir «{right}»?")),
                None => finding.help("corríjala o, si está bien escrita, agréguela a las `palabras` de [revision]"),
            });
        }
    }

    fn verdict(&mut self, word: &'a str) -> Verdict {
        if let Some(verdict) = self.verdicts.get(word) {
            return *verdict;
        }
        let verdict = self.judge(word);
        self.unknown += usize::from(verdict != Verdict::Right);
        self.verdicts.insert(word, verdict);
        verdict
    }

    fn judge(&mut self, word: &'a str) -> Verdict {
        if !can_be_judged(word)
            || self.unknown >= MOST_UNKNOWN
            || SPELLING.knows(word)
            || self.names.contains(word)
            || self.words.contains(&word.to_lowercase())
        {
            return Verdict::Right;
        }
        match SPELLING.fault(word) {
            // In capitals it is an acronym, unless its ending is that of «gestión».
            _ if is_uppercase(word) && !(word.len() > 5 && word.ends_with("ION")) => Verdict::Right,
            Unknown::Accents => Verdict::Accents,
            Unknown::Word if is_uppercase(word) => Verdict::Right,
            Unknown::Word if is_capitalized(word) && !self.is_no_name(word) => Verdict::Name,
            Unknown::Word => Verdict::Unknown,
        }
    }

    fn nearest(&mut self, word: &'a str, verdict: Verdict) -> Option<String> {
        if let Some(nearest) = self.nearest.get(word) {
            return nearest.clone();
        }
        let search = usize::from(verdict != Verdict::Accents);
        if self.searches + search > MOST_SEARCHES {
            return None;
        }
        self.searches += search;
        self.nearest.entry(word).or_insert_with(|| SPELLING.nearest(word)).clone()
    }

    /// Whether a word that is not known is wrong where it stands.
    fn is_wrong(&mut self, place: Place<'a, '_>, word: &'a str, verdict: Verdict) -> bool {
        let may_be_right = match verdict {
            Verdict::Right | Verdict::Name => return false,
            _ if is_capitalized(word) => false,
            Verdict::Accents => self.is_a_species(place),
            Verdict::Unknown => {
                place.is_symbol() || place.is_abbreviation() || place.is_quoted() || self.is_a_species(place)
            }
        };
        if may_be_right || place.is_part_of_something_else() || self.stands_among_foreign_words(place, word) {
            return false;
        }
        verdict != Verdict::Accents || !self.stands_among_names(place, word)
    }

    /// Whether a capitalized word that nobody knows is a slip all the same and no name: it is nearly a well-known name, or
    /// has an ending that names do not have and is nearly a word.
    fn is_no_name(&mut self, word: &'a str) -> bool {
        const ENDINGS: &[&str] =
            &["ar", "aron", "ciones", "ción", "dad", "dades", "er", "ieron", "iendo", "ir", "mente", "miento", "sión"];
        const SHORTEST: usize = 8;
        let ordinary = word.len() >= SHORTEST && ENDINGS.iter().any(|ending| word.ends_with(ending));
        SPELLING.nearest_name(word).is_some() || (ordinary && self.nearest(word, Verdict::Unknown).is_some())
    }

    /// Whether it is the second half of a Latin name: «Achatina fulica», «(Puma concolor)».
    fn is_a_species(&mut self, place: Place<'a, '_>) -> bool {
        let [Some(genus), _] = place.words_beside() else { return false };
        is_capitalized(genus)
            && (self.verdict(genus) == Verdict::Name
                || (place.is(place.before(3), "(") && place.is(place.after(1), ")")))
    }

    /// Whether a word beside it is one that nobody knows either: «European Union», «quick wins».
    fn stands_among_foreign_words(&mut self, place: Place<'a, '_>, word: &'a str) -> bool {
        let foreign = if is_capitalized(word) { [Verdict::Name, Verdict::Unknown] } else { [Verdict::Unknown; 2] };
        let mut beside = place.words_beside().into_iter().flatten();
        beside.any(|other| is_capitalized(other) == is_capitalized(word) && foreign.contains(&self.verdict(other)))
    }

    /// Whether a name beside it says that it is part of that name: «Miguel Angel Rios».
    fn stands_among_names(&mut self, place: Place<'a, '_>, word: &'a str) -> bool {
        // No name ends like this.
        if !is_capitalized(word) || word.ends_with("cion") {
            return false;
        }
        let mut beside = place.words_beside().into_iter().flatten();
        beside.any(|other| {
            is_capitalized(other) && !*self.common.entry(other).or_insert_with(|| SPELLING.knows_common(other))
        })
    }
}

/// A word within a text.
#[derive(Clone, Copy)]
struct Place<'a, 't> {
    text: &'a Text<'t>,
    at: usize,
}

impl<'a> Place<'a, '_> {
    fn token(self, at: Option<usize>) -> Option<Token> {
        at.and_then(|at| self.text.tokens.get(at)).copied()
    }

    /// The piece so many places before the word.
    fn before(self, distance: usize) -> Option<Token> {
        self.token(self.at.checked_sub(distance))
    }

    /// The piece so many places after the word.
    fn after(self, distance: usize) -> Option<Token> {
        self.token(Some(self.at + distance))
    }

    fn is(self, token: Option<Token>, marks: &str) -> bool {
        token.is_some_and(|token| token.kind == Kind::Mark && marks.contains(token.of(self.text.value)))
    }

    fn is_kind(token: Option<Token>, kinds: &[Kind]) -> bool {
        token.is_some_and(|token| kinds.contains(&token.kind))
    }

    fn word(self) -> &'a str {
        self.text.tokens[self.at].of(self.text.value)
    }

    /// Whether it is joined to what stands beside it: a file name, a label, «funcionari(o/a)», «Kwe’sx», the first part of a
    /// compound.
    fn is_part_of_something_else(self) -> bool {
        const JOINTS: &str = "@_#\\&=";
        let short = self.word().chars().count() <= 3;
        let before = self.before(1);
        let joined_before = Self::is_kind(self.before(2), &[Kind::Word, Kind::Number, Kind::Code]);
        let apostrophe =
            |mark: Option<Token>, beyond: Option<Token>| self.is(mark, "'’") && Self::is_kind(beyond, &[Kind::Word]);
        self.is(before, JOINTS)
            || self.is(self.after(1), JOINTS)
            || apostrophe(before, self.before(2))
            || apostrophe(self.after(1), self.after(2))
            || Self::is_kind(before, &[Kind::Number, Kind::Code])
            || (joined_before && self.is(before, "(["))
            || (joined_before && self.is(before, ".") && !is_capitalized(self.word()))
            || (short && (self.is(before, "/") || self.is(self.after(1), ")/")))
            || self.is(self.after(1), "([")
            || (self.is(self.after(1), "-–") && derivation::is_prefix(&self.word().to_lowercase()))
    }

    /// Whether it may be the symbol of a unit: «120 lps».
    fn is_symbol(self) -> bool {
        self.word().chars().count() <= 3
            && Self::is_kind(self.before(1), &[Kind::Space])
            && Self::is_kind(self.before(2), &[Kind::Number])
    }

    /// Whether a point cuts it short: a known abbreviation, or a short word that the sentence goes on after.
    fn is_abbreviation(self) -> bool {
        const LONGEST: usize = 5;
        self.is(self.after(1), ".")
            && (SPELLING.knows_abbreviation(self.word())
                || (self.word().chars().count() <= LONGEST
                    && Self::is_kind(self.after(2), &[Kind::Space])
                    && self.after(3).is_some_and(|next| {
                        next.of(self.text.value).starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
                    })))
    }

    /// Whether it is one of very few words in quotes: foreign words are written like this.
    fn is_quoted(self) -> bool {
        /// Three words with blanks between them, and the mark.
        const FARTHEST: usize = 6;
        const OPENING: &str = "«“‘\"'";
        const CLOSING: &str = "»”’\"'";
        let opening = (1..=FARTHEST).find(|&distance| self.is(self.before(distance), OPENING));
        let closing = (1..=FARTHEST).find(|&distance| self.is(self.after(distance), CLOSING));
        opening.zip(closing).is_some_and(|(before, after)| before + after <= FARTHEST)
    }

    /// The words before and after it that only a blank or a hyphen parts from it.
    fn words_beside(self) -> [Option<&'a str>; 2] {
        let text = self.text.value;
        let beside = |joint: Option<Token>, word: Option<Token>| {
            let joined = Self::is_kind(joint, &[Kind::Space]) || self.is(joint, "-");
            word.filter(|word| joined && word.kind == Kind::Word).map(|word| word.of(text))
        };
        [beside(self.before(1), self.before(2)), beside(self.after(1), self.after(2))]
    }
}

/// Words of the entity's own: its name and acronym, its units, those who sign.
fn names<'a>(subject: &'a Subject<'_>) -> HashSet<&'a str> {
    let entity = subject.entity().into_iter().flat_map(|entity| {
        let name = ["nombre", "sigla"].into_iter().filter_map(|key| entity.text(key));
        name.map(|text| text.value).chain(entity.texts("dependencias").iter().map(|text| text.value.as_str()))
    });
    let signatories = subject.plan.tables("firma").flat_map(|signatory| {
        ["nombre", "cargo"].into_iter().filter_map(|key| signatory.text(key)).map(|text| text.value)
    });
    let words = |text: &'a str| tokens(text).into_iter().map(move |token| token.of(text));
    entity.chain(signatories).flat_map(words).collect()
}

/// Whether it is a word of Latin letters, and not a mere letter, a Roman number or a name with capitals in it.
fn can_be_judged(word: &str) -> bool {
    /// No word is longer, in bytes.
    const LONGEST: usize = 50;
    let mut letters = word.chars();
    let first = letters.next();
    let is_letter = |c: char| c < '\u{250}' && !"ªºµ".contains(c) || is_combining_mark(c);
    let one_case = is_uppercase(word) || !letters.as_str().chars().any(char::is_uppercase);
    word.len() <= LONGEST
        && first.is_some()
        && letters.next().is_some()
        && word.chars().all(is_letter)
        && one_case
        && !is_roman(word)
}

fn is_uppercase(word: &str) -> bool {
    word.chars().all(|c| c.is_uppercase() || is_combining_mark(c))
}

fn is_roman(word: &str) -> bool {
    word.chars().all(|c| "ivxlcdmIVXLCDM".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_roman_numbers_and_names_of_several_capitals_are_not_judged() {
        for word in ["a", "xii", "VIII", "MetroLab", "nº", "ΔΩ", "µg", &"gestion".repeat(10_000)] {
            assert!(!can_be_judged(word), "{word}");
        }
        for word in ["gestion", "Gestion", "GESTION", "gestio\u{301}n"] {
            assert!(can_be_judged(word), "{word}");
        }
    }
}
