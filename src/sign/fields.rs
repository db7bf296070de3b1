//! The empty signature fields of a report (ISO 32000-1, 12.7.4.5), one in each box of the signature block.
//!
//! The template marks a box with a link to `firma:ROL`, of which typst makes all that is hard to make: the exact place on the
//! page, the annotation, its element in the structure tree and the entry in the parent tree. Here, before anybody signs, that
//! link becomes a field. Any later change of the structure tree would break the signatures before it, so all the fields
//! are there from the beginning.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Role;
use crate::pdf::{Body, Dictionary, Fault, File, Id, Indirect, Object, View, rewrite};

/// How the target of a link begins that marks the place of a signature.
const MARK: &[u8] = b"firma:";
/// Printed, and not to be moved or taken away (ISO 32000-1, table 165).
pub(super) const FLAGS: i64 = 4 | 128;
/// There are signature fields, and the file may only be added to (ISO 32000-1, table 219).
const SIGNATURE_FLAGS: i64 = 1 | 2;

/// A report with its signature fields; as it is where its template marks none.
///
/// # Errors
/// When the file is not as typst writes them.
pub fn prepare(pdf: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let file = File::read(&pdf)?;
    let view = file.now();
    let mut bodies = BTreeMap::new();
    let mut next = view.last_number() + 1;
    let (mut fields, mut roles) = (Vec::new(), BTreeSet::new());
    for page in view.pages() {
        for (annotation, role) in marks(view, page) {
            let appearance = Id::new(next);
            next += 1;
            if !roles.insert(role.name()) {
                let what = format!("la plantilla señala dos lugares para la firma «{}»", role.name());
                return Err(Fault { at: annotation.range.start, what });
            }
            let field = field(annotation, page.id, appearance, role).ok_or_else(|| unexpected(annotation))?;
            bodies.insert(appearance.number, empty_appearance(&field));
            bodies.insert(annotation.id.number, field.into());
            fields.push(Object::Reference(annotation.id));
        }
    }
    if fields.is_empty() {
        return Ok(pdf);
    }
    let (root, catalog) = view.catalog().ok_or(Fault { at: 0, what: "no hay catálogo".into() })?;
    tag(view, catalog, &fields, &mut bodies)?;
    let form = Dictionary::from([("Fields", Object::Array(fields)), ("SigFlags", Object::Integer(SIGNATURE_FLAGS))]);
    bodies.insert(next, form.into());
    let mut catalog = catalog.clone();
    catalog.set("AcroForm", Object::Reference(Id::new(next)));
    catalog.set("Extensions", Object::Dictionary(Dictionary::from([("ESIC", Object::Dictionary(pades_extension()))])));
    bodies.insert(root.number, catalog.into());
    rewrite(&file, &bodies)
}

/// Says that signatures in this file are those of PAdES (ISO 32000-1, 7.12). It is there before the first one, so that no
/// signature has to touch the catalog.
fn pades_extension() -> Dictionary {
    Dictionary::from([("BaseVersion", Object::name("1.7")), ("ExtensionLevel", Object::Integer(1))])
}

/// The annotations of a page that mark the place of a signature, each with its role.
fn marks<'a>(view: View<'a>, page: &'a Indirect) -> Vec<(&'a Indirect, Role)> {
    let annotations = page.value.as_dictionary().and_then(|page| view.array(page, "Annots")).unwrap_or_default();
    let marked = annotations.iter().filter_map(|annotation| {
        let annotation = view.get(annotation.as_reference()?)?;
        let action = view.dictionary(annotation.value.as_dictionary()?, "A")?;
        let role = action.get("URI")?.as_bytes()?.strip_prefix(MARK)?;
        Some((annotation, Role::parse(std::str::from_utf8(role).ok()?)?))
    });
    marked.collect()
}

/// The field, which is its own and only widget.
fn field(annotation: &Indirect, page: Id, appearance: Id, role: Role) -> Option<Dictionary> {
    let link = annotation.value.as_dictionary()?;
    Some(Dictionary::from([
        ("Type", Object::name("Annot")),
        ("Subtype", Object::name("Widget")),
        ("FT", Object::name("Sig")),
        ("T", Object::text(role.name())),
        ("TU", Object::text(description(role))),
        ("Rect", link.get("Rect")?.clone()),
        ("F", Object::Integer(FLAGS)),
        ("P", Object::Reference(page)),
        ("StructParent", link.get("StructParent")?.clone()),
        ("AP", Object::Dictionary(Dictionary::from([("N", Object::Reference(appearance))]))),
    ]))
}

/// What a screen reader says of the field (ISO 14289-1, 7.18.1).
fn description(role: Role) -> &'static str {
    match role {
        Role::Elaboro => "Firma de quien elaboró",
        Role::Reviso => "Firma de quien revisó",
        Role::Aprobo => "Firma de quien aprobó",
    }
}

/// Nothing to be seen, as large as the field: a visible field has an appearance also while it is empty (ISO 19005-3, 6.3.3).
fn empty_appearance(field: &Dictionary) -> Body {
    let corners: Vec<f64> =
        field.get("Rect").and_then(Object::as_array).unwrap_or_default().iter().filter_map(Object::as_number).collect();
    let [left, bottom, right, top] = corners.try_into().unwrap_or([0.0; 4]);
    Body::Stream(appearance_dictionary(right - left, top - bottom, Dictionary::default()), Vec::new())
}

/// The dictionary of an appearance, empty or not: both must be alike in all but what they show, or a validator takes the
/// signing of a field for a change of the page.
pub fn appearance_dictionary(width: f64, height: f64, resources: Dictionary) -> Dictionary {
    let number = |number: f64| Object::Real(format!("{number:.4}"));
    Dictionary::from([
        ("Type", Object::name("XObject")),
        ("Subtype", Object::name("Form")),
        ("BBox", Object::Array(vec![number(0.0), number(0.0), number(width), number(height)])),
        ("Resources", Object::Dictionary(resources)),
    ])
}

/// Makes the `/Link` elements `/Form` elements.
fn tag(view: View, catalog: &Dictionary, fields: &[Object], bodies: &mut BTreeMap<u32, Body>) -> Result<(), Fault> {
    let broken = || Fault { at: 0, what: "el árbol de estructura no es como se esperaba".into() };
    let root = catalog.get("StructTreeRoot").and_then(Object::as_reference).ok_or_else(broken)?;
    let mut tree = view.get(root).and_then(|root| root.value.as_dictionary()).ok_or_else(broken)?.clone();
    let parents =
        view.dictionary(&tree, "ParentTree").and_then(|parents| view.array(parents, "Nums")).ok_or_else(broken)?;
    for field in fields.iter().filter_map(Object::as_reference) {
        let element = element_of(view, field, parents).ok_or_else(broken)?;
        let mut form = element.value.as_dictionary().ok_or_else(broken)?.clone();
        form.set("S", Object::name("Form"));
        // As the only kid of its element and not in an array of one: otherwise pyHanko takes a signature for a change of the tree.
        if let Some([only]) = form.get("K").and_then(Object::as_array) {
            let only = only.clone();
            form.set("K", only);
        }
        bodies.insert(element.id.number, form.into());
    }
    // EU DSS walks a dictionary in the order of its keys: met through the parent tree, a field that was signed is a field; met
    // through the elements, it is an object that somebody changed.
    let kids = tree.remove("K").ok_or_else(broken)?;
    tree.set("K", kids);
    bodies.insert(root.number, tree.into());
    Ok(())
}

/// The element that an annotation belongs to, by the parent tree (ISO 32000-1, 14.7.4.4).
fn element_of<'a>(view: View<'a>, annotation: Id, parents: &'a [Object]) -> Option<&'a Indirect> {
    let key = view.get(annotation)?.value.as_dictionary()?.get("StructParent")?;
    let pair = parents.chunks(2).find(|pair| pair.first() == Some(key))?;
    view.get(pair.get(1)?.as_reference()?)
}

fn unexpected(annotation: &Indirect) -> Fault {
    Fault { at: annotation.range.start, what: "el lugar de una firma no es como se esperaba".into() }
}
