//! Numbers of identity documents, which are known by the words before them: «C.C. 52.123.456», «cédula de ciudadanía No.
//! 52123456». A NIT is public.

use std::ops::Range;

use crate::audit::personal::Figures;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::{Kind, Pieces};

/// The documents by their names, and from how many figures on their numbers are told from others.
const DOCUMENTS: &[(&str, usize)] = &[
    ("cédula", 6),
    ("cedula", 6),
    ("cédulas", 6),
    ("c . c", 6),
    ("cc", 6),
    ("c . e", 6),
    ("t . i", 10),
    ("ti", 10),
    ("tarjeta de identidad", 10),
    ("documento de identidad", 6),
    ("documento de identificación", 6),
    ("nuip", 8),
    ("pasaporte", 6),
];

/// Words and marks between the name and the number.
const BETWEEN: &[&str] = &[
    "de",
    "ciudadanía",
    "ciudadania",
    "extranjería",
    "extranjeria",
    "no",
    "nro",
    "n",
    "nº",
    "n°",
    "núm",
    "num",
    "número",
    "numero",
    ".",
    ":",
    "º",
    "°",
    "#",
];

/// `documento-de-identidad`.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let pieces = &text.pieces;
    for document in pieces.of_kinds(&[Kind::Number, Kind::Code]).filter_map(|at| document(pieces, at)) {
        let ending = &document.ending;
        let message = format!("el texto publica el documento de identidad de una persona, el terminado en {ending}");
        findings.push(
            (text.finding(&code::IDENTITY_DOCUMENT, pieces.range(document.pieces), message))
                .label("dato personal")
                .help("quite el número; si hay que nombrar a la persona, bastan el nombre y el cargo"),
        );
    }
}

/// The number of a document, with the name of the document.
struct Document {
    pieces: Range<usize>,
    /// Its last three figures.
    ending: String,
}

/// The document whose number begins at a piece.
fn document(pieces: &Pieces<'_>, number: usize) -> Option<Document> {
    const MOST_BETWEEN: usize = 7;
    if !matches!(pieces.kind(number), Some(Kind::Number | Kind::Code)) {
        return None;
    }
    // «la cédula de 250.000 personas»
    if number > 0 && pieces.is(number - 1, "de") {
        return None;
    }
    let after_name = (number.saturating_sub(MOST_BETWEEN)..=number)
        .rev()
        .find(|&at| at == 0 || !pieces.is_one_of(at - 1, BETWEEN))?;
    let (start, least) = DOCUMENTS.iter().find_map(|(name, least)| {
        let start = after_name.checked_sub(name.split(' ').count())?;
        pieces.phrase(start, name).map(|_| (start, *least))
    })?;
    if pieces.kind(number) == Some(Kind::Code) {
        let code = pieces.word(number);
        let like_one = (6..=9).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let ending = || code[code.len() - 3..].to_owned();
        let passport = like_one && pieces.is(start, "pasaporte");
        return passport.then(|| Document { pieces: start..number + 1, ending: ending() });
    }
    let found = Figures::at(pieces, number, &[" "])?;
    // Blanks may stand for the points, but whatever number follows next is none of this one's.
    let found = if found.is_whole() { found } else { Figures::at(pieces, number, &[])? };
    let digits = &found.digits;
    ((least..=11).contains(&digits.len()) && found.is_whole())
        .then(|| Document { pieces: start..found.pieces.end, ending: digits[digits.len() - 3..].to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let pieces = Pieces::new(text, &tokens(text));
        let found = (0..pieces.len()).filter_map(|at| document(&pieces, at));
        found.map(|document| &text[pieces.range(document.pieces)]).collect()
    }

    #[test]
    fn documents_are_known_by_the_words_before_them() {
        for text in [
            "C.C. 52.123.456",
            "CC 52123456",
            "cédula de ciudadanía No. 52.123.456",
            "cédula n.º 1.023.456.789",
            "Cédula 52 123 456",
            "documento de identidad número 52123456",
            "T.I. 1023456789",
            "C.E. 412345",
            "pasaporte AN123456",
        ] {
            assert_eq!(found(&format!("Se atendió a Ana, {text}, en Chía.")), [text]);
        }
        for text in [
            "El C.C. Gran Estación reunió a 52.123 personas.",
            "NIT 800.123.456-1",
            "La cédula catastral 25123456 se actualizó.",
            "Se expidieron 52.123.456 cédulas.",
            "Se renovó la cédula de 250.000 personas.",
            "Un motor de 2000 cc 52 kW",
            "TI 2025",
            "cédula 52.123.456-2025-01",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_read(text in "((C|\\.|cédula|pasaporte|No|-|[0-9]{1,4}|A[0-9]{5}|ñ) ?){0,14}") {
            let _ = found(&text);
        }
    }
}
