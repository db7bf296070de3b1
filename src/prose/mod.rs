//! Texts as language: words and marks with their places, what is spelled right, how much two texts have in common.
//!
//! Nothing here knows of plans or of findings; [`crate::audit`] asks and tells.

pub mod beginnings;
pub mod derivation;
pub mod fold;
mod names;
pub mod overlap;
pub mod pieces;
pub mod places;
mod slips;
pub mod spelling;
pub mod token;

pub use beginnings::Beginnings;
pub use fold::fold;
pub use pieces::Pieces;
pub use places::PLACES;
pub use spelling::{SPELLING, Spelling};
pub use token::{Kind, Token, starts_upper, tokens};
