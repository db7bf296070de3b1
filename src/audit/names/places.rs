//! Municipalities and departments keep their accents.
//!
//! The place must be beyond doubt: a name without accents that is also a word of the language, a family's name or part of
//! an English phrase is told only where something before it says that it is a place, «municipio de».

use crate::audit::Subject;
use crate::audit::names::words::{
    before, is_connector, is_in_capitals, is_institution, next_word, part, previous_word,
};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::{PLACES_LIKE_WORDS, SPELLING};
use crate::prose::starts_upper;
use crate::prose::{Kind, PLACES, Token, fold};

/// Places that people are called after, or that are called after people.
const FAMILIES: [&str; 40] = [
    "abrego",
    "alban",
    "anzoategui",
    "arbelaez",
    "belalcazar",
    "belen",
    "beltran",
    "bojaca",
    "bolivar",
    "buritica",
    "caceres",
    "choconta",
    "colon",
    "combita",
    "cordoba",
    "cuitiva",
    "elias",
    "florian",
    "fuquene",
    "galan",
    "garzon",
    "giron",
    "gonzalez",
    "gutierrez",
    "herran",
    "jesus maria",
    "jordan",
    "landazuri",
    "malaga",
    "milan",
    "paez",
    "rondon",
    "saboya",
    "sachica",
    "samaca",
    "suarez",
    "timana",
    "velez",
    "villagomez",
    "viracacha",
];

/// Places whose name, without its accent, may be the thing: a peanut, an animal.
const THINGS: [&str; 2] = ["mani", "manati"];

/// What makes sure that a place is named: the word before «de».
const ANNOUNCING: [&str; 12] = [
    "alcaldia",
    "alcaldias",
    "ciudad",
    "concejo",
    "departamento",
    "departamentos",
    "distrito",
    "gobernacion",
    "municipio",
    "municipios",
    "personeria",
    "provincia",
];

/// Words of English that names of events and agencies have before or after a place: «Invest in Bogota».
const ENGLISH: [&str; 6] = ["at", "for", "from", "in", "of", "the"];

/// What people are called before their names.
const TITLES: [&str; 8] = ["don", "doctor", "doctora", "doña", "ingeniera", "ingeniero", "señor", "señora"];

/// The letters of the shortest name that is told when it is all capitals: shorter ones may be acronyms.
const LETTERS: usize = 6;

/// `lugar-sin-tilde`, in all texts.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for text in &subject.texts {
        let mut at = 0;
        while at < text.tokens.len() {
            at = look(text, at, findings);
        }
    }
}

/// Looks for a place at a token and tells what is wrong with it; the token to go on with.
fn look(text: &Text<'_>, at: usize, findings: &mut Vec<Finding>) -> usize {
    let tokens = &text.tokens;
    if tokens[at].kind != Kind::Word || !starts_upper(tokens[at].of(text.value)) {
        return at + 1;
    }
    let Some(found) = PLACES.at(text.value, tokens, at) else { return at + 1 };
    let range = part(tokens, at, found.end - 1);
    let written = &text.value[range.clone()];
    if let Some(name) = found.place.accented(written)
        && !is_part_of_a_mark(text, at, found.end)
        && (is_announced(text, at) || is_clear(text, at, found.end, written))
    {
        findings.push(
            text.finding(&code::PLACE_ACCENT, range, format!("el lugar «{written}» lleva tilde: «{name}»"))
                .label("falta la tilde")
                .help(format!("escriba «{name}»"))
                .fix(name),
        );
    }
    found.end
}

/// Whether what is written can be nothing but the place.
fn is_clear(text: &Text<'_>, at: usize, end: usize, written: &str) -> bool {
    let folded = fold(written);
    let is_ordinary = end == at + 1
        && (PLACES_LIKE_WORDS.contains(&folded.as_str())
            || THINGS.contains(&folded.as_str())
            || (is_in_capitals(written) && written.chars().count() < LETTERS)
            || SPELLING.knows(written));
    let is_a_family = FAMILIES.contains(&folded.as_str());
    !is_ordinary && !is_a_family && !is_in_a_name(text, at) && !is_english(text, at, end)
}

/// Whether a capitalised word stands right before, as in «Pedro Sopetran», or a title, as in «la doctora Sopetran»; at the
/// beginning of a sentence any word has a capital.
fn is_in_a_name(text: &Text<'_>, at: usize) -> bool {
    let Some(before) = previous_word(&text.tokens, at) else { return false };
    let word = text.tokens[before].of(text.value);
    let folded = fold(word);
    TITLES.contains(&word)
        || starts_upper(word)
            && !is_connector(&folded)
            && !is_institution(&folded)
            && (previous_word(&text.tokens, before).is_some() || !SPELLING.knows(&word.to_lowercase()))
}

/// Whether an English word stands right before or after.
fn is_english(text: &Text<'_>, at: usize, end: usize) -> bool {
    let beside = [previous_word(&text.tokens, at), next_word(&text.tokens, end - 1)];
    beside.into_iter().flatten().any(|word| ENGLISH.contains(&text.tokens[word].of(text.value)))
}

/// Whether «municipio de» or the like stands before.
fn is_announced(text: &Text<'_>, at: usize) -> bool {
    let Some(connector) = previous_word(&text.tokens, at) else { return false };
    matches!(text.tokens[connector].of(text.value), "de" | "del")
        && before(text.value, &text.tokens, connector).is_some_and(|word| ANNOUNCING.contains(&word.as_str()))
}

/// Whether the words up to `end` belong to what is no prose: `#Bogota`, `@Bogota`, `plan_Bogota`, `Bogota_2`, `Bogota.pdf`.
fn is_part_of_a_mark(text: &Text<'_>, at: usize, end: usize) -> bool {
    let is_any = |at: usize, marks: &[char]| {
        text.tokens.get(at).is_some_and(|token| marks.iter().any(|mark| token.is(text.value, *mark)))
    };
    let is_ending = |word: &Token| word.kind != Kind::Mark && word.of(text.value).starts_with(char::is_lowercase);
    is_any(at.wrapping_sub(1), &['#', '@', '_'])
        || is_any(end, &['@', '_'])
        || is_any(end, &['.']) && text.tokens.get(end + 1).is_some_and(is_ending)
}
