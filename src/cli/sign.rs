//! `firmar`: signs reports one after another, with a key that is unlocked once.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use crate::again::{Again, Layouts, again};
use crate::cli::args::Sign;
use crate::cli::printer::Printer;
use crate::cli::select::desk;
use crate::cli::signing::{Batch, Log, Words, batches};
use crate::cli::{Outcome, interrupt};
use crate::diag::render;
use crate::input::file::{display, read_bytes};
use crate::model::Role;
use crate::pdf::{File, Update, View};
use crate::pipeline::Desk;
use crate::pki::certificate::Certificate;
use crate::sign::key::Key;
use crate::sign::key::p12::FileKey;
use crate::sign::key::token::{Place, TokenKey};
use crate::sign::secret::{Source, is_open_to_others};
use crate::sign::{Image, Services, Settings, Shown, Signing, appearance, sign};
use crate::verify::signature_fields;

/// Largest file with a key, and largest image, in bytes.
const MAX_FILE: u64 = 8 << 20;

/// Signs the reports; one that is refused stops none of the others.
pub fn run(args: &Sign, printer: &mut Printer) -> Result<Outcome> {
    let desk = desk()?;
    let Some(batches) = batches(&args.reports, &options(args), &desk, printer)? else {
        return Ok(Outcome::DataHasErrors);
    };
    let images = batches.iter().map(|batch| prepare(batch, args)).collect::<Result<Vec<_>>>()?;
    let key = unlock(args, printer)?;
    let signer = key.chain().first().map(Certificate::name).unwrap_or_default();
    // Not before: somebody who is asked for a password may still leave.
    let stop = interrupt::flag()?;
    let words = Words {
        did: format!("firmado por {signer}"),
        done: ["informe firmado", "informes firmados"],
        passed_over: ["que no espera esta firma, sin tocar", "que no esperan esta firma, sin tocar"],
        failed: ["informe sin firmar", "informes sin firmar"],
    };
    let mut log = Log::new(words, &batches, args.quiet, printer);
    for (batch, image) in batches.iter().zip(&images) {
        let pen = Pen {
            args,
            settings: &batch.settings,
            key: key.as_ref(),
            signer: &signer,
            image: image.as_ref(),
            desk: &desk,
        };
        batch.each(&mut log, &stop, |services, path, pdf, named| {
            if named || is_awaited(pdf, args.role)? { pen.sign(path, pdf, *services).map(Some) } else { Ok(None) }
        })?;
    }
    Ok(log.last_word())
}

/// What the options say, as settings.
fn options(args: &Sign) -> Settings {
    Settings {
        level: args.level,
        reason: args.reason.clone(),
        place: args.place.clone(),
        image: args.image.clone(),
        ..args.services.settings()
    }
}

/// Checks the settings of a batch before anything is signed, and reads their image.
fn prepare(batch: &Batch, args: &Sign) -> Result<Option<Image>> {
    batch.settings.level()?;
    if batch.anchors.is_empty() && !args.without_anchor {
        bail!(
            "no se sabe en qué raíces se confía: escríbalas en «anclas» de [firma_digital] o con --ancla, o firme con --sin-ancla"
        );
    }
    let read = |path: &Path| {
        let bytes = read_bytes(path, MAX_FILE).map_err(|fault| anyhow!("{}", fault.message()))?;
        Image::new(bytes)
            .with_context(|| format!("«{}» no es una imagen PNG, JPEG o SVG que se pueda abrir", display(path)))
    };
    batch.settings.image.as_deref().map(read).transpose()
}

/// The key, with its passphrase or PIN from where the options say.
fn unlock(args: &Sign, printer: &mut Printer) -> Result<Box<dyn Key>> {
    let source = match (&args.secret_file, &args.secret_variable) {
        (Some(path), _) => Source::File(path.clone()),
        (None, Some(name)) => Source::Variable(name.clone()),
        (None, None) => Source::Terminal,
    };
    if let Source::File(path) = &source
        && is_open_to_others(path)
    {
        printer.note(&format!("aviso: otros usuarios de este equipo pueden leer «{}»", display(path)));
    }
    let label = args.label.as_deref();
    if let Some(path) = &args.p12 {
        let file = read_bytes(path, MAX_FILE).map_err(|fault| anyhow!("{}", fault.message()))?;
        let name = display(path);
        let secret = source.read(&format!("Clave de «{name}»"))?;
        return Ok(Box::new(FileKey::open(&name, &file, &secret, label)?));
    }
    let module = args.module.clone().context("falta la llave: escriba --p12 o --token")?;
    let place = Place { module, token: args.slot.clone(), key: args.label.clone() };
    Ok(Box::new(TokenKey::open(&place, |what| source.read(what))?))
}

/// Refuses a report that is not, to the byte, what its own data and a layout of the office or the program's make.
fn reproduced(path: &Path, pdf: &[u8], desk: &Desk) -> Result<()> {
    match again(&display(path), pdf, desk, Layouts::Known) {
        Again::Exact { .. } => Ok(()),
        Again::Errors(faults) => bail!(
            "los datos del informe tienen errores:\n{}",
            render::human(&faults.findings, &faults.sources, false).trim_end()
        ),
        other => bail!("el informe no se debe firmar: {other}"),
    }
}

/// Whether a report has the field of a role and nobody has signed in it.
fn is_awaited(pdf: &[u8], role: Role) -> Result<bool> {
    let file = File::read(pdf)?;
    let fields = signature_fields(file.now()).map_err(|fault| anyhow!(fault))?;
    Ok(fields.iter().any(|field| field.name() == role.name() && field.signature.is_none()))
}

/// What the reports of a batch are signed with.
struct Pen<'a> {
    args: &'a Sign,
    settings: &'a Settings,
    key: &'a dyn Key,
    signer: &'a str,
    image: Option<&'a Image>,
    desk: &'a Desk,
}

impl Pen<'_> {
    fn sign(&self, path: &Path, pdf: &[u8], services: Services<'_>) -> Result<Vec<u8>> {
        let &Self { args, settings, key, signer, image, desk } = self;
        reproduced(path, pdf, desk)?;
        let role = args.role;
        let (reason, place) = (settings.reason.as_deref(), settings.place.as_deref());
        let signing = Signing {
            role,
            level: settings.level()?,
            key,
            services,
            without_anchor: args.without_anchor,
            reason,
            place,
        };
        let [name, post] = signatory(File::read(pdf)?.now(), role);
        let draw = |update: &mut Update<'_>, width, height, time| {
            let (name, post) = (name.as_deref(), post.as_deref());
            appearance(update, desk, (width, height), &Shown { role, name, post, signer, time, reason, place, image })
        };
        sign(pdf, &signing, &draw)
    }
}

/// The name and the post that a report has for a role, if it has them.
fn signatory(view: View<'_>, role: Role) -> [Option<String>; 2] {
    let data: Value =
        view.attached("informe.json").and_then(|data| serde_json::from_slice(&data).ok()).unwrap_or_default();
    let signatories = data["firmas"].as_array();
    let signatory = signatories.and_then(|all| all.iter().find(|one| one["rol"] == role.name()));
    ["nombre", "cargo"].map(|key| Some(signatory?[key].as_str()?.to_owned()))
}
