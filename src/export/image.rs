//! Pictures of the pages: PNG to look at, SVG to put on a site.

use typst_layout::PagedDocument;
use typst_render::{RenderOptions, render};

use crate::export::ExportedFile;

/// Pixels for each typographic point: 144 to the inch.
const PIXELS_PER_POINT: f64 = 2.0;

/// One PNG for each page.
///
/// # Errors
/// When the encoder fails.
pub fn png(document: &PagedDocument) -> Result<Vec<ExportedFile>, String> {
    let pages = document.pages().iter().enumerate();
    pages
        .map(|(index, page)| {
            let options = RenderOptions { pixel_per_pt: PIXELS_PER_POINT.into(), ..RenderOptions::default() };
            let bytes = render(page, &options).encode_png().map_err(|error| error.to_string())?;
            Ok(ExportedFile { suffix: suffix(index, "png"), bytes })
        })
        .collect()
}

/// One SVG for each page.
pub fn svg(document: &PagedDocument) -> Vec<ExportedFile> {
    let pages = document.pages().iter().enumerate();
    let options = typst_svg::SvgOptions::default();
    pages
        .map(|(index, page)| ExportedFile {
            suffix: suffix(index, "svg"),
            bytes: typst_svg::svg(page, &options).into_bytes(),
        })
        .collect()
}

fn suffix(index: usize, extension: &str) -> String {
    format!("-p{:03}.{extension}", index + 1)
}
