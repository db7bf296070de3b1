//! The electronic index of a bag, `data/indice.xml`: which documents there are, in order, each with its digest and its folios.
//!
//! Its fields are those of the index of an electronic expediente as Colombian implementations have them (Acuerdo AGN 001/2024,
//! which compiles the 003/2015). Folios run on through the documents; what has no pages counts as one. The schema goes beside it, so that whoever finds
//! the index decades from now can check it: `xmllint --schema indice.xsd indice.xml`.

use std::fmt::Write;

use chrono::{DateTime, Utc};
use roxmltree::Document;

use super::settings::Classification;
use super::text::in_colombia;
use crate::digest::sha256;

/// Its file in a bag.
pub const INDEX: &str = "data/indice.xml";
/// The file of its schema.
pub const SCHEMA_FILE: &str = "data/indice.xsd";
/// Its schema (XML Schema 1.0).
pub const SCHEMA: &str = include_str!("indice.xsd");

/// A document of the index.
#[derive(Debug, Clone)]
pub struct Listed<'a> {
    /// Its path in the bag.
    pub path: &'a str,
    /// What kind of document it is.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// How many folios it has.
    pub pages: usize,
    /// When it was made.
    pub created: DateTime<Utc>,
}

/// What the documents of an index have in common.
#[derive(Debug, Clone, Copy)]
pub struct Expediente<'a> {
    /// Whose documents they are.
    pub entity: &'a str,
    /// Where they belong.
    pub classification: &'a Classification,
    /// What identifies them: `rmbc-2024/seguimiento-2024-2t/v1`.
    pub bag: &'a str,
    /// When they were archived.
    pub archived: DateTime<Utc>,
}

/// The index of some documents, in their order.
#[must_use]
pub fn index(expediente: &Expediente<'_>, documents: &[Listed<'_>]) -> Vec<u8> {
    let mut xml = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<TipoDocumentoFoliado xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
        " xsi:noNamespaceSchemaLocation=\"indice.xsd\">\n  <Expediente>\n"
    ));
    let Classification { series, subseries, code, file } = expediente.classification;
    element(&mut xml, "Entidad", expediente.entity);
    for (name, value) in [("Serie", series), ("Subserie", subseries), ("Codigo_TRD", code), ("Nombre_Expediente", file)]
    {
        if let Some(value) = value {
            element(&mut xml, name, value);
        }
    }
    xml.push_str("  </Expediente>\n");
    let mut page = 0;
    for (order, document) in documents.iter().enumerate() {
        xml.push_str("  <DocumentoIndizado>\n");
        let name = document.path.strip_prefix("data/").unwrap_or(document.path);
        element(&mut xml, "Id", &format!("{}/{}", expediente.bag, document.path));
        element(&mut xml, "Nombre_Documento", name);
        element(&mut xml, "Tipologia_Documental", document.kind);
        element(&mut xml, "Fecha_Creacion_Documento", &in_colombia(document.created));
        element(&mut xml, "Fecha_Incorporacion_Expediente", &in_colombia(expediente.archived));
        element(&mut xml, "Valor_Huella", &sha256(document.bytes));
        element(&mut xml, "Funcion_Resumen", "SHA-256");
        element(&mut xml, "Orden_Documento_Expediente", &(order + 1).to_string());
        element(&mut xml, "Pagina_Inicio", &(page + 1).to_string());
        page += document.pages.max(1);
        element(&mut xml, "Pagina_Fin", &page.to_string());
        element(&mut xml, "Formato", &format(name));
        element(&mut xml, "Tamano", &document.bytes.len().to_string());
        xml.push_str("  </DocumentoIndizado>\n");
    }
    xml.push_str("</TipoDocumentoFoliado>\n");
    xml.into_bytes()
}

fn element(xml: &mut String, name: &str, text: &str) {
    let _ = write!(xml, "    <{name}>");
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            // Nothing else of those is a character of XML 1.0 (2.2).
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => xml.push('\u{FFFD}'),
            c => xml.push(c),
        }
    }
    let _ = writeln!(xml, "</{name}>");
}

/// The format of a document, by its name.
fn format(name: &str) -> String {
    name.rsplit_once('.').map_or_else(|| "desconocido".into(), |(_, extension)| extension.to_ascii_uppercase())
}

/// What an index says of the expediente; all else in it follows from the documents.
#[must_use]
pub fn classification(index: &[u8]) -> Option<Classification> {
    let document = Document::parse(std::str::from_utf8(index).ok()?).ok()?;
    let expediente = document.root_element().children().find(|node| node.has_tag_name("Expediente"))?;
    let text = |name| {
        let node = expediente.children().find(|node| node.has_tag_name(name))?;
        node.text().map(str::to_owned)
    };
    Some(Classification {
        series: text("Serie"),
        subseries: text("Subserie"),
        code: text("Codigo_TRD"),
        file: text("Nombre_Expediente"),
    })
}
