//! What the program asks for as traits, answered by the authority: no network, no clock, nothing at random but ECDSA's own.

use super::{Authority, Identity, KeyName};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use seguimiento::pki::algorithm::{Digest, SignatureAlgorithm};
use seguimiento::pki::certificate::Certificate;
use seguimiento::sign::key::Key;
use seguimiento::sign::{Clock, Network, TimestampAuthority};

/// A clock that stands still.
pub struct Stopped(pub DateTime<Utc>);

impl Clock for Stopped {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The authority as the program reaches it, at a time: its timestamps, OCSP, CRLs and certificates.
pub struct Reached<'a> {
    pub authority: &'a Authority,
    pub now: DateTime<Utc>,
}

impl TimestampAuthority for Reached<'_> {
    /// Always the same.
    fn nonce(&self) -> [u8; 8] {
        [0x5e, 0x90, 0x11, 0x0a, 0x1e, 0x07, 0x20, 0x24]
    }

    fn send(&self, request: &[u8]) -> Result<Vec<u8>> {
        Ok(self.authority.timestamp(request, self.now))
    }
}

impl Network for Reached<'_> {
    fn ocsp(&self, url: &str, request: &[u8]) -> Result<Vec<u8>> {
        anyhow::ensure!(url == format!("{}/ocsp", self.authority.base()), "nadie responde en {url}");
        Ok(self.authority.ocsp(request, self.now))
    }

    fn get(&self, url: &str) -> Result<Vec<u8>> {
        self.authority.get(url, self.now).with_context(|| format!("nadie responde en {url}"))
    }
}

/// No network at all: who asks has failed.
pub struct Unplugged;

impl Network for Unplugged {
    fn ocsp(&self, url: &str, _: &[u8]) -> Result<Vec<u8>> {
        anyhow::bail!("sin red: {url}")
    }

    fn get(&self, url: &str) -> Result<Vec<u8>> {
        anyhow::bail!("sin red: {url}")
    }
}

/// Somebody's key, unlocked.
pub struct Unlocked {
    key: KeyName,
    chain: Vec<Certificate>,
}

impl Unlocked {
    /// The key of an identity, with its certificates up to the root, which is left out.
    pub fn of(identity: &Identity) -> Self {
        let mut chain: Vec<_> = identity.chain().iter().map(|der| Certificate::from_der(der).unwrap()).collect();
        if chain.len() > 1 {
            chain.pop();
        }
        Self { key: identity.key, chain }
    }
}

impl Key for Unlocked {
    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        if self.key == KeyName::Reviso {
            SignatureAlgorithm::Ecdsa(Digest::Sha256)
        } else {
            SignatureAlgorithm::RsaPkcs1(Digest::Sha256)
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        Ok(self.key.sign(message))
    }
}
