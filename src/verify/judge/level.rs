//! The level that a signature reached (EN 319 142-1 6), by what holds and not by what is merely there.

use std::fmt;

use super::knowledge::Kept;

/// A level of PAdES baseline signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A signature.
    B,
    /// And a timestamp that holds proves when it existed.
    T,
    /// And the file holds all certificates and revocation data that tell so.
    Lt,
    /// And a document timestamp that holds covers those.
    Lta,
}

impl Level {
    /// The level of a signature whose what was signed holds: with how well all is kept that its verdict stands on, if it stands.
    pub(super) fn of_signature(stamped: bool, kept: Option<Kept>) -> Self {
        match kept {
            _ if !stamped => Self::B,
            None | Some(Kept::Outside) => Self::T,
            Some(Kept::Inside) => Self::Lt,
            Some(Kept::Sealed) => Self::Lta,
        }
    }

    /// The level of a document timestamp that holds: of what a signature would be.
    pub(super) fn of_timestamp(kept: Kept) -> Self {
        Self::of_signature(true, Some(kept))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::B => "B-B",
            Self::T => "B-T",
            Self::Lt => "B-LT",
            Self::Lta => "B-LTA",
        })
    }
}
