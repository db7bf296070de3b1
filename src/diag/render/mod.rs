//! How findings look: for a person, as one line each, or as JSON or SARIF for another program.

mod human;
mod json;
mod sarif;
mod short;
mod summary;

pub use human::human;
pub use json::json;
pub use sarif::{sarif_log, sarif_results};
pub use short::short;
pub use summary::{Counts, summary, table};
