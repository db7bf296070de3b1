//! Whether the amounts fit together: what is paid was an obligation before, what is an obligation was committed before, and
//! that out of what was appropriated; and totals are sums.
//!
//! Which amounts there are is the business of [`keys`].

mod keys;

use crate::audit::Subject;
use crate::audit::budget::keys::{Amount, Keys, Stage, pesos};
use crate::diag::{Finding, code};
use crate::input::reader::Record;
use crate::model::{Owner, Value};
use crate::view::print;

/// All findings of `Family::Budget`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let keys = Keys::of(subject);
    if keys.all.is_empty() {
        return;
    }
    for action in &subject.actions {
        order(&keys.of_stages(Some(action.record), None), false, action.number.value, findings);
    }
    for (index, follow_up) in subject.asked_for() {
        for (row, action) in subject.actions.iter().enumerate() {
            let Some(progress) = follow_up.progress[row] else { continue };
            let stages = keys.of_stages(Some(action.record), Some(progress.record));
            order(&stages, true, action.number.value, findings);
            let before = subject.before(index).and_then(|before| before.progress[row]);
            if let Some(before) = before {
                let earlier = keys.of_stages(None, Some(before.record));
                falls(&stages, &earlier, action.number.value, findings);
            }
        }
        let rows: Option<Vec<&Record>> =
            follow_up.progress.iter().map(|progress| Some(progress.as_ref()?.record)).collect();
        for head in follow_up.record.tables("seguimiento") {
            totals(&keys, (head, Owner::FollowUp), (rows.as_deref(), Owner::Progress), findings);
        }
    }
    let rows: Vec<&Record> = subject.actions.iter().map(|action| action.record).collect();
    for head in subject.plan.tables("plan") {
        totals(&keys, (head, Owner::Plan), (Some(&rows), Owner::Action), findings);
    }
}

/// `presupuesto-fuera-de-orden`: no amount is more than the one of the stage before. `of_trimestre` leaves out what the plan
/// alone says, which is told of once and not for each of its trimestres.
fn order(stages: &[Option<Amount>; 4], of_trimestre: bool, action: i64, findings: &mut Vec<Finding>) {
    let known: Vec<(Stage, Amount)> =
        Stage::ALL.into_iter().zip(stages).filter_map(|(stage, amount)| Some((stage, (*amount)?))).collect();
    for pair in known.windows(2) {
        let [(larger, whole), (smaller, part)] = [pair[0], pair[1]];
        let told_with_the_plan = of_trimestre && !whole.reported && !part.reported;
        if part.pesos.value <= whole.pesos.value || told_with_the_plan {
            continue;
        }
        // In the file of the trimestre, if one of the two stands there.
        let (at, other, word) = if whole.reported && !part.reported {
            (whole.pesos.span, part.pesos.span, smaller.word())
        } else {
            (part.pesos.span, whole.pesos.span, larger.word())
        };
        let message = format!(
            "lo {} de la acción {action} ({}) supera lo {} ({})",
            smaller.word(),
            print::pesos(part.pesos.value.into()),
            larger.word(),
            print::pesos(whole.pesos.value.into())
        );
        findings.push(
            Finding::new(&code::BUDGET_ORDER, at, message)
                .label(format!("{} más", print::pesos(difference(part, whole))))
                .related(other, format!("lo {word}"))
                .help("lo apropiado cubre lo comprometido; lo comprometido, lo obligado; lo obligado, lo pagado")
                .action(Some(action)),
        );
    }
}

/// `presupuesto-que-retrocede`: what was committed, owed or paid by then is not less a trimestre later. An appropriation may be cut.
fn falls(now: &[Option<Amount>; 4], earlier: &[Option<Amount>; 4], action: i64, findings: &mut Vec<Finding>) {
    for (stage, (now, earlier)) in Stage::ALL.into_iter().zip(now.iter().zip(earlier)).skip(1) {
        let (Some(now), Some(earlier)) = (now.filter(|now| now.reported), earlier) else { continue };
        if now.pesos.value >= earlier.pesos.value {
            continue;
        }
        let message = format!(
            "lo {} de la acción {action} baja de {} a {}",
            stage.word(),
            print::pesos(earlier.pesos.value.into()),
            print::pesos(now.pesos.value.into())
        );
        findings.push(
            Finding::new(&code::BUDGET_FALLS, now.pesos.span, message)
                .label(format!("{} menos", print::pesos(difference(*earlier, now))))
                .related(earlier.pesos.span, "lo reportado en el trimestre anterior")
                .help("los valores son los acumulados del año; si se liberaron saldos, dígalo en la narrativa y acepte el hallazgo")
                .action(Some(action)),
        );
    }
}

fn difference(more: Amount, less: Amount) -> i128 {
    i128::from(more.pesos.value) - i128::from(less.pesos.value)
}

/// `total-que-no-suma`: `total_X` or `X_total` of a head is the sum of `X` in the rows below it.
fn totals(
    keys: &Keys<'_>,
    (head, head_owner): (&Record, Owner),
    (rows, row_owner): (Option<&[&Record]>, Owner),
    findings: &mut Vec<Finding>,
) {
    let Some(rows) = rows else { return };
    for (name, value) in &head.values {
        let (Value::Pesos(total), true) = (&value.value, keys.all.contains_key(&(name.as_str(), head_owner))) else {
            continue;
        };
        let Some(key) = name.strip_prefix("total_").or_else(|| name.strip_suffix("_total")) else { continue };
        let Some(required) = keys.all.get(&(key, row_owner)) else { continue };
        // A row may do without an amount only where the format says so.
        let amounts = rows.iter().map(|row| match pesos(row, key) {
            Some(amount) => Some(i128::from(amount.value)),
            None => (!required).then_some(0),
        });
        let Some(sum) = amounts.sum::<Option<i128>>() else { continue };
        let difference = i128::from(*total) - sum;
        if difference == 0 {
            continue;
        }
        let message = format!(
            "«{name}» es {}, y los «{key}» de las acciones suman {}",
            print::pesos((*total).into()),
            print::pesos(sum)
        );
        let side = if difference > 0 { "de más" } else { "de menos" };
        findings.push(
            Finding::new(&code::TOTAL_WRONG, value.span, message)
                .label(format!("{} {side}", print::pesos(difference.abs())))
                .help("corrija el total, o el valor de la acción que esté mal"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{SourceFile, Sources, Span, Spanned};
    use proptest::prelude::*;

    fn amounts(pesos: [Option<i64>; 4]) -> [Option<Amount>; 4] {
        let mut sources = Sources::default();
        let span = Span::whole(sources.add(SourceFile::new("x".into(), vec![], String::new())));
        pesos.map(|pesos| Some(Amount { pesos: Spanned::new(pesos?, span), reported: true }))
    }

    proptest! {
        #[test]
        fn amounts_in_order_are_right_and_any_other_is_not(pesos: [Option<i64>; 4]) {
            let (mut findings, known) = (Vec::new(), pesos.iter().flatten().collect::<Vec<_>>());
            order(&amounts(pesos), true, 1, &mut findings);
            prop_assert_eq!(findings.is_empty(), known.windows(2).all(|pair| pair[0] >= pair[1]));
        }

        #[test]
        fn amounts_fall_only_if_one_is_less(now: [Option<i64>; 4], earlier: [Option<i64>; 4]) {
            let mut findings = Vec::new();
            falls(&amounts(now), &amounts(earlier), 1, &mut findings);
            let less = now.iter().zip(&earlier).skip(1).filter(|(now, earlier)| now.is_some() && now < earlier).count();
            prop_assert_eq!(findings.len(), less);
        }
    }
}
