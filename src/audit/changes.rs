//! Cambios frente al trimestre anterior: what the plan says otherwise than when the trimestre before was reported.
//!
//! A plan may change, but not unnoticed: whoever compares two reports finds out, and asks for the act that allowed it.

use std::collections::{HashMap, HashSet};

use crate::audit::Subject;
use crate::diag::{Finding, Span, code, quoted};
use crate::input::reader::Record;
use crate::view::printed;

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The number of the action: the one it has now, or the one it had.
    pub action: i64,
    /// What of it, by its key in the TOML; nothing if it is the action itself.
    pub key: Option<String>,
    /// What was there, as the report printed it.
    pub before: Option<String>,
    /// What is there now.
    pub now: Option<String>,
    /// Where, in the plan as it is now.
    span: Span,
}

impl Change {
    /// What has changed, in the words of the office.
    #[must_use]
    pub fn aspect(&self) -> String {
        match self.key.as_deref() {
            None => "acción".into(),
            Some("numero") => "número".into(),
            Some("unidad_medida") => "unidad de medida".into(),
            Some("fecha_inicio") => "fecha de inicio".into(),
            Some("fecha_fin") => "fecha de fin".into(),
            Some("fuente_financiacion") => "fuente de financiación".into(),
            Some(key) => key.replace('_', " "),
        }
    }
}

/// `accion-desaparecida`, `accion-nueva` and `accion-cambiada`, where the earlier state is known.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(earlier) = subject.earlier else { return };
    let changes = changes(&earlier.plan.record, subject.plan);
    findings.extend(changes.iter().map(|change| finding(change, &earlier.report)));
}

fn finding(change: &Change, report: &str) -> Finding {
    let Change { action, before, now, span, .. } = change;
    let name = |text: &Option<String>| quoted(text.as_deref().unwrap_or_default());
    let (code, message, label, help) = match (&change.key, before, now) {
        (None, Some(_), None) => (
            &code::ACTION_VANISHED,
            format!("la acción {action}, «{}», ya no está en el plan", name(before)),
            "en este plan falta una acción",
            "devuélvala al plan, o acepte el cambio en una excepción que cite el acto que la retiró",
        ),
        (None, ..) => (
            &code::ACTION_APPEARED,
            format!("la acción {action} no estaba en el plan"),
            "acción nueva",
            "si un acto la incorporó al plan, cítelo en una excepción",
        ),
        _ => (
            &code::ACTION_CHANGED,
            {
                let was = before.as_ref().map_or("no estaba".to_owned(), |_| format!("era «{}»", name(before)));
                let is = now.as_ref().map_or("ya no está".to_owned(), |_| format!("ahora es «{}»", name(now)));
                format!("en la acción {action} cambió «{}»: {was}, y {is}", change.aspect())
            },
            "no es lo que se reportó",
            "devuelva el valor, o acepte el cambio en una excepción que cite el acto que modificó el plan",
        ),
    };
    Finding::new(code, *span, format!("{message} (frente a {report})")).label(label).help(help).action(Some(*action))
}

/// What one plan says otherwise than an earlier one: first of the actions that there are, in their order, then those that
/// there are no more. An action is the same one if it has the same name or, where no name tells, the same number.
#[must_use]
pub fn changes(earlier: &Record, now: &Record) -> Vec<Change> {
    let (before, after): (Vec<&Record>, Vec<&Record>) =
        (earlier.tables("accion").collect(), now.tables("accion").collect());
    let pairs = pairs(&before, &after);
    let mut changes = Vec::new();
    for (record, pair) in after.iter().zip(&pairs) {
        let Some(number) = record.integer("numero") else { continue };
        match pair {
            Some(earlier) => values(before[*earlier], record, number.value, &mut changes),
            None => changes.push(Change {
                action: number.value,
                key: None,
                before: None,
                now: title(record),
                span: number.span,
            }),
        }
    }
    let kept: HashSet<usize> = pairs.into_iter().flatten().collect();
    let head = now.tables("plan").next().map_or(now.span, |head| head.span);
    let vanished = before.iter().enumerate().filter(|(index, _)| !kept.contains(index));
    changes.extend(vanished.filter_map(|(_, record)| {
        Some(Change {
            action: record.integer("numero")?.value,
            key: None,
            before: title(record),
            now: None,
            span: head,
        })
    }));
    changes
}

/// For each action as it is now, the index of the same one before.
fn pairs(before: &[&Record], after: &[&Record]) -> Vec<Option<usize>> {
    let mut by_name = unique(before, title);
    let of_now = unique(after, title);
    let mut pairs: Vec<Option<usize>> = after
        .iter()
        .map(|record| title(record).filter(|name| of_now.contains_key(name)).and_then(|name| by_name.remove(&name)))
        .collect();
    let taken: HashSet<usize> = pairs.iter().flatten().copied().collect();
    let mut by_number = unique(before, |record| record.integer("numero").map(|number| number.value));
    by_number.retain(|_, index| !taken.contains(index));
    for (pair, record) in pairs.iter_mut().zip(after).filter(|(pair, _)| pair.is_none()) {
        *pair = record.integer("numero").and_then(|number| by_number.remove(&number.value));
    }
    pairs
}

/// The indices of the records by a key, of those that no other has.
fn unique<K: Eq + std::hash::Hash>(records: &[&Record], key: impl Fn(&Record) -> Option<K>) -> HashMap<K, usize> {
    let mut indices: HashMap<K, Option<usize>> = HashMap::new();
    for (index, record) in records.iter().enumerate() {
        if let Some(key) = key(record) {
            indices.entry(key).and_modify(|other| *other = None).or_insert(Some(index));
        }
    }
    indices.into_iter().filter_map(|(key, index)| Some((key, index?))).collect()
}

/// What an action is called.
fn title(record: &Record) -> Option<String> {
    record.text("nombre").map(|name| name.value.to_owned())
}

/// The values of an action that are not what they were.
fn values(before: &Record, now: &Record, action: i64, changes: &mut Vec<Change>) {
    let keys: HashSet<&String> = before.values.keys().chain(now.values.keys()).collect();
    let mut keys: Vec<&String> = keys.into_iter().collect();
    // In the order of the file, and last what is no more.
    keys.sort_by_key(|key| (now.values.get(*key).map_or(usize::MAX, |value| value.span.start), *key));
    for key in keys {
        let print = |record: &Record| record.values.get(key).map(|value| printed(&value.value).join("; "));
        let (was, is) = (print(before), print(now));
        if was != is {
            let span = now.values.get(key).map_or(now.span, |value| value.span);
            changes.push(Change { action, key: Some(key.clone()), before: was, now: is, span });
        }
    }
}
