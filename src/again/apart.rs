//! A report made again in a process of its own, where it would be a risk to do it here: a foreign layout may never end, and a
//! large plan takes memory without a bound that is known before.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{Again, Content, Layouts, again};
use crate::pipeline::Desk;

/// The command of this program that makes a report again and writes what came of it.
pub const COMMAND: &str = "reproducir";
/// Most time that it should be given. A report takes some 50 ms, one of 10,000 actions some 20 s.
const MAX_TIME: Duration = Duration::from_mins(2);
/// Most memory that it may take, in bytes. A report of 10,000 actions takes some 3.5 GB.
#[cfg(unix)]
const MAX_MEMORY: u64 = 6 << 30;
/// Most bytes of an answer.
const MAX_ANSWER: u64 = 1 << 20;
/// How often it is looked whether it has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// What makes reports again: here if there is no risk in it, and otherwise with bounds.
#[derive(Clone, Copy)]
pub struct Reproducer<'a> {
    /// The engine and the layouts that are known.
    pub desk: &'a Desk,
    /// The file of this program, which is started for what is a risk.
    pub program: &'a Path,
    /// How long it may take.
    pub limit: Duration,
}

impl<'a> Reproducer<'a> {
    /// One with the time that a report should be given.
    #[must_use]
    pub fn new(desk: &'a Desk, program: &'a Path) -> Self {
        Self { desk, program, limit: MAX_TIME }
    }

    /// What is known of the content of a report; `name` is what findings call it.
    #[must_use]
    pub fn content(&self, name: &str, report: &[u8]) -> Content {
        match again(name, report, self.desk, Layouts::Small) {
            Again::NotTried(_) => self.apart(name, report).unwrap_or_else(|error| Content::unknown(&error.to_string())),
            again => Content::from(&again),
        }
    }

    fn apart(&self, name: &str, report: &[u8]) -> Result<Content> {
        let mut command = Command::new(self.program);
        command.args([COMMAND, "--", name]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Ended(command.spawn().context("no se puede iniciar otro proceso")?);
        if let Some(mut input) = child.0.stdin.take() {
            // It may have ended already; its answer tells.
            let _ = input.write_all(report);
        }
        let answer = child.0.stdout.take().map(|output| thread::spawn(move || answer(output)));
        let start = Instant::now();
        while child.0.try_wait().context("no se puede esperar al otro proceso")?.is_none() {
            if start.elapsed() > self.limit {
                bail!("tomó más de {} segundos", self.limit.as_secs());
            }
            thread::sleep(PAUSE);
        }
        let answer = answer.and_then(|answer| answer.join().ok()).unwrap_or_default();
        serde_json::from_slice(&answer)
            .context("el formato o los datos piden más memoria de la que se admite, o hacen fallar el motor")
    }
}

/// What a process says until it ends, or until that is more than any answer.
fn answer(output: ChildStdout) -> Vec<u8> {
    let mut answer = Vec::new();
    // Half an answer is none.
    let _ = output.take(MAX_ANSWER).read_to_end(&mut answer);
    answer
}

/// Does what a reproducer asks of this program: reads a report from the standard input and gives what came of it.
///
/// # Errors
/// When the report cannot be read, or the bounds cannot be set.
pub fn serve(name: &str, desk: &Desk) -> Result<String> {
    #[cfg(unix)]
    rlimit::setrlimit(rlimit::Resource::AS, MAX_MEMORY, MAX_MEMORY).context("no se puede limitar la memoria")?;
    let mut report = Vec::new();
    std::io::stdin().lock().read_to_end(&mut report).context("no se puede leer el informe")?;
    Ok(serde_json::to_string(&Content::from(&again(name, &report, desk, Layouts::Any)))?)
}

/// A process that ends with this.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // Where it has ended already, there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
