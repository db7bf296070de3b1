//! A report signed by three people in turn, and what holds of it: from the library, with an authority, a clock and keys of the
//! tests' own.

mod deceptions;
mod forged;
mod permissions;
mod shown;

use std::sync::LazyLock;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;
use seguimiento::model::Role;
use seguimiento::pdf::{Body, Dictionary, File, Object, Update, View, rewrite};
use seguimiento::pipeline::Format;
use seguimiento::pki::certificate::Certificate;
use seguimiento::pki::evidence::Evidence;
use seguimiento::pki::path::{self, Purpose};
use seguimiento::pki::timestamp::{request, response};
use seguimiento::sign::tsa::stamp;
use seguimiento::sign::{
    Level, Network, Services, Signing, TimestampAuthority, asked, in_new_field, renew, sign, stored_streams,
};
use seguimiento::verify::judge::{Check, Outcome, Status, SubIndication};
use seguimiento::verify::{Document, Verdict, changes, verify};

use crate::authority::traits::{Reached, Stopped, Unlocked, Unplugged};
use crate::authority::{self, Authority, Identity, TimestampLie};
use crate::support::{Workspace, desk, line};

/// How many single bytes are changed.
const CHANGES: u64 = 10_000;

/// The report in its states.
struct Signed {
    authority: Authority,
    anchors: Vec<Certificate>,
    /// Unsigned; then signed by who wrote, who reviewed, who approved.
    states: Vec<Vec<u8>>,
}

/// The small report, signed B-LT by the first two and B-LTA by the third.
static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let authority = Authority::new();
    let mut states = vec![unsigned()];
    for (hour, role, level) in
        [(1, Role::Elaboro, Level::BLT), (2, Role::Reviso, Level::BLT), (3, Role::Aprobo, Level::BLTA)]
    {
        let now = authority::now() + TimeDelta::hours(hour);
        states.push(signed_by(&authority, states.last().unwrap(), role, person(&authority, role), level, now).unwrap());
    }
    let anchors = anchors(&authority);
    Signed { authority, anchors, states }
});

impl Signed {
    fn last(&self) -> &[u8] {
        self.states.last().unwrap()
    }
}

/// The PDF of the small report, with its empty fields.
fn unsigned() -> Vec<u8> {
    let plan = Workspace::new().read();
    let report = plan.reports().pop().unwrap();
    let prepared = desk().prepare(&plan, &report, false).unwrap();
    desk().compose(prepared).unwrap().export(Format::Pdf).unwrap().pop().unwrap().bytes
}

fn person(authority: &Authority, role: Role) -> &Identity {
    match role {
        Role::Elaboro => &authority.elaboro,
        Role::Reviso => &authority.reviso,
        Role::Aprobo => &authority.aprobo,
    }
}

fn anchors(authority: &Authority) -> Vec<Certificate> {
    vec![Certificate::from_der(&authority.root.der()).unwrap()]
}

/// A report signed by somebody, at a time, with the authority as it is.
fn signed_by(
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
    let (reason, place) = (Some("Elaboró el informe"), Some("Bogotá, D. C."));
    let signing = Signing { role, level, key: &key, services, without_anchor: false, reason, place };
    sign(pdf, &signing, &line)
}

/// The first signature alone, at a level.
fn first(authority: &Authority, level: Level) -> Result<Vec<u8>> {
    signed_by(authority, &SIGNED.states[0], Role::Elaboro, &authority.elaboro, level, authority::now())
}

fn verdict(pdf: &[u8]) -> Verdict {
    verdict_after(pdf, TimeDelta::days(1))
}

fn verdict_after(pdf: &[u8], time: TimeDelta) -> Verdict {
    verify(pdf, &SIGNED.anchors, authority::now() + time, &Evidence::default())
}

/// What does not hold, in words.
fn reasons(verdict: &Verdict) -> Vec<String> {
    let wrong = |check: &&Check| matches!(check.outcome, Outcome::Failed | Outcome::Unknown);
    let checks = verdict.signatures.iter().flat_map(|signature| signature.judgement.checks.iter().filter(wrong));
    verdict.faults.iter().cloned().chain(checks.map(|check| check.seen.clone())).collect()
}

fn levels(verdict: &Verdict) -> Vec<(&str, Option<Level>)> {
    verdict.signatures.iter().map(|one| (one.judgement.field.as_str(), one.judgement.level)).collect()
}

#[test]
fn every_signature_leaves_the_bytes_before_it_as_they_were() {
    for pair in SIGNED.states.windows(2) {
        assert!(pair[1].starts_with(&pair[0]) && pair[1].len() > pair[0].len());
    }
}

/// ISO 32000-1, table 219 (signatures exist, append only) and 7.12 (what of a file is an extension).
#[test]
fn a_report_says_that_it_has_signatures_and_by_which_extension() {
    for state in &SIGNED.states {
        let file = File::read(state).unwrap();
        let view = file.now();
        let (_, catalog) = view.catalog().unwrap();
        let form = view.dictionary(catalog, "AcroForm").unwrap();
        assert_eq!(form.get("SigFlags"), Some(&Object::Integer(3)));
        let extension = view.dictionary(view.dictionary(catalog, "Extensions").unwrap(), "ESIC").unwrap();
        assert!(extension.is("BaseVersion", "1.7"));
        assert!(extension.get("ExtensionLevel").and_then(Object::as_integer).is_some());
    }
}

/// EN 319 142-1, 5.4.2.
#[test]
fn no_evidence_is_stored_twice() {
    let file = File::read(SIGNED.last()).unwrap();
    let view = file.now();
    for streams in stored_streams(view) {
        let mut contents: Vec<_> = streams.iter().map(|stream| view.stream(stream).unwrap()).collect();
        assert!(contents.len() > 1);
        contents.sort_unstable();
        assert!(contents.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

#[test]
fn the_same_key_clock_and_authority_give_the_same_bytes() {
    let again = || first(&SIGNED.authority, Level::BLTA).unwrap();
    assert_eq!(again(), again());
}

#[test]
fn every_revision_does_only_what_a_signed_file_allows() {
    let file = File::read(SIGNED.last()).unwrap();
    let done = changes(&file);
    assert!(done.iter().all(|changes| changes.forbidden.is_empty()), "{done:?}");
    let done: Vec<Vec<String>> = done.into_iter().map(|changes| changes.allowed).collect();
    assert_eq!(done[0], ["firmó el campo «elaboro»"]);
    assert_eq!(done[1], ["agregó datos de validación"]);
    assert_eq!(done.last().unwrap(), &["agregó un sello de tiempo del documento («sello-4»)"]);
}

#[test]
fn every_state_of_an_honest_file_passes_with_the_level_that_it_was_given() {
    use Level::{BLT, BLTA};
    let levels_of: [&[(&str, Option<Level>)]; 3] = [
        &[("elaboro", Some(BLT))],
        &[("elaboro", Some(BLT)), ("reviso", Some(BLT))],
        &[("elaboro", Some(BLTA)), ("reviso", Some(BLTA)), ("aprobo", Some(BLTA)), ("sello-4", Some(BLT))],
    ];
    for (state, expected) in SIGNED.states[1..].iter().zip(levels_of) {
        let verdict = verdict(state);
        assert_eq!((verdict.status, reasons(&verdict)), (Status::TotalPassed, Vec::new()));
        assert_eq!(levels(&verdict), expected);
    }
}

#[test]
fn decades_later_the_file_still_proves_itself() {
    let verdict = verdict_after(SIGNED.last(), TimeDelta::days(365 * 20));
    assert_eq!((verdict.status, reasons(&verdict)), (Status::TotalPassed, Vec::new()));
}

#[test]
fn a_report_that_nobody_signed_proves_nothing() {
    let verdict = verdict(&SIGNED.states[0]);
    assert_eq!((verdict.status, verdict.signatures.len()), (Status::Indeterminate, 0));
    assert_eq!(verdict.empty, ["elaboro", "reviso", "aprobo"]);
}

#[test]
fn below_lt_a_file_cannot_say_whether_a_certificate_was_revoked_until_somebody_is_asked() {
    for level in [Level::BB, Level::BT] {
        let signed = first(&SIGNED.authority, level).unwrap();
        let told = verdict(&signed);
        assert_eq!((told.status, told.sub_indication), (Status::Indeterminate, Some(SubIndication::TryLater)));
        let now = authority::now() + TimeDelta::days(1);
        let reached = Reached { authority: &SIGNED.authority, now };
        let services = Services { clock: &Stopped(now), authority: None, network: &reached, anchors: &SIGNED.anchors };
        let told = verify(&signed, &SIGNED.anchors, now, &asked(&signed, &services));
        assert_eq!((told.status, reasons(&told)), (Status::TotalPassed, Vec::new()));
        assert_eq!(levels(&told), [("elaboro", Some(level))], "what was asked is not in the file");
    }
}

#[test]
fn a_file_of_a_lower_level_is_raised_by_sealing_it_and_one_of_the_highest_is_renewed() {
    let now = authority::now() + TimeDelta::days(30);
    let reached = Reached { authority: &SIGNED.authority, now };
    let services =
        Services { clock: &Stopped(now), authority: Some(&reached), network: &reached, anchors: &SIGNED.anchors };
    for (before, stamps) in [(first(&SIGNED.authority, Level::BB).unwrap(), 1), (SIGNED.last().to_vec(), 2)] {
        let after = renew(&before, &services).unwrap();
        assert!(after.starts_with(&before));
        let verdict = verdict_after(&after, TimeDelta::days(31));
        assert_eq!((verdict.status, reasons(&verdict)), (Status::TotalPassed, Vec::new()));
        assert_eq!(verdict.signatures.iter().filter(|one| one.said.timestamp).count(), stamps);
        assert_eq!(verdict.signatures[0].judgement.level, Some(Level::BLTA));
    }
}

#[test]
fn a_file_whose_signers_authority_is_gone_is_renewed_with_what_it_holds() {
    let now = authority::now() + TimeDelta::days(30);
    let reached = Reached { authority: &SIGNED.authority, now };
    let renewed = |network: &dyn Network| {
        let clock = &Stopped(now);
        renew(SIGNED.last(), &Services { clock, authority: Some(&reached), network, anchors: &SIGNED.anchors })
    };
    let verdict = verdict_after(&renewed(&OnlyRoot(&reached)).unwrap(), TimeDelta::days(31));
    assert_eq!((verdict.status, reasons(&verdict)), (Status::TotalPassed, Vec::new()));
    // The timestamp of today still has to be proved by somebody.
    let reason = format!("{:#}", renewed(&Unplugged).unwrap_err());
    assert!(reason.contains("Estampado cronológico de ensayo"), "{reason}");
}

/// A network in which only the root's list is left.
struct OnlyRoot<'a>(&'a Reached<'a>);

impl Network for OnlyRoot<'_> {
    fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>> {
        Unplugged.ocsp(url, request)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>> {
        if url.ends_with("raiz.crl") { self.0.get(url) } else { Unplugged.get(url) }
    }
}

#[test]
fn a_file_with_a_broken_signature_is_not_sealed() {
    let mut broken = SIGNED.states[1].clone();
    broken[20_000] ^= 1;
    let now = authority::now() + TimeDelta::days(30);
    let reached = Reached { authority: &SIGNED.authority, now };
    let services =
        Services { clock: &Stopped(now), authority: Some(&reached), network: &reached, anchors: &SIGNED.anchors };
    let reason = format!("{:#}", renew(&broken, &services).unwrap_err());
    assert!(reason.contains("ha cambiado desde que se firmó"), "{reason}");
}

#[test]
fn what_should_not_be_signed_is_refused_with_the_reason() {
    let authority = &SIGNED.authority;
    let by = |who: &Identity| format!("{:#}", refused(authority, &SIGNED.states[0], Role::Elaboro, who));
    let expired = authority.person().expired().issue();
    let future = authority.person().not_yet_valid().issue();
    let server = authority.person().without_signing().issue();
    for (who, why) in [
        (&expired, "venció el"),
        (&future, "vale solo desde el"),
        (&server, "no está emitido para firmar documentos"),
        (&authority.intruder, "no llega a ninguna de las raíces de confianza"),
    ] {
        let reason = by(who);
        assert!(reason.contains(why), "{reason}");
    }
    let twice = refused(authority, &SIGNED.states[1], Role::Elaboro, &authority.elaboro);
    assert_eq!(twice.to_string(), "el campo «elaboro» ya está firmado");
}

fn refused(authority: &Authority, pdf: &[u8], role: Role, who: &Identity) -> anyhow::Error {
    signed_by(authority, pdf, role, who, Level::BLT, authority::now()).unwrap_err()
}

#[test]
fn a_revoked_certificate_does_not_sign_and_what_it_signed_before_still_holds() {
    let mut authority = Authority::new();
    let before = first(&authority, Level::BLTA).unwrap();
    let elaboro = authority.elaboro.clone();
    authority.revoke(&elaboro, authority::now() + TimeDelta::hours(1));
    let later = authority::now() + TimeDelta::hours(2);
    let reason = signed_by(&authority, &SIGNED.states[0], Role::Elaboro, &elaboro, Level::BLT, later).unwrap_err();
    assert!(format!("{reason:#}").contains("revocado"), "{reason:#}");
    assert_eq!(verdict(&before).status, Status::TotalPassed);
}

#[test]
fn a_report_whose_signature_is_broken_is_not_signed_once_more() {
    let mut broken = SIGNED.states[1].clone();
    // A letter of the first page's content.
    broken[20_000] ^= 1;
    let reason = refused(&SIGNED.authority, &broken, Role::Reviso, &SIGNED.authority.reviso);
    assert!(format!("{reason:#}").contains("ha cambiado desde que se firmó"), "{reason:#}");
}

#[test]
fn a_report_that_somebody_changed_since_it_was_generated_is_not_signed() {
    let file = File::read(&SIGNED.states[0]).unwrap();
    let mut update = Update::new(&file);
    let page = file.now().pages()[0];
    let content = page.value.as_dictionary().unwrap().get("Contents").unwrap().as_reference().unwrap();
    update.set(content, Body::Stream(Dictionary::default(), b"1 1 1 rg 0 0 936 613 re f".to_vec()));
    let changed = update.finish().unwrap().0;
    let reason = refused(&SIGNED.authority, &changed, Role::Elaboro, &SIGNED.authority.elaboro);
    assert!(reason.to_string().contains("cambió el contenido de la página 1"), "{reason:#}");
}

/// Whoever prepares a file may let a page use the very object that signers may change later.
#[test]
fn what_a_page_uses_too_may_not_be_changed_later_whatever_else_it_is() {
    let metadata = |view: View| view.catalog().unwrap().1.get("Metadata").unwrap().as_reference().unwrap();
    let prepared = {
        let file = File::read(&SIGNED.states[0]).unwrap();
        let page = file.now().pages()[0];
        let mut dictionary = page.value.as_dictionary().unwrap().clone();
        let contents = [dictionary.get("Contents").unwrap().clone(), Object::Reference(metadata(file.now()))];
        dictionary.set("Contents", Object::Array(contents.to_vec()));
        rewrite(&file, &[(page.id.number, Body::from(dictionary))].into()).unwrap()
    };
    let saved_later = |before: &[u8]| {
        let signed = signed_by(
            &SIGNED.authority,
            before,
            Role::Elaboro,
            &SIGNED.authority.elaboro,
            Level::BLTA,
            authority::now(),
        )
        .unwrap();
        let file = File::read(&signed).unwrap();
        let (view, id) = (file.now(), metadata(file.now()));
        let packet = String::from_utf8(view.stream(view.get(id).unwrap()).unwrap()).unwrap();
        let from = packet.find("<xmp:ModifyDate>").unwrap() + "<xmp:ModifyDate>".len();
        let saved = format!("{}2030{}", &packet[..from], &packet[from + 4..]);
        let mut update = Update::new(&file);
        let dictionary = view.get(id).unwrap().value.as_dictionary().unwrap().clone();
        update.set(id, Body::Stream(dictionary, saved.into_bytes()));
        verdict(&update.finish().unwrap().0).status
    };
    assert_eq!(saved_later(&SIGNED.states[0]), Status::TotalPassed, "who saved it when is nothing that is shown");
    assert_eq!(saved_later(&prepared), Status::TotalFailed);
}

#[test]
fn a_timestamp_alone_is_nobodys_signature() {
    let file = File::read(&SIGNED.states[0]).unwrap();
    let reached = Reached { authority: &SIGNED.authority, now: authority::now() };
    let unsealed = in_new_field(Update::new(&file), file.now(), 20_000).unwrap();
    let stamp = stamp(&reached, &Stopped(authority::now()), &unsealed.parts()).unwrap();
    let verdict = verdict(&unsealed.seal(&stamp.der).unwrap());
    assert_eq!((verdict.status, verdict.signatures.len()), (Status::Indeterminate, 1));
}

#[test]
fn a_timestamp_that_may_be_off_by_minutes_proves_nothing() {
    let file = File::read(&SIGNED.states[1]).unwrap();
    let sealed = |lie: Option<TimestampLie>| {
        let mut authority = Authority::new();
        authority.lies.timestamp = lie;
        let reached = Reached { authority: &authority, now: authority::now() + TimeDelta::hours(2) };
        let unsealed = in_new_field(Update::new(&file), file.now(), 20_000).unwrap();
        let answer = reached.send(&request(&unsealed.parts(), reached.nonce()).unwrap()).unwrap();
        let verdict = verdict(&unsealed.seal(&response(&answer).unwrap()).unwrap());
        (verdict.status, reasons(&verdict).join("; "))
    };
    assert!(!sealed(None).1.contains("más de un minuto"));
    let (status, why) = sealed(Some(TimestampLie::VagueTime));
    assert_eq!(status, Status::Indeterminate);
    assert!(why.contains("puede errar en más de un minuto"), "{why}");
}

#[test]
fn a_certificate_of_a_web_server_signs_no_documents() {
    let authority = &SIGNED.authority;
    let reason = refused(authority, &SIGNED.states[0], Role::Elaboro, &authority.person().for_web_servers().issue());
    assert!(format!("{reason:#}").contains("no está emitido para firmar documentos"), "{reason:#}");
}

#[test]
fn who_trusts_a_person_does_not_trust_whom_that_person_vouches_for() {
    let authority = &SIGNED.authority;
    let certificate = |identity: &Identity| Certificate::from_der(&identity.der()).unwrap();
    let vouched = certificate(&authority.person_below(&authority.elaboro).issue());
    let anchors = [certificate(&authority.elaboro)];
    assert!(path::find(&vouched, &[], &anchors, authority::now(), Purpose::Signer).is_err());
    assert!(path::find(&anchors[0], &[], &anchors, authority::now(), Purpose::Signer).is_ok());
}

#[test]
fn a_signature_of_nobody_that_is_trusted_does_not_pass() {
    let authority = &SIGNED.authority;
    let other = [Certificate::from_der(&authority.second_root.der()).unwrap()];
    let told = verify(SIGNED.last(), &other, authority::now() + TimeDelta::days(1), &Evidence::default());
    assert_eq!(
        (told.status, told.sub_indication),
        (Status::Indeterminate, Some(SubIndication::NoCertificateChainFound))
    );
}

#[test]
fn no_deceptive_file_passes_and_each_is_told_for_something() {
    for deception in deceptions::deceptions(SIGNED.last()) {
        let verdict = verdict(&deception.bytes);
        let what = format!("{}: {}", deception.class, deception.name);
        assert_eq!(verdict.status, Status::TotalFailed, "{what}");
        assert_ne!(reasons(&verdict), [""; 0], "{what}");
    }
}

/// One byte changed anywhere in what is signed breaks a signature. All of the file is, but for the last signature itself.
#[test]
fn no_change_of_a_single_byte_passes() {
    let honest = SIGNED.last();
    let document = Document::read(honest).unwrap();
    let [before, after] = document.signatures.last().unwrap().covered.as_ref().unwrap().parts.clone();
    let passed: Vec<(usize, u8)> = (0..CHANGES)
        .into_par_iter()
        .filter_map(|seed| {
            // The same sequence in every run, which does not repeat itself (Weyl).
            let chance = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(31).wrapping_mul(0xD1B5_4A32_D192_ED03);
            let at = usize::try_from(chance >> 16).unwrap() % (before.len() + after.len());
            let place = if at < before.len() { at } else { at - before.len() + after.start };
            let bits = u8::try_from(chance % 255).unwrap() + 1;
            let mut bytes = honest.to_vec();
            bytes[place] ^= bits;
            (verdict(&bytes).status == Status::TotalPassed).then_some((place, bits))
        })
        .collect();
    assert_eq!(passed, []);
}
