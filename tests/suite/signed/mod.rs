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
use seguimiento::sign::{Level, Services, Signing, sign};

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
    let signing =
        Signing { role, level, key: &key, services, without_anchor: false, reason: Some("Elaboró el informe"), place: Some("Bogotá, D. C.") };
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
    let again = || signed_by(authority, &SIGNED.states[0], Role::Elaboro, &authority.elaboro, Level::BLTA, authority::now()).unwrap();
    assert_eq!(again(), again());
}

#[test]
fn every_revision_does_only_what_a_signed_file_allows() {
    let file = File::read(SIGNED.states.last().unwrap()).unwrap();
    let done: Vec<Vec<String>> =
        (1..file.revisions().len()).map(|index| seguimiento::verify::changes(&file, index)).map(|changes| {
            assert_eq!(changes.forbidden, [""; 0]);
            changes.allowed
        }).collect();
    assert_eq!(done[0], ["firmó el campo «elaboro»"]);
    assert_eq!(done[1], ["agregó datos de validación"]);
    assert_eq!(done.last().unwrap(), &["agregó un sello de tiempo del documento («sello-4»)"]);
}

#[test]
fn tmp_dump() {
    for (i, state) in SIGNED.states.iter().enumerate() {
        std::fs::write(format!("/tmp/o/t{i}.pdf"), state).unwrap();
    }
    let now = authority::now() + TimeDelta::days(30);
    let reached = Reached { authority: &SIGNED.authority, now };
    let services = Services { clock: &Stopped(now), authority: Some(&reached), network: &reached, anchors: &SIGNED.anchors };
    std::fs::write("/tmp/o/t9.pdf", seguimiento::sign::renew(SIGNED.states.last().unwrap(), &services).unwrap()).unwrap();
    std::fs::write("/tmp/o/root.der", SIGNED.authority.root.der()).unwrap();
}
