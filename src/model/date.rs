//! Dates in the forms in which a Colombian office writes them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Utc};

/// The months of the year, in order.
pub const MONTHS: [&str; 12] = [
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

/// A date as the official table prints it: `1/03/2024`, the day without a leading zero.
#[must_use]
pub fn short_date(date: NaiveDate) -> String {
    date.format("%-d/%m/%Y").to_string()
}

/// A date in words: «30 de junio de 2024».
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    format!("{} de {} de {}", date.day(), MONTHS[date.month0() as usize], date.year())
}

/// A moment as clocks in Colombia show it: five hours behind UTC, all year and everywhere.
#[must_use]
pub fn colombian(moment: DateTime<Utc>) -> NaiveDateTime {
    let utc = moment.naive_utc();
    utc.checked_sub_signed(TimeDelta::hours(5)).unwrap_or(utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_official_table() {
        let day = NaiveDate::from_ymd_opt(2024, 3, 1).unwrap();
        assert_eq!(short_date(day), "1/03/2024");
        assert_eq!(long_date(day), "1 de marzo de 2024");
    }
}
