//! Texts as HTML takes them, and numbers and dates as a Colombian office writes them.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use crate::archive::text::in_colombia;
use crate::model::{Quarter, colombian, long_date};
use crate::view::print::number;

/// A text as content or as the value of an attribute, whatever is in it.
///
/// What may not stand in a page (control characters, those that are none) or would turn the letters after it around (the formatting
/// of bidirectional text) becomes U+FFFD, which shows.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FDD0}'..='\u{FDEF}' => escaped.push('\u{FFFD}'),
            c if c.is_control() || u32::from(c) & 0xFFFE == 0xFFFE => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// One name as a part of an address (RFC 3986, 2.3: all but the unreserved characters as `%XX`).
pub fn encode(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// The address of a file in the archive, from the page's own folder; it leads nowhere outside it, whatever the path says.
pub fn address(path: &str) -> String {
    let inside = path.split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    inside.map(encode).collect::<Vec<_>>().join("/")
}

/// A day: «30 de junio de 2024».
pub fn day(day: NaiveDate) -> String {
    format!(r#"<time datetime="{}">{}</time>"#, day.format("%Y-%m-%d"), long_date(day))
}

/// A moment by the clocks of Colombia: «20 de noviembre de 2026, 05:00».
pub fn moment(moment: DateTime<Utc>) -> String {
    let local = colombian(moment);
    let written = format!("{}, {}", long_date(local.date()), local.format("%H:%M"));
    format!(r#"<time datetime="{}">{written}</time>"#, in_colombia(moment))
}

/// How large a file is: «123,5&nbsp;kB (123.456&nbsp;bytes)», in thousands and millions of bytes.
pub fn size(bytes: u64) -> String {
    let exact = format!("{}&nbsp;bytes", number(bytes.into()));
    let (unit, name) = match bytes {
        0..1_000 => return exact,
        1_000..1_000_000 => (1_000, "kB"),
        _ => (1_000_000, "MB"),
    };
    let tenths = (Decimal::from(bytes) / Decimal::from(unit)).round_dp(1);
    format!("{}&nbsp;{name} ({exact})", number(tenths))
}

/// A SHA-256 that breaks into lines of sixteen or thirty-two characters where there is no room for all, and is copied as one word.
pub fn digest(digest: &str) -> String {
    let characters: Vec<char> = digest.chars().collect();
    let parts = characters.chunks(16).map(|part| escape(&part.iter().collect::<String>()));
    parts.collect::<Vec<_>>().join("<wbr>")
}

/// A number of things: «1 informe», «1200 informes».
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{}&nbsp;{}", number(n.into()), if n == 1 { one } else { many })
}

/// A trimestre by its number.
pub fn quarter(number: u8) -> String {
    Quarter::new(number.into()).map_or_else(|| number.to_string(), |quarter| quarter.roman().to_owned())
}
