//! Ctrl-C: what is in hand is finished, nothing else is begun. Other signals do what they always do, so that `nohup` holds;
//! files are whole whatever ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};

/// Exit status of a program that was interrupted: 128 and the number of the signal, as shells have it.
pub const STATUS: u8 = 130;

/// True from the first interruption on. The second ends the program at once; files are whole even then.
///
/// # Errors
/// When the system does not take the handler.
pub fn flag() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let handler = {
        let stop = Arc::clone(&stop);
        move || {
            if stop.swap(true, Ordering::Relaxed) {
                std::process::exit(STATUS.into());
            }
        }
    };
    ctrlc::set_handler(handler).context("el sistema no deja atender Ctrl-C")?;
    Ok(stop)
}
