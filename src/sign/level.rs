//! How long a signature can be proved for (EN 319 142-1, 6: the baseline levels).

use std::fmt;

/// A level. Each holds all of the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The signature alone: as long as its certificate is valid.
    BB,
    /// With a timestamp: that it existed then.
    BT,
    /// With all certificates and revocation data: without asking anybody.
    BLT,
    /// With a document timestamp over all that: for decades, and renewable.
    BLTA,
}

impl Level {
    /// All levels, the lowest first.
    pub const ALL: [Self; 4] = [Self::BB, Self::BT, Self::BLT, Self::BLTA];

    /// Their names, in the same order.
    pub const NAMES: &'static [&'static str] = &["B-B", "B-T", "B-LT", "B-LTA"];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The level of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
