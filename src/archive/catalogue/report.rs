//! One report on the page: what it is, who signed it, how to get it and how to compare it.

use super::shelf::Versions;
use super::text::{self, address, count, day, encode, escape, moment, size};
use crate::archive::register::{Entry, Signed};
use crate::model::Role;
use crate::view::print::number;

/// The report with its versions.
pub fn report(versions: &Versions<'_>) -> String {
    let Versions { number, current, earlier } = versions;
    // A name of its own that stays, for who points others to a report.
    let anchor = format!("{}/{}", encode(&current.plan), encode(&current.report));
    let heading = format!("t{number}");
    let acronym = current.acronym.as_ref().map(|acronym| format!(" ({})", escape(acronym))).unwrap_or_default();
    format!(
        r##"<article id="{anchor}" aria-labelledby="{heading}">
<h4 id="{heading}"><span>{entity}{acronym}</span> {title}</h4>
{shown}<ul class="descargas">
{files}<li><a href="#{anchor}" aria-describedby="{heading}">Enlace a este informe</a></li>
</ul>
{earlier}</article>
"##,
        entity = escape(&current.entity),
        title = escape(&current.title),
        shown = [facts(current), signatures(&current.signatures), digest(&current.digest)].concat(),
        files = files(current, &heading),
        earlier = folded(earlier, &heading),
    )
}

fn facts(entry: &Entry) -> String {
    let facts = [
        ("Versión", Some(number(entry.version.into()))),
        ("Fecha de corte", Some(day(entry.cutoff))),
        ("Nivel de firma", Some(escape(&entry.level))),
        ("Páginas", Some(number(entry.pages.into()))),
        ("Plan", Some(escape(&entry.plan))),
        ("Archivada", Some(moment(entry.moment))),
        ("Tamaño", Some(size(entry.bytes))),
        ("Motivo", entry.reason.as_deref().map(escape)),
    ];
    let facts = facts.map(|(name, fact)| {
        fact.map(|fact| format!("<div><dt>{name}</dt><dd>{fact}</dd></div>\n")).unwrap_or_default()
    });
    format!("<dl class=\"datos\">\n{}</dl>\n", facts.concat())
}

fn signatures(signatures: &[Signed]) -> String {
    let rows = signatures.iter().map(|signed| {
        let role = Role::parse(&signed.role).map_or_else(|| escape(&signed.role), |role| role.title().to_owned());
        let (name, level) = (escape(&signed.name), escape(&signed.level));
        format!("<div><dt>{role}</dt><dd>{name}</dd><dd>{}</dd><dd>{level}</dd></div>\n", moment(signed.moment))
    });
    format!("<dl class=\"firmas\" aria-label=\"Firmas\">\n{}</dl>\n", rows.collect::<String>())
}

fn digest(digest: &str) -> String {
    format!("<p class=\"resumen\"><span>SHA-256 del PDF</span> <code>{}</code></p>\n", text::digest(digest))
}

/// What a bag has to be downloaded. The report's heading describes each link, so that it can be told from those of the others.
fn files(entry: &Entry, heading: &str) -> String {
    let files = [
        (entry.file.as_str(), "Informe (PDF)"),
        ("data/datos-abiertos/tabla.csv", "Tabla (CSV)"),
        ("data/datos-abiertos/diccionario.csv", "Diccionario de la tabla (CSV)"),
        ("data/datos-abiertos/informe.json", "Datos del informe (JSON)"),
        ("data/indice.xml", "Índice electrónico (XML)"),
        ("data/verificacion.txt", "Verificación (texto)"),
        ("data/verificacion.json", "Verificación (JSON)"),
    ];
    let links = files.map(|(file, name)| {
        let address = address(&format!("{}/{file}", entry.bag));
        format!("<li><a href=\"{address}\" aria-describedby=\"{heading}\">{name}</a></li>\n")
    });
    links.concat()
}

/// The versions that another one took the place of.
fn folded(earlier: &[&Entry], heading: &str) -> String {
    if earlier.is_empty() {
        return String::new();
    }
    let versions = earlier.iter().map(|entry| {
        let shown = [facts(entry), signatures(&entry.signatures), digest(&entry.digest)].concat();
        format!("<li>\n{shown}<ul class=\"descargas\">\n{}</ul>\n</li>\n", files(entry, heading))
    });
    let how_many = count(earlier.len(), "versión anterior", "versiones anteriores");
    format!("<details>\n<summary>{how_many}</summary>\n<ol>\n{}</ol>\n</details>\n", versions.collect::<String>())
}
