//! `verificar` of an archive: all of it, in parallel, with progress. It never writes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use chrono::{DateTime, Utc};

use crate::again::apart::Reproducer;
use crate::archive::render::{Verified, human, json};
use crate::archive::{Head, Kept, Prover, REGISTER, Register, is_archive, verify};
use crate::cli::Outcome;
use crate::cli::args::Verify;
use crate::cli::printer::Printer;
use crate::cli::progress::Progress;
use crate::cli::select::{desk, program};
use crate::cli::signing::{MachineClock, Office, anchors};
use crate::cli::verify::{NOBODY_TRUSTED, show};
use crate::input::file::{display, read_bytes};
use crate::pipeline::Desk;
use crate::pki::certificate::Certificate;
use crate::sign::{Clock, Settings};

/// Largest file with the head of a register, and largest register, in bytes.
const MAX_HEAD: u64 = 1 << 20;
const MAX_REGISTER: u64 = 1 << 30;

/// Who is trusted, by plan; the name of no plan has what the office says.
type Anchors = BTreeMap<String, Vec<Certificate>>;

/// Verifies the archives that are named, if those named are archives.
pub fn run(args: &Verify, printer: &mut Printer) -> Result<Option<Outcome>> {
    let archives = args.files.iter().filter(|path| path.is_dir() && is_archive(path)).count();
    match (archives, &args.head) {
        (0, None) => return Ok(None),
        (0, Some(_)) => bail!("--cabeza es de un archivo hecho con «archivar», y aquí no se nombra ninguno"),
        _ if archives < args.files.len() => bail!("verifique los informes aparte de los archivos"),
        (2.., Some(_)) => bail!("--cabeza es de un solo archivo"),
        _ if args.code.is_some() => bail!("--codigo es para informes: nombre la carpeta de uno dentro del archivo"),
        _ if args.online => bail!("--en-linea no es para archivos: lo archivado trae consigo con qué probarse"),
        _ => (),
    }
    let (desk, program) = (desk()?, program()?);
    let kept = args.head.as_deref().map(kept).transpose()?;
    if kept.as_ref().is_some_and(|kept| kept.head.entries == 0) {
        bail!("una cabeza de 0 entradas es de un archivo vacío, que cualquiera continúa: no prueba nada");
    }
    let now = MachineClock.now();
    let mut verified = Vec::new();
    for folder in &args.files {
        let register = read_bytes(&folder.join(REGISTER), MAX_REGISTER).unwrap_or_default();
        let register = Register::read(&register);
        let Some(anchors) = trusted(args, &register, &desk, printer)? else { return Ok(Some(Outcome::DataHasErrors)) };
        if anchors.values().all(Vec::is_empty) {
            printer.note(NOBODY_TRUSTED);
        }
        verified.push(one(folder, &register, Reproducer::new(&desk, &program), &anchors, kept.as_ref(), now, printer));
    }
    show(&verified, args.format, human, |all| json(all, now), printer)?;
    let holds = verified.iter().all(|one| one.verdict.holds());
    Ok(Some(if holds { Outcome::Done } else { Outcome::DataHasErrors }))
}

/// Verifies an archive.
fn one(
    folder: &Path,
    register: &Register,
    reproducer: Reproducer<'_>,
    anchors: &Anchors,
    kept: Option<&Kept>,
    now: DateTime<Utc>,
    printer: &mut Printer,
) -> Verified {
    let of_office = anchors.get("").map(Vec::as_slice).unwrap_or_default();
    let of_plan = |plan: &str| anchors.get(plan).map_or(of_office, Vec::as_slice);
    let progress = Progress::new(printer, false, register.entries.len());
    let prover = Prover { reproducer, anchors: &of_plan, now };
    // The head is of all plans: whoever is trusted for one may have stamped it.
    let all: Vec<Certificate> = anchors.values().flatten().cloned().collect();
    let verdict = verify(folder, Some(prover), kept.map(|kept| (kept, &*all)), &|| progress.ended(1));
    progress.end();
    Verified { path: display(folder), verdict }
}

/// Who is trusted for each plan of a register. Nothing if the settings have errors, which are told.
fn trusted(args: &Verify, register: &Register, desk: &Desk, printer: &mut Printer) -> Result<Option<Anchors>> {
    let options = Settings { anchors: args.anchors.clone(), ..Settings::default() };
    let Some(mut office) = Office::new(&options, desk, printer) else { return Ok(None) };
    let mut trusted = Anchors::new();
    let plans = register.entries.iter().map(|entry| entry.plan.as_str());
    for plan in plans.chain([""]) {
        if !trusted.contains_key(plan) {
            let Some(told) = office.of_plan(plan, printer) else { return Ok(None) };
            trusted.insert(plan.to_owned(), anchors(&told.signing)?);
        }
    }
    Ok(Some(trusted))
}

/// The head that somebody kept: as it is said, or in a file.
fn kept(said: &str) -> Result<Kept> {
    if let Some(head) = Head::parse(said) {
        return Ok(Kept { head, token: None });
    }
    let path = Path::new(said);
    if fs::metadata(path).is_err() {
        bail!("«{said}» no es la cabeza de un registro, ni hay un archivo con ese nombre");
    }
    let bytes = read_bytes(path, MAX_HEAD).map_err(|fault| anyhow!("{}", fault.message()))?;
    let text = text(bytes).with_context(|| format!("«{said}» no es texto"))?;
    Kept::read(&text).with_context(|| format!("«{said}»"))
}

/// What a shell saved of our output: in UTF-8, with a mark of it or without, or in UTF-16, as some of Windows do.
fn text(bytes: Vec<u8>) -> Option<String> {
    let Some(units) = bytes.strip_prefix(&[0xFF, 0xFE]) else {
        let text = String::from_utf8(bytes).ok()?;
        return Some(text.trim_start_matches('\u{FEFF}').to_owned());
    };
    let units: Vec<u16> = units.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16(&units).ok()
}
