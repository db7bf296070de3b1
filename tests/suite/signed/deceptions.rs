//! Deceptive files, made from an honest one that three people have signed: one or more for every class of attack on signed
//! PDFs that is known. Each keeps the bytes that its signatures cover as far as the attack allows, as an attacker would.

use std::collections::BTreeMap;
use std::ops::Range;

use seguimiento::pdf::{Body, Dictionary, File, Id, Object, Update, View};

/// A deceptive file.
pub struct Deception {
    /// The class of the attack.
    pub class: &'static str,
    /// What was done.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// All of them, from a file with the signatures `elaboro`, `reviso` and `aprobo` and a document timestamp.
pub fn deceptions(honest: &[u8]) -> Vec<Deception> {
    let mut all = Vec::new();
    let mut add = |class, made: Vec<(&'static str, Vec<u8>)>| {
        all.extend(made.into_iter().map(|(name, bytes)| Deception { class, name, bytes }));
    };
    add("universal signature forgery", forged(honest));
    add("incremental saving", saved(honest));
    add("signature wrapping", wrapped(honest));
    add("shadow: hide, replace, hide and replace", shadowed(honest));
    add("evil annotation", annotated(honest));
    add("certification", certified(honest));
    add("the signature dictionary twice", doubled(honest));
    add("what is shown without being a page's content", around(honest));
    add("validation data", stripped(honest));
    add("how the file is read", misread(honest));
    all
}

/// Bytes put in place of others of the same length: the signature that covers them breaks, or nothing covers them.
fn patched(honest: &[u8], what: &str, with: &str, last: bool) -> Vec<u8> {
    let at = if last { find_last(honest, what) } else { find(honest, what) };
    let mut bytes = honest.to_vec();
    let with = format!("{with:width$}", width = what.len());
    bytes.splice(at..at + what.len(), with.bytes());
    bytes
}

fn find(bytes: &[u8], what: &str) -> usize {
    bytes
        .windows(what.len())
        .position(|window| window == what.as_bytes())
        .unwrap_or_else(|| panic!("there is a {what}"))
}

fn find_last(bytes: &[u8], what: &str) -> usize {
    bytes
        .windows(what.len())
        .rposition(|window| window == what.as_bytes())
        .unwrap_or_else(|| panic!("there is a {what}"))
}

/// The file with an update that changes one object by its dictionary.
fn changed(honest: &[u8], id: impl Fn(View) -> Id, change: impl Fn(View, &mut Update, &mut Dictionary)) -> Vec<u8> {
    let file = File::read(honest).unwrap();
    let (view, mut update) = (file.now(), Update::new(&file));
    let id = id(view);
    let object = view.get(id).unwrap();
    let mut dictionary = object.value.as_dictionary().unwrap().clone();
    change(view, &mut update, &mut dictionary);
    match view.raw(object) {
        Some(data) => update.set(id, Body::Stream(dictionary, data.to_vec())),
        None => update.set(id, dictionary),
    }
    update.finish().unwrap().0
}

fn catalog(view: View) -> Id {
    view.catalog().unwrap().0
}

fn page(view: View) -> Id {
    view.pages()[0].id
}

fn last_page(view: View) -> Id {
    view.pages().last().unwrap().id
}

fn field(name: &'static str) -> impl Fn(View) -> Id {
    move |view| {
        let fields = seguimiento::verify::signature_fields(view).unwrap();
        fields.iter().find(|field| field.name() == name).unwrap().id
    }
}

fn signature(name: &'static str) -> impl Fn(View) -> Id {
    move |view| {
        let fields = seguimiento::verify::signature_fields(view).unwrap();
        fields.iter().find(|field| field.name() == name).unwrap().signature.unwrap().id
    }
}

/// A stream that paints the whole page white and writes on it.
fn overpainted() -> Body {
    Body::Stream(Dictionary::default(), b"1 1 1 rg 0 0 936 613 re f".to_vec())
}

fn rectangle(corners: [i64; 4]) -> Object {
    Object::Array(corners.into_iter().map(Object::Integer).collect())
}

fn names(entries: &[(&str, Object)]) -> Object {
    let mut dictionary = Dictionary::default();
    for (key, value) in entries {
        dictionary.set(key, value.clone());
    }
    Object::Dictionary(dictionary)
}

fn forged(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let with = |key: &'static str, value: Option<Object>| {
        changed(honest, signature("aprobo"), |_, _, signature| match &value {
            Some(value) => signature.set(key, value.clone()),
            None => drop(signature.remove(key)),
        })
    };
    let numbers = |numbers: &[i64]| Some(Object::Array(numbers.iter().copied().map(Object::Integer).collect()));
    vec![
        ("no ByteRange", with("ByteRange", None)),
        ("ByteRange null", with("ByteRange", Some(Object::Null))),
        ("ByteRange of zeros", with("ByteRange", numbers(&[0, 0, 0, 0]))),
        ("ByteRange of three numbers", with("ByteRange", numbers(&[0, 10, 20]))),
        ("ByteRange of negative numbers", with("ByteRange", numbers(&[0, 10, 20, -10]))),
        ("ByteRange beyond the file", with("ByteRange", numbers(&[0, 10, 20, 99_999_999]))),
        ("no Contents", with("Contents", None)),
        ("Contents null", with("Contents", Some(Object::Null))),
        ("Contents empty", with("Contents", Some(Object::Text(Vec::new())))),
        ("Contents of zeros", with("Contents", Some(Object::Text(vec![0; 64])))),
        ("no SubFilter", with("SubFilter", None)),
        ("the old SubFilter of SHA-1", with("SubFilter", Some(Object::name("adbe.pkcs7.sha1")))),
    ]
}

fn saved(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let content = |view: View| {
        let page = view.get(page(view)).unwrap().value.as_dictionary().unwrap().clone();
        page.get("Contents").unwrap().as_reference().unwrap()
    };
    let replaced = {
        let file = File::read(honest).unwrap();
        let mut update = Update::new(&file);
        update.set(content(file.now()), overpainted());
        update.finish().unwrap().0
    };
    let update = &replaced[honest.len()..];
    let no_table = [honest, &update[..find(update, "xref")]].concat();
    let no_end = [honest, &update[..find(update, "startxref")]].concat();
    vec![
        ("a page's content replaced", replaced.clone()),
        ("a page's content replaced, and no table of references", no_table),
        ("a page's content replaced, and no end", no_end),
        (
            "a page's content pointed elsewhere",
            changed(honest, page, |_, update, page| {
                page.set("Contents", Object::Reference(update.add(overpainted())));
            }),
        ),
        (
            "a page added",
            changed(honest, catalog, |view, update, catalog| {
                let pages = catalog.get("Pages").unwrap().as_reference().unwrap();
                let copy = view.pages()[0].value.as_dictionary().unwrap().clone();
                let copy = Object::Reference(update.add(copy));
                let mut tree = view.get(pages).unwrap().value.as_dictionary().unwrap().clone();
                let mut kids = tree.get("Kids").unwrap().as_array().unwrap().to_vec();
                kids.push(copy);
                tree.set("Count", Object::Integer(99));
                tree.set("Kids", Object::Array(kids));
                update.set(pages, tree);
            }),
        ),
        (
            "another tree of pages",
            changed(honest, catalog, |view, update, catalog| {
                let copy = Object::Reference(update.add(view.pages()[0].value.as_dictionary().unwrap().clone()));
                let tree = Dictionary::from([
                    ("Type", Object::name("Pages")),
                    ("Count", Object::Integer(1)),
                    ("Kids", Object::Array(vec![copy])),
                ]);
                catalog.set("Pages", Object::Reference(update.add(tree)));
            }),
        ),
        ("an update with a copy of the last signature", {
            let mut bytes = replaced.clone();
            let file = File::read(honest).unwrap();
            let last = signature("aprobo")(file.now());
            let range = file.now().get(last).unwrap().range.clone();
            bytes.splice(honest.len()..honest.len(), honest[range].iter().copied());
            bytes
        }),
        ("bytes after the end", [honest, b"% nada\n"].concat()),
        ("blanks after the end", [honest, b"\n\n   \n"].concat()),
        ("the file twice", [honest, honest].concat()),
        ("an update of nothing but an object that nothing uses", {
            let file = File::read(honest).unwrap();
            let mut update = Update::new(&file);
            update.add(overpainted());
            update.finish().unwrap().0
        }),
    ]
}

/// The places of the signature `aprobo` in the file.
fn places(honest: &[u8]) -> (Range<usize>, Range<usize>, Range<usize>) {
    let file = File::read(honest).unwrap();
    let object = file.now().get(signature("aprobo")(file.now())).unwrap();
    let [before, after] = seguimiento::verify::covered(&file, object).unwrap().parts;
    (before, after, object.range.clone())
}

fn wrapped(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (before, after, object) = places(honest);
    let range = find(&honest[object.clone()], "/ByteRange") + object.start;
    let end = range + honest[range..].iter().position(|byte| *byte == b']').unwrap() + 1;
    // What is signed moves behind what is put into the gap.
    let moved = |inserted: &[u8]| {
        let mut bytes = honest.to_vec();
        bytes.splice(after.start..after.start, inserted.iter().copied());
        let numbers = format!("/ByteRange [0 {} {} {}", before.end, after.start + inserted.len(), after.len());
        bytes.splice(range..end, format!("{numbers:width$}]", width = end - range - 1).bytes());
        bytes
    };
    let numbers = |numbers: String| {
        let mut bytes = honest.to_vec();
        bytes.splice(
            range..end,
            format!("{:width$}]", format!("/ByteRange [{numbers}"), width = end - range - 1).bytes(),
        );
        bytes
    };
    vec![
        ("an object in the gap", moved(b"/Extra <</A 1>>")),
        ("a second ByteRange in the gap", moved(b"/ByteRange [0 1 2 3]")),
        ("blanks in the gap", moved(b"          ")),
        ("ranges that overlap", numbers(format!("0 {} {} {}", before.end + 10, before.end, after.end - before.end))),
        ("a range that begins later", numbers(format!("1 {} {} {}", before.end - 1, after.start, after.len()))),
        ("a range that ends before the end", numbers(format!("0 {} {} {}", before.end, after.start, after.len() - 1))),
        ("a wider gap", numbers(format!("0 {} {} {}", before.end - 1, after.start + 1, after.len() - 1))),
        ("a gap elsewhere", numbers(format!("0 {} {} {}", before.end - 200, after.start - 200, after.len() + 200))),
    ]
}

fn shadowed(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let file = File::read(honest).unwrap();
    let of_kind = |kind: &str| {
        let found = file.now().items().find_map(|(number, item)| match item {
            seguimiento::pdf::Item::Object(object)
                if object.value.as_dictionary().is_some_and(|object| object.is("Type", kind)) =>
            {
                Some(number)
            }
            _ => None,
        });
        Id::new(found.unwrap())
    };
    let (font, descriptor) = (of_kind("Font"), of_kind("FontDescriptor"));
    let structure = of_kind("StructElem");
    vec![
        ("a font replaced", changed(honest, |_| font, |_, _, font| font.set("BaseFont", Object::name("Otra")))),
        (
            "what a font says of its letters",
            changed(honest, |_| descriptor, |_, _, descriptor| descriptor.set("Flags", Object::Integer(0))),
        ),
        ("an object switched to one that lay unused in the signed file", {
            let mut update = Update::new(&file);
            update.set(font, Body::Object(Object::Dictionary(Dictionary::default())));
            let (bytes, ranges) = update.finish().unwrap();
            let old = file.now().get(structure).unwrap().range.start;
            patched(&bytes, &format!("{:010}", ranges[&font.number].start), &format!("{old:010}"), true)
        }),
        ("the resources of a page replaced", changed(honest, page, |_, _, page| page.set("Resources", names(&[])))),
        ("an object deleted", {
            let table = format!("xref\n{} 1\n0000000000 00001 f \ntrailer\n", font.number);
            let trailer = file.revisions().last().unwrap();
            let mut update = honest.to_vec();
            let start = update.len();
            let root = catalog(file.now()).number;
            update.extend(
                format!("{table}<</Size 999/Root {root} 0 R/Prev {}>>\nstartxref\n{start}\n%%EOF\n", trailer.table)
                    .bytes(),
            );
            update
        }),
        ("an object hidden behind another generation", {
            let mut update = Update::new(&file);
            update.set(font, Body::Object(Object::Dictionary(Dictionary::default())));
            let (bytes, ranges) = update.finish().unwrap();
            let line = format!("{:010} 00000 n", ranges[&font.number].start);
            let bytes = patched(&bytes, &line, &line.replace("00000 n", "00001 n"), true);
            patched(&bytes, &format!("\n{} 0 obj\n", font.number), &format!("\n{} 1 obj\n", font.number), true)
        }),
    ]
}

fn annotated(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let over = |subtype: &'static str| {
        changed(honest, page, move |view, update, page| {
            let appearance = Object::Reference(update.add(overpainted()));
            let annotation = update.add(Dictionary::from([
                ("Type", Object::name("Annot")),
                ("Subtype", Object::name(subtype)),
                ("Rect", rectangle([0, 0, 900, 600])),
                ("AP", names(&[("N", appearance)])),
            ]));
            let mut annotations = view.array(page, "Annots").unwrap_or_default().to_vec();
            annotations.push(Object::Reference(annotation));
            page.set("Annots", Object::Array(annotations));
        })
    };
    let late_as = |rect: Object, kind: &'static str, subtype: &'static str| {
        changed(honest, last_page, move |view, update, page| {
            let field = update.add(Dictionary::from([
                ("Type", Object::name("Annot")),
                ("Subtype", Object::name(subtype)),
                ("FT", Object::name(kind)),
                ("T", Object::text("tardio")),
                ("Rect", rect.clone()),
            ]));
            let mut annotations = view.array(page, "Annots").unwrap_or_default().to_vec();
            annotations.push(Object::Reference(field));
            page.set("Annots", Object::Array(annotations));
            let form = view.catalog().unwrap().1.get("AcroForm").unwrap().as_reference().unwrap();
            let mut dictionary = view.get(form).unwrap().value.as_dictionary().unwrap().clone();
            let mut fields = dictionary.get("Fields").unwrap().as_array().unwrap().to_vec();
            fields.push(Object::Reference(field));
            dictionary.set("Fields", Object::Array(fields));
            update.set(form, dictionary);
        })
    };
    let late = |rect: [i64; 4], kind: &'static str| late_as(rectangle(rect), kind, "Widget");
    let ambiguous = {
        let one = Object::Reference(page(File::read(honest).unwrap().now()));
        let zero = Object::Integer(0);
        Object::Array(vec![zero.clone(), zero.clone(), one.clone(), one, zero.clone(), zero])
    };
    vec![
        ("a text over the page", over("FreeText")),
        ("a stamp over the page", over("Stamp")),
        ("a square over the page", over("Square")),
        ("a link over the page", over("Link")),
        ("a visible field added late", late([0, 0, 900, 600], "Sig")),
        ("a text field added late", late([0, 0, 0, 0], "Tx")),
        ("a field without size that is a drawing too", late_as(rectangle([0; 4]), "Sig", "Polygon")),
        ("a field whose rectangle can be read in two ways", late_as(ambiguous, "Sig", "Widget")),
        ("annotations that are a name", changed(honest, page, |_, _, page| page.set("Annots", Object::name("X")))),
        (
            "annotations that are a stream",
            changed(honest, page, |_, update, page| page.set("Annots", Object::Reference(update.add(overpainted())))),
        ),
        ("the annotations taken away", changed(honest, last_page, |_, _, page| drop(page.remove("Annots")))),
        (
            "the appearance of a signed field replaced",
            changed(honest, field("elaboro"), |_, update, field| {
                let appearance = Object::Reference(update.add(overpainted()));
                field.set("AP", names(&[("N", appearance)]));
            }),
        ),
        (
            "a signed field moved",
            changed(honest, field("elaboro"), |_, _, field| field.set("Rect", rectangle([0, 0, 900, 600]))),
        ),
        ("a signed field hidden", changed(honest, field("elaboro"), |_, _, field| field.set("F", Object::Integer(2)))),
        ("a signed field emptied", changed(honest, field("elaboro"), |_, _, field| drop(field.remove("V")))),
        (
            "a signed field renamed",
            changed(honest, field("elaboro"), |_, _, field| field.set("T", Object::text("aprobo"))),
        ),
    ]
}

fn certified(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "certified afterwards",
            changed(honest, catalog, |view, _, catalog| {
                catalog.set("Perms", names(&[("DocMDP", Object::Reference(signature("elaboro")(view)))]));
            }),
        ),
        (
            "rights of use",
            changed(honest, catalog, |view, _, catalog| {
                catalog.set("Perms", names(&[("UR3", Object::Reference(signature("elaboro")(view)))]));
            }),
        ),
    ]
}

fn doubled(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (_, after, object) = places(honest);
    let inserted = |text: &str| {
        let mut bytes = honest.to_vec();
        bytes.splice(after.start..after.start, text.bytes());
        bytes
    };
    let own = String::from_utf8(honest[object.start..object.start + 12].to_vec()).unwrap();
    assert!(own.contains("obj"), "{own}");
    vec![
        ("Contents twice", inserted("/Contents <00>")),
        ("Contents twice, the second in escapes", inserted("/C#6fntents <00>")),
        ("ByteRange in escapes", patched(honest, "/ByteRange", "/Byte#52ang", true)),
        (
            "two fields with one signature",
            changed(honest, field("elaboro"), |view, _, field| {
                field.set("V", Object::Reference(signature("aprobo")(view)));
            }),
        ),
        ("a signature inside of another object", {
            let hidden =
                names(&[("Type", Object::name("Sig")), ("ByteRange", Object::Array(vec![Object::Integer(0); 4]))]);
            changed(honest, catalog, move |_, _, catalog| catalog.set("Extensions", names(&[("A", hidden.clone())])))
        }),
        ("signatures of two fields swapped", {
            let file = File::read(honest).unwrap();
            let (view, mut update) = (file.now(), Update::new(&file));
            for (one, other) in [("elaboro", "reviso"), ("reviso", "elaboro")] {
                let id = field(one)(view);
                let mut dictionary = view.get(id).unwrap().value.as_dictionary().unwrap().clone();
                dictionary.set("V", Object::Reference(signature(other)(view)));
                update.set(id, dictionary);
            }
            update.finish().unwrap().0
        }),
    ]
}

fn around(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let of_page =
        |key: &'static str, value: Object| changed(honest, page, move |_, _, page| page.set(key, value.clone()));
    let of_catalog = |key: &'static str, value: Object| {
        changed(honest, catalog, move |_, _, catalog| catalog.set(key, value.clone()))
    };
    let script = names(&[("S", Object::name("JavaScript")), ("JS", Object::text("app.alert(1)"))]);
    let of_form = |key: &'static str, value: Object| {
        changed(
            honest,
            |view| view.catalog().unwrap().1.get("AcroForm").unwrap().as_reference().unwrap(),
            move |_, _, form| form.set(key, value.clone()),
        )
    };
    let metadata = |view: View| view.catalog().unwrap().1.get("Metadata").unwrap().as_reference().unwrap();
    let information = |view: View| view.trailer().unwrap().get("Info").unwrap().as_reference().unwrap();
    let structure = |view: View| view.catalog().unwrap().1.get("StructTreeRoot").unwrap().as_reference().unwrap();
    let element = |view: View| {
        let root = view.get(structure(view)).unwrap().value.as_dictionary().unwrap().clone();
        root.get("K").unwrap().as_array().unwrap()[0].as_reference().unwrap()
    };
    let attachment = |view: View| {
        let files = view.array(view.catalog().unwrap().1, "AF").unwrap()[0].as_reference().unwrap();
        let file = view.get(files).unwrap().value.as_dictionary().unwrap().clone();
        file.get("EF").unwrap().as_dictionary().unwrap().get("F").unwrap().as_reference().unwrap()
    };
    let replaced = |id: &dyn Fn(View) -> Id, dictionary: Dictionary, data: &[u8]| {
        let file = File::read(honest).unwrap();
        let mut update = Update::new(&file);
        update.set(id(file.now()), Body::Stream(dictionary, data.to_vec()));
        update.finish().unwrap().0
    };
    let xmp = Dictionary::from([("Type", Object::name("Metadata")), ("Subtype", Object::name("XML"))]);
    let file = File::read(honest).unwrap();
    let packet = String::from_utf8(file.now().stream(file.now().get(metadata(file.now())).unwrap()).unwrap()).unwrap();
    vec![
        ("a page turned", of_page("Rotate", Object::Integer(180))),
        ("a page cut", of_page("CropBox", rectangle([0, 0, 100, 100]))),
        ("another size of the page", of_page("MediaBox", rectangle([0, 0, 100, 100]))),
        ("another unit of the page", of_page("UserUnit", Object::Integer(10))),
        ("a page with a transition", of_page("AA", names(&[("O", script.clone())]))),
        ("a script on opening", of_catalog("OpenAction", script.clone())),
        (
            "scripts by name",
            of_catalog(
                "Names",
                names(&[("JavaScript", names(&[("Names", Object::Array(vec![Object::text("a"), script]))]))]),
            ),
        ),
        ("layers", of_catalog("OCProperties", names(&[("OCGs", Object::Array(Vec::new())), ("D", names(&[]))]))),
        (
            "other numbers of pages",
            of_catalog(
                "PageLabels",
                names(&[("Nums", Object::Array(vec![Object::Integer(0), names(&[("S", Object::name("R"))])]))]),
            ),
        ),
        ("another language", of_catalog("Lang", Object::text("en"))),
        ("attachments taken away", of_catalog("Names", names(&[]))),
        (
            "an attachment replaced",
            replaced(&attachment, Dictionary::from([("Type", Object::name("EmbeddedFile"))]), b"falso"),
        ),
        ("metadata replaced", replaced(&metadata, xmp.clone(), packet.replace("SEGUIMIENTO", "AVANCE").as_bytes())),
        ("text behind an instruction inside of a property", {
            let end = packet.find("</rdf:li>").unwrap();
            let with = format!("{}<?xpacket x?> FALSO{}", &packet[..end], &packet[end..]);
            replaced(&metadata, xmp.clone(), with.as_bytes())
        }),
        ("metadata that are none", replaced(&metadata, xmp, b"<x/>")),
        (
            "another title",
            changed(honest, information, |_, _, information| information.set("Title", Object::text("Otro"))),
        ),
        (
            "the structure read otherwise",
            changed(honest, element, |_, _, element| element.set("ActualText", Object::text("Otro texto"))),
        ),
        ("the structure taken away", of_catalog("StructTreeRoot", names(&[]))),
        ("fields drawn by each program", of_form("NeedAppearances", Object::Boolean(true))),
        ("a form that may be changed at will", of_form("SigFlags", Object::Integer(0))),
        ("a form in XFA", of_form("XFA", Object::text("<xdp/>"))),
        ("a form without fields", of_form("Fields", Object::Array(Vec::new()))),
        ("a catalog without form", changed(honest, catalog, |_, _, catalog| drop(catalog.remove("AcroForm")))),
        ("another catalog", {
            let file = File::read(honest).unwrap();
            let mut update = Update::new(&file);
            let id = update.add(file.now().catalog().unwrap().1.clone());
            let old = format!("/Root {} 0 R", catalog(file.now()).number);
            let bytes = update.finish().unwrap().0;
            patched(&bytes, &old, &format!("/Root {} 0 R", id.number), true)
        }),
    ]
}

fn stripped(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let store = |view: View| view.catalog().unwrap().1.get("DSS").unwrap().as_reference().unwrap();
    let with = |data: &'static [u8]| {
        changed(honest, store, move |view, update, store| {
            let mut responses = view.array(store, "OCSPs").unwrap().to_vec();
            responses.push(Object::Reference(update.add(Body::Stream(Dictionary::default(), data.to_vec()))));
            store.set("OCSPs", Object::Array(responses));
        })
    };
    vec![
        ("validation data taken away", changed(honest, catalog, |_, _, catalog| drop(catalog.remove("DSS")))),
        ("validation data that are none", with(b"x")),
        ("a page among the validation data", with(b"x\nendstream\nendobj\n4 0 obj\n<<>>\nstream\n\nendstream")),
        ("more validation data than anybody reads", {
            changed(honest, store, |_, update, store| {
                let many = (0..1001_u16).map(|number| {
                    let data = [&[0x30, 9, 0x0A, 1, 0, 0xA0, 4, 2, 2][..], &number.to_be_bytes()].concat();
                    Object::Reference(update.add(Body::Stream(Dictionary::default(), data)))
                });
                store.set("CRLs", Object::Array(Vec::new()));
                store.set("OCSPs", Object::Array(many.collect()));
            })
        }),
        ("the moment of a signature's validation data as a tree of objects", {
            changed(honest, store, |_, _, store| {
                let entry = names(&[("TU", names(&[("A", Object::Null)]))]);
                store.set("VRI", names(&[("00", entry)]));
            })
        }),
        ("certificates taken away", changed(honest, store, |_, _, store| drop(store.remove("Certs")))),
        ("a page's content made one of the validation data, and then replaced", {
            let content = |view: View| {
                let page = view.pages()[0].value.as_dictionary().unwrap().clone();
                page.get("Contents").unwrap().as_reference().unwrap()
            };
            let adopted = changed(honest, store, |view, _, store| store.set("Otro", Object::Reference(content(view))));
            let file = File::read(&adopted).unwrap();
            let mut update = Update::new(&file);
            update.set(content(file.now()), overpainted());
            update.finish().unwrap().0
        }),
        ("a certificate of the validation data replaced", {
            let file = File::read(honest).unwrap();
            let certificates = file.now().get(store(file.now())).unwrap().value.as_dictionary().unwrap().clone();
            let first = certificates.get("Certs").unwrap().as_array().unwrap()[0].as_reference().unwrap();
            let mut update = Update::new(&file);
            update.set(first, overpainted());
            update.finish().unwrap().0
        }),
        (
            "revocation data emptied",
            changed(honest, store, |_, _, store| {
                store.set("OCSPs", Object::Array(Vec::new()));
                store.set("CRLs", Object::Array(Vec::new()));
            }),
        ),
    ]
}

fn misread(honest: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let file = File::read(honest).unwrap();
    let starts: BTreeMap<usize, usize> =
        file.revisions().iter().enumerate().map(|(index, revision)| (index, revision.table)).collect();
    let (first, last) = (starts[&0], *starts.values().last().unwrap());
    let pointing = |at: usize| {
        let end = find_last(honest, "startxref");
        [&honest[..end], format!("startxref\n{at}\n%%EOF\n").as_bytes()].concat()
    };
    let font = {
        let mut update = Update::new(&file);
        update.set(page(file.now()), Body::Object(Object::Dictionary(Dictionary::default())));
        update.finish().unwrap()
    };
    // An update that changes nothing, but for what its trailer says.
    let idle = |size: &str| {
        let mut update = Update::new(&file);
        let id = page(file.now());
        update.set(id, file.now().get(id).unwrap().value.as_dictionary().unwrap().clone());
        let bytes = update.finish().unwrap().0;
        let size_now = format!("/Size {}/", file.now().last_number() + 1);
        patched(&bytes, &size_now, &format!("/Size {size}/"), true)
    };
    vec![
        ("an end that says fewer objects than there are", idle("1")),
        ("an end that says a negative number of objects", idle("-5")),
        ("an end that points to the first table", pointing(first)),
        ("an end that points into nothing", pointing(17)),
        ("an end that points to itself", pointing(find_last(honest, "startxref"))),
        ("a table that continues itself", {
            let update = &font.0;
            let old = format!("/Prev {last}");
            let own = find_last(update, "xref\n") - "start".len();
            let table = find_last(&update[..own], "xref\n");
            patched(update, &old, &format!("/Prev {table}"), true)
        }),
        (
            "a table that skips the signatures",
            patched(&font.0, &format!("/Prev {last}"), &format!("/Prev {first}"), true),
        ),
        ("a comment between the objects", {
            let mut bytes = font.0.clone();
            bytes.splice(honest.len()..honest.len(), b"% oculto\n".iter().copied());
            bytes
        }),
        ("an object that the table does not know", {
            let mut bytes = font.0.clone();
            bytes.splice(honest.len()..honest.len(), b"9999 0 obj\nnull\nendobj\n".iter().copied());
            bytes
        }),
        ("a stream whose length stands elsewhere", {
            let mut update = Update::new(&file);
            let length = update.add(Body::Object(Object::Integer(3)));
            let stream = format!("<</Length {} 0 R>>\nstream\nq Q\nendstream", length.number);
            update.add(Body::Written(stream.into_bytes()));
            update.finish().unwrap().0
        }),
        ("a number of objects beyond what some programs take", {
            let free = "4294967295 1\n0000000000 00000 f \n";
            let size = format!("/Size {}/", file.now().last_number() + 1);
            let mut bytes = font.0.clone();
            let trailer = find_last(&bytes, "trailer");
            bytes.splice(trailer..trailer, free.bytes());
            patched(&bytes, &size, "/Size 4294967296/", true)
        }),
        ("a reference without white space", {
            let root = format!("/Root {} 0 R/", catalog(file.now()).number);
            patched(&font.0, &root, &root.replace(" 0 R/", " 0R /"), true)
        }),
        ("blank lines in a table", {
            let mut bytes = font.0.clone();
            let trailer = find_last(&bytes, "trailer");
            bytes.splice(trailer..trailer, b"\n\n".iter().copied());
            bytes
        }),
        ("an end with more in it than viewers read", {
            let deep = format!("/DocChecksum {}/Root 1 0 R{}/Root", "[".repeat(98), "]".repeat(98));
            patched(&font.0, "/Root", &deep, true)
        }),
        ("an end with a checksum that is none", patched(&font.0, "/Root", "/DocChecksum[[1 0 R]]/Root", true)),
        ("cut short", honest[..honest.len() - 200].to_vec()),
        ("something before the beginning", [b"x\n", honest].concat()),
        ("encrypted", patched(&font.0, "/Root", "/Encrypt 1 0 R/Root", true)),
    ]
}
