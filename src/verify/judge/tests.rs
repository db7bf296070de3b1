use chrono::NaiveDateTime;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// A file signed by another program, and what a PDF reader finds in it.
struct Sample {
    file: Vec<u8>,
    found: Value,
}

fn sample(name: &str) -> Sample {
    let folder =
        std::env::var("SAMPLES").unwrap_or(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/firma").to_owned());
    let read = |ending| std::fs::read(format!("{folder}/{name}.{ending}")).unwrap();
    Sample { file: read("pdf"), found: serde_json::from_slice(&read("json")).unwrap() }
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

fn number(value: &Value) -> usize {
    value.as_u64().unwrap().try_into().unwrap()
}

fn anchors() -> Vec<Certificate> {
    let all = Certificate::read_all(include_bytes!("../../../tests/data/firma/certificados.pem")).unwrap();
    all.into_iter().filter(Certificate::is_self_signed).collect()
}

fn day(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(&format!("{text} 00:00:00"), "%Y-%m-%d %H:%M:%S").unwrap().and_utc()
}

impl Sample {
    /// The sample as it was when it was so long.
    fn case<'a>(&'a self, length: usize, anchors: &'a [Certificate], now: DateTime<Utc>) -> Case<'a> {
        let signatures = self.found["signatures"].as_array().unwrap().iter().map(|one| {
            let [start, before, after, rest]: [usize; 4] =
                one["ranges"].as_array().unwrap().iter().map(number).collect::<Vec<_>>().try_into().unwrap();
            Signed {
                field: one["field"].as_str().unwrap().to_owned(),
                kind: if one["kind"] == "Sig" { Kind::Signature } else { Kind::DocumentTimestamp },
                cms: hex(std::str::from_utf8(&self.file[before..after]).unwrap()),
                covered: [start..start + before, after..after + rest],
                end: after + rest,
                declared: None,
            }
        });
        let evidence = self.found["evidence"].as_array().unwrap().iter().map(|one| {
            let all = |key: &str| one[key].as_array().unwrap().iter().map(|one| hex(one.as_str().unwrap())).collect();
            let certificates: Vec<Vec<u8>> = all("certificates");
            let certificates = certificates.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
            Added {
                end: number(&one["end"]),
                evidence: Evidence { certificates, ocsps: all("ocsps"), crls: all("crls") },
            }
        });
        Case {
            file: &self.file[..length],
            signatures: signatures.filter(|one| one.end <= length).collect(),
            evidence: evidence.filter(|one| one.end <= length).collect(),
            anchors,
            now,
        }
    }

    fn judge(&self, now: &str) -> Vec<Judgement> {
        judge(&self.case(self.file.len(), &anchors(), day(now)))
    }
}

/// The verdicts on what the sample was when it was so long, oldest first: status, why, level.
fn verdicts(sample: &Sample, length: usize, now: &str) -> Vec<String> {
    let said = |one: Judgement| {
        let why = one.sub_indication.map(|why| format!(" {why}")).unwrap_or_default();
        let level = one.level.map(|level| format!(" {level}")).unwrap_or_default();
        format!("{}{why}{level}", one.status)
    };
    judge(&sample.case(length, &anchors(), day(now))).into_iter().map(said).collect()
}

fn verdict(name: &str, now: &str) -> Vec<String> {
    let sample = sample(name);
    verdicts(&sample, sample.file.len(), now)
}

/// What one check saw.
fn check<'a>(judgement: &'a Judgement, key: &str) -> &'a Check {
    judgement.checks.iter().find(|check| check.key == key).unwrap()
}

#[test]
fn each_level_is_reached_by_what_the_file_holds() {
    assert_eq!(verdict("b", "2026-11-24"), ["INDETERMINATE TRY_LATER B-B"]);
    let sample = sample("renovado");
    let [signature, seal, renewal] = &sample.case(sample.file.len(), &anchors(), day("2026-11-24")).signatures[..]
    else {
        panic!()
    };
    let at = |length| verdicts(&sample, length, "2026-11-24");
    assert_eq!(
        at(signature.end),
        ["INDETERMINATE TRY_LATER B-B"],
        "its timestamp proves nothing without revocation data"
    );
    assert_eq!(at(seal.end), ["TOTAL-PASSED B-LTA", "TOTAL-PASSED B-LT"]);
    assert_eq!(at(renewal.end), ["TOTAL-PASSED B-LTA", "TOTAL-PASSED B-LTA", "TOTAL-PASSED B-LT"]);
    let anchors = anchors();
    let mut unsealed = sample.case(seal.end, &anchors, day("2026-11-24"));
    unsealed.signatures.truncate(1);
    assert_eq!(judge(&unsealed)[0].level, Some(Level::BLT));
}

#[test]
fn a_sealed_signature_holds_for_decades_until_the_last_timestamp_ends() {
    let passed = ["TOTAL-PASSED B-LTA", "TOTAL-PASSED B-LTA", "TOTAL-PASSED B-LT"];
    assert_eq!(verdict("dos", "2026-11-24"), passed);
    assert_eq!(verdict("dos", "2046-11-23"), passed, "the signers' certificates ended in 2035");
    let ended = ["INDETERMINATE OUT_OF_BOUNDS_NO_POE B-B", "INDETERMINATE OUT_OF_BOUNDS_NO_POE"];
    assert_eq!(verdict("dos", "2085-01-01"), [ended[0], ended[0], ended[1]], "the authority's ended in 2080");
}

#[test]
fn what_proves_when_a_signature_existed_is_told() {
    let all = sample("renovado").judge("2026-11-24");
    assert_eq!(all[0].proven.by, Proof::SignatureTimestamp("Estampado Cronológico de Prueba".to_owned()));
    assert_eq!(all[1].proven.by, Proof::DocumentTimestamp(all[2].field.clone()));
    assert_eq!(all[2].proven, Proven { at: day("2026-11-24"), by: Proof::Now });
    assert!(all[0].proven.at < all[1].proven.at && all[1].proven.at < all[2].proven.at);
    let path: Vec<String> = all[0].path.iter().flat_map(|path| &path.certificates).map(Certificate::name).collect();
    assert_eq!(path, ["Firma de Prueba - Elaboró", "Subordinada de Prueba"]);
    assert_eq!(all[0].signer.as_ref().map(Certificate::name).as_ref(), path.first());
}

#[test]
fn the_checks_come_in_the_order_of_the_standard() {
    let all = sample("renovado").judge("2026-11-24");
    let keys: Vec<&str> = all[0].checks.iter().map(|check| check.key).collect();
    let order = "formato certificado contenido valor atributos sello sellos orden cadena revocacion hora algoritmos";
    assert_eq!(keys.join(" "), order);
    assert_eq!(
        check(&all[0], "cadena").seen,
        "«Firma de Prueba - Elaboró» ← «Subordinada de Prueba» ← «Raíz de Prueba»"
    );
    assert!(all[0].checks.iter().all(|check| matches!(check.outcome, Outcome::Held | Outcome::NotApplicable)));
}

#[test]
fn a_signature_of_after_the_revocation_does_not_pass() {
    assert_eq!(verdict("revocado", "2026-11-24"), ["INDETERMINATE REVOKED_NO_POE B-T", "TOTAL-PASSED B-LT"]);
    let seen = &sample("revocado").judge("2026-11-24")[0];
    let sentence = "el certificado de «Firma de Prueba - Revocada» está revocado desde el 2026-01-01 00:00:00 UTC (clave comprometida)";
    assert_eq!(check(seen, "revocacion").seen, sentence);
    assert_eq!(check(seen, "revocacion").outcome, Outcome::Failed);
}

#[test]
fn a_signature_that_covers_a_timestamp_of_after_the_revocation_fails_for_certain() {
    assert_eq!(verdict("revocado-cierto", "2026-11-24"), ["TOTAL-PASSED B-LT", "TOTAL-FAILED REVOKED B-T"]);
}

#[test]
fn a_signature_that_covers_a_timestamp_of_after_its_certificate_expired_is_told_so() {
    assert_eq!(verdict("vencido-cierto", "2026-11-24"), ["TOTAL-PASSED B-LT", "TOTAL-FAILED EXPIRED B-T"]);
}

#[test]
fn a_file_of_very_many_signatures_is_not_looked_into() {
    let (sample, anchors) = (sample("renovado"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    case.signatures = vec![case.signatures[0].clone(); MAX_SIGNATURES + 1];
    assert!(judge(&case).iter().all(|one| one.sub_indication == Some(SubIndication::FormatFailure)));
}

#[test]
fn a_signature_of_before_the_revocation_passes() {
    assert_eq!(verdict("revocado-despues", "2026-11-24")[0], "TOTAL-PASSED B-LTA");
}

#[test]
fn a_signature_of_after_the_certificate_expired_does_not_pass() {
    assert_eq!(verdict("vencido", "2026-11-24")[0], "INDETERMINATE OUT_OF_BOUNDS_NO_POE B-T");
}

#[test]
fn a_signature_of_before_the_certificate_expired_passes_when_it_is_proven() {
    assert_eq!(verdict("vencido-despues", "2026-11-24")[0], "TOTAL-PASSED B-LTA");
    let sample = sample("vencido-despues");
    let length = number(&sample.found["evidence"][0]["end"]);
    let without = verdicts(&sample, length, "2026-11-24");
    assert_eq!(without, ["TOTAL-PASSED B-LT"], "whoever signed the revocation data can still vouch for them");
    let signed = sample.case(sample.file.len(), &anchors(), day("2026-11-24")).signatures[0].end;
    assert_eq!(verdicts(&sample, signed, "2026-11-24"), ["INDETERMINATE OUT_OF_BOUNDS_NO_POE B-B"]);
}

#[test]
fn an_expired_certificate_that_was_not_revoked_is_told_apart() {
    let sample = sample("vencido-despues");
    let anchors = anchors();
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    // The signature loses its proofs: the timestamp inside is of another signature now, the one of the document is left out.
    case.signatures.truncate(1);
    case.signatures[0].cms = without_timestamps(&case.signatures[0].cms);
    let told = &judge(&case)[0];
    // The list speaks for July 2021 at most, and the certificate was valid until 2022.
    assert_eq!(told.sub_indication, Some(SubIndication::OutOfBoundsNoPoe));
    let crls = &mut case.evidence[0].evidence.crls;
    *crls = vec![crls[0].clone(), include_bytes!("../../../tests/data/firma/subordinada.crl").to_vec()];
    assert_eq!(
        judge(&case)[0].sub_indication,
        Some(SubIndication::OutOfBoundsNoPoe),
        "that list is of after it expired"
    );
}

/// A signature without what is not signed.
fn without_timestamps(cms: &[u8]) -> Vec<u8> {
    crate::pki::asn1::edit::change(&unpadded(cms), &[1, 0, 4, 0], &|all| all.truncate(6))
}

fn unpadded(cms: &[u8]) -> Vec<u8> {
    crate::pki::asn1::Element::first(cms).unwrap().0.whole.to_vec()
}

#[test]
fn a_signature_of_before_the_certificate_was_valid_fails() {
    assert_eq!(verdict("futuro", "2026-11-24")[0], "TOTAL-FAILED NOT_YET_VALID B-T");
}

#[test]
fn timestamps_in_the_wrong_order_are_refused() {
    assert_eq!(verdict("desorden", "2026-11-24")[0], "INDETERMINATE TIMESTAMP_ORDER_FAILURE B-T");
    let early = verdict("dos", "2026-11-01");
    assert_eq!(early[2], "INDETERMINATE TIMESTAMP_ORDER_FAILURE", "a timestamp of the future");
}

#[test]
fn without_the_anchor_there_is_no_chain() {
    let sample = sample("renovado");
    let all = Certificate::read_all(include_bytes!("../../../tests/data/firma/caminos.pem")).unwrap();
    let verdicts = judge(&sample.case(sample.file.len(), &all[..1], day("2026-11-24")));
    assert!(verdicts.iter().all(|one| one.sub_indication == Some(SubIndication::NoCertificateChainFound)));
    assert!(verdicts.iter().all(|one| one.status == Status::Indeterminate && one.path.is_none()));
}

#[test]
fn evidence_from_outside_counts_but_not_for_the_level() {
    let (sample, anchors) = (sample("renovado"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    case.signatures.truncate(1);
    case.evidence[0].end = OUTSIDE;
    let told = &judge(&case)[0];
    assert_eq!((told.status, told.level), (Status::TotalPassed, Some(Level::BT)));
}

#[test]
fn a_signature_without_any_timestamp_passes_by_fresh_evidence_alone() {
    let (sample, anchors) = (sample("renovado"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    case.signatures.truncate(1);
    case.signatures[0].cms = without_timestamps(&case.signatures[0].cms);
    let told = &judge(&case)[0];
    assert_eq!((told.status, told.level), (Status::TotalPassed, Some(Level::BB)));
    case.now = day("2027-06-01");
    let told = &judge(&case)[0];
    assert_eq!((told.status, told.sub_indication), (Status::Indeterminate, Some(SubIndication::TryLater)), "stale");
}

#[test]
fn a_timestamp_of_another_signature_is_refused() {
    let (sample, anchors) = (sample("dos"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    let other = crate::pki::asn1::edit::get(&unpadded(&case.signatures[1].cms), &[1, 0, 4, 0, 6]);
    case.signatures[0].cms = crate::pki::asn1::edit::set(&unpadded(&case.signatures[0].cms), &[1, 0, 4, 0, 6], &other);
    let told = &judge(&case)[0];
    assert_eq!((told.status, told.sub_indication), (Status::Indeterminate, Some(SubIndication::SigConstraintsFailure)));
    assert!(check(told, "sello").seen.starts_with("es falso o ajeno"));
}

#[test]
fn a_signer_who_claims_a_moment_without_a_valid_certificate_is_refused() {
    let (sample, anchors) = (sample("renovado"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    case.signatures[0].declared = Some(day("2026-11-20"));
    assert_eq!(judge(&case)[0].status, Status::TotalPassed);
    case.signatures[0].declared = Some(day("2024-01-01"));
    assert_eq!(judge(&case)[0].sub_indication, Some(SubIndication::SigConstraintsFailure));
}

#[test]
fn swapped_signatures_do_not_pass() {
    let (sample, anchors) = (sample("dos"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    let (first, second) = (case.signatures[0].cms.clone(), case.signatures[1].cms.clone());
    (case.signatures[0].cms, case.signatures[1].cms) = (second, first);
    let told = judge(&case);
    assert!(told[..2].iter().all(|one| one.sub_indication == Some(SubIndication::HashFailure)));
}

#[test]
fn what_is_no_signature_or_covers_no_whole_revision_fails() {
    let (sample, anchors) = (sample("renovado"), anchors());
    let case = || sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    let changes: [fn(&mut Signed); 5] = [
        |signed| signed.cms.clear(),
        |signed| signed.covered[0].start = 1,
        |signed| signed.covered[1].end -= 1,
        |signed| signed.covered[1].start = 0,
        |signed| (signed.covered[1].end, signed.end) = (usize::MAX, usize::MAX),
    ];
    for (at, change) in changes.iter().enumerate() {
        for signature in [0, 1] {
            let mut case = case();
            change(&mut case.signatures[signature]);
            let told = &judge(&case)[signature];
            assert_eq!(told.sub_indication, Some(SubIndication::FormatFailure), "change {at} of {signature}");
            assert_eq!((told.status, told.level), (Status::TotalFailed, None));
        }
    }
}

#[test]
fn a_document_timestamp_that_does_not_hold_proves_nothing() {
    let (sample, anchors) = (sample("vencido-despues"), anchors());
    let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
    case.signatures[0].cms = without_timestamps(&case.signatures[0].cms);
    assert_eq!(judge(&case)[0].proven.by, Proof::DocumentTimestamp(case.signatures[1].field.clone()));
    let mut file = sample.file.clone();
    file[10] ^= 1;
    let case = Case { file: &file, ..case };
    let told = judge(&case);
    assert_eq!((told[0].proven.by.clone(), told[1].sub_indication), (Proof::Now, Some(SubIndication::HashFailure)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_changed_byte_that_is_signed_passes(at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let (sample, anchors) = (sample("renovado"), anchors());
        let case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
        let [before, after] = case.signatures[0].covered.clone();
        let position = at.index(before.len() + after.len());
        let position = if position < before.end { position } else { position - before.end + after.start };
        let mut file = sample.file.clone();
        file[position] ^= flip;
        for told in judge(&Case { file: &file, ..case }) {
            prop_assert_eq!(told.sub_indication, Some(SubIndication::HashFailure));
        }
    }

    #[test]
    fn no_evidence_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let (sample, anchors) = (sample("renovado"), anchors());
        let mut case = sample.case(sample.file.len(), &anchors, day("2026-11-24"));
        let evidence = &mut case.evidence[0].evidence;
        let all: Vec<&mut Vec<u8>> = evidence.ocsps.iter_mut().chain(&mut evidence.crls).collect();
        let length: usize = all.iter().map(|one| one.len()).sum();
        let mut at = at.index(length);
        for one in all {
            if let Some(byte) = one.get_mut(at) {
                *byte ^= flip;
                break;
            }
            at -= one.len();
        }
        evidence.ocsps.push(bytes);
        // A changed certificate inside a response is not needed when it is among the others; all else is.
        let _ = judge(&case);
    }
}
