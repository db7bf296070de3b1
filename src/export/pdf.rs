//! PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1), together. Which clause is held by what: `conformance.md`.

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::again::PROGRAM;
use crate::sign::prepare;

/// The document as PDF, with its empty signature fields. The same document and `ident` give the same bytes: dates come from the document, identifiers
/// from `ident` and from the contents.
///
/// # Errors
/// What the standards refuse, one sentence each.
pub fn pdf(document: &PagedDocument, ident: &str) -> Result<Vec<u8>, Vec<String>> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|error| vec![error.message().to_string()])?;
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some(PROGRAM.into())),
        standards,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(document, &options)
        .map_err(|errors| errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>())?;
    prepare(pdf).map_err(|fault| vec![fault.to_string()])
}
