//! The images of a drawing (ISO 32000-1, 8.9), with their masks.

use crate::pdf::{Dictionary, Indirect, Object, View};

use super::{colour, is_within, require};

/// Most pixels of an image, some four times those of a photograph.
const MAX_PIXELS: i64 = 50_000_000;

/// How many pixels an image has, with those of the mask that it may be seen through; `None` if it is none.
pub fn pixels<'a>(view: View<'a>, image: &'a Indirect) -> Option<usize> {
    let dictionary = image.value.as_dictionary()?;
    let mut pixels = of_layer(view, image)?;
    match dictionary.get("Mask") {
        None => (),
        // The colours that are not painted.
        Some(Object::Array(colours)) => require(colours.iter().all(|colour| is_within(colour, 0.0, 65_535.0)))?,
        Some(mask) => {
            let mask = view.get(mask.as_reference()?)?;
            require(is_stencil(mask.value.as_dictionary()?) && is_whole(mask))?;
            pixels += of_layer(view, mask)?;
        }
    }
    let Some(mask) = dictionary.get("SMask") else { return Some(pixels) };
    let mask = view.get(mask.as_reference()?)?;
    require(colour::plain(view, mask.value.as_dictionary()?.get("ColorSpace")?) == Some(1) && is_whole(mask))?;
    Some(pixels + of_layer(view, mask)?)
}

/// Whether nothing of an image is masked.
fn is_whole(image: &Indirect) -> bool {
    image.value.as_dictionary().is_some_and(|image| image.get("Mask").is_none() && image.get("SMask").is_none())
}

/// Whether an image says where there is colour, not which.
fn is_stencil(image: &Dictionary) -> bool {
    image.get("ImageMask") == Some(&Object::Boolean(true))
}

/// Those of an image without its masks.
fn of_layer<'a>(view: View<'a>, image: &'a Indirect) -> Option<usize> {
    const KNOWN: [&str; 16] = [
        "Type",
        "Subtype",
        "Width",
        "Height",
        "ColorSpace",
        "BitsPerComponent",
        "Decode",
        "Interpolate",
        "Intent",
        "ImageMask",
        "Mask",
        "SMask",
        "Length",
        "Filter",
        "DecodeParms",
        "Name",
    ];
    let dictionary = image.value.as_dictionary()?;
    require(image.stream.is_some() && dictionary.is("Subtype", "Image") && dictionary.has_only(&KNOWN))?;
    let side = |key| dictionary.get(key).and_then(Object::as_integer).filter(|side| *side > 0);
    let pixels = side("Width")?.checked_mul(side("Height")?).filter(|pixels| *pixels <= MAX_PIXELS)?;
    let bits = dictionary.get("BitsPerComponent");
    require(bits.is_none_or(|bits| matches!(bits.as_integer(), Some(1 | 2 | 4 | 8 | 16))))?;
    match dictionary.get("ColorSpace") {
        Some(space) => colour::is_of_image(view, space)?,
        None => require(is_stencil(dictionary))?,
    }
    let are_numbers = |all: &[Object]| all.len() <= 8 && all.iter().all(|one| is_within(one, -65_535.0, 65_535.0));
    require(dictionary.get("Decode").is_none_or(|ends| ends.as_array().is_some_and(are_numbers)))?;
    if is_packed(dictionary)? {
        let sides = photograph(view.raw(image)?)?;
        require([side("Width")?, side("Height")?] == sides.map(i64::from))?;
    }
    usize::try_from(pixels).ok()
}

/// The width and the height that a photograph says itself (ITU-T T.81, B.2.2), of one layer: some programs make room for these.
fn photograph(jpeg: &[u8]) -> Option<[u16; 2]> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let segment = rest.get(4..2 + length)?;
        match marker {
            0xC0..=0xC2 => {
                let size = |at| Some(u16::from_be_bytes(*segment.get(at..)?.first_chunk()?));
                return Some([size(3)?, size(1)?]);
            }
            0xC4 | 0xDB | 0xDD | 0xE0..=0xEF | 0xFE => rest = rest.get(2 + length..)?,
            _ => return None,
        }
    }
}

/// How an image is compressed (7.4), in one step: whether as a photograph, or without loss.
fn is_packed(image: &Dictionary) -> Option<bool> {
    let first = |key| match image.get(key) {
        Some(Object::Array(all)) if all.len() <= 1 => all.first(),
        other => other,
    };
    let filter = first("Filter").map(Object::as_name);
    require(matches!(filter, None | Some(Some(b"FlateDecode" | b"DCTDecode"))))?;
    let numbers = |parameters: &Dictionary| {
        parameters.has_only(&["Predictor", "Columns", "Colors", "BitsPerComponent", "ColorTransform"])
            && parameters.iter().all(|(_, value)| is_within(value, 0.0, 65_535.0))
    };
    require(match first("DecodeParms") {
        None | Some(Object::Null) => true,
        Some(parameters) => parameters.as_dictionary().is_some_and(numbers),
    })?;
    Some(filter == Some(Some(b"DCTDecode")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_is_as_large_as_it_says_first() {
        let sized = |marker| [0xFF, marker, 0, 11, 8, 0, 2, 0, 3, 1, 1, 0x11, 0].to_vec();
        let jpeg = |parts: &[Vec<u8>]| [vec![0xFF, 0xD8], parts.concat()].concat();
        let about = vec![0xFF, 0xE0, 0, 4, b'J', b'F'];
        assert_eq!(photograph(&jpeg(&[about.clone(), sized(0xC0)])), Some([3, 2]));
        assert_eq!(photograph(&jpeg(&[about.clone(), sized(0xC2)])), Some([3, 2]));
        assert_eq!(photograph(&jpeg(&[sized(0xC3)])), None, "without loss");
        assert_eq!(photograph(&jpeg(&[about])), None);
        assert_eq!(photograph(&jpeg(&[vec![0xFF, 0xE0, 0, 0]])), None);
        assert_eq!(photograph(b"x"), None);
    }
}
