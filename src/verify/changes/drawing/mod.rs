//! Whether what a signature shows stays in its field: a form (ISO 32000-1, 8.10) of which nothing is left to how a program draws it.
//!
//! Programs draw a form inside of its box by what they put on their stack of graphics states. So it has a box, in numbers that all of
//! them can count with; and it takes nothing from that stack that it did not put there, nor do the forms in it. What else could reach
//! beyond is not in it at all: glyphs that are drawings, tilings, layers, blending with the page. And of what a program might stumble
//! over, so as to draw nothing more of the page, it has only what signers use: the kinds of its parts are listed, and none is a part
//! of itself.

mod colour;
mod contents;
mod font;
mod image;
mod meaning;
mod shading;
mod standard;
#[cfg(test)]
mod tests;
mod text;
mod work;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use contents::{Kind, Resource, Resources};
use text::Text;
use work::{MIN_ROUND, Work};

use crate::pdf::{Dictionary, Id, Indirect, Object, View};
use crate::verify::fields::corners;

/// Farthest that a drawing may reach from its origin, in points: as wide as a page may be (ISO 32000-1, annex C). Of far larger numbers
/// programs know too few digits, or take them for no bound at all.
const MAX_REACH: f64 = 14_400.0;
/// Least width and height of a part of a drawing, in points.
const MIN_SIDE: f64 = 0.1;
/// Least width and height of a drawing. What a program strays in counting is laid over the page as much larger as the field is.
const MIN_FIELD: f64 = 5.0;
/// How deep forms may stand in each other. Those of signers stand some three deep.
const MAX_DEPTH: usize = 8;
/// Most forms of a drawing.
const MAX_FORMS: usize = 100;
/// Most bytes of a form's contents.
const MAX_CONTENTS: usize = 2 << 20;
/// Most bytes of any part of a drawing but its images: a font, what its codes mean, a profile of colours.
const MAX_PART: usize = 4 << 20;
/// How much a change of coordinates may stretch or shrink what is drawn.
const MAX_STRETCH: f64 = 1e4;
/// How deep objects may stand in each other.
const MAX_NESTED: usize = 32;

/// What is known of a form that was read, with the forms in it.
#[derive(Clone, Copy, Default)]
struct Drawn {
    /// How deep forms stand in it, itself among them.
    depth: usize,
    /// What it takes to draw it.
    work: Work,
    /// Where its text is.
    text: Text,
}

/// Whether an object is a drawing that stays in its box, and all that it is made of is new. What it takes to look at it comes off the
/// `budget`: bytes of contents and objects.
pub fn is_drawing<'a>(view: View<'a>, form: &'a Indirect, is_new: impl Fn(Id) -> bool, budget: &Cell<usize>) -> bool {
    let mut drawing = Drawing { view, budget, drawn: BTreeMap::new() };
    let own_box = || form.value.as_dictionary().and_then(|form| corners(form.get("BBox")?));
    let in_box = |drawn: Drawn| {
        own_box().is_some_and(|corners @ [left, bottom, right, top]| {
            (right - left).abs() >= MIN_FIELD && (top - bottom).abs() >= MIN_FIELD && drawn.text.is_in(corners)
        })
    };
    drawing.is_of_its_own(form.id, &is_new, &mut Vec::new(), &mut BTreeSet::new()).is_some()
        && drawing.form(form).is_some_and(in_box)
}

struct Drawing<'a, 'b> {
    view: View<'a>,
    budget: &'b Cell<usize>,
    /// The forms that were read to their end.
    drawn: BTreeMap<Id, Drawn>,
}

impl<'a> Drawing<'a, '_> {
    /// Whether all that an object leads to is new, nothing of it leads back, and none of it becomes large by being unpacked. A font that shares a part with one of the document
    /// replaces it in some programs; what is a part of itself never comes to an end.
    fn is_of_its_own(
        &self,
        id: Id,
        is_new: &impl Fn(Id) -> bool,
        within: &mut Vec<Id>,
        seen: &mut BTreeSet<Id>,
    ) -> Option<()> {
        require(!within.contains(&id) && within.len() < MAX_NESTED)?;
        if !seen.insert(id) {
            return Some(());
        }
        let object = self.view.get(id).filter(|_| is_new(id))?;
        self.spend(object.value.count())?;
        if object.stream.is_some() && !object.value.as_dictionary()?.is("Subtype", "Image") {
            self.contents(object, MAX_PART)?;
        }
        let mut parts = Vec::new();
        object.value.references(&mut parts);
        within.push(id);
        for part in parts {
            self.is_of_its_own(part, is_new, within, seen)?;
        }
        within.pop();
        Some(())
    }

    fn spend(&self, work: usize) -> Option<()> {
        self.budget.set(self.budget.get().checked_sub(work)?);
        Some(())
    }

    /// What a stream stands for.
    fn contents(&self, stream: &Indirect, most: usize) -> Option<Vec<u8>> {
        let contents = self.view.stream_within(stream, most.min(self.budget.get()))?;
        self.spend(contents.len())?;
        Some(contents)
    }

    fn form(&mut self, form: &'a Indirect) -> Option<Drawn> {
        const KNOWN: [&str; 11] = [
            "Type",
            "Subtype",
            "FormType",
            "BBox",
            "Matrix",
            "Resources",
            "Length",
            "Filter",
            "DecodeParms",
            "Group",
            "Name",
        ];
        if let Some(drawn) = self.drawn.get(&form.id) {
            return Some(*drawn);
        }
        require(self.drawn.len() < MAX_FORMS && form.stream.is_some())?;
        let dictionary = form.value.as_dictionary()?;
        require(dictionary.is("Subtype", "Form") && dictionary.has_only(&KNOWN))?;
        require(dictionary.get("BBox").is_some_and(is_box) && dictionary.get("Matrix").is_none_or(is_identity))?;
        let named = match self.view.value(dictionary, "Resources") {
            Some(resources) => self.resources(resources.as_dictionary()?)?,
            None => Resources::new(),
        };
        let mut drawn = contents::drawn(&self.contents(form, MAX_CONTENTS)?, &named)?;
        if let Some(group) = self.view.value(dictionary, "Group") {
            drawn.work.add(self.group(group.as_dictionary()?)?);
        }
        require(drawn.depth <= MAX_DEPTH && drawn.work.comes_to_end())?;
        self.drawn.insert(form.id, drawn);
        Some(drawn)
    }

    /// A group of what is drawn together (11.6.6).
    fn group(&self, group: &'a Dictionary) -> Option<Work> {
        require(group.is("S", "Transparency") && group.has_only(&["Type", "S", "CS", "I", "K"]))?;
        require(group.get("CS").is_none_or(|space| colour::plain(self.view, space).is_some()))?;
        let is_boolean = |key: &str| group.get(key).is_none_or(|value| matches!(value, Object::Boolean(_)));
        require(is_boolean("I") && is_boolean("K"))?;
        Some(Work::of_group())
    }

    /// Its resources.
    fn resources(&mut self, resources: &'a Dictionary) -> Option<Resources> {
        let mut all = Resources::new();
        for (kind, named) in resources.iter().filter(|(kind, _)| *kind != b"ProcSet") {
            let kind = Kind::of(kind)?;
            for (name, value) in self.view.resolve(named).as_dictionary()?.iter() {
                all.insert((kind, name.to_vec()), self.resource(kind, value)?);
            }
        }
        Some(all)
    }

    fn resource(&mut self, kind: Kind, value: &'a Object) -> Option<Resource> {
        let resource = self.view.resolve(value);
        let mut read = Resource::default();
        match kind {
            Kind::ExternalObject => read.drawn = self.external(self.view.get(value.as_reference()?)?)?,
            Kind::State => read.drawn = self.state(resource.as_dictionary()?)?,
            Kind::Font => read.widths = Some(font::widths(self.view, resource.as_dictionary()?)?),
            Kind::ColourSpace => colour::is_space(self.view, resource)?,
            Kind::Shading => {
                shading::is_shading(self.view, resource.as_dictionary()?)?;
                read.drawn.work = Work::of_gradient();
            }
            Kind::Pattern => {
                shading::is_pattern(self.view, resource.as_dictionary()?)?;
                read.drawn.work = Work::of_pattern();
            }
        }
        Some(read)
    }

    /// A form or an image in a drawing.
    fn external(&mut self, object: &'a Indirect) -> Option<Drawn> {
        if object.value.as_dictionary()?.is("Subtype", "Image") {
            let work = Work::of_image(image::pixels(self.view, object)?);
            return Some(Drawn { work, ..Drawn::default() });
        }
        self.form(object)
    }

    /// Parameters of a graphics state (8.4.5) that blend with nothing; a mask is a drawing too.
    fn state(&mut self, state: &'a Dictionary) -> Option<Drawn> {
        let mut drawn = Drawn::default();
        let mut dashes = Work::default();
        for (key, value) in state.iter() {
            let number = value.as_number();
            require(match key {
                b"Type" => state.is("Type", "ExtGState"),
                b"CA" | b"ca" => number.is_some_and(|opacity| (0.0..=1.0).contains(&opacity)),
                b"LW" | b"ML" | b"FL" => is_within(value, 0.0, MAX_REACH),
                b"LC" | b"LJ" => value.as_integer().is_some_and(|style| (0..=2).contains(&style)),
                b"D" => match value.as_array() {
                    Some([lengths, phase]) => {
                        dashes = Work::of_dashes(lengths);
                        is_dash(lengths) && is_within(phase, -MAX_REACH, MAX_REACH)
                    }
                    _ => false,
                },
                b"RI" => value.as_name().is_some(),
                b"SA" | b"AIS" => matches!(value, Object::Boolean(_)),
                b"BM" => matches!(value.as_name(), Some(b"Normal" | b"Compatible")),
                b"SMask" => {
                    drawn = self.mask(self.view.resolve(value))?;
                    true
                }
                _ => false,
            })?;
        }
        drawn.work.add(dashes);
        Some(drawn)
    }

    /// A soft mask (11.6.5.2): a group, by how opaque or how bright it is.
    fn mask(&mut self, mask: &'a Object) -> Option<Drawn> {
        if mask.as_name() == Some(b"None") {
            return Some(Drawn::default());
        }
        let mask = mask.as_dictionary().filter(|mask| mask.has_only(&["Type", "S", "G"]))?;
        require(mask.is("S", "Alpha") || mask.is("S", "Luminosity"))?;
        let group = self.view.get(mask.get("G")?.as_reference()?)?;
        require(group.value.as_dictionary()?.get("Group").is_some())?;
        self.form(group)
    }
}

fn require(holds: bool) -> Option<()> {
    holds.then_some(())
}

/// A number within these bounds.
fn is_within(value: &Object, least: f64, most: f64) -> bool {
    value.as_number().is_some_and(|number| (least..=most).contains(&number))
}

/// Two opposite corners, in any order (ISO 32000-1, 7.9.5).
fn is_box(value: &Object) -> bool {
    corners(value).is_some_and(|[left, bottom, right, top]| {
        [left, bottom, right, top].iter().all(|number| number.abs() <= MAX_REACH)
            && (right - left).abs() >= MIN_SIDE
            && (top - bottom).abs() >= MIN_SIDE
    })
}

fn is_identity(value: &Object) -> bool {
    let same = |(number, one): (&Object, f64)| number.as_number().is_some_and(|number| number.total_cmp(&one).is_eq());
    value.as_array().is_some_and(|all| all.len() == 6 && all.iter().zip([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]).all(same))
}

/// Lengths of dashes and gaps (8.4.3.6).
fn is_dash(value: &Object) -> bool {
    value.as_array().is_some_and(|lengths| {
        lengths.iter().all(|length| is_within(length, 0.0, MAX_REACH))
            && (lengths.is_empty() || lengths.iter().filter_map(Object::as_number).sum::<f64>() >= MIN_ROUND)
    })
}

/// Whether a matrix takes no plane to a line or a point, from where no program comes back.
fn can_be_undone(matrix: &[f64]) -> bool {
    let (Some([across, up, back, along]), Some(place)) = (matrix.first_chunk(), matrix.get(4..6)) else { return false };
    [across, up, back, along].iter().all(|number| number.abs() <= MAX_STRETCH)
        && (across * along - up * back).abs() >= 1.0 / MAX_STRETCH.powi(2)
        && place.iter().all(|number| number.abs() <= MAX_REACH)
}
