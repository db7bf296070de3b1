//! Certificate revocation lists (RFC 5280 5). Complete ones, of the certificates' own issuer: the others are refused.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Utc};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::ID_CE_CRL_REASONS;
use der::asn1::BitStringRef;
use der::{Decode, Tag};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::{Revoked, Source, Statement, Word, reason};
use crate::pki::asn1::{Element, Moment, context, decode, each};
use crate::pki::certificate::Certificate;
use crate::pki::cms::Malformed;

/// A list.
pub(super) struct List {
    pub signed: Vec<u8>,
    pub algorithm: AlgorithmIdentifierOwned,
    pub signature: Vec<u8>,
    issuer: Vec<u8>,
    this_update: DateTime<Utc>,
    next_update: Option<DateTime<Utc>>,
    entries: Entries,
    scope: Scope,
}

/// The entries of a list, in little memory: there may be millions.
struct Entries {
    /// One after another, as the list has them.
    der: Vec<u8>,
    /// Where in there each is, ordered by [`short`] of its serial number.
    places: Vec<(u64, usize)>,
}

/// The certificates that a list is of (`issuingDistributionPoint`, RFC 5280 5.2.5).
#[derive(Default)]
struct Scope {
    users_only: bool,
    authorities_only: bool,
    /// Where the list is published: then it is of those certificates alone that say so too.
    addresses: Option<Vec<String>>,
}

/// `id-ce-invalidityDate` (RFC 5280 5.3.2).
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
/// `id-ce-issuingDistributionPoint` (RFC 5280 5.2.5). The one of `x509-cert` 0.2.5 is of another extension.
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
/// `id-ce-deltaCRLIndicator` (RFC 5280 5.2.4): such a list tells only what is new. It has to be critical, but who writes it may forget.
const DELTA_INDICATOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const STRUCTURE: Malformed = Malformed("no es una lista de revocación que se pueda leer");
const NOT_UNDERSTOOD: Malformed = Malformed("la lista de revocación exige algo que aquí no se comprueba");

impl List {
    pub(super) fn read(der: &[u8]) -> Result<Self, Malformed> {
        let [list, algorithm, signature] = Element::only(der)?.inside(Tag::Sequence)?[..] else {
            return Err(STRUCTURE);
        };
        let fields = list.inside(Tag::Sequence)?;
        let fields =
            if fields.first().is_some_and(|one| one.tag == Tag::Integer) { fields.get(1..) } else { Some(&fields[..]) };
        let Some([inner_algorithm, issuer, this_update, rest @ ..]) = fields else { return Err(STRUCTURE) };
        if inner_algorithm.whole != algorithm.whole {
            return Err(STRUCTURE);
        }
        let (next_update, rest) = match rest {
            [next, rest @ ..] if matches!(next.tag, Tag::UtcTime | Tag::GeneralizedTime) => {
                (Some(Moment::from_der(next.whole)?.0), rest)
            }
            rest => (None, rest),
        };
        let (entries, rest) = match rest {
            [entries, rest @ ..] if entries.tag == Tag::Sequence => (Entries::read(entries.value)?, rest),
            rest => (Entries::read(&[])?, rest),
        };
        let scope = match rest {
            [] => Scope::default(),
            [extensions] => match extensions.inside(context(0))?[..] {
                [extensions] => scope_from(&extensions)?,
                _ => return Err(STRUCTURE),
            },
            _ => return Err(STRUCTURE),
        };
        Ok(Self {
            signed: list.whole.to_vec(),
            algorithm: AlgorithmIdentifierOwned::from_der(algorithm.whole)?,
            signature: BitStringRef::from_der(signature.whole)?.as_bytes().ok_or(STRUCTURE)?.to_vec(),
            issuer: issuer.whole.to_vec(),
            this_update: Moment::from_der(this_update.whole)?.0,
            next_update,
            entries,
            scope,
        })
    }

    /// What the list says of a certificate of its issuer.
    pub(super) fn revoked(&self, certificate: &Certificate) -> Option<Revoked> {
        self.entries.find(certificate.serial_bytes())
    }

    /// See [`Statement::about`].
    pub(super) fn about(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        statement: &Statement,
    ) -> Result<Option<Word>, String> {
        if self.issuer != certificate.issuer_der()
            || self.issuer != issuer.subject_der()
            || !self.scope.is_of(certificate)
        {
            return Ok(None);
        }
        if !issuer.signs_crls() {
            return Err(format!("el certificado de «{}» no puede firmar listas de revocación", issuer.name()));
        }
        let algorithm = statement.signed_by(issuer).map_err(|fault| format!("lista de revocación: {fault}"))?;
        Ok(Some(Word {
            source: Source::Crl,
            revoked: self.revoked(certificate),
            this_update: self.this_update,
            next_update: self.next_update,
            produced_at: self.this_update,
            signer: issuer.clone(),
            algorithm,
        }))
    }
}

impl Entries {
    fn read(der: &[u8]) -> Result<Self, Malformed> {
        let (mut places, mut at) = (Vec::new(), 0);
        for entry in each(der) {
            let entry = entry?;
            let (serial, _) = entry_from(&entry)?;
            places.push((short(serial), at));
            at += entry.whole.len();
        }
        places.sort_unstable();
        Ok(Self { der: der.to_vec(), places })
    }

    /// The revocation of a serial number, the earliest where there are several.
    fn find(&self, serial: &[u8]) -> Option<Revoked> {
        let key = short(serial);
        let first = self.places.partition_point(|(other, _)| *other < key);
        let alike = self.places[first..].iter().take_while(|(other, _)| *other == key);
        let entry = |at: usize| {
            let (entry, _) = Element::first(self.der.get(at..)?).ok()?;
            let (own, revoked) = entry_from(&entry).ok()?;
            (own == serial).then_some(revoked)
        };
        alike.filter_map(|(_, at)| entry(*at)).min_by_key(|revoked| revoked.since)
    }
}

/// What stands for a serial number, which may be of any length.
fn short(serial: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    serial.hash(&mut hasher);
    hasher.finish()
}

impl Scope {
    fn is_of(&self, certificate: &Certificate) -> bool {
        let is_ca = certificate.is_ca();
        let published = || certificate.crl_urls();
        let here = |addresses: &Vec<String>| published().iter().any(|address| addresses.contains(address));
        let excluded = if is_ca { self.users_only } else { self.authorities_only };
        !excluded && self.addresses.as_ref().is_none_or(here)
    }
}

/// An entry of `revokedCertificates`.
fn entry_from<'a>(entry: &Element<'a>) -> Result<(&'a [u8], Revoked), Malformed> {
    let fields = entry.inside(Tag::Sequence)?;
    let [serial, date, rest @ ..] = &fields[..] else { return Err(STRUCTURE) };
    serial.tag.assert_eq(Tag::Integer)?;
    let mut revoked = Revoked { since: Moment::from_der(date.whole)?.0, reason: None };
    let extensions = match rest {
        [] => Vec::new(),
        [extensions] => extensions.inside(Tag::Sequence)?,
        _ => return Err(STRUCTURE),
    };
    for extension in extensions {
        let extension = Extension::from_der(extension.whole)?;
        match extension.extn_id {
            ID_CE_CRL_REASONS => revoked.reason = reason(reason_code(extension.extn_value.as_bytes())?),
            INVALIDITY_DATE => revoked.since = revoked.since.min(Moment::from_der(extension.extn_value.as_bytes())?.0),
            _ if extension.critical => return Err(NOT_UNDERSTOOD),
            _ => {}
        }
    }
    Ok((serial.value, revoked))
}

fn reason_code(der: &[u8]) -> Result<u8, Malformed> {
    match Element::only(der)? {
        Element { tag: Tag::Enumerated, value: [code], .. } => Ok(*code),
        _ => Err(STRUCTURE),
    }
}

/// The scope that the extensions of a list give it.
fn scope_from(extensions: &Element<'_>) -> Result<Scope, Malformed> {
    let mut scope = Scope::default();
    for extension in extensions.inside(Tag::Sequence)? {
        let extension = Extension::from_der(extension.whole)?;
        if extension.extn_id == ISSUING_DISTRIBUTION_POINT {
            let point = decode::<IssuingDistributionPoint>(extension.extn_value.as_bytes())?;
            if point.indirect_crl || point.only_some_reasons.is_some() || point.only_contains_attribute_certs {
                return Err(NOT_UNDERSTOOD);
            }
            scope.users_only = point.only_contains_user_certs;
            scope.authorities_only = point.only_contains_ca_certs;
            scope.addresses = point.distribution_point.map(addresses);
        } else if extension.critical || extension.extn_id == DELTA_INDICATOR {
            return Err(NOT_UNDERSTOOD);
        }
    }
    Ok(scope)
}

fn addresses(point: DistributionPointName) -> Vec<String> {
    let DistributionPointName::FullName(names) = point else { return Vec::new() };
    let uri = |name| match name {
        GeneralName::UniformResourceIdentifier(uri) => Some(uri.as_str().to_owned()),
        _ => None,
    };
    names.into_iter().filter_map(uri).collect()
}
