//! Which keys hold which amounts: those that the format declares as `pesos`, told apart by their names.

use std::collections::HashMap;

use crate::audit::Subject;
use crate::diag::Spanned;
use crate::input::reader::Record;
use crate::model::{DatumKind, Owner, Value};

/// What an amount is, in the order in which money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// What may be spent.
    Appropriated,
    /// What was contracted.
    Committed,
    /// What is owed, the goods being there.
    Obligated,
    /// What was paid.
    Paid,
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 4] = [Self::Appropriated, Self::Committed, Self::Obligated, Self::Paid];

    /// What is said of money in it.
    pub fn word(self) -> &'static str {
        ["apropiado", "comprometido", "obligado", "pagado"][self as usize]
    }

    /// What a key of this name holds: one word that says so, and beside it only words that do not change it.
    fn of(key: &str) -> Option<Self> {
        const BESIDE: &[&str] =
            &["presupuesto", "valor", "acumulado", "acumulada", "vigente", "definitivo", "definitiva"];
        const WORDS: [&[&str]; 4] = [
            &["apropiado", "apropiada", "apropiacion"],
            &["comprometido", "comprometida", "compromiso", "compromisos"],
            &["obligado", "obligada", "obligacion", "obligaciones"],
            &["pagado", "pagada", "pago", "pagos"],
        ];
        let mut telling = key.split('_').filter(|word| !BESIDE.contains(word));
        let (word, None) = (telling.next()?, telling.next()) else { return None };
        Self::ALL.into_iter().zip(WORDS).find(|(_, words)| words.contains(&word)).map(|(stage, _)| stage)
    }
}

/// An amount of a row.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// How much.
    pub pesos: Spanned<i64>,
    /// Whether it is of the trimestre rather than of the plan.
    pub reported: bool,
}

/// The keys of amounts that the format declares.
pub struct Keys<'a> {
    /// Each key and its table, and whether every row must have it.
    pub all: HashMap<(&'a str, Owner), bool>,
    /// For each stage, its key in the action and its key in the avance.
    stages: [[Option<&'a str>; 2]; 4],
}

impl<'a> Keys<'a> {
    /// Those of the format of a plan.
    pub fn of(subject: &Subject<'a>) -> Self {
        let data = subject.folder.format.iter().flat_map(|format| &format.data);
        let mut keys = Self { all: HashMap::new(), stages: [[None; 2]; 4] };
        let mut doubtful = [[false; 2]; 4];
        for datum in data.filter(|datum| datum.kind == DatumKind::Pesos) {
            keys.all.insert((&datum.key, datum.owner), datum.required);
            let owner = match datum.owner {
                Owner::Action => 0,
                Owner::Progress => 1,
                _ => continue,
            };
            if let Some(stage) = Stage::of(&datum.key) {
                let key = &mut keys.stages[stage as usize][owner];
                doubtful[stage as usize][owner] |= key.is_some();
                *key = Some(&datum.key);
            }
        }
        // Of two keys for the same thing nobody knows which one counts.
        for (key, doubtful) in keys.stages.as_flattened_mut().iter_mut().zip(doubtful.as_flattened()) {
            *key = key.filter(|_| !doubtful);
        }
        keys
    }

    /// The amount of each stage: that of the trimestre if there is one, or else that of the plan.
    pub fn of_stages(&self, action: Option<&Record>, progress: Option<&Record>) -> [Option<Amount>; 4] {
        self.stages.map(|[of_action, of_progress]| {
            let planned = || pesos(action?, of_action?).map(|pesos| Amount { pesos, reported: false });
            let reported = || pesos(progress?, of_progress?).map(|pesos| Amount { pesos, reported: true });
            reported().or_else(planned)
        })
    }
}

/// The amount under a key.
pub fn pesos(record: &Record, key: &str) -> Option<Spanned<i64>> {
    let value = record.values.get(key)?;
    match value.value {
        Value::Pesos(amount) => Some(Spanned::new(amount, value.span)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_what_its_amount_is() {
        for (key, stage) in [
            ("presupuesto_apropiado", Some(Stage::Appropriated)),
            ("apropiacion_vigente", Some(Stage::Appropriated)),
            ("comprometido", Some(Stage::Committed)),
            ("valor_obligado", Some(Stage::Obligated)),
            ("pagado_acumulado", Some(Stage::Paid)),
            ("apropiacion_inicial", None),
            ("pagado_trimestre", None),
            ("por_pagar", None),
            ("presupuesto", None),
            ("", None),
        ] {
            assert_eq!(Stage::of(key), stage, "{key}");
        }
    }
}
