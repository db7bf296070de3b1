//! What a signature forbids to those after it: nobody's cryptography is asked, only who did what after whom.

use seguimiento::pdf::{Dictionary, File, Object, Update};
use seguimiento::verify::{Document, Locked, signature_fields};

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
    assert_eq!(after(0), after(1), "what cannot be understood forbids everything");
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
        let expected = if locked { vec!["firmó el campo «reviso», que esta firma había cerrado"] } else { vec![] };
        assert_eq!(broken, expected, "{lock:?}");
    }
}

#[test]
fn without_such_words_a_signature_forbids_nothing_more() {
    let bytes = filled(&[("elaboro", None), ("reviso", None), ("aprobo", None)]);
    let document = Document::read(&bytes).unwrap();
    assert!(document.signatures.iter().all(|one| one.permissions.locked == Locked::None));
    assert_eq!(broken(&bytes), [""; 0]);
}
