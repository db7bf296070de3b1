//! What is loaded once and serves all reports: the standard library and the fonts.

use std::collections::BTreeMap;
use std::sync::Mutex;

use anyhow::{Result, anyhow, bail};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt};
use typst_layout::PagedDocument;

use crate::assets::{Assets, FontFile, SHARED};
use crate::input::text::Alphabet;
use crate::lock::lock;
use crate::typeset::fault::{Diagnosed, diagnose};
use crate::typeset::glyphs::alphabet;
use crate::typeset::parsed::Parsed;
use crate::typeset::world::{Job, ReportWorld, SignatureJob};

/// How many rounds back the layout cache remembers. A round is one report for each thread that sets them: the next
/// trimestre of a plan shares most of its cells with the one before, and finds them whatever the others do meanwhile.
const CACHE_AGE: usize = 4;

/// Pages from which on a report leaves nothing in the cache. One of 2,000 pages would leave gigabytes, and the next
/// trimestre of its plan as many again.
const LARGE: usize = 100;

/// The typesetting engine with its fonts.
pub struct Engine {
    pub(super) library: LazyHash<Library>,
    pub(super) book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    font_digests: BTreeMap<String, String>,
    /// `principal.typ`
    report: Bytes,
    /// `firma.typ`
    signature: Bytes,
    pub(super) parsed: Parsed,
    round: Mutex<Round>,
}

/// How far the present round is.
#[derive(Default)]
struct Round {
    /// Reports that are being set at this moment.
    in_hand: usize,
    /// Reports that were set since the round began.
    done: usize,
}

impl Engine {
    /// Loads the library and the fonts.
    ///
    /// # Errors
    /// When a font of the working folder cannot be read or is no font.
    pub fn new(assets: &Assets) -> Result<Self> {
        let (mut fonts, mut font_digests) = (Vec::new(), BTreeMap::new());
        for FontFile { name, data, digest } in assets.fonts().map_err(|fault| anyhow!("{}", fault.message()))? {
            let before = fonts.len();
            fonts.extend(Font::iter(data));
            if fonts.len() == before {
                bail!("«fonts/{name}» no es una fuente que se pueda leer");
            }
            font_digests.insert(name, digest);
        }
        // Row headers are tagged by `pdf.header-cell`, which typst keeps behind this feature.
        let library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
        Ok(Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            font_digests,
            report: Bytes::from_string(include_str!("principal.typ")),
            signature: Bytes::from_string(include_str!("firma.typ")),
            parsed: Parsed::default(),
            round: Mutex::default(),
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

    /// The SHA-256 of each file of fonts, by name.
    #[must_use]
    pub fn font_digests(&self) -> &BTreeMap<String, String> {
        &self.font_digests
    }

    /// Sets a report.
    ///
    /// # Errors
    /// What the engine found wrong in the template.
    pub fn typeset(&self, job: &Job, assets: &Assets) -> Result<(PagedDocument, Vec<Diagnosed>), Vec<Diagnosed>> {
        self.compile(
            ReportWorld::new(self, assets, &job.template, &self.report, job.files())
                .map(|world| world.reading_only(&job.metadata.attachments)),
        )
    }

    /// Sets the visible appearance of a signature.
    ///
    /// # Errors
    /// As [`Self::typeset`].
    pub fn typeset_signature(&self, job: &SignatureJob, assets: &Assets) -> Result<PagedDocument, Vec<Diagnosed>> {
        let world = ReportWorld::new(self, assets, SHARED, &self.signature, job.files());
        self.compile(world).map(|(document, _)| document)
    }

    fn compile(
        &self,
        world: Result<ReportWorld<'_>, String>,
    ) -> Result<(PagedDocument, Vec<Diagnosed>), Vec<Diagnosed>> {
        let world = world.map_err(|error| vec![Diagnosed::bad_path(&error)])?;
        let mut in_hand = InHand::new(&self.round);
        let compiled = typst::compile::<PagedDocument>(&world);
        in_hand.pages = compiled.output.as_ref().map_or(0, |document| document.pages().len());
        drop(in_hand);
        let warnings = compiled.warnings.iter().map(|warning| diagnose(warning, &world)).collect();
        match compiled.output {
            Ok(document) => Ok((document, warnings)),
            Err(errors) => Err(errors.iter().map(|error| diagnose(error, &world)).collect()),
        }
    }
}

/// A report that is being set. When it is done, even by a panic, what has not been used for some rounds is forgotten: that
/// is what bounds the memory of a batch.
struct InHand<'a> {
    round: &'a Mutex<Round>,
    pages: usize,
}

impl<'a> InHand<'a> {
    fn new(round: &'a Mutex<Round>) -> Self {
        lock(round).in_hand += 1;
        Self { round, pages: 0 }
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        let mut round = lock(self.round);
        round.done += 1;
        let ended = round.done >= round.in_hand;
        round.in_hand -= 1;
        if ended {
            round.done = 0;
        }
        drop(round);
        if self.pages >= LARGE {
            comemo::evict(0);
        } else if ended {
            comemo::evict(CACHE_AGE);
        }
    }
}
