//! Days that a narrative tells: whether there are such days, and whether they are of the vigencia.
//!
//! A day outside the vigencia is only worth knowing, and not even that where it dates a norm, a contract or a document, says
//! since when or until when something is, or is told as still to come.

use chrono::Datelike;

use crate::audit::Subject;
use crate::audit::narratives::Narrative;
use crate::audit::timing::calendar::{WrittenDay, day};
use crate::diag::{Finding, code};
use crate::model::short_date;
use crate::prose::{Kind, Pieces};

/// Beginnings of the words that a day belongs to, or that say that it lies far.
const DATED: &[&str] = &[
    "ley",
    "decret",
    "resoluci",
    "acuerdo",
    "circular",
    "ordenanza",
    "sentencia",
    "conpes",
    "directiva",
    "contrat",
    "conveni",
    "acta",
    "oficio",
    "memorand",
    "radica",
    "exped",
    "suscri",
    "norma",
    "document",
    "auto",
    "concepto",
    "comunica",
    "correo",
    "carta",
    "póliza",
    "certifica",
    "registr",
    "versión",
    "adopt",
    "aprob",
    "promulg",
    "sanciona",
    "publica",
    "firma",
    "política",
    "boletín",
    "informe",
    "proyecto",
    "fallo",
    "providencia",
    "licencia",
    "escritura",
    "desde",
    "hasta",
    "partir",
    "plazo",
    "venc",
    "prórroga",
    "prorrog",
    "previst",
    "program",
    "proyecta",
    "antes",
    "vigen",
    "inici",
    "termina",
    "fin",
    "corte",
    "entre",
    "después",
    "anterior",
    "siguiente",
    "próxim",
    "línea",
];

/// `fecha-imposible-en-el-texto` and `fecha-ajena`.
pub fn check(subject: &Subject<'_>, narrative: &Narrative<'_, '_>, findings: &mut Vec<Finding>) {
    let pieces = &narrative.text.pieces;
    let mut end = 0;
    for at in pieces.of_kinds(&[Kind::Number, Kind::Code, Kind::Word]) {
        if at < end || pieces.kind(at) == Some(Kind::Word) && !pieces.is(at, "primero") {
            continue;
        }
        if let Some(written) = day(pieces, at) {
            findings.extend(impossible(narrative, pieces, at, written));
            findings.extend(outside(subject, narrative, pieces, at, written));
            end = written.end;
        }
    }
}

fn impossible(narrative: &Narrative<'_, '_>, pieces: &Pieces<'_>, at: usize, written: WrittenDay) -> Option<Finding> {
    // «las 30 de febrero» are thirty things; without a year, «el 30 de febrero» is a day and «30 de febrero» may be none.
    let counts = at > 0 && pieces.is_one_of(at - 1, &["las", "los", "otras", "otros"]);
    let is_day = written.year.is_some() || (at > 0 && pieces.is_one_of(at - 1, &["el", "al", "del"]));
    if !written.is_impossible() || counts || !is_day {
        return None;
    }
    let range = pieces.range(at..written.end);
    let message = format!("«{}» no existe en el calendario", &narrative.text.value[range.clone()]);
    Some(
        (narrative.text.finding(&code::DATE_IMPOSSIBLE_IN_TEXT, range, message))
            .label("no hay tal día")
            .help("escriba el día en que ocurrió lo que se narra"),
    )
}

fn outside(
    subject: &Subject<'_>,
    narrative: &Narrative<'_, '_>,
    pieces: &Pieces<'_>,
    at: usize,
    written: WrittenDay,
) -> Option<Finding> {
    const REACH: usize = 10;
    let vigencia = subject.year.get();
    let date = written.date().filter(|date| date.year() != vigencia)?;
    let year_began = (date.day(), date.month(), date.year()) == (31, 12, vigencia - 1);
    // The opening is the business of `periodo-ajeno`.
    let opens = pieces.before(at, REACH).count() < 4 && pieces.is_one_of(at.saturating_sub(1), &["a", "al"]);
    let dates = |before: usize| {
        let word = pieces.word(before).to_lowercase();
        DATED.iter().any(|beginning| word.starts_with(beginning))
    };
    // «El 15 de diciembre se había suscrito…»: what was so before.
    let background = pieces.after(written.end - 1, 4).any(|after| pieces.is_one_of(after, &["había", "habían"]));
    // «El 20 de enero se entregará…»: what is still to come.
    let is_promise = |word: usize| ["rá", "rán"].iter().any(|end| pieces.word(word).ends_with(end));
    let promised = pieces.before(at, REACH).chain(pieces.after(written.end - 1, REACH)).any(is_promise);
    if year_began || opens || background || promised || pieces.before(at, REACH).any(dates) {
        return None;
    }
    let message = format!("la narrativa habla del {}, que no es de la vigencia {vigencia}", short_date(date));
    Some(
        (narrative.text.finding(&code::DATE_OF_ANOTHER_YEAR, pieces.range(at..written.end), message))
            .label(if date.year() < vigencia { "antes de la vigencia" } else { "después de la vigencia" })
            .help("revise el año"),
    )
}
