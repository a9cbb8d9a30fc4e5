//! Values: what is known of the result of an expression.
//!
//! Containers are lazy: an element is a [`Thunk`] that is evaluated when somebody asks, once.
//! A value may be known in part: a list with a stretch of unknown elements, an object that may
//! have further keys, a text with unknown pieces, or nothing at all ([`Value::Unknown`]).

use std::cell::RefCell;
use std::rc::Rc;

use tricep_syntax::text::Location;

use super::trail::Trail;
use super::unknown::{Kinds, Unknown, Why};
use crate::eval::Env;
use crate::template::{ExprId, LocalId};

/// What is known of a value. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number that came out of JSON or YAML with a fraction or exponent.
    Float(f64),
    /// A text, wholly known.
    Text(Rc<str>),
    /// A text of which pieces are known; at least one piece is unknown.
    Partial(Rc<[Piece]>),
    /// A list.
    List(Rc<List>),
    /// An object.
    Object(Rc<Object>),
    /// A lambda, only as an argument of a function.
    Lambda(Rc<Closure>),
    /// Not known; says why.
    Unknown(Rc<Unknown>),
}

/// A piece of a partly known text.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Known characters, not empty.
    Known(Rc<str>),
    /// Unknown characters, perhaps none.
    Unknown(Rc<Unknown>),
}

/// A list: known elements with, possibly, stretches of unknown ones between them.
#[derive(Clone, Default, Debug)]
pub struct List {
    /// In order.
    pub elements: Vec<Element>,
}

/// Stretches of unknown elements nest without a thunk between them, see [`ThunkCell`].
impl Drop for List {
    fn drop(&mut self) {
        if self
            .elements
            .iter()
            .any(|element| matches!(element, Element::Rest(_)))
        {
            let elements = std::mem::take(&mut self.elements);
            stacker::maybe_grow(64 * 1024, 1024 * 1024, || drop(elements));
        }
    }
}

/// An element of a list, or a stretch of unknown elements.
#[derive(Clone, Debug)]
pub enum Element {
    /// One element.
    One(Thunk),
    /// Elements of which only the number is known, roughly.
    Rest(Rest),
}

/// A stretch of unknown elements, or the unknown further keys of an object.
#[derive(Clone, Debug)]
pub struct Rest {
    /// At least so many.
    pub min: usize,
    /// At most so many; `None`: no limit known.
    pub max: Option<usize>,
    /// Why they are unknown. Its `kinds` describe the list or object that the stretch came from.
    pub unknown: Rc<Unknown>,
    /// What a single one of them is, as far as known.
    pub element: Value,
}

/// An object. Keys that differ only in letter case may stand side by side.
#[derive(Clone, Default, Debug)]
pub struct Object {
    /// Known keys in the order of insertion.
    pub entries: Vec<Entry>,
    /// Set when there may be further keys. The entries that were written *before* the unknown part
    /// and might be overwritten by it hold unknown values already, so entries can be trusted.
    pub rest: Option<Rest>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key as written.
    pub key: Rc<str>,
    /// Its value.
    pub value: Thunk,
    /// Where the key stands in the text, where it stands there.
    pub at: Option<Location>,
}

/// A lambda and what it closes over.
#[derive(Clone, Debug)]
pub struct Closure {
    /// Where it was made.
    pub env: Env,
    /// Its parameters.
    pub parameters: Vec<LocalId>,
    /// Its body.
    pub body: ExprId,
}

/// A value, how it came about, and whether it is secret.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The value.
    pub value: Value,
    /// Where it came from.
    pub trail: Trail,
}

impl Traced {
    /// A value without history.
    #[must_use]
    pub fn plain(value: Value) -> Self {
        Self {
            value,
            trail: Trail::default(),
        }
    }
}

impl From<Value> for Traced {
    fn from(value: Value) -> Self {
        Self::plain(value)
    }
}

/// A value that is evaluated when asked for, once.
#[derive(Clone, Debug)]
pub struct Thunk {
    /// Where the expression stands, when it stands in the text.
    pub(super) at: Option<Location>,
    pub(super) state: Rc<ThunkCell>,
}

/// The state of a thunk, shared by its copies.
#[derive(Debug)]
pub(super) struct ThunkCell(pub(super) RefCell<ThunkState>);

/// A program can nest values ten thousand deep (`reduce(…, (all, x) => [all])`), so taking them apart
/// must not depend on the size of the stack.
impl Drop for ThunkCell {
    fn drop(&mut self) {
        let state = self.0.replace(ThunkState::Running);
        if !matches!(state, ThunkState::Running) {
            stacker::maybe_grow(64 * 1024, 1024 * 1024, || drop(state));
        }
    }
}

/// How far a thunk is.
#[derive(Clone, Debug)]
pub(super) enum ThunkState {
    /// Evaluated.
    Ready(Traced),
    /// Not asked for yet.
    Pending(Env, ExprId),
    /// Not asked for yet: what the service makes of a value in a request, see `served`.
    Served(Thunk, Rc<Unknown>),
    /// Being evaluated; asking again closes a cycle.
    Running,
}

impl Thunk {
    /// A thunk that is evaluated already.
    #[must_use]
    pub fn ready(value: impl Into<Traced>) -> Self {
        Self {
            at: None,
            state: Rc::new(ThunkCell(RefCell::new(ThunkState::Ready(value.into())))),
        }
    }

    /// A thunk that evaluates `expr` in `env` when forced.
    #[must_use]
    pub(crate) fn pending(env: Env, expr: ExprId, at: Location) -> Self {
        Self {
            at: Some(at),
            state: Rc::new(ThunkCell(RefCell::new(ThunkState::Pending(env, expr)))),
        }
    }

    /// Whether it is a copy of the other.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.state, &other.state)
    }

    /// Whether it is being evaluated right now.
    pub(super) fn is_running(&self) -> bool {
        matches!(*self.state.0.borrow(), ThunkState::Running)
    }

    /// Where the expression stands, when it stands in the text.
    #[must_use]
    pub fn at(&self) -> Option<Location> {
        self.at
    }
}

impl Value {
    /// A known text.
    #[must_use]
    pub fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A list of known elements.
    pub fn list(elements: impl IntoIterator<Item = Thunk>) -> Self {
        Self::List(Rc::new(List {
            elements: elements.into_iter().map(Element::One).collect(),
        }))
    }

    /// A list of known values.
    pub fn list_of(values: impl IntoIterator<Item = Value>) -> Self {
        Self::list(values.into_iter().map(Thunk::ready))
    }

    /// An object of known entries.
    pub fn object(entries: impl IntoIterator<Item = (Rc<str>, Thunk)>) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| Entry {
                key,
                value,
                at: None,
            })
            .collect();
        Self::Object(Rc::new(Object {
            entries,
            rest: None,
        }))
    }

    /// A deployment with this expression would fail; `why` says so in our words.
    #[must_use]
    pub fn failed(why: impl Into<String>) -> Self {
        Self::unknown(Why::Failed(why.into()), Kinds::ANY)
    }

    /// The compiler would refuse the program here; `why` says so in our words.
    #[must_use]
    pub fn invalid(why: impl Into<String>) -> Self {
        Self::unknown(Why::Invalid(why.into()), Kinds::ANY)
    }

    /// An answer that needs something tricep cannot do (yet).
    #[must_use]
    pub fn unsupported(what: impl Into<String>) -> Self {
        Self::unknown(Why::Unsupported(what.into()), Kinds::ANY)
    }

    /// An unknown without a place.
    #[must_use]
    pub fn unknown(why: Why, kinds: Kinds) -> Self {
        Self::Unknown(Rc::new(Unknown {
            why,
            kinds,
            at: None,
            input: None,
            question: None,
        }))
    }

    /// The kinds the value can be of.
    #[must_use]
    pub fn kinds(&self) -> Kinds {
        match self {
            Self::Null => Kinds::NULL,
            Self::Bool(_) => Kinds::BOOL,
            Self::Int(_) | Self::Float(_) => Kinds::NUMBER,
            Self::Text(_) | Self::Partial(_) => Kinds::TEXT,
            Self::List(_) => Kinds::LIST,
            Self::Object(_) => Kinds::OBJECT,
            Self::Lambda(_) => Kinds::NONE,
            Self::Unknown(unknown) => unknown.kinds,
        }
    }

    /// What keeps the value from being known *at its own level*: an unknown, an unknown piece, an
    /// unknown stretch of elements or keys. Elements themselves are not looked at.
    #[must_use]
    pub fn open(&self) -> Option<&Rc<Unknown>> {
        match self {
            Self::Unknown(unknown) => Some(unknown),
            Self::Partial(pieces) => pieces.iter().find_map(|piece| match piece {
                Piece::Unknown(unknown) => Some(unknown),
                Piece::Known(_) => None,
            }),
            Self::List(list) => list.elements.iter().find_map(|element| match element {
                Element::Rest(rest) => Some(&rest.unknown),
                Element::One(_) => None,
            }),
            Self::Object(object) => object.rest.as_ref().map(|rest| &rest.unknown),
            _ => None,
        }
    }

    /// How a person would call the kind of the value, such as "a list".
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a Boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Text(_) | Self::Partial(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Lambda(_) => "a lambda",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl List {
    /// The least number of elements.
    #[must_use]
    pub fn min_len(&self) -> usize {
        self.elements
            .iter()
            .map(|element| match element {
                Element::One(_) => 1,
                Element::Rest(rest) => rest.min,
            })
            .fold(0, usize::saturating_add)
    }

    /// The greatest number of elements, where there is a limit.
    #[must_use]
    pub fn max_len(&self) -> Option<usize> {
        self.elements
            .iter()
            .try_fold(0usize, |sum, element| match element {
                Element::One(_) => Some(sum + 1),
                Element::Rest(rest) => sum.checked_add(rest.max?),
            })
    }

    /// The elements, when no stretch of them is unknown.
    #[must_use]
    pub fn closed(&self) -> Option<Vec<Thunk>> {
        self.elements
            .iter()
            .map(|element| match element {
                Element::One(thunk) => Some(thunk.clone()),
                Element::Rest(_) => None,
            })
            .collect()
    }
}

impl Object {
    /// The entry for `key`: the same spelling first, then one that differs in letter case only.
    /// Oracle case object-casekeys-0007.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        let exact = self.entries.iter().find(|entry| &*entry.key == key);
        exact.or_else(|| self.entries.iter().find(|entry| same_key(&entry.key, key)))
    }
}

/// Whether two keys are one key for ARM, which ignores letter case.
#[must_use]
pub fn same_key(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
        || (!(a.is_ascii() && b.is_ascii()) && super::culture::key_order(a, b).is_eq())
}
