//! How the texts are written: what the norm of the language calls wrong, and what two texts of one report write differently.
//!
//! One file for each part. Each rule is a closed one: it knows what it looks for, and is silent where it cannot tell. The norms
//! are those of the Real Academia Española: *Diccionario panhispánico de dudas* (DPD) and *Ortografía de la lengua española* (OLE).

mod abbreviations;
mod accents;
mod agreement;
mod and_or;
mod articles;
mod blanks;
mod capitals;
mod clashes;
mod enumerations;
mod figures;
mod final_stop;
mod hashes;
mod initials;
mod near;
mod numerals;
mod pairs;
mod prepositions;
mod punctuation;
mod quotes;
mod repeated_words;
mod repetition;
mod spelling;
#[cfg(test)]
mod tests;

use crate::audit::Subject;
use crate::audit::subject::Text;
use crate::diag::Finding;

/// A part that looks at one text.
type OfAText = fn(&Text<'_>, &mut Vec<Finding>);
/// A part that compares texts.
type OfAllTexts = fn(&[Text<'_>], &mut Vec<Finding>);

/// All parts that look at one text.
const OF_A_TEXT: &[OfAText] = &[
    accents::check,
    agreement::check,
    and_or::check,
    articles::check,
    blanks::check,
    clashes::check,
    enumerations::check,
    figures::check,
    final_stop::check,
    initials::check,
    pairs::check,
    prepositions::check,
    punctuation::check,
    quotes::check,
    repeated_words::check,
];

/// All parts that compare texts with each other.
const OF_ALL_TEXTS: &[OfAllTexts] =
    &[capitals::check, enumerations::check_styles, final_stop::check_names, repetition::check];

/// Runs all parts.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    spelling::check(subject, findings);
    check_texts(&subject.texts, findings);
}

fn check_texts(texts: &[Text<'_>], findings: &mut Vec<Finding>) {
    for text in texts {
        for part in OF_A_TEXT {
            part(text, findings);
        }
    }
    for part in OF_ALL_TEXTS {
        part(texts, findings);
    }
}
