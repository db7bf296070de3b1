//! What came of making a report again, as it is told: in a word for programs, in sentences for people.

use serde::{Deserialize, Serialize};

use super::{Again, Data, Layout, Printed};

/// What is known of a report's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// In a word.
    #[serde(rename = "resultado")]
    pub result: ContentResult,
    /// In sentences, the last without its stop.
    #[serde(rename = "detalle")]
    pub said: String,
}

/// What is known of a report's content, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContentResult {
    /// It is the rendering of the report's own sources.
    #[serde(rename = "exacto")]
    Exact,
    /// Another version made it: what can be compared agrees.
    #[serde(rename = "otra-version")]
    OtherVersion,
    /// It is the rendering of its own sources by a layout that is not known here, and that may print other things than the data.
    #[serde(rename = "formato-ajeno")]
    ForeignLayout,
    /// It is no report of this program.
    #[serde(rename = "ajeno")]
    NotOurs,
    /// It could not be found out.
    #[serde(rename = "no-se-sabe")]
    Unknown,
    /// It is not what the report's sources say.
    #[serde(rename = "distinto")]
    Differs,
}

impl Content {
    /// What could not be found out, and why.
    #[must_use]
    pub fn unknown(why: &str) -> Self {
        Self { result: ContentResult::Unknown, said: format!("no se pudo componer de nuevo: {why}") }
    }

    /// The same of a report of which it is known whether somebody changed it after it was made. Of what is none of ours, nobody knows what
    /// it was made to say.
    #[must_use]
    pub fn if_changed(self, changed: bool) -> Self {
        if !changed || self.result == ContentResult::NotOurs {
            return self;
        }
        let said = format!("cambiado después de generado. Tal como se generó: {}", self.said);
        Self { result: ContentResult::Differs, said }
    }

    /// Whether nothing speaks against it.
    #[must_use]
    pub fn holds(&self) -> bool {
        !matches!(self.result, ContentResult::Unknown | ContentResult::Differs)
    }
}

impl From<&Again> for Content {
    fn from(again: &Again) -> Self {
        let result = match again {
            Again::Exact { layout: Layout::Known, .. } => ContentResult::Exact,
            Again::Exact { layout: Layout::Foreign, .. } => ContentResult::ForeignLayout,
            Again::Differs { .. }
            | Again::Errors(_)
            | Again::OtherVersion { data: Data::Differ(_), .. }
            | Again::OtherVersion { printed: Printed::Differs(_), .. } => ContentResult::Differs,
            // Whether the data are what the sources give, a later version may no longer be able to say.
            Again::OtherVersion { printed: Printed::Same, .. } => ContentResult::OtherVersion,
            Again::OtherVersion { .. } | Again::NotTried(_) => ContentResult::Unknown,
            Again::NotOurs(_) => ContentResult::NotOurs,
        };
        Self { result, said: again.to_string() }
    }
}
