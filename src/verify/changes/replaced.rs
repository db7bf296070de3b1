//! The objects that a revision put in the place of older ones: what of each part of the document may become another.

use std::collections::BTreeSet;

use crate::pdf::{Dictionary, Indirect, Item, Object, View};
use crate::verify::fields::signature_fields;

use super::parts::{Part, is_store};
use super::{Comparison, described, metadata};

/// Most bytes of a packet of metadata.
const MAX_METADATA: usize = 64 << 10;

impl<'a> Comparison<'a> {
    /// Each object that stood before and stands otherwise now.
    pub(super) fn objects(&mut self) {
        for (number, item) in &self.revision.objects {
            if self.is_told() {
                return;
            }
            let old = self.before_number(*number);
            match (old, item) {
                (None, _) => (),
                (Some(old), Item::Free) => {
                    let what = self.parts.describe(self.before, old.id);
                    self.forbid(format!("quitó {what}"));
                }
                (Some(old), Item::Object(new)) if old.id != new.id => {
                    let what = self.parts.describe(self.before, old.id);
                    self.forbid(format!("puso otro objeto con el mismo número en lugar de {what}"));
                }
                (Some(old), Item::Object(new)) => self.object(old, new),
            }
        }
    }

    fn object(&mut self, old: &'a Indirect, new: &'a Indirect) {
        let part = self.parts.part(old.id);
        let same = described::same(&old.value, &new.value) && self.before.raw(old) == self.after.raw(new);
        if same && part.is_some() {
            return;
        }
        // What no revision has to touch is not written again, though it seem the same: another program might read it otherwise.
        if part.is_none() || !described::same_kind(old, new) {
            let what = self.parts.describe(self.before, old.id);
            return self.forbid(format!("cambió {what}"));
        }
        match part {
            // The form holds the fields, which were compared one by one.
            None | Some(Part::Field) => (),
            Some(Part::Catalog) => self.catalog(old, new),
            Some(Part::Form) => self.form(old.value.as_dictionary(), new.value.as_dictionary()),
            Some(Part::Page(page)) => self.page(page, old, new),
            Some(Part::Store) => self.store(),
            Some(Part::Information) => self.information(old, new),
            Some(Part::Metadata) => self.metadata(old, new),
            Some(Part::Annotations) => self.annotations(old.value.as_array(), new.value.as_array()),
            Some(Part::FieldList) => self.field_list(old.value.as_array(), new.value.as_array()),
        }
    }

    fn catalog(&mut self, old: &'a Indirect, new: &'a Indirect) {
        let Some((old, new)) = old.value.as_dictionary().zip(new.value.as_dictionary()) else {
            return self.forbid("cambió el catálogo por algo que no lo es");
        };
        for key in described::differing_keys(old, new) {
            match key.as_str() {
                "DSS" => self.store(),
                "AcroForm" => {
                    let form = |view: View<'a>, catalog: &'a Dictionary| view.dictionary(catalog, "AcroForm");
                    if let Some(id) = new.get("AcroForm").and_then(Object::as_reference).filter(|id| self.is_new(*id)) {
                        self.used.push(id);
                    }
                    self.form(form(self.before, old), form(self.after, new));
                }
                "Perms" => self.certification(old.get("Perms"), new.get("Perms")),
                // Which extensions of PDF the file uses: nothing that is shown depends on it (ISO 32000-1, 7.12).
                "Extensions" if described::is_extensions(new.get(&key)) => self.allow("declaró extensiones de PDF"),
                "Version" if described::is_version(new.get(&key)) => self.allow("declaró extensiones de PDF"),
                _ => self.forbid(format!("cambió «{key}» en el catálogo del documento")),
            }
        }
    }

    /// The catalog names the signature that certifies the document (ISO 32000-1, 12.8.4). Only the first one may do so.
    fn certification(&mut self, old: Option<&Object>, new: Option<&'a Object>) {
        let named = new.map(|new| self.after.resolve(new)).and_then(Object::as_dictionary);
        let only =
            named.filter(|named| named.iter().count() == 1).and_then(|named| named.get("DocMDP")?.as_reference());
        let is_first =
            signature_fields(self.before).is_ok_and(|fields| fields.iter().all(|field| field.signature.is_none()));
        match only {
            Some(signature) if old.is_none() && is_first && self.is_new(signature) => {
                self.used.extend(new.and_then(Object::as_reference));
                self.allow("certificó el documento");
            }
            _ => self.forbid("cambió los permisos del documento"),
        }
    }

    fn form(&mut self, old: Option<&'a Dictionary>, new: Option<&'a Dictionary>) {
        let Some(new) = new else { return self.forbid("quitó el formulario de firmas") };
        let nothing = Dictionary::default();
        for key in described::differing_keys(old.unwrap_or(&nothing), new) {
            match key.as_str() {
                "Fields" => {
                    let before = match old.filter(|old| old.get("Fields").is_some()) {
                        None => Some([].as_slice()),
                        Some(old) => self.before.array(old, "Fields"),
                    };
                    self.field_list(before, self.after.array(new, "Fields"));
                    self.used.extend(new.get("Fields").and_then(Object::as_reference));
                }
                // Bits may be added, never taken away: that the file may only be added to, for instance (table 219).
                "SigFlags" if has_all_bits(new.get(&key), old.and_then(|old| old.get(&key))) => (),
                _ => self.forbid(format!("cambió «{key}» en el formulario")),
            }
        }
    }

    /// The fields of the form: those of before, then those added, all of them compared already.
    fn field_list(&mut self, old: Option<&'a [Object]>, new: Option<&'a [Object]>) {
        if !old.zip(new).is_some_and(|(old, new)| self.is_extended(old, new)) {
            self.forbid("cambió la lista de campos del formulario");
        }
    }

    fn is_extended(&self, old: &[Object], new: &[Object]) -> bool {
        let added = new.strip_prefix(old);
        added.is_some_and(|added| {
            added.iter().all(|added| added.as_reference().is_some_and(|id| self.parts.added_fields.contains(&id)))
        })
    }

    fn page(&mut self, page: usize, old: &'a Indirect, new: &'a Indirect) {
        let Some((old, new)) = old.value.as_dictionary().zip(new.value.as_dictionary()) else {
            return self.forbid(format!("cambió la página {page} por algo que no lo es"));
        };
        for key in described::differing_keys(old, new) {
            if key == "Annots" {
                let list = |view: View<'a>, page: &'a Dictionary| match page.get("Annots") {
                    None => Some([].as_slice()),
                    Some(_) => view.array(page, "Annots"),
                };
                self.annotations(list(self.before, old), list(self.after, new));
                self.used.extend(new.get("Annots").and_then(Object::as_reference));
            } else {
                self.forbid(format!("cambió la página {page}: {}", described::page_key(&key)));
            }
        }
    }

    /// What lies over a page: all that was there, and fields that are nowhere to be seen.
    fn annotations(&mut self, old: Option<&'a [Object]>, new: Option<&'a [Object]>) {
        if !old.zip(new).is_some_and(|(old, new)| self.is_extended(old, new)) {
            self.forbid("puso, quitó o cambió anotaciones sobre una página");
        }
    }

    /// The validation data may only grow.
    fn store(&mut self) {
        let lists = |view| crate::sign::stored_streams(view).into_iter();
        let kept = lists(self.before).zip(lists(self.after)).all(|(old, new)| {
            let places: BTreeSet<usize> = new.iter().map(|stream| stream.range.start).collect();
            let lost: Vec<_> = old.into_iter().filter(|stream| !places.contains(&stream.range.start)).collect();
            let contents: BTreeSet<_> =
                new.iter().filter(|_| !lost.is_empty()).map(|new| self.after.raw(new)).collect();
            lost.into_iter().all(|stream| contents.contains(&self.before.raw(stream)))
        });
        if !kept {
            self.forbid("quitó datos de validación");
        }
        if !is_store(self.after) {
            self.forbid("puso entre los datos de validación algo que no lo es");
        }
        let store = self.after.catalog().and_then(|(_, catalog)| catalog.get("DSS"));
        if let Some(store) = store {
            store.references(&mut self.used);
        }
        self.allow("agregó datos de validación");
    }

    /// When and with what the file was saved last may be noted, and nothing else.
    fn information(&mut self, old: &Indirect, new: &Indirect) {
        let Some((old, new)) = old.value.as_dictionary().zip(new.value.as_dictionary()) else { return };
        for key in described::differing_keys(old, new) {
            let of_saving = ["ModDate", "Producer"].contains(&key.as_str());
            let is_text = new.get(&key).is_none_or(|value| value.as_bytes().is_some());
            if !(of_saving && is_text || described::same_text(old.get(&key), new.get(&key))) {
                self.forbid(format!("cambió «{key}» en la información del documento"));
            }
        }
        self.allow("anotó la fecha en que se guardó");
    }

    fn metadata(&mut self, old: &Indirect, new: &Indirect) {
        let packet = |view: View, object: &Indirect| view.stream_within(object, MAX_METADATA);
        match (packet(self.before, old), packet(self.after, new)) {
            (Some(one), Some(other))
                if metadata::say_the_same(&one, &other)
                    && described::same_but_for_length(old, new)
                    && new
                        .value
                        .as_dictionary()
                        .is_some_and(|new| new.is("Type", "Metadata") && new.is("Subtype", "XML")) =>
            {
                self.allow("anotó la fecha en que se guardó");
            }
            _ => self.forbid("cambió los metadatos del documento"),
        }
    }
}

/// Whether a number has all the bits of another; of none, any has.
fn has_all_bits(number: Option<&Object>, of: Option<&Object>) -> bool {
    let bits = |object: Option<&Object>| object.map_or(Some(0), Object::as_integer);
    bits(number).zip(bits(of)).is_some_and(|(number, of)| number & of == of)
}
