//! A certification authority for the tests: root, intermediate, people, OCSP, CRLs and timestamps, without network or clock.
//!
//! ```text
//! Raíz de ensayo ──┬── Subordinada de ensayo ──┬── Ana Muñoz (elaboró, RSA)
//!                  │                           ├── Bernardo Peña (revisó, P-256)
//!                  │                           ├── Clara Ibáñez (aprobó, RSA)
//!                  │                           └── Respondedor OCSP de ensayo
//!                  └── Estampado cronológico de ensayo
//! Segunda raíz de ensayo
//! Raíz ajena ───────── Diego Intruso
//! ```
//!
//! An honest one is [`Authority::new`]. What it lies about is said in [`Authority::lies`]; certificates with faults come from
//! [`Authority::person`] and the [`Recipe`]s; what is revoked, from [`Authority::revoke`]. Certificates carry the addresses below
//! [`Authority::at`]'s; a [`server::Server`] answers there over HTTP, [`traits`] without any.

// It offers what tests of several parts need; none needs all.
#![allow(dead_code)]

mod crl;
mod issue;
mod keys;
mod ocsp;
pub mod server;
#[cfg(test)]
mod tests;
mod timestamp;
pub mod traits;

pub use crl::CrlLie;
pub use issue::{Identity, Recipe};
pub use keys::KeyName;
pub use ocsp::OcspLie;
pub use timestamp::TimestampLie;

use chrono::{DateTime, TimeZone, Utc};
use der::Encode;
use x509_cert::ext::pkix::CrlReason;
use x509_cert::serial_number::SerialNumber;

/// The authority, its people and what it says of them.
#[derive(Clone)]
pub struct Authority {
    base: String,
    pub root: Identity,
    pub intermediate: Identity,
    pub tsa: Identity,
    pub responder: Identity,
    pub elaboro: Identity,
    pub reviso: Identity,
    pub aprobo: Identity,
    pub second_root: Identity,
    pub untrusted_root: Identity,
    pub intruder: Identity,
    /// What it lies about; nothing at first.
    pub lies: Lies,
    revoked: Vec<Revoked>,
}

/// The lies that it is to tell, one of a kind at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lies {
    pub timestamp: Option<TimestampLie>,
    pub ocsp: Option<OcspLie>,
    pub crl: Option<CrlLie>,
}

/// Whose revocation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ca {
    Root,
    Intermediate,
}

#[derive(Clone)]
struct Revoked {
    serial: SerialNumber,
    since: DateTime<Utc>,
    reason: CrlReason,
}

/// A moment at which all that is honest here is valid: the second of March of 2026, at ten in Bogotá.
pub fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 15, 0, 0).unwrap()
}

impl Authority {
    /// The authority at an address that does not exist.
    pub fn new() -> Self {
        Self::at("http://autoridad.invalid")
    }

    /// The authority whose certificates say that it answers at `base`, such as `http://127.0.0.1:40000`.
    pub fn at(base: &str) -> Self {
        let root = Recipe::root("Raíz de ensayo", KeyName::Root).issue();
        let intermediate = Recipe::intermediate("Subordinada de ensayo", KeyName::Intermediate, &root, base).issue();
        let person = |name, key| Recipe::person(name, key, &intermediate, base).issue();
        let untrusted_root = Recipe::root("Raíz ajena", KeyName::UntrustedRoot).issue();
        Self {
            tsa: Recipe::tsa("Estampado cronológico de ensayo", KeyName::Tsa, &root, base).issue(),
            responder: Recipe::responder("Respondedor OCSP de ensayo", KeyName::Responder, &intermediate).issue(),
            elaboro: person("Ana Muñoz", KeyName::Elaboro),
            reviso: person("Bernardo Peña", KeyName::Reviso),
            aprobo: person("Clara Ibáñez", KeyName::Aprobo),
            second_root: Recipe::root("Segunda raíz de ensayo", KeyName::SecondRoot).issue(),
            intruder: Recipe::person("Diego Intruso", KeyName::Intruder, &untrusted_root, base).issue(),
            base: base.to_owned(),
            root,
            intermediate,
            untrusted_root,
            lies: Lies::default(),
            revoked: Vec::new(),
        }
    }

    /// Where it says that it answers.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A certificate for a fourth person, with the key of the first, to be issued with the faults that a test wants.
    pub fn person(&self) -> Recipe<'_> {
        self.person_below(&self.intermediate)
    }

    /// The same below another issuer, such as an intermediate with faults.
    pub fn person_below<'a>(&self, issuer: &'a Identity) -> Recipe<'a> {
        Recipe::person("Elena Torres", KeyName::Elaboro, issuer, &self.base)
    }

    /// Another intermediate with the key of the first, to be issued with the faults that a test wants.
    pub fn another_intermediate(&self) -> Recipe<'_> {
        Recipe::intermediate("Otra subordinada de ensayo", KeyName::Intermediate, &self.root, &self.base)
    }

    /// A certificate for a timestamp authority, with the key of the first, to be issued with the faults that a test wants.
    pub fn another_tsa(&self) -> Recipe<'_> {
        Recipe::tsa("Otro estampado de ensayo", KeyName::Tsa, &self.root, &self.base)
    }

    /// The certificate of a person that is signed with SHA-1.
    pub fn signed_with_sha1(&self) -> Identity {
        issue::signed_with_sha1(&self.intermediate)
    }

    /// From `since` on the certificate is revoked, for OCSP and in the CRLs, because its key is no longer its owner's alone.
    pub fn revoke(&mut self, whose: &Identity, since: DateTime<Utc>) {
        self.revoke_because(whose, since, CrlReason::KeyCompromise);
    }

    /// The same for another reason.
    pub fn revoke_because(&mut self, whose: &Identity, since: DateTime<Utc>, reason: CrlReason) {
        self.revoked.push(Revoked { serial: whose.serial().clone(), since, reason });
    }

    /// Answers the address of a CRL or of an issuer's certificate; `None` where there is nothing.
    pub fn get(&self, url: &str, now: DateTime<Utc>) -> Option<Vec<u8>> {
        self.get_path(url.strip_prefix(&self.base)?, now)
    }

    fn get_path(&self, path: &str, now: DateTime<Utc>) -> Option<Vec<u8>> {
        match path {
            "/crl/raiz.crl" => Some(self.crl(Ca::Root, now)),
            "/crl/intermedia.crl" => Some(self.crl(Ca::Intermediate, now)),
            "/cert/raiz.crt" => Some(self.root.der()),
            "/cert/intermedia.crt" => Some(self.intermediate.der()),
            _ => None,
        }
    }

    fn ca(&self, which: Ca) -> &Identity {
        match which {
            Ca::Root => &self.root,
            Ca::Intermediate => &self.intermediate,
        }
    }

    fn revocation(&self, serial: &SerialNumber) -> Option<&Revoked> {
        self.revoked.iter().find(|revoked| revoked.serial == *serial)
    }
}

/// DER of what has just been made here, which always has one.
fn der(value: &impl Encode) -> Vec<u8> {
    value.to_der().unwrap()
}

/// Changes the last byte: of a signed structure, its signature.
fn broken(mut der: Vec<u8>) -> Vec<u8> {
    *der.last_mut().unwrap() ^= 1;
    der
}
