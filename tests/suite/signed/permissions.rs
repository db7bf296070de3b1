//! What a signature forbids to those after it: nobody's cryptography is asked, only who did what after whom.

use seguimiento::pdf::{Body, Dictionary, File, Id, Object, Update};
use seguimiento::verify::{Document, Locked, changes, signature_fields};

use super::SIGNED;

/// The report with one field after another filled, each with what its signature says in `/Reference`.
fn filled(fields: &[(&str, Option<Dictionary>)]) -> Vec<u8> {
    let mut bytes = SIGNED.states[0].clone();
    for (name, reference) in fields {
        let file = File::read(&bytes).unwrap();
        let mut update = Update::new(&file);
        let mut signature = Dictionary::from([
            ("Type", Object::name("Sig")),
            ("SubFilter", Object::name("ETSI.CAdES.detached")),
            ("ByteRange", Object::Array(vec![Object::Integer(0); 4])),
            ("Contents", Object::Text(vec![0; 8])),
        ]);
        if let Some(reference) = reference {
            signature.set("Reference", Object::Array(vec![Object::Dictionary(reference.clone())]));
        }
        let signature = update.add(signature);
        let found = signature_fields(file.now()).unwrap();
        let field = found.iter().find(|field| field.name() == *name).unwrap();
        let mut dictionary = field.dictionary.clone();
        dictionary.set("V", Object::Reference(signature));
        update.set(field.id, dictionary);
        bytes = update.finish().unwrap().0;
    }
    bytes
}

fn reference(method: &str, parameters: Dictionary) -> Dictionary {
    Dictionary::from([
        ("Type", Object::name("SigRef")),
        ("TransformMethod", Object::name(method)),
        ("TransformParams", Object::Dictionary(parameters)),
    ])
}

fn certification(level: i64) -> Dictionary {
    reference("DocMDP", Dictionary::from([("P", Object::Integer(level))]))
}

fn lock(action: &str, names: &[&str]) -> Dictionary {
    let names = names.iter().map(|name| Object::text(name)).collect();
    reference("FieldMDP", Dictionary::from([("Action", Object::name(action)), ("Fields", Object::Array(names))]))
}

/// What breaks the first signature.
fn broken(bytes: &[u8]) -> Vec<String> {
    let document = Document::read(bytes).unwrap();
    document.broken_by(&document.signatures[0]).into_iter().map(|(_, what)| what).collect()
}

#[test]
fn who_certifies_that_nothing_may_change_allows_no_further_signature() {
    let after = |level| broken(&filled(&[("elaboro", Some(certification(level))), ("reviso", None)]));
    assert_eq!(after(1), ["siguió firmando un documento certificado para que nada cambiara"]);
    assert_eq!(after(2), [""; 0]);
    assert_eq!(after(3), [""; 0]);
    assert!(after(0).starts_with(&after(1)), "what cannot be understood forbids everything");
}

#[test]
fn a_field_that_was_locked_may_not_be_signed() {
    for (lock, locked) in [
        (lock("All", &[]), true),
        (lock("Include", &["reviso"]), true),
        (lock("Include", &["aprobo"]), false),
        (lock("Exclude", &["elaboro"]), true),
        (lock("Exclude", &["reviso", "aprobo"]), false),
        (lock("Quizás", &[]), true),
    ] {
        let broken = broken(&filled(&[("elaboro", Some(lock.clone())), ("reviso", None)]));
        assert_eq!(broken.iter().any(|what| what.contains("que esta firma había cerrado")), locked, "{lock:?}");
        assert_eq!(broken.is_empty(), !locked, "{lock:?}");
    }
}

/// ISO 32000-1, 12.8.2.4: who names a field names those below it.
#[test]
fn who_locks_a_field_locks_those_below_it() {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (only, all_but) = (Locked::Only(named(&["g"])), Locked::AllBut(named(&["g"])));
    for (field, below) in [("g", true), ("g.segundo", true), ("g.segundo.x", true), ("gs", false), ("x.g", false)] {
        assert_eq!((only.includes(field), all_but.includes(field)), (below, !below), "{field}");
    }
}

#[test]
fn what_a_signature_says_twice_or_not_plainly_forbids_everything() {
    let method = |value: Object| {
        let mut one = certification(3);
        one.set("TransformMethod", value);
        one
    };
    let with = |references: Object| {
        let signature = |update: &mut Update| {
            let mut signature = signature_of("Sig", "ETSI.CAdES.detached");
            signature.set("Reference", references.clone());
            update.add(signature)
        };
        let file = File::read(&SIGNED.states[0]).unwrap();
        let mut update = Update::new(&file);
        let signature = signature(&mut update);
        let found = signature_fields(file.now()).unwrap();
        let mut dictionary = found[0].dictionary.clone();
        dictionary.set("V", Object::Reference(signature));
        update.set(found[0].id, dictionary);
        let bytes = update.finish().unwrap().0;
        Document::read(&bytes).unwrap().signatures[0].permissions.clone()
    };
    let list = |all: &[Dictionary]| Object::Array(all.iter().cloned().map(Object::Dictionary).collect());
    let honest = with(list(&[certification(3), lock("Include", &["reviso"])]));
    assert_eq!((honest.certifies, honest.locked), (Some(3), Locked::Only(vec!["reviso".into()])));
    let missing = Object::Reference(seguimiento::pdf::Id::new(1));
    let without_fields = reference("FieldMDP", Dictionary::from([("Action", Object::name("Include"))]));
    for odd in [
        list(&[certification(2), certification(3)]),
        list(&[lock("All", &[]), lock("Include", &["aprobo"])]),
        list(&[method(missing.clone())]),
        list(&[method(Object::name("Otro"))]),
        list(&[without_fields]),
        Object::Array(vec![Object::Null]),
        Object::name("X"),
    ] {
        let permissions = with(odd.clone());
        assert_eq!((permissions.certifies, permissions.locked), (Some(1), Locked::All), "{odd:?}");
    }
}

#[test]
fn without_such_words_a_signature_forbids_nothing_more() {
    let bytes = filled(&[("elaboro", None), ("reviso", None), ("aprobo", None)]);
    let document = Document::read(&bytes).unwrap();
    assert!(document.signatures.iter().all(|one| one.permissions.locked == Locked::None));
    assert_eq!(broken(&bytes), [""; 0]);
}

/// What is forbidden about this signature, the second, in a field that was prepared so before the first.
fn second(signature: &Dictionary, prepare: impl FnOnce(&mut Update, &mut Dictionary)) -> Vec<String> {
    let of = |file: &File, name: &str| {
        let found = signature_fields(file.now()).unwrap();
        found.iter().find(|field| field.name() == name).map(|field| (field.id, field.dictionary.clone())).unwrap()
    };
    let first = File::read(&SIGNED.states[0]).unwrap();
    let mut update = Update::new(&first);
    let (id, mut field) = of(&first, "reviso");
    prepare(&mut update, &mut field);
    update.set(id, field);
    let mut bytes = update.finish().unwrap().0;
    for (name, signature) in [("elaboro", &signature_of("Sig", "ETSI.CAdES.detached")), ("reviso", signature)] {
        let file = File::read(&bytes).unwrap();
        let mut update = Update::new(&file);
        let signature = update.add(signature.clone());
        let shown = update.add(Body::Stream(drawing("FormType", Object::Integer(1)), b"0 g".to_vec()));
        let (id, mut field) = of(&file, name);
        field.set("V", Object::Reference(signature));
        field.set("AP", Object::Dictionary(Dictionary::from([("N", Object::Reference(shown))])));
        update.set(id, field);
        bytes = update.finish().unwrap().0;
    }
    changes(&File::read(&bytes).unwrap()).pop().unwrap().forbidden
}

/// Those who sign first see what an empty field shows, which goes when it is filled: so it stays in its box too.
#[test]
fn what_an_empty_field_shows_leaves_nothing_of_the_page_hidden() {
    let shown = |form: Dictionary, contents: &str| {
        second(&signature_of("Sig", "ETSI.CAdES.detached"), |update, field| {
            let form = update.add(Body::Stream(form, contents.as_bytes().to_vec()));
            field.set("AP", Object::Dictionary(Dictionary::from([("N", Object::Reference(form))])));
        })
    };
    let boxed = drawing("FormType", Object::Integer(1));
    assert_eq!(shown(boxed.clone(), "0 0 9 9 re f"), [""; 0]);
    let mut without = boxed.clone();
    without.remove("BBox");
    for (form, contents) in [(without, "0 0 9 9 re f"), (boxed, "Q Q 0 0 900 900 re f")] {
        let forbidden = shown(form, contents);
        assert!(forbidden[0].contains("que el campo vacío mostraba"), "{forbidden:?}");
    }
}

/// Whoever signs later may not keep others from signing, unless the field says so that everybody saw.
#[test]
fn a_later_signature_locks_what_its_field_says() {
    let said = |says: Option<&Dictionary>, reference: Dictionary| {
        let mut signature = signature_of("Sig", "ETSI.CAdES.detached");
        signature.set("Reference", Object::Array(vec![Object::Dictionary(reference)]));
        let parameters = says.and_then(|says| says.get("TransformParams").cloned());
        second(&signature, |_, field| parameters.into_iter().for_each(|lock| field.set("Lock", lock)))
    };
    let all = lock("All", &[]);
    assert_eq!(said(Some(&all), all.clone()), [""; 0]);
    for (says, does) in [
        (None, all.clone()),
        (Some(&lock("Include", &["elaboro"])), all.clone()),
        (None, certification(1)),
        (Some(&all), certification(1)),
    ] {
        let forbidden = said(says, does);
        assert!(forbidden.iter().any(|what| what.contains("más que lo que")), "{forbidden:?}");
    }
}

/// What is forbidden about the filling of an empty field with this signature and this appearance.
fn filling(signature: Dictionary, appearance: Dictionary) -> Vec<String> {
    filling_with(signature, |update| update.add(Body::Stream(appearance, b"0 g".to_vec())))
}

/// The same with what is drawn by the way.
fn filling_with(signature: Dictionary, draw: impl FnOnce(&mut Update) -> Id) -> Vec<String> {
    let file = File::read(&SIGNED.states[1]).unwrap();
    let mut update = Update::new(&file);
    let signature = update.add(signature);
    let appearance = draw(&mut update);
    let found = signature_fields(file.now()).unwrap();
    let field = found.iter().find(|field| field.name() == "reviso").unwrap();
    let mut dictionary = field.dictionary.clone();
    dictionary.set("V", Object::Reference(signature));
    dictionary.set("AP", Object::Dictionary(Dictionary::from([("N", Object::Reference(appearance))])));
    update.set(field.id, dictionary);
    let bytes = update.finish().unwrap().0;
    changes(&File::read(&bytes).unwrap()).pop().unwrap().forbidden
}

fn signature_of(kind: &str, format: &str) -> Dictionary {
    Dictionary::from([("Type", Object::name(kind)), ("SubFilter", Object::name(format))])
}

fn numbers(numbers: &[i64]) -> Object {
    Object::Array(numbers.iter().map(|number| Object::Integer(*number)).collect())
}

/// A drawing in its box, with something else said of it.
fn drawing(key: &str, value: Object) -> Dictionary {
    let mut form = Dictionary::from([("Subtype", Object::name("Form")), ("BBox", numbers(&[0, 0, 120, 40]))]);
    form.set(key, value);
    form
}

#[test]
fn a_field_that_waits_for_a_person_takes_no_timestamp() {
    let boxed = || drawing("Matrix", numbers(&[1, 0, 0, 1, 0, 0]));
    assert_eq!(filling(signature_of("Sig", "ETSI.CAdES.detached"), boxed()), [""; 0]);
    for [kind, format] in
        [["DocTimeStamp", "ETSI.RFC3161"], ["Sig", "ETSI.RFC3161"], ["DocTimeStamp", "ETSI.CAdES.detached"]]
    {
        let forbidden = filling(signature_of(kind, format), boxed());
        assert!(forbidden[0].contains("espera la firma de una persona"), "{forbidden:?}");
    }
}

#[test]
fn an_appearance_without_a_box_of_its_own_or_in_another_place_is_refused() {
    let sign = || signature_of("Sig", "ETSI.CAdES.detached");
    let mut without = drawing("FormType", Object::Integer(1));
    assert_eq!(filling(sign(), without.clone()), [""; 0]);
    assert_eq!(filling(sign(), drawing("BBox", numbers(&[0, 45, 124, 0]))), [""; 0], "the corners in any order");
    without.remove("BBox");
    // A viewer takes the widest box that it can count for no box at all, and of the place of far ones none knows all digits.
    let widest = Object::Array(
        ["-2147483647.0", "-2147483647.0", "2147483520.0", "2147483520.0"].map(|n| Object::Real(n.into())).to_vec(),
    );
    let boxes = [
        Object::Array(vec![]),
        numbers(&[0; 3]),
        Object::Array(vec![Object::Null; 4]),
        numbers(&[0; 4]),
        numbers(&[120, 40, 120, 0]),
        numbers(&[0, 0, 20_000, 40]),
        widest,
    ];
    let turned = [[1, 0, 0, 1, 1_000_000_000, 1_000_000_000], [1000, 0, 0, 1000, 0, 0], [0; 6], [0, 1, -1, 0, 0, 0]];
    let boxes = boxes.into_iter().map(|corners| drawing("BBox", corners));
    let turned = turned.map(|matrix| drawing("Matrix", numbers(&matrix)));
    for odd in boxes.chain(turned).chain([without]) {
        let forbidden = filling(sign(), odd.clone());
        assert!(
            forbidden.first().is_some_and(|why| why.contains("no es un dibujo propio de su firma")),
            "{odd:?} {forbidden:?}"
        );
    }
}

#[test]
fn what_a_signature_shows_is_a_drawing_of_its_own() {
    let drawn = |contents: &str| {
        let form = drawing("FormType", Object::Integer(1));
        let contents = contents.as_bytes().to_vec();
        filling_with(signature_of("Sig", "ETSI.CAdES.detached"), |update| update.add(Body::Stream(form, contents)))
    };
    assert_eq!(drawn("q 0 0 9 9 re f Q"), [""; 0]);
    assert!(drawn("Q 0 0 900 900 re f")[0].contains("no es un dibujo propio de su firma"));
    let file = File::read(&SIGNED.states[1]).unwrap();
    let is_font = |id: &Id| {
        let object = file.now().get(*id).and_then(|object| object.value.as_dictionary());
        object.is_some_and(|object| object.is("Subtype", "Type0"))
    };
    let of_the_document = (1..1_000).map(Id::new).find(is_font).expect("a font of the page");
    let one = |key: &str, value: Object| Object::Dictionary(Dictionary::from([(key, value)]));
    let borrowed = drawing("Resources", one("Font", one("f", Object::Reference(of_the_document))));
    let forbidden = filling(signature_of("Sig", "ETSI.CAdES.detached"), borrowed);
    assert!(forbidden[0].contains("no es un dibujo propio de su firma"), "{forbidden:?}");
}
