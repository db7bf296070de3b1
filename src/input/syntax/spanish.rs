//! The parser's faults in the words of the office, with the remedy for what people used to Excel and Word write.

use toml::de::Error;

use crate::diag::{Finding, Span, code, quoted};

/// One fault in the words of the office.
pub fn finding(error: &Error, span: Span, text: &str) -> Finding {
    let message = error.message();
    let written = &text[span.range()];
    if message.starts_with("duplicate key") {
        return Finding::new(&code::KEY_TWICE, span, format!("la clave «{}» ya estaba en esta tabla", quoted(written)))
            .label("repetida")
            .help("deje una sola; si son dos elementos de una lista, cada uno empieza con su propio encabezado [[…]]");
    }
    if message.starts_with("cannot recurse") {
        return Finding::new(&code::NESTING, span, "hay demasiados corchetes o llaves, unos dentro de otros")
            .label("hasta aquí se leyó")
            .help("ningún dato del plan necesita más de dos niveles");
    }
    if message.starts_with("invalid date")
        || message.starts_with("invalid time")
        || message.starts_with("invalid datetime")
    {
        return impossible_date(written, message, span);
    }
    if let Some((message, help)) = habit(written, span, text) {
        return Finding::new(&code::SYNTAX, span, message).label("aquí").help(help);
    }
    let (message, help) = translate(message);
    let finding = Finding::new(&code::SYNTAX, span, message).label("aquí");
    if help.is_empty() { finding } else { finding.help(help) }
}

/// A date that TOML refuses: no such day, or not in the form year-month-day.
fn impossible_date(written: &str, message: &str, span: Span) -> Finding {
    let numbers: Vec<&str> = written.split('-').collect();
    let shaped = matches!(numbers[..], [year, month, day] if year.len() == 4 && month.len() == 2 && day.len() == 2);
    let help = if shaped {
        match message.rsplit_once("between 01 and ") {
            Some((rest, last)) if rest.ends_with("day ") => format!("ese mes llega hasta el día {last}"),
            Some((_, last)) => format!("los meses van de 01 a {last}"),
            None => "revise el día y el mes".into(),
        }
    } else {
        "las fechas se escriben año-mes-día con dos cifras para el mes y el día, sin comillas: 2024-06-30".into()
    };
    Finding::new(&code::DATE_IMPOSSIBLE, span, format!("«{}» no es una fecha del calendario", quoted(written)))
        .label("no existe")
        .help(help)
}

/// What people used to Excel and Word write: recognised by the text itself.
fn habit(written: &str, span: Span, text: &str) -> Option<(String, String)> {
    let line_start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    let value = line.split_once('=').map_or("", |(_, value)| value).split('#').next().unwrap_or("").trim();
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((whole, part)) = value.trim_end_matches([' ', '%']).split_once(',')
        && number(whole)
        && number(part)
    {
        return Some((
            format!("el número «{}» lleva coma decimal", quoted(value)),
            format!("en TOML los decimales van con punto y sin el signo %: {}", quoted(&format!("{whole}.{part}"))),
        ));
    }
    if let Some(whole) = value.strip_suffix('%')
        && whole.trim_end().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return Some((
            "el porcentaje lleva el signo %".into(),
            format!("escriba solo el número: {}", quoted(whole.trim_end())),
        ));
    }
    let parts: Vec<&str> = value.split('/').collect();
    if let [day, month, year] = parts[..]
        && [day, month, year].into_iter().all(number)
        && year.len() == 4
    {
        return Some((
            format!("la fecha «{}» no está en el orden de TOML", quoted(value)),
            format!("escríbala año-mes-día, sin comillas: {}", quoted(&format!("{year}-{month:0>2}-{day:0>2}"))),
        ));
    }
    let word = value.trim_end_matches([',', '.']);
    if word.starts_with(char::is_alphabetic) && !word.contains(['"', '\'']) && !word.eq_ignore_ascii_case("n/a") {
        let help = format!("los textos van entre comillas: \"{}\"", quoted(word));
        return Some(("al texto le faltan las comillas".into(), help));
    }
    if value.eq_ignore_ascii_case("n/a") {
        return Some(("a N/A le faltan las comillas".into(), "escriba \"N/A\"".into()));
    }
    if written.starts_with(['“', '”', '«', '‘', '’']) || value.starts_with(['“', '”', '«', '‘', '’'])
    {
        return Some((
            "el texto está entre comillas tipográficas".into(),
            "las comillas que abren y cierran un texto son las rectas: \" o '".into(),
        ));
    }
    None
}

/// The parser's sentence in Spanish, and the remedy where the sentence alone does not give it.
fn translate(message: &str) -> (&'static str, &'static str) {
    const TABLE: &[(&str, &str, &str)] = &[
        (
            "string values must be quoted",
            "falta el valor, o al texto le faltan las comillas",
            "los textos van entre comillas: \"…\"; si el texto mismo lleva comillas dobles, entre comillas simples: '…'",
        ),
        (
            "invalid basic string",
            "el texto no está bien escrito o no se cierra en esta línea",
            "cierre el texto con \" en la misma línea; dentro de él, una comilla doble se escribe \\\" y una barra inversa \\\\",
        ),
        (
            "invalid multi-line basic string",
            "el texto de varias líneas no se cierra",
            "ciérrelo con tres comillas dobles: \"\"\"",
        ),
        (
            "invalid literal string",
            "el texto no está bien escrito o no se cierra en esta línea",
            "cierre el texto con ' en la misma línea; si el texto lleva un apóstrofo, póngalo entre comillas dobles",
        ),
        (
            "invalid multi-line literal string",
            "el texto de varias líneas no se cierra",
            "ciérrelo con tres comillas simples: '''",
        ),
        ("invalid string", "el texto no está bien escrito", "revise las comillas que lo abren y lo cierran"),
        (
            "missing escaped value",
            "la barra inversa \\ no va seguida de una letra que TOML entienda",
            "para escribir una barra inversa ponga \\\\, o encierre el texto entre comillas simples",
        ),
        (
            "too few unicode value digits",
            "al código \\u le faltan cifras",
            "son cuatro cifras tras \\u y ocho tras \\U",
        ),
        ("invalid escape", "ese código no corresponde a ningún carácter", ""),
        ("key with no value", "falta el signo = entre la clave y su valor", "cada línea es: clave = valor"),
        ("missing assignment", "falta el signo = entre la clave y su valor", "cada línea es: clave = valor"),
        ("extra assignment", "sobra un signo =", ""),
        ("extra `=`", "sobra un signo =", ""),
        ("missing value", "falta el valor", "cada línea es: clave = valor"),
        ("invalid value", "ese valor no es ni texto entre comillas, ni número, ni fecha", ""),
        ("unquoted keys cannot be empty", "falta la clave antes del signo =", "cada línea es: clave = valor"),
        (
            "invalid unquoted key",
            "esa clave tiene un carácter que no se admite",
            "las claves llevan letras sin tilde, cifras, - y _",
        ),
        ("keys cannot be multi-line", "una clave no puede ocupar varias líneas", ""),
        (
            "unclosed table",
            "al encabezado le falta el corchete ]",
            "los encabezados se escriben [tabla] o [[elemento]]",
        ),
        (
            "unclosed array table",
            "al encabezado le faltan los corchetes ]]",
            "los elementos de una lista se encabezan con dos corchetes a cada lado: [[avance]]",
        ),
        ("unclosed array", "a la lista le falta el corchete ]", "las listas se escriben [\"uno\", \"dos\"]"),
        ("unclosed inline table", "a la tabla le falta la llave }", ""),
        (
            "missing comma between array",
            "falta la coma entre dos elementos de la lista, o el corchete ] que la cierra",
            "las listas se escriben [\"uno\", \"dos\"]",
        ),
        ("missing comma", "falta la coma", ""),
        ("extra comma", "sobra una coma", ""),
        ("unexpected `=` in array", "hay un signo = dentro de una lista", "cierre antes la lista con ]"),
        ("unexpected key or value", "sobra texto después del valor", "cada clave va en su propia línea"),
        ("unexpected content", "sobra texto aquí", ""),
        (
            "unexpected leading zero",
            "el número empieza por cero",
            "quite los ceros de la izquierda; si es un código, póngalo entre comillas",
        ),
        ("unexpected sign", "sobra un signo", ""),
        ("invalid integer", "el número no está bien escrito", "los enteros se escriben sin puntos ni espacios: 12000"),
        ("invalid float", "el número no está bien escrito", "los decimales se escriben con un solo punto: 45.5"),
        ("invalid mantissa", "el número no está bien escrito", ""),
        ("invalid fraction", "faltan las cifras después del punto", ""),
        ("invalid exponent", "el exponente no está bien escrito", ""),
        ("`_` may only go between digits", "el guion bajo solo puede ir entre cifras", ""),
        ("invalid boolean", "ese valor no es ni true ni false; si es un texto, le faltan las comillas", ""),
        ("invalid comment character", "el comentario tiene un carácter que no se admite", ""),
        ("carriage return", "hay un retorno de carro suelto", "guarde el archivo de nuevo con su editor"),
        ("invalid date-time", "la fecha no está bien escrita", "las fechas se escriben 2024-06-30"),
        ("dotted key", "esa clave con punto atraviesa algo que no es una tabla", ""),
        ("cannot extend", "esa tabla ya estaba cerrada", "ponga sus claves juntas, bajo un solo encabezado"),
    ];
    TABLE
        .iter()
        .find(|(prefix, ..)| message.starts_with(prefix))
        .map_or(("el texto no cumple las reglas de TOML", ""), |&(_, message, help)| (message, help))
}
