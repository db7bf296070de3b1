//! What all parts must do, and what each finds in a sentence.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::audit::subject::TextRole;
use crate::model::Quarter;

/// All findings in texts.
fn findings(texts: &[Text<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for text in texts {
        OF_A_TEXT.iter().for_each(|part| part(text, &mut findings));
    }
    OF_ALL_TEXTS.iter().for_each(|part| part(texts, &mut findings));
    findings
}

/// The narrative of an action.
fn narrative(number: i64, value: &str) -> Text<'static> {
    let mut text = Text::sample(TextRole::Narrative, value);
    (text.action, text.quarter) = (Some(number), Quarter::new(2));
    text
}

/// What is found in a text, with what is underlined.
fn found(role: TextRole, value: &str) -> String {
    let text = Text::sample(role, value);
    let underlined = |finding: &Finding| text.written()[finding.span.range()].to_owned();
    let lines = findings(std::slice::from_ref(&text))
        .iter()
        .map(|f| format!("{}: {}", f.code.id, underlined(f)))
        .collect::<Vec<_>>();
    lines.join("\n")
}

#[test]
#[ignore = "to look at"]
fn plans() {
    for plan in ["rmbc-2024", "ejemplo-2025", "ejemplo-ponderado-2025"] {
        let read = |file: &str| {
            let text = std::fs::read_to_string(format!("{}/plans/{plan}/{file}", env!("CARGO_MANIFEST_DIR"))).ok()?;
            toml::from_str::<toml::Table>(&text).ok()
        };
        let mut texts = Vec::new();
        let table = read("plan.toml").unwrap();
        texts.push(Text::sample(TextRole::Objective, table["plan"]["objetivo"].as_str().unwrap()));
        for action in table["accion"].as_array().unwrap() {
            let number = action["numero"].as_integer();
            for (key, role) in [("nombre", TextRole::ActionName), ("indicador", TextRole::Cell)] {
                let Some(value) = action.get(key).and_then(|v| v.as_str()) else { continue };
                let mut text = Text::sample(role, value);
                (text.action, text.key) = (number, key);
                texts.push(text);
            }
        }
        for quarter in 1..=4 {
            let Some(table) = read(&format!("trimestre-{quarter}.toml")) else { continue };
            for progress in table["avance"].as_array().unwrap() {
                let mut text =
                    narrative(progress["accion"].as_integer().unwrap(), progress["cualitativo"].as_str().unwrap());
                text.quarter = Quarter::new(quarter);
                texts.push(text);
            }
        }
        for f in findings(&texts) {
            println!("{plan} acción {:?} {}: {} | {:?}", f.action, f.code.id, f.message, f.help);
        }
    }
    let corpus = std::fs::read_to_string("/tmp/prosa-oficial.md").unwrap();
    let texts: Vec<_> = corpus
        .split("\n## ")
        .skip(1)
        .zip(1..)
        .map(|(part, n)| narrative(n, part.split_once("\n\n").unwrap().1.trim_end()))
        .collect();
    assert_eq!(texts.len(), 30);
    for f in findings(&texts) {
        println!("CORPUS {:?} {}: {}", f.action, f.code.id, f.message);
    }
}
