//! Who does what next: the tasks of a group stay with the maker that opened it as long as there are other groups to open,
//! since what they share is then still at hand; at the end, whoever is free helps whoever has most left.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::batch::crew::Place;
use crate::lock::lock;

/// What is still to be done.
pub struct Queue<'a, G, T> {
    state: Mutex<Waiting<G, T>>,
    changed: Condvar,
    stop: &'a AtomicBool,
}

struct Waiting<G, T> {
    groups: VecDeque<(usize, G)>,
    /// For each maker, what is left of the groups that it opened.
    own: Vec<VecDeque<(Place, T)>>,
    /// How many groups are being opened: they may still bring tasks.
    opening: usize,
}

pub enum Step<G, T> {
    Open(usize, G),
    Make(Place, T),
}

impl<'a, G, T> Queue<'a, G, T> {
    pub fn new(groups: Vec<G>, makers: usize, stop: &'a AtomicBool) -> Self {
        let own = (0..makers).map(|_| VecDeque::new()).collect();
        let groups = groups.into_iter().enumerate().collect();
        Self { state: Mutex::new(Waiting { groups, own, opening: 0 }), changed: Condvar::new(), stop }
    }

    /// The next thing for a maker to do; `None` when there is nothing more for it.
    pub fn next(&self, me: usize) -> Option<Step<G, T>> {
        let mut waiting = lock(&self.state);
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            if let Some((place, task)) = waiting.own[me].pop_front() {
                return Some(Step::Make(place, task));
            }
            if let Some((group, contents)) = waiting.groups.pop_front() {
                waiting.opening += 1;
                return Some(Step::Open(group, contents));
            }
            let busiest = waiting.own.iter_mut().max_by_key(|tasks| tasks.len());
            if let Some((place, task)) = busiest.and_then(VecDeque::pop_back) {
                return Some(Step::Make(place, task));
            }
            if waiting.opening == 0 {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Takes the tasks of a group that a maker has opened.
    pub fn add(&self, me: usize, group: usize, tasks: Vec<T>) {
        let mut waiting = lock(&self.state);
        waiting.own[me].extend(tasks.into_iter().enumerate().map(|(index, task)| ((group, index + 1), task)));
        waiting.opening -= 1;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_stays_with_the_maker_that_opened_it_as_long_as_there_are_others_to_open() {
        let stop = AtomicBool::new(false);
        let queue = Queue::new(vec!["a", "b", "c"], 2, &stop);
        let next = |me: usize| match queue.next(me) {
            Some(Step::Open(group, name)) => {
                queue.add(me, group, vec![1, 2, 3]);
                format!("opens {name}")
            }
            Some(Step::Make((group, task), _)) => format!("makes {group}.{task}"),
            None => "goes home".into(),
        };
        assert_eq!([0, 1].map(next), ["opens a", "opens b"]);
        assert_eq!([0, 0, 0, 0].map(next), ["makes 0.1", "makes 0.2", "makes 0.3", "opens c"]);
        assert_eq!([1, 1, 1].map(next), ["makes 1.1", "makes 1.2", "makes 1.3"]);
        // Nothing is left to open: from the end, it takes what the other has not begun.
        assert_eq!([1, 0, 1, 0, 1].map(next), ["makes 2.3", "makes 2.1", "makes 2.2", "goes home", "goes home"]);
    }
}
