//! The fonts of a drawing (ISO 32000-1, 9.5 to 9.9): of glyphs that are outlines.

use crate::pdf::{Dictionary, Object, View};

use super::{has_only, require};

/// A font of glyphs that are outlines. Those that are drawings have contents of their own (9.6.5), which some programs run wherever they
/// find them; and fonts of type 1 are programs.
pub fn is_font<'a>(view: View<'a>, font: &'a Dictionary) -> Option<()> {
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
        require(is(font, &["Type1", "MMType1", "TrueType"]) && has_only(font, &SIMPLE))?;
        let encoding = font.get("Encoding").map(|encoding| view.resolve(encoding));
        require(encoding.is_none_or(|encoding| match encoding {
            Object::Dictionary(encoding) => has_only(encoding, &["Type", "BaseEncoding", "Differences"]),
            encoding => encoding.as_name().is_some(),
        }))?;
        return is_described(view, font);
    }
    let [descendant] = view.array(font, "DescendantFonts")? else { return None };
    let descendant = view.resolve(descendant).as_dictionary()?;
    require(has_only(font, &COMPOSITE) && has_only(descendant, &DESCENDANT))?;
    require(is(descendant, &["CIDFontType0", "CIDFontType2"]) && font.get("Encoding")?.as_name().is_some())?;
    is_described(view, descendant)
}

/// What a font's codes mean, if it says so (9.10.3): a table that goes on from no other.
fn is_map<'a>(view: View<'a>, map: Option<&'a Object>) -> Option<()> {
    let Some(map) = map else { return Some(()) };
    let known = ["Type", "CMapName", "CIDSystemInfo", "WMode", "Length", "Filter", "DecodeParms"];
    let map = view.get(map.as_reference()?).filter(|map| map.stream.is_some())?;
    require(has_only(map.value.as_dictionary()?, &known))
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
