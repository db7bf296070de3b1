//! What a signed file claims, and what holds of it.

mod active;
mod changes;
mod document;
mod fields;
mod permissions;
mod range;

pub use active::active_content;
pub use changes::{Changes, changes};
pub use document::{Document, Said, Signature};
pub use fields::{Field, signature_fields};
pub use permissions::{Locked, Permissions};
pub use range::{Covered, covered};
