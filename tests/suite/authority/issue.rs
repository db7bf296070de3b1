//! How a certificate is made: a recipe for each kind, and the faults that a test may ask for.

use super::keys::{KeyName, short_public_key};
use chrono::{DateTime, Datelike, TimeZone, Utc};
use const_oid::AssociatedOid;
use const_oid::db::{rfc5280, rfc6960};
use der::asn1::{BitString, GeneralizedTime, Ia5String, Null, ObjectIdentifier, OctetString, UtcTime};
use der::{Decode, Encode};
use ring::digest;
use std::str::FromStr;
use std::time::Duration;
use x509_cert::Certificate;
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage, KeyUsages, NameConstraints, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

/// Somebody with a key and the certificates that say whose it is.
#[derive(Clone)]
pub struct Identity {
    pub certificate: Certificate,
    pub key: KeyName,
    /// Who certified them, the nearest first, the root last; empty for a root.
    pub issuers: Vec<Certificate>,
}

impl Identity {
    pub fn der(&self) -> Vec<u8> {
        self.certificate.to_der().unwrap()
    }

    pub fn serial(&self) -> &SerialNumber {
        &self.certificate.tbs_certificate.serial_number
    }

    pub fn subject(&self) -> &Name {
        &self.certificate.tbs_certificate.subject
    }

    /// The certificates from theirs to the root, in DER.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        let of_issuers = self.issuers.iter().map(|issuer| issuer.to_der().unwrap());
        std::iter::once(self.der()).chain(of_issuers).collect()
    }
}

/// A certificate about to be issued. The serial number comes from all the rest, so two different ones never share it.
#[derive(Clone)]
pub struct Recipe<'a> {
    issuer: Option<&'a Identity>,
    key: KeyName,
    certificate: TbsCertificate,
}

impl<'a> Recipe<'a> {
    /// A self-signed root.
    pub fn root(name: &str, key: KeyName) -> Self {
        Self::plain(name, key, None).lives(2020, 2095).with_critical(&ca(None)).with_critical(&ca_usage())
    }

    /// An authority below a root.
    pub fn intermediate(name: &str, key: KeyName, issuer: &'a Identity, base: &str) -> Self {
        Self::plain(name, key, Some(issuer))
            .lives(2020, 2090)
            .with_critical(&ca(Some(0)))
            .with_critical(&ca_usage())
            .with(&crl_at(&format!("{base}/crl/raiz.crl")))
            .with(&access(&[(rfc5280::ID_AD_CA_ISSUERS, format!("{base}/cert/raiz.crt"))]))
    }

    /// A person who signs documents.
    pub fn person(name: &str, key: KeyName, issuer: &'a Identity, base: &str) -> Self {
        Self::plain(name, key, Some(issuer))
            .lives(2024, 2046)
            .with_critical(&KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation))
            .with(&crl_at(&format!("{base}/crl/intermedia.crl")))
            .with(&access(&[
                (rfc5280::ID_AD_OCSP, format!("{base}/ocsp")),
                (rfc5280::ID_AD_CA_ISSUERS, format!("{base}/cert/intermedia.crt")),
            ]))
    }

    /// A timestamp authority (RFC 3161, 2.3: its extended key usage is critical and the only one).
    pub fn tsa(name: &str, key: KeyName, issuer: &'a Identity, base: &str) -> Self {
        Self::plain(name, key, Some(issuer))
            .lives(2020, 2090)
            .with_critical(&KeyUsage(KeyUsages::DigitalSignature.into()))
            .with_critical(&ExtendedKeyUsage(vec![rfc5280::ID_KP_TIME_STAMPING]))
            .with(&crl_at(&format!("{base}/crl/raiz.crl")))
            .with(&access(&[(rfc5280::ID_AD_CA_ISSUERS, format!("{base}/cert/raiz.crt"))]))
    }

    /// A delegated OCSP responder (RFC 6960, 4.2.2.2), whose own revocation is not to be asked.
    pub fn responder(name: &str, key: KeyName, issuer: &'a Identity) -> Self {
        Self::plain(name, key, Some(issuer))
            .lives(2020, 2090)
            .with_critical(&KeyUsage(KeyUsages::DigitalSignature.into()))
            .with(&ExtendedKeyUsage(vec![rfc5280::ID_KP_OCSP_SIGNING]))
            .extension(rfc6960::ID_PKIX_OCSP_NOCHECK, false, Null.to_der().unwrap())
    }

    /// A responder that is to be looked for in the intermediate's list, as any other certificate (RFC 6960, 4.2.2.2.1).
    pub fn with_revocation_at(self, base: &str) -> Self {
        self.without(rfc6960::ID_PKIX_OCSP_NOCHECK).with(&crl_at(&format!("{base}/crl/intermedia.crl")))
    }

    /// Issues it.
    pub fn issue(mut self) -> Identity {
        let issuer_key = self.issuer.map_or(self.key, |issuer| issuer.key);
        self.certificate.signature = issuer_key.algorithm();
        self.certificate.serial_number = serial_of(&self.certificate.to_der().unwrap());
        let signature = issuer_key.sign(&self.certificate.to_der().unwrap());
        let issuers = self.issuer.map_or(Vec::new(), |issuer| {
            std::iter::once(&issuer.certificate).chain(&issuer.issuers).cloned().collect()
        });
        Identity {
            certificate: Certificate {
                signature_algorithm: self.certificate.signature.clone(),
                tbs_certificate: self.certificate,
                signature: BitString::from_bytes(&signature).unwrap(),
            },
            key: self.key,
            issuers,
        }
    }

    fn plain(name: &str, key: KeyName, issuer: Option<&'a Identity>) -> Self {
        let subject = named(name);
        let issuer_key = issuer.map_or(key, |issuer| issuer.key);
        let certificate = TbsCertificate {
            version: Version::V3,
            serial_number: SerialNumber::from(0_u8),
            signature: issuer_key.algorithm(),
            issuer: issuer.map_or_else(|| subject.clone(), |issuer| issuer.subject().clone()),
            validity: validity(year(2020), year(2090)),
            subject,
            subject_public_key_info: key.public_key(),
            issuer_unique_id: None,
            subject_unique_id: None,
            extensions: Some(Vec::new()),
        };
        let of_issuer =
            AuthorityKeyIdentifier { key_identifier: Some(key_identifier(issuer_key)), ..Default::default() };
        Self { issuer, key, certificate }.with(&SubjectKeyIdentifier(key_identifier(key))).with(&of_issuer)
    }
}

/// What may be wrong with a certificate, or just other than usual.
impl Recipe<'_> {
    /// From one time to another.
    pub fn valid(mut self, not_before: DateTime<Utc>, not_after: DateTime<Utc>) -> Self {
        self.certificate.validity = validity(not_before, not_after);
        self
    }

    /// Ended before 2025 began.
    pub fn expired(self) -> Self {
        self.lives(2020, 2025)
    }

    /// Begins with the year 2040.
    pub fn not_yet_valid(self) -> Self {
        self.lives(2040, 2046)
    }

    /// May encrypt, but not sign.
    pub fn without_signing(self) -> Self {
        self.with_critical(&KeyUsage(KeyUsages::KeyEncipherment.into()))
    }

    /// Says nothing about what the key is for: RFC 5280, 4.2.1.3 leaves every use free.
    pub fn without_key_usage(self) -> Self {
        self.without(KeyUsage::OID)
    }

    /// Made for web servers (critical): neither for documents nor for timestamps nor OCSP.
    pub fn for_web_servers(self) -> Self {
        self.with_critical(&ExtendedKeyUsage(vec![rfc5280::ID_KP_SERVER_AUTH]))
    }

    /// For timestamps and for web servers.
    pub fn also_for_web_servers(self) -> Self {
        self.with_critical(&ExtendedKeyUsage(vec![rfc5280::ID_KP_TIME_STAMPING, rfc5280::ID_KP_SERVER_AUTH]))
    }

    /// No extended key usage at all.
    pub fn without_extended_usage(self) -> Self {
        self.without(ExtendedKeyUsage::OID)
    }

    /// With a critical extension that nobody knows (RFC 5280, 4.2: to be rejected).
    pub fn unknown_critical(self) -> Self {
        self.extension(ObjectIdentifier::new_unwrap("2.25.3161.17"), true, Null.to_der().unwrap())
    }

    /// With the public key of 1024 bits, whose private one is not kept.
    pub fn short_key(mut self) -> Self {
        self.certificate.subject_public_key_info = short_public_key();
        self
    }

    /// Says where neither CRLs nor OCSP are, so its revocation can never be known.
    pub fn without_addresses(self) -> Self {
        self.without(CrlDistributionPoints::OID).without(AuthorityInfoAccessSyntax::OID)
    }

    /// Says where OCSP is and not where CRLs are.
    pub fn without_crl(self) -> Self {
        self.without(CrlDistributionPoints::OID)
    }

    /// Says where CRLs are and neither OCSP nor the issuer's certificate.
    pub fn without_ocsp(self) -> Self {
        self.without(AuthorityInfoAccessSyntax::OID)
    }

    /// An authority only for the names below another entity's (RFC 5280, 4.2.1.10).
    pub fn only_for_another_entity(self) -> Self {
        let base = GeneralName::DirectoryName(Name::from_str("O=Otra entidad,C=CO").unwrap());
        let permitted = GeneralSubtree { base, minimum: 0, maximum: None };
        self.with_critical(&NameConstraints { permitted_subtrees: Some(vec![permitted]), excluded_subtrees: None })
    }

    /// Not an authority, though it may certify others with its key.
    pub fn not_an_authority(self) -> Self {
        self.with_critical(&BasicConstraints { ca: false, path_len_constraint: None })
    }

    /// From the first of January of a year to that of another.
    fn lives(self, from: i32, to: i32) -> Self {
        self.valid(year(from), year(to))
    }

    fn with<T: Encode + AssociatedOid>(self, value: &T) -> Self {
        self.extension(T::OID, false, value.to_der().unwrap())
    }

    fn with_critical<T: Encode + AssociatedOid>(self, value: &T) -> Self {
        self.extension(T::OID, true, value.to_der().unwrap())
    }

    fn without(mut self, oid: ObjectIdentifier) -> Self {
        self.certificate.extensions.as_mut().unwrap().retain(|extension| extension.extn_id != oid);
        self
    }

    /// An extension, in the place of the one of its kind.
    fn extension(self, extn_id: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Self {
        let mut recipe = self.without(extn_id);
        let extn_value = OctetString::new(value).unwrap();
        let extension = Extension { extn_id, critical, extn_value };
        recipe.certificate.extensions.as_mut().unwrap().push(extension);
        recipe
    }
}

/// A person of the entity whose certificate the intermediate signed with SHA-1 (made with openssl: ring does not sign so), key `elaboro`.
pub fn signed_with_sha1(issuer: &Identity) -> Identity {
    let der = include_bytes!("../../data/autoridad/sha1.der");
    Identity {
        certificate: Certificate::from_der(der).unwrap(),
        key: KeyName::Elaboro,
        issuers: std::iter::once(&issuer.certificate).chain(&issuer.issuers).cloned().collect(),
    }
}

/// The key identifier of RFC 5280, 4.2.1.2 (1): SHA-1 of the public key.
pub fn key_identifier(key: KeyName) -> OctetString {
    let public_key = key.public_key();
    let bytes = public_key.subject_public_key.raw_bytes();
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    OctetString::new(hash.as_ref()).unwrap()
}

/// A time as RFC 5280, 4.1.2.5 wants it: two digits of the year until 2049, four from then on.
pub fn time(at: DateTime<Utc>) -> Time {
    if at.year() < 2050 {
        Time::UtcTime(UtcTime::from_unix_duration(since_1970(at)).unwrap())
    } else {
        Time::GeneralTime(generalized(at))
    }
}

/// A time in whole seconds.
pub fn generalized(at: DateTime<Utc>) -> GeneralizedTime {
    GeneralizedTime::from_unix_duration(since_1970(at)).unwrap()
}

/// The first eight bytes of the SHA-256 of something, positive: a number that is the same in every run.
pub fn serial_of(content: &[u8]) -> SerialNumber {
    let mut first = [0; 8];
    first.copy_from_slice(&digest::digest(&digest::SHA256, content).as_ref()[..8]);
    SerialNumber::from(u64::from_be_bytes(first) >> 1 | 1 << 62)
}

/// The first instant of a year.
pub fn year(number: i32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(number, 1, 1, 0, 0, 0).unwrap()
}

fn since_1970(at: DateTime<Utc>) -> Duration {
    Duration::from_secs(at.timestamp().try_into().unwrap())
}

fn validity(not_before: DateTime<Utc>, not_after: DateTime<Utc>) -> Validity {
    Validity { not_before: time(not_before), not_after: time(not_after) }
}

fn named(name: &str) -> Name {
    Name::from_str(&format!("CN={name},O=Entidad de ensayo,C=CO")).unwrap()
}

fn ca(path_len_constraint: Option<u8>) -> BasicConstraints {
    BasicConstraints { ca: true, path_len_constraint }
}

fn ca_usage() -> KeyUsage {
    KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)
}

fn crl_at(url: &str) -> CrlDistributionPoints {
    CrlDistributionPoints(vec![DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![address(url)])),
        reasons: None,
        crl_issuer: None,
    }])
}

fn access(places: &[(ObjectIdentifier, String)]) -> AuthorityInfoAccessSyntax {
    let describe = |(access_method, url): &(ObjectIdentifier, String)| AccessDescription {
        access_method: *access_method,
        access_location: address(url),
    };
    AuthorityInfoAccessSyntax(places.iter().map(describe).collect())
}

fn address(url: &str) -> GeneralName {
    GeneralName::UniformResourceIdentifier(Ia5String::new(url).unwrap())
}
