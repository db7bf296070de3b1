//! What must not be published of a person: the number of an identity document, of a telephone, an e-mail address.
//!
//! The report is public and the data of people are theirs (Ley 1581 de 2012). The messages do not repeat what is found.

mod document;
mod email;
mod telephone;

use std::ops::Range;

use crate::audit::Subject;
use crate::diag::Finding;
use crate::prose::{Kind, Pieces};

/// All findings of `Family::Personal`, in whatever text they stand.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    for text in &subject.texts {
        if text.quarter.is_some_and(|quarter| !subject.folder.is_asked_for(quarter)) {
            continue;
        }
        // Nothing of the kind is without a figure or a sign.
        let tells = |kind| matches!(kind, Kind::Number | Kind::Code | Kind::Address);
        if !text.tokens.iter().any(|token| tells(token.kind)) {
            continue;
        }
        let pieces = Pieces::new(text.value, &text.tokens);
        document::check(text, &pieces, findings);
        telephone::check(text, &pieces, findings);
        email::check(text, &pieces, findings);
    }
}

/// The figures of a number that is written in one piece or in groups, with nothing before or after that makes it longer.
struct Figures {
    /// The figures alone.
    digits: String,
    /// How many there are in each group.
    groups: Vec<usize>,
    /// Where it stands.
    pieces: Range<usize>,
}

impl Figures {
    /// Most figures that are of interest: those of a telephone with its country.
    const MOST: usize = 14;

    /// The number that begins at a piece: groups of figures with points in them, or one of `marks` or a blank between.
    fn at(pieces: &Pieces<'_>, at: usize, marks: &[&str]) -> Option<Self> {
        let joined_before = at > 0 && pieces.touches(at) && pieces.is_one_of(at - 1, &["-", "/", "_", ",", ".", "'"]);
        let mut found = Self { digits: String::new(), groups: Vec::new(), pieces: at..at };
        while let Some(number) = pieces.number(found.pieces.end) {
            if number.contains(',') {
                return None;
            }
            for group in number.split('.') {
                found.groups.push(group.len());
                found.digits.push_str(group);
            }
            found.pieces.end += 1;
            let next = found.pieces.end;
            let marked = marks.contains(&pieces.word(next)) && pieces.touches(next) && pieces.touches(next + 1);
            let goes_on =
                (marked && pieces.number(next + 1).is_some()) || (marks.contains(&" ") && !pieces.touches(next));
            if found.digits.len() > Self::MOST || !goes_on {
                break;
            }
            found.pieces.end += usize::from(marked);
        }
        (!found.digits.is_empty() && !joined_before && !found.goes_on(pieces)).then_some(found)
    }

    /// Whether the number is a part of something longer, such as a code.
    fn goes_on(&self, pieces: &Pieces<'_>) -> bool {
        let end = self.pieces.end;
        let mark = pieces.touches(end) && pieces.is_one_of(end, &["-", "/", "_", "'", "%", "°"]);
        let word = pieces.touches(end) && !matches!(pieces.kind(end), Some(Kind::Mark) | None);
        (mark && pieces.touches(end + 1)) || word
    }

    /// Whether it is written in one group, or with points at the thousands.
    fn is_whole(&self) -> bool {
        self.groups.len() == 1 || (self.groups[0] <= 3 && self.groups[1..].iter().all(|group| *group == 3))
    }
}
