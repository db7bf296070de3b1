//! `sellar`: renews signed reports, so that they can be verified for longer.

use anyhow::{Result, anyhow, bail};

use crate::cli::args::Stamp;
use crate::cli::printer::Printer;
use crate::cli::select::desk;
use crate::cli::signing::{Log, Words, batches};
use crate::cli::{Outcome, interrupt};
use crate::pdf::File;
use crate::sign::renew;
use crate::verify::signature_fields;

/// Stamps the reports; one that is refused stops none of the others.
pub fn run(args: &Stamp, printer: &mut Printer) -> Result<Outcome> {
    let options = args.services.settings();
    let Some(batches) = batches(&args.reports, &options, &desk()?, printer)? else {
        return Ok(Outcome::DataHasErrors);
    };
    if batches.iter().any(|batch| batch.settings.authority.is_none()) {
        bail!("falta la autoridad de estampado cronológico: escríbala con --tsa o en «tsa» de [firma_digital]");
    }
    let stop = interrupt::flag()?;
    let words = Words {
        did: "sellado".into(),
        done: ["informe sellado", "informes sellados"],
        passed_over: ["sin firmas, sin tocar", "sin firmas, sin tocar"],
        failed: ["informe sin sellar", "informes sin sellar"],
    };
    let mut log = Log::new(words, &batches, args.quiet, printer);
    for batch in &batches {
        batch.each(&mut log, &stop, |services, _, pdf, named| {
            if named || is_signed(pdf)? { renew(pdf, services).map(Some) } else { Ok(None) }
        })?;
    }
    Ok(log.last_word())
}

/// Whether somebody has signed a report.
fn is_signed(pdf: &[u8]) -> Result<bool> {
    let file = File::read(pdf)?;
    let fields = signature_fields(file.now()).map_err(|fault| anyhow!(fault))?;
    Ok(fields.iter().any(|field| field.signature.is_some()))
}
