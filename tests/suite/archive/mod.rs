//! The archive through the library: with reports that the tests' authority signs, at a time that stands still.

mod command;
mod crash;
mod dice;
mod faults;
mod tampering;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use rayon::prelude::*;
use seguimiento::again::apart::Reproducer;
use seguimiento::archive::{
    ArchiveVerdict, Classification, Deposited, Examiner, Kept, Prover, REGISTER, Register, Store, commit, prepare,
    verify,
};
use seguimiento::assets::Assets;
use seguimiento::model::Role;
use seguimiento::pdf::Body;
use seguimiento::pipeline::{Desk, Format};
use seguimiento::pki::certificate::Certificate;
use seguimiento::sign::{Level, Services, Signing, renew, sign};
use seguimiento::verify::judge::Outcome;
use tempfile::TempDir;

use crate::authority::traits::{Reached, Stopped, Unlocked};
use crate::authority::{self, Authority, Identity};
use crate::pdf::office::other_metrics;
use crate::support::{FOLLOW_UP, PLAN, Workspace, desk, line, reproducer};

/// A report that everybody has signed, and the plan that it is of.
struct Report {
    plan: String,
    pdf: Vec<u8>,
}

/// The authority and whom it makes to be trusted.
static AUTHORITY: LazyLock<(Authority, Vec<Certificate>)> = LazyLock::new(|| {
    let authority = Authority::new();
    let anchors = vec![Certificate::from_der(&authority.root.der()).unwrap()];
    (authority, anchors)
});

/// Four trimestres of ten plans: forty reports.
static REPORTS: LazyLock<Vec<Report>> = LazyLock::new(|| {
    let plans: Vec<usize> = (1..=10).collect();
    let of_plan = |number: &usize| {
        let unsigned = trimestres(&plan_toml(*number), "");
        unsigned.into_iter().map(|pdf| Report { plan: format!("plan-{number}"), pdf: signed(&pdf) }).collect::<Vec<_>>()
    };
    plans.par_iter().flat_map_iter(of_plan).collect()
});

fn plan_toml(number: usize) -> String {
    PLAN.replace("Entidad de Prueba", &format!("Entidad de Prueba {number}"))
        .replace("\"EP\"", &format!("\"EP{number}\""))
}

/// The PDFs of a plan's four trimestres, in which something more was done.
fn trimestres(plan: &str, more: &str) -> Vec<Vec<u8>> {
    let cutoffs = ["03-31", "06-30", "09-30", "12-31"];
    let year = plan.lines().find_map(|line| line.strip_prefix("vigencia = ")).unwrap();
    let workspace =
        cutoffs.iter().zip(1..).fold(Workspace::empty().file("plans/base/plan.toml", plan), |all, (cutoff, n)| {
            let follow_up = FOLLOW_UP
                .replace("trimestre = 1", &format!("trimestre = {n}"))
                .replace("03-31", cutoff)
                .replace("2025", year);
            all.file(
                &format!("plans/base/trimestre-{n}.toml"),
                follow_up.replace("al equipo.", &format!("al equipo.{more}")),
            )
        });
    let plan = workspace.read();
    let reports = plan.reports();
    assert_eq!(reports.len(), 4, "{:?}", plan.findings);
    let pdf = |report| {
        let prepared = desk().prepare(&plan, report, false).unwrap();
        desk().compose(prepared).unwrap().export(Format::Pdf).unwrap().pop().unwrap().bytes
    };
    reports.iter().map(pdf).collect()
}

fn services<'a>(reached: &'a Reached<'a>, clock: &'a Stopped) -> Services<'a> {
    Services { clock, authority: Some(reached), network: reached, anchors: &AUTHORITY.1 }
}

/// A report signed by all three, the last one B-LTA.
fn signed(pdf: &[u8]) -> Vec<u8> {
    let authority = &AUTHORITY.0;
    let people = [
        (Role::Elaboro, &authority.elaboro, Level::BLT),
        (Role::Reviso, &authority.reviso, Level::BLT),
        (Role::Aprobo, &authority.aprobo, Level::BLTA),
    ];
    people.into_iter().fold(pdf.to_vec(), |pdf, (role, who, level)| signed_by(&pdf, role, who, level))
}

fn signed_by(pdf: &[u8], role: Role, who: &Identity, level: Level) -> Vec<u8> {
    let reached = Reached { authority: &AUTHORITY.0, now: authority::now() };
    let clock = Stopped(authority::now());
    let key = Unlocked::of(who);
    let services = services(&reached, &clock);
    let signing = Signing { role, level, key: &key, services, without_anchor: false, reason: None, place: None };
    sign(pdf, &signing, &line).unwrap()
}

/// A report with one more timestamp.
fn renewed(pdf: &[u8]) -> Vec<u8> {
    let now = authority::now() + TimeDelta::hours(12);
    let reached = Reached { authority: &AUTHORITY.0, now };
    renew(pdf, &services(&reached, &Stopped(now))).unwrap()
}

/// When reports are archived here.
fn moment() -> DateTime<Utc> {
    authority::now() + TimeDelta::days(1)
}

fn classification() -> Classification {
    let text = |text: &str| Some(text.to_owned());
    Classification {
        series: text("Informes"),
        subseries: text("De seguimiento & control"),
        code: text("110.27"),
        file: None,
    }
}

/// An archive in a temporary folder.
struct Archive {
    folder: TempDir,
}

impl Archive {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One with the first reports of all.
    fn of(reports: usize) -> Self {
        let archive = Self::new();
        archive.add(REPORTS[..reports].iter().map(|report| (report.plan.as_str(), report.pdf.clone())), None);
        archive
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("archivo")
    }

    fn store(&self) -> Store {
        Store::open(&self.path(), &mut || false).unwrap()
    }

    /// Archives reports as one run of the program does.
    fn add<'a>(
        &self,
        reports: impl IntoIterator<Item = (&'a str, Vec<u8>)>,
        reason: Option<&str>,
    ) -> Vec<Result<Deposited>> {
        let mut store = self.store();
        let done = reports.into_iter().map(|(plan, pdf)| put(&mut store, plan, pdf, reason)).collect();
        store.finish().unwrap();
        done
    }

    fn add_one(&self, plan: &str, pdf: &[u8], reason: Option<&str>) -> Result<Deposited> {
        self.add([(plan, pdf.to_vec())], reason).pop().unwrap()
    }

    fn register(&self) -> Register {
        Register::read(&fs::read(self.path().join(REGISTER)).unwrap())
    }

    /// Everything proved.
    fn verdict(&self) -> ArchiveVerdict {
        verdict(&self.path(), None)
    }

    fn assert_holds(&self) {
        let verdict = self.verdict();
        assert_eq!(wrong(&verdict), [""; 0]);
        assert!(verdict.holds());
    }

    /// The bytes of every file, by path.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path())
    }
}

/// Archives a report.
fn put(store: &mut Store, plan: &str, pdf: Vec<u8>, reason: Option<&str>) -> Result<Deposited> {
    put_by(reproducer(), store, plan, pdf, reason)
}

fn put_by(
    reproducer: Reproducer<'_>,
    store: &mut Store,
    plan: &str,
    pdf: Vec<u8>,
    reason: Option<&str>,
) -> Result<Deposited> {
    let examiner = Examiner { reproducer, anchors: &AUTHORITY.1, now: moment() };
    commit(store, prepare(pdf, plan, examiner)?, &classification(), reason)
}

/// All of an archive verified a day later.
fn verdict(folder: &Path, kept: Option<&Kept>) -> ArchiveVerdict {
    let anchors = |_: &str| AUTHORITY.1.as_slice();
    let prover = Prover { reproducer: reproducer(), anchors: &anchors, now: moment() + TimeDelta::days(1) };
    verify(folder, Some(prover), kept.map(|kept| (kept, AUTHORITY.1.as_slice())), &|| ())
}

/// What does not hold of an archive, or is not known, in words.
fn wrong(verdict: &ArchiveVerdict) -> Vec<String> {
    let mut wrong = verdict.faults.clone();
    wrong.extend(verdict.continued.as_ref().and_then(|continued| continued.fault.clone()));
    for report in &verdict.reports {
        let checks = report.checks.iter().filter(|check| check.outcome != Outcome::Held);
        wrong.extend(checks.map(|check| format!("{}, {}: {}", report.entry.bag, check.key, check.seen)));
    }
    wrong
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.insert(name, fs::read(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn signed_reports_are_archived_and_all_of_the_archive_holds() {
    let archive = Archive::of(4);
    let register = archive.register();
    let bags: Vec<&str> = register.entries.iter().map(|entry| entry.bag.as_str()).collect();
    let expected = [1, 2, 3, 4].map(|n| format!("plan-1/seguimiento-2025-{n}t/v1"));
    assert_eq!(bags, expected);
    let entry = &register.entries[0];
    assert_eq!((entry.level.as_str(), entry.pages, entry.signatures.len()), ("B-LTA", 1, 3));
    assert_eq!(entry.signatures[2].name, "Clara Ibáñez");
    let verdict = archive.verdict();
    assert_eq!(wrong(&verdict), [""; 0]);
    assert!(verdict.reports.iter().all(|report| report.checks.len() == 8));
    assert!(!archive.path().join(".en-curso").exists());
}

#[test]
fn a_bag_has_the_report_its_sources_its_data_and_what_held_of_it() {
    let archive = Archive::of(1);
    let bag = "plan-1/seguimiento-2025-1t/v1/";
    let files = archive.files();
    let names: Vec<&str> = files.keys().filter_map(|path| path.strip_prefix(bag)).collect();
    insta::assert_snapshot!(names.join("\n"));
    let text = |path: &str| String::from_utf8(files[&format!("{bag}{path}")].clone()).unwrap();
    assert_eq!(files[&format!("{bag}data/seguimiento-2025-1t.pdf")], REPORTS[0].pdf);
    assert_eq!(text("data/fuentes/plan.toml"), plan_toml(1));
    insta::assert_snapshot!("tabla", text("data/datos-abiertos/tabla.csv"));
    insta::assert_snapshot!("diccionario", text("data/datos-abiertos/diccionario.csv"));
    insta::assert_snapshot!("bag-info", text("bag-info.txt"));
    assert!(text("data/verificacion.txt").contains("TOTAL-PASSED"));
}

#[test]
fn the_index_has_every_document_with_its_digest_and_running_folios() {
    let archive = Archive::of(1);
    let files = archive.files();
    let index = String::from_utf8(files["plan-1/seguimiento-2025-1t/v1/data/indice.xml"].clone()).unwrap();
    let value = |name: &str| -> Vec<&str> {
        let tag = format!("<{name}>");
        let parts: Vec<&str> = index.split(&tag).skip(1).collect();
        parts.into_iter().map(|part| part.split('<').next().unwrap()).collect()
    };
    assert_eq!(value("Subserie"), ["De seguimiento &amp; control"]);
    let names = value("Nombre_Documento");
    assert_eq!(names[0], "seguimiento-2025-1t.pdf");
    assert_eq!(names.last(), Some(&"verificacion.txt"));
    let documents = files.keys().filter(|path| path.contains("/data/") && !path.contains("/indice.x")).count();
    assert_eq!(names.len(), documents);
    let pages: Vec<(&str, &str)> = value("Pagina_Inicio").into_iter().zip(value("Pagina_Fin")).collect();
    assert_eq!(pages[..3], [("1", "1"), ("2", "2"), ("3", "3")]);
    assert_eq!(value("Valor_Huella")[0], archive.register().entries[0].digest);
    assert_eq!(value("Fecha_Creacion_Documento")[0], "2026-03-02T10:00:00-05:00");
    assert_eq!(value("Fecha_Incorporacion_Expediente")[0], "2026-03-03T10:00:00-05:00");
}

#[test]
fn archiving_the_same_report_again_changes_nothing() {
    let archive = Archive::of(2);
    let before = archive.files();
    let again = archive.add_one("plan-1", &REPORTS[1].pdf, None).unwrap();
    assert_eq!(again, Deposited::Before("plan-1/seguimiento-2025-2t/v1".into()));
    let elsewhere = archive.add_one("otro", &REPORTS[1].pdf, None).unwrap();
    assert_eq!(elsewhere, again, "wherever it lies now");
    assert_eq!(archive.files(), before);
}

#[test]
fn another_file_of_the_same_report_is_a_new_version_with_its_reason_and_the_old_one_stays() {
    let archive = Archive::of(1);
    let before = archive.files();
    let other = renewed(&REPORTS[0].pdf);
    let refused = archive.add_one("plan-1", &other, None).unwrap_err().to_string();
    assert!(refused.contains("como versión 2, diga por qué con --motivo"), "{refused}");
    assert_eq!(archive.files(), before);
    let bag = archive.add_one("plan-1", &other, Some("Se renovó el sello")).unwrap();
    assert_eq!(bag, Deposited::Now("plan-1/seguimiento-2025-1t/v2".into()));
    let after = archive.files();
    assert!(before.iter().filter(|(path, _)| path.contains("/v1/")).all(|(path, bytes)| after[path] == *bytes));
    let refused = archive.add_one("plan-1", &REPORTS[0].pdf, Some("Otra vez")).unwrap_err().to_string();
    assert_eq!(refused, "es la versión 1 de «plan-1/seguimiento-2025-1t», que ya fue reemplazada por la 2");
    let register = archive.register();
    let reasons: Vec<Option<&str>> = register.entries.iter().map(|entry| entry.reason.as_deref()).collect();
    assert_eq!(reasons, [None, Some("Se renovó el sello")]);
    archive.assert_holds();
}

#[test]
fn the_same_reports_at_the_same_time_give_the_same_archive() {
    assert_eq!(Archive::of(3).files(), Archive::of(3).files());
}

#[test]
fn what_should_not_be_archived_is_refused_with_the_reason() {
    let archive = Archive::of(1);
    let before = archive.files();
    let unsigned = trimestres(&plan_toml(7), "").remove(0);
    let authority = &AUTHORITY.0;
    let of_one = signed_by(&unsigned, Role::Elaboro, &authority.elaboro, Level::BLT);
    let basic = signed_by(&of_one, Role::Reviso, &authority.reviso, Level::BB);
    let mut broken = REPORTS[5].pdf.clone();
    broken[20_000] ^= 1;
    let other_entity = signed(&trimestres(&plan_toml(8), "").remove(1));
    let other_year = signed(&trimestres(&plan_toml(1).replace("2025", "2026"), "").remove(1));
    for (plan, pdf, why) in [
        ("plan-7", unsigned, "sus firmas no valen (INDETERMINATE): no tiene ninguna"),
        ("plan-7", of_one, "faltan las firmas de «reviso», «aprobo»"),
        ("plan-7", basic, "sus firmas no valen (INDETERMINATE): no hay datos de revocación"),
        ("plan-2", broken, "sus firmas no valen (TOTAL-FAILED)"),
        ("plan-7", b"%PDF-1.7".to_vec(), "no es un informe de este programa"),
        ("plan-1", other_entity.clone(), "«plan-1» tiene en el archivo los informes de otra entidad"),
        ("plan-1", other_year, "«plan-1» tiene en el archivo los informes de otra vigencia, 2025"),
        ("Plan-1", other_entity, "que Windows no distingue de «Plan-1»"),
        ("..", REPORTS[6].pdf.clone(), "no puede dar nombre a una del archivo"),
    ] {
        let refused = format!("{:#}", archive.add_one(plan, &pdf, Some("Porque sí")).unwrap_err());
        assert!(refused.contains(why), "{refused}");
    }
    let refused = archive.add_one("plan-1", &renewed(&REPORTS[0].pdf), Some("uno\ndos")).unwrap_err().to_string();
    assert!(
        refused.contains("un texto con caracteres de control"),
        "or nobody could read the register any more: {refused}"
    );
    assert_eq!(archive.files(), before);
}

#[test]
fn a_report_that_its_own_data_do_not_make_is_not_archived_even_if_it_is_signed() {
    let unsigned = trimestres(&plan_toml(7), "").remove(0);
    let other = trimestres(&plan_toml(7), " Todo.").remove(0);
    assert_ne!(unsigned, other);
    let file = seguimiento::pdf::File::read(&unsigned).unwrap();
    let other = seguimiento::pdf::File::read(&other).unwrap();
    // The page of the one with the data of the other.
    let page = file.now().pages()[0];
    let content = page.value.as_dictionary().unwrap().get("Contents").unwrap().as_reference().unwrap();
    let theirs = other.now().pages()[0].value.as_dictionary().unwrap().get("Contents").unwrap().as_reference().unwrap();
    let view = other.now();
    let stream = view.get(theirs).unwrap();
    let bodies = [(
        content.number,
        Body::Stream(stream.value.as_dictionary().unwrap().clone(), view.raw(stream).unwrap().to_vec()),
    )];
    let forged = signed(&seguimiento::pdf::rewrite(&file, &bodies.into()).unwrap());
    let refused = format!("{:#}", Archive::new().add_one("plan-7", &forged, None).unwrap_err());
    assert!(refused.contains("el contenido no es la reproducción de los datos adjuntos"), "{refused}");
}

#[test]
fn of_another_version_of_the_program_only_what_is_archived_with_more_at_its_end_is_archived() {
    let archive = Archive::of(1);
    let font = "IBMPlexSansCondensed-Regular.ttf";
    let office = Workspace::empty().file(&format!("fonts/{font}"), other_metrics(font));
    let desk = Desk::new(Assets::new(office.path(""))).unwrap();
    let later = Reproducer { desk: &desk, ..reproducer() };
    let mut store = archive.store();
    let mut put = |plan: &str, pdf: Vec<u8>| put_by(later, &mut store, plan, pdf, Some("Se renovó el sello"));
    let corrected = signed(&trimestres(&plan_toml(1), " Todo.").remove(0));
    for (plan, pdf) in [("plan-1", REPORTS[1].pdf.clone()), ("plan-1", corrected), ("plan-2", REPORTS[4].pdf.clone())] {
        let refused = format!("{:#}", put(plan, pdf).unwrap_err());
        assert!(refused.ends_with("es el de esos datos. Archívelo con la versión que lo hizo"), "{refused}");
    }
    let renewed = put("plan-1", renewed(&REPORTS[0].pdf)).unwrap();
    assert_eq!(renewed, Deposited::Now("plan-1/seguimiento-2025-1t/v2".into()));
    store.finish().unwrap();
    archive.assert_holds();
}
