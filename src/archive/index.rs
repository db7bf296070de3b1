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
    /// Its SHA-256.
    pub digest: &'a str,
    /// Its size in bytes.
    pub bytes: usize,
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
        element(&mut xml, "Valor_Huella", document.digest);
        element(&mut xml, "Funcion_Resumen", "SHA-256");
        element(&mut xml, "Orden_Documento_Expediente", &(order + 1).to_string());
        element(&mut xml, "Pagina_Inicio", &(page + 1).to_string());
        page += document.pages.max(1);
        element(&mut xml, "Pagina_Fin", &page.to_string());
        element(&mut xml, "Formato", &format(name));
        element(&mut xml, "Tamano", &document.bytes.to_string());
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

#[cfg(test)]
mod tests {
    use super::*;

    fn made(classification: &Classification, entity: &str, pages: &[usize]) -> String {
        let moment = "2026-11-23T03:20:00Z".parse().unwrap();
        let paths: Vec<String> = (0..pages.len()).map(|number| format!("data/{number}.pdf")).collect();
        let documents: Vec<Listed<'_>> = pages
            .iter()
            .zip(&paths)
            .map(|(pages, path)| Listed { path, kind: "Informe", digest: "", bytes: 0, pages: *pages, created: moment })
            .collect();
        let expediente = Expediente { entity, classification, bag: "p/i/v1", archived: moment };
        String::from_utf8(index(&expediente, &documents)).unwrap()
    }

    #[test]
    fn folios_run_on_and_what_has_no_pages_counts_as_one() {
        let xml = made(&Classification::default(), "Entidad", &[3, 0, 1, 12]);
        let folios = |name: &str| -> Vec<String> {
            let document = Document::parse(&xml).unwrap();
            let nodes = document.descendants().filter(|node| node.has_tag_name(name));
            nodes.filter_map(|node| node.text().map(str::to_owned)).collect()
        };
        assert_eq!(folios("Pagina_Inicio"), ["1", "4", "5", "6"]);
        assert_eq!(folios("Pagina_Fin"), ["3", "4", "5", "17"]);
        assert_eq!(folios("Fecha_Creacion_Documento")[0], "2026-11-22T22:20:00-05:00", "by the clocks of Colombia");
    }

    #[test]
    fn what_it_says_of_the_expediente_is_read_back_whatever_it_is() {
        let text = |text: &str| Some(text.to_owned());
        let classification = Classification {
            series: text("Informes <&> \"de\" 'control' ]]>"),
            subseries: None,
            code: text("110.27-03"),
            file: text("  Seguimiento 2024  "),
        };
        let xml = made(&classification, "A & B <c>", &[1]);
        assert_eq!(super::classification(xml.as_bytes()), Some(classification));
        assert_eq!(
            super::classification(made(&Classification::default(), "E", &[]).as_bytes()).unwrap(),
            Classification::default()
        );
        assert!(super::classification(b"<a>").is_none() && super::classification(b"\xFF").is_none());
        assert!(Document::parse(&made(&Classification::default(), "a\u{1}\u{FFFF}", &[])).is_ok());
    }

    #[test]
    fn no_entity_of_a_hostile_index_is_expanded() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><x><Expediente><Serie>&a;</Serie></Expediente></x>";
        assert!(super::classification(bomb.as_bytes()).is_none());
    }
}
