//! How the words of closed lists begin: the quick question that most words of a text are answered with «none of these».

/// The first two letters of some words or phrases.
pub struct Beginnings {
    /// For each first letter the second ones, each by its low bits: those tell letters of ASCII apart, whatever their case.
    seconds: [u32; 32],
}

/// The bits that tell a letter of ASCII from the others.
const LETTER: u8 = 31;

impl Beginnings {
    /// Those of lists of words or phrases in lower case.
    #[must_use]
    pub const fn of(lists: &[&[&str]]) -> Self {
        let mut beginnings = Self { seconds: [0; 32] };
        let mut list = 0;
        while list < lists.len() {
            let mut word = 0;
            while word < lists[list].len() {
                beginnings.add(lists[list][word]);
                word += 1;
            }
            list += 1;
        }
        beginnings
    }

    /// Those of one word or phrase more.
    pub const fn add(&mut self, word: &str) {
        /// What an accent may stand on, where it is written apart from its letter.
        const ACCENTED: &[u8] = b"aeioun";
        let word = word.as_bytes();
        if word.is_empty() {
            return;
        }
        let seconds = &mut self.seconds[(word[0] & LETTER) as usize];
        let second = if word.len() > 1 { word[1] } else { 0 };
        if second.is_ascii() {
            *seconds |= 1 << (second & LETTER);
            return;
        }
        let mut letter = 0;
        while letter < ACCENTED.len() {
            *seconds |= 1 << (ACCENTED[letter] & LETTER);
            letter += 1;
        }
    }

    /// Whether what is written, in whatever case, may be one of them or begin one.
    #[must_use]
    #[inline]
    pub fn fit(&self, written: &str) -> bool {
        match *written.as_bytes() {
            [] => false,
            [first] if first.is_ascii() => self.has(first, 0),
            [first, second, ..] if first.is_ascii() && second.is_ascii() => self.has(first, second),
            // With an accent so near it takes more than a look.
            _ => true,
        }
    }

    fn has(&self, first: u8, second: u8) -> bool {
        self.seconds[usize::from(first & LETTER)] >> (second & LETTER) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_list_always_fits_and_most_others_do_not() {
        let beginnings = Beginnings::of(&[&["está", "aún no", "única"], &["a", ", en"]]);
        for word in ["está", "ESTÁ", "aún", "AU\u{301}N", "u\u{301}nica", "ÚNICA", "A", ",", "estrategia"] {
            assert!(beginnings.fit(word), "{word}");
        }
        for word in ["", "ella", "al", "de", "."] {
            assert!(!beginnings.fit(word), "{word}");
        }
    }
}
