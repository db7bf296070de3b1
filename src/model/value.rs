//! The value of one cell.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::diag::Spanned;

/// What a key of the user's TOML holds, exact: no number passes through binary floating point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text of one or more lines.
    Text(String),
    /// Several texts, each on lines of its own.
    Texts(Vec<Spanned<String>>),
    /// A whole number.
    Integer(i64),
    /// A number with the decimals that were written.
    Decimal(Decimal),
    /// A percentage.
    Percent(Percent),
    /// `N/A` where a percentage could be.
    NotApplicable,
    /// Whole Colombian pesos.
    Pesos(i64),
    /// A day.
    Date(NaiveDate),
    /// Yes or no.
    Boolean(bool),
}

/// The values of a row by key.
pub type Values = BTreeMap<String, Spanned<Value>>;

/// A percentage from 0 to 100, with the decimals that were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(Decimal);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// All of it.
    pub const COMPLETE: Self = Self(Decimal::ONE_HUNDRED);

    /// The percentage, if it is between 0 and 100.
    #[must_use]
    pub fn new(number: Decimal) -> Option<Self> {
        (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(&number).then_some(Self(number))
    }

    /// The number, from 0 to 100.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }
}
