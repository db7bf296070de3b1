//! What the checks look at: a plan, its trimestres in order, and all their texts cut into words.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use chrono::NaiveDate;

use crate::audit::Settings;
use crate::diag::{Code, FileId, Finding, Sources, Span, Spanned};
use crate::input::quoting::Quoting;
use crate::input::reader::Record;
use crate::input::{Earlier, PlanFolder};
use crate::model::{Percent, Quarter, Value, Year};
use crate::prose::{Kind, Pieces, Token, tokens};

/// A plan with those of its trimestres that could be read.
pub struct Subject<'a> {
    /// The folder that all of it was read from.
    pub folder: &'a PlanFolder,
    /// `plan.toml`.
    pub plan: &'a Record,
    /// The fiscal year.
    pub year: Year,
    /// In the order of the file.
    pub actions: Vec<Action<'a>>,
    /// In order of trimestre, those before the ones asked for among them.
    pub follow_ups: Vec<FollowUp<'a>>,
    /// Everything that people wrote and others will read, in the order of the files.
    pub texts: Vec<Text<'a>>,
    /// How the plan is audited.
    pub settings: Settings<'a>,
    /// The plan as it was when the trimestre before the last one asked for was reported, if that is known.
    pub earlier: Option<&'a Earlier>,
}

/// An `[[accion]]`.
pub struct Action<'a> {
    /// Its number.
    pub number: Spanned<i64>,
    /// All that is written of it.
    pub record: &'a Record,
}

/// A `trimestre-N.toml`.
pub struct FollowUp<'a> {
    /// The file.
    pub file: FileId,
    /// Its trimestre.
    pub quarter: Quarter,
    /// The day that it reports up to.
    pub cutoff: Spanned<NaiveDate>,
    /// All that is written in it.
    pub record: &'a Record,
    /// One for each of the actions, in their order, if it is there.
    pub progress: Vec<Option<Progress<'a>>>,
}

/// An `[[avance]]`.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    /// All that is written of it.
    pub record: &'a Record,
}

/// A text of the data.
pub struct Text<'a> {
    /// What it is.
    pub role: TextRole,
    /// Its key in the TOML.
    pub key: &'a str,
    /// What it says.
    pub value: &'a str,
    /// Where it stands, quotes included.
    pub span: Span,
    /// The number of the action that it is about.
    pub action: Option<i64>,
    /// The trimestre whose file it stands in; none in `plan.toml`.
    pub quarter: Option<Quarter>,
    /// What it is made of.
    pub tokens: Vec<Token>,
    /// The same without the blanks.
    pub pieces: Pieces<'a>,
    /// Which of the tokens are marks: few are, and many rules look at nothing else.
    marks: Vec<u32>,
    /// How it is written, once somebody asks.
    quoting: OnceCell<Quoting>,
    sources: &'a Sources,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRole {
    /// What the follow-up is for.
    Objective,
    /// What an action is called.
    ActionName,
    /// What was done: whole sentences.
    Narrative,
    /// A few words in a cell: an indicator, a unit of measure, a source of money, a key of the format's own.
    Cell,
}

impl<'a> Subject<'a> {
    /// The plan of a folder, if it could be read.
    #[must_use]
    pub fn new(folder: &'a PlanFolder, earlier: Option<&'a Earlier>) -> Option<Self> {
        let plan = &folder.plan.as_ref().filter(|plan| !plan.broken)?.record;
        let year = Year::new(plan.tables("plan").next()?.integer("vigencia")?.value)?;
        let action = |record: &'a Record| Some(Action { number: record.integer("numero")?, record });
        let actions: Vec<Action<'a>> = plan.tables("accion").filter_map(action).collect();
        let drafts = folder.follow_ups.iter().filter_map(|read| Some((read.quarter, read.draft.as_ref().ok()?)));
        let follow_ups: Vec<FollowUp<'a>> = drafts
            .filter(|(_, draft)| !draft.broken)
            .filter_map(|(quarter, draft)| FollowUp::new(quarter, &draft.record, &actions))
            .collect();
        let texts = texts(plan, &actions, &follow_ups, &folder.sources);
        Some(Self { folder, plan, year, actions, follow_ups, texts, settings: Settings::of(plan), earlier })
    }

    /// The name of the entity, its acronym, and the names of its units.
    #[must_use]
    pub fn entity(&self) -> Option<&'a Record> {
        self.plan.tables("entidad").next()
    }

    /// The follow-ups that are asked for; the ones before them are there to be compared with.
    pub fn asked_for(&self) -> impl Iterator<Item = (usize, &FollowUp<'a>)> {
        self.follow_ups.iter().enumerate().filter(|(_, follow_up)| self.folder.is_asked_for(follow_up.quarter))
    }

    /// The follow-up of the trimestre right before that of the one at `index`.
    #[must_use]
    pub fn before(&self, index: usize) -> Option<&FollowUp<'a>> {
        let before = self.follow_ups.get(index.checked_sub(1)?)?;
        (before.quarter.number() + 1 == self.follow_ups[index].quarter.number()).then_some(before)
    }

    /// Whether a finding stands in a file that is asked for.
    #[must_use]
    pub fn is_asked_for(&self, finding: &Finding) -> bool {
        self.follow_ups.iter().all(|f| f.file != finding.span.file || self.folder.is_asked_for(f.quarter))
    }
}

impl<'a> FollowUp<'a> {
    fn new(quarter: Quarter, record: &'a Record, actions: &[Action<'a>]) -> Option<Self> {
        let cutoff = record.tables("seguimiento").next()?.date("fecha_corte")?;
        let by_number: HashMap<i64, &Record> = record
            .tables("avance")
            .filter_map(|progress| Some((progress.integer("accion")?.value, progress)))
            .collect();
        let progress = |action: &Action<'_>| Some(Progress { record: by_number.get(&action.number.value)? });
        Some(Self { file: record.span.file, quarter, cutoff, record, progress: actions.iter().map(progress).collect() })
    }
}

impl<'a> Progress<'a> {
    /// The percentage, if it is a number.
    #[must_use]
    pub fn percent(self) -> Option<Spanned<Percent>> {
        let value = self.record.values.get("porcentual")?;
        match value.value {
            Value::Percent(percent) => Some(Spanned::new(percent, value.span)),
            _ => None,
        }
    }

    /// The narrative.
    #[must_use]
    pub fn narrative(self) -> Option<Spanned<&'a str>> {
        self.record.text("cualitativo")
    }
}

impl<'a> Text<'a> {
    /// A text that is about no action.
    fn new(role: TextRole, key: &'a str, value: &'a str, span: Span, sources: &'a Sources) -> Self {
        let tokens = tokens(value);
        let is_mark = |(index, token): (usize, &Token)| u32::try_from(index).ok().filter(|_| token.kind == Kind::Mark);
        let marks = tokens.iter().enumerate().filter_map(is_mark).collect();
        let pieces = Pieces::new(value, &tokens);
        Self {
            role,
            key,
            value,
            span,
            action: None,
            quarter: None,
            tokens,
            pieces,
            marks,
            quoting: OnceCell::new(),
            sources,
        }
    }

    /// Its words, each with the number of its token.
    pub fn words(&self) -> impl Iterator<Item = (usize, &'a str)> + '_ {
        let words = self.tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word);
        words.map(|(at, token)| (at, token.of(self.value)))
    }

    /// Its marks, each with the number of its token.
    pub fn marks(&self) -> impl Iterator<Item = (usize, char)> + '_ {
        let character = |at: usize| self.tokens[at].of(self.value).chars().next();
        self.marks.iter().filter_map(move |&at| Some((at as usize, character(at as usize)?)))
    }

    /// Where a part of it stands in the file.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Span {
        let quoting =
            self.quoting.get_or_init(|| Quoting::of(&self.sources.get(self.span.file).text[self.span.range()]));
        let place = quoting.place(part);
        Span { start: self.span.start + place.start, end: self.span.start + place.end, ..self.span }
    }

    /// A finding about a part of it.
    #[must_use]
    pub fn finding(&self, code: &'static Code, part: Range<usize>, message: impl Into<String>) -> Finding {
        Finding::new(code, self.place(part), message).action(self.action)
    }
}

/// All texts of the files.
fn texts<'a>(
    plan: &'a Record,
    actions: &[Action<'a>],
    follow_ups: &[FollowUp<'a>],
    sources: &'a Sources,
) -> Vec<Text<'a>> {
    let mut texts = Vec::new();
    let mut add = |record: &'a Record, action: Option<i64>, quarter: Option<Quarter>| {
        for (key, value) in &record.values {
            let (Value::Text(text), Some(role)) = (&value.value, role(key)) else { continue };
            texts.push(Text { action, quarter, ..Text::new(role, key, text, value.span, sources) });
        }
    };
    for record in plan.tables("plan") {
        add(record, None, None);
    }
    for action in actions {
        add(action.record, Some(action.number.value), None);
    }
    for follow_up in follow_ups {
        for record in follow_up.record.tables("seguimiento") {
            add(record, None, Some(follow_up.quarter));
        }
        for (action, progress) in actions.iter().zip(&follow_up.progress) {
            if let Some(progress) = progress {
                add(progress.record, Some(action.number.value), Some(follow_up.quarter));
            }
        }
    }
    texts.sort_by_key(|text| (text.span.file, text.span.start));
    texts
}

/// What the text under a key is; none for words that are no prose, such as the name of a format.
fn role(key: &str) -> Option<TextRole> {
    match key {
        "formato" | "papel" => None,
        "objetivo" => Some(TextRole::Objective),
        "nombre" => Some(TextRole::ActionName),
        "cualitativo" | "justificacion" => Some(TextRole::Narrative),
        _ => Some(TextRole::Cell),
    }
}

#[cfg(test)]
impl Text<'static> {
    /// A text in a file of its own, for the tests of a rule.
    pub(super) fn sample(role: TextRole, value: &str) -> Self {
        let written = toml::Value::String(value.to_owned()).to_string();
        let mut sources = Sources::default();
        let end = written.len();
        let file = sources.add(crate::diag::SourceFile::new("texto".into(), Vec::new(), written));
        let value: &'static str = value.to_owned().leak();
        let span = Span { file, start: 0, end };
        let sources = Box::leak(Box::new(sources));
        Self::new(role, "cualitativo", value, span, sources)
    }

    /// What is written in its file.
    pub(super) fn written(&self) -> &str {
        &self.sources.get(self.span.file).text
    }
}
