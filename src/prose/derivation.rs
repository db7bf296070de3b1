//! Words that are right because of what they are made of: no dictionary lists every «micrositio», «georreferenciado» or
//! «interinstitucionalmente».

use super::fold::fold;

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

/// Endings that make nouns and adjectives of a verb, each with what the verb has in their place.
const OF_VERBS: &[(&str, &str)] = &[
    ("ación", "ar"),
    ("aciones", "ar"),
    ("ador", "ar"),
    ("adora", "ar"),
    ("adores", "ar"),
    ("adoras", "ar"),
    ("amiento", "ar"),
    ("amientos", "ar"),
    ("able", "ar"),
    ("ables", "ar"),
    ("abilidad", "ar"),
];

/// Endings that make a noun of an adjective.
const OF_ADJECTIVES: &[(&str, &str)] =
    &[("alidad", "al"), ("alidades", "al"), ("ividad", "ivo"), ("abilidad", "able"), ("ibilidad", "ible")];

/// Pronouns that are written as one word with the verb before them.
const PRONOUNS: &[&str] = &["se", "le", "les", "lo", "los", "la", "las", "me", "nos"];

/// How many bytes the word must have that another one is made of with an ending.
const BEFORE_ENDING: usize = 6;

/// Whether a word in lower case is one that is known, with a prefix before it, another ending, or pronouns after it.
#[must_use]
pub fn is_derived(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    let knows_base = |word: &str| knows(word) || is_prefixed(word, knows);
    is_prefixed(word, knows)
        || is_adverb(word, &knows_base)
        || has_ending(word, &knows_base)
        || has_pronouns(word, knows)
        || is_order(word, knows)
}

fn is_adverb(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    word.strip_suffix("mente").is_some_and(|adjective| {
        adjective.len() >= AFTER_LONG && adjective.ends_with(['a', 'e', 'l', 'n', 'r', 's', 'z']) && knows(adjective)
    })
}

/// Whether it is the noun or the adjective that belongs to a known word: «impermeabilización», «torrencialidad».
fn has_ending(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    OF_VERBS.iter().chain(OF_ADJECTIVES).any(|(ending, other)| {
        word.strip_suffix(ending)
            .map(|stem| format!("{stem}{other}"))
            .is_some_and(|base| base.len() >= BEFORE_ENDING && knows(&base))
    })
}

/// Whether it is an infinitive or a gerund with pronouns: «realizarle», «enviándosele», «entregárselo».
fn has_pronouns(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    let without = |word: &str| {
        let verbs = PRONOUNS.iter().filter_map(|pronoun| word.strip_suffix(pronoun));
        verbs.map(str::to_owned).collect::<Vec<String>>()
    };
    let is_infinitive = |verb: &str| verb.ends_with(['r']) && knows(verb);
    let is_gerund = |verb: &str| {
        let stem = verb.strip_suffix("ándo").map(|stem| (stem, "ando"));
        let stem = stem.or_else(|| verb.strip_suffix("éndo").map(|stem| (stem, "endo")));
        stem.is_some_and(|(stem, ending)| knows(&format!("{stem}{ending}")))
    };
    let is_stressed_infinitive = |verb: &str| {
        [("ár", "ar"), ("ér", "er"), ("ír", "ir")]
            .iter()
            .any(|(stressed, ending)| verb.strip_suffix(stressed).is_some_and(|stem| knows(&format!("{stem}{ending}"))))
    };
    without(word).iter().any(|verb| {
        is_infinitive(verb)
            || is_gerund(verb)
            || without(verb).iter().any(|verb| is_gerund(verb) || is_stressed_infinitive(verb))
    })
}

/// Whether it is a form of a verb with pronouns that gave it an accent, as orders have it: «publíquese», «désele». A word
/// that is known without its accent is no such form, but a slip: «tútela».
fn is_order(word: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    let without = |word: &str| {
        let verbs = PRONOUNS.iter().filter_map(|pronoun| word.strip_suffix(pronoun));
        verbs.map(str::to_owned).collect::<Vec<String>>()
    };
    let verbs = without(word);
    let is_verb = |verb: &String| is_stressed_form(verb, knows);
    let one = verbs.iter().any(is_verb);
    let two = || verbs.iter().flat_map(|verb| without(verb)).any(|verb| verb == "dé" || is_verb(&verb));
    (one || two()) && !knows(&fold(word))
}

/// Whether it is a known word that is stressed on the last syllable but one, and has an accent there: «publíque», «envíen».
fn is_stressed_form(verb: &str, knows: &dyn Fn(&str) -> bool) -> bool {
    let mut accents = verb.char_indices().filter(|(_, letter)| "áéíóú".contains(*letter));
    let (Some((at, accented)), None) = (accents.next(), accents.next()) else { return false };
    let rest = verb[at + accented.len_utf8()..].trim_end_matches('n');
    if !rest.is_empty() && rest.chars().all(is_vowel) {
        return knows(verb);
    }
    let last = rest.trim_start_matches(is_vowel).trim_start_matches(|letter| !is_vowel(letter));
    !last.is_empty() && last.chars().all(is_vowel) && knows(&fold(verb))
}

fn is_vowel(c: char) -> bool {
    "aeiou".contains(c)
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
    fn nouns_and_adjectives_belong_to_their_verb_or_adjective() {
        let known = ["impermeabilizar", "favorable", "torrencial", "administrar", "operar"];
        let derived = |word| is_derived(word, &|word| known.contains(&word));
        for word in
            ["impermeabilización", "favorabilidad", "torrencialidad", "administradoras", "administrable", "operación"]
        {
            assert!(derived(word), "{word}");
        }
        for word in ["impermeabilizacion", "impermeabilizadr", "ación", "alidad"] {
            assert!(!derived(word), "{word}");
        }
    }

    #[test]
    fn pronouns_follow_infinitives_and_gerunds_with_their_accents() {
        let known = ["realizar", "enviando", "entregar", "entregando"];
        let derived = |word| is_derived(word, &|word| known.contains(&word));
        for word in ["realizarle", "realizarlas", "enviándosele", "enviándola", "entregárselo", "entregándonos"] {
            assert!(derived(word), "{word}");
        }
        for word in ["entregandolo", "entregarselo", "entregárlo", "realizarr"] {
            assert!(!derived(word), "{word}");
        }
    }

    #[test]
    fn orders_take_an_accent_with_their_pronouns() {
        let known = ["publique", "contraten", "envíe", "dese", "informe", "informé", "tute", "tutela", "inscriba"];
        let derived = |word| is_derived(word, &|word| known.contains(&word));
        for word in ["publíquese", "contrátense", "envíese", "désele", "infórmeseles", "inscríbase"] {
            assert!(derived(word), "{word}");
        }
        for word in ["publiquese", "informése", "tútela", "ínscribase", "públiquese", "enviése"] {
            assert!(!derived(word), "{word}");
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
