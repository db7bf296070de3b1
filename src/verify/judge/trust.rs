//! Whether a certificate could be relied upon at a moment (EN 319 102-1 5.2.6, 5.6.2.1, 5.6.2.2).

use chrono::{DateTime, Utc};

use super::knowledge::{Kept, Knowledge};
use super::notes::{Refusal, SubIndication};
use crate::pki::certificate::Certificate;
use crate::pki::path::{self, Fault, Path, Purpose};
use crate::pki::revocation::{Moments, Source, Status, Why, status};

/// Finds the path of a certificate at a moment that it is proven to have been used at, and checks that each certificate of it is
/// proven to have existed while its issuer could vouch for it.
pub(super) fn path(
    knowledge: &Knowledge<'_>,
    certificate: &Certificate,
    purpose: Purpose,
    relied_upon: DateTime<Utc>,
) -> Result<(Path, String), Refusal> {
    let found = path::find(certificate, &knowledge.pool, knowledge.anchors, relied_upon, purpose);
    let path = found.map_err(|fault| refusal(knowledge, certificate, purpose, &fault))?;
    for (below, issuer) in path.links() {
        let since =
            knowledge.certificate_since(below).min(if below == certificate { relied_upon } else { knowledge.now });
        if since > issuer.not_after() && issuer != &path.anchor {
            return Err(Refusal::new(
                SubIndication::NoPoe,
                format!(
                    "nada prueba que el certificado de «{}» existiera antes de que venciera el de quien lo emitió",
                    below.name()
                ),
            ));
        }
    }
    let names: Vec<String> =
        path.certificates.iter().chain([&path.anchor]).map(|one| format!("«{}»", one.name())).collect();
    let seen = names.join(" ← ");
    Ok((path, seen))
}

/// Why there is no path, in the words of the standard.
fn refusal(knowledge: &Knowledge<'_>, leaf: &Certificate, purpose: Purpose, fault: &Fault) -> Refusal {
    let why = match fault {
        Fault::NotFound => SubIndication::NoCertificateChainFound,
        Fault::Constraints(_) => SubIndication::ChainConstraintsFailure,
        Fault::Algorithm(..) => SubIndication::CryptoConstraintsFailureNoPoe,
        Fault::NotYetValid(which) if which == leaf => SubIndication::NotYetValid,
        Fault::Expired(which) if which == leaf && unrevoked_to_the_end(knowledge, leaf, purpose) => {
            SubIndication::OutOfBoundsNotRevoked
        }
        Fault::NotYetValid(_) | Fault::Expired(_) => SubIndication::OutOfBoundsNoPoe,
    };
    Refusal::new(why, fault)
}

/// Whether an expired certificate is known not to have been revoked while it was valid (EN 319 102-1 5.2.6.4).
fn unrevoked_to_the_end(knowledge: &Knowledge<'_>, leaf: &Certificate, purpose: Purpose) -> bool {
    let end = leaf.not_after();
    let path = path::find(leaf, &knowledge.pool, knowledge.anchors, end, purpose);
    let moments = Moments { relied_upon: end, fresh_for: end };
    path.is_ok_and(|path| revocation(knowledge, &path, moments).is_ok())
}

/// Checks that no certificate of a path was revoked. Returns how well what tells it is kept.
pub(super) fn revocation(knowledge: &Knowledge<'_>, path: &Path, moments: Moments) -> Result<(Kept, String), Refusal> {
    let mut kept = Kept::Sealed;
    let mut seen = Vec::new();
    let ask = |below, issuer, kept| {
        let statements = knowledge.statements(kept);
        status(below, issuer, &statements, &knowledge.pool, knowledge.anchors, moments)
    };
    for (below, issuer) in path.links() {
        let word = match ask(below, issuer, Kept::Outside) {
            Status::Good(word) => word,
            Status::Revoked(_, revoked) => {
                let is_leaf = path.certificates.first() == Some(below);
                let why = if is_leaf { SubIndication::RevokedNoPoe } else { SubIndication::RevokedCaNoPoe };
                let reason = revoked.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
                let (name, day) = (below.name(), revoked.since.format("%Y-%m-%d %H:%M:%S UTC"));
                return Err(Refusal::new(
                    why,
                    format!("el certificado de «{name}» está revocado desde el {day}{reason}"),
                ));
            }
            Status::Unknown(why) => return Err(unknown(below, &why)),
        };
        let well =
            [Kept::Sealed, Kept::Inside].into_iter().find(|kept| matches!(ask(below, issuer, *kept), Status::Good(_)));
        kept = kept.min(well.unwrap_or(Kept::Outside)).min(knowledge.certificate_kept(below));
        let source = match word.source {
            Source::Ocsp => "OCSP",
            Source::Crl => "CRL",
        };
        seen.push(format!("«{}»: {source} del {}", below.name(), word.this_update.format("%Y-%m-%d %H:%M:%S UTC")));
    }
    let seen =
        if seen.is_empty() { "el certificado es de confianza por sí mismo".to_owned() } else { seen.join("; ") };
    Ok((kept, seen))
}

/// Why the status of a certificate is not known, in the words of the standard.
fn unknown(certificate: &Certificate, why: &Why) -> Refusal {
    let name = certificate.name();
    match why {
        Why::Nothing => {
            Refusal::new(SubIndication::TryLater, format!("no hay datos de revocación del certificado de «{name}»"))
        }
        Why::Stale(newest) => Refusal::new(
            SubIndication::TryLater,
            format!(
                "los datos de revocación del certificado de «{name}» son del {}: anteriores a la firma",
                newest.format("%Y-%m-%d")
            ),
        ),
        Why::TooLate => Refusal::new(
            SubIndication::OutOfBoundsNoPoe,
            format!("los datos de revocación del certificado de «{name}» son de después de que venció"),
        ),
        Why::NoProof => Refusal::new(
            SubIndication::NoPoe,
            format!(
                "nada prueba que los datos de revocación de «{name}» existieran antes de que venciera quien los firmó"
            ),
        ),
        Why::Unusable(reason) => {
            Refusal::new(SubIndication::TryLater, format!("datos de revocación del certificado de «{name}»: {reason}"))
        }
    }
}
