//! A follow-up answers its plan: the same vigencia, the trimestre of its file, every action once and no other.

use std::collections::HashSet;

use crate::check::{Subject, dates};
use crate::diag::{Finding, Span, code};
use crate::input::folder::file_name;
use crate::model::Quarter;

/// `vigencia-distinta`: the follow-up is of the plan's year.
pub fn year(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(plan) = dates::year(&subject.plan.record, "plan") else { return };
    for (_, follow_up) in &subject.follow_ups {
        let Some(year) = dates::year(&follow_up.record, "seguimiento").filter(|year| year.value != plan.value) else {
            continue;
        };
        let message =
            format!("el seguimiento es de la vigencia {}, y el plan, de la {}", year.value.get(), plan.value.get());
        findings.push(
            Finding::new(&code::YEAR_DIFFERS, year.span, message)
                .label("otra vigencia")
                .related(plan.span, "la vigencia del plan")
                .help("revise si el archivo está en la carpeta del plan que le corresponde"),
        );
    }
}

/// `archivo-y-trimestre-distintos`: the file's name and its contents say the same trimestre.
pub fn quarter(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for (draft, follow_up) in &subject.follow_ups {
        let Some(number) = follow_up.record.tables("seguimiento").next().and_then(|head| head.integer("trimestre"))
        else {
            continue;
        };
        let Some(quarter) = Quarter::new(number.value).filter(|quarter| *quarter != draft.quarter) else { continue };
        let message =
            format!("el archivo es {}, y dice que el trimestre es el {}", file_name(draft.quarter), quarter.roman());
        findings.push(
            Finding::new(&code::FILE_AND_QUARTER, number.span, message)
                .label("no es el del nombre del archivo")
                .help(format!("escriba {}, o llame al archivo {}", draft.quarter.number(), file_name(quarter))),
        );
    }
}

/// `avance-sin-accion` and `accion-sin-avance`: avances and actions correspond one to one.
pub fn progress_of_every_action(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let plan = &subject.plan.record;
    let numbers: Vec<_> = plan.tables("accion").filter_map(|action| action.integer("numero")).collect();
    // A number that could not be read may be the one that is missed; that there is no action at all was said already.
    let numbers_known = !subject.plan.broken && !numbers.is_empty() && numbers.len() == plan.tables("accion").count();
    let known: HashSet<i64> = numbers.iter().map(|number| number.value).collect();
    for (_, follow_up) in &subject.follow_ups {
        let avances = || follow_up.record.tables("avance");
        let reported: Vec<_> = avances().filter_map(|progress| progress.integer("accion")).collect();
        let reported_known = !follow_up.broken && reported.len() == avances().count();
        if numbers_known {
            for number in reported.iter().filter(|number| !known.contains(&number.value)) {
                let message = format!("el plan no tiene una acción {}", number.value);
                findings.push(
                    Finding::new(&code::PROGRESS_WITHOUT_ACTION, number.span, message)
                        .label("no existe en el plan")
                        .help("revise el número, o agregue la acción a plan.toml"),
                );
            }
        }
        if reported_known && avances().next().is_some() {
            let reported: HashSet<i64> = reported.iter().map(|number| number.value).collect();
            let head =
                follow_up.record.tables("seguimiento").next().map_or(Span::whole(follow_up.file), |head| head.span);
            for number in numbers.iter().filter(|number| !reported.contains(&number.value)) {
                let message = format!("la acción {} no tiene avance en este trimestre", number.value);
                findings.push(
                    Finding::new(&code::ACTION_WITHOUT_PROGRESS, head, message)
                        .label("a este seguimiento le falta un avance")
                        .related(number.span, "la acción")
                        .help(format!(
                            "agregue un [[avance]] con accion = {}; si no hubo avance, dígalo",
                            number.value
                        )),
                );
            }
        }
    }
}
