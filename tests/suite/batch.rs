//! Many reports: what is up to date is left alone and nothing else is, a run that is killed harms nothing, and the number
//! of workers makes no difference to any byte.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::Instant;

use proptest::prelude::*;
use proptest::sample::subsequence;
use seguimiento::assets::Assets;
use seguimiento::batch::{self, Crew, Done, Event, Order};
use seguimiento::diag::{Finding, Sources, render};
use seguimiento::model::Quarter;
use seguimiento::pipeline::{Desk, Format};

use crate::pdf::office::other_metrics;
use crate::support::Workspace;

/// A page that takes little time.
const TEMPLATE: &str = r#"#let informe(datos) = {
  set page(width: 120mm, height: 80mm)
  set text(font: "IBM Plex Sans", stretch: 75%)
  heading(datos.titulo)
  if datos.entidad.logo != none { image(datos.entidad.logo, alt: "Logo", width: 5mm) }
  for row in datos.filas { par(row.flatten().join(" ")) }
}
"#;
const FORMAT: &str = r#"[formato]
nombre = "Breve"
titulo = "Informe {vigencia}-{trimestre}"

[[columna]]
clave = "numero"
titulo = "No."
ancho = "7mm"
alineacion = "centro"

[[columna]]
clave = "cualitativo"
titulo = "Avance"
ancho = "1fr"
alineacion = "izquierda"
"#;

/// Everything that a report may depend on, each in a few variants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Inputs {
    plan: u8,
    logo: u8,
    template: u8,
    format: u8,
    font: bool,
    annex: bool,
    follow_ups: [u8; 2],
    /// Whether there is a report of the trimestre before to compare with.
    earlier: bool,
}

/// What can happen to a working folder.
#[derive(Debug, Clone)]
enum Step {
    Plan(u8),
    Logo(u8),
    Template(u8),
    Format(u8),
    Font(bool),
    /// The reports are asked for with the annex, or without.
    Annex(bool),
    FollowUp(usize, u8),
    /// A file that no report depends on comes or goes.
    Stranger(bool),
    /// Somebody harms a report that was made.
    Harm(usize, Format, Harm),
    /// The record is lost or spoilt.
    Record(Option<&'static str>),
    Run {
        formats: Vec<Format>,
        quarter: Option<i64>,
        force: bool,
        workers: usize,
    },
}

#[derive(Debug, Clone, Copy)]
enum Harm {
    Removed,
    Truncated,
    OneByteChanged,
}

fn step() -> impl Strategy<Value = Step> {
    let formats = subsequence(vec![Format::Pdf, Format::Svg], 1..=2);
    let harm = prop_oneof![Just(Harm::Removed), Just(Harm::Truncated), Just(Harm::OneByteChanged)];
    let format = prop_oneof![Just(Format::Pdf), Just(Format::Svg)];
    let record = prop_oneof![Just(None), Just(Some("")), Just(Some("{}")), Just(Some("{\"plan\":7}"))];
    let run = (formats, prop::option::weighted(0.3, 1..=2i64), prop::bool::weighted(0.1), 1..=3usize);
    prop_oneof![
        1 => (0..3u8).prop_map(Step::Plan),
        1 => (0..3u8).prop_map(Step::Logo),
        1 => (0..2u8).prop_map(Step::Template),
        1 => (0..2u8).prop_map(Step::Format),
        1 => any::<bool>().prop_map(Step::Font),
        1 => any::<bool>().prop_map(Step::Annex),
        2 => (0..2usize, 0..3u8).prop_map(|(of, variant)| Step::FollowUp(of, variant)),
        1 => any::<bool>().prop_map(Step::Stranger),
        1 => (0..2usize, format, harm).prop_map(|(of, format, harm)| Step::Harm(of, format, harm)),
        1 => record.prop_map(Step::Record),
        8 => run.prop_map(|(formats, quarter, force, workers)| Step::Run { formats, quarter, force, workers }),
    ]
}

/// A working folder with one plan of two trimestres.
struct Bureau {
    workspace: Workspace,
    inputs: Inputs,
    /// What the program must take for up to date: for each report, from which inputs it was made and which of its forms are
    /// as they were made.
    expected: HashMap<usize, (Inputs, BTreeSet<Format>)>,
    /// What each report must look like.
    truth: HashMap<(Inputs, usize), BTreeMap<String, Vec<u8>>>,
}

impl Bureau {
    fn new() -> Self {
        let inputs = Inputs {
            plan: 0,
            logo: 0,
            template: 0,
            format: 0,
            font: false,
            annex: false,
            follow_ups: [0, 0],
            earlier: false,
        };
        let mut bureau =
            Self { workspace: Workspace::empty(), inputs, expected: HashMap::new(), truth: HashMap::new() };
        bureau.workspace = lay_out(Workspace::empty(), &bureau.inputs);
        bureau
    }

    /// What a report depends on: not on the other trimestre, but that an annex compares with the report of the first one if that
    /// is not to be made again.
    fn inputs_of(&self, report: usize, quarter: Option<i64>) -> Inputs {
        let mut inputs = self.inputs.clone();
        inputs.follow_ups[1 - report] = 0;
        inputs.earlier = inputs.annex && report == 1 && quarter == Some(2) && {
            let desk = Desk::new(Assets::new(self.workspace.path(""))).unwrap();
            desk.earlier(&self.first_report(), &desk.read(&self.workspace.path("plans/p"), None)).is_ok()
        };
        inputs
    }

    fn first_report(&self) -> PathBuf {
        self.workspace.path("informes/p/seguimiento-2025-1t.pdf")
    }

    fn take(&mut self, step: Step) {
        let workspace = std::mem::replace(&mut self.workspace, Workspace::empty());
        match step {
            Step::Plan(variant) => self.inputs.plan = variant,
            Step::Logo(variant) => self.inputs.logo = variant,
            Step::Template(variant) => self.inputs.template = variant,
            Step::Format(variant) => self.inputs.format = variant,
            Step::Font(other) => self.inputs.font = other,
            Step::Annex(annex) => self.inputs.annex = annex,
            Step::FollowUp(of, variant) => self.inputs.follow_ups[of] = variant,
            _ => {}
        }
        self.workspace = lay_out(workspace, &self.inputs);
        match step {
            Step::Stranger(there) => {
                let path = self.workspace.path("plans/p/notas.txt");
                if there { fs::write(path, "notas").unwrap() } else { drop(fs::remove_file(path)) }
            }
            Step::Harm(of, format, harm) => self.harm(of, format, harm),
            Step::Record(contents) => {
                let path = self.workspace.path("informes/p/.al-dia.json");
                match contents {
                    Some(contents) if path.exists() => fs::write(path, contents).unwrap(),
                    _ => drop(fs::remove_file(path)),
                }
                self.expected.clear();
            }
            Step::Run { formats, quarter, force, workers } => {
                self.run(&formats, quarter, force, workers);
                self.run(&formats, quarter, false, workers);
            }
            _ => {}
        }
    }

    fn harm(&mut self, of: usize, format: Format, harm: Harm) {
        let Some((name, _)) = self.truth(of, None).into_iter().find(|(name, _)| form(name) == format) else { return };
        let path = self.workspace.path("informes/p").join(name);
        let Ok(mut bytes) = fs::read(&path) else { return };
        match harm {
            Harm::Removed => fs::remove_file(&path).unwrap(),
            Harm::Truncated => fs::write(&path, &bytes[..bytes.len() / 2]).unwrap(),
            Harm::OneByteChanged => {
                let middle = bytes.len() / 2;
                // Never back to what it was, however often.
                bytes[middle] = bytes[middle].wrapping_add(1);
                fs::write(&path, bytes).unwrap();
            }
        }
        if let Some((_, intact)) = self.expected.get_mut(&of) {
            intact.remove(&format);
        }
    }

    /// Runs a batch, and holds against the model which reports were made, and against the pipeline what stands in the folder.
    fn run(&mut self, formats: &[Format], quarter: Option<i64>, force: bool, workers: usize) {
        let covered: Vec<usize> = (0..2)
            .zip(1..)
            .filter(|(_, number)| quarter.is_none_or(|quarter| quarter == *number))
            .map(|(of, _)| of)
            .collect();
        let up_to_date = |bureau: &Self, of: usize| {
            let made = bureau.expected.get(&of);
            made.is_some_and(|(inputs, intact)| {
                *inputs == bureau.inputs_of(of, quarter) && formats.iter().all(|format| intact.contains(format))
            })
        };
        let must_make: Vec<bool> = covered.iter().map(|of| force || !up_to_date(self, *of)).collect();
        let made = made(&self.workspace, formats, quarter, self.inputs.annex, force, workers);
        assert_eq!(made, must_make, "which reports were made");
        for (of, made) in covered.into_iter().zip(must_make) {
            let inputs = self.inputs_of(of, quarter);
            let entry = self.expected.entry(of).or_insert_with(|| (inputs.clone(), BTreeSet::new()));
            if entry.0 != inputs {
                *entry = (inputs, BTreeSet::new());
            }
            if made {
                entry.1.extend(formats);
            }
            for (name, bytes) in self.truth(of, quarter).into_iter().filter(|(name, _)| formats.contains(&form(name))) {
                let found = fs::read(self.workspace.path("informes/p").join(&name)).unwrap();
                assert!(found == bytes, "{name} is not what its inputs make of it");
            }
        }
    }

    /// The files of a report, by way of the pipeline alone.
    fn truth(&mut self, of: usize, quarter: Option<i64>) -> BTreeMap<String, Vec<u8>> {
        let key = (self.inputs_of(of, quarter), of);
        let (first_report, with_earlier) = (self.first_report(), key.0.earlier);
        let make = || {
            let desk = Desk::new(Assets::new(self.workspace.path(""))).unwrap();
            let mut plan = desk.read(&self.workspace.path("plans/p"), None);
            if with_earlier {
                let earlier = desk.earlier(&first_report, &plan).unwrap();
                plan.earlier.insert(Quarter::new(2).unwrap(), earlier);
            }
            plan.findings = plan.audited();
            let report = plan.reports().remove(of);
            let composed = desk.compose(desk.prepare(&plan, &report, self.inputs.annex).unwrap()).unwrap();
            let files = [Format::Pdf, Format::Svg].into_iter().flat_map(|format| composed.export(format).unwrap());
            files.map(|file| (format!("seguimiento-2025-{}t{}", of + 1, file.suffix), file.bytes)).collect()
        };
        self.truth.entry(key).or_insert_with(make).clone()
    }
}

fn form(name: &str) -> Format {
    if name.contains("-p0") { Format::Svg } else { Format::Pdf }
}

/// Writes all inputs.
fn lay_out(workspace: Workspace, inputs: &Inputs) -> Workspace {
    let logo = if inputs.logo == 0 { "" } else { "logo = \"logo.svg\"\n" };
    let plan = format!(
        "[entidad]\nnombre = \"Entidad {}\"\nsigla = \"E\"\ndependencias = [\"D\"]\n{logo}\n[plan]\nvigencia = 2025\n\
         objetivo = \"o\"\nformato = \"breve\"\n\n[[accion]]\nnumero = 1\nnombre = \"n\"\nresponsables = [\"D\"]\n",
        inputs.plan
    );
    let follow_up = |of: usize| {
        let text = format!("Avance {of}, variante {}.", inputs.follow_ups[of]);
        let cutoff = ["2025-03-31", "2025-06-30"][of];
        format!(
            "[seguimiento]\nvigencia = 2025\ntrimestre = {}\nfecha_corte = {cutoff}\n\n[[avance]]\naccion = 1\ncualitativo = \"{text}\"\n",
            of + 1
        )
    };
    let drawing = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='{}' height='4'/></svg>",
        inputs.logo + 1
    );
    let font = workspace.path("fonts/IBMPlexSansCondensed-Regular.ttf");
    let _ = fs::remove_file(&font);
    let workspace = workspace
        .file("plans/p/plan.toml", plan)
        .file("plans/p/trimestre-1.toml", follow_up(0))
        .file("plans/p/trimestre-2.toml", follow_up(1))
        .file("plans/p/logo.svg", drawing)
        .file("report-templates/breve/plantilla.typ", TEMPLATE.replace("80mm", &format!("{}mm", 80 + inputs.template)))
        .file(
            "report-templates/breve/formato.toml",
            FORMAT.replace("Informe", ["Informe", "Reporte"][usize::from(inputs.format)]),
        );
    if inputs.font {
        workspace.file("fonts/IBMPlexSansCondensed-Regular.ttf", other_metrics("IBMPlexSansCondensed-Regular.ttf"))
    } else {
        workspace
    }
}

/// Runs a batch, and says of each report whether it was made; `false` is that it was up to date.
fn made(
    workspace: &Workspace,
    formats: &[Format],
    quarter: Option<i64>,
    annex: bool,
    force: bool,
    workers: usize,
) -> Vec<bool> {
    let desk = Desk::new(Assets::new(workspace.path(""))).unwrap();
    let tell = |findings: &[Finding], sources: &Sources| render::short(findings, sources);
    let order = Order {
        plans: vec![workspace.path("plans/p")],
        quarter: quarter.and_then(Quarter::new),
        year: None,
        formats: formats.to_vec(),
        annex,
        force,
        into: workspace.path("informes"),
        tell: &tell,
        // That a plan has doubtful words is no matter here.
        tell_of_plan: &|plan, findings| {
            let errors: Vec<Finding> = findings.iter().filter(|finding| finding.is_error()).cloned().collect();
            tell(&errors, &plan.sources)
        },
    };
    let workers = NonZeroUsize::new(workers).unwrap();
    let crew = Crew { makers: workers, cores: workers, stop: &AtomicBool::new(false) };
    let mut made = Vec::new();
    batch::run(&desk, order, crew, |event| {
        if let Event::Outcome(outcome) = event {
            assert_eq!(outcome.told, "");
            match outcome.done {
                Done::Opened { failed, .. } => assert_eq!(failed, 0),
                Done::Audited => {}
                Done::Made { .. } => made.push(true),
                Done::UpToDate { .. } => made.push(false),
                Done::Unchanged { stems, .. } => made.extend(stems.iter().map(|_| false)),
                other => panic!("{other:?}"),
            }
        }
    })
    .unwrap();
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_report_is_made_again_exactly_when_something_that_it_depends_on_has_changed(steps in prop::collection::vec(step(), 1..16)) {
        let mut bureau = Bureau::new();
        for step in steps {
            bureau.take(step);
        }
    }
}

#[test]
fn a_plan_that_was_settled_is_not_taken_for_settled_once_one_of_its_reports_is_of_other_data() {
    let run = |quarter| Step::Run { formats: vec![Format::Pdf], quarter, force: false, workers: 1 };
    let changes = [
        (Step::FollowUp(1, 1), Step::FollowUp(1, 0)),
        (Step::Plan(1), Step::Plan(0)),
        (Step::Logo(1), Step::Logo(0)),
        (Step::Template(1), Step::Template(0)),
        (Step::Format(1), Step::Format(0)),
        (Step::Font(true), Step::Font(false)),
        (Step::Annex(true), Step::Annex(false)),
    ];
    let mut bureau = Bureau::new();
    for (change, back) in changes {
        // All of it; then one report of it, with something changed; then all of it as it was.
        for step in [run(None), change, run(Some(2)), back, run(None)] {
            bureau.take(step);
        }
    }
}

/// How often a run is killed. Each time it is at another moment.
const KILLS: u32 = 200;

/// A working folder with so many plans of two trimestres.
fn many(plans: u8) -> Workspace {
    let inputs = |n: u8| Inputs {
        plan: n,
        logo: 1,
        template: 0,
        format: 0,
        font: false,
        annex: false,
        follow_ups: [n, n + 1],
        earlier: false,
    };
    (0..plans).fold(Workspace::empty(), |workspace, n| {
        lay_out(workspace, &inputs(n)).rename("plans/p", &format!("plans/p{n}"))
    })
}

#[test]
fn a_run_that_is_killed_leaves_only_whole_reports_and_the_next_makes_the_rest() {
    let plans = many(6);
    let start = Instant::now();
    assert_eq!(plans.run(&["generar"]).status, 0);
    let whole_run = start.elapsed();
    let expected = reports(&plans);
    assert_eq!(expected.len(), 12);

    let mut interrupted = 0;
    for kill in 0..KILLS {
        fs::remove_dir_all(plans.path("informes")).unwrap();
        let mut run = Command::new(env!("CARGO_BIN_EXE_seguimiento"))
            .args(["generar", "--trabajos", "2"])
            .current_dir(plans.path(""))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Spread over a little more than a run; the order is that of the golden ratio, so that no moment comes twice.
        sleep(whole_run.mul_f64(1.1 * (f64::from(kill) * 0.618_034).fract()));
        run.kill().unwrap();
        let killed = run.wait().unwrap().code().is_none();

        let left = reports(&plans);
        for (path, bytes) in &left {
            assert!(expected.get(path) == Some(bytes), "{path} is not whole");
        }
        interrupted += u32::from(killed && !left.is_empty() && left.len() < expected.len());
        let next = plans.run(&["generar"]);
        assert_eq!(next.status, 0, "{}", next.stderr);
        assert!(reports(&plans) == expected, "the next run makes the rest");
        let files = |folder: &std::path::Path| fs::read_dir(folder).unwrap().count();
        for n in 0..6 {
            assert_eq!(
                files(&plans.path(&format!("informes/p{n}"))),
                3,
                "two reports, their record, and nothing half-written"
            );
        }
    }
    assert!(interrupted > 0, "no run was killed between its first report and its last");
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_finishes_what_it_has_in_hand_and_says_what_remains() {
    const PLANS: u8 = 150;
    const REPORTS: usize = 2 * PLANS as usize;
    let plans = many(PLANS);
    let mut run = Command::new(env!("CARGO_BIN_EXE_seguimiento"))
        .args(["generar", "--trabajos", "1"])
        .current_dir(plans.path(""))
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(run.stderr.take().unwrap());
    let mut words = String::new();
    said.read_line(&mut words).unwrap();
    let interrupted = Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    said.read_to_string(&mut words).unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(130), "{words}");

    let made = reports(&plans).len();
    assert!(0 < made && made < REPORTS, "{made} of {REPORTS}");
    assert_eq!(words.matches(": 1 página\n").count(), made, "each report that was made has its line");
    assert!(words.contains(&format!("\ninterrumpido; por hacer: {} informes.", REPORTS - made)), "{words}");
    let next = plans.run(&["generar"]);
    assert!(next.stderr.contains(&format!("{} informes, ", REPORTS - made)), "{}", next.stderr);
    assert!(next.stderr.contains(&format!("; {made} informes ya estaban al día")) || made == 1, "{}", next.stderr);
    assert_eq!(reports(&plans).len(), REPORTS);
}

#[test]
fn a_panic_in_the_engine_fails_its_own_report_and_no_other() {
    // typst 0.15 panics on this; once it does not, another such template has to be found.
    let panics =
        "#let informe(datos) = figure({ show: pad.with(50%); show: block.with(inset: 1cm); grid(h(1fr), stack()) })";
    let plans = many(3);
    let format = FORMAT.replace("Breve", "Roto");
    let plans =
        plans.file("report-templates/roto/plantilla.typ", panics).file("report-templates/roto/formato.toml", format);
    let plans = plans.edit("plans/p1/plan.toml", "formato = \"breve\"", "formato = \"roto\"");
    let run = plans.run(&["generar"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    let broken = "error: «informes/p1/seguimiento-2025-1t»: el programa falló, por un defecto propio: ";
    assert!(run.stderr.contains(broken), "{}", run.stderr);
    assert!(run.stderr.contains("\n4 informes, 4 páginas, en informes ("), "{}", run.stderr);
    assert!(run.stderr.contains("; 2 informes sin terminar por fallas"), "{}", run.stderr);
    assert_eq!(reports(&plans).len(), 4);
}

#[test]
fn the_pictures_of_a_signed_report_are_made_once() {
    let plans = many(1);
    assert_eq!(plans.run(&["generar"]).status, 0);
    let pdf = plans.path("informes/p0/seguimiento-2025-1t.pdf");
    let signed = [fs::read(&pdf).unwrap(), b"/ByteRange [0 1 2 3]".to_vec()].concat();
    fs::write(&pdf, &signed).unwrap();
    let both = ["generar", "--trimestre", "1", "--formato", "pdf,svg"];
    assert!(plans.run(&both).stderr.contains("1 informe, 1 página, "));
    let again = plans.run(&both).stderr;
    assert!(again.contains("ya está firmado y no se toca") && again.contains("\n0 informes, "), "{again}");
    assert_eq!(fs::read(&pdf).unwrap(), signed);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_under_the_name_of_a_report_is_told_of_and_does_not_stop_the_program() {
    for (name, status) in [("seguimiento-2025-1t.pdf", 2), (".al-dia.json", 0), (".seguimiento-abc123", 0)] {
        let plans = many(1);
        assert_eq!(plans.run(&["generar"]).status, 0);
        let path = plans.path("informes/p0").join(name);
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let run = plans.run(&["generar"]);
        assert_eq!(run.status, status, "{name}: {}", run.stderr);
    }
}

#[test]
fn only_what_the_program_itself_left_behind_is_taken_away() {
    let left = ["informes/p0/.seguimiento-aB3dE6", "informes/p0/.seguimiento-notas", "informes/p0/notas.pdf"];
    let plans = left.into_iter().fold(many(1), |plans, path| plans.file(path, "x"));
    assert_eq!(plans.run(&["generar"]).status, 0);
    assert_eq!(left.map(|path| plans.path(path).exists()), [false, true, true]);
}

/// The reports that stand in a working folder, by path.
fn reports(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let folders = fs::read_dir(workspace.path("informes")).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten()).map(|file| file.path());
    let pdfs = files.filter(|path| path.extension().is_some_and(|extension| extension == "pdf"));
    pdfs.map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}
