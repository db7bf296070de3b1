//! Findings for a person at a terminal, in the manner of rustc: the line, the fault underlined, why, and how to mend it.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diag::{Finding, Severity, SourceFile, Sources, Span};

/// All findings, an empty line after each.
#[must_use]
pub fn human(findings: &[Finding], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Unicode);
    findings.iter().map(|finding| renderer.render(&[group(finding, sources)]) + "\n\n").collect()
}

fn group<'f>(finding: &'f Finding, sources: &'f Sources) -> Group<'f> {
    let level = match finding.code.severity {
        _ if finding.waiver.is_some() => Level::INFO.with_name("aceptado"),
        Severity::Error => Level::ERROR.with_name(Severity::Error.word()),
        Severity::Warning => Level::WARNING.with_name(Severity::Warning.word()),
        Severity::Note => Level::INFO.with_name(Severity::Note.word()),
    };
    let mut group = Group::with_title(level.primary_title(&finding.message).id(finding.code.id));
    let file = sources.get(finding.span.file);
    if is_whole(finding.span) {
        group = group.element(Origin::path(&file.name));
    } else {
        group = group.element(snippet(file, finding.span, &finding.label, AnnotationKind::Primary));
    }
    for (span, label) in &finding.related {
        group = group.element(snippet(sources.get(span.file), *span, label, AnnotationKind::Context));
    }
    if let Some(waiver) = &finding.waiver {
        let snippet = snippet(sources.get(waiver.span.file), waiver.span, "la excepción", AnnotationKind::Context);
        return group.element(snippet).element(Level::NOTE.with_name("se acepta").message(waiver.sentence()));
    }
    group = group.element(Level::NOTE.with_name("por qué").message(finding.code.why()));
    match &finding.help {
        Some(help) => group.element(Level::HELP.with_name("ayuda").message(help)),
        None => group,
    }
}

/// Whether a span stands for its file and not for a place in it.
fn is_whole(span: Span) -> bool {
    span.start == 0 && span.end == 0
}

/// The line that a span begins on, and as much of it underlined as the span covers.
fn snippet<'f>(
    file: &'f SourceFile,
    span: Span,
    label: &'f str,
    kind: AnnotationKind,
) -> Snippet<'f, annotate_snippets::Annotation<'f>> {
    let (number, _) = file.position(span.start);
    let line = file.line(number);
    let marked = within(&line, span.range());
    Snippet::source(&file.text[line]).line_start(number).path(&file.name).annotation(kind.span(marked).label(label))
}

/// The part of `range` that lies in `line`, counted from the line's beginning.
fn within(line: &Range<usize>, range: Range<usize>) -> Range<usize> {
    let start = range.start.clamp(line.start, line.end);
    start - line.start..range.end.clamp(start, line.end) - line.start
}
