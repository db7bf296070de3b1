//! The fonts of a drawing (ISO 32000-1, 9.5 to 9.9): of glyphs that are outlines.

use std::collections::BTreeMap;

use crate::pdf::{Dictionary, Object, View};

use super::{is_within, meaning, require, standard};

/// Most that a number of a font may be.
const MAX_NUMBER: f64 = 100_000.0;

/// How wide the glyphs of a font are, in thousandths of the size (9.2.4).
pub struct Widths {
    of: BTreeMap<u16, f64>,
    /// Of composite fonts, how wide all others are.
    others: Option<f64>,
    /// Whether codes are of two bytes.
    double: bool,
}

impl Widths {
    /// The glyphs of a text: the code, if it is of one byte, and the width, if all programs know the same.
    pub fn glyphs<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = (Option<u8>, Option<f64>)> + 'a {
        let length = if self.double { 2 } else { 1 };
        text.chunks(length).map(move |code| {
            let number = code.iter().fold(0, |number, byte| number << 8 | u16::from(*byte));
            let width = self.of.get(&number).copied().or(self.others).filter(|_| code.len() == length);
            (code.first().copied().filter(|_| !self.double), width)
        })
    }

    /// Those of a font of at most 256 glyphs (9.6.2). Of others than these programs take what the descriptor says, what the font has in
    /// it, or what they know of it by heart.
    fn simple<'a>(view: View<'a>, font: &'a Dictionary) -> Option<Self> {
        let number = |object: &'a Object| view.resolve(object).as_number();
        let code = |key| u8::try_from(view.resolve(font.get(key)?).as_integer()?).ok();
        let told: BTreeMap<u8, f64> = match font.get("Widths") {
            Some(widths) => {
                let codes = code("FirstChar")?..=code("LastChar")?;
                let widths = view.resolve(widths).as_array().filter(|widths| widths.len() == codes.len())?;
                codes.zip(widths).map(|(code, width)| Some((code, number(width)?))).collect::<Option<_>>()?
            }
            None => BTreeMap::new(),
        };
        require(told.is_empty() == ["FirstChar", "LastChar", "Widths"].iter().all(|key| font.get(key).is_none()))?;
        let descriptor = view.dictionary(font, "FontDescriptor");
        let missing = descriptor.and_then(|descriptor| descriptor.get("MissingWidth")).map(number);
        let is_missing = |width: f64| missing.map_or(told.is_empty(), |missing| missing == Some(width));
        let width = |code| told.get(&code).copied().or_else(|| by_heart(view, font, code).filter(|it| is_missing(*it)));
        let of = (0..=u8::MAX).filter_map(|code| Some((u16::from(code), width(code)?)));
        Some(Self { of: of.collect(), others: None, double: false })
    }

    /// Those of the glyphs of a composite font (9.7.4.3), each told once, in their order.
    fn composite<'a>(view: View<'a>, descendant: &'a Dictionary) -> Option<Self> {
        let number = |object: &'a Object| view.resolve(object).as_number();
        let code = |object: &'a Object| u16::try_from(view.resolve(object).as_integer()?).ok();
        let mut of = BTreeMap::new();
        let mut put = |code, width| {
            require(of.last_key_value().is_none_or(|(last, _)| *last < code))?;
            of.insert(code, width);
            Some(())
        };
        let mut told = descendant.get("W").map_or(Some([].as_slice()), |told| view.resolve(told).as_array())?;
        while let [first, second, rest @ ..] = told {
            let first = code(first)?;
            told = match (view.resolve(second), rest) {
                (Object::Array(widths), rest) => {
                    require(widths.len() <= usize::from(u16::MAX - first) + 1)?;
                    (first..=u16::MAX).zip(widths).try_for_each(|(code, width)| put(code, number(width)?))?;
                    rest
                }
                (last, [width, rest @ ..]) => {
                    let (last, width) = (code(last)?, number(width)?);
                    require(first <= last)?;
                    (first..=last).try_for_each(|code| put(code, width))?;
                    rest
                }
                _ => return None,
            };
        }
        require(told.is_empty())?;
        // Some programs take 1000 for one that is no whole number.
        let others = descendant.get("DW").map_or(Some(1000.0), number).filter(|width| width.fract() == 0.0)?;
        Some(Self { of, others: Some(others), double: true })
    }
}

/// The width of a glyph of a standard font that is not in the file.
fn by_heart<'a>(view: View<'a>, font: &'a Dictionary, code: u8) -> Option<f64> {
    let descriptor = view.dictionary(font, "FontDescriptor");
    let is_embedded =
        |descriptor: &Dictionary| ["FontFile2", "FontFile3"].iter().any(|file| descriptor.get(file).is_some());
    require(font.is("Subtype", "Type1") && !descriptor.is_some_and(is_embedded))?;
    let encoding = match view.value(font, "Encoding") {
        Some(Object::Dictionary(encoding)) => {
            let others = encoding.get("Differences").and_then(Object::as_array).unwrap_or_default();
            require(!differing(others).any(|other| other == i64::from(code)))?;
            encoding.get("BaseEncoding").and_then(Object::as_name)
        }
        Some(encoding) => Some(encoding.as_name()?),
        None => None,
    };
    standard::width(font.get("BaseFont")?.as_name()?, encoding, code)
}

/// The widths of a font of glyphs that are outlines; `None` for any other. Those that are drawings have contents of their own (9.6.5),
/// which some programs run wherever they find them; and fonts of type 1 are programs.
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
    const DESCENDANT: [&str; 8] =
        ["Type", "Subtype", "BaseFont", "CIDSystemInfo", "FontDescriptor", "DW", "W", "CIDToGIDMap"];
    let is = |font: &Dictionary, kinds: &[&str]| kinds.iter().any(|kind| font.is("Subtype", kind));
    require(font.get("ToUnicode").is_none_or(|map| meaning::is_plain(view, map)))?;
    if !font.is("Subtype", "Type0") {
        require(is(font, &["Type1", "MMType1", "TrueType"]) && font.has_only(&SIMPLE))?;
        require(view.value(font, "Encoding").is_none_or(is_encoding) && is_described(view, font))?;
        return Widths::simple(view, font);
    }
    // Any other map from codes to glyphs is for writings that are none of ours, and not all programs have it.
    require(font.is("Encoding", "Identity-H") && font.has_only(&COMPOSITE))?;
    let [descendant] = view.array(font, "DescendantFonts")? else { return None };
    let descendant = view.resolve(descendant).as_dictionary()?;
    require(is(descendant, &["CIDFontType0", "CIDFontType2"]) && descendant.has_only(&DESCENDANT))?;
    require(is_collection(view.dictionary(descendant, "CIDSystemInfo")?) && is_described(view, descendant))?;
    // Without one, some programs take another font, and its widths.
    require(view.dictionary(descendant, "FontDescriptor").is_some())?;
    require(
        descendant.get("CIDToGIDMap").is_none_or(|map| map.as_name() == Some(b"Identity") || is_stream(view, map)),
    )?;
    Widths::composite(view, descendant)
}

/// The codes that differences name glyphs for: from each number on (9.6.6.1).
fn differing(differences: &[Object]) -> impl Iterator<Item = i64> + '_ {
    let codes = differences.iter().scan(0, |next, one| {
        let code = one.as_integer().unwrap_or(*next);
        *next = if one.as_name().is_some() { code + 1 } else { code };
        Some(one.as_name().map(|_| code))
    });
    codes.flatten()
}

fn is_stream<'a>(view: View<'a>, value: &'a Object) -> bool {
    value.as_reference().and_then(|id| view.get(id)).is_some_and(|object| object.stream.is_some())
}

/// What glyphs the codes of a simple font are (9.6.6).
fn is_encoding(encoding: &Object) -> bool {
    const NAMES: [&[u8]; 4] = [b"WinAnsiEncoding", b"MacRomanEncoding", b"MacExpertEncoding", b"StandardEncoding"];
    let is_named = |name: &Object| name.as_name().is_some_and(|name| NAMES.contains(&name));
    let is_difference =
        |one: &Object| one.as_name().is_some() || one.as_integer().is_some_and(|code| (0..=255).contains(&code));
    let Some(encoding) = encoding.as_dictionary() else { return is_named(encoding) };
    encoding.has_only(&["Type", "BaseEncoding", "Differences"])
        && encoding.get("BaseEncoding").is_none_or(is_named)
        && encoding.get("Differences").is_none_or(|all| all.as_array().is_some_and(|all| all.iter().all(is_difference)))
}

/// A collection of glyphs (9.7.3).
fn is_collection(collection: &Dictionary) -> bool {
    let is_text = |key| collection.get(key).is_some_and(|text| text.as_bytes().is_some());
    is_text("Registry")
        && is_text("Ordering")
        && collection.get("Supplement").is_some_and(|one| one.as_integer().is_some())
}

/// The descriptor of a font (9.8), if it has one.
fn is_described<'a>(view: View<'a>, font: &'a Dictionary) -> bool {
    let number = |value: &Object| is_within(value, -MAX_NUMBER, MAX_NUMBER);
    let is_known = |key: &[u8], value: &'a Object| match key {
        b"Type" | b"FontName" | b"FontStretch" => value.as_name().is_some(),
        b"FontFamily" | b"CharSet" => value.as_bytes().is_some(),
        b"FontBBox" => value.as_array().is_some_and(|corners| corners.len() == 4 && corners.iter().all(number)),
        b"FontFile2" | b"FontFile3" | b"CIDSet" => is_stream(view, value),
        b"Flags" => value.as_integer().is_some(),
        b"FontWeight" | b"ItalicAngle" | b"Ascent" | b"Descent" | b"Leading" | b"CapHeight" | b"XHeight" | b"StemV"
        | b"StemH" | b"AvgWidth" | b"MaxWidth" | b"MissingWidth" => number(value),
        _ => false,
    };
    view.value(font, "FontDescriptor").is_none_or(|descriptor| {
        descriptor.as_dictionary().is_some_and(|all| all.iter().all(|(key, value)| is_known(key, value)))
    })
}
