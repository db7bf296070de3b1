use proptest::prelude::*;

use super::*;
use crate::pki::algorithm;
use crate::pki::asn1::edit::{change, get, inside, set, tlv};
use crate::pki::timestamp::Token;

const TEXT: &[u8] = b"Lo que se firma";
const RSA: &[u8] = include_bytes!("../../../tests/data/firma/rsa.cms");
const ECDSA: &[u8] = include_bytes!("../../../tests/data/firma/ecdsa.cms");

/// Where things are in a message.
const SIGNED_DATA: [usize; 2] = [1, 0];
const SIGNER: [usize; 4] = [1, 0, 4, 0];
const SIGNED_ATTRIBUTES: [usize; 5] = [1, 0, 4, 0, 3];

fn refusal(der: &[u8]) -> &'static str {
    Cms::detached(der).unwrap_err().0
}

/// The position of the signed attribute whose object identifier ends so.
fn position(end: &[u8]) -> usize {
    inside(&get(RSA, &SIGNED_ATTRIBUTES)).iter().position(|one| get(one, &[0]).ends_with(end)).unwrap()
}

/// The message with a signed attribute replaced, or taken away.
fn with_attribute(at: usize, attribute: Option<&[u8]>) -> Vec<u8> {
    change(RSA, &SIGNED_ATTRIBUTES, &|all| {
        all.remove(at);
        all.extend(attribute.map(<[u8]>::to_vec));
        all.sort();
    })
}

#[test]
fn what_another_program_signed_is_verified() {
    for (der, name, algorithm) in [(RSA, "Elaboró", "RSA con SHA-256"), (ECDSA, "Revisó", "ECDSA con SHA-256")] {
        let cms = Cms::detached(der).unwrap();
        let verified = cms.verify(&[b"Lo que ", b"se firma"], &[]).unwrap();
        assert!(verified.signer.name().ends_with(name));
        assert_eq!(verified.algorithm.to_string(), algorithm);
        assert_eq!(cms.timestamps.len(), 1);
        Token::read(&cms.timestamps[0]).unwrap().verify(&[&cms.signature], &cms.evidence.certificates).unwrap();
        assert_eq!(cms.verify(&[b"Lo que se firmo"], &[]).unwrap_err(), Fault::Changed);
    }
}

#[test]
fn zeros_may_follow_and_nothing_else() {
    assert!(Cms::detached(&[RSA, &[0; 100]].concat()).is_ok());
    assert_eq!(refusal(&[RSA, &[0, 0, 1]].concat()), "hay datos después de la firma");
    assert_eq!(refusal(&RSA[..RSA.len() - 1]), Malformed::from(Tag::Null.value_error()).0);
    assert!(Cms::detached(b"").is_err());
}

#[test]
fn indefinite_and_overlong_lengths_are_refused() {
    let inner = &RSA[4..];
    assert!(Cms::detached(&[b"\x30\x80", inner, b"\0\0"].concat()).is_err());
    assert!(Cms::detached(&[&[0x30, 0x83, 0, RSA[2], RSA[3]], inner].concat()).is_err());
}

#[test]
fn exactly_one_signer_signs() {
    let none = change(RSA, &[1, 0, 4], &|all| all.clear());
    let two = change(RSA, &[1, 0, 4], &|all| all.push(all[0].clone()));
    for der in [none, two] {
        assert_eq!(refusal(&der), "no tiene exactamente un firmante");
    }
}

#[test]
fn what_is_signed_is_outside_a_signature_and_inside_a_timestamp() {
    let encapsulated = change(RSA, &[1, 0, 2], &|all| all.push(tlv(0xA0, &tlv(0x04, TEXT))));
    assert_eq!(refusal(&encapsulated), "lo firmado viene dentro de la firma y no en el PDF");
    assert_eq!(Cms::timestamp(RSA).unwrap_err().0, "el sello de tiempo está vacío");
    assert_eq!(Cms::timestamp(&encapsulated).unwrap_err().0, "lo firmado no es del tipo esperado");
    let token = &Cms::detached(RSA).unwrap().timestamps[0];
    assert_eq!(refusal(token), "lo firmado viene dentro de la firma y no en el PDF");
}

#[test]
fn another_kind_of_message_or_version_is_refused() {
    let digested = tlv(0x06, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x05]);
    assert_eq!(refusal(&set(RSA, &[0], &digested)), "no es un mensaje firmado (SignedData)");
    assert_eq!(refusal(&set(RSA, &[1, 0, 0], b"\x02\x01\x02")), "la versión del CMS no se reconoce");
    let version = [&SIGNER[..], &[0]].concat();
    let seen = refusal(&set(RSA, &version, b"\x02\x01\x03"));
    assert_eq!(seen, "la versión del firmante no corresponde a cómo se nombra su certificado");
}

#[test]
fn signed_attributes_are_there_sorted_and_once() {
    let without = change(RSA, &SIGNER, &|all| _ = all.remove(3));
    assert_eq!(refusal(&without), "no tiene atributos firmados");
    let unsorted = change(RSA, &SIGNED_ATTRIBUTES, &|all| all.reverse());
    assert_eq!(refusal(&unsorted), "los atributos firmados no están en el orden de DER");
    let twice = change(RSA, &SIGNED_ATTRIBUTES, &|all| all.insert(0, all[0].clone()));
    assert_eq!(refusal(&twice), "los atributos firmados no están en el orden de DER");
    let digest = position(&[9, 4]);
    let attribute = get(RSA, &[&SIGNED_ATTRIBUTES[..], &[digest]].concat());
    let other = set(&attribute, &[1, 0], &tlv(0x04, &[0; 32]));
    let both = change(RSA, &SIGNED_ATTRIBUTES, &|all| {
        all.push(other.clone());
        all.sort();
    });
    assert_eq!(refusal(&both), "un atributo firmado está repetido");
    let two_values = change(&attribute, &[1], &|all| all.push(tlv(0x04, &[0xFF; 32])));
    let seen = refusal(&with_attribute(digest, Some(&two_values)));
    assert_eq!(seen, "un atributo firmado no tiene exactamente un valor");
}

#[test]
fn the_digest_and_the_type_of_what_is_signed_are_there() {
    assert_eq!(refusal(&with_attribute(position(&[9, 4]), None)), "no tiene el resumen de lo firmado");
    assert_eq!(refusal(&with_attribute(position(&[9, 3]), None)), "el tipo de lo firmado falta o es otro");
    let seen = refusal(&set(RSA, &[1, 0, 2, 0], &tlv(0x06, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x03])));
    assert_eq!(seen, "el tipo de lo firmado falta o es otro");
}

#[test]
fn algorithms_are_those_that_were_announced_and_protected() {
    let sha512 = tlv(0x06, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]);
    let unannounced = set(RSA, &[1, 0, 1, 0, 0], &sha512);
    assert_eq!(refusal(&unannounced), "el resumen que usa el firmante no es de los anunciados");
    let oid = tlv(0x06, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x34]);
    let [digest, signature] = [2, 4].map(|field| get(RSA, &[&SIGNER[..], &[field]].concat()));
    let signature = [&[0xA1], &signature[1..]].concat();
    let protection = tlv(0x30, &[oid, tlv(0x31, &tlv(0x30, &[digest, signature].concat()))].concat());
    let protected = change(RSA, &SIGNED_ATTRIBUTES, &|all| {
        all.push(protection.clone());
        all.sort();
    });
    assert!(Cms::detached(&protected).is_ok());
    let changed = set(&protected, &[1, 0, 1, 0, 0], &sha512);
    let changed = set(&changed, &[&SIGNER[..], &[2, 0]].concat(), &sha512);
    assert_eq!(refusal(&changed), "los algoritmos no son los que el firmante fijó");
}

#[test]
fn a_signer_without_a_certificate_may_be_known_from_elsewhere() {
    let without = change(RSA, &SIGNED_DATA, &|all| _ = all.remove(3));
    let cms = Cms::detached(&without).unwrap();
    assert_eq!(cms.verify(&[TEXT], &[]).unwrap_err(), Fault::NoSigner);
    let known = Cms::detached(RSA).unwrap().evidence.certificates;
    assert!(cms.verify(&[TEXT], &known).is_ok());
}

#[test]
fn the_certificate_is_the_one_that_the_signer_said() {
    let reference = position(&[2, 47]);
    let attribute = get(RSA, &[&SIGNED_ATTRIBUTES[..], &[reference]].concat());
    let hash = inside(&get(&attribute, &[1, 0, 0, 0])).iter().position(|one| one[0] == 0x04).unwrap();
    let other = set(&attribute, &[1, 0, 0, 0, hash], &tlv(0x04, &[7; 32]));
    let cms = Cms::detached(&with_attribute(reference, Some(&other))).unwrap();
    assert_eq!(cms.verify(&[TEXT], &[]).unwrap_err(), Fault::OtherSigner);
    let without = Cms::detached(&with_attribute(reference, None)).unwrap();
    assert!(without.reference.is_none() && Cms::detached(RSA).unwrap().reference.is_some_and(|one| !one.is_weak()));
}

/// Who has no key can still put a certificate of his own making beside the signer's, or in its place.
#[test]
fn a_certificate_that_is_named_as_the_signers_is_refused() {
    let honest = Cms::detached(RSA).unwrap();
    let signer = honest.signer(&[]).unwrap();
    let subject = get(signer.der(), &[0, 3]);
    assert_ne!(subject, get(signer.der(), &[0, 5]));
    let twin = set(signer.der(), &[0, 5], &subject);
    let certificates = [1, 0, 3];
    let beside = change(RSA, &certificates, &|all| all.push(twin.clone()));
    assert_eq!(Cms::detached(&beside).unwrap().verify(&[TEXT], &[]).unwrap_err(), Fault::TwoSigners);
    let instead = change(RSA, &certificates, &|all| {
        all.retain(|one| one != signer.der());
        all.push(twin.clone());
    });
    let instead = Cms::detached(&instead).unwrap();
    assert_eq!(instead.verify(&[TEXT], &[]).unwrap_err(), Fault::OtherSigner);
    assert_eq!(instead.verify(&[TEXT], std::slice::from_ref(&signer)).unwrap_err(), Fault::TwoSigners);
    let twin = Certificate::from_der(&twin).unwrap();
    assert_eq!(honest.verify(&[TEXT], &[twin]).unwrap_err(), Fault::TwoSigners);
    assert!(honest.verify(&[TEXT], &[signer]).is_ok(), "the same one twice");
}

#[test]
fn an_issuer_and_serial_that_are_of_another_certificate_name_none() {
    let known = Cms::detached(RSA).unwrap();
    let signer = known.signer(&[]).unwrap();
    let hash = algorithm::Digest::Sha256.of(signer.der());
    let reference = |issuer: &[u8], serial: &[u8]| {
        let issuer_serial = tlv(0x30, &[tlv(0x30, &tlv(0xA4, issuer)), tlv(0x02, serial)].concat());
        let list = tlv(0x30, &tlv(0x30, &[tlv(0x04, &hash), issuer_serial].concat()));
        let oid = get(RSA, &[&SIGNED_ATTRIBUTES[..], &[position(&[2, 47]), 0]].concat());
        let attribute = tlv(0x30, &[oid, tlv(0x31, &tlv(0x30, &list))].concat());
        let cms = Cms::detached(&with_attribute(position(&[2, 47]), Some(&attribute))).unwrap();
        cms.reference.unwrap().names(&signer)
    };
    assert!(reference(signer.issuer_der(), signer.serial_bytes()));
    assert!(!reference(signer.subject_der(), signer.serial_bytes()));
    assert!(!reference(signer.issuer_der(), b"\x01"));
}

#[test]
fn a_certificate_named_by_sha1_is_found_and_called_weak() {
    let signer = Cms::detached(RSA).unwrap().signer(&[]).unwrap();
    let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, signer.der());
    let oid = tlv(0x06, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0C]);
    let list = tlv(0x30, &tlv(0x30, &tlv(0x30, &tlv(0x04, hash.as_ref()))));
    let attribute = tlv(0x30, &[oid, tlv(0x31, &list)].concat());
    let cms = Cms::detached(&with_attribute(position(&[2, 47]), Some(&attribute))).unwrap();
    assert_eq!(cms.signer(&[]).unwrap(), signer);
    assert!(cms.reference.is_some_and(|one| one.is_weak()));
}

#[test]
fn a_weak_digest_is_told_as_such() {
    let sha1 = tlv(0x30, &tlv(0x06, &[0x2B, 0x0E, 0x03, 0x02, 0x1A]));
    let der = set(&set(RSA, &[1, 0, 1, 0], &sha1), &[&SIGNER[..], &[2]].concat(), &sha1);
    let fault = Cms::detached(&der).unwrap().verify(&[TEXT], &[]).unwrap_err();
    assert_eq!(fault, Fault::Signature(algorithm::Fault::Weak("SHA-1".to_owned())));
}

#[test]
fn revocation_data_inside_are_found() {
    let (ocsp, crl) = (tlv(0x30, b"\x0a\x01\x00"), tlv(0x30, b"\x02\x01\x01"));
    let response = tlv(0x06, &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x10, 0x02]);
    let other = tlv(0xA1, &[response, ocsp.clone()].concat());
    let der = change(RSA, &SIGNED_DATA, &|all| all.insert(4, tlv(0xA1, &[crl.clone(), other.clone()].concat())));
    let cms = Cms::detached(&der).unwrap();
    assert_eq!((&cms.evidence.ocsps, &cms.evidence.crls), (&vec![ocsp.clone()], &vec![crl.clone()]));
    let oid = tlv(0x06, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x2F, 0x01, 0x01, 0x08]);
    let groups = tlv(0x30, &[tlv(0xA0, &tlv(0x30, &crl)), tlv(0xA1, &tlv(0x30, &ocsp))].concat());
    let archival = tlv(0x30, &[oid, tlv(0x31, &groups)].concat());
    let der = change(RSA, &SIGNED_ATTRIBUTES, &|all| {
        all.push(archival.clone());
        all.sort();
    });
    let cms = Cms::detached(&der).unwrap();
    assert_eq!((cms.evidence.ocsps, cms.evidence.crls), (vec![ocsp], vec![crl]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(Cms::detached(&bytes).is_err());
        prop_assert!(Token::read(&bytes).is_err());
    }

    #[test]
    fn no_changed_byte_verifies_unless_it_is_none_that_is_signed(
        rsa in any::<bool>(),
        at in any::<prop::sample::Index>(),
        flip in 1..=255u8,
    ) {
        let original = if rsa { RSA } else { ECDSA };
        let mut der = original.to_vec();
        der[at.index(original.len())] ^= flip;
        if let Ok(changed) = Cms::detached(&der) && let Ok(verified) = changed.verify(&[TEXT], &[]) {
            // It was another certificate, a version, or an attribute that the signer did not sign: all that counts is the same.
            let original = Cms::detached(original).unwrap();
            prop_assert_eq!(verified.signer, original.signer(&[]).unwrap());
            prop_assert_eq!((changed.signed, changed.signature), (original.signed, original.signature));
            prop_assert_eq!(changed.message_digest, original.message_digest);
        }
    }
}
