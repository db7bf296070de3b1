//! The same done with many things side by side, where it may set reports in type.
//!
//! Typst works in parallel inside, with rayon. A thread of rayon that waits for that takes up other work of its pool meanwhile: another
//! report, within it another, until its stack is full. So each worker is a thread of its own, with a pool of its own in which there is
//! nothing else to take up.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::lock::lock;

/// Stack of a thread that sets reports, in bytes. Nested layouts recurse deeply, and the usual 2 MiB are not enough for all of them.
pub const STACK: usize = 64 << 20;

/// Does something with each of many things; what came of it, in their order.
pub fn each<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(things.len())));
    let worker = || {
        // Without a pool of its own there is that of all, in which these workers put nothing.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK).use_current_thread().build();
        while let Some((at, thing)) = next_of(things, &next) {
            let result = work(thing);
            lock(&done).push((at, result));
        }
        drop(pool);
    };
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(things.len());
        let start = || thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
        // Where the system gives no threads, this one works.
        if (0..workers).filter(|_| start().is_ok()).count() == 0 {
            worker();
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

fn next_of<'t, T>(things: &'t [T], next: &AtomicUsize) -> Option<(usize, &'t T)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    things.get(at).map(|thing| (at, thing))
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn results_come_in_the_order_of_the_things() {
        let numbers: Vec<u32> = (0..1_000).collect();
        assert_eq!(each(&numbers, |number| number * 2), numbers.iter().map(|number| number * 2).collect::<Vec<_>>());
        assert_eq!(each(&[] as &[u32], |number| *number), [0; 0]);
    }

    #[test]
    fn work_that_is_parallel_itself_takes_up_nothing_else_meanwhile() {
        // With one pool for all, a worker that waits begins a thing within a thing.
        std::thread_local!(static INSIDE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
        let numbers: Vec<u32> = (0..100).collect();
        let nested = each(&numbers, |_| {
            let nested = INSIDE.replace(true);
            rayon::yield_now();
            INSIDE.set(false);
            nested
        });
        assert!(!nested.contains(&true));
    }
}
