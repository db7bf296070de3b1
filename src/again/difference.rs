//! What a report says otherwise than the one that is made again of what it carries.

use std::fmt::{self, Write};

use serde_json::Value;

use super::carried::DATA;
use crate::typeset::Attachment;

/// Most characters of a value that are shown.
const MAX_SHOWN: usize = 120;

/// Where a report first differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// In a cell of the table, as its data have it.
    Cell {
        /// The number of the action.
        action: String,
        /// The heading of the column.
        column: String,
        /// What the report says.
        carried: String,
        /// What its sources say.
        again: String,
    },
    /// In a cell of the table, as its page has it.
    Printed {
        /// The number of the action.
        action: String,
        /// The heading of the column.
        column: String,
        /// What the page says.
        page: String,
        /// What the data say.
        data: String,
    },
    /// In another value of its data.
    Value {
        /// The keys that lead to it: `firmas.0.nombre`.
        path: String,
        /// What the report says.
        carried: String,
        /// What its sources say.
        again: String,
    },
    /// A file that it carries is not the one that it should.
    Attachment(String),
    /// It carries a file that it should not.
    Extra(String),
    /// It does not carry a file that it should.
    Missing(String),
    /// How many pages it has.
    Pages {
        /// In the report.
        carried: usize,
        /// When made again.
        again: usize,
    },
    /// What a page shows; counted from 1.
    Page(usize),
    /// Something else of the document, in words.
    Part(&'static str),
    /// How it is written: this is the first byte.
    Byte(usize),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cell { action, column, carried, again } => write!(
                f,
                "acción {action}, columna «{column}»: el informe dice «{carried}», y los TOML adjuntos, «{again}»"
            ),
            Self::Printed { action, column, page, data } => write!(
                f,
                "acción {action}, columna «{column}»: la página dice «{page}», y los datos adjuntos, «{data}»"
            ),
            Self::Value { path, carried, again } => {
                write!(f, "{DATA}, {path}: el informe dice {carried}, y los TOML adjuntos, {again}")
            }
            Self::Attachment(name) => write!(f, "el adjunto «{name}» no es el que resulta de los demás"),
            Self::Extra(name) => write!(f, "sobra el adjunto «{name}»"),
            Self::Missing(name) => write!(f, "falta el adjunto «{name}»"),
            Self::Pages { carried, again } => {
                let (carried, again) = (pages(*carried), pages(*again));
                write!(f, "el informe tiene {carried}, y de sus adjuntos resultan {again}")
            }
            Self::Page(number) => write!(f, "la página {number} no es la que resulta de sus adjuntos"),
            Self::Part(part) => write!(f, "{part} no son los que resultan de sus adjuntos"),
            Self::Byte(at) => {
                write!(f, "dice lo que resulta de sus adjuntos, pero está escrito de otra manera desde el byte {at}")
            }
        }
    }
}

fn pages(number: usize) -> String {
    if number == 1 { "1 página".into() } else { format!("{number} páginas") }
}

/// Compares what a report carries with what it should.
pub(super) fn of_files(carried: &[Attachment], again: &[Attachment]) -> Option<Difference> {
    let find = |files: &'_ [Attachment], name: &str| files.iter().position(|file| file.name == name);
    // The data first: they tell the cell.
    let data_first = |file: &&Attachment| file.name != DATA;
    let mut ours: Vec<&Attachment> = again.iter().collect();
    ours.sort_by_key(data_first);
    for file in ours {
        let Some(found) = find(carried, &file.name).map(|at| &carried[at]) else {
            return Some(Difference::Missing(shorten(&file.name)));
        };
        let in_data = || if file.name == DATA { of_data(&found.bytes, &file.bytes) } else { None };
        if found.bytes != file.bytes {
            return Some(in_data().unwrap_or_else(|| Difference::Attachment(shorten(&file.name))));
        }
        if (found.relationship, &found.description) != (file.relationship, &file.description) {
            return Some(Difference::Attachment(shorten(&file.name)));
        }
    }
    let extra = carried.iter().find(|file| find(again, &file.name).is_none());
    extra.map(|file| Difference::Extra(shorten(&file.name)))
}

/// Compares the data among what two reports carry.
pub(super) fn of_data_among(carried: &[Attachment], again: &[Attachment]) -> Option<Difference> {
    let data = |files: &[Attachment]| files.iter().find(|file| file.name == DATA).map(|file| file.bytes.clone());
    of_data(&data(carried)?, &data(again)?)
}

/// Compares the data of two reports; `None` if they say the same, in whatever spelling, or cannot be taken apart.
fn of_data(carried: &[u8], again: &[u8]) -> Option<Difference> {
    // Taken apart, they may be ten times as large.
    if carried.len() / 2 > again.len() {
        return None;
    }
    let [carried, again] = [carried, again].map(|json| serde_json::from_slice::<Value>(json).unwrap_or_default());
    let mut path = Vec::new();
    let (one, other) = first_unlike(&carried, &again, &mut path).filter(|_| carried.is_object())?;
    if let Some(cell) = cell(&again, &path, one, other) {
        return Some(cell);
    }
    let shown = |value: Option<&Value>| value.map_or("nada".into(), |value| shorten(&value.to_string()));
    Some(Difference::Value { path: shorten(&path.join(".")), carried: shown(one), again: shown(other) })
}

/// The first values that two documents have otherwise, with the keys that lead to them.
fn first_unlike<'v>(
    one: &'v Value,
    other: &'v Value,
    path: &mut Vec<String>,
) -> Option<(Option<&'v Value>, Option<&'v Value>)> {
    let steps: Vec<String> = match (one, other) {
        _ if one == other => return None,
        // A cell is shown as a whole.
        _ if path.len() == 3 && path[0] == ROWS => return Some((Some(one), Some(other))),
        (Value::Object(one), Value::Object(other)) => {
            let new = other.keys().filter(|key| !one.contains_key(*key));
            one.keys().chain(new).cloned().collect()
        }
        (Value::Array(one), Value::Array(other)) => (0..one.len().max(other.len())).map(|n| n.to_string()).collect(),
        _ => return Some((Some(one), Some(other))),
    };
    for step in steps {
        let get = |value: &'v Value| match value {
            Value::Array(values) => values.get(step.parse::<usize>().ok()?),
            value => value.get(&step),
        };
        let (inner, outer) = (get(one), get(other));
        path.push(step.clone());
        match (inner, outer) {
            (Some(inner), Some(outer)) => {
                if let Some(found) = first_unlike(inner, outer, path) {
                    return Some(found);
                }
            }
            unlike => return Some(unlike),
        }
        path.pop();
    }
    None
}

/// The rows of the table among the data.
pub(super) const ROWS: &str = "filas";

/// The difference as a cell of the table, if the keys lead to one.
fn cell(data: &Value, path: &[String], carried: Option<&Value>, again: Option<&Value>) -> Option<Difference> {
    let [rows, row, column] = path else { return None };
    if rows != ROWS {
        return None;
    }
    let (action, column) = place(data, row.parse().ok()?, column.parse().ok()?)?;
    let [carried, again] = [carried, again].map(|value| value.map(lines).unwrap_or_default());
    let (carried, again) = surroundings(&carried, &again);
    Some(Difference::Cell { action, column, carried, again })
}

/// The action and the heading by which people find a cell.
fn place(data: &Value, row: usize, column: usize) -> Option<(String, String)> {
    let columns = data.get("columnas")?.as_array()?;
    let title = columns.get(column)?.get("titulo")?.as_str()?.to_owned();
    let number = columns.iter().position(|column| column.get("clave").is_some_and(|key| key == "numero"));
    let action = number.and_then(|at| data.get(ROWS)?.get(row)?.get(at)).map(lines);
    let action = action.filter(|action| !action.is_empty()).unwrap_or_else(|| format!("de la fila {}", row + 1));
    Some((shorten(&action), shorten(&title)))
}

/// Compares a cell of the page with the data.
pub(super) fn of_cell(data: &Value, row: usize, column: usize, printed: &str) -> Option<Difference> {
    let lines = data.get(ROWS)?.get(row)?.get(column)?.as_array()?;
    let words: Vec<&str> = lines.iter().filter_map(Value::as_str).flat_map(str::split_whitespace).collect();
    let (said, printed) = (words.join(" "), printed.split_whitespace().collect::<Vec<_>>().join(" "));
    if said == printed { None } else { of_texts(data, row, column, &printed, &said) }
}

/// A cell whose text on the page is not the one of the data.
pub(super) fn of_texts(data: &Value, row: usize, column: usize, page: &str, said: &str) -> Option<Difference> {
    let (action, column) = place(data, row, column)?;
    let (page, data) = surroundings(&visible(page), &visible(said));
    Some(Difference::Printed { action, column, page, data })
}

/// A text in which no white space looks like another: but for one space, by its code.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            ' ' if !out.ends_with(' ') => out.push(c),
            c if c.is_whitespace() || c.is_control() => {
                let _ = write!(out, "[U+{:04X}]", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

/// The lines of a cell as one.
fn lines(cell: &Value) -> String {
    let line = |line: &Value| line.as_str().map_or_else(|| line.to_string(), str::to_owned);
    match cell {
        Value::Array(lines) => lines.iter().map(line).collect::<Vec<_>>().join(" / "),
        other => line(other),
    }
}

/// Of two texts, the place around the first character that they do not share.
fn surroundings(one: &str, other: &str) -> (String, String) {
    let same = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let skip = same.saturating_sub(MAX_SHOWN / 2);
    let around = |text: &str| {
        let rest: String = text.chars().skip(skip).collect();
        if skip > 0 { format!("…{}", shorten(&rest)) } else { shorten(&rest) }
    };
    (around(one), around(other))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn data(rows: &Value) -> Vec<u8> {
        let columns = json!([{ "clave": "numero", "titulo": "No." }, { "clave": "meta", "titulo": "META" }]);
        json!({ "titulo": "Plan", "columnas": columns, "filas": rows }).to_string().into_bytes()
    }

    fn said(carried: &Value, again: &Value) -> String {
        of_data(&data(carried), &data(again)).unwrap().to_string()
    }

    #[test]
    fn a_cell_is_told_by_its_action_and_its_column() {
        let (one, other) = (json!([[["4"], ["1", "2"]]]), json!([[["4"], ["1", "3"]]]));
        assert_eq!(
            said(&one, &other),
            "acción 4, columna «META»: el informe dice «1 / 2», y los TOML adjuntos, «1 / 3»"
        );
        assert_eq!(of_data(&data(&one), &data(&one)), None);
    }

    #[test]
    fn of_a_long_cell_the_place_is_shown_where_it_differs() {
        let text = |end: &str| json!([[["4"], [format!("{}{end}", "bla ".repeat(100))]]]);
        let said = said(&text("uno"), &text("dos"));
        assert!(said.contains("bla uno»") && said.contains("bla dos»") && said.chars().count() < 300, "{said}");
    }

    #[test]
    fn a_row_too_many_is_told_by_its_place() {
        let (one, other) = (json!([[["4"], ["1"]]]), json!([]));
        let expected = "informe.json, filas.0: el informe dice [[\"4\"],[\"1\"]], y los TOML adjuntos, nada";
        assert_eq!(said(&one, &other), expected);
        assert!(said(&other, &one).ends_with("el informe dice nada, y los TOML adjuntos, [[\"4\"],[\"1\"]]"));
    }

    #[test]
    fn what_is_no_data_differs_as_a_whole() {
        assert_eq!(of_data(b"{", b"{"), None);
        assert_eq!(of_data(b"[null]", &data(&json!([]))), None);
    }
}
