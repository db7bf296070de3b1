//! Units are called in the texts what the directory calls them.
//!
//! A name begins with a capitalised word that heads a unit, «Subdirección», and goes on over capitalised words and the
//! connectors between them. Two kinds of variants are told: the words of a unit with other accents, capitals or marks, and
//! a name that leaves out or adds words to those of exactly one unit. Whose unit it is must be clear: what is followed by
//! the name of another entity is silent.

use crate::audit::Subject;
use crate::audit::names::directory::{Directory, MOST_WORDS, Unit, stem};
use crate::audit::names::words::{
    are_the_same, before, in_capitals_of, is_another_word, is_connector, is_in_capitals, is_institution, is_plain,
    next_word, part,
};
use crate::audit::subject::Text;
use crate::diag::{Finding, code, quoted};
use crate::prose::fold::fold_into;
use crate::prose::starts_upper;
use crate::prose::{Beginnings, Kind, PLACES, Token, fold};

/// Words that say of which level of government a unit is: with one more of them it is the unit of another entity.
const LEVELS: [&str; 6] = ["departamental", "distrital", "local", "municipal", "nacional", "territorial"];

/// `variante-de-dependencia`, in all texts.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let entity = subject.entity();
    let name = entity.and_then(|entity| entity.text("nombre")).map_or("", |name| name.value);
    let acronym = entity.and_then(|entity| entity.text("sigla")).map_or("", |acronym| acronym.value);
    let first = fold(name.split_whitespace().next().unwrap_or_default());
    let directory = Directory::of(subject);
    let mut beginnings = Beginnings::of(&[]);
    directory.units.iter().for_each(|unit| beginnings.add(&unit.head));
    let units = Units { directory, first, acronym: fold(acronym), beginnings };
    for text in &subject.texts {
        let mut at = 0;
        while at < text.tokens.len() {
            at = units.look(text, at, findings);
        }
    }
}

/// The units of an entity and how to tell it from others.
struct Units<'a> {
    directory: Directory<'a>,
    /// The first word of the entity's name, without accents and capitals.
    first: String,
    /// Its acronym, likewise.
    acronym: String,
    /// How its units begin.
    beginnings: Beginnings,
}

/// A name that a text gives a unit, by the numbers of its tokens.
struct Phrase {
    last: usize,
    stems: Vec<String>,
    /// Whether the name of another entity follows.
    is_of_another: bool,
}

impl<'a> Units<'a> {
    /// Looks for a name at a token and tells what is wrong with it; the token to go on with.
    fn look(&self, text: &Text<'_>, at: usize, findings: &mut Vec<Finding>) -> usize {
        let (tokens, word) = (&text.tokens, text.tokens[at]);
        let written = word.of(text.value);
        if word.kind != Kind::Word || !starts_upper(written) || !self.beginnings.fit(written) {
            return at + 1;
        }
        let head = fold(written);
        if !self.directory.is_head(&head) {
            return at + 1;
        }
        if let Some((unit, last)) = self.same_words(text, at, &head) {
            if self.is_misspelled(text, at, last, unit) {
                let finding = variant(text, at, last, unit);
                let right = in_capitals_of(&text.value[part(tokens, at, last)], &unit.name.value);
                findings.push(if is_plain(&right) { finding.fix(right) } else { finding });
            }
            return last + 1;
        }
        let phrase = self.phrase(text.value, tokens, at);
        let next = phrase.last + 1;
        if !phrase.is_of_another
            && let Some(unit) = self.meant(&head, &phrase.stems)
            && !is_another_word(written, unit.first_word())
        {
            findings.push(variant(text, at, phrase.last, unit));
        }
        next
    }

    /// The unit whose words stand at a token, whatever their accents and capitals, and the token of the last one. Of several,
    /// that of most words.
    fn same_words(&self, text: &Text<'_>, at: usize, head: &str) -> Option<(&Unit<'a>, usize)> {
        let mut name = head.to_owned();
        let mut last = at;
        let mut found = self.directory.named(&name).map(|unit| (unit, last));
        for _ in 1..self.directory.longest {
            let Some(next) = next_of_name(text.value, &text.tokens, last) else { break };
            name.push(' ');
            fold_into(text.tokens[next].of(text.value), &mut name);
            last = next;
            found = self.directory.named(&name).map(|unit| (unit, last)).or(found);
        }
        found
    }

    /// Whether the words of a unit stand there otherwise than in the directory.
    fn is_misspelled(&self, text: &Text<'_>, at: usize, last: usize, unit: &Unit<'_>) -> bool {
        let written = &text.value[part(&text.tokens, at, last)];
        if are_the_same(written, &unit.name.value)
            || is_another_word(text.tokens[at].of(text.value), unit.first_word())
            || self.is_of_another(text.value, &text.tokens, last)
        {
            return false;
        }
        let only_capitals = are_the_same(&written.to_lowercase(), &unit.name.value.to_lowercase());
        !only_capitals || (unit.stems.len() >= 2 && is_a_name(text, at))
    }

    /// The name that begins at a token.
    fn phrase(&self, text: &str, tokens: &[Token], at: usize) -> Phrase {
        let mut phrase = Phrase { last: at, stems: Vec::new(), is_of_another: false };
        while let Some((next, joined)) = next_capitalized(text, tokens, phrase.last) {
            let word = fold(tokens[next].of(text));
            let joins_another = matches!(joined.as_deref(), Some("y" | "e"))
                && (is_institution(&word) || self.directory.is_head(&word));
            if joins_another || (joined.is_some() && self.begins_an_entity(text, tokens, next, &word)) {
                break;
            }
            phrase.stems.push(stem(&word).to_owned());
            phrase.last = next;
        }
        phrase.is_of_another = self.is_of_another(text, tokens, phrase.last);
        phrase
    }

    /// Whether an entity is named at a token: this one or another. What units are called is none.
    fn begins_an_entity(&self, text: &str, tokens: &[Token], at: usize, word: &str) -> bool {
        self.is_own(word)
            || (!self.directory.has_word(word)
                && (is_institution(word)
                    || is_in_capitals(tokens[at].of(text))
                    || PLACES.at(text, tokens, at).is_some()))
    }

    fn is_own(&self, word: &str) -> bool {
        word == self.first || word == self.acronym
    }

    /// Whether the name of another entity follows a token: «del Ministerio», «de Soacha», «(DNP)», «, Alcaldía».
    fn is_of_another(&self, text: &str, tokens: &[Token], last: usize) -> bool {
        if let Some((next, Some(joined))) = next_capitalized(text, tokens, last) {
            let word = fold(tokens[next].of(text));
            return joined.starts_with("de") && !self.is_own(&word);
        }
        let marks = |token: &Token| token.kind == Kind::Space || "-–—(,/".contains(token.of(text));
        let Some(next) = tokens[last + 1..].iter().take(3).position(|token| !marks(token)).map(|n| last + 1 + n) else {
            return false;
        };
        let word = tokens[next].of(text);
        let folded = fold(word);
        next > last + 1
            && starts_upper(word)
            && !self.is_own(&folded)
            && !self.directory.is_head(&folded)
            && (is_institution(&folded) || (word.len() > 1 && is_in_capitals(word)))
    }

    /// The one unit that a name which is none can mean.
    fn meant(&self, head: &str, stems: &[String]) -> Option<&Unit<'a>> {
        if !(2..=MOST_WORDS).contains(&stems.len()) {
            return None;
        }
        let sharing = self.directory.sharing(stems).into_iter();
        let mut meant = sharing.filter(|unit| unit.head == head && is_meant(unit, stems));
        meant.next().filter(|_| meant.next().is_none())
    }
}

/// Whether a name leaves out or adds some words of a unit's and no more: two are common at least, and three in five of
/// both, or the name is how the unit's begins.
fn is_meant(unit: &Unit<'_>, stems: &[String]) -> bool {
    let common = unit.common(stems);
    let left_out = unit.stems.len() - common;
    let added: Vec<&String> = stems.iter().filter(|stem| !unit.stems.contains(stem)).collect();
    let most = 5 * common >= 3 * unit.stems.len() && 5 * common >= 3 * stems.len();
    common >= 2
        && (left_out == 0 || added.is_empty())
        && !added.iter().any(|stem| LEVELS.contains(&stem.as_str()))
        && (most || unit.stems.starts_with(stems))
}

/// Whether a capital at a token is that of a name: not that of a sentence, and not after «un».
fn is_a_name(text: &Text<'_>, at: usize) -> bool {
    before(text.value, &text.tokens, at).is_some_and(|word| !matches!(word.as_str(), "un" | "una" | "unos" | "unas"))
}

fn variant(text: &Text<'_>, first: usize, last: usize, unit: &Unit<'_>) -> Finding {
    let range = part(&text.tokens, first, last);
    let (written, name) = (quoted(&text.value[range.clone()]), &unit.name.value);
    let right = in_capitals_of(&text.value[range.clone()], name);
    let message = format!("la dependencia «{written}» es en el directorio «{}»", quoted(name));
    text.finding(&code::UNIT_VARIANT, range, message)
        .label("escrita de otro modo")
        .related(unit.name.span, "el nombre del directorio")
        .help(format!("si es la misma, escriba «{right}»"))
}

/// The word that goes on a name: after a blank, or after a mark that names have within them.
fn next_of_name(text: &str, tokens: &[Token], last: usize) -> Option<usize> {
    if let Some(next) = next_word(tokens, last) {
        return Some(next);
    }
    let rest = tokens.get(last + 1..)?;
    let between = rest.iter().take(4).position(|token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Code))?;
    let marks = rest[..between].iter().filter(|token| token.kind != Kind::Space);
    let joins = |token: &Token| ",-–—&/".contains(token.of(text));
    (marks.clone().count() <= 1 && marks.clone().all(joins)).then_some(last + 1 + between)
}

/// The capitalised word that goes on a name, and the first of the connectors before it if there are any.
fn next_capitalized(text: &str, tokens: &[Token], last: usize) -> Option<(usize, Option<String>)> {
    const MOST_CONNECTORS: usize = 3;
    let mut joined = None;
    let mut at = last;
    for _ in 0..=MOST_CONNECTORS {
        at = next_word(tokens, at)?;
        let word = tokens[at].of(text);
        let connects = fold(word);
        // In a name that is all capitals the connectors are so too.
        if is_connector(&connects) && (!starts_upper(word) || (word.len() > 1 && is_in_capitals(word))) {
            joined.get_or_insert(connects);
        } else {
            return starts_upper(word).then_some((at, joined));
        }
    }
    None
}
