//! The signature fields that a revision filled or added. None may go, move, or change in anything else.

use crate::pdf::{Id, Object, View};
use crate::verify::fields::{Field, signature_fields};

use super::drawing::is_drawing;
use super::{Comparison, described, signature};

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
            || !new.dictionary.get("M").is_none_or(signature::is_moment)
            || !described::same(&rest(old), &rest(new))
        {
            self.forbid(format!("al firmar el campo «{name}», cambió de él más que su valor y su apariencia"));
        } else {
            self.appearance(old, new);
            self.signed(new, old.dictionary.get("Lock"));
            self.allow(format!("firmó el campo «{name}»"));
            self.changes.only_validation_data = false;
        }
    }

    /// What a filled field shows must be its own: an object of this revision, or what it showed before. And what it showed before stayed in
    /// it too: those who signed until then saw the rest of the page.
    fn appearance(&mut self, old: &Field<'a>, new: &Field<'a>) {
        let shown = |field: &Field<'a>| field.dictionary.get("AP").cloned();
        if shown(old) == shown(new) {
            return;
        }
        let normal = |field: &Field<'a>| {
            let appearance = field.dictionary.get("AP").and_then(Object::as_dictionary);
            appearance.filter(|appearance| appearance.iter().count() == 1)?.get("N")?.as_reference()
        };
        let drawing = |view: View<'a>, form, is_new: &dyn Fn(Id) -> bool| {
            view.get(form).is_some_and(|form| is_drawing(view, form, is_new, &self.budget))
        };
        let stayed =
            old.dictionary.get("AP").is_none() || normal(old).is_some_and(|form| drawing(self.before, form, &|_| true));
        let own = normal(new).filter(|form| drawing(self.after, *form, &|id| self.is_new(id)));
        if !stayed {
            self.forbid(format!(
                "al firmar el campo «{}», quitó de la página lo que el campo vacío mostraba, que podía quedar por fuera de él",
                new.name()
            ));
        }
        match own {
            Some(form) => self.used.push(form),
            None => self.forbid(format!(
                "puso en el campo «{}» una apariencia que no es un dibujo propio de su firma, o que no queda dentro de él",
                new.name()
            )),
        }
    }

    /// A field that was not there. It is a field and nothing else: no kind of annotation that programs draw.
    fn added(&mut self, field: &Field<'a>) {
        const KNOWN: [&str; 11] = ["Type", "Subtype", "FT", "T", "TU", "TM", "Rect", "F", "Ff", "P", "V"];
        let name = field.name();
        if !self.is_new(field.id) {
            return self.forbid(format!("convirtió en campo de firma un objeto que ya existía («{name}»)"));
        }
        if !field.is_invisible() || !field.dictionary.is("Subtype", "Widget") {
            return self.forbid(format!("agregó un campo de firma visible («{name}») después de firmado el documento"));
        }
        if field.signature.is_none() {
            return self.forbid(format!("agregó un campo de firma vacío («{name}») después de firmado el documento"));
        }
        // Nobody answers for what an added timestamp says in words, and some programs show it and read it aloud.
        if !field.dictionary.has_only(&KNOWN)
            || !is_plain_name(&name)
            || !["TU", "TM"].iter().all(|key| field.dictionary.get(key).is_none_or(is_plain_text))
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
        self.signed(field, None);
    }

    /// The signature in a field, of which the one who made it says by `lock` what it may lock.
    fn signed(&mut self, field: &Field<'a>, lock: Option<&'a Object>) {
        let Some(signature) = field.signature else { return };
        let name = field.name();
        if !self.is_new(signature.id) {
            return self.forbid(format!("puso en el campo «{name}» un objeto que ya existía"));
        }
        let says_its_own = if field.is_timestamp() {
            signature::is_of_timestamp(signature)
        } else {
            signature::is_of_person(self.after, signature, lock, |id| self.is_new(id))
        };
        if !says_its_own {
            self.forbid(format!("escribió en el campo «{name}» más que lo que un sello o una firma dice"));
        }
        self.used.push(signature.id);
        self.changes.filled.push(name);
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
