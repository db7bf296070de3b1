//! Passphrases and PINs: where they come from, and that nobody else sees them.
//!
//! Never from an argument: every user of the machine can read those of a running program.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::mem;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

/// Longest secret that is read, in bytes.
const MAX: u64 = 4096;

/// A passphrase or PIN. It cannot be shown, and its bytes are overwritten when it is no longer needed.
pub struct Secret(String);

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The only line of a file.
    File(PathBuf),
    /// An environment variable of this name.
    Variable(String),
    /// Who sits at the terminal, who is asked without echo.
    Terminal,
}

impl Source {
    /// Reads the secret, or asks for it with these words: «Clave de «llave.p12»».
    ///
    /// # Errors
    /// When the file cannot be read or has more than one line, the variable is not set, or there is no terminal.
    pub fn read(&self, what: &str) -> Result<Secret> {
        match self {
            Self::File(path) => one_line(&read_file(path)?, path),
            Self::Variable(name) => variable(name),
            Self::Terminal => ask(what),
        }
    }
}

impl Secret {
    /// Takes a text as a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for who needs it and no longer than needed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(mem::take(&mut self.0).into_bytes());
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Overwrites bytes; the compiler is told that somebody looks at them afterwards, or it would leave them.
pub(super) fn wipe(mut bytes: Vec<u8>) {
    bytes.fill(0);
    std::hint::black_box(&bytes);
}

/// Whether other users of the machine may read a file of secrets: a reason to warn.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Reads a small file of text.
pub(super) fn read_file(path: &Path) -> Result<Secret> {
    let failed = || format!("no se puede leer «{}»", path.display());
    let file = File::open(path).with_context(failed)?;
    // Room for all of it from the start: what a vector leaves behind when it grows is not overwritten.
    let mut bytes = Vec::with_capacity(usize::try_from(MAX)? + 1);
    file.take(MAX + 1).read_to_end(&mut bytes).with_context(failed)?;
    if bytes.len() as u64 > MAX {
        wipe(bytes);
        bail!("«{}» es demasiado largo para contener solo una clave", path.display());
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        wipe(error.into_bytes());
        anyhow!("«{}» no está en UTF-8", path.display())
    })?;
    Ok(Secret(text))
}

fn one_line(file: &Secret, path: &Path) -> Result<Secret> {
    let text = file.expose().strip_prefix('\u{FEFF}').unwrap_or(file.expose());
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains(['\n', '\r']) {
        bail!("«{}» tiene varias líneas: la clave debe ser la única", path.display());
    }
    Ok(Secret(line.to_owned()))
}

fn variable(name: &str) -> Result<Secret> {
    match std::env::var(name) {
        Ok(text) => Ok(Secret(text)),
        Err(std::env::VarError::NotPresent) => {
            bail!("la variable de entorno «{name}», de donde se toma la clave, no existe")
        }
        Err(std::env::VarError::NotUnicode(_)) => bail!("la variable de entorno «{name}» no está en UTF-8"),
    }
}

fn ask(what: &str) -> Result<Secret> {
    let answer = rpassword::prompt_password(format!("{what}: "));
    let reason = "no hay terminal en que pedir la clave: indíquela en un archivo o en una variable de entorno";
    answer.map(Secret).context(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> Result<Secret> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clave");
        std::fs::write(&path, bytes).unwrap();
        Source::File(path).read("Clave")
    }

    #[test]
    fn a_file_gives_its_only_line_without_what_ends_it() {
        for bytes in ["clave ñ", "clave ñ\n", "clave ñ\r\n", "\u{FEFF}clave ñ\n"] {
            assert_eq!(file(bytes.as_bytes()).unwrap().expose(), "clave ñ");
        }
        assert_eq!(file(b" con espacios \n").unwrap().expose(), " con espacios ");
        assert_eq!(file(b"").unwrap().expose(), "", "a key may have an empty passphrase");
    }

    #[test]
    fn what_is_no_file_of_one_line_is_refused() {
        assert!(file(b"uno\ndos\n").unwrap_err().to_string().contains("varias líneas"));
        assert!(file(b"\xFF").unwrap_err().to_string().contains("UTF-8"));
        assert!(file(&[b'a'; 5000]).unwrap_err().to_string().contains("demasiado largo"));
        assert!(Source::File("/no/existe".into()).read("Clave").unwrap_err().to_string().contains("/no/existe"));
    }

    #[test]
    fn a_variable_gives_its_value_and_one_that_is_not_there_is_named() {
        let path = Source::Variable("PATH".into()).read("Clave").unwrap();
        assert_eq!(path.expose(), std::env::var("PATH").unwrap());
        let error = Source::Variable("NO_EXISTE_ESTA_VARIABLE".into()).read("Clave").unwrap_err();
        assert!(error.to_string().contains("NO_EXISTE_ESTA_VARIABLE"));
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        assert!(!format!("{:?}", Secret::new("hola".into())).contains("hola"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clave");
        std::fs::write(&path, "x").unwrap();
        for (mode, open) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_open_to_others(&path), open, "{mode:o}");
        }
    }
}
