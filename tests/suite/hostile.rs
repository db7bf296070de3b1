//! Text that would like to be something else, and templates that would like to read something else.
//!
//! Whatever the data hold is printed as it stands, or refused with its place; nothing in between. White space is no
//! exception: runs of spaces, and spaces at either end of a line, come back from the PDF as they were written. What is
//! folded is only this: line ends after the last line of a text are no lines (`input::reader`), and a carriage return before a
//! line feed is none of the text (`input::file`).

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::cell::Cell;
use std::fs;
use std::process::{Command, Output};

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::pdf::office::{Data, Made, Office, other_metrics};
use crate::pdf::tagged::Tagged;

const TEMPLATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/report-templates/seguimiento-trimestral");

/// Runs the program in an office's folder.
fn run(office: &Office, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seguimiento"));
    command.current_dir(office.folder()).args(arguments).output().expect("the program runs")
}

// ---- Text ----

const LOOKS_LIKE_MARKUP: [&str; 24] = [
    "#panic()",
    "#import \"/plantilla.typ\": informe",
    "$x^2$ y $ z $",
    "*a* _b_ **c** __d__",
    "@ref <label> @ref[x]",
    "\\ \\# \\u{41} \\n \\\\",
    "// no es un comentario",
    "/* tampoco */ /*",
    "\"comillas\" 'simples' “tipográficas” ‘otras’ «angulares» „bajas”",
    "-- --- ... -? guion-",
    "a~b `código` ```raw```",
    "= título == otro",
    "- lista",
    "+ lista",
    "/ término: x",
    "1. lista",
    "[corchetes] {llaves} {{}} (paréntesis)",
    "{vigencia} {trimestre} {titulo}",
    "https://ejemplo.gov.co/a?b=c&d=%20#e",
    "<b>negrita</b> &amp; &#65; ]]> <!--",
    "fi fl ffi ffl ff ft fj Th ﬁ ﬂ",
    "№ º ª ² ³ ½ ≥ ≤ ± × • ▪ € – — … ‰ §",
    "Ελληνικά Кириллица ŁódźŒ ǅ",
    "cafe\u{301} pin\u{303}o u\u{308} (NFD) café piño ü (NFC) Å Å Ω Ω",
];

/// Makes the first row, and everything else that takes a text, of one text; asserts that all of it comes back.
fn assert_printed_as_written(text: &str) {
    let data = Data::with_actions(2)
        .row_of(text)
        .plan("entidad.nombre", text)
        .plan("entidad.sigla", text)
        .plan("plan.objetivo", text)
        .plan("documento.codigo", text)
        .plan("documento.version", "1")
        .plan("documento.fecha", "2024-01-15".parse::<toml::value::Datetime>().expect("a date"))
        .plan("firma", vec![toml::toml! { rol = "elaboro" }])
        .plan("firma.0.nombre", text)
        .plan("firma.0.cargo", text);
    let made = data.make();
    assert!(made.findings.is_empty(), "{text:?}: {:?}", made.places());
    let pdf = made.tagged();
    assert!(pdf.unexplained.is_empty(), "{text:?}: {:?}", pdf.unexplained);
    assert_row_is(&pdf, text);
    assert_eq!(pdf.table().all("TH")[0].text(), format!("Objetivo: {text}"));
    // The entity and the code in the head, the name and the post in a signature.
    assert_eq!(parts_that_say(&pdf, text), 4, "{text:?} in {}", pdf.tree.outline());
    assert_eq!(pdf.info["Author"], text);
    assert!(
        pdf.artifacts[0].contains(&format!("{text} · SEGUIMIENTO")),
        "the acronym stands in the footer: {:?}",
        pdf.artifacts
    );
}

/// Asserts that every text cell of the first row, and no other, says a text.
fn assert_row_is(pdf: &Tagged, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let row = pdf.first_row();
    for column in [1, 3, 4, 5, 8, 9, 11] {
        assert_eq!(row[column], lines, "column {}", column + 1);
    }
    if lines.len() == 1 {
        assert_eq!(row[2], [text, text]);
    }
    assert_eq!([&row[0][0], &row[6][0], &row[7][0], &row[10][0]], ["1", "1/03/2024", "31/12/2024", "N/A"]);
    assert_eq!(pdf.rows()[1][11].text(), "Se hizo.", "the next row is whole");
}

/// How many parts of the report outside its table say exactly this.
fn parts_that_say(pdf: &Tagged, text: &str) -> usize {
    let outside = pdf.tree.all("Span").into_iter().chain(pdf.tree.all("P"));
    let in_table = pdf.table().all("Span").into_iter().chain(pdf.table().all("P"));
    let says = |element: &&crate::pdf::tagged::Element| element.text() == text;
    outside.filter(says).count() - in_table.filter(says).count()
}

#[test]
fn what_looks_like_markup_is_printed_as_it_stands() {
    for text in LOOKS_LIKE_MARKUP {
        assert_printed_as_written(text);
    }
}

#[test]
fn spaces_are_printed_as_they_stand() {
    for text in [
        "dos  espacios   tres",
        "  antes",
        "después  ",
        "\u{A0}fijo\u{A0}\u{A0}100\u{A0}%\u{A0}",
        "\u{2009}fino\u{2003}ancho",
    ] {
        assert_printed_as_written(text);
    }
    let wrapped = "palabra   ".repeat(200);
    let made = Data::with_actions(2).row_of(&wrapped).make();
    assert_row_is(&made.tagged(), &wrapped);
}

#[test]
fn every_line_of_a_cell_is_a_line_of_its_own() {
    for (written, printed) in [
        ("uno\ndos", "uno\ndos"),
        ("- uno\n+ dos\n= tres\n/ x: y", "- uno\n+ dos\n= tres\n/ x: y"),
        ("uno\n\n\ndos", "uno\n\n\ndos"),
        ("\nuno", "\nuno"),
        ("uno \n  dos", "uno \n  dos"),
        ("uno\ndos\n\n", "uno\ndos"),
    ] {
        let mut data = Data::with_actions(2).row_of(written);
        data = data.plan("accion.0.responsables", vec!["x"]);
        assert_row_is(&data.tagged(), printed);
    }
}

#[test]
fn a_name_in_braces_is_replaced_in_the_format_only() {
    let pdf = Data::with_actions(2).row_of("{vigencia} {trimestre}").plan("plan.objetivo", "{trimestre}").tagged();
    assert_row_is(&pdf, "{vigencia} {trimestre}");
    assert_eq!(pdf.table().all("TH")[0].text(), "Objetivo: {trimestre}");
    assert_eq!(pdf.info["Title"], "SEGUIMIENTO PLAN DE ACCIÓN 2024 – II TRIMESTRE");
}

/// Characters that cannot be printed as they stand, and the code of the finding.
const REFUSED: [(char, &str); 20] = [
    ('🦀', "caracter-sin-glifo"),
    ('一', "caracter-sin-glifo"),
    ('\u{200F}', "caracter-no-permitido"), // right-to-left mark
    ('\u{202E}', "caracter-no-permitido"), // right-to-left override
    ('א', "caracter-no-permitido"),
    ('م', "caracter-no-permitido"),
    ('\u{200B}', "caracter-no-permitido"), // zero-width space
    ('\u{200D}', "caracter-no-permitido"),
    ('\u{FEFF}', "caracter-no-permitido"),
    ('\u{AD}', "caracter-no-permitido"),   // soft hyphen
    ('\u{FE0F}', "caracter-no-permitido"), // variation selector
    ('\u{E000}', "caracter-no-permitido"), // private use
    ('\u{F0B7}', "caracter-no-permitido"), // Word's bullet
    ('\u{FFFD}', "caracter-no-permitido"),
    ('\u{2028}', "caracter-no-permitido"),
    ('\u{85}', "caracter-no-permitido"),
    ('\t', "caracter-no-permitido"),
    ('\0', "caracter-no-permitido"),
    ('\u{7}', "caracter-no-permitido"),
    ('\u{1B}', "caracter-no-permitido"),
];

#[test]
fn what_cannot_be_printed_is_refused_at_its_place() {
    let (plan, trimestre) = {
        let data = Data::with_actions(2)
            .plan("accion.1.nombre", "año MARCA x")
            .follow_up("avance.1.cualitativo", "año MARCA x");
        (data.plan.to_string(), data.follow_up.to_string())
    };
    for (character, code) in REFUSED {
        // TOML takes no control character as such but the tabulation: the others stand there as escapes.
        let escaped = character.is_control() && !['\t', '\u{85}'].contains(&character);
        let written = if escaped { format!("\\u{:04X}", u32::from(character)) } else { character.to_string() };
        let (plan, trimestre) = (plan.replace("MARCA", &written), trimestre.replace("MARCA", &written));
        let office = Office::new();
        office.write("plans/p/plan.toml", &plan).write("plans/p/trimestre-2.toml", &trimestre);
        let made = office.make();
        let place = |file: &str, text: &str| {
            let (line, text) =
                (1..).zip(text.lines()).find(|(_, line)| line.contains(&written)).expect("it stands there");
            let at = if escaped { text.find('"') } else { text.find(character) }.expect("it stands there");
            format!("{code} {file}:{line}:{}", text[..at].chars().count() + 1)
        };
        assert_eq!(made.places(), [place("plan.toml", &plan), place("trimestre-2.toml", &trimestre)], "{character:?}");
        assert!(made.pdf.is_none());
    }
}

#[test]
fn a_line_end_is_refused_where_a_line_is_asked_for() {
    for path in ["entidad.nombre", "entidad.sigla", "plan.objetivo"] {
        assert_eq!(Data::with_actions(1).plan(path, "a\nb").make().codes(), ["caracter-no-permitido"], "{path}");
    }
    let responsables = Data::with_actions(1).plan("accion.0.responsables", vec!["a\nb"]);
    assert_eq!(responsables.make().codes(), ["caracter-no-permitido"]);
}

#[test]
fn ten_megabytes_in_a_cell_are_refused_before_anything_is_set() {
    let office =
        Office::new().with(&Data::with_actions(1).follow_up("avance.0.cualitativo", "ñandú ".repeat(1_500_000)));
    let output = run(&office, &["generar"]);
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{}", &notes[..notes.len().min(2_000)]);
    assert!(notes.contains("texto-demasiado-largo"));
    assert!(notes.len() < 10_000, "and they are not printed to the terminal: {} bytes", notes.len());
    assert!(!office.folder().join("informes").exists());
}

#[test]
fn refused_text_ends_the_program_with_status_one_and_no_report() {
    for (character, code) in REFUSED {
        let office =
            Office::new().with(&Data::with_actions(1).follow_up("avance.0.cualitativo", format!("a{character}b")));
        let output = run(&office, &["generar"]);
        let notes = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{character:?}: {notes}");
        assert!(notes.contains(code), "{character:?}: {notes}");
        assert!(!notes.contains("panicked") && !notes.contains('\u{1B}'), "{character:?}: {notes}");
        assert!(!office.folder().join("informes").exists());
    }
}

/// A letter as some systems write it: the letter without its mark, then the mark.
fn decomposed(letter: char) -> String {
    let marks = [
        ("áéíóúÁÉÍÓÚ", "aeiouAEIOU", '\u{301}'),
        ("àè", "ae", '\u{300}'),
        ("üöÜ", "uoU", '\u{308}'),
        ("ñÑ", "nN", '\u{303}'),
        ("ç", "c", '\u{327}'),
        ("å", "a", '\u{30A}'),
    ];
    let of = |(letters, bases, mark): (&str, &str, char)| {
        let (_, base) = letters.chars().zip(bases.chars()).find(|(composed, _)| *composed == letter)?;
        Some(String::from_iter([base, mark]))
    };
    marks.into_iter().find_map(of).expect("a letter of the list")
}

/// Strings over a wide alphabet: mostly what an office writes, with blanks and hyphens, and now and then anything at all.
fn any_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        20 => prop::char::range(' ', '~'),
        10 => prop::char::range('\u{A0}', '\u{17F}'),
        6 => prop_oneof![Just(' '), Just('-'), Just('\u{A0}'), Just('/'), Just('\'')],
        3 => prop::char::range('\u{384}', '\u{3CE}'),
        3 => prop::char::range('\u{410}', '\u{44F}'),
        3 => prop::char::range('\u{2010}', '\u{2027}'),
        1 => prop::char::range('\u{2030}', '\u{20BF}'),
        1 => prop::char::range('\u{2100}', '\u{2200}'),
    ];
    let decomposed = prop::sample::select("áéíóúüñÁÉÍÓÚÜÑçåàèö".chars().map(decomposed).collect::<Vec<_>>());
    let piece = prop_oneof![20 => character.prop_map(String::from), 1 => decomposed];
    let stranger = prop_oneof![9 => Just(None), 1 => any::<char>().prop_map(Some)];
    let pieces = (prop::collection::vec(piece, 1..160), stranger);
    pieces.prop_map(|(pieces, stranger)| pieces.into_iter().chain(stranger.map(String::from)).collect())
}

#[test]
fn any_text_is_refused_or_comes_back_character_by_character() {
    let config = Config { failure_persistence: None, ..Config::with_cases(150) };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (printed, refused) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&any_text(), |text| {
        let made = Data::with_actions(2).row_of(&text).plan("plan.objetivo", text.as_str()).make();
        if made.pdf.is_none() {
            assert!(!made.findings.is_empty());
            let characters = ["caracter-no-permitido", "caracter-sin-glifo", "texto-vacio"];
            assert!(made.codes().iter().all(|code| characters.contains(code)), "{:?}", made.places());
            refused.set(refused.get() + 1);
            return Ok(());
        }
        let pdf = made.tagged();
        assert!(pdf.unexplained.is_empty(), "{:?}", pdf.unexplained);
        assert_row_is(&pdf, &text);
        assert_eq!(pdf.table().all("TH")[0].text(), format!("Objetivo: {text}"));
        printed.set(printed.get() + 1);
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let (printed, refused) = (printed.get(), refused.get());
    assert!(printed > 50 && refused > 5, "{printed} printed and {refused} refused: both are looked at");
}

/// A letter that a font would have to build from two glyphs is drawn once and read twice (typst 0.15.1 splits the cluster
/// into two runs and gives both its whole text), so it is refused.
#[test]
fn a_letter_that_the_font_has_to_build_from_two_glyphs_is_refused() {
    for (text, code) in
        [("A\u{339}", "caracter-no-permitido"), ("ſ\u{20D0}", "caracter-no-permitido"), ("Ӫ", "caracter-sin-glifo")]
    {
        let made = Office::new().with(&Data::with_actions(1).plan("accion.0.nombre", text)).make();
        assert_eq!(made.codes(), [code], "{text}");
    }
}

// ---- Templates ----

const SECRET: &str = "cuarenta y dos pingüinos";

/// An office whose plan uses a format of its own: the official columns, and a template that begins with this text.
fn with_template(beginning: &str) -> Office {
    let office = Office::new().with(&Data::with_actions(1).plan("plan.formato", "x"));
    let formato = fs::read(format!("{TEMPLATES}/formato.toml")).expect("the official format");
    office.write("report-templates/x/formato.toml", formato);
    office.write(
        "report-templates/x/plantilla.typ",
        format!("{beginning}\n#let informe(datos) = {{ title(datos.titulo); robado }}\n"),
    );
    office.write("secreto.txt", SECRET).write("report-templates/secreto.txt", SECRET);
    office
}

#[track_caller]
fn assert_refused(office: &Office) -> Made {
    let made = office.make();
    assert_eq!(made.codes(), ["plantilla-con-error"], "{:?}", made.findings);
    assert!(made.pdf.is_none());
    assert!(!format!("{:?}", made.findings).contains(SECRET), "not even in the message");
    assert!(made.places()[0].starts_with("plantilla-con-error plantilla.typ:1:"), "{:?}", made.places());
    made
}

#[test]
fn a_template_prints_what_it_may_read() {
    let office = with_template("#let robado = read(\"nota.txt\")");
    office.write("report-templates/x/nota.txt", "Nota al pie");
    let pdf = office.make().tagged();
    assert!(pdf.tree.text().contains("Nota al pie"), "{}", pdf.tree.outline());
    assert!(pdf.attachments.iter().any(|file| file.name == "nota.txt" && file.bytes == b"Nota al pie"));
}

#[test]
fn a_template_reads_nothing_outside_its_folder() {
    let absolute = with_template("").folder().join("secreto.txt").display().to_string().replace('\\', "/");
    for path in [
        "../secreto.txt",
        "../../secreto.txt",
        "/../secreto.txt",
        "/../../secreto.txt",
        "a/../../secreto.txt",
        "/secreto.txt",
        "secreto.txt",
        "/etc/passwd",
        "/plans/p/plan.toml",
        "/report-templates/secreto.txt",
        "/informe/../../secreto.txt",
        "",
        ".",
        "/",
        &absolute,
    ] {
        assert_refused(&with_template(&format!("#let robado = read({path:?})")));
    }
    let office = with_template("");
    let absolute = office.folder().join("secreto.txt").display().to_string().replace('\\', "/");
    office.write(
        "report-templates/x/plantilla.typ",
        format!("#let robado = read({absolute:?})\n#let informe(datos) = robado\n"),
    );
    assert_refused(&office);
}

#[cfg(unix)]
#[test]
fn a_link_does_not_lead_a_template_out_of_its_folder() {
    use std::os::unix::fs::symlink;
    let office = with_template("#let robado = read(\"enlace.txt\")");
    symlink(office.folder().join("secreto.txt"), office.folder().join("report-templates/x/enlace.txt"))
        .expect("a link");
    assert_refused(&office);
    let office = with_template("#let robado = read(\"enlace/secreto.txt\")");
    symlink(office.folder(), office.folder().join("report-templates/x/enlace")).expect("a link");
    assert_refused(&office);
}

#[test]
fn a_template_gets_no_package_no_clock_and_no_program() {
    for beginning in [
        "#import \"@preview/cetz:0.3.4\": canvas as robado",
        "#let robado = str(datetime.today().year())",
        "#let robado = plugin(\"ladron.wasm\")",
        "#import \"https://ejemplo.gov.co/x.typ\": robado",
    ] {
        assert_refused(&with_template(beginning));
    }
}

#[test]
fn a_font_that_the_report_does_not_bring_is_warned_of_and_not_used() {
    let office = with_template("#let robado = text(font: \"Arial\", \"letra\")");
    let made = office.make();
    assert_eq!(made.codes(), ["plantilla-con-advertencia"], "{:?}", made.findings);
    assert!(made.findings[0].message.contains("arial"), "{:?}", made.findings);
    assert!(made.tagged().tree.text().contains("letra"));
}

#[test]
fn a_template_that_never_ends_or_stops_on_purpose_is_a_finding() {
    for beginning in
        ["#let robado = { while true { } }", "#let robado = panic(\"alto\")", "#let robado(x) = robado(x)\n#robado(1)"]
    {
        let made = with_template(beginning).make();
        assert_eq!(made.codes(), ["plantilla-con-error"], "{beginning}");
    }
}

#[test]
fn files_of_a_template_named_like_those_of_the_program_do_not_take_their_place() {
    let office = with_template("#let robado = read(\"/logo.svg\")");
    let own = ["metadatos.json", "principal.typ", "logo.svg", "informe/metadatos.json", "informe/informe.json"];
    for name in own {
        office.write(&format!("report-templates/x/{name}"), format!("impostor {name}"));
    }
    let made = office.make();
    let pdf = made.tagged();
    assert_eq!(pdf.info["Author"], "Entidad de Prueba");
    assert!(pdf.tree.text().contains("impostor logo.svg"), "its own file is its to read");
    for name in own {
        let flat = name.replace('/', "-");
        let file = pdf.attachments.iter().find(|file| file.name == flat).expect("the template's file is attached");
        assert_eq!(String::from_utf8_lossy(&file.bytes), format!("impostor {name}"), "with its own bytes");
    }
}

#[test]
fn a_template_cannot_pass_off_a_file_as_the_source_of_the_report() {
    for name in ["plan.toml", "trimestre-2.toml", "informe.json"] {
        let office = with_template("#let robado = []");
        office.write(&format!("report-templates/x/{name}"), "impostor");
        assert_eq!(office.make().codes(), ["exportacion-rechazada"], "{name}: two attachments of one name");
    }
}

#[test]
fn a_template_of_the_working_folder_takes_the_place_of_the_embedded_one() {
    let office = Office::new().with(&Data::with_actions(1));
    assert!(office.make().tagged().tree.text().contains("Elaboró"));
    let own = "#let informe(datos) = [#title(datos.titulo) Otra disposición]\n";
    office.write("report-templates/seguimiento-trimestral/plantilla.typ", own);
    let pdf = office.make().tagged();
    assert!(pdf.tree.text().contains("Otra disposición") && !pdf.tree.text().contains("Elaboró"));
    let attached = pdf.attachments.iter().find(|file| file.name == "plantilla.typ").expect("the template");
    assert_eq!(attached.bytes, own.as_bytes(), "and it is the one that the report carries");
}

#[test]
fn a_column_definition_of_the_working_folder_takes_the_place_of_the_embedded_one() {
    let office = Office::new().with(&Data::with_actions(1));
    let formato = fs::read_to_string(format!("{TEMPLATES}/formato.toml")).expect("the official format");
    office
        .write("report-templates/seguimiento-trimestral/formato.toml", formato.replace("\"META\"", "\"META DEL AÑO\""));
    let headings: Vec<String> = office.make().tagged().table().all("TH").iter().map(|cell| cell.text()).collect();
    assert!(headings.contains(&"META DEL AÑO".to_owned()), "{headings:?}");
}

#[test]
fn a_font_of_the_working_folder_takes_the_place_of_the_embedded_one() {
    let office = Office::new().with(&Data::with_actions(1));
    let embedded = office.make();
    let font = "IBMPlexSansCondensed-Regular.ttf";
    office.write(
        &format!("fonts/{font}"),
        fs::read(format!("{}/fonts/{font}", env!("CARGO_MANIFEST_DIR"))).expect("a font"),
    );
    assert!(office.make().pdf == embedded.pdf, "the same font changes nothing");
    office.write(&format!("fonts/{font}"), other_metrics(font));
    let own = office.make();
    assert!(own.pdf != embedded.pdf, "another one is used");
    assert_eq!(own.tagged().table().text(), embedded.tagged().table().text(), "and says the same");
}

#[test]
fn a_file_that_is_no_font_ends_the_program_with_its_name() {
    for (name, contents) in [
        ("IBMPlexSansCondensed-Regular.ttf", &b"no soy una fuente"[..]),
        ("nueva.otf", b""),
        ("x.TTF", b"\0\x01\0\0\0\x0b"),
    ] {
        let office = Office::new().with(&Data::with_actions(1));
        office.write(&format!("fonts/{name}"), contents);
        let output = run(&office, &["generar"]);
        let notes = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}: {notes}");
        assert!(notes.contains(&format!("fonts/{name}")) && !notes.contains("panicked"), "{notes}");
        assert!(!office.folder().join("informes").exists());
    }
}
