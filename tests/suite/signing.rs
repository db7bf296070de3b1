//! `firmar` and `sellar` as the office types them, with the tests' authority at the other end of the network.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use seguimiento::pki::certificate::Certificate;
use seguimiento::pki::evidence::Evidence;
use seguimiento::verify::judge::Status;
use seguimiento::verify::{Verdict, verify};

use crate::authority::Authority;
use crate::authority::server::{Fault, Server};
use crate::support::{FOLLOW_UP, PLAN, Run, Workspace};

const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/autoridad");
const REPORT: &str = "informes/base/seguimiento-2025-1t.pdf";
/// What the office says of signing.
pub const OFFICE: &str = "[firma_digital]\ntsa = \"http://autoridad.invalid/tsa\"\nanclas = [\"raiz.pem\"]\nmotivo = \"Seguimiento\"\nespera = 5\n";

/// An office with two plans whose reports are made, the keys of three people, and the authority on the network.
pub struct Office {
    pub workspace: Workspace,
    server: Server,
}

fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

impl Office {
    pub fn new(settings: &str) -> Self {
        Self::with(Workspace::new(), settings)
    }

    /// One whose first plan is at hand.
    pub fn with(workspace: Workspace, settings: &str) -> Self {
        let file = |name: &str| fs::read(format!("{AUTHORITY}/{name}")).unwrap();
        let workspace = workspace
            .file("plans/otro/plan.toml", PLAN)
            .file("plans/otro/trimestre-1.toml", FOLLOW_UP)
            .file("seguimiento.toml", settings);
        let files = ["raiz.pem", "clave.txt", "elaboro.p12", "reviso.p12", "aprobo.p12"];
        let workspace = files.into_iter().fold(workspace, |workspace, name| workspace.file(name, file(name)));
        assert_eq!(workspace.run(&["generar", "--silencioso"]).status, 0);
        let server = Server::listen();
        server.serve(Authority::new(), now);
        Self { workspace, server }
    }

    /// Runs the program, which reaches the authority as a proxy.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = self.command(env!("CARGO_BIN_EXE_seguimiento")).args(arguments).output().unwrap();
        Run {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().unwrap(),
        }
    }

    /// A program, to be run in the office.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.workspace.path(""))
            .env("NO_COLOR", "1")
            .env("http_proxy", self.server.base())
            .env("CLAVE", fs::read_to_string(self.workspace.path("clave.txt")).unwrap().trim())
            .stdin(Stdio::null());
        command
    }

    /// Signs in a role with the key of its person.
    pub fn sign(&self, role: &str, rest: &[&str]) -> Run {
        let key = format!("{role}.p12");
        let arguments = ["firmar", "--rol", role, "--p12", &key, "--clave-entorno", "CLAVE"];
        self.run(&[&arguments[..], rest].concat())
    }

    fn report(&self) -> Vec<u8> {
        fs::read(self.workspace.path(REPORT)).unwrap()
    }

    fn verdict(&self) -> Verdict {
        let root = fs::read(self.workspace.path("raiz.pem")).unwrap();
        verify(&self.report(), &Certificate::read_all(&root).unwrap(), now(), &Evidence::default())
    }

    /// How often a path was asked for.
    fn asked(&self, path: &str) -> usize {
        self.server.requests().iter().filter(|request| request.ends_with(path)).count()
    }
}

#[test]
fn three_people_sign_in_turn_and_the_archive_renews_it() {
    let office = Office::new(OFFICE);
    let mut before = office.report();
    for (role, level) in [("elaboro", "B-LT"), ("reviso", "B-LT"), ("aprobo", "B-LTA")] {
        let run = office.sign(role, &[REPORT, "--nivel", level]);
        assert_eq!(run.status, 0, "{}", run.stderr);
        let after = office.report();
        assert!(after.starts_with(&before) && after.len() > before.len());
        assert_eq!(office.verdict().status, Status::TotalPassed, "{:?}", office.verdict());
        before = after;
    }
    let run = office.run(&["sellar", REPORT]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(office.report().starts_with(&before));
    let verdict = office.verdict();
    assert_eq!((verdict.status, verdict.signatures.len()), (Status::TotalPassed, 5), "three people, two stamps");
    assert_eq!(verdict.signatures[0].said.reason.as_deref(), Some("Seguimiento"), "as the office says");
}

#[test]
fn of_a_folder_those_are_signed_that_wait_for_it_and_one_that_cannot_be_stops_none_of_the_others() {
    let office = Office::new(OFFICE);
    for name in ["informes/base/b.pdf", "informes/base/c.PDF"] {
        fs::copy(office.workspace.path(REPORT), office.workspace.path(name)).unwrap();
    }
    fs::write(office.workspace.path("informes/base/a.pdf"), "%PDF-1.7 y nada más").unwrap();
    assert_eq!(office.sign("elaboro", &["informes/base/b.pdf", "--nivel", "B-B"]).status, 0);
    let run = office.sign("elaboro", &["informes/base"]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.starts_with("error: informes/base/a.pdf: "), "{}", run.stderr);
    let rest = run.stderr.split_once('\n').unwrap().1;
    let expected = "informes/base/c.PDF: firmado por Ana Muñoz\ninformes/base/seguimiento-2025-1t.pdf: firmado por Ana Muñoz\n2 informes firmados (";
    assert!(rest.starts_with(expected), "{rest}");
    assert!(rest.ends_with("1 informe sin firmar; 1 que no espera esta firma, sin tocar\n"), "{rest}");
    assert_eq!(office.asked("/ocsp"), 1, "once for both reports");
}

#[test]
fn an_authority_that_fails_leaves_the_report_as_it_was() {
    let office = Office::new(OFFICE);
    let before = office.report();
    office.server.misbehave("/tsa", Fault::Status("500 Internal Server Error"));
    let run = office.sign("elaboro", &[REPORT]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("tiene una falla (500)"), "{}", run.stderr);
    assert_eq!(office.report(), before);
    let run = office.run(&["sellar", REPORT]);
    assert!(run.status == 1 && run.stderr.contains("no tiene ninguna firma"), "{}", run.stderr);
    assert_eq!(office.report(), before);
}

#[test]
fn the_plan_says_it_over_the_office_and_the_command_over_both() {
    let office = Office::new(&OFFICE.replace("motivo", "nivel = \"B-B\"\nmotivo"));
    let plan: PathBuf = office.workspace.path("plans/otro/plan.toml");
    fs::write(&plan, format!("{PLAN}\n[firma_digital]\nnivel = \"B-T\"\nlugar = \"Leticia\"\n")).unwrap();
    assert_eq!(office.sign("elaboro", &["informes/base"]).status, 0);
    assert_eq!(office.asked("/tsa"), 0, "B-B, as the office says");
    let run = office.sign("elaboro", &["informes/otro"]);
    assert_eq!((run.status, office.asked("/tsa")), (0, 1), "{}", run.stderr);
    assert_eq!(office.sign("reviso", &["informes/base", "informes/otro", "--nivel", "B-B"]).status, 0);
    assert_eq!(office.asked("/tsa"), 1);
}

#[test]
fn what_is_wrong_in_the_settings_is_told_before_anything_is_signed() {
    let office = Office::new("[firma_digital]\nnivel = \"B-X\"\nancla = \"raiz.pem\"\n");
    let before = office.report();
    let run = office.sign("elaboro", &[REPORT]);
    assert_eq!(run.status, 1);
    for code in
        ["error[valor-desconocido]: «nivel» no puede ser «B-X»", "error[clave-desconocida]", "seguimiento.toml:2:9"]
    {
        assert!(run.stderr.contains(code), "{}", run.stderr);
    }
    for (settings, told) in [
        ("", "no se sabe en qué raíces se confía"),
        (
            "[firma_digital]\nanclas = [\"raiz.pem\"]\nnivel = \"B-T\"",
            "el nivel B-T necesita una autoridad de estampado cronológico",
        ),
        ("[firma_digital]\nanclas = [\"clave.txt\"]", "«./clave.txt» no trae certificados"),
        ("[firma_digital]\nanclas = [\"raiz.pem\"]\nimagen = \"clave.txt\"", "«./clave.txt» no es una imagen"),
        ("[firma_digital]\nanclas = [\"raiz.pem\"]\ntsa = \"ftp://tsa\"", "no es una dirección http:// o https://"),
    ] {
        fs::write(office.workspace.path("seguimiento.toml"), settings).unwrap();
        let run = office.sign("elaboro", &[REPORT]);
        assert_eq!(run.status, 2, "{}", run.stderr);
        assert!(run.stderr.contains(told), "{}", run.stderr);
    }
    assert_eq!(office.report(), before);
}

#[test]
fn an_image_of_gradients_and_transparency_is_signed_and_one_that_could_reach_out_of_its_box_is_not() {
    let office = Office::new(&format!("{OFFICE}imagen = \"escudo.svg\"\n"));
    let image = |inside: &str| {
        let svg = format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90">{inside}</svg>"#);
        fs::write(office.workspace.path("escudo.svg"), svg).unwrap();
    };
    let gradient = r##"<linearGradient id="g"><stop stop-color="red"/><stop offset="1" stop-color="#00f" stop-opacity="0.3"/></linearGradient>
        <rect width="90" height="40" fill="url(#g)" opacity="0.7"/><g opacity="0.5"><circle r="15"/><circle cx="9" r="15"/></g>"##;
    let tiling = r#"<pattern id="p" width="9" height="9" patternUnits="userSpaceOnUse"><circle r="3"/></pattern>
        <rect width="50" height="50" fill="url(#p)"/>"#;
    let before = office.report();
    image(tiling);
    let run = office.sign("elaboro", &[REPORT, "--nivel", "B-LT"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stderr.contains("lo firmado no se deja verificar, y no se guardó: "), "{}", run.stderr);
    assert!(run.stderr.contains("revise la imagen o la apariencia de la firma"), "{}", run.stderr);
    assert_eq!(office.report(), before);
    image(gradient);
    for role in ["elaboro", "reviso"] {
        let run = office.sign(role, &[REPORT, "--nivel", "B-LT"]);
        assert_eq!(run.status, 0, "{}", run.stderr);
    }
    assert_eq!(office.verdict().status, Status::TotalPassed, "{:?}", office.verdict());
}

#[test]
fn the_settings_of_signing_make_no_report_another_but_for_the_plan_inside_it() {
    let office = Office::new(OFFICE);
    let before = office.report();
    fs::write(office.workspace.path("seguimiento.toml"), "[firma_digital]\nmotivo = \"Otro\"\n").unwrap();
    assert_eq!(office.run(&["generar", "base", "--forzar", "--silencioso"]).status, 0);
    assert_eq!(office.report(), before);
}
