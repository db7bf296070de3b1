//! What a page prints, against the data: the table of the structure tree, cell by cell.
//!
//! It tells where a forged report differs, and what can be told of a report whose pages cannot be made again. That a page *looks* like
//! what its structure tree says is another matter, which only making it again can prove.

use serde_json::Value;

use super::Difference;
use super::difference::{ROWS, of_cell};
use crate::pdf::{Cell, View};

/// What came of comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Printed {
    /// The table has the text of the data.
    Same,
    /// It has another.
    Differs(Box<Difference>),
    /// There is no table of so many rows and columns.
    Unknown,
}

/// Compares the table of a report with data.
pub(super) fn printed(report: View<'_>, data: &[u8]) -> Printed {
    let data: Value = serde_json::from_slice(data).unwrap_or_default();
    match compare(report, &data) {
        None => Printed::Unknown,
        Some(None) => Printed::Same,
        Some(Some(at)) => Printed::Differs(at.into()),
    }
}

/// The first cell that differs; `None` where there is nothing to compare.
fn compare(report: View<'_>, data: &Value) -> Option<Option<Difference>> {
    let expected = data.get(ROWS)?.as_array()?;
    let table = report.tables()?.into_iter().next()?;
    // What heads the columns stands above; it may repeat.
    let rows: Vec<&Vec<Cell>> = table.iter().filter(|row| !row.iter().all(|cell| cell.header)).collect();
    let widths = expected.iter().map(|row| row.as_array().map(Vec::len));
    if rows.len() != expected.len() || !rows.iter().zip(widths).all(|(row, width)| Some(row.len()) == width) {
        return None;
    }
    let cells = rows
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| cells.iter().enumerate().map(move |(column, cell)| (row, column, cell.text.as_str())));
    let mut differences = cells.filter_map(|(row, column, text)| of_cell(data, row, column, text));
    Some(differences.next())
}
