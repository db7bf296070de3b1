//! How much two texts have in common, in time that grows with their length and no faster.

use std::collections::HashMap;

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
    let mut seen: HashMap<&(String, String), usize> = HashMap::new();
    for pair in &one {
        *seen.entry(pair).or_default() += 1;
    }
    let mut common = 0;
    for pair in &other {
        if let Some(left) = seen.get_mut(pair).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    u32::try_from(200 * common / total).unwrap_or(100)
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let counts = |kind| matches!(kind, Kind::Word | Kind::Number | Kind::Code | Kind::Address);
    let words: Vec<String> = tokens(text)
        .into_iter()
        .filter(|token| counts(token.kind))
        .map(|token| token.of(text).to_lowercase())
        .collect();
    match &words[..] {
        [] => Vec::new(),
        [only] => vec![(only.clone(), String::new())],
        _ => words.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect(),
    }
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
