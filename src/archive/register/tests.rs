use proptest::prelude::*;

use super::*;

fn entry(register: &Register, report: &str) -> Entry {
    let head = register.head();
    let version = register.versions("rmbc-2024", report) + 1;
    let name = "ANA «Ñ» \"x\" </script>".to_owned();
    let moment = "2026-11-23T17:20:00Z".parse().unwrap();
    Entry {
        number: head.entries + 1,
        previous: head.digest,
        moment,
        plan: "rmbc-2024".into(),
        report: report.into(),
        version,
        reason: (version > 1).then(|| "Se corrigió la meta".into()),
        bag: Entry::bag_of("rmbc-2024", report, version),
        bag_digest: sha256(report.as_bytes()),
        file: Entry::file_of(report),
        digest: sha256(&[u8::try_from(head.entries).unwrap()]),
        bytes: 123_456,
        pages: 3,
        title: "SEGUIMIENTO".into(),
        entity: "Región".into(),
        acronym: Some("RMBC".into()),
        year: 2024,
        quarter: 2,
        cutoff: NaiveDate::from_ymd_opt(2024, 6, 30).unwrap(),
        level: "B-LT".into(),
        signatures: vec![Signed { role: "elaboro".into(), name, moment, level: "B-LT".into() }],
    }
}

/// A register of four entries, one of them a second version.
fn four() -> (Register, Vec<String>) {
    let mut register = Register::default();
    let lines = ["uno", "dos", "uno", "tres"].map(|report| {
        let entry = entry(&register, report);
        register.push(entry)
    });
    (register, lines.to_vec())
}

fn faults(text: &str) -> Vec<String> {
    Register::read(text.as_bytes()).faults
}

#[test]
fn an_entry_is_a_line_with_its_keys_in_order() {
    let mut entry = entry(&Register::default(), "seguimiento-2024-2t");
    entry.signatures[0].name = "ANA".into();
    let line = concat!(
        r#"{"numero":1,"anterior":"0000000000000000000000000000000000000000000000000000000000000000","#,
        r#""momento":"2026-11-23T17:20:00Z","plan":"rmbc-2024","informe":"seguimiento-2024-2t","version":1,"#,
        r#""paquete":"rmbc-2024/seguimiento-2024-2t/v1","sha256_paquete":""#,
    );
    let written = entry.line();
    assert!(written.starts_with(line), "{written}");
    let rest = r#","bytes":123456,"paginas":3,"titulo":"SEGUIMIENTO","entidad":"Región","sigla":"RMBC","vigencia":2024,"trimestre":2,"fecha_corte":"2024-06-30","nivel":"B-LT","firmas":[{"rol":"elaboro","nombre":"ANA","fecha":"2026-11-23T17:20:00Z","nivel":"B-LT"}]}"#;
    assert!(written.ends_with(rest), "{written}");
}

#[test]
fn what_is_written_is_read_with_the_head_of_every_length() {
    let (register, lines) = four();
    let read = Register::read(lines.concat().as_bytes());
    assert_eq!((&read.entries, read.faults.len(), read.length), (&register.entries, 0, lines.concat().len()));
    assert_eq!(read.head(), register.head());
    assert_eq!(read.head_at(2), Some(Head { entries: 2, digest: sha256(lines[1].trim_end().as_bytes()) }));
    assert_eq!((read.head_at(0).unwrap().digest.as_str(), read.head_at(5)), (NOTHING, None));
    assert_eq!(Head::parse(&format!("{}\n", read.head())), Some(read.head()));
    let current: Vec<bool> = read.entries.iter().map(|entry| read.is_current(entry)).collect();
    assert_eq!(current, [false, true, true, true]);
}

#[test]
fn a_line_without_its_end_was_never_committed() {
    let (_, lines) = four();
    let whole = lines.concat();
    for cut in 1..lines[3].len() {
        let read = Register::read(&whole.as_bytes()[..whole.len() - cut]);
        assert_eq!((read.entries.len(), read.faults.len()), (3, 0));
        assert_eq!((read.length, read.unfinished), (lines[..3].concat().len(), lines[3].len() - cut));
    }
}

#[test]
fn a_line_that_is_taken_away_moved_or_changed_shows() {
    let (_, lines) = four();
    let chain = "no continúa la línea anterior: alguna se quitó, se cambió o se movió";
    let without = faults(&[&lines[0], &lines[2], &lines[3]].map(String::as_str).concat());
    assert!(without.contains(&format!("registro, línea 2: {chain}")), "{without:?}");
    let moved = faults(&[&lines[1], &lines[0], &lines[2], &lines[3]].map(String::as_str).concat());
    assert!(moved.contains(&"registro, línea 1: dice ser la entrada 2".to_owned()), "{moved:?}");
    let changed = lines.concat().replacen("SEGUIMIENTO", "seguimiento", 1);
    assert_eq!(faults(&changed), [format!("registro, línea 2: {chain}")]);
    let skipped = lines[..2].concat() + &lines[3];
    assert!(faults(&skipped).contains(&"registro, línea 3: dice ser la entrada 4".to_owned()));
}

#[test]
fn a_version_that_is_missing_is_told() {
    let mut register = Register::default();
    let first = register.push(entry(&Register::default(), "uno"));
    let mut third = entry(&register, "uno");
    (third.version, third.bag) = (3, Entry::bag_of("rmbc-2024", "uno", 3));
    let told = "registro, línea 2: es la versión 3 de «rmbc-2024/uno», y debía ser la 2";
    assert_eq!(faults(&(first + &third.line() + "\n")), [told]);
}

#[test]
fn no_file_is_there_twice() {
    let mut register = Register::default();
    let first = register.push(entry(&Register::default(), "uno"));
    let again = Entry { digest: register.entries[0].digest.clone(), ..entry(&register, "dos") };
    let told = "registro, línea 2: es el mismo archivo que la entrada 1";
    assert_eq!(faults(&(first + &again.line() + "\n")), [told]);
}

#[test]
fn the_same_entry_in_another_spelling_is_none() {
    let line = entry(&Register::default(), "uno").line();
    for other in [
        line.replace(',', ", "),
        line.replace("Región", "Regi\\u00f3n"),
        line.replace("2026-11-23T17:20:00Z", "2026-11-23T17:20:00.0Z"),
        line.replace("\"version\":1", "\"version\":1,\"otra\":1"),
        line.replace("\"paginas\":3", "\"paginas\":3.0"),
        line.clone() + " ",
        line.clone() + "\r",
        String::new(),
    ] {
        assert_eq!(faults(&(other.clone() + "\n")).len(), 1, "{other}");
    }
}

#[test]
fn an_entry_that_leads_out_of_the_archive_is_none() {
    let good = entry(&Register::default(), "uno");
    for plan in ["..", "", "a/b", "a\\b", ".oculto", "a:", "x ", "a\u{1}", "%2e", &"x".repeat(300)] {
        let bag = Entry::bag_of(plan, "uno", 1);
        let line = Entry { plan: plan.into(), bag, ..good.clone() }.line() + "\n";
        assert_eq!(faults(&line), ["registro, línea 1: tiene un nombre de carpeta que no sirve"], "{plan}");
    }
    for (odd, told) in [
        (Entry { bag: "otro/uno/v1".into(), ..good.clone() }, "un paquete que no es"),
        (Entry { file: "data/../../x".into(), ..good.clone() }, "un archivo que no es"),
        (Entry { digest: "A".repeat(64), ..good.clone() }, "un resumen que no es un SHA-256"),
        (Entry { reason: Some("Porque sí".into()), ..good.clone() }, "un motivo donde no lo hay"),
        (Entry { title: "a\u{1b}[2J".into(), ..good.clone() }, "caracteres de control"),
        (Entry { level: "B-LTA".into(), ..good.clone() }, "un nivel que no es el de sus firmas"),
        (Entry { signatures: vec![], ..good.clone() }, "un nivel que no es el de sus firmas"),
        (Entry { quarter: 5, ..good.clone() }, "un trimestre que no existe"),
    ] {
        assert!(odd.fault().is_some(), "nor would it be written");
        let told_now = faults(&(odd.line() + "\n"));
        assert!(told_now[0].contains(told), "{told_now:?}");
    }
}

proptest! {
    #[test]
    fn no_register_panics_and_no_change_of_a_byte_but_of_the_last_line_passes(at in any::<prop::sample::Index>(), flip in 1..=255u8) {
        let (_, lines) = four();
        let mut bytes = lines.concat().into_bytes();
        let at = at.index(lines[..3].concat().len());
        bytes[at] ^= flip;
        prop_assert!(!Register::read(&bytes).faults.is_empty());
    }
}
