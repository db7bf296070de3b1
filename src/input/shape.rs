//! What a file of the user may hold: its tables, their keys, and the kind of value of each.
//!
//! One description serves three readers: [`super::reader`] holds the file against it, [`super::schema`] turns it into the
//! JSON Schema of the editor, and the engineer who asks which keys there are finds them here, each with its meaning.

use std::ops::RangeInclusive;

use crate::diag::{Code, code};
use crate::model::{Datum, DatumKind, Format, Owner, Paper, Role};
use crate::sign::Level;

/// The keys that a table may hold.
#[derive(Debug, Clone)]
pub struct Shape {
    /// The keys, in the order in which a person would write them.
    pub keys: Vec<Key>,
    /// Whether other keys are let pass: those of a format that could not be read.
    pub open: bool,
}

/// One key.
#[derive(Debug, Clone)]
pub struct Key {
    /// As written in TOML.
    pub name: String,
    /// What it may hold.
    pub kind: Kind,
    /// Whether the table is incomplete without it.
    pub required: bool,
    /// What it means, in Spanish; editors show it.
    pub doc: String,
}

/// What a key may hold.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Text on one line.
    Line,
    /// The address of a page of the web.
    Address,
    /// Text of any number of lines.
    Text,
    /// A list of one or more texts.
    Lines,
    /// A whole number, and the code of the finding when it is outside the range.
    Integer(RangeInclusive<i64>, &'static Code),
    /// A number with or without decimals, exact.
    Decimal,
    /// A number from 0 to 100.
    Percent,
    /// A number from 0 to 100, or the text `N/A`.
    PercentOrNotApplicable,
    /// An amount in whole Colombian pesos, not negative.
    Pesos,
    /// A calendar date.
    Date,
    /// A number or a text: a target such as 1, 0.85 or «100 %».
    NumberOrText,
    /// Yes or no.
    Boolean,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A table.
    Table(Shape),
    /// A list of tables, with at least one element if `true`.
    Tables(Shape, bool),
}

impl Key {
    fn new(name: &str, kind: Kind, doc: &str) -> Self {
        Self { name: name.into(), kind, required: true, doc: doc.into() }
    }

    fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// Required exactly when the report shows it.
    fn required_if(self, required: bool) -> Self {
        Self { required, ..self }
    }
}

const YEAR: RangeInclusive<i64> = 2000..=2100;
const NUMBER: RangeInclusive<i64> = 1..=99_999;

/// `plan.toml`, for a plan that uses this format; without one, every key that only some formats show is optional.
#[must_use]
pub fn plan(format: Option<&Format>) -> Shape {
    let entity = Shape {
        open: false,
        keys: vec![
            Key::new("nombre", Kind::Line, "Nombre completo de la entidad, como va en el encabezado del informe."),
            Key::new("sigla", Kind::Line, "Sigla de la entidad."),
            Key::new("dependencias", Kind::Lines, "Todas las dependencias que pueden responder por una acción."),
            Key::new("logo", Kind::Line, "Imagen .svg o .png, en la misma carpeta que plan.toml.").optional(),
            Key::new(
                "direccion_verificacion",
                Kind::Address,
                "Dirección en que la entidad dice a qué informe pertenece un código; va al pie de cada página, delante del código.",
            )
            .optional(),
        ],
    };
    let plan = Shape {
        open: format.is_none(),
        keys: vec![
            Key::new("vigencia", Kind::Integer(YEAR, &code::YEAR_RANGE), "Año fiscal del plan, con cuatro cifras."),
            Key::new(
                "objetivo",
                Kind::Line,
                "Objetivo del seguimiento; el informe lo imprime tras la palabra «Objetivo:».",
            ),
            Key::new("formato", Kind::Line, "Formato oficial: el nombre de una carpeta de report-templates."),
            Key::new("papel", Kind::Choice(Paper::NAMES), "Tamaño del papel, siempre horizontal; si falta, oficio.")
                .optional(),
        ]
        .into_iter()
        .chain(extra(format, Owner::Plan))
        .collect(),
    };
    let document = Shape {
        open: false,
        keys: vec![
            Key::new("codigo", Kind::Line, "Código del formato en el sistema de gestión de calidad."),
            Key::new("version", Kind::Line, "Versión del formato."),
            Key::new("fecha", Kind::Date, "Fecha de esa versión."),
        ],
    };
    let signatory = Shape {
        open: false,
        keys: vec![
            Key::new("rol", Kind::Choice(Role::NAMES), "Papel de quien firma."),
            Key::new("nombre", Kind::Line, "Nombre de quien firma.").optional(),
            Key::new("cargo", Kind::Line, "Cargo de quien firma.").optional(),
        ],
    };
    Shape {
        open: false,
        keys: vec![
            Key::new("entidad", Kind::Table(entity), "La entidad pública."),
            Key::new("plan", Kind::Table(plan), "El plan de acción de una vigencia."),
            Key::new("documento", Kind::Table(document), "Recuadro de control documental, arriba a la derecha.")
                .optional(),
            Key::new("accion", Kind::Tables(action(format), true), "Las acciones del plan, una por fila."),
            Key::new("firma", Kind::Tables(signatory, false), "Quién elabora, revisa y aprueba el informe.").optional(),
            Key::new("revision", Kind::Table(revision()), "Cómo se revisan los datos antes de la firma.").optional(),
            signing(),
            archive(),
            waivers(),
        ],
    }
}

/// The keys of `[revision]`: see [`crate::audit::Settings`].
fn revision() -> Shape {
    let percent = || Kind::Integer(1..=100, &code::NUMBER_RANGE);
    let keys = vec![
        Key::new("omitir", Kind::Lines, "Códigos de los hallazgos que no se buscan."),
        Key::new("palabras", Kind::Lines, "Palabras propias de la entidad que el diccionario no trae."),
        Key::new("siglas", Kind::Lines, "Siglas que no necesitan desarrollo."),
        Key::new(
            "repeticion",
            percent(),
            "Desde qué porcentaje de texto en común una narrativa repite la del trimestre anterior; si falta, 80.",
        ),
        Key::new(
            "desviacion",
            percent(),
            "Desde cuántos puntos lo ejecutado está lejos de lo programado; si falta, 20.",
        ),
    ];
    Shape { open: false, keys: keys.into_iter().map(Key::optional).collect() }
}

/// `[firma_digital]`: see [`crate::sign::Settings`].
fn signing() -> Key {
    let keys = vec![
        Key::new(
            "nivel",
            Kind::Choice(Level::NAMES),
            "Nivel de las firmas; si falta, B-LT donde hay una autoridad de estampado cronológico y B-B donde no.",
        ),
        Key::new("tsa", Kind::Line, "Dirección de la autoridad de estampado cronológico, http o https."),
        Key::new("tsa_clave", Kind::Line, "Archivo con el usuario y la clave que pide esa autoridad."),
        Key::new("anclas", Kind::Lines, "Archivos con los certificados raíz en que se confía, PEM o DER."),
        Key::new("motivo", Kind::Line, "Por qué se firma."),
        Key::new("lugar", Kind::Line, "Dónde se firma."),
        Key::new("imagen", Kind::Line, "Imagen PNG, JPEG o SVG que acompaña el texto de la firma."),
        Key::new(
            "espera",
            Kind::Integer(1..=600, &code::NUMBER_RANGE),
            "Cuántos segundos se espera a un servidor; si falta, 30.",
        ),
    ];
    let shape = Shape { open: false, keys: keys.into_iter().map(Key::optional).collect() };
    Key::new("firma_digital", Kind::Table(shape), "Cómo se firman los informes; las rutas, desde este archivo.")
        .optional()
}

/// `[archivo]`: see [`crate::archive::Settings`].
fn archive() -> Key {
    let keys = vec![
        Key::new("carpeta", Kind::Line, "Carpeta del archivo; si falta, «archivo» en la carpeta de trabajo."),
        Key::new("serie", Kind::Line, "Serie documental de los informes."),
        Key::new("subserie", Kind::Line, "Subserie documental."),
        Key::new("codigo_trd", Kind::Line, "Código de la serie y la subserie en la tabla de retención documental."),
        Key::new("expediente", Kind::Line, "Nombre o número del expediente."),
    ];
    let shape = Shape { open: false, keys: keys.into_iter().map(Key::optional).collect() };
    Key::new("archivo", Kind::Table(shape), "Dónde se archivan los informes firmados, y bajo qué serie.").optional()
}

/// `seguimiento.toml`, what the office says for all its plans.
#[must_use]
pub fn office() -> Shape {
    Shape { open: false, keys: vec![signing(), archive()] }
}

/// Of `plan.toml` only what it says of signing and archiving.
#[must_use]
pub fn signing_of_plan() -> Shape {
    Shape { open: true, ..office() }
}

/// `[[excepcion]]`, in either file: see [`crate::audit`].
fn waivers() -> Key {
    let waiver = Shape {
        open: false,
        keys: vec![
            Key::new("codigo", Kind::Line, "Código del hallazgo que se acepta."),
            Key::new(
                "accion",
                Kind::Integer(NUMBER, &code::NUMBER_RANGE),
                "Número de la acción; si falta, se aceptan los de todo el archivo.",
            )
            .optional(),
            Key::new("motivo", Kind::Line, "Por qué se acepta."),
            Key::new("responsable", Kind::Line, "Quién lo acepta."),
            Key::new("fecha", Kind::Date, "Día en que se acepta."),
        ],
    };
    Key::new("excepcion", Kind::Tables(waiver, false), "Hallazgos de este archivo que la entidad acepta por escrito.")
        .optional()
}

/// The keys of an `[[accion]]`.
fn action(format: Option<&Format>) -> Shape {
    let shown = |name: &str| format.is_some_and(|format| format.shows(name));
    let cell = |name: &str, kind: Kind, doc: &str| Key::new(name, kind, doc).required_if(shown(name));
    Shape {
        open: format.is_none(),
        keys: vec![
            Key::new("numero", Kind::Integer(NUMBER, &code::NUMBER_RANGE), "Número de la acción, único en el plan."),
            Key::new("nombre", Kind::Text, "La acción, el programa o el proyecto estratégico."),
            Key::new("responsables", Kind::Lines, "Dependencias que responden por la acción, una por elemento."),
            cell("indicador", Kind::Text, "Con qué se mide la acción."),
            cell("unidad_medida", Kind::Text, "Unidad de medida del indicador."),
            cell("meta", Kind::NumberOrText, "Meta de la vigencia."),
            cell("fecha_inicio", Kind::Date, "Primer día de la acción, dentro de la vigencia."),
            cell("fecha_fin", Kind::Date, "Último día de la acción, dentro de la vigencia."),
            cell("seguimiento", Kind::Text, "Periodicidad del seguimiento."),
            cell("fuente_financiacion", Kind::Text, "De dónde salen los recursos."),
        ]
        .into_iter()
        .chain(extra(format, Owner::Action))
        .collect(),
    }
}

/// `trimestre-N.toml`, for a plan that uses this format.
#[must_use]
pub fn follow_up(format: Option<&Format>) -> Shape {
    let follow_up = Shape {
        open: format.is_none(),
        keys: vec![
            Key::new(
                "vigencia",
                Kind::Integer(YEAR, &code::YEAR_RANGE),
                "Vigencia del plan al que se hace seguimiento.",
            ),
            Key::new("trimestre", Kind::Integer(1..=4, &code::QUARTER_RANGE), "Número del trimestre, de 1 a 4."),
            Key::new("fecha_corte", Kind::Date, "Día hasta el que se reporta, dentro del trimestre."),
        ]
        .into_iter()
        .chain(extra(format, Owner::FollowUp))
        .collect(),
    };
    Shape {
        open: false,
        keys: vec![
            Key::new("seguimiento", Kind::Table(follow_up), "El seguimiento de un trimestre."),
            Key::new("avance", Kind::Tables(progress(format), true), "El avance de cada acción, uno por acción."),
            waivers(),
        ],
    }
}

/// The keys of an `[[avance]]`.
fn progress(format: Option<&Format>) -> Shape {
    let shown = |name: &str| format.is_some_and(|format| format.shows(name));
    Shape {
        open: format.is_none(),
        keys: vec![
            Key::new("accion", Kind::Integer(NUMBER, &code::NUMBER_RANGE), "Número de la acción."),
            Key::new("porcentual", Kind::PercentOrNotApplicable, "Avance porcentual, de 0 a 100, o \"N/A\".")
                .required_if(shown("porcentual")),
            Key::new("cualitativo", Kind::Text, "Avance cualitativo: qué se hizo en el trimestre.")
                .required_if(shown("cualitativo")),
            Key::new("justificacion", Kind::Text, "Por qué el avance porcentual es N/A.")
                .required_if(shown("justificacion")),
        ]
        .into_iter()
        .chain(extra(format, Owner::Progress))
        .collect(),
    }
}

/// `formato.toml`.
#[must_use]
pub fn format() -> Shape {
    let format = Shape {
        open: false,
        keys: vec![
            Key::new("nombre", Kind::Line, "Nombre del formato."),
            Key::new("titulo", Kind::Line, "Título del informe; {vigencia} y {trimestre} se reemplazan."),
            Key::new("plantilla", Kind::Line, "Carpeta cuya plantilla.typ se usa; si falta, la del propio formato.")
                .optional(),
        ],
    };
    let group = Shape {
        open: false,
        keys: vec![
            Key::new("clave", Kind::Line, "Nombre con que las columnas se refieren al grupo."),
            Key::new("titulo", Kind::Line, "Encabezado del grupo; {vigencia} y {trimestre} se reemplazan."),
        ],
    };
    let column = Shape {
        open: false,
        keys: vec![
            Key::new("clave", Kind::Line, "Clave de la acción o del avance, o de un [[dato]]."),
            Key::new("titulo", Kind::Line, "Encabezado; {vigencia} y {trimestre} se reemplazan."),
            Key::new("grupo", Kind::Line, "Clave del grupo; sin él, el encabezado ocupa las dos filas.").optional(),
            Key::new("ancho", Kind::Line, "Ancho en milímetros («9mm») o como parte de lo que sobra («2.5fr»)."),
            Key::new("alineacion", Kind::Choice(crate::model::Alignment::NAMES), "Alineación de las celdas."),
        ],
    };
    let datum = Shape {
        open: false,
        keys: vec![
            Key::new("clave", Kind::Line, "Nombre de la clave nueva en el TOML de la entidad."),
            Key::new("en", Kind::Choice(Owner::NAMES), "Tabla que la lleva."),
            Key::new("tipo", Kind::Choice(DatumKind::NAMES), "Tipo de su valor."),
            Key::new("descripcion", Kind::Line, "Qué significa."),
            Key::new("obligatorio", Kind::Boolean, "Si debe estar siempre; si falta, sí.").optional(),
        ],
    };
    Shape {
        open: false,
        keys: vec![
            Key::new("formato", Kind::Table(format), "El formato oficial."),
            Key::new("grupo", Kind::Tables(group, false), "Los grupos de la fila superior del encabezado.").optional(),
            Key::new("columna", Kind::Tables(column, true), "Las columnas, de izquierda a derecha."),
            Key::new("dato", Kind::Tables(datum, false), "Claves que el formato agrega al TOML de la entidad.")
                .optional(),
        ],
    }
}

/// The keys that a format adds to a table.
fn extra(format: Option<&Format>, owner: Owner) -> impl Iterator<Item = Key> + '_ {
    format.into_iter().flat_map(|format| &format.data).filter(move |datum| datum.owner == owner).map(datum_key)
}

fn datum_key(datum: &Datum) -> Key {
    let kind = match datum.kind {
        DatumKind::Text => Kind::Text,
        DatumKind::Integer => Kind::Integer(i64::MIN..=i64::MAX, &code::NUMBER_RANGE),
        DatumKind::Decimal => Kind::Decimal,
        DatumKind::Percent => Kind::Percent,
        DatumKind::Pesos => Kind::Pesos,
        DatumKind::Date => Kind::Date,
    };
    Key::new(&datum.key, kind, &datum.doc).required_if(datum.required)
}

/// Whether a format would hide a key of the program by declaring one of the same name.
#[must_use]
pub fn is_reserved(owner: Owner, key: &str) -> bool {
    let names = |shape: Shape| shape.keys.into_iter().any(|k| k.name == key);
    let table = |root: Shape, name: &str| {
        root.keys.into_iter().find(|k| k.name == name).is_some_and(|k| match k.kind {
            Kind::Table(shape) => names(shape),
            _ => false,
        })
    };
    match owner {
        Owner::Plan => table(plan(None), "plan"),
        Owner::FollowUp => table(follow_up(None), "seguimiento"),
        // Action and progress share one row of the table, so a name of one is taken for the other too.
        Owner::Action | Owner::Progress => names(action(None)) || names(progress(None)),
    }
}

/// The key whose value a column of a format shows, if there is one.
#[must_use]
pub fn row_key(format: &Format, name: &str) -> Option<Key> {
    let keys = action(Some(format)).keys.into_iter().chain(progress(Some(format)).keys);
    keys.into_iter().find(|key| key.name == name)
}

/// The program's own keys that a column can show.
#[must_use]
pub fn row_keys() -> Vec<String> {
    let keys = action(None).keys.into_iter().chain(progress(None).keys);
    keys.map(|key| key.name).filter(|name| name != "accion").collect()
}
