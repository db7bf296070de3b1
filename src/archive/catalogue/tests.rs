//! The page of small, of odd and of large archives.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use regex::Regex;

use super::*;
use crate::archive::register::Signed;
use crate::digest::sha256;

const METROPOLITAN: &str = "Región Metropolitana Bogotá - Cundinamarca";

/// A version of a report as an archive has it, signed by three.
fn entry(number: usize, plan: &str, (year, quarter): (u16, u8), version: usize) -> Entry {
    let report = format!("seguimiento-{year}-{quarter}t");
    let moment = "2026-11-23T17:20:00Z".parse().unwrap();
    let signed = |role: &str, name: &str, hours: i64| Signed {
        role: role.into(),
        name: name.into(),
        moment: moment - TimeDelta::hours(hours),
        level: "B-LTA".into(),
    };
    let roman = ["I", "II", "III", "IV"][usize::from(quarter) - 1];
    Entry {
        number,
        previous: sha256(b"anterior"),
        moment,
        plan: plan.into(),
        version,
        reason: (version > 1).then(|| format!("corrige la cifra de la acción {version}")),
        bag: format!("{plan}/{report}/v{version}"),
        bag_digest: sha256(b"paquete"),
        file: format!("data/{report}.pdf"),
        digest: sha256(format!("{plan}{report}{version}").as_bytes()),
        bytes: 123_456,
        pages: 3,
        title: format!("SEGUIMIENTO PLAN DE ACCIÓN {year} – {roman} TRIMESTRE"),
        entity: METROPOLITAN.into(),
        acronym: Some("RMBC".into()),
        year,
        quarter,
        cutoff: NaiveDate::from_ymd_opt(year.into(), 3 * u32::from(quarter), 30).unwrap(),
        level: "B-LTA".into(),
        signatures: vec![
            signed("elaboro", "ANA MARÍA RODRÍGUEZ PÉREZ", 80),
            signed("reviso", "CARLOS ANDRÉS GÓMEZ NIÑO", 30),
            signed("aprobo", "LUZ HELENA TORRES DE LA ESPRIELLA", 13),
        ],
        report,
    }
}

/// A report that says of itself what no honest one says, with names longer than any screen.
fn hostile(number: usize) -> Entry {
    let evil = r#""><script>alert('1')</script><img src=x onerror="alert(2)">&amp;<!--"#;
    let mut entry = entry(number, "plan \"><i>/../..//", (2025, 1), 1);
    entry.report = format!("javascript:alert(1)#{evil}%2e ñ");
    entry.bag = format!("//ejemplo.com/../{evil}\\ñ?#%2e%2e");
    entry.file = "../../../registro.jsonl".into();
    entry.title = format!(
        "{evil} \u{202E}odacifilaf\u{2066}\0\u{85}\u{FFFE}\u{1FFFF}\u{FEFF}e\u{301}\r\n]]> </h4></article></main>"
    );
    entry.entity = format!("Secretaría de {} <b>Nada</b>", "Anticonstitucionalísimamente".repeat(9));
    entry.acronym = Some("</span>".repeat(4));
    entry.level = "B-<LTA>".into();
    entry.reason = Some(format!("{evil} {}", "sin_espacios".repeat(30)));
    entry.signatures[0].name = "JUANFRANCISCODEASÍSMARÍADELOSDOLORES".repeat(4);
    entry.signatures[1].role = "<u>jefe</u>".into();
    entry.signatures[1].name = evil.into();
    entry
}

/// Reports of two entities and three vigencias, one with three versions, and a hostile one.
fn varied() -> Vec<Entry> {
    let mut other = entry(6, "alcaldia-2025", (2025, 2), 1);
    other.entity = "Alcaldía de Ejemplo".into();
    (other.acronym, other.level, other.bytes, other.pages) = (None, "B-LT".into(), 2_345_678, 1);
    other.signatures.truncate(1);
    vec![
        entry(1, "rmbc-2024", (2024, 2), 1),
        entry(2, "rmbc-2024", (2024, 2), 2),
        entry(3, "rmbc-2024", (2024, 3), 1),
        entry(4, "rmbc-2025", (2025, 2), 1),
        entry(5, "rmbc-2024", (2024, 2), 3),
        other,
        entry(7, "rmbc-2023", (2023, 4), 1),
        hostile(8),
    ]
}

/// What a pattern finds in a text, its only group.
fn found<'a>(pattern: &str, text: &'a str) -> Vec<&'a str> {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|captures| captures.get(1).unwrap().as_str()).collect()
}

/// Every address of the page, as written in it.
fn links(page: &str) -> Vec<&str> {
    found(r#"<a [^>]*href="([^"]*)""#, page)
}

/// Compares a page with the one that is kept, which opens in any browser; the judges read it too (tests/judges/catalogue.py).
fn is_as_kept(name: &str, page: String) {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_binary_snapshot!(name, page.into_bytes());
    });
}

#[test]
fn the_page_of_an_archive_of_one_report() {
    is_as_kept("uno.html", catalogue(&[entry(1, "rmbc-2024", (2024, 2), 1)]));
}

#[test]
fn the_page_of_an_archive_of_several_entities_with_versions_and_a_hostile_report() {
    is_as_kept("variado.html", catalogue(&varied()));
}

#[test]
fn the_page_of_an_empty_archive() {
    is_as_kept("vacio.html", catalogue(&[]));
}

#[test]
fn the_newest_vigencia_and_trimestre_come_first() {
    let page = catalogue(&varied());
    assert_eq!(
        found(r#"<h[23] id="(v[^"]*)""#, &page),
        ["v2025", "v2025-t2", "v2025-t1", "v2024", "v2024-t3", "v2024-t2", "v2023", "v2023-t4"]
    );
    let second_quarter = page.split(r#"id="v2025-t2""#).nth(1).unwrap();
    assert_eq!(
        found("<article id=\"([^\"]*)\"", second_quarter)[..2],
        ["alcaldia-2025/seguimiento-2025-2t", "rmbc-2025/seguimiento-2025-2t"]
    );
}

#[test]
fn the_last_version_is_open_and_those_before_it_are_folded_the_newest_first() {
    let page = catalogue(&varied());
    let article = page.split("<article ").find(|part| part.contains("id=\"rmbc-2024/seguimiento-2024-2t\"")).unwrap();
    let (open, folded) = article.split_once("<details>").unwrap();
    assert!(open.contains("<dt>Versión</dt><dd>3</dd>") && open.contains("corrige la cifra de la acción 3"));
    assert!(open.contains("rmbc-2024/seguimiento-2024-2t/v3/data/seguimiento-2024-2t.pdf"));
    assert_eq!(found("<dt>Versión</dt><dd>([0-9]+)</dd>", folded), ["2", "1"]);
    assert!(folded.contains("2&nbsp;versiones anteriores") && folded.contains("corrige la cifra de la acción 2"));
    assert!(folded.contains("rmbc-2024/seguimiento-2024-2t/v1/data/seguimiento-2024-2t.pdf"));
    assert_eq!(page.matches("<details>").count(), 1, "no other has versions");
}

#[test]
fn nothing_that_a_report_says_of_itself_is_markup() {
    let page = catalogue(&[hostile(1)]);
    let body = page.split_once("<body>").unwrap().1;
    for tag in found("<([a-zA-Z!?][a-z0-9]*)", body) {
        let ours = "a header p h1 h2 h3 h4 div nav table caption thead tbody tr th td span ul li main section article dl dt dd time \
                    code wbr br strong details summary ol footer";
        assert!(ours.split_whitespace().any(|known| known == tag), "<{tag}>");
    }
    for attribute in found(r#"[ "]([a-z-]+)="#, &Regex::new(">[^<]*<").unwrap().replace_all(body, "><")) {
        assert!(
            ["id", "class", "href", "scope", "datetime"].contains(&attribute) || attribute.starts_with("aria-"),
            "{attribute}"
        );
    }
    assert!(!page.contains(['\0', '\u{202E}', '\u{2066}', '\u{85}', '\u{FFFE}', '\r']));
}

#[test]
fn every_link_leads_into_the_archive() {
    let page = catalogue(&varied());
    let address = Regex::new("^(#[!-~]+|registro\\.jsonl|[A-Za-z0-9._~%-]+(/[A-Za-z0-9._~%-]+)+)$").unwrap();
    for link in links(&page) {
        assert!(address.is_match(link), "{link}");
        assert!(!link.split('/').any(|part| matches!(part, "." | ".." | "")), "{link}");
    }
    assert_eq!(text::address("a b/../ñ//./#1?2%3"), "a%20b/%C3%B1/%231%3F2%253");
}

#[test]
fn the_page_asks_for_no_other_file_and_has_no_script() {
    let page = catalogue(&varied());
    assert_eq!(found("<link [^>]*href=\"([a-z]+:)", &page), ["data:"]);
    let tags: String = found("(<[^>]*>)", &page).concat();
    for outside in [" src=", " srcset=", " style=", "<script", "http-equiv=\"refresh"] {
        assert!(!tags.contains(outside), "{outside}");
    }
    assert!(!page.contains("url(") && !page.contains("@import"));
}

/// Whether each link to a place of the page has one, and no two places one name.
fn is_connected(page: &str) {
    let places = found(r#" id="([^"]*)""#, page);
    let names: BTreeSet<&str> = places.iter().copied().collect();
    assert_eq!(places.len(), names.len(), "two places of one name");
    let described = found(r#"aria-(?:describedby|labelledby)="([^"]*)""#, page);
    let links = links(page).into_iter().filter_map(|link| link.strip_prefix('#'));
    for name in links.chain(described) {
        assert!(names.contains(name), "#{name}");
    }
}

#[test]
fn links_within_the_page_have_a_place_to_lead_to() {
    is_connected(&catalogue(&[]));
    is_connected(&catalogue(&varied()));
}

#[test]
fn of_four_thousand_reports_each_trimestre_is_a_link_away() {
    let mut entries = Vec::new();
    for year in 2010..2035 {
        for quarter in 1..=4 {
            for plan in 1..=40 {
                entries.push(entry(entries.len() + 1, &format!("entidad-{plan}-{year}"), (year, quarter), 1));
            }
        }
    }
    let page = catalogue(&entries);
    is_connected(&page);
    assert_eq!(page.matches("<article ").count(), 4_000);
    let contents = &page[page.find("<nav").unwrap()..page.find("</nav>").unwrap()];
    for year in 2010..2035 {
        for quarter in 1..=4 {
            let told = format!("<a href=\"#v{year}-t{quarter}\">40<span");
            assert!(contents.contains(&told), "{told}");
        }
    }
    assert!(page.len() < 4_000 * 3_500, "{} bytes a report", page.len() / 4_000);
}

#[test]
fn the_head_is_how_many_entries_there_are_and_the_hash_of_the_last_line() {
    let entries = varied();
    let page = catalogue(&entries).replace("<wbr>", "");
    let hash = sha256(entries[7].line().as_bytes());
    assert!(page.contains(&format!("<span>--cabeza</span> 8:{hash}</code>")));
    assert!(page.contains("8&nbsp;líneas"));
    assert!(catalogue(&[]).contains("El registro está vacío."));
}

#[test]
fn a_digest_breaks_into_lines_and_is_still_one_word() {
    let shown = text::digest(&"0123456789abcdef".repeat(4));
    assert_eq!(shown.matches("<wbr>").count(), 3);
    assert_eq!(shown.replace("<wbr>", ""), "0123456789abcdef".repeat(4));
}

#[test]
fn moments_are_those_of_clocks_in_colombia() {
    let shown = text::moment("2026-01-01T03:05:00Z".parse().unwrap());
    assert_eq!(shown, r#"<time datetime="2025-12-31T22:05:00-05:00">31 de diciembre de 2025, 22:05</time>"#);
}

#[test]
fn sizes_are_told_in_round_figures_and_to_the_byte() {
    assert_eq!(text::size(999), "999&nbsp;bytes");
    assert_eq!(text::size(1_000), "1&nbsp;kB (1000&nbsp;bytes)");
    assert_eq!(text::size(123_456), "123,5&nbsp;kB (123.456&nbsp;bytes)");
    assert_eq!(text::size(2_345_678), "2,3&nbsp;MB (2.345.678&nbsp;bytes)");
    assert_eq!(text::size(u64::MAX), "18.446.744.073.709,6&nbsp;MB (18.446.744.073.709.551.615&nbsp;bytes)");
}
