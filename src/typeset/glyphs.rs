//! Which characters the fonts draw, each as one glyph of its own.
//!
//! A letter that a font builds from two glyphs would be drawn once and read twice: typst 0.15 sets the two at their own
//! heights as two pieces of text, and gives each the whole letter. So such a letter counts as not drawn.

use std::collections::HashMap;
use std::sync::Mutex;

use rustybuzz::{Face, UnicodeBuffer};
use typst::text::Font;

use crate::input::text::Alphabet;
use crate::lock::lock;

/// The last of the letters that any font of Latin script has as glyphs of their own: those of the languages of Europe.
/// They are nearly all of a report, and are not worth shaping one by one.
const LAST_OF_LATIN: char = '\u{17F}';

/// The characters that the fonts draw as one glyph.
pub fn alphabet(fonts: &[Font]) -> Alphabet {
    let fonts = fonts.to_vec();
    let has = |c: char| fonts.iter().any(|font| font.info().coverage.contains(c.into()));
    let latin: Vec<bool> = ('\0'..=LAST_OF_LATIN).map(has).collect();
    let known: Mutex<HashMap<char, bool>> = Mutex::default();
    Alphabet::new(move |c| match latin.get(c as usize) {
        Some(drawn) => *drawn,
        None => *lock(&known).entry(c).or_insert_with(|| draws(&fonts, c)),
    })
}

/// Whether some font draws the character, and each that does draws it as one glyph.
fn draws(fonts: &[Font], c: char) -> bool {
    let mut drawing = fonts.iter().map(|font| glyphs(font, c)).filter(|count| *count > 0).peekable();
    drawing.peek().is_some() && drawing.all(|count| count == 1)
}

/// Of how many glyphs a font makes a character; 0 if it cannot. A font without the character may still make it of a letter
/// and a mark.
fn glyphs(font: &Font, c: char) -> usize {
    let Some(face) = Face::from_slice(font.data(), font.index()) else { return 0 };
    let mut buffer = UnicodeBuffer::new();
    buffer.add(c, 0);
    buffer.guess_segment_properties();
    let shaped = rustybuzz::shape(&face, &[], buffer);
    if shaped.glyph_infos().iter().any(|glyph| glyph.glyph_id == 0) { 0 } else { shaped.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;

    #[test]
    fn the_latin_letters_that_are_not_shaped_would_pass_if_they_were() {
        let files = Assets::new("/nowhere").fonts().unwrap();
        let fonts: Vec<Font> = files.into_iter().flat_map(|file| Font::iter(file.data)).collect();
        for c in ('\0'..=LAST_OF_LATIN).filter(|c| !c.is_control()) {
            let has = fonts.iter().any(|font| font.info().coverage.contains(c.into()));
            assert_eq!(has, draws(&fonts, c), "{c:?} (U+{:04X})", u32::from(c));
        }
    }
}
