//! A file with the fixes of its findings in it. Everything else stays as it is, comments, layout and line ends included.

use crate::diag::{Family, FileId, Finding, SourceFile, Span};

/// Whether a machine may mend a finding: what the office has accepted stays, and names are for a person to correct, who
/// knows of whom the text speaks.
#[must_use]
pub fn is_mendable(finding: &Finding) -> bool {
    finding.fix.is_some() && finding.is_open() && finding.code.family == Family::Wording
}

/// The fixes of the findings in a file with this text, in order, without those that touch each other: a second run finds
/// what is left. What is written over the end of a line, with a backslash, stays too: to mend it would join the lines.
#[must_use]
pub fn fixes<'f>(findings: &'f [Finding], file: FileId, text: &str) -> Vec<(Span, &'f str)> {
    let of_file = findings.iter().filter(|finding| finding.span.file == file && is_mendable(finding));
    let of_file = of_file.filter(|finding| !text[finding.span.range()].contains('\n'));
    let mut fixes: Vec<(Span, &str)> =
        of_file.filter_map(|finding| Some((finding.span, finding.fix.as_deref()?))).collect();
    fixes.sort_unstable();
    let mut end = 0;
    fixes.retain(|(span, _)| {
        let free = span.start >= end;
        end = end.max(span.end);
        free
    });
    fixes
}

/// The text of a file with fixes in it.
#[must_use]
pub fn mended(text: &str, fixes: &[(Span, &str)]) -> String {
    let (mut mended, mut at) = (String::with_capacity(text.len()), 0);
    for (span, fix) in fixes {
        mended += &text[at..span.start];
        mended += fix;
        at = span.end;
    }
    mended + &text[at..]
}

/// The bytes to put in place of a file's: a text with as many lines as it had, with the byte-order mark and the line ends
/// that it had.
#[must_use]
pub fn bytes(file: &SourceFile, text: &str) -> Vec<u8> {
    let mark: &[u8] = if file.bytes.starts_with(b"\xEF\xBB\xBF") { b"\xEF\xBB\xBF" } else { b"" };
    let mut bytes = mark.to_vec();
    let mut ends = file.bytes.split_inclusive(|&byte| byte == b'\n').map(|line| line.ends_with(b"\r\n"));
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(words) => {
                bytes.extend_from_slice(words.as_bytes());
                bytes.extend_from_slice(if ends.next() == Some(true) { b"\r\n" } else { b"\n" });
            }
            None => bytes.extend_from_slice(line.as_bytes()),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::diag::{Sources, Waiver, code};

    fn finding(file: FileId, range: std::ops::Range<usize>, fix: &str) -> Finding {
        Finding::new(&code::BLANKS, Span::new(file, range), "").fix(fix)
    }

    #[test]
    fn fixes_are_put_in_and_nothing_else_is_touched() {
        let disk = b"\xEF\xBB\xBFa = 'uno  dos'\r\n# con  dos espacios\nb = 'tres'\r\n";
        let text = "a = 'uno  dos'\n# con  dos espacios\nb = 'tres'\n";
        let mut sources = Sources::default();
        let id = sources.add(SourceFile::new("a.toml".into(), disk.to_vec(), text.into()));
        let mut accepted = finding(id, 36..38, "x");
        let (reason, by) = ("Así es.".to_owned(), "Jefe".to_owned());
        accepted.waiver =
            Some(Arc::new(Waiver { reason, by, on: chrono::NaiveDate::default(), span: Span::whole(id) }));
        let (twice, joining) = (finding(id, 9..10, "x"), finding(id, 12..16, " "));
        let findings = [finding(id, 8..10, " "), twice, joining, accepted, finding(id, 40..44, "cuatro")];
        let fixes = fixes(&findings, id, text);
        assert_eq!(fixes.len(), 2, "the second touches the first, the third joins two lines, the fourth is accepted");
        let mended = mended(text, &fixes);
        assert_eq!(mended, "a = 'uno dos'\n# con  dos espacios\nb = 'cuatro'\n");
        let expected = b"\xEF\xBB\xBFa = 'uno dos'\r\n# con  dos espacios\nb = 'cuatro'\r\n";
        assert_eq!(bytes(sources.get(id), &mended), expected);
        assert_eq!(bytes(sources.get(id), text), disk, "without a fix it is the same file");
    }
}
