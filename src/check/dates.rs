//! Dates lie where they can: actions within their year and the right way round, the cut-off within its trimestre.

use chrono::NaiveDate;

use crate::check::Subject;
use crate::diag::{Finding, Spanned, code};
use crate::input::reader::Record;
use crate::model::{Quarter, Year, short_date};

/// `fecha-fuera-de-vigencia` and `fin-antes-de-inicio`, for every action.
pub fn action_dates(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let year = year(&subject.plan.record, "plan");
    for action in subject.plan.record.tables("accion") {
        let (start, end) = (action.date("fecha_inicio"), action.date("fecha_fin"));
        for date in [start, end].into_iter().flatten() {
            if let Some(year) = year {
                within_year(date, year, findings);
            }
        }
        if let (Some(start), Some(end)) = (start, end)
            && end.value < start.value
        {
            let message = format!("la acción termina el {}, antes de empezar", short_date(end.value));
            findings.push(
                Finding::new(&code::END_BEFORE_START, end.span, message)
                    .label("anterior al inicio")
                    .related(start.span, format!("empieza el {}", short_date(start.value)))
                    .help("revise cuál de las dos fechas está mal"),
            );
        }
    }
}

fn within_year(date: Spanned<NaiveDate>, year: Spanned<Year>, findings: &mut Vec<Finding>) {
    if year.value.contains(date.value) {
        return;
    }
    let message = format!("el {} no está en la vigencia {}", short_date(date.value), year.value.get());
    findings.push(
        Finding::new(&code::DATE_OUTSIDE_YEAR, date.span, message)
            .label("fuera de la vigencia")
            .related(year.span, "la vigencia del plan")
            .help(format!("las fechas de las acciones van del 1/01/{0} al 31/12/{0}", year.value.get())),
    );
}

/// `corte-fuera-de-trimestre`: the cut-off day is one of the trimestre's.
pub fn cutoff(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let plan_year = year(&subject.plan.record, "plan").map(|year| year.value);
    for (draft, follow_up) in &subject.follow_ups {
        let Some(head) = follow_up.record.tables("seguimiento").next() else { continue };
        let (Some(year), Some(number), Some(cutoff)) =
            (year(&follow_up.record, "seguimiento"), head.integer("trimestre"), head.date("fecha_corte"))
        else {
            continue;
        };
        let Some(quarter) = Quarter::new(number.value) else { continue };
        // Where year or trimestre are themselves in doubt, that is what is told.
        if quarter != draft.quarter || plan_year.is_some_and(|of_plan| of_plan != year.value) {
            continue;
        }
        let (first, last) = quarter.days(year.value);
        if !(first..=last).contains(&cutoff.value) {
            let message = format!(
                "el {} no está en el {} trimestre de {}",
                short_date(cutoff.value),
                quarter.roman(),
                year.value.get()
            );
            findings.push(
                Finding::new(&code::CUTOFF_OUTSIDE_QUARTER, cutoff.span, message)
                    .label("fuera del trimestre")
                    .related(number.span, "el trimestre del seguimiento")
                    .help(format!("ese trimestre va del {} al {}", short_date(first), short_date(last))),
            );
        }
    }
}

/// The vigencia under `[table]`.
pub fn year(record: &Record, table: &str) -> Option<Spanned<Year>> {
    let year = record.tables(table).next()?.integer("vigencia")?;
    Some(Spanned::new(Year::new(year.value)?, year.span))
}
