//! Words without what people leave out when they type: accents and capitals. The letter ñ stays: it is no n.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text in small letters without accents.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Adds a text to another, in small letters without accents.
pub fn fold_into(text: &str, folded: &mut String) {
    let start = folded.len();
    if !text.chars().all(|c| spanish(c).inspect(|&c| folded.push(c)).is_some()) {
        folded.truncate(start);
        fold_any_into(text, folded);
    }
}

/// The same with a text of whatever letters.
fn fold_any_into(text: &str, folded: &mut String) {
    const TILDE: char = '\u{303}';
    for c in text.nfd() {
        if c == TILDE && folded.ends_with('n') {
            folded.pop();
            folded.push('ñ');
        } else if !is_combining_mark(c) {
            folded.extend(c.to_lowercase());
        }
    }
}

/// A character of Spanish as a small letter without its accent.
fn spanish(c: char) -> Option<char> {
    match c {
        '\0'..='\x7F' => Some(c.to_ascii_lowercase()),
        'á' | 'Á' => Some('a'),
        'é' | 'É' => Some('e'),
        'í' | 'Í' => Some('i'),
        'ó' | 'Ó' => Some('o'),
        'ú' | 'Ú' | 'ü' | 'Ü' => Some('u'),
        'ñ' | 'Ñ' => Some('ñ'),
        _ => None,
    }
}

/// Hands out the letters of a text, each as a small one.
pub fn each_lower(text: &str, mut each: impl FnMut(char)) {
    for c in text.chars() {
        if c.is_ascii() {
            each(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(&mut each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_and_capitals_go_and_the_letter_ñ_stays() {
        assert_eq!(fold("Itagüí, NARIÑO y Bogotá"), "itagui, nariño y bogota");
        assert_eq!(fold("Bogota\u{301} n\u{303}"), "bogota ñ");
        assert_eq!(fold("Chia"), "chia");
    }

    proptest! {
        #[test]
        fn spanish_is_folded_as_any_language_is(text in "([a-zA-ZÁáÉéÍíÓóÚúÜüÑñ]|\\PC){0,6}") {
            let mut folded = String::new();
            fold_any_into(&text, &mut folded);
            prop_assert_eq!(fold(&text), folded);
        }
    }
}
