//! The head of a register as an oversight body keeps it: a text, or a small JSON document with a timestamp.
//!
//! The timestamp (RFC 3161) is over the text of the head, «40:sha256»: it proves that the archive was so by then.

use anyhow::{Context, Result, anyhow, bail};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::register::Head;
use super::text::{base64, from_base64};
use crate::pki::certificate::Certificate;
use crate::pki::path::{self, Purpose};
use crate::pki::timestamp::Token;
use crate::sign::{Clock, TimestampAuthority, tsa};

/// A head with the timestamp over it, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The head.
    pub head: Head,
    /// The token, a CMS in DER.
    pub token: Option<Vec<u8>>,
}

/// A timestamp that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// When it was made.
    pub time: DateTime<Utc>,
    /// Whose it is.
    pub authority: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    entradas: usize,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sello_de_tiempo: Option<String>,
}

impl Kept {
    /// A head, with a timestamp if there is an authority to ask.
    ///
    /// # Errors
    /// When the authority gives none that holds.
    pub fn new(head: Head, authority: Option<&dyn TimestampAuthority>, clock: &dyn Clock) -> Result<Self> {
        let stamp = authority.map(|authority| tsa::stamp(authority, clock, &[head.to_string().as_bytes()]));
        Ok(Self { token: stamp.transpose()?.map(|stamp| stamp.der), head })
    }

    /// Reads what was kept: the JSON, or the text alone.
    ///
    /// # Errors
    /// When it is neither.
    pub fn read(kept: &str) -> Result<Self> {
        if let Some(head) = Head::parse(kept) {
            return Ok(Self { head, token: None });
        }
        let document: Document = serde_json::from_str(kept).map_err(|_| {
            anyhow!("no es la cabeza de un registro: se escribe «40:» y el SHA-256, o como la dio «archivar»")
        })?;
        let head = Head::parse(&format!("{}:{}", document.entradas, document.sha256));
        let head = head.context("su «sha256» no es un SHA-256")?;
        let token =
            document.sello_de_tiempo.map(|token| from_base64(&token).context("su «sello_de_tiempo» no es base 64"));
        Ok(Self { head, token: token.transpose()? })
    }

    /// The JSON, with a line end.
    #[must_use]
    pub fn json(&self) -> String {
        let document = Document {
            entradas: self.head.entries,
            sha256: self.head.digest.clone(),
            sello_de_tiempo: self.token.as_deref().map(base64),
        };
        // Texts and a number: there is nothing in it that JSON could not say.
        serde_json::to_string(&document).unwrap_or_default() + "\n"
    }

    /// Verifies the timestamp, if there is one: it is over this head, and its authority, whose certificate was valid then, chains to an
    /// anchor. Whether that certificate was revoked is not asked: the head itself has to agree with the register anyway.
    ///
    /// # Errors
    /// What does not hold of it.
    pub fn stamped(&self, anchors: &[Certificate]) -> Result<Option<Stamped>> {
        let Some(der) = &self.token else { return Ok(None) };
        let token = Token::read(der)?;
        let verified = token.verify(&[self.head.to_string().as_bytes()], &[])?;
        let pool = &token.cms.evidence.certificates;
        if !(verified.signer.not_before()..=verified.signer.not_after()).contains(&token.time) {
            bail!("el certificado de «{}» no estaba vigente en la hora del sello", verified.signer.name());
        }
        path::find(&verified.signer, pool, anchors, token.time, Purpose::Timestamping)?;
        Ok(Some(Stamped { time: token.time, authority: verified.signer.name() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_said_and_as_it_is_written() {
        let digest = "0f".repeat(32);
        let kept = Kept::read(&format!(" 40:{digest}\n")).unwrap();
        assert_eq!((kept.head.entries, kept.head.digest.as_str(), &kept.token), (40, digest.as_str(), &None));
        let with = Kept { token: Some(vec![0xFB, 0xFF, 0]), ..kept.clone() };
        assert_eq!(with.json(), format!("{{\"entradas\":40,\"sha256\":\"{digest}\",\"sello_de_tiempo\":\"+/8A\"}}\n"));
        assert_eq!([Kept::read(&with.json()).unwrap(), Kept::read(&kept.json()).unwrap()], [with, kept]);
    }

    #[test]
    fn what_is_no_head_is_refused() {
        let digest = "0f".repeat(32);
        for wrong in [
            String::new(),
            "40".into(),
            format!("+40:{digest}"),
            format!("40:{digest}0"),
            format!("-1:{digest}"),
            format!("{{\"entradas\":40,\"sha256\":\"{digest}\",\"otra\":1}}"),
            format!("{{\"entradas\":40,\"sha256\":\"{digest}\",\"sello_de_tiempo\":\"*\"}}"),
            "{\"entradas\":40,\"sha256\":\"x\"}".into(),
        ] {
            assert!(Kept::read(&wrong).is_err(), "{wrong}");
        }
    }
}
