//! Quotes of different shapes in one text.

use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::Kind;

/// The shapes, in the order in which the OLE prefers them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Angular,
    Curly,
    Straight,
}

impl Shape {
    const ALL: [Self; 3] = [Self::Angular, Self::Curly, Self::Straight];

    fn name(self) -> &'static str {
        match self {
            Self::Angular => "angulares (« »)",
            Self::Curly => "inglesas (“ ”)",
            Self::Straight => "rectas (\" \")",
        }
    }
}

/// Looks for texts whose outer quotes are not all of one shape. Quotes within quotes are right to be of another, and a text
/// whose quotes do not pair up is told of elsewhere.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    // Few texts quote anything.
    if !text.value.contains(['«', '“', '"']) {
        return;
    }
    let Some(outer) = outer(text) else { return };
    let count = |shape: Shape| outer.iter().filter(|(of, _)| *of == shape).count();
    let shapes = || Shape::ALL.into_iter().filter(|&shape| count(shape) > 0);
    let Some(rarest) = shapes().min_by_key(|&shape| count(shape)) else { return };
    let Some(usual) = shapes().filter(|&shape| shape != rarest).max_by_key(|&shape| count(shape)) else { return };
    let first = |shape: Shape| outer.iter().find(|(of, _)| *of == shape).map_or(0..0, |(_, at)| text.bytes(*at, *at));
    let used: Vec<String> = shapes()
        .map(|shape| format!("{}, {} {}", shape.name(), count(shape), if count(shape) == 1 { "vez" } else { "veces" }))
        .collect();
    let message = format!("el texto usa comillas de distinta forma: {}", used.join("; "));
    let finding = text.finding(&code::QUOTES_MIXED, first(rarest), message).label("de otra forma");
    findings.push(finding.related(text.place(first(usual)), "aquí, las otras").help("use las mismas en todo el texto"));
}

/// The places of the quotes that open outside all others; none if they do not pair up.
fn outer(text: &Text<'_>) -> Option<Vec<(Shape, usize)>> {
    let (mut open, mut outer): (Vec<Shape>, _) = (Vec::new(), Vec::new());
    for index in 0..text.tokens.len() {
        let (shape, opens) = match text.mark(index) {
            Some('«') => (Shape::Angular, true),
            Some('»') => (Shape::Angular, false),
            Some('“') => (Shape::Curly, true),
            Some('”') => (Shape::Curly, false),
            Some('"') => (Shape::Straight, !open.contains(&Shape::Straight)),
            _ => continue,
        };
        if opens {
            // Inches, or three deep: who can tell.
            if text.kind(index.wrapping_sub(1)) == Some(Kind::Number) || open.len() == 3 {
                return None;
            }
            if open.is_empty() {
                outer.push((shape, index));
            }
            open.push(shape);
        } else if open.pop() != Some(shape) {
            return None;
        }
    }
    open.is_empty().then_some(outer)
}
