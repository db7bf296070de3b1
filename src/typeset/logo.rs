//! Whether an image can be printed: asked when the plan is read, so that the finding points at the plan and not into
//! the template.

use roxmltree::Document;
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

/// Whether what it takes to print an image that opens can be told beforehand, by the ending of its name: an SVG of a few hundred bytes may
/// have a filter that takes for ever, or another image in it. What cannot be told is not simple.
#[must_use]
pub fn is_simple(name: &str, bytes: &[u8]) -> bool {
    let drawing = || Some(has_shapes_only(&Document::parse(std::str::from_utf8(bytes).ok()?).ok()?));
    name.rsplit('.').next() != Some("svg") || drawing().unwrap_or_default()
}

fn has_shapes_only(drawing: &Document) -> bool {
    const SHAPES: [&str; 22] = [
        "circle",
        "clipPath",
        "defs",
        "desc",
        "ellipse",
        "g",
        "line",
        "linearGradient",
        "mask",
        "metadata",
        "path",
        "pattern",
        "polygon",
        "polyline",
        "radialGradient",
        "rect",
        "stop",
        "style",
        "svg",
        "symbol",
        "title",
        "use",
    ];
    // Filters have short names in styles too, and there are ways to spell anything otherwise.
    let is_plain = |text: &str| !text.to_lowercase().contains("filter") && !text.contains('\\');
    drawing.descendants().all(|node| {
        let in_svg = node.tag_name().namespace() == Some("http://www.w3.org/2000/svg");
        let is_shape = !node.is_element() || !in_svg || SHAPES.contains(&node.tag_name().name());
        is_shape
            && node.attributes().all(|attribute| is_plain(attribute.name()) && is_plain(attribute.value()))
            && (node.tag_name().name() != "style" || node.descendants().filter_map(|node| node.text()).all(is_plain))
    })
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
    use base64ct::{Base64, Encoding};

    use super::*;

    #[test]
    fn an_image_that_says_it_is_huge_is_not_opened() {
        let claims = |width: u32, height: u32| {
            is_sane(&[&b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"[..], &width.to_be_bytes(), &height.to_be_bytes()].concat())
        };
        assert!(claims(5_000, 10_000) && !claims(5_001, 10_000) && !claims(u32::MAX, u32::MAX));
        assert!(!is_sane(b"\x89PNG"));
    }

    #[test]
    fn a_drawing_of_shapes_is_simple_and_one_with_a_filter_or_an_image_anywhere_is_not() {
        let drawing = |inside: &str| {
            let namespaces = r#"xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink""#;
            let svg = format!(r#"<svg {namespaces} width="9" height="9">{inside}</svg>"#).into_bytes();
            assert!(opens("svg", &svg), "{inside}");
            is_simple("logo.svg", &svg)
        };
        let turbulent =
            r#"<filter id="f"><feTurbulence numOctaves="9"/></filter><rect width="9" height="9" filter="url(#f)"/>"#;
        let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'><rect width='1' height='1'/></svg>";
        assert!(drawing(r#"<g transform="scale(2)"><rect width="9" height="9"/></g>"#));
        assert!(drawing(
            r#"<metadata><x xmlns="urn:x">de otro</x></metadata><style>rect { fill: red }</style><rect width="9" height="9"/>"#
        ));
        assert!(!drawing(turbulent));
        assert!(!drawing(&format!("<g opacity=\"0.5\">{turbulent}</g>")));
        for style in ["filter: blur(9px)", "FILTER:blur(9px)", r"f\69lter: blur(9px)"] {
            assert!(!drawing(&format!(r#"<rect width="9" height="9" style="{style}"/>"#)), "{style}");
            assert!(!drawing(&format!(r#"<style>rect {{ {style} }}</style><rect width="9" height="9"/>"#)), "{style}");
        }
        assert!(!drawing(r#"<text>No se sabe con qué letras</text><rect width="9" height="9"/>"#));
        let picture = Base64::encode_string(picture.as_bytes());
        assert!(!drawing(&format!(
            r#"<image width="9" height="9" xlink:href="data:image/svg+xml;base64,{picture}"/>"#
        )));
    }
}
