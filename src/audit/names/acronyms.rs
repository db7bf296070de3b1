//! An acronym is written out once, where the reader of the report finds it: in the plan or in that trimestre.
//!
//! An acronym is a word of three capitals or more, «ANLA», or of such with hyphens, «RAP-E». It is written out where the name
//! stands beside it: «Autoridad Nacional de Licencias Ambientales (ANLA)», «ANLA - Autoridad …». What may be something
//! else is silent: words in capitals among others, words of the dictionary, Roman numerals, codes with digits.

use crate::prose::starts_upper;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::audit::Subject;
use crate::audit::names::words::{is_connector, is_in_capitals, part};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::SPELLING;
use crate::prose::{Kind, PLACES, Token, fold};

/// Acronyms that need no name: they are words of everyday language, of what every citizen has, or forms of companies.
const COMMON: [&str; 35] = [
    "ADN", "ARL", "ARN", "COP", "COVID", "DVD", "EPS", "ESE", "ESP", "GPS", "HTML", "IPS", "ISBN", "ISO", "ISSN",
    "IVA", "LTDA", "NIT", "OEA", "ONG", "ONU", "PBX", "PDF", "PIB", "RUT", "SAS", "SIDA", "SMS", "SOAT", "TIC", "URL",
    "USB", "USD", "VIH", "VPN",
];

/// Acronyms that are words of the dictionary too; any other such word in capitals is taken for the word.
const WORDS_TOO: [&str; 4] = ["CAR", "RAP", "SENA", "SIC"];

/// Letters of the longest acronym; what is longer is a name in capitals.
const LONGEST: usize = 10;

/// Words of the longest name of an acronym.
const MOST_WORDS: usize = 16;

/// Where the acronyms of some texts stand.
type Uses<'t> = BTreeMap<&'t str, Use<'t>>;

/// What is known of an acronym.
struct Use<'t> {
    /// Where it stands first.
    text: &'t Text<'t>,
    range: std::ops::Range<usize>,
    /// Whether it is written out anywhere.
    is_written_out: bool,
}

/// `sigla-sin-desarrollo`: once in each report, at the first use.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let own = subject.entity().and_then(|entity| entity.text("sigla")).map_or("", |own| own.value);
    let known =
        |acronym: &str| acronym == own || COMMON.contains(&acronym) || subject.settings.acronyms.contains(acronym);
    let mut of_plan = uses(subject.texts.iter().filter(|text| text.quarter.is_none()));
    of_plan.retain(|acronym, _| !known(acronym));
    // What is used in the plan is told of once, whatever the number of reports.
    let mut told = HashSet::new();
    let mut reports: Vec<Uses<'_>> = subject
        .asked_for()
        .map(|(_, follow_up)| uses(subject.texts.iter().filter(|text| text.quarter == Some(follow_up.quarter))))
        .collect();
    if reports.is_empty() {
        reports.push(Uses::new());
    }
    for report in &reports {
        let used_there = report.iter().filter(|(acronym, _)| !of_plan.contains_key(*acronym) && !known(acronym));
        for (acronym, first) in of_plan.iter().chain(used_there) {
            let is_written_out = first.is_written_out || report.get(acronym).is_some_and(|here| here.is_written_out);
            if !is_written_out && told.insert((*acronym, first.text.span, first.range.start)) {
                findings.push(missing(acronym, first));
            }
        }
    }
}

fn missing(acronym: &str, first: &Use<'_>) -> Finding {
    let message = format!("la sigla {acronym} se usa sin su desarrollo");
    first
        .text
        .finding(&code::ACRONYM, first.range.clone(), message)
        .label("¿qué significa?")
        .help(format!("escriba la primera vez el nombre completo y, entre paréntesis, ({acronym})"))
}

/// The acronyms of some texts.
fn uses<'t>(texts: impl Iterator<Item = &'t Text<'t>>) -> Uses<'t> {
    let mut uses = Uses::new();
    let mut dictionary = Dictionary::new();
    // A text in capitals has no acronyms that could be told from its words.
    for text in texts.filter(|text| text.value.chars().any(char::is_lowercase)) {
        let mut at = 0;
        while at < text.tokens.len() {
            let end = chain_end(text, at);
            // Most words are not in capitals.
            let has_capitals = (at..=end).any(|at| is_in_capitals(text.tokens[at].of(text.value)));
            let found = if has_capitals { acronyms(text, at, end, &mut dictionary) } else { Vec::new() };
            for (first, last) in found {
                let range = part(&text.tokens, first, last);
                let known =
                    uses.entry(&text.value[range.clone()]).or_insert(Use { text, range, is_written_out: false });
                known.is_written_out = known.is_written_out || is_written_out(text, first, last);
            }
            at = end + 1;
        }
    }
    uses
}

/// Which words in capitals are acronyms; a word is looked up once.
type Dictionary<'t> = HashMap<&'t str, bool>;

/// The last token of the words that hyphens join to the one at a token.
fn chain_end(text: &Text<'_>, at: usize) -> usize {
    let tokens = &text.tokens;
    let is_part = |token: &Token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Code);
    if !is_part(&tokens[at]) {
        return at;
    }
    let mut end = at;
    while let [hyphen, part, ..] = tokens.get(end + 1..).unwrap_or_default()
        && hyphen.is(text.value, '-')
        && is_part(part)
    {
        end += 2;
    }
    end
}

/// The acronyms among words that hyphens join, each by its first and last token.
fn acronyms<'t>(text: &'t Text<'_>, first: usize, last: usize, dictionary: &mut Dictionary<'t>) -> Vec<(usize, usize)> {
    let tokens = &text.tokens;
    let parts = || (first..=last).step_by(2);
    let word = |at: usize| tokens[at].of(text.value);
    if !parts().all(|at| tokens[at].kind == Kind::Word) {
        return Vec::new();
    }
    let letters = |at: usize| word(at).chars().count();
    let is_whole = last > first
        && parts().all(|at| is_in_capitals(word(at)))
        && parts().any(|at| letters(at) < 3)
        && (3..=LONGEST).contains(&parts().map(letters).sum());
    if is_whole {
        return if is_among_capitals(text, first, last) { Vec::new() } else { vec![(first, last)] };
    }
    let in_capitals = parts().filter(|&at| is_in_capitals(word(at)) && (3..=LONGEST).contains(&letters(at)));
    let alone = in_capitals.filter(|_| !is_among_capitals(text, first, last));
    let mut is_acronym = |at: &usize| *dictionary.entry(word(*at)).or_insert_with_key(|word| is_acronym(word));
    alone.filter(|at| is_acronym(at)).map(|at| (at, at)).collect()
}

/// Whether a word in capitals is an acronym, and no numeral, place or word of the language.
fn is_acronym(word: &str) -> bool {
    !is_roman(word) && PLACES.named(word).is_none() && (WORDS_TOO.contains(&word) || !is_a_word(&word.to_lowercase()))
}

/// Whether the dictionary has a word, or would have it if one vowel had an accent: in capitals many leave it out.
fn is_a_word(word: &str) -> bool {
    let accented = |(at, vowel): (usize, char)| {
        let accented = match vowel {
            'a' => 'á',
            'e' => 'é',
            'i' => 'í',
            'o' => 'ó',
            'u' => 'ú',
            _ => return false,
        };
        SPELLING.knows(&format!("{}{accented}{}", &word[..at], &word[at + 1..]))
    };
    SPELLING.knows(word) || word.char_indices().any(accented)
}

/// Whether a word is a Roman numeral from 1 to 3999.
fn is_roman(word: &str) -> bool {
    const PLACES: [[&str; 9]; 4] = [
        ["M", "MM", "MMM", "", "", "", "", "", ""],
        ["C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"],
        ["X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"],
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"],
    ];
    let mut rest = word;
    for digits in PLACES {
        let longest = digits.iter().filter(|digit| rest.starts_with(**digit)).map(|digit| digit.len()).max();
        rest = &rest[longest.unwrap_or(0)..];
    }
    rest.is_empty()
}

/// Whether the words beside are in capitals too, so that it is a heading or a text in capitals.
fn is_among_capitals(text: &Text<'_>, first: usize, last: usize) -> bool {
    let tokens = &text.tokens;
    let is_capital = |at: Option<usize>| {
        at.and_then(|at| tokens.get(at)).is_some_and(|token| {
            let word = token.of(text.value);
            token.kind == Kind::Word && is_in_capitals(word) && word.chars().nth(1).is_some() && !is_roman(word)
        })
    };
    let blank = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|token| token.kind == Kind::Space);
    let after = blank(Some(last + 1)) && is_capital(Some(last + 2));
    let before = blank(first.checked_sub(1)) && is_capital(first.checked_sub(2));
    after || before
}

/// Whether the name stands beside an acronym.
fn is_written_out(text: &Text<'_>, first: usize, last: usize) -> bool {
    let word = |at: &usize| text.tokens[*at].of(text.value);
    let letters: Vec<char> =
        (first..=last).step_by(2).flat_map(|at| text.tokens[at].of(text.value).chars()).map(plain).collect();
    let stands = |name: &[usize], mark: Option<char>| {
        let name: Vec<&str> = name.iter().map(word).collect();
        (matches!(mark, Some('(' | '-' | '–' | '—')) && is_name(&name)) || has_initials(&name, &letters)
    };
    let (before, mark) = name_before(text, first);
    // With no mark between, «Instituto Distrital de Turismo IDT», the name must end right there.
    let joins = mark.is_some() || before.last().is_some_and(|at| at + 2 == first && starts_upper(word(at)));
    let (after, next_mark) = name_after(text, last);
    (joins && stands(&before, mark)) || (next_mark.is_some() && stands(&after, next_mark))
}

/// A letter without accent and capital.
fn plain(letter: char) -> char {
    fold(letter.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(letter)
}

/// The words before an acronym that may be its name, in their order, and the mark between.
fn name_before(text: &Text<'_>, first: usize) -> (Vec<usize>, Option<char>) {
    let mut mark = None;
    let mut words = Vec::new();
    for at in (0..first).rev() {
        let token = text.tokens[at];
        let written = token.of(text.value);
        match token.kind {
            Kind::Space => {}
            // «en adelante la RMBC», «o ANLA», «sigla ANLA».
            Kind::Word if words.is_empty() && is_introducing(written) => {}
            Kind::Word if words.len() < MOST_WORDS => words.push(at),
            Kind::Mark if words.is_empty() && "«“\"'‘".contains(written) => {}
            // «(en adelante, ANLA)».
            Kind::Mark if words.is_empty() && (mark.is_none() || written == "(") && "(-–—,".contains(written) => {
                mark = written.chars().next();
            }
            // A name may have commas within it.
            Kind::Mark if written == "," && mark.is_some_and(|mark| mark != ',') => {}
            Kind::Mark if "»”\"'’".contains(written) => {}
            _ => break,
        }
    }
    words.reverse();
    (words, mark)
}

fn is_introducing(word: &str) -> bool {
    matches!(
        word,
        "en" | "adelante" | "la" | "el" | "los" | "las" | "o" | "sigla" | "siglas" | "por" | "sus" | "su" | "inglés"
    )
}

/// The words after an acronym that may be its name, and the mark between.
fn name_after(text: &Text<'_>, last: usize) -> (Vec<usize>, Option<char>) {
    let mut mark = None;
    let mut words = Vec::new();
    for (at, token) in text.tokens.iter().enumerate().skip(last + 1) {
        let written = token.of(text.value);
        match token.kind {
            Kind::Space => {}
            Kind::Word if mark.is_some() && words.len() < MOST_WORDS => words.push(at),
            Kind::Mark if "«“\"'‘".contains(written) && words.is_empty() => {}
            Kind::Mark if mark.is_none() && "(-–—,:".contains(written) => mark = written.chars().next(),
            Kind::Mark if written == "," && !words.is_empty() && mark != Some(',') => {}
            _ => break,
        }
    }
    (words, mark)
}

/// Whether the words nearest to the acronym are a name: two capitalised ones at least, with nothing but connectors between.
fn is_name(words: &[&str]) -> bool {
    let counted = |words: &mut dyn Iterator<Item = &&str>| {
        words
            .take_while(|word| starts_upper(word) || is_connector(word))
            .filter(|word| starts_upper(word) && !is_in_capitals(word))
            .count()
    };
    counted(&mut words.iter()) >= 2 || counted(&mut words.iter().rev()) >= 2
}

/// Whether the letters are the beginnings of the words, in their order, with some words left out: «Sistema Electrónico para la
/// Contratación Pública» for SECOP.
fn has_initials(words: &[&str], letters: &[char]) -> bool {
    let words: Vec<Vec<char>> = words.iter().map(|word| fold(word).chars().take(letters.len()).collect()).collect();
    // reached[n]: with the words so far, the first n letters are found in two words at least (true) or in one.
    let mut reached: Vec<Option<bool>> = vec![None; letters.len() + 1];
    for word in &words {
        for from in (0..letters.len()).rev() {
            let begun = if from == 0 { Some(false) } else { reached[from].map(|_| true) };
            let Some(many) = begun else { continue };
            let common = word.iter().zip(&letters[from..]).take_while(|(one, other)| one == other).count();
            for to in &mut reached[from + 1..=from + common] {
                *to = Some(many || to.unwrap_or(false));
            }
        }
    }
    reached[letters.len()] == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roman_numerals_are_those_from_1_to_3999() {
        for numeral in ["III", "XIV", "MCMXCIX", "XXI", "CCI"] {
            assert!(is_roman(numeral), "{numeral}");
        }
        for word in ["IIII", "CIVIL", "CAR", "VX", "MMMM", "DIM"] {
            assert!(!is_roman(word), "{word}");
        }
    }

    #[test]
    fn initials_come_in_order_and_from_two_words_at_least() {
        let matches = |name: &str, letters: &str| {
            has_initials(&name.split(' ').collect::<Vec<_>>(), &letters.chars().map(plain).collect::<Vec<_>>())
        };
        assert!(matches("Autoridad Nacional de Licencias Ambientales", "ANLA"));
        assert!(matches("Plan Estratégico y de Ordenamiento de la Región Metropolitana", "PERM"));
        assert!(matches("sistema electrónico para la contratación pública", "SECOP"));
        assert!(matches("Región Administrativa y de Planeación Especial", "RAPE"));
        assert!(!matches("Gobernación de Cundinamarca", "FAO"));
        assert!(!matches("Ambientales Licencias Nacional Autoridad", "ANLA"));
        assert!(!matches("Carnaval", "CAR"));
        assert!(!matches("", "CAR"));
    }

    #[test]
    fn a_name_has_two_capitalised_words_next_to_the_acronym() {
        let is_name = |name: &str| is_name(&name.split(' ').collect::<Vec<_>>());
        assert!(is_name("con la Agencia Distrital para la Educación"));
        assert!(is_name("Instituto de Tecnología dijo que no"));
        assert!(!is_name("la mesa de Trabajo"));
        assert!(!is_name("Mesa abierta Técnica"));
        assert!(!is_name("FAO CAR"));
    }
}
