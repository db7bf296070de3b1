//! What verifying an archive tells, fault by fault.

use std::collections::BTreeMap;
use std::fs;

use chrono::TimeDelta;
use seguimiento::archive::render::{Verified, human, json};
use seguimiento::archive::{Bag, Head, Kept, Prover, REGISTER, STAGING, verify};

use super::{AUTHORITY, Archive, REPORTS, moment, renewed, services, verdict, wrong};
use crate::authority;
use crate::authority::traits::{Reached, Stopped};
use crate::support::reproducer;

const BAG: &str = "plan-1/seguimiento-2025-1t/v1";

fn told(archive: &Archive) -> Vec<String> {
    let verdict = archive.verdict();
    assert!(!verdict.holds());
    wrong(&verdict)
}

#[test]
fn what_is_not_in_the_register_does_not_belong_into_the_folder() {
    let archive = Archive::of(1);
    fs::create_dir_all(archive.path().join("plan-1/vacia")).unwrap();
    fs::write(archive.path().join(".oculto"), "").unwrap();
    fs::create_dir(archive.path().join("plan-1/seguimiento-2025-1t/v2")).unwrap();
    fs::create_dir(archive.path().join(STAGING)).unwrap();
    assert_eq!(
        told(&archive),
        [
            "«.en-curso»: un archivado está en curso, o quedó a medias y el próximo lo termina",
            "«.oculto» no está en el registro",
            "«plan-1/seguimiento-2025-1t/v2» no está en el registro",
            "«plan-1/vacia» no está en el registro",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_wherever_it_leads() {
    use std::os::unix::fs::symlink;
    let archive = Archive::of(1);
    let elsewhere = archive.path().with_file_name("afuera");
    fs::rename(archive.path().join(BAG), &elsewhere).unwrap();
    symlink(&elsewhere, archive.path().join(BAG)).unwrap();
    let not_there = format!("{BAG}, paquete: no está en el archivo");
    assert_eq!(told(&archive), [format!("«{BAG}» no está en el registro"), not_there]);
    fs::remove_file(archive.path().join(BAG)).unwrap();
    fs::rename(&elsewhere, archive.path().join(BAG)).unwrap();
    let plan = archive.path().join(BAG).join("data/fuentes/plan.toml");
    fs::rename(&plan, &elsewhere).unwrap();
    symlink(&elsewhere, &plan).unwrap();
    let told = told(&archive);
    assert!(told[0].contains("«data/fuentes/plan.toml» no puede estar en un paquete"), "{told:?}");
}

#[test]
fn what_was_changed_in_a_bag_is_named() {
    let archive = Archive::of(1);
    let bag = archive.path().join(BAG);
    fs::write(bag.join("data/fuentes/plan.toml"), "otro").unwrap();
    fs::write(bag.join("data/nota.txt"), "").unwrap();
    fs::remove_file(bag.join("data/datos-abiertos/tabla.csv")).unwrap();
    fs::write(bag.join("otra.txt"), "").unwrap();
    let told = told(&archive).join("\n");
    for what in [
        "falta «data/datos-abiertos/tabla.csv»",
        "«data/fuentes/plan.toml» cambió desde que se archivó",
        "sobra «data/nota.txt»",
        "sobra «otra.txt»",
    ] {
        assert!(told.contains(what), "{told}");
    }
    fs::create_dir(bag.join("data/vacia")).unwrap();
    assert!(super::wrong(&archive.verdict())[0].ends_with("data/vacia/ está vacía"));
}

/// What is told of an archive of one report after somebody changed what is in its bag and brought all hashes up to date.
fn told_of_bag(change: impl FnOnce(&mut BTreeMap<String, Vec<u8>>)) -> Vec<String> {
    let archive = Archive::of(1);
    let path = archive.path().join(BAG);
    let mut data = Bag::read(&path).unwrap().files;
    data.retain(|path, _| path.starts_with("data/"));
    change(&mut data);
    let bag = Bag::new(data, fs::read(path.join("bag-info.txt")).unwrap());
    fs::remove_dir_all(&path).unwrap();
    for (file, bytes) in &bag.files {
        fs::create_dir_all(path.join(file).parent().unwrap()).unwrap();
        fs::write(path.join(file), bytes).unwrap();
    }
    let mut entry = archive.register().entries.remove(0);
    entry.bag_digest = bag.digest();
    fs::write(archive.path().join(REGISTER), entry.line() + "\n").unwrap();
    told(&archive)
}

#[test]
fn a_bag_has_what_bags_have_and_the_verdict_on_its_own_report() {
    let told = told_of_bag(|data| _ = data.insert("data/otro.bin".into(), vec![0]));
    assert!(told.contains(&format!("{BAG}, paquete: trae «data/otro.bin», que ningún paquete tiene")), "{told:?}");
    let wrong = format!("{BAG}, verificacion: no es la de este informe");
    for file in ["data/verificacion.json", "data/verificacion.txt"] {
        let told = told_of_bag(|data| _ = data.remove(file));
        assert!(told.contains(&wrong), "{told:?}");
    }
    let people = "\"rol\": \"elaboro\"";
    for (said, otherwise) in [
        ("TOTAL-PASSED", "INDETERMINATE"),
        ("\"sha256\": \"", "\"sha256\": \"0"),
        ("T", " "),
        ("exacto", "distinto"),
        (people, "\"rol\": \"reviso\""),
    ] {
        let told = told_of_bag(|data| {
            let verdict = String::from_utf8(data["data/verificacion.json"].clone()).unwrap();
            data.insert("data/verificacion.json".into(), verdict.replacen(said, otherwise, 1).into_bytes());
        });
        assert!(told.contains(&wrong), "{said} {told:?}");
    }
    let told = told_of_bag(|data| _ = data.insert("data/verificacion.txt".into(), b"TOTAL-FAILED".to_vec()));
    assert!(told.contains(&wrong), "{told:?}");
}

#[test]
fn without_its_register_nothing_is_said_of_what_lies_in_the_folder() {
    let archive = Archive::of(1);
    fs::remove_file(archive.path().join(REGISTER)).unwrap();
    assert_eq!(told(&archive).len(), 1);
}

#[test]
fn a_catalogue_of_another_register_is_told() {
    let archive = Archive::of(1);
    fs::write(archive.path().join("index.html"), "<!doctype html>").unwrap();
    assert_eq!(
        told(&archive),
        [
            "«index.html» no es el catálogo de este registro: alguien lo cambió, o lo hizo otra versión del programa; «archivar» \
         lo rehace"
        ]
    );
    archive.store().finish().unwrap();
    archive.assert_holds();
}

#[test]
fn an_archive_proves_that_it_continues_the_one_that_had_a_head() {
    let archive = Archive::of(2);
    let now = authority::now();
    let reached = Reached { authority: &AUTHORITY.0, now };
    let clock = Stopped(now);
    let authority = services(&reached, &clock).authority;
    let kept = Kept::new(archive.register().head(), authority, &clock).unwrap();
    let kept = Kept::read(&kept.json()).unwrap();
    archive.add_one("plan-1", &REPORTS[2].pdf, None).unwrap();
    let of = |kept: &Kept| verdict(&archive.path(), Some(kept));
    let continued = of(&kept);
    assert!(continued.holds());
    let stamp = continued.continued.unwrap().stamp.unwrap();
    assert_eq!((stamp.time, stamp.authority.as_str()), (now, "Estampado cronológico de ensayo"));
    let none = Kept::read(&format!("0:{}", "0".repeat(64))).unwrap();
    assert!(of(&none).holds(), "every archive continues the empty one");
    let longer = Kept { head: Head { entries: 4, digest: "a".repeat(64) }, token: None };
    assert_eq!(wrong(&of(&longer)), ["tenía 4 entradas y ahora tiene 3: le quitaron las últimas"]);
    let other = Kept { head: Head { entries: 2, digest: "a".repeat(64) }, token: None };
    assert_eq!(wrong(&of(&other)), ["la entrada 2 no es la de entonces: lo rehicieron"]);
    let mut broken = kept.clone();
    *broken.token.as_mut().unwrap().last_mut().unwrap() ^= 1;
    let moved = Kept { head: archive.register().head(), token: kept.token };
    for kept in [broken, moved] {
        let verdict = of(&kept);
        assert!(!verdict.holds());
        let continued = verdict.continued.unwrap();
        assert!(continued.fault.is_none() && continued.stamp_fault.is_some(), "{continued:?}");
    }
}

#[test]
fn signatures_that_nobody_vouches_for_are_told() {
    let archive = Archive::of(1);
    let nobody = |_: &str| [].as_slice();
    let prover = Prover { reproducer: reproducer(), anchors: &nobody, now: moment() };
    let told = wrong(&verify(&archive.path(), Some(prover), None, &|| ()));
    assert!(told[0].starts_with(&format!("{BAG}, firmas: INDETERMINATE: ")), "{told:?}");
}

#[test]
fn of_a_version_that_was_replaced_it_is_enough_that_its_signatures_held_when_it_was_archived() {
    let archive = Archive::of(1);
    // The authority's certificate for timestamps ends with 2089.
    let in_2092 = || {
        let anchors = |_: &str| AUTHORITY.1.as_slice();
        let prover = Prover { reproducer: reproducer(), anchors: &anchors, now: moment() + TimeDelta::days(365 * 66) };
        wrong(&verify(&archive.path(), Some(prover), None, &|| ()))
    };
    let told = in_2092();
    assert!(told[0].starts_with(&format!("{BAG}, firmas: INDETERMINATE: ")), "{told:?}");
    archive.add_one("plan-1", &renewed(&REPORTS[0].pdf), Some("Se renovó el sello")).unwrap();
    let told = in_2092();
    assert_eq!(told[0], format!("{BAG}, firmas: valían cuando se archivó; otra versión la reemplazó"));
    assert!(told[1].starts_with("plan-1/seguimiento-2025-1t/v2, firmas: INDETERMINATE: "), "{told:?}");
}

#[test]
fn a_verdict_is_said_to_people_and_to_programs() {
    let archive = Archive::of(2);
    let bag = archive.path().join(BAG);
    fs::write(bag.join("data/fuentes/plan.toml"), "otro").unwrap();
    let head = archive.register().head();
    let verified =
        Verified { path: "archivo".into(), verdict: verdict(&archive.path(), Some(&Kept { head, token: None })) };
    let without_digest = |text: String| text.replace(&archive.register().head().digest, "[sha256]");
    insta::assert_snapshot!("humano", without_digest(human(&verified, false)));
    let of_program =
        |text: String| text.replace(concat!("seguimiento ", env!("CARGO_PKG_VERSION")), "seguimiento [versión]");
    let digests = archive.register().entries.into_iter().map(|entry| entry.digest);
    let text =
        digests.fold(of_program(without_digest(json(&[verified], moment()))), |text, one| text.replace(&one, "[pdf]"));
    insta::assert_snapshot!("json", text);
}
