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
        _ => is_sane(bytes) && RasterImage::plain(data, ExchangeFormat::Png).is_ok(),
    }
}

/// Most pixels that an image may have: opened, they are 200 MB.
const MAX_PIXELS: u64 = 50_000_000;

/// Whether a PNG has as many pixels as can be opened: some hundred bytes may say that they are billions (ISO/IEC 15948, 11.2.2).
fn is_sane(png: &[u8]) -> bool {
    let number = |at: usize| Some(u32::from_be_bytes(png.get(at..at + 4)?.try_into().ok()?));
    number(16).zip(number(20)).is_some_and(|(width, height)| u64::from(width) * u64::from(height) <= MAX_PIXELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_says_it_is_huge_is_not_opened() {
        let claims = |width: u32, height: u32| {
            is_sane(&[&b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat())
        };
        assert!(claims(5_000, 10_000) && !claims(5_001, 10_000) && !claims(u32::MAX, u32::MAX));
        assert!(!is_sane(b"\x89PNG"));
    }
}
