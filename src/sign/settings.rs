//! How the office signs: `[firma_digital]` of `seguimiento.toml`, over it that of the plan, over both the options of the command.
//!
//! They are never read from the plan inside a report: whoever made that file would choose which authorities are trusted, and where
//! the password of the timestamp authority is sent.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};

use super::Level;
use crate::input::reader::Record;

/// How long a server is waited for.
const WAIT: Duration = Duration::from_secs(30);

/// What one of the three says; what it does not say is left to the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The level of the signatures.
    pub level: Option<Level>,
    /// Who says when something was signed.
    pub authority: Option<Authority>,
    /// Files with the certificates that are trusted.
    pub anchors: Vec<PathBuf>,
    /// Why it is signed.
    pub reason: Option<String>,
    /// Where it is signed.
    pub place: Option<String>,
    /// The file of an image.
    pub image: Option<PathBuf>,
    /// How long a server is waited for.
    pub wait: Option<Duration>,
}

/// A timestamp authority. Its address and its password are said in one place: a password is for nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its address.
    pub url: String,
    /// The file with user and password, where it asks for them.
    pub credentials: Option<PathBuf>,
}

impl Settings {
    /// What a file says; its paths are those from its folder.
    #[must_use]
    pub fn of(file: &Record, folder: &Path) -> Self {
        let Some(record) = file.tables("firma_digital").next() else { return Self::default() };
        let text = |key: &str| record.text(key).map(|text| text.value.to_owned());
        let path = |key: &str| record.text(key).map(|text| folder.join(text.value));
        Self {
            level: record.text("nivel").and_then(|name| Level::parse(name.value)),
            authority: text("tsa").map(|url| Authority { url, credentials: path("tsa_clave") }),
            anchors: record.texts("anclas").iter().map(|path| folder.join(&path.value)).collect(),
            reason: text("motivo"),
            place: text("lugar"),
            image: path("imagen"),
            wait: record.integer("espera").and_then(|wait| u64::try_from(wait.value).ok()).map(Duration::from_secs),
        }
    }

    /// These settings, and where they say nothing those below.
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        Self {
            level: self.level.or(below.level),
            authority: self.authority.or_else(|| below.authority.clone()),
            anchors: if self.anchors.is_empty() { below.anchors.clone() } else { self.anchors },
            reason: self.reason.or_else(|| below.reason.clone()),
            place: self.place.or_else(|| below.place.clone()),
            image: self.image.or_else(|| below.image.clone()),
            wait: self.wait.or(below.wait),
        }
    }

    /// The level that is asked for; where none is, the highest that lasts without being renewed.
    ///
    /// # Errors
    /// When it needs a timestamp authority and there is none.
    pub fn level(&self) -> Result<Level> {
        match (self.level, &self.authority) {
            (None, None) => Ok(Level::BB),
            (None, Some(_)) => Ok(Level::BLT),
            (Some(level), None) if level > Level::BB => {
                bail!(
                    "el nivel {level} necesita una autoridad de estampado cronológico: escríbala con --tsa o en «tsa» de [firma_digital]"
                )
            }
            (Some(level), _) => Ok(level),
        }
    }

    /// How long a server is waited for.
    #[must_use]
    pub fn wait(&self) -> Duration {
        self.wait.unwrap_or(WAIT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::office::tests::office_says;

    fn said(text: &str) -> (Settings, Vec<String>) {
        let (record, findings) = office_says(text);
        (Settings::of(&record, Path::new("/oficina")), findings)
    }

    #[test]
    fn the_office_says_it_once_and_its_paths_are_from_its_own_folder() {
        let (settings, findings) = said(
            r#"[firma_digital]
            nivel = "B-LTA"
            tsa = "https://tsa.ejemplo.gov.co"
            tsa_clave = "secretos/tsa.txt"
            anclas = ["raices/ac.pem", "/etc/raiz.der"]
            motivo = "Seguimiento"
            lugar = "Bogotá"
            imagen = "escudo.svg"
            espera = 5"#,
        );
        assert_eq!(findings, [] as [String; 0]);
        let url = "https://tsa.ejemplo.gov.co".into();
        let authority = Authority { url, credentials: Some("/oficina/secretos/tsa.txt".into()) };
        let expected = Settings {
            level: Some(Level::BLTA),
            authority: Some(authority),
            anchors: vec!["/oficina/raices/ac.pem".into(), "/etc/raiz.der".into()],
            reason: Some("Seguimiento".into()),
            place: Some("Bogotá".into()),
            image: Some("/oficina/escudo.svg".into()),
            wait: Some(Duration::from_secs(5)),
        };
        assert_eq!(settings, expected);
        assert_eq!(said(""), (Settings::default(), vec![]));
    }

    #[test]
    fn what_nobody_knows_is_a_finding_as_in_every_file() {
        let (settings, findings) =
            said("nivel = \"B-T\"\n[firma_digital]\nnivel = \"LT\"\nespera = 0\ntsa = 1\nancla = 1");
        assert_eq!(settings, Settings::default());
        assert_eq!(
            findings,
            [
                "el archivo no tiene una clave «nivel»",
                "«nivel» no puede ser «LT»",
                "«espera» no puede ser 0",
                "«tsa» debe ser un texto, y es un número entero",
                "«firma_digital» no tiene una clave «ancla»",
            ]
        );
    }

    #[test]
    fn the_password_of_one_authority_is_not_for_another() {
        let alone = said("[firma_digital]\ntsa_clave = \"uno.txt\"");
        assert_eq!(alone.1, ["«tsa_clave» no sirve sin «tsa» en el mismo archivo"]);
        let below = said("[firma_digital]\ntsa = \"https://uno\"\ntsa_clave = \"uno.txt\"\nlugar = \"Cali\"").0;
        let above = said("[firma_digital]\ntsa = \"https://dos\"\nmotivo = \"Porque sí\"").0;
        let both = above.over(&below);
        assert_eq!(both.authority, Some(Authority { url: "https://dos".into(), credentials: None }));
        assert_eq!((both.place.as_deref(), both.reason.as_deref()), (Some("Cali"), Some("Porque sí")));
    }

    #[test]
    fn the_level_is_what_is_asked_for_or_what_the_settings_allow() {
        let authority = Some(Authority { url: "https://tsa".into(), credentials: None });
        let level = |level, authority: &Option<Authority>| {
            Settings { level, authority: authority.clone(), ..Settings::default() }.level()
        };
        assert_eq!(level(None, &None).unwrap(), Level::BB);
        assert_eq!(level(None, &authority).unwrap(), Level::BLT);
        assert_eq!(level(Some(Level::BLTA), &authority).unwrap(), Level::BLTA);
        assert_eq!(level(Some(Level::BB), &authority).unwrap(), Level::BB);
        assert!(level(Some(Level::BT), &None).unwrap_err().to_string().contains("--tsa"));
    }
}
