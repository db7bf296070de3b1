//! The catalogue of an archive, `index.html`: a page for citizens and oversight bodies, in Spanish.
//!
//! It is a pure function of the register: whoever has the register can make the page again and compare. It is one file that asks for
//! no other but the downloads, so that it serves from a plain folder as from a web server, and it has no script, so that nothing that
//! a report says of itself can become one. What it lists are reports, by vigencia and trimestre; each with its last version open and the
//! earlier ones folded.
//!
//! It holds to HTML as it lives and to WCAG 2.2, level AA; `tests/judges/catalogue.py` has both judged.

mod page;
mod report;
mod shelf;
mod text;

#[cfg(test)]
mod tests;

use self::shelf::Shelf;
use super::register::Entry;

/// The page of an archive whose register has these entries, in their order.
#[must_use]
pub fn catalogue(entries: &[Entry]) -> String {
    let shelf = Shelf::of(entries);
    [
        page::head(&shelf),
        page::banner(&shelf),
        page::contents(&shelf),
        page::reports(&shelf),
        page::how_to_check(),
        page::register(entries),
        page::foot(),
    ]
    .concat()
}
