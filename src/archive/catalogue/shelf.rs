//! The entries of a register as a reader looks for them: by vigencia, trimestre and report, the newest first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::archive::register::Entry;
use crate::prose::fold;

/// What there is in an archive.
pub struct Shelf<'a> {
    /// The vigencias and in them their trimestres, the newest first; in these the reports, by entity and plan.
    pub years: BTreeMap<Reverse<u16>, BTreeMap<Reverse<u8>, Vec<Versions<'a>>>>,
    /// Whose reports there are.
    pub entities: BTreeSet<&'a str>,
}

/// A report with all its versions.
pub struct Versions<'a> {
    /// A number for it that no other report of the page has, and that stays when others are archived.
    pub number: usize,
    /// The one that holds.
    pub current: &'a Entry,
    /// Those before it, the newest first.
    pub earlier: Vec<&'a Entry>,
}

impl<'a> Shelf<'a> {
    /// Puts entries in order. Which version of a report is the last one, the register's order says.
    pub fn of(entries: &'a [Entry]) -> Self {
        let mut reports: BTreeMap<_, Versions<'a>> = BTreeMap::new();
        for (index, entry) in entries.iter().enumerate() {
            let only = || Versions { number: index + 1, current: entry, earlier: Vec::new() };
            let add =
                |versions: &mut Versions<'a>| versions.earlier.push(std::mem::replace(&mut versions.current, entry));
            reports.entry((&entry.plan, &entry.report)).and_modify(add).or_insert_with(only);
        }
        let mut shelf = Self { years: BTreeMap::new(), entities: BTreeSet::new() };
        for mut versions in reports.into_values() {
            versions.earlier.reverse();
            let Entry { year, quarter, ref entity, .. } = *versions.current;
            shelf.entities.insert(entity);
            shelf.years.entry(Reverse(year)).or_default().entry(Reverse(quarter)).or_default().push(versions);
        }
        for reports in shelf.years.values_mut().flat_map(BTreeMap::values_mut) {
            // What the plans and reports are called has them in order already; this keeps it within an entity.
            reports.sort_by_cached_key(|versions| fold(&versions.current.entity));
        }
        shelf
    }

    /// How many reports there are.
    pub fn reports(&self) -> usize {
        self.years.values().flat_map(BTreeMap::values).map(Vec::len).sum()
    }
}
