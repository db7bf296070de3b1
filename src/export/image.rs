//! Pictures of the pages: PNG to look at, SVG to put on a site.

use std::path::Path;

use anyhow::{Context, Result};
use typst_layout::PagedDocument;
use typst_render::{RenderOptions, render};

use crate::export::{ExportedFile, Format};

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

/// A report that got shorter leaves no picture of a page that it no longer has.
///
/// # Errors
/// When a picture cannot be removed.
pub fn remove_old_pages(folder: &Path, report: &str, format: Format, pages: usize) -> Result<()> {
    let extension = match format {
        Format::Pdf => return Ok(()),
        Format::Png => "png",
        Format::Svg => "svg",
    };
    let begins = format!("{report}-p");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let number =
            name.to_str().and_then(|name| name.strip_prefix(&begins)?.strip_suffix(extension)?.strip_suffix('.'));
        if number.and_then(|number| number.parse::<usize>().ok()).is_some_and(|number| number > pages) {
            let failed = || format!("no se puede quitar la página sobrante «{}»", entry.path().display());
            std::fs::remove_file(entry.path()).with_context(failed)?;
        }
    }
    Ok(())
}

fn suffix(index: usize, extension: &str) -> String {
    format!("-p{:03}.{extension}", index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_a_report_no_longer_has_are_taken_away_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let names =
            ["r-p001.svg", "r-p002.svg", "r-p004.svg", "r-p1000.svg", "r-p004.png", "s-p004.svg", "r-plano.svg"];
        for name in names {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        remove_old_pages(folder.path(), "r", Format::Svg, 1).unwrap();
        let left: Vec<&str> = names.into_iter().filter(|name| folder.path().join(name).exists()).collect();
        assert_eq!(left, ["r-p001.svg", "r-p004.png", "s-p004.svg", "r-plano.svg"]);
    }
}
