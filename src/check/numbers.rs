//! Nothing is there twice: no action, no avance, no signing role.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use crate::check::Subject;
use crate::diag::{Code, Finding, Span, Spanned, code};

/// `numero-repetido`: each action has a number of its own.
pub fn action_numbers(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let numbers = subject.plan.record.tables("accion").filter_map(|action| action.integer("numero"));
    repeated(numbers, &code::NUMBER_TWICE, findings, |n| {
        (format!("dos acciones tienen el número {n}"), "dele a cada acción su propio número")
    });
}

/// `avance-repetido`: an action has one avance in a trimestre.
pub fn progress_numbers(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (_, follow_up) in &subject.follow_ups {
        let numbers = follow_up.record.tables("avance").filter_map(|progress| progress.integer("accion"));
        repeated(numbers, &code::PROGRESS_TWICE, findings, |n| {
            (format!("la acción {n} tiene dos avances en este trimestre"), "deje uno solo, con todo lo que se hizo")
        });
    }
}

/// `rol-repetido`: one person signs in each role.
pub fn roles(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let roles = subject.plan.record.tables("firma").filter_map(|signatory| signatory.text("rol"));
    repeated(roles, &code::ROLE_TWICE, findings, |role| {
        (format!("dos firmas tienen el rol «{role}»"), "deje una sola firma para cada rol")
    });
}

fn repeated<T: Copy + Eq + Hash + Display>(
    values: impl Iterator<Item = Spanned<T>>,
    code: &'static Code,
    findings: &mut Vec<Finding>,
    say: impl Fn(T) -> (String, &'static str),
) {
    let mut first: HashMap<T, Span> = HashMap::new();
    for value in values {
        if let Some(earlier) = first.get(&value.value) {
            let (message, help) = say(value.value);
            let finding = Finding::new(code, value.span, message).label("repetido");
            findings.push(finding.related(*earlier, "aquí por primera vez").help(help));
        } else {
            first.insert(value.value, value.span);
        }
    }
}
