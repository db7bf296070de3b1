//! Whether an image can be drawn: asked of the logo before any template meets it, so that the data are blamed and not the
//! template.

use std::path::Path;

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

/// Whether a file of this name and these bytes is a sound SVG or PNG image.
#[must_use]
pub fn is_drawable(name: &str, bytes: &[u8]) -> bool {
    let bytes = Bytes::new(bytes.to_vec());
    if Path::new(name).extension().is_some_and(|extension| extension == "svg") {
        SvgImage::new(bytes).is_ok()
    } else {
        RasterImage::plain(bytes, ExchangeFormat::Png).is_ok()
    }
}
