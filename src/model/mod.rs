//! The things a report is about, as types that cannot hold nonsense.

mod choice;
mod date;
mod format;
mod plan;
mod quarter;
mod value;

pub use choice::{Alignment, DatumKind, Owner, Paper, Role};
pub use date::{MONTHS, colombian, long_date, short_date};
pub use format::{Column, Datum, Format, Group, Width};
pub use plan::{Action, DocumentControl, Entity, FollowUp, Plan, Progress, Report, Signatory};
pub use quarter::{Quarter, Year};
pub use value::{Percent, Value, Values};
