//! From drafts to reports: the only way to a [`Checked`] report, which is the only thing that can be set and exported.

use std::collections::HashMap;

use crate::diag::{FileId, Finding};
use crate::input::reader::Record;
use crate::input::{Draft, FollowUpDraft, PlanFolder};
use crate::model::{
    Action, DocumentControl, Entity, FollowUp, Format, Paper, Plan, Progress, Quarter, Report, Role, Signatory, Value,
    Year,
};

/// A report whose data have no error, with the format it is set in.
#[derive(Debug)]
pub struct Checked<T> {
    value: T,
    format: Format,
    /// `plan.toml` and the trimestre's file.
    files: [FileId; 2],
}

impl<T> Checked<T> {
    /// What was checked.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// The format that the plan names.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The files that it was read from: the plan's and the trimestre's.
    pub fn files(&self) -> [FileId; 2] {
        self.files
    }
}

/// The report of one trimestre, if no error stands in its way. Errors in other trimestres do not.
#[must_use]
pub fn report(folder: &PlanFolder, follow_up: &FollowUpDraft, findings: &[Finding]) -> Option<Checked<Report>> {
    let others = |file| folder.follow_ups.iter().any(|other| other.file() == file && other.file() != follow_up.file());
    if findings.iter().any(|finding| finding.is_error() && !others(finding.span.file)) {
        return None;
    }
    let format = folder.format.clone()?;
    let (plan_draft, follow_up_draft) = (folder.plan.as_ref()?, follow_up.draft.as_ref().ok()?);
    let plan = plan(plan_draft, folder)?;
    let follow_up = follow_ups(follow_up_draft, &plan)?;
    Some(Checked { value: Report { plan, follow_up }, format, files: [plan_draft.file, follow_up_draft.file] })
}

fn plan(draft: &Draft, folder: &PlanFolder) -> Option<Plan> {
    let entity = draft.record.tables("entidad").next()?;
    let head = draft.record.tables("plan").next()?;
    Some(Plan {
        entity: Entity {
            name: string(entity, "nombre")?,
            acronym: string(entity, "sigla")?,
            logo: folder.logo.clone(),
            verification: string(entity, "direccion_verificacion"),
        },
        year: Year::new(head.integer("vigencia")?.value)?,
        objective: string(head, "objetivo")?,
        paper: head.text("papel").map_or(Some(Paper::Oficio), |paper| Paper::parse(paper.value))?,
        document: draft.record.tables("documento").next().and_then(document),
        actions: draft.record.tables("accion").map(action).collect::<Option<_>>()?,
        signatories: Role::ALL.map(|role| signatory(role, &draft.record)).to_vec(),
        data: head.values.clone(),
    })
}

fn document(record: &Record) -> Option<DocumentControl> {
    Some(DocumentControl {
        code: string(record, "codigo")?,
        version: string(record, "version")?,
        date: record.date("fecha")?.value,
    })
}

fn action(record: &Record) -> Option<Action> {
    Some(Action { number: record.integer("numero")?.value, values: record.values.clone() })
}

fn signatory(role: Role, plan: &Record) -> Signatory {
    let record =
        plan.tables("firma").find(|firma| firma.text("rol").is_some_and(|written| written.value == role.name()));
    let text = |key| record.and_then(|record| string(record, key));
    Signatory { role, name: text("nombre"), post: text("cargo") }
}

/// The follow-up, its avances put in the order of the plan's actions.
fn follow_ups(draft: &Draft, plan: &Plan) -> Option<FollowUp> {
    let head = draft.record.tables("seguimiento").next()?;
    let by_action: HashMap<i64, &Record> =
        draft.record.tables("avance").filter_map(|record| Some((record.integer("accion")?.value, record))).collect();
    let progress = |action: &Action| Some(Progress { values: by_action.get(&action.number)?.values.clone() });
    Some(FollowUp {
        quarter: Quarter::new(head.integer("trimestre")?.value)?,
        cutoff: head.date("fecha_corte")?.value,
        progress: plan.actions.iter().map(progress).collect::<Option<_>>()?,
        data: head.values.clone(),
    })
}

fn string(record: &Record, key: &str) -> Option<String> {
    match &record.values.get(key)?.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}
