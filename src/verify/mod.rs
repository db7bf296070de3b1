//! What a signed file claims, and what holds of it.
//!
//! ```text
//! document   the file: revisions, fields, byte ranges, what changed later, what may change by itself
//! judge      its signatures: cryptography, certificates, revocation, proofs of existence (EN 319 102-1)
//! verdict    both together
//! ```
//!
//! Nothing here asks a clock or a network.

mod active;
mod changes;
mod document;
mod fields;
pub mod judge;
mod moment;
mod permissions;
mod range;
pub mod render;
#[cfg(test)]
mod tests;
mod verdict;

pub use active::active_content;
pub use changes::{Changes, changes};
pub use document::{Document, Said, Signature};
pub use fields::{Field, signature_fields};
pub use permissions::{Locked, Permissions};
pub use range::{Covered, covered};
pub use verdict::{RevisionVerdict, SignatureVerdict, Verdict, verify};
