//! The fiscal year and its trimestres.

use chrono::{Datelike, Days, Months, NaiveDate};

/// A vigencia: the fiscal year, from 2000 to 2100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i32);

impl Year {
    /// The year, if it is between 2000 and 2100.
    #[must_use]
    pub fn new(year: i64) -> Option<Self> {
        i32::try_from(year).ok().filter(|year| (2000..=2100).contains(year)).map(Self)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0
    }

    /// Whether a day belongs to it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        day.year() == self.0
    }
}

/// A trimestre of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(u8);

impl Quarter {
    /// All four.
    pub const ALL: [Self; 4] = [Self(1), Self(2), Self(3), Self(4)];

    /// The trimestre, if the number is between 1 and 4.
    #[must_use]
    pub fn new(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|quarter| i64::from(quarter.0) == number)
    }

    /// From 1 to 4.
    #[must_use]
    pub fn number(self) -> u8 {
        self.0
    }

    /// The one before it in the same year.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        Self::new(i64::from(self.0) - 1)
    }

    /// As printed: I, II, III or IV.
    #[must_use]
    pub fn roman(self) -> &'static str {
        ["I", "II", "III", "IV"][usize::from(self.0) - 1]
    }

    /// First and last day in a year.
    #[must_use]
    pub fn days(self, year: Year) -> (NaiveDate, NaiveDate) {
        let january = NaiveDate::from_yo_opt(year.get(), 1).unwrap_or_default();
        let first = january + Months::new(3 * (u32::from(self.0) - 1));
        (first, first + Months::new(3) - Days::new(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trimestre_has_its_three_months() {
        let days = |n| Quarter::new(n).unwrap().days(Year::new(2024).unwrap());
        let date = |m, d| NaiveDate::from_ymd_opt(2024, m, d).unwrap();
        assert_eq!(days(1), (date(1, 1), date(3, 31)));
        assert_eq!(days(2), (date(4, 1), date(6, 30)));
        assert_eq!(days(4), (date(10, 1), date(12, 31)));
    }

    #[test]
    fn there_are_four_trimestres_and_no_more() {
        assert!(Quarter::new(0).is_none() && Quarter::new(5).is_none());
        assert_eq!(Quarter::ALL.map(Quarter::roman), ["I", "II", "III", "IV"]);
    }
}
