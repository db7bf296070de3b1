//! How much work it is to draw a drawing: given too much of it, programs never end, or leave out the rest of the page.

use crate::pdf::Object;

use super::contents::Resource;

/// Most steps of a drawing, each about what a byte of contents takes.
const MAX_STEPS: usize = 1 << 20;
/// Most dashes of its lines.
const MAX_DASHES: f64 = 1e6;
/// Least that dashes and the gaps between them are together, lest a line never end.
pub const MIN_ROUND: f64 = 0.1;
/// How many pixels of an image are a step.
const PIXELS_IN_STEP: usize = 64;
/// What an image takes besides its pixels, in steps.
const IMAGE: usize = 1 << 12;
/// What is drawn apart, to be laid over the rest or to mask it.
const GROUP: usize = 1 << 13;
/// A gradient, over all of the drawing or over what one operator paints.
const GRADIENT: usize = 1 << 11;
/// What one operator paints, which may be all of the drawing.
const PAINT: usize = 1 << 6;
/// A path that clips.
const CLIP: usize = 1 << 10;
/// A glyph.
const GLYPH: usize = 1 << 4;

/// What it takes to draw something.
#[derive(Clone, Copy)]
pub struct Work {
    steps: usize,
    /// How long its lines are, in units of their own coordinates.
    lines: f64,
    /// The least that dashes and gaps are together, in such units: what is drawn in it has the same.
    round: f64,
    /// How often it paints, and whether in gradients: what is drawn in it may be painted in the same.
    paints: usize,
    in_gradients: bool,
}

impl Default for Work {
    fn default() -> Self {
        Self { steps: 0, lines: 0.0, round: f64::INFINITY, paints: 0, in_gradients: false }
    }
}

impl Work {
    fn of(steps: usize) -> Self {
        Self { steps, ..Self::default() }
    }

    /// An image, with its masks, of so many pixels.
    pub fn of_image(pixels: usize) -> Self {
        Self::of(IMAGE + pixels / PIXELS_IN_STEP)
    }

    /// A group of what is drawn together.
    pub fn of_group() -> Self {
        Self::of(GROUP)
    }

    /// A gradient that is drawn by itself.
    pub fn of_gradient() -> Self {
        Self::of(GRADIENT)
    }

    /// A gradient to paint in.
    pub fn of_pattern() -> Self {
        Self { in_gradients: true, ..Self::default() }
    }

    /// Lines of dashes and gaps, if of any.
    pub fn of_dashes(lengths: &Object) -> Self {
        let round: f64 = lengths.as_array().unwrap_or_default().iter().filter_map(Object::as_number).sum();
        Self { round: if round > 0.0 { round } else { f64::INFINITY }, ..Self::default() }
    }

    /// Adds what is drawn as well.
    pub fn add(&mut self, other: Self) {
        self.steps = self.steps.saturating_add(other.steps);
        self.lines += other.lines;
        self.round = self.round.min(other.round);
        self.paints = self.paints.saturating_add(other.paints);
        self.in_gradients |= other.in_gradients;
    }

    /// Whether all programs come to its end.
    pub fn comes_to_end(self) -> bool {
        let paint = if self.in_gradients { GRADIENT } else { PAINT };
        self.steps.saturating_add(self.paints.saturating_mul(paint)) <= MAX_STEPS
            && self.lines / self.round <= MAX_DASHES
    }
}

/// Counts what contents take.
pub struct Meter {
    work: Work,
    /// Where the path began, where it is, and how long it is.
    start: [f64; 2],
    at: [f64; 2],
    length: f64,
}

impl Meter {
    /// For so many bytes of contents.
    pub fn new(bytes: usize) -> Self {
        Self { work: Work::of(bytes), start: [0.0; 2], at: [0.0; 2], length: 0.0 }
    }

    /// What all took.
    pub fn work(&self) -> Work {
        self.work
    }

    /// One operator, with what it takes and the resource that it names.
    pub fn follow(&mut self, operator: &[u8], operands: &[Object], resource: Option<&Resource>) {
        if let Some(resource) = resource {
            self.work.add(resource.drawn.work);
        }
        let numbers: Vec<f64> = operands.iter().filter_map(Object::as_number).collect();
        match (operator, &numbers[..]) {
            (b"m", &[x, y]) => (self.start, self.at) = ([x, y], [x, y]),
            (b"l" | b"c" | b"v" | b"y", points) => points.chunks_exact(2).for_each(|to| self.go([to[0], to[1]])),
            (b"re", &[x, y, width, height]) => {
                (self.start, self.at) = ([x, y], [x, y]);
                self.length += 2.0 * (width.abs() + height.abs());
            }
            (b"h", _) => self.go(self.start),
            (b"S" | b"B" | b"B*", _) => self.stroke(),
            (b"s" | b"b" | b"b*", _) => {
                self.go(self.start);
                self.stroke();
            }
            (b"f" | b"F" | b"f*" | b"n", _) => self.paint(),
            (b"W" | b"W*", _) => self.work.add(Work::of(CLIP)),
            (b"d", _) => self.work.add(operands.first().map(Work::of_dashes).unwrap_or_default()),
            (b"Tj" | b"'" | b"\"" | b"TJ", _) => {
                let pieces = operands.last().and_then(Object::as_array).unwrap_or(operands);
                let glyphs: usize = pieces.iter().filter_map(Object::as_bytes).map(<[u8]>::len).sum();
                self.work.paints = self.work.paints.saturating_add(glyphs);
                self.work.add(Work::of(glyphs.saturating_mul(GLYPH)));
            }
            _ => (),
        }
    }

    fn go(&mut self, to: [f64; 2]) {
        self.length += (to[0] - self.at[0]).hypot(to[1] - self.at[1]);
        self.at = to;
    }

    fn stroke(&mut self) {
        self.work.lines += self.length;
        self.paint();
    }

    fn paint(&mut self) {
        self.work.paints += 1;
        self.length = 0.0;
    }
}
