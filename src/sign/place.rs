//! The place of a signature in the file: the signature dictionary, the bytes that it signs, and the gap that it stands in
//! (ISO 32000-1, 12.8.1; EN 319 142-1, 5.3 and 6.3).

use std::ops::Range;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, FixedOffset, Utc};

use crate::digest::hex;
use crate::pdf::{Body, Dictionary, Id, Object, Update, View, write_object};
use crate::pki::algorithm::Digest;

/// Colombia's distance from UTC, in seconds. It has no summer time.
const COLOMBIA: i32 = -5 * 3600;
/// The room for each of the three numbers of a `/ByteRange` that are not known while it is written.
const DIGITS: usize = 10;

/// What a signature says of itself, beside who signed.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// The signer's name, as in the certificate.
    pub name: String,
    /// When, by the signer's own clock. The timestamp proves it.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// Where.
    pub place: Option<String>,
}

/// A file that lacks only the signature itself.
#[derive(Debug)]
pub struct Unsealed {
    bytes: Vec<u8>,
    /// From the `<` of `/Contents` to its `>`, both included.
    gap: Range<usize>,
}

/// Puts a signature into an empty field; `room` is how many bytes it may take.
///
/// # Errors
/// When the field is not an object of the file.
pub fn in_field(
    mut update: Update,
    view: View,
    field: Id,
    appearance: Option<Id>,
    details: &Details,
    room: usize,
) -> Result<Unsealed> {
    let mut filled =
        view.get(field).and_then(|field| field.value.as_dictionary()).context("el campo de firma no existe")?.clone();
    let signature = update.reserve();
    if let Some(appearance) = appearance {
        filled.set("AP", Object::Dictionary(Dictionary::from([("N", Object::Reference(appearance))])));
    }
    filled.set("V", Object::Reference(signature));
    update.set(field, filled);
    let mut dictionary = Dictionary::from([
        ("Type", Object::name("Sig")),
        ("Filter", Object::name("Adobe.PPKLite")),
        ("SubFilter", Object::name("ETSI.CAdES.detached")),
        ("Name", Object::text(&details.name)),
        ("M", Object::text(&date(details.at))),
    ]);
    for (key, value) in [("Reason", &details.reason), ("Location", &details.place)] {
        if let Some(value) = value {
            dictionary.set(key, Object::text(value));
        }
    }
    unsealed(update, signature, &dictionary, room)
}

/// Puts a document timestamp at the end of the file, in a field of its own that is nowhere on a page (EN 319 142-1, 5.4.3).
///
/// # Errors
/// When the file has no form.
pub fn in_new_field(mut update: Update, view: View, room: usize) -> Result<Unsealed> {
    let (catalog_id, catalog) = view.catalog().context("el archivo no tiene catálogo")?;
    let old = view.dictionary(catalog, "AcroForm").context("el archivo no tiene formulario de firmas")?;
    let page = view.pages().first().map(|page| page.id).context("el archivo no tiene páginas")?;
    let mut fields = view.array(old, "Fields").unwrap_or_default().to_vec();
    let signature = update.reserve();
    let field = update.add(Dictionary::from([
        ("Type", Object::name("Annot")),
        ("Subtype", Object::name("Widget")),
        ("FT", Object::name("Sig")),
        ("T", Object::text(&format!("sello-{}", fields.len() + 1))),
        ("Rect", Object::Array(vec![Object::Integer(0); 4])),
        ("F", Object::Integer(super::fields::FLAGS)),
        ("P", Object::Reference(page)),
        ("V", Object::Reference(signature)),
    ]));
    fields.push(Object::Reference(field));
    let mut extended = old.clone();
    extended.set("Fields", Object::Array(fields));
    if let Some(id) = catalog.get("AcroForm").and_then(Object::as_reference) {
        update.set(id, extended);
    } else {
        let mut catalog = catalog.clone();
        catalog.set("AcroForm", Object::Dictionary(extended));
        update.set(catalog_id, catalog);
    }
    let dictionary = Dictionary::from([
        ("Type", Object::name("DocTimeStamp")),
        ("Filter", Object::name("Adobe.PPKLite")),
        ("SubFilter", Object::name("ETSI.RFC3161")),
    ]);
    unsealed(update, signature, &dictionary, room)
}

/// Writes the update with a signature dictionary that has room for the signature, and its `/ByteRange` around that room.
fn unsealed(mut update: Update, id: Id, dictionary: &Dictionary, room: usize) -> Result<Unsealed> {
    let mut written = Vec::new();
    write_object(&mut written, &Object::Dictionary(dictionary.clone()));
    written.truncate(written.len() - ">>".len());
    written.extend(b"/ByteRange [0 ");
    let numbers = written.len();
    written.extend(vec![b' '; 3 * (DIGITS + 1)]);
    written.extend(b"]/Contents ");
    let gap = written.len()..written.len() + 2 * room + 2;
    written.push(b'<');
    written.extend(vec![b'0'; 2 * room]);
    written.extend(b">>>");
    update.set(id, Body::Written(written));
    let (mut bytes, ranges) = update.finish()?;
    let head = format!("{} 0 obj\n", id.number).len();
    let start = ranges.get(&id.number).context("la firma no quedó en el archivo")?.start + head;
    let gap = start + gap.start..start + gap.end;
    let range = format!("{} {} {}", gap.start, gap.end, bytes.len() - gap.end);
    let place =
        bytes.get_mut(start + numbers..start + numbers + range.len()).context("el archivo es demasiado grande")?;
    place.copy_from_slice(range.as_bytes());
    Ok(Unsealed { bytes, gap })
}

impl Unsealed {
    /// All that is signed: the file but for the gap.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 2] {
        [&self.bytes[..self.gap.start], &self.bytes[self.gap.end..]]
    }

    /// The digest of all that is signed.
    #[must_use]
    pub fn digest(&self, digest: Digest) -> Vec<u8> {
        digest.of_parts(&self.parts())
    }

    /// The file with its signature.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn seal(mut self, signature: &[u8]) -> Result<Vec<u8>> {
        let hexadecimal = hex(signature);
        let room = self.gap.len() - 2;
        if hexadecimal.len() > room {
            bail!("la firma mide {} bytes y se habían reservado {}", signature.len(), room / 2);
        }
        let start = self.gap.start + 1;
        self.bytes[start..start + hexadecimal.len()].copy_from_slice(hexadecimal.as_bytes());
        Ok(self.bytes)
    }
}

/// A moment as PDF writes it (ISO 32000-1, 7.9.4), in Colombian time.
fn date(at: DateTime<Utc>) -> String {
    let local = FixedOffset::east_opt(COLOMBIA)
        .map(|offset| at.with_timezone(&offset).format("D:%Y%m%d%H%M%S-05'00'").to_string());
    local.unwrap_or_else(|| at.format("D:%Y%m%d%H%M%SZ").to_string())
}
