//! Whether an image can be printed: asked when the plan is read, so that the finding points at the plan and not into
//! the template.

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

/// Whether the engine can open an image, by the ending of its name.
#[must_use]
pub fn opens(extension: &str, bytes: &[u8]) -> bool {
    let data = Bytes::new(bytes.to_vec());
    match extension {
        "svg" => SvgImage::new(data).is_ok(),
        "jpg" => RasterImage::plain(data, ExchangeFormat::Jpg).is_ok(),
        _ => RasterImage::plain(data, ExchangeFormat::Png).is_ok(),
    }
}
