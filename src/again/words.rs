//! What came of making a report again, in words: sentences, the last without its stop.

use std::fmt::{Display, Formatter, Result};

use super::{Again, Data, Layout, PROGRAM, Printed, Risk};

/// Most fonts that are named.
const MAX_FONTS: usize = 6;
/// Most characters of a name that a report gives.
const MAX_NAME: usize = 80;

/// A name that a report gives, which cannot break out of its quotes.
fn name(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '«' | '»' | '(' | ')')).take(MAX_NAME).collect()
}

impl Display for Again {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Exact { layout, annex } => {
                f.write_str("el contenido es la reproducción exacta de los datos adjuntos")?;
                if *annex {
                    f.write_str("; el anexo se tomó como está en ellos, sin repetir la revisión")?;
                }
                warn_of(*layout, f)
            }
            Self::Differs { layout, at } => {
                write!(f, "el contenido no es la reproducción de los datos adjuntos: {at}")?;
                warn_of(*layout, f)
            }
            Self::Errors(faults) => match faults.findings.iter().filter(|finding| finding.is_error()).count() {
                1 => f.write_str("los datos adjuntos tienen un error"),
                errors => write!(f, "los datos adjuntos tienen {errors} errores"),
            },
            Self::OtherVersion { program, fonts, data, printed } => {
                match &fonts[..] {
                    _ if program != PROGRAM => write!(f, "lo hizo «{}», y este es «{PROGRAM}»", name(program))?,
                    fonts => {
                        let names: Vec<String> = fonts.iter().take(MAX_FONTS).map(|font| name(font)).collect();
                        let more = if fonts.len() > MAX_FONTS { ", …" } else { "" };
                        write!(f, "se hizo con otros tipos de letra ({}{more})", names.join(", "))?;
                    }
                }
                f.write_str("; las páginas no se pueden componer de nuevo, y lo que muestran no queda comprobado")?;
                match data {
                    Data::Same => {
                        f.write_str(". Los datos del informe sí son los que resultan de los TOML adjuntos")?;
                    }
                    Data::Differ(at) => write!(f, ". Los datos del informe no son los de los TOML adjuntos: {at}")?,
                    Data::Unknown => f.write_str(". Para esta versión los datos adjuntos tienen errores")?,
                }
                match printed {
                    Printed::Same => f.write_str(". El texto de la tabla, según su estructura, es el de esos datos"),
                    Printed::Differs(at) => write!(f, ". El texto de la tabla no es el de esos datos: {at}"),
                    Printed::Unknown => f.write_str(". El texto de la tabla no se puede comparar con esos datos"),
                }
            }
            Self::NotTried(Risk::Foreign) => {
                f.write_str("trae un formato que no es del programa ni de «report-templates», y no se compuso de nuevo")
            }
            Self::NotTried(Risk::Logo) => f.write_str("su logo trae más que trazos, y no se compuso de nuevo"),
            Self::NotTried(Risk::Large) => f.write_str("trae demasiados datos, y no se compuso de nuevo"),
            Self::NotOurs(why) => write!(f, "no es un informe que se pueda reproducir: {why}"),
        }
    }
}

/// Says of a foreign layout that it is one.
fn warn_of(layout: Layout, f: &mut Formatter<'_>) -> Result {
    match layout {
        Layout::Known => Ok(()),
        Layout::Foreign => f.write_str(
            "; su formato no es del programa ni de «report-templates», y puede imprimir otra cosa que los datos: véalo con ellos a la vista",
        ),
    }
}
