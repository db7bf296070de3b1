//! The verdict on the signatures of one file (EN 319 102-1), from what a PDF reader found in it and the anchors alone.
//!
//! All turns on what is proven to have existed when. A document timestamp that holds proves it of all that it covers, so they are
//! judged first, from the last to the first: the last as of now, each earlier one as of the next that covers it. Then each
//! signature as of the earliest moment that a timestamp proves it to have existed, and by revocation data that existed while whoever
//! signed them could vouch for them.

mod algorithms;
mod knowledge;
mod level;
mod notes;
mod signature;
mod timestamp;
mod trust;

#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use crate::pki::certificate::Certificate;
use crate::pki::cms::{Cms, Malformed};
use crate::pki::evidence::Evidence;
use crate::pki::path::Path;
use crate::pki::timestamp::Token;
use crate::sign::Level;
use knowledge::Knowledge;
pub use notes::{Check, Outcome, Status, SubIndication};

/// How far two clocks that are both right may be apart.
pub(crate) const TOLERANCE: TimeDelta = TimeDelta::minutes(1);

/// Signatures of one file, at most: each is a digest of nearly the whole of it.
const MAX_SIGNATURES: usize = 200;

/// What is wrong with a signature that does not sign all of the file up to its end.
const PARTIAL: &str = "no cubre el archivo desde su comienzo hasta donde terminaba";

/// The end of a revision that evidence is of which is in no revision: it was fetched just now.
pub const OUTSIDE: usize = usize::MAX;

/// One signature of a file.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The name of its field.
    pub field: String,
    /// What it is.
    pub kind: Kind,
    /// Its `/Contents`.
    pub cms: Vec<u8>,
    /// The bytes of the file that it signs: all up to its `/Contents`, and all from there to the end of its revision. That they are so
    /// is for the reader to tell; what is not so proves nothing here.
    pub covered: [Range<usize>; 2],
    /// The length of the file when it was signed.
    pub end: usize,
    /// When it says to have been made (`/M`).
    pub declared: Option<DateTime<Utc>>,
}

/// What a signature is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody's signature (`ETSI.CAdES.detached`).
    Signature,
    /// A document timestamp (`ETSI.RFC3161`).
    DocumentTimestamp,
}

/// What the Document Security Store of a revision added.
#[derive(Clone, Debug)]
pub struct Added {
    /// Where the revision ends, or [`OUTSIDE`].
    pub end: usize,
    /// What it added.
    pub evidence: Evidence,
}

/// What the verdict is on.
pub struct Case<'a> {
    /// The file.
    pub file: &'a [u8],
    /// Its signatures and document timestamps, oldest first.
    pub signatures: Vec<Signed>,
    /// Its evidence, by revision.
    pub evidence: Vec<Added>,
    /// Whom to trust.
    pub anchors: &'a [Certificate],
    /// The moment of the verdict.
    pub now: DateTime<Utc>,
}

/// The verdict on one signature.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The name of its field.
    pub field: String,
    /// What it is.
    pub kind: Kind,
    /// The verdict.
    pub status: Status,
    /// Why, unless it passed.
    pub sub_indication: Option<SubIndication>,
    /// What was looked at, in order.
    pub checks: Vec<Check>,
    /// Who signed.
    pub signer: Option<Certificate>,
    /// The signer's path, when there is a valid one.
    pub path: Option<Path>,
    /// When the signer, or the timestamp authority, says to have signed.
    pub claimed: Option<DateTime<Utc>>,
    /// The earliest moment that it is proven to have existed at.
    pub proven: Proven,
    /// The level reached, when what was signed holds and is a `PAdES` baseline signature.
    pub level: Option<Level>,
}

/// A moment that something is proven to have existed at, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// The moment.
    pub at: DateTime<Utc>,
    /// By what.
    pub by: Proof,
}

/// What proves that something existed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It is there now.
    Now,
    /// The timestamp inside the signature, by this authority.
    SignatureTimestamp(String),
    /// The document timestamp in this field.
    DocumentTimestamp(String),
}

/// A signature, read.
enum Read {
    Signature(Cms),
    Timestamp(Token),
    Malformed(Malformed),
}

/// The verdict on each signature of a file.
#[must_use]
pub fn judge(case: &Case<'_>) -> Vec<Judgement> {
    let too_many = case.signatures.len() > MAX_SIGNATURES;
    let refused = || Read::Malformed(Malformed("el archivo tiene demasiadas firmas"));
    let read = case.signatures.iter().map(|signed| if too_many { refused() } else { Read::from(signed) });
    let read: Vec<Read> = read.collect();
    let mut knowledge = Knowledge::gather(case, &read);
    let mut verdicts: Vec<Option<Judgement>> = read.iter().map(|_| None).collect();
    for ((signed, read), verdict) in case.signatures.iter().zip(&read).zip(&mut verdicts).rev() {
        if signed.kind == Kind::DocumentTimestamp {
            *verdict = Some(timestamp::judge(case, signed, read, &mut knowledge));
        }
    }
    for ((signed, read), verdict) in case.signatures.iter().zip(&read).zip(&mut verdicts) {
        if signed.kind == Kind::Signature {
            *verdict = Some(signature::judge(case, signed, read, &mut knowledge));
        }
    }
    verdicts.into_iter().flatten().collect()
}

impl From<&Signed> for Read {
    fn from(signed: &Signed) -> Self {
        let read = match signed.kind {
            Kind::Signature => Cms::detached(&signed.cms).map(Self::Signature),
            Kind::DocumentTimestamp => Token::read(&signed.cms).map(Self::Timestamp),
        };
        read.unwrap_or_else(Self::Malformed)
    }
}

impl Signed {
    /// The bytes that it signs, when they are of the file.
    fn parts<'a>(&self, file: &'a [u8]) -> Option<[&'a [u8]; 2]> {
        let [before, after] = &self.covered;
        let whole = before.start == 0 && before.end <= after.start && after.end == self.end;
        if !whole {
            return None;
        }
        Some([file.get(before.clone())?, file.get(after.clone())?])
    }
}
