//! The same words again in another place of a trimestre.
//!
//! Every run of words of a certain length has a number that is worked out from that of the run one word before; a run whose
//! number was met is a repetition. So the time grows with the length of the texts, whatever they say.

use std::hash::BuildHasherDefault;

use super::hashes::{ByHash, NOTHING, mix, with_word};
use super::near::{is_long, is_word, starts_lower};
use crate::audit::subject::{Text, TextRole};
use crate::diag::{Finding, code, quoted};
use crate::model::Quarter;
use crate::prose::{Kind, Token};

/// How many words in a row are a repetition.
const RUN: usize = 12;
/// How many words a sentence that stands twice must have.
const SENTENCE: usize = 8;

/// A word of a narrative.
struct Word {
    /// Which text it is of.
    text: u32,
    /// Which piece of it.
    piece: u32,
    /// The same for the same word, however its letters are written.
    hash: u64,
    is_lower: bool,
    is_long: bool,
    /// Whether it is the last one of its sentence.
    ends_sentence: bool,
}

/// Compares the narratives of each trimestre.
pub fn check(texts: &[Text<'_>], findings: &mut Vec<Finding>) {
    let of_quarter =
        |quarter| move |text: &&Text<'_>| text.role == TextRole::Narrative && text.quarter == Some(quarter);
    for quarter in Quarter::ALL {
        let narratives: Vec<&Text<'_>> = texts.iter().filter(of_quarter(quarter)).collect();
        compare(&narratives, findings);
    }
}

fn compare(texts: &[&Text<'_>], findings: &mut Vec<Finding>) {
    let words = words(texts);
    let mut runs = Windows::new(&words);
    let mut sentences: ByHash<usize> = ByHash::default();
    let mut told_to = 0;
    let mut sentence_start = 0;
    for at in 0..words.len() {
        if at > 0 && (words[at - 1].ends_sentence || words[at - 1].text != words[at].text) {
            sentence_start = at;
        }
        let earlier = runs.earlier(&words, at);
        if let Some(first) = earlier.filter(|_| at >= told_to) {
            let length = common(&words, first, at);
            if length >= RUN {
                // No part of what is only a name is more than one.
                told_to = at + length;
                if is_prose(&words[at..told_to], 8) {
                    findings.push(finding(texts, &words, first, at, length));
                }
            }
        }
        let length = at + 1 - sentence_start;
        if words[at].ends_sentence && (SENTENCE..RUN).contains(&length) && sentence_start >= told_to {
            let hash = words[sentence_start..=at].iter().fold(0, |hash, word| mix(hash, word.hash));
            let first = *sentences.entry(hash).or_insert(sentence_start);
            let is_again = first != sentence_start && common(&words[..=at], first, sentence_start) >= length;
            if is_again && is_prose(&words[sentence_start..=at], 6) {
                findings.push(finding(texts, &words, first, sentence_start, length));
            }
        }
    }
}

fn finding(texts: &[&Text<'_>], words: &[Word], first: usize, again: usize, length: usize) -> Finding {
    let (here, there) = (texts[words[again].text as usize], texts[words[first].text as usize]);
    let bytes =
        |text: &Text<'_>, at: usize| text.bytes(words[at].piece as usize, words[at + length - 1].piece as usize);
    let part = bytes(here, again);
    let place = match there.action {
        _ if std::ptr::eq(here, there) => "antes en este mismo texto".to_owned(),
        Some(number) => format!("en la acción {number}"),
        None => "en otro texto".to_owned(),
    };
    let message = format!("{length} palabras seguidas ya están {place}: «{}»", quoted(&here.value[part.clone()]));
    let finding = here.finding(&code::PHRASE_TWICE, part, message).label("repetido");
    let related = there.place(bytes(there, first));
    finding
        .related(related, "aquí está por primera vez")
        .help("diga aquí lo propio de esta acción o de este punto, o una las dos partes")
}

/// All words of the narratives, one narrative after the other, without the formulas that many begin with.
fn words(texts: &[&Text<'_>]) -> Vec<Word> {
    let mut words = Vec::new();
    for (number, text) in texts.iter().enumerate().filter(|(_, text)| !says_nothing_is_due(text)) {
        let pieces: Vec<usize> = (0..text.tokens.len()).filter(|&index| is_read(text.tokens[index])).collect();
        let body = &pieces[opening(text, &pieces)..];
        for (nth, &piece) in body.iter().enumerate() {
            let next = body.get(nth + 1).copied().unwrap_or(text.tokens.len());
            let written = text.piece(piece);
            words.push(Word {
                text: u32::try_from(number).unwrap_or(u32::MAX),
                piece: u32::try_from(piece).unwrap_or(u32::MAX),
                hash: with_word(NOTHING, written),
                is_lower: starts_lower(written),
                is_long: is_long(written, 4),
                ends_sentence: (piece..next)
                    .any(|at| text.is_line_end(at + 1) || matches!(text.mark(at), Some('.' | '?' | '!' | '…'))),
            });
        }
    }
    words
}

fn is_read(token: Token) -> bool {
    matches!(token.kind, Kind::Word | Kind::Number | Kind::Code | Kind::Address)
}

/// Whether a short narrative only says that nothing is due yet, which many actions may say in the same words.
fn says_nothing_is_due(text: &Text<'_>) -> bool {
    const NOT_DUE: &[&str] = &[
        "aplica",
        "reporta",
        "registra",
        "presenta",
        "comienza",
        "comenzará",
        "inicia",
        "iniciará",
        "empieza",
        "empezará",
    ];
    let words = || text.tokens.iter().filter(|token| token.kind == Kind::Word).map(|token| token.of(text.value));
    words().nth(30).is_none() && words().any(|word| NOT_DUE.contains(&word))
}

/// How many words an opening formula has: «Durante el segundo trimestre de 2024,».
fn opening(text: &Text<'_>, pieces: &[usize]) -> usize {
    let piece = |nth: usize| pieces.get(nth).map_or("", |&index| text.piece(index));
    if !["durante", "en", "para", "a", "al", "con", "por"].iter().any(|word| is_word(piece(0), word)) {
        return 0;
    }
    let Some(mut nth) = (0..pieces.len().min(9)).find(|&nth| matches!(piece(nth), "trimestre" | "periodo" | "período"))
    else {
        return 0;
    };
    nth += 1;
    while matches!(piece(nth), "de" | "del" | "la" | "año" | "vigencia") || piece(nth).starts_with("20") {
        nth += 1;
    }
    nth
}

/// The runs of [`RUN`] words that were met.
struct Windows {
    hash: u64,
    /// What the first word of a run was multiplied by.
    weight: u64,
    first: ByHash<usize>,
}

impl Windows {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

    fn new(words: &[Word]) -> Self {
        let weight = (1..RUN).fold(1_u64, |weight, _| weight.wrapping_mul(Self::BASE));
        Self { hash: 0, weight, first: ByHash::with_capacity_and_hasher(words.len(), BuildHasherDefault::default()) }
    }

    /// Where the run of words that begins at `at` stood before, without a word in common; it is noted down if it is new.
    /// To be asked for each word in turn.
    fn earlier(&mut self, words: &[Word], at: usize) -> Option<usize> {
        let weigh = |hash: u64, word: &Word| hash.wrapping_mul(Self::BASE).wrapping_add(word.hash);
        if at == 0 {
            self.hash = words.iter().take(RUN).fold(0, weigh);
        } else {
            let without_first = self.hash.wrapping_sub(words[at - 1].hash.wrapping_mul(self.weight));
            self.hash = words.get(at + RUN - 1).map_or(without_first, |word| weigh(without_first, word));
        }
        let last = words.get(at + RUN - 1)?;
        if last.text != words[at].text {
            return None;
        }
        let first = *self.first.entry(self.hash).or_insert(at);
        (first + RUN <= at).then_some(first)
    }
}

/// How many words two places have in common, each within its text and before the other begins.
fn common(words: &[Word], first: usize, again: usize) -> usize {
    let pairs = words[first..again].iter().zip(&words[again..]);
    pairs
        .take_while(|(one, other)| {
            one.hash == other.hash && one.text == words[first].text && other.text == words[again].text
        })
        .count()
}

/// Whether words are more than the long name of a unit or a norm.
fn is_prose(words: &[Word], least: usize) -> bool {
    let lower = words.iter().filter(|word| word.is_lower);
    lower.clone().count() >= least && lower.filter(|word| word.is_long).count() >= 4
}
