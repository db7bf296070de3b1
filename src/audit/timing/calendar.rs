//! Days and trimestres as they are written in a text.

use chrono::NaiveDate;

use crate::model::MONTHS;
use crate::prose::{Kind, Pieces};

/// A day as written, which need not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDay {
    /// From 1 to 31.
    pub day: u32,
    /// From 1 to 12.
    pub month: u32,
    /// Between 1900 and 2100, if it is written.
    pub year: Option<i32>,
    /// The piece after it.
    pub end: usize,
}

impl WrittenDay {
    /// The day of the calendar, if the year is written and there is such a day.
    pub fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month, self.day)
    }

    /// Whether no year has such a day, or not the one that is written.
    pub fn is_impossible(self) -> bool {
        NaiveDate::from_ymd_opt(self.year.unwrap_or(2000), self.month, self.day).is_none()
    }
}

/// A trimestre as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenQuarter {
    /// From 1 to 4.
    pub number: u8,
    /// The year, if it is written.
    pub year: Option<i32>,
    /// The piece after it.
    pub end: usize,
}

/// The number of a month by its name.
pub fn month(pieces: &Pieces<'_>, at: usize) -> Option<u32> {
    // A word of another initial is no month; most are.
    if !pieces
        .word(at)
        .starts_with(['e', 'f', 'm', 'a', 'j', 's', 'o', 'n', 'd', 'E', 'F', 'M', 'A', 'J', 'S', 'O', 'N', 'D'])
    {
        return None;
    }
    if pieces.is(at, "setiembre") {
        return Some(9);
    }
    (1..).zip(MONTHS).find(|(_, name)| pieces.is(at, name)).map(|(number, _)| number)
}

/// The day that is written from a piece on: «15 de marzo de 2023», «15 de marzo», «15/03/2023», «2023-03-15».
pub fn day(pieces: &Pieces<'_>, at: usize) -> Option<WrittenDay> {
    in_words(pieces, at).or_else(|| in_figures(pieces, at))
}

fn in_words(pieces: &Pieces<'_>, at: usize) -> Option<WrittenDay> {
    let first = pieces.is_one_of(at, &["primero", "1º", "1o"]);
    let day = if first { 1 } else { figures(pieces, at, 1..=2)?.try_into().ok()? };
    let name = pieces.phrase(at + 1, "de")?;
    let month = month(pieces, name).filter(|_| (1..=31).contains(&day))?;
    let year = (pieces.phrases(name + 1, &["de", "del año", "del"])).and_then(|of| Some((year(pieces, of)?, of + 1)));
    let (year, end) = year.map_or((None, name + 1), |(year, end)| (Some(year), end));
    Some(WrittenDay { day, month, year, end })
}

/// Three numbers with the same mark between them and nothing else beside them: codes are longer.
fn in_figures(pieces: &Pieces<'_>, at: usize) -> Option<WrittenDay> {
    let mark = pieces.word(at + 1);
    let whole = ["/", "-"].contains(&mark) && pieces.word(at + 3) == mark;
    let joined = (at + 1..=at + 4).all(|at| pieces.touches(at));
    let longer =
        |at: usize| pieces.touches(at) && !pieces.is_one_of(at, &[".", ",", ";", ":", ")", "(", "»", "«", "\""]);
    if !whole || !joined || longer(at) || longer(at + 5) {
        return None;
    }
    let (day, month, year) = if mark == "-" && pieces.word(at).len() == 4 {
        (figures(pieces, at + 4, 2..=2)?, figures(pieces, at + 2, 2..=2)?, year(pieces, at)?)
    } else {
        (figures(pieces, at, 1..=2)?, figures(pieces, at + 2, 1..=2)?, year(pieces, at + 4)?)
    };
    let within = (1..=31).contains(&day) && (1..=12).contains(&month);
    within.then_some(WrittenDay { day: day.unsigned_abs(), month: month.unsigned_abs(), year: Some(year), end: at + 5 })
}

/// The trimestre that is written from a piece on: «segundo trimestre de 2024», «II trimestre», «trimestre II de 2024».
/// One of something else («primer trimestre del contrato») is none.
pub fn quarter(pieces: &Pieces<'_>, at: usize) -> Option<WrittenQuarter> {
    let (number, end) = match ordinal(pieces, at) {
        Some(number) => (number, pieces.phrase(at + 1, "trimestre")?),
        None => (roman(pieces, pieces.phrase(at, "trimestre")?)?, at + 2),
    };
    let of = pieces.phrases(
        end,
        &[
            "de la presente vigencia",
            "de la vigencia",
            "de este año",
            "del presente año",
            "del año",
            "del",
            "de",
            "vigencia",
            "-",
            "–",
            "/",
            "(",
        ],
    );
    match of {
        Some(of) => match year(pieces, of) {
            Some(year) => Some(WrittenQuarter { number, year: Some(year), end: of + 1 }),
            None if pieces.is_one_of(of - 1, &["vigencia", "año", "-", "–", "("]) => {
                Some(WrittenQuarter { number, year: None, end })
            }
            None => None,
        },
        None => Some(WrittenQuarter { number, year: None, end }),
    }
}

/// Which trimestre an ordinal says.
pub fn ordinal(pieces: &Pieces<'_>, at: usize) -> Option<u8> {
    const ORDINALS: [&[&str]; 4] = [
        &["primer", "primero", "1", "1er", "1º"],
        &["segundo", "2", "2do", "2º"],
        &["tercer", "tercero", "3", "3er", "3º"],
        &["cuarto", "4", "4to", "4º"],
    ];
    // What is said of a trimestre is a short word before it.
    if pieces.word(at).len() > 8 {
        return None;
    }
    (1..)
        .zip(ORDINALS)
        .find(|(_, words)| pieces.is_one_of(at, words))
        .map(|(number, _)| number)
        .or_else(|| roman(pieces, at))
}

fn roman(pieces: &Pieces<'_>, at: usize) -> Option<u8> {
    (1..).zip(["I", "II", "III", "IV"]).find(|(_, roman)| pieces.word(at) == *roman).map(|(number, _)| number)
}

/// A year of four figures.
fn year(pieces: &Pieces<'_>, at: usize) -> Option<i32> {
    figures(pieces, at, 4..=4).filter(|year| (1900..=2100).contains(year))
}

/// A number of so many figures and nothing but figures.
fn figures(pieces: &Pieces<'_>, at: usize, many: std::ops::RangeInclusive<usize>) -> Option<i32> {
    let plain = |word: &&str| many.contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    pieces.word(at).parse().ok().filter(|_| pieces.kind(at) == Some(Kind::Number) && plain(&pieces.word(at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn pieces(text: &str) -> Pieces<'_> {
        Pieces::new(text, &tokens(text))
    }

    #[test]
    fn a_day_is_read_in_the_forms_of_an_office() {
        let read = |text: &str| day(&pieces(text), 0).map(|day| (day.day, day.month, day.year));
        assert_eq!(read("15 de marzo de 2023"), Some((15, 3, Some(2023))));
        assert_eq!(read("1º de Setiembre del 2023,"), Some((1, 9, Some(2023))));
        assert_eq!(read("31 de junio"), Some((31, 6, None)));
        assert_eq!(read("30/06/2023."), Some((30, 6, Some(2023))));
        assert_eq!(read("2023-06-30"), Some((30, 6, Some(2023))));
        assert_eq!(read("30-6-2023)"), Some((30, 6, Some(2023))));
        for text in
            ["15 de los 40", "45 de marzo", "30/06/2023-12", "30/06-2023", "13/14/2023", "1.5 de mayo", "12/05/23"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(day(&pieces("A-30/06/2023"), 2), None);
    }

    #[test]
    fn a_trimestre_is_read_in_the_forms_of_an_office() {
        let read = |text: &str| quarter(&pieces(text), 0).map(|quarter| (quarter.number, quarter.year));
        assert_eq!(read("Segundo trimestre de 2024"), Some((2, Some(2024))));
        assert_eq!(read("III trimestre"), Some((3, None)));
        assert_eq!(read("trimestre IV de la vigencia 2024"), Some((4, Some(2024))));
        assert_eq!(read("1er trimestre del año"), Some((1, None)));
        assert_eq!(read("tercer trimestre, 2024 personas"), Some((3, None)));
        for text in [
            "primer trimestre del contrato",
            "primer trimestre de operación",
            "trimestre 2 talleres",
            "primer semestre",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_figures_are_read(text in "([0-9]{1,5}|/|-| |de|marzo|trimestre|I|primer){0,12}") {
            let pieces = pieces(&text);
            for at in 0..=pieces.len() {
                let _ = (day(&pieces, at).map(WrittenDay::is_impossible), quarter(&pieces, at));
            }
        }
    }
}
