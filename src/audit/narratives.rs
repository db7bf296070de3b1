//! The narratives that are asked for, each with the action and the trimestre that it is about.

use std::collections::HashMap;

use crate::audit::Subject;
use crate::audit::subject::{Action, FollowUp, Progress, Text};

/// What was written of an action in a trimestre.
#[derive(Clone, Copy)]
pub struct Narrative<'s, 'a> {
    /// What it says.
    pub text: &'s Text<'a>,
    /// The action.
    pub action: &'s Action<'a>,
    /// The trimestre.
    pub follow_up: &'s FollowUp<'a>,
    /// The figures beside it.
    pub progress: Progress<'a>,
}

/// The narratives of the trimestres that are asked for, in the order of the files.
pub fn narratives<'s, 'a>(subject: &'s Subject<'a>) -> impl Iterator<Item = Narrative<'s, 'a>> {
    let rows: HashMap<i64, usize> =
        subject.actions.iter().enumerate().map(|(row, action)| (action.number.value, row)).collect();
    subject.texts.iter().filter(|text| text.key == "cualitativo").filter_map(move |text| {
        let (_, follow_up) = subject.asked_for().find(|(_, follow_up)| Some(follow_up.quarter) == text.quarter)?;
        let row = *rows.get(&text.action?)?;
        Some(Narrative { text, action: &subject.actions[row], follow_up, progress: follow_up.progress[row]? })
    })
}
