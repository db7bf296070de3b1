//! Any bytes at all as a `plan.toml`, a `trimestre-N.toml` and a `formato.toml`: the reader must come back, and every
//! finding must stand at a place that the file has and be fit to be shown.

#![no_main]

use std::cell::OnceCell;

use libfuzzer_sys::fuzz_target;
use seguimiento::diag::{Sources, render};
use seguimiento::input::file::add_text;
use seguimiento::input::text::Alphabet;
use seguimiento::input::{reader, shape, syntax};

fuzz_target!(|bytes: &[u8]| {
    let alphabet = Alphabet::new(|c| u32::from(c) < 0x2000);
    for shape in [shape::plan(None), shape::follow_up(None), shape::format(), shape::office()] {
        let (mut sources, mut findings) = (Sources::default(), Vec::new());
        if let Ok(file) = add_text("x.toml".into(), Ok(bytes.to_vec()), &mut sources, &mut findings) {
            let repaired = OnceCell::new();
            let parsed = syntax::parse(sources.get(file), file, &repaired, &mut findings);
            reader::read(&parsed, &shape, &alphabet, &mut findings);
        }
        for finding in &findings {
            let places = finding.related.iter().map(|(span, _)| *span).chain([finding.span]);
            for span in places {
                assert!(sources.get(span.file).text.get(span.range()).is_some(), "{finding:?}");
            }
        }
        assert_eq!(render::short(&findings, &sources).lines().count(), findings.len());
        assert_eq!(render::json(&findings, &sources).len(), findings.len());
        assert_eq!(render::human(&findings, &sources, false).is_empty(), findings.is_empty());
    }
});
