//! How findings look: for a person, as one line each, or as JSON for another program.

mod human;
mod json;
mod short;

pub use human::{human, summary};
pub use json::json;
pub use short::short;
