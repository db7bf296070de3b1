//! What was done beside what was planned, where the format has both, and the figures that follow from others.

use rust_decimal::Decimal;

use crate::audit::Subject;
use crate::audit::subject::{Action, Progress};
use crate::diag::{Finding, Spanned, code};
use crate::input::reader::Record;
use crate::model::Value;
use crate::view::print;

/// `ejecutado-lejos-de-programado` and `cifras-que-no-concuerdan`.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let deviation = Decimal::from(subject.settings.deviation);
    for (_, follow_up) in subject.asked_for() {
        for (action, progress) in subject.actions.iter().zip(&follow_up.progress) {
            let Some(progress) = progress else { continue };
            findings.extend(far_from_result(action, *progress, deviation));
            findings.extend(far_from_percent(action, *progress, deviation));
            findings.extend(execution(action, *progress));
            findings.extend(weighted(action, *progress));
        }
    }
}

/// A number under a key, of whatever kind the format declares it.
fn number(record: &Record, key: &str) -> Option<Spanned<Decimal>> {
    let value = record.values.get(key)?;
    let number = match value.value {
        Value::Integer(number) => Decimal::from(number),
        Value::Decimal(number) => number,
        Value::Percent(percent) => percent.get(),
        _ => return None,
    };
    Some(Spanned::new(number, value.span))
}

/// The result reached, as a percentage of the result expected by then.
fn reached(progress: Progress<'_>) -> Option<(Decimal, Spanned<Decimal>, Spanned<Decimal>)> {
    let expected = number(progress.record, "resultado_esperado").filter(|expected| expected.value > Decimal::ZERO)?;
    let result = number(progress.record, "resultado_acumulado").filter(|result| result.value >= Decimal::ZERO)?;
    let percent = result.value.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(expected.value)?;
    Some((percent, result, expected))
}

fn far_from_result(action: &Action<'_>, progress: Progress<'_>, deviation: Decimal) -> Option<Finding> {
    let (percent, result, expected) = reached(progress)?;
    let difference = percent.checked_sub(Decimal::ONE_HUNDRED)?;
    if difference.abs() < deviation {
        return None;
    }
    let number = action.number.value;
    let message = format!(
        "la acción {number} llega al {} de lo esperado: {} de {}",
        print::percent(rounded(percent)),
        print::number(result.value),
        print::number(expected.value)
    );
    Some(
        Finding::new(&code::FAR_FROM_PLANNED, result.span, message)
            .label(apart(difference))
            .related(expected.span, "lo esperado a la fecha de corte")
            .help("revise las dos cifras; si son ciertas, explique la diferencia en la narrativa y acepte el hallazgo")
            .action(Some(number)),
    )
}

fn far_from_percent(action: &Action<'_>, progress: Progress<'_>, deviation: Decimal) -> Option<Finding> {
    let planned = number(progress.record, "programado").or_else(|| number(progress.record, "avance_programado"))?;
    let done = progress.percent()?;
    let difference = done.value.get().checked_sub(planned.value)?;
    if difference.abs() < deviation {
        return None;
    }
    let number = action.number.value;
    let message = format!(
        "la acción {number} lleva {} y lo programado era {}",
        print::percent(done.value.get()),
        print::percent(planned.value)
    );
    Some(
        Finding::new(&code::FAR_FROM_PLANNED, done.span, message)
            .label(apart(difference))
            .related(planned.span, "lo programado")
            .help("revise las dos cifras; si son ciertas, explique la diferencia en la narrativa y acepte el hallazgo")
            .action(Some(number)),
    )
}

/// `ejecucion` is the result reached over the result expected; over 100 it may be written as 100.
fn execution(action: &Action<'_>, progress: Progress<'_>) -> Option<Finding> {
    let (percent, result, expected) = reached(progress)?;
    let written = number(progress.record, "ejecucion")?;
    let exact = percent.min(Decimal::ONE_HUNDRED);
    if agrees(written.value, exact, last_place(written.value)?)? {
        return None;
    }
    let message = format!(
        "la ejecución de la acción {} es {}, pero {} de {} es {}",
        action.number.value,
        print::percent(written.value),
        print::number(result.value),
        print::number(expected.value),
        print::percent(rounded(percent))
    );
    Some(
        disagrees(message, written, action)
            .related(result.span, "resultado acumulado")
            .related(expected.span, "resultado esperado"),
    )
}

/// `avance_ponderado` is the part of the weight of the meta that was executed.
fn weighted(action: &Action<'_>, progress: Progress<'_>) -> Option<Finding> {
    let weight = number(action.record, "peso_meta")?;
    let execution = number(progress.record, "ejecucion")?;
    let written = number(progress.record, "avance_ponderado")?;
    let share = weight.value.checked_div(Decimal::ONE_HUNDRED)?;
    let exact = share.checked_mul(execution.value)?;
    // The execution was rounded before it was written, so that what follows from it is known no better.
    let rounding = last_place(written.value)?.checked_add(share.checked_mul(last_place(execution.value)?)?)?;
    if agrees(written.value, exact, rounding)? {
        return None;
    }
    let message = format!(
        "el avance ponderado de la acción {} es {}, pero {} de {} es {}",
        action.number.value,
        print::percent(written.value),
        print::percent(execution.value),
        print::percent(weight.value),
        print::percent(rounded(exact))
    );
    Some(
        disagrees(message, written, action)
            .related(weight.span, "peso de la meta")
            .related(execution.span, "ejecución"),
    )
}

fn disagrees(message: String, written: Spanned<Decimal>, action: &Action<'_>) -> Finding {
    Finding::new(&code::FIGURES_DISAGREE, written.span, message)
        .label("no sale de las otras cifras")
        .help("recalcule, o corrija la cifra de la que sale")
        .action(Some(action.number.value))
}

/// Whether a number is another one as rounded or cut off: less than one unit of its last place away.
fn agrees(written: Decimal, exact: Decimal, rounding: Decimal) -> Option<bool> {
    Some(written.checked_sub(exact)?.abs() < rounding)
}

/// One unit of the last place that a number is written with.
fn last_place(number: Decimal) -> Option<Decimal> {
    Decimal::try_new(1, number.scale()).ok()
}

fn rounded(number: Decimal) -> Decimal {
    number.round_dp(2).normalize()
}

fn apart(difference: Decimal) -> String {
    let points = print::number(rounded(difference.abs()));
    let side = if difference.is_sign_positive() { "por encima" } else { "por debajo" };
    format!("{points} {} {side}", if points == "1" { "punto" } else { "puntos" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_figure_may_be_rounded_or_cut_off() {
        let agrees = |written, exact| agrees(decimal(written), decimal(exact), last_place(decimal(written)).unwrap());
        for written in ["66.67", "66.66", "66.7", "66.6", "67", "66"] {
            assert_eq!(agrees(written, "66.666666"), Some(true), "{written}");
        }
        for written in ["66.5", "68", "65", "66.65"] {
            assert_eq!(agrees(written, "66.666666"), Some(false), "{written}");
        }
    }

    #[test]
    fn the_points_apart_are_told_with_their_side() {
        assert_eq!(apart(decimal("-50")), "50 puntos por debajo");
        assert_eq!(apart(decimal("33.33333")), "33,33 puntos por encima");
    }

    proptest! {
        #[test]
        fn no_figure_is_too_large(one in any::<i64>(), other in any::<i64>(), scale in 0..28u32) {
            let (one, other) = (Decimal::new(one, scale), Decimal::new(other, 0));
            let _ = (agrees(one, other, last_place(one).unwrap()), rounded(one), apart(other));
        }
    }
}
