//! What a signature itself forbids to those after it: certification (`DocMDP`) and locked fields (`FieldMDP`; ISO 32000-1, 12.8.2).

use crate::pdf::{Dictionary, Indirect, Object, View};

/// Most fields that a signature may name.
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
    /// Whether a field is among them: by its own name, or by that of one above it.
    #[must_use]
    pub fn includes(&self, field: &str) -> bool {
        let is_above = |name: &String| field.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
        let named = |names: &[String]| names.iter().any(|name| name == field || is_above(name));
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
    let Some(references) = signature.value.as_dictionary().and_then(|signature| signature.get("Reference")) else {
        return Permissions::default();
    };
    said(view, references).unwrap_or(Permissions { certifies: Some(1), locked: Locked::All })
}

/// What `/Reference` says, each thing once at most.
fn said(view: View, references: &Object) -> Option<Permissions> {
    let mut permissions = Permissions::default();
    for reference in view.resolve(references).as_array()? {
        let reference = view.resolve(reference).as_dictionary()?;
        let nothing = Dictionary::default();
        let parameters = match reference.get("TransformParams") {
            None => &nothing,
            Some(parameters) => view.resolve(parameters).as_dictionary()?,
        };
        match reference.get("TransformMethod")?.as_name()? {
            b"DocMDP" if permissions.certifies.is_none() => {
                // Where nothing is said, 2 (table 254).
                let level = parameters.get("P").map_or(Some(2), Object::as_integer);
                permissions.certifies = Some(level.filter(|level| (1..=3).contains(level))?);
            }
            b"FieldMDP" if permissions.locked == Locked::None => permissions.locked = locked(view, parameters)?,
            _ => return None,
        }
    }
    Some(permissions)
}

fn locked(view: View, parameters: &Dictionary) -> Option<Locked> {
    let names = || -> Option<Vec<String>> {
        let names = view.array(parameters, "Fields").filter(|names| names.len() <= MAX_NAMED)?;
        names.iter().map(Object::as_text).collect()
    };
    match parameters.get("Action")?.as_name()? {
        b"All" => Some(Locked::All),
        b"Include" => names().map(Locked::Only),
        b"Exclude" => names().map(Locked::AllBut),
        _ => None,
    }
}
