//! An official layout: which columns the table has, and which keys it adds to the user's TOML.

use crate::model::{Alignment, DatumKind, Owner};

/// A format: a folder of `report-templates`, read from its `formato.toml`.
#[derive(Debug, Clone)]
pub struct Format {
    /// The folder's name.
    pub id: String,
    /// Title of the report, with `{vigencia}` and `{trimestre}` where they go.
    pub title: String,
    /// The folder whose `plantilla.typ` sets it.
    pub template: String,
    /// Upper row of the header.
    pub groups: Vec<Group>,
    /// From left to right.
    pub columns: Vec<Column>,
    /// Keys that it adds to the user's TOML.
    pub data: Vec<Datum>,
}

impl Format {
    /// Whether a column shows this key.
    #[must_use]
    pub fn shows(&self, key: &str) -> bool {
        self.columns.iter().any(|column| column.key == key)
    }
}

/// A heading above several columns.
#[derive(Debug, Clone)]
pub struct Group {
    /// How columns refer to it.
    pub key: String,
    /// The heading.
    pub title: String,
}

/// One column of the table.
#[derive(Debug, Clone)]
pub struct Column {
    /// The key whose value it shows.
    pub key: String,
    /// The heading.
    pub title: String,
    /// The group above it.
    pub group: Option<String>,
    /// How wide it is.
    pub width: Width,
    /// How its cells are aligned.
    pub alignment: Alignment,
}

/// The width of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// In millimetres.
    Millimetres(f64),
    /// A share of what the other columns leave.
    Fraction(f64),
}

impl Width {
    /// Reads `9mm` or `2.5fr`, in digits with at most one point: millimetres from 4, below which no word of the table can
    /// be read, shares over 0, both up to 1000.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let number = |text: &str| text.parse::<f64>().ok().filter(|n| plain(text) && *n > 0.0 && *n <= 1000.0);
        match text.strip_suffix("mm") {
            Some(rest) => number(rest).filter(|width| *width >= 4.0).map(Self::Millimetres),
            None => text.strip_suffix("fr").and_then(number).map(Self::Fraction),
        }
    }
}

/// A key that a format adds to the user's TOML.
#[derive(Debug, Clone)]
pub struct Datum {
    /// As written in TOML.
    pub key: String,
    /// The table that holds it.
    pub owner: Owner,
    /// The kind of its value.
    pub kind: DatumKind,
    /// What it means.
    pub doc: String,
    /// Whether it must be there.
    pub required: bool,
}
