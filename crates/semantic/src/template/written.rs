//! What a text says beside what it means: places that expressions do not carry, what types say that
//! bears on no value, and mistakes.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tricep_syntax::text::Span;

use super::{Constraints, ExprId, ResourceId, TypeId, VariableId};
use crate::index::Idx as _;

/// What a type says beside its kind, which is what is left for those who do not ask.
#[derive(Clone, Debug)]
pub enum TypeNote {
    /// It is part of the body of a resource: `resourceInput<'T@v'>`.
    OfResource {
        /// Type and version.
        resource: Arc<str>,
        /// The way to the part, as segments of a JSON pointer in a schema; empty: the whole body.
        pointer: Box<[Arc<str>]>,
        /// Whether it is what a resource is given (without what is only read), or what it gives
        /// back; `None`: both.
        output: Option<bool>,
    },
    /// One of several objects: the property that tells which, and the objects, without what the
    /// type itself declares.
    Choice(Arc<str>, Box<[TypeId]>),
    /// What is demanded of the values, where no declaration has it.
    Constraints(Constraints),
}

/// What is written several times but may be only once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Repeated {
    /// The name of something that can be referred to.
    Name,
    /// The name of an output, or of metadata.
    Result,
    /// The name of a property in an object type.
    Key,
}

/// Places and mistakes of a text.
#[derive(Clone, Default, Debug)]
pub struct Written {
    /// The bytes of the key of each property, by the property's value. Values are lowered one after
    /// the other, so the ids ascend.
    keys: Vec<(ExprId, Span)>,
    /// The type string of each resource, by its number.
    types: Vec<Option<Span>>,
    /// The declared types of variables, ascending.
    variables: Vec<(VariableId, TypeId)>,
    /// What types say beside their kind.
    notes: FxHashMap<TypeId, TypeNote>,
    /// Where the text makes no sense, sorted by start.
    mistakes: Vec<Span>,
    /// For each mistake how far it and those before it reach.
    reach: Vec<u32>,
    /// Where the mistakes begin that cost what stands before them on the line.
    grave: Vec<u32>,
    /// Names that should not be there again, in no order.
    repeated: Vec<(Repeated, Arc<str>, Span)>,
    /// Values that no declaration with a value has: of metadata, of assertions.
    loose: Vec<ExprId>,
    /// Whether an extension brings types of its own.
    extensions: bool,
}

impl Written {
    /// Facts about a text that has these mistakes, sorted by start, and whether each costs what stands
    /// before it on the line.
    #[must_use]
    pub fn with_mistakes(mistakes: &[(Span, bool)]) -> Self {
        let mut furthest = 0;
        let reach = mistakes.iter().map(|&(at, _)| {
            furthest = at.end.max(furthest);
            furthest
        });
        let grave = mistakes.iter().filter(|&&(_, is_grave)| is_grave);
        Self {
            reach: reach.collect(),
            grave: grave.map(|(at, _)| at.start).collect(),
            mistakes: mistakes.iter().map(|&(at, _)| at).collect(),
            ..Self::default()
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.keys.shrink_to_fit();
        self.types.shrink_to_fit();
        self.notes.shrink_to_fit();
    }

    /// Notes the key of the property that has `value`, which is the latest expression.
    pub fn add_key(&mut self, value: ExprId, key: Span) {
        self.keys.push((value, key));
    }

    /// Notes where the type of a resource stands.
    pub fn add_type(&mut self, resource: ResourceId, at: Span) {
        let place = resource.index();
        if self.types.len() <= place {
            self.types.resize(place + 1, None);
        }
        self.types[place] = Some(at);
    }

    /// Notes the declared type of a variable, which is the latest variable.
    pub fn add_variable_type(&mut self, variable: VariableId, r#type: TypeId) {
        self.variables.push((variable, r#type));
    }

    /// Notes a name that is there several times.
    pub fn add_repeated(&mut self, what: Repeated, name: Arc<str>, at: Span) {
        self.repeated.push((what, name, at));
    }

    /// The names that are there several times, and where.
    pub fn repeated(&self) -> impl Iterator<Item = (Repeated, &str, Span)> {
        let repeated = self.repeated.iter();
        repeated.map(|(what, name, at)| (*what, &**name, *at))
    }

    /// Notes a value that no declaration with a value has.
    pub fn add_loose(&mut self, value: ExprId) {
        self.loose.push(value);
    }

    /// The values that no declaration with a value has.
    #[must_use]
    pub fn loose(&self) -> &[ExprId] {
        &self.loose
    }

    /// Notes what a type says beside its kind.
    pub fn add_note(&mut self, r#type: TypeId, note: TypeNote) {
        self.notes.insert(r#type, note);
    }

    /// What a type says beside its kind.
    #[must_use]
    pub fn note(&self, r#type: TypeId) -> Option<&TypeNote> {
        self.notes.get(&r#type)
    }

    /// The resource types, with their versions, that types are parts of.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.notes.values().filter_map(|note| match note {
            TypeNote::OfResource { resource, .. } => Some(&**resource),
            _ => None,
        })
    }

    /// Notes that an extension is declared.
    pub fn add_extension(&mut self) {
        self.extensions = true;
    }

    /// Whether an extension is declared, which brings types of its own.
    #[must_use]
    pub fn has_extensions(&self) -> bool {
        self.extensions
    }

    /// The bytes of the key of the property that has this value.
    #[must_use]
    pub fn key(&self, value: ExprId) -> Option<Span> {
        let place = self.keys.binary_search_by_key(&value, |&(id, _)| id).ok()?;
        Some(self.keys[place].1)
    }

    /// The bytes of a resource's type string, quotes included.
    #[must_use]
    pub fn resource_type(&self, resource: ResourceId) -> Option<Span> {
        *self.types.get(resource.index())?
    }

    /// The declared type of a variable.
    #[must_use]
    pub fn variable_type(&self, variable: VariableId) -> Option<TypeId> {
        let place = self
            .variables
            .binary_search_by_key(&variable, |&(id, _)| id)
            .ok()?;
        Some(self.variables[place].1)
    }

    /// Whether a mistake lies within these bytes.
    #[must_use]
    pub fn is_broken(&self, span: Span) -> bool {
        let first = self.mistakes.partition_point(|m| m.start < span.start);
        self.mistakes[first..]
            .iter()
            .take_while(|m| m.start <= span.end)
            .any(|m| m.end <= span.end)
    }

    /// Whether a mistake on a line makes it doubtful that a place on it is what it looks like.
    #[must_use]
    pub fn is_doubtful(&self, place: Span, line: Span) -> bool {
        let next = self.grave.partition_point(|&start| start < place.end);
        let is_lost = self.grave.get(next).is_some_and(|&start| start <= line.end);
        is_lost
            || self
                .reach_of(place.end)
                .is_some_and(|end| end >= line.start)
    }

    /// Whether a mistake covers a place, which then is text that was passed over.
    #[must_use]
    pub fn is_covered(&self, place: Span) -> bool {
        let reach = self.reach_of(place.start + 1);
        reach.is_some_and(|end| end >= place.end)
    }

    /// Whether a mistake begins before a place and goes on behind it.
    #[must_use]
    pub fn is_within_mistake(&self, offset: u32) -> bool {
        self.reach_of(offset).is_some_and(|end| end > offset)
    }

    /// How far the mistakes reach that begin before a place.
    fn reach_of(&self, offset: u32) -> Option<u32> {
        let before = self.mistakes.partition_point(|m| m.start < offset);
        Some(self.reach[before.checked_sub(1)?])
    }
}
