//! A verdict in the forms in which it leaves the program.

mod human;
mod json;

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
