//! From a certificate to an anchor (RFC 5280 6): who vouches for it, at a given moment.
//!
//! First the chains that names and signatures make, then what each chain must hold: validity, authorities that may issue, their
//! number, what the certificate is for. Policies are those of anybody; what is not looked at here, such as name constraints, is
//! told and refused, never passed over. Revocation is told by [`crate::pki::revocation`].

use std::fmt;

use chrono::{DateTime, Utc};
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5280::{ID_KP_CLIENT_AUTH, ID_KP_OCSP_SIGNING, ID_KP_SERVER_AUTH, ID_KP_TIME_STAMPING};
use x509_cert::certificate::Version;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage};

use crate::pki::algorithm;
use crate::pki::certificate::Certificate;

/// Certificates between the first and the anchor, at most.
const MAX_BETWEEN: usize = 6;
/// Signatures verified in search of a path, at most: a pool of many certificates of one name must not take for ever.
const MAX_SIGNATURES: usize = 100;

/// What a certificate is relied upon for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing documents: `keyUsage` digitalSignature or nonRepudiation, or none; an extended usage of persons, or none.
    Signer,
    /// Signing timestamps: a critical `extKeyUsage` with `timeStamping` and nothing else (RFC 3161 2.3).
    Timestamping,
    /// Signing OCSP responses: `extKeyUsage` with `OCSPSigning` (RFC 6960 4.2.2.2).
    OcspSigning,
}

/// A path that was found valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The certificate and those above it, up to the one that the anchor issued. Empty when the certificate is an anchor itself.
    pub certificates: Vec<Certificate>,
    /// The anchor.
    pub anchor: Certificate,
}

impl Path {
    /// Each certificate below the anchor, with its issuer.
    pub fn links(&self) -> impl Iterator<Item = (&Certificate, &Certificate)> {
        let issuers = self.certificates.iter().skip(1).chain(std::iter::once(&self.anchor));
        self.certificates.iter().zip(issuers)
    }
}

/// Why there is no valid path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No way leads to an anchor.
    NotFound,
    /// This certificate of it had expired.
    Expired(Certificate),
    /// This certificate of it was not valid yet.
    NotYetValid(Certificate),
    /// A constraint does not hold; the text says which.
    Constraints(String),
    /// A certificate of it is signed in a way that is not trusted or known.
    Algorithm(Certificate, algorithm::Fault),
}

impl std::error::Error for Fault {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => write!(f, "no hay una cadena de certificados hasta una raíz de confianza"),
            Self::Expired(which) => {
                write!(f, "el certificado de «{}» venció el {}", which.name(), which.not_after().format("%Y-%m-%d"))
            }
            Self::NotYetValid(which) => {
                write!(
                    f,
                    "el certificado de «{}» vale solo desde el {}",
                    which.name(),
                    which.not_before().format("%Y-%m-%d")
                )
            }
            Self::Constraints(what) => f.write_str(what),
            Self::Algorithm(which, fault) => write!(f, "certificado de «{}»: {fault}", which.name()),
        }
    }
}

/// Finds a path that is valid at a moment, through a pool of certificates that need not be trusted. Anchors are trusted as they are,
/// even expired.
///
/// # Errors
/// Why there is none: what is wrong with the first chain that leads to an anchor, or that none does.
pub fn find(
    leaf: &Certificate,
    pool: &[Certificate],
    anchors: &[Certificate],
    at: DateTime<Utc>,
    purpose: Purpose,
) -> Result<Path, Fault> {
    suits(leaf, purpose)?;
    if anchors.contains(leaf) {
        return valid_at(leaf, at).map(|()| Path { certificates: Vec::new(), anchor: leaf.clone() });
    }
    let mut search = Search { pool, anchors, at, signatures: 0, fault: None };
    match search.upwards(&mut vec![leaf.clone()]) {
        Some(path) => Ok(path),
        None => Err(search.fault.unwrap_or(Fault::NotFound)),
    }
}

/// A search, depth first.
struct Search<'a> {
    pool: &'a [Certificate],
    anchors: &'a [Certificate],
    at: DateTime<Utc>,
    signatures: usize,
    fault: Option<Fault>,
}

impl Search<'_> {
    /// Looks for who issued the last of some certificates: an anchor, else one of the pool, else nobody.
    fn upwards(&mut self, below: &mut Vec<Certificate>) -> Option<Path> {
        for anchor in self.anchors {
            if may_issue(anchor) && self.issued(anchor, below) {
                match holds(below, self.at) {
                    Ok(()) => return Some(Path { certificates: below.clone(), anchor: anchor.clone() }),
                    Err(fault) => self.note(fault),
                }
            }
        }
        for issuer in self.pool {
            let again =
                |one: &Certificate| one.subject_der() == issuer.subject_der() && one.spki_der() == issuer.spki_der();
            if below.len() <= MAX_BETWEEN && !below.iter().any(again) && self.issued(issuer, below) {
                below.push(issuer.clone());
                if let Some(path) = self.upwards(below) {
                    return Some(path);
                }
                below.pop();
            }
        }
        None
    }

    fn issued(&mut self, issuer: &Certificate, below: &[Certificate]) -> bool {
        let Some(last) = below.last().filter(|last| last.issuer_der() == issuer.subject_der()) else { return false };
        self.signatures += 1;
        if self.signatures > MAX_SIGNATURES {
            self.note(Fault::Constraints("hay demasiados certificados entre los que buscar la cadena".to_owned()));
            return false;
        }
        match issuer.issued(last) {
            Ok(()) => true,
            Err(fault @ (algorithm::Fault::Weak(_) | algorithm::Fault::Unsupported(_))) => {
                self.note(Fault::Algorithm(last.clone(), fault));
                false
            }
            Err(algorithm::Fault::Malformed | algorithm::Fault::Wrong) => false,
        }
    }

    /// Keeps the first fault.
    fn note(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }
}

/// What a chain must hold (RFC 5280 6.1.3, 6.1.4), besides its signatures; the anchor is not among these.
fn holds(chain: &[Certificate], at: DateTime<Utc>) -> Result<(), Fault> {
    for (below, certificate) in chain.iter().enumerate() {
        valid_at(certificate, at)?;
        understood(certificate)?;
        if below > 0 {
            issues(certificate, below - 1)?;
        }
    }
    Ok(())
}

/// Whether a certificate is of an authority that may have so many other authorities below it.
fn issues(certificate: &Certificate, authorities_below: usize) -> Result<(), Fault> {
    if !certificate.signs_certificates() {
        let name = certificate.name();
        return Err(Fault::Constraints(format!("el certificado de «{name}» no puede emitir certificados")));
    }
    match certificate.extension::<BasicConstraints>() {
        Ok(Some((_, BasicConstraints { path_len_constraint: Some(most), .. })))
            if usize::from(most) < authorities_below =>
        {
            let name = certificate.name();
            Err(Fault::Constraints(format!("«{name}» no puede tener tantas autoridades por debajo")))
        }
        _ => Ok(()),
    }
}

/// Whether all that a certificate makes critical is looked at here. Critical policies are fine, as no particular one is asked for;
/// constraints on policies and on names are not evaluated, critical or not.
fn understood(certificate: &Certificate) -> Result<(), Fault> {
    /// `keyUsage`, `subjectAltName`, `basicConstraints`, `cRLDistributionPoints`, `certificatePolicies`, `extKeyUsage`
    const KNOWN: [&str; 6] = ["2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.31", "2.5.29.32", "2.5.29.37"];
    /// `nameConstraints`, `policyConstraints`, `inhibitAnyPolicy`
    const CONSTRAINTS: [&str; 3] = ["2.5.29.30", "2.5.29.36", "2.5.29.54"];
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    for extension in certificate.parsed().tbs_certificate.extensions.iter().flatten() {
        let oid = extension.extn_id.to_string();
        let passed_over = extension.critical && !KNOWN.contains(&oid.as_str());
        if passed_over || CONSTRAINTS.contains(&oid.as_str()) || seen.contains(&extension.extn_id) {
            let name = certificate.name();
            return Err(Fault::Constraints(format!(
                "el certificado de «{name}» exige algo que aquí no se comprueba (extensión {oid})"
            )));
        }
        seen.push(extension.extn_id);
    }
    Ok(())
}

/// Whether a certificate may be relied upon for a purpose.
///
/// # Errors
/// What it lacks.
pub fn suits(certificate: &Certificate, purpose: Purpose) -> Result<(), Fault> {
    let usages = certificate.extension::<ExtendedKeyUsage>();
    let (held, what) = match purpose {
        Purpose::Signer => {
            // An authority signs certificates, timestamps and responses; a person signs documents.
            let of_person =
                usages.is_ok_and(|usages| usages.is_none_or(|(_, ExtendedKeyUsage(all))| is_of_person(&all)));
            (certificate.signs_documents() && !certificate.is_ca() && of_person, "firmar documentos")
        }
        Purpose::Timestamping => {
            let only = usages
                .ok()
                .flatten()
                .is_some_and(|(critical, ExtendedKeyUsage(all))| critical && all == [ID_KP_TIME_STAMPING]);
            (only && certificate.signs_documents(), "estampar cronológicamente")
        }
        Purpose::OcspSigning => {
            let among =
                usages.ok().flatten().is_some_and(|(_, ExtendedKeyUsage(all))| all.contains(&ID_KP_OCSP_SIGNING));
            (among && certificate.signs_documents(), "responder por OCSP")
        }
    };
    if held {
        return Ok(());
    }
    Err(Fault::Constraints(format!("el certificado de «{}» no está emitido para {what}", certificate.name())))
}

/// Whether extended usages are those of a person who signs. Few certificates have the one for documents (RFC 9336): most have that of
/// mail, or that of a user of services, which servers have too. One for anything but these signs nothing here (RFC 5280 4.2.1.12).
fn is_of_person(usages: &[ObjectIdentifier]) -> bool {
    /// `anyExtendedKeyUsage`, `emailProtection`, `documentSigning`, and those of Adobe and Microsoft from before it.
    const OF_DOCUMENTS: [&str; 5] =
        ["2.5.29.37.0", "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12"];
    usages.iter().any(|usage| OF_DOCUMENTS.contains(&usage.to_string().as_str()))
        || usages.contains(&ID_KP_CLIENT_AUTH) && !usages.contains(&ID_KP_SERVER_AUTH)
}

/// Whether an anchor vouches for others: who trusts one person's certificate does not trust all that this person issues. Roots
/// from before there were extensions do not say what they are for.
fn may_issue(anchor: &Certificate) -> bool {
    anchor.is_ca() || (anchor.parsed().tbs_certificate.version == Version::V1 && anchor.is_self_signed())
}

fn valid_at(certificate: &Certificate, at: DateTime<Utc>) -> Result<(), Fault> {
    if at > certificate.not_after() {
        Err(Fault::Expired(certificate.clone()))
    } else if at < certificate.not_before() {
        Err(Fault::NotYetValid(certificate.clone()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    /// Small hierarchies under «raíz» and «ajena», valid from 2020 to 2090; the names say what is wrong with each.
    fn all() -> Vec<Certificate> {
        Certificate::read_all(include_bytes!("../../tests/data/firma/caminos.pem")).unwrap()
    }

    fn one(name: &str) -> Certificate {
        all().into_iter().find(|one| one.name() == name).unwrap()
    }

    fn in_year(year: i32) -> DateTime<Utc> {
        NaiveDate::from_ymd_opt(year, 6, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc()
    }

    fn found(name: &str, year: i32, purpose: Purpose) -> Result<Vec<String>, Fault> {
        let path = find(&one(name), &all(), &[one("raíz")], in_year(year), purpose)?;
        Ok(path.certificates.iter().chain([&path.anchor]).map(Certificate::name).collect())
    }

    fn refused(name: &str) -> String {
        found(name, 2026, Purpose::Signer).unwrap_err().to_string()
    }

    #[test]
    fn a_path_leads_from_a_certificate_to_the_anchor() {
        assert_eq!(found("bueno", 2026, Purpose::Signer).unwrap(), ["bueno", "sub", "raíz"]);
        assert_eq!(found("de vencida", 2020, Purpose::Signer).unwrap(), ["de vencida", "vencida", "raíz"]);
        let path = find(&one("bueno"), &all(), &[one("raíz")], in_year(2026), Purpose::Signer).unwrap();
        let links: Vec<String> =
            path.links().map(|(below, issuer)| format!("{}<{}", below.name(), issuer.name())).collect();
        assert_eq!(links, ["bueno<sub", "sub<raíz"]);
    }

    #[test]
    fn an_anchor_may_be_any_authority_or_the_certificate_itself() {
        let find = |anchor: &str| find(&one("bueno"), &[], &[one(anchor)], in_year(2026), Purpose::Signer);
        assert_eq!(find("sub").unwrap().certificates, [one("bueno")]);
        assert_eq!(find("bueno").unwrap(), Path { certificates: Vec::new(), anchor: one("bueno") });
    }

    #[test]
    fn among_authorities_of_one_name_it_is_the_one_that_signed() {
        let path = find(&one("de gemela"), &all(), &[one("raíz")], in_year(2026), Purpose::Signer).unwrap();
        let twins: Vec<Certificate> = all().into_iter().filter(|one| one.name() == "gemela").collect();
        assert_eq!(path.certificates[1], twins[1]);
    }

    #[test]
    fn without_a_way_to_an_anchor_there_is_no_path() {
        assert_eq!(found("de ajena", 2026, Purpose::Signer), Err(Fault::NotFound));
        assert_eq!(find(&one("bueno"), &[], &[one("raíz")], in_year(2026), Purpose::Signer), Err(Fault::NotFound));
        assert_eq!(find(&one("bueno"), &all(), &[], in_year(2026), Purpose::Signer), Err(Fault::NotFound));
    }

    #[test]
    fn validity_is_that_of_each_certificate_at_the_moment() {
        assert_eq!(found("bueno", 2095, Purpose::Signer), Err(Fault::Expired(one("bueno"))));
        assert_eq!(found("bueno", 2019, Purpose::Signer), Err(Fault::NotYetValid(one("bueno"))));
        assert_eq!(found("de vencida", 2026, Purpose::Signer), Err(Fault::Expired(one("vencida"))));
        assert_eq!(refused("futuro"), "el certificado de «futuro» vale solo desde el 2080-01-01");
    }

    #[test]
    fn constraints_that_do_not_hold_are_told() {
        assert_eq!(refused("de demasiado abajo"), "«corta» no puede tener tantas autoridades por debajo");
        assert_eq!(refused("de quien no emite"), "el certificado de «sin keyCertSign» no puede emitir certificados");
        assert_eq!(refused("de hoja"), "el certificado de «bueno» no puede emitir certificados");
        assert_eq!(refused("cifra"), "el certificado de «cifra» no está emitido para firmar documentos");
    }

    #[test]
    fn what_is_not_evaluated_is_told_and_not_passed_over() {
        let seen = refused("crítico");
        assert_eq!(seen, "el certificado de «crítico» exige algo que aquí no se comprueba (extensión 1.2.3.4)");
        assert!(refused("de nombres").contains("extensión 2.5.29.30"));
        assert!(found("políticas", 2026, Purpose::Signer).is_ok(), "any policy will do");
    }

    #[test]
    fn each_purpose_asks_for_its_usage() {
        assert!(found("estampa", 2026, Purpose::Timestamping).is_ok());
        assert!(found("estampa no crítica", 2026, Purpose::Timestamping).is_err());
        assert!(found("estampa y más", 2026, Purpose::Timestamping).is_err());
        assert!(found("bueno", 2026, Purpose::Timestamping).is_err());
        assert!(found("responde", 2026, Purpose::OcspSigning).is_ok());
        assert!(found("bueno", 2026, Purpose::OcspSigning).is_err());
        assert!(found("estampa", 2026, Purpose::Signer).is_err(), "an authority signs no documents");
    }

    #[test]
    fn a_certificate_for_something_else_than_a_person_s_signature_signs_no_documents() {
        let signs = |usages: &[&str]| {
            let usages: Vec<ObjectIdentifier> =
                usages.iter().map(|usage| ObjectIdentifier::new_unwrap(usage)).collect();
            is_of_person(&usages)
        };
        let [server, client, code, mail, stamp, responses] = [
            "1.3.6.1.5.5.7.3.1",
            "1.3.6.1.5.5.7.3.2",
            "1.3.6.1.5.5.7.3.3",
            "1.3.6.1.5.5.7.3.4",
            "1.3.6.1.5.5.7.3.8",
            "1.3.6.1.5.5.7.3.9",
        ];
        for usage in
            ["2.5.29.37.0", mail, "1.3.6.1.5.5.7.3.36", "1.2.840.113583.1.1.5", "1.3.6.1.4.1.311.10.3.12", client]
        {
            assert!(signs(&[usage]), "{usage}");
            assert!(signs(&[usage, code]), "{usage}");
        }
        for usages in [&[server][..], &[code], &[stamp], &[responses], &[server, client], &[stamp, code], &["1.2.3"]] {
            assert!(!signs(usages), "{usages:?}");
        }
        assert!(signs(&[server, client, mail]));
    }

    #[test]
    fn a_certificate_signed_weakly_is_told() {
        let all = Certificate::read_all(include_bytes!("../../tests/data/firma/algoritmos.pem")).unwrap();
        let weak = all.iter().find(|one| one.name() == "débil: RSA con SHA-1").unwrap();
        // Another certificate of the same name and key as an anchor: it is no authority, and the signature is weak.
        let fault =
            Search { pool: &[], anchors: std::slice::from_ref(weak), at: in_year(2026), signatures: 0, fault: None };
        let mut search = fault;
        assert!(search.upwards(&mut vec![weak.clone()]).is_none());
        assert!(matches!(search.fault, Some(Fault::Algorithm(_, algorithm::Fault::Weak(_)))));
    }

    #[test]
    fn a_pool_of_a_thousand_of_one_name_ends() {
        let good = one("bueno");
        let twins = all().into_iter().filter(|one| one.name() == "gemela");
        let pool: Vec<Certificate> = twins.cycle().take(1000).collect();
        let fault = find(&one("de gemela"), &pool, &[good], in_year(2026), Purpose::Signer).unwrap_err();
        assert!(fault.to_string().contains("demasiados"), "{fault}");
    }
}
