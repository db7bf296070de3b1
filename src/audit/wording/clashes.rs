//! Words that cannot follow each other.

use crate::prose::starts_upper;
use std::borrow::Cow;

use super::near::{is_long, is_lower, is_named_by_letter, starts_lower};
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::spelling::SPELLING;

/// Looks for two words that cannot follow each other: «los las», «para a la», «de el», «y informes».
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for (index, first) in text.words().filter(|(_, word)| word.len() <= 4) {
        let Some(next) = text.word_after(index) else { continue };
        let second = text.piece(next);
        let Some(remedy) = clash(text, index, &lower(first), next) else { continue };
        let message = format!("«{first} {second}»: una de estas dos palabras sobra o no es la que va");
        let finding = text.finding(&code::WORDS_CLASH, text.bytes(index, next), message);
        findings.push(finding.label("no pueden ir seguidas").help(remedy));
    }
}

/// A word that may begin a sentence.
fn lower(word: &str) -> Cow<'_, str> {
    if is_lower(word) { word.into() } else { word.to_lowercase().into() }
}

/// How to mend two words, if they cannot follow each other.
fn clash(text: &Text<'_>, first_at: usize, first: &str, second_at: usize) -> Option<String> {
    let second = text.piece(second_at);
    if let "y" | "o" = first {
        let is_alone = text.is_blank(first_at.wrapping_sub(1)) && is_lower(text.piece(first_at));
        return (is_alone && sounds_alike(first, second)).then(|| {
            let other = if first == "y" { "e" } else { "u" };
            format!("ante ese sonido se escribe «{other} {second}»")
        });
    }
    if !starts_lower(second) {
        return None;
    }
    let article = matches!(second, "el" | "la" | "los" | "las");
    match (first, second) {
        // The same word twice is told elsewhere.
        _ if first == second => None,
        ("el" | "la" | "los" | "las", _) if article => Some(format!("deje un solo artículo: «{first}» o «{second}»")),
        ("un", "el" | "los" | "las") => Some(format!("deje un solo artículo: «un» o «{second}»")),
        ("su" | "sus" | "lo", _) if article => Some(format!("deje una de las dos: «{first}» o «{second}»")),
        ("del", "el") => Some("escriba «del»".into()),
        ("del" | "al", _) if article => Some(format!("escriba «{} {second}»", if first == "del" { "de" } else { "a" })),
        ("de", "el") => Some("escriba «del», o «de él» si reemplaza a un nombre".into()),
        ("a", "el") => Some("escriba «al», o «a él» si reemplaza a un nombre".into()),
        ("a", "al") if !is_before_least(text, second_at) && !names(text, first_at) => {
            Some("deje una sola preposición: «a» o «al»".into())
        }
        ("de" | "en", "del") if !is_before_name(text, second_at) => {
            Some(format!("deje una sola preposición: «{first}» o «del»"))
        }
        ("para", "a") => is_before_article(text, second_at).then(|| "deje una sola preposición: «para» o «a»".into()),
        _ => None,
    }
}

/// Whether a name follows, of which «del» may be a part: «de del Castillo».
fn is_before_name(text: &Text<'_>, index: usize) -> bool {
    text.word_after(index).is_none_or(|next| starts_upper(text.piece(next)))
}

/// «a al menos dos».
fn is_before_least(text: &Text<'_>, index: usize) -> bool {
    text.word_after(index).is_none_or(|next| text.piece(next) == "menos")
}

/// Whether a letter is the name of what stands before it: «el punto a».
fn names(text: &Text<'_>, letter: usize) -> bool {
    text.word_before(letter).is_some_and(|before| is_named_by_letter(text.piece(before)))
}

/// Whether an article and a noun follow, but for the set phrases that begin with «a»: «para a la vez».
fn is_before_article(text: &Text<'_>, index: usize) -> bool {
    let Some(article) = text.word_after(index) else { return false };
    let Some(noun) = text.word_after(article) else { return false };
    let set = ["vez", "fecha", "par", "luz", "hora", "larga", "postre", "mayor", "menor", "brevedad", "vista", "sazón"];
    matches!(text.piece(article), "el" | "la" | "los" | "las") && !set.contains(&text.piece(noun))
}

/// Whether a word begins with the sound of «y» or «o», so that «e» or «u» goes before it (DPD, *y²* and *o²*).
fn sounds_alike(conjunction: &str, word: &str) -> bool {
    /// Words that are not pronounced as they are spelled in Spanish.
    const FOREIGN: &[&str] = &[
        "iceberg",
        "icebergs",
        "hippie",
        "hippies",
        "hip",
        "hit",
        "hits",
        "hinterland",
        "hobby",
        "hobbies",
        "hockey",
        "holding",
        "holdings",
        "host",
        "hosting",
        "hot",
        "hooligan",
    ];
    let lower = lower(word);
    let Some(rest) = lower.strip_prefix('h').or(Some(&*lower)) else { return false };
    let mut letters = rest.chars();
    let (first, second) = (letters.next(), letters.next());
    let sound = match conjunction {
        // «y hielo», «y ionización»: the sound is another one.
        "y" => matches!(first, Some('i' | 'í')) && second.is_some_and(|c| !"aeouáéóú".contains(c)),
        _ => matches!(first, Some('o' | 'ó')) && second.is_some_and(|c| c != 'u'),
    };
    let is_plain = is_lower(word.get(1..).unwrap_or_default()) && is_long(word, 3);
    sound && is_plain && !FOREIGN.contains(&&*lower) && SPELLING.knows(word)
}
