//! E-mail addresses of people. Those of public entities are public, and so are mailboxes of an office.

use std::ops::Range;

use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::{Kind, Pieces};

/// Names of mailboxes that are of no person.
const OFFICES: &[&str] = &[
    "atencion",
    "atencionalciudadano",
    "ayuda",
    "comunicaciones",
    "contactenos",
    "contacto",
    "correspondencia",
    "denuncias",
    "info",
    "notificaciones",
    "notificacionesjudiciales",
    "pqrs",
    "pqrsd",
    "prensa",
    "quejas",
    "quejasyreclamos",
    "servicioalciudadano",
    "soporte",
    "transparencia",
    "ventanilla",
    "ventanillaunica",
    "webmaster",
];

/// `correo-electronico`.
pub fn check(text: &Text<'_>, pieces: &Pieces<'_>, findings: &mut Vec<Finding>) {
    for at in 0..pieces.len() {
        let Some(address) = address(pieces, at) else { continue };
        let range = pieces.range(address);
        let Some((name, host)) = text.value[range.clone()].split_once('@') else { continue };
        if is_public(name, host) {
            continue;
        }
        let message = format!("el texto publica una dirección de correo electrónico de «{host}»");
        findings.push(
            (text.finding(&code::EMAIL, range, message))
                .label("¿dato personal?")
                .help("quite la dirección, o escriba la del buzón institucional"),
        );
    }
}

fn is_public(name: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let of_state = ["gov.co", "mil.co"].iter().any(|state| host == *state || host.ends_with(&format!(".{state}")));
    of_state || OFFICES.contains(&name.to_ascii_lowercase().replace(['.', '-', '_'], "").as_str())
}

/// The pieces of an address of which a piece is the main one: all of it, or the `@` where the name has an accent.
fn address(pieces: &Pieces<'_>, at: usize) -> Option<Range<usize>> {
    /// Longest name, in pieces.
    const LONGEST: usize = 16;
    let word = pieces.word(at);
    if pieces.kind(at) == Some(Kind::Address) {
        let whole = word.contains('@') && !word.contains('/');
        return whole.then_some(at..at + 1);
    }
    let host = pieces.word(at + 1);
    let is_host = pieces.kind(at + 1) == Some(Kind::Address) && !host.contains(['@', '/']);
    if word != "@" || !is_host || !pieces.touches(at) || !pieces.touches(at + 1) {
        return None;
    }
    let of_name = |at: usize| {
        matches!(pieces.kind(at), Some(Kind::Word | Kind::Number | Kind::Code))
            || [".", "-", "_"].contains(&pieces.word(at))
    };
    let mut start = at;
    while start > 0 && at - start < LONGEST && of_name(start - 1) && pieces.touches(start) {
        start -= 1;
    }
    (start < at).then_some(start..at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let pieces = Pieces::new(text, &tokens(text));
        let found = (0..pieces.len()).filter_map(|at| address(&pieces, at));
        found.map(|address| &text[pieces.range(address)]).collect()
    }

    #[test]
    fn addresses_are_found_with_their_accents() {
        assert_eq!(found("Escriba a ana.p@correo.com, o a <luis@x.org>."), ["ana.p@correo.com", "luis@x.org"]);
        assert_eq!(found("Escriba a josé.pérez@correo.com."), ["josé.pérez@correo.com"]);
        for text in ["La cuenta @entidad publicó.", "https://medio.com/@ana", "a @ b", "12 @ correo.com"] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn mailboxes_of_the_state_and_of_offices_are_public() {
        assert!(is_public("ana.perez", "Entidad.GOV.CO") && is_public("x", "gov.co") && is_public("x", "a.mil.co"));
        assert!(is_public("Servicio.al.Ciudadano", "empresa.com") && is_public("soporte", "x.co"));
        assert!(!is_public("ana", "nogov.co") && !is_public("ana", "gmail.com"));
    }

    proptest! {
        #[test]
        fn any_signs_are_read(text in "(@|\\.|ana|ñ|x\\.co| |/|-){0,14}") {
            let _ = found(&text);
        }
    }
}
