//! `seguimiento` turns the plan de acción of a Colombian public entity and its quarterly follow-up, both in TOML, into
//! the official follow-up report: a landscape PDF/A-3a + PDF/UA-1 that says exactly what the data say.
//!
//! The data go one way, one folder of this crate a step; [`pipeline`] is the file to read first:
//!
//! ```no_run
//! use seguimiento::{assets::Assets, pipeline::{Desk, Format}};
//!
//! let desk = Desk::new(Assets::new("."))?;                               // templates, fonts, typst's library
//! let plan = desk.read("plans/rmbc-2024".as_ref(), None);                // input → check: a plan with its findings
//! for report in plan.reports() {                                         // only checked reports go on
//!     let prepared = desk.prepare(&plan, &report, false).expect("a template");            // view
//!     let composed = desk.compose(prepared).expect("no fault in the template");    // typeset
//!     let pdf = composed.export(Format::Pdf).expect("a conforming PDF");           // export
//!     println!("{} bytes", pdf[0].bytes.len());
//! }
//! # Ok::<(), anyhow::Error>(())
//! ```
//!
//! Signing begins where that ends: [`sign`] adds to the PDF and changes nothing of it, once [`again`] has found it to be the rendering of
//! what it carries; [`verify`] says what holds of any signed PDF. Both stand on [`pdf`] (objects and revisions) and [`pki`]
//! (certificates, timestamps), and get clock, key and network from whoever calls them.

pub mod again;
pub mod archive;
pub mod assets;
pub mod audit;
pub mod batch;
pub mod check;
pub mod cli;
pub mod diag;
mod digest;
pub mod export;
pub mod input;
mod lock;
pub mod model;
pub mod parallel;
pub mod pdf;
pub mod pipeline;
pub mod pki;
pub mod prose;
pub mod sign;
pub mod typeset;
pub mod verify;
pub mod view;
