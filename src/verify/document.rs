//! What a file says of its signatures, held against the file: which bytes each covers, what came after it, what may change by
//! itself. No cryptography: that is [`super::judge`].

use crate::pdf::{Dictionary, Fault, File, Indirect, Item, Object, View};
use crate::sign::Seen;

use super::active::active_content;
use super::changes::{Changes, changes};
use super::fields::{Field, corners, signature_fields};
use super::judge::Added;
use super::permissions::{Permissions, permissions};
use super::range::{Covered, covered};

/// Most signatures without a field, and most that breaks a signature, that is told.
const MAX_TOLD: usize = 20;

/// Most of a page that all signature fields may cover together. Those of the reports cover some three hundredths of one.
const MAX_COVERED: f64 = 0.1;
/// Most levels of the tree of pages.
const MAX_INHERITED: usize = 20;

/// A file whose every byte is accounted for.
#[derive(Debug)]
pub struct Document<'a> {
    /// The file.
    pub file: File<'a>,
    /// What each revision after the first changed.
    pub changes: Vec<Changes>,
    /// The signatures, in the order in which they came.
    pub signatures: Vec<Signature>,
    /// The fields that nobody has signed, by name.
    pub empty: Vec<String>,
    /// What each revision added to the document security store.
    pub evidence: Vec<Added>,
    /// What makes it impossible to say what the file shows, in Spanish.
    pub faults: Vec<String>,
}

/// A signature or a document timestamp, as far as the file goes.
#[derive(Debug)]
pub struct Signature {
    /// The field that it is in.
    pub field: String,
    /// What it says of itself: its dictionary.
    pub said: Said,
    /// What it covers, or why it covers nothing that could be relied on.
    pub covered: Result<Covered, String>,
    /// What it forbids to those after it.
    pub permissions: Permissions,
    /// The revision that it came with, from 0.
    pub revision: usize,
}

/// What a signature dictionary says (ISO 32000-1, table 252).
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Whether it is a document timestamp.
    pub timestamp: bool,
    /// Whether its type and its format say the same of that.
    pub consistent: bool,
    /// `/SubFilter`
    pub format: String,
    /// `/M`, as written.
    pub date: Option<String>,
    /// `/Reason`
    pub reason: Option<String>,
    /// `/Location`
    pub place: Option<String>,
}

impl<'a> Document<'a> {
    /// Reads a file and all that it says of its signatures.
    ///
    /// # Errors
    /// Where the file cannot be read in only one way.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Fault> {
        let file = File::read(bytes)?;
        let changes = changes(&file);
        let mut faults: Vec<String> =
            active_content(file.now()).into_iter().map(|what| format!("el documento {what}")).collect();
        let fields = signature_fields(file.now()).unwrap_or_else(|fault| {
            faults.push(fault);
            Vec::new()
        });
        faults.extend(loose_signatures(&file, &fields));
        faults.extend(large_fields(file.now(), &fields));
        let evidence = evidence(&file, &mut faults);
        let mut signatures: Vec<Signature> = fields.iter().filter_map(|field| signature(&file, field)).collect();
        signatures.sort_by_key(|signature| signature.revision);
        let empty = fields.iter().filter(|field| field.signature.is_none()).map(Field::name).collect();
        Ok(Self { file, changes, signatures, empty, evidence, faults })
    }

    /// What came after a signature and breaks it, in Spanish, each with the revision that did it.
    #[must_use]
    pub fn broken_by(&self, signature: &Signature) -> Vec<(usize, String)> {
        let later = self.changes.iter().enumerate().map(|(index, changes)| (index + 1, changes));
        let later = later.filter(|(revision, _)| *revision > signature.revision);
        let mut broken = Vec::new();
        for (revision, changes) in later {
            if broken.len() >= MAX_TOLD {
                break;
            }
            broken.extend(changes.forbidden.iter().map(|what| (revision, what.clone())));
            if signature.permissions.certifies == Some(1) && !changes.only_validation_data {
                broken.push((revision, "siguió firmando un documento certificado para que nada cambiara".into()));
            }
            for field in changes.filled.iter().filter(|field| signature.permissions.locked.includes(field)) {
                if self.signatures.iter().any(|other| other.field == *field && !other.said.timestamp) {
                    broken.push((revision, format!("firmó el campo «{field}», que esta firma había cerrado")));
                }
            }
        }
        broken
    }
}

/// What each revision added to the store, and what of that is no evidence: who adds it later signs nothing, and might hide there what
/// a program finds that looks for objects by itself.
fn evidence(file: &File, faults: &mut Vec<String>) -> Vec<Added> {
    let mut seen = Seen::default();
    let mut added = Vec::new();
    for (index, revision) in file.revisions().iter().enumerate() {
        let evidence = seen.new_in(file.as_of(index + 1));
        if let Some(fault) = seen.fault().filter(|_| index > 0 && faults.len() < MAX_TOLD) {
            faults.push(format!("la revisión {index} {fault}"));
        }
        if !evidence.is_empty() {
            added.push(Added { end: revision.range.end, evidence });
        }
    }
    added
}

fn signature(file: &File, field: &Field) -> Option<Signature> {
    let object = field.signature?;
    let dictionary = object.value.as_dictionary()?;
    let timestamp = dictionary.is("SubFilter", "ETSI.RFC3161");
    let text = |key: &str| dictionary.get(key).and_then(Object::as_text);
    // Whoever asks an authority for a timestamp writes this, and the authority does not answer for it.
    let of_person = |key: &str| text(key).filter(|_| !timestamp);
    let said = Said {
        timestamp,
        consistent: timestamp == dictionary.is("Type", "DocTimeStamp"),
        format: dictionary.get("SubFilter").and_then(Object::as_name).map(lossy).unwrap_or_default(),
        date: text("M"),
        reason: of_person("Reason"),
        place: of_person("Location"),
    };
    let revision = file.revisions().iter().position(|revision| revision.range.contains(&object.range.start))?;
    // A timestamp has none (ISO 32000-2, table 255).
    let permissions = if timestamp { Permissions::default() } else { permissions(file.now(), object) };
    Some(Signature { field: field.name(), said, covered: covered(file, object), permissions, revision })
}

/// Fields that together cover much of a page: what is signed in them hides what was signed before.
fn large_fields(view: View, fields: &[Field]) -> Option<String> {
    let seen = |page: &Indirect| {
        let sheet = corners(inherited(view, page, "MediaBox")?)?;
        match inherited(view, page, "CropBox") {
            Some(cut) => Some(area(common(sheet, corners(cut)?))),
            None => Some(area(sheet)),
        }
    };
    // What has no size that can be told is large.
    let smallest = view.pages().into_iter().map(seen).reduce(|one, other| Some(one?.min(other?))).flatten();
    let covered: Option<f64> = fields.iter().map(|field| field.corners().map(area)).sum();
    let small = smallest.zip(covered).is_some_and(|(smallest, covered)| covered <= smallest * MAX_COVERED);
    let large = !small && !fields.is_empty();
    large.then(|| "los campos de firma cubren mucho de la página".to_owned())
}

/// What a page has of its own or from above it.
fn inherited<'a>(view: View<'a>, page: &'a Indirect, key: &str) -> Option<&'a Object> {
    let above = |node: &&'a Dictionary| view.dictionary(node, "Parent");
    let mut nodes = std::iter::successors(page.value.as_dictionary(), above).take(MAX_INHERITED);
    nodes.find_map(|node| view.value(node, key))
}

/// What two rectangles have in common.
fn common(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    let ordered =
        |[left, bottom, right, top]: [f64; 4]| [left.min(right), bottom.min(top), left.max(right), bottom.max(top)];
    let ([left, bottom, right, top], other) = (ordered(one), ordered(other));
    let (left, bottom) = (left.max(other[0]), bottom.max(other[1]));
    [left, bottom, right.min(other[2]).max(left), top.min(other[3]).max(bottom)]
}

/// What four corners cover, in square points.
fn area([left, bottom, right, top]: [f64; 4]) -> f64 {
    ((right - left) * (top - bottom)).abs()
}

/// Signatures that no field has: a program might show them, and nobody judges them.
fn loose_signatures(file: &File, fields: &[Field]) -> Vec<String> {
    let signatures: Vec<_> = fields.iter().filter_map(|field| field.signature).collect();
    let is_known = |object: &Indirect| signatures.iter().any(|known| known.range == object.range);
    let now = file.now();
    let items = now.items().filter_map(|(_, item)| if let Item::Object(object) = item { Some(object) } else { None });
    let loose = items.filter(|object| match &object.value {
        Object::Dictionary(signature) if is_known(object) => signature.iter().any(|(_, value)| has_signature(value)),
        value => has_signature(value),
    });
    loose
        .take(MAX_TOLD)
        .map(|object| format!("hay una firma que ningún campo muestra (objeto {})", object.id.number))
        .collect()
}

/// Whether something is a signature, or has one in it.
fn has_signature(object: &Object) -> bool {
    match object {
        Object::Array(elements) => elements.iter().any(has_signature),
        Object::Dictionary(dictionary) => {
            dictionary.get("ByteRange").is_some()
                || dictionary.is("Type", "Sig")
                || dictionary.is("Type", "DocTimeStamp")
                || dictionary.iter().any(|(_, value)| has_signature(value))
        }
        _ => false,
    }
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
