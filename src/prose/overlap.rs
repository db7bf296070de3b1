//! How much two texts have in common, in time that grows with their length and no faster.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::prose::{Kind, tokens};

/// What share of two texts is the same, from 0 to 100: of all pairs of words that follow each other, those that both have
/// (Sørensen–Dice). Case and punctuation do not count; a text of one word is compared as it is.
#[must_use]
pub fn percent(one: &str, other: &str) -> u32 {
    let (one, other) = (pairs(one), pairs(other));
    let total = one.len() + other.len();
    if total == 0 {
        return 0;
    }
    u32::try_from(200 * common(&one, &other) / total).unwrap_or(100)
}

/// How many numbers two sorted lists have in common.
fn common(one: &[u64], other: &[u64]) -> usize {
    let (mut at, mut common) = (0, 0);
    for pair in one {
        while other.get(at).is_some_and(|of_other| of_other.cmp(pair) == Ordering::Less) {
            at += 1;
        }
        if other.get(at) == Some(pair) {
            (at, common) = (at + 1, common + 1);
        }
    }
    common
}

/// The pairs of a text, sorted, each as a number that stands for its two words.
fn pairs(text: &str) -> Vec<u64> {
    let counts = |kind| matches!(kind, Kind::Word | Kind::Number | Kind::Code | Kind::Address);
    let words: Vec<u64> =
        tokens(text).into_iter().filter(|token| counts(token.kind)).map(|token| of_word(token.of(text))).collect();
    let mut pairs = match &words[..] {
        [only] => vec![*only],
        _ => words.windows(2).map(|pair| hash(&pair)).collect(),
    };
    pairs.sort_unstable();
    pairs
}

/// The number that stands for a word, whatever its case.
fn of_word(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for c in word.chars().flat_map(char::to_lowercase) {
        c.hash(&mut hasher);
    }
    hasher.finish()
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_share_is_that_of_the_pairs_of_words() {
        assert_eq!(percent("Se hizo la mesa.", "se hizo la mesa"), 100);
        assert_eq!(percent("uno dos tres cuatro", "uno dos tres cinco"), 66);
        assert_eq!(percent("uno dos", "dos uno"), 0);
        assert_eq!(percent("", ""), 0);
        assert_eq!(percent("hola", "hola"), 100);
    }

    proptest! {
        #[test]
        fn the_order_of_the_two_does_not_matter(one in "([ab]{1,2} ){0,8}", other in "([ab]{1,2} ){0,8}") {
            prop_assert_eq!(percent(&one, &other), percent(&other, &one));
            prop_assert!(percent(&one, &other) <= 100);
        }
    }
}
