//! One file of the user: bytes on disk to text, whatever stands at that path.
//!
//! What is not a regular, readable, sanely sized UTF-8 file becomes a finding, so that one odd file stops neither the
//! program nor the reading of the others.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::diag::{Code, FileId, Finding, SourceFile, Sources, Span, code};

/// Largest TOML file that is read, in bytes: ten thousand actions with a long narrative each are a quarter of it.
pub const MAX_TOML: u64 = 64 * 1024 * 1024;

/// Adds the bytes of a text file to the sources, under the name that findings show.
///
/// # Errors
/// When it is not a regular, readable file of UTF-8 text. `Err` holds the file that could not be read; a finding tells why.
pub fn add_text(
    name: String,
    bytes: Result<Vec<u8>, Unreadable>,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) -> Result<FileId, FileId> {
    let bytes = bytes.map_err(|fault| {
        let file = sources.add(SourceFile::new(name.clone(), Vec::new(), String::new()));
        findings.push(fault.finding(Span::whole(file)));
        file
    })?;
    match text_of(&bytes) {
        Ok(text) => Ok(sources.add(SourceFile::new(name, bytes, text))),
        Err(fault) => {
            let file = sources.add(SourceFile::new(name, bytes, fault.readable));
            let span = Span::new(file, fault.at);
            let finding = Finding::new(&code::FILE_NOT_UTF8, span, fault.message);
            findings.push(finding.label("aquí deja de ser UTF-8").help(fault.help));
            Err(file)
        }
    }
}

/// The path as a person would type it, with `/` on every platform, and on one line whatever it holds.
#[must_use]
pub fn display(path: &Path) -> String {
    path.display().to_string().replace('\\', "/").replace(char::is_control, "\u{FFFD}")
}

/// Why the bytes of a file could not be had.
#[derive(Debug, Clone)]
pub struct Unreadable {
    code: &'static Code,
    message: String,
    help: &'static str,
}

impl Unreadable {
    /// What the system did not let be read.
    #[must_use]
    pub fn new(path: &Path, error: &io::Error) -> Self {
        Self {
            code: &code::FILE_UNREADABLE,
            message: format!("no se puede leer «{}»: {}", display(path), reason(error)),
            help: "revise la ruta y los permisos del archivo",
        }
    }

    /// A link that leads out of the folder that may be read.
    #[must_use]
    pub fn outside(path: &Path) -> Self {
        Self {
            code: &code::FILE_NOT_REGULAR,
            message: format!("«{}» lleva fuera de su carpeta", display(path)),
            help: "copie el archivo dentro de la carpeta en vez de enlazarlo",
        }
    }

    /// More bytes than a file of its kind may have.
    #[must_use]
    pub fn too_large(path: &Path, limit: u64) -> Self {
        Self {
            code: &code::FILE_TOO_LARGE,
            message: format!("«{}» pesa más de {} MiB", display(path), limit >> 20),
            help: "verifique que es el archivo correcto; un plan entero ocupa mucho menos",
        }
    }

    /// What happened, in Spanish.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The finding, at the place in the data that named the file.
    #[must_use]
    pub fn finding(&self, span: Span) -> Finding {
        Finding::new(self.code, span, &self.message).help(self.help)
    }
}

/// The bytes of a regular file of at most `limit` bytes.
///
/// # Errors
/// When it does not exist, may not be read, is no regular file, or is larger.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Unreadable> {
    let unreadable = |error: io::Error| Unreadable::new(path, &error);
    let irregular = || Unreadable {
        code: &code::FILE_NOT_REGULAR,
        message: format!("«{}» no es un archivo corriente", display(path)),
        help: "ponga en ese lugar un archivo de verdad, no una carpeta, una tubería ni un dispositivo",
    };
    // Asked before opening: to open a pipe is to wait for whoever writes into it.
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(irregular());
    }
    let file = File::open(path).map_err(unreadable)?;
    // With room for the end of the file, one read takes all of it.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or_default() + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(Unreadable::too_large(path, limit));
    }
    Ok(bytes)
}

/// What the system said, in Spanish where it says it often.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no existe".into(),
        io::ErrorKind::PermissionDenied => "no hay permiso".into(),
        io::ErrorKind::IsADirectory => "es una carpeta".into(),
        kind if kind.to_string().starts_with("filesystem loop") => "los enlaces forman un círculo".into(),
        io::ErrorKind::StorageFull => "no queda espacio en el disco".into(),
        io::ErrorKind::ReadOnlyFilesystem => "el disco es de solo lectura".into(),
        io::ErrorKind::AlreadyExists => "ya hay otra cosa con ese nombre".into(),
        io::ErrorKind::WouldBlock => "faltan recursos del sistema".into(),
        io::ErrorKind::NotADirectory => "una parte de la ruta no es una carpeta".into(),
        _ => format!("el sistema respondió «{error}»"),
    }
}

/// Where and how a file fails to be UTF-8.
struct NotUtf8 {
    at: std::ops::Range<usize>,
    readable: String,
    message: String,
    help: String,
}

/// The text of a file as spans count in it: see [`SourceFile::text`].
#[must_use]
pub fn readable(bytes: &[u8]) -> Option<String> {
    text_of(bytes).ok()
}

/// The text of a file, without byte-order mark, its lines ended by `\n`.
fn text_of(bytes: &[u8]) -> Result<String, NotUtf8> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(NotUtf8 {
            at: 0..0,
            readable: String::new(),
            message: "el archivo está en UTF-16, no en UTF-8".into(),
            help: "guárdelo de nuevo con la codificación «UTF-8»".into(),
        });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(normalize(text)),
        Err(error) => {
            let (good, bad) = bytes.split_at(error.valid_up_to());
            let start = normalize(&String::from_utf8_lossy(good)).len();
            let readable = normalize(&String::from_utf8_lossy(bytes));
            Err(NotUtf8 {
                at: start..readable.ceil_char_boundary(start + 1),
                readable,
                message: format!("el archivo no está en UTF-8: el byte {:#04X} no es texto", bad[0]),
                help: match windows_1252(bad[0]) {
                    Some(letter) => format!(
                        "parece guardado en Latin-1 o Windows-1252, donde ese byte es «{letter}»; guárdelo de nuevo como «UTF-8»"
                    ),
                    None => "guárdelo de nuevo con la codificación «UTF-8»".into(),
                },
            })
        }
    }
}

/// What Windows editors add is no part of the text: the byte-order mark and the carriage return before each line feed.
fn normalize(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n")
}

/// The letter that a byte above ASCII is in Latin-1 and in Windows-1252, where both agree.
fn windows_1252(byte: u8) -> Option<char> {
    (byte >= 0xA0).then(|| char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_windows_editors_read_like_any_other() {
        let plain = "a = 1\nb = '''x\ny'''\n";
        let windows = format!("\u{FEFF}{}", plain.replace('\n', "\r\n"));
        assert_eq!(text_of(windows.as_bytes()).ok().as_deref(), Some(plain));
    }

    #[test]
    fn the_first_byte_that_is_not_utf8_is_pointed_at() {
        let fault = text_of(b"\xEF\xBB\xBFa = 1\r\nnombre = \"Acci\xF3n\"\r\n").err().unwrap();
        assert_eq!(fault.at.start, "a = 1\nnombre = \"Acci".len());
        assert!(fault.help.contains("«ó»"));
    }
}
