//! A verdict in the forms in which it leaves the program.

mod human;
pub(crate) mod ink;
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
    /// A file with what is known of it. That its first revision is what its data say is of little use where somebody changed it
    /// afterwards: then the content does not hold.
    #[must_use]
    pub fn new(path: String, digest: String, verdict: Verdict, content: Content, code: Option<Code>) -> Self {
        let content = content.if_changed(verdict.changed);
        Self { path, digest, verdict, content, code }
    }

    /// Whether its signatures pass, and nothing speaks against its content.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.verdict.status == Status::TotalPassed && self.content.holds()
    }
}
