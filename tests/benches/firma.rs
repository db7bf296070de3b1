//! What signing and verifying take, warm: library calls on a report of this repository, signed by the tests' authority.
//!
//! usage: firma FOLDER [--rounds N]
//!        firma FOLDER --sign
//!
//! With `--sign` it signs all reports of a folder by three people, B-LT and the last B-LTA, for the bench of the archive, and measures nothing.
//!
//! It prints the medians in milliseconds as JSON: `set` a report made on a warm desk, `prepare` its signature fields, of that, and `read` one read; `rsa` and `ecdsa` a B-B
//! signature, and `again` what is done before it: making the report again; `verify` a file of three B-LTA signatures. That file
//! and the root are left in FOLDER as `lta.pdf` and `raiz.pem`.

// Here a panic is a bench that cannot run.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, Utc};
use mimalloc::MiMalloc;
use seguimiento::again::{Again, Layouts, again};
use seguimiento::assets::Assets;
use seguimiento::model::Role;
use seguimiento::pdf::{File, Update, rewrite};
use seguimiento::pipeline::{Desk, Format};
use seguimiento::pki::certificate::Certificate;
use seguimiento::pki::evidence::Evidence;
use seguimiento::sign::key::Key;
use seguimiento::sign::key::p12::FileKey;
use seguimiento::sign::secret::Secret;
use seguimiento::sign::{Level, Services, Shown, Signing, appearance, prepare, sign};
use seguimiento::verify::judge::Status;
use seguimiento::verify::verify;

#[allow(unused_imports)]
#[path = "../suite/authority/mod.rs"]
mod authority;

use authority::traits::{Reached, Stopped};
use authority::{Authority, now};

/// That of the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = arguments.first().filter(|first| !first.starts_with('-')) else {
        return println!("tests/benches/run firma runs this bench"); // `cargo bench`, which gives no folder
    };
    if arguments.iter().any(|given| given == "--sign") {
        return sign_all(Path::new(folder));
    }
    let rounds =
        arguments.iter().position(|given| given == "--rounds").map_or(200, |at| arguments[at + 1].parse().unwrap());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let desk = Desk::new(Assets::new(root)).unwrap();
    // Reports in turns, so that typst's cache holds what it holds in a batch, and not the very report.
    let plans = ["ejemplo-2025", "ejemplo-ponderado-2025", "ejemplo-revision-2025", "rmbc-2024"];
    let plans: Vec<_> = plans.iter().map(|name| desk.read(&root.join("plans").join(name), None)).collect();
    let sources: Vec<_> =
        plans.iter().flat_map(|plan| plan.reports().into_iter().map(move |report| (plan, report))).collect();
    let turn = Cell::new(0);
    let next = || turn.replace(turn.get() + 1) % sources.len();
    let make = |index: usize| {
        let (plan, report) = &sources[index];
        let composed = desk.compose(desk.prepare(plan, report, false).ok().unwrap()).ok().unwrap();
        composed.export(Format::Pdf).ok().unwrap().remove(0).bytes
    };
    let reports: Vec<Vec<u8>> = (0..sources.len()).map(make).collect();
    let report = reports.last().expect("a plan without errors").clone();
    let office = Office::new(&desk);
    let [elaboro, reviso, _] = Role::ALL;
    let mut lta = report.clone();
    for role in Role::ALL {
        lta = office.sign(&lta, role, Level::BLTA);
    }
    let root = Certificate::from_der(&office.authority.root.der()).unwrap();
    let verified =
        || assert_eq!(verify(&lta, &office.anchors, now(), &Evidence::default()).status, Status::TotalPassed);
    let read = median(rounds, || drop(File::read(&report).unwrap()));
    // Prepared already, it is read and searched; writing it anew is the rest.
    let searched = median(rounds, || drop(prepare(report.clone()).unwrap()));
    let rewritten = median(rounds, || drop(rewrite(&File::read(&report).unwrap(), &BTreeMap::new()).unwrap()));
    let figures = [
        ("set", median(rounds, || drop(make(next())))),
        ("prepare", searched + rewritten - read),
        ("read", read),
        (
            "again",
            median(rounds, || {
                assert!(matches!(again("x.pdf", &reports[next()], &desk, Layouts::Known), Again::Exact { .. }));
            }),
        ),
        ("rsa", median(rounds, || drop(office.sign(&reports[next()], elaboro, Level::BB)))),
        ("ecdsa", median(rounds, || drop(office.sign(&reports[next()], reviso, Level::BB)))),
        ("verify", median(rounds, verified)),
    ];
    fs::write(Path::new(folder).join("lta.pdf"), &lta).unwrap();
    fs::write(Path::new(folder).join("raiz.pem"), pem(root.der())).unwrap();
    let figures: Vec<String> = figures.iter().map(|(name, taken)| format!("\"{name}\": {taken:.3}")).collect();
    println!("{{\"bytes\": {}, \"lta_bytes\": {}, {}}}", report.len(), lta.len(), figures.join(", "));
}

/// Signs the reports of a folder, and leaves the root beside them.
fn sign_all(folder: &Path) {
    let desk = Desk::new(Assets::new(Path::new(env!("CARGO_MANIFEST_DIR")))).unwrap();
    let office = Office::new(&desk);
    for plan in fs::read_dir(folder.join("informes")).unwrap() {
        for report in fs::read_dir(plan.unwrap().path()).unwrap() {
            let path = report.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "pdf") {
                continue;
            }
            let mut pdf = fs::read(&path).unwrap();
            for (role, level) in Role::ALL.into_iter().zip([Level::BLT, Level::BLT, Level::BLTA]) {
                pdf = office.sign(&pdf, role, level);
            }
            fs::write(&path, pdf).unwrap();
        }
    }
    fs::write(folder.join("raiz.pem"), pem(&office.authority.root.der())).unwrap();
}

/// The people, and what they sign with.
struct Office<'a> {
    desk: &'a Desk,
    authority: Authority,
    anchors: Vec<Certificate>,
    keys: [FileKey; 3],
}

impl<'a> Office<'a> {
    fn new(desk: &'a Desk) -> Self {
        let authority = Authority::new();
        let anchors = vec![Certificate::from_der(&authority.root.der()).unwrap()];
        let file = |name: &str| {
            fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/autoridad").join(name)).unwrap()
        };
        let secret = Secret::new(String::from_utf8(file("clave.txt")).unwrap().trim().to_owned());
        let keys =
            Role::ALL.map(|role| FileKey::open("", &file(&format!("{}.p12", role.name())), &secret, None).unwrap());
        Self { desk, authority, anchors, keys }
    }

    fn sign(&self, pdf: &[u8], role: Role, level: Level) -> Vec<u8> {
        let shown = |signer| Shown {
            role,
            name: None,
            post: None,
            signer,
            time: now(),
            reason: None,
            place: None,
            image: None,
        };
        let signer = self.key(role).chain()[0].name();
        let draw = |update: &mut Update<'_>, width, height, time: DateTime<Utc>| {
            appearance(update, self.desk, (width, height), &Shown { time, ..shown(&signer) })
        };
        self.with(role, level, |signing| sign(pdf, signing, &draw).unwrap())
    }

    fn key(&self, role: Role) -> &FileKey {
        &self.keys[Role::ALL.iter().position(|one| *one == role).unwrap()]
    }

    fn with(&self, role: Role, level: Level, sign: impl Fn(&Signing) -> Vec<u8>) -> Vec<u8> {
        let reached = Reached { authority: &self.authority, now: now() };
        let clock = Stopped(now());
        let services = Services { clock: &clock, authority: Some(&reached), network: &reached, anchors: &self.anchors };
        sign(&Signing { role, level, key: self.key(role), services, without_anchor: false, reason: None, place: None })
    }
}

/// The median of so many runs, in milliseconds; the first is not counted.
fn median(rounds: usize, run: impl Fn()) -> f64 {
    run();
    let mut taken: Vec<f64> = (0..rounds.max(1))
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}

fn pem(der: &[u8]) -> String {
    use x509_cert::der::{Decode, EncodePem};
    x509_cert::Certificate::from_der(der).unwrap().to_pem(x509_cert::der::pem::LineEnding::LF).unwrap()
}
