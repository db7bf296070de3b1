//! Numbers of telephones: ten figures that begin with 3 (mobile) or with 60 and 1 to 8 (the rest), as the numbering plan
//! of 2021 has them; seven only where a word before says what they are.

use crate::audit::personal::Figures;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::{Kind, Pieces};

/// Words before a telephone.
const TELEPHONE: &[&str] = &[
    "tel",
    "teléfono",
    "telefono",
    "teléfonos",
    "telefónico",
    "telefónica",
    "pbx",
    "celular",
    "celulares",
    "cel",
    "móvil",
    "whatsapp",
    "fijo",
];

/// Words before a number that is something else.
const OTHER: &[&str] = &[
    "contrato",
    "contratos",
    "convenio",
    "radicado",
    "radicados",
    "radicación",
    "bpin",
    "bepin",
    "nit",
    "código",
    "codigo",
    "códigos",
    "resolución",
    "oficio",
    "expediente",
    "proceso",
    "registro",
    "cdp",
    "crp",
    "rp",
    "rubro",
    "matrícula",
    "factura",
    "póliza",
    "orden",
    "cédula",
    "cc",
    "c",
    "identidad",
    "valor",
    "acta",
    "id",
    "serial",
    "placa",
    "cuenta",
    "predial",
    "catastral",
    "norma",
    "item",
    "ítem",
    "ticket",
    "caso",
    "suma",
    "monto",
    "total",
    "línea",
    "lote",
    "presupuesto",
    "recursos",
    "inversión",
    "costo",
    "asciende",
    "ascienden",
    "no",
    "nro",
    "nº",
    "n°",
    "n",
    "número",
    "numero",
    "números",
];

/// Words after an amount.
const COUNTED: &[&str] =
    &["pesos", "millones", "mil", "cop", "m", "m²", "m³", "kwh", "km", "%", "personas", "habitantes"];

/// How many words before a number may say what it is.
const REACH: usize = 8;

/// `telefono`.
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    let pieces = &text.pieces;
    for found in telephones(pieces) {
        let ending = &found.digits[found.digits.len() - 2..];
        let message = format!("el texto publica un número de teléfono, el terminado en {ending}");
        findings.push(
            (text.finding(&code::TELEPHONE, pieces.range(found.pieces.clone()), message))
                .label("¿dato personal?")
                .help("quite el número; si es de una línea de atención de la entidad, acepte el hallazgo en una [[excepcion]]"),
        );
    }
}

/// All telephones, none of which is a part of another.
fn telephones(pieces: &Pieces<'_>) -> Vec<Figures> {
    let mut found: Vec<Figures> = Vec::new();
    for at in pieces.of_kinds(&[Kind::Number, Kind::Mark]) {
        if found.last().is_none_or(|last| last.pieces.end <= at) {
            found.extend(telephone(pieces, at));
        }
    }
    found
}

fn telephone(pieces: &Pieces<'_>, at: usize) -> Option<Figures> {
    match pieces.kind(at)? {
        Kind::Number => {}
        Kind::Mark if matches!(pieces.word(at), "(" | "+") => {}
        _ => return None,
    }
    // The second half of a number that was looked at already.
    if at > 0 && pieces.number(at).is_some() && pieces.number(at - 1).is_some() {
        return None;
    }
    let found = if pieces.is(at, "(") { in_parentheses(pieces, at)? } else { grouped(pieces, at)? };
    let digits = found.digits.strip_prefix("57").filter(|rest| rest.len() == 10).unwrap_or(&found.digits);
    let mut before = pieces.before(at, REACH);
    let named = pieces.before(at, REACH).any(|before| pieces.is_one_of(before, TELEPHONE));
    let other = before.any(|before| pieces.is_one_of(before, OTHER) || pieces.is(before, "$"));
    let counted = pieces.is_one_of(found.pieces.end, COUNTED);
    // An amount that was written without points.
    let round = digits.ends_with("000") && !named;
    let long = (is_mobile(digits) || is_landline(digits)) && !round;
    let short = digits.len() == 7 && !digits.starts_with('0');
    ((long && (named || !other) && !counted) || (short && named && !counted)).then_some(found)
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 10 && digits.starts_with('3')
}

fn is_landline(digits: &str) -> bool {
    digits.len() == 10 && digits.starts_with("60") && matches!(digits.as_bytes()[2], b'1'..=b'8')
}

/// `300 123 4567`, `+57 300-123-4567`, `601 2345678`, `3001234567`.
fn grouped(pieces: &Pieces<'_>, at: usize) -> Option<Figures> {
    const GROUPS: &[&[usize]] = &[&[10], &[3, 3, 4], &[3, 7], &[3, 3, 2, 2], &[3, 2, 2, 3], &[7], &[3, 4], &[3, 2, 2]];
    let start = at + usize::from(pieces.is(at, "+"));
    let mut found = Figures::at(pieces, start, &[" ", "-", "."])?;
    found.pieces.start = at;
    let national = match &found.groups[..] {
        [12] => &[10],
        [2, rest @ ..] if found.digits.starts_with("57") => rest,
        groups => groups,
    };
    GROUPS.contains(&national).then_some(found)
}

/// `(601) 234 5678`
fn in_parentheses(pieces: &Pieces<'_>, at: usize) -> Option<Figures> {
    let area = pieces.number(at + 1).filter(|area| area.len() == 3 && pieces.is(at + 2, ")"))?;
    let mut found = Figures::at(pieces, at + 3, &[" ", "-", "."])?;
    if ![&[7][..], &[3, 4], &[3, 2, 2]].contains(&&found.groups[..]) {
        return None;
    }
    found.digits.insert_str(0, area);
    found.pieces.start = at;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prose::tokens;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<&str> {
        let pieces = Pieces::new(text, &tokens(text));
        telephones(&pieces).into_iter().map(|found| &text[pieces.range(found.pieces)]).collect()
    }

    #[test]
    fn telephones_are_known_by_their_figures() {
        for text in [
            "300 123 4567",
            "300-123-4567",
            "300.123.4567",
            "3001234567",
            "300 1234567",
            "+57 300 123 4567",
            "+573001234567",
            "601 234 5678",
            "(601) 234 5678",
            "6012345678",
        ] {
            assert_eq!(found(&format!("Comunicarse con {text}, o por correo.")), [text]);
        }
        assert_eq!(found("Tel. 234 5678"), ["234 5678"]);
        assert_eq!(found("celular del contratista: 3001234567."), ["3001234567"]);
    }

    #[test]
    fn amounts_and_codes_are_none() {
        for text in [
            "Se pagaron $ 3001234567 y $3.001.234.567.",
            "3001234567 pesos",
            "Se atendieron 3.001.234.567 visitas.",
            "El contrato 3001234567 y el radicado No. 3001234567.",
            "BPIN 2024003001234567",
            "el código 300-123-4567-01",
            "Se ordenaron 234 5678",
            "Vigencia 2025 300 123 4567",
            "Los lotes 300, 123 y 4567.",
            "605 personas",
            "Se comprometieron 3120000000 en la vigencia.",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_figures_are_read(text in "(\\+|\\(|\\)|57|601|[0-9]{1,4}|[0-9]{10}|\\.|-| |tel|ñ){0,16}") {
            let _ = found(&text);
        }
    }
}
