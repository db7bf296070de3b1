//! The signature fields that a revision filled or added. None may go, move, or change in anything else.

use crate::pdf::{Indirect, Object};
use crate::verify::fields::{Field, signature_fields};

use super::drawing::is_drawing;
use super::{Comparison, described};

/// Most letters of the name of a field that is added.
const MAX_PLAIN: usize = 100;

impl<'a> Comparison<'a> {
    /// Fields that were filled or added; none may go, move or change in anything else.
    pub(super) fn fields(&mut self) {
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
        const MAY_CHANGE: [&str; 3] = ["V", "AP", "M"];
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
        } else if new.is_timestamped() {
            self.forbid(format!("puso un sello de tiempo en el campo «{name}», que espera la firma de una persona"));
        } else if !same_texts
            || new.dictionary.get("M").is_some_and(|moment| moment.as_bytes().is_none())
            || !described::same(&rest(old), &rest(new))
        {
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
        let is_own = |form| is_drawing(self.after, form, |id| self.is_new(id), self.budget);
        match normal.and_then(Object::as_reference) {
            Some(id) if self.after.get(id).is_some_and(is_own) => self.used.push(id),
            _ => self.forbid(format!(
                "puso en el campo «{}» una apariencia que no es un dibujo propio de su firma, o que no queda dentro de él",
                new.name()
            )),
        }
    }

    /// A field that was not there. It is a field and nothing else: no kind of annotation that programs draw.
    fn added(&mut self, field: &Field<'a>) {
        const KNOWN: [&str; 13] = ["Type", "Subtype", "FT", "T", "TU", "TM", "Rect", "F", "Ff", "P", "V", "Lock", "SV"];
        const OF_PERSONS: usize = 2;
        let name = field.name();
        if !self.is_new(field.id) {
            return self.forbid(format!("convirtió en campo de firma un objeto que ya existía («{name}»)"));
        }
        // What a person's may lock, no timestamp does.
        let known = if field.is_timestamp() { &KNOWN[..KNOWN.len() - OF_PERSONS] } else { &KNOWN[..] };
        let only_field = field.dictionary.has_only(known);
        if !field.is_invisible() || !field.dictionary.is("Subtype", "Widget") {
            return self.forbid(format!("agregó un campo de firma visible («{name}») después de firmado el documento"));
        }
        if field.signature.is_none() {
            return self.forbid(format!("agregó un campo de firma vacío («{name}») después de firmado el documento"));
        }
        // Nobody answers for what an added timestamp says in words, and some programs show it and read it aloud.
        if !only_field
            || !is_plain_name(&name)
            || !["TU", "TM"].iter().all(|key| field.dictionary.get(key).is_none_or(is_plain_text))
            || field.is_timestamp() && !field.signature.is_some_and(is_plain_timestamp)
        {
            return self.forbid(format!(
                "agregó un campo de firma («{name}») que dice más que lo que un sello o una firma dice"
            ));
        }
        self.used.push(field.id);
        self.parts.added_fields.insert(field.id);
        if field.is_timestamp() {
            self.allow(format!("agregó un sello de tiempo del documento («{name}»)"));
        } else {
            self.allow(format!("agregó el campo de firma invisible «{name}»"));
            self.changes.only_validation_data = false;
        }
        self.signed(field);
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
}

/// Whether a text is such a name.
fn is_plain_text(text: &Object) -> bool {
    text.as_text().is_some_and(|text| is_plain_name(&text))
}

/// Whether a name is one word, as programs that sign name the fields that they add.
fn is_plain_name(name: &str) -> bool {
    name.len() <= MAX_PLAIN
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Whether a timestamp has only what one has (ISO 32000-2, 12.8.5 and table 255), and none of it elsewhere.
fn is_plain_timestamp(signature: &Indirect) -> bool {
    const KNOWN: [&str; 8] = ["Type", "Filter", "SubFilter", "Contents", "ByteRange", "M", "Prop_Build", "V"];
    let Some(dictionary) = signature.value.as_dictionary() else { return false };
    let mut references = Vec::new();
    signature.value.references(&mut references);
    let is_moment = |moment: &Object| {
        moment
            .as_bytes()
            .is_some_and(|moment| moment.len() <= 25 && moment.iter().all(|byte| b"D:+-Z'0123456789".contains(byte)))
    };
    references.is_empty() && dictionary.has_only(&KNOWN) && dictionary.get("M").is_none_or(is_moment)
}
