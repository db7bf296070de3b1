//! Names this build of the program by what it is built from, as `SEGUIMIENTO_BUILD`: reports that another build made are
//! made again. A version number would not tell two builds of an unreleased version apart.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::Path;
use std::process::Command;

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for root in ["Cargo.toml", "Cargo.lock", "src", "report-templates", "fonts"] {
        println!("cargo:rerun-if-changed={root}");
        hash(Path::new(root), &mut hasher)?;
    }
    std::env::var_os("TARGET").hash(&mut hasher);
    let compiler = std::env::var_os("RUSTC").and_then(|rustc| Command::new(rustc).arg("--version").output().ok());
    compiler.map(|version| version.stdout).hash(&mut hasher);
    println!("cargo:rustc-env=SEGUIMIENTO_BUILD={:016x}", hasher.finish());
    Ok(())
}

/// Feeds the name and contents of a file, or of all files below a folder, in order of name.
fn hash(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    path.hash(hasher);
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        entries.sort();
        entries.iter().try_for_each(|entry| hash(entry, hasher))
    } else {
        fs::read(path)?.hash(hasher);
        Ok(())
    }
}
