//! `explicar`: a finding's page, or the list of all.

use anyhow::{Result, bail};

use crate::cli::Outcome;
use crate::cli::args::Explain;
use crate::cli::printer::Printer;
use crate::diag::{Code, Family, code, did_you_mean};

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
    let line = |code: &&&Code| format!("{:<33} {:<11} {}\n", code.id, code.severity.word(), code.title());
    let block = |family: &Family| {
        let codes: String = code::ALL.iter().filter(|code| code.family == *family).map(|code| line(&code)).collect();
        format!("{}\n{codes}", family.title())
    };
    Family::ALL.iter().map(block).collect::<Vec<_>>().join("\n")
}
