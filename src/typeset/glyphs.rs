//! Which characters the fonts draw, each as one glyph of its own.
//!
//! A letter that a font builds from two glyphs would be drawn once and read twice: typst 0.15 sets the two at their own
//! heights as two pieces of text, and gives each the whole letter. So such a letter counts as not drawn.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rustybuzz::{Face, UnicodeBuffer};
use typst::text::Font;

use crate::input::text::Alphabet;

/// The characters that the fonts draw as one glyph.
pub fn alphabet(fonts: &[Font]) -> Alphabet {
    let fonts = fonts.to_vec();
    let ascii: Vec<bool> = ('\0'..='\x7F').map(|c| draws(&fonts, c)).collect();
    let known: Mutex<HashMap<char, bool>> = Mutex::default();
    Alphabet::new(move |c| match ascii.get(c as usize) {
        Some(drawn) => *drawn,
        None => *known.lock().unwrap_or_else(PoisonError::into_inner).entry(c).or_insert_with(|| draws(&fonts, c)),
    })
}

/// Whether some font has the character, and each that has it draws it as one glyph.
fn draws(fonts: &[Font], c: char) -> bool {
    let mut having = fonts.iter().filter(|font| font.info().coverage.contains(c.into())).peekable();
    having.peek().is_some() && having.all(|font| glyphs(font, c) == 1)
}

fn glyphs(font: &Font, c: char) -> usize {
    let mut buffer = UnicodeBuffer::new();
    buffer.add(c, 0);
    buffer.guess_segment_properties();
    Face::from_slice(font.data(), font.index()).map_or(0, |face| rustybuzz::shape(&face, &[], buffer).len())
}
