//! The entity is called in the texts what `plan.toml` calls it.
//!
//! A variant has the words of the name with other accents, capitals, connectors or marks, or one word too few or too many
//! between the first and the last. A name cut short, «Región Metropolitana», is how everyone writes: silent. So is what
//! differs only in the kind of a dash and the blanks around it.

use crate::prose::starts_upper;
use unicode_normalization::UnicodeNormalization;

use crate::audit::Subject;
use crate::audit::names::words::{in_capitals_of, is_another_word, is_connector, is_plain, part};
use crate::audit::subject::Text;
use crate::diag::{Finding, Spanned, code, quoted};
use crate::prose::{Beginnings, Kind, Token, fold, tokens};

/// Words of the shortest name of which a variant in capitals only is told: «Alcaldía municipal» may be any.
const FEW: usize = 3;
/// Words of the longest name that is looked for.
const MANY: usize = 20;

/// `variante-de-entidad`, in all texts.
pub fn check(subject: &Subject<'_>, findings: &mut Vec<Finding>) {
    let Some(name) = subject.entity().and_then(|entity| entity.text("nombre")) else { return };
    let cut = tokens(name.value);
    let words: Vec<String> =
        cut.iter().filter(|token| is_word(**token)).map(|token| fold(token.of(name.value))).collect();
    let words: Vec<String> = words.into_iter().filter(|word| !is_connector(word)).collect();
    if !(2..=MANY).contains(&words.len()) {
        return;
    }
    let beginnings = Beginnings::of(&[&[&words[0]]]);
    let entity = Entity { name, words, beginnings, commas: name.value.contains(',') };
    for text in &subject.texts {
        let mut at = 0;
        while at < text.tokens.len() {
            at = entity.look(text, at, findings);
        }
    }
}

/// The entity, by its name.
struct Entity<'a> {
    name: Spanned<&'a str>,
    /// The words of the name that are no connectors, without accents and capitals.
    words: Vec<String>,
    /// How the first of them begins.
    beginnings: Beginnings,
    /// Whether the name has commas; otherwise what has them is a list.
    commas: bool,
}

impl Entity<'_> {
    /// Looks for the name at a token and tells what is wrong with it; the token to go on with.
    fn look(&self, text: &Text<'_>, at: usize, findings: &mut Vec<Finding>) -> usize {
        let first = text.tokens[at];
        if first.kind != Kind::Word || !starts_upper(first.of(text.value)) || !self.beginnings.fit(first.of(text.value))
        {
            return at + 1;
        }
        let written = self.words_at(text, at);
        let count = self.words.len();
        let Some(last) = self.end(text, &written) else { return at + 1 };
        let range = part(&text.tokens, at, last);
        let exact = written.len() >= count && written[count - 1].0 == last;
        if !exact || self.is_otherwise(&text.value[range.clone()]) {
            let right = in_capitals_of(&text.value[range.clone()], self.name.value);
            let written = quoted(&text.value[range.clone()]);
            let message = format!("la entidad se llama «{}», no «{written}»", quoted(self.name.value));
            let finding = text
                .finding(&code::ENTITY_VARIANT, range, message)
                .label("escrita de otro modo")
                .related(self.name.span, "el nombre de la entidad")
                .help(format!("escriba «{right}»"));
            let fixable = exact && is_plain(self.name.value);
            findings.push(if fixable { finding.fix(right) } else { finding });
        }
        last + 1
    }

    /// The token that a form of the name ends at.
    fn end(&self, text: &Text<'_>, written: &[(usize, String)]) -> Option<usize> {
        let count = self.words.len();
        let same = |written: &[(usize, String)]| written.iter().map(|(_, word)| word).eq(&self.words);
        if written.len() >= count && same(&written[..count]) {
            return Some(written[count - 1].0);
        }
        let common = written.iter().zip(&self.words).take_while(|((_, one), other)| one == *other).count();
        if common == 0 {
            return None;
        }
        // One word was added: the others are those that follow it.
        if count >= FEW && written.len() > count && common < count {
            let added = text.tokens[written[common].0].of(text.value);
            let rest = written[common + 1..=count].iter().map(|(_, word)| word);
            if starts_upper(added) && rest.eq(&self.words[common..]) {
                return Some(written[count].0);
            }
        }
        // One word was left out, neither the first nor the last.
        if count > FEW && written.len() >= count - 1 && common < count - 1 {
            let rest = written[common..count - 1].iter().map(|(_, word)| word);
            if rest.eq(&self.words[common + 1..]) {
                return Some(written[count - 2].0);
            }
        }
        None
    }

    /// The words from a token on that may make up a form of the name, with their tokens: one more than the name has at most,
    /// none unless the first is that of the name.
    fn words_at(&self, text: &Text<'_>, at: usize) -> Vec<(usize, String)> {
        let first = text.tokens[at];
        let folded = fold(first.of(text.value));
        let name = self.name.value.split_whitespace().next().unwrap_or_default();
        if folded != self.words[0] || is_another_word(first.of(text.value), name) {
            return Vec::new();
        }
        let mut words = vec![(at, folded)];
        let mut connectors = 0;
        for (index, token) in text.tokens.iter().enumerate().skip(at + 1) {
            if is_word(*token) {
                let word = fold(token.of(text.value));
                if !is_connector(&word) {
                    connectors = 0;
                    words.push((index, word));
                } else if connectors == 3 {
                    break;
                } else {
                    connectors += 1;
                }
            } else if !self.joins(token.of(text.value)) {
                break;
            }
            if words.len() > self.words.len() {
                break;
            }
        }
        words
    }

    fn joins(&self, between: &str) -> bool {
        between.trim().is_empty() && between != "\n" || is_dash(between) || (self.commas && between == ",")
    }

    /// Whether what has the words of the name is not the name.
    fn is_otherwise(&self, written: &str) -> bool {
        if written == self.name.value {
            return false;
        }
        let same = |name: &str| pieces(written).eq(pieces(name));
        if same(self.name.value) || same(&self.name.value.to_uppercase()) {
            return false;
        }
        self.words.len() >= FEW || !pieces(&written.to_lowercase()).eq(pieces(&self.name.value.to_lowercase()))
    }
}

fn is_word(token: Token) -> bool {
    matches!(token.kind, Kind::Word | Kind::Number | Kind::Code)
}

fn is_dash(mark: &str) -> bool {
    matches!(mark, "-" | "–" | "—")
}

/// The pieces of a name, all dashes alike, without blanks.
fn pieces(name: &str) -> impl Iterator<Item = String> {
    let pieces = tokens(name).into_iter().filter(|token| !matches!(token.kind, Kind::Space | Kind::Newline));
    pieces.map(|token| if is_dash(token.of(name)) { "-".to_owned() } else { token.of(name).nfc().collect() })
}
