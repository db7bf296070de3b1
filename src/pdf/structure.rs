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
    /// What stands in it, with all its white space.
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
            Some(name @ (b"TH" | b"TD")) => {
                let cell = Cell { header: name == b"TH", text: String::new() };
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pdf::File;

    /// What the codes of the font below mean.
    const MEANINGS: &str = "1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0001> <00C1> endbfchar \
         2 beginbfrange <0002> <0004> <0061> <0005> <0006> [<0066> <00660069>] endbfrange";
    /// A heading and a cell, whose text is on the page in another order; and what belongs to no cell.
    const CONTENT: &str = "/TD<</MCID 1>>BDC BT /f0 8 Tf [<0002>-12<0003>] TJ ET EMC /Artifact BMC BT <0004> Tj ET EMC \
         /TH<</MCID 0>>BDC /Span<</Lang(es)>>BDC BT <00010006> Tj ET EMC EMC /P<</MCID 2>>BDC BT <0005> Tj ET EMC";

    /// A file of one page and one table.
    fn file(content: &[u8], meanings: &[u8]) -> Vec<u8> {
        let stream = |bytes: &[u8]| {
            [format!("<</Length {}>>\nstream\n", bytes.len()).as_bytes(), bytes, b"\nendstream"].concat()
        };
        let objects: Vec<Vec<u8>> = vec![
            b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 6 0 R>>".to_vec(),
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</f0 5 0 R>>>>>>".to_vec(),
            stream(content),
            b"<</Type/Font/Subtype/Type0/ToUnicode 11 0 R>>".to_vec(),
            b"<</Type/StructTreeRoot/K[7 0 R 10 0 R]>>".to_vec(),
            b"<</S/Table/K[8 0 R]>>".to_vec(),
            b"<</S/TR/K[<</S/TH/Pg 3 0 R/K 0>> 9 0 R]>>".to_vec(),
            b"<</S/TD/K[<</Type/MCR/Pg 3 0 R/MCID 1>>]>>".to_vec(),
            b"<</S/P/Pg 3 0 R/K 2>>".to_vec(),
            stream(meanings),
        ];
        let numbered = (1..).zip(&objects);
        let objects =
            numbered.map(|(number, object)| [format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
        crate::pdf::tests::file(&objects.collect::<Vec<_>>())
    }

    fn tables(content: &[u8], meanings: &[u8]) -> Option<Vec<Table>> {
        let bytes = file(content, meanings);
        File::read(&bytes).ok()?.now().tables()
    }

    #[test]
    fn a_cell_has_the_text_of_its_own_marks_in_the_words_of_the_font() {
        let cell = |header, text: &str| Cell { header, text: text.into() };
        let read = tables(CONTENT.as_bytes(), MEANINGS.as_bytes()).unwrap();
        assert_eq!(read, [[[cell(true, "Áfi"), cell(false, "ab")]]]);
    }

    #[test]
    fn what_the_font_does_not_explain_is_no_text() {
        let read = tables(CONTENT.as_bytes(), b"").unwrap();
        assert_eq!(read[0][0][1].text, "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn a_page_with_an_image_among_its_operators_is_not_read() {
        assert_eq!(tables(b"BI /W 1 /H 1 ID x EI", MEANINGS.as_bytes()), None);
        assert_eq!(tables(b"EMC", b""), None, "nor one that ends what it has not begun");
    }

    #[test]
    fn a_glyph_that_stands_for_a_book_stands_for_nothing() {
        let book = format!("1 beginbfchar <0002> <{}> endbfchar", "0061".repeat(10_000));
        assert_eq!(tables(CONTENT.as_bytes(), book.as_bytes()).unwrap()[0][0][1].text, "\u{FFFD}\u{FFFD}");
    }

    proptest! {
        #[test]
        fn whatever_a_page_and_its_font_say_reading_ends(
            content in "([0-9]{1,3} |/[A-Z][a-z]|<[0-9A-F]{0,8}>|\\(.{0,4}\\)|BDC|EMC|BMC|Tj|TJ|Tf|\\[|\\]|<<|>>|/MCID |/f0 | ){0,60}",
            meanings in "(<[0-9A-F]{0,8}>|begin|endbfchar|endbfrange|\\[|\\]|/|[0-9]| |%|\n){0,60}",
        ) {
            let _ = tables(content.as_bytes(), meanings.as_bytes());
        }
    }
}
