//! Contents that draw, and leave all as they found it (ISO 32000-1, 7.8.2 and annex A).

use std::collections::BTreeMap;

use crate::pdf::{Object, Token, Tokens};

use super::font::Widths;
use super::text::Pen;
use super::work::Meter;
use super::{Drawn, MAX_REACH, colour, is_dash, is_within, meaning, require};

/// Most graphics states that may be kept at a time (ISO 32000-1, annex C, has 28).
const MAX_STATES: usize = 100;
/// Most paths that may clip at a time. Some programs draw nothing more after a thousand, those of the forms around among them.
const MAX_CLIPS: usize = 100;
/// Most that a number may be: of far larger ones programs know too few digits.
const MAX_NUMBER: f64 = 100_000.0;

/// The operators of drawings, each with what goes before it: numbers (`n`), some that are not below 0 (`p`), styles (`s`), ways to show
/// text (`r`), names (`N`), texts (`t`), lists of texts and numbers (`l`), dashes (`d`) and where they begin (`b`), dictionaries (`D`),
/// or a colour (`c`). With more or less than that before it, programs do not agree on what it does.
const OPERATORS: [(&[u8], &str); 65] = [
    (b"q", ""),
    (b"Q", ""),
    (b"cm", "nnnnnn"),
    (b"w", "p"),
    (b"J", "s"),
    (b"j", "s"),
    (b"M", "p"),
    (b"d", "db"),
    (b"ri", "N"),
    (b"i", "p"),
    (b"gs", "N"),
    (b"m", "nn"),
    (b"l", "nn"),
    (b"c", "nnnnnn"),
    (b"v", "nnnn"),
    (b"y", "nnnn"),
    (b"h", ""),
    (b"re", "nnnn"),
    (b"S", ""),
    (b"s", ""),
    (b"f", ""),
    (b"F", ""),
    (b"f*", ""),
    (b"B", ""),
    (b"B*", ""),
    (b"b", ""),
    (b"b*", ""),
    (b"n", ""),
    (b"W", ""),
    (b"W*", ""),
    (b"BT", ""),
    (b"ET", ""),
    (b"Tc", "n"),
    (b"Tw", "n"),
    (b"Tz", "n"),
    (b"TL", "n"),
    (b"Tf", "Nn"),
    (b"Tr", "r"),
    (b"Ts", "n"),
    (b"Td", "nn"),
    (b"TD", "nn"),
    (b"Tm", "nnnnnn"),
    (b"T*", ""),
    (b"Tj", "t"),
    (b"TJ", "l"),
    (b"'", "t"),
    (b"\"", "nnt"),
    (b"CS", "N"),
    (b"cs", "N"),
    (b"SC", "c"),
    (b"SCN", "c"),
    (b"sc", "c"),
    (b"scn", "c"),
    (b"sh", "N"),
    (b"G", "n"),
    (b"g", "n"),
    (b"RG", "nnn"),
    (b"rg", "nnn"),
    (b"K", "nnnn"),
    (b"k", "nnnn"),
    (b"Do", "N"),
    (b"MP", "N"),
    (b"BMC", "N"),
    (b"BDC", "ND"),
    (b"EMC", ""),
];

/// A kind of resources (7.8.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    ExternalObject,
    State,
    Font,
    ColourSpace,
    Shading,
    Pattern,
}

/// What a resource is called.
pub type Name = (Kind, Vec<u8>);

/// What resources are, by kind and name.
pub type Resources = BTreeMap<Name, Resource>;

/// What a resource is.
#[derive(Default)]
pub struct Resource {
    /// What is drawn with it.
    pub drawn: Drawn,
    /// How wide its glyphs are, if it is a font.
    pub widths: Option<Widths>,
}

impl Kind {
    /// The kind of those under this key; `None` if signers have none such.
    pub fn of(key: &[u8]) -> Option<Self> {
        Some(match key {
            b"XObject" => Self::ExternalObject,
            b"ExtGState" => Self::State,
            b"Font" => Self::Font,
            b"ColorSpace" => Self::ColourSpace,
            b"Shading" => Self::Shading,
            b"Pattern" => Self::Pattern,
            _ => return None,
        })
    }

    /// The kind of what an operator takes by this name.
    fn taken_by(operator: &[u8], name: &[u8]) -> Option<Self> {
        Some(match operator {
            b"Do" => Self::ExternalObject,
            b"gs" => Self::State,
            b"Tf" => Self::Font,
            b"CS" | b"cs" if name != b"Pattern" && colour::device(name).is_none() => Self::ColourSpace,
            b"sh" => Self::Shading,
            b"SC" | b"SCN" | b"sc" | b"scn" => Self::Pattern,
            _ => return None,
        })
    }
}

/// What it takes to draw contents; `None` if they do not draw, or not only, or leave anything as they did not find it. Where a form does
/// not say what a name means, programs look for it where the form is drawn, or not at all.
pub fn drawn(contents: &[u8], resources: &Resources) -> Option<Drawn> {
    let (mut pen, mut meter) = (Pen::new(), Meter::new(contents.len()));
    // How many paths clip, now and in the states that are kept.
    let (mut clips, mut states) = (0, Vec::new());
    let (mut marks, mut in_text) = (0_usize, false);
    let (mut path, mut operands) = (Path::None, Vec::new());
    for token in Tokens::new(contents) {
        let operator = match token? {
            Token::Object(object) => {
                operands.push(object);
                require(operands.len() <= 6)?;
                continue;
            }
            Token::Operator(operator) => operator,
        };
        let (_, kinds) = OPERATORS.iter().find(|(known, _)| *known == operator)?;
        require(is_operands(&operands, kinds) && stands(operator, in_text))?;
        path = path.after(operator)?;
        match operator {
            b"q" => {
                states.push(clips);
                require(states.len() <= MAX_STATES)?;
            }
            b"Q" => clips = states.pop()?,
            b"W" | b"W*" => {
                clips += 1;
                require(clips <= MAX_CLIPS)?;
            }
            b"BT" | b"ET" => {
                require(in_text == (operator == b"ET"))?;
                in_text = !in_text;
            }
            b"BMC" | b"BDC" => {
                require(operands[0].as_name() != Some(b"OC"))?;
                marks += 1;
            }
            b"EMC" => marks = marks.checked_sub(1)?,
            _ => (),
        }
        let name = operands.first().and_then(Object::as_name);
        let named = name.and_then(|name| Some((Kind::taken_by(operator, name)?, name.to_vec())));
        let resource = match named {
            Some(named) => Some(resources.get(&named)?),
            None => None,
        };
        meter.follow(operator, &operands, resource);
        pen.follow(operator, &operands, resource)?;
        operands.clear();
    }
    require(states.is_empty() && marks == 0 && !in_text && path == Path::None && operands.is_empty())?;
    let depth = 1 + resources.values().map(|inner| inner.drawn.depth).max().unwrap_or_default();
    Some(Drawn { depth, work: meter.work(), text: pen.text() })
}

/// Whether an operator may be where it is: some only in a text object, some in none (8.2, figure 9). Elsewhere programs do not agree on
/// where text is, nor on what comes after.
fn stands(operator: &[u8], in_text: bool) -> bool {
    match operator {
        b"Td" | b"TD" | b"Tm" | b"T*" | b"Tj" | b"TJ" | b"'" | b"\"" => in_text,
        b"q" | b"Q" | b"cm" | b"Do" | b"sh" | b"m" | b"l" | b"c" | b"v" | b"y" | b"h" | b"re" | b"S" | b"s" | b"f"
        | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"n" | b"W" | b"W*" => !in_text,
        _ => true,
    }
}

/// Whether operands are of these kinds.
fn is_operands(operands: &[Object], kinds: &str) -> bool {
    if kinds == "c" {
        return match operands {
            [Object::Name(_)] => true,
            numbers => (1..=4).contains(&numbers.len()) && numbers.iter().all(is_number),
        };
    }
    operands.len() == kinds.len()
        && operands.iter().zip(kinds.bytes()).all(|(operand, kind)| match kind {
            b'n' => is_number(operand),
            b'p' => is_within(operand, 0.0, MAX_NUMBER),
            b's' => is_within(operand, 0.0, 2.0),
            // Not as what clips: some programs let that hold for whatever they draw next.
            b'r' => is_within(operand, 0.0, 3.0),
            b'b' => is_within(operand, -MAX_REACH, MAX_REACH),
            b'N' => operand.as_name().is_some(),
            b't' => operand.as_bytes().is_some(),
            b'l' => {
                operand.as_array().is_some_and(|all| all.iter().all(|one| is_number(one) || one.as_bytes().is_some()))
            }
            b'd' => is_dash(operand),
            // A part of the structure is of the page, but some programs read this text instead.
            _ => operand
                .as_dictionary()
                .is_some_and(|properties| properties.get("MCID").is_none() && meaning::is_said(properties)),
        })
}

fn is_number(operand: &Object) -> bool {
    is_within(operand, -MAX_NUMBER, MAX_NUMBER)
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
