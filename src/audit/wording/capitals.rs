//! Terms written now with capitals and now without: «Ágora Metropolitana» and «Ágora metropolitana».

use crate::prose::starts_upper;
use std::collections::HashSet;
use std::ops::Range;

use super::hashes::{ByHash, Hashes, NOTHING, with_word};
use super::near::{is_long, is_lower, starts_lower};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::SPELLING;

/// Words that head many names and as many things without one: a plan de trabajo is not always the Plan de Trabajo.
const GENERIC: &[&str] = &[
    "acta",
    "acuerdo",
    "agenda",
    "alcaldía",
    "audiencia",
    "comité",
    "comisión",
    "concejo",
    "consejo",
    "contrato",
    "convenio",
    "convocatoria",
    "dirección",
    "documento",
    "entidad",
    "equipo",
    "estrategia",
    "estudio",
    "gobernación",
    "grupo",
    "informe",
    "junta",
    "manual",
    "mesa",
    "ministerio",
    "modelo",
    "oficina",
    "plan",
    "política",
    "programa",
    "proyecto",
    "región",
    "reunión",
    "ruta",
    "secretaría",
    "servicio",
    "sistema",
    "subdirección",
    "taller",
];

/// Words with a capital that are no part of the name after them: what it is the name of, or the first word of a sentence.
const MAY_PRECEDE: &[&str] = &[
    "Programa",
    "Proyecto",
    "Plan",
    "Convocatoria",
    "Estrategia",
    "El",
    "La",
    "Los",
    "Las",
    "Del",
    "Al",
    "De",
    "En",
    "Con",
    "Para",
    "Por",
    "Este",
    "Esta",
    "Ese",
    "Esa",
    "Un",
    "Una",
    "Cada",
];

/// A term of two words, with what joins them.
struct Term {
    /// From its first piece to its last.
    pieces: (usize, usize),
    /// The same for the same term, however its letters are written, in the singular or the plural.
    hash: u64,
    /// That of its first word.
    head: u64,
}

/// Where a term stands.
struct Place<'a, 'b> {
    text: &'a Text<'b>,
    part: Range<usize>,
}

/// How a term is written.
#[derive(Default)]
struct Forms<'a, 'b> {
    capital: Vec<Place<'a, 'b>>,
    small: Vec<Place<'a, 'b>>,
}

/// Looks for terms with both words in capitals, and for the same with the last one in small letters.
pub fn check(texts: &[Text<'_>], findings: &mut Vec<Finding>) {
    let mut terms: ByHash<Forms<'_, '_>> = ByHash::default();
    let mut heads = Hashes::default();
    for text in texts {
        for term in text.words().filter_map(|(index, word)| capital(text, index, word)) {
            heads.insert(term.head);
            terms.entry(term.hash).or_default().capital.push(Place::new(text, &term));
        }
    }
    for text in texts {
        for term in text.words().filter_map(|(index, word)| small(text, index, word, &heads)) {
            if let Some(forms) = terms.get_mut(&term.hash) {
                forms.small.push(Place::new(text, &term));
            }
        }
    }
    // In the order of the texts, whatever the order of the map.
    let mut uneven: Vec<Finding> = terms.values().filter_map(Forms::finding).collect();
    crate::diag::sort(&mut uneven);
    findings.append(&mut uneven);
}

/// The term of two words that begins at a piece.
fn term(text: &Text<'_>, index: usize) -> Option<Term> {
    const MOST_JOINTS: usize = 3;
    let head_word = text.word(index).filter(|word| is_long(word, 4))?;
    let head = folded(NOTHING, head_word);
    let (mut last, mut hash) = (text.word_after(index)?, head);
    for _ in 0..MOST_JOINTS {
        if !is_joint(text.piece(last)) {
            break;
        }
        hash = folded(hash, text.piece(last));
        last = text.word_after(last)?;
    }
    is_long(text.piece(last), 4).then(|| Term { pieces: (index, last), hash: folded(hash, text.piece(last)), head })
}

/// «de», «la», or a letter that is a name: «Jóvenes a la U Regional».
fn is_joint(word: &str) -> bool {
    matches!(word, "de" | "del" | "la" | "las" | "los" | "el" | "a" | "al") || !is_long(word, 2) && starts_upper(word)
}

/// The number of some words and one more, without the s of its plural.
fn folded(words: u64, word: &str) -> u64 {
    with_word(words, word.strip_suffix('s').unwrap_or(word))
}

/// A term in capitals that is a name by itself, not a part of a longer one.
fn capital(text: &Text<'_>, index: usize, word: &str) -> Option<Term> {
    let is_title = |word: &str| starts_upper(word) && is_lower(word.get(first_letter(word)..).unwrap_or_default());
    if !is_title(word) {
        return None;
    }
    let term = term(text, index)?;
    let last = term.pieces.1;
    (is_title(text.piece(last)) && !goes_on(text, last) && !is_inside(text, index)).then_some(term)
}

fn first_letter(word: &str) -> usize {
    word.chars().next().map_or(0, char::len_utf8)
}

/// Whether a name goes on after a piece: «… del Agua», «… y Ciudadana», «… 2025».
fn goes_on(text: &Text<'_>, last: usize) -> bool {
    let mut next = last + 2;
    if !text.is_space(last + 1) {
        return matches!(text.mark(last + 1), Some('-' | '/'));
    }
    if matches!(text.mark(next), Some('-' | '–' | '"' | '«' | '“')) {
        return true;
    }
    while matches!(
        text.piece(next),
        "de" | "del" | "la" | "las" | "los" | "el" | "y" | "e" | "para" | "a" | "al" | "en" | "con"
    ) {
        next += 2;
    }
    !starts_lower(text.piece(next)) && text.mark(next).is_none()
}

/// Whether a name began before a piece: «Subdirección de …».
fn is_inside(text: &Text<'_>, first: usize) -> bool {
    let Some(before) = text.word_before(first) else {
        return matches!(text.mark(first.wrapping_sub(1)), Some('-' | '/' | '–'))
            || matches!(text.mark(first.wrapping_sub(2)), Some('-' | '–' | ','))
                && text.is_space(first.wrapping_sub(1));
    };
    let word = text.piece(before);
    if starts_upper(word) {
        return !MAY_PRECEDE.contains(&word);
    }
    let is_joint = matches!(word, "de" | "y" | "e" | "para");
    is_joint && text.word_before(before).is_some_and(|head| starts_upper(text.piece(head)))
}

/// A term whose last word is in small letters and that speaks of one certain thing: after an article, or within quotes.
fn small(text: &Text<'_>, index: usize, head: &str, heads: &Hashes) -> Option<Term> {
    if !is_long(head, 4) || !is_certain(text, index) || !heads.contains(&folded(NOTHING, head)) {
        return None;
    }
    let term = term(text, index).filter(|term| is_lower(text.piece(term.pieces.1)))?;
    // «En Soacha participa»: the capital is that of a place, and the next word goes on with the sentence.
    (starts_lower(head) || SPELLING.knows(&head.to_lowercase())).then_some(term)
}

fn is_certain(text: &Text<'_>, index: usize) -> bool {
    let before = index.wrapping_sub(1);
    if matches!(text.mark(before), Some('"' | '«' | '“')) {
        return true;
    }
    text.word_before(index).is_some_and(|before| {
        matches!(text.piece(before), "el" | "la" | "los" | "las" | "del" | "al" | "El" | "La" | "Los" | "Las")
    })
}

impl<'a, 'b> Place<'a, 'b> {
    fn new(text: &'a Text<'b>, term: &Term) -> Self {
        Self { text, part: text.bytes(term.pieces.0, term.pieces.1) }
    }

    fn says(&self) -> &'b str {
        &self.text.value[self.part.clone()]
    }
}

impl Forms<'_, '_> {
    fn finding(&self) -> Option<Finding> {
        let (capital, small) = (self.capital.first()?, self.small.first()?);
        let head = capital.says().split_whitespace().next().unwrap_or_default().to_lowercase();
        let actions: HashSet<i64> = self.capital.iter().filter_map(|place| place.text.action).collect();
        let is_one_action =
            self.small.iter().any(|place| place.text.action.is_some_and(|number| actions.contains(&number)));
        let is_generic = GENERIC.contains(&head.trim_end_matches('s')) || GENERIC.contains(&head.as_str());
        if is_generic || !(is_one_action || self.capital.len() > 1) {
            return None;
        }
        let (rare, usual, here, there) = if self.capital.len() < self.small.len() {
            (&self.capital, &self.small, capital, small)
        } else {
            (&self.small, &self.capital, small, capital)
        };
        let times = |n: usize| if n == 1 { "1 vez".to_owned() } else { format!("{n} veces") };
        let message = format!(
            "el mismo término se escribe {} «{}» y {} «{}»",
            times(rare.len()),
            here.says(),
            times(usual.len()),
            there.says()
        );
        let finding =
            here.text.finding(&code::CAPITALS_UNEVEN, here.part.clone(), message).label("con otras mayúsculas");
        Some(
            finding
                .related(there.text.place(there.part.clone()), "aquí, de la otra forma")
                .help("escríbalo siempre igual"),
        )
    }
}
