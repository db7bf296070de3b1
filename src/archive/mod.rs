//! The archive of signed reports: append-only, a bag for each version of a report, and a register that chains them.
//!
//! ```text
//! deposit   a report: examined, put into a bag, committed
//! store     the folder on the disk: who writes, how a bag gets in, what a run that was cut off left
//! register  the entries, each with the hash of the one before · the head, which others keep
//! bag       a folder with its manifests · content: what is in it · index, open_data: two of its files
//! catalogue the page that lists the reports
//! verify    all of it: what holds, report by report
//! ```
//!
//! Verifying writes nothing and takes no lock.

mod bag;
mod catalogue;
mod content;
mod deposit;
mod head;
mod index;
mod open_data;
mod register;
pub mod render;
mod report;
mod settings;
mod store;
mod text;
mod verify;

pub use bag::Bag;
pub use catalogue::catalogue;
pub use deposit::{Deposited, Examiner, Prepared, Refused, commit, known, prepare};
pub use head::{Kept, Stamped};
pub use register::{Entry, Head, REGISTER, Register, Signed};
pub use settings::{Classification, Settings};
pub use store::{CATALOGUE, STAGING, Store};
pub use verify::{ArchiveVerdict, Continued, Prover, ReportVerdict, is_archive, verify};
