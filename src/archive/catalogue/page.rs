//! What stands around the reports: the head, the way through them, how a download is checked, what the register says.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::report::report;
use super::shelf::Shelf;
use super::text::{count, digest, escape, quarter};
use crate::archive::register::Entry;
use crate::digest::sha256;

const STYLE: &str = include_str!("style.css");

/// A page with lines of writing, in the colours of the banner.
const ICON: &str = "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%2016%2016'%3E\
    %3Crect%20width='16'%20height='16'%20rx='3'%20fill='%231c3a63'/%3E\
    %3Cpath%20d='M4%205h8M4%208h8M4%2011h5'%20stroke='%23fff'%20stroke-width='1.5'/%3E%3C/svg%3E";

/// What this page may load: nothing. Not even its own script would run, if one got into it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// All before what is seen.
pub fn head(shelf: &Shelf<'_>) -> String {
    let whose = owner(shelf).map(|entity| format!(" – {entity}")).unwrap_or_default();
    format!(
        r##"<!DOCTYPE html>
<html lang="es-CO">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Informes de seguimiento al plan de acción{whose}</title>
<link rel="icon" href="{ICON}">
<style>
{STYLE}</style>
</head>
<body>
<a class="salto" href="#informes">Ir a los informes</a>
"##
    )
}

/// The entity, if all reports are of one.
fn owner(shelf: &Shelf<'_>) -> Option<String> {
    let mut entities = shelf.entities.iter();
    entities.next().filter(|_| entities.next().is_none()).map(|entity| escape(entity))
}

/// Whose archive it is, and how much there is in it.
pub fn banner(shelf: &Shelf<'_>) -> String {
    let whose = owner(shelf).unwrap_or_else(|| match shelf.entities.len() {
        0 => "Archivo".to_owned(),
        several => count(several, "entidad", "entidades"),
    });
    let holds = match shelf.reports() {
        0 => "Este archivo aún no tiene informes.".to_owned(),
        reports => {
            let years = count(shelf.years.len(), "vigencia", "vigencias");
            format!("{} de {years}, con firma digital y datos abiertos", count(reports, "informe", "informes"))
        }
    };
    format!(
        "<header>\n<p>{whose}</p>\n<h1>Informes de seguimiento al plan de acción</h1>\n<p>{holds}</p>\n</header>\n<div class=\"cuerpo\">\n"
    )
}

/// The way to each vigencia and trimestre.
pub fn contents(shelf: &Shelf<'_>) -> String {
    let reported = shelf.years.values().flat_map(|quarters| quarters.keys().map(|Reverse(quarter)| *quarter));
    let columns: BTreeSet<u8> = reported.chain(1..=4).collect();
    let heads = columns.iter().map(|column| format!("<th scope=\"col\">{}</th>", quarter(*column)));
    let rows = shelf.years.iter().map(|(Reverse(year), quarters)| {
        let cells = columns.iter().map(|column| match quarters.get(&Reverse(*column)) {
            None => "<td>–</td>".to_owned(),
            Some(reports) => {
                let (n, noun) = (reports.len(), if reports.len() == 1 { "informe" } else { "informes" });
                let told = format!("{noun} del {} trimestre de {year}", quarter(*column));
                format!("<td><a href=\"#v{year}-t{column}\">{n}<span class=\"oculto\"> {told}</span></a></td>")
            }
        });
        let cells: String = cells.collect();
        format!("<tr><th scope=\"row\"><a href=\"#v{year}\">{year}</a></th>{cells}</tr>\n")
    });
    let table = format!(
        "<table>\n<caption>Informes por vigencia y trimestre</caption>\n<thead>\n<tr><th scope=\"col\">Vigencia</th>{}</tr>\n\
         </thead>\n<tbody>\n{}</tbody>\n</table>\n",
        heads.collect::<String>(),
        rows.collect::<String>()
    );
    let table = if shelf.years.is_empty() { String::new() } else { table };
    format!(
        "<nav id=\"indice\" aria-label=\"Índice\">\n{table}<ul>\n\
         <li><a href=\"#comprobar\">Cómo comprobar una descarga</a></li>\n\
         <li><a href=\"#registro\">El registro del archivo</a></li>\n</ul>\n</nav>\n<main id=\"informes\">\n"
    )
}

/// The reports, the newest first.
pub fn reports(shelf: &Shelf<'_>) -> String {
    let years = shelf.years.iter().map(|(Reverse(year), quarters)| {
        let quarters = quarters.iter().map(|(Reverse(number), reports)| {
            format!(
                "<section aria-labelledby=\"v{year}-t{number}\">\n\
                 <h3 id=\"v{year}-t{number}\">{} trimestre <span>de {year}</span></h3>\n{}</section>\n",
                quarter(*number),
                reports.iter().map(report).collect::<String>()
            )
        });
        format!(
            "<section aria-labelledby=\"v{year}\">\n<h2 id=\"v{year}\">Vigencia {year}</h2>\n{}\
             <p class=\"volver\"><a href=\"#indice\">Volver al índice</a></p>\n</section>\n",
            quarters.collect::<String>()
        )
    });
    years.collect()
}

/// What a citizen does to know that a download is what was archived.
pub fn how_to_check() -> String {
    r#"<section class="guia" aria-labelledby="comprobar">
<h2 id="comprobar">Cómo comprobar una descarga</h2>
<p>El SHA-256 es la huella de un archivo: si cambia una sola letra, cambia la huella. Calcule la del informe que descargó y compárela con la que
muestra esta página; deben ser iguales. Para un informe llamado <code>informe.pdf</code>:</p>
<dl class="ordenes">
<div><dt>Windows</dt><dd><code>certutil -hashfile informe.pdf SHA256</code></dd></div>
<div><dt>Linux</dt><dd><code>sha256sum informe.pdf</code></dd></div>
<div><dt>macOS</dt><dd><code>shasum -a 256 informe.pdf</code></dd></div>
</dl>
<p>Eso prueba que la descarga llegó completa y tal como está aquí. El programa <code>seguimiento</code> comprueba además, sin conexión a internet,
quién firmó y cuándo, que nada cambió después, y que el informe dice exactamente lo que dicen los datos que lleva adjuntos. Necesita el certificado raíz de la entidad que certifica a los firmantes:</p>
<dl class="ordenes">
<div><dt>Un informe</dt><dd><code>seguimiento verificar informe.pdf <span>--ancla raiz.pem</span></code></dd></div>
<div><dt>Todo el archivo</dt><dd><code>seguimiento verificar archivo <span>--ancla raiz.pem</span></code></dd></div>
</dl>
<h3>Los niveles de firma</h3>
<dl class="niveles">
<div><dt>B-B</dt><dd>La firma sola: se puede comprobar mientras el certificado de quien firmó esté vigente.</dd></div>
<div><dt>B-T</dt><dd>Con un sello de tiempo, que prueba desde cuándo existe la firma.</dd></div>
<div><dt>B-LT</dt><dd>Además, con todo lo que hace falta para comprobarla sin consultar a nadie.</dd></div>
<div><dt>B-LTA</dt><dd>Además, con un sello de tiempo sobre todo lo anterior, que se puede renovar: se comprueba durante décadas.</dd></div>
</dl>
</section>
"#
    .to_owned()
}

/// The register's head: by what follows from it, an archive that was cut off is told from one that was not.
pub fn register(entries: &[Entry]) -> String {
    let head = match entries.last() {
        None => "<p>El registro está vacío.</p>\n".to_owned(),
        Some(last) => {
            let hash = digest(&sha256(last.line().as_bytes()));
            format!(
                r#"<dl class="ordenes">
<div><dt>Entradas</dt><dd>{entries} en el archivo <a href="registro.jsonl">registro.jsonl</a></dd></div>
<div><dt>SHA-256 de la última línea</dt><dd><code>{hash}</code></dd></div>
<div><dt>Para comprobarla</dt><dd><code>seguimiento verificar archivo <span>--ancla raiz.pem</span> <span>--cabeza</span> {number}:<wbr>{hash}</code></dd></div>
</dl>
"#,
                entries = count(entries.len(), "línea", "líneas"),
                number = entries.len()
            )
        }
    };
    format!(
        r#"<section class="guia" aria-labelledby="registro">
<h2 id="registro">El registro del archivo</h2>
<p>Cada versión de cada informe es una línea del registro, y cada línea lleva la huella de la anterior: no se puede quitar, cambiar ni mover
una sin que se note. Lo único que el archivo no delata por sí solo es que le corten el final. Por eso los organismos de control guardan
aparte la cabeza del registro, que es la cantidad de entradas y la huella de la última línea; con ella se prueba que el archivo de hoy continúa
el de entonces.</p>
{head}</section>
"#
    )
}

/// All after what is read.
pub fn foot() -> String {
    "</main>\n</div>\n<footer>\n<p>Las horas son las de Colombia (UTC−5); la fecha de cada firma es la que ella misma declara.</p>\n</footer>\n</body>\n</html>\n".to_owned()
}
