//! What somebody may have meant who wrote a word that no dictionary has: the same word with other accents, or one slip of
//! the fingers away.
//!
//! The candidates are made in a fixed order and only asked for, never ranked by guesses: where two of them are right words
//! nothing is proposed.

use std::collections::BTreeSet;

const LETTERS: &str = "abcdefghijlmnopqrstuvxyzñáéíóúü";
/// A word with fewer letters is one slip away from too many others.
const SHORTEST: usize = 5;

/// The right words that differ from one in accents only.
pub fn accented(word: &str, knows: impl Fn(&str) -> bool) -> Vec<String> {
    let plain: Vec<char> = word.chars().map(without_accent).collect();
    let accents =
        plain.iter().enumerate().filter_map(|(at, vowel)| Some(spelled(&plain, at, 1, &[with_accent(*vowel)?])));
    let others = std::iter::once(plain.iter().collect()).chain(accents);
    others.filter(|other: &String| other != word && knows(other)).collect()
}

/// The one right word that a single slip turned into this one. Letters that stand twice or in the wrong order explain
/// themselves; of the other slips, only one may lead to a right word.
#[must_use]
pub fn nearest(word: &str, knows: impl Fn(&str) -> bool) -> Option<String> {
    let letters: Vec<char> = word.chars().map(|letter| with_acute(letter).unwrap_or(letter)).collect();
    if letters.len() < SHORTEST {
        return None;
    }
    let right = |others: Vec<String>| -> BTreeSet<String> {
        others.into_iter().filter(|other| other != word && knows(other)).collect()
    };
    let mut found = right([doublings(&letters), swaps(&letters)].concat());
    if found.is_empty() {
        found = right([additions(&letters), omissions(&letters), replacements(&letters)].concat());
    }
    found.pop_first().filter(|_| found.is_empty())
}

/// The words that become this one when two or three of their letters are written twice: «capacitataron».
fn doublings(letters: &[char]) -> Vec<String> {
    let twice = |at: usize, n: usize| letters.get(at + n..at + 2 * n).is_some_and(|next| next == &letters[at..at + n]);
    let places = (2..=3).flat_map(|n| (0..letters.len()).filter(move |&at| twice(at, n)).map(move |at| (at, n)));
    places.map(|(at, n)| spelled(letters, at, n, &[])).collect()
}

/// Two letters in the wrong order; hardly anybody mistakes the first one.
fn swaps(letters: &[char]) -> Vec<String> {
    letters.windows(2).enumerate().skip(1).map(|(at, pair)| spelled(letters, at, 2, &[pair[1], pair[0]])).collect()
}

/// One letter too many.
fn additions(letters: &[char]) -> Vec<String> {
    (0..letters.len()).map(|at| spelled(letters, at, 1, &[])).collect()
}

/// One letter too few.
fn omissions(letters: &[char]) -> Vec<String> {
    (0..=letters.len()).flat_map(|at| LETTERS.chars().map(move |c| spelled(letters, at, 0, &[c]))).collect()
}

/// One letter for another.
fn replacements(letters: &[char]) -> Vec<String> {
    (0..letters.len()).flat_map(|at| LETTERS.chars().map(move |c| spelled(letters, at, 1, &[c]))).collect()
}

/// The letters with some of them replaced.
fn spelled(letters: &[char], at: usize, n: usize, new: &[char]) -> String {
    letters[..at].iter().chain(new).chain(&letters[at + n..]).collect()
}

/// A letter without the accent that marks the stress; ñ and ü are letters of their own.
#[must_use]
pub fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' | 'ì' => 'i',
        'ó' | 'ò' => 'o',
        'ú' | 'ù' => 'u',
        _ => letter,
    }
}

/// The accent that Spanish has, instead of the one that another language has.
fn with_acute(letter: char) -> Option<char> {
    with_accent(without_accent(letter)).filter(|_| "àèìòù".contains(letter))
}

fn with_accent(letter: char) -> Option<char> {
    match letter {
        'a' => Some('á'),
        'e' => Some('é'),
        'i' => Some('í'),
        'o' => Some('ó'),
        'u' => Some('ú'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(word: &str, known: &[&str]) -> Option<String> {
        nearest(word, |word| known.contains(&word))
    }

    #[test]
    fn accents_are_put_and_taken_away() {
        let accented = |word, known: &[&str]| accented(word, |word| known.contains(&word));
        assert_eq!(accented("gestion", &["gestión"]), ["gestión"]);
        assert_eq!(accented("gestiòn", &["gestión"]), ["gestión"]);
        assert_eq!(accented("volúmen", &["volumen"]), ["volumen"]);
        assert_eq!(accented("anális", &["analis", "análisis"]), ["analis"]);
        assert_eq!(accented("termíno", &["término", "terminó"]), ["término", "terminó"]);
        assert!(accented("gestion", &["gestor"]).is_empty());
    }

    #[test]
    fn one_slip_is_taken_back() {
        assert_eq!(near("capacitataron", &["capacitaron", "capacitar"]), Some("capacitaron".into()));
        // Letters that stand twice come first: «capacitaron» and not another word that is as near.
        assert_eq!(near("adelantantar", &["adelantar", "adelantanta"]), Some("adelantar".into()));
        assert_eq!(near("ténicos", &["étnicos", "técnicos"]), Some("técnicos".into()));
        assert_eq!(near("reailzar", &["realizar"]), Some("realizar".into()));
        assert_eq!(near("recusrso", &["recurso"]), Some("recurso".into()));
        assert_eq!(near("proyeto", &["proyecto"]), Some("proyecto".into()));
        assert_eq!(near("elavorar", &["elaborar"]), Some("elaborar".into()));
    }

    #[test]
    fn nothing_is_proposed_where_two_words_could_be_meant_or_none() {
        assert_eq!(near("realizarn", &["realizar", "realizan"]), None);
        assert_eq!(near("encuetran", &["encueran", "encuentran"]), None);
        assert_eq!(near("metrolab", &["metro"]), None);
        assert_eq!(near("alcs", &["alas"]), None);
    }
}
