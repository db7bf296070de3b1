//! Words that are right because of what they are made of: no dictionary lists every «micrositio», «georreferenciado» or
//! «interinstitucionalmente».

/// Prefixes so short that letters left out or mixed up often look like one: what follows must be a long word.
const SHORT: &[&str] = &["bi", "bio", "co", "des", "eco", "geo", "neo", "pos", "pre", "pro", "re", "sub", "tri"];

/// The other ones that the administration makes words with.
const LONG: &[&str] = &[
    "aero", "afro", "agro", "anti", "audio", "auto", "ciber", "cloro", "contra", "cuasi", "electro", "etno", "euro",
    "ex", "extra", "ferro", "fisio", "foto", "hidro", "hiper", "hipo", "infra", "inmuno", "inter", "intra", "lecto",
    "macro", "mega", "micro", "mini", "mono", "moto", "multi", "nano", "narco", "neuro", "petro", "pluri", "poli",
    "post", "psico", "radio", "retro", "semi", "seudo", "sobre", "socio", "super", "supra", "tecno", "tele", "termo",
    "trans", "turbo", "ultra", "vice", "video",
];

/// How many bytes must follow a short prefix.
const AFTER_SHORT: usize = 6;
/// How many bytes must follow another one.
const AFTER_LONG: usize = 4;

/// Whether a word in lower case is one that is known, with a prefix before it, the ending of an adverb after it, or both.
#[must_use]
pub fn is_derived(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    is_prefixed(word, knows)
        || word.strip_suffix("mente").is_some_and(|adjective| {
            adjective.len() >= AFTER_LONG
                && adjective.ends_with(['a', 'e', 'l', 'n', 'r', 's', 'z'])
                && (knows(adjective) || is_prefixed(adjective, knows))
        })
}

/// Whether a word is a prefix of those that a hyphen may follow: «pos-COVID», «agro-industrial».
#[must_use]
pub fn is_prefix(word: &str) -> bool {
    SHORT.contains(&word) || LONG.contains(&word)
}

fn is_prefixed(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    let is_made_with = |prefix: &str, least: usize| {
        let base = word.strip_prefix(prefix).and_then(|rest| base(prefix, rest));
        base.is_some_and(|base| base.len() >= least && knows(base))
    };
    SHORT.iter().any(|prefix| is_made_with(prefix, AFTER_SHORT))
        || LONG.iter().any(|prefix| is_made_with(prefix, AFTER_LONG))
}

/// What stands after a prefix: between vowels, the r that a word begins with is written double.
fn base<'a>(prefix: &str, rest: &'a str) -> Option<&'a str> {
    let vowel = prefix.ends_with(['a', 'e', 'i', 'o', 'u']);
    match rest.strip_prefix('r') {
        Some(tail) if vowel => tail.starts_with('r').then_some(tail),
        _ => Some(rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(word: &str) -> bool {
        let known = ["sitio", "región", "referenciado", "institucional", "logístico", "sesos", "social", "rápida"];
        is_derived(word, &|word| known.contains(&word))
    }

    #[test]
    fn a_known_word_takes_prefixes_and_the_ending_of_adverbs() {
        for word in [
            "micrositio",
            "subregión",
            "suprarregión",
            "georreferenciado",
            "interinstitucional",
            "interinstitucionalmente",
            "agrologístico",
            "socialmente",
            "rápidamente",
        ] {
            assert!(derived(word), "{word}");
        }
    }

    #[test]
    fn what_only_looks_like_a_prefix_is_none() {
        // «procesos», misspelled; a single r between vowels; no word after the prefix.
        for word in ["prosesos", "georeferenciado", "micro", "micrositios", "mente", "rapidamente"] {
            assert!(!derived(word), "{word}");
        }
    }
}
