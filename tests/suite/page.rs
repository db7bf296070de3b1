//! How the pages look: against pictures that a person has looked at, and against rules that hold for any data.
//!
//! A layout that was changed on purpose: `UPDATE_REFERENCES=1 cargo test --release page`, then look at the new pictures
//! in `tests/reference` before they are committed.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::{Strategy, prop};
use proptest::test_runner::{Config, TestRunner};
use seguimiento::pipeline::Format;
use typst::layout::{Frame, FrameItem, Point, Transform};
use typst::text::TextItem;

use crate::pdf::annex;
use crate::pdf::office::{CELLS_OF_ACTION, Data, Made, shipped, shipped_with_annex};
use crate::pdf::tagged::Tagged;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Difference of a colour channel that an eye would see.
const VISIBLE: u8 = 32;
/// How many pixels of a page, in a thousand, may differ visibly.
const TOLERATED: usize = 1;
const POINTS_PER_MM: f64 = 72.0 / 25.4;

// ---- Pictures ----

/// A picture in RGB, 8 bits a channel.
#[derive(PartialEq)]
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    fn read(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let mut buffer = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut buffer).expect("a PNG");
        let pixels = buffer[..info.buffer_size()].chunks_exact(info.color_type.samples());
        let pixels = pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        Self { width: info.width as usize, height: info.height as usize, pixels }
    }

    /// Half as wide and half as high, each pixel the mean of four: fine enough to see a moved line, small enough to keep.
    fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mean = |x: usize, y: usize| {
            let four =
                [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(dx, dy)| self.pixels[(2 * y + dy) * self.width + 2 * x + dx]);
            [0, 1, 2].map(|channel| {
                (four.iter().map(|pixel| u16::from(pixel[channel])).sum::<u16>() / 4).try_into().unwrap_or(u8::MAX)
            })
        };
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| mean(x, y)).collect();
        Self { width, height, pixels }
    }

    fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        let file = fs::File::create(path).expect("a file");
        let (width, height) = (u32::try_from(self.width).expect("small"), u32::try_from(self.height).expect("small"));
        let mut encoder = png::Encoder::new(file, width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(self.pixels.as_flattened()).expect("pixels");
    }

    /// The other picture greyed, with what differs visibly in red; and how many pixels do.
    fn difference(&self, other: &Self) -> (Self, usize) {
        let differs = |(a, b): (&[u8; 3], &[u8; 3])| (0..3).any(|channel| a[channel].abs_diff(b[channel]) > VISIBLE);
        let marked: Vec<bool> = self.pixels.iter().zip(&other.pixels).map(differs).collect();
        let grey = |pixel: &[u8; 3]| [170 + pixel[1] / 3; 3];
        let pixels = other.pixels.iter().zip(&marked).map(|(pixel, red)| if *red { [220, 0, 0] } else { grey(pixel) });
        (Self { pixels: pixels.collect(), ..*self }, marked.iter().filter(|red| **red).count())
    }
}

/// Compares the pages of a report with its pictures in `tests/reference`; with `UPDATE_REFERENCES` it writes them.
fn compare(name: &str, made: &Made) {
    let references = Path::new(ROOT).join("tests/reference");
    let pages = made.composed().export(Format::Png).expect("pictures");
    let pages: Vec<Picture> = pages.iter().map(|page| Picture::read(&page.bytes).halved()).collect();
    let path = |page: usize| references.join(format!("{name}-p{page}.png"));
    if std::env::var_os("UPDATE_REFERENCES").is_some() {
        pages.iter().enumerate().for_each(|(index, page)| page.write(&path(index + 1)));
        (pages.len() + 1..1000)
            .map(path)
            .take_while(|stale| stale.exists())
            .for_each(|stale| fs::remove_file(stale).expect("removed"));
        return;
    }
    let expected = (1..1000).take_while(|page| path(*page).exists()).count();
    assert_eq!(pages.len(), expected, "pages of {name}; UPDATE_REFERENCES=1 accepts a change");
    for (index, page) in pages.iter().enumerate() {
        let reference = Picture::read(&fs::read(path(index + 1)).expect("a reference"));
        let actual = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-p{}-actual.png", index + 1));
        if (page.width, page.height) != (reference.width, reference.height) {
            page.write(&actual);
            panic!("page {} of {name} has another size: {}", index + 1, actual.display());
        }
        let (difference, count) = reference.difference(page);
        if count * 1000 > TOLERATED * page.pixels.len() {
            let picture = actual.with_file_name(format!("{name}-p{}-difference.png", index + 1));
            page.write(&actual);
            difference.write(&picture);
            panic!(
                "page {} of {name} differs in {count} pixels: {}, {}",
                index + 1,
                actual.display(),
                picture.display()
            );
        }
    }
}

#[test]
fn the_real_report_looks_as_it_was_approved() {
    compare("rmbc-2024-2t", &shipped("rmbc-2024", 2));
}

#[test]
fn the_example_looks_as_it_was_approved() {
    for quarter in [1, 4] {
        compare(&format!("ejemplo-2025-{quarter}t"), &shipped("ejemplo-2025", quarter));
    }
}

#[test]
fn an_annex_looks_as_it_was_approved() {
    compare("rmbc-2024-2t-anexo", &shipped_with_annex("rmbc-2024", 2, annex::some));
}

#[test]
fn a_comparison_of_pictures_sees_a_word_that_changed() {
    let picture = |text: &str| {
        let made = Data::with_actions(3).follow_up("avance.1.cualitativo", text).make();
        Picture::read(&made.composed().export(Format::Png).expect("pictures")[0].bytes).halved()
    };
    let (before, after) = (picture("Se hizo todo lo previsto."), picture("Se hizo todo lo previsto."));
    assert_eq!(before.difference(&after).1, 0);
    assert!(before.difference(&picture("No se hizo nada.")).1 > 20);
}

// ---- Rules ----

/// A text on a page: left, right, baseline, in points.
struct Placed {
    left: f64,
    right: f64,
    baseline: f64,
    space_width: f64,
    text: String,
}

impl Placed {
    /// Where its ink ends: spaces at the end of a line may reach further.
    fn ink_right(&self) -> f64 {
        let spaces = self.text.chars().rev().take_while(|c| c.is_whitespace());
        self.right - spaces.map(|_| self.space_width).sum::<f64>()
    }
}

/// All texts of a frame, wherever they are nested.
fn texts(frame: &Frame, origin: Point, found: &mut Vec<Placed>) {
    for (position, item) in frame.items() {
        let at = origin + *position;
        match item {
            FrameItem::Group(group) => {
                let straight =
                    group.transform.pre_concat(Transform::translate(-group.transform.tx, -group.transform.ty));
                assert!(straight.is_identity(), "the layout neither turns nor scales text");
                texts(&group.frame, at + Point::new(group.transform.tx, group.transform.ty), found);
            }
            FrameItem::Text(text) => found.push(Placed {
                left: at.x.to_pt(),
                right: (at.x + text.width()).to_pt(),
                baseline: at.y.to_pt(),
                space_width: space_width(text),
                text: text.text.to_string(),
            }),
            _ => {}
        }
    }
}

/// How wide the last glyph is, in points: that of the space if the text ends with one.
fn space_width(text: &TextItem) -> f64 {
    text.glyphs.last().map_or(0.0, |glyph| glyph.x_advance.at(text.size).to_pt())
}

/// Asserts that every text is well inside its page, and that none runs over its neighbour on the same line.
pub fn assert_in_its_place(made: &Made) {
    const EDGE: f64 = 5.0 * POINTS_PER_MM;
    for (number, page) in (1..).zip(made.composed().document.pages()) {
        let mut placed = Vec::new();
        texts(&page.frame, Point::zero(), &mut placed);
        let size = page.frame.size();
        for text in &placed {
            let inside = text.left >= EDGE && text.ink_right() <= size.x.to_pt() - EDGE;
            let on_page = text.baseline >= EDGE && text.baseline <= size.y.to_pt() - EDGE;
            assert!(inside && on_page, "{:?} leaves page {number}", text.text);
        }
        placed.retain(|text| !text.text.trim().is_empty());
        placed.sort_by(|a, b| a.baseline.total_cmp(&b.baseline));
        for (index, text) in placed.iter().enumerate() {
            for other in placed[index + 1..].iter().take_while(|other| other.baseline - text.baseline < 1.0) {
                let common = text.ink_right().min(other.ink_right()) - text.left.max(other.left);
                assert!(common < 0.5, "{:?} runs over {:?} on page {number}", text.text, other.text);
            }
        }
    }
}

pub fn words(number: usize) -> String {
    (1..=number).map(|n| format!("palabra{n:04}")).collect::<Vec<_>>().join(" ")
}

/// Reports of 1 to 25 rows, each with a narrative, a name and a list of units of any size that fits on a page.
fn reports() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((1..260_usize, 1..40_usize, 1..12_usize), 1..25)
}

#[test]
fn a_row_that_fits_on_a_page_is_never_split() {
    let mut runner = TestRunner::new_with_rng(
        Config { failure_persistence: None, ..Config::with_cases(16) },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&reports(), |rows| {
        let mut data = Data::with_actions(rows.len());
        for (index, (narrative, name, units)) in rows.iter().enumerate() {
            let units: Vec<String> = (0..*units).map(|unit| format!("Subdirección número {unit}")).collect();
            data = data
                .follow_up(&format!("avance.{index}.cualitativo"), words(*narrative))
                .plan(&format!("accion.{index}.nombre"), words(*name))
                .plan(&format!("accion.{index}.responsables"), units);
        }
        let pdf = data.tagged();
        let printed = pdf.rows();
        assert_eq!(printed.len(), rows.len());
        let mut last = 0;
        for (row, (narrative, name, _)) in printed.iter().zip(&rows) {
            let pages: BTreeSet<usize> = row.iter().flat_map(|cell| cell.pages()).collect();
            assert_eq!(pages.len(), 1, "action {} stands on pages {pages:?}", row[0].text());
            assert!(pages.first() >= Some(&last), "and rows follow each other");
            last = *pages.first().expect("a page");
            assert_eq!((row[11].text(), row[1].text()), (words(*narrative), words(*name)));
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Checks that the first row goes over several pages, the headings again on each.
fn assert_continued(pdf: &Tagged) -> BTreeSet<usize> {
    let pages: BTreeSet<usize> = pdf.rows()[0].iter().flat_map(|cell| cell.pages()).collect();
    assert!(pages.len() > 1, "longer than a page");
    assert_eq!(pages.len(), pages.last().expect("pages") - pages.first().expect("pages") + 1, "without a gap");
    for page in pages.iter().filter(|page| **page > 0) {
        for heading in ["Objetivo:", "SEGUIMIENTO II TRIMESTRE 2024", "AVANCE CUALITATIVO"] {
            assert!(pdf.artifacts[*page].contains(heading), "{heading} on page {}", page + 1);
        }
    }
    pages
}

#[test]
fn a_narrative_longer_than_a_page_loses_no_word_and_repeats_the_headings() {
    let narrative = words(1700);
    assert!(narrative.len() > 20_000);
    let made = Data::with_actions(2).follow_up("avance.0.cualitativo", narrative.as_str()).make();
    let pdf = made.tagged();
    assert_continued(&pdf);
    assert_eq!(pdf.rows()[0][11].text(), narrative);
    assert_eq!(pdf.rows()[1][11].text(), "Se hizo.");
    assert_in_its_place(&made);
}

#[test]
fn a_cell_of_many_lines_and_a_narrow_one_are_continued_as_well() {
    let lines: Vec<String> = (1..=300).map(|line| format!("línea {line}")).collect();
    let data = Data::with_actions(2)
        .follow_up("avance.0.cualitativo", lines.join("\n"))
        .plan("accion.0.responsables", lines.clone())
        .plan("accion.0.meta", words(200));
    let made = data.make();
    let pdf = made.tagged();
    assert_continued(&pdf);
    let row = pdf.first_row();
    assert_eq!((&row[11], &row[2]), (&lines, &lines));
    assert_eq!(row[5], [words(200)]);
    assert_in_its_place(&made);
}

#[test]
fn words_too_long_for_their_column_stay_inside_it() {
    let url = format!(
        "https://www.ejemplo.gov.co/{}?clave={}",
        "transparencia/planes-y-programas/".repeat(8),
        "9".repeat(80)
    );
    for word in ["Desoxirribonucleico".repeat(16), "W".repeat(300), url, "a-b".repeat(100), "ñ".repeat(5_000)] {
        let made = Data::with_actions(1).row_of(&word).make();
        assert_in_its_place(&made);
        let row = made.tagged().first_row();
        for (column, cell) in row.iter().enumerate().filter(|(column, _)| [1, 3, 4, 5, 8, 9, 11].contains(column)) {
            assert_eq!(cell, &[word.as_str()], "column {}", column + 1);
        }
        assert_eq!(row[2], [word.as_str(), word.as_str()]);
    }
    assert_eq!(CELLS_OF_ACTION.len() + 1, 7, "the columns looked at are those of row_of");
}

#[test]
fn long_words_in_head_and_signatures_stay_on_the_page() {
    let word = "Metropolitanísima".repeat(6);
    let document: toml::Table = "codigo = 'C'\nversion = '1'\nfecha = 2024-01-15".parse().unwrap();
    let head = ["entidad.nombre", "entidad.sigla", "plan.objetivo", "documento.codigo", "documento.version"];
    for path in head.into_iter().chain(["firma.0.nombre", "firma.0.cargo"]) {
        let made = Data::with_actions(1)
            .plan("firma", vec![toml::toml! { rol = "reviso" }])
            .plan("documento", document.clone())
            .plan(path, word.repeat(if path == "plan.objetivo" { 5 } else { 1 }))
            .make();
        assert_in_its_place(&made);
    }
}

#[test]
fn the_shipped_reports_keep_inside_their_pages_and_columns() {
    assert_in_its_place(&shipped("rmbc-2024", 2));
    for quarter in 1..=4 {
        assert_in_its_place(&shipped("ejemplo-2025", quarter));
    }
}

#[test]
fn every_paper_has_its_own_size_and_holds_the_report() {
    for (paper, width, height) in
        [("oficio", 330.0, 216.0), ("legal", 355.6, 215.9), ("carta", 279.4, 215.9), ("a3", 420.0, 297.0)]
    {
        let made =
            Data::with_actions(20).follow_up("avance.0.cualitativo", words(250)).plan("plan.papel", paper).make();
        let pdf = made.tagged();
        assert_in_its_place(&made);
        assert_eq!(pdf.rows().len(), 20);
        for size in &pdf.sizes {
            let close = |points: f32, mm: f64| (f64::from(points) - mm * POINTS_PER_MM).abs() < 0.01;
            assert!(close(size.0, width) && close(size.1, height), "{paper}: {size:?}");
        }
    }
}
