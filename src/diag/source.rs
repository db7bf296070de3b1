//! The files that findings point into, and the places in them.

use std::ops::Range;
use std::sync::Arc;

/// Which of the [`Sources`] a span points into. The order is the one in which the files were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(usize);

/// A range of bytes in the text of one file, always on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte, counted from 0 in [`SourceFile::text`].
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The place of `range` in `file`.
    #[must_use]
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: range.start, end: range.end }
    }

    /// The place that stands for a file as a whole.
    #[must_use]
    pub fn whole(file: FileId) -> Self {
        Self::new(file, 0..0)
    }

    /// The bytes it covers.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A value and the place in the user's file that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value with its place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: f(self.value), span: self.span }
    }
}

/// One file of the user, as read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as a person would type it, with `/` on every platform.
    pub name: String,
    /// The bytes on disk, unaltered: what the PDF carries as its source.
    pub bytes: Vec<u8>,
    /// The text that spans count in: without byte-order mark and with `\n` as the only line end.
    pub text: String,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl SourceFile {
    /// A file with its bytes and the text that they are.
    #[must_use]
    pub fn new(name: String, bytes: Vec<u8>, text: String) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { name, bytes, text, lines }
    }

    /// The name without the folders that lead to it.
    #[must_use]
    pub fn base_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    #[must_use]
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte);
        let line = self.lines.partition_point(|&start| start <= byte);
        (line, self.text[self.lines[line - 1]..byte].chars().count() + 1)
    }

    /// The bytes of a line, counted from 1, without its line end.
    #[must_use]
    pub fn line(&self, number: usize) -> Range<usize> {
        let end = self.lines.get(number).map_or(self.text.len(), |next| next - 1);
        self.lines[number - 1]..end
    }
}

/// All files that a plan was read from.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        self.files.push(Arc::new(file));
        FileId(self.files.len() - 1)
    }

    /// The file behind an id of this very collection.
    ///
    /// # Panics
    /// With an id that another collection gave out.
    #[must_use]
    pub fn get(&self, id: FileId) -> &Arc<SourceFile> {
        &self.files[id.0]
    }

    /// Line and column at which a span begins.
    #[must_use]
    pub fn position(&self, span: Span) -> (usize, usize) {
        self.get(span.file).position(span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let file = SourceFile::new("a".into(), vec![], "año = 1\nvía = \"ñ\"\n".into());
        assert_eq!(file.position(0), (1, 1));
        assert_eq!(file.position(file.text.find('=').unwrap()), (1, 5));
        assert_eq!(file.position(file.text.find('"').unwrap()), (2, 7));
        assert_eq!(file.position(file.text.len()), (3, 1));
    }
}
