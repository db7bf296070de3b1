//! The code at the foot of each page: by it a sheet of paper is compared with a file, by eye, by telephone camera, by the program.
//!
//! It is the beginning of the SHA-256 of the report's data, `informe.json`, which anybody can compute of the file inside the
//! report. Of 256 bits it has 128, as many as it takes that nobody, not even who writes the data, finds two reports of one code:
//! that would be 2⁶⁴ attempts.

use std::fmt::{self, Write};

use qrcode::{Color, EcLevel, QrCode};

use crate::digest::sha256;

/// How many hexadecimal digits a code has.
const DIGITS: usize = 32;
/// How many of them stand together.
const GROUP: usize = 4;

/// The code of a report's data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Code(String);

/// A code as a drawing (ISO/IEC 18004).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// How many modules each side has, without the empty ones around.
    pub side: usize,
    /// The dark ones, as SVG: one unit a module, nothing around them.
    pub svg: String,
}

impl Code {
    /// The code of data, as they stand inside the report.
    #[must_use]
    pub fn of(data: &[u8]) -> Self {
        let mut digits = sha256(data).to_uppercase();
        digits.truncate(DIGITS);
        Self(digits)
    }

    /// The code that somebody read or scanned: in groups or not, in small letters or capitals, after an address or not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let separates = |c: &char| !c.is_whitespace() && *c != '-';
        let digits: Vec<char> = text.chars().filter(separates).collect();
        let code = digits.get(digits.len().checked_sub(DIGITS)?..)?;
        // After an address there is its last sign, of which no digit is part.
        let before = digits.len().checked_sub(DIGITS + 1).and_then(|at| digits.get(at));
        let is_code = code.iter().all(char::is_ascii_hexdigit) && before.is_none_or(|c| !c.is_ascii_alphanumeric());
        is_code.then(|| Self(code.iter().map(char::to_ascii_uppercase).collect()))
    }

    /// What a camera reads: the code, after the address where the entity answers for it.
    ///
    /// `None` if it is too long for a drawing.
    #[must_use]
    pub fn drawing(&self, address: Option<&str>) -> Option<Drawing> {
        let text = format!("{}{}", address.unwrap_or_default(), self.0);
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let side = code.width();
        let modules = code.to_colors();
        let rows = modules.chunks(side).enumerate();
        let path: String = rows.map(|(y, row)| dark_runs(row, y)).collect();
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{side}\" height=\"{side}\">\
             <path d=\"{path}\"/></svg>\n"
        );
        Some(Drawing { side, svg })
    }
}

/// The dark modules of a row that stand side by side, as one rectangle each.
fn dark_runs(row: &[Color], y: usize) -> String {
    let (mut path, mut x) = (String::new(), 0);
    for run in row.chunk_by(|one, next| one == next) {
        let width = run.len();
        if run.first() == Some(&Color::Dark) {
            let _ = write!(path, "M{x} {y}h{width}v1h-{width}z");
        }
        x += width;
    }
    path
}

impl fmt::Display for Code {
    /// In groups, as the page has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<&str> = (0..self.0.len()).step_by(GROUP).filter_map(|at| self.0.get(at..at + GROUP)).collect();
        f.write_str(&groups.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_beginning_of_the_digest_of_the_data() {
        // FIPS 180-4: SHA-256 of «abc».
        let code = Code::of(b"abc");
        assert_eq!(code.to_string(), "BA78 16BF 8F01 CFEA 4141 40DE 5DAE 2223");
    }

    #[test]
    fn it_is_read_however_somebody_writes_it_down() {
        let code = Code::of(b"abc");
        for written in [
            "BA78 16BF 8F01 CFEA 4141 40DE 5DAE 2223",
            "ba7816bf8f01cfea414140de5dae2223",
            " ba78-16bf-8f01-cfea-4141-40de-5dae-2223\n",
            "https://entidad.gov.co/v/BA7816BF8F01CFEA414140DE5DAE2223",
            "https://entidad.gov.co/v?codigo=BA7816BF8F01CFEA414140DE5DAE2223",
        ] {
            assert_eq!(Code::parse(written).as_ref(), Some(&code), "{written}");
        }
    }

    #[test]
    fn what_is_too_short_too_long_or_no_number_is_no_code() {
        for written in ["", "BA78", "BA7816BF8F01CFEA414140DE5DAE222", "0BA7816BF8F01CFEA414140DE5DAE2223"] {
            assert_eq!(Code::parse(written), None, "{written}");
        }
        assert_eq!(Code::parse("GA7816BF8F01CFEA414140DE5DAE2223"), None);
        assert_eq!(Code::parse("áéíóú áéíóú áéíóú áéíóú áéíóú áéíóú áéíóú"), None);
    }

    #[test]
    fn without_an_address_it_is_a_small_drawing() {
        let drawing = Code::of(b"abc").drawing(None).unwrap();
        assert_eq!(drawing.side, 25);
        assert!(drawing.svg.contains("M0 0h7v1h-7z"), "the corner of every such drawing");
    }

    #[test]
    fn an_address_that_is_too_long_is_not_drawn() {
        assert_eq!(Code::of(b"abc").drawing(Some(&"x".repeat(4_000))), None);
    }
}
