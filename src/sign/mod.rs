//! Signing: from a report with empty fields to one that bears signatures (PAdES, EN 319 142-1), each an update at its end.

mod dss;
mod fields;
mod place;

pub use dss::{store, stored};
pub use fields::prepare;
pub use place::{Details, Unsealed, in_field, in_new_field};
