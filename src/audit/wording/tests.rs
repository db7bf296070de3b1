//! What each part finds in a sentence, what it leaves alone, and what all must hold to with any text.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::audit::subject::TextRole;
use crate::model::Quarter;

/// All findings in texts.
fn findings(texts: &[Text<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_texts(texts, &mut findings);
    crate::diag::sort(&mut findings);
    findings
}

/// The narrative of an action.
fn narrative(number: i64, value: &str) -> Text<'static> {
    let mut text = Text::sample(TextRole::Narrative, value);
    (text.action, text.quarter) = (Some(number), Quarter::new(2));
    text
}

/// What is found in a narrative, each with what is underlined.
fn found(value: &str) -> Vec<(&'static str, String)> {
    let text = narrative(1, value);
    let findings = findings(std::slice::from_ref(&text));
    findings.iter().map(|finding| (finding.code.id, text.written()[finding.span.range()].to_owned())).collect()
}

#[track_caller]
fn finds(value: &str, code: &str, underlined: &str) {
    assert_eq!(found(value), [(code, underlined.to_owned())], "{value}");
}

#[track_caller]
fn silent(values: &[&str]) {
    for value in values {
        assert_eq!(found(value), [], "{value}");
    }
}

#[test]
fn the_same_word_twice() {
    finds("El plan de de trabajo quedó listo.", "palabra-repetida", "de de");
    finds("La la mesa se reunió.", "palabra-repetida", "La la");
    finds("Fue en el el el salón.", "palabra-repetida", "el el el");
    silent(&[
        "Se viajó a Bora Bora con Rafael Uribe Uribe.",
        "Quedó muy muy bien en los ejes x y y.",
        "Es de, de veras, así.",
        "La muestra muestra que en la zona este este año se abrió el sobre sobre la oferta.",
    ]);
    silent(&["Marque uno uno dos, o 5 5 veces.", "Vino el que\nque faltaba en la sala."]);
}

#[test]
fn words_that_cannot_follow_each_other() {
    finds("Se revisaron los las metas.", "palabras-que-chocan", "los las");
    finds("El convenio para a la ejecución.", "palabras-que-chocan", "para a");
    finds("El informe de el comité.", "palabras-que-chocan", "de el");
    finds("El informe del la mesa.", "palabras-que-chocan", "del la");
    finds("Hubo talleres y informes nuevos.", "palabras-que-chocan", "y informes");
    finds("Son siete o ocho casos.", "palabras-que-chocan", "o ocho");
    silent(&[
        "Es para a la vez ordenar y medir.",
        "Depende de él y de la obra de del Castillo.",
        "Llegó a la una con agua y hielo.",
        "Hubo rocas y hippies, u hobbies o hockey.",
        "¿Y Inés? Viajó a El Carmen y a Los Ángeles.",
        "Cada una las revisa; unos los aprueban y otros no.",
    ]);
}

#[test]
fn a_preposition_that_is_missing_or_another() {
    finds("Se citó con el fin construir el plan.", "falta-preposicion", "con el fin construir");
    finds("Se citó a fin elaborarlo todo.", "falta-preposicion", "a fin elaborarlo");
    finds("Se decidió en base a datos.", "preposicion-impropia", "en base a");
    finds("El comité indicó de que faltan datos.", "preposicion-impropia", "indicó de que");
    silent(&["Se citó con el fin de construir el plan.", "Lo hizo con el objetivo particular que se fijó."]);
    silent(&["El comité habló con el objeto similar a la vista.", "Se citó con el objetivo general «Contribuir»."]);
}

#[test]
fn a_verb_that_does_not_agree() {
    finds("Allí se encuentra los talleres.", "concordancia", "se encuentra los talleres");
    finds("Se realizó dos mesas de trabajo.", "concordancia", "Se realizó dos mesas");
    finds("Se publicó 3 boletines en mayo.", "concordancia", "Se publicó 3 boletines");
    finds("En mayo habían varias mesas activas.", "concordancia", "habían varias mesas");
    silent(&[
        "El taller se realizó los días 3 y 4 de mayo.",
        "La mesa se realizó dos veces y se capacitó a los líderes.",
        "La obra se adelantó dos semanas y se encuentra tres puntos por debajo.",
        "El curso se realizó los últimos tres meses del año.",
        "Se atendió los requerimientos que habían llegado.",
    ]);
}

#[test]
fn blanks() {
    let cases = [
        ("Dos  espacios aquí.", "  "),
        (" Empieza con uno.", " "),
        ("Termina con uno. ", " "),
        (" Empieza con uno.\nY sigue.", " "),
        ("Una coma , mal puesta.", " "),
        ("Una coma,mal puesta.", ","),
        ("Llegó el fin.La obra sigue.", "."),
        ("Opinó la RMBC.La obra sigue.", "."),
        ("Con paréntesis ( mal abierto).", " "),
        ("Con paréntesis(sin espacio antes).", "("),
        ("La Agencia de Tecnología- ATENEA opina.", "Tecnología- "),
        ("La Agencia de Tecnología -ATENEA opina.", " -ATENEA"),
        ("El lema:crecer juntos.", ":"),
    ];
    finds("Se revisó que a != b.", "signos-sin-pareja", "!");
    for (value, underlined) in cases {
        finds(value, "espacios", underlined);
    }
    silent(&[
        "Hay 1.846,5 ha; a las 10:30, escala 1:1000 o 1 : 1000.",
        "Viajó a EE.UU. con Vías S.A.S. de Bogotá D.C. en mayo.",
        "El(la) funcionario(a) cumple su(s) función(es) de director(directora).",
        "La sigla -RMBC- es nueva en Mocoa-San Francisco, pre- y posnatal.",
        "Marque ( ) sí o [ x ] no, en f(x,y) y en https://x.gov.co/a,b.",
        "Bogotá - Cundinamarca tiene 5 - 3 archivos .pdf y .csv.",
        "Son:\n  a) uno;\n  b) dos. \nY ya.",
        "  Con sangría.\n  En todas las líneas.\n  ",
        "Según el numeral 2.A de la norma (así ;) en Informe.Pdf y Datos.Xlsx.",
        "Los funcionarios:as y el compañero:a firmaron.",
    ]);
}

#[test]
fn marks_that_cannot_stand_together() {
    let cases = [
        ("Uno,, dos.", ",,"),
        ("Terminó el mes..", ".."),
        ("Hubo mesas, foros, etc..", ".."),
        ("Sigue....", "...."),
        ("Uno;. Dos.", ";."),
        ("El lema \"Región viva.\" y su logo.", ".\""),
        ("Dijo (sí, eso,) y ya.", ",)"),
        ("¿Qué pasó?. Nada.", "?."),
    ];
    for (value, underlined) in cases {
        finds(value, "puntuacion", underlined);
    }
    silent(&[
        "Dijo: «Ya está». Luego, etc., se fue a EE. UU., etc.",
        "Nadie habló... ¿Y qué? ¡Nada!",
        "«Contrató a Vías S. A.» y otros.",
    ]);
}

#[test]
fn marks_without_their_other_half() {
    finds("El plan (versión 2 quedó.", "signos-sin-pareja", "(");
    finds("El plan versión dos) quedó.", "signos-sin-pareja", ")");
    finds("El «plan quedó.", "signos-sin-pareja", "«");
    finds("Qué pasó?", "signos-sin-pareja", "?");
    silent(&[
        "Fue así: 1) plan, y 2) guía (así: a) uno; b) dos) en mayo.",
        "Un tubo de 5\" y otro de 30'' de largo (véase el numeral 3).",
        "¡Qué dice? Dijo (?) que ¿sí?! Y U’wa también.",
    ]);
    let straight = found("El \"plan quedó y \"ya\" está.");
    assert!(straight.iter().any(|(code, _)| *code == "signos-sin-pareja"), "{straight:?}");
}

#[test]
fn quotes_of_different_shapes() {
    finds("Se leyó «María», “Siervo” y «Cóndores».", "comillas-mezcladas", "“");
    silent(&["Dijo: «Leí “María” y \"Siervo\" ayer».", "Leyó \"María\" y \"Siervo\"."]);
}

#[test]
fn enumerations() {
    finds("Hubo: 1) plan; 2. guía; 3) taller.", "enumeraciones-mezcladas", "2.");
    finds("Hubo: 1) plan; 2) guía; 4) taller.", "enumeracion-con-saltos", "4)");
    finds("Hubo:\n1. Plan.\n2. Guía.\n2. Taller.", "enumeracion-con-saltos", "2.");
    silent(&[
        "Hubo: 1) plan: a) uno; b) dos; 2) guía: a) tres; b) cuatro.",
        "Fase 1. Luego la fase 3. Según los literales a) y d) del art. 5.",
        "Hubo: i) plan; ii) guía; iii) taller; iv) mesa; v) foro.",
        "Hubo: g) plan; h) guía; i) taller. Se cerró en 2024. Sigue.",
        "Hubo: a) plan; b) guía, según los numerales 1), 4) y 7) de la norma.",
    ]);
}

#[test]
fn the_lists_of_a_trimestre_look_alike() {
    let look = |values: &[&str]| {
        let texts: Vec<_> = values.iter().zip(1..).map(|(value, number)| narrative(number, value)).collect();
        findings(&texts).iter().map(|f| (f.code.id, f.action)).collect::<Vec<_>>()
    };
    let (bracket, stop) = ("Hubo: 1) plan; 2) guía.", "Hubo: 1. Plan. 2. Guía.");
    assert_eq!(look(&[bracket, stop, "Fue: 1) mesa; 2) foro."]), [("enumeraciones-mezcladas", Some(2))]);
    assert_eq!(look(&[bracket, stop]), []);
    assert_eq!(look(&[bracket, "Fue: 1) mesa; 2) foro.", "Hubo:\na) plan;\nb) guía."]), []);
}

#[test]
fn how_texts_begin_and_end() {
    finds("Se hizo la mesa", "falta-punto-final", "mesa");
    finds("se hizo la mesa.", "minuscula-inicial", "se");
    finds("Se hizo la mesa. luego el foro.", "minuscula-inicial", "luego");
    silent(&[
        "No aplica",
        "Se hizo la mesa (la del agua.)",
        "Se hizo «la mesa.»",
        "Más datos en www.entidad.gov.co",
        "Hubo:\n- mesas\n- foros",
        "La Dra. de la mesa y la pág. quinta del art. segundo y el depto. de archivo.",
        "Dijo... luego calló. 1. consolidación. 2. cierre.",
        "Se usó iOS. iPhone no.",
        "Vino a las 3 p. m. del lunes, aprox. con el gte. de S. A. S. de aquí.",
    ]);
}

#[test]
fn names_end_alike() {
    let names = |values: &[&str]| {
        let name = |(value, number): (&&str, i64)| {
            let mut text = Text::sample(TextRole::ActionName, value);
            (text.action, text.key) = (Some(number), "nombre");
            text
        };
        let texts: Vec<_> = values.iter().zip(1..).map(name).collect();
        findings(&texts).iter().map(|f| (f.code.id, f.action)).collect::<Vec<_>>()
    };
    assert_eq!(names(&["Ordenar.", "Medir", "Abrir", "Cerrar."]), [("punto-final-desigual", Some(1))]);
    assert_eq!(names(&["Ordenar.", "Medir", "Cerrar."]), [("punto-final-desigual", Some(2))]);
    assert_eq!(names(&["Ordenar", "Contratar a Vías S. A. S."]), []);
}

#[test]
fn figures_whose_words_are_missing() {
    finds("Se certificaron (6) servidores.", "cifra-sin-palabra", "(6)");
    silent(&[
        "Se certificaron seis (6) servidores y treinta y dos (32) equipos.",
        "Se cerraron trámites (7) y datos (4) de la serie.",
        "Vienen (1) los planes y (2) las guías, como se aprobaron (3) al cierre.",
    ]);
    finds("Hubo eventos y/o foros.", "y-o", "y/o");
}

#[test]
fn the_same_words_in_two_places() {
    let twelve = "se revisaron con la comunidad los documentos que sirven de soporte al plan";
    let look = |one: &str, other: &str| {
        let texts = [narrative(1, one), narrative(2, other)];
        findings(&texts).into_iter().map(|f| (f.code.id, f.action, f.message)).collect::<Vec<_>>()
    };
    let twice = look(&format!("En mayo {twelve} vial."), &format!("Después {twelve} ambiental."));
    let [("frase-repetida", Some(2), message)] = &twice[..] else { panic!("{twice:?}") };
    assert!(message.starts_with("13 palabras seguidas ya están en la acción 1: «se revisaron"), "{message}");
    // Eleven words, in no whole sentence.
    assert_eq!(
        look(
            "Hoy con la comunidad los documentos que sirven de soporte al plan vial.",
            "Ayer con la comunidad los documentos que sirven de soporte al plan verde."
        ),
        []
    );
    // A whole sentence of nine.
    assert_eq!(
        look(
            "Se dictaron los talleres previstos para este semestre escolar. Fin.",
            "Hola. Se dictaron los talleres previstos para este semestre escolar."
        )
        .len(),
        1
    );
    // A formula, names, and what only says that nothing is due.
    let formula = "Durante el segundo trimestre de la vigencia 2024,";
    assert_eq!(
        look(
            &format!("{formula} se avanzó en la revisión del plan."),
            &format!("{formula} se avanzó en la revisión de obras.")
        ),
        []
    );
    let date = "Con corte a 30 de junio de 2025, la meta presenta un avance acumulado del";
    assert_eq!(look(&format!("{date} 48 %."), &format!("{date} 52 %.")), []);
    let units = "la Subdirección de Planeación Metropolitana y Regional, la Subdirección de Gestión de Proyectos y la Oficina Asesora de Comunicaciones y Participación Ciudadana";
    assert_eq!(look(&format!("Asistió {units}."), &format!("Opinó {units}.")), []);
    let due = "La acción comienza el 1 de abril de 2025; por lo tanto, no se reporta avance en este trimestre.";
    assert_eq!(look(due, due), []);
}

#[test]
fn terms_with_other_capitals() {
    let look = |values: &[(i64, &str)]| {
        let texts: Vec<_> = values.iter().map(|(number, value)| narrative(*number, value)).collect();
        findings(&texts).into_iter().map(|f| (f.code.id, f.action)).collect::<Vec<_>>()
    };
    assert_eq!(
        look(&[(1, "Se reguló el Ágora Metropolitana. Se habló del Ágora metropolitana.")]),
        [("mayusculas-desiguales", Some(1))]
    );
    assert_eq!(
        look(&[
            (1, "Fue el Hecho Metropolitano. Ese Hecho Metropolitano sigue."),
            (2, "Van los hechos metropolitanos del agua.")
        ]),
        [("mayusculas-desiguales", Some(2))]
    );
    // Another action, once; a longer name; a common word; any one of its kind; a place and a verb.
    assert_eq!(look(&[(1, "Fue el Hecho Metropolitano."), (2, "Van los hechos metropolitanos.")]), []);
    assert_eq!(look(&[(1, "Fue el Hecho Metropolitano del Agua. Es el hecho metropolitano.")]), []);
    assert_eq!(look(&[(1, "Se adoptó el Plan de Trabajo. Es el plan de trabajo.")]), []);
    assert_eq!(look(&[(1, "Se reguló el Ágora Metropolitana. Es un ágora metropolitana más.")]), []);
    assert_eq!(look(&[(1, "Es el Foro Soacha Participa. En Soacha participa la gente.")]), []);
}

#[test]
fn any_length_is_read_in_proportion() {
    let units = [
        "de ",
        "(",
        "\"",
        "«",
        "¿",
        "a-",
        "- ",
        "1) ",
        "a) ",
        "(1) ",
        ". ",
        "..",
        ",",
        "\n",
        " ",
        "A",
        "Hecho Metropolitano ",
        "los las ",
        "i) ",
        "en base a ",
        "se ",
        "con el fin ",
        "uno dos tres ",
        "-a a- ",
        "1. ",
        "y/o ",
        "”",
        "habían dos ",
        "la mesa que se hizo en mayo con todos los equipos del plan de agua sigue. ",
    ];
    for unit in units {
        let text = narrative(1, &unit.repeat(100_000 / unit.len()));
        let start = Instant::now();
        findings(std::slice::from_ref(&text));
        // Tests run unoptimised and side by side; what is quadratic takes minutes.
        assert!(start.elapsed() < Duration::from_secs(10), "{unit:?} took {:?}", start.elapsed());
    }
}

#[test]
fn one_word_again_and_again_is_told_of_once() {
    let text = narrative(1, &format!("Así {}.", "mesa ".repeat(20_000).trim_end()));
    let few = findings(std::slice::from_ref(&text));
    assert!(few.len() <= 30, "{}", few.len());
    assert_eq!(few.iter().filter(|finding| finding.code.id == "palabra-repetida").count(), 1);
}

/// A text with all fixes made, each where no other was made before.
fn mended(text: &Text<'static>) -> String {
    let mut mended = String::new();
    let mut at = 0;
    for finding in findings(std::slice::from_ref(text)) {
        let Some(fix) = finding.fix.as_ref().filter(|_| finding.span.start >= at) else { continue };
        mended += &text.written()[at..finding.span.start];
        mended += fix;
        at = finding.span.end;
    }
    mended += &text.written()[at..];
    toml::from_str::<toml::Table>(&format!("t = {mended}")).unwrap()["t"].as_str().unwrap().to_owned()
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ ]{1,3}",
        3 => "[,;:.()«»“”\"¿?¡!'’…/%\\-\\[\\]•–\n\t]",
        3 => prop_oneof![Just("de"), Just("La"), Just("los"), Just("el"), Just("y"), Just("etc"), Just("plan"), Just("Plan"), Just("con el fin"), Just("se realizó"), Just("ii"), Just("a"), Just("informes")].prop_map(str::to_owned),
        1 => "[0-9]{1,4}",
        1 => "\\PC",
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_finding_lies_in_its_text(one in any_text(), other in any_text()) {
        let texts = [narrative(1, &one), narrative(2, &other), Text::sample(TextRole::ActionName, &one)];
        for finding in findings(&texts) {
            let lies_in = |text: &Text<'static>| text.written().get(finding.span.range()).is_some();
            prop_assert!(texts.iter().any(lies_in), "{finding:?}");
            prop_assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{}", finding.message);
        }
    }

    #[test]
    fn what_is_mended_stays_mended(value in any_text()) {
        let once = mended(&narrative(1, &value));
        let left = findings(&[narrative(1, &once)]).into_iter().find(|finding| finding.fix.is_some());
        prop_assert!(left.is_none(), "{value:?} became {once:?}: {left:?}");
    }
}
