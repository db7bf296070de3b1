//! The tables of a tagged file, as its structure tree has them (ISO 32000-1, 14.7 and 14.8.4.3.4).

use std::collections::{BTreeMap, BTreeSet};

use super::file::View;
use super::object::{Dictionary, Id, Object};
use super::text::{Marked, Texts};

/// How deep elements may stand in each other. Those of a report stand some ten deep.
const MAX_DEPTH: usize = 100;

/// A table: its rows.
pub type Table = Vec<Vec<Cell>>;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Whether it heads a row or a column.
    pub header: bool,
    /// What stands in it, runs of white space as one space.
    pub text: String,
}

impl View<'_> {
    /// The tables, in the order in which they are read; `None` if the file is not written as this program writes files.
    #[must_use]
    pub fn tables(&self) -> Option<Vec<Table>> {
        let (_, catalog) = self.catalog()?;
        let root = self.dictionary(catalog, "StructTreeRoot")?;
        let mut texts = Texts::default();
        let mut pages = BTreeMap::new();
        for page in self.pages() {
            pages.insert(page.id, texts.of_page(*self, page)?);
        }
        let mut tree = Tree { pdf: *self, pages, seen: BTreeSet::new(), tables: Vec::new(), in_cell: false };
        tree.kids(root, None, 0)?;
        for cell in tree.tables.iter_mut().flatten().flatten() {
            cell.text = cell.text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        Some(tree.tables)
    }
}

struct Tree<'a> {
    pdf: View<'a>,
    pages: BTreeMap<Id, Marked>,
    /// The elements that were read: a tree has none twice.
    seen: BTreeSet<Id>,
    tables: Vec<Table>,
    in_cell: bool,
}

impl<'a> Tree<'a> {
    /// Reads what is in an element; `page` is where its marks are if they do not say so themselves.
    fn kids(&mut self, element: &'a Dictionary, page: Option<Id>, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let page = element.get("Pg").and_then(Object::as_reference).or(page);
        let kids = element.get("K").map(|kids| self.pdf.resolve(kids));
        let one = kids.map(std::slice::from_ref).unwrap_or_default();
        for kid in kids.and_then(Object::as_array).unwrap_or(one) {
            self.kid(kid, page, depth)?;
        }
        Some(())
    }

    fn kid(&mut self, kid: &'a Object, page: Option<Id>, depth: usize) -> Option<()> {
        if let Object::Integer(mark) = kid {
            self.say(page?, *mark);
            return Some(());
        }
        if kid.as_reference().is_some_and(|id| !self.seen.insert(id)) {
            return None;
        }
        let element = self.pdf.resolve(kid).as_dictionary()?;
        if element.is("Type", "MCR") {
            let page = element.get("Pg").and_then(Object::as_reference).or(page)?;
            self.say(page, element.get("MCID")?.as_integer()?);
            return Some(());
        }
        match element.get("S").and_then(Object::as_name) {
            Some(b"Table") => self.tables.push(Table::new()),
            Some(b"TR") => self.tables.last_mut()?.push(Vec::new()),
            Some(kind @ (b"TH" | b"TD")) => {
                let cell = Cell { header: kind == b"TH", text: String::new() };
                self.tables.last_mut()?.last_mut()?.push(cell);
                self.in_cell = true;
                self.kids(element, page, depth + 1)?;
                self.in_cell = false;
                return Some(());
            }
            _ => (),
        }
        self.kids(element, page, depth + 1)
    }

    /// Adds the text of a mark to the cell that is being read. A mark belongs to one element (14.7.4.2).
    fn say(&mut self, page: Id, mark: i64) {
        let text = self.pages.get_mut(&page).and_then(|marked| marked.remove(&mark));
        let cell = self.tables.last_mut().and_then(|table| table.last_mut()?.last_mut()).filter(|_| self.in_cell);
        if let (Some(text), Some(cell)) = (text, cell) {
            cell.text.push_str(&text);
        }
    }
}
