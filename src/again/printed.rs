//! What a page prints, against the data: the table of the structure tree, cell by cell.
//!
//! It tells where a forged report differs, and what can be told of a report whose pages cannot be made again. That a page *looks* like
//! what its structure tree says is another matter, which only making it again can prove.

use serde_json::Value;

use super::Difference;
use super::difference::{ROWS, of_cell, of_texts};
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

/// Compares the table of a report with data. Where lines end, white space may stand on the page or not, and so its kinds are all one.
pub(super) fn printed(report: View<'_>, data: &[u8]) -> Printed {
    let data: Value = serde_json::from_slice(data).unwrap_or_default();
    let Some(rows) = rows(report, &data) else { return Printed::Unknown };
    let cells = rows
        .iter()
        .enumerate()
        .flat_map(|(row, cells)| cells.iter().enumerate().map(move |(column, cell)| (row, column, cell.text.as_str())));
    let mut differences = cells.filter_map(|(row, column, text)| of_cell(&data, row, column, text));
    differences.next().map_or(Printed::Same, |at| Printed::Differs(at.into()))
}

/// The rows of the table, if it has as many cells as the data. What heads the columns stands above; it may repeat.
fn rows(report: View<'_>, data: &Value) -> Option<Vec<Vec<Cell>>> {
    let expected = data.get(ROWS)?.as_array()?;
    let table = report.tables()?.into_iter().next()?;
    let rows: Vec<Vec<Cell>> = table.into_iter().filter(|row| !row.iter().all(|cell| cell.header)).collect();
    let same_width = |(row, data): (&Vec<Cell>, &Value)| data.as_array().is_some_and(|cells| cells.len() == row.len());
    (rows.len() == expected.len() && rows.iter().zip(expected).all(same_width)).then_some(rows)
}

/// The first cell that two reports of the same data do not print with the very same characters. Where the page has the text of the data,
/// but not the white space that the data have, this tells the cell.
pub(super) fn unlike(report: View<'_>, again: View<'_>, data: &[u8]) -> Option<Difference> {
    let data: Value = serde_json::from_slice(data).ok()?;
    let (report, again) = (rows(report, &data)?, rows(again, &data)?);
    let mut pairs = report.iter().zip(&again).enumerate().flat_map(|(row, (one, other))| {
        one.iter().zip(other).enumerate().map(move |(column, (one, other))| (row, column, &one.text, &other.text))
    });
    pairs.find_map(
        |(row, column, one, other)| if one == other { None } else { of_texts(&data, row, column, one, other) },
    )
}
