//! What a report says of itself: the facts that the register has of it, and the files inside it that its bag has beside it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::register::{Entry, Signed};
use super::text::whole_second;
use crate::again::{Carried, DATA};
use crate::export::report_name;
use crate::model::{Quarter, Year};
use crate::pdf::File;
use crate::sign::Level;
use crate::typeset::Attachment;
use crate::verify::Verdict;

/// A report as far as it speaks for itself, whether or not its signatures hold.
#[derive(Debug)]
pub struct Facts {
    /// Its name, from its vigencia and its trimestre: `seguimiento-2024-2t`.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Whose it is.
    pub entity: String,
    /// The acronym of the entity.
    pub acronym: Option<String>,
    /// The vigencia.
    pub year: u16,
    /// The trimestre, from 1 to 4.
    pub quarter: u8,
    /// The day that it reports up to.
    pub cutoff: NaiveDate,
    /// How many pages it has.
    pub pages: usize,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it carries.
    pub carried: Carried,
}

/// What is taken from the data of a report.
#[derive(Deserialize)]
struct Data {
    titulo: String,
    vigencia: i64,
    trimestre: DataQuarter,
    fecha_corte: DataDate,
    entidad: DataEntity,
}

#[derive(Deserialize)]
struct DataQuarter {
    numero: i64,
}

#[derive(Deserialize)]
struct DataDate {
    iso: String,
}

#[derive(Deserialize)]
struct DataEntity {
    nombre: String,
    sigla: Option<String>,
}

impl Facts {
    /// Reads them out of a PDF.
    ///
    /// # Errors
    /// Why it is no report of this program, in Spanish.
    pub fn read(pdf: &[u8]) -> Result<Self, String> {
        let file = File::read(pdf).map_err(|fault| fault.to_string())?;
        let carried = Carried::read(file.as_of(1))?;
        let odd = || format!("su «{DATA}» no es el de un informe");
        let data: Data = serde_json::from_slice(carried.data()).map_err(|_| odd())?;
        let (year, quarter) = Year::new(data.vigencia).zip(Quarter::new(data.trimestre.numero)).ok_or_else(odd)?;
        Ok(Self {
            name: report_name(year, quarter),
            title: data.titulo,
            entity: data.entidad.nombre,
            acronym: data.entidad.sigla,
            year: u16::try_from(year.get()).map_err(|_| odd())?,
            quarter: quarter.number(),
            cutoff: NaiveDate::parse_from_str(&data.fecha_corte.iso, "%Y-%m-%d").map_err(|_| odd())?,
            pages: file.now().pages().len(),
            bytes: pdf.len() as u64,
            carried,
        })
    }

    /// The files that it was made from and laid out with: all that it carries but its data.
    pub fn sources(&self) -> impl Iterator<Item = &Attachment> {
        self.carried.files.iter().filter(|file| file.name != DATA)
    }

    /// Whether an entry of the register says the same; its digest and its signatures are for others to compare.
    #[must_use]
    pub fn agree(&self, entry: &Entry) -> bool {
        let same_text = (&self.name, &self.title, &self.entity, &self.acronym)
            == (&entry.report, &entry.title, &entry.entity, &entry.acronym);
        let same_number =
            (self.year, self.quarter, self.pages, self.bytes) == (entry.year, entry.quarter, entry.pages, entry.bytes);
        same_text && same_number && self.cutoff == entry.cutoff
    }
}

/// The signatures of people in the roles of a report, as a verdict has them. What has no level is not passed.
#[must_use]
pub fn signatures(verdict: &Verdict) -> Vec<Signed> {
    let signed = verdict.signatures.iter().filter(|signature| !signature.said.timestamp);
    signed
        .filter_map(|signature| {
            let judgement = &signature.judgement;
            Some(Signed {
                role: signature.role?.name().to_owned(),
                name: judgement.signer.as_ref()?.name(),
                moment: whole_second(judgement.claimed.unwrap_or(DateTime::<Utc>::UNIX_EPOCH)),
                level: judgement.level.map(Level::name).unwrap_or_default().to_owned(),
            })
        })
        .collect()
}
