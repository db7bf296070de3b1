//! Values in the form in which a Colombian office prints them.

use chrono::{Datelike, NaiveDate};

use crate::model::Value;

/// No-break space, between a number and its sign.
const NBSP: char = '\u{A0}';

/// The lines of a cell.
pub fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => text.split('\n').map(str::to_owned).collect(),
        Value::Texts(texts) => texts.iter().map(|text| text.value.clone()).collect(),
        Value::Integer(number) => vec![decimal(&number.to_string(), 5)],
        Value::Decimal(number) => vec![decimal(&number.to_string(), 5)],
        Value::Percent(percent) => vec![format!("{}{NBSP}%", decimal(&percent.get().to_string(), 5))],
        Value::NotApplicable => vec!["N/A".into()],
        Value::Pesos(amount) => vec![format!("${NBSP}{}", decimal(&amount.to_string(), 4))],
        Value::Date(date) => vec![short_date(*date)],
        Value::Boolean(yes) => vec![if *yes { "Sí" } else { "No" }.into()],
    }
}

/// A date as the official table prints it: `1/03/2024`, the day without a leading zero.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    date.format("%-d/%m/%Y").to_string()
}

/// A date in words: «30 de junio de 2024».
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    const MONTHS: [&str; 12] = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];
    format!("{} de {} de {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// A number with decimal comma, and with points between groups of three if its whole part has at least `group_from` digits.
fn decimal(number: &str, group_from: usize) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) && whole.len() >= group_from {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let part = part.map(|part| format!(",{part}")).unwrap_or_default();
    format!("{sign}{grouped}{part}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Percent;

    fn printed(value: &Value) -> String {
        lines(value).join("|")
    }

    #[test]
    fn numbers_are_printed_as_they_were_written() {
        let percent = |text: &str| Value::Percent(Percent::new(text.parse().unwrap()).unwrap());
        assert_eq!(printed(&percent("45.5")), "45,5\u{A0}%");
        assert_eq!(printed(&percent("33.330")), "33,330\u{A0}%");
        assert_eq!(printed(&percent("100")), "100\u{A0}%");
        assert_eq!(printed(&Value::Integer(2024)), "2024");
        assert_eq!(printed(&Value::Integer(-12_000)), "-12.000");
        assert_eq!(printed(&Value::Decimal("0.85".parse().unwrap())), "0,85");
        assert_eq!(printed(&Value::Pesos(1_250_000_000)), "$\u{A0}1.250.000.000");
        assert_eq!(printed(&Value::Pesos(1_500)), "$\u{A0}1.500");
    }

    #[test]
    fn dates_are_those_of_the_official_table() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
        assert_eq!(short_date(day), "1/03/2024");
        assert_eq!(long_date(day), "1 de marzo de 2024");
    }
}
