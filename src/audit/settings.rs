//! `[revision]` in `plan.toml`: which checks do not run, what the entity's own words are, where the thresholds lie.

use std::collections::HashSet;

use crate::input::reader::Record;

/// How a plan is audited.
#[derive(Debug)]
pub struct Settings<'a> {
    /// Codes of checks that do not run.
    pub omit: HashSet<&'a str>,
    /// Words that are right though the dictionary does not have them, in lower case.
    pub words: HashSet<String>,
    /// Acronyms that need no expansion.
    pub acronyms: HashSet<&'a str>,
    /// From what percentage on two narratives are nearly the same.
    pub overlap: i64,
    /// From how many points on what was done is far from what was planned.
    pub deviation: i64,
}

impl<'a> Settings<'a> {
    /// The settings of a plan.
    #[must_use]
    pub fn of(plan: &'a Record) -> Self {
        let record = plan.tables("revision").next();
        let list = |key: &'static str| {
            record.into_iter().flat_map(move |record| record.texts(key)).map(|text| text.value.as_str())
        };
        let number =
            |key: &str, default: i64| record.and_then(|record| record.integer(key)).map_or(default, |n| n.value);
        Self {
            omit: list("omitir").collect(),
            words: list("palabras").map(str::to_lowercase).collect(),
            acronyms: list("siglas").collect(),
            overlap: number("repeticion", 80),
            deviation: number("desviacion", 20),
        }
    }
}
