use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::pki::asn1::edit::{change, get, set, tlv};

const GOOD: &[u8] = include_bytes!("../../../tests/data/firma/elaboro.ocsp");
const REVOKED: &[u8] = include_bytes!("../../../tests/data/firma/revocado.ocsp");
const CRL: &[u8] = include_bytes!("../../../tests/data/firma/subordinada.crl");
const ROOT_CRL: &[u8] = include_bytes!("../../../tests/data/firma/raiz.crl");
/// Where the only answer is in an OCSP response.
const ANSWER: [usize; 7] = [1, 0, 1, 0, 0, 2, 0];

fn one(name: &str) -> Certificate {
    let all = Certificate::read_all(include_bytes!("../../../tests/data/firma/certificados.pem")).unwrap();
    all.into_iter().find(|one| one.name().contains(name)).unwrap()
}

fn issuer() -> Certificate {
    one("Subordinada")
}

fn day(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// The status of a certificate when one moment counts, and all is known since shortly after it was issued.
fn asked(name: &str, statements: &[Statement], moment: DateTime<Utc>, since: DateTime<Utc>) -> Status {
    let (certificate, issuer) = (one(name), issuer());
    let known: Vec<Known<'_>> = statements.iter().map(|statement| Known { statement, since }).collect();
    let moments = Moments { relied_upon: moment, fresh_for: moment };
    status(&certificate, &issuer, &known, &[], &[one("Raíz")], moments)
}

fn now() -> DateTime<Utc> {
    day(2026, 11, 24)
}

fn crl(der: &[u8]) -> Vec<Statement> {
    vec![Statement::crl(der).unwrap()]
}

fn ocsp(der: &[u8]) -> Vec<Statement> {
    vec![Statement::ocsp(der).unwrap()]
}

/// The list with one more extension, critical.
fn with_critical(extension: &[u8]) -> Vec<u8> {
    let extension = tlv(0x30, &[extension, b"\x01\x01\xff", &tlv(0x04, b"\x05\x00")].concat());
    change(CRL, &[0, 6, 0], &|all| all.push(extension.clone()))
}

#[test]
fn what_is_not_revoked_is_good_by_either() {
    for (statements, source) in [(ocsp(GOOD), Source::Ocsp), (crl(CRL), Source::Crl)] {
        let Status::Good(word) = asked("Elaboró", &statements, day(2026, 11, 23), now()) else { panic!() };
        assert_eq!((word.source, word.revoked), (source, None));
    }
    let Status::Good(word) = asked("Elaboró", &ocsp(GOOD), day(2026, 11, 23), now()) else { panic!() };
    assert_eq!(word.signer.name(), "Respondedor OCSP de Prueba");
    assert_eq!(word.next_update.unwrap() - word.this_update, TimeDelta::days(7));
}

#[test]
fn a_revocation_counts_from_its_day_on() {
    for statements in [ocsp(REVOKED), crl(CRL)] {
        let Status::Revoked(_, revoked) = asked("Revocada", &statements, day(2026, 1, 1), now()) else { panic!() };
        assert_eq!(revoked, Revoked { since: day(2026, 1, 1), reason: Some("clave comprometida") });
        let Status::Good(word) = asked("Revocada", &statements, day(2025, 12, 31), now()) else { panic!() };
        assert!(word.revoked.is_some());
    }
}

#[test]
fn a_revocation_counts_whatever_else_is_said() {
    let statements = [Statement::crl(CRL).unwrap(), Statement::ocsp(REVOKED).unwrap(), Statement::ocsp(GOOD).unwrap()];
    assert!(matches!(asked("Revocada", &statements, now(), now()), Status::Revoked(..)));
}

#[test]
fn what_is_said_of_another_says_nothing() {
    assert!(matches!(asked("Elaboró", &ocsp(REVOKED), now(), now()), Status::Unknown(Why::Nothing)));
    assert!(matches!(asked("Elaboró", &crl(ROOT_CRL), now(), now()), Status::Unknown(Why::Nothing)));
    assert!(matches!(asked("Elaboró", &[], now(), now()), Status::Unknown(Why::Nothing)));
}

#[test]
fn data_of_before_the_moment_of_interest_are_stale() {
    let later = day(2027, 6, 1);
    assert!(matches!(asked("Elaboró", &ocsp(GOOD), later, later), Status::Unknown(Why::Stale(_))));
    assert!(matches!(asked("Elaboró", &crl(CRL), later, later), Status::Unknown(Why::Stale(_))));
    assert!(matches!(asked("Elaboró", &ocsp(GOOD), day(2026, 11, 28), later), Status::Good(_)), "before nextUpdate");
}

#[test]
fn data_of_after_a_certificate_expired_do_not_tell() {
    let status = asked("Vencida", &crl(CRL), day(2021, 6, 1), now());
    assert!(matches!(status, Status::Unknown(Why::TooLate)), "{status:?}");
}

#[test]
fn data_whose_signer_expired_before_they_are_proven_to_exist_prove_nothing() {
    let status = asked("Elaboró", &ocsp(GOOD), day(2026, 11, 23), day(2081, 1, 1));
    assert!(matches!(status, Status::Unknown(Why::NoProof)), "{status:?}");
    assert!(matches!(asked("Elaboró", &crl(CRL), day(2026, 11, 23), day(2081, 1, 1)), Status::Unknown(Why::NoProof)));
}

#[test]
fn a_changed_statement_is_not_relied_upon() {
    let good = tlv(0x80, b"");
    let (ocsp_changed, crl_changed) =
        (set(REVOKED, &[&ANSWER[..], &[1]].concat(), &good), change(CRL, &[0], &|all| _ = all.remove(5)));
    for statements in [ocsp(&ocsp_changed), crl(&crl_changed)] {
        let status = asked("Revocada", &statements, now(), now());
        assert!(matches!(status, Status::Unknown(Why::Unusable(_))), "{status:?}");
    }
}

#[test]
fn who_was_not_appointed_does_not_respond() {
    // The responder's certificate is replaced by one of the same name whose usage is another: none is left.
    let statement = Statement::ocsp(&change(GOOD, &[1, 0, 1, 0], &|all| _ = all.pop())).unwrap();
    let (certificate, issuer) = (one("Elaboró"), issuer());
    assert!(statement.about(&certificate, &issuer, &[]).is_err());
    assert!(statement.about(&certificate, &issuer, &[one("Estampado"), one("Raíz")]).is_err());
    assert!(statement.about(&certificate, &issuer, &[one("Respondedor")]).is_ok_and(|word| word.is_some()));
    assert!(statement.about(&certificate, &one("Raíz"), &[]).is_ok_and(|word| word.is_none()), "another issuer");
}

#[test]
fn a_responder_that_is_not_exempt_must_itself_be_in_order() {
    let all = Certificate::read_all(include_bytes!("../../../tests/data/firma/delegado.pem")).unwrap();
    let [issuer, certificate, _responder] = &all[..] else { panic!() };
    // The lists tell of the certificate as well: it is what OCSP says that counts here.
    let moment = day(2026, 6, 1);
    let asked = |crls: &[&[u8]]| {
        let mut statements = ocsp(include_bytes!("../../../tests/data/firma/delegado.ocsp"));
        statements.extend(crls.iter().map(|der| Statement::crl(der).unwrap()));
        let since = now();
        let known: Vec<Known<'_>> = statements.iter().map(|statement| Known { statement, since }).collect();
        let moments = Moments { relied_upon: moment, fresh_for: moment };
        match status(certificate, issuer, &known, &[], &[], moments) {
            Status::Good(word) => word.source == Source::Ocsp,
            _ => false,
        }
    };
    assert!(asked(&[include_bytes!("../../../tests/data/firma/delegado.crl")]), "found by SHA-256 and by name");
    assert!(!asked(&[include_bytes!("../../../tests/data/firma/delegado-revocado.crl")]));
    assert!(!asked(&[]));
}

#[test]
fn what_makes_a_certificate_unknown_is_told() {
    let unknown = set(GOOD, &[&ANSWER[..], &[1]].concat(), &tlv(0x82, b""));
    let status = asked("Elaboró", &ocsp(&unknown), now(), now());
    assert!(matches!(status, Status::Unknown(Why::Unusable(why)) if why.contains("no conoce")));
}

#[test]
fn an_answer_may_be_found_by_sha256() {
    let (certificate, issuer) = (one("Elaboró"), issuer());
    let digest = |bytes: &[u8]| tlv(0x04, &crate::pki::algorithm::Digest::Sha256.of(bytes));
    let sha256 = tlv(0x30, &tlv(0x06, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]));
    let id = [sha256, digest(issuer.subject_der()), digest(issuer.key_bits()), tlv(0x02, certificate.serial_bytes())];
    let statement = Statement::ocsp(&set(GOOD, &[&ANSWER[..], &[0]].concat(), &tlv(0x30, &id.concat()))).unwrap();
    // It is found, and refused for its signature: it was changed.
    assert!(statement.about(&certificate, &issuer, &[]).is_err());
}

#[test]
fn responses_without_an_answer_or_with_something_critical_are_refused() {
    assert!(Statement::ocsp(b"\x30\x03\x0a\x01\x06").is_err(), "unauthorized");
    assert!(Statement::ocsp(&set(GOOD, &[0], b"\x0a\x01\x03")).is_err(), "tryLater");
    let critical = tlv(0x30, &[tlv(0x06, &[0x55, 0x1D, 0x63]), b"\x01\x01\xff".to_vec(), tlv(0x04, b"")].concat());
    let critical = tlv(0xA1, &tlv(0x30, &critical));
    assert!(Statement::ocsp(&change(GOOD, &ANSWER, &|all| all.push(critical.clone()))).is_err());
}

#[test]
fn a_response_about_thousands_of_certificates_is_refused() {
    let answer = get(GOOD, &ANSWER);
    let with = |count: usize| change(GOOD, &ANSWER[..6], &|all| *all = vec![answer.clone(); count]);
    assert!(Statement::ocsp(&with(1000)).is_ok());
    assert!(Statement::ocsp(&with(1001)).is_err());
}

#[test]
fn lists_that_are_not_understood_are_refused() {
    for (oid, what) in [([0x55, 0x1D, 0x1B], "delta"), ([0x55, 0x1D, 0x63], "unknown")] {
        assert!(Statement::crl(&with_critical(&tlv(0x06, &oid))).is_err(), "{what}");
    }
    let forgotten = tlv(0x30, &[tlv(0x06, &[0x55, 0x1D, 0x1B]), tlv(0x04, b"\x02\x01\x01")].concat());
    let delta = change(CRL, &[0, 6, 0], &|all| all.push(forgotten.clone()));
    assert!(Statement::crl(&delta).is_err(), "delta, though it does not say that this has to be understood");
    let point = |fields: &[u8]| {
        let extensions = get(CRL, &[0, 6, 0]);
        let at = crate::pki::asn1::edit::inside(&extensions)
            .iter()
            .position(|one| get(one, &[0]) == b"\x06\x03\x55\x1d\x1c");
        let value = tlv(0x04, &tlv(0x30, fields));
        Statement::crl(&set(CRL, &[0, 6, 0, at.unwrap(), 2], &value))
    };
    assert!(point(b"\x84\x01\xff").is_err(), "indirect");
    assert!(point(b"\x83\x02\x06\x40").is_err(), "some reasons only");
    assert!(point(b"\x85\x01\xff").is_err(), "attribute certificates");
    let (certificate, issuer) = (one("Elaboró"), issuer());
    let speaks = |fields: &[u8]| !matches!(point(fields).unwrap().about(&certificate, &issuer, &[]), Ok(None));
    assert!(speaks(b"\x81\x01\xff") && speaks(b""), "of users");
    assert!(!speaks(b"\x82\x01\xff"), "of authorities");
    assert!(!speaks(&tlv(0xA0, &tlv(0xA0, &tlv(0x86, b"http://otra/parte.crl")))), "of another partition");
}

#[test]
fn an_entry_that_is_not_understood_spoils_the_list() {
    let extension = tlv(0x30, &[tlv(0x06, &[0x55, 0x1D, 0x1D]), b"\x01\x01\xff".to_vec(), tlv(0x04, b"")].concat());
    let spoilt = change(CRL, &[0, 5, 0], &|all| {
        all.truncate(2);
        all.push(tlv(0x30, &extension));
    });
    assert!(Statement::crl(&spoilt).is_err());
}

#[test]
fn a_list_may_be_long_and_the_earliest_entry_of_a_certificate_counts() {
    let entry = |serial: &[u8], year: &[u8]| {
        tlv(0x30, &[tlv(0x02, serial), tlv(0x17, &[year, b"0701000000Z"].concat())].concat())
    };
    let revoked = one("Revocada");
    let mut entries: Vec<Vec<u8>> = (0..20_000_u32).map(|serial| entry(&serial.to_be_bytes(), b"24")).collect();
    entries.splice(500..500, [entry(revoked.serial_bytes(), b"26"), entry(revoked.serial_bytes(), b"25")]);
    let Body::Crl(list) = Statement::crl(&change(CRL, &[0, 5], &|all| all.clone_from(&entries))).unwrap().body else {
        panic!()
    };
    assert_eq!(list.revoked(&revoked).unwrap().since, day(2025, 7, 1));
    assert_eq!(list.revoked(&one("Elaboró")), None);
}

#[test]
fn a_key_lost_before_the_revocation_was_revoked_then() {
    let extension = tlv(0x30, &[tlv(0x06, &[0x55, 0x1D, 0x18]), tlv(0x04, b"\x18\x0f20250701000000Z")].concat());
    let der = change(CRL, &[0, 5, 0], &|all| {
        all.truncate(2);
        all.push(tlv(0x30, &extension));
    });
    let Body::Crl(list) = Statement::crl(&der).unwrap().body else { panic!() };
    assert_eq!(list.revoked(&one("Revocada")).unwrap().since, day(2025, 7, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(Statement::ocsp(&bytes).is_err());
        prop_assert!(Statement::crl(&bytes).is_err());
    }

    #[test]
    fn no_changed_byte_makes_a_revoked_certificate_good(crl in any::<bool>(), at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let mut der = if crl { CRL } else { REVOKED }.to_vec();
        let at = at.index(der.len());
        der[at] ^= flip;
        let statement = if crl { Statement::crl(&der) } else { Statement::ocsp(&der) };
        if let Ok(statement) = statement {
            prop_assert!(!matches!(asked("Revocada", &[statement], now(), now()), Status::Good(_)), "byte {at}");
        }
    }
}
