//! Where the text of a drawing stands (ISO 32000-1, 9.4). Programs find it, copy it and read it aloud wherever that is, also where
//! nothing of it is seen; so it has to stand where it is seen.

use crate::pdf::Object;

use super::contents::Resource;
use super::font::Widths;
use super::{can_be_undone, require};

/// How far beyond its box the text of a drawing may go, in widths and heights of the box: some signers do not count the last blank.
const MARGIN: f64 = 0.05;
/// How far from the origin text may go on its way, in points: farther off, programs that count with seven digits stray.
const MAX_WAY: f64 = 2_000.0;
/// How high at least the letters of a font are, in sizes.
const HEIGHT: f64 = 0.5;
/// How far a program strays at each glyph whose width is no whole number, in thousandths of the size: some cut the rest off.
const STRAY: f64 = 1.0;
/// How often text may move: each time programs that count with seven digits stray a little.
const MAX_MOVES: usize = 10_000;

/// The smallest box around some places: left, bottom, right, top. Nothing is around none.
#[derive(Clone, Copy, Default)]
pub struct Reach(Option<[f64; 4]>);

impl Reach {
    fn add(&mut self, [x, y]: [f64; 2]) {
        let [left, bottom, right, top] = self.0.unwrap_or([x, y, x, y]);
        self.0 = Some([left.min(x), bottom.min(y), right.max(x), top.max(y)]);
        // Numbers too large to count with; the least of what is no number and another would be the other.
        if !(x.is_finite() && y.is_finite()) {
            self.lose();
        }
    }

    /// Adds what may be anywhere.
    fn lose(&mut self) {
        self.0 = Some([f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY]);
    }

    /// Adds what something reaches that is drawn by a matrix.
    fn join(&mut self, other: Self, by: Matrix) {
        if let Some([left, bottom, right, top]) = other.0 {
            for (x, y) in [(left, bottom), (left, top), (right, bottom), (right, top)] {
                self.add(by.place(x, y));
            }
        }
    }

    /// Whether all of it is in a box of any two opposite corners, or beyond by no more than this share of its sides.
    fn is_in(self, [x, y, other_x, other_y]: [f64; 4], margin: f64) -> bool {
        let (left, bottom, right, top) = (x.min(other_x), y.min(other_y), x.max(other_x), y.max(other_y));
        let (aside, above) = (margin * (right - left), margin * (top - bottom));
        self.0.is_none_or(|own| {
            own[0] >= left - aside && own[1] >= bottom - above && own[2] <= right + aside && own[3] <= top + above
        })
    }
}

/// The text of a drawing.
#[derive(Clone, Copy, Default)]
pub struct Text {
    /// Where it is.
    shown: Reach,
    /// Where it went to get there.
    way: Reach,
}

impl Text {
    fn join(&mut self, other: Self, by: Matrix) {
        self.shown.join(other.shown, by);
        self.way.join(other.way, by);
    }

    /// Whether there is none.
    fn is_nothing(self) -> bool {
        self.shown.0.is_none()
    }

    /// Whether all of it stands in a box.
    pub fn is_in(self, corners: [f64; 4]) -> bool {
        self.is_nothing()
            || self.shown.is_in(corners, MARGIN) && self.way.is_in([-MAX_WAY, -MAX_WAY, MAX_WAY, MAX_WAY], 0.0)
    }
}

/// A change of coordinates (8.3.3).
#[derive(Clone, Copy)]
struct Matrix([f64; 6]);

impl Matrix {
    const NONE: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    fn by(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Of six numbers.
    fn of(numbers: &[f64]) -> Self {
        numbers.try_into().map_or(Self::NONE, Self)
    }

    /// This one, and then another (8.3.4).
    fn then(self, other: Self) -> Self {
        let (own, by) = (self.0, other.0);
        let turned = |x: f64, y: f64| (x * by[0] + y * by[2], x * by[1] + y * by[3]);
        let (across, along, place) = (turned(own[0], own[1]), turned(own[2], own[3]), turned(own[4], own[5]));
        Self([across.0, across.1, along.0, along.1, place.0 + by[4], place.1 + by[5]])
    }

    /// Whether programs can count with it.
    fn is_usual(self) -> bool {
        can_be_undone(&self.0)
    }

    fn place(self, x: f64, y: f64) -> [f64; 2] {
        let Self([.., x, y]) = Self::by(x, y).then(self);
        [x, y]
    }
}

/// What of a graphics state places text (8.4.1, 9.3.1).
#[derive(Clone, Copy)]
struct State<'a> {
    matrix: Matrix,
    font: Option<&'a Widths>,
    size: f64,
    between_glyphs: f64,
    between_words: f64,
    /// How wide it is, 1 as the font has it.
    stretch: f64,
    leading: f64,
    rise: f64,
}

impl State<'_> {
    /// Whether text in a form that is drawn now stands where it would by itself: forms take on what was said before them (8.10.1).
    fn is_plain(&self) -> bool {
        let others = [self.between_glyphs, self.between_words, self.stretch - 1.0, self.leading, self.rise];
        others.iter().all(|other| other.abs() < f64::EPSILON)
    }
}

/// Follows contents, and where they show text.
pub struct Pen<'a> {
    state: State<'a>,
    kept: Vec<State<'a>>,
    /// Where the line began, and where the next glyph goes, or how far from there to either side along the line.
    line: Matrix,
    next: Matrix,
    stray: f64,
    moves: usize,
    text: Text,
}

impl<'a> Pen<'a> {
    pub fn new() -> Self {
        let state = State {
            matrix: Matrix::NONE,
            font: None,
            size: 0.0,
            between_glyphs: 0.0,
            between_words: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        let (line, next) = (Matrix::NONE, Matrix::NONE);
        Self { state, kept: Vec::new(), line, next, stray: 0.0, moves: 0, text: Text::default() }
    }

    /// What it showed.
    pub fn text(&self) -> Text {
        self.text
    }

    /// One operator, with what it takes and the resource that it names; `None` if programs cannot count with it.
    pub fn follow(&mut self, operator: &[u8], operands: &[Object], resource: Option<&'a Resource>) -> Option<()> {
        let numbers: Vec<f64> = operands.iter().filter_map(Object::as_number).collect();
        match (operator, &numbers[..]) {
            (b"q", _) => self.kept.push(self.state),
            (b"Q", _) => self.state = self.kept.pop().unwrap_or(self.state),
            (b"cm", numbers) => {
                self.state.matrix = Matrix::of(numbers).then(self.state.matrix);
                require(self.state.matrix.is_usual())?;
                self.text.way.add(self.state.matrix.place(0.0, 0.0));
            }
            (b"Do" | b"gs", _) => self.draw(resource),
            (b"Tf", &[size]) => {
                (self.state.font, self.state.size) = (resource.and_then(|font| font.widths.as_ref()), size);
            }
            (b"Tc", &[space]) => self.state.between_glyphs = space,
            (b"Tw", &[space]) => self.state.between_words = space,
            (b"Tz", &[percent]) => self.state.stretch = percent / 100.0,
            (b"TL", &[leading]) => self.state.leading = leading,
            (b"Ts", &[rise]) => self.state.rise = rise,
            (b"BT", _) => self.begin(Matrix::NONE),
            (b"Tm", numbers) => {
                require(Matrix::of(numbers).is_usual())?;
                self.begin(Matrix::of(numbers));
            }
            (b"Td", &[x, y]) => self.begin(Matrix::by(x, y).then(self.line)),
            (b"TD", &[x, y]) => {
                self.state.leading = -y;
                self.begin(Matrix::by(x, y).then(self.line));
            }
            (b"T*", _) => self.next_line(),
            (b"Tj", _) => self.show(operands),
            (b"'", _) => {
                self.next_line();
                self.show(operands);
            }
            (b"\"", &[words, glyphs]) => {
                (self.state.between_words, self.state.between_glyphs) = (words, glyphs);
                self.next_line();
                self.show(operands);
            }
            (b"TJ", _) => self.show(operands.first().and_then(Object::as_array).unwrap_or_default()),
            _ => (),
        }
        require(self.moves <= MAX_MOVES)
    }

    fn begin(&mut self, line: Matrix) {
        self.line = line;
        self.stray = 0.0;
        self.go(line);
    }

    fn go(&mut self, next: Matrix) {
        self.next = next;
        self.moves += 1;
        self.text.way.add(next.place(0.0, 0.0));
        self.text.way.add(next.then(self.state.matrix).place(0.0, 0.0));
    }

    fn next_line(&mut self) {
        self.begin(Matrix::by(0.0, -self.state.leading).then(self.line));
    }

    /// A form, or a mask, that has text itself.
    fn draw(&mut self, resource: Option<&Resource>) {
        let inner = resource.map(|resource| resource.drawn.text).unwrap_or_default();
        self.text.join(inner, self.state.matrix);
        if !inner.is_nothing() && !self.state.is_plain() {
            self.text.shown.lose();
        }
    }

    /// Texts, and numbers by which what follows is moved back (9.4.3).
    fn show(&mut self, pieces: &[Object]) {
        let state = self.state;
        for piece in pieces {
            if let Some(back) = piece.as_number() {
                self.advance(-back / 1000.0 * state.size);
            }
            for (code, width) in piece.as_bytes().map(|text| self.glyphs(text)).unwrap_or_default() {
                let Some(width) = width else {
                    // Programs take another, as large as they like.
                    self.text.shown.lose();
                    continue;
                };
                let (told, width) = (width, width / 1000.0 * state.size);
                let glyph = Matrix::by(0.0, state.rise).then(self.next).then(state.matrix);
                let stray = self.stray;
                for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
                    for aside in [-stray, stray] {
                        self.text.shown.add(glyph.place(x * width * state.stretch + aside, y * HEIGHT * state.size));
                    }
                }
                if told.fract() != 0.0 {
                    self.stray += (STRAY / 1000.0 * state.size * state.stretch).abs();
                }
                let word = if code == Some(b' ') { state.between_words } else { 0.0 };
                self.advance(width + state.between_glyphs + word);
            }
        }
    }

    /// The codes and widths of the glyphs of a text; of no font that is said, none is known.
    fn glyphs(&self, text: &[u8]) -> Vec<(Option<u8>, Option<f64>)> {
        match self.state.font {
            Some(font) => font.glyphs(text).collect(),
            None => text.iter().map(|_| (None, None)).collect(),
        }
    }

    fn advance(&mut self, by: f64) {
        self.go(Matrix::by(by * self.state.stretch, 0.0).then(self.next));
    }
}
