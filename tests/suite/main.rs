//! The one integration binary: each binary would link typst again.

// Here a panic is a failed test, in helpers as in tests.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod again;
mod appearance;
mod archive;
mod asked;
mod audit;
mod authority;
mod batch;
mod cases;
mod cli;
mod figures;
mod hostile;
mod names;
mod page;
mod pdf;
mod proof;
mod prose;
mod reader;
mod rendering;
mod repeatable;
mod schema;
mod signed;
mod signing;
mod support;
