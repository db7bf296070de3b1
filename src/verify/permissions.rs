//! What a signature itself forbids to those after it: certification (`DocMDP`) and locked fields (`FieldMDP`; ISO 32000-1, 12.8.2).

use crate::pdf::{Dictionary, Indirect, Object, View};

/// Most fields that a signature may name, and most references that it may have.
const MAX_NAMED: usize = 500;

/// What a signature allows after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// The level of a certification, from 1 (nothing may change) to 3.
    pub certifies: Option<i64>,
    /// The fields that nobody may fill any more.
    pub locked: Locked,
}

/// Fields that are locked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Locked {
    /// None.
    #[default]
    None,
    /// All of them.
    All,
    /// These.
    Only(Vec<String>),
    /// All but these.
    AllBut(Vec<String>),
}

impl Locked {
    /// Whether a field is among them.
    #[must_use]
    pub fn includes(&self, field: &str) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name == field);
        match self {
            Self::None => false,
            Self::All => true,
            Self::Only(fields) => named(fields),
            Self::AllBut(fields) => !named(fields),
        }
    }
}

/// What a signature allows after it. One that cannot be understood forbids everything.
#[must_use]
pub fn permissions(view: View, signature: &Indirect) -> Permissions {
    let references = signature.value.as_dictionary().and_then(|signature| view.array(signature, "Reference"));
    let mut permissions = Permissions::default();
    let references = references.unwrap_or_default();
    if references.len() > MAX_NAMED {
        return Permissions { certifies: Some(1), locked: Locked::All };
    }
    for reference in references {
        let Some(reference) = view.resolve(reference).as_dictionary() else { continue };
        let parameters = view.dictionary(reference, "TransformParams");
        if reference.is("TransformMethod", "DocMDP") {
            // Where nothing is said, 2 (table 254).
            let level = parameters.and_then(|parameters| parameters.get("P")).map_or(Some(2), Object::as_integer);
            permissions.certifies = Some(level.filter(|level| (1..=3).contains(level)).unwrap_or(1));
        } else if reference.is("TransformMethod", "FieldMDP") {
            permissions.locked = locked(view, parameters);
        }
    }
    permissions
}

fn locked(view: View, parameters: Option<&Dictionary>) -> Locked {
    let Some(parameters) = parameters else { return Locked::All };
    let names = || view.array(parameters, "Fields").unwrap_or_default().iter().filter_map(Object::as_text).collect();
    if view.array(parameters, "Fields").is_some_and(|names| names.len() > MAX_NAMED) {
        return Locked::All;
    }
    match parameters.get("Action").and_then(Object::as_name) {
        Some(b"Include") => Locked::Only(names()),
        Some(b"Exclude") => Locked::AllBut(names()),
        _ => Locked::All,
    }
}
