//! What a file claims, and what of it holds.

pub mod judge;
