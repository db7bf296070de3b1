//! One report archived.
//!
//! ```text
//! known    the same file in the register: there is nothing to do
//! prepare  the signatures hold · nobody's is missing · it is what its own data make · what goes into the bag
//! commit   its version · index, entry and bag · the store
//! ```
//!
//! What is prepared depends on nothing that is archived, so that many reports are prepared side by side; they are committed one after
//! another.

use std::collections::BTreeMap;

use anyhow::{Result, anyhow, bail, ensure};
use chrono::{DateTime, Utc};

use super::bag::Bag;
use super::content::{
    DICTIONARY, FilesByPath, VERDICT, VERDICT_TEXT, dictionary_of, index_of, info_of, open_data, sources,
};
use super::index::{INDEX, SCHEMA, SCHEMA_FILE};
use super::register::{Entry, Register, Signed, is_name, lowest};
use super::report::{Facts, signatures};
use super::settings::Classification;
use super::store::Store;
use super::text::whole_second;
use crate::again::apart::Reproducer;
use crate::again::{Code, ContentResult, PROGRAM};
use crate::digest::sha256;
use crate::pki::certificate::Certificate;
use crate::pki::evidence::Evidence;
use crate::verify::judge::Status;
use crate::verify::render::{Verified, human, json};
use crate::verify::{Verdict, verify};

/// What reports are checked with before they are archived.
#[derive(Clone, Copy)]
pub struct Examiner<'a> {
    /// What makes them again.
    pub reproducer: Reproducer<'a>,
    /// Whom to trust.
    pub anchors: &'a [Certificate],
    /// The moment of the verdict, and of the archiving.
    pub now: DateTime<Utc>,
}

/// A report that may be archived.
pub struct Prepared {
    plan: String,
    facts: Facts,
    /// The SHA-256 of the PDF.
    digest: String,
    signatures: Vec<Signed>,
    level: String,
    moment: DateTime<Utc>,
    /// Why nobody here can tell whether it is what its own data make, if it is of another version of the program.
    unproven: Option<String>,
    /// The data of its bag, without the index.
    data: FilesByPath,
}

/// What became of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deposited {
    /// It is archived now, in this bag.
    Now(String),
    /// It was already, in this one.
    Before(String),
}

/// Looks for a file in the register by its SHA-256: its bag, if it is the current version of its report.
///
/// # Errors
/// When it is a version that another one has replaced.
pub fn known(register: &Register, digest: &str) -> Result<Option<String>> {
    let Some(entry) = register.entries.iter().rev().find(|entry| entry.digest == digest) else { return Ok(None) };
    let last = register.versions(&entry.plan, &entry.report);
    ensure!(
        last == entry.version,
        "es la versión {} de «{}/{}», que ya fue reemplazada por la {last}",
        entry.version,
        entry.plan,
        entry.report
    );
    Ok(Some(entry.bag.clone()))
}

/// Examines a report and gathers what its bag will have; `plan` is the folder of its plan.
///
/// # Errors
/// Why it is not archived.
pub fn prepare(pdf: Vec<u8>, plan: &str, examiner: Examiner<'_>) -> Result<Prepared> {
    ensure!(is_name(plan), "la carpeta «{plan}» no puede dar nombre a una del archivo");
    let facts = Facts::read(&pdf).map_err(|why| anyhow!("no es un informe de este programa: {why}"))?;
    let (file, digest) = (Entry::file_of(&facts.name), sha256(&pdf));
    let verdict = verify(&pdf, examiner.anchors, examiner.now, &Evidence::default());
    holds(&verdict)?;
    let content = examiner.reproducer.content(&facts.name, &pdf);
    let signatures = signatures(&verdict);
    let level = lowest(&signatures).ok_or_else(|| anyhow!("el nivel de sus firmas no se puede saber"))?;
    let code = Some(Code::of(facts.carried.data()));
    let verified = Verified::new(file.clone(), digest.clone(), verdict, content, code);
    let unproven = match verified.content.result {
        ContentResult::Exact => None,
        ContentResult::OtherVersion => Some(verified.content.said.clone()),
        _ => bail!("no se debe archivar: {}", verified.content.said),
    };
    let mut data = sources(&facts);
    data.extend(open_data(&facts)?);
    data.insert(DICTIONARY.into(), dictionary_of(&facts, examiner.reproducer.desk)?);
    data.insert(VERDICT_TEXT.into(), human(&verified, false).into_bytes());
    data.insert(VERDICT.into(), json(&[verified], examiner.now).into_bytes());
    data.insert(file, pdf);
    let (plan, level, moment) = (plan.to_owned(), level.name().to_owned(), whole_second(examiner.now));
    Ok(Prepared { plan, facts, digest, signatures, level, moment, unproven, data })
}

/// All signatures hold, and none is missing.
fn holds(verdict: &Verdict) -> Result<()> {
    if verdict.status != Status::TotalPassed {
        let why = verdict.why();
        let why = if why.is_empty() { "no tiene ninguna".to_owned() } else { why.join("; ") };
        bail!("sus firmas no valen ({}): {why}", verdict.status);
    }
    match &verdict.empty[..] {
        [] => Ok(()),
        [one] => bail!("falta la firma de «{one}»"),
        many => bail!("faltan las firmas de «{}»", many.join("», «")),
    }
}

/// Archives a report that was prepared; `reason` is why there is another version, where there is one already.
///
/// # Errors
/// Why it is not archived: a [`Refused`] if it is for the report's own sake, and the disk's reason otherwise.
pub fn commit(
    store: &mut Store,
    prepared: Prepared,
    classification: &Classification,
    reason: Option<&str>,
) -> Result<Deposited> {
    let register = store.register();
    if let Some(bag) = known(register, &prepared.digest).map_err(Refused::because)? {
        return Ok(Deposited::Before(bag));
    }
    let mut entry = entry(register, &prepared, reason).map_err(Refused::because)?;
    let mut data = prepared.data;
    data.insert(SCHEMA_FILE.into(), SCHEMA.into());
    let digests: BTreeMap<String, String> = data.iter().map(|(path, bytes)| (path.clone(), sha256(bytes))).collect();
    let index = index_of(&entry, classification, &data, |path| digests.get(path).map_or("", String::as_str));
    data.insert(INDEX.into(), index);
    let info = info_of(&entry, PROGRAM, &data);
    let bag = Bag::new(data, info);
    entry.bag_digest = bag.digest();
    if let Some(fault) = entry.fault() {
        return Err(Refused::because(anyhow!("su línea en el registro no se podría leer: {fault}")).into());
    }
    let place = entry.bag.clone();
    store.commit(&bag, entry)?;
    Ok(Deposited::Now(place))
}

/// The report itself is why it is not archived; others may be.
#[derive(Debug)]
pub struct Refused(anyhow::Error);

impl Refused {
    fn because(error: anyhow::Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Refused {}

/// The entry of a report, but for the digest of its bag.
fn entry(register: &Register, prepared: &Prepared, reason: Option<&str>) -> Result<Entry> {
    let Prepared { plan, facts, .. } = prepared;
    is_of_plan(register, plan, facts)?;
    let report = &facts.name;
    if let Some(why) = &prepared.unproven {
        ensure!(continues(register, prepared), "{why}. Archívelo con la versión que lo hizo");
    }
    let version = register.versions(plan, report) + 1;
    if version > 1 && reason.is_none() {
        bail!(
            "ya hay otro «{plan}/{report}» en el archivo: para archivar este como versión {version}, diga por qué con --motivo"
        );
    }
    let head = register.head();
    Ok(Entry {
        number: head.entries + 1,
        previous: head.digest,
        moment: prepared.moment,
        plan: plan.clone(),
        report: report.clone(),
        version,
        reason: reason.filter(|_| version > 1).map(str::to_owned),
        bag: Entry::bag_of(plan, report, version),
        bag_digest: String::new(),
        file: Entry::file_of(report),
        digest: prepared.digest.clone(),
        bytes: facts.bytes,
        pages: facts.pages,
        title: facts.title.clone(),
        entity: facts.entity.clone(),
        acronym: facts.acronym.clone(),
        year: facts.year,
        quarter: facts.quarter,
        cutoff: facts.cutoff,
        level: prepared.level.clone(),
        signatures: prepared.signatures.clone(),
    })
}

/// Whether a report is the one that is archived with something more at its end, as one that is renewed. When that one was archived, it was
/// what its own data make, and so is this one whatever version of the program looks at it.
fn continues(register: &Register, prepared: &Prepared) -> bool {
    let Prepared { plan, facts, data, .. } = prepared;
    let last = register.entries.iter().rev().find(|entry| (&entry.plan, &entry.report) == (plan, &facts.name));
    let begins_so = |entry: &Entry| {
        let archived = data.get(&entry.file)?.get(..usize::try_from(entry.bytes).ok()?)?;
        Some(sha256(archived) == entry.digest)
    };
    last.and_then(begins_so).unwrap_or_default()
}

/// A folder of the archive has the reports of one entity, which may get another name or another acronym, but not both at once, and of one
/// vigencia, as a plan has; and no folder differs from another in capitals alone, which Windows would not tell apart.
fn is_of_plan(register: &Register, plan: &str, facts: &Facts) -> Result<()> {
    let same = |entry: &&Entry| entry.plan.to_lowercase() == plan.to_lowercase();
    let Some(last) = register.entries.iter().rev().find(same) else { return Ok(()) };
    ensure!(last.plan == plan, "el archivo ya tiene «{}», que Windows no distingue de «{plan}»", last.plan);
    let same_acronym = facts.acronym.is_some() && last.acronym == facts.acronym;
    let same = last.entity == facts.entity || same_acronym;
    ensure!(same, "«{plan}» tiene en el archivo los informes de otra entidad, «{}»", last.entity);
    let year = last.year;
    ensure!(year == facts.year, "«{plan}» tiene en el archivo los informes de otra vigencia, {year}");
    Ok(())
}
