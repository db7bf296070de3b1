//! Verdicts for programs. The keys are documented in the README.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::Verified;
use crate::again::Content;
use crate::digest::sha256;
use crate::model::Role;
use crate::pki::certificate::Certificate;
use crate::verify::judge::{Kind, Proof};
use crate::verify::{RevisionVerdict, SignatureVerdict};

#[derive(Serialize)]
struct Report<'a> {
    programa: &'static str,
    momento: String,
    archivos: Vec<File<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    archivo: &'a str,
    sha256: &'a str,
    estado: String,
    subindicacion: Option<String>,
    contenido: &'a Content,
    codigo: Option<String>,
    fallas: &'a [String],
    firmas: Vec<Signature<'a>>,
    revisiones: Vec<Revision<'a>>,
    campos_por_firmar: &'a [String],
}

#[derive(Serialize)]
struct Signature<'a> {
    campo: &'a str,
    tipo: &'static str,
    rol: Option<&'static str>,
    estado: String,
    subindicacion: Option<String>,
    nivel: Option<String>,
    firmante: Option<Signer>,
    cadena: Vec<String>,
    fecha_declarada: Option<String>,
    fecha_probada: String,
    probada_por: Proved<'a>,
    motivo: Option<&'a str>,
    lugar: Option<&'a str>,
    revision: usize,
    bytes_cubiertos: Option<usize>,
    comprobaciones: Vec<Check<'a>>,
}

#[derive(Serialize)]
struct Signer {
    nombre: String,
    emisor: String,
    serie: String,
    desde: String,
    hasta: String,
    sha256: String,
}

#[derive(Serialize)]
#[serde(tag = "tipo", content = "nombre", rename_all = "kebab-case")]
enum Proved<'a> {
    Verificacion,
    SelloDeLaFirma(&'a str),
    SelloDelDocumento(&'a str),
}

#[derive(Serialize)]
struct Check<'a> {
    clave: &'static str,
    nombre: &'static str,
    resultado: &'static str,
    detalle: &'a str,
}

#[derive(Serialize)]
struct Revision<'a> {
    numero: usize,
    fin: usize,
    permitido: &'a [String],
    prohibido: &'a [String],
}

/// Verdicts, as of a moment, as JSON with a line end.
#[must_use]
pub fn json(verified: &[Verified], now: DateTime<Utc>) -> String {
    let report = Report {
        programa: concat!("seguimiento ", env!("CARGO_PKG_VERSION")),
        momento: moment(now),
        archivos: verified.iter().map(file).collect(),
    };
    // There is nothing in it that JSON could not say.
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn file(verified: &Verified) -> File<'_> {
    let verdict = &verified.verdict;
    File {
        archivo: &verified.path,
        sha256: &verified.digest,
        estado: verdict.status.to_string(),
        subindicacion: verdict.sub_indication.map(|why| why.to_string()),
        contenido: &verified.content,
        codigo: verified.code.as_ref().map(ToString::to_string),
        fallas: &verdict.faults,
        firmas: verdict.signatures.iter().map(signature).collect(),
        revisiones: verdict.revisions.iter().enumerate().map(revision).collect(),
        campos_por_firmar: &verdict.empty,
    }
}

fn signature(signature: &SignatureVerdict) -> Signature<'_> {
    let SignatureVerdict { said, role, revision, covers, judgement } = signature;
    let path = judgement.path.iter().flat_map(|path| path.certificates.iter().chain([&path.anchor]));
    Signature {
        campo: &judgement.field,
        tipo: match judgement.kind {
            Kind::Signature => "firma",
            Kind::DocumentTimestamp => "sello-de-tiempo",
        },
        rol: role.map(Role::name),
        estado: judgement.status.to_string(),
        subindicacion: judgement.sub_indication.map(|why| why.to_string()),
        nivel: judgement.level.map(|level| level.to_string()),
        firmante: judgement.signer.as_ref().map(signer),
        cadena: path.map(Certificate::name).collect(),
        fecha_declarada: judgement.claimed.map(moment),
        fecha_probada: moment(judgement.proven.at),
        probada_por: match &judgement.proven.by {
            Proof::Now => Proved::Verificacion,
            Proof::SignatureTimestamp(authority) => Proved::SelloDeLaFirma(authority),
            Proof::DocumentTimestamp(field) => Proved::SelloDelDocumento(field),
        },
        motivo: said.reason.as_deref(),
        lugar: said.place.as_deref(),
        revision: *revision,
        bytes_cubiertos: *covers,
        comprobaciones: judgement.checks.iter().map(check).collect(),
    }
}

fn signer(certificate: &Certificate) -> Signer {
    Signer {
        nombre: certificate.name(),
        emisor: certificate.issuer_name(),
        serie: certificate.serial(),
        desde: moment(certificate.not_before()),
        hasta: moment(certificate.not_after()),
        sha256: sha256(certificate.der()),
    }
}

fn check(check: &crate::verify::judge::Check) -> Check<'_> {
    Check { clave: check.key, nombre: check.name, resultado: check.outcome.name(), detalle: &check.seen }
}

fn revision((number, revision): (usize, &RevisionVerdict)) -> Revision<'_> {
    Revision { numero: number, fin: revision.end, permitido: &revision.allowed, prohibido: &revision.forbidden }
}
