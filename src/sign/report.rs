//! One report signed, step by step. Each step is an update at the end of what the one before it made.
//!
//! ```text
//! refuse        a field that is not there or signed already, a certificate that may not sign
//! sealed        B-B   the signature, with its appearance, in the field
//!               B-T   its timestamp inside it
//! with_evidence B-LT  certificates and revocation data, for it and its timestamp
//! stamped       B-LTA a timestamp of the document over all that
//! ```

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};

use super::evidence::Gatherer;
use super::key::Key;
use super::place::{Details, in_field, in_new_field};
use super::tsa::{Stamp, stamp};
use super::{Clock, Level, Network, TimestampAuthority, cades, dss};
use crate::model::Role;
use crate::pdf::{File, Id, Object, Update};
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;
use crate::pki::path::{self, Purpose};
use crate::verify::judge::{Status, SubIndication};
use crate::verify::{Document, Field, signature_fields, verify};

/// Room for the attributes and the signature itself, in bytes: an RSA signature of 4096 bits takes 512 of them.
const ROOM: usize = 3 * 1024;
/// Room for a timestamp with the authority's chain, in bytes. Authorities were seen to take from 2 to 9 KiB.
const ROOM_OF_TIMESTAMP: usize = 16 * 1024;

/// Who vouches for the time and for certificates.
#[derive(Clone, Copy)]
pub struct Services<'a> {
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Whom a timestamp is asked of.
    pub authority: Option<&'a dyn TimestampAuthority>,
    /// Where certificates and revocation data come from.
    pub network: &'a dyn Network,
    /// Who is trusted.
    pub anchors: &'a [Certificate],
}

/// What a report is signed with.
pub struct Signing<'a> {
    /// In what capacity.
    pub role: Role,
    /// How long it is to be proved for.
    pub level: Level,
    /// Whose key.
    pub key: &'a dyn Key,
    /// Who vouches for the time and for certificates.
    pub services: Services<'a>,
    /// Whether to go on with a certificate that leads to none of them.
    pub without_anchor: bool,
    /// Why it is signed.
    pub reason: Option<&'a str>,
    /// Where it is signed.
    pub place: Option<&'a str>,
}

/// Draws the appearance of a signature into an update: a form of this width and height, in points.
pub type Draw<'a> = dyn Fn(&mut Update, f64, f64, DateTime<Utc>) -> Result<Id> + 'a;

/// Signs a report.
///
/// # Errors
/// What should not be signed, and what could not be.
pub fn sign(pdf: &[u8], signing: &Signing, draw: &Draw) -> Result<Vec<u8>> {
    let at = signing.services.clock.now();
    refuse(signing, at)?;
    refuse_changed(pdf)?;
    let (mut signed, stamp) = sealed(pdf, signing, at, draw)?;
    if let Some(stamp) = stamp.filter(|_| signing.level >= Level::BLT) {
        let mut evidence = signing.services.gatherer(stamp.token.time).gather(
            signer(signing.key)?,
            signing.key.chain(),
            Purpose::Signer,
        )?;
        evidence.add(&signing.services.of_authority(&stamp)?);
        signed = with_evidence(&signed, &evidence)?;
    }
    if signing.level >= Level::BLTA {
        signed = stamped(&signed, &signing.services)?;
    }
    proved(pdf, signed, signing)
}

/// The signed file, if all that was asked for can be seen in it: tokens have been seen to give bad signatures, and a report
/// with a broken signature is not to be signed once more.
fn proved(before: &[u8], signed: Vec<u8>, signing: &Signing) -> Result<Vec<u8>> {
    ensure!(signed.starts_with(before), "la firma cambió lo que había antes de ella");
    let verdict = verify(&signed, signing.services.anchors, signing.services.clock.now(), &Evidence::default());
    if let Some(fault) = verdict.faults.first() {
        bail!("el informe no se debe firmar: {fault}");
    }
    if verdict.changed {
        let what = forbidden(&signed)?.unwrap_or_default();
        bail!("lo firmado no se deja verificar, y no se guardó: {what}; revise la imagen o la apariencia de la firma");
    }
    for signature in &verdict.signatures {
        let judgement = &signature.judgement;
        if signature.role != Some(signing.role) {
            ensure!(
                judgement.status != Status::TotalFailed,
                "la firma «{}» no es válida: {}",
                judgement.field,
                signature.why()
            );
            continue;
        }
        let awaited = match judgement.sub_indication {
            None => true,
            // Below B-LT the file does not say whether the certificate was revoked.
            Some(SubIndication::TryLater) => signing.level < Level::BLT,
            Some(SubIndication::NoCertificateChainFound) => signing.without_anchor,
            Some(_) => false,
        };
        // Nor whether that of the timestamp's authority was: of B-T the signature alone can be proved here. The timestamp was checked
        // when it was taken.
        let least = if signing.level == Level::BT { Level::BB } else { signing.level };
        let reached = judgement.level.is_some_and(|level| level >= least) || signing.without_anchor;
        ensure!(awaited && reached, "lo firmado no se deja verificar, y no se guardó: {}", signature.why());
    }
    Ok(signed)
}

/// What should not be signed with: a certificate that is not valid now, is not for signing, or leads to nobody who is trusted.
fn refuse(signing: &Signing, at: DateTime<Utc>) -> Result<()> {
    let certificate = signer(signing.key)?;
    let name = certificate.name();
    let day = |time: DateTime<Utc>| time.format("%d/%m/%Y").to_string();
    ensure!(at <= certificate.not_after(), "el certificado de «{name}» venció el {}", day(certificate.not_after()));
    ensure!(
        at >= certificate.not_before(),
        "el certificado de «{name}» vale solo desde el {}",
        day(certificate.not_before())
    );
    path::suits(certificate, Purpose::Signer)?;
    if signing.level > Level::BB && signing.services.authority.is_none() {
        bail!(
            "el nivel {} necesita una autoridad de estampado cronológico: diga cuál con --tsa o en «tsa» de [firma_digital]",
            signing.level
        );
    }
    if signing.without_anchor {
        ensure!(signing.level < Level::BLT, "sin raíz de confianza no se puede firmar en el nivel {}", signing.level);
        return Ok(());
    }
    let found = path::find(certificate, signing.key.chain(), signing.services.anchors, at, Purpose::Signer);
    match found {
        // What is missing between may be fetched where evidence is.
        Err(path::Fault::NotFound) if signing.level >= Level::BLT => Ok(()),
        Err(fault) => Err(fault).with_context(|| format!("no se puede confiar en el certificado de «{name}»")),
        Ok(_) => Ok(()),
    }
}

/// What somebody did to the report since it was generated, other than sign it, is not to be signed unseen.
fn refuse_changed(pdf: &[u8]) -> Result<()> {
    match forbidden(pdf)? {
        Some(what) => bail!("el informe no se debe firmar: alguien lo cambió después de generado y {what}"),
        None => Ok(()),
    }
}

/// The first thing that was done to a report since it was generated and that no signed file allows, be it before anybody signed.
fn forbidden(pdf: &[u8]) -> Result<Option<String>> {
    let document = Document::read(pdf).context("el archivo no se puede leer como PDF")?;
    Ok(document.changes.iter().flat_map(|changes| &changes.forbidden).next().cloned())
}

/// The report with the signature in its field, and the signature's timestamp.
fn sealed(pdf: &[u8], signing: &Signing, at: DateTime<Utc>, draw: &Draw) -> Result<(Vec<u8>, Option<Stamp>)> {
    let file = File::read(pdf).context("el archivo no se puede leer como PDF")?;
    let view = file.now();
    let field = empty_field(signature_fields(view).map_err(|fault| anyhow::anyhow!(fault))?, signing.role)?;
    let [width, height] = size(&field).context("el campo de firma no dice dónde está")?;
    let mut update = Update::new(&file);
    let appearance = draw(&mut update, width, height, at)?;
    let certificate = signer(signing.key)?;
    let details = Details {
        name: certificate.name(),
        at,
        reason: signing.reason.map(ToOwned::to_owned),
        place: signing.place.map(ToOwned::to_owned),
    };
    let chain: usize = signing.key.chain().iter().map(|certificate| certificate.der().len()).sum();
    let room = ROOM + chain + if signing.level > Level::BB { ROOM_OF_TIMESTAMP } else { 0 };
    let unsealed = in_field(update, view, field.id, Some(appearance), &details, room)?;
    let mut cms = cades::signed_data(signing.key, &unsealed.digest(signing.key.algorithm().digest()))?;
    let authority = signing.services.authority.filter(|_| signing.level > Level::BB);
    let stamp =
        authority.map(|authority| stamp(authority, signing.services.clock, &[&cades::signature(&cms)?])).transpose()?;
    if let Some(stamp) = &stamp {
        cms = cades::with_timestamp(&cms, &stamp.der)?;
    }
    Ok((unsealed.seal(&cms)?, stamp))
}

/// The field of a role, which nobody has signed.
fn empty_field(fields: Vec<Field<'_>>, role: Role) -> Result<Field<'_>> {
    let field = fields.into_iter().find(|field| field.name() == role.name());
    let Some(field) = field else { bail!("el informe no tiene un campo de firma «{}»", role.name()) };
    ensure!(field.signature.is_none(), "el campo «{}» ya está firmado", role.name());
    Ok(field)
}

/// The width and height of a field, in points.
fn size(field: &Field) -> Option<[f64; 2]> {
    let corners =
        field.dictionary.get("Rect")?.as_array()?.iter().map(Object::as_number).collect::<Option<Vec<f64>>>()?;
    let [left, bottom, right, top] = corners.try_into().ok()?;
    Some([right - left, top - bottom])
}

/// The file with evidence in its store; as it was where all is there already.
pub(super) fn with_evidence(pdf: &[u8], evidence: &Evidence) -> Result<Vec<u8>> {
    let file = File::read(pdf)?;
    let mut update = Update::new(&file);
    if dss::store(&mut update, file.now(), evidence)? { Ok(update.finish()?.0) } else { Ok(pdf.to_vec()) }
}

/// The file with a timestamp of the document, and evidence for that.
pub(super) fn stamped(pdf: &[u8], services: &Services) -> Result<Vec<u8>> {
    let file = File::read(pdf)?;
    let authority = services.authority.context("falta la autoridad de estampado cronológico")?;
    let unsealed = in_new_field(Update::new(&file), file.now(), ROOM + ROOM_OF_TIMESTAMP)?;
    let stamp = stamp(authority, services.clock, &unsealed.parts())?;
    let stamped = unsealed.seal(&stamp.der)?;
    with_evidence(&stamped, &services.of_authority(&stamp)?)
}

fn signer(key: &dyn Key) -> Result<&Certificate> {
    key.chain().first().context("la llave no tiene certificado")
}

impl Services<'_> {
    /// Who gathers evidence for certificates that are relied upon at a time.
    pub(super) fn gatherer(&self, at: DateTime<Utc>) -> Gatherer<'_> {
        Gatherer { network: self.network, anchors: self.anchors, at, now: self.clock.now() }
    }

    /// Evidence for whoever made a timestamp.
    fn of_authority(&self, stamp: &Stamp) -> Result<Evidence> {
        let known = &stamp.token.cms.evidence.certificates;
        self.gatherer(stamp.token.time).gather(&stamp.signer, known, Purpose::Timestamping)
    }
}
