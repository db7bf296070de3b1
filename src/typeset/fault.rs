//! What typst says of a template, as findings in the template's own file.

use typst::diag::{Severity, SourceDiagnostic};
use typst::syntax::FileId;
use typst::{World, WorldExt};

use crate::diag::SourceFile;
use crate::diag::{Finding, Sources, Span, code};
use crate::typeset::world::ReportWorld;

/// Something that typst found wrong or doubtful.
#[derive(Debug)]
pub struct Diagnosed {
    is_error: bool,
    message: String,
    hints: Vec<String>,
    /// File name, its text, and the place in it; absent where typst points at no file.
    place: Option<(String, String, std::ops::Range<usize>)>,
}

impl Diagnosed {
    /// A file of the template has a name that typst cannot hold.
    pub(super) fn bad_path(path: &str) -> Self {
        let message = format!("un archivo de su carpeta tiene un nombre que typst no admite, {path:?}");
        Self { is_error: true, message, hints: Vec::new(), place: None }
    }

    /// The finding, in the template's file, or in `otherwise` if typst points at none.
    pub fn finding(self, sources: &mut Sources, otherwise: Span) -> Finding {
        let span = match self.place {
            Some((name, text, range)) => {
                let file = sources.add(SourceFile::new(name, text.clone().into_bytes(), text));
                Span::new(file, range)
            }
            None => otherwise,
        };
        let (code, what) = if self.is_error {
            (&code::TEMPLATE, "typst no pudo componer la plantilla")
        } else {
            (&code::TEMPLATE_WARNING, "typst advierte sobre la plantilla")
        };
        let finding = Finding::new(code, span, format!("{what}: {}", self.message)).label("aquí");
        if self.hints.is_empty() { finding } else { finding.help(self.hints.join("; ")) }
    }
}

/// Takes from a diagnostic what outlives the world it came from.
pub(super) fn diagnose(diagnostic: &SourceDiagnostic, world: &ReportWorld<'_>) -> Diagnosed {
    // A fault deep in the standard library is shown where the template called it.
    let spans = std::iter::once(diagnostic.span).chain(diagnostic.trace.iter().map(|point| point.span.into()));
    // The files that the program gives to the template are nowhere on the user's disk.
    let own = |id: &FileId| !world.is_given(*id);
    let place = spans.into_iter().find_map(|span| {
        let id = span.id().filter(own)?;
        let source = world.source(id).ok()?;
        let range = world.range(span)?;
        Some((world.name(id), source.text().to_owned(), range))
    });
    Diagnosed {
        is_error: diagnostic.severity == Severity::Error,
        message: if place.is_some() {
            diagnostic.message.trim_start_matches("assertion failed: ").to_owned()
        } else {
            let function = world.asked_for(diagnostic.span);
            format!("{} {}", world.defines(function), unusable(&diagnostic.message, function))
        },
        // Hints about options of the typst command line would mislead here.
        hints: diagnostic.hints.iter().map(|hint| hint.v.to_string()).filter(|hint| !hint.contains("--")).collect(),
        place,
    }
}

/// What is wrong with a file as a whole that is to define a function, where typst can only point at the program's own wrapper.
fn unusable(message: &str, function: &str) -> String {
    match message {
        _ if message.starts_with("file not found") => "no existe".into(),
        _ if message.starts_with("unresolved import") => format!("no define la función «{function}»"),
        _ if message.contains("not valid UTF-8") || message.contains("not valid utf-8") => "no está en UTF-8".into(),
        _ => format!("no se puede usar ({message})"),
    }
}
