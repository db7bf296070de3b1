//! The user and password that an authority asks for.

use std::path::Path;

use anyhow::{Result, bail};
use ureq::http::HeaderValue;

use crate::sign::secret::{self, Secret};

/// A user and password for HTTP Basic (RFC 7617).
pub struct Credentials(Secret);

impl Credentials {
    /// Reads a file with `user:password`, or with the user in one line and the password in the next.
    ///
    /// # Errors
    /// When the file cannot be read or says something else.
    pub fn read(path: &Path) -> Result<Self> {
        let file = secret::read_file(path)?;
        let text = file.expose().strip_prefix('\u{FEFF}').unwrap_or(file.expose());
        let mut lines = text.lines().filter(|line| !line.is_empty());
        let (user, password) = match (lines.next(), lines.next(), lines.next()) {
            (Some(user), Some(password), None) => (user, password),
            (Some(line), None, None) => line.split_once(':').unwrap_or_default(),
            _ => ("", ""),
        };
        if user.is_empty() || user.contains(':') {
            bail!(
                "«{}» debe decir «usuario:clave», o el usuario en una línea y la clave en la siguiente",
                path.display()
            );
        }
        Ok(Self(Secret::new(format!("{user}:{password}"))))
    }

    /// What the header `Authorization` says, with the mark that keeps it out of logs.
    pub(super) fn header(&self) -> Result<HeaderValue, ureq::Error> {
        let encoded = Secret::new(base64(self.0.expose().as_bytes()));
        let value = Secret::new(format!("Basic {}", encoded.expose()));
        let mut value = HeaderValue::from_str(value.expose()).map_err(|error| ureq::Error::Http(error.into()))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// Base64 (RFC 4648, 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn header(file: &str) -> Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tsa");
        std::fs::write(&path, file).unwrap();
        Ok(Credentials::read(&path)?.header()?.to_str().unwrap().to_owned())
    }

    #[test]
    fn user_and_password_stand_in_one_line_or_in_two() {
        // RFC 7617, 2.
        let wanted = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
        for file in [
            "Aladdin:open sesame",
            "Aladdin:open sesame\r\n",
            "Aladdin\nopen sesame\n",
            "\u{FEFF}Aladdin\r\nopen sesame",
        ] {
            assert_eq!(header(file).unwrap(), wanted);
        }
        // RFC 7617, 2.1: in UTF-8; a password may have a colon.
        assert_eq!(header("test:123£").unwrap(), "Basic dGVzdDoxMjPCow==");
        assert_eq!(header("a\nb:c").unwrap(), "Basic YTpiOmM=");
    }

    #[test]
    fn a_file_that_says_something_else_is_refused_without_telling_it() {
        for file in ["", "secreto", ":secreto", "a:b\nsecreto", "a\nb\nsecreto"] {
            let reason = header(file).unwrap_err().to_string();
            assert!(reason.contains("usuario:clave") && !reason.contains("secreto"), "{reason}");
        }
    }
}
