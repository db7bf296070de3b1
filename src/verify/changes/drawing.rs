//! Whether what a signature shows stays in its field: a form (ISO 32000-1, 8.10) of which nothing is left to how a program draws it.
//!
//! Programs draw a form inside of its box by what they put on their stack of graphics states. So it has a box, in numbers that all of
//! them can count with; and it takes nothing from that stack that it did not put there, nor do the forms in it. What else could reach
//! beyond is not in it at all: glyphs that are drawings, tilings, layers, blending with the page.

use std::collections::BTreeSet;

use crate::pdf::{Dictionary, Id, Indirect, Object, Token, Tokens, View};
use crate::verify::fields::corners;

/// Farthest that a drawing may reach from its origin, in points: as wide as a page may be (ISO 32000-1, annex C). Of far larger numbers
/// programs know too few digits, or take them for no bound at all.
const MAX_REACH: f64 = 14_400.0;
/// Least width and height of a drawing, in points.
const MIN_SIDE: f64 = 0.1;
/// How deep forms may stand in each other. Those of signers stand some three deep.
const MAX_DEPTH: usize = 8;
/// Most forms of a drawing.
const MAX_FORMS: usize = 100;
/// Most graphics states that may be kept at a time (ISO 32000-1, annex C, has 28).
const MAX_STATES: usize = 100;
/// Most bytes that the contents of a drawing stand for, all its forms together.
const MAX_BYTES: usize = 2 << 20;

/// The operators of drawings (annex A), but for those that keep states, mark, and begin and end texts.
const OPERATORS: [&[u8]; 60] = [
    b"cm", b"w", b"J", b"j", b"M", b"d", b"ri", b"i", b"gs", b"m", b"l", b"c", b"v", b"y", b"h", b"re", b"S", b"s",
    b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"n", b"W", b"W*", b"Tc", b"Tw", b"Tz", b"TL", b"Tf", b"Tr", b"Ts",
    b"Td", b"TD", b"Tm", b"T*", b"Tj", b"TJ", b"'", b"\"", b"CS", b"cs", b"SC", b"SCN", b"sc", b"scn", b"sh", b"G",
    b"g", b"RG", b"rg", b"K", b"k", b"Do", b"MP", b"BX", b"EX",
];

/// Whether an object is a drawing that stays in its box, and all that it is made of is new.
pub fn is_drawing<'a>(view: View<'a>, form: &'a Indirect, is_new: impl Fn(Id) -> bool) -> bool {
    is_of_its_own(view, form, is_new)
        && Drawing { view, forms: 0, bytes: MAX_BYTES, done: BTreeSet::new() }.form(form, 0).is_some()
}

/// Whether all that an object leads to is new. A font that shares a part with one of the document replaces it in some programs.
fn is_of_its_own(view: View<'_>, form: &Indirect, is_new: impl Fn(Id) -> bool) -> bool {
    let (mut seen, mut left) = (BTreeSet::new(), vec![form.id]);
    while let Some(id) = left.pop() {
        let Some(object) = view.get(id).filter(|_| is_new(id)) else { return false };
        if seen.insert(id) {
            object.value.references(&mut left);
        }
    }
    true
}

struct Drawing<'a> {
    view: View<'a>,
    /// How many forms were looked at.
    forms: usize,
    /// How many bytes of contents may still be read.
    bytes: usize,
    /// The forms that were read to their end.
    done: BTreeSet<Id>,
}

impl<'a> Drawing<'a> {
    fn form(&mut self, form: &'a Indirect, depth: usize) -> Option<()> {
        const KNOWN: [&str; 11] = [
            "Type",
            "Subtype",
            "FormType",
            "BBox",
            "Matrix",
            "Resources",
            "Length",
            "Filter",
            "DecodeParms",
            "Group",
            "Name",
        ];
        if self.done.contains(&form.id) {
            return Some(());
        }
        self.forms += 1;
        require(depth <= MAX_DEPTH && self.forms <= MAX_FORMS && form.stream.is_some())?;
        let dictionary = form.value.as_dictionary()?;
        require(dictionary.is("Subtype", "Form") && has_only(dictionary, &KNOWN))?;
        require(dictionary.get("BBox").is_some_and(is_box) && dictionary.get("Matrix").is_none_or(is_identity))?;
        let contents = self.view.stream_within(form, self.bytes)?;
        self.bytes -= contents.len();
        keeps_to_itself(&contents)?;
        if let Some(resources) = dictionary.get("Resources") {
            self.resources(self.view.resolve(resources).as_dictionary()?, depth)?;
        }
        self.done.insert(form.id);
        Some(())
    }

    fn resources(&mut self, resources: &'a Dictionary, depth: usize) -> Option<()> {
        for (kind, named) in resources.iter() {
            if matches!(kind, b"ProcSet" | b"ColorSpace" | b"Shading") {
                continue;
            }
            for (_, value) in self.view.resolve(named).as_dictionary()?.iter() {
                let resource = self.view.resolve(value).as_dictionary()?;
                match kind {
                    b"XObject" => self.external(self.view.get(value.as_reference()?)?, depth)?,
                    b"Font" => self.font(resource)?,
                    b"ExtGState" => self.state(resource, depth)?,
                    // A shading: a tiling has contents of its own.
                    b"Pattern" => {
                        let is_shading = resource.get("PatternType") == Some(&Object::Integer(2));
                        require(is_shading && has_only(resource, &["Type", "PatternType", "Shading", "Matrix"]))?;
                    }
                    _ => return None,
                }
            }
        }
        Some(())
    }

    /// A font of glyphs that are outlines: those that are drawings have contents of their own (9.6.5), which some programs run wherever
    /// they find them.
    fn font(&self, font: &'a Dictionary) -> Option<()> {
        const SIMPLE: [&str; 10] = [
            "Type",
            "Subtype",
            "BaseFont",
            "Name",
            "FirstChar",
            "LastChar",
            "Widths",
            "FontDescriptor",
            "Encoding",
            "ToUnicode",
        ];
        const COMPOSITE: [&str; 6] = ["Type", "Subtype", "BaseFont", "Encoding", "DescendantFonts", "ToUnicode"];
        const DESCENDANT: [&str; 10] =
            ["Type", "Subtype", "BaseFont", "CIDSystemInfo", "FontDescriptor", "DW", "W", "DW2", "W2", "CIDToGIDMap"];
        let is = |font: &Dictionary, kinds: &[&str]| kinds.iter().any(|kind| font.is("Subtype", kind));
        if !font.is("Subtype", "Type0") {
            return require(is(font, &["Type1", "MMType1", "TrueType"]) && has_only(font, &SIMPLE));
        }
        let [descendant] = self.view.array(font, "DescendantFonts")? else { return None };
        let descendant = self.view.resolve(descendant).as_dictionary()?;
        require(has_only(font, &COMPOSITE) && has_only(descendant, &DESCENDANT))?;
        require(is(descendant, &["CIDFontType0", "CIDFontType2"]))
    }

    /// Parameters of a graphics state that blend with nothing; a mask is a drawing too.
    fn state(&mut self, state: &'a Dictionary, depth: usize) -> Option<()> {
        const KNOWN: [&str; 14] =
            ["Type", "CA", "ca", "AIS", "LW", "LC", "LJ", "ML", "D", "RI", "SA", "FL", "BM", "SMask"];
        let blends = state.get("BM").is_some() && !["Normal", "Compatible"].iter().any(|mode| state.is("BM", mode));
        require(has_only(state, &KNOWN) && !blends)?;
        match self.view.value(state, "SMask") {
            None => Some(()),
            Some(mask) if mask.as_name() == Some(b"None") => Some(()),
            Some(mask) => {
                let mask = mask.as_dictionary().filter(|mask| has_only(mask, &["Type", "S", "G"]))?;
                self.form(self.view.get(mask.get("G")?.as_reference()?)?, depth + 1)
            }
        }
    }

    /// A form or an image in a drawing.
    fn external(&mut self, object: &'a Indirect, depth: usize) -> Option<()> {
        let dictionary = object.value.as_dictionary()?;
        if dictionary.is("Subtype", "Image") {
            return require(["OC", "Alternates", "OPI"].iter().all(|key| dictionary.get(key).is_none()));
        }
        self.form(object, depth + 1)
    }
}

/// Contents that draw, and leave all as they found it.
fn keeps_to_itself(contents: &[u8]) -> Option<()> {
    let (mut states, mut marks, mut in_text) = (0_usize, 0_usize, false);
    let (mut is_layer, mut path) = (false, Path::None);
    for token in Tokens::new(contents) {
        let operator = match token? {
            Token::Object(object) => {
                is_layer |= object.as_name() == Some(b"OC");
                continue;
            }
            Token::Operator(operator) => operator,
        };
        path = path.after(operator)?;
        match operator {
            b"q" if !in_text => states = Some(states + 1).filter(|states| *states <= MAX_STATES)?,
            b"Q" if !in_text => states = states.checked_sub(1)?,
            b"BT" if !in_text => in_text = true,
            b"ET" if in_text => in_text = false,
            b"BMC" | b"BDC" if !is_layer => marks += 1,
            b"EMC" => marks = marks.checked_sub(1)?,
            operator => require(OPERATORS.contains(&operator))?,
        }
        is_layer = false;
    }
    require(states == 0 && marks == 0 && !in_text && path == Path::None)
}

/// Whether a path waits to be painted. Some programs keep it, and the clipping that it asks for, for whatever they draw next.
#[derive(Clone, Copy, PartialEq)]
enum Path {
    None,
    /// It is being built.
    Open,
    /// It clips once it is painted, which has to be at once.
    Clips,
}

impl Path {
    /// After one more operator: between the first of a path and its painting there is nothing else (ISO 32000-1, 8.2, figure 9).
    fn after(self, operator: &[u8]) -> Option<Self> {
        match operator {
            b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" if self != Self::Clips => Some(Self::Open),
            b"W" | b"W*" if self == Self::Open => Some(Self::Clips),
            b"S" | b"s" | b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" => Some(Self::None),
            b"W" | b"W*" => None,
            _ => (self == Self::None).then_some(self),
        }
    }
}

fn has_only(dictionary: &Dictionary, known: &[&str]) -> bool {
    dictionary.iter().all(|(key, _)| known.iter().any(|known| known.as_bytes() == key))
}

fn require(holds: bool) -> Option<()> {
    holds.then_some(())
}

/// Two opposite corners, in any order (ISO 32000-1, 7.9.5).
fn is_box(value: &Object) -> bool {
    corners(value).is_some_and(|[left, bottom, right, top]| {
        [left, bottom, right, top].iter().all(|number| number.abs() <= MAX_REACH)
            && (right - left).abs() >= MIN_SIDE
            && (top - bottom).abs() >= MIN_SIDE
    })
}

fn is_identity(value: &Object) -> bool {
    let same = |(number, one): (&Object, f64)| number.as_number().is_some_and(|number| number.total_cmp(&one).is_eq());
    value.as_array().is_some_and(|all| all.len() == 6 && all.iter().zip([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]).all(same))
}
