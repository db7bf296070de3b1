//! One file for each form in which a report leaves the program.

mod image;
mod pdf;
mod write;

use serde::{Deserialize, Serialize};
use typst_layout::PagedDocument;

use crate::diag::{Finding, Span, code};
use crate::model::{Quarter, Year};
use crate::view::View;

pub use image::remove_old_pages;
pub use write::{
    Written, append, is_signed, remove_leftovers, rewrite, sync_folder, write_cache, write_new, write_whole,
};

/// A form of a finished report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// PDF/A-3a and PDF/UA-1: the official document.
    Pdf,
    /// A picture of each page.
    Png,
    /// A drawing of each page.
    Svg,
}

/// A file of a report, not yet written.
#[derive(Debug)]
pub struct ExportedFile {
    /// What comes after the report's name: `.pdf`, `-p001.png`.
    pub suffix: String,
    /// Its contents.
    pub bytes: Vec<u8>,
}

/// What a report is called, without an ending.
#[must_use]
pub fn report_name(year: Year, quarter: Quarter) -> String {
    format!("seguimiento-{}-{}t", year.get(), quarter.number())
}

/// A document in a form; `ident` names the document in the PDF's identifier.
///
/// # Errors
/// What the PDF standards refuse, one sentence each.
pub fn export(document: &PagedDocument, format: Format, ident: &str) -> Result<Vec<ExportedFile>, Vec<String>> {
    match format {
        Format::Pdf => Ok(vec![ExportedFile { suffix: ".pdf".into(), bytes: pdf::pdf(document, ident)? }]),
        Format::Png => image::png(document).map_err(|message| vec![message]),
        Format::Svg => Ok(image::svg(document)),
    }
}

/// A report's data as JSON, with a line end.
#[must_use]
pub fn json(view: &View) -> Vec<u8> {
    // A view holds only strings, numbers and lists: there is nothing in it that JSON could not say.
    let mut json = serde_json::to_vec_pretty(view).unwrap_or_default();
    json.push(b'\n');
    json
}

/// What an exporter refused, as a finding.
#[must_use]
pub fn refused(message: &str, place: Span) -> Finding {
    Finding::new(&code::EXPORT_REFUSED, place, format!("el informe no se puede guardar: {message}"))
}
