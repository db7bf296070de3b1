//! A crew of threads. Work comes in groups of tasks; results leave in the order of the input, whatever the order in
//! which they are done.
//!
//! Some threads make, others save: while the disk confirms one file, the processor is at the next.

mod order;
mod panics;
mod queue;

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::lock::lock;
use crate::parallel::STACK;
use order::InOrder;
use panics::{contained, keep_last_words};
use queue::{Queue, Step};

/// How often the crew's owner is asked whether anything is to be done meanwhile.
const TICK: Duration = Duration::from_millis(100);

/// What a crew knows to do.
pub trait Trade: Sync {
    /// Tasks that share something.
    type Group: Send;
    /// One piece of work.
    type Task: Send;
    /// What was made and is not saved yet.
    type Made: Send;
    /// What came of a task, or of the opening of a group.
    type Outcome: Send;

    /// Opens a group: what is to be told of it as a whole, and its tasks.
    fn open(&self, group: Self::Group) -> (Self::Outcome, Vec<Self::Task>);
    /// What a group is called while it is opened.
    fn group_name(&self, group: &Self::Group) -> String;
    /// What a task is called while it is in hand.
    fn name(&self, task: &Self::Task) -> String;
    /// The part of a task that takes the processor.
    fn make(&self, task: Self::Task) -> Self::Made;
    /// The part that takes the disk.
    fn save(&self, made: Self::Made) -> Self::Outcome;
    /// The outcome of what panicked: its name and what was said.
    fn broken(&self, name: String, message: String) -> Self::Outcome;
    /// Whether the task of an outcome is one of those that the owner counts.
    fn counts(&self, outcome: &Self::Outcome) -> bool;
}

/// What the owner of a crew hears of.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<O> {
    /// A task was begun.
    Began(String),
    /// A task that counts has ended, in the order of time.
    Ended,
    /// What came of a group or a task, in the order of the input.
    Outcome(O),
    /// Some time has passed.
    Tick,
}

/// How many threads, and whether they should stop.
#[derive(Debug, Clone, Copy)]
pub struct Crew<'a> {
    /// How many tasks are made at a time.
    pub makers: NonZeroUsize,
    /// How many threads may be busy at a time: what the makers leave, they share for work inside a task.
    pub cores: NonZeroUsize,
    /// Once true, what was begun is finished and nothing else is begun.
    pub stop: &'a AtomicBool,
}

/// Place in the input: the group, and 0 for its opening or the task from 1.
type Place = (usize, usize);

/// Does all the work, and returns when it is done or stopped.
///
/// # Errors
/// When the system gives no threads.
pub fn run<T: Trade>(
    crew: Crew,
    trade: &T,
    groups: Vec<T::Group>,
    mut hear: impl FnMut(Event<T::Outcome>),
) -> Result<()> {
    keep_last_words();
    let makers = crew.makers.get();
    let queue = Queue::new(groups, makers, crew.stop);
    let (finished, inbox) = mpsc::channel();
    let (made, to_save) = mpsc::sync_channel(makers);
    let to_save = Mutex::new(to_save);
    thread::scope(|scope| {
        // Where the system gives fewer threads than asked for, fewer do the work; the savers first, for makers wait for them.
        let start_saver = |me: usize| {
            let (to_save, finished) = (&to_save, finished.clone());
            let saver = move || save_all(trade, to_save, &finished);
            thread::Builder::new().name(name("guarda", me)).spawn_scoped(scope, saver)
        };
        let start_maker = |me: usize| {
            let (queue, finished, made) = (&queue, finished.clone(), made.clone());
            let maker = move || in_a_pool(crew, || make_all(me, trade, queue, &finished, &made));
            thread::Builder::new().name(name("compone", me)).stack_size(STACK).spawn_scoped(scope, maker)
        };
        start_saver(0).and_then(|_| start_maker(0)).context("el sistema no da hilos para trabajar")?;
        let _ = (1..2 * makers).try_for_each(|me| start_saver(me).map(drop));
        let _ = (1..makers).try_for_each(|me| start_maker(me).map(drop));
        drop((finished, made));
        listen(&inbox, &mut hear);
        Ok(())
    })
}

/// How the names of a crew's threads begin.
const THREAD: &str = "seguimiento-";

fn name(does: &str, number: usize) -> String {
    format!("{THREAD}{does}-{number}")
}

/// The engine's own parallel loops stay within the maker's share of the cores. In one pool for all, a maker that waits for
/// a part of its report would begin another report on top of it, and so on until the stack ends.
fn in_a_pool(crew: Crew, work: impl FnOnce()) {
    let share = crew.cores.get().div_ceil(crew.makers.get());
    let pool = |threads| {
        let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).use_current_thread();
        builder.thread_name(|number| name("ayuda", number)).build()
    };
    // One thread is the maker itself, which the system has given already.
    let _pool = pool(share).or_else(|_| pool(1));
    work();
}

/// A maker's day.
fn make_all<T: Trade>(
    me: usize,
    trade: &T,
    queue: &Queue<T::Group, T::Task>,
    finished: &Sender<Message<T::Outcome>>,
    made: &SyncSender<(Place, String, T::Made)>,
) {
    while let Some(step) = queue.next(me) {
        match step {
            Step::Open(group, contents) => {
                let name = trade.group_name(&contents);
                let opened = contained(|| trade.open(contents));
                let (outcome, tasks) = opened.unwrap_or_else(|message| (trade.broken(name, message), Vec::new()));
                let _ = finished.send(Message::Opened(group, outcome, tasks.len()));
                queue.add(me, group, tasks);
            }
            Step::Make(place, task) => {
                let name = trade.name(&task);
                let _ = finished.send(Message::Began(name.clone()));
                match contained(|| trade.make(task)) {
                    // The savers end after the makers: somebody receives this.
                    Ok(contents) => drop(made.send((place, name, contents))),
                    Err(message) => drop(finished.send(done(trade, place, trade.broken(name, message)))),
                }
            }
        }
    }
}

/// A saver's day.
fn save_all<T: Trade>(
    trade: &T,
    to_save: &Mutex<Receiver<(Place, String, T::Made)>>,
    finished: &Sender<Message<T::Outcome>>,
) {
    let next = || lock(to_save).recv();
    while let Ok((place, name, made)) = next() {
        let outcome = contained(|| trade.save(made)).unwrap_or_else(|message| trade.broken(name, message));
        let _ = finished.send(done(trade, place, outcome));
    }
}

fn done<T: Trade>(trade: &T, place: Place, outcome: T::Outcome) -> Message<T::Outcome> {
    Message::Done { place, counts: trade.counts(&outcome), outcome }
}

/// The owner's day: puts what comes in into the order of the input.
fn listen<O>(inbox: &Receiver<Message<O>>, hear: &mut impl FnMut(Event<O>)) {
    let mut order = InOrder::default();
    loop {
        match inbox.recv_timeout(TICK) {
            Ok(Message::Began(name)) => hear(Event::Began(name)),
            Ok(Message::Opened(group, outcome, tasks)) => order.opened(group, outcome, tasks),
            Ok(Message::Done { place, counts, outcome }) => {
                if counts {
                    hear(Event::Ended);
                }
                order.done(place, outcome);
            }
            Err(mpsc::RecvTimeoutError::Timeout) => hear(Event::Tick),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        while let Some(outcome) = order.next() {
            hear(Event::Outcome(outcome));
        }
    }
    order.rest().for_each(|outcome| hear(Event::Outcome(outcome)));
}

/// What the threads tell.
enum Message<O> {
    Began(String),
    Opened(usize, O, usize),
    Done { place: Place, counts: bool, outcome: O },
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::*;

    /// Groups are lists of tasks. A task is the number of milliseconds that it takes; 13 and 14 bring misfortune, and 99
    /// stops the crew.
    #[derive(Default)]
    struct Toy {
        stop: AtomicBool,
    }

    impl Trade for Toy {
        type Group = Vec<u64>;
        type Task = u64;
        type Made = u64;
        type Outcome = String;

        fn open(&self, group: Vec<u64>) -> (String, Vec<u64>) {
            assert!(!group.is_empty(), "an empty group");
            (format!("open {}", group.len()), group)
        }

        fn group_name(&self, group: &Vec<u64>) -> String {
            format!("group of {}", group.len())
        }

        fn name(&self, task: &u64) -> String {
            format!("task {task}")
        }

        fn make(&self, task: u64) -> u64 {
            assert!(task != 13, "a bad number");
            self.stop.fetch_or(task == 99, Ordering::Relaxed);
            thread::sleep(Duration::from_millis(task));
            task
        }

        fn save(&self, made: u64) -> String {
            assert!(made != 14, "a bad number to save");
            format!("done {made}")
        }

        fn broken(&self, name: String, message: String) -> String {
            let (said, place) = message.split_once(" (").unwrap();
            assert!(place.starts_with("src/batch/crew/mod.rs:"), "{place}");
            format!("{name} broke: {said}")
        }

        fn counts(&self, _: &String) -> bool {
            true
        }
    }

    fn number(number: usize) -> NonZeroUsize {
        NonZeroUsize::new(number).unwrap()
    }

    fn outcomes(makers: usize, groups: &[&[u64]]) -> Vec<String> {
        let toy = Toy::default();
        let groups = groups.iter().map(|group| group.to_vec()).collect();
        let mut outcomes = Vec::new();
        run(Crew { makers: number(makers), cores: number(makers), stop: &toy.stop }, &toy, groups, |event| {
            if let Event::Outcome(outcome) = event {
                outcomes.push(outcome);
            }
        })
        .unwrap();
        outcomes
    }

    #[test]
    fn results_come_in_the_order_of_the_input_whatever_takes_longest() {
        let groups: &[&[u64]] = &[&[40, 1, 20], &[30], &[2, 3, 4, 5], &[1]];
        let expected = [
            "open 3", "done 40", "done 1", "done 20", "open 1", "done 30", "open 4", "done 2", "done 3", "done 4",
            "done 5", "open 1", "done 1",
        ];
        for makers in [1, 2, 3, 8] {
            assert_eq!(outcomes(makers, groups), expected, "{makers} makers");
        }
    }

    #[test]
    fn a_panic_costs_its_own_task_and_no_other() {
        let groups: &[&[u64]] = &[&[1, 13, 2], &[], &[14, 3]];
        let expected = [
            "open 3",
            "done 1",
            "task 13 broke: a bad number",
            "done 2",
            "group of 0 broke: an empty group",
            "open 2",
            "task 14 broke: a bad number to save",
            "done 3",
        ];
        assert_eq!(outcomes(2, groups), expected);
    }

    #[test]
    fn once_stopped_it_finishes_what_is_in_hand_and_begins_nothing_else() {
        assert_eq!(outcomes(1, &[&[1, 2, 99, 3], &[4]]), ["open 4", "done 1", "done 2", "done 99"]);
    }

    #[test]
    fn a_maker_has_a_pool_of_its_own_share_of_the_cores() {
        struct Share;
        impl Trade for Share {
            type Group = ();
            type Task = ();
            type Made = usize;
            type Outcome = usize;
            fn open(&self, (): ()) -> (usize, Vec<()>) {
                (0, vec![()])
            }
            fn group_name(&self, (): &()) -> String {
                String::new()
            }
            fn name(&self, (): &()) -> String {
                String::new()
            }
            fn make(&self, (): ()) -> usize {
                rayon::current_num_threads()
            }
            fn save(&self, made: usize) -> usize {
                made
            }
            fn broken(&self, _: String, _: String) -> usize {
                0
            }

            fn counts(&self, _: &usize) -> bool {
                true
            }
        }
        let stop = AtomicBool::new(false);
        for (makers, cores, share) in [(1, 1, 1), (1, 4, 4), (2, 2, 1), (3, 8, 3), (8, 8, 1)] {
            let crew = Crew { makers: number(makers), cores: number(cores), stop: &stop };
            let mut found = Vec::new();
            run(crew, &Share, vec![()], |event| {
                if let Event::Outcome(outcome) = event {
                    found.push(outcome);
                }
            })
            .unwrap();
            assert_eq!(found, [0, share], "{makers} makers, {cores} cores");
        }
    }
}
