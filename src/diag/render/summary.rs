//! How many findings there are: in a sentence, and as a table by family and severity.

use std::fmt::Write;

use crate::diag::{Family, Finding, Severity};

/// How many there are, without those that are accepted: «3 errores, 1 advertencia y 2 notas».
#[must_use]
pub fn summary(findings: &[Finding]) -> String {
    let mut counts = Counts::default();
    for finding in findings {
        counts.add(finding);
    }
    let mut parts: Vec<String> = Vec::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errores"),
        (Severity::Warning, "advertencia", "advertencias"),
        (Severity::Note, "nota", "notas"),
    ] {
        match counts.of(severity) {
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
    match counts.accepted {
        0 => open,
        1 => format!("{open}; 1 aceptado"),
        n => format!("{open}; {n} aceptados"),
    }
}

/// A line for each family that has findings, and one for all.
#[must_use]
pub fn table(findings: &[Finding]) -> String {
    let mut table = row("Familia", ["errores", "advertencias", "notas", "aceptados"].map(str::to_owned));
    let mut all = Counts::default();
    for family in Family::ALL {
        let mut counts = Counts::default();
        for finding in findings.iter().filter(|finding| finding.code.family == family) {
            counts.add(finding);
            all.add(finding);
        }
        if counts != Counts::default() {
            table += &counts.row(family.title());
        }
    }
    table + &all.row("Total")
}

/// How many findings of each kind.
#[derive(Default, PartialEq, Eq)]
struct Counts {
    open: [usize; 3],
    accepted: usize,
}

impl Counts {
    fn add(&mut self, finding: &Finding) {
        if finding.waiver.is_some() {
            self.accepted += 1;
        } else {
            self.open[finding.code.severity as usize] += 1;
        }
    }

    fn of(&self, severity: Severity) -> usize {
        self.open[severity as usize]
    }

    fn row(&self, title: &str) -> String {
        let open = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| self.of(severity));
        let [errors, warnings, notes] = open;
        row(title, [errors, warnings, notes, self.accepted].map(|n| if n == 0 { "–".into() } else { n.to_string() }))
    }
}

fn row(title: &str, [errors, warnings, notes, accepted]: [String; 4]) -> String {
    let mut line = String::new();
    let _ = writeln!(line, "{title:<20} {errors:>8} {warnings:>13} {notes:>6} {accepted:>10}");
    line
}
