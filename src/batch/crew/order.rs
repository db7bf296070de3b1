//! Outcomes in the order of the input, whatever the order in which they come.

use std::collections::BTreeMap;

use crate::batch::crew::Place;

/// Outcomes that wait for those before them.
pub struct InOrder<O> {
    next: Place,
    tasks: BTreeMap<usize, usize>,
    done: BTreeMap<Place, O>,
}

impl<O> Default for InOrder<O> {
    fn default() -> Self {
        Self { next: (0, 0), tasks: BTreeMap::new(), done: BTreeMap::new() }
    }
}

impl<O> InOrder<O> {
    /// A group was opened, and has so many tasks.
    pub fn opened(&mut self, group: usize, outcome: O, tasks: usize) {
        self.tasks.insert(group, tasks);
        self.done.insert((group, 0), outcome);
    }

    /// A task is done.
    pub fn done(&mut self, place: Place, outcome: O) {
        self.done.insert(place, outcome);
    }

    /// What is left when nothing more comes: whoever was stopped leaves gaps.
    pub fn rest(self) -> impl Iterator<Item = O> {
        self.done.into_values()
    }

    /// The next outcome in the order of the input, if it is there.
    pub fn next(&mut self) -> Option<O> {
        let outcome = self.done.remove(&self.next)?;
        let (group, task) = self.next;
        self.next = if self.tasks.get(&group).is_some_and(|tasks| task < *tasks) {
            (group, task + 1)
        } else {
            self.tasks.remove(&group);
            (group + 1, 0)
        };
        Some(outcome)
    }
}
