//! Timestamps as they are asked for (RFC 3161, 2.2): nothing that an authority answers is believed before it has been checked.
//!
//! Whether the authority chains to an anchor, and is not revoked, is for [`super::evidence`] to find out.

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};

use super::{Clock, TOLERANCE, TimestampAuthority};
use crate::pki::certificate::Certificate;
use crate::pki::path::{self, Purpose};
use crate::pki::timestamp::{self, Token};
use crate::verify::judge;

/// A timestamp that has been checked.
#[derive(Debug)]
pub struct Stamp {
    /// The token, a CMS in DER.
    pub der: Vec<u8>,
    /// What it says.
    pub token: Token,
    /// Whose it is.
    pub signer: Certificate,
}

/// Asks an authority for a timestamp of something given in pieces, and checks that the answer is one: of this very thing, for this
/// request, signed by the certificate inside it, which is for timestamps and valid at the time that it says, which is now.
///
/// # Errors
/// When the authority cannot be reached or refuses, or what it answers does not hold.
pub fn stamp(authority: &dyn TimestampAuthority, clock: &dyn Clock, parts: &[&[u8]]) -> Result<Stamp> {
    let nonce = authority.nonce();
    let answer = authority.send(&timestamp::request(parts, nonce)?)?;
    let der = timestamp::response(&answer)?;
    let token =
        Token::read(&der).context("lo que respondió la autoridad de estampado cronológico no es un sello de tiempo")?;
    let signer = check(&token, nonce, parts, clock.now())
        .context("la autoridad de estampado cronológico dio un sello que no sirve")?;
    Ok(Stamp { der, token, signer })
}

/// What RFC 3161, 2.2 and 2.3, want of an answer.
fn check(token: &Token, nonce: [u8; 8], parts: &[&[u8]], now: DateTime<Utc>) -> Result<Certificate> {
    ensure!(token.imprint_holds(parts).is_ok(), "es de algo distinto de lo que se le envió");
    ensure!(token.answers(nonce), "es la respuesta a otra solicitud");
    ensure!(!token.cms.evidence.certificates.is_empty(), "no trae el certificado de la autoridad");
    // RFC 3161, 2.4.1 wants it, and so do those who verify the signature: which of the certificates inside signed.
    ensure!(token.cms.reference.is_some(), "no dice con qué certificado se firmó");
    ensure!(token.is_precise(), timestamp::VAGUE);
    let signer = token.verify(parts, &[])?.signer;
    path::suits(&signer, Purpose::Timestamping)?;
    if token.time < signer.not_before() {
        bail!(path::Fault::NotYetValid(signer));
    }
    if token.time > signer.not_after() {
        bail!(path::Fault::Expired(signer));
    }
    // What is later than their clock, those who verify it take for what cannot be.
    let ahead = token.time > now + judge::TOLERANCE + token.accuracy.unwrap_or_default();
    if ahead || now - token.time > TOLERANCE {
        let [its, ours] = [token.time, now].map(|time| time.format("%Y-%m-%d %H:%M UTC"));
        bail!("dice que son las {its}, y en este equipo son las {ours}: uno de los dos relojes anda mal");
    }
    Ok(signer)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An authority that always has the same nonce and the same answer.
    struct Fixed(Vec<u8>);

    impl TimestampAuthority for Fixed {
        fn nonce(&self) -> [u8; 8] {
            [1, 2, 3, 4, 5, 6, 7, 8]
        }

        fn send(&self, request: &[u8]) -> Result<Vec<u8>> {
            let imprint = crate::pki::algorithm::Digest::Sha256.of(b"informe");
            assert!(request.ends_with(&[&imprint[..], &[2, 8, 1, 2, 3, 4, 5, 6, 7, 8], &[1, 1, 0xFF]].concat()));
            Ok(self.0.clone())
        }
    }

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> DateTime<Utc> {
            "2026-11-23T14:31:00Z".parse().unwrap()
        }
    }

    fn file(name: &str) -> Vec<u8> {
        std::fs::read(format!("tests/data/estampas/{name}")).unwrap()
    }

    fn reason(answer: &[u8]) -> String {
        format!("{:#}", stamp(&Fixed(answer.to_vec()), &Stopped, &[b"informe"]).unwrap_err())
    }

    #[test]
    fn an_honest_answer_gives_the_token() {
        let stamp = stamp(&Fixed(file("buena.tsr")), &Stopped, &[b"inf", b"orme"]).unwrap();
        assert_eq!(stamp.signer.name(), "Estampas vigente");
        assert!(file("buena.tsr").ends_with(&stamp.der), "with the bytes that it came with");
    }

    struct At(DateTime<Utc>);

    impl Clock for At {
        fn now(&self) -> DateTime<Utc> {
            self.0
        }
    }

    #[test]
    fn a_timestamp_of_another_time_is_refused_before_anybody_verifies_it() {
        let good = file("buena.tsr");
        let time = stamp(&Fixed(good.clone()), &Stopped, &[b"informe"]).unwrap().token.time;
        let taken = |seconds| {
            let clock = At(time + chrono::TimeDelta::seconds(seconds));
            stamp(&Fixed(good.clone()), &clock, &[b"informe"]).map_err(|refused| format!("{refused:#}"))
        };
        assert!(taken(-50).is_ok() && taken(9 * 60).is_ok());
        for seconds in [-8 * 60, 11 * 60] {
            assert!(taken(seconds).unwrap_err().contains("uno de los dos relojes anda mal"), "{seconds}");
        }
    }

    #[test]
    fn each_lie_is_told_for_what_it_is() {
        for (name, lie) in [
            ("otro-resumen", "de algo distinto de lo que se le envió"),
            ("otro-nonce", "la respuesta a otra solicitud"),
            ("sin-certificado", "no trae el certificado"),
            ("vencida", "el certificado de «Estampas vencida» venció el 2026-11-22"),
            ("rechazada", "no admite el algoritmo de resumen"),
        ] {
            let reason = reason(&file(&format!("{name}.tsr")));
            assert!(reason.contains(lie), "{name}: {reason}");
        }
    }

    #[test]
    fn an_answer_that_was_cut_or_changed_anywhere_is_refused() {
        let good = file("buena.tsr");
        for length in 0..good.len() {
            reason(&good[..length]);
        }
        // What the authority may say beside the token is nobody's loss: the status, and the certificates above its own.
        let token = stamp(&Fixed(good.clone()), &Stopped, &[b"informe"]).unwrap();
        let position = |part: &[u8]| good.windows(part.len()).position(|window| window == part).unwrap();
        let signed = token.token.cms.content.as_ref().unwrap();
        for part in [signed.as_slice(), &token.token.cms.signature, token.signer.spki_der()] {
            for at in position(part)..position(part) + part.len() {
                let mut changed = good.clone();
                changed[at] ^= 1;
                reason(&changed);
            }
        }
    }

    #[test]
    fn a_page_is_no_timestamp() {
        assert!(reason(b"<html>").contains("no se puede leer"));
    }
}
