//! The gradients of a drawing (ISO 32000-1, 8.7.4): along a line or between circles, in colours that follow one another.

use crate::pdf::{Dictionary, Object, View};

use super::{MAX_REACH, can_be_undone, colour, is_box, is_within, require};

/// Most colours of a gradient.
const MAX_STEPS: usize = 1_000;

/// A pattern that is a gradient (8.7.4.1): a tiling has contents of its own.
pub fn is_pattern<'a>(view: View<'a>, pattern: &'a Dictionary) -> Option<()> {
    let is_gradient = pattern.get("PatternType") == Some(&Object::Integer(2));
    require(is_gradient && pattern.has_only(&["Type", "PatternType", "Shading", "Matrix"]))?;
    let numbers = |matrix: &Object| matrix.as_array()?.iter().map(Object::as_number).collect::<Option<Vec<f64>>>();
    require(pattern.get("Matrix").is_none_or(|matrix| numbers(matrix).is_some_and(|matrix| can_be_undone(&matrix))))?;
    is_shading(view, view.value(pattern, "Shading")?.as_dictionary()?)
}

/// A gradient.
pub fn is_shading<'a>(view: View<'a>, shading: &'a Dictionary) -> Option<()> {
    const KNOWN: [&str; 7] = ["ShadingType", "ColorSpace", "BBox", "AntiAlias", "Coords", "Function", "Extend"];
    require(shading.has_only(&KNOWN) && shading.get("BBox").is_none_or(is_box))?;
    let are_booleans = |value: &Object| {
        let all = value.as_array().map_or(std::slice::from_ref(value), |all| all);
        all.iter().all(|one| matches!(one, Object::Boolean(_)))
    };
    require(["AntiAlias", "Extend"].iter().all(|key| shading.get(key).is_none_or(are_booleans)))?;
    let coordinates = shading.get("Coords")?.as_array()?;
    let radii: &[usize] = match shading.get("ShadingType")?.as_integer()? {
        2 if coordinates.len() == 4 => &[],
        3 if coordinates.len() == 6 => &[2, 5],
        _ => return None,
    };
    require(coordinates.iter().enumerate().all(|(at, number)| {
        let least = if radii.contains(&at) { 0.0 } else { -MAX_REACH };
        is_within(number, least, MAX_REACH)
    }))?;
    let components = colour::plain(view, shading.get("ColorSpace")?)?;
    is_function(view, view.value(shading, "Function")?.as_dictionary()?, components, true)
}

/// From 0 to 1, colours that pass from one to another (7.10.3), or several such, one after another (7.10.4).
fn is_function<'a>(view: View<'a>, function: &'a Dictionary, components: usize, may_join: bool) -> Option<()> {
    let list = |key: &str| function.get(key).and_then(Object::as_array);
    let domain: Option<Vec<f64>> = list("Domain")?.iter().map(Object::as_number).collect();
    require(domain? == [0.0, 1.0])?;
    let is_colour = |key| list(key).is_some_and(|all| all.len() == components && are_shares(all));
    let is_range = list("Range").is_none_or(|range| range.len() == 2 * components && are_shares(range));
    match function.get("FunctionType")?.as_integer()? {
        2 => {
            let is_known = function.has_only(&["FunctionType", "Domain", "Range", "C0", "C1", "N"]);
            require(
                is_known
                    && is_range
                    && is_colour("C0")
                    && is_colour("C1")
                    && is_within(function.get("N")?, 0.01, 100.0),
            )
        }
        3 if may_join => {
            let steps = view.array(function, "Functions")?;
            let bounds: Vec<f64> = list("Bounds")?.iter().filter_map(Object::as_number).collect();
            let turns = list("Encode")?;
            require(
                function.has_only(&["FunctionType", "Domain", "Range", "Functions", "Bounds", "Encode"]) && is_range,
            )?;
            require((1..=MAX_STEPS).contains(&steps.len()) && bounds.len() + 1 == steps.len())?;
            require(list("Bounds")?.len() == bounds.len() && bounds.is_sorted() && are_shares(list("Bounds")?))?;
            require(turns.len() == 2 * steps.len() && are_shares(turns))?;
            steps.iter().try_for_each(|step| is_function(view, view.resolve(step).as_dictionary()?, components, false))
        }
        _ => None,
    }
}

fn are_shares(all: &[Object]) -> bool {
    all.iter().all(|one| is_within(one, 0.0, 1.0))
}
