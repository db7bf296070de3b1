//! What can be typed: the commands and their options, and nothing else.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

use crate::again::Code;
use crate::model::{Quarter, Role, Year};
use crate::sign::Level;

/// Most reports that are set at a time.
const MAX_WORKERS: usize = 256;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "seguimiento",
    version,
    about = "Informes oficiales de seguimiento al plan de acción de una entidad pública",
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Revisa los datos y produce los informes elegidos; sin elegir ninguno, todos
    #[command(alias = "generate")]
    Generar(Generate),
    /// Muestra los hallazgos de los datos, sin producir informes
    #[command(alias = "check")]
    Revisar(Check),
    /// Explica un hallazgo: qué significa, por qué importa y cómo se arregla
    #[command(alias = "explain")]
    Explicar(Explain),
    /// Firma informes, cada uno en el campo de un rol; lo firmado antes no cambia
    #[command(alias = "sign")]
    Firmar(Box<Sign>),
    /// Agrega a informes firmados un sello de tiempo y datos de validación recientes, para que duren más
    #[command(alias = "stamp")]
    Sellar(Stamp),
    /// Guarda informes firmados en el archivo, donde nada se reemplaza, y dice la cabeza de su registro
    #[command(alias = "archive")]
    Archivar(Archive),
    /// Dice qué vale de las firmas de un informe y qué se le cambió después, o si un archivo está íntegro, sin escribir nada
    #[command(alias = "verify")]
    Verificar(Verify),
    /// Escribe en una carpeta los archivos que trae un informe: los datos, el formato y lo demás de que se hizo
    #[command(alias = "extract")]
    Extraer(Extract),
    /// Escribe los datos de un informe en la salida estándar
    #[command(alias = "export")]
    Exportar(Export),
    /// Escribe el JSON Schema con que un editor completa y revisa los archivos TOML
    #[command(alias = "schema")]
    Esquema(Schema),
    /// Compone de nuevo el informe de la entrada estándar; lo usa «verificar»
    #[command(hide = true)]
    Reproducir(Reproduce),
}

/// Which reports.
#[derive(Debug, Args)]
pub struct Selection {
    /// Carpetas de los planes, o sus nombres dentro de plans; si faltan, todos
    #[arg(value_name = "PLAN")]
    pub plans: Vec<PathBuf>,
    /// Solo este trimestre, de 1 a 4
    #[arg(long, value_name = "N", value_parser = quarter)]
    pub trimestre: Option<Quarter>,
    /// Solo los planes de esta vigencia
    #[arg(long, value_name = "AÑO", value_parser = year)]
    pub vigencia: Option<Year>,
}

/// `generar`
#[derive(Debug, Args)]
pub struct Generate {
    #[command(flatten)]
    pub selection: Selection,
    /// Formas del informe, separadas por comas: pdf, png, svg; si falta, pdf
    #[arg(
        long = "formato",
        value_name = "FORMATO",
        value_enum,
        value_delimiter = ',',
        default_value = "pdf",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub formats: Vec<ReportFormat>,
    /// Agrega al informe el anexo de control: hallazgos, excepciones aceptadas y cambios
    #[arg(long = "anexo")]
    pub annex: bool,
    /// Cuántos informes se componen a la vez; si falta, uno por cada núcleo del procesador
    #[arg(long = "trabajos", value_name = "N", value_parser = workers)]
    pub workers: Option<NonZeroUsize>,
    /// Vuelve a producir también los informes que ya están al día
    #[arg(long = "forzar")]
    pub force: bool,
    /// Muestra solo los hallazgos y las fallas
    #[arg(long = "silencioso")]
    pub quiet: bool,
}

/// A form of the finished report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Pdf,
    Png,
    Svg,
}

/// `revisar`
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub selection: Selection,
    /// Cómo se muestran los hallazgos: humano, corto, json o sarif; si falta, humano
    #[arg(
        long = "formato",
        value_name = "FORMATO",
        value_enum,
        default_value = "humano",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: FindingFormat,
    /// Informe en PDF contra el que se comparan las acciones del plan; si falta, el del trimestre anterior en informes
    #[arg(long = "contra", value_name = "INFORME")]
    pub against: Option<PathBuf>,
    /// Termina con estado 1 también si hay advertencias sin aceptar
    #[arg(long = "estricto")]
    pub strict: bool,
    /// Muestra lo que se puede corregir sin cambiar lo dicho (espacios, palabras dobles) y, si se acepta, lo corrige
    #[arg(long = "corregir")]
    pub mend: bool,
}

/// How findings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindingFormat {
    Humano,
    Corto,
    Json,
    Sarif,
}

/// `firmar`
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("llave").required(true).args(["p12", "module"])))]
pub struct Sign {
    /// Informes en PDF, o carpetas: de ellas, los informes que falta firmar en ese rol
    #[arg(value_name = "INFORME", required = true)]
    pub reports: Vec<PathBuf>,
    /// En qué calidad se firma: elaboro, reviso o aprobo
    #[arg(long = "rol", value_name = "ROL", value_parser = role)]
    pub role: Role,
    /// Archivo PKCS#12 (.p12 o .pfx) con la llave y su certificado
    #[arg(long = "p12", value_name = "ARCHIVO")]
    pub p12: Option<PathBuf>,
    /// Módulo PKCS#11 del token o de la tarjeta que tiene la llave
    #[arg(long = "token", value_name = "MÓDULO")]
    pub module: Option<PathBuf>,
    /// Etiqueta de la llave, donde hay varias
    #[arg(long = "etiqueta", value_name = "TEXTO")]
    pub label: Option<String>,
    /// Etiqueta del token o número de su ranura, donde hay varios
    #[arg(long = "ranura", value_name = "TOKEN", requires = "module")]
    pub slot: Option<String>,
    /// Archivo cuya única línea es la clave de la llave o el PIN del token; si falta, se pide en la terminal
    #[arg(long = "clave-archivo", value_name = "ARCHIVO", conflicts_with = "secret_variable")]
    pub secret_file: Option<PathBuf>,
    /// Variable de entorno que tiene la clave o el PIN
    #[arg(long = "clave-entorno", value_name = "VARIABLE")]
    pub secret_variable: Option<String>,
    /// Nivel de la firma: B-B, B-T, B-LT o B-LTA; si falta, el de plan.toml o seguimiento.toml
    #[arg(long = "nivel", value_name = "NIVEL", value_parser = level)]
    pub level: Option<Level>,
    #[command(flatten)]
    pub services: ServiceOptions,
    /// Firma aunque el certificado no llegue a ninguna raíz de confianza
    #[arg(long = "sin-ancla", conflicts_with = "anchors")]
    pub without_anchor: bool,
    /// Por qué se firma
    #[arg(long = "motivo", value_name = "TEXTO", value_parser = line)]
    pub reason: Option<String>,
    /// Dónde se firma
    #[arg(long = "lugar", value_name = "TEXTO", value_parser = line)]
    pub place: Option<String>,
    /// Imagen PNG, JPEG o SVG que acompaña el texto de la firma
    #[arg(long = "imagen", value_name = "ARCHIVO")]
    pub image: Option<PathBuf>,
    /// Muestra solo las fallas
    #[arg(long = "silencioso")]
    pub quiet: bool,
}

/// `sellar`
#[derive(Debug, Args)]
pub struct Stamp {
    /// Informes firmados en PDF, o carpetas: de ellas, los que están firmados
    #[arg(value_name = "INFORME", required = true)]
    pub reports: Vec<PathBuf>,
    #[command(flatten)]
    pub services: ServiceOptions,
    /// Muestra solo las fallas
    #[arg(long = "silencioso")]
    pub quiet: bool,
}

/// `archivar`
#[derive(Debug, Args)]
pub struct Archive {
    /// Informes firmados en PDF, o carpetas: de ellas, todos los PDF
    #[arg(value_name = "INFORME", required = true)]
    pub reports: Vec<PathBuf>,
    /// Carpeta del archivo; si falta, la de plan.toml o seguimiento.toml, o «archivo»
    #[arg(long = "archivo", value_name = "CARPETA")]
    pub folder: Option<PathBuf>,
    #[command(flatten)]
    pub services: ServiceOptions,
    /// Por qué hay una nueva versión de un informe que ya está en el archivo
    #[arg(long = "motivo", value_name = "TEXTO", value_parser = line)]
    pub reason: Option<String>,
    /// Muestra solo las fallas
    #[arg(long = "silencioso")]
    pub quiet: bool,
}

/// Who vouches for the time and for certificates.
#[derive(Debug, Args)]
pub struct ServiceOptions {
    /// Dirección de la autoridad de estampado cronológico; si falta, la de plan.toml o seguimiento.toml
    #[arg(long = "tsa", value_name = "DIRECCIÓN")]
    pub authority: Option<String>,
    /// Archivo con el usuario y la clave que pide esa autoridad
    #[arg(long = "tsa-clave", value_name = "ARCHIVO", requires = "authority")]
    pub credentials: Option<PathBuf>,
    /// Certificado raíz en que se confía, PEM o DER; se puede repetir. Si falta, los de plan.toml o seguimiento.toml
    #[arg(long = "ancla", value_name = "ARCHIVO")]
    pub anchors: Vec<PathBuf>,
}

/// `explicar`
#[derive(Debug, Args)]
pub struct Explain {
    /// Código del hallazgo, como porcentaje-fuera-de-rango; si falta, la lista de todos
    #[arg(value_name = "CÓDIGO")]
    pub code: Option<String>,
}

/// `verificar`
#[derive(Debug, Args)]
pub struct Verify {
    /// Informes en PDF, o carpetas: de ellas, todos los PDF; o archivos hechos con «archivar», enteros
    #[arg(value_name = "INFORME", required = true)]
    pub files: Vec<PathBuf>,
    /// Cabeza que tuvo el registro del archivo, o archivo que la tiene: comprueba que el de ahora lo continúa
    #[arg(long = "cabeza", value_name = "CABEZA")]
    pub head: Option<String>,
    /// Certificado en que se confía, en PEM o DER; se puede repetir. Si falta, las «anclas» de plan.toml o seguimiento.toml
    #[arg(long = "ancla", value_name = "ARCHIVO")]
    pub anchors: Vec<PathBuf>,
    /// Pregunta además a las autoridades por el estado de hoy de los certificados
    #[arg(long = "en-linea")]
    pub online: bool,
    /// Solo el informe que tiene este código al pie de sus páginas
    #[arg(long = "codigo", value_name = "CÓDIGO", value_parser = code)]
    pub code: Option<Code>,
    /// Cómo se muestra: humano o json; si falta, humano
    #[arg(
        long = "formato",
        value_name = "FORMATO",
        value_enum,
        default_value = "humano",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: VerdictFormat,
}

/// `extraer`
#[derive(Debug, Args)]
pub struct Extract {
    /// Informes en PDF
    #[arg(value_name = "INFORME", required = true)]
    pub reports: Vec<PathBuf>,
    /// Dónde se crea, con el nombre de cada informe, la carpeta de sus archivos; si falta, aquí
    #[arg(long = "carpeta", value_name = "CARPETA", default_value = ".", hide_default_value = true)]
    pub folder: PathBuf,
}

/// `reproducir`
#[derive(Debug, Args)]
pub struct Reproduce {
    /// Cómo llaman los hallazgos al informe
    #[arg(value_name = "NOMBRE")]
    pub name: String,
}

/// How verdicts are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerdictFormat {
    Humano,
    Json,
}

/// `exportar`
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub selection: Selection,
    /// Forma de los datos: json
    #[arg(
        long = "formato",
        value_name = "FORMATO",
        value_enum,
        default_value = "json",
        hide_default_value = true,
        hide_possible_values = true
    )]
    pub format: DataFormat,
}

/// A form of the data of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DataFormat {
    Json,
}

/// `esquema`
#[derive(Debug, Args)]
pub struct Schema {
    /// Archivo que se describe: plan, trimestre, formato o seguimiento
    #[arg(value_name = "ARCHIVO", value_enum, hide_possible_values = true)]
    pub file: SchemaFile,
    /// Formato oficial del plan
    #[arg(
        long = "formato",
        value_name = "NOMBRE",
        default_value = "seguimiento-trimestral",
        hide_default_value = true
    )]
    pub format: String,
}

/// A file that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaFile {
    Plan,
    Trimestre,
    Formato,
    Seguimiento,
}

fn quarter(text: &str) -> Result<Quarter, String> {
    text.parse().ok().and_then(Quarter::new).ok_or_else(|| "los trimestres van de 1 a 4".into())
}

fn workers(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().filter(|number| *number <= MAX_WORKERS);
    number.and_then(NonZeroUsize::new).ok_or_else(|| format!("los trabajos van de 1 a {MAX_WORKERS}"))
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("los roles son {}", Role::NAMES.join(", ")))
}

fn level(text: &str) -> Result<Level, String> {
    Level::parse(text).ok_or_else(|| format!("los niveles son {}", Level::NAMES.join(", ")))
}

fn line(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("está vacío".into()),
        text if text.contains(char::is_control) => Err("debe estar en una sola línea".into()),
        text => Ok(text.to_owned()),
    }
}

fn code(text: &str) -> Result<Code, String> {
    Code::parse(text)
        .ok_or_else(|| "un código tiene 32 cifras y letras de la A a la F, como al pie de la página".into())
}

fn year(text: &str) -> Result<Year, String> {
    text.parse().ok().and_then(Year::new).ok_or_else(|| "las vigencias van de 2000 a 2100".into())
}
