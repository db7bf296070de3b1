//! Numbers in words.

use super::near::is_word;

/// The last word of any number in words, but for those that are made of others: «treinta y seis» ends in «seis».
const NUMERALS: &[&str] = &[
    "cero",
    "un",
    "uno",
    "una",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "veinte",
    "treinta",
    "cuarenta",
    "cincuenta",
    "sesenta",
    "setenta",
    "ochenta",
    "noventa",
    "cien",
    "ciento",
    "mil",
    "millón",
    "millones",
    "medio",
    "media",
    "par",
    "docena",
    "decena",
];

/// How the numbers that are written as one word begin: dieciséis, veintidós, doscientas.
const BEGINNINGS: &[&str] = &[
    "dieci",
    "veinti",
    "doscient",
    "trescient",
    "cuatrocient",
    "quinient",
    "seiscient",
    "setecient",
    "ochocient",
    "novecient",
];

/// Whether a word is a number, or the last word of one.
pub fn is_numeral(word: &str) -> bool {
    let lower = word.to_lowercase();
    NUMERALS.contains(&lower.as_str())
        || BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
        // Ordinals: décimo, vigésimas.
        || ["imo", "ima", "imos", "imas"].iter().any(|end| lower.ends_with(end))
}

/// Whether a word counts two to ten, so that what follows is more than one.
pub fn is_small_plural(word: &str) -> bool {
    ["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"]
        .iter()
        .any(|number| is_word(word, number))
}

/// Whether a word is a number in Roman figures, up to XXXIX: longer lists nobody counts so.
pub fn is_roman(word: &str) -> bool {
    roman(word).is_some()
}

/// The Roman figures below ten.
const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];

/// The value of a number in Roman figures, all capitals or all small, up to 39.
pub fn roman(word: &str) -> Option<u32> {
    if word.is_empty() || word.len() > 7 || !word.is_ascii() {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    if word != lower && word != lower.to_ascii_uppercase() {
        return None;
    }
    let tens = lower.bytes().take_while(|&byte| byte == b'x').count();
    // The x of «ix» is no ten, and it comes last.
    let ones = ONES.iter().position(|ones| *ones == &lower[tens..])?;
    (tens <= 3).then(|| u32::try_from(10 * tens + ones).ok())?
}

/// A number up to 39 in small Roman figures.
pub fn written_roman(value: u32) -> String {
    let (tens, ones) = (value as usize / 10, value as usize % 10);
    "x".repeat(tens) + ONES[ones]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_figures_are_read_as_they_are_written() {
        for value in 1..=39 {
            assert_eq!(roman(&written_roman(value)), Some(value));
            assert_eq!(roman(&written_roman(value).to_uppercase()), Some(value));
        }
        for word in ["", "mi", "Vi", "xxxx", "iiii", "vx", "ñ", "xl"] {
            assert_eq!(roman(word), None, "{word}");
        }
    }
}
