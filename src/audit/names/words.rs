//! What the parts of this family ask of words and of what stands beside them.

use crate::prose::starts_upper;
use unicode_normalization::UnicodeNormalization;

use crate::prose::spelling::SPELLING;
use crate::prose::{Kind, Token, fold};

/// Words that join others within a name and say nothing of their own.
const CONNECTORS: [&str; 14] = ["a", "al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "para", "por", "y"];

/// What other bodies are called: whose name one of these begins is another's.
const INSTITUTIONS: [&str; 45] = [
    "agencia",
    "alcaldia",
    "alcaldias",
    "area",
    "asamblea",
    "asociacion",
    "banco",
    "camara",
    "comision",
    "comite",
    "concejo",
    "congreso",
    "consejo",
    "contraloria",
    "corporacion",
    "defensoria",
    "departamento",
    "direccion",
    "distrito",
    "embajada",
    "empresa",
    "federacion",
    "fiscalia",
    "fondo",
    "fundacion",
    "gobernacion",
    "gobierno",
    "hospital",
    "instituto",
    "ministerio",
    "municipio",
    "organizacion",
    "personeria",
    "policia",
    "presidencia",
    "procuraduria",
    "provincia",
    "rama",
    "region",
    "registraduria",
    "secretaria",
    "servicio",
    "superintendencia",
    "unidad",
    "universidad",
];

/// Whether a word, without accents and capitals, only joins others.
pub fn is_connector(folded: &str) -> bool {
    CONNECTORS.contains(&folded)
}

/// Whether a word, without accents and capitals, is what bodies are called.
pub fn is_institution(folded: &str) -> bool {
    INSTITUTIONS.contains(&folded)
}

/// Whether all letters of a word are capitals.
pub fn is_in_capitals(word: &str) -> bool {
    starts_upper(word) && !word.chars().any(char::is_lowercase)
}

/// The word after a token, with nothing but a blank between.
pub fn next_word(tokens: &[Token], at: usize) -> Option<usize> {
    let [_, Token { kind: Kind::Space, .. }, Token { kind: Kind::Word, .. }, ..] = tokens.get(at..)? else {
        return None;
    };
    Some(at + 2)
}

/// The word before a token, with nothing but a blank between.
pub fn previous_word(tokens: &[Token], at: usize) -> Option<usize> {
    let [.., Token { kind: Kind::Word, .. }, Token { kind: Kind::Space, .. }] = tokens.get(..at)? else { return None };
    Some(at - 2)
}

/// The word before a token, without accents and capitals.
pub fn before(text: &str, tokens: &[Token], at: usize) -> Option<String> {
    previous_word(tokens, at).map(|word| fold(tokens[word].of(text)))
}

/// The part of a text from one token to another, that one included.
pub fn part(tokens: &[Token], first: usize, last: usize) -> std::ops::Range<usize> {
    tokens[first].range().start..tokens[last].range().end
}

/// Whether two texts differ in nothing but blanks, or in that one is all capitals.
pub fn are_the_same(written: &str, name: &str) -> bool {
    if written == name {
        return true;
    }
    let composed = |word: &str| word.nfc().collect::<String>();
    let same = |name: &str| written.split_whitespace().map(composed).eq(name.split_whitespace().map(composed));
    same(name) || same(&name.to_uppercase())
}

/// A name as it is to be written in the place of another: all capitals if that one is.
pub fn in_capitals_of(written: &str, name: &str) -> String {
    if written.contains(char::is_lowercase) { name.to_owned() } else { name.to_uppercase() }
}

/// Whether a word that differs from another in its accents only is a word of its own: «la Secretaria» is no «Secretaría».
pub fn is_another_word(written: &str, name: &str) -> bool {
    !are_the_same(&written.to_lowercase(), &name.to_lowercase()) && SPELLING.knows(written)
}

/// Whether a text can take the place of another within any TOML string, as it is.
pub fn is_plain(text: &str) -> bool {
    !text.contains(['"', '\'', '\\'])
}
