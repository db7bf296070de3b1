//! A verdict in the forms in which it leaves the program.

mod human;
mod json;

use chrono::{DateTime, FixedOffset, Utc};

pub use human::human;
pub use json::json;

use super::Verdict;

/// A file and what holds of it.
#[derive(Debug)]
pub struct Verified {
    /// Its path, as the user wrote it.
    pub path: String,
    /// The SHA-256 of all of it, in hexadecimal.
    pub digest: String,
    /// The verdict.
    pub verdict: Verdict,
}

/// Seconds that Colombian time is behind UTC, all year.
const COLOMBIA: i32 = 5 * 3600;

/// A moment in Colombian time.
fn colombian(moment: DateTime<Utc>) -> Option<DateTime<FixedOffset>> {
    Some(moment.with_timezone(&FixedOffset::west_opt(COLOMBIA)?))
}
