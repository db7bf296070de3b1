//! Templates parsed once for all reports: a syntax tree that is the same object needs no parsing, and the engine knows it
//! again without reading it.

use std::collections::HashMap;
use std::sync::Mutex;

use typst::diag::{FileError, FileResult};
use typst::foundations::Bytes;
use typst::syntax::{FileId, Source};

use crate::lock::lock;

/// The template files parsed so far. Two templates may have a file of the same id: the bytes tell them apart.
#[derive(Default)]
pub(super) struct Parsed {
    sources: Mutex<HashMap<(FileId, Bytes), FileResult<Source>>>,
}

impl Parsed {
    /// The syntax tree of a file.
    ///
    /// # Errors
    /// When the file is not UTF-8.
    pub(super) fn source(&self, id: FileId, bytes: Bytes) -> FileResult<Source> {
        let mut sources = lock(&self.sources);
        sources.entry((id, bytes)).or_insert_with_key(|(id, bytes)| parse(*id, bytes)).clone()
    }
}

fn parse(id: FileId, bytes: &Bytes) -> FileResult<Source> {
    let text = bytes.as_str().map_err(|_| FileError::InvalidUtf8)?;
    Ok(Source::new(id, text.trim_start_matches('\u{FEFF}').into()))
}
