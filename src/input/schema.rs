//! The shapes as JSON Schema, for editors that complete and check TOML while it is written.
//!
//! The schema says what one file alone can say; what must hold between files is the business of [`crate::check`].

use serde_json::{Map, Value, json};

use crate::input::reader::MAX_ADDRESS;
use crate::input::shape::{Key, Kind, Shape};
use crate::input::text::MAX_CHARACTERS;

/// The JSON Schema (draft 2020-12) of a file.
#[must_use]
pub fn schema(title: &str, shape: &Shape) -> Value {
    let mut root = Map::new();
    root.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    root.insert("title".into(), json!(title));
    root.extend(object(shape));
    Value::Object(root)
}

fn object(shape: &Shape) -> Map<String, Value> {
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.name.as_str()).collect();
    let properties: Map<String, Value> = shape.keys.iter().map(|key| (key.name.clone(), property(key))).collect();
    let mut object = Map::new();
    object.insert("type".into(), json!("object"));
    object.insert("properties".into(), Value::Object(properties));
    object.insert("required".into(), json!(required));
    object.insert("additionalProperties".into(), json!(shape.open));
    object
}

fn property(key: &Key) -> Value {
    let mut property = kind(&key.kind);
    property.insert("description".into(), json!(key.doc));
    Value::Object(property)
}

fn kind(kind: &Kind) -> Map<String, Value> {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern, "maxLength": MAX_CHARACTERS });
    let value = match kind {
        // Not blank, and on one line; not blank.
        Kind::Line => text(r"^[^\n]*\S[^\n]*$"),
        Kind::Address => {
            json!({ "type": "string", "format": "uri", "pattern": r"^https?://[0-9A-Za-z][!-~]*[!-/:-@\[-`{-~]$", "maxLength": MAX_ADDRESS })
        }
        Kind::Text => text(r"\S"),
        Kind::Lines => json!({ "type": "array", "items": text(r"^[^\n]*\S[^\n]*$"), "minItems": 1 }),
        Kind::Integer(range, _) if *range.start() == i64::MIN => json!({ "type": "integer" }),
        Kind::Integer(range, _) => json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() }),
        Kind::Decimal => json!({ "type": "number" }),
        Kind::Percent => json!({ "type": "number", "minimum": 0, "maximum": 100 }),
        Kind::PercentOrNotApplicable => {
            json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 100 }, { "const": "N/A" }] })
        }
        Kind::Pesos => json!({ "type": "integer", "minimum": 0 }),
        // Editors for TOML hand a date to the schema as a string of this form.
        Kind::Date => json!({ "type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$" }),
        Kind::NumberOrText => json!({ "anyOf": [{ "type": "number" }, text(r"\S")] }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Table(shape) => return object(shape),
        Kind::Tables(shape, required) => {
            json!({ "type": "array", "items": object(shape), "minItems": usize::from(*required) })
        }
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
