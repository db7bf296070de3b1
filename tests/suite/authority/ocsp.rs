//! The OCSP responder: RFC 6960. Certificates of the intermediate are answered by its delegate, those of the root by the root itself.

use super::issue::{Identity, Recipe, generalized, serial_of};
use super::{Authority, broken, der};
use chrono::{DateTime, TimeDelta, Utc};
use const_oid::db::{rfc5912, rfc6960};
use der::asn1::{BitString, OctetString};
use der::{Decode, Encode};
use ring::digest;
use x509_cert::ext::Extension;
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspRequest, OcspResponse, ResponderId, ResponseData,
    RevokedInfo, SingleResponse, Version,
};

/// What an OCSP response may have wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OcspLie {
    /// Knows nothing of the certificate.
    Unknown,
    /// Says that the certificate is revoked from the next day on.
    RevokedTomorrow,
    /// Says of one certificate that it is good, and then that it is revoked.
    GoodAndRevoked,
    /// Asks to try later; no response inside.
    TryLater,
    /// Will not answer; no response inside.
    Unauthorized,
    /// Its time had ended a day before.
    Stale,
    /// Its time begins a day later.
    FromTheFuture,
    /// Does not say until when it is good (RFC 6960, 2.4 allows it).
    WithoutNextUpdate,
    /// About the serial number of another certificate.
    OtherSerial,
    /// About a certificate of another issuer.
    OtherIssuer,
    /// Another nonce than the one of the request.
    WrongNonce,
    /// No nonce, though the request had one (allowed: many responders sign in advance).
    WithoutNonce,
    /// Signature with a byte changed.
    BrokenSignature,
    /// Signed by one certified by somebody else.
    SignedByStranger,
    /// Signed by a delegate without the extended key usage for OCSP.
    ResponderWithoutUsage,
    /// Signed by a delegate whose certificate had expired.
    ResponderExpired,
    /// Signed by a person's certificate of the same issuer.
    SignedByPerson,
    /// Not DER.
    Garbage,
}

impl Authority {
    /// Answers a request at a time: DER of an `OCSPResponse`, good for seven days.
    pub fn ocsp(&self, request: &[u8], now: DateTime<Utc>) -> Vec<u8> {
        let Ok(request) = OcspRequest::from_der(request) else {
            return der(&OcspResponse::malformed_request());
        };
        match self.lies.ocsp {
            Some(OcspLie::TryLater) => return der(&OcspResponse::try_later()),
            Some(OcspLie::Unauthorized) => return der(&OcspResponse::unauthorized()),
            Some(OcspLie::Garbage) => return b"<html>no es OCSP</html>".to_vec(),
            _ => {}
        }
        let asked = &request.tbs_request.request_list[0].req_cert;
        let Some(issuer) = [&self.root, &self.intermediate].into_iter().find(|ca| is_issuer(asked, ca)) else {
            return der(&OcspResponse::unauthorized());
        };
        let responder = self.responder_of(issuer);
        let tbs_response_data = ResponseData {
            version: Version::V1,
            responder_id: ResponderId::ByName(responder.subject().clone()),
            produced_at: OcspGeneralizedTime(generalized(now)),
            responses: self.responses(asked, now),
            response_extensions: self.nonce_of(&request).map(|nonce| vec![nonce]),
        };
        let signed = responder.key.sign(&der(&tbs_response_data));
        let signature = if self.lies.ocsp == Some(OcspLie::BrokenSignature) { broken(signed) } else { signed };
        let response = BasicOcspResponse {
            tbs_response_data,
            signature_algorithm: responder.key.algorithm(),
            signature: BitString::from_bytes(&signature).unwrap(),
            certs: (!responder.issuers.is_empty()).then(|| vec![responder.certificate]),
        };
        der(&OcspResponse::successful(response).unwrap())
    }

    fn responses(&self, asked: &CertId, now: DateTime<Utc>) -> Vec<SingleResponse> {
        let honest = self.single_response(asked, now);
        let revoked = |revocation_time| SingleResponse {
            cert_status: CertStatus::revoked(RevokedInfo {
                revocation_time: OcspGeneralizedTime(generalized(revocation_time)),
                revocation_reason: None,
            }),
            ..honest.clone()
        };
        match self.lies.ocsp {
            Some(OcspLie::RevokedTomorrow) => vec![revoked(now + TimeDelta::days(1))],
            Some(OcspLie::GoodAndRevoked) => vec![honest.clone(), revoked(now - TimeDelta::days(1))],
            _ => vec![honest],
        }
    }

    fn single_response(&self, asked: &CertId, now: DateTime<Utc>) -> SingleResponse {
        let lie = self.lies.ocsp;
        let mut cert_id = asked.clone();
        match lie {
            Some(OcspLie::OtherSerial) => cert_id.serial_number = serial_of(asked.serial_number.as_bytes()),
            Some(OcspLie::OtherIssuer) => {
                let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, b"otra");
                cert_id.issuer_key_hash = OctetString::new(hash.as_ref()).unwrap();
            }
            _ => {}
        }
        let (from, until) = match lie {
            Some(OcspLie::Stale) => (now - TimeDelta::days(8), Some(now - TimeDelta::days(1))),
            Some(OcspLie::FromTheFuture) => (now + TimeDelta::days(1), Some(now + TimeDelta::days(8))),
            Some(OcspLie::WithoutNextUpdate) => (now, None),
            _ => (now, Some(now + TimeDelta::days(7))),
        };
        SingleResponse {
            cert_status: match self.revocation(&asked.serial_number) {
                _ if lie == Some(OcspLie::Unknown) => CertStatus::unknown(),
                Some(revoked) if revoked.since <= now => CertStatus::revoked(RevokedInfo {
                    revocation_time: OcspGeneralizedTime(generalized(revoked.since)),
                    revocation_reason: Some(revoked.reason),
                }),
                _ => CertStatus::good(),
            },
            cert_id,
            this_update: OcspGeneralizedTime(generalized(from)),
            next_update: until.map(|until| OcspGeneralizedTime(generalized(until))),
            single_extensions: None,
        }
    }

    /// Who signs the answers about an authority's certificates.
    fn responder_of(&self, issuer: &Identity) -> Identity {
        let delegate = || Recipe::responder("Otro respondedor de ensayo", self.responder.key, issuer);
        match self.lies.ocsp {
            Some(OcspLie::SignedByStranger) => {
                Recipe::responder("Respondedor ajeno", self.intruder.key, &self.untrusted_root).issue()
            }
            Some(OcspLie::ResponderWithoutUsage) => delegate().without_extended_usage().issue(),
            Some(OcspLie::ResponderExpired) => delegate().expired().issue(),
            Some(OcspLie::SignedByPerson) => self.aprobo.clone(),
            _ if issuer.issuers.is_empty() => issuer.clone(),
            _ => self.responder.clone(),
        }
    }

    /// The extension that answers the nonce of the request, where it has one (RFC 6960, 4.4.1).
    fn nonce_of(&self, request: &OcspRequest) -> Option<Extension> {
        let asked = request.tbs_request.request_extensions.as_ref()?;
        let mut nonce = asked.iter().find(|extension| extension.extn_id == rfc6960::ID_PKIX_OCSP_NONCE)?.clone();
        match self.lies.ocsp {
            Some(OcspLie::WithoutNonce) => return None,
            Some(OcspLie::WrongNonce) => {
                nonce.extn_value = OctetString::new(broken(nonce.extn_value.into_bytes())).unwrap();
            }
            _ => {}
        }
        Some(nonce)
    }
}

/// Whether the request is about a certificate of this authority: by the hashes of its name and key.
fn is_issuer(asked: &CertId, ca: &Identity) -> bool {
    let algorithm = match asked.hash_algorithm.oid {
        rfc5912::ID_SHA_1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        rfc5912::ID_SHA_256 => &digest::SHA256,
        _ => return false,
    };
    let hash = |bytes: &[u8]| digest::digest(algorithm, bytes).as_ref().to_vec();
    let key = ca.key.public_key();
    asked.issuer_name_hash.as_bytes() == hash(&ca.subject().to_der().unwrap())
        && asked.issuer_key_hash.as_bytes() == hash(key.subject_public_key.raw_bytes())
}
