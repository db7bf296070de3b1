//! What authorities answer when a report is signed: what is honest is taken, and each lie is told for what it is.

use anyhow::Result;
use chrono::TimeDelta;
use seguimiento::pki::certificate::Certificate;
use seguimiento::pki::evidence::Evidence;
use seguimiento::pki::path::Purpose;
use seguimiento::sign::Network;
use seguimiento::sign::evidence::Gatherer;
use seguimiento::sign::network::Once;
use seguimiento::sign::tsa::{Stamp, stamp};

use crate::authority::traits::{Reached, Stopped, Unplugged};
use crate::authority::{Authority, CrlLie, Identity, KeyName, OcspLie, Recipe, TimestampLie, now};

fn certificate(of: &Identity) -> Certificate {
    Certificate::from_der(&of.der()).unwrap()
}

/// The certificates of the issuers that a key file would hold.
fn issuers(of: &Identity) -> Vec<Certificate> {
    of.chain().iter().skip(1).map(|der| Certificate::from_der(der).unwrap()).collect()
}

fn stamped(authority: &Authority) -> Result<Stamp> {
    stamp(&Reached { authority, now: now() }, &Stopped(now()), &[b"informe"])
}

fn gathered(authority: &Authority, whose: &Identity, known: &[Certificate], purpose: Purpose) -> Result<Evidence> {
    let network = Reached { authority, now: now() };
    let anchors = [certificate(&authority.root)];
    Gatherer { network: &network, anchors: &anchors, at: now(), now: now() }.gather(&certificate(whose), known, purpose)
}

/// What is gathered for the first signer.
fn signer(authority: &Authority) -> Result<Evidence> {
    gathered(authority, &authority.elaboro, &issuers(&authority.elaboro), Purpose::Signer)
}

fn reason<T>(result: Result<T>) -> String {
    result.err().map(|error| format!("{error:#}")).unwrap_or_default()
}

#[test]
fn an_honest_authority_gives_a_timestamp_and_a_thousandth_of_a_second_is_no_fault() {
    let mut authority = Authority::new();
    assert_eq!(stamped(&authority).unwrap().signer, certificate(&authority.tsa));
    authority.lies.timestamp = Some(TimestampLie::FractionalTime);
    stamped(&authority).unwrap();
}

#[test]
fn each_lie_of_a_timestamp_authority_is_told() {
    use TimestampLie as Lie;
    for (lie, told) in [
        (Lie::WrongImprint, "es de algo distinto de lo que se le envió"),
        (Lie::WrongNonce, "es la respuesta a otra solicitud"),
        (Lie::WithoutNonce, "es la respuesta a otra solicitud"),
        (Lie::Refused, "no dio el sello"),
        (Lie::WithoutToken, "respondió sin la estampa"),
        (Lie::ExpiredCertificate, "venció el"),
        (Lie::WithoutUsage, "no está emitido para estampar"),
        (Lie::SharedUsage, "no está emitido para estampar"),
        (Lie::WithoutCertificate, "no trae el certificado de la autoridad"),
        (Lie::OtherCertificate, "no es el que la firma dice"),
        (Lie::BrokenSignature, "no corresponde"),
        (Lie::FromTheFuture, "uno de los dos relojes anda mal"),
        (Lie::VagueTime, "puede errar en más de un minuto"),
        (Lie::Garbage, "no se puede leer"),
        (Lie::Truncated, "no se puede leer"),
    ] {
        let mut authority = Authority::new();
        authority.lies.timestamp = Some(lie);
        let reason = reason(stamped(&authority));
        assert!(reason.contains(told), "{lie:?}: {reason}");
    }
}

#[test]
fn a_timestamp_of_a_stranger_leads_to_no_anchor() {
    let mut authority = Authority::new();
    authority.lies.timestamp = Some(TimestampLie::Untrusted);
    let stamp = stamped(&authority).unwrap();
    let network = Reached { authority: &authority, now: now() };
    let anchors = [certificate(&authority.root)];
    let gatherer = Gatherer { network: &network, anchors: &anchors, at: now(), now: now() };
    let reason = reason(gatherer.gather(&stamp.signer, &stamp.token.cms.evidence.certificates, Purpose::Timestamping));
    assert!(reason.contains("no llega a ninguna de las raíces de confianza"), "{reason}");
}

#[test]
fn the_evidence_has_the_path_with_its_anchor_and_a_word_on_each_certificate_below() {
    let authority = Authority::new();
    let evidence = signer(&authority).unwrap();
    for identity in [&authority.elaboro, &authority.intermediate, &authority.root, &authority.responder] {
        assert!(evidence.certificates.contains(&certificate(identity)), "{}", identity.subject());
    }
    assert_eq!((evidence.certificates.len(), evidence.ocsps.len() + evidence.crls.len()), (4, 2));
    let of_timestamps = gathered(&authority, &authority.tsa, &[], Purpose::Timestamping).unwrap();
    assert_eq!((of_timestamps.certificates.len(), of_timestamps.ocsps.len() + of_timestamps.crls.len()), (2, 1));
}

#[test]
fn what_is_gathered_does_not_depend_on_the_order_of_what_is_known() {
    let authority = Authority::new();
    let mut known = issuers(&authority.elaboro);
    known.push(certificate(&authority.tsa));
    let gather = |known: &[Certificate]| gathered(&authority, &authority.elaboro, known, Purpose::Signer).unwrap();
    let one = gather(&known);
    known.reverse();
    let other = gather(&known);
    assert_eq!((one.certificates, one.crls), (other.certificates, other.crls));
}

#[test]
fn a_certificate_that_is_missing_is_fetched() {
    let authority = Authority::new();
    let evidence = gathered(&authority, &authority.elaboro, &[], Purpose::Signer).unwrap();
    assert!(evidence.certificates.contains(&certificate(&authority.intermediate)));
}

#[test]
fn where_ocsp_settles_nothing_the_list_does() {
    use OcspLie as Lie;
    for lie in [
        Lie::Unknown,
        Lie::TryLater,
        Lie::Unauthorized,
        Lie::Stale,
        Lie::FromTheFuture,
        Lie::OtherSerial,
        Lie::OtherIssuer,
        Lie::BrokenSignature,
        Lie::SignedByStranger,
        Lie::ResponderWithoutUsage,
        Lie::ResponderExpired,
        Lie::SignedByPerson,
        Lie::Garbage,
    ] {
        let mut authority = Authority::new();
        authority.lies.ocsp = Some(lie);
        let evidence = signer(&authority).unwrap();
        assert_eq!((evidence.ocsps.len(), evidence.crls.len()), (0, 2), "{lie:?}");
    }
}

#[test]
fn a_responder_that_may_be_revoked_is_looked_for_in_the_list() {
    let mut authority = Authority::new();
    let recipe = Recipe::responder("Respondedor por revisar", KeyName::Responder, &authority.intermediate);
    authority.responder = recipe.with_revocation_at(authority.base()).issue();
    let evidence = signer(&authority).unwrap();
    assert_eq!(
        (evidence.ocsps.len(), evidence.crls.len()),
        (1, 2),
        "a list for the responder, one for the intermediate"
    );
    let responder = authority.responder.clone();
    authority.revoke(&responder, now() - TimeDelta::days(3));
    assert_eq!(signer(&authority).unwrap().ocsps.len(), 0, "the word of who is revoked counts for nothing");
}

#[test]
fn where_neither_settles_it_both_reasons_are_told() {
    for lie in [
        CrlLie::Stale,
        CrlLie::FromTheFuture,
        CrlLie::BrokenSignature,
        CrlLie::SignedByStranger,
        CrlLie::UnknownCritical,
        CrlLie::Garbage,
    ] {
        let mut authority = Authority::new();
        authority.lies.ocsp = Some(OcspLie::TryLater);
        authority.lies.crl = Some(lie);
        let reason = reason(signer(&authority));
        assert!(reason.contains("no se sabe si el certificado de «Ana Muñoz» está revocado"), "{lie:?}: {reason}");
        assert!(reason.contains("/ocsp") && reason.contains(".crl"), "{lie:?}: {reason}");
    }
}

#[test]
fn a_revoked_certificate_is_told_with_its_date_by_ocsp_and_by_the_list() {
    for lie in [None, Some(OcspLie::TryLater)] {
        let mut authority = Authority::new();
        authority.lies.ocsp = lie;
        let ana = authority.elaboro.clone();
        authority.revoke(&ana, now() - TimeDelta::days(3));
        let told = reason(signer(&authority));
        assert!(told.contains("«Ana Muñoz» está revocado desde el 2026-02-27 (clave comprometida)"), "{told}");
    }
}

#[test]
fn a_responder_that_says_revoked_in_any_way_is_believed() {
    for lie in [OcspLie::RevokedTomorrow, OcspLie::GoodAndRevoked] {
        let mut authority = Authority::new();
        authority.lies.ocsp = Some(lie);
        let reason = reason(signer(&authority));
        assert!(reason.contains("está revocado desde el"), "{lie:?}: {reason}");
    }
}

#[test]
fn a_revoked_authority_is_told_too() {
    let mut authority = Authority::new();
    let intermediate = authority.intermediate.clone();
    authority.revoke(&intermediate, now() - TimeDelta::days(3));
    assert!(reason(signer(&authority)).contains("«Subordinada de ensayo» está revocado"));
}

#[test]
fn who_is_of_no_configured_anchor_is_told_where_the_path_ends() {
    let authority = Authority::new();
    let told = reason(gathered(&authority, &authority.intruder, &issuers(&authority.intruder), Purpose::Signer));
    assert!(told.contains("«Diego Intruso» no llega a ninguna") && told.contains("«Raíz ajena»"), "{told}");
}

#[test]
fn a_certificate_without_addresses_cannot_be_settled() {
    let authority = Authority::new();
    let silent = authority.person().without_addresses().issue();
    let told = reason(gathered(&authority, &silent, &issuers(&silent), Purpose::Signer));
    assert!(told.contains("no dice dónde se pregunta"), "{told}");
}

#[test]
fn without_a_network_nothing_is_gathered() {
    let authority = Authority::new();
    let anchors = [certificate(&authority.root)];
    let gatherer = Gatherer { network: &Unplugged, anchors: &anchors, at: now(), now: now() };
    let told = reason(gatherer.gather(&certificate(&authority.elaboro), &issuers(&authority.elaboro), Purpose::Signer));
    assert!(told.contains("sin red"), "{told}");
}

/// Counts what it is asked.
struct Counting<'a>(Reached<'a>, std::cell::Cell<usize>);

impl Network for Counting<'_> {
    fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>> {
        self.1.set(self.1.get() + 1);
        self.0.ocsp(url, request)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>> {
        self.1.set(self.1.get() + 1);
        self.0.get(url)
    }
}

#[test]
fn many_reports_ask_each_address_once() {
    let authority = Authority::new();
    let counting = Counting(Reached { authority: &authority, now: now() }, std::cell::Cell::new(0));
    let once = Once::new(&counting);
    let anchors = [certificate(&authority.root)];
    let gatherer = Gatherer { network: &once, anchors: &anchors, at: now(), now: now() };
    let gather = || gatherer.gather(&certificate(&authority.elaboro), &[], Purpose::Signer).unwrap();
    let first = gather();
    let asked = counting.1.get();
    assert_eq!(gather().ocsps, first.ocsps);
    assert_eq!(counting.1.get(), asked);
}
