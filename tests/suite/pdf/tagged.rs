//! A reader of tagged PDF, made for the tests: what a screen reader would hear, and what the file says of itself.
//!
//! Independent of everything that writes the PDF: `hayro-syntax` gives objects and operators, the rest is here.
//! The structure tree (ISO 32000-1, 14.7) points at marked content in the pages by number (MCID); the text of that content
//! is decoded with each font's `ToUnicode` map, or taken from an `ActualText` where there is one.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hayro_syntax::Pdf;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, DateTime, Dict, Name, Object, ObjectIdentifier, Stream, String as Text};
use hayro_syntax::page::Page;

/// A PDF as its reader perceives it.
pub struct Tagged {
    /// The structure tree; the root's role is `StructTreeRoot`.
    pub tree: Element,
    /// For each page: width and height in points.
    pub sizes: Vec<(f32, f32)>,
    /// For each page, the text that is no part of the document's structure: page header and footer.
    pub artifacts: Vec<String>,
    /// Glyphs that no `ToUnicode` map explains, or that stand outside both structure and artifacts.
    pub unexplained: Vec<String>,
    /// The entries of the document catalog that hold a plain value, nested ones with a dot: `MarkInfo.Marked`.
    pub catalog: BTreeMap<String, String>,
    /// The document information dictionary.
    pub info: BTreeMap<String, String>,
    /// The XMP packet.
    pub xmp: String,
    /// The files inside, in the order of the catalog's `AF`.
    pub attachments: Vec<EmbeddedFile>,
    /// The names under which the files inside are listed.
    pub listed: BTreeSet<String>,
}

/// An element of the structure tree.
#[derive(Debug, Clone, Default)]
pub struct Element {
    /// Its standard role, such as `TD`.
    pub role: String,
    /// The role that its author gave it, where that is another one: `Title`, which PDF 1.7 has only as a `P`.
    pub given_role: String,
    /// Its attributes of all owners: `Scope`, `ColSpan`, …
    pub attributes: BTreeMap<String, String>,
    /// What it holds, in reading order.
    pub content: Vec<Content>,
}

/// A part of an element.
#[derive(Debug, Clone)]
pub enum Content {
    /// Text, and the index of the page it stands on.
    Text(usize, String),
    /// An element inside it.
    Element(Element),
}

/// A file inside a PDF.
pub struct EmbeddedFile {
    pub name: String,
    pub relationship: String,
    pub mime: String,
    pub description: String,
    pub bytes: Vec<u8>,
}

impl Element {
    /// The elements directly inside.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.content.iter().filter_map(|part| match part {
            Content::Element(element) => Some(element),
            Content::Text(..) => None,
        })
    }

    /// All elements of a role below this one, in reading order.
    pub fn all(&self, role: &str) -> Vec<&Element> {
        let below = self.children().flat_map(|child| {
            let own = (child.role == role).then_some(child);
            own.into_iter().chain(child.all(role))
        });
        below.collect()
    }

    /// All elements to which their author gave a role, below this one.
    pub fn given(&self, role: &str) -> Vec<&Element> {
        let below = self.children().flat_map(|child| {
            let own = (child.given_role == role).then_some(child);
            own.into_iter().chain(child.given(role))
        });
        below.collect()
    }

    /// All text of the element, nothing put between its parts.
    pub fn text(&self) -> String {
        self.content
            .iter()
            .map(|part| match part {
                Content::Text(_, text) => text.clone(),
                Content::Element(element) => element.text(),
            })
            .collect()
    }

    /// The lines of a cell: the texts of its paragraphs, or its own text if it has none. Every paragraph but the last
    /// ends with a space of the template's, which keeps their words apart for who listens; it is left out.
    pub fn printed_lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.all("P").iter().map(|paragraph| paragraph.text()).collect();
        let Some(last) = lines.pop() else { return vec![self.text()] };
        for line in &mut lines {
            assert_eq!(line.pop(), Some(' '), "a space between two lines of {:?}", self.text());
        }
        lines.push(last);
        lines
    }

    /// The indices of the pages that it stands on.
    pub fn pages(&self) -> BTreeSet<usize> {
        self.content
            .iter()
            .flat_map(|part| match part {
                Content::Text(page, _) => BTreeSet::from([*page]),
                Content::Element(element) => element.pages(),
            })
            .collect()
    }

    /// The tree as indented text, for messages.
    pub fn outline(&self) -> String {
        let mut lines = vec![format!("{} {:?}", self.role, self.attributes)];
        for part in &self.content {
            match part {
                Content::Text(page, text) => lines.push(format!("  [{page}] {text:?}")),
                Content::Element(element) => lines.extend(element.outline().lines().map(|line| format!("  {line}"))),
            }
        }
        lines.join("\n")
    }
}

impl Tagged {
    /// Reads a PDF.
    pub fn read(bytes: &[u8]) -> Self {
        let pdf = Pdf::new(bytes.to_vec()).expect("a PDF that can be read");
        let catalog: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).expect("a document catalog");
        let mut reader = Reader::default();
        let mut artifacts = Vec::new();
        for (index, page) in pdf.pages().iter().enumerate() {
            artifacts.push(reader.read_page(index, page));
        }
        let root: Dict<'_> = catalog.get("StructTreeRoot").expect("a tagged PDF");
        reader.roles = root.get::<Dict<'_>>("RoleMap").map(|map| flat(&map)).unwrap_or_default();
        let mut tree = Element { role: "StructTreeRoot".into(), ..Element::default() };
        reader.add_content(&mut tree, root.get::<Object<'_>>("K"), None);
        reader.unexplained.extend(reader.marked.values().map(|text| format!("marked, but in no element: {text:?}")));
        let metadata: Stream<'_> = catalog.get("Metadata").expect("XMP metadata");
        let files = catalog.get::<Array<'_>>("AF").unwrap_or_default();
        let names = catalog.get::<Dict<'_>>("Names").and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"));
        Self {
            tree,
            sizes: pdf.pages().iter().map(Page::render_dimensions).collect(),
            artifacts,
            unexplained: reader.unexplained,
            catalog: flat(&catalog),
            info: info(&pdf),
            xmp: String::from_utf8(metadata.decoded().expect("XMP").into_owned()).expect("XMP in UTF-8"),
            attachments: files.iter::<Dict<'_>>().map(|file| embedded_file(&file)).collect(),
            listed: names.map(|tree| listed_names(&tree)).unwrap_or_default(),
        }
    }

    /// The one table of the report.
    pub fn table(&self) -> &Element {
        let tables = self.tree.all("Table");
        assert_eq!(tables.len(), 1, "one table:\n{}", self.tree.outline());
        tables[0]
    }

    /// The rows of the table's body: those that begin with the header of their row.
    pub fn rows(&self) -> Vec<Vec<&Element>> {
        let rows = self.table().all("TR").into_iter().map(|row| row.children().collect::<Vec<_>>());
        rows.filter(|row| row.first().is_some_and(|cell| cell.attributes.get("Scope").is_some_and(|s| s == "Row")))
            .collect()
    }

    /// What the report's first body row says, cell by cell and line by line.
    pub fn first_row(&self) -> Vec<Vec<String>> {
        self.rows()[0].iter().map(|cell| cell.printed_lines()).collect()
    }
}

/// What is known while the pages and the tree are read.
#[derive(Default)]
struct Reader {
    pages: HashMap<ObjectIdentifier, usize>,
    marked: BTreeMap<(usize, i32), String>,
    roles: BTreeMap<String, String>,
    unexplained: Vec<String>,
}

/// What an open marked-content sequence is.
enum Mark {
    Content(i32),
    Artifact,
    /// Its text stands in place of what its glyphs say.
    ActualText,
    Other,
}

impl Reader {
    /// Reads a page's marked content; returns the text of its artifacts.
    fn read_page(&mut self, index: usize, page: &Page<'_>) -> String {
        self.pages.extend(page.raw().obj_id().map(|id| (id, index)));
        let mut fonts: HashMap<Vec<u8>, UnicodeMap> = HashMap::new();
        let (mut font, mut marks, mut artifacts) = (Vec::new(), Vec::new(), String::new());
        let mut operations = page.typed_operations();
        while let Some(operation) = operations.next() {
            match operation {
                TypedInstruction::TextFont(set) => {
                    font = set.0.to_vec();
                    fonts.entry(font.clone()).or_insert_with(|| {
                        let font: Dict<'_> = page.resources().fonts.get(&font[..]).expect("a font of the page");
                        UnicodeMap::read(&font)
                    });
                }
                TypedInstruction::BeginMarkedContent(mark) => marks.push(match mark.0.as_str() {
                    "Artifact" => Mark::Artifact,
                    _ => Mark::Other,
                }),
                TypedInstruction::BeginMarkedContentWithProperties(mark) => {
                    let properties = match mark.1 {
                        Object::Name(name) => page.resources().properties.get::<Dict<'_>>(name.as_str()),
                        object => object.clone().into_dict(),
                    };
                    let properties = properties.unwrap_or_default();
                    if let Some(actual) = properties.get::<Text<'_>>("ActualText") {
                        self.place(index, &marks, &mut artifacts, &decode(&actual));
                        marks.push(Mark::ActualText);
                    } else if let Some(id) = properties.get::<i32>("MCID") {
                        self.marked.entry((index, id)).or_default();
                        marks.push(Mark::Content(id));
                    } else {
                        marks.push(if mark.0.as_str() == "Artifact" { Mark::Artifact } else { Mark::Other });
                    }
                }
                TypedInstruction::EndMarkedContent(_) => drop(marks.pop()),
                TypedInstruction::ShowText(shown) => self.show(index, &marks, &mut artifacts, &fonts[&font], shown.0),
                TypedInstruction::ShowTexts(shown) => {
                    for part in shown.0.iter::<Object<'_>>().filter_map(Object::into_string) {
                        self.show(index, &marks, &mut artifacts, &fonts[&font], &part);
                    }
                }
                _ => {}
            }
        }
        artifacts
    }

    /// Glyphs as text.
    fn show(&mut self, page: usize, marks: &[Mark], artifacts: &mut String, font: &UnicodeMap, codes: &[u8]) {
        if marks.iter().any(|mark| matches!(mark, Mark::ActualText)) {
            return;
        }
        for code in codes.chunks(font.width) {
            let text = font.text.get(code).filter(|text| !text.is_empty()).cloned().unwrap_or_else(|| {
                self.unexplained.push(format!("glyph {code:02X?} on page {page}"));
                "\u{FFFD}".into()
            });
            self.place(page, marks, artifacts, &text);
        }
    }

    /// Text to the element, or to the artifacts, that it belongs to.
    fn place(&mut self, page: usize, marks: &[Mark], artifacts: &mut String, text: &str) {
        let of = marks.iter().rev().find(|mark| matches!(mark, Mark::Content(_) | Mark::Artifact));
        match of {
            Some(Mark::Content(id)) => self.marked.entry((page, *id)).or_default().push_str(text),
            Some(_) => artifacts.push_str(text),
            None => self.unexplained.push(format!("untagged on page {page}: {text:?}")),
        }
    }

    /// Adds to an element what a `K` entry holds: a number of marked content, an element, or a list of them.
    fn add_content(&mut self, element: &mut Element, kids: Option<Object<'_>>, page: Option<ObjectIdentifier>) {
        match kids {
            Some(Object::Array(kids)) => {
                kids.iter::<Object<'_>>().for_each(|kid| self.add_content(element, Some(kid), page));
            }
            Some(Object::Dict(kid)) => {
                let page = kid.get_ref("Pg").map(ObjectIdentifier::from).or(page);
                if let Some(role) = kid.get::<Name<'_>>("S") {
                    let given_role = role.as_str().to_owned();
                    let role = self.roles.get(&given_role).unwrap_or(&given_role).clone();
                    let mut child = Element { role, given_role, attributes: attributes(&kid), content: Vec::new() };
                    self.add_content(&mut child, kid.get::<Object<'_>>("K"), page);
                    if let Some(actual) = kid.get::<Text<'_>>("ActualText") {
                        let page = child.pages().first().copied().unwrap_or_default();
                        child.content = vec![Content::Text(page, decode(&actual))];
                    }
                    element.content.push(Content::Element(child));
                } else if let Some(id) = kid.get::<i32>("MCID") {
                    self.add_marked(element, id, page);
                }
            }
            Some(Object::Number(id)) => self.add_marked(element, i32::try_from(id.as_i64()).expect("an MCID"), page),
            _ => {}
        }
    }

    fn add_marked(&mut self, element: &mut Element, id: i32, page: Option<ObjectIdentifier>) {
        let page = page.and_then(|page| self.pages.get(&page).copied()).expect("marked content is on a page");
        let text = self.marked.remove(&(page, id)).expect("marked content is of one element only");
        element.content.push(Content::Text(page, text));
    }
}

/// A font's way from codes to text.
struct UnicodeMap {
    width: usize,
    text: HashMap<Vec<u8>, String>,
}

impl UnicodeMap {
    /// Reads the `ToUnicode` map of a font (ISO 32000-1, 9.10.3).
    fn read(font: &Dict<'_>) -> Self {
        let composite = font.get::<Name<'_>>("Subtype").is_some_and(|kind| kind.as_str() == "Type0");
        let map = font.get::<Stream<'_>>("ToUnicode").map(|map| map.decoded().expect("a CMap").into_owned());
        let map = String::from_utf8_lossy(&map.unwrap_or_default()).into_owned();
        let mut text = HashMap::new();
        for section in sections(&map, "bfchar") {
            for pair in section.chunks_exact(2) {
                text.insert(pair[0].clone(), utf16(&pair[1]));
            }
        }
        for section in sections(&map, "bfrange") {
            for range in section.chunks_exact(3) {
                let number = |code: &[u8]| code.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
                let (from, to) = (number(&range[0]), number(&range[1]));
                for code in from..=to {
                    let mut target = range[2].clone();
                    let last = target.last_mut().expect("a target");
                    *last += u8::try_from(code - from).expect("a range within one byte");
                    text.insert(code.to_be_bytes()[4 - range[0].len()..].to_vec(), utf16(&target));
                }
            }
        }
        Self { width: if composite { 2 } else { 1 }, text }
    }
}

/// The hexadecimal strings between each `begin…` and `end…` of a `CMap`.
fn sections(map: &str, kind: &str) -> Vec<Vec<Vec<u8>>> {
    let (begin, end) = (format!("begin{kind}"), format!("end{kind}"));
    let sections = map.split(begin.as_str()).skip(1).map(|section| section.split(end.as_str()).next().unwrap_or(""));
    sections
        .map(|section| section.split('<').skip(1).map(|part| hex(part.split('>').next().unwrap_or(""))).collect())
        .collect()
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.chars().filter_map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect()
}

/// A text string (ISO 32000-1, 7.9.2.2); of `PDFDocEncoding` only its ASCII part.
fn decode(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(rest) => utf16(rest),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// A dictionary's plain values, those of dictionaries inside it with a dot; whatever is referred to is left out.
fn flat(dict: &Dict<'_>) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for key in dict.keys().filter(|key| !["Pages", "StructTreeRoot", "Names", "P", "Outlines"].contains(&key.as_str()))
    {
        match dict.get::<Object<'_>>(key.as_str()) {
            Some(Object::Dict(inner)) => {
                values.extend(
                    flat(&inner).into_iter().map(|(inner, value)| (format!("{}.{inner}", key.as_str()), value)),
                );
            }
            Some(object) => drop(plain(&object).map(|value| values.insert(key.as_str().to_owned(), value))),
            None => {}
        }
    }
    values
}

fn plain(object: &Object<'_>) -> Option<String> {
    match object {
        Object::Boolean(yes) => Some(yes.to_string()),
        Object::Number(number) => Some(number.as_f64().to_string()),
        Object::String(text) => Some(decode(text)),
        Object::Name(name) => Some(name.as_str().to_owned()),
        Object::Array(items) => {
            Some(items.iter::<Object<'_>>().filter_map(|item| plain(&item)).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

/// The attributes of an element, of all owners.
fn attributes(element: &Dict<'_>) -> BTreeMap<String, String> {
    let own =
        ["ID", "Lang", "Alt", "T"].into_iter().filter_map(|key| Some((key.to_owned(), plain(&element.get(key)?)?)));
    let attached = match element.get::<Object<'_>>("A") {
        Some(Object::Dict(one)) => vec![one],
        Some(Object::Array(many)) => many.iter::<Dict<'_>>().collect(),
        _ => Vec::new(),
    };
    own.chain(attached.iter().flat_map(flat)).collect()
}

/// The document information dictionary, by way of the trailer, which hayro reads.
fn info(pdf: &Pdf) -> BTreeMap<String, String> {
    let data = pdf.metadata();
    let texts = [
        ("Title", &data.title),
        ("Author", &data.author),
        ("Subject", &data.subject),
        ("Keywords", &data.keywords),
        ("Creator", &data.creator),
    ];
    let dates = [("CreationDate", data.creation_date), ("ModDate", data.modification_date)];
    let day = |date: DateTime| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    let texts = texts.into_iter().filter_map(|(key, text)| Some((key.to_owned(), decode(text.as_ref()?))));
    texts.chain(dates.into_iter().filter_map(|(key, date)| Some((key.to_owned(), day(date?))))).collect()
}

fn embedded_file(spec: &Dict<'_>) -> EmbeddedFile {
    let text = |key: &str| spec.get::<Text<'_>>(key).map(|text| decode(&text)).unwrap_or_default();
    let stream: Stream<'_> = spec.get::<Dict<'_>>("EF").and_then(|ef| ef.get("F")).expect("an embedded file");
    EmbeddedFile {
        name: text("UF"),
        relationship: spec.get::<Name<'_>>("AFRelationship").map(|name| name.as_str().to_owned()).unwrap_or_default(),
        mime: stream.dict().get::<Name<'_>>("Subtype").map(|name| name.as_str().to_owned()).unwrap_or_default(),
        description: text("Desc"),
        bytes: stream.decoded().expect("a file that can be decoded").into_owned(),
    }
}

/// The names in a name tree.
fn listed_names(tree: &Dict<'_>) -> BTreeSet<String> {
    let names = tree.get::<Array<'_>>("Names").unwrap_or_default();
    let names =
        names.iter::<Object<'_>>().filter_map(Object::into_string).map(|name| decode(&name)).collect::<Vec<_>>();
    let kids = tree.get::<Array<'_>>("Kids").unwrap_or_default();
    names.into_iter().chain(kids.iter::<Dict<'_>>().flat_map(|kid| listed_names(&kid))).collect()
}
