//! What is loaded once and serves all reports: the standard library and the fonts.

use anyhow::{Result, anyhow, bail};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt};
use typst_layout::PagedDocument;

use crate::assets::{Assets, FontFile};
use crate::input::text::Alphabet;
use crate::typeset::fault::{Diagnosed, diagnose};
use crate::typeset::glyphs::alphabet;
use crate::typeset::parsed::Parsed;
use crate::typeset::world::{Job, ReportWorld};

/// How many reports back the layout cache remembers: the trimestres of a plan share most of their cells, and a plan has
/// four.
const CACHE_AGE: usize = 4;

/// The typesetting engine with its fonts.
pub struct Engine {
    pub(super) library: LazyHash<Library>,
    pub(super) book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// `principal.typ`
    pub(super) wrapper: Bytes,
    pub(super) parsed: Parsed,
}

impl Engine {
    /// Loads the library and the fonts.
    ///
    /// # Errors
    /// When a font of the working folder cannot be read or is no font.
    pub fn new(assets: &Assets) -> Result<Self> {
        let mut fonts = Vec::new();
        for FontFile { name, data } in assets.fonts().map_err(|fault| anyhow!("{}", fault.message()))? {
            let before = fonts.len();
            fonts.extend(Font::iter(data));
            if fonts.len() == before {
                bail!("«fonts/{name}» no es una fuente que se pueda leer");
            }
        }
        // Row headers are tagged by `pdf.header-cell`, which typst keeps behind this feature.
        let library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
        Ok(Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            wrapper: Bytes::from_string(include_str!("principal.typ")),
            parsed: Parsed::default(),
        })
    }

    /// The characters that the fonts draw, each as one glyph.
    #[must_use]
    pub fn alphabet(&self) -> Alphabet {
        alphabet(&self.fonts)
    }

    /// The fonts, in the order in which a missing character is looked for.
    #[must_use]
    pub fn fonts(&self) -> &[Font] {
        &self.fonts
    }

    /// Sets a report.
    ///
    /// # Errors
    /// What the engine found wrong in the template.
    pub fn typeset(&self, job: &Job, assets: &Assets) -> Result<(PagedDocument, Vec<Diagnosed>), Vec<Diagnosed>> {
        let world = ReportWorld::new(self, assets, job).map_err(|error| vec![Diagnosed::bad_path(&error)])?;
        let compiled = typst::compile::<PagedDocument>(&world);
        comemo::evict(CACHE_AGE);
        let warnings = compiled.warnings.iter().map(|warning| diagnose(warning, &world)).collect();
        match compiled.output {
            Ok(document) => Ok((document, warnings)),
            Err(errors) => Err(errors.iter().map(|error| diagnose(error, &world)).collect()),
        }
    }
}
