//! One certificate (RFC 5280), with the exact bytes that it was read from.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use const_oid::AssociatedOid;
use const_oid::db::rfc4519::{CN, O};
use const_oid::db::rfc5280::{ID_AD_CA_ISSUERS, ID_AD_OCSP};
use der::{Decode, ErrorKind, Tag, Tagged};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{AuthorityInfoAccessSyntax, BasicConstraints, CrlDistributionPoints, KeyUsage};
use x509_cert::name::Name;

use crate::pki::algorithm::{self, Fault, SignatureAlgorithm};
use crate::pki::asn1::{Element, context, decode};

/// A certificate. Cheap to clone; two are equal when their bytes are.
#[derive(Clone)]
pub struct Certificate(Arc<Inner>);

struct Inner {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
    /// The bytes that the issuer signed.
    tbs: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    spki: Vec<u8>,
    serial: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate.
    ///
    /// # Errors
    /// When the bytes are anything but one certificate in DER.
    pub fn from_der(der: &[u8]) -> Result<Self> {
        const WHAT: &str = "no es un certificado X.509 que se pueda leer";
        let parsed: x509_cert::Certificate = decode(der).ok().context(WHAT)?;
        let [tbs, ..] = *Element::only(der).and_then(|whole| whole.inside(Tag::Sequence)).ok().context(WHAT)? else {
            bail!(WHAT);
        };
        let fields = tbs.inside(Tag::Sequence).ok().context(WHAT)?;
        let version = usize::from(fields.first().is_some_and(|first| first.tag == context(0)));
        // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
        let field = |index: usize| fields.get(version + index).context(WHAT);
        let (serial, issuer, subject, spki) =
            (field(0)?.value.to_vec(), field(2)?.whole.to_vec(), field(4)?.whole.to_vec(), field(5)?.whole.to_vec());
        Ok(Self(Arc::new(Inner { der: der.to_vec(), parsed, tbs: tbs.whole.to_vec(), issuer, subject, spki, serial })))
    }

    /// Reads the certificates of a file: one or many in PEM, among whatever else is there, or one in DER.
    ///
    /// # Errors
    /// When there is none, or one that cannot be read.
    pub fn read_all(pem_or_der: &[u8]) -> Result<Vec<Self>> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        let text = String::from_utf8_lossy(pem_or_der);
        if !text.contains(BEGIN) {
            return Ok(vec![Self::from_der(pem_or_der)?]);
        }
        let blocks = text.split(BEGIN).skip(1).map(|block| {
            let (base64, _) = block.split_once(END).context("el archivo PEM está cortado")?;
            let base64: Vec<char> = base64.chars().filter(|char| !char.is_whitespace()).collect();
            let lines: Vec<String> = base64.chunks(64).map(|line| line.iter().collect()).collect();
            let pem = format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"));
            let (_, der) =
                der::pem::decode_vec(pem.as_bytes()).ok().context("un certificado del archivo PEM está dañado")?;
            Self::from_der(&der)
        });
        blocks.collect()
    }

    /// The bytes that it was read from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// What it says.
    #[must_use]
    pub fn parsed(&self) -> &x509_cert::Certificate {
        &self.0.parsed
    }

    /// The subject's name in DER, as it was read.
    #[must_use]
    pub fn subject_der(&self) -> &[u8] {
        &self.0.subject
    }

    /// The issuer's name in DER, as it was read.
    #[must_use]
    pub fn issuer_der(&self) -> &[u8] {
        &self.0.issuer
    }

    /// The subject's `SubjectPublicKeyInfo` in DER, as it was read.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.0.spki
    }

    /// The bits of the subject's public key, without the algorithm: what the hash of a key in OCSP is over (RFC 6960 4.1.1).
    #[must_use]
    pub fn key_bits(&self) -> &[u8] {
        self.tbs().subject_public_key_info.subject_public_key.raw_bytes()
    }

    /// The content bytes of the serial number's INTEGER.
    #[must_use]
    pub fn serial_bytes(&self) -> &[u8] {
        &self.0.serial
    }

    /// Whose it is, for people: the common name of the subject, else the organization's, else the whole name.
    #[must_use]
    pub fn name(&self) -> String {
        readable(&self.tbs().subject)
    }

    /// Who issued it, for people.
    #[must_use]
    pub fn issuer_name(&self) -> String {
        readable(&self.tbs().issuer)
    }

    /// The serial number, in hexadecimal.
    #[must_use]
    pub fn serial(&self) -> String {
        let digits = self.serial_bytes().iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        digits.filter_map(|digit| char::from_digit(digit.into(), 16)).map(|char| char.to_ascii_uppercase()).collect()
    }

    /// From when it is valid.
    #[must_use]
    pub fn not_before(&self) -> DateTime<Utc> {
        moment(self.tbs().validity.not_before)
    }

    /// Until when it is valid, that second included.
    #[must_use]
    pub fn not_after(&self) -> DateTime<Utc> {
        moment(self.tbs().validity.not_after)
    }

    /// Whether its key may sign documents: `keyUsage` has digitalSignature or nonRepudiation, or there is none (RFC 5280 4.2.1.3).
    #[must_use]
    pub fn signs_documents(&self) -> bool {
        self.may(|usage| usage.digital_signature() || usage.non_repudiation())
    }

    /// Whether its key may sign certificates: a CA whose `keyUsage`, if there is one, has keyCertSign (RFC 5280 4.2.1.3, 4.2.1.9).
    #[must_use]
    pub fn signs_certificates(&self) -> bool {
        self.is_ca() && self.may(KeyUsage::key_cert_sign)
    }

    /// Whether its key may sign CRLs: `keyUsage` has cRLSign, or there is none (RFC 5280 4.2.1.3).
    #[must_use]
    pub fn signs_crls(&self) -> bool {
        self.may(KeyUsage::crl_sign)
    }

    /// Whether it says that it is of a certification authority (RFC 5280 4.2.1.9).
    #[must_use]
    pub fn is_ca(&self) -> bool {
        matches!(self.extension::<BasicConstraints>(), Ok(Some((_, BasicConstraints { ca: true, .. }))))
    }

    /// Where its status can be asked for by OCSP.
    #[must_use]
    pub fn ocsp_urls(&self) -> Vec<String> {
        self.access(ID_AD_OCSP)
    }

    /// Where the certificate of its issuer can be had.
    #[must_use]
    pub fn issuer_urls(&self) -> Vec<String> {
        self.access(ID_AD_CA_ISSUERS)
    }

    /// Where the CRL that would name it can be had.
    #[must_use]
    pub fn crl_urls(&self) -> Vec<String> {
        let Ok(Some((_, CrlDistributionPoints(points)))) = self.extension() else { return Vec::new() };
        let names = points.into_iter().filter_map(|point| match point.distribution_point {
            Some(DistributionPointName::FullName(names)) => Some(names),
            _ => None,
        });
        names.flatten().filter_map(http).collect()
    }

    /// Whether its subject issued it: the names are the same, and so is the key, as far as the algorithm is known here.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        let own = self.issued(self);
        own.is_ok() || (self.0.issuer == self.0.subject && !matches!(own, Err(Fault::Wrong)))
    }

    /// Whether this one's subject issued another: the names fit, and the signature does.
    ///
    /// # Errors
    /// When they do not, or the algorithm is not trusted or known.
    pub fn issued(&self, other: &Self) -> Result<(), Fault> {
        if self.0.subject != other.0.issuer {
            return Err(Fault::Wrong);
        }
        let identifier = &other.parsed().signature_algorithm;
        let signature = other.parsed().signature.as_bytes().ok_or(Fault::Malformed)?;
        if *identifier != other.tbs().signature {
            return Err(Fault::Malformed);
        }
        let algorithm = SignatureAlgorithm::from_identifier(identifier, None)?;
        algorithm::verify(&self.0.spki, algorithm, &other.0.tbs, signature)
    }

    /// An extension, and whether it is critical. Absent is not an error; unreadable is, or twice there.
    pub(crate) fn extension<'a, T: Decode<'a> + AssociatedOid>(&'a self) -> der::Result<Option<(bool, T)>> {
        let mut all = self.tbs().extensions.iter().flatten().filter(|one| one.extn_id == T::OID);
        match (all.next(), all.next()) {
            (None, _) => Ok(None),
            (Some(one), None) => Ok(Some((one.critical, decode(one.extn_value.as_bytes())?))),
            (Some(_), Some(_)) => Err(ErrorKind::Failed.into()),
        }
    }

    fn may(&self, usage: impl Fn(&KeyUsage) -> bool) -> bool {
        match self.extension::<KeyUsage>() {
            Ok(found) => found.is_none_or(|(_, found)| usage(&found)),
            Err(_) => false,
        }
    }

    fn access(&self, method: const_oid::ObjectIdentifier) -> Vec<String> {
        let Ok(Some((_, AuthorityInfoAccessSyntax(all)))) = self.extension() else { return Vec::new() };
        all.into_iter().filter(|one| one.access_method == method).filter_map(|one| http(one.access_location)).collect()
    }

    fn tbs(&self) -> &x509_cert::TbsCertificate {
        &self.0.parsed.tbs_certificate
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl Hash for Certificate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.der.hash(state);
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.0.parsed.tbs_certificate.subject)
    }
}

/// The address, when a name is one that can be asked over HTTP.
fn http(name: GeneralName) -> Option<String> {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_str().to_owned()),
        _ => None,
    }
    .filter(|uri| uri.starts_with("http://") || uri.starts_with("https://"))
}

/// A name, for people, on one line.
fn readable(name: &Name) -> String {
    let attributes = || name.0.iter().flat_map(|relative| relative.0.iter());
    let find = |oid| attributes().find(|attribute| attribute.oid == oid).map(|attribute| text(&attribute.value));
    let name = find(CN).or_else(|| find(O)).unwrap_or_else(|| name.to_string());
    name.replace(deceives, "\u{FFFD}")
}

/// Whether a character begins a line, or turns it round, or is nothing that is seen.
#[must_use]
pub fn deceives(char: char) -> bool {
    const UNSEEN: [char; 5] = ['\u{AD}', '\u{61C}', '\u{180E}', '\u{FEFF}', '\u{FFF9}'];
    char.is_control()
        || UNSEEN.contains(&char)
        || matches!(char, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
}

/// A `DirectoryString` (RFC 5280 4.1.2.4).
fn text(value: &der::Any) -> String {
    let bytes = value.value();
    match value.tag() {
        Tag::BmpString => {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|char| char.unwrap_or('\u{FFFD}')).collect()
        }
        Tag::TeletexString => bytes.iter().map(|&byte| char::from(byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn moment(time: x509_cert::time::Time) -> DateTime<Utc> {
    let seconds = time.to_unix_duration().as_secs();
    DateTime::from_timestamp(i64::try_from(seconds).unwrap_or(i64::MAX), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn authority() -> Vec<Certificate> {
        Certificate::read_all(include_bytes!("../../tests/data/firma/certificados.pem")).unwrap()
    }

    fn one(name: &str) -> Certificate {
        authority().into_iter().find(|one| one.name().contains(name)).unwrap()
    }

    #[test]
    fn a_certificate_says_whose_it_is_and_where_to_ask_for_its_status() {
        let signer = one("Elaboró");
        assert_eq!(signer.name(), "Firma de Prueba - Elaboró");
        assert_eq!(signer.issuer_name(), "Subordinada de Prueba");
        assert_eq!(signer.not_before().to_rfc3339(), "2025-01-01T00:00:00+00:00");
        assert_eq!(signer.not_after().to_rfc3339(), "2035-01-01T00:00:00+00:00");
        assert_eq!(signer.ocsp_urls(), ["http://127.0.0.1:9100/control/ocsp/interm"]);
        assert_eq!(signer.crl_urls(), ["http://127.0.0.1:9100/control/crls/interm/latest.crl"]);
        assert_eq!(signer.issuer_urls(), ["http://127.0.0.1:9100/control/certs/interm/ca.crt"]);
        assert!(signer.signs_documents() && !signer.signs_certificates() && !signer.signs_crls() && !signer.is_ca());
    }

    #[test]
    fn who_issued_whom_is_told_by_name_and_signature() {
        let (root, middle, signer) = (one("Raíz"), one("Subordinada"), one("Elaboró"));
        assert!(root.is_self_signed() && !middle.is_self_signed());
        assert_eq!((root.issued(&middle), middle.issued(&signer)), (Ok(()), Ok(())));
        assert_eq!(root.issued(&signer), Err(Fault::Wrong));
        assert!(root.signs_certificates() && middle.signs_crls());
    }

    #[test]
    fn a_file_may_be_der_or_pem_with_whatever_around_it() {
        let signer = one("Elaboró");
        assert_eq!(Certificate::read_all(signer.der()).unwrap(), [signer]);
        let bundle = include_str!("../../tests/data/firma/certificados.pem");
        let noisy = format!("Bag Attributes\r\n{}", bundle.replace('\n', "\r\n"));
        assert_eq!(Certificate::read_all(noisy.as_bytes()).unwrap(), authority());
    }

    #[test]
    fn no_name_begins_a_line_or_turns_one_round() {
        let name = |name: &str| readable(&std::str::FromStr::from_str(&format!("CN={name}")).unwrap());
        assert_eq!(name("Ana Ñáñez – Firma"), "Ana Ñáñez – Firma");
        for deceptive in ["Ana\u{2028}2. TOTAL-PASSED", "Ana\u{202E}DESSAP", "Ana\u{2029}", "Ana\u{85}", "A\u{200B}na"]
        {
            assert!(name(deceptive).contains('\u{FFFD}'), "{deceptive:?}");
        }
    }

    #[test]
    fn what_is_no_certificate_is_refused() {
        assert!(Certificate::read_all(b"").is_err());
        assert!(Certificate::read_all(b"-----BEGIN CERTIFICATE-----\nMIIB").is_err());
        assert!(Certificate::from_der(&[one("Raíz").der(), b"\0"].concat()).is_err());
    }

    #[test]
    fn a_name_that_would_take_long_to_read_is_refused() {
        use crate::pki::asn1::edit::{change, get, tlv};

        let attribute =
            |number: usize| tlv(0x30, &[tlv(0x06, b"\x55\x04\x03"), tlv(0x0C, number.to_string().as_bytes())].concat());
        let signer = one("Elaboró");
        let subject = [0, 5, 0];
        assert_eq!(get(signer.der(), &subject)[0], 0x31);
        let with = |count: usize| {
            let der = change(signer.der(), &subject, &|all| *all = (100..100 + count).map(attribute).collect());
            Certificate::from_der(&der)
        };
        assert!(with(50).is_ok() && with(101).is_err());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), at in any::<prop::sample::Index>(), bit in 0..8) {
            prop_assert!(Certificate::read_all(&bytes).is_err());
            let mut der = one("Elaboró").der().to_vec();
            let at = at.index(der.len());
            der[at] ^= 1u8 << bit;
            if let Ok(flipped) = Certificate::from_der(&der) {
                let _ = (flipped.name(), flipped.ocsp_urls(), flipped.crl_urls(), flipped.signs_documents());
                prop_assert!(one("Subordinada").issued(&flipped).is_err(), "byte {at}");
            }
        }
    }
}
