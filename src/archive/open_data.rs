//! The open data of a report: its table as CSV, and a dictionary of the columns as CSV.
//!
//! The cells are those of the page, to the letter. Both files are for people who open them with two clicks on a computer that is
//! set to Colombia: Excel there takes a file for UTF-8 only if it begins with a byte order mark, and parts cells at semicolons,
//! since the comma parts decimals; with commas all of a row would be in one cell. All else is as RFC 4180 has it. Programs have
//! `informe.json` beside them.

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::input::shape::Kind;
use crate::input::shape::row_key;
use crate::model::Format;

/// What UTF-8 begins with for Excel.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// What is taken from the data of a report.
#[derive(Deserialize)]
struct Data {
    grupos: Vec<Group>,
    columnas: Vec<Column>,
    filas: Vec<Vec<Vec<String>>>,
}

#[derive(Deserialize)]
struct Group {
    clave: String,
    titulo: String,
}

#[derive(Deserialize)]
struct Column {
    clave: String,
    titulo: String,
    grupo: Option<String>,
}

/// The table: a first row with the key of each column, then a row for each action. The lines of a cell are lines in it.
///
/// # Errors
/// When the data are not those of a report.
pub fn table(data: &[u8]) -> Result<Vec<u8>> {
    let data = read(data)?;
    let keys = data.columnas.iter().map(|column| column.clave.clone()).collect();
    let rows = data.filas.iter().map(|row| row.iter().map(|lines| lines.join("\n")).collect());
    csv(std::iter::once(keys).chain(rows))
}

/// The dictionary: of each column its key, its heading, the heading of its group, what kind of value it has and what that means.
///
/// # Errors
/// When the data are not those of a report.
pub fn dictionary(data: &[u8], format: &Format) -> Result<Vec<u8>> {
    let data = read(data)?;
    let heading = ["columna", "encabezado", "grupo", "tipo", "significado"].map(str::to_owned).to_vec();
    let rows = data.columnas.iter().map(|column| {
        let group = data.grupos.iter().find(|group| Some(&group.clave) == column.grupo.as_ref());
        let group = group.map(|group| group.titulo.clone()).unwrap_or_default();
        let (kind, meaning) = match row_key(format, &column.clave) {
            Some(key) => (kind(&key.kind), key.doc),
            None => ("texto", String::new()),
        };
        vec![column.clave.clone(), column.titulo.clone(), group, kind.to_owned(), meaning]
    });
    csv(std::iter::once(heading).chain(rows))
}

fn read(data: &[u8]) -> Result<Data> {
    serde_json::from_slice(data).context("los datos del informe no se pueden leer")
}

/// How a value of some kind is printed, in words.
fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer(..) => "número entero",
        Kind::Decimal => "número, con coma decimal",
        Kind::Percent => "porcentaje, con coma decimal",
        Kind::PercentOrNotApplicable => "porcentaje, con coma decimal, o N/A",
        Kind::Pesos => "pesos colombianos",
        Kind::Date => "fecha, día/mes/año",
        Kind::NumberOrText => "número, con coma decimal, o texto",
        Kind::Boolean => "Sí o No",
        Kind::Lines => "lista de textos, uno por línea",
        Kind::Line | Kind::Address | Kind::Text | Kind::Choice(_) | Kind::Table(_) | Kind::Tables(..) => "texto",
    }
}

fn csv(rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(MARK.to_vec());
    for row in rows {
        writer.write_record(&row)?;
    }
    Ok(writer.into_inner()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excel_finds_the_accents_and_the_cells_and_every_character_comes_back() {
        let cells = ["a;b", "dijo \"sí\"", "uno\ndos", "=1+1", " ñ ", ""];
        let columns: Vec<_> =
            (0..cells.len()).map(|n| serde_json::json!({ "clave": n.to_string(), "titulo": "" })).collect();
        let row: Vec<[&str; 1]> = cells.map(|cell| [cell]).to_vec();
        let data = serde_json::json!({ "grupos": [], "columnas": columns, "filas": [row] }).to_string();
        let csv = table(data.as_bytes()).unwrap();
        let text = std::str::from_utf8(csv.strip_prefix(MARK).unwrap()).unwrap();
        assert_eq!(text, "0;1;2;3;4;5\r\n\"a;b\";\"dijo \"\"sí\"\"\";\"uno\ndos\";=1+1; ñ ;\r\n");
        assert!(table(b"{}").is_err());
    }
}
