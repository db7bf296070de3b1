//! The fonts of a drawing (ISO 32000-1, 9.5 to 9.9): of glyphs that are outlines.

use std::collections::BTreeMap;

use crate::pdf::{Dictionary, Object, View};

use super::require;

/// The width of glyphs of which the file does not say it, as they are on average, in thousandths of the size.
const USUAL: f64 = 600.0;
/// Most glyphs of which a font may say the width.
const MAX_GLYPHS: usize = 1 << 16;

/// How wide the glyphs of a font are, in thousandths of the size (9.2.4).
pub struct Widths {
    of: BTreeMap<u16, f64>,
    others: f64,
    /// Whether codes are of two bytes.
    double: bool,
}

impl Widths {
    /// The glyphs of a text: the code, if it is of one byte, and the width.
    pub fn glyphs<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (Option<u8>, f64)> + 'a {
        text.chunks(if self.double { 2 } else { 1 }).map(|code| {
            let number = code.iter().fold(0, |number, byte| number << 8 | u16::from(*byte));
            (code.first().copied().filter(|_| !self.double), self.of.get(&number).copied().unwrap_or(self.others))
        })
    }

    /// Those of a font of at most 256 glyphs (9.6.2).
    fn simple<'a>(view: View<'a>, font: &'a Dictionary) -> Option<Self> {
        let number = |object: &'a Object| view.resolve(object).as_number();
        let Some(widths) = font.get("Widths").map(|widths| view.resolve(widths)) else {
            return Some(Self { of: BTreeMap::new(), others: USUAL, double: false });
        };
        let first = font.get("FirstChar").map_or(Some(0), |first| view.resolve(first).as_integer())?;
        let widths = widths.as_array().filter(|widths| widths.len() <= MAX_GLYPHS)?;
        let codes = (first..).map(u16::try_from);
        let of = codes.zip(widths).map(|(code, width)| Some((code.ok()?, number(width)?))).collect::<Option<_>>()?;
        let missing = view.dictionary(font, "FontDescriptor").and_then(|descriptor| descriptor.get("MissingWidth"));
        Some(Self { of, others: missing.map_or(Some(0.0), number)?, double: false })
    }

    /// Those of the glyphs of a composite font (9.7.4.3).
    fn composite<'a>(view: View<'a>, descendant: &'a Dictionary) -> Option<Self> {
        let number = |object: &'a Object| view.resolve(object).as_number();
        let (mut of, mut left) = (BTreeMap::new(), MAX_GLYPHS);
        let mut put = |code, width| {
            left = left.checked_sub(1)?;
            of.insert(code, width);
            Some(())
        };
        let mut told = descendant.get("W").map_or(Some([].as_slice()), |told| view.resolve(told).as_array())?;
        while let [first, second, rest @ ..] = told {
            let first = u16::try_from(view.resolve(first).as_integer()?).ok()?;
            told = match (view.resolve(second), rest) {
                (Object::Array(widths), rest) => {
                    for (code, width) in (first..=u16::MAX).zip(widths) {
                        put(code, number(width)?)?;
                    }
                    rest
                }
                (last, [width, rest @ ..]) => {
                    for code in first..=u16::try_from(last.as_integer()?).ok()? {
                        put(code, number(width)?)?;
                    }
                    rest
                }
                _ => return None,
            };
        }
        require(told.is_empty())?;
        Some(Self { of, others: descendant.get("DW").map_or(Some(1000.0), number)?, double: true })
    }
}

/// The widths of a font of glyphs that are outlines; `None` for any other. Those that are drawings have contents of their own (9.6.5), which some programs run wherever they
/// find them; and fonts of type 1 are programs.
pub fn widths<'a>(view: View<'a>, font: &'a Dictionary) -> Option<Widths> {
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
    is_map(view, font.get("ToUnicode"))?;
    if !font.is("Subtype", "Type0") {
        require(is(font, &["Type1", "MMType1", "TrueType"]) && font.has_only(&SIMPLE))?;
        let encoding = font.get("Encoding").map(|encoding| view.resolve(encoding));
        require(encoding.is_none_or(|encoding| match encoding {
            Object::Dictionary(encoding) => encoding.has_only(&["Type", "BaseEncoding", "Differences"]),
            encoding => encoding.as_name().is_some(),
        }))?;
        is_described(view, font)?;
        return Widths::simple(view, font);
    }
    let [descendant] = view.array(font, "DescendantFonts")? else { return None };
    let descendant = view.resolve(descendant).as_dictionary()?;
    require(font.has_only(&COMPOSITE) && descendant.has_only(&DESCENDANT))?;
    require(is(descendant, &["CIDFontType0", "CIDFontType2"]))?;
    // From above to below it is for writings that are none of ours (9.7.4.3).
    require(font.get("Encoding")?.as_name().is_some_and(|encoding| !encoding.ends_with(b"V")))?;
    is_described(view, descendant)?;
    Widths::composite(view, descendant)
}

/// What a font's codes mean, if it says so (9.10.3): a table that goes on from no other.
fn is_map<'a>(view: View<'a>, map: Option<&'a Object>) -> Option<()> {
    let Some(map) = map else { return Some(()) };
    let known = ["Type", "CMapName", "CIDSystemInfo", "WMode", "Length", "Filter", "DecodeParms"];
    let map = view.get(map.as_reference()?).filter(|map| map.stream.is_some())?;
    require(map.value.as_dictionary()?.has_only(&known))
}

/// The descriptor of a font (9.8), if it has one.
fn is_described<'a>(view: View<'a>, font: &'a Dictionary) -> Option<()> {
    const KNOWN: [&str; 20] = [
        "Type",
        "FontName",
        "FontFamily",
        "FontStretch",
        "FontWeight",
        "Flags",
        "FontBBox",
        "ItalicAngle",
        "Ascent",
        "Descent",
        "Leading",
        "CapHeight",
        "XHeight",
        "StemV",
        "StemH",
        "AvgWidth",
        "MaxWidth",
        "MissingWidth",
        "FontFile2",
        "FontFile3",
    ];
    const SUBSETS: [&str; 2] = ["CharSet", "CIDSet"];
    let Some(descriptor) = view.value(font, "FontDescriptor") else { return Some(()) };
    let descriptor = descriptor.as_dictionary()?;
    require(descriptor.iter().all(|(key, _)| KNOWN.iter().chain(&SUBSETS).any(|known| known.as_bytes() == key)))
}
