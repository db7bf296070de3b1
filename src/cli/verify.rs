//! `verificar`: what holds of signed reports. It never writes.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};
use rayon::prelude::*;

use crate::cli::args::{VerdictFormat, Verify};
use crate::cli::printer::Printer;
use crate::cli::select::desk;
use crate::cli::signing::{Batch, MachineClock, batches, read_report};
use crate::cli::{Outcome, verify_archive};
use crate::digest::sha256;
use crate::input::file::display;
use crate::pki::evidence::Evidence;
use crate::sign::{Clock, Settings, asked};
use crate::verify::judge::Status;
use crate::verify::render::{Verified, human, json};
use crate::verify::verify;

/// Verifies the files; one that does not hold stops none of the others.
pub fn run(args: &Verify, printer: &mut Printer) -> Result<Outcome> {
    if let Some(outcome) = verify_archive::run(args, printer)? {
        return Ok(outcome);
    }
    let options = Settings { anchors: args.anchors.clone(), ..Settings::default() };
    let Some(batches) = batches(&args.files, &options, &desk()?, printer)? else { return Ok(Outcome::DataHasErrors) };
    if batches.iter().any(|batch| batch.anchors.is_empty()) {
        printer.note("aviso: no se sabe en qué raíces se confía, y ninguna firma puede pasar: dígalas con --ancla o en «anclas» de [firma_digital]");
    }
    let now = MachineClock.now();
    let mut verified = Vec::new();
    let mut broken = false;
    for batch in &batches {
        for result in of_batch(batch, now, args.online)? {
            match result {
                Ok(one) => verified.push(one),
                Err(error) => {
                    broken = true;
                    printer.failure(&error);
                }
            }
        }
    }
    show(&verified, args.format, now, printer)?;
    Ok(match (broken, verified.iter().all(|one| one.verdict.status == Status::TotalPassed)) {
        (true, _) => Outcome::MachineFailed,
        (_, false) => Outcome::DataHasErrors,
        _ => Outcome::Done,
    })
}

/// The verdicts on the files for which the same settings hold, in their order. Offline they are verified side by side; whoever
/// is asked is asked once.
fn of_batch(batch: &Batch, now: DateTime<Utc>, online: bool) -> Result<Vec<Result<Verified>>> {
    let paths: Vec<&Path> = batch.paths().collect();
    let of_file = |path: &Path, outside: &dyn Fn(&[u8]) -> Evidence| -> Result<Verified> {
        let pdf = read_report(path)?;
        let verdict = verify(&pdf, &batch.anchors, now, &outside(&pdf));
        Ok(Verified { path: display(path), digest: sha256(&pdf), verdict })
    };
    if online {
        return batch
            .with_services(|services| paths.iter().map(|path| of_file(path, &|pdf| asked(pdf, services))).collect());
    }
    Ok(paths.par_iter().map(|path| of_file(path, &|_| Evidence::default())).collect())
}

fn show(verified: &[Verified], format: VerdictFormat, now: DateTime<Utc>, printer: &mut Printer) -> Result<()> {
    let text = match format {
        VerdictFormat::Json => json(verified, now),
        VerdictFormat::Humano => {
            let colours = printer.colour_data();
            verified.iter().map(|one| human(one, colours)).collect::<Vec<_>>().join("\n")
        }
    };
    Ok(printer.data(&text)?)
}
