//! What there is to stand on, and since when each piece of it is proven to exist.

use chrono::{DateTime, Utc};

use super::{Case, OUTSIDE, Proof, Proven, Read, Signed};
use crate::pki::certificate::Certificate;
use crate::pki::cms::Cms;
use crate::pki::evidence::Evidence;
use crate::pki::revocation::{Known, Statement};
use crate::pki::timestamp::Token;

/// Where something is in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the body of the revision that ends here.
    Revision(usize),
    /// In the `/Contents` of the signature whose revision ends here: that signature does not cover it.
    Contents(usize),
    /// Not in the file.
    Outside,
}

/// How well something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    /// Not in the file.
    Outside,
    /// In the file.
    Inside,
    /// In the file, under a document timestamp that holds.
    Sealed,
}

/// What a document timestamp that holds proves.
struct Seal {
    field: String,
    time: DateTime<Utc>,
    /// Where its `/Contents` begins, and where its revision ends.
    contents: usize,
    end: usize,
}

/// All that there is.
pub(super) struct Knowledge<'a> {
    pub anchors: &'a [Certificate],
    pub now: DateTime<Utc>,
    /// Every certificate, once.
    pub pool: Vec<Certificate>,
    certificates: Vec<(Place, Certificate)>,
    statements: Vec<(Place, Statement)>,
    seals: Vec<Seal>,
    /// Moments that parts of the file are proven to have existed at, by the timestamp of a signature: where that signature's revision
    /// ends. What covers them is younger.
    stamped: Vec<(usize, DateTime<Utc>)>,
}

impl<'a> Knowledge<'a> {
    /// Reads all evidence of a file: that of its revisions, and that inside its signatures and their timestamps.
    pub(super) fn gather(case: &Case<'a>, read: &[Read]) -> Self {
        let mut knowledge = Self {
            anchors: case.anchors,
            now: case.now,
            pool: Vec::new(),
            certificates: Vec::new(),
            statements: Vec::new(),
            seals: Vec::new(),
            stamped: Vec::new(),
        };
        let mut pool = Evidence::default();
        let mut add = |place, evidence: &Evidence| {
            pool.add(&Evidence { certificates: evidence.certificates.clone(), ..Evidence::default() });
            knowledge.certificates.extend(evidence.certificates.iter().map(|one| (place, one.clone())));
            knowledge.statements.extend(Statement::all(evidence).into_iter().map(|one| (place, one)));
        };
        for added in &case.evidence {
            let place = if added.end == OUTSIDE { Place::Outside } else { Place::Revision(added.end) };
            add(place, &added.evidence);
        }
        for (signed, read) in case.signatures.iter().zip(read) {
            let place = Place::Contents(signed.end);
            let cms: &Cms = match read {
                Read::Signature(cms) => cms,
                Read::Timestamp(token) => &token.cms,
                Read::Malformed(_) => continue,
            };
            add(place, &cms.evidence);
            for token in cms.timestamps.iter().filter_map(|der| Token::read(der).ok()) {
                add(place, &token.cms.evidence);
            }
        }
        knowledge.pool = pool.certificates;
        knowledge
    }

    /// Takes a document timestamp for a proof.
    pub(super) fn seal(&mut self, signed: &Signed, time: DateTime<Utc>) {
        let [before, _] = &signed.covered;
        self.seals.push(Seal { field: signed.field.clone(), time, contents: before.end, end: signed.end });
    }

    /// Takes the timestamp of a signature for a proof of what the signature covers.
    pub(super) fn stamp(&mut self, signed: &Signed, time: DateTime<Utc>) {
        self.stamped.push((signed.end, time));
    }

    /// The earliest moment that something is proven to have existed at by document timestamps, or now.
    pub(super) fn proven(&self, place: Place) -> Proven {
        let earliest = self.seals_over(place).min_by_key(|seal| seal.time);
        match earliest {
            Some(seal) => Proven { at: seal.time, by: Proof::DocumentTimestamp(seal.field.clone()) },
            None => Proven { at: self.now, by: Proof::Now },
        }
    }

    /// The latest moment that is proven to be before a signature was made: it covers what existed then.
    pub(super) fn not_before(&self, signed: &Signed) -> Option<DateTime<Utc>> {
        let [before, _] = &signed.covered;
        let sealed = self.seals.iter().map(|seal| (seal.end, seal.time));
        sealed.chain(self.stamped.iter().copied()).filter(|(end, _)| *end <= before.end).map(|(_, time)| time).max()
    }

    /// The earliest moment that a certificate is proven to have existed at.
    pub(super) fn certificate_since(&self, certificate: &Certificate) -> DateTime<Utc> {
        let places = self.certificates.iter().filter(|(_, one)| one == certificate);
        places.map(|(place, _)| self.proven(*place).at).min().unwrap_or(self.now)
    }

    /// How well a certificate is kept. An anchor need not be.
    pub(super) fn certificate_kept(&self, certificate: &Certificate) -> Kept {
        let places = self.certificates.iter().filter(|(_, one)| one == certificate);
        places.map(|(place, _)| self.kept(*place)).max().unwrap_or(Kept::Outside)
    }

    /// The statements that are kept at least so well, and since when each is known to exist.
    pub(super) fn statements(&self, kept: Kept) -> Vec<Known<'_>> {
        let enough = self.statements.iter().filter(|(place, _)| self.kept(*place) >= kept);
        enough.map(|(place, statement)| Known { statement, since: self.proven(*place).at }).collect()
    }

    /// How well something at a place is kept.
    pub(super) fn kept(&self, place: Place) -> Kept {
        if self.seals_over(place).next().is_some() {
            Kept::Sealed
        } else if place == Place::Outside {
            Kept::Outside
        } else {
            Kept::Inside
        }
    }

    fn seals_over(&self, place: Place) -> impl Iterator<Item = &Seal> {
        self.seals.iter().filter(move |seal| match place {
            Place::Revision(end) => end <= seal.end,
            Place::Contents(end) => end <= seal.contents,
            Place::Outside => false,
        })
    }
}
