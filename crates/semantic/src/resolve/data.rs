//! Values evaluated to their last leaf: what a resource is deployed with, as plain data.

use std::rc::Rc;

use crate::eval::{
    Element, Evaluator, Kinds, List, Object, Piece, Rest, Thunk, Traced, Unknown, Value, Why,
};

/// Values nested deeper than this are not looked into.
const MAX_DEPTH: usize = 64;

/// A value with nothing left to evaluate. What is not known says why.
#[derive(Clone, Debug)]
pub enum Data {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction or exponent.
    Float(f64),
    /// A text.
    Text(Rc<str>),
    /// A text of which pieces are known.
    Partial(Rc<[Piece]>),
    /// A list.
    List(Vec<Item>),
    /// An object; `rest` says that it may have further keys.
    Object {
        /// The keys in order.
        entries: Vec<(Rc<str>, Data)>,
        /// Why there may be more.
        rest: Option<Rc<Unknown>>,
    },
    /// Not known.
    Unknown(Rc<Unknown>),
    /// Something that must not be shown.
    Secret(Box<Data>),
}

/// An item of a list.
#[derive(Clone, Debug)]
pub enum Item {
    /// One element.
    One(Data),
    /// An unknown number of elements.
    Rest {
        /// At least so many.
        min: usize,
        /// At most so many.
        max: Option<usize>,
        /// Why they are not known.
        unknown: Rc<Unknown>,
    },
}

impl Data {
    /// The value of a key, letter case aside.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object { entries, .. } => entries
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(key))
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, where all of it is known.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Evaluates values to the last leaf, within a number of nodes.
pub(super) struct Forcing<'e, 'p> {
    pub(super) evaluator: &'e mut Evaluator<'p>,
    /// How many nodes may still be made.
    pub(super) nodes: &'e mut usize,
    /// What is around the value at hand.
    pub(super) around: Vec<Thunk>,
}

impl Forcing<'_, '_> {
    /// All of a value.
    pub(super) fn whole(&mut self, traced: &Traced) -> Data {
        self.at(traced, 0)
    }

    fn at(&mut self, traced: &Traced, depth: usize) -> Data {
        let data = self.plain(&traced.value, depth);
        if traced.trail.secret {
            return Data::Secret(Box::new(data));
        }
        data
    }

    fn plain(&mut self, value: &Value, depth: usize) -> Data {
        if depth > MAX_DEPTH {
            return budget("nested values");
        }
        let Some(left) = self.nodes.checked_sub(1) else {
            return budget("the size of a deployment");
        };
        *self.nodes = left;
        match value {
            Value::Null => Data::Null,
            Value::Bool(value) => Data::Bool(*value),
            Value::Int(value) => Data::Int(*value),
            Value::Float(value) => Data::Float(*value),
            Value::Text(text) => Data::Text(Rc::clone(text)),
            Value::Partial(pieces) if pieces.iter().any(is_secret) => secret(),
            Value::Partial(pieces) => Data::Partial(Rc::clone(pieces)),
            Value::List(list) => self.list(list, depth),
            Value::Object(object) => self.object(object, depth),
            Value::Lambda(_) => budget("lambdas as values"),
            Value::Unknown(unknown) if unknown.why == Why::Secret => secret(),
            Value::Unknown(unknown) => Data::Unknown(Rc::clone(unknown)),
        }
    }

    fn thunk(&mut self, thunk: &Thunk, depth: usize) -> Data {
        // Evaluation is lazy, so a value can hold itself: `param list array = [{ all: list }]`.
        if self.around.iter().any(|around| around.is_same(thunk)) {
            let why = Why::Failed("the value refers to itself".to_owned());
            return Data::Unknown(Rc::new(Unknown::new(why, Kinds::ANY)));
        }
        let traced = self.evaluator.force(thunk);
        self.around.push(thunk.clone());
        let data = stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.at(&traced, depth + 1));
        self.around.pop();
        data
    }

    fn list(&mut self, list: &List, depth: usize) -> Data {
        let items = list.elements.iter().map(|element| match element {
            Element::One(thunk) => Item::One(self.thunk(thunk, depth)),
            Element::Rest(rest) => stretch(rest),
        });
        Data::List(items.collect())
    }

    fn object(&mut self, object: &Object, depth: usize) -> Data {
        let entries = object
            .entries
            .iter()
            .map(|entry| (Rc::clone(&entry.key), self.thunk(&entry.value, depth)))
            .collect();
        let rest = object.rest.as_ref().map(|rest| Rc::clone(&rest.unknown));
        Data::Object { entries, rest }
    }
}

fn stretch(rest: &Rest) -> Item {
    Item::Rest {
        min: rest.min,
        max: rest.max,
        unknown: Rc::clone(&rest.unknown),
    }
}

fn is_secret(piece: &Piece) -> bool {
    matches!(piece, Piece::Unknown(unknown) if unknown.why == Why::Secret)
}

fn secret() -> Data {
    let unknown = Unknown::new(Why::Secret, Kinds::ANY);
    Data::Secret(Box::new(Data::Unknown(Rc::new(unknown))))
}

fn budget(limit: &'static str) -> Data {
    Data::Unknown(Rc::new(Unknown::new(Why::Budget(limit), Kinds::ANY)))
}
