//! What each later revision changed, and whether a signed file may be changed so (EN 319 142-1, 5.5; ISO 32000-1, 12.8.2.2).
//!
//! What is allowed is listed; everything else is not, whatever it is. A revision may fill signature fields that were
//! empty, add fields that are nowhere to be seen, add validation data, and note its own date in the metadata. Every object
//! that it adds must serve one of these, and none may have been waited for by a reference that led nowhere.

mod described;
mod metadata;
mod parts;

use std::collections::BTreeSet;

use crate::pdf::{Dictionary, File, Id, Indirect, Item, Object, Revision, View};
use crate::verify::fields::{Field, signature_fields};

use parts::{Part, Parts};

/// Most of what a revision did wrong that is told.
const MAX_TOLD: usize = 20;
/// Most bytes of a packet of metadata. Those of reports have some four thousand.
const MAX_METADATA: usize = 64 << 10;

/// What a revision did to the file before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What it did that a signed file allows, in Spanish.
    pub allowed: Vec<String>,
    /// What it did that no signed file allows, in Spanish.
    pub forbidden: Vec<String>,
    /// The fields that it filled, by name.
    pub filled: Vec<String>,
    /// Whether it did no more than add validation data and document timestamps.
    pub only_validation_data: bool,
}

/// What a revision, counted from 1, changed of the file as it was before.
#[must_use]
pub fn changes(file: &File, index: usize) -> Changes {
    let (before, after) = (file.as_of(index), file.as_of(index + 1));
    let Some(revision) = file.revisions().get(index) else { return Changes::default() };
    let mut comparison = Comparison {
        file,
        index,
        before,
        after,
        revision,
        parts: Parts::of(before),
        used: Vec::new(),
        changes: Changes { only_validation_data: true, ..Changes::default() },
    };
    comparison.trailer();
    comparison.fields();
    comparison.objects();
    comparison.new_objects();
    comparison.changes
}

struct Comparison<'a> {
    file: &'a File<'a>,
    index: usize,
    before: View<'a>,
    after: View<'a>,
    revision: &'a Revision,
    parts: Parts,
    /// What the allowed changes refer to: the new objects that have a use begin here.
    used: Vec<Id>,
    changes: Changes,
}

impl<'a> Comparison<'a> {
    fn allow(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.changes.allowed.contains(&what) {
            self.changes.allowed.push(what);
        }
    }

    fn forbid(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.is_told() && !self.changes.forbidden.contains(&what) {
            self.changes.forbidden.push(what);
        }
    }

    /// Whether so much is forbidden already that no more need be told.
    fn is_told(&self) -> bool {
        self.changes.forbidden.len() >= MAX_TOLD
    }

    /// An update goes on with the catalog, the information and the identity of what it updates.
    fn trailer(&mut self) {
        const KNOWN: [&str; 12] = [
            "Size",
            "Root",
            "Info",
            "ID",
            "Prev",
            "Type",
            "W",
            "Index",
            "Filter",
            "DecodeParms",
            "Length",
            "DocChecksum",
        ];
        let Some((old, new)) = self.before.trailer().zip(self.after.trailer()) else { return };
        if old.get("Root") != new.get("Root") {
            self.forbid("puso otro catálogo en lugar del que había");
        }
        if new.get("Info").is_some() && old.get("Info") != new.get("Info") {
            self.forbid("puso otra información del documento en lugar de la que había");
        }
        let first = |trailer: &Dictionary| trailer.get("ID").and_then(|id| id.as_array()?.first().cloned());
        if first(old) != first(new) {
            self.forbid("cambió el identificador del documento");
        }
        if new.iter().any(|(key, _)| !KNOWN.iter().any(|known| known.as_bytes() == key)) {
            self.forbid("agregó al final del archivo datos que nadie espera ahí");
        }
    }

    /// Fields that were filled or added; none may go, move or change in anything else.
    fn fields(&mut self) {
        let (old, new) = match (signature_fields(self.before), signature_fields(self.after)) {
            (Ok(old), Ok(new)) => (old, new),
            (_, Err(fault)) | (Err(fault), _) => return self.forbid(format!("dañó el formulario: {fault}")),
        };
        for field in &old {
            match new.iter().find(|other| other.id == field.id) {
                None => self.forbid(format!("quitó el campo de firma «{}»", field.name())),
                Some(now) => self.filled(field, now),
            }
        }
        for field in new.iter().filter(|field| old.iter().all(|other| other.id != field.id)) {
            self.added(field);
        }
    }

    /// A field as it was and as it is.
    fn filled(&mut self, old: &Field<'a>, new: &Field<'a>) {
        const MAY_CHANGE: [&str; 5] = ["V", "AP", "MK", "M", "DA"];
        /// Its name and its descriptions, which another program may write in another encoding.
        const TEXTS: [&str; 3] = ["T", "TU", "TM"];
        if old.dictionary == new.dictionary {
            return;
        }
        let name = new.name();
        let same_texts = TEXTS.iter().all(|key| described::same_text(old.dictionary.get(key), new.dictionary.get(key)));
        let rest = |field: &Field| {
            let mut rest = field.dictionary.clone();
            for key in MAY_CHANGE.iter().chain(&TEXTS) {
                rest.remove(key);
            }
            Object::Dictionary(rest)
        };
        if old.signature.is_some() {
            self.forbid(format!("cambió el campo «{name}», que ya estaba firmado"));
        } else if new.signature.is_none() {
            self.forbid(format!("cambió el campo «{name}» sin firmarlo"));
        } else if !same_texts || !described::same(&rest(old), &rest(new)) {
            self.forbid(format!("al firmar el campo «{name}», cambió de él más que su valor y su apariencia"));
        } else {
            self.appearance(old, new);
            self.signed(new);
            self.allow(format!("firmó el campo «{name}»"));
            self.changes.only_validation_data = false;
        }
    }

    /// What a filled field shows must be its own: an object of this revision, or what it showed before.
    fn appearance(&mut self, old: &Field<'a>, new: &Field<'a>) {
        let shown = |field: &Field<'a>| field.dictionary.get("AP").cloned();
        if shown(old) == shown(new) {
            return;
        }
        let appearance = new.dictionary.get("AP").and_then(Object::as_dictionary);
        let normal = appearance.filter(|appearance| appearance.iter().count() == 1).and_then(|only| only.get("N"));
        match normal.and_then(Object::as_reference) {
            Some(id) if self.is_new(id) => self.used.push(id),
            _ => self.forbid(format!("la apariencia del campo «{}» no es un objeto propio de su firma", new.name())),
        }
    }

    /// A field that was not there. It is a field and nothing else: no kind of annotation that programs draw.
    fn added(&mut self, field: &Field<'a>) {
        const KNOWN: [&str; 15] =
            ["Type", "Subtype", "FT", "T", "TU", "TM", "Rect", "F", "Ff", "P", "V", "Lock", "SV", "MK", "DA"];
        let name = field.name();
        if !self.is_new(field.id) {
            return self.forbid(format!("convirtió en campo de firma un objeto que ya existía («{name}»)"));
        }
        let only_field = field.dictionary.iter().all(|(key, _)| KNOWN.iter().any(|known| known.as_bytes() == key));
        if !field.is_invisible() || !only_field || !field.dictionary.is("Subtype", "Widget") {
            return self.forbid(format!("agregó un campo de firma visible («{name}») después de firmado el documento"));
        }
        self.used.push(field.id);
        self.parts.added_fields.insert(field.id);
        if field.is_timestamp() {
            self.allow(format!("agregó un sello de tiempo del documento («{name}»)"));
        } else {
            self.allow(format!("agregó el campo de firma invisible «{name}»"));
            self.changes.only_validation_data = false;
        }
        if field.signature.is_some() {
            self.signed(field);
        }
    }

    fn signed(&mut self, field: &Field<'a>) {
        let Some(signature) = field.signature else { return };
        if self.is_new(signature.id) {
            self.used.push(signature.id);
            self.changes.filled.push(field.name());
        } else {
            self.forbid(format!("puso en el campo «{}» un objeto que ya existía", field.name()));
        }
    }

    /// Each object that stood before and stands otherwise now.
    fn objects(&mut self) {
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
        if described::same(&old.value, &new.value) && self.before.raw(old) == self.after.raw(new) {
            return;
        }
        let part = self.parts.part(old.id);
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
                "Extensions" | "Version" if described::is_plain(new.get(&key)) => {
                    self.allow("declaró extensiones de PDF");
                }
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
                    let list = |view: View<'a>, form: &'a Dictionary| view.array(form, "Fields");
                    let before = old.and_then(|old| list(self.before, old));
                    self.field_list(before, list(self.after, new));
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
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        if !self.is_extended(old, new) {
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
                let list = |view: View<'a>, page: &'a Dictionary| view.array(page, "Annots");
                self.annotations(list(self.before, old), list(self.after, new));
                self.used.extend(new.get("Annots").and_then(Object::as_reference));
            } else {
                self.forbid(format!("cambió la página {page}: {}", described::page_key(&key)));
            }
        }
    }

    /// What lies over a page: all that was there, and fields that are nowhere to be seen.
    fn annotations(&mut self, old: Option<&'a [Object]>, new: Option<&'a [Object]>) {
        if !self.is_extended(old.unwrap_or_default(), new.unwrap_or_default()) {
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
        if !parts::is_store(self.after) {
            self.forbid("puso entre los datos de validación algo que no lo es");
        }
        let store = self.after.catalog().and_then(|(_, catalog)| catalog.get("DSS"));
        self.used.extend(store.map(Object::referred).unwrap_or_default());
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
                if metadata::say_the_same(&one, &other) && described::same_but_for_length(old, new) =>
            {
                self.allow("anotó la fecha en que se guardó");
            }
            _ => self.forbid("cambió los metadatos del documento"),
        }
    }

    /// Every new object serves an allowed change, and nothing waited for it.
    fn new_objects(&mut self) {
        let served = self.served();
        for (number, item) in &self.revision.objects {
            let Item::Object(object) = item else { continue };
            if self.is_told() {
                return;
            }
            if self.before_number(*number).is_some() {
                continue;
            }
            let is_awaited = self.file.referred(*number).is_some_and(|first| first < self.index);
            if is_awaited {
                self.forbid(format!("dio contenido al objeto {number}, que el documento firmado nombraba sin tenerlo"));
            } else if !served.contains(number) && !is_container(object) {
                let kind = described::kind(object);
                self.forbid(format!("agregó {kind} que ninguna firma usa (objeto {number})"));
            }
        }
    }

    /// The new objects that the allowed changes reach through new objects.
    fn served(&self) -> BTreeSet<u32> {
        let mut left = self.used.clone();
        let mut served = BTreeSet::new();
        let mut seen = BTreeSet::new();
        while let Some(id) = left.pop() {
            let in_store = self.parts.store.contains(&id);
            if !(self.is_new(id) || in_store) || !seen.insert(id) {
                continue;
            }
            if let Some(object) = self.after.get(id) {
                served.insert(id.number);
                object.value.references(&mut left);
            }
        }
        served
    }

    fn is_new(&self, id: Id) -> bool {
        self.before_number(id.number).is_none() && self.revision.objects.contains_key(&id.number)
    }

    fn before_number(&self, number: u32) -> Option<&'a Indirect> {
        self.before.numbered(number)
    }
}

/// Whether a number has all the bits of another; of none, any has.
fn has_all_bits(number: Option<&Object>, of: Option<&Object>) -> bool {
    let bits = |object: Option<&Object>| object.map_or(Some(0), Object::as_integer);
    bits(number).zip(bits(of)).is_some_and(|(number, of)| number & of == of)
}

/// Whether an object only holds others or the table, as compressed files have them.
fn is_container(object: &Indirect) -> bool {
    object.value.as_dictionary().is_some_and(|object| object.is("Type", "XRef") || object.is("Type", "ObjStm"))
}
