//! The schema that an editor gets and the reader of the program say the same of a file.
//!
//! Both come from one shape, but each in its own way; here every key of every table is spoilt in every way that one file
//! alone can show, and the two must agree on each. What they cannot agree on is left out on purpose: a date that is
//! written as text is text to TOML and a date to JSON, and the characters of a text are only the reader's business.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;

use regex::Regex;
use seguimiento::assets::Assets;
use seguimiento::diag::{Sources, Span, Spanned};
use seguimiento::input::file::add_text;
use seguimiento::input::shape::{self, Kind, Shape};
use seguimiento::input::text::Alphabet;
use seguimiento::input::{format, reader, schema, syntax};
use seguimiento::model::Format;
use serde_json::{Value as Json, json};
use toml::Value as Toml;

use crate::support::{FOLLOW_UP, PLAN, Workspace};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

// ── The schemas themselves ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn the_schema_of_a_plan() {
    insta::assert_snapshot!(format!("{:#}", schema::schema("plan.toml", &shape::plan(Some(&official())))));
}

#[test]
fn the_schema_of_a_follow_up() {
    insta::assert_snapshot!(format!("{:#}", schema::schema("trimestre-N.toml", &shape::follow_up(Some(&official())))));
}

#[test]
fn the_schema_of_a_format() {
    insta::assert_snapshot!(format!("{:#}", schema::schema("formato.toml", &shape::format())));
}

#[test]
fn the_schema_of_what_the_office_says_for_all_its_plans() {
    insta::assert_snapshot!(format!("{:#}", schema::schema("seguimiento.toml", &shape::office())));
}

#[test]
fn the_command_prints_the_same_schema() {
    for (file, shape) in [
        ("plan", shape::plan(Some(&official()))),
        ("trimestre", shape::follow_up(Some(&official()))),
        ("formato", shape::format()),
        ("seguimiento", shape::office()),
    ] {
        let run = Workspace::empty().run(&["esquema", file]);
        let mut printed: Json = serde_json::from_str(&run.stdout).unwrap();
        assert!(printed["title"].as_str().is_some_and(|title| !title.is_empty()));
        printed["title"] = json!("x");
        assert_eq!((run.status, printed), (0, schema::schema("x", &shape)));
    }
}

// ── Data that stand in this repository ───────────────────────────────────────────────────────────────────────────

#[test]
fn the_plans_of_this_repository_satisfy_the_schema_of_their_format() {
    let (mut plans, mut follow_ups) = (0, 0);
    let read = |file: &Path| -> Toml { fs::read_to_string(file).unwrap().parse().map(Toml::Table).unwrap() };
    for folder in fs::read_dir(Path::new(ROOT).join("plans")).unwrap().map(|folder| folder.unwrap().path()) {
        let id = read(&folder.join("plan.toml"))["plan"]["formato"].as_str().unwrap().to_owned();
        let format = named(&id, &Assets::new(ROOT));
        for file in fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            let Some(name) = file.file_name().unwrap().to_str().unwrap().strip_suffix(".toml") else { continue };
            let shape = if name == "plan" {
                plans += 1;
                shape::plan(Some(&format))
            } else {
                follow_ups += 1;
                shape::follow_up(Some(&format))
            };
            assert_eq!(refusal(&schema::schema("", &shape), &to_json(&read(&file))), None, "{}", file.display());
        }
    }
    assert!(plans >= 3 && follow_ups >= 6, "{plans} plans and {follow_ups} follow-ups");
}

#[test]
fn the_formats_of_this_repository_satisfy_their_schema() {
    let schema = schema::schema("", &shape::format());
    for id in Assets::new(ROOT).formats() {
        let text = fs::read_to_string(Path::new(ROOT).join(format!("report-templates/{id}/formato.toml"))).unwrap();
        assert_eq!(refusal(&schema, &to_json(&Toml::Table(text.parse().unwrap()))), None, "{id}");
    }
}

// ── Every key spoilt in every way ────────────────────────────────────────────────────────────────────────────────

#[test]
fn schema_and_reader_agree_on_every_spoilt_plan() {
    assert_agreement(PLAN, &shape::plan(Some(&official())), 300);
}

#[test]
fn schema_and_reader_agree_on_every_spoilt_follow_up() {
    assert_agreement(FOLLOW_UP, &shape::follow_up(Some(&official())), 80);
}

#[test]
fn schema_and_reader_agree_on_every_spoilt_format() {
    let text = fs::read_to_string(Path::new(ROOT).join("report-templates/seguimiento-trimestral/formato.toml"));
    assert_agreement(&text.unwrap(), &shape::format(), 100);
}

#[test]
fn schema_and_reader_agree_on_every_spoilt_file_of_the_office() {
    let sound = "[firma_digital]\nnivel = \"B-T\"\ntsa = \"https://tsa\"\ntsa_clave = \"c\"\nanclas = [\"a\"]\nmotivo = \"m\"\nlugar = \"l\"\n\
                 imagen = \"i\"\nespera = 5";
    assert_agreement(sound, &shape::office(), 60);
}

/// The data that a format adds have kinds that no key of the program has.
#[test]
fn schema_and_reader_agree_on_the_data_that_a_format_adds() {
    let format = declaring_every_kind();
    let plan = PLAN
        .replace("vigencia = 2025", "vigencia = 2025\nlema = \"Juntos\"\nrevision = 2025-01-01")
        .replace("numero = 1", "numero = 1\npeso = 40.5\nvalor = 1000\norden = -3\nrazon = 0.5")
        .replace("numero = 2", "numero = 2\npeso = 0\nvalor = 0\norden = 0\nrazon = 1")
        .replace("numero = 3", "numero = 3\npeso = 100\nvalor = 1\norden = 1\nrazon = -1.5");
    assert_agreement(&plan, &shape::plan(Some(&format)), 400);
}

fn declaring_every_kind() -> Format {
    let datum = |key: &str, owner: &str, kind: &str| {
        format!("\n[[dato]]\nclave = \"{key}\"\nen = \"{owner}\"\ntipo = \"{kind}\"\ndescripcion = \"…\"\n")
    };
    let text = fs::read_to_string(Path::new(ROOT).join("report-templates/seguimiento-trimestral/formato.toml"));
    let data = [
        ("lema", "plan", "texto"),
        ("revision", "plan", "fecha"),
        ("peso", "accion", "porcentaje"),
        ("valor", "accion", "pesos"),
        ("orden", "accion", "entero"),
        ("razon", "accion", "decimal"),
    ];
    let data: String = data.map(|(key, owner, kind)| datum(key, owner, kind)).concat();
    let workspace = Workspace::empty().file("report-templates/propio/formato.toml", text.unwrap() + &data);
    named("propio", &Assets::new(workspace.path("")))
}

fn official() -> Format {
    named("seguimiento-trimestral", &Assets::new(ROOT))
}

fn named(id: &str, assets: &Assets) -> Format {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let file = add_text("x".into(), Ok(vec![]), &mut sources, &mut findings).unwrap();
    let id = Spanned::new(id, Span::whole(file));
    format::read(id, assets, &mut sources, &Alphabet::new(|_| true), &mut findings).unwrap()
}

/// Spoils a sound file in every way and asks both; `least` guards against a list of spoilt files that came out short.
fn assert_agreement(sound: &str, shape: &Shape, least: usize) {
    let schema = schema::schema("", shape);
    let sound = Toml::Table(sound.parse().unwrap());
    let (mut both_refuse, mut both_accept) = (0, 0);
    for (what, data) in std::iter::once(("nothing".into(), sound.clone())).chain(spoilt(&sound, shape)) {
        let text = toml::to_string(&data).unwrap();
        let by_schema = refusal(&schema, &to_json(&data));
        let by_reader = findings(&text, shape);
        assert_eq!(by_schema.is_some(), !by_reader.is_empty(), "{what}: {by_schema:?}, {by_reader:?} in\n{text}");
        if by_schema.is_some() { both_refuse += 1 } else { both_accept += 1 }
    }
    assert!(both_refuse >= least && both_accept > 1, "{both_refuse} refused, {both_accept} accepted");
}

/// The codes of what the reader finds in a file.
fn findings(text: &str, shape: &Shape) -> Vec<&'static str> {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let file = add_text("x".into(), Ok(text.into()), &mut sources, &mut findings).unwrap();
    let repaired = OnceCell::new();
    let parsed = syntax::parse(sources.get(file), file, &repaired, &mut findings);
    reader::read(&parsed, shape, &Alphabet::new(|_| true), &mut findings);
    findings.iter().map(|finding| finding.code.id).collect()
}

/// A table with one thing changed in it, for each key of its shape and each way to spoil it, and what was changed.
fn spoilt(table: &Toml, shape: &Shape) -> Vec<(String, Toml)> {
    let keys = table.as_table().unwrap();
    let with = |key: &str, value: Option<Toml>| {
        let mut keys = keys.clone();
        match value {
            Some(value) => keys.insert(key.to_owned(), value),
            None => keys.remove(key),
        };
        Toml::Table(keys)
    };
    let mut spoilt = vec![("an unknown key".to_owned(), with("desconocida", Some(Toml::Integer(1))))];
    for key in &shape.keys {
        let name = &key.name;
        if keys.contains_key(name) {
            spoilt.push((format!("no {name}"), with(name, None)));
        }
        for value in values(&key.kind) {
            spoilt.push((format!("{name} = {value}"), with(name, Some(value))));
        }
        match (&key.kind, keys.get(name)) {
            (Kind::Table(inner), Some(value)) => {
                let tables = self::spoilt(value, inner).into_iter();
                spoilt.extend(tables.map(|(what, table)| (format!("{name}: {what}"), with(name, Some(table)))));
            }
            (Kind::Tables(inner, _), Some(Toml::Array(items))) => {
                // The last one, with the others as they are.
                let (last, others) = items.split_last().unwrap();
                for (what, table) in self::spoilt(last, inner) {
                    let items = others.iter().cloned().chain([table]).collect();
                    spoilt.push((format!("{name}: {what}"), with(name, Some(Toml::Array(items)))));
                }
            }
            _ => {}
        }
    }
    spoilt
}

/// Values of every type, some of them fitting, and those at the edges of what the kind takes.
fn values(kind: &Kind) -> Vec<Toml> {
    let text = |text: &str| Toml::String(text.into());
    let mut values = vec![
        Toml::Integer(7),
        Toml::Float(7.5),
        Toml::Boolean(true),
        text("siete"),
        text(""),
        text(" \n\t"),
        text("7"),
        "2025-01-31".parse().map(Toml::Datetime).unwrap(),
        "2025-01-31T10:00:00".parse().map(Toml::Datetime).unwrap(),
        "10:00:00".parse().map(Toml::Datetime).unwrap(),
        Toml::Array(vec![]),
        Toml::Array(vec![text("uno"), text("dos")]),
        Toml::Array(vec![text("uno"), Toml::Integer(2)]),
        Toml::Array(vec![text("uno"), text(" ")]),
        Toml::Array(vec![Toml::Table(toml::Table::new()), Toml::Integer(2)]),
        Toml::Table(toml::Table::new()),
    ];
    match kind {
        Kind::Integer(range, _) => {
            let (first, last) = (*range.start(), *range.end());
            values.extend([first, last, first.saturating_sub(1), last.saturating_add(1)].map(Toml::Integer));
        }
        Kind::Percent | Kind::PercentOrNotApplicable | Kind::Pesos | Kind::Decimal | Kind::NumberOrText => {
            values.extend([0, 100, 101, -1].map(Toml::Integer));
            values.extend([0.0, 100.0, 100.01, -0.5].map(Toml::Float));
            values.extend(["N/A", "n/a", "N/A "].map(text));
        }
        Kind::Choice(words) => values.extend(words.iter().map(|word| text(word)).chain([text("ELABORO")])),
        Kind::Line => values.push(text("dos\nlíneas")),
        Kind::Lines => values.push(Toml::Array(vec![text("dos\nlíneas")])),
        Kind::Address => {
            let long = |length: usize| format!("https://e.co/{}/", "x".repeat(length - 14));
            let written = [
                "https://e.co/",
                "http://e.co/v?c=",
                "e.co/",
                "ftp://e.co/",
                "https://e.co",
                "https:///",
                "https://e.co/ñ/",
            ];
            values.extend(written.map(text));
            values.extend(["https://e.co/a b/", "https://e.co/\n", &long(100), &long(101)].map(text));
        }
        Kind::Date | Kind::Text | Kind::Boolean | Kind::Table(_) | Kind::Tables(..) => {}
    }
    if matches!(kind, Kind::Line | Kind::Text | Kind::NumberOrText) {
        values.extend([100_000, 100_001].map(|length| text(&"x".repeat(length))));
        // Where a text may stand, JSON cannot tell a date from it.
        values.retain(|value| !matches!(value, Toml::Datetime(_)));
    }
    values
}

// ── As much of JSON Schema as the program writes ─────────────────────────────────────────────────────────────────

/// TOML as an editor hands it to a schema: dates are text.
fn to_json(toml: &Toml) -> Json {
    match toml {
        Toml::Datetime(when) => json!(when.to_string()),
        Toml::Array(items) => items.iter().map(to_json).collect(),
        Toml::Table(table) => Json::Object(table.iter().map(|(key, value)| (key.clone(), to_json(value))).collect()),
        Toml::String(text) => json!(text),
        Toml::Integer(number) => json!(number),
        Toml::Float(number) => json!(number),
        Toml::Boolean(yes) => json!(yes),
    }
}

/// Keywords that refuse nothing: of a value of another type, which is for «type» to say, or of any value.
const SILENT: &[&str] = &[
    "minimum",
    "maximum",
    "pattern",
    "maxLength",
    "minItems",
    "items",
    "required",
    "properties",
    "additionalProperties",
    "$schema",
    "title",
    "description",
    "format",
];

/// Why a schema refuses a value, if it does. Each word of the schema is understood, or the test stops.
fn refusal(schema: &Json, value: &Json) -> Option<String> {
    let words = schema.as_object().unwrap();
    words.iter().find_map(|(word, rule)| breaks(word, rule, schema, value).map(|what| format!("{word}: {what}")))
}

fn breaks(word: &str, rule: &Json, schema: &Json, value: &Json) -> Option<String> {
    let number = || rule.as_f64().unwrap();
    let unless = |holds: bool| (!holds).then(|| format!("{value:.60} against {rule:.60}"));
    match (word, value) {
        ("type", _) => unless(match rule.as_str().unwrap() {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64(), // TOML tells 7.0 from 7, and so do its editors
            "number" => value.is_number(),
            other => panic!("no type {other}"),
        }),
        ("enum", _) => unless(rule.as_array().unwrap().contains(value)),
        ("const", _) => unless(rule == value),
        ("anyOf", _) => unless(rule.as_array().unwrap().iter().any(|schema| refusal(schema, value).is_none())),
        ("minimum", Json::Number(n)) => unless(n.as_f64().unwrap() >= number()),
        ("maximum", Json::Number(n)) => unless(n.as_f64().unwrap() <= number()),
        ("pattern", Json::String(text)) => unless(Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
        ("maxLength", Json::String(text)) => unless(text.chars().count() as u64 <= rule.as_u64().unwrap()),
        ("minItems", Json::Array(items)) => unless(items.len() as u64 >= rule.as_u64().unwrap()),
        ("items", Json::Array(items)) => items.iter().find_map(|item| refusal(rule, item)),
        ("required", Json::Object(keys)) => {
            unless(rule.as_array().unwrap().iter().all(|key| keys.contains_key(key.as_str().unwrap())))
        }
        ("properties", Json::Object(keys)) => {
            let declared = keys.iter().filter_map(|(key, value)| Some((key, rule.get(key)?, value)));
            declared.into_iter().find_map(|(key, rule, value)| Some(format!("{key}: {}", refusal(rule, value)?)))
        }
        ("additionalProperties", Json::Object(keys)) => {
            unless(rule == true || keys.keys().all(|key| schema["properties"].get(key).is_some()))
        }
        _ if SILENT.contains(&word) => None,
        _ => panic!("the schema says «{word}», which this test does not know"),
    }
}
