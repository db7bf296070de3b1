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
    if view.trailer().is_some_and(|trailer| trailer.get("Encrypt").is_some()) {
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
    let signs = [
        (has("JS") || action(&["JavaScript"]), "tiene programas (JavaScript)"),
        (
            action(&["Launch", "ImportData", "SubmitForm", "ResetForm", "Hide", "SetOCGState", "Rendition", "Movie"]),
            "tiene acciones que cambian lo que se ve",
        ),
        (has("AA") || has("OpenAction") && !is_destination(dictionary), "hace algo por sí mismo al abrirse"),
        (has("OCProperties") || has("OCGs"), "tiene capas que se muestran u ocultan"),
        (has("XFA"), "tiene un formulario XFA, que cambia la página"),
        (
            dictionary.get("NeedAppearances") == Some(&Object::Boolean(true)),
            "deja que cada programa dibuje los campos a su manera",
        ),
        (stream && has("F"), "toma partes de otros archivos"),
        (annotation(&["Movie", "Sound", "Screen", "3D", "RichMedia"]), "tiene sonido, video o escenas"),
    ];
    signs.into_iter().filter_map(|(is_there, what)| is_there.then_some(what)).collect()
}

/// Opening a file at a place in it does nothing to what is seen.
fn is_destination(catalog: &Dictionary) -> bool {
    match catalog.get("OpenAction") {
        Some(Object::Array(_)) => true,
        Some(Object::Dictionary(action)) => action.is("S", "GoTo"),
        _ => false,
    }
}
