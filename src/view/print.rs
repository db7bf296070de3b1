//! Values in the form in which a Colombian office prints them.

use rust_decimal::Decimal;

use crate::model::{Value, short_date};

/// No-break space, between a number and its sign.
const NBSP: char = '\u{A0}';

/// The lines of a cell.
#[must_use]
pub fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => text.split('\n').map(str::to_owned).collect(),
        Value::Texts(texts) => texts.iter().map(|text| text.value.clone()).collect(),
        Value::Integer(number) => vec![decimal(&number.to_string(), 5)],
        Value::Decimal(number) => vec![self::number(*number)],
        Value::Percent(percent) => vec![self::percent(percent.get())],
        Value::NotApplicable => vec!["N/A".into()],
        Value::Pesos(amount) => vec![pesos((*amount).into())],
        Value::Date(date) => vec![short_date(*date)],
        Value::Boolean(yes) => vec![if *yes { "Sí" } else { "No" }.into()],
    }
}

/// A number with the decimals that it has.
#[must_use]
pub fn number(number: Decimal) -> String {
    decimal(&number.to_string(), 5)
}

/// A percentage, or a number of points.
#[must_use]
pub fn percent(number: Decimal) -> String {
    format!("{}{NBSP}%", self::number(number))
}

/// An amount of whole pesos.
#[must_use]
pub fn pesos(amount: i128) -> String {
    format!("${NBSP}{}", decimal(&amount.to_string(), 4))
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
}
