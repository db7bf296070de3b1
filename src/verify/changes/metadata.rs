//! Whether two XMP packets (ISO 16684-1) say the same, but for when and with what the file was saved.
//!
//! RDF has many ways to write one thing, and programs that note the date of a signature write all the rest anew: compared
//! is what is said, not how. Only what has a place in that is taken: what would not be compared could say something else.

use std::collections::BTreeMap;

use roxmltree::{Attribute, Document, Node, NodeType};

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

/// Where titles and authors are, and what all programs call that: some look for the letters alone.
const DUBLIN_CORE: (&str, &str) = ("http://purl.org/dc/elements/1.1/", "dc");

/// A property's namespace and name.
type Name = (String, String);

/// What is said of something, by property.
type Properties = BTreeMap<Name, Value>;

/// The kinds of containers (ISO 16684-1, 7.7).
const CONTAINERS: [&str; 3] = ["Bag", "Seq", "Alt"];
/// The instruction that XMP begins and ends with, outside of all elements.
const PACKET: &str = "xpacket";

/// What a property holds (ISO 16684-1, 6.3).
#[derive(Debug, PartialEq, Eq)]
enum Value {
    /// Text: of an address, what some write as one, others write as an attribute.
    Text(String),
    /// Properties of its own.
    Structure(Properties),
    /// Several, in a container of this kind, each with its language if it has one.
    Array(String, Vec<(Option<String>, Value)>),
}

/// Whether all that the two say of the document is the same.
pub fn say_the_same(old: &[u8], new: &[u8]) -> bool {
    match (said(old), said(new)) {
        (Some(old), Some(new)) => old == new,
        _ => false,
    }
}

/// Of what a packet speaks, and what it says of it; `None` where it is no XMP or says a thing twice.
fn said(packet: &[u8]) -> Option<(String, Properties)> {
    if memchr::memchr_iter(b'=', packet).count() > MAX_ATTRIBUTES {
        return None;
    }
    let text = std::str::from_utf8(packet).ok()?;
    // Which could say that the bytes mean something else.
    if text.trim_start_matches('\u{FEFF}').starts_with("<?xml ") {
        return None;
    }
    let document = Document::parse(text).ok()?;
    let outermost = outermost(&document)?;
    let mut namespaces = document.descendants().flat_map(|node| node.namespaces());
    if namespaces.any(|one| one.uri() == DUBLIN_CORE.0 && one.name() != Some(DUBLIN_CORE.1)) {
        return None;
    }
    let root = if outermost.has_tag_name((META, "xmpmeta")) { only(&elements(outermost)?)? } else { outermost };
    let is_toolkit = |attribute: Attribute| attribute.namespace() == Some(META) && attribute.name() == "xmptk";
    let is_plain = outermost == root || outermost.attributes().all(is_toolkit);
    if !is_plain || !root.has_tag_name((RDF, "RDF")) || root.attributes().len() > 0 {
        return None;
    }
    let mut properties = Properties::new();
    let mut subjects = Vec::new();
    for description in elements(root)? {
        if !description.has_tag_name((RDF, "Description")) || !has_only(description, &[(RDF, "about")]) {
            return None;
        }
        subjects.push(description.attribute((RDF, "about")).unwrap_or_default());
        add_properties(description, &mut properties, 0)?;
    }
    subjects.dedup();
    let is_of_saving = |(namespace, name): &Name| OF_SAVING.contains(&(namespace.as_str(), name.as_str()));
    if properties.iter().any(|(name, value)| is_of_saving(name) && !matches!(value, Value::Text(_))) {
        return None;
    }
    properties.retain(|name, _| !is_of_saving(name));
    Some((only(&subjects)?.to_owned(), properties))
}

/// The element that all others are in, with nothing beside it but the instructions of a packet.
fn outermost<'a>(document: &'a Document) -> Option<Node<'a, 'a>> {
    let is_sound = |node: Node| match node.node_type() {
        NodeType::PI => node.pi().is_some_and(|instruction| {
            instruction.target == PACKET && instruction.value.is_none_or(|value| !value.contains(['<', '&']))
        }),
        NodeType::Element => true,
        _ => false,
    };
    document.root().children().all(is_sound).then(|| document.root_element())
}

/// The only one there is.
fn only<T: Copy>(all: &[T]) -> Option<T> {
    if let [only] = all { Some(*only) } else { None }
}

/// The elements in an element; `None` if there is anything else, but for blanks.
fn elements<'a>(of: Node<'a, 'a>) -> Option<Vec<Node<'a, 'a>>> {
    let is_sound =
        |node: &Node| node.is_element() || node.is_text() && node.text().is_some_and(|text| text.trim().is_empty());
    let sound = of.children().all(|node| is_sound(&node));
    sound.then(|| of.children().filter(Node::is_element).collect())
}

/// Whether an element has, of the attributes with which RDF and XML are written, only these.
fn has_only(node: Node, known: &[(&str, &str)]) -> bool {
    let is_known =
        |attribute: Attribute| known.contains(&(attribute.namespace().unwrap_or_default(), attribute.name()));
    node.attributes().filter(|attribute| is_grammar(attribute)).all(is_known)
}

/// Whether an attribute belongs to how RDF and XML are written, and is no property.
fn is_grammar(attribute: &Attribute) -> bool {
    [Some(RDF), Some(XML)].contains(&attribute.namespace())
}

/// Adds what an element says in its attributes and children.
fn add_properties(of: Node, properties: &mut Properties, depth: usize) -> Option<()> {
    let mut put = |namespace: Option<&str>, name: &str, value: Value| {
        let name = (namespace.unwrap_or_default().to_owned(), name.to_owned());
        properties.insert(name, value).is_none().then_some(())
    };
    for attribute in of.attributes().filter(|attribute| !is_grammar(attribute)) {
        put(attribute.namespace(), attribute.name(), Value::Text(attribute.value().to_owned()))?;
    }
    for child in elements(of)? {
        if !has_only(child, &[(RDF, "resource"), (RDF, "parseType")]) {
            return None;
        }
        put(child.tag_name().namespace(), child.tag_name().name(), value(child, depth)?)?;
    }
    Some(())
}

fn value(property: Node, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let has_properties = property.attributes().any(|attribute| !is_grammar(&attribute));
    let is_resource = match property.attribute((RDF, "parseType")) {
        None => false,
        Some("Resource") => true,
        Some(_) => return None,
    };
    if let Some(address) = property.attribute((RDF, "resource")) {
        let alone = property.first_child().is_none() && !has_properties && !is_resource;
        let is_address = address.contains(':') && !address.contains(char::is_whitespace);
        return (alone && is_address).then(|| Value::Text(address.to_owned()));
    }
    let mut properties = Properties::new();
    if is_resource || has_properties {
        add_properties(property, &mut properties, depth + 1)?;
        return Some(Value::Structure(properties));
    }
    let Some(inside) = property.first_child() else { return Some(Value::Text(String::new())) };
    if inside.is_text() && inside.next_sibling().is_none() {
        return Some(Value::Text(inside.text().unwrap_or_default().to_owned()));
    }
    let inside = only(&elements(property)?)?;
    if inside.has_tag_name((RDF, "Description")) && has_only(inside, &[]) {
        add_properties(inside, &mut properties, depth + 1)?;
        return Some(Value::Structure(properties));
    }
    let container = inside.tag_name().name();
    if inside.tag_name().namespace() != Some(RDF) || !CONTAINERS.contains(&container) || inside.attributes().len() > 0 {
        return None;
    }
    let item = |item: Node| {
        let known = [(XML, "lang"), (RDF, "resource"), (RDF, "parseType")];
        if !item.has_tag_name((RDF, "li")) || !has_only(item, &known) {
            return None;
        }
        Some((item.attribute((XML, "lang")).map(ToOwned::to_owned), value(item, depth + 1)?))
    };
    let items: Option<Vec<_>> = elements(inside)?.into_iter().map(item).collect();
    Some(Value::Array(container.to_owned(), items?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: &str = r#"<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
        <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
            <dc:title><rdf:Alt><rdf:li xml:lang="es">Informe</rdf:li></rdf:Alt></dc:title>
            <dc:format>application/pdf</dc:format>
            <xmp:ModifyDate>2026-11-23</xmp:ModifyDate>
        </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

    fn is_same(what: &str, other: &str) -> bool {
        assert!(PACKET.contains(what), "{what}");
        say_the_same(PACKET.as_bytes(), PACKET.replacen(what, other, 1).as_bytes())
    }

    #[test]
    fn when_a_file_was_saved_and_how_the_same_is_written_is_no_change() {
        for (what, other) in [
            ("2026-11-23", "2027-01-01"),
            ("<?xpacket end=\"w\"?>", "   "),
            ("<dc:format>", "\n<dc:format>"),
            ("<x:xmpmeta", "<x:xmpmeta x:xmptk=\"otro\""),
        ] {
            assert!(is_same(what, other), "{what} → {other}");
        }
        let moved = PACKET.replace("<dc:format>application/pdf</dc:format>", "");
        let moved = moved.replace("rdf:about=\"\"", "rdf:about=\"\" dc:format=\"application/pdf\"");
        assert!(say_the_same(PACKET.as_bytes(), moved.as_bytes()));
    }

    /// What is not compared could say something else to another program.
    #[test]
    fn what_has_no_place_in_metadata_is_a_change() {
        for (what, other) in [
            ("<dc:format>application/pdf</dc:format>", ""),
            ("Informe<", "Informe<?xpacket x?> falso<"),
            ("Informe<", "Informe<!-- x --> falso<"),
            ("Informe<", "Informe<b/> falso<"),
            ("<dc:format>", "falso<dc:format>"),
            ("<dc:format>", "<?xpacket x?><dc:format>"),
            ("<rdf:li xml:lang=\"es\">Informe</rdf:li>", "<dc:li xml:lang=\"es\">Informe</dc:li>"),
            ("xml:lang=\"es\"", "xml:lang=\"en\""),
            ("xml:lang=\"es\"", "xml:lang=\"es\" rdf:datatype=\"x\""),
            ("<dc:format>", "<dc:format xml:lang=\"es\">"),
            ("<dc:format>", "<dc:format rdf:datatype=\"x\">"),
            ("<dc:format>", "<dc:format rdf:parseType=\"Literal\">"),
            ("<rdf:Alt>", "<rdf:Alt rdf:ID=\"x\">"),
            ("rdf:about=\"\"", "rdf:about=\"urn:otro\""),
            ("rdf:about=\"\"", "rdf:nodeID=\"x\""),
            ("<rdf:RDF", "<rdf:RDF xml:lang=\"en\""),
            ("<x:xmpmeta", "<x:xmpmeta xml:lang=\"en\""),
            ("</rdf:RDF>", "</rdf:RDF><otro/>"),
            ("</rdf:RDF>", "</rdf:RDF>falso"),
            ("<?xpacket end=\"w\"?>", "<!-- falso -->"),
            ("<?xpacket end=\"w\"?>", "<?xpacket end=\"w\" <dc:title>falso</dc:title>?>"),
            ("<x:xmpmeta", "<x:xmpmeta xmlns:dc=\"http://purl.org/dc/elements/1.1/\" dc:title=\"falso\""),
            ("2026-11-23", "<rdf:Description><dc:title>falso</dc:title></rdf:Description>"),
            ("<xmp:ModifyDate>", "<xmp:ModifyDate dc:title=\"falso\">"),
            ("<dc:format>application/pdf</dc:format>", "<dc:format rdf:resource=\"application/pdf\"/>"),
            ("<dc:format>", "<dc:format xmlns:q=\"http://purl.org/dc/elements/1.1/\">"),
            ("<?xpacket begin", "<?xml version=\"1.0\"?><?xpacket begin"),
        ] {
            assert!(!is_same(what, other), "{what} → {other}");
        }
    }
}
