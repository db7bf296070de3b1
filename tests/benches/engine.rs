//! The bare engine: what typst itself needs to compile and export the reports of the batch, and nothing of this crate
//! but, outside of what is measured, what the reports are set from and the signature fields that it puts into what typst made.
//!
//! usage: engine FOLDER --lay-out OFFICE
//!        engine FOLDER --threads N [--first REPORTS] [--evict AGE] [--write FOLDER]
//!
//! The first lays out in FOLDER what `seguimiento` hands to the engine for the plans of an office, as files, for the typst command line
//! and for this program:
//!
//!     fonts/              those of the program
//!     jobs/PLAN-Nt/       a document; its folder is typst's root
//!         plantilla.typ   the template, and in comun/ what all templates share
//!         informe/        principal.typ and what it reads
//!         identidad.txt   what the PDF's identifier comes from
//!
//! Library, fonts, the template's sources and all files are in memory before the clock starts, and typst is warm. Then
//! plain threads take one document after another, in order, compile it and export it to a PDF in memory. It prints
//! `{"documents": …, "pages": …, "seconds": …, "processors": …}`, the last in seconds of all threads. With `--write` the PDFs are written too, so that it can be seen that
//! they are byte for byte those of `seguimiento`; that time is no measure.

// Here a panic is a bench that cannot run.
#![allow(clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use mimalloc::MiMalloc;
use seguimiento::assets::Assets;
use seguimiento::pipeline;
use seguimiento::sign::prepare;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// That of the program: the bench is of the use of typst, not of the allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// As deep as typst's own command line allows.
const STACK: usize = 16 * 1024 * 1024;
/// After how many documents that did not use it a result leaves typst's cache: as many as in the program. On a machine
/// that did other things too, 1 to 16 could not be told apart; `--evict` tries others.
const EVICT: usize = 4;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let option = |name: &str| Some(arguments[arguments.iter().position(|given| given == name)? + 1].as_str());
    if let Some(office) = option("--lay-out") {
        return lay_out(Path::new(office), Path::new(&arguments[0]));
    }
    let number = |name: &str| option(name).map(|value| value.parse().expect("a number"));
    let Some(threads) = number("--threads") else {
        return println!("tests/benches/run runs this bench"); // `cargo bench`, which has no documents for it
    };
    let folder = Path::new(arguments.first().expect("a folder"));
    let evict = number("--evict").unwrap_or(EVICT);
    let write = option("--write").map(PathBuf::from);
    let first = number("--first").unwrap_or(usize::MAX);

    let jobs: Vec<Job> = entries(&folder.join("jobs")).iter().take(first).map(|root| Job::load(root)).collect();
    let engine = Engine::load(&folder.join("fonts"), &jobs[0]);
    for job in &jobs[..jobs.len().min(4)] {
        engine.pdf(job);
    }
    comemo::evict(0); // warm, but with nothing of these documents

    let (next, pages) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (pdf, of_this) = engine.pdf(job);
            comemo::evict(evict);
            pages.fetch_add(of_this, Ordering::Relaxed);
            if let Some(folder) = &write {
                let pdf = prepare(pdf).expect("a report with places for signatures");
                fs::write(folder.join(&job.name).with_extension("pdf"), pdf).expect("a PDF can be written");
            }
        }
    };
    let (start, before) = (Instant::now(), processors());
    thread::scope(|scope| {
        for _ in 0..threads {
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).expect("a thread");
        }
    });
    let (seconds, processors) = (start.elapsed().as_secs_f64(), processors() - before);
    let (documents, pages) = (jobs.len(), pages.into_inner());
    println!(r#"{{"documents": {documents}, "pages": {pages}, "seconds": {seconds}, "processors": {processors}}}"#);
}

/// All reports of an office as the engine gets them, in a folder.
fn lay_out(office: &Path, folder: &Path) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |path: PathBuf, bytes: &[u8]| {
        fs::create_dir_all(path.parent().unwrap()).expect("a folder can be made");
        fs::write(path, bytes).expect("a file can be written");
    };
    for font in entries(&program.join("fonts")).iter().filter(|path| path.extension().is_some_and(|kind| kind == "ttf"))
    {
        write(folder.join("fonts").join(font.file_name().unwrap()), &bytes(font));
    }
    let desk = pipeline::Desk::new(Assets::embedded()).expect("fonts");
    for path in entries(&office.join("plans")) {
        let plan = desk.read(&path, None);
        for report in plan.reports() {
            let prepared = desk.prepare(&plan, &report, false).expect("a template");
            let quarter = report.get().follow_up.quarter.number();
            let root = folder.join("jobs").join(format!("{}-{quarter}t", path.file_name().unwrap().display()));
            for (name, bytes) in prepared.files() {
                write(root.join("informe").join(name), &bytes);
            }
            write(root.join("identidad.txt"), prepared.identity().as_bytes());
            for (name, source) in [
                ("plantilla.typ", "report-templates/seguimiento-trimestral/plantilla.typ"),
                ("comun/pagina.typ", "report-templates/comun/pagina.typ"),
                ("informe/principal.typ", "src/typeset/principal.typ"),
            ] {
                write(root.join(name), &bytes(&program.join(source)));
            }
        }
    }
}

/// Seconds of processor that all threads of this process have taken. Linux only.
fn processors() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).map(|ticks| ticks.parse::<f64>().expect("a number") / 100.0).sum()
}

/// What serves all documents.
struct Engine {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
    main: FileId,
}

impl Engine {
    fn load(fonts: &Path, first: &Job) -> Self {
        let fonts: Vec<Font> = entries(fonts).iter().flat_map(|path| Font::iter(bytes(path))).collect();
        let source = |path: &str| {
            let id = id(path);
            (id, Source::new(id, first.files[&id].as_str().expect("UTF-8").into()))
        };
        Self {
            library: LazyHash::new(
                Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build(),
            ),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: ["informe/principal.typ", "plantilla.typ", "comun/pagina.typ"].map(source).into(),
            main: id("informe/principal.typ"),
        }
    }

    /// The document as PDF, as `src/export/pdf.rs` has typst make it, and its number of pages.
    fn pdf(&self, job: &Job) -> (Vec<u8>, usize) {
        let document: PagedDocument = typst::compile(&Desk { engine: self, job }).output.expect("a document");
        let options = PdfOptions {
            ident: Smart::Custom(job.ident.clone()),
            creator: Smart::Custom(Some(concat!("seguimiento ", env!("CARGO_PKG_VERSION")).into())),
            standards: PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1]).expect("standards that agree"),
            ..PdfOptions::default()
        };
        (typst_pdf::pdf(&document, &options).expect("a conforming PDF"), document.pages().len())
    }
}

/// One document: its files, in memory.
struct Job {
    name: String,
    ident: String,
    files: HashMap<FileId, Bytes>,
}

impl Job {
    fn load(root: &Path) -> Self {
        let mut files = HashMap::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let inside = path.strip_prefix(root).unwrap().to_str().expect("UTF-8");
                    files.insert(id(inside), bytes(&path));
                }
            }
        }
        let name = root.file_name().unwrap().to_str().expect("UTF-8").to_owned();
        let ident = fs::read_to_string(root.join("identidad.txt")).expect("identidad.txt");
        Self { name, ident, files }
    }
}

/// The world of one document.
struct Desk<'a> {
    engine: &'a Engine,
    job: &'a Job,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.engine.book
    }

    fn main(&self) -> FileId {
        self.engine.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.engine.sources.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.job.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_without_slash().into())
}

fn id(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a path that typst can hold")).intern()
}

fn bytes(path: &Path) -> Bytes {
    Bytes::new(fs::read(path).expect("a readable file"))
}

/// What is in a folder, by name.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
