//! The level that a signature reached (EN 319 142-1 6), by what holds and not by what is merely there.

use super::knowledge::Kept;
use crate::sign::Level;

/// The level of a signature whose what was signed holds: with how well all is kept that its verdict stands on, if it stands.
pub(super) fn reached(stamped: bool, kept: Option<Kept>) -> Level {
    match kept {
        _ if !stamped => Level::BB,
        None | Some(Kept::Outside) => Level::BT,
        Some(Kept::Inside) => Level::BLT,
        Some(Kept::Sealed) => Level::BLTA,
    }
}
