//! A report set in type: the view and a template become a typst document.
//!
//! The engine sees nothing but what is handed to it here: the template's own folder, what all templates share under
//! `/comun/`, the fonts of the report, the report itself under `/informe/`. There is no clock, no network, no package, no
//! system font.
mod engine;
mod fault;
mod glyphs;
pub mod logo;
mod parsed;
mod world;

pub use engine::Engine;
pub use fault::Diagnosed;
pub use world::{Attachment, DateParts, Job, Metadata, PrintedCode, Relationship, SIGNATURE, SignatureJob};
