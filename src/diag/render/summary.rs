//! How many findings there are: in a sentence, and as a table by family and severity.

use std::fmt::Write;

use crate::diag::{Family, Finding, Severity};

/// How many there are, without those that are accepted: «3 errores, 1 advertencia y 2 notas».
#[must_use]
pub fn summary(findings: &[Finding]) -> String {
    findings.iter().collect::<Counts>().sentence()
}

/// A line for each family that has findings, and one for all.
#[must_use]
pub fn table(findings: &[Finding]) -> String {
    let mut table = row("Familia", ["errores", "advertencias", "notas", "aceptados"].map(str::to_owned));
    for family in Family::ALL {
        let counts: Counts = findings.iter().filter(|finding| finding.code.family == family).collect();
        if counts != Counts::default() {
            table += &row(family.title(), counts.cells());
        }
    }
    table + &row("Total", findings.iter().collect::<Counts>().cells())
}

/// How many findings of each kind.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    open: [usize; 3],
    accepted: usize,
}

impl<'a> FromIterator<&'a Finding> for Counts {
    fn from_iter<T: IntoIterator<Item = &'a Finding>>(findings: T) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            match finding.waiver {
                Some(_) => counts.accepted += 1,
                None => counts.open[finding.code.severity as usize] += 1,
            }
        }
        counts
    }
}

impl Counts {
    /// In words, those that are accepted apart: «3 errores, 1 advertencia y 2 notas; 1 aceptado».
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (severity, one, many) in [
            (Severity::Error, "error", "errores"),
            (Severity::Warning, "advertencia", "advertencias"),
            (Severity::Note, "nota", "notas"),
        ] {
            match self.of(severity) {
                0 => {}
                1 => parts.push(format!("1 {one}")),
                n => parts.push(format!("{n} {many}")),
            }
        }
        let open = match &parts[..] {
            [] => "sin hallazgos".to_owned(),
            [only] => only.clone(),
            [rest @ .., last] => format!("{} y {last}", rest.join(", ")),
        };
        match self.accepted {
            0 => open,
            1 => format!("{open}; 1 aceptado"),
            n => format!("{open}; {n} aceptados"),
        }
    }

    /// Errors, warnings, notes and those that are accepted, as a table shows them.
    #[must_use]
    pub fn cells(&self) -> [String; 4] {
        let open = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| self.of(severity));
        let [errors, warnings, notes] = open;
        [errors, warnings, notes, self.accepted].map(|n| if n == 0 { "–".into() } else { n.to_string() })
    }

    fn of(&self, severity: Severity) -> usize {
        self.open[severity as usize]
    }
}

fn row(title: &str, [errors, warnings, notes, accepted]: [String; 4]) -> String {
    let mut line = String::new();
    let _ = writeln!(line, "{title:<20} {errors:>8} {warnings:>13} {notes:>6} {accepted:>10}");
    line
}
