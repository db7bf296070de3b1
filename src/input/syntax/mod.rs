//! The text of a TOML file: parsed with recovery, its faults told in Spanish.
//!
//! The parser names its faults in English and may report one slip several times. Here each line keeps its first fault,
//! said in the words of the office, with the remedy for the slips that people coming from Excel and Word make.

mod recover;
mod spanish;

use std::cell::OnceCell;

use toml::de::DeTable;

use crate::diag::{FileId, Finding, SourceFile, Span, Spanned, code};

/// A parsed file, and what of it cannot be trusted because of its faults.
pub struct Parsed<'t> {
    /// The root table, with what could be recovered.
    pub table: DeTable<'t>,
    /// The text that it was parsed from.
    pub text: &'t str,
    file: FileId,
    faults: Vec<Fault>,
    /// Where the table headers begin; only looked for where keys may be lost.
    headers: Vec<usize>,
}

/// A fault of syntax: where it is, and how far it reaches.
struct Fault {
    at: usize,
    /// Whether keys around it may be lost or in the wrong table; otherwise only the value on its line is in doubt.
    structural: bool,
}

impl Parsed<'_> {
    /// The text under `[table]` `key`, with its place.
    #[must_use]
    pub fn text_at(&self, table: &str, key: &str) -> Option<Spanned<&str>> {
        let value = self.table.get(table)?.get_ref().get(key)?;
        Some(Spanned::new(value.get_ref().as_str()?, self.span(value)))
    }

    /// The place that stands for the file.
    #[must_use]
    pub fn whole(&self) -> Span {
        Span::whole(self.file)
    }

    /// The place of a key or value.
    #[must_use]
    pub fn span(&self, value: &toml::Spanned<impl Sized>) -> Span {
        let range = value.span();
        let start = self.text.floor_char_boundary(range.start);
        Span::new(self.file, start..self.text.ceil_char_boundary(range.end).max(start))
    }

    /// Whether keys may be lost or in the wrong table: what seems missing may only be unreadable.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.faults.iter().any(|fault| fault.structural)
    }

    /// Whether a fault of syntax stands on the line where `byte` is: a value there may not be what was written.
    #[must_use]
    pub fn line_is_broken(&self, byte: usize) -> bool {
        let start = self.text[..byte].rfind('\n').map_or(0, |at| at + 1);
        let end = line_end(self.text, byte);
        self.faults.iter().any(|fault| (start..=end).contains(&fault.at))
    }

    /// Whether keys may be lost between the table header before `byte` and the next one.
    #[must_use]
    pub fn block_is_broken(&self, byte: usize) -> bool {
        if !self.is_broken() {
            return false;
        }
        let next = self.headers.partition_point(|&at| at <= byte);
        let start = next.checked_sub(1).map_or(0, |header| self.headers[header]);
        // A fault in the next header takes its keys into this table.
        let end = self.headers.get(next + 1).copied().unwrap_or(self.text.len());
        self.faults.iter().any(|fault| fault.structural && (start..end).contains(&fault.at))
    }
}

/// Parses a file, reporting every fault of its syntax. `repaired` is room for the text without its unclosed lists.
pub fn parse<'t>(
    source: &'t SourceFile,
    file: FileId,
    repaired: &'t OnceCell<String>,
    findings: &mut Vec<Finding>,
) -> Parsed<'t> {
    let text = source.text.as_str();
    let (mut table, mut errors) = DeTable::parse_recoverable(text);
    let mut parsed = Parsed { table: DeTable::new(), text, file, faults: Vec::new(), headers: Vec::new() };
    let in_lists = errors.iter().any(|error| ["array", "recurse"].iter().any(|word| error.message().contains(word)));
    let unclosed = if in_lists { recover::unclosed_lists(text) } else { Vec::new() };
    for &at in &unclosed {
        let help = "ciérrela en la misma línea, o ponga el corchete después del último elemento: [\"uno\", \"dos\"]";
        let finding =
            Finding::new(&code::SYNTAX, Span::new(file, at..at + 1), "a la lista le falta el corchete ] que la cierra");
        findings.push(finding.label("se abre aquí").help(help));
        parsed.faults.push(Fault { at, structural: true });
    }
    if !unclosed.is_empty() {
        // What follows an unclosed list would be read as part of it: read it again without the list.
        (table, errors) = DeTable::parse_recoverable(repaired.get_or_init(|| recover::without_lists(text, &unclosed)));
    }
    parsed.table = table.into_inner();
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let (mut reported_to, mut twice_to) = (None, None);
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let start =
            opening(error.message(), range.start, text).unwrap_or_else(|| text.floor_char_boundary(range.start));
        if reported_to.is_some_and(|end| start <= end) || (!unclosed.is_empty() && parsed.line_is_broken(start)) {
            continue;
        }
        reported_to = Some(line_end(text, start));
        if error.message().starts_with("duplicate key") {
            // A header that stands twice makes all its keys stand twice: one slip.
            if twice_to.is_some_and(|end| start < end) {
                continue;
            }
            twice_to = header_block(text, start).map(|block| block.end);
        }
        parsed.faults.push(Fault { at: start, structural: is_structural(error.message(), text, start) });
        let end = if start < range.start { start + 3 } else { text.ceil_char_boundary(range.end).max(start) };
        let span = Span::new(file, start..end);
        findings.push(spanish::finding(&error, span, text));
    }
    if parsed.is_broken() {
        let starts_line = |at: &usize| *at == 0 || text[..*at].ends_with('\n');
        parsed.headers = text.match_indices('[').map(|(at, _)| at).filter(starts_line).collect();
    }
    parsed
}

/// If `at` is in a table header, the header and its lines up to the next one.
fn header_block(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let is_header = text[start..].starts_with('[');
    is_header.then(|| start..text[at..].find("\n[").map_or(text.len(), |end| at + end + 1))
}

/// Where a text of several lines opens that is never closed: the parser points at the end of the file instead.
fn opening(message: &str, at: usize, text: &str) -> Option<usize> {
    if at < text.trim_end().len() {
        return None; // a fault inside a text, at its own place
    }
    let quotes = match message {
        _ if message.starts_with("invalid multi-line basic string") => "\"\"\"",
        _ if message.starts_with("invalid multi-line literal string") => "'''",
        _ => return None,
    };
    text.rfind(quotes)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end)
}

/// Whether a fault may cost keys: one in a value on a line of its own does not.
fn is_structural(message: &str, text: &str, at: usize) -> bool {
    const OF_A_VALUE: &[&str] = &[
        "invalid date",
        "invalid time",
        "invalid datetime",
        "string values must be quoted",
        "invalid basic string",
        "invalid literal string",
        "missing escaped value",
        "too few unicode",
        "invalid escape",
        "invalid float",
        "invalid integer",
        "invalid mantissa",
        "invalid fraction",
        "invalid exponent",
        "invalid boolean",
        "unexpected leading zero",
        "unexpected sign",
        "unexpected key or value",
        "`_` may only go",
    ];
    let line = text[..at].rfind('\n').map_or(text, |end| &text[end + 1..]);
    let header = line.trim_start().starts_with('[');
    let value = OF_A_VALUE.iter().any(|prefix| message.starts_with(prefix))
        && line.lines().next().is_some_and(|l| l.contains('='));
    header || !(value || message.starts_with("duplicate key"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;

    fn faults(text: &str) -> Vec<(usize, String)> {
        let mut sources = Sources::default();
        let file = sources.add(SourceFile::new("x".into(), vec![], text.into()));
        let mut findings = Vec::new();
        parse(sources.get(file), file, &OnceCell::new(), &mut findings);
        findings.iter().map(|f| (sources.position(f.span).0, f.help.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn one_slip_is_one_finding_and_the_next_slip_is_still_found() {
        let text = "a = [1, 2\nb = 3\n\n[t]\nc = \"sin cerrar\nd = 1\ne = 00012\nf = [\n  \"x\",\n\n[[u]]\ng = 1\n";
        let lines: Vec<_> = faults(text).iter().map(|fault| fault.0).collect();
        assert_eq!(lines, [1, 8, 5, 7]);
        assert!(faults("a = [\"x # ]\",\n 'y', # ]\n]\nb = [[1], [2]]\n").is_empty());
    }

    #[test]
    fn a_text_that_is_never_closed_is_told_of_where_it_opens_and_a_fault_inside_one_where_it_is() {
        let lines = |text: &str| faults(text).iter().map(|fault| fault.0).collect::<Vec<_>>();
        assert_eq!(lines("a = \"\"\"uno\ndos\n\"\"\"\nb = \"\"\"tres\ncuatro\n"), [4]);
        assert_eq!(lines("a = \"\"\"uno\ndos\u{7}\n\"\"\"\nb = \"\"\"tres\ncuatro\"\"\"\n"), [2]);
    }

    #[test]
    fn a_bracket_in_a_narrative_is_no_list() {
        let lines: Vec<_> =
            faults("a = \"\"\"\nx = [ sin cerrar\n\"\"\"\nb = 00012\n").iter().map(|fault| fault.0).collect();
        assert_eq!(lines, [4]);
    }

    #[test]
    fn the_habits_of_excel_get_their_own_remedy() {
        assert!(faults("a = 45,5\n")[0].1.ends_with("45.5"));
        assert!(faults("a = 45 %\n")[0].1.ends_with("45"));
        assert!(faults("a = 30/6/2024\n")[0].1.ends_with("2024-06-30"));
        assert!(faults("a = N/A\n")[0].1.ends_with("\"N/A\""));
        assert!(faults("a = “hola”\n")[0].1.contains("rectas"));
        assert!(faults("a = 2024-02-30\n")[0].1.contains("29"));
        assert!(faults("a = 2024-6-30\n")[0].1.contains("2024-06-30"));
    }

    #[test]
    fn two_hundred_thousand_brackets_are_one_finding() {
        assert_eq!(faults(&format!("a = {}", "[".repeat(200_000))).len(), 1);
    }
}
