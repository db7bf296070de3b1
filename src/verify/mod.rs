//! What a signed file claims, and what holds of it.

mod active;
mod changes;
mod fields;
mod range;

pub use active::active_content;
pub use changes::{Changes, changes};
pub use fields::{Field, signature_fields};
pub use range::{Covered, covered};
