//! Values evaluated to their last leaf: what a resource is deployed with, as plain data.

use std::rc::Rc;

use crate::eval::{
    Element, Evaluator, Kinds, List, Object, Piece, Rest, Thunk, Traced, Unknown, Value, Why,
};

/// Values nested deeper than this are not looked into.
const MAX_DEPTH: usize = 64;
/// So many bytes of text weigh as much as a node.
const BYTES_OF_NODE: usize = 64;
/// Saying why something is not known takes as much room as so many nodes.
const UNKNOWN_NODES: usize = 4;
/// So many keys of an object are told even when there is no room for their values.
const KEYS_IN_ANY_CASE: usize = 64;
/// What ends when there are too many nodes.
pub(super) const SIZE: &str = "the size of a deployment";

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
        if !self.spend(weight(value)) {
            return budget(SIZE);
        }
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

    /// Takes nodes; `false`, and nothing is left, when there are not so many.
    fn spend(&mut self, nodes: usize) -> bool {
        let left = self.nodes.checked_sub(nodes);
        *self.nodes = left.unwrap_or(0);
        left.is_some()
    }

    /// All elements, as far as there is room: the others are a stretch that is not known.
    fn list(&mut self, list: &List, depth: usize) -> Data {
        let mut items = Vec::new();
        for (place, element) in list.elements.iter().enumerate() {
            if *self.nodes == 0 {
                let left = list.elements.len() - place;
                items.push(Item::Rest {
                    min: left,
                    max: Some(left),
                    unknown: too_large(SIZE),
                });
                break;
            }
            items.push(match element {
                Element::One(thunk) => Item::One(self.thunk(thunk, depth)),
                Element::Rest(rest) => stretch(rest),
            });
        }
        Data::List(items)
    }

    fn object(&mut self, object: &Object, depth: usize) -> Data {
        let mut entries = Vec::new();
        let mut rest = object.rest.as_ref().map(|rest| Rc::clone(&rest.unknown));
        for entry in &object.entries {
            self.spend(entry.key.len() / BYTES_OF_NODE);
            if *self.nodes == 0 && entries.len() >= KEYS_IN_ANY_CASE {
                rest = Some(too_large(SIZE));
                break;
            }
            entries.push((Rc::clone(&entry.key), self.thunk(&entry.value, depth)));
        }
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

/// How many nodes a value itself weighs, without those in it.
fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => 1 + text.len() / BYTES_OF_NODE,
        Value::Partial(pieces) => UNKNOWN_NODES + pieces.iter().map(weight_of_piece).sum::<usize>(),
        Value::Unknown(_) => UNKNOWN_NODES,
        _ => 1,
    }
}

fn weight_of_piece(piece: &Piece) -> usize {
    match piece {
        Piece::Known(text) => 1 + text.len() / BYTES_OF_NODE,
        Piece::Unknown(_) => 1,
    }
}

fn budget(limit: &'static str) -> Data {
    Data::Unknown(too_large(limit))
}

fn too_large(limit: &'static str) -> Rc<Unknown> {
    Rc::new(Unknown::new(Why::Budget(limit), Kinds::ANY))
}
