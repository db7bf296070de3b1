//! Reads an official layout: `formato.toml`, and the checks that its parts fit together.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::assets::{Assets, TEMPLATES};
use crate::diag::{Finding, Sources, Span, Spanned, code, did_you_mean, quoted};
use crate::input::file::add_text;
use crate::input::reader::{self, Record};
use crate::input::text::Alphabet;
use crate::input::{shape, syntax};
use crate::model::{Alignment, Column, Datum, DatumKind, Format, Group, Owner, Value, Width};

/// Reads the format that a plan names. `None` says that it could not be read and that findings tell why.
pub fn read(
    id: Spanned<&str>,
    assets: &Assets,
    sources: &mut Sources,
    alphabet: &Alphabet,
    findings: &mut Vec<Finding>,
) -> Option<Format> {
    if !assets.has_format(id.value) {
        findings.push(unknown_format(id, assets));
        return None;
    }
    let name = format!("{TEMPLATES}/{}/formato.toml", id.value);
    let bytes = assets.read(id.value, "formato.toml").map(|bytes| bytes.map_or(Vec::new(), |bytes| bytes.to_vec()));
    let file = add_text(name, bytes, sources, findings).ok()?;
    let before = findings.len();
    let repaired = OnceCell::new();
    let parsed = syntax::parse(sources.get(file), file, &repaired, findings);
    let record = reader::read(&parsed, &shape::format(), alphabet, findings);
    let format = build(id.value, &record, assets, findings);
    format.filter(|_| findings[before..].iter().all(|finding| !finding.is_error()))
}

/// The format that a misspelt name most likely means: its keys tell the other faults of the plan from sound ones.
#[must_use]
pub fn nearest(id: Spanned<&str>, assets: &Assets, alphabet: &Alphabet) -> Option<Format> {
    let known = assets.formats();
    let near = did_you_mean(id.value, known.iter().map(String::as_str))?;
    read(Spanned::new(near, id.span), assets, &mut Sources::default(), alphabet, &mut Vec::new())
}

fn unknown_format(id: Spanned<&str>, assets: &Assets) -> Finding {
    let known = assets.formats();
    let finding = Finding::new(&code::FORMAT_UNKNOWN, id.span, format!("no existe el formato «{}»", quoted(id.value)))
        .label("desconocido");
    match did_you_mean(id.value, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("¿quiso decir «{near}»?")),
        None => finding.help(format!("los formatos que hay son: {}", Vec::from_iter(known).join(", "))),
    }
}

fn build(id: &str, record: &Record, assets: &Assets, findings: &mut Vec<Finding>) -> Option<Format> {
    let groups: Vec<&Record> = record.tables("grupo").collect();
    let columns: Vec<&Record> = record.tables("columna").collect();
    let data: Vec<&Record> = record.tables("dato").collect();
    for list in [&groups, &columns, &data] {
        repeated(list, findings);
    }
    reserved(&data, findings);
    unknown_columns(&columns, &data, findings);
    groups_apart(&columns, &groups, findings);

    let head = record.tables("formato").next()?;
    let template = match head.text("plantilla") {
        Some(template) if !assets.has_format(template.value) => {
            findings.push(unknown_format(template, assets));
            return None;
        }
        Some(template) => template.value,
        None => id,
    };
    Some(Format {
        id: id.to_owned(),
        title: head.text("titulo")?.value.to_owned(),
        template: template.to_owned(),
        groups: groups.iter().filter_map(|group| build_group(group)).collect(),
        columns: columns.iter().filter_map(|column| build_column(column, findings)).collect(),
        data: data.iter().filter_map(|datum| build_datum(datum)).collect(),
    })
}

fn build_group(group: &Record) -> Option<Group> {
    Some(Group { key: group.text("clave")?.value.to_owned(), title: group.text("titulo")?.value.to_owned() })
}

fn build_column(column: &Record, findings: &mut Vec<Finding>) -> Option<Column> {
    let width = column.text("ancho")?;
    let parsed = Width::parse(width.value);
    if parsed.is_none() {
        let message = format!("«{}» no es un ancho de columna", quoted(width.value));
        let help = "escriba milímetros, 4 o más («9mm»), o una parte de lo que sobra («2.5fr»)";
        findings.push(Finding::new(&code::COLUMN_WIDTH, width.span, message).label("no se entiende").help(help));
    }
    Some(Column {
        key: column.text("clave")?.value.to_owned(),
        title: column.text("titulo")?.value.to_owned(),
        group: column.text("grupo").map(|group| group.value.to_owned()),
        width: parsed?,
        alignment: Alignment::parse(column.text("alineacion")?.value)?,
    })
}

fn build_datum(datum: &Record) -> Option<Datum> {
    let required = !matches!(datum.values.get("obligatorio").map(|v| &v.value), Some(Value::Boolean(false)));
    Some(Datum {
        key: datum.text("clave")?.value.to_owned(),
        owner: Owner::parse(datum.text("en")?.value)?,
        kind: DatumKind::parse(datum.text("tipo")?.value)?,
        doc: datum.text("descripcion")?.value.to_owned(),
        required,
    })
}

/// Two elements of a list with the same key.
fn repeated(list: &[&Record], findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for key in list.iter().filter_map(|record| record.text("clave")) {
        if let Some(earlier) = first.get(key.value) {
            let finding =
                Finding::new(&code::COLUMN_TWICE, key.span, format!("«{}» ya estaba en esta lista", quoted(key.value)));
            findings.push(finding.label("repetida").related(*earlier, "aquí por primera vez").help("deje una sola"));
        } else {
            first.insert(key.value, key.span);
        }
    }
}

/// Extra keys that would hide a key of the program.
fn reserved(data: &[&Record], findings: &mut Vec<Finding>) {
    for datum in data {
        let (Some(key), Some(owner)) = (datum.text("clave"), datum.text("en")) else { continue };
        if Owner::parse(owner.value).is_some_and(|owner| shape::is_reserved(owner, key.value)) {
            let message = format!("«{}» ya es una clave del programa", key.value);
            findings.push(
                Finding::new(&code::DATUM_RESERVED, key.span, message)
                    .label("reservada")
                    .help("dele otro nombre al dato"),
            );
        }
    }
}

/// Columns whose key is neither of the program nor declared by the format.
fn unknown_columns(columns: &[&Record], data: &[&Record], findings: &mut Vec<Finding>) {
    let of_a_row = |datum: &&&Record| {
        matches!(datum.text("en").and_then(|en| Owner::parse(en.value)), Some(Owner::Action | Owner::Progress))
    };
    let mut keys = shape::row_keys();
    keys.extend(data.iter().filter(of_a_row).filter_map(|datum| Some(datum.text("clave")?.value.to_owned())));
    for key in columns.iter().filter_map(|column| column.text("clave")) {
        if keys.iter().any(|known| known == key.value) {
            continue;
        }
        let message = format!("ninguna acción ni avance tiene un dato «{}»", quoted(key.value));
        let finding = Finding::new(&code::COLUMN_UNKNOWN, key.span, message).label("desconocida");
        findings.push(match did_you_mean(key.value, keys.iter().map(String::as_str)) {
            Some(near) => finding.help(format!("¿quiso decir «{near}»?")),
            None => finding.help("declárelo en un [[dato]] del formato, en = \"accion\" o en = \"avance\""),
        });
    }
}

/// Groups that are not declared, or whose columns are not side by side.
fn groups_apart(columns: &[&Record], groups: &[&Record], findings: &mut Vec<Finding>) {
    let declared: Vec<&str> = groups.iter().filter_map(|group| Some(group.text("clave")?.value)).collect();
    let mut seen: Vec<Spanned<&str>> = Vec::new();
    let mut previous = None;
    for column in columns {
        let group = column.text("grupo");
        if let Some(group) = group {
            let earlier = seen.iter().find(|earlier| earlier.value == group.value);
            if !declared.contains(&group.value) {
                let finding = Finding::new(
                    &code::GROUP_UNKNOWN,
                    group.span,
                    format!("no hay un [[grupo]] «{}»", quoted(group.value)),
                );
                findings.push(finding.label("sin declarar").help(
                    match did_you_mean(group.value, declared.iter().copied()) {
                        Some(near) => format!("¿quiso decir «{near}»?"),
                        None => "declárelo con su clave y su titulo".into(),
                    },
                ));
            } else if let Some(earlier) = earlier.filter(|_| previous != Some(group.value)) {
                let message = format!("las columnas del grupo «{}» no están seguidas", quoted(group.value));
                findings.push(
                    Finding::new(&code::GROUP_SPLIT, group.span, message)
                        .label("separada de las demás")
                        .related(earlier.span, "el grupo empezó aquí")
                        .help("ponga juntas las columnas de cada grupo"),
                );
            }
            seen.push(group);
        }
        previous = group.map(|group| group.value);
    }
}
