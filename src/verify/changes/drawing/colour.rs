//! The colour spaces of a drawing (ISO 32000-1, 8.6): those that signers' images and gradients have.

use crate::pdf::{Dictionary, Object, View};

use super::{is_within, require};

/// Most that a number of a calibrated space may be.
const MAX_CALIBRATION: f64 = 200.0;
/// Most bytes of a table of colours.
const MAX_TABLE: usize = 4096;

/// A colour space of an image.
pub fn is_of_image<'a>(view: View<'a>, space: &'a Object) -> Option<()> {
    plain(view, space).map(|_| ()).or_else(|| indexed(view, view.resolve(space)))
}

/// A colour space with a name: one of images, or that of patterns.
pub fn is_space<'a>(view: View<'a>, space: &'a Object) -> Option<()> {
    is_of_image(view, space).or_else(|| require(view.resolve(space).as_name() == Some(b"Pattern")))
}

/// How many components the colours of a space have that is made of no other.
pub fn plain<'a>(view: View<'a>, space: &'a Object) -> Option<usize> {
    match view.resolve(space) {
        Object::Name(name) => device(name),
        Object::Array(space) => match space.as_slice() {
            [Object::Name(kind), profile] if kind == b"ICCBased" => {
                let profile = view.get(profile.as_reference()?).filter(|profile| profile.stream.is_some())?;
                profiled(profile.value.as_dictionary()?)
            }
            [Object::Name(kind), parameters] => {
                let components = match kind.as_slice() {
                    b"CalGray" => 1,
                    b"CalRGB" | b"Lab" => 3,
                    _ => return None,
                };
                is_calibrated(view.resolve(parameters).as_dictionary()?)?;
                Some(components)
            }
            _ => None,
        },
        _ => None,
    }
}

/// How many components the colours of a device have (8.6.4).
pub fn device(name: &[u8]) -> Option<usize> {
    match name {
        b"DeviceGray" => Some(1),
        b"DeviceRGB" => Some(3),
        b"DeviceCMYK" => Some(4),
        _ => None,
    }
}

/// A space by an ICC profile (8.6.5.5).
fn profiled(profile: &Dictionary) -> Option<usize> {
    require(profile.has_only(&["N", "Alternate", "Range", "Length", "Filter", "DecodeParms"]))?;
    let components = usize::try_from(profile.get("N")?.as_integer()?).ok()?;
    let is_range = |range: &[Object]| {
        range.len() == 2 * components && range.iter().all(|end| is_within(end, -MAX_CALIBRATION, MAX_CALIBRATION))
    };
    require(profile.get("Range").is_none_or(|range| range.as_array().is_some_and(is_range)))?;
    let alternate = profile.get("Alternate");
    require(alternate.is_none_or(|space| space.as_name().and_then(device) == Some(components)))?;
    matches!(components, 1 | 3 | 4).then_some(components)
}

/// The parameters of a calibrated space (8.6.5.2 to 8.6.5.4).
fn is_calibrated(parameters: &Dictionary) -> Option<()> {
    let numbers = |value: &Object| {
        let all = value.as_array().map_or(std::slice::from_ref(value), |all| all);
        all.len() <= 9 && all.iter().all(|number| is_within(number, -MAX_CALIBRATION, MAX_CALIBRATION))
    };
    require(parameters.has_only(&["WhitePoint", "BlackPoint", "Gamma", "Matrix", "Range"]))?;
    require(parameters.iter().all(|(_, value)| numbers(value)))?;
    let white = parameters.get("WhitePoint")?.as_array()?;
    require(white.len() == 3 && white.iter().all(|number| is_within(number, 0.01, MAX_CALIBRATION)))
}

/// A table of colours of a space that is plain (8.6.6.3).
fn indexed<'a>(view: View<'a>, space: &'a Object) -> Option<()> {
    let [Object::Name(kind), base, highest, table] = space.as_array()? else { return None };
    let colours = usize::try_from(highest.as_integer()?).ok().filter(|highest| *highest <= 255)? + 1;
    let length = match view.resolve(table) {
        Object::Text(table) => table.len(),
        _ => view.stream_within(view.get(table.as_reference()?)?, MAX_TABLE)?.len(),
    };
    require(kind == b"Indexed" && length >= colours * plain(view, base)?)
}
