//! The signature fields of a file, and the signatures in them (ISO 32000-1, 12.7.4.5 and 12.8.1).

use std::collections::BTreeSet;

use crate::pdf::{Dictionary, Id, Indirect, Object, View};

/// Most levels that a field may stand below another.
const MAX_DEPTH: usize = 16;
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
        let corners = self.dictionary.get("Rect")?.as_array()?.iter().map(Object::as_number);
        corners.collect::<Option<Vec<f64>>>()?.try_into().ok()
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

/// The signature fields of a file, in the order of its form.
///
/// # Errors
/// What of the form could be read in two ways, in Spanish.
pub fn signature_fields(view: View<'_>) -> Result<Vec<Field<'_>>, String> {
    let form = view.catalog().and_then(|(_, catalog)| view.dictionary(catalog, "AcroForm"));
    let Some(form) = form else { return Ok(Vec::new()) };
    let mut walk = Walk { view, seen: BTreeSet::new(), found: Vec::new() };
    walk.fields(view.array(form, "Fields").unwrap_or_default(), "", false, 0)?;
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
            let is_signature = dictionary.is("FT", "Sig") || (inherited && dictionary.get("FT").is_none());
            let own = dictionary.get("T").and_then(Object::as_text);
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
            let kids = self.view.array(dictionary, "Kids").unwrap_or_default();
            self.fields(kids, &full_name, is_signature, depth + 1)?;
        }
        Ok(())
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
