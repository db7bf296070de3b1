//! The catalogue of an archive, `index.html`: a pure function of the register.

use std::fmt::Write;

use super::register::Entry;

/// The page that lists what is archived.
#[must_use]
pub fn catalogue(entries: &[Entry]) -> String {
    let mut page =
        String::from("<!doctype html>\n<html lang=\"es\">\n<meta charset=\"utf-8\">\n<title>Archivo</title>\n<ul>\n");
    for entry in entries {
        let _ = writeln!(page, "<li>{}</li>", entry.bag);
    }
    page + "</ul>\n</html>\n"
}
