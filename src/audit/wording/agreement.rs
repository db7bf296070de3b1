//! Verbs in the singular whose subject is plural.

use super::near::starts_lower;
use super::numerals::is_small_plural;
use crate::audit::subject::Text;
use crate::diag::{Finding, code};
use crate::prose::Kind;

/// What is done to things. Verbs that are as often said of persons are left out: «se capacitó a los», «se atendió a los».
const DONE_TO_THINGS: &[(&str, &str)] = &[
    ("actualizó", "actualizaron"),
    ("adelantó", "adelantaron"),
    ("adoptó", "adoptaron"),
    ("aprobó", "aprobaron"),
    ("celebró", "celebraron"),
    ("consolidó", "consolidaron"),
    ("construyó", "construyeron"),
    ("definió", "definieron"),
    ("desarrolla", "desarrollan"),
    ("desarrolló", "desarrollaron"),
    ("diseñó", "diseñaron"),
    ("efectúa", "efectúan"),
    ("efectuó", "efectuaron"),
    ("ejecuta", "ejecutan"),
    ("ejecutó", "ejecutaron"),
    ("elabora", "elaboran"),
    ("elaboró", "elaboraron"),
    ("emitió", "emitieron"),
    ("encuentra", "encuentran"),
    ("entregó", "entregaron"),
    ("evidenció", "evidenciaron"),
    ("expidió", "expidieron"),
    ("formuló", "formularon"),
    ("generó", "generaron"),
    ("gestionó", "gestionaron"),
    ("identificó", "identificaron"),
    ("implementó", "implementaron"),
    ("presentó", "presentaron"),
    ("publicó", "publicaron"),
    ("radicó", "radicaron"),
    ("realiza", "realizan"),
    ("realizó", "realizaron"),
    ("revisó", "revisaron"),
    ("socializó", "socializaron"),
    ("suscribió", "suscribieron"),
    ("tramitó", "tramitaron"),
    ("validó", "validaron"),
    ("verificó", "verificaron"),
];

/// What a time or a measure is told with: «se realizó los días 3 y 4» has its subject elsewhere.
const TIMES: &[&str] = &[
    "veces",
    "días",
    "semanas",
    "quincenas",
    "meses",
    "bimestres",
    "trimestres",
    "cuatrimestres",
    "semestres",
    "años",
    "vigencias",
    "horas",
    "minutos",
    "segundos",
    "noches",
    "mañanas",
    "tardes",
    "madrugadas",
    "fechas",
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábados",
    "domingos",
    "fines",
    "festivos",
    "puntos",
    "posiciones",
    "pasos",
    "kilómetros",
    "metros",
    "lugares",
    "niveles",
    "puestos",
    "grados",
    "pisos",
    "cuadras",
    "escalones",
    "más",
    "menos",
    "millones",
    "pesos",
    "cuales",
    "que",
];

/// What may stand between the article and the noun.
const BETWEEN: &[&str] = &[
    "primeros",
    "primeras",
    "últimos",
    "últimas",
    "pasados",
    "pasadas",
    "próximos",
    "próximas",
    "siguientes",
    "mismos",
    "mismas",
    "otros",
    "otras",
];

/// Looks for «se realizó las mesas» and for «hubieron varias mesas».
pub fn check(text: &Text<'_>, findings: &mut Vec<Finding>) {
    for (index, word) in text.words() {
        match word {
            "se" | "Se" => findings.extend(done(text, index)),
            "habían" | "hubieron" | "habrán" | "habrían" | "Habían" | "Hubieron" => {
                findings.extend(being(text, index));
            }
            _ => {}
        }
    }
}

/// «se realizó las mesas»: what is done is the subject of the verb (DPD, *se*).
fn done(text: &Text<'_>, index: usize) -> Option<Finding> {
    let verb = text.word_after(index)?;
    let (singular, plural) = DONE_TO_THINGS.iter().find(|(singular, _)| text.piece(verb) == *singular)?;
    let first = Some(verb + 2).filter(|&first| text.is_space(verb + 1) && is_plural(text, first))?;
    // «se adelantó dos puestos» tells how far.
    if *singular == "adelantó" && !matches!(text.piece(first), "los" | "las") {
        return None;
    }
    let noun = noun(text, first)?;
    let message = format!("«se {singular}» va en singular y «{}», en plural", &text.value[text.bytes(first, noun)]);
    let finding = text.finding(&code::AGREEMENT, text.bytes(index, noun), message);
    Some(finding.label("no concuerdan").help(format!("escriba «se {plural}»")))
}

/// «hubieron varias mesas»: *haber* that tells what there is has no plural (DPD, *haber*).
fn being(text: &Text<'_>, index: usize) -> Option<Finding> {
    let first = text.word_after(index)?;
    let many = ["varios", "varias", "muchos", "muchas", "algunos", "algunas"];
    let noun =
        text.word_after(first).filter(|_| many.contains(&text.piece(first)) || is_small_plural(text.piece(first)))?;
    let (plural, singular) = match text.piece(index) {
        word @ ("habían" | "Habían") => (word, "había"),
        word @ ("hubieron" | "Hubieron") => (word, "hubo"),
        word @ "habrán" => (word, "habrá"),
        word => (word, "habría"),
    };
    let message = format!("«{plural}» va en singular: lo que hay no es el sujeto del verbo");
    let finding = text.finding(&code::AGREEMENT, text.bytes(index, noun), message);
    Some(finding.label("va en singular").help(format!("escriba «{singular}»")))
}

/// Whether it opens a group of more than one.
fn is_plural(text: &Text<'_>, index: usize) -> bool {
    let piece = text.piece(index);
    match text.kind(index) {
        Some(Kind::Word) => {
            ["los", "las", "unos", "unas", "varios", "varias"].contains(&piece)
                || (starts_lower(piece) && is_small_plural(piece))
        }
        Some(Kind::Number) => piece.parse::<u32>().is_ok_and(|number| number > 1),
        _ => false,
    }
}

/// The noun of the group that opens at `first`; none if it tells a time or a measure, or cannot be made out.
fn noun(text: &Text<'_>, first: usize) -> Option<usize> {
    let mut noun = text.word_after(first)?;
    while BETWEEN.contains(&text.piece(noun)) || is_small_plural(text.piece(noun)) {
        noun = text.word_after(noun)?;
    }
    let word = text.piece(noun);
    (word.ends_with('s') && starts_lower(word) && !TIMES.contains(&word)).then_some(noun)
}
