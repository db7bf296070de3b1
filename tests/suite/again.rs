//! A report proves that it is the rendering of its own sources: made again of what it carries, it is the same bytes.
//!
//! Forgeries are made as a forger would: the file is taken apart, a part of it is changed, and it is put together again so that
//! every reader opens it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;
use seguimiento::again::{Again, Data, Difference, Layout, Layouts, PROGRAM, Printed, Risk, again};
use seguimiento::assets::Assets;
use seguimiento::model::Quarter;
use seguimiento::pdf::{Body, Dictionary, File, Id, Object, Update, rewrite};
use seguimiento::pipeline::{Desk, Format, ReadPlan};

use crate::pdf::office::{Data as Plan, Office, other_metrics};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A desk that knows no layout but those of the program.
static DESK: LazyLock<Desk> = LazyLock::new(|| Desk::new(Assets::embedded()).unwrap());

/// The second trimestre of the real plan.
static REAL: LazyLock<Vec<u8>> = LazyLock::new(|| made("rmbc-2024", false).pop().unwrap());

/// All reports of one of the repository's plans.
fn made(plan: &str, annex: bool) -> Vec<Vec<u8>> {
    let mut plan = DESK.read(&Path::new(ROOT).join("plans").join(plan), None);
    plan.findings = plan.audited();
    made_of(&DESK, &plan, annex)
}

fn made_of(desk: &Desk, plan: &ReadPlan, annex: bool) -> Vec<Vec<u8>> {
    let pdf = |report| {
        let composed = desk.prepare(plan, &report, annex).and_then(|prepared| desk.compose(prepared));
        composed.and_then(|composed| composed.export(Format::Pdf)).unwrap().pop().unwrap().bytes
    };
    plan.reports().into_iter().map(pdf).collect()
}

fn known(report: &[u8]) -> Again {
    again("informe.pdf", report, &DESK, Layouts::Known)
}

/// Where a report of a known layout differs, in words.
#[track_caller]
fn difference(report: &[u8]) -> String {
    match known(report) {
        Again::Differs { layout: Layout::Known, at } => at.to_string(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn not_ours(report: &[u8]) -> String {
    if let Again::NotOurs(why) = known(report) { why } else { panic!("it was read as a report") }
}

fn is_exact(again: &Again, with_annex: bool) -> bool {
    matches!(again, Again::Exact { layout: Layout::Known, annex } if *annex == with_annex)
}

/// The object that holds the bytes of a carried file.
fn carried(file: &File, name: &str) -> Id {
    let view = file.now();
    let specification = file.revisions()[0].objects.keys().filter_map(|number| view.get(Id::new(*number)));
    let mut dictionaries = specification.filter_map(|object| object.value.as_dictionary());
    let found =
        dictionaries.find(|object| object.is("Type", "Filespec") && object.get("UF") == Some(&Object::text(name)));
    found.unwrap().get("EF").unwrap().as_dictionary().unwrap().get("F").unwrap().as_reference().unwrap()
}

/// A file made anew with the bytes of some streams changed.
fn forged(report: &[u8], streams: &[(Id, Vec<u8>)]) -> Vec<u8> {
    let file = File::read(report).unwrap();
    let body = |(id, bytes): &(Id, Vec<u8>)| {
        let mut dictionary = file.now().get(*id).unwrap().value.as_dictionary().unwrap().clone();
        dictionary.remove("Filter");
        (id.number, Body::Stream(dictionary, bytes.clone()))
    };
    rewrite(&file, &streams.iter().map(body).collect()).unwrap()
}

/// A report with one thing changed in some of the files that it carries.
pub fn with_carried(report: &[u8], changes: &[(&str, &str, &str)]) -> Vec<u8> {
    let file = File::read(report).unwrap();
    let change = |(name, old, new): &(&str, &str, &str)| {
        let id = carried(&file, name);
        let text = String::from_utf8(file.now().stream(file.now().get(id).unwrap()).unwrap()).unwrap();
        assert!(text.contains(old), "{old:?} stands in {name}");
        (id, text.replacen(old, new, 1).into_bytes())
    };
    forged(report, &changes.iter().map(change).collect::<Vec<_>>())
}

#[test]
fn every_report_of_the_repository_is_the_rendering_of_its_sources() {
    let mut proved = 0;
    for plan in fs::read_dir(Path::new(ROOT).join("plans")).unwrap() {
        let plan = plan.unwrap().file_name().into_string().unwrap();
        for with_annex in [false, true] {
            for report in made(&plan, with_annex) {
                assert!(is_exact(&known(&report), with_annex), "{plan}");
                proved += 1;
            }
        }
    }
    assert!(proved >= 16, "the real plan and those of the examples: {proved}");
}

#[test]
fn an_annex_that_compares_with_an_earlier_report_is_taken_as_the_data_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = folder.path().join("seguimiento-2025-1t.pdf");
    fs::write(&earlier, &made("ejemplo-2025", false)[0]).unwrap();
    let mut plan = DESK.read(&Path::new(ROOT).join("plans/ejemplo-2025"), Quarter::new(2));
    plan.earlier.insert(Quarter::new(2).unwrap(), DESK.earlier(&earlier, &plan).unwrap());
    plan.findings = plan.audited();
    let [report] = &made_of(&DESK, &plan, true)[..] else { panic!("one report") };
    assert!(is_exact(&known(report), true));

    let word = "Las acciones están como en seguimiento-2025-1t.pdf";
    let forged =
        with_carried(report, &[("informe.json", word, "Las acciones están igual que en seguimiento-2025-1t.pdf")]);
    assert_eq!(difference(&forged), "la página 1 no es la que resulta de sus adjuntos");
    let odd = with_carried(report, &[("informe.json", "\"resumen\": {", "\"resumen\": { \"otro\": 1,")]);
    assert_eq!(not_ours(&odd), "no se puede leer el «informe.json» que trae");
}

#[test]
fn what_was_added_at_the_end_makes_no_difference() {
    let file = File::read(&REAL).unwrap();
    let mut update = Update::new(&file);
    update.add(Dictionary::from([("Type", Object::name("Example"))]));
    let (updated, _) = update.finish().unwrap();
    assert!(updated.len() > REAL.len() && is_exact(&known(&updated), false));
}

#[test]
fn a_byte_changed_anywhere_makes_a_difference() {
    for at in (0..REAL.len()).step_by(1_511) {
        let mut changed = REAL.clone();
        changed[at] ^= 1;
        assert!(!matches!(known(&changed), Again::Exact { .. }), "byte {at}");
    }
}

#[test]
fn one_character_of_the_plan_or_of_the_data_names_the_cell() {
    let plan = ("plan.toml", "Poner en marcha", "Poner en Marcha");
    let said = difference(&with_carried(&REAL, &[plan]));
    let says = |text: &str| said.contains(text);
    assert!(
        says("acción 1, columna «ACCIÓN, PROGRAMA O PROYECTO ESTRATÉGICO»: el informe dice «Poner en marcha el"),
        "{said}"
    );
    assert!(says("y los TOML adjuntos, «Poner en Marcha el"), "{said}");
    let data = ("informe.json", "\"30/06/2024\"", "\"31/06/2024\"");
    assert_eq!(
        difference(&with_carried(&REAL, &[data])),
        "informe.json, fecha_corte.corta: el informe dice \"31/06/2024\", y los TOML adjuntos, \"30/06/2024\""
    );
    assert_eq!(
        difference(&with_carried(&REAL, &[("informe.json", "{\n", "{\n\n")])),
        "el adjunto «informe.json» no es el que resulta de los demás"
    );
}

#[test]
fn one_character_of_all_that_is_carried_names_the_cell_whose_page_says_otherwise() {
    let changes = [
        ("plan.toml", "Poner en marcha", "Poner en Marcha", ["1", "ACCIÓN, PROGRAMA O PROYECTO ESTRATÉGICO"]),
        (
            "trimestre-2.toml",
            "Durante el segundo trimestre",
            "Durante el Segundo trimestre",
            ["1", "AVANCE CUALITATIVO"],
        ),
    ];
    for (file, old, new, [action, heading]) in changes {
        let everywhere = [(file, old, new), ("informe.json", old, new)];
        let forged = with_carried(&REAL, &everywhere);
        let Again::Differs { at: Difference::Printed { action: told, column, page, data }, .. } = known(&forged) else {
            panic!("{file}, «{old}»: {}", known(&forged))
        };
        assert_eq!((told.as_str(), column.as_str()), (action, heading));
        assert_ne!(page, data);
    }
    let said = difference(&with_carried(
        &REAL,
        &[("plan.toml", "Poner en marcha", "Poner en Marcha"), ("informe.json", "Poner en marcha", "Poner en Marcha")],
    ));
    assert!(said.contains("la página dice «Poner en marcha el"), "{said}");
    assert!(said.contains("y los datos adjuntos, «Poner en Marcha el"), "{said}");
}

#[test]
fn of_white_space_too_the_cell_is_named() {
    for (blank, shown) in [("\u{A0}", "[U+00A0]"), ("\u{2009}", "[U+2009]")] {
        let other = format!("Poner{blank}en marcha el");
        let changes = ["plan.toml", "informe.json"].map(|file| (file, "Poner en marcha el", other.as_str()));
        let said = difference(&with_carried(&REAL, &changes));
        assert!(said.starts_with("acción 1, columna «ACCIÓN, PROGRAMA"), "{said}");
        assert!(said.contains("la página dice «Poner en marcha el"), "{said}");
        assert!(said.contains(&format!("y los datos adjuntos, «Poner{shown}en marcha el")), "{said}");
    }
}

#[test]
fn the_text_of_every_table_is_that_of_the_data() {
    for plan in fs::read_dir(Path::new(ROOT).join("plans")).unwrap() {
        let plan = plan.unwrap().file_name().into_string().unwrap();
        for report in made(&plan, true) {
            let other_version = with_carried(&report, &[("procedencia.json", PROGRAM, "seguimiento 9.9.9")]);
            let again = known(&other_version);
            assert!(
                matches!(again, Again::OtherVersion { data: Data::Same, printed: Printed::Same, .. }),
                "{plan}: {again}"
            );
        }
    }
}

#[test]
fn a_page_that_shows_something_else_is_named_and_of_text_the_cell() {
    let file = File::read(&REAL).unwrap();
    let page = file.now().pages()[1].value.as_dictionary().unwrap().get("Contents").unwrap().as_reference().unwrap();
    let content = file.now().stream(file.now().get(page).unwrap()).unwrap();
    let find = |operator: &[u8]| content.windows(operator.len()).position(|here| here == operator).unwrap();

    let mut glyph = content.clone();
    glyph[find(b"Tj") - 2] ^= 1;
    assert_eq!(
        difference(&forged(&REAL, &[(page, glyph)])),
        "acción 6, columna «No.»: la página dice «7», y los datos adjuntos, «6»"
    );
    let mut place = content.clone();
    place[find(b" cm") - 1] ^= 1;
    assert_eq!(difference(&forged(&REAL, &[(page, place)])), "la página 2 no es la que resulta de sus adjuntos");
}

#[test]
fn a_change_of_what_is_on_no_page_is_told_by_its_part() {
    let file = File::read(&REAL).unwrap();
    let (_, catalog) = file.now().catalog().unwrap();
    let reference = |key| catalog.get(key).unwrap().as_reference().unwrap();
    let metadata = file.now().stream(file.now().get(reference("Metadata")).unwrap()).unwrap();
    let text = String::from_utf8(metadata).unwrap().replace("Cundinamarca", "Cundinamarco");
    let said = difference(&forged(&REAL, &[(reference("Metadata"), text.into_bytes())]));
    assert_eq!(said, "los metadatos no son los que resultan de sus adjuntos");

    let mut form = file.now().get(reference("AcroForm")).unwrap().value.as_dictionary().unwrap().clone();
    form.set("NeedAppearances", Object::Boolean(true));
    let said = difference(&rewrite(&file, &BTreeMap::from([(reference("AcroForm").number, form.into())])).unwrap());
    assert_eq!(said, "los campos de firma no son los que resultan de sus adjuntos");

    let page = file.now().pages()[0];
    let respelt = rewrite(&file, &BTreeMap::from([(page.id.number, Body::Object(page.value.clone()))])).unwrap();
    let said = difference(&respelt);
    assert!(said.contains("está escrito de otra manera desde el byte"), "{said}");
}

#[test]
fn sources_with_errors_are_told_as_such_with_their_place_in_the_report() {
    let wrong = with_carried(&REAL, &[("trimestre-2.toml", "accion = 1", "accion = 100")]);
    let Again::Errors(faults) = known(&wrong) else { panic!("errors") };
    let codes: Vec<&str> = faults.findings.iter().filter(|finding| finding.is_error()).map(|f| f.code.id).collect();
    assert_eq!(codes, ["accion-sin-avance", "avance-sin-accion"]);
    assert_eq!(faults.sources.get(faults.findings[0].span.file).name, "informe.pdf/trimestre-2.toml");
}

#[test]
fn another_version_of_the_program_or_other_fonts_are_told_with_what_could_be_compared() {
    let other = |changes: &[(&str, &str, &str)]| match known(&with_carried(&REAL, changes)) {
        Again::OtherVersion { program, fonts, data, .. } => (program, fonts, data),
        other => panic!("{other:?}"),
    };
    let version = ("procedencia.json", PROGRAM, "seguimiento 9.9.9");
    assert_eq!(other(&[version]), ("seguimiento 9.9.9".into(), vec![], Data::Same));
    let font = ("procedencia.json", "IBMPlexSansCondensed-Bold", "Otra");
    let names = vec!["IBMPlexSansCondensed-Bold.ttf".into(), "Otra.ttf".into()];
    assert_eq!(other(&[font]), (PROGRAM.into(), names, Data::Same));
    let (_, _, data) = other(&[version, ("plan.toml", "Poner en marcha", "Poner en Marcha")]);
    assert!(matches!(data, Data::Differ(at) if matches!(&*at, Difference::Cell { action, .. } if action == "1")));
    assert_eq!(other(&[version, ("plan.toml", "[plan]", "[pan]")]).2, Data::Unknown);
}

#[test]
fn the_verdict_is_said_in_a_sentence() {
    let said = |changes: &[(&str, &str, &str)]| known(&with_carried(&REAL, changes)).to_string();
    assert_eq!(known(&REAL).to_string(), "el contenido es la reproducción exacta de los datos adjuntos");
    assert_eq!(said(&[("trimestre-2.toml", "accion = 1", "accion = 100")]), "los datos adjuntos tienen 2 errores",);
    assert_eq!(
        said(&[("procedencia.json", PROGRAM, "seguimiento 9.9.9")]),
        format!(
            "lo hizo «seguimiento 9.9.9», y este es «{PROGRAM}»; las páginas no se pueden componer de nuevo, y lo que \
             muestran no queda comprobado. Los datos del informe sí son los que resultan de los TOML adjuntos. El texto de la tabla, según su estructura, es el de esos datos"
        )
    );
    assert_eq!(
        known(b"hola").to_string(),
        "no es un informe que se pueda reproducir: no es un PDF: no comienza con «%PDF-» (byte 0)"
    );
}

#[test]
fn what_is_no_report_of_this_program_is_told_why() {
    assert!(not_ours(b"hola").starts_with("no es un PDF"));
    assert!(not_ours(&REAL[..REAL.len() / 2]).contains("está cortado"));
    let file = File::read(&REAL).unwrap();
    let (root, catalog) = file.now().catalog().unwrap();
    let with = |change: fn(&mut Dictionary)| {
        let mut catalog = catalog.clone();
        change(&mut catalog);
        not_ours(&rewrite(&file, &BTreeMap::from([(root.number, catalog.into())])).unwrap())
    };
    assert_eq!(with(|catalog| drop(catalog.remove("Names"))), "no trae adjuntos");
    let odd = "sus adjuntos no están puestos como lo hace este programa";
    assert_eq!(with(|catalog| drop(catalog.remove("AF"))), odd);
    let twice = |catalog: &mut Dictionary| {
        let Some(Object::Array(mut belonging)) = catalog.remove("AF") else { return };
        belonging[1] = belonging[0].clone();
        catalog.set("AF", Object::Array(belonging));
    };
    assert_eq!(with(twice), odd);
    let earlier =
        fs::read(Path::new(ROOT).join("tests/cli/entidad/informes/alcaldia-2025/seguimiento-2025-2t.pdf")).unwrap();
    assert!(
        !matches!(known(&earlier), Again::Exact { .. } | Again::Differs { .. }),
        "made before reports said what made them"
    );
}

#[test]
fn files_that_unpack_to_more_than_a_report_carries_are_not_unpacked() {
    let file = File::read(&REAL).unwrap();
    let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(b' '), 65 << 20), &mut bomb).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(ZlibDecoder::new(&bomb[..]).total_in() < 1 << 20);
    let id = carried(&file, "plan.toml");
    let dictionary = file.now().get(id).unwrap().value.as_dictionary().unwrap().clone();
    let forged = rewrite(&file, &BTreeMap::from([(id.number, Body::Stream(dictionary, bomb))])).unwrap();
    assert_eq!(not_ours(&forged), "no se puede leer su adjunto «plan.toml»");
}

/// An office with a template of its own.
fn office(template: &str) -> Office {
    let office = Office::new().with(&Plan::with_actions(2));
    office.write("report-templates/seguimiento-trimestral/plantilla.typ", template);
    office
}

#[test]
fn an_office_s_own_layout_is_known_to_the_office_and_foreign_to_others() {
    let office = office("#let informe(datos) = title(datos.titulo)\n");
    let own = Desk::new(Assets::new(office.folder())).unwrap();
    let report = office.make().pdf.unwrap();
    assert!(is_exact(&again("informe.pdf", &report, &own, Layouts::Known), false));
    assert!(matches!(known(&report), Again::NotTried(Risk::Foreign)));
    let any = again("informe.pdf", &report, &DESK, Layouts::Any);
    assert!(matches!(any, Again::Exact { layout: Layout::Foreign, .. }));
    assert!(
        is_exact(&again("informe.pdf", &REAL, &own, Layouts::Known), false),
        "and that of the program is known to it"
    );

    let forged = with_carried(&report, &[("plantilla.typ", "datos.titulo", "[Otro título]")]);
    let any = again("informe.pdf", &forged, &own, Layouts::Any);
    assert!(matches!(any, Again::Differs { layout: Layout::Foreign, at: Difference::Page(1) }), "{any:?}");
}

#[test]
fn a_template_reads_nothing_that_the_report_does_not_carry() {
    for path in ["notas.md", ".oculto.txt", "partes/~copia.txt", "comun/anexo.typ"] {
        let office = office(&format!("#let informe(datos) = {{ title(datos.titulo); raw(read({path:?})) }}\n"));
        office.write(&format!("report-templates/seguimiento-trimestral/{path}"), "Nota");
        let made = office.make();
        assert_eq!(made.codes(), ["plantilla-con-error"], "{path}");
        assert!(made.findings[0].message.contains("no va adjunto al informe"), "{}", made.findings[0].message);
    }
}

#[test]
fn fonts_of_an_office_s_own_are_needed_to_make_its_reports_again() {
    let name = "IBMPlexSansCondensed-Regular.ttf";
    let office = Office::new().with(&Plan::with_actions(2));
    office.write(&format!("fonts/{name}"), other_metrics(name));
    let report = office.make().pdf.unwrap();
    let own = Desk::new(Assets::new(office.folder())).unwrap();
    assert!(is_exact(&again("informe.pdf", &report, &own, Layouts::Known), false));
    let said = known(&report).to_string();
    assert!(said.starts_with(&format!("se hizo con otros tipos de letra ({name})")), "{said}");
}

#[test]
fn a_foreign_layout_is_not_set_unless_that_is_wanted() {
    // It would take some hours, without ever going too deep.
    let endless = "for a in range(99999) { for b in range(99999) { for c in range(99999) { } } }; title(datos.titulo)";
    let report = with_carried(
        &office("#let informe(datos) = title(datos.titulo)\n").make().pdf.unwrap(),
        &[("plantilla.typ", "title(datos.titulo)", &format!("{{ {endless} }}"))],
    );
    assert!(matches!(known(&report), Again::NotTried(Risk::Foreign)));
}

#[test]
fn every_file_finds_its_way_back_to_its_own_name() {
    let office = office(
        "#import \"partes/pie-de.typ\": pie\n#let informe(datos) = { title(datos.titulo); pie; image(datos.entidad.logo, alt: \"Logo\"); image(\"logo.svg\", alt: \"Otro\") }\n",
    );
    let svg = |side: u8| format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\"/>");
    let office = office.with(&Plan::with_actions(2).plan("entidad.logo", "Escudo de la entidad.SVG"));
    office
        .write("report-templates/seguimiento-trimestral/partes/pie-de.typ", "#let pie = [Pie]\n")
        .write("report-templates/seguimiento-trimestral/logo.svg", svg(20))
        .write("plans/p/Escudo de la entidad.SVG", svg(30));
    let made = office.make();
    let names: Vec<String> = made.tagged().attachments.iter().map(|file| file.name.clone()).collect();
    for name in ["logo-entidad.svg", "logo.svg", "partes-pie-de.typ"] {
        assert!(names.iter().any(|found| found == name), "{name} in {names:?}");
    }
    let own = Desk::new(Assets::new(office.folder())).unwrap();
    let again = again("informe.pdf", &made.pdf.unwrap(), &own, Layouts::Known);
    assert!(is_exact(&again, false), "{again:?}");
}
