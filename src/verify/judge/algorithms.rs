//! Until when algorithms are recommended: ETSI TS 119 312 V1.5.1, as the validation policy of EU DSS 6.4 tells its dates.
//!
//! What that standard gave up in the past is refused as weak by [`crate::pki::algorithm`] whatever the date, for no report here was
//! signed when it was still trusted. What it foretells for a year to come is told and not refused, as EU DSS does: such dates have
//! been moved at each edition.

use chrono::{DateTime, NaiveDate, Utc};

use crate::pki::algorithm::{PublicKey, SignatureAlgorithm};

/// The first day on which a signature algorithm with a key is no longer recommended, if one is foretold: for RSA, 2029, but for PSS
/// with at least 3000 bits.
fn foretold(algorithm: SignatureAlgorithm, key: PublicKey) -> Option<NaiveDate> {
    match (algorithm, key) {
        (SignatureAlgorithm::RsaPss(_), PublicKey::Rsa(3000..)) | (_, PublicKey::P256 | PublicKey::P384) => None,
        (_, PublicKey::Rsa(_)) => NaiveDate::from_ymd_opt(2029, 1, 1),
    }
}

/// What is to be said of an algorithm that was relied upon at a moment.
pub(super) fn said(algorithm: SignatureAlgorithm, key: PublicKey, relied_upon: DateTime<Utc>) -> String {
    match foretold(algorithm, key) {
        None => format!("{algorithm}, clave {key}: recomendado sin fecha límite"),
        Some(day) if relied_upon.date_naive() < day => format!("{algorithm}, clave {key}: recomendado antes del {day}"),
        Some(day) => format!("{algorithm}, clave {key}: no recomendado desde el {day}; conviene haber sellado antes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::algorithm::Digest::Sha256;

    #[test]
    fn what_is_foretold_is_told_and_only_of_rsa() {
        let said = |algorithm, key, year| {
            let day = NaiveDate::from_ymd_opt(year, 6, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
            said(algorithm, key, day)
        };
        assert!(
            said(SignatureAlgorithm::RsaPkcs1(Sha256), PublicKey::Rsa(4096), 2028).ends_with("antes del 2029-01-01")
        );
        assert!(said(SignatureAlgorithm::RsaPkcs1(Sha256), PublicKey::Rsa(4096), 2029).contains("no recomendado"));
        assert!(said(SignatureAlgorithm::RsaPss(Sha256), PublicKey::Rsa(3072), 2040).contains("sin fecha límite"));
        assert!(said(SignatureAlgorithm::Ecdsa(Sha256), PublicKey::P256, 2040).contains("sin fecha límite"));
    }
}
