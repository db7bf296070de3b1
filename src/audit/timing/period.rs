//! Whether a narrative opens with the trimestre and the year of its own file: the commonest trace of a text that was
//! copied from another report.
//!
//! Only the opening counts, and only where it says when things were done («Durante el primer trimestre…», «A 31 de
//! marzo…»). A narrative that also speaks of its own trimestre compares the two, and is let be.

use std::ops::Range;

use crate::audit::Subject;
use crate::audit::narratives::Narrative;
use crate::audit::timing::calendar::{WrittenQuarter, day, month, ordinal, quarter};
use crate::diag::{Finding, code};
use crate::model::Quarter;
use crate::prose::Pieces;

/// A trimestre that the opening names, itself or by one of its days.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Opening {
    quarter: u8,
    year: Option<i32>,
    pieces: Range<usize>,
}

/// `periodo-ajeno`.
pub fn check(subject: &Subject<'_>, narrative: &Narrative<'_, '_>, pieces: &Pieces<'_>) -> Option<Finding> {
    let own = narrative.follow_up.quarter;
    let vigencia = subject.year.get();
    let opening = by_name(pieces).or_else(|| by_day(pieces, vigencia))?;
    let of_other_year = opening.year.is_some_and(|year| year != vigencia);
    if (opening.quarter == own.number() && !of_other_year) || speaks_of_its_own(pieces, &opening, own, vigencia) {
        return None;
    }
    let range = pieces.range(opening.pieces);
    let words = &narrative.text.value[range.clone()];
    let its_own = format!("{} trimestre de {vigencia}", own.roman());
    let message = format!("la narrativa comienza con «{words}», y es la del {its_own}");
    Some(
        (narrative.text.finding(&code::PERIOD_OF_ANOTHER, range, message))
            .label(format!("aquí se reporta el {its_own}"))
            .help("revise si el texto es de otro informe; si es de este, corrija el período que nombra"),
    )
}

/// «Durante el primer trimestre de 2024», «I trimestre:», «La Oficina, durante el primer trimestre, …».
fn by_name(pieces: &Pieces<'_>) -> Option<Opening> {
    const OPENINGS: &[&str] = &[
        "durante el",
        "durante",
        "en el",
        "en",
        "al cierre del",
        "a cierre del",
        "al finalizar el",
        "al término del",
        "finalizado el",
        "culminado el",
        "con corte al",
        "a corte del",
        "al",
        "el",
    ];
    const REACH: usize = 12;
    let opening = |at: usize| {
        let named = quarter(pieces, at)?;
        Some((at, named))
    };
    let first = || opening(pieces.phrases(0, OPENINGS).unwrap_or(0));
    let set_apart = |comma: usize| {
        let within = pieces.phrases(comma, &[", durante el", ", en el"])?;
        opening(within).filter(|(_, named)| pieces.is(named.end, ","))
    };
    let in_first_sentence = || pieces.after(0, REACH).find_map(set_apart);
    let (start, named): (usize, WrittenQuarter) = first().or_else(in_first_sentence)?;
    Some(Opening { quarter: named.number, year: named.year, pieces: start..named.end })
}

/// «A 31 de marzo de 2024», «Con corte al 30 de septiembre». The last day of the year before is where a year begins.
fn by_day(pieces: &Pieces<'_>, vigencia: i32) -> Option<Opening> {
    const OPENINGS: &[&str] = &[
        "a corte de",
        "a corte del",
        "a corte",
        "al corte de",
        "al corte del",
        "con corte a",
        "con corte al",
        "con corte de",
        "con corte del",
        "corte a",
        "corte al",
        "a",
        "al",
    ];
    let start = pieces.phrases(0, OPENINGS)?;
    let written = day(pieces, start).filter(|written| !written.is_impossible())?;
    if (written.day, written.month, written.year) == (31, 12, Some(vigencia - 1)) {
        return None;
    }
    let quarter = u8::try_from(written.month.div_ceil(3)).ok()?;
    Some(Opening { quarter, year: written.year, pieces: start..written.end })
}

/// Whether the narrative, after its opening, names its own trimestre or one of its months, or the present.
fn speaks_of_its_own(pieces: &Pieces<'_>, opening: &Opening, own: Quarter, vigencia: i32) -> bool {
    const PRESENT: &[&str] = &[
        "este trimestre",
        "presente trimestre",
        "trimestre actual",
        "actual trimestre",
        "trimestre en curso",
        "trimestre reportado",
        "este periodo",
        "este período",
        "presente periodo",
        "presente período",
        "a la fecha",
        "actualmente",
        "hoy",
    ];
    let is_own = |at: usize| {
        let named = quarter(pieces, at).is_some_and(|named| {
            let to_come = at > 1 && pieces.is_one_of(at - 2, &["para", "próximo", "siguiente"]);
            named.number == own.number() && named.year.is_none_or(|year| year == vigencia) && !to_come
        });
        let of_other_quarter = opening.quarter != own.number();
        let by_month = || month(pieces, at).is_some_and(|month| month.div_ceil(3) == u32::from(own.number()));
        // «y en el segundo»
        let by_ordinal = || pieces.is_one_of(at, &["el", "este"]) && ordinal(pieces, at + 1) == Some(own.number());
        named || (of_other_quarter && (by_month() || by_ordinal())) || pieces.phrases(at, PRESENT).is_some()
    };
    (opening.pieces.end..pieces.len()).any(is_own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    /// What a narrative of the second trimestre of 2025 opens with that is of another.
    fn other(text: &str) -> Option<&str> {
        let pieces = Pieces::new(text, &tokens(text));
        let own = Quarter::new(2).unwrap();
        let opening = by_name(&pieces).or_else(|| by_day(&pieces, 2025))?;
        let own_period = opening.quarter == 2 && opening.year.is_none_or(|year| year == 2025);
        (!own_period && !speaks_of_its_own(&pieces, &opening, own, 2025)).then(|| &text[pieces.range(opening.pieces)])
    }

    #[test]
    fn an_opening_of_another_trimestre_or_year_is_told() {
        for (text, words) in [
            ("Durante el primer trimestre de 2025 se publicó.", "primer trimestre de 2025"),
            ("Durante el segundo trimestre de 2024, se publicó.", "segundo trimestre de 2024"),
            ("En el trimestre I de 2025 se publicó.", "trimestre I de 2025"),
            ("III trimestre: se publicó.", "III trimestre"),
            ("La Oficina, durante el primer trimestre de 2025, publicó.", "primer trimestre de 2025"),
            ("A 31 de marzo de 2025 hay 300 cajas.", "31 de marzo de 2025"),
            ("Con corte al 30 de septiembre se publicó.", "30 de septiembre"),
            ("Al 30 de junio de 2024 se publicó.", "30 de junio de 2024"),
        ] {
            assert_eq!(other(text), Some(words), "{text}");
        }
    }

    #[test]
    fn its_own_trimestre_and_comparisons_are_let_be() {
        for text in [
            "Durante el segundo trimestre de 2025 se publicó.",
            "En el primer semestre se publicó.",
            "Durante el primer y segundo trimestre de 2025 se publicó.",
            "Durante el primer trimestre se elaboró; en el segundo trimestre se aprobó.",
            "En el primer trimestre se elaboró y en mayo se aprobó.",
            "En el primer trimestre se elaboró y en el segundo se aprobó.",
            "Frente al primer trimestre, el avance creció.",
            "Desde el primer trimestre se publica el boletín.",
            "Se atendieron las observaciones del primer trimestre.",
            "En el primer trimestre del contrato se entregó la sede.",
            "A 31 de diciembre de 2024 había 300 cajas.",
            "A 30 de junio hay 300 cajas.",
            "A 31 de marzo había 300 cajas y a la fecha hay 600.",
            "Para el tercer trimestre se espera la entrega.",
            "",
        ] {
            assert_eq!(other(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_opening_is_read(text in "((Durante|el|A|al|primer|segundo|trimestre|de|marzo|,|[0-9]{1,4}) ?){0,14}") {
            let _ = other(&text);
        }
    }
}
