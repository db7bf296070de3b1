//! The signature fields of a file, and the signatures in them (ISO 32000-1, 12.7.4.5 and 12.8.1).

use std::collections::BTreeSet;

use crate::pdf::{Dictionary, Id, Indirect, Object, View};

/// Most levels that a field may stand below another.
const MAX_DEPTH: usize = 16;
/// Most bytes of a name. Those of the reports have seven.
const MAX_NAME: usize = 1000;
/// Most signature fields. A report that is renewed every year for a century has some two hundred.
const MAX_FIELDS: usize = 500;

/// A signature field.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// Its object.
    pub id: Id,
    /// Its name, with those of the fields above it (ISO 32000-1, 12.7.3.2).
    full_name: String,
    /// What it is.
    pub dictionary: &'a Dictionary,
    /// The signature in it, if it is signed.
    pub signature: Option<&'a Indirect>,
}

impl Field<'_> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        self.full_name.clone()
    }

    /// Whether it is nowhere to be seen: its rectangle has no size.
    #[must_use]
    pub fn is_invisible(&self) -> bool {
        self.corners()
            .is_some_and(|[left, bottom, right, top]| left.total_cmp(&right).is_eq() && bottom.total_cmp(&top).is_eq())
    }

    /// Its rectangle: four numbers, and nothing that a program could read otherwise.
    #[must_use]
    pub fn corners(&self) -> Option<[f64; 4]> {
        corners(self.dictionary.get("Rect")?)
    }

    /// Whether anything that is in it says to be a timestamp.
    #[must_use]
    pub fn is_timestamped(&self) -> bool {
        let signature = self.signature.and_then(|signature| signature.value.as_dictionary());
        signature
            .is_some_and(|signature| signature.is("Type", "DocTimeStamp") || signature.is("SubFilter", "ETSI.RFC3161"))
    }

    /// Whether what is in it is a document timestamp, by all that it says of itself.
    #[must_use]
    pub fn is_timestamp(&self) -> bool {
        let signature = self.signature.and_then(|signature| signature.value.as_dictionary());
        signature
            .is_some_and(|signature| signature.is("Type", "DocTimeStamp") && signature.is("SubFilter", "ETSI.RFC3161"))
    }
}

/// The corners of a rectangle: four numbers, each in its place.
#[must_use]
pub fn corners(rectangle: &Object) -> Option<[f64; 4]> {
    let [left, bottom, right, top] = rectangle.as_array()? else { return None };
    Some([left.as_number()?, bottom.as_number()?, right.as_number()?, top.as_number()?])
}

/// The signature fields of a file, in the order of its form.
///
/// # Errors
/// What of the form could be read in two ways, in Spanish.
pub fn signature_fields(view: View<'_>) -> Result<Vec<Field<'_>>, String> {
    let form = view.catalog().and_then(|(_, catalog)| view.dictionary(catalog, "AcroForm"));
    let Some(form) = form else { return Ok(Vec::new()) };
    let mut walk = Walk { view, seen: BTreeSet::new(), found: Vec::new() };
    walk.fields(walk.list(form, "Fields")?, "", false, 0)?;
    let fields = walk.found;
    let mut names = BTreeSet::new();
    let mut signatures = BTreeSet::new();
    for field in &fields {
        if !names.insert(field.name()) {
            return Err(format!("hay dos campos de firma con el nombre «{}»", field.name()));
        }
        if field.signature.is_some_and(|signature| !signatures.insert(signature.id)) {
            return Err(format!("el campo «{}» comparte su firma con otro", field.name()));
        }
    }
    Ok(fields)
}

struct Walk<'a> {
    view: View<'a>,
    seen: BTreeSet<Id>,
    found: Vec<Field<'a>>,
}

impl<'a> Walk<'a> {
    fn fields(&mut self, fields: &'a [Object], above: &str, inherited: bool, depth: usize) -> Result<(), String> {
        for field in fields {
            let Some(indirect) = field.as_reference().and_then(|id| self.view.get(id)) else {
                return Err("el formulario nombra un campo que no existe".into());
            };
            if depth > MAX_DEPTH || !self.seen.insert(indirect.id) {
                return Err("un campo del formulario se contiene a sí mismo".into());
            }
            let Some(dictionary) = indirect.value.as_dictionary() else {
                return Err("un campo del formulario no es un diccionario".into());
            };
            let kind = dictionary.get("FT");
            let is_signature = kind.map_or(inherited, |_| dictionary.is("FT", "Sig"));
            let own = dictionary.get("T").map(|name| name.as_text().ok_or("el nombre de un campo no es un texto"));
            let own = own.transpose()?;
            if kind.is_some_and(|kind| kind.as_name().is_none()) {
                return Err("un campo del formulario no dice él mismo de qué tipo es".into());
            }
            if above.len() + own.as_ref().map_or(0, String::len) > MAX_NAME {
                return Err("el nombre de un campo es demasiado largo".into());
            }
            let full_name = match &own {
                Some(own) if above.is_empty() => own.clone(),
                Some(own) => format!("{above}.{own}"),
                None => above.to_owned(),
            };
            if is_signature && own.is_some() {
                let (signature, full_name) = (self.signature(dictionary)?, full_name.clone());
                self.found.push(Field { id: indirect.id, full_name, dictionary, signature });
                if self.found.len() > MAX_FIELDS {
                    return Err("hay demasiados campos de firma".into());
                }
            }
            if is_signature && own.is_none() && dictionary.get("V").is_some() {
                return Err("hay una firma en un campo sin nombre".into());
            }
            self.fields(self.list(dictionary, "Kids")?, &full_name, is_signature, depth + 1)?;
        }
        Ok(())
    }

    /// Fields that a key has.
    fn list(&self, of: &'a Dictionary, key: &str) -> Result<&'a [Object], String> {
        match self.view.value(of, key) {
            None => Ok(&[]),
            Some(list) => list.as_array().ok_or_else(|| "una lista de campos del formulario no es una lista".into()),
        }
    }

    /// The signature of a field: an object of its own, as every signer writes it.
    fn signature(&self, field: &'a Dictionary) -> Result<Option<&'a Indirect>, String> {
        match field.get("V") {
            None | Some(Object::Null) => Ok(None),
            Some(value) => {
                let signature = value.as_reference().and_then(|id| self.view.get(id));
                let signature =
                    signature.filter(|found| found.value.as_dictionary().is_some() && found.stream.is_none());
                signature.map(Some).ok_or_else(|| "un campo de firma tiene un valor que no es una firma".to_owned())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::{File, Update};

    #[test]
    fn a_form_of_thousands_of_signature_fields_is_refused() {
        let small = include_bytes!("../../tests/data/firma/b.pdf");
        let file = File::read(small).unwrap();
        let mut update = Update::new(&file);
        let field =
            |name: usize| Dictionary::from([("FT", Object::name("Sig")), ("T", Object::text(&name.to_string()))]);
        let fields: Vec<Object> = (0..=MAX_FIELDS).map(|name| Object::Reference(update.add(field(name)))).collect();
        let with = |fields: &[Object]| {
            let mut update = Update::new(&file);
            (0..fields.len()).for_each(|name| _ = update.add(field(name)));
            let (root, catalog) = file.now().catalog().unwrap();
            let mut catalog = catalog.clone();
            catalog.set("AcroForm", Object::Dictionary(Dictionary::from([("Fields", Object::Array(fields.to_vec()))])));
            update.set(root, catalog);
            update.finish().unwrap().0
        };
        let found = |bytes: &[u8]| signature_fields(File::read(bytes).unwrap().now()).map(|fields| fields.len());
        assert_eq!(found(&with(&fields[..MAX_FIELDS])), Ok(MAX_FIELDS));
        assert_eq!(found(&with(&fields)), Err("hay demasiados campos de firma".into()));
    }
}
