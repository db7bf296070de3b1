//! A PDF as objects and revisions (ISO 32000-1, 7): a strict reader, and the writers of what this program adds to a file.
//!
//! Every library that was looked at forgives what it reads, as a viewer must. Who judges signatures may not: what two
//! programs read differently is how signed files are forged. So this reader takes only what can be read in one way, and
//! accounts for every byte of the file ([`File::read`]); what it refuses, no signature holds for.

mod attached;
mod content;
mod file;
mod import;
mod object;
mod parse;
mod revisions;
mod structure;
mod table;
mod text;
mod unpack;
mod write;

pub use content::{Token, Tokens};
pub use file::{File, Item, Revision, View};
pub use object::{Dictionary, Id, Indirect, Object};
pub use parse::Fault;
pub use structure::{Cell, Table};
pub use write::{Body, Places, Update, rewrite, write_object};

#[cfg(test)]
mod tests;
