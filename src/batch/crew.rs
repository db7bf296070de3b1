//! A crew of threads. Work comes in groups of tasks; results leave in the order of the input, whatever the order in
//! which they are done.
//!
//! Some threads make, others save: while the disk confirms one file, the processor is at the next. The tasks of a group
//! stay with one maker as long as there are other groups to open, since what they share is then still at hand; at the
//! end, whoever is free helps whoever has most left.
//!
//! A panic costs the task that it happened in and nothing else.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// Stack of a maker, in bytes. Nested layouts recurse deeply, and the usual 2 MiB are not enough for all of them.
const STACK: usize = 64 << 20;
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
}

/// What the owner of a crew hears of.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<O> {
    /// A task was begun.
    Began(String),
    /// A task has ended, in the order of time.
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
                    Err(message) => drop(finished.send(Message::Done(place, trade.broken(name, message)))),
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
        let _ = finished.send(Message::Done(place, outcome));
    }
}

/// The owner's day: puts what comes in into the order of the input.
fn listen<O>(inbox: &Receiver<Message<O>>, hear: &mut impl FnMut(Event<O>)) {
    let mut order = InOrder::default();
    loop {
        match inbox.recv_timeout(TICK) {
            Ok(Message::Began(name)) => hear(Event::Began(name)),
            Ok(Message::Opened(group, outcome, tasks)) => order.opened(group, outcome, tasks),
            Ok(Message::Done(place, outcome)) => {
                hear(Event::Ended);
                order.done.insert(place, outcome);
            }
            Err(mpsc::RecvTimeoutError::Timeout) => hear(Event::Tick),
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        while let Some(outcome) = order.next() {
            hear(Event::Outcome(outcome));
        }
    }
    // Whoever was stopped leaves gaps.
    order.done.into_values().for_each(|outcome| hear(Event::Outcome(outcome)));
}

/// What the threads tell.
enum Message<O> {
    Began(String),
    Opened(usize, O, usize),
    Done(Place, O),
}

/// Outcomes that wait for those before them.
struct InOrder<O> {
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
    fn opened(&mut self, group: usize, outcome: O, tasks: usize) {
        self.tasks.insert(group, tasks);
        self.done.insert((group, 0), outcome);
    }

    fn next(&mut self) -> Option<O> {
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

/// What is still to be done.
struct Queue<'a, G, T> {
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

enum Step<G, T> {
    Open(usize, G),
    Make(Place, T),
}

impl<'a, G, T> Queue<'a, G, T> {
    fn new(groups: Vec<G>, makers: usize, stop: &'a AtomicBool) -> Self {
        let own = (0..makers).map(|_| VecDeque::new()).collect();
        let groups = groups.into_iter().enumerate().collect();
        Self { state: Mutex::new(Waiting { groups, own, opening: 0 }), changed: Condvar::new(), stop }
    }

    /// The next thing for a maker to do; `None` when there is nothing more for it.
    fn next(&self, me: usize) -> Option<Step<G, T>> {
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
    fn add(&self, me: usize, group: usize, tasks: Vec<T>) {
        let mut waiting = lock(&self.state);
        waiting.own[me].extend(tasks.into_iter().enumerate().map(|(index, task)| ((group, index + 1), task)));
        waiting.opening -= 1;
        self.changed.notify_all();
    }
}

thread_local! {
    /// What the last panic of this thread said, and where.
    static LAST_WORDS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From here on a panic in a thread of a crew is kept for its outcome; anywhere else it is printed as ever.
fn keep_last_words() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !thread::current().name().is_some_and(|name| name.starts_with(THREAD)) {
                return usual(info);
            }
            let said = info.payload_as_str().unwrap_or("sin mensaje");
            let place = info.location().map(|place| format!(" ({place})")).unwrap_or_default();
            LAST_WORDS.replace(format!("{said}{place}"));
        }));
    });
}

/// A panic becomes its last words. Nothing that the work touched is used again.
fn contained<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| match LAST_WORDS.take() {
        // A thread that helped has kept the place to itself.
        words if words.is_empty() => payload.downcast_ref::<String>().cloned().unwrap_or("sin mensaje".into()),
        words => words,
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
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
            assert!(place.starts_with("src/batch/crew.rs:"), "{place}");
            format!("{name} broke: {said}")
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
