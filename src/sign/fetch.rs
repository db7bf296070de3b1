//! What is asked of an authority's servers, and the certificates that they give.

use anyhow::{Context, Result};
use const_oid::db::rfc5912::ID_SHA_1;
use der::asn1::{Null, OctetString};
use der::{Any, Encode, Tag};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request, TbsRequest, Version};

use crate::pki::asn1::{Element, context, elements};
use crate::pki::certificate::Certificate;

/// Most certificates of one address that are tried: each takes a verification.
const MAX_ISSUERS: usize = 100;

/// An `OCSPRequest` for the status of a certificate (RFC 6960, 4.1.1). The certificate is named by SHA-1, which all responders know
/// and nothing is proven with. There is no nonce: what it is answered is judged by its dates, and serves many reports.
pub(super) fn ocsp_request(certificate: &Certificate, issuer: &Certificate) -> Result<Vec<u8>> {
    let hash = |bytes| OctetString::new(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    let id = || -> der::Result<CertId> {
        Ok(CertId {
            hash_algorithm: AlgorithmIdentifierOwned { oid: ID_SHA_1, parameters: Some(Any::encode_from(&Null)?) },
            issuer_name_hash: hash(certificate.issuer_der())?,
            issuer_key_hash: hash(issuer.key_bits())?,
            serial_number: certificate.parsed().tbs_certificate.serial_number.clone(),
        })
    };
    let request = || -> der::Result<Vec<u8>> {
        let request = Request { req_cert: id()?, single_request_extensions: None };
        let tbs_request = TbsRequest {
            version: Version::V1,
            requestor_name: None,
            request_list: vec![request],
            request_extensions: None,
        };
        OcspRequest { tbs_request, optional_signature: None }.to_der()
    };
    request().context("no se pudo preguntar por OCSP")
}

/// The certificates that an address for an issuer's gives (RFC 5280, 4.2.2.1): one, or several in a CMS without signers. Some give PEM.
pub(super) fn issuers(bytes: &[u8]) -> Vec<Certificate> {
    let inside = || -> der::Result<Vec<Certificate>> {
        let [_type, content] = Element::only(bytes)?.inside(Tag::Sequence)?[..] else { return Ok(Vec::new()) };
        let [data] = content.inside(context(0))?[..] else { return Ok(Vec::new()) };
        let fields = data.inside(Tag::Sequence)?;
        let certificates = fields.iter().find(|field| field.tag == context(0));
        let all = certificates.map(|set| elements(set.value)).transpose()?.unwrap_or_default();
        Ok(all.iter().filter_map(|one| Certificate::from_der(one.whole).ok()).collect())
    };
    let mut found = Certificate::read_all(bytes).or_else(|_| inside()).unwrap_or_default();
    found.truncate(MAX_ISSUERS);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::asn1::edit::tlv;

    #[test]
    fn an_address_gives_one_certificate_or_several_and_not_any_number() {
        let pem = include_bytes!("../../tests/data/firma/certificados.pem");
        let all = Certificate::read_all(pem).unwrap();
        assert_eq!(issuers(pem), all);
        assert_eq!(issuers(all[0].der()), all[..1]);
        let ders: Vec<&[u8]> = all.iter().map(Certificate::der).collect();
        let fields = [tlv(0x02, &[1]), tlv(0x31, b""), tlv(0x30, b""), tlv(0xA0, &ders.concat()), tlv(0x31, b"")];
        let cms = tlv(0x30, &[tlv(0x06, &[0x2A]), tlv(0xA0, &tlv(0x30, &fields.concat()))].concat());
        assert_eq!(issuers(&cms), all, "in a CMS without signers");
        assert_eq!(issuers(&pem.repeat(MAX_ISSUERS)).len(), MAX_ISSUERS);
        assert_eq!(issuers(b"<html>"), []);
    }
}
