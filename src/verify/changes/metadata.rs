//! Whether two XMP packets (ISO 16684-1) say the same, but for when and with what the file was saved.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// The properties that saving a file changes (ISO 16684-1, 8.4 and 8.6).
const OF_SAVING: [(&str, &str); 4] = [
    ("http://ns.adobe.com/xap/1.0/", "ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "MetadataDate"),
    ("http://ns.adobe.com/xap/1.0/mm/", "InstanceID"),
    ("http://ns.adobe.com/pdf/1.3/", "Producer"),
];

/// A property's namespace and name.
type Name = (String, String);

/// Whether all that the two say of the document is the same.
pub fn say_the_same(old: &[u8], new: &[u8]) -> bool {
    match (properties(old), properties(new)) {
        (Some(old), Some(new)) => old == new,
        _ => false,
    }
}

/// The properties of a packet, each in one canonical form; `None` where it is no XMP or says a thing twice.
fn properties(packet: &[u8]) -> Option<BTreeMap<Name, String>> {
    let text = std::str::from_utf8(packet).ok()?;
    let document = Document::parse(text.trim_start_matches('\u{FEFF}').trim_end_matches('\0')).ok()?;
    let mut properties = BTreeMap::new();
    let mut put = |namespace: Option<&str>, name: &str, value: String| -> Option<()> {
        let name = (namespace.unwrap_or_default().to_owned(), name.to_owned());
        properties.insert(name, value).is_none().then_some(())
    };
    let descriptions = document.descendants().filter(|node| node.has_tag_name((RDF, "Description")));
    // A description inside a property is part of that property's value.
    for description in descriptions.filter(|node| node.parent().is_some_and(|parent| parent.has_tag_name((RDF, "RDF")))) {
        for attribute in description.attributes().filter(|attribute| attribute.namespace() != Some(RDF)) {
            put(attribute.namespace(), attribute.name(), attribute.value().to_owned())?;
        }
        for property in description.children().filter(Node::is_element) {
            let name = property.tag_name();
            put(name.namespace(), name.name(), canonical(property))?;
        }
    }
    properties.retain(|(namespace, name), _| !OF_SAVING.contains(&(namespace.as_str(), name.as_str())));
    Some(properties)
}

/// What a property holds, whatever prefixes and blanks it is written with.
fn canonical(property: Node) -> String {
    let mut out = String::new();
    for node in property.descendants() {
        if node.is_element() && node != property {
            out.push_str(&format!("<{}|{}>", node.tag_name().namespace().unwrap_or_default(), node.tag_name().name()));
        }
        for attribute in node.attributes() {
            let name = (attribute.namespace().unwrap_or_default(), attribute.name());
            out.push_str(&format!("[{}|{}={}]", name.0, name.1, attribute.value()));
        }
        if let Some(text) = node.text().filter(|_| node.is_text()) {
            out.push_str(text.trim());
        }
    }
    out
}
