//! Every kind of finding: its stable code, its severity, and its explanation, which is a page of its own in `explain/`.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing has to be done about it.
    Note,
    /// Worth a look; the report is made all the same.
    Warning,
    /// No report is made of data in which it holds.
    Error,
}

impl Severity {
    /// The word that the office reads.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "advertencia",
            Self::Note => "nota",
        }
    }
}

/// What a kind of finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Whether the data can be read and fit together: see [`crate::check`]. The other families are those of
    /// [`crate::audit`].
    Structure,
    /// What the percentages say, and what they say beside the narrative.
    Progress,
    /// Whether a narrative is of its own trimestre.
    Timing,
    /// What is not as it was when the trimestre before was reported.
    Changes,
    /// Units, entities, acronyms and places by their right names.
    Names,
    /// How the texts are written.
    Wording,
    /// What must not be published of a person.
    Personal,
    /// Whether the amounts fit together.
    Budget,
    /// The exceptions themselves.
    Waivers,
}

impl Family {
    /// All families, in the order in which a summary lists them.
    pub const ALL: [Self; 9] = [
        Self::Structure,
        Self::Progress,
        Self::Timing,
        Self::Changes,
        Self::Names,
        Self::Wording,
        Self::Personal,
        Self::Budget,
        Self::Waivers,
    ];

    /// The name that the office reads.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Structure => "Estructura",
            Self::Progress => "Avance",
            Self::Timing => "Coherencia temporal",
            Self::Changes => "Cambios",
            Self::Names => "Nombres",
            Self::Wording => "Redacción",
            Self::Personal => "Datos personales",
            Self::Budget => "Presupuesto",
            Self::Waivers => "Excepciones",
        }
    }
}

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable kebab-case name, ASCII.
    pub id: &'static str,
    /// What it is about.
    pub family: Family,
    /// How bad it is.
    pub severity: Severity,
    /// The page in Markdown: `# title`, then what it means, `## Por qué importa`, `## Cómo se arregla`, `## Ejemplo`.
    pub explanation: &'static str,
}

impl Code {
    /// What is wrong, in a few words: the title of the explanation.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.explanation.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// Why it matters, as one paragraph: the section of that name in the explanation.
    #[must_use]
    pub fn why(&self) -> &'static str {
        const HEADING: &str = "## Por qué importa\n";
        let Some(start) = self.explanation.find(HEADING) else { return "" };
        let rest = &self.explanation[start + HEADING.len()..];
        rest[..rest.find("\n## ").unwrap_or(rest.len())].trim()
    }

    /// The code of that name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|code| code.id == id)
    }
}

macro_rules! codes {
    ($($family:ident { $($severity:ident $name:ident $id:literal;)* })*) => {
        $($(
            #[doc = concat!("`", $id, "`: see `explain/", $id, ".md`.")]
            pub static $name: Code = Code {
                id: $id,
                family: Family::$family,
                severity: Severity::$severity,
                explanation: include_str!(concat!("explain/", $id, ".md")),
            };
        )*)*
        /// All codes, in the order of the families.
        pub static ALL: &[&Code] = &[$($(&$name,)*)*];
    };
}

codes! {
    Structure {
        // Files and folders.
        Error   FILE_UNREADABLE         "archivo-ilegible";
        Error   FILE_NOT_REGULAR        "archivo-no-regular";
        Error   FILE_TOO_LARGE          "archivo-demasiado-grande";
        Error   FILE_NOT_UTF8           "archivo-no-utf8";
        Error   FOLDER_NOT_PORTABLE     "carpeta-no-portable";
        Warning FILE_UNKNOWN            "archivo-desconocido";
        Warning PLAN_WITHOUT_QUARTERS   "plan-sin-trimestres";
        // The text of a TOML file.
        Error   SYNTAX                  "sintaxis-toml";
        Error   NESTING                 "anidamiento-excesivo";
        Error   KEY_TWICE               "clave-repetida";
        // Keys and values.
        Error   KEY_UNKNOWN             "clave-desconocida";
        Error   KEY_MISSING             "clave-faltante";
        Error   TYPE                    "tipo-incorrecto";
        Error   CHOICE                  "valor-desconocido";
        Error   DATE_IMPOSSIBLE         "fecha-imposible";
        Error   NUMBER_RANGE            "numero-fuera-de-rango";
        Error   PERCENT_RANGE           "porcentaje-fuera-de-rango";
        Error   QUARTER_RANGE           "trimestre-fuera-de-rango";
        Error   YEAR_RANGE              "vigencia-fuera-de-rango";
        Error   LIST_EMPTY              "lista-vacia";
        Error   TEXT_EMPTY              "texto-vacio";
        Error   TEXT_TOO_LONG           "texto-demasiado-largo";
        Error   CHARACTER_FORBIDDEN     "caracter-no-permitido";
        Error   CHARACTER_WITHOUT_GLYPH "caracter-sin-glifo";
        // The plan.
        Error   NUMBER_TWICE            "numero-repetido";
        Error   ROLE_TWICE              "rol-repetido";
        Error   DATE_OUTSIDE_YEAR       "fecha-fuera-de-vigencia";
        Error   END_BEFORE_START        "fin-antes-de-inicio";
        Error   LOGO                    "logo-no-admitido";
        Error   ADDRESS                 "direccion-no-admitida";
        // The follow-up of a trimestre.
        Error   YEAR_DIFFERS            "vigencia-distinta";
        Error   FILE_AND_QUARTER        "archivo-y-trimestre-distintos";
        Error   CUTOFF_OUTSIDE_QUARTER  "corte-fuera-de-trimestre";
        Error   PROGRESS_TWICE          "avance-repetido";
        Error   PROGRESS_WITHOUT_ACTION "avance-sin-accion";
        Error   ACTION_WITHOUT_PROGRESS "accion-sin-avance";
        // The format.
        Error   FORMAT_UNKNOWN          "formato-desconocido";
        Error   COLUMN_UNKNOWN          "columna-desconocida";
        Error   COLUMN_TWICE            "columna-repetida";
        Error   COLUMN_WIDTH            "ancho-no-admitido";
        Error   GROUP_UNKNOWN           "grupo-desconocido";
        Error   GROUP_SPLIT             "grupo-separado";
        Error   DATUM_RESERVED          "dato-reservado";
        Error   TEMPLATE                "plantilla-con-error";
        Warning TEMPLATE_WARNING        "plantilla-con-advertencia";
        Error   EXPORT_REFUSED          "exportacion-rechazada";
    }
    Progress {
        Warning PROGRESS_UNJUSTIFIED    "avance-sin-justificacion";
        Warning PROGRESS_FALLS          "avance-que-retrocede";
        Warning PROGRESS_BEFORE_START   "avance-antes-de-inicio";
        Warning PROGRESS_STALLED        "sin-avance-en-dos-trimestres";
        Warning DONE_AND_PENDING        "terminada-y-pendiente";
        Warning CANCELLED_AND_ACTIVE    "cancelada-y-activa";
        Warning WEIGHTS                 "ponderaciones-que-no-suman";
        Warning FAR_FROM_PLANNED        "ejecutado-lejos-de-programado";
        Warning FIGURES_DISAGREE        "cifras-que-no-concuerdan";
    }
    Timing {
        Warning PERIOD_OF_ANOTHER       "periodo-ajeno";
        Warning NARRATIVE_REPEATED      "narrativa-repetida";
        Note    DATE_OF_ANOTHER_YEAR    "fecha-ajena";
        Warning DATE_IMPOSSIBLE_IN_TEXT "fecha-imposible-en-el-texto";
        Warning OVERDUE                 "vencida-sin-terminar";
    }
    Changes {
        Warning ACTION_VANISHED         "accion-desaparecida";
        Note    ACTION_APPEARED         "accion-nueva";
        Warning ACTION_CHANGED          "accion-cambiada";
    }
    Names {
        Warning UNIT_UNKNOWN            "dependencia-desconocida";
        Warning UNIT_VARIANT            "variante-de-dependencia";
        Warning ENTITY_VARIANT          "variante-de-entidad";
        Note    ACRONYM                 "sigla-sin-desarrollo";
        Warning PLACE_ACCENT            "lugar-sin-tilde";
        Warning COUNCIL                 "consejo-o-concejo";
    }
    Wording {
        Warning WORD_UNKNOWN            "palabra-desconocida";
        Warning WORD_TWICE              "palabra-repetida";
        Warning WORDS_CLASH             "palabras-que-chocan";
        Warning PREPOSITION_MISSING     "falta-preposicion";
        Note    PREPOSITION_WRONG       "preposicion-impropia";
        Warning AGREEMENT               "concordancia";
        Warning BLANKS                  "espacios";
        Warning PUNCTUATION             "puntuacion";
        Warning MARK_WITHOUT_PAIR       "signos-sin-pareja";
        Note    QUOTES_MIXED            "comillas-mezcladas";
        Note    ENUMERATIONS_MIXED      "enumeraciones-mezcladas";
        Warning ENUMERATION_SKIPS       "enumeracion-con-saltos";
        Warning FINAL_STOP_MISSING      "falta-punto-final";
        Note    FINAL_STOP_UNEVEN       "punto-final-desigual";
        Warning INITIAL_SMALL           "minuscula-inicial";
        Note    FIGURE_WITHOUT_WORD     "cifra-sin-palabra";
        Note    AND_OR                  "y-o";
        Note    PHRASE_TWICE            "frase-repetida";
        Note    CAPITALS_UNEVEN         "mayusculas-desiguales";
    }
    Personal {
        Warning IDENTITY_DOCUMENT       "documento-de-identidad";
        Warning TELEPHONE               "telefono";
        Warning EMAIL                   "correo-electronico";
    }
    Budget {
        Warning BUDGET_ORDER            "presupuesto-fuera-de-orden";
        Warning BUDGET_FALLS            "presupuesto-que-retrocede";
        Warning TOTAL_WRONG             "total-que-no-suma";
    }
    Waivers {
        Error   WAIVER_REFUSED          "excepcion-no-admitida";
        Warning WAIVER_UNUSED           "excepcion-sin-hallazgo";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_explanation_has_its_title_its_reason_its_remedy_and_an_example() {
        for code in ALL {
            assert!(code.explanation.starts_with("# "), "{}", code.id);
            assert!(!code.why().is_empty() && !code.why().contains("\n\n"), "{}: one paragraph of why", code.id);
            for section in ["\n## Por qué importa\n", "\n## Cómo se arregla\n", "\n## Ejemplo\n"] {
                assert_eq!(code.explanation.matches(section).count(), 1, "{} lacks{section}", code.id);
            }
            assert!(!code.explanation.contains('\r'), "{}", code.id);
        }
    }
}
