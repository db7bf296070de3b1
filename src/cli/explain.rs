//! `explicar`: a finding's page, or the list of all.

use anyhow::{Result, bail};

use crate::cli::Outcome;
use crate::cli::args::Explain;
use crate::cli::printer::Printer;
use crate::diag::{Code, code, did_you_mean};

/// Prints the explanation of a code, or all codes with their titles.
pub fn run(args: &Explain, printer: &mut Printer) -> Result<Outcome> {
    match &args.code {
        None => printer.data(&list())?,
        Some(id) => printer.data(&page(find(id)?))?,
    }
    Ok(Outcome::Done)
}

/// The code, then its page.
fn page(code: &Code) -> String {
    format!("{} ({})\n\n{}", code.id, code.severity.word(), code.explanation)
}

fn find(id: &str) -> Result<&'static Code> {
    if let Some(code) = Code::find(id) {
        return Ok(code);
    }
    match did_you_mean(id, code::ALL.iter().map(|code| code.id)) {
        Some(near) => bail!("no hay un hallazgo «{id}»; ¿quiso decir «{near}»?"),
        None => bail!("no hay un hallazgo «{id}»; «seguimiento explicar» los muestra todos"),
    }
}

fn list() -> String {
    let line = |code: &&Code| format!("{:<31} {:<11} {}", code.id, code.severity.word(), code.title());
    code::ALL.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}
