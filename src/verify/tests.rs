//! Small files, written by hand: what of them cannot be relied upon, whoever signed them, and what may be done to them later.

use std::fmt::Write;

use crate::pdf::{Body, Dictionary, File, Id, Object, Update};

use super::{Document, active_content, changes};

/// A file of these objects, numbered from 1; the first is the catalog.
pub(super) fn file(objects: &[&str]) -> Vec<u8> {
    let (mut bytes, mut table) = ("%PDF-1.7\n".to_owned(), String::new());
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", bytes.len());
        let _ = write!(bytes, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (size, start) = (objects.len() + 1, bytes.len());
    let _ = write!(bytes, "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n");
    let _ = write!(bytes, "startxref\n{start}\n%%EOF\n");
    bytes.into_bytes()
}

fn active(object: &str) -> String {
    let bytes = file(&["<<>>", object]);
    active_content(File::read(&bytes).unwrap().now()).join("; ")
}

#[test]
fn layers_are_told_wherever_they_stand() {
    for layer in [
        "<</Properties<</MC0<</Type/OCG/Name(x)>>>>>>",
        "<</Properties<</MC0<</Type/OCMD>>>>>>",
        "<</Type/XObject/OC<<>>>>",
        "<</OCProperties<<>>>>",
    ] {
        assert!(active(layer).contains("capas"), "{layer}");
    }
    assert_eq!(active("<</Properties<</MC0<</Type/Otro>>>>>>"), "");
}

#[test]
fn an_annotation_that_is_not_on_paper_is_told_though_it_has_no_appearance() {
    let annotation = |entries: &str| active(&format!("<</Type/Annot/Rect[1 1 9 9]{entries}>>"));
    for silent in ["/Subtype/Square/F 4", "/Subtype/Link", "/Subtype/Widget/FT/Sig"] {
        assert_eq!(annotation(silent), "", "{silent}");
    }
    for odd in ["/Subtype/Square", "/Subtype/Square/F 36", "/Subtype/Widget/FT/Tx", "/Subtype/Widget/FT/Sig/AP<<>>"] {
        assert!(annotation(odd).contains("en pantalla y no en papel"), "{odd}");
    }
    assert_eq!(active("<</Type/Annot/Subtype/Widget/FT/Tx/Rect[0 0 0 0]>>"), "", "without size nothing is drawn");
}

#[test]
fn what_does_not_say_itself_of_what_kind_it_is_is_told() {
    for kind in ["Type", "Subtype", "S", "FT"] {
        assert!(active(&format!("<</{kind} 1 0 R>>")).contains("de qué tipo son"), "{kind}");
    }
}

#[test]
fn what_is_shown_otherwise_on_screen_than_on_paper_is_told() {
    for key in ["ViewArea", "ViewClip", "PrintArea", "PrintClip"] {
        let told = active(&format!("<</ViewerPreferences<</{key}/CropBox>>>>"));
        assert!(told.contains("otra parte de la página"), "{key}");
    }
    assert!(active("<</Collection<<>>>>").contains("carpeta de archivos"));
    assert_eq!(active("<</ViewerPreferences<</DisplayDocTitle true>>>>"), "");
}

/// What is wrong with a file of one page of this size with one signature field.
fn faults(page: &str, field: &str) -> String {
    let field = format!("<</FT/Sig/Type/Annot/Subtype/Widget/F 4{field}>>");
    let page = format!("<</Type/Page/Parent 3 0 R{page}>>");
    let objects = [
        "<</Type/Catalog/Pages 3 0 R/AcroForm<</Fields[2 0 R]>>>>",
        &field,
        "<</Type/Pages/Count 1/Kids[4 0 R]/MediaBox[0 0 1000 1000]>>",
        &page,
        "[0 0 100 100]",
        "5 0 R",
        "/Sig",
    ];
    Document::read(&file(&objects)).unwrap().faults.join("; ")
}

#[test]
fn a_field_is_small_beside_what_is_seen_of_a_page() {
    let is_large = |page: &str| faults(page, "/T(a)/Rect[0 0 100 100]").contains("cubren mucho");
    assert!(!is_large(""));
    assert!(!is_large("/CropBox[100 0 1000 1000]"));
    for small in [
        "/CropBox[-900 -900 100 100]",
        "/CropBox[1000 1000 900 900]",
        "/CropBox[2000 2000 3000 3000]",
        "/CropBox 5 0 R",
        "/CropBox 6 0 R",
        "/CropBox[0 0 100]",
        "/CropBox[0 0 100 100 1000 1000]",
        "/MediaBox[0 0 1 0 R 1000]",
        "/MediaBox/A",
    ] {
        assert!(is_large(small), "{small}");
    }
}

#[test]
fn a_signature_that_no_field_shows_is_told() {
    let loose = "ningún campo muestra";
    let box_ = "/Rect[0 0 0 0]";
    assert_eq!(faults("", &format!("/T(a){box_}")), "");
    assert!(faults("/X<</Y[<</Type/Sig>>]>>", &format!("/T(a){box_}")).contains(loose));
    assert!(faults("/X<</ByteRange[0 1 2 3]>>", &format!("/T(a){box_}")).contains(loose));
    assert!(faults("", &format!("{box_}/V 7 0 R")).contains("en un campo sin nombre"));
    assert!(faults("", &format!("/T/a{box_}")).contains("no es un texto"));
    assert!(faults("", &format!("/T(a)/Kids 7 0 R{box_}")).contains("no es una lista"));
    let hidden = file(&[
        "<</AcroForm<</Fields[2 0 R]>>>>",
        "<</FT 3 0 R/T(gerente)/Type/Annot/Subtype/Widget/F 4/Rect[0 0 0 0]/V<</Type/Sig/ByteRange[0 1 2 3]>>>>",
        "/Sig",
    ]);
    let faults = Document::read(&hidden).unwrap().faults.join("; ");
    assert!(faults.contains("no dice él mismo de qué tipo es") && faults.contains(loose), "{faults}");
}

#[test]
fn a_name_that_would_fill_the_memory_is_refused() {
    let named = |length: usize| faults("", &format!("/T({})/Rect[0 0 0 0]", "a".repeat(length)));
    assert_eq!(named(1000), "");
    assert!(named(1001).contains("demasiado largo"));
}

/// What is forbidden about an update that gives objects other values.
fn forbidden(objects: &[&str], update: &[(u32, Dictionary)]) -> Vec<String> {
    let bytes = file(objects);
    let before = File::read(&bytes).unwrap();
    let mut made = Update::new(&before);
    for (number, dictionary) in update {
        made.set(Id::new(*number), dictionary.clone());
    }
    let bytes = made.finish().unwrap().0;
    changes(&File::read(&bytes).unwrap())[0].forbidden.clone()
}

const PAGES: &str = "<</Type/Pages/Count 1/Kids[3 0 R]>>";

fn page(annotations: Object) -> Dictionary {
    Dictionary::from([
        ("Type", Object::name("Page")),
        ("Parent", Object::Reference(Id::new(2))),
        ("Annots", annotations),
    ])
}

#[test]
fn what_lies_over_a_page_is_a_list_before_and_after() {
    let with = |before: &str, after: Object| {
        let old = format!("<</Type/Page/Parent 2 0 R{before}>>");
        forbidden(&["<</Pages 2 0 R>>", PAGES, &old, "<</Length 1>>\nstream\nq\nendstream"], &[(3, page(after))])
    };
    let nothing = || Object::Array(Vec::new());
    assert_eq!(with("", nothing()), [""; 0]);
    assert_eq!(with("", Object::name("X")).len(), 1);
    assert_eq!(with("", Object::Reference(Id::new(4))).len(), 1);
    assert_eq!(with("/Annots/X", nothing()).len(), 1);
}

/// A page that is the dictionary of its own drawings too, of its letters, of its looks: its annotations are one of them.
#[test]
fn a_page_that_is_something_else_too_may_not_be_changed() {
    let with = |catalog: &str, uses: &str| {
        let old = format!("<</Type/Page/Parent 2 0 R{uses}>>");
        let catalog = format!("<</Pages 2 0 R{catalog}>>");
        let mut after = page(Object::Array(Vec::new()));
        let resources = Dictionary::from([("XObject", Object::Reference(Id::new(3)))]);
        if uses.contains("XObject") {
            after.set("Resources", Object::Dictionary(resources));
        }
        forbidden(&[&catalog, PAGES, &old], &[(3, after)]).len()
    };
    assert_eq!(with("", ""), 0);
    assert_eq!(with("/OpenAction[3 0 R/XYZ 0 0 0]/Dests<</a[3 0 R/FitH 1]>>", ""), 0, "places in the document");
    assert_eq!(with("/X<</P 3 0 R/Pg 3 0 R>>", ""), 0, "what is on it says so");
    assert_eq!(with("", "/Resources<</XObject 3 0 R>>"), 1);
    assert_eq!(with("/X<</N 3 0 R>>", ""), 1);
    assert_eq!(with("/X[3 0 R/DeviceRGB]", ""), 1);
}

#[test]
fn a_list_of_pages_may_be_an_object_of_its_own() {
    let tree = "<</Type/Pages/Count 1/Kids 4 0 R>>";
    let objects = ["<</Pages 2 0 R>>", tree, "<</Type/Page/Parent 2 0 R>>", "[3 0 R]"];
    assert_eq!(forbidden(&objects, &[(3, page(Object::Array(Vec::new())))]), [""; 0]);
}

/// Only a signature says of the document as a whole that it is signed.
#[test]
fn metadata_that_anything_else_uses_may_not_be_changed() {
    let packet = r#"<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description/></r:RDF>"#;
    let with = |other: &str| {
        let stream = format!("<</Type/Metadata/Subtype/XML/Length {}>>\nstream\n{packet}\nendstream", packet.len());
        let bytes = file(&["<</Metadata 2 0 R>>", &stream, other]);
        let before = File::read(&bytes).unwrap();
        let mut made = Update::new(&before);
        let kind = Dictionary::from([("Type", Object::name("Metadata")), ("Subtype", Object::name("XML"))]);
        made.set(Id::new(2), Body::Stream(kind, format!("{packet} ").into_bytes()));
        let bytes = made.finish().unwrap().0;
        changes(&File::read(&bytes).unwrap())[0].forbidden.len()
    };
    assert_eq!(with("<</Reference[<</TransformMethod/DocMDP/Data 1 0 R>>]>>"), 0);
    assert_eq!(with("<</Reference[<</TransformMethod/DocMDP/Data 2 0 R>>]>>"), 1);
    assert_eq!(with("<</Pattern<</TransformMethod/DocMDP/Data 2 0 R>>>>"), 1);
}

#[test]
fn a_stream_that_says_to_be_a_table_and_is_none_is_an_object_that_nothing_uses() {
    let bytes = file(&["<</Type/Catalog>>"]);
    let before = File::read(&bytes).unwrap();
    let mut made = Update::new(&before);
    made.add(Body::Stream(Dictionary::from([("Type", Object::name("XRef"))]), b"x".to_vec()));
    let bytes = made.finish().unwrap().0;
    assert_eq!(changes(&File::read(&bytes).unwrap())[0].forbidden.len(), 1);
}

/// What a revision did that no signed file allows, which added a field that is nowhere to be seen, with a signature and perhaps one more
/// object.
fn adding(field: &str, signature: &str, part: &str) -> Vec<String> {
    let bytes = file(&["<</Type/Catalog/AcroForm<</Fields[]/SigFlags 3>>>>"]);
    let mut objects = vec![
        "<</Type/Catalog/AcroForm<</Fields[2 0 R]/SigFlags 3>>>>".to_owned(),
        format!("<</FT/Sig/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]/V 3 0 R{field}>>"),
        format!("<</ByteRange[0 1 2 3]/Contents<00>{signature}>>"),
    ];
    objects.extend((!part.is_empty()).then(|| part.to_owned()));
    let (mut update, mut places) = (String::new(), String::new());
    for (index, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", bytes.len() + update.len());
        let _ = write!(update, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let previous = String::from_utf8_lossy(&bytes).rfind("xref\n0").unwrap();
    let start = bytes.len() + update.len();
    let (count, size) = (objects.len(), objects.len() + 1);
    let _ = write!(update, "xref\n1 {count}\n{places}trailer\n<</Size {size}/Root 1 0 R/Prev {previous}>>\n");
    let _ = write!(update, "startxref\n{start}\n%%EOF\n");
    let whole = [bytes, update.into_bytes()].concat();
    changes(&File::read(&whole).unwrap())[0].forbidden.clone()
}

/// Anybody can have a timestamp put on a file that others signed, and nobody answers for what he writes beside it.
#[test]
fn an_added_timestamp_says_nothing_in_words() {
    let added = |name: &str, of_field: &str, of_timestamp: &str| {
        let timestamp = format!("/Type/DocTimeStamp/SubFilter/ETSI.RFC3161{of_timestamp}");
        adding(&format!("/T({name}){of_field}"), &timestamp, "")
    };
    assert_eq!(added("sello-4", "", "/M(D:20261124080000-05'00')"), [""; 0]);
    assert_eq!(added("Timestamp-6fa0_2.b", "/TU(Timestamp)", "/Prop_Build<</App<</Name/Otro>>>>"), [""; 0]);
    for (name, of_field, of_timestamp) in [
        ("Aprobado por la alcaldesa", "", ""),
        ("a", "/TU(INFORME ANULADO)", ""),
        ("a", "/TM(Aprobado por Ana)", ""),
        ("a", "/TU/Timestamp", ""),
        ("a", "/Lock<</Type/SigFieldLock/Action/All>>", ""),
        ("a", "", "/Reason(Anulado)"),
        ("a", "", "/Name(Alcaldesa)"),
        ("a", "", "/Location(a)"),
        ("a", "", "/M(Anulado)"),
        ("a", "", "/Reference[<</TransformMethod/DocMDP>>]"),
        ("a", "", "/Prop_Build<</App 1 0 R>>"),
    ] {
        let told = added(name, of_field, of_timestamp);
        assert!(told.iter().any(|what| what.contains("más que lo que")), "{name}{of_field}{of_timestamp}: {told:?}");
    }
}

/// The signature of a person is not a place to keep what nobody sees, nor to hold on to parts of the document that others still change.
#[test]
fn an_added_signature_says_what_signatures_say() {
    const ALL: &str = "<</Type/TransformParams/Action/All/V/1.2>>";
    let signed = |field: &str, signature: &str, part: &str| {
        adding(&format!("/T(a){field}"), &format!("/Type/Sig/SubFilter/ETSI.CAdES.detached{signature}"), part)
    };
    let reference = |rest: &str| format!("/Reference[<</Type/SigRef/TransformMethod/FieldMDP{rest}>>]");
    let usual = signed(
        "",
        "/Name(Ana Rojas)/Reason(Aprob\\363)/Location(Bello)/M(D:20261124080000-05'00')/Prop_Build<</App<<>>>>",
        "",
    );
    assert_eq!(usual, [""; 0]);
    for (field, signature, part) in [
        ("", "/Otro 1 0 R", ""),
        ("", "/Otro 4 0 R", "<</Type/Filespec/F(falso.txt)>>"),
        ("", "/Otro(INFORME ANULADO)", ""),
        ("", "/Name 4 0 R", "(Ana)"),
        ("", "/M(ayer)", ""),
        ("", "/Metadata 4 0 R", "<<>>"),
        ("", "/Prop_Build 4 0 R", "<<>>"),
        ("", "/Reference 4 0 R", "[]"),
        ("", "/Reference[4 0 R]", "<</TransformMethod/DocMDP/Data 1 0 R>>"),
        ("", &reference("/Data 2 0 R"), ""),
        ("", &reference("/Otro 1 0 R"), ""),
        ("", &reference("/TransformParams 1 0 R"), ""),
        ("", &reference("/TransformParams<</Otro 1 0 R>>"), ""),
        ("", &reference("/TransformParams<</Action/Include/Fields 4 0 R>>"), "[(a)]"),
        ("", &reference(&format!("/Data 1 0 R/DigestMethod/SHA256/TransformParams {ALL}")), ""),
        ("", &reference("/TransformParams 4 0 R"), ALL),
        ("", "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]", ""),
        ("/Lock<</Type/SigFieldLock/Action/All>>", "", ""),
        ("/Lock<</Action/All>>", &reference(&format!("/TransformParams {ALL}")), ""),
        ("/Lock 1 0 R", "", ""),
        ("/Lock<</Action/All/Otro 4 0 R>>", "", "<<>>"),
        ("/SV<</Type/SV>>", "", ""),
    ] {
        let told = signed(field, signature, part);
        assert!(told.iter().any(|what| what.contains("más que lo que")), "{field}{signature}: {told:?}");
    }
}

/// The numbers of objects have an end, and nobody may use them up for those who sign after him.
#[test]
fn new_objects_have_the_numbers_that_come_next() {
    let bytes = file(&["<</Type/Catalog>>"]);
    let told = |number: u32, entry: &str| {
        let previous = String::from_utf8_lossy(&bytes).rfind("xref\n0").unwrap();
        let object = format!("{number} 0 obj\n<<>>\nendobj\n");
        let start = bytes.len() + object.len();
        let place = format!("{:010} 00000 n", bytes.len());
        let (object, entry) = if entry == "n" { (object, place) } else { (String::new(), "0000000000 00000 f".into()) };
        let start = if object.is_empty() { bytes.len() } else { start };
        let table =
            format!("xref\n{number} 1\n{entry} \ntrailer\n<</Size {}/Root 1 0 R/Prev {previous}>>\n", number + 1);
        let update = format!("{object}{table}startxref\n{start}\n%%EOF\n");
        let whole = [bytes.as_slice(), update.as_bytes()].concat();
        changes(&File::read(&whole).unwrap())[0].forbidden.iter().any(|what| what.contains("números"))
    };
    for entry in ["n", "f"] {
        assert!(!told(2, entry) && !told(90, entry), "{entry}");
        assert!(told(200, entry) && told(900_000, entry), "{entry}");
    }
}

#[test]
fn a_revision_always_says_what_it_did() {
    let bytes = file(&["<</Type/Catalog>>"]);
    let before = File::read(&bytes).unwrap();
    let bytes = Update::new(&before).finish().unwrap().0;
    assert_eq!(changes(&File::read(&bytes).unwrap())[0].allowed, ["no cambió nada"]);
}
