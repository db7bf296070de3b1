//! Weights of programmes, of metas and of actions: those of a whole add up to 100.
//!
//! Which weights are of one whole is told by the names of the keys that the format declares: see the page of the code.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::audit::Subject;
use crate::diag::{Finding, Span, code, quoted};
use crate::model::{DatumKind, Owner, Value};
use crate::view::print;

/// `ponderaciones-que-no-suman`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let declares = |key: &str, kind: DatumKind| {
        let data = subject.folder.format.iter().flat_map(|format| &format.data);
        data.into_iter().any(|datum| datum.key == key && datum.owner == Owner::Action && datum.kind == kind)
    };
    let has_programmes = declares("programa", DatumKind::Text);
    if has_programmes && declares("peso_programa", DatumKind::Percent) {
        programmes(subject, findings);
    }
    if has_programmes && declares("peso_meta", DatumKind::Percent) {
        for (programme, weights) in by_programme(subject, "peso_meta").into_iter().flatten() {
            let whole = format!("los pesos de las metas del programa «{}»", quoted(programme));
            findings.extend(sum(&whole, "peso_meta", &weights));
        }
        return;
    }
    // Where there are programmes, a «peso» may be of the programme or of the whole: nothing is said.
    for key in ["peso_meta", "peso", "ponderacion"] {
        if !has_programmes && declares(key, DatumKind::Percent) {
            let all: Option<Vec<Weight>> = (0..subject.actions.len()).map(|row| weight(subject, row, key)).collect();
            findings.extend(all.and_then(|weights| sum("los pesos de las acciones", key, &weights)));
        }
    }
}

/// The weight of an action.
#[derive(Debug, Clone, Copy)]
struct Weight {
    number: Decimal,
    span: Span,
    action: i64,
}

fn weight(subject: &Subject<'_>, row: usize, key: &str) -> Option<Weight> {
    let action = &subject.actions[row];
    let value = action.record.values.get(key)?;
    match value.value {
        Value::Percent(percent) => {
            Some(Weight { number: percent.get(), span: value.span, action: action.number.value })
        }
        _ => None,
    }
}

/// The weights under a key for each programme, in the order of the plan; none if one is not known.
fn by_programme<'a>(subject: &Subject<'a>, key: &str) -> Option<Vec<(&'a str, Vec<Weight>)>> {
    let mut programmes: Vec<(&str, Vec<Weight>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (row, action) in subject.actions.iter().enumerate() {
        let programme = action.record.text("programa")?.value.trim();
        let at = *known.entry(programme).or_insert(programmes.len());
        if at == programmes.len() {
            programmes.push((programme, Vec::new()));
        }
        programmes[at].1.push(weight(subject, row, key)?);
    }
    Some(programmes)
}

/// A programme has one weight, wherever it is written, and all programmes together weigh 100.
fn programmes(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(programmes) = by_programme(subject, "peso_programa") else { return };
    let told = findings.len();
    for (programme, weights) in &programmes {
        let Some((first, others)) = weights.split_first() else { continue };
        for other in others.iter().filter(|other| other.number != first.number) {
            let message = format!(
                "el programa «{}» pesa {} en la acción {} y {} en la acción {}",
                quoted(programme),
                print::percent(first.number),
                first.action,
                print::percent(other.number),
                other.action
            );
            findings.push(
                Finding::new(&code::WEIGHTS, other.span, message)
                    .label("otro peso para el mismo programa")
                    .related(first.span, format!("el peso en la acción {}", first.action))
                    .help("escriba el mismo peso en todas las acciones del programa")
                    .action(Some(other.action)),
            );
        }
    }
    if findings.len() == told {
        let weights: Vec<Weight> = programmes.iter().filter_map(|(_, weights)| weights.first().copied()).collect();
        findings.extend(sum("los pesos de los programas", "peso_programa", &weights));
    }
}

/// A finding if the weights do not add up to 100. Whole numbers must do so exactly; of weights with decimals, each may be
/// off by half of its last decimal, which is what rounding does.
fn sum(whole: &str, key: &str, weights: &[Weight]) -> Option<Finding> {
    let first = weights.first()?;
    let (mut total, mut rounding) = (Decimal::ZERO, Decimal::ZERO);
    for weight in weights {
        total = total.checked_add(weight.number)?;
        if weight.number.scale() > 0 {
            rounding = rounding.checked_add(Decimal::try_new(5, weight.number.scale() + 1).ok()?)?;
        }
    }
    let difference = Decimal::ONE_HUNDRED.checked_sub(total)?;
    if difference.abs() <= rounding {
        return None;
    }
    let side = if difference.is_sign_positive() { "por debajo" } else { "por encima" };
    let gap = print::number(difference.abs().normalize());
    let message = format!("{whole} suman {}, y deben sumar 100 %", print::percent(total.normalize()));
    Some(
        Finding::new(&code::WEIGHTS, first.span, message)
            .label(format!("{gap} {side} de 100"))
            .help(format!("revise «{key}» {}", places(weights))),
    )
}

/// The actions that the weights are of, as many as a line holds.
fn places(weights: &[Weight]) -> String {
    const MOST: usize = 12;
    let numbers: Vec<String> = weights.iter().take(MOST).map(|weight| weight.action.to_string()).collect();
    match (&numbers[..], weights.len() > MOST) {
        ([only], _) => format!("en la acción {only}"),
        ([init @ .., last], false) => format!("en las acciones {} y {last}", init.join(", ")),
        _ => format!("en las acciones {} y siguientes", numbers.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{SourceFile, Sources};
    use proptest::prelude::*;

    fn told(numbers: &[&str]) -> Option<String> {
        let mut sources = Sources::default();
        let span = Span::whole(sources.add(SourceFile::new("plan.toml".into(), vec![], String::new())));
        let weights: Vec<Weight> = (1..)
            .zip(numbers)
            .map(|(action, number)| Weight { number: number.parse().unwrap(), span, action })
            .collect();
        sum("los pesos", "peso", &weights).map(|finding| finding.label)
    }

    #[test]
    fn whole_weights_add_up_exactly_and_rounded_ones_as_well_as_they_can() {
        assert_eq!(told(&["50", "25", "25"]), None);
        assert_eq!(told(&["33.33", "33.33", "33.33"]), None);
        assert_eq!(told(&["14.3", "14.3", "14.3", "14.3", "14.3", "14.3", "14.3"]), None);
        assert_eq!(told(&["33", "33", "33"]).as_deref(), Some("1 por debajo de 100"));
        assert_eq!(told(&["33.33", "33.33", "33.3"]), None);
        assert_eq!(told(&["33.33", "33.33", "33.30"]).as_deref(), Some("0,04 por debajo de 100"));
        assert_eq!(told(&["60", "60"]).as_deref(), Some("20 por encima de 100"));
        assert_eq!(told(&[]), None);
    }

    proptest! {
        #[test]
        fn any_weights_are_added(cents in prop::collection::vec((0..=10_000_000i64, 0..28u32), 0..50)) {
            let numbers: Vec<String> =
                cents.iter().map(|&(number, scale)| Decimal::new(number, scale).to_string()).collect();
            let _ = told(&numbers.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
}
