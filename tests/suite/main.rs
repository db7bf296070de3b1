//! The one integration binary: each binary would link typst again.

mod cases;
mod cli;
mod hostile;
mod page;
mod pdf;
mod reader;
mod rendering;
mod repeatable;
mod schema;
mod support;
