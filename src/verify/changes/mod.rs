//! What each later revision changed, and whether a signed file may be changed so (ISO 32000-1, 12.8.2.2, and
//! EN 319 142-1 for the validation data).
//!
//! What is allowed is listed; everything else is not, whatever it is. A revision may fill signature fields that were
//! empty, add fields that are nowhere to be seen, add validation data, and note its own date in the metadata. Every object
//! that it adds must serve one of these, and none may have been waited for by a reference that led nowhere.

mod added;
mod described;
mod drawing;
mod fields;
mod metadata;
mod parts;
mod replaced;
mod signature;
mod uses;

use std::cell::Cell;

use crate::pdf::{Dictionary, File, Id, Indirect, Object, Revision, View};
use crate::verify::fields::signature_fields;

use parts::Parts;

/// Most of what a revision did wrong that is told.
const MAX_TOLD: usize = 20;
/// Most bytes and objects of what all signatures of a file show. Each of the fields that it was made with has its share, so that nobody uses
/// up that of those who sign after him.
const MAX_DRAWINGS: usize = 16 << 20;
/// How many numbers a revision may leave out.
const MAX_GAPS: usize = 100;

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

/// What each revision after the first changed of the file as it was before.
#[must_use]
pub fn changes(file: &File) -> Vec<Changes> {
    let fields = signature_fields(file.as_of(1)).map_or(0, |fields| fields.len());
    let share = MAX_DRAWINGS / fields.max(1);
    let later = file.revisions().iter().enumerate().skip(1);
    later.map(|(index, revision)| changes_of(file, index, revision, share)).collect()
}

fn changes_of(file: &File, index: usize, revision: &Revision, share: usize) -> Changes {
    let (before, after) = (file.as_of(index), file.as_of(index + 1));
    let mut comparison = Comparison {
        file,
        index,
        before,
        after,
        revision,
        budget: Cell::new(share),
        parts: Parts::of(before),
        used: Vec::new(),
        changes: Changes { only_validation_data: true, ..Changes::default() },
    };
    comparison.trailer();
    comparison.numbers();
    comparison.fields();
    comparison.objects();
    comparison.new_objects();
    if comparison.changes.allowed.is_empty() && comparison.changes.forbidden.is_empty() {
        comparison.allow("no cambió nada");
    }
    comparison.changes
}

/// Whether a value of a trailer is of its kind (ISO 32000-1, tables 15 and 17), with nothing in it that a viewer could take for more.
fn is_plain(key: &[u8], value: &Object) -> bool {
    let all = |value: &Object, is: fn(&Object) -> bool| value.as_array().is_some_and(|all| all.iter().all(is));
    let numbers = |value: &Object| {
        value.as_dictionary().is_some_and(|dictionary| dictionary.iter().all(|(_, value)| value.as_integer().is_some()))
    };
    match key {
        b"Root" | b"Info" => value.as_reference().is_some(),
        b"Size" | b"Prev" | b"Length" => value.as_integer().is_some(),
        b"Type" => value.as_name().is_some(),
        b"ID" => value.as_array().is_some_and(|id| id.len() == 2) && all(value, |one| one.as_bytes().is_some()),
        b"W" | b"Index" => all(value, |one| one.as_integer().is_some()),
        b"Filter" => value.as_name().is_some() || all(value, |one| one.as_name().is_some()),
        b"DecodeParms" => numbers(value) || value.as_array().is_some_and(|all| all.iter().all(numbers)),
        b"DocChecksum" => value.as_name().is_some() || value.as_bytes().is_some(),
        _ => false,
    }
}

struct Comparison<'a> {
    file: &'a File<'a>,
    index: usize,
    before: View<'a>,
    after: View<'a>,
    revision: &'a Revision,
    /// What may still be read of what its signature shows.
    budget: Cell<usize>,
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
        if old.get("Info") != new.get("Info") {
            self.forbid("puso otra información del documento en lugar de la que había");
        }
        let first = |trailer: &Dictionary| trailer.get("ID").and_then(|id| id.as_array()?.first().cloned());
        if first(old) != first(new) {
            self.forbid("cambió el identificador del documento");
        }
        if !new.has_only(&KNOWN) {
            self.forbid("agregó al final del archivo datos que nadie espera ahí");
        }
        if let Some((key, _)) = new.iter().find(|(key, value)| !is_plain(key, value)) {
            let key = String::from_utf8_lossy(key);
            self.forbid(format!("escribió al final del archivo un «{key}» que no es como debe ser"));
        }
    }

    /// New objects have the numbers that come next, as all programs that sign give them. The numbers have an end, after which nobody could
    /// add anything.
    fn numbers(&mut self) {
        let next = usize::try_from(self.before.last_number()).unwrap_or(usize::MAX);
        let most = next.saturating_add(self.revision.objects.len()).saturating_add(MAX_GAPS);
        let last = self.revision.objects.keys().last().and_then(|last| usize::try_from(*last).ok());
        if last.is_some_and(|last| last > most) {
            self.forbid("dio a sus objetos números que dejan sin los siguientes a quien firme después");
        }
    }

    fn is_new(&self, id: Id) -> bool {
        self.before_number(id.number).is_none() && self.revision.objects.contains_key(&id.number)
    }

    fn before_number(&self, number: u32) -> Option<&'a Indirect> {
        self.before.numbered(number)
    }
}
