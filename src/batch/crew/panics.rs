//! A panic costs the task that it happened in and nothing else: it becomes a message for that task's outcome.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::thread;

use crate::batch::crew::THREAD;

thread_local! {
    /// What the last panic of this thread said, and where.
    static LAST_WORDS: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From here on a panic in a thread of a crew is kept for its outcome; anywhere else it is printed as ever.
pub fn keep_last_words() {
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
pub fn contained<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| match LAST_WORDS.take() {
        // A thread that helped has kept the place to itself.
        words if words.is_empty() => {
            let literal = payload.downcast_ref::<&str>().map(ToString::to_string);
            literal.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or("sin mensaje".into())
        }
        words => words,
    })
}
