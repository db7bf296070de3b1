//! From the files of the office to a model in which every value keeps its place.
//!
//! [`folder`] reads a plan's folder; [`mod@file`] gets the text of one file, [`syntax`] parses it, [`reader`] holds it
//! against its [`shape`], and [`mod@format`] does the same for an official layout. [`office`] reads what the office says for all its plans. [`schema`] says the shapes to an editor.

pub mod discover;
pub mod earlier;
pub mod file;
pub mod files;
pub mod folder;
pub mod format;
pub mod office;
pub mod quoting;
pub mod reader;
pub mod schema;
pub mod shape;
pub mod syntax;
pub mod text;

pub use earlier::{Earlier, read_earlier};
pub use files::Files;
pub use folder::{Draft, FollowUpDraft, PlanFolder, read_folder};
pub use office::Said;
