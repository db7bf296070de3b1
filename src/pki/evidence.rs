//! What a validation can stand on, besides the signature itself.

use crate::pki::certificate::Certificate;

/// Certificates and revocation data, as a Document Security Store holds them (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2).
/// None of it is trusted for being there: it has to chain to an anchor.
#[derive(Default, Clone, Debug)]
pub struct Evidence {
    /// Certificates, in any order.
    pub certificates: Vec<Certificate>,
    /// `OCSPResponse`s in DER (RFC 6960).
    pub ocsps: Vec<Vec<u8>>,
    /// `CertificateList`s in DER (RFC 5280).
    pub crls: Vec<Vec<u8>>,
}

impl Evidence {
    /// Adds what another holds and this one does not.
    pub fn add(&mut self, other: &Self) {
        add_new(&mut self.certificates, &other.certificates);
        add_new(&mut self.ocsps, &other.ocsps);
        add_new(&mut self.crls, &other.crls);
    }

    /// What this one holds and another does not.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self {
            certificates: missing(&self.certificates, &other.certificates),
            ocsps: missing(&self.ocsps, &other.ocsps),
            crls: missing(&self.crls, &other.crls),
        }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty() && self.ocsps.is_empty() && self.crls.is_empty()
    }
}

/// Adds those of `others` that are not yet there.
fn add_new<T: Clone + Eq + std::hash::Hash>(all: &mut Vec<T>, others: &[T]) {
    let mut known: std::collections::HashSet<T> = all.iter().cloned().collect();
    all.extend(others.iter().filter(|other| known.insert((*other).clone())).cloned());
}

/// Those of `all` that are not among `others`.
fn missing<T: Clone + Eq + std::hash::Hash>(all: &[T], others: &[T]) -> Vec<T> {
    let others: std::collections::HashSet<&T> = others.iter().collect();
    all.iter().filter(|one| !others.contains(one)).cloned().collect()
}
