//! Signing: from a report with empty fields to one that bears signatures (PAdES, EN 319 142-1), each an update at its end.

mod appearance;
mod fields;

pub use appearance::{Image, Shown, appearance};
pub use fields::prepare;
