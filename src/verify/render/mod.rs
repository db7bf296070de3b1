//! A verdict in the forms in which it leaves the program.

mod human;
mod json;

pub use human::human;
pub use json::json;

use super::Verdict;
use super::judge::Status;
use crate::again::{Code, Content};

/// A file and what holds of it.
#[derive(Debug)]
pub struct Verified {
    /// Its path, as the user wrote it.
    pub path: String,
    /// The SHA-256 of all of it, in hexadecimal.
    pub digest: String,
    /// The verdict on its signatures.
    pub verdict: Verdict,
    /// What is known of its content.
    pub content: Content,
    /// The code of the data inside it.
    pub code: Option<Code>,
}

impl Verified {
    /// Whether its signatures pass, and nothing speaks against its content.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdict.status == Status::TotalPassed && self.content.holds()
    }
}
