//! What can make a page show something else than when it was signed, without a byte of the file changing.
//!
//! A signature over such a file is worth nothing, however sound it is: scripts, actions, layers that are switched, parts that
//! are fetched from elsewhere. The reports of this program have none, and PDF/A forbids nearly all of it.

use crate::pdf::{Dictionary, Item, Object, View};

/// What of that kind is in a file, in Spanish, each once.
#[must_use]
pub fn active_content(view: View) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (_, item) in view.items() {
        if let Item::Object(object) = item {
            let stream = object.stream.is_some();
            search(&object.value, stream, &mut found);
        }
    }
    if view.trailers().any(|trailer| trailer.get("Encrypt").is_some()) {
        found.push("está cifrado");
    }
    found.sort_unstable();
    found
}

fn search(object: &Object, stream: bool, found: &mut Vec<&'static str>) {
    match object {
        Object::Array(elements) => elements.iter().for_each(|element| search(element, false, found)),
        Object::Dictionary(dictionary) => {
            for sign in in_dictionary(dictionary, stream) {
                if !found.contains(&sign) {
                    found.push(sign);
                }
            }
            dictionary.iter().for_each(|(_, value)| search(value, false, found));
        }
        _ => (),
    }
}

fn in_dictionary(dictionary: &Dictionary, stream: bool) -> Vec<&'static str> {
    let has = |key: &str| dictionary.get(key).is_some_and(|value| *value != Object::Null);
    let action = |names: &[&str]| names.iter().any(|name| dictionary.is("S", name));
    let annotation = |names: &[&str]| names.iter().any(|name| dictionary.is("Subtype", name));
    let indirect = |key: &str| dictionary.get(key).is_some_and(|value| value.as_reference().is_some());
    let is_layer = ["OCG", "OCMD"].iter().any(|layer| dictionary.is("Type", layer));
    let signs = [
        (has("JS") || action(&["JavaScript"]), "tiene programas (JavaScript)"),
        (action(&CHANGING) || has("Next") && has("S"), "tiene acciones que cambian lo que se ve"),
        (
            ["Type", "Subtype", "S", "FT"].into_iter().any(indirect),
            "tiene objetos que no dicen ellos mismos de qué tipo son",
        ),
        (has("AA") || has("OpenAction") && !is_destination(dictionary), "hace algo por sí mismo al abrirse"),
        (is_layer || ["OCProperties", "OCGs", "OC"].into_iter().any(has), "tiene capas que se muestran u ocultan"),
        (has("Collection"), "es una carpeta de archivos, de los que se muestra otro"),
        (
            ["ViewArea", "ViewClip", "PrintArea", "PrintClip"].into_iter().any(has),
            "muestra en pantalla otra parte de la página que en papel",
        ),
        (has("XFA"), "tiene un formulario XFA, que cambia la página"),
        (
            has("NeedAppearances") && dictionary.get("NeedAppearances") != Some(&Object::Boolean(false)),
            "deja que cada programa dibuje los campos a su manera",
        ),
        (stream && (has("F") || has("Ref")), "toma partes de otros archivos"),
        (has("Alternates"), "tiene imágenes que en papel son otras"),
        (annotation(&["Movie", "Sound", "Screen", "3D", "RichMedia"]), "tiene sonido, video o escenas"),
        (is_only_on_screen(dictionary), "tiene anotaciones que se ven en pantalla y no en papel, o al contrario"),
        (has("Linearized"), "está linealizado, y hay programas que lo leen por otro orden"),
    ];
    signs.into_iter().filter_map(|(is_there, what)| is_there.then_some(what)).collect()
}

/// Actions that show something else, or send or fetch something.
const CHANGING: [&str; 12] = [
    "Launch",
    "ImportData",
    "SubmitForm",
    "ResetForm",
    "Hide",
    "SetOCGState",
    "Rendition",
    "Movie",
    "GoToE",
    "GoToR",
    "Trans",
    "Named",
];

/// Opening a file at a place in it does nothing to what is seen.
fn is_destination(catalog: &Dictionary) -> bool {
    match catalog.get("OpenAction") {
        Some(Object::Array(_)) => true,
        Some(Object::Dictionary(action)) => action.is("S", "GoTo") && action.get("Next").is_none(),
        _ => false,
    }
}

/// Whether an annotation that may draw something is not printed, or hidden on the screen (ISO 32000-1, table 165). Without an
/// appearance, programs draw what they like; but nothing where there are no more than a link, a signature or a field without size.
fn is_only_on_screen(annotation: &Dictionary) -> bool {
    const HIDDEN: i64 = 2 | 32 | 256;
    const PRINTED: i64 = 4;
    let flags = annotation.get("F").map_or(Some(0), Object::as_integer).unwrap_or(HIDDEN);
    let has_size = !matches!(annotation.get("Rect").and_then(Object::as_array), Some([left, bottom, right, top]) if left == right && bottom == top);
    let is_silent = annotation.is("Subtype", "Link")
        || annotation.is("Subtype", "Widget") && (annotation.is("FT", "Sig") || !has_size);
    let is_drawn = annotation.get("AP").is_some() || !is_silent;
    (annotation.get("Rect").is_some() || annotation.is("Type", "Annot"))
        && is_drawn
        && (flags & PRINTED == 0 || flags & HIDDEN != 0)
}
