//! A plan, its follow-up in a trimestre, and the two together: a report.
//!
//! These are the checked things: every field is there and says something sensible. What the user wrote, complete or not,
//! is in [`crate::input::Draft`].

use chrono::NaiveDate;

use crate::model::{Paper, Quarter, Role, Values, Year};

/// The plan de acción of a public entity for a year.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whose plan it is.
    pub entity: Entity,
    /// The fiscal year.
    pub year: Year,
    /// What the follow-up is for.
    pub objective: String,
    /// The paper of its reports.
    pub paper: Paper,
    /// The box of the quality system.
    pub document: Option<DocumentControl>,
    /// The rows of the plan, in the order of the file.
    pub actions: Vec<Action>,
    /// One for each of [`Role::ALL`], in that order.
    pub signatories: Vec<Signatory>,
    /// Extra keys of the format in `[plan]`.
    pub data: Values,
}

/// A public entity.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Its full name.
    pub name: String,
    /// Its acronym.
    pub acronym: String,
    /// File name and bytes of its logo.
    pub logo: Option<(String, Vec<u8>)>,
    /// Where it tells which report has a code: what stands before the code.
    pub verification: Option<String>,
}

/// What the quality system says of the form: code, version, date.
#[derive(Debug, Clone)]
pub struct DocumentControl {
    /// Such as PE-FT-012.
    pub code: String,
    /// Such as 03.
    pub version: String,
    /// The day of that version.
    pub date: NaiveDate,
}

/// One row of the plan.
#[derive(Debug, Clone)]
pub struct Action {
    /// Unique in the plan.
    pub number: i64,
    /// Its cells by key, the number among them.
    pub values: Values,
}

/// Who signs in a role; the name may be left for the hand.
#[derive(Debug, Clone)]
pub struct Signatory {
    /// In what capacity.
    pub role: Role,
    /// The person.
    pub name: Option<String>,
    /// The person's post.
    pub post: Option<String>,
}

/// What was reported for a plan in a trimestre.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// The trimestre.
    pub quarter: Quarter,
    /// The day it reports up to.
    pub cutoff: NaiveDate,
    /// One for each action of the plan, in the order of the plan.
    pub progress: Vec<Progress>,
    /// Extra keys of the format in `[seguimiento]`.
    pub data: Values,
}

/// What was reported for an action.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its cells by key.
    pub values: Values,
}

/// A plan with its follow-up in one trimestre.
#[derive(Debug, Clone)]
pub struct Report {
    /// The plan.
    pub plan: Plan,
    /// The follow-up.
    pub follow_up: FollowUp,
}
