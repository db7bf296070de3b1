//! A report signed by three people in turn, and what holds of it: from the library, with an authority, a clock and keys of the
//! tests' own.

mod deceptions;

use std::sync::LazyLock;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use seguimiento::model::Role;
use seguimiento::pdf::{Body, Dictionary, File, Id, Object, Update};
use seguimiento::pipeline::Format;
use seguimiento::pki::certificate::Certificate;
use seguimiento::pki::evidence::Evidence;
use seguimiento::sign::{Level, Services, Signing, sign};
use seguimiento::verify::judge::{Check, Outcome, Status};
use seguimiento::verify::{Document, Verdict, verify};

use crate::authority::traits::{Reached, Stopped, Unlocked};
use crate::authority::{self, Authority, Identity};
use crate::support::{Workspace, desk};

/// The report, and its states after each signature.
pub struct Signed {
    pub authority: Authority,
    pub anchors: Vec<Certificate>,
    /// Unsigned; then signed by who wrote, who reviewed, who approved.
    pub states: Vec<Vec<u8>>,
}

/// The small report, signed B-LT by the first two and B-LTA by the third.
pub static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let authority = Authority::new();
    let mut states = vec![unsigned()];
    for (role, level) in [(Role::Elaboro, Level::BLT), (Role::Reviso, Level::BLT), (Role::Aprobo, Level::BLTA)] {
        let hours = states.len() as i64;
        let now = authority::now() + TimeDelta::hours(hours);
        states.push(signed_by(&authority, states.last().unwrap(), role, person(&authority, role), level, now).unwrap());
    }
    let anchors = anchors(&authority);
    Signed { authority, anchors, states }
});

/// The PDF of the small report, with its empty fields.
pub fn unsigned() -> Vec<u8> {
    let plan = Workspace::new().read();
    let report = plan.reports().pop().unwrap();
    let prepared = desk().prepare(&plan, &report, false).unwrap();
    desk().compose(prepared).unwrap().export(Format::Pdf).unwrap().pop().unwrap().bytes
}

pub fn person(authority: &Authority, role: Role) -> &Identity {
    match role {
        Role::Elaboro => &authority.elaboro,
        Role::Reviso => &authority.reviso,
        Role::Aprobo => &authority.aprobo,
    }
}

pub fn anchors(authority: &Authority) -> Vec<Certificate> {
    vec![Certificate::from_der(&authority.root.der()).unwrap()]
}

/// A report signed by somebody, at a time, with the authority as it is.
pub fn signed_by(
    authority: &Authority,
    pdf: &[u8],
    role: Role,
    who: &Identity,
    level: Level,
    now: DateTime<Utc>,
) -> Result<Vec<u8>> {
    let reached = Reached { authority, now };
    let anchors = anchors(authority);
    let services = Services { clock: &Stopped(now), authority: Some(&reached), network: &reached, anchors: &anchors };
    let key = Unlocked::of(who);
    let signing = Signing {
        role,
        level,
        key: &key,
        services,
        without_anchor: false,
        reason: Some("Elaboró el informe"),
        place: Some("Bogotá, D. C."),
    };
    sign(pdf, &signing, &plain)
}

/// An appearance of one line, without text: what a signature shows is tested elsewhere.
pub fn plain(update: &mut Update, width: f64, height: f64, _: DateTime<Utc>) -> Result<Id> {
    let number = |number: f64| Object::Real(format!("{number:.4}"));
    let dictionary = Dictionary::from([
        ("Type", Object::name("XObject")),
        ("Subtype", Object::name("Form")),
        ("BBox", Object::Array([0.0, 0.0, width, height].map(number).to_vec())),
        ("Resources", Object::Dictionary(Dictionary::default())),
    ]);
    Ok(update.add(Body::Stream(dictionary, b"0 0 m 9 9 l S".to_vec())))
}

#[test]
fn every_signature_leaves_the_bytes_before_it_as_they_were() {
    for pair in SIGNED.states.windows(2) {
        assert!(pair[1].starts_with(&pair[0]) && pair[1].len() > pair[0].len());
    }
}

#[test]
fn the_same_key_clock_and_authority_give_the_same_bytes() {
    let authority = &SIGNED.authority;
    let again = || {
        signed_by(authority, &SIGNED.states[0], Role::Elaboro, &authority.elaboro, Level::BLTA, authority::now())
            .unwrap()
    };
    assert_eq!(again(), again());
}

#[test]
fn every_revision_does_only_what_a_signed_file_allows() {
    let file = File::read(SIGNED.states.last().unwrap()).unwrap();
    let done: Vec<Vec<String>> = (1..file.revisions().len())
        .map(|index| seguimiento::verify::changes(&file, index))
        .map(|changes| {
            assert_eq!(changes.forbidden, [""; 0]);
            changes.allowed
        })
        .collect();
    assert_eq!(done[0], ["firmó el campo «elaboro»"]);
    assert_eq!(done[1], ["agregó datos de validación"]);
    assert_eq!(done.last().unwrap(), &["agregó un sello de tiempo del documento («sello-4»)"]);
}

/// What `verificar` says, with the reasons for all that does not hold.
fn verdict(pdf: &[u8]) -> (Verdict, Vec<String>) {
    let verdict = verify(pdf, &SIGNED.anchors, authority::now() + TimeDelta::days(1), &Evidence::default());
    let failed = |check: &&Check| matches!(check.outcome, Outcome::Failed | Outcome::Unknown);
    let checks = verdict.signatures.iter().flat_map(|signature| signature.judgement.checks.iter().filter(failed));
    let why = verdict.faults.iter().cloned().chain(checks.map(|check| check.seen.clone())).collect();
    (verdict, why)
}

#[test]
fn every_state_of_an_honest_file_passes_with_the_level_that_it_was_given() {
    for (signatures, state) in SIGNED.states.iter().enumerate().skip(1) {
        let (verdict, why) = verdict(state);
        assert_eq!((verdict.status, &why), (Status::TotalPassed, &Vec::new()));
        let levels: Vec<_> = verdict
            .signatures
            .iter()
            .map(|one| (one.judgement.field.clone(), one.judgement.level.map(|level| level.to_string())))
            .collect();
        println!("{signatures} {levels:?}");
    }
}

#[test]
fn no_deceptive_file_passes() {
    let honest = SIGNED.states.last().unwrap();
    for deception in deceptions::deceptions(honest) {
        let (verdict, why) = verdict(&deception.bytes);
        assert_ne!(verdict.status, Status::TotalPassed, "{}: {}", deception.class, deception.name);
        println!("{:28.28} {:50.50} {} {}", deception.class, deception.name, verdict.status, why.join(" | "));
        assert_ne!(why, Vec::<String>::new(), "{}: {}", deception.class, deception.name);
    }
}

/// One byte changed anywhere in what is signed breaks a signature. All of the file is, but for the last signature itself.
#[test]
fn no_change_of_a_single_byte_passes() {
    use rayon::prelude::*;
    let honest = SIGNED.states.last().unwrap();
    let document = Document::read(honest).unwrap();
    let [before, after] = document.signatures.last().unwrap().covered.as_ref().unwrap().parts.clone();
    let passed: Vec<(usize, u8)> = (0..10_000_u64)
        .into_par_iter()
        .filter_map(|seed| {
            // A sequence that does not repeat itself (Weyl), the same in every run.
            let chance = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xD1B5_4A32_D192_ED03);
            let at = usize::try_from(chance >> 16).unwrap() % (before.len() + after.len());
            let at = if at < before.len() { at } else { at - before.len() + after.start };
            let change = u8::try_from(chance % 255).unwrap() + 1;
            let mut bytes = honest.clone();
            bytes[at] ^= change;
            let status = verify(&bytes, &SIGNED.anchors, authority::now() + TimeDelta::days(1), &Evidence::default()).status;
            (status == Status::TotalPassed).then_some((at, change))
        })
        .collect();
    assert_eq!(passed, []);
}
