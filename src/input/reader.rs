//! Holds a parsed file against its shape and reports every fault: unknown, missing and mistyped keys, odd characters.
//!
//! What comes out, a [`Record`], has only values of the declared kinds; a value with a fault is absent from it and has
//! been reported, so whoever goes on with the record need not report it again.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use toml::Spanned as TomlSpanned;
use toml::de::{DeInteger, DeTable, DeValue};
use toml::value::Datetime;

use crate::diag::{Finding, Span, Spanned, code, did_you_mean, quoted};
use crate::input::shape::{Key, Kind, Shape};
use crate::input::syntax::Parsed;
use crate::input::text::{self, Alphabet};
use crate::model::{Percent, Value, Values};

/// Most characters of an address: with one so long, the drawing of the code takes some 14 mm of the page.
pub const MAX_ADDRESS: usize = 100;

/// The values of a table, by key.
#[derive(Debug, Clone)]
pub struct Record {
    /// The table's header, where findings about the table as a whole point.
    pub span: Span,
    /// The values that are no tables.
    pub values: Values,
    tables: BTreeMap<String, Vec<Record>>,
}

impl Record {
    /// The tables under a key: one for `[x]`, any number for `[[x]]`.
    pub fn tables(&self, key: &str) -> impl Iterator<Item = &Record> {
        self.tables.get(key).into_iter().flatten()
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<Spanned<&str>> {
        self.get(key, |value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// A whole number.
    #[must_use]
    pub fn integer(&self, key: &str) -> Option<Spanned<i64>> {
        self.get(key, |value| match value {
            Value::Integer(number) => Some(*number),
            _ => None,
        })
    }

    /// A date.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<Spanned<NaiveDate>> {
        self.get(key, |value| match value {
            Value::Date(date) => Some(*date),
            _ => None,
        })
    }

    /// A list of texts.
    #[must_use]
    pub fn texts(&self, key: &str) -> &[Spanned<String>] {
        match self.values.get(key).map(|value| &value.value) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }

    fn get<'r, T>(&'r self, key: &str, pick: impl FnOnce(&'r Value) -> Option<T>) -> Option<Spanned<T>> {
        let found = self.values.get(key)?;
        Some(Spanned::new(pick(&found.value)?, found.span))
    }
}

/// Reads a parsed file.
pub fn read(parsed: &Parsed<'_>, shape: &Shape, alphabet: &Alphabet, findings: &mut Vec<Finding>) -> Record {
    Reader { alphabet, parsed, findings }.table(&parsed.table, parsed.whole(), "", shape)
}

struct Reader<'r> {
    alphabet: &'r Alphabet,
    parsed: &'r Parsed<'r>,
    findings: &'r mut Vec<Finding>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, span: Span, name: &str, shape: &Shape) -> Record {
        let mut record = Record { span, values: Values::new(), tables: BTreeMap::new() };
        for (key, value) in table {
            let written: &str = key.get_ref();
            match shape.keys.iter().find(|known| known.name == written) {
                Some(known) => self.key(&mut record, known, value),
                None if shape.open => {}
                None => self.unknown(self.parsed.span(key), written, name, shape),
            }
        }
        for key in shape.keys.iter().filter(|key| key.required && !table.contains_key(key.name.as_str())) {
            self.missing(span, name, key);
        }
        record
    }

    fn key(&mut self, record: &mut Record, key: &Key, value: &TomlSpanned<DeValue<'_>>) {
        match (&key.kind, value.get_ref()) {
            (Kind::Table(shape), DeValue::Table(table)) => {
                let header = self.header(value);
                let inner = self.table(table, header, &key.name, shape);
                record.tables.insert(key.name.clone(), vec![inner]);
            }
            (Kind::Tables(shape, _), DeValue::Array(items))
                if items.iter().all(|item| item.get_ref().is_table()) && !items.is_empty() =>
            {
                let tables = items.iter().filter_map(|item| Some((item, item.get_ref().as_table()?)));
                let inner =
                    tables.map(|(item, table)| self.table(table, self.header(item), &key.name, shape)).collect();
                record.tables.insert(key.name.clone(), inner);
            }
            (Kind::Tables(_, required), DeValue::Array(items)) if items.is_empty() => {
                if *required {
                    self.empty_list(key, self.parsed.span(value));
                }
            }
            _ if self.parsed.line_is_broken(value.span().start) => {}
            _ => {
                let span = self.parsed.span(value);
                if let Some(value) = self.value(key, value.get_ref(), span) {
                    record.values.insert(key.name.clone(), Spanned::new(value, span));
                }
            }
        }
    }

    /// A value of the kind that the key takes, or a finding.
    fn value(&mut self, key: &Key, value: &DeValue<'_>, span: Span) -> Option<Value> {
        match (&key.kind, value) {
            (Kind::Line, DeValue::String(text)) => self.line(key, text, span).map(Value::Text),
            (Kind::Address, DeValue::String(text)) => self.address(key, text, span).map(Value::Text),
            (Kind::Text | Kind::NumberOrText, DeValue::String(text)) => self.cell(key, text, span).map(Value::Text),
            (Kind::Lines, DeValue::Array(items)) => self.lines(key, items, span),
            (Kind::Integer(range, out), DeValue::Integer(number)) => match whole(number) {
                Some(number) if range.contains(&number) => Some(Value::Integer(number)),
                _ => {
                    let message = format!("«{}» no puede ser {}", key.name, self.written(span));
                    let help = match (*range.start(), *range.end()) {
                        (i64::MIN, _) => "el número tiene demasiadas cifras".to_owned(),
                        (first, last) => format!("va de {first} a {last}"),
                    };
                    self.findings.push(Finding::new(out, span, message).label("fuera de rango").help(help));
                    None
                }
            },
            (Kind::NumberOrText, DeValue::Integer(number)) => {
                self.integer(key, whole(number), span).map(Value::Integer)
            }
            (Kind::Decimal | Kind::NumberOrText, number @ (DeValue::Integer(_) | DeValue::Float(_))) => {
                self.decimal(key, number, span).map(Value::Decimal)
            }
            (Kind::Percent | Kind::PercentOrNotApplicable, number @ (DeValue::Integer(_) | DeValue::Float(_))) => {
                self.percent(key, number, span).map(Value::Percent)
            }
            (Kind::PercentOrNotApplicable, DeValue::String(text)) if text == "N/A" => Some(Value::NotApplicable),
            (Kind::Pesos, DeValue::Integer(number)) => {
                let amount = self.integer(key, whole(number).filter(|amount| *amount >= 0), span)?;
                Some(Value::Pesos(amount))
            }
            (Kind::Date, DeValue::Datetime(when)) => self.date(*when, span).map(Value::Date),
            (Kind::Boolean, DeValue::Boolean(yes)) => Some(Value::Boolean(*yes)),
            (Kind::Choice(words), DeValue::String(text)) => self.choice(key, text, words, span).map(Value::Text),
            _ => {
                self.wrong_type(key, value, span);
                None
            }
        }
    }

    /// A text of one line, such as a name.
    fn line(&mut self, key: &Key, text: &str, span: Span) -> Option<String> {
        self.characters(key, text, span, |c| c == '\n').then(|| text.to_owned())
    }

    /// The address of a page, of signs that everybody reads and types alike.
    fn address(&mut self, key: &Key, text: &str, span: Span) -> Option<String> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let has_host = host.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        // The code comes right after it, and has to be told from it.
        let ends = text.ends_with(|c: char| c.is_ascii_punctuation());
        if has_host && ends && text.len() <= MAX_ADDRESS && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Some(text.to_owned());
        }
        let message = format!("«{}» no puede ser «{}»", key.name, quoted(text));
        let help = format!(
            "debe comenzar por https://, terminar en / o en =, no tener espacios ni tildes y no pasar de {MAX_ADDRESS} caracteres"
        );
        self.findings.push(Finding::new(&code::ADDRESS, span, message).label("no es una dirección").help(help));
        None
    }

    /// A text of any number of lines; the line end before the closing `"""` is no line.
    fn cell(&mut self, key: &Key, text: &str, span: Span) -> Option<String> {
        self.characters(key, text, span, |_| false).then(|| text.trim_end_matches('\n').to_owned())
    }

    fn characters(&mut self, key: &Key, text: &str, span: Span, also_forbidden: impl Fn(char) -> bool) -> bool {
        let faults =
            text::check(&key.name, text, Written { span, text: self.parsed.text }, self.alphabet, also_forbidden);
        let sound = faults.is_empty();
        self.findings.extend(faults);
        sound
    }

    fn lines(&mut self, key: &Key, items: &[TomlSpanned<DeValue<'_>>], span: Span) -> Option<Value> {
        if items.is_empty() {
            self.empty_list(key, span);
            return None;
        }
        let mut texts = Vec::new();
        for item in items {
            let span = self.parsed.span(item);
            match item.get_ref() {
                DeValue::String(text) => texts.extend(self.line(key, text, span).map(|text| Spanned::new(text, span))),
                _ if self.parsed.line_is_broken(span.start) => {}
                other => {
                    let message =
                        format!("cada elemento de «{}» debe ser un texto, y este es {}", key.name, found(other));
                    let help = match other {
                        DeValue::Array(_) | DeValue::Table(_) => "los textos van entre comillas: [\"…\", \"…\"]".into(),
                        _ => format!("póngalo entre comillas: \"{}\"", self.written(span)),
                    };
                    self.findings.push(Finding::new(&code::TYPE, span, message).label("aquí va un texto").help(help));
                }
            }
        }
        (texts.len() == items.len()).then_some(Value::Texts(texts))
    }

    fn integer(&mut self, key: &Key, number: Option<i64>, span: Span) -> Option<i64> {
        if number.is_none() {
            let message = format!("«{}» no puede ser {}", key.name, self.written(span));
            self.findings.push(
                Finding::new(&code::NUMBER_RANGE, span, message)
                    .label("fuera de rango")
                    .help("revise las cifras y el signo"),
            );
        }
        number
    }

    /// The number exactly as written, never through binary floating point.
    fn decimal(&mut self, key: &Key, number: &DeValue<'_>, span: Span) -> Option<Decimal> {
        let exact = match number {
            DeValue::Integer(number) => whole(number).map(Decimal::from),
            DeValue::Float(number) => Decimal::from_str_exact(number.as_str()).ok(),
            _ => None,
        };
        if exact.is_none() {
            let message = format!("«{}» no puede ser {}", key.name, self.written(span));
            self.findings.push(
                Finding::new(&code::NUMBER_RANGE, span, message)
                    .label("no es un número exacto")
                    .help("escríbalo con cifras y un punto decimal, con 28 cifras como máximo"),
            );
        }
        exact
    }

    fn percent(&mut self, key: &Key, number: &DeValue<'_>, span: Span) -> Option<Percent> {
        let number = self.decimal(key, number, span)?;
        let percent = Percent::new(number);
        if percent.is_none() {
            let message = format!("«{}» no puede ser {}", key.name, self.written(span));
            self.findings.push(
                Finding::new(&code::PERCENT_RANGE, span, message)
                    .label("debe estar entre 0 y 100")
                    .help("escriba el porcentaje de avance acumulado, de 0 a 100, sin el signo %"),
            );
        }
        percent
    }

    fn date(&mut self, when: Datetime, span: Span) -> Option<NaiveDate> {
        let day = when.date.and_then(|d| NaiveDate::from_ymd_opt(d.year.into(), d.month.into(), d.day.into()));
        if when.time.is_none() && day.is_some() {
            return day;
        }
        let message = format!("«{}» no es una fecha sin hora", self.written(span));
        self.findings.push(
            Finding::new(&code::DATE_IMPOSSIBLE, span, message)
                .label("aquí va solo una fecha")
                .help("escriba año-mes-día, sin hora y sin comillas: 2024-06-30"),
        );
        None
    }

    fn choice(&mut self, key: &Key, text: &str, words: &[&'static str], span: Span) -> Option<String> {
        if words.contains(&text) {
            return Some(text.to_owned());
        }
        let help = match did_you_mean(text, words.iter().copied()) {
            Some(near) => format!("¿quiso decir \"{near}\"? Se admite: {}", words.join(", ")),
            None => format!("se admite: {}", words.join(", ")),
        };
        let message = format!("«{}» no puede ser «{}»", key.name, quoted(text));
        self.findings.push(Finding::new(&code::CHOICE, span, message).label("valor desconocido").help(help));
        None
    }

    fn wrong_type(&mut self, key: &Key, value: &DeValue<'_>, span: Span) {
        let (expected, example) = expected(&key.kind);
        let help = match (&key.kind, value) {
            (kind, DeValue::String(text)) if is_number(kind) && text.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("va sin comillas: {}", quoted(text.trim_end_matches(['%', ' '])).replace(',', "."))
            }
            (
                Kind::Line | Kind::Address | Kind::Text,
                DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_),
            ) => {
                format!("póngalo entre comillas: \"{}\"", self.written(span))
            }
            _ => format!("por ejemplo: {example}"),
        };
        let message = format!("«{}» debe ser {expected}, y es {}", key.name, found(value));
        self.findings.push(Finding::new(&code::TYPE, span, message).label(format!("aquí va {expected}")).help(help));
    }

    fn empty_list(&mut self, key: &Key, span: Span) {
        let message = format!("la lista «{}» está vacía", key.name);
        self.findings
            .push(Finding::new(&code::LIST_EMPTY, span, message).label("vacía").help("necesita al menos un elemento"));
    }

    fn unknown(&mut self, span: Span, written: &str, table: &str, shape: &Shape) {
        if self.parsed.block_is_broken(span.start) {
            return;
        }
        let place = if table.is_empty() { "el archivo".to_owned() } else { format!("«{table}»") };
        let finding =
            Finding::new(&code::KEY_UNKNOWN, span, format!("{place} no tiene una clave «{}»", quoted(written)))
                .label("desconocida");
        let names = shape.keys.iter().map(|key| key.name.as_str());
        self.findings.push(match did_you_mean(written, names.clone()) {
            Some(near) => finding.help(format!("¿quiso decir «{near}»?")),
            None => {
                finding.help(format!("las claves que se admiten aquí son: {}", names.collect::<Vec<_>>().join(", ")))
            }
        });
    }

    fn missing(&mut self, span: Span, table: &str, key: &Key) {
        if self.parsed.block_is_broken(span.start) || (table.is_empty() && self.parsed.is_broken()) {
            return;
        }
        let (message, example) = match &key.kind {
            Kind::Table(_) => {
                (format!("falta la tabla [{}]", key.name), format!("agregue el encabezado [{}] y sus claves", key.name))
            }
            Kind::Tables(..) => {
                (format!("no hay ningún [[{}]]", key.name), format!("agregue al menos un [[{}]]", key.name))
            }
            kind => (
                format!("falta la clave «{}» en «{table}»", key.name),
                format!("agregue: {} = {}", key.name, expected(kind).1),
            ),
        };
        self.findings.push(
            Finding::new(&code::KEY_MISSING, span, message)
                .label("le falta una clave")
                .help(format!("{example}. {}", key.doc)),
        );
    }

    /// The header of a table: its `[…]` line, or the opening brace of an inline table.
    fn header(&self, value: &TomlSpanned<DeValue<'_>>) -> Span {
        let span = self.parsed.span(value);
        let first_line = self.parsed.text[span.range()].find('\n').map_or(span.end, |at| span.start + at);
        Span { end: first_line, ..span }
    }

    /// What the user wrote, as a message quotes it.
    fn written(&self, span: Span) -> String {
        quoted(&self.parsed.text[span.range()])
    }
}

/// A text in the file that is being checked: its place, and the file it stands in.
#[derive(Clone, Copy)]
pub struct Written<'t> {
    /// The value, quotes included.
    pub span: Span,
    /// The text of the whole file.
    pub text: &'t str,
}

/// A whole number in any of the notations of TOML.
fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Whether values of a kind are written without quotes.
fn is_number(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Integer(..) | Kind::Decimal | Kind::Percent | Kind::PercentOrNotApplicable | Kind::Pesos | Kind::Date
    )
}

/// What a kind is called, and an example of it.
fn expected(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Line | Kind::Text => ("un texto", "\"…\""),
        Kind::Address => ("una dirección", "\"https://www.entidad.gov.co/\""),
        Kind::Lines => ("una lista de textos", "[\"…\", \"…\"]"),
        Kind::Integer(range, _) if *range.start() > 1 => ("un número entero", "2025"),
        Kind::Integer(..) => ("un número entero", "1"),
        Kind::Decimal => ("un número", "45.5"),
        Kind::Percent => ("un porcentaje", "45.5"),
        Kind::PercentOrNotApplicable => ("un porcentaje o \"N/A\"", "45.5"),
        Kind::Pesos => ("un valor en pesos", "1250000000"),
        Kind::Date => ("una fecha", "2024-06-30"),
        Kind::NumberOrText => ("un número o un texto", "1"),
        Kind::Boolean => ("true o false", "true"),
        Kind::Choice(words) => ("una palabra de la lista", words.first().copied().unwrap_or("…")),
        Kind::Table(_) => ("una tabla", "[…]"),
        Kind::Tables(..) => ("una lista de tablas", "[[…]]"),
    }
}

/// What a value is called.
fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "un texto",
        DeValue::Integer(_) => "un número entero",
        DeValue::Float(_) => "un número con decimales",
        DeValue::Boolean(_) => "true o false",
        DeValue::Datetime(_) => "una fecha o una hora",
        DeValue::Array(_) => "una lista",
        DeValue::Table(_) => "una tabla",
    }
}
