//! A concejo is elected and governs a municipality; a consejo gives counsel or directs.

use crate::audit::Subject;
use crate::audit::names::words::{next_word, part};
use crate::audit::subject::Text;
use crate::diag::{Code, Finding, code};
use crate::prose::starts_upper;
use crate::prose::{Kind, PLACES, fold};

/// What a body is called that is a consejo: the words after it.
const COUNSELS: [&[&str]; 25] = [
    &["academico"],
    &["asesor"],
    &["comunitario"],
    &["consultivo"],
    &["de", "administracion"],
    &["de", "estado"],
    &["de", "gobierno"],
    &["de", "ministros"],
    &["de", "seguridad"],
    &["departamental"],
    &["directivo"],
    &["distrital", "de", "gestion"],
    &["distrital", "de", "juventud"],
    &["distrital", "de", "politica"],
    &["de", "facultad"],
    &["municipal", "de", "gestion"],
    &["municipal", "de", "juventud"],
    &["municipal", "de", "juventudes"],
    &["municipal", "de", "politica"],
    &["nacional"],
    &["profesional"],
    &["regional"],
    &["superior"],
    &["tecnico"],
    &["territorial"],
];

/// Municipalities whose name may be what a consejo is about or whose it is: «Consejo de Contratación».
const OTHERS: [&str; 10] = [
    "argentina",
    "colombia",
    "concepcion",
    "concordia",
    "contratacion",
    "convencion",
    "fundacion",
    "purificacion",
    "soledad",
    "victoria",
];

/// `consejo-o-concejo`, in all texts.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for text in &subject.texts {
        for (at, token) in text.tokens.iter().enumerate() {
            let word = token.of(text.value);
            if token.kind != Kind::Word || word.len() != "consejo".len() {
                continue;
            }
            if word.eq_ignore_ascii_case("consejo") {
                findings.extend(consejo(text, at));
            } else if word.eq_ignore_ascii_case("concejo") {
                findings.extend(concejo(text, at));
            }
        }
    }
}

/// «Consejo de Chía», «consejo municipal de Soacha».
fn consejo(text: &Text<'_>, at: usize) -> Option<Finding> {
    let (value, tokens) = (text.value, &text.tokens);
    let mut next = next_word(tokens, at)?;
    let is_municipal = matches!(fold(tokens[next].of(value)).as_str(), "municipal" | "distrital");
    if is_municipal {
        next = next_word(tokens, next)?;
    }
    // In small letters, and with nothing else, it may be advice.
    if !is_municipal && !starts_upper(tokens[at].of(value)) {
        return None;
    }
    if fold(tokens[next].of(value)) != "de" {
        return None;
    }
    let place = next_word(tokens, next)?;
    let found = PLACES.at(value, tokens, place).filter(|_| names_a_place(text, place))?;
    let range = part(tokens, place, found.end - 1);
    let name = &value[range];
    let is_certain = found.place.is_municipality
        && (is_municipal || !(found.place.is_department || OTHERS.contains(&fold(name).as_str())));
    if !is_certain || is_of_something(text, found.end - 1) {
        return None;
    }
    let message = format!("el de {name} es un concejo, con «c»: la corporación que gobierna con la alcaldía");
    Some(swapped(text, at, &code::COUNCIL, "corporación municipal", message))
}

/// Whether the first letter that counts of a place is a capital: «La Calera», «la Calera».
fn names_a_place(text: &Text<'_>, at: usize) -> bool {
    let word = text.tokens[at].of(text.value);
    starts_upper(word)
        || (matches!(word, "la" | "el" | "los")
            && next_word(&text.tokens, at).is_some_and(|next| starts_upper(text.tokens[next].of(text.value))))
}

/// Whether what follows a municipality says that the body is about something: «de Gestión del Riesgo», «Juvenil».
fn is_of_something(text: &Text<'_>, last: usize) -> bool {
    let word = |at: usize| text.tokens[at].of(text.value);
    let Some(mut next) = next_word(&text.tokens, last) else { return false };
    if matches!(word(next), "de" | "del" | "para") {
        let Some(after) = next_word(&text.tokens, next) else { return false };
        let article = matches!(word(after), "la" | "el" | "las" | "los");
        next = if article { next_word(&text.tokens, after).unwrap_or(after) } else { after };
    }
    // «D. C.» is about nothing.
    starts_upper(word(next)) && word(next).len() > 1
}

/// «Concejo Directivo», «concejo de ministros».
fn concejo(text: &Text<'_>, at: usize) -> Option<Finding> {
    let follows = |words: &&[&str]| {
        let mut at = at;
        words.iter().all(|word| {
            let next = next_word(&text.tokens, at).filter(|&next| fold(text.tokens[next].of(text.value)) == *word);
            at = next.unwrap_or(at);
            next.is_some()
        })
    };
    COUNSELS.iter().find(|words| follows(words))?;
    let message = "ese órgano es un consejo, con «s»: concejo es solo la corporación de un municipio o distrito";
    Some(swapped(text, at, &code::COUNCIL, "no es una corporación municipal", message.to_owned()))
}

/// A finding that puts the other letter.
fn swapped(text: &Text<'_>, at: usize, code: &'static Code, label: &str, message: String) -> Finding {
    let written = text.tokens[at].of(text.value);
    let other = |c: char| match c {
        's' => 'c',
        'c' => 's',
        'S' => 'C',
        'C' => 'S',
        other => other,
    };
    // The letter in question is the fourth.
    let right: String = written.chars().enumerate().map(|(n, c)| if n == 3 { other(c) } else { c }).collect();
    text.finding(code, text.tokens[at].range(), message).label(label).help(format!("escriba «{right}»")).fix(right)
}
