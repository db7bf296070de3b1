//! What a signature shows on the page (ISO 32000-1, 12.5.5): a small page set by `comun/firma.typ`, drawn as a form.
//!
//! Typst embeds the fonts and explains every glyph, as PDF/A wants of appearances too (ISO 19005-3, 6.2.11); nothing of its
//! page but the drawing comes along. It says who signed and when, never that the signature holds: that is for who verifies it.

use anyhow::{Context, Result, anyhow, bail};
use chrono::{DateTime, Utc};
use serde::Serialize;
use typst::foundations::Bytes;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use super::fields::appearance_dictionary;
use crate::diag::render;
use crate::model::{Role, colombian, short_date};
use crate::pdf::{Body, File, Id, Object, Update, View};
use crate::pipeline::{Desk, Faults};
use crate::typeset::{SignatureJob, logo};

/// What is shown of a signature.
#[derive(Debug, Clone)]
pub struct Shown<'a> {
    /// In what capacity it is signed.
    pub role: Role,
    /// The person's name, if the plan has it.
    pub name: Option<&'a str>,
    /// The person's post, if the plan has it.
    pub post: Option<&'a str>,
    /// The name in the certificate.
    pub signer: &'a str,
    /// When it is signed.
    pub time: DateTime<Utc>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Where.
    pub place: Option<&'a str>,
    /// What is drawn beside the text.
    pub image: Option<&'a Image>,
}

/// An image that can be drawn in an appearance.
#[derive(Debug, Clone)]
pub struct Image {
    extension: &'static str,
    bytes: Bytes,
}

/// What the template receives.
#[derive(Serialize)]
struct Data<'a> {
    rol: &'static str,
    titulo: &'static str,
    nombre: String,
    cargo: Option<String>,
    firmante: String,
    fecha: &'a str,
    motivo: Option<String>,
    lugar: Option<String>,
    imagen: Option<String>,
    ancho: f64,
    alto: f64,
}

impl Image {
    /// The image in a file: PNG, JPEG or SVG, told apart by what the file begins with. `None` if it is none that can be drawn.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let extension = match bytes.as_slice() {
            [0x89, b'P', b'N', b'G', ..] => "png",
            [0xFF, 0xD8, ..] => "jpg",
            _ => "svg",
        };
        logo::opens(extension, &bytes).then(|| Self { extension, bytes: Bytes::new(bytes) })
    }
}

/// Adds the appearance of a signature to an update: a form of `width` by `height` points, like the empty one of the field but for
/// what it shows. The same arguments give the same bytes.
///
/// # Errors
/// When the office's own template of the signature cannot be set or does not keep to its box.
pub fn appearance(update: &mut Update<'_>, desk: &Desk, (width, height): (f64, f64), shown: &Shown<'_>) -> Result<Id> {
    let document = set(desk, (width, height), shown)?;
    let pdf = export(&document)?;
    let file = File::read(&pdf).map_err(|fault| anyhow!("{fault}"))?;
    add(update, file.now(), (width, height)).context("la firma visible no es como se esperaba")
}

/// Sets the template in a page of the box's size.
fn set(desk: &Desk, (ancho, alto): (f64, f64), shown: &Shown<'_>) -> Result<PagedDocument> {
    let print = |text: Option<&str>| text.map(|text| desk.printable(text)).filter(|text| !text.is_empty());
    let signer = desk.printable(shown.signer);
    let image = shown.image.map(|image| (format!("imagen.{}", image.extension), image.bytes.clone()));
    let data = Data {
        rol: shown.role.name(),
        titulo: shown.role.title(),
        nombre: print(shown.name).unwrap_or_else(|| signer.clone()),
        cargo: print(shown.post),
        firmante: signer,
        fecha: &written(shown.time),
        motivo: print(shown.reason),
        lugar: print(shown.place),
        imagen: image.as_ref().map(|(name, _)| format!("/informe/{name}")),
        ancho,
        alto,
    };
    let data = Bytes::new(serde_json::to_vec(&data)?);
    let job = SignatureJob { data, image };
    desk.compose_signature(&job).map_err(|Faults { findings, sources }| {
        anyhow!("{}", render::short(&findings, &sources).trim_end()).context("no se pudo componer la firma visible")
    })
}

/// A moment as an office in Colombia writes it: `30/06/2024 15:04:05 −05:00`.
fn written(time: DateTime<Utc>) -> String {
    let time = colombian(time);
    format!("{} {} −05:00", short_date(time.date()), time.format("%H:%M:%S"))
}

/// The page as PDF, without structure: what an appearance shows belongs to the element of its field.
fn export(document: &PagedDocument) -> Result<Vec<u8>> {
    let [_only] = document.pages() else { bail!("la firma visible no cabe en su recuadro: revise comun/firma.typ") };
    let standards = PdfStandards::new(&[PdfStandard::A_3b]).map_err(|error| anyhow!("{}", error.message()))?;
    let options = PdfOptions { standards, tagged: false, ..PdfOptions::default() };
    typst_pdf::pdf(document, &options).map_err(|errors| {
        let messages: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
        anyhow!("{}", messages.join("; ")).context(
            "la firma visible lleva algo que PDF/A no permite, como una imagen en CMYK o un degradado que se repite: \
             use otra imagen o revise comun/firma.typ",
        )
    })
}

/// Adds what a page draws, unpacked: an appearance may have no `/Filter` that the empty one had not.
fn add(update: &mut Update<'_>, view: View<'_>, (width, height): (f64, f64)) -> Option<Id> {
    let page = view.pages().first()?.value.as_dictionary()?;
    let drawing = view.stream(view.get(page.get("Contents")?.as_reference()?)?)?;
    let resources = Object::Dictionary(view.dictionary(page, "Resources")?.clone());
    let Object::Dictionary(resources) = update.import(view, &resources) else { return None };
    Some(update.add(Body::Stream(appearance_dictionary(width, height, resources), drawing)))
}
