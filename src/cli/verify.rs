//! `verificar`: what holds of signed reports. It never writes.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::again::apart::Reproducer;
use crate::again::{Code, ContentResult, DATA};
use crate::cli::args::{VerdictFormat, Verify};
use crate::cli::printer::Printer;
use crate::cli::select::{desk, program};
use crate::cli::signing::{Batch, MachineClock, batches, read_report};
use crate::cli::{Outcome, verify_archive};
use crate::digest::sha256;
use crate::input::file::display;
use crate::parallel::each;
use crate::pdf::File;
use crate::pki::evidence::Evidence;
use crate::sign::{Clock, Services, Settings, asked};
use crate::verify::render::{Verified, human, json};
use crate::verify::verify;

/// What is said where there are no anchors.
pub(super) const NOBODY_TRUSTED: &str = "aviso: no se sabe en qué raíces se confía, y ninguna firma puede pasar: dígalas con --ancla o en «anclas» de [firma_digital]";

/// Verifies the files; one that does not hold stops none of the others.
pub fn run(args: &Verify, printer: &mut Printer) -> Result<Outcome> {
    if let Some(outcome) = verify_archive::run(args, printer)? {
        return Ok(outcome);
    }
    let options = Settings { anchors: args.anchors.clone(), ..Settings::default() };
    let desk = desk()?;
    let Some(batches) = batches(&args.files, &options, &desk, printer)? else { return Ok(Outcome::DataHasErrors) };
    if batches.iter().any(|batch| batch.anchors.is_empty()) {
        printer.note(NOBODY_TRUSTED);
    }
    let now = MachineClock.now();
    let program = program()?;
    let judge = Judge { now, reproducer: Reproducer::new(&desk, &program), code: args.code.as_ref() };
    let mut verified = Vec::new();
    let mut broken = false;
    for batch in &batches {
        for result in judge.of_batch(batch, args.online)? {
            match result {
                Ok(Some(one)) => verified.push(one),
                Ok(None) => (),
                Err(error) => {
                    broken = true;
                    printer.failure(&error);
                }
            }
        }
    }
    if let Some(code) = args.code.as_ref().filter(|_| verified.is_empty()) {
        printer.note(&format!("ningún informe de estos tiene el código {code}"));
        return Ok(if broken { Outcome::MachineFailed } else { Outcome::DataHasErrors });
    }
    show(&verified, args.format, human, |all| json(all, now), printer)?;
    Ok(match (broken, verified.iter().all(Verified::holds)) {
        (true, _) => Outcome::MachineFailed,
        (_, false) => Outcome::DataHasErrors,
        _ => Outcome::Done,
    })
}

/// What files are judged by.
struct Judge<'a> {
    now: DateTime<Utc>,
    reproducer: Reproducer<'a>,
    /// The code that the reports are to have, if only some are meant.
    code: Option<&'a Code>,
}

impl Judge<'_> {
    /// The verdicts on the files for which the same settings hold, in their order. Offline they are verified side by side; whoever
    /// is asked is asked once.
    fn of_batch(&self, batch: &Batch, online: bool) -> Result<Vec<Result<Option<Verified>>>> {
        let paths: Vec<&Path> = batch.paths().collect();
        let of_file = |path: &Path, outside: &dyn Fn(&[u8]) -> Evidence| -> Result<Option<Verified>> {
            let pdf = read_report(path)?;
            let code = printed_code(&pdf);
            if self.code.is_some_and(|wanted| code.as_ref() != Some(wanted)) {
                return Ok(None);
            }
            let verdict = verify(&pdf, &batch.anchors, self.now, &outside(&pdf));
            let path = display(path);
            let content = self.reproducer.content(&path, &pdf);
            // Of a report that is none of ours, the code says nothing of its pages.
            let code = code.filter(|_| content.result != ContentResult::NotOurs);
            if self.code.is_some() && code.is_none() {
                return Ok(None);
            }
            Ok(Some(Verified::new(path, sha256(&pdf), verdict, content, code)))
        };
        if online {
            let each =
                |services: &Services<'_>| paths.iter().map(|path| of_file(path, &|pdf| asked(pdf, services))).collect();
            return batch.with_services(each);
        }
        Ok(each(&paths, |path| of_file(path, &|_| Evidence::default())))
    }
}

/// The code of the data that a report carries, which is the one on its pages if its content is what its data say.
fn printed_code(pdf: &[u8]) -> Option<Code> {
    let file = File::read(pdf).ok()?;
    file.as_of(1).attached(DATA).map(|data| Code::of(&data))
}

/// Gives verdicts in the form that was asked for.
pub(super) fn show<T>(
    verified: &[T],
    format: VerdictFormat,
    human: fn(&T, bool) -> String,
    json: impl Fn(&[T]) -> String,
    printer: &mut Printer,
) -> Result<()> {
    let colours = printer.colour_data();
    let text = match format {
        VerdictFormat::Json => json(verified),
        VerdictFormat::Humano => verified.iter().map(|one| human(one, colours)).collect::<Vec<_>>().join("\n"),
    };
    Ok(printer.data(&text)?)
}
