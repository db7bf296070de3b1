//! What a PKCS#12 file holds (RFC 7292, 4): private keys and certificates, in bags, in safes.

use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::{ID_DATA, ID_ENCRYPTED_DATA};
use der::{Decode, Tag};

use super::ber::{joined, to_der};
use super::protection::{decrypt, verify};
use crate::pki::asn1::{Element, context};
use crate::pki::certificate::Certificate;

const KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");

/// The keys and certificates of a file.
#[derive(Default)]
pub(super) struct Contents {
    /// Private keys, each a `PrivateKeyInfo` in DER.
    pub keys: Vec<Bag<Vec<u8>>>,
    pub certificates: Vec<Bag<Certificate>>,
}

/// A key or a certificate, with what it is called and the number that binds the two.
pub(super) struct Bag<T> {
    pub value: T,
    pub name: Option<String>,
    pub id: Option<Vec<u8>>,
}

/// Why a file cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no such file, or not whole.
    Damaged,
    /// Its passphrase is another one, or what it protects has changed.
    Passphrase,
    /// It is protected in a way that is not known here.
    Unsupported,
}

impl From<der::Error> for Fault {
    fn from(_: der::Error) -> Self {
        Self::Damaged
    }
}

/// Opens a file.
pub(super) fn open(file: &[u8], passphrase: &str) -> Result<Contents, Fault> {
    let file = to_der(file).ok_or(Fault::Damaged)?;
    let fields = Element::only(&file)?.inside(Tag::Sequence)?;
    let [_version, content, mac @ ..] = &fields[..] else { return Err(Fault::Damaged) };
    let (ID_DATA, safes) = content_info(content)? else { return Err(Fault::Unsupported) };
    safes.tag.assert_eq(Tag::OctetString)?;
    if let [mac] = mac {
        verify(mac.whole, safes.value, passphrase)?;
    }
    let mut contents = Contents::default();
    let safes = to_der(safes.value).ok_or(Fault::Damaged)?;
    for safe in Element::only(&safes)?.inside(Tag::Sequence)? {
        match content_info(&safe)? {
            (ID_DATA, safe) => contents.read(safe.value, passphrase)?,
            (ID_ENCRYPTED_DATA, safe) => contents.read(&decrypted(&safe, passphrase)?, passphrase)?,
            _ => return Err(Fault::Unsupported),
        }
    }
    Ok(contents)
}

impl Contents {
    /// Reads `SafeContents`.
    fn read(&mut self, safe: &[u8], passphrase: &str) -> Result<(), Fault> {
        // Where there is no MAC, another passphrase shows itself here.
        let safe = to_der(safe).ok_or(Fault::Passphrase)?;
        for bag in Element::only(&safe)?.inside(Tag::Sequence)? {
            let fields = bag.inside(Tag::Sequence)?;
            let [kind, value, attributes @ ..] = &fields[..] else { return Err(Fault::Damaged) };
            let [value] = value.inside(context(0))?[..] else { return Err(Fault::Damaged) };
            let (name, id) = attributes.first().map_or(Ok((None, None)), names)?;
            match oid(kind)? {
                KEY => self.keys.push(Bag { value: value.whole.to_vec(), name, id }),
                SHROUDED_KEY => {
                    let [algorithm, encrypted] = value.inside(Tag::Sequence)?[..] else { return Err(Fault::Damaged) };
                    let value = decrypt(algorithm.whole, encrypted.value, passphrase)?;
                    self.keys.push(Bag { value, name, id });
                }
                CERTIFICATE => {
                    let [_x509, value] = value.inside(Tag::Sequence)?[..] else { return Err(Fault::Damaged) };
                    let [der] = value.inside(context(0))?[..] else { return Err(Fault::Damaged) };
                    let value = Certificate::from_der(der.value).map_err(|_| Fault::Damaged)?;
                    self.certificates.push(Bag { value, name, id });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The type of a `ContentInfo`, and what is inside.
fn content_info<'a>(info: &Element<'a>) -> Result<(ObjectIdentifier, Element<'a>), Fault> {
    let [kind, content] = info.inside(Tag::Sequence)?[..] else { return Err(Fault::Damaged) };
    let [content] = content.inside(context(0))?[..] else { return Err(Fault::Damaged) };
    Ok((oid(&kind)?, content))
}

/// What is inside an `EncryptedData` (RFC 5652, 8).
fn decrypted(data: &Element<'_>, passphrase: &str) -> Result<Vec<u8>, Fault> {
    let fields = data.inside(Tag::Sequence)?;
    let [_version, info, ..] = &fields[..] else { return Err(Fault::Damaged) };
    let [_kind, algorithm, encrypted] = info.inside(Tag::Sequence)?[..] else { return Err(Fault::Damaged) };
    // Its tag hides whether it is in pieces.
    let whole = if encrypted.tag == context(0) { joined(encrypted.value) } else { Some(encrypted.value.to_vec()) };
    decrypt(algorithm.whole, &whole.ok_or(Fault::Damaged)?, passphrase)
}

/// What a bag is called, and its number.
fn names(attributes: &Element<'_>) -> Result<(Option<String>, Option<Vec<u8>>), Fault> {
    let (mut name, mut id) = (None, None);
    for attribute in attributes.inside(Tag::Set)? {
        let [kind, values] = attribute.inside(Tag::Sequence)?[..] else { return Err(Fault::Damaged) };
        let values = values.inside(Tag::Set)?;
        match (oid(&kind)?, values.first()) {
            (FRIENDLY_NAME, Some(value)) => {
                let units: Vec<u16> = value
                    .value
                    .chunks_exact(2)
                    .map(|pair| pair.iter().fold(0, |unit, &byte| unit << 8 | u16::from(byte)))
                    .collect();
                name = Some(String::from_utf16_lossy(&units)).filter(|name| !name.is_empty());
            }
            (LOCAL_KEY_ID, Some(value)) => id = Some(value.value.to_vec()),
            _ => {}
        }
    }
    Ok((name, id))
}

fn oid(element: &Element<'_>) -> Result<ObjectIdentifier, Fault> {
    Ok(ObjectIdentifier::from_der(element.whole)?)
}
