//! Values from closed lists, with the words that the TOML uses for them.

/// Declares an enumeration and the word of each variant.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// The words, in the order in which a person would list them.
            pub const NAMES: &'static [&'static str] = &[$($word),*];

            /// The value that a word stands for.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }

            /// The word that stands for it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

choices! {
    /// Size of the page, always landscape.
    Paper {
        /// Colombian oficio, 330 × 216 mm.
        Oficio = "oficio",
        /// US legal, 355.6 × 215.9 mm.
        Legal = "legal",
        /// US letter, 279.4 × 215.9 mm.
        Carta = "carta",
        /// ISO 216 A3, 420 × 297 mm.
        A3 = "a3",
    }
}

impl Paper {
    /// Width and height in millimetres, landscape.
    #[must_use]
    pub fn size_mm(self) -> (f64, f64) {
        match self {
            Self::Oficio => (330.0, 216.0),
            Self::Legal => (355.6, 215.9),
            Self::Carta => (279.4, 215.9),
            Self::A3 => (420.0, 297.0),
        }
    }
}

choices! {
    /// In what capacity somebody signs a report.
    Role {
        /// Who wrote it.
        Elaboro = "elaboro",
        /// Who reviewed it.
        Reviso = "reviso",
        /// Who approved it.
        Aprobo = "aprobo",
    }
}

impl Role {
    /// All roles, in the order of signing.
    pub const ALL: [Self; 3] = [Self::Elaboro, Self::Reviso, Self::Aprobo];

    /// The word on the page.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Elaboro => "Elaboró",
            Self::Reviso => "Revisó",
            Self::Aprobo => "Aprobó",
        }
    }
}

choices! {
    /// How the cells of a column are aligned.
    Alignment {
        /// To the left.
        Left = "izquierda",
        /// In the middle.
        Center = "centro",
        /// To the right.
        Right = "derecha",
    }
}

choices! {
    /// The table of the user's TOML that an extra key of a format belongs to.
    Owner {
        /// `[plan]`
        Plan = "plan",
        /// `[seguimiento]`
        FollowUp = "seguimiento",
        /// `[[accion]]`
        Action = "accion",
        /// `[[avance]]`
        Progress = "avance",
    }
}

choices! {
    /// The kind of value of an extra key of a format.
    DatumKind {
        /// Any text.
        Text = "texto",
        /// A whole number.
        Integer = "entero",
        /// A number with decimals.
        Decimal = "decimal",
        /// A number from 0 to 100.
        Percent = "porcentaje",
        /// An amount in whole pesos.
        Pesos = "pesos",
        /// A date.
        Date = "fecha",
    }
}
