//! Revocation lists: RFC 5280, 5.

use super::issue::{key_identifier, time};
use super::{Authority, Ca, broken, der};
use chrono::{DateTime, TimeDelta, Utc};
use const_oid::AssociatedOid;
use const_oid::db::rfc5280;
use der::asn1::{BitString, Null, ObjectIdentifier, OctetString, Uint};
use x509_cert::Version;
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason};

/// What a revocation list may have wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrlLie {
    /// Its time had ended a day before.
    Stale,
    /// Its time begins a day later.
    FromTheFuture,
    /// Signature with a byte changed.
    BrokenSignature,
    /// In the name of the issuer, signed with another key.
    SignedByStranger,
    /// With a critical extension that nobody knows (RFC 5280, 5.2: not to be used).
    UnknownCritical,
    /// Only of authorities' certificates (RFC 5280, 5.2.5): says nothing of people.
    OnlyAuthorities,
    /// Not DER.
    Garbage,
}

impl Authority {
    /// The list of an authority, made now, good for thirty days: DER of a `CertificateList`.
    pub fn crl(&self, which: Ca, now: DateTime<Utc>) -> Vec<u8> {
        let lie = self.lies.crl;
        let issuer = self.ca(which);
        let key = match lie {
            Some(CrlLie::SignedByStranger) => self.intruder.key,
            _ => issuer.key,
        };
        let (this_update, next_update) = match lie {
            Some(CrlLie::Stale) => (now - TimeDelta::days(31), now - TimeDelta::days(1)),
            Some(CrlLie::FromTheFuture) => (now + TimeDelta::days(1), now + TimeDelta::days(31)),
            _ => (now, now + TimeDelta::days(30)),
        };
        let revoked: Vec<_> = self
            .revoked
            .iter()
            .map(|revoked| RevokedCert {
                serial_number: revoked.serial.clone(),
                revocation_date: time(revoked.since),
                crl_entry_extensions: Some(vec![extension(CrlReason::OID, false, der(&revoked.reason))]),
            })
            .collect();
        let tbs_cert_list = TbsCertList {
            version: Version::V2,
            signature: key.algorithm(),
            issuer: issuer.subject().clone(),
            this_update: time(this_update),
            next_update: Some(time(next_update)),
            revoked_certificates: (!revoked.is_empty()).then_some(revoked),
            crl_extensions: Some(self.crl_extensions(which, this_update)),
        };
        let signature = BitString::from_bytes(&key.sign(&der(&tbs_cert_list))).unwrap();
        let list = der(&CertificateList { tbs_cert_list, signature_algorithm: key.algorithm(), signature });
        match lie {
            Some(CrlLie::BrokenSignature) => broken(list),
            Some(CrlLie::Garbage) => b"<html>no es una CRL</html>".to_vec(),
            _ => list,
        }
    }

    fn crl_extensions(&self, which: Ca, made: DateTime<Utc>) -> Vec<Extension> {
        let of_issuer =
            AuthorityKeyIdentifier { key_identifier: Some(key_identifier(self.ca(which).key)), ..Default::default() };
        let number = CrlNumber(Uint::new(&made.timestamp().to_be_bytes()).unwrap());
        let mut extensions = vec![
            extension(AuthorityKeyIdentifier::OID, false, der(&of_issuer)),
            extension(CrlNumber::OID, false, der(&number)),
        ];
        match self.lies.crl {
            Some(CrlLie::UnknownCritical) => {
                extensions.push(extension(ObjectIdentifier::new_unwrap("2.25.3161.17"), true, der(&Null)));
            }
            Some(CrlLie::OnlyAuthorities) => {
                let only = IssuingDistributionPoint {
                    distribution_point: None,
                    only_contains_user_certs: false,
                    only_contains_ca_certs: true,
                    only_some_reasons: None,
                    indirect_crl: false,
                    only_contains_attribute_certs: false,
                };
                extensions.push(extension(rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT, true, der(&only)));
            }
            _ => {}
        }
        extensions
    }
}

fn extension(extn_id: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Extension {
    Extension { extn_id, critical, extn_value: OctetString::new(value).unwrap() }
}
