//! Whether two XMP packets (ISO 16684-1) say the same, but for when and with what the file was saved.
//!
//! RDF has many ways to write one thing, and programs that note the date of a signature write all the rest anew: compared
//! is what is said, not how.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, NodeType};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const META: &str = "adobe:ns:meta/";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Most levels of a value. Those of PDF/A go five deep.
const MAX_DEPTH: usize = 20;
/// Most signs of equality, so attributes: each is held against all others of its element. Those of reports have some sixty.
const MAX_ATTRIBUTES: usize = 300;

/// The properties that saving a file changes (ISO 16684-1, 8.4 and 8.6).
const OF_SAVING: [(&str, &str); 4] = [
    ("http://ns.adobe.com/xap/1.0/", "ModifyDate"),
    ("http://ns.adobe.com/xap/1.0/", "MetadataDate"),
    ("http://ns.adobe.com/xap/1.0/mm/", "InstanceID"),
    ("http://ns.adobe.com/pdf/1.3/", "Producer"),
];

/// A property's namespace and name.
type Name = (String, String);

/// What is said of something, by property.
type Properties = BTreeMap<Name, Value>;

/// What a property holds (ISO 16684-1, 6.3).
#[derive(Debug, PartialEq, Eq)]
enum Value {
    /// Text, or an address: what some write as one, others write as the other.
    Text(String),
    /// Properties of its own.
    Structure(Properties),
    /// Several, in a container of this kind, each with its language if it has one.
    Array(String, Vec<(Option<String>, Value)>),
}

/// Whether all that the two say of the document is the same.
pub fn say_the_same(old: &[u8], new: &[u8]) -> bool {
    match (properties_of(old), properties_of(new)) {
        (Some(old), Some(new)) => old == new,
        _ => false,
    }
}

/// The properties of a packet; `None` where it is no XMP or says a thing twice.
fn properties_of(packet: &[u8]) -> Option<Properties> {
    if memchr::memchr_iter(b'=', packet).count() > MAX_ATTRIBUTES {
        return None;
    }
    let text = std::str::from_utf8(packet).ok()?;
    let document = Document::parse(text).ok()?;
    if !says_only_properties(text, &document) {
        return None;
    }
    let mut properties = Properties::new();
    let root = document.descendants().find(|node| node.has_tag_name((RDF, "RDF")))?;
    for description in root.children().filter(Node::is_element) {
        if !description.has_tag_name((RDF, "Description")) {
            return None;
        }
        add_properties(description, &mut properties, 0)?;
    }
    properties.retain(|(namespace, name), _| !OF_SAVING.contains(&(namespace.as_str(), name.as_str())));
    Some(properties)
}

/// Whether there is nothing in a packet but properties: no comment or instruction that splits a text in two, no text beside
/// elements, nothing around the properties, no encoding in which the bytes would say something else.
fn says_only_properties(text: &str, document: &Document) -> bool {
    let is_wrapper = |node: &Node| node.has_tag_name((META, "xmpmeta")) || node.has_tag_name((RDF, "RDF"));
    let is_sound = |node: Node| match node.node_type() {
        NodeType::Comment => false,
        NodeType::PI => node.pi().is_some_and(|instruction| instruction.target == "xpacket"),
        NodeType::Text => {
            let alone = !node.parent().is_some_and(|parent| parent.children().any(|other| other.is_element()));
            alone || node.text().is_some_and(|text| text.trim().is_empty())
        }
        NodeType::Element => {
            node.ancestors().skip(1).filter(Node::is_element).any(|above| above.has_tag_name((RDF, "RDF")))
                || is_wrapper(&node)
        }
        NodeType::Root => true,
    };
    let wrappers = document.descendants().filter(|node| node.has_tag_name((RDF, "RDF"))).count();
    !text.trim_start_matches('\u{FEFF}').starts_with("<?xml ") && wrappers == 1 && document.descendants().all(is_sound)
}

/// Adds what an element says in its attributes and children.
fn add_properties(of: Node, properties: &mut Properties, depth: usize) -> Option<()> {
    let mut put = |namespace: Option<&str>, name: &str, value: Value| {
        let name = (namespace.unwrap_or_default().to_owned(), name.to_owned());
        properties.insert(name, value).is_none().then_some(())
    };
    for attribute in own_attributes(of) {
        put(attribute.namespace(), attribute.name(), Value::Text(attribute.value().to_owned()))?;
    }
    for child in of.children().filter(Node::is_element) {
        put(child.tag_name().namespace(), child.tag_name().name(), value(child, depth)?)?;
    }
    Some(())
}

/// The attributes that are properties, and no part of how RDF is written.
fn own_attributes<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = roxmltree::Attribute<'a, 'a>> {
    node.attributes().filter(|attribute| ![Some(RDF), Some(XML)].contains(&attribute.namespace()))
}

fn value(property: Node, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(address) = property.attribute((RDF, "resource")) {
        let alone = property.children().next().is_none() && own_attributes(property).next().is_none();
        return alone.then(|| Value::Text(address.to_owned()));
    }
    let is_structure =
        property.attribute((RDF, "parseType")) == Some("Resource") || own_attributes(property).next().is_some();
    let mut properties = Properties::new();
    if is_structure {
        add_properties(property, &mut properties, depth + 1)?;
        return Some(Value::Structure(properties));
    }
    let mut children = property.children().filter(Node::is_element);
    match (children.next(), children.next()) {
        (None, _) => Some(Value::Text(property.text().unwrap_or_default().to_owned())),
        (Some(only), None) if only.has_tag_name((RDF, "Description")) => {
            add_properties(only, &mut properties, depth + 1)?;
            Some(Value::Structure(properties))
        }
        (Some(only), None) if only.tag_name().namespace() == Some(RDF) => {
            let items = only.children().filter(Node::is_element);
            let item = |item: Node| {
                let language = item.attribute((XML, "lang")).map(ToOwned::to_owned);
                Some((language, value(item, depth + 1)?))
            };
            Some(Value::Array(only.tag_name().name().to_owned(), items.map(item).collect::<Option<_>>()?))
        }
        _ => None,
    }
}
