//! A plan's folder: `plan.toml`, its trimestres, its format and its logo, read as far as they can be.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use crate::assets::Assets;
use crate::diag::{FileId, Finding, Sources, Span, code, did_you_mean, quoted};
use crate::input::file::{MAX_TOML, add_text, display};
use crate::input::files::Files;
use crate::input::format;
use crate::input::reader::{self, Record};
use crate::input::shape::{self, Shape};
use crate::input::syntax::{self, Parsed};
use crate::input::text::{Alphabet, is_forbidden};
use crate::model::{Format, Quarter};
use crate::typeset::logo;

/// Largest logo that is read, in bytes.
const MAX_LOGO: u64 = 8 * 1024 * 1024;

/// A file of the user as read, complete or not.
#[derive(Debug)]
pub struct Draft {
    /// The file.
    pub file: FileId,
    /// What it holds, without the values that have a fault.
    pub record: Record,
    /// Whether its text has faults of syntax: what seems missing may only be unreadable.
    pub broken: bool,
}

/// The follow-up of a trimestre as read.
#[derive(Debug)]
pub struct FollowUpDraft {
    /// The trimestre in the file's name.
    pub quarter: Quarter,
    /// The file's contents, if it could be read.
    pub draft: Result<Draft, FileId>,
}

impl FollowUpDraft {
    /// The file, readable or not.
    #[must_use]
    pub fn file(&self) -> FileId {
        match &self.draft {
            Ok(draft) => draft.file,
            Err(file) => *file,
        }
    }
}

/// Everything that was read of a plan's folder.
#[derive(Debug)]
pub struct PlanFolder {
    /// The folder's name, which is also that of its folder of reports.
    pub name: String,
    /// Where it is, as a person would type it.
    pub path: String,
    /// The files.
    pub sources: Sources,
    /// `plan.toml`, if it could be read.
    pub plan: Option<Draft>,
    /// The format that it names, if it could be read.
    pub format: Option<Format>,
    /// File name and bytes of the logo.
    pub logo: Option<(String, Vec<u8>)>,
    /// One for each `trimestre-N.toml`, in order, up to the one asked for.
    pub follow_ups: Vec<FollowUpDraft>,
    /// The one that is asked for, if not all are.
    only: Option<Quarter>,
}

impl PlanFolder {
    /// Whether a trimestre is asked for; those before it are read as well, for comparison.
    #[must_use]
    pub fn is_asked_for(&self, quarter: Quarter) -> bool {
        self.only.is_none_or(|only| only == quarter)
    }

    /// The follow-ups that are asked for.
    pub fn asked_for(&self) -> impl Iterator<Item = &FollowUpDraft> {
        self.follow_ups.iter().filter(|follow_up| self.is_asked_for(follow_up.quarter))
    }
}

/// Reads the files of a plan, with all its trimestres or only one.
pub fn read_folder(
    files: Files<'_>,
    only: Option<Quarter>,
    assets: &Assets,
    alphabet: &Alphabet,
    findings: &mut Vec<Finding>,
) -> PlanFolder {
    let mut sources = Sources::default();
    let plan_file = read_text(files, "plan.toml", &mut sources, findings);
    let name = files.name();
    portable_name(&name, plan_file, findings);

    // The format first: which keys a plan must have depends on it.
    let text = plan_file.ok().map(|file| (file, Arc::clone(sources.get(file))));
    let repaired = OnceCell::new();
    let parsed = text.as_ref().map(|(file, source)| syntax::parse(source, *file, &repaired, findings));
    let named = parsed.as_ref().and_then(|parsed| parsed.text_at("plan", "formato"));
    let format = named.and_then(|id| format::read(id, assets, &mut sources, alphabet, findings));
    let meant = if format.is_none() { named.and_then(|id| format::nearest(id, assets, alphabet)) } else { None };
    let shaping = format.as_ref().or(meant.as_ref());
    let plan = parsed.as_ref().map(|parsed| read_draft(parsed, &shape::plan(shaping), alphabet, findings));
    let logo = plan.as_ref().and_then(|plan| read_logo(files, plan, findings));

    let entries = files.list().unwrap_or_else(|fault| {
        let (Ok(plan) | Err(plan)) = plan_file;
        findings.push(fault.finding(Span::whole(plan)));
        Vec::new()
    });
    strangers(&entries, files, plan_file, findings);
    let shape = shape::follow_up(shaping);
    let quarters = Quarter::ALL.into_iter().filter(|quarter| only.is_none_or(|only| *quarter <= only));
    let follow_ups = quarters
        .filter(|quarter| entries.contains(&file_name(*quarter)))
        .map(|quarter| {
            // What is wrong with a trimestre that is read for comparison only is not told.
            let (mut untold, asked_for) = (Vec::new(), only.is_none_or(|only| quarter == only));
            let findings = if asked_for { &mut *findings } else { &mut untold };
            let file = read_text(files, &file_name(quarter), &mut sources, findings);
            let draft = file.map(|file| {
                let repaired = OnceCell::new();
                let parsed = syntax::parse(sources.get(file), file, &repaired, findings);
                read_draft(&parsed, &shape, alphabet, findings)
            });
            FollowUpDraft { quarter, draft }
        })
        .collect();
    PlanFolder { name, path: files.place(), sources, plan, format, logo, follow_ups, only }
}

/// Reads a text file of the plan: see [`add_text`].
fn read_text(
    files: Files<'_>,
    name: &str,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<FileId, FileId> {
    add_text(display(&files.path(name)), files.read(name, MAX_TOML), sources, findings)
}

/// The name of the file with the follow-up of a trimestre.
#[must_use]
pub fn file_name(quarter: Quarter) -> String {
    format!("trimestre-{}.toml", quarter.number())
}

/// Holds a parsed file against its shape.
pub fn read_draft(parsed: &Parsed<'_>, shape: &Shape, alphabet: &Alphabet, findings: &mut Vec<Finding>) -> Draft {
    let record = reader::read(parsed, shape, alphabet, findings);
    Draft { file: record.span.file, record, broken: parsed.is_broken() }
}

fn read_logo(files: Files<'_>, plan: &Draft, findings: &mut Vec<Finding>) -> Option<(String, Vec<u8>)> {
    let logo = plan.record.tables("entidad").next()?.text("logo")?;
    let mut refuse = |message: String, help: &str| {
        findings.push(Finding::new(&code::LOGO, logo.span, message).label("no se admite").help(help));
        None
    };
    let extension = Path::new(logo.value).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    let beside = !logo.value.contains(['/', '\\', ':']) && Path::new(logo.value).components().count() == 1;
    if !beside || !["svg", "png"].contains(&extension.as_str()) {
        let help = "ponga un archivo .svg o .png en la carpeta del plan y escriba solo su nombre";
        return refuse(format!("«{}» no puede ser el logo", quoted(logo.value)), help);
    }
    match files.read(logo.value, MAX_LOGO) {
        Ok(bytes) if logo::opens(&extension, &bytes) => Some((format!("logo.{extension}"), bytes)),
        Ok(_) => refuse(
            format!("«{}» no es una imagen que se pueda abrir", quoted(logo.value)),
            "ábrala en un programa de dibujo y guárdela de nuevo como SVG o PNG",
        ),
        Err(fault) => {
            findings.push(fault.finding(logo.span));
            None
        }
    }
}

/// Warns of TOML files that nobody reads, and of a plan without trimestres.
fn strangers(entries: &[String], files: Files<'_>, plan: Result<FileId, FileId>, findings: &mut Vec<Finding>) {
    let (Ok(plan) | Err(plan)) = plan;
    let known: Vec<String> = Quarter::ALL.map(file_name).to_vec();
    let is_toml = |name: &&String| Path::new(name).extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    for name in entries.iter().filter(is_toml).filter(|name| *name != "plan.toml" && !known.contains(name)) {
        let path = display(&files.path(name));
        let finding = Finding::new(&code::FILE_UNKNOWN, Span::whole(plan), format!("nadie lee el archivo «{path}»"));
        findings.push(match did_you_mean(name, known.iter().map(String::as_str)) {
            Some(near) => finding.help(format!("¿quiso llamarlo «{near}»?")),
            None => finding.help("los trimestres se llaman trimestre-1.toml a trimestre-4.toml"),
        });
    }
    if !entries.iter().any(|name| known.contains(name)) {
        let finding =
            Finding::new(&code::PLAN_WITHOUT_QUARTERS, Span::whole(plan), "el plan no tiene ningún trimestre todavía");
        findings.push(finding.help("agregue trimestre-1.toml junto a plan.toml"));
    }
}

/// Windows takes the superscripts for the digits in COM1 and LPT1.
fn is_device_digit(c: char) -> bool {
    c.is_ascii_digit() || "¹²³".contains(c)
}

/// The folder's name becomes the name of a folder of reports, which Windows must be able to hold.
fn portable_name(name: &str, plan: Result<FileId, FileId>, findings: &mut Vec<Finding>) {
    let (Ok(plan) | Err(plan)) = plan;
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|n| n.chars().count() == 1 && n.contains(is_device_digit));
    let device = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"].contains(&stem.as_str())
        || numbered("COM")
        || numbered("LPT");
    let odd = |c: char| is_forbidden(c) || c == '\n' || r#"<>:"/\|?*"#.contains(c);
    if device || name.contains(odd) || name.ends_with(['.', ' ']) || name.is_empty() {
        let message = format!("la carpeta «{}» tiene un nombre que Windows no admite", name.escape_debug());
        let finding = Finding::new(&code::FOLDER_NOT_PORTABLE, Span::whole(plan), message);
        findings.push(finding.help("cámbiele el nombre: letras, cifras y guiones, como entidad-2025"));
    }
}
