//! What the tests share: one desk for all of them, and a working folder that cleans up after itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use anyhow::Result;
use chrono::{DateTime, Utc};
use seguimiento::again::apart::Reproducer;
use seguimiento::assets::Assets;
use seguimiento::diag::{Finding, render};
use seguimiento::input::Earlier;
use seguimiento::model::Quarter;
use seguimiento::pdf::{Body, Dictionary, Id, Object, Update};
use seguimiento::pipeline::{Desk, Faults, Format, ReadPlan};
use tempfile::TempDir;

/// `plan.toml` of the small valid plan that cases and tests start from.
pub const PLAN: &str = include_str!("../cases/base/plan.toml");
/// Its `trimestre-1.toml`.
pub const FOLLOW_UP: &str = include_str!("../cases/base/trimestre-1.toml");

/// The desk of all tests, with the embedded templates and fonts and nothing else.
pub fn desk() -> &'static Desk {
    static DESK: LazyLock<Desk> =
        LazyLock::new(|| Desk::new(Assets::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))).unwrap());
    &DESK
}

/// A temporary working folder, gone when it is dropped. Its plan is `plans/base`, unless a method names another.
pub struct Workspace {
    folder: TempDir,
}

/// What makes reports again.
pub fn reproducer() -> Reproducer<'static> {
    Reproducer::new(desk(), Path::new(env!("CARGO_BIN_EXE_seguimiento")))
}

/// What a run of the program gave.
#[allow(dead_code)] // every test file takes what it needs
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

#[allow(dead_code)] // every test file takes what it needs
impl Workspace {
    /// An empty one.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// One with the small valid plan in `plans/base`.
    pub fn new() -> Self {
        Self::empty().file("plans/base/plan.toml", PLAN).file("plans/base/trimestre-1.toml", FOLLOW_UP)
    }

    /// One with the small plan that an audit finds nothing in, in `plans/base`.
    pub fn for_audit() -> Self {
        macro_rules! base {
            ($file:literal) => {
                include_str!(concat!("../cases/audit/base/", $file))
            };
        }
        Self::empty()
            .file("plans/base/plan.toml", base!("plan.toml"))
            .file("plans/base/trimestre-1.toml", base!("trimestre-1.toml"))
            .file("plans/base/trimestre-2.toml", base!("trimestre-2.toml"))
    }

    /// The path of something in it.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, with the folders that it needs.
    pub fn file(self, path: &str, contents: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    /// Replaces a piece of text that stands exactly once in a file.
    pub fn edit(self, path: &str, old: &str, new: &str) -> Self {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert_eq!(text.matches(old).count(), 1, "{old:?} must stand exactly once in {path}");
        self.file(path, text.replace(old, new))
    }

    /// Copies a file or a folder of this repository to the same place.
    pub fn copy(self, path: &str) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        if source.is_file() {
            return self.file(path, fs::read(source).unwrap());
        }
        fs::read_dir(source).unwrap().fold(self, |workspace, entry| {
            workspace.copy(&format!("{path}/{}", entry.unwrap().file_name().to_str().unwrap()))
        })
    }

    /// Takes a file away.
    pub fn remove(self, path: &str) -> Self {
        fs::remove_file(self.path(path)).unwrap();
        self
    }

    /// Gives something a new name.
    pub fn rename(self, old: &str, new: &str) -> Self {
        fs::rename(self.path(old), self.path(new)).unwrap();
        self
    }

    /// Makes a folder.
    pub fn folder(self, path: &str) -> Self {
        fs::create_dir_all(self.path(path)).unwrap();
        self
    }

    /// Reads `plans/base` with the library.
    pub fn read(&self) -> ReadPlan {
        self.read_plan("base")
    }

    /// Reads another plan with the library.
    pub fn read_plan(&self, name: &str) -> ReadPlan {
        self.with_desk(|desk| desk.read(&self.path("plans").join(name), None))
    }

    /// The findings of `plans/base`, a line each, file names counted from the plan's folder.
    pub fn findings(&self) -> String {
        let plan = self.read();
        self.short(&plan.findings, &plan)
    }

    /// As [`Self::findings`], and what comes up when the reports that the data allow are set and exported.
    pub fn findings_of_reports(&self) -> String {
        self.with_desk(|desk| {
            let plan = desk.read(&self.path("plans/base"), None);
            let told = |faults: &Faults| self.tidy(&render::short(&faults.findings, &faults.sources));
            let mut findings = self.short(&plan.findings, &plan);
            for report in plan.reports() {
                match desk.prepare(&plan, &report, false).and_then(|prepared| desk.compose(prepared)) {
                    Ok(composed) => {
                        findings += &composed.export(Format::Pdf).err().as_ref().map_or(String::new(), told);
                        findings += &told(&composed.warnings);
                    }
                    Err(faults) => findings += &told(&faults),
                }
            }
            findings
        })
    }

    /// The findings of `plans/base` and of its audit, as [`Self::findings`].
    pub fn findings_of_audit(&self) -> String {
        let plan = self.audit();
        self.short(&plan.findings, &plan)
    }

    /// Reads `plans/base` with the library and audits it; the plan in the folder `earlier` is how it was before.
    pub fn audit(&self) -> ReadPlan {
        self.with_desk(|desk| {
            let mut plan = desk.read(&self.path("plans/base"), None);
            if self.path("earlier").exists() {
                let earlier = desk.read(&self.path("earlier"), None).folder.plan.expect("the plan as it was");
                let report = "seguimiento-2025-1t.pdf".to_owned();
                plan.earlier.insert(Quarter::new(2).unwrap(), Earlier { report, plan: earlier });
            }
            plan.findings = plan.audited();
            plan
        })
    }

    fn short(&self, findings: &[Finding], plan: &ReadPlan) -> String {
        self.tidy(&render::short(findings, &plan.folder.sources))
    }

    /// Takes the path of the temporary folder out of a text.
    pub fn tidy(&self, text: &str) -> String {
        let folder = self.folder.path().to_str().unwrap();
        text.replace(&format!("{folder}/plans/base/"), "").replace(&format!("{folder}/"), "")
    }

    /// Templates and fonts of the folder count; without any, the desk is the one of all tests.
    fn with_desk<T>(&self, act: impl FnOnce(&Desk) -> T) -> T {
        if self.path("report-templates").exists() || self.path("fonts").exists() {
            act(&Desk::new(Assets::new(self.folder.path())).unwrap())
        } else {
            act(desk())
        }
    }

    /// Runs the program in it.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_seguimiento"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().unwrap(),
        }
    }
}

/// What a signature shows here: a line.
#[expect(clippy::unnecessary_wraps, reason = "drawing may fail elsewhere")]
pub fn line(update: &mut Update, width: f64, height: f64, _: DateTime<Utc>) -> Result<Id> {
    let number = |number: f64| Object::Real(format!("{number:.4}"));
    let dictionary = Dictionary::from([
        ("Type", Object::name("XObject")),
        ("Subtype", Object::name("Form")),
        ("BBox", Object::Array([0.0, 0.0, width, height].map(number).to_vec())),
        ("Resources", Object::Dictionary(Dictionary::default())),
    ]);
    Ok(update.add(Body::Stream(dictionary, b"0 0 m 9 9 l S".to_vec())))
}
