//! The tree: nodes in the order of the text, each with the number of the node behind its last part.
//! Twelve bytes a node, so that a file of 50 MB stays small; strings and numbers are read from the
//! text when somebody asks.

use std::sync::Arc;

use super::error::JsonError;
use super::number::{self, Number};
use super::text::Text;
use crate::text::Span;

/// A JSON text that was read: its tree and its errors. Owned and determined by the text alone.
#[derive(Clone, PartialEq, Debug)]
pub struct Json {
    pub(super) text: Arc<str>,
    pub(super) nodes: Vec<Node>,
    pub(super) errors: Vec<JsonError>,
}

/// A value or a key. What it is shows in the first byte of its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The node behind everything that belongs to this one.
    pub(super) next: u32,
}

/// A place in a [`Json`], for those who cannot keep a [`Value`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NodeId(u32);

/// What kind of value one is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `{ … }`
    Object,
    /// `[ … ]`
    Array,
    /// A string, or a bare key.
    String,
    /// A number.
    Number,
    /// `true`, `false`
    Bool,
    /// `null`, `undefined`, or nothing between two commas of a list.
    Null,
    /// There is none, or it made no sense; an error says so.
    Missing,
}

/// A value in a [`Json`].
#[derive(Clone, Copy, Debug)]
pub struct Value<'j> {
    json: &'j Json,
    at: u32,
}

/// A key with its value.
#[derive(Clone, Copy, Debug)]
pub struct Member<'j> {
    key: Value<'j>,
    /// The value.
    pub value: Value<'j>,
}

impl Json {
    /// The text, a byte order mark included.
    #[must_use]
    pub fn source(&self) -> &Arc<str> {
        &self.text
    }

    /// What was wrong, in the order of the text; of very many the first ones.
    #[must_use]
    pub fn errors(&self) -> &[JsonError] {
        &self.errors
    }

    /// The value that the text is.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        Value { json: self, at: 0 }
    }

    /// The value at a place of this tree. The place of another tree may give any value.
    #[must_use]
    pub fn value(&self, id: NodeId) -> Value<'_> {
        Value {
            json: self,
            at: id.0,
        }
    }

    fn node(&self, at: u32) -> Node {
        const NOTHING: Node = Node {
            start: 0,
            end: 0,
            next: u32::MAX,
        };
        self.nodes.get(at as usize).copied().unwrap_or(NOTHING)
    }
}

impl<'j> Value<'j> {
    /// The tree that the value is part of.
    #[must_use]
    pub fn json(self) -> &'j Json {
        self.json
    }

    /// The place of the value.
    #[must_use]
    pub fn id(self) -> NodeId {
        NodeId(self.at)
    }

    /// The bytes of the value, brackets and quotes included.
    #[must_use]
    pub fn span(self) -> Span {
        let node = self.json.node(self.at);
        Span::new(node.start, node.end)
    }

    /// The value as written.
    #[must_use]
    pub fn raw(self) -> &'j str {
        self.json.text.get(self.span().range()).unwrap_or_default()
    }

    /// What kind of value it is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.raw().bytes().next() {
            None => Kind::Missing,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'n' | b'u' | b',') => Kind::Null,
            Some(b'0'..=b'9' | b'-' | b'.' | b'N' | b'I') => Kind::Number,
            Some(_) => Kind::String,
        }
    }

    /// Whether the value is of a kind.
    #[must_use]
    pub fn is(self, kind: Kind) -> bool {
        self.kind() == kind
    }

    /// The text of a string.
    #[must_use]
    pub fn text(self) -> Option<Text<'j>> {
        self.is(Kind::String).then(|| self.any_text())
    }

    fn any_text(self) -> Text<'j> {
        Text::of_token(self.raw(), self.span().start)
    }

    /// The value of a number; `None` also where the digits make no number.
    #[must_use]
    pub fn number(self) -> Option<Number<'j>> {
        self.is(Kind::Number).then(|| number::read(self.raw()))?
    }

    /// The value of a whole number of 64 bits.
    #[must_use]
    pub fn int(self) -> Option<i64> {
        match self.number()? {
            Number::Int(value) => Some(value),
            Number::Large(_) | Number::Float(_) => None,
        }
    }

    /// The value of `true` and `false`.
    #[must_use]
    pub fn bool(self) -> Option<bool> {
        self.is(Kind::Bool).then(|| self.raw().starts_with('t'))
    }

    /// The elements of a list; none for anything else.
    pub fn items(self) -> Items<'j> {
        Items(self.parts(Kind::Array))
    }

    /// The members of an object in the order of the text, equal keys and all; none for anything
    /// else. See [`Value::settled`].
    pub fn members(self) -> Members<'j> {
        Members(self.parts(Kind::Object))
    }

    /// The members that the engine's reader keeps: of equal keys the last value, at the place of
    /// the first. Keys that differ in letter case are different keys.
    #[must_use]
    pub fn settled(self) -> Vec<Member<'j>> {
        let mut kept: Vec<Member<'j>> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for member in self.members() {
            match places.entry(member.key().value) {
                std::collections::hash_map::Entry::Occupied(place) => {
                    kept[*place.get()] = member;
                }
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(kept.len());
                    kept.push(member);
                }
            }
        }
        kept
    }

    /// The value of a key: the last one that is spelt so.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Value<'j>> {
        let same = |member: &Member<'_>| member.key().value == key;
        self.members()
            .filter(same)
            .last()
            .map(|member| member.value)
    }

    /// The member of a key, letter case aside as the engine reads templates: the last one.
    #[must_use]
    pub fn member_ignoring_case(self, key: &str) -> Option<Member<'j>> {
        self.members().filter(|member| member.is_called(key)).last()
    }

    /// The value of a key, letter case aside as the engine reads templates: the last one.
    #[must_use]
    pub fn get_ignoring_case(self, key: &str) -> Option<Value<'j>> {
        self.member_ignoring_case(key).map(|member| member.value)
    }

    fn parts(self, of: Kind) -> Parts<'j> {
        let (next, end) = match self.is(of) {
            true => (self.at + 1, self.json.node(self.at).next),
            false => (0, 0),
        };
        Parts {
            json: self.json,
            next,
            end,
        }
    }
}

impl<'j> Member<'j> {
    /// The key.
    #[must_use]
    pub fn key(&self) -> Text<'j> {
        self.key.any_text()
    }

    /// Whether this is the key, letter case aside. Templates are searched by key again and again, and
    /// hardly any key holds an escape.
    fn is_called(&self, key: &str) -> bool {
        let length = self.key.span().len() as usize;
        if length < key.len() {
            // What is escaped is longer than what it stands for.
            return false;
        }
        let raw = self.key.raw();
        if raw.contains('\\') {
            return self.key().value.eq_ignore_ascii_case(key);
        }
        if length != key.len() && length != key.len() + 2 {
            return false;
        }
        let quoted = |quote| raw.strip_prefix(quote)?.strip_suffix(quote);
        let plain = quoted('"').or_else(|| quoted('\'')).unwrap_or(raw);
        plain.eq_ignore_ascii_case(key)
    }

    /// The bytes of the key, quotes included.
    #[must_use]
    pub fn key_span(&self) -> Span {
        self.key.span()
    }

    /// The bytes from the key to the end of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.key.span().merge(self.value.span())
    }
}

/// The nodes directly below one.
#[derive(Clone, Debug)]
struct Parts<'j> {
    json: &'j Json,
    next: u32,
    end: u32,
}

impl<'j> Iterator for Parts<'j> {
    type Item = Value<'j>;

    fn next(&mut self) -> Option<Value<'j>> {
        if self.next >= self.end {
            return None;
        }
        let at = self.next;
        self.next = self.json.node(at).next;
        Some(Value {
            json: self.json,
            at,
        })
    }
}

/// The elements of a list.
#[derive(Clone, Debug)]
pub struct Items<'j>(Parts<'j>);

impl<'j> Iterator for Items<'j> {
    type Item = Value<'j>;

    fn next(&mut self) -> Option<Value<'j>> {
        self.0.next()
    }
}

/// The members of an object.
#[derive(Clone, Debug)]
pub struct Members<'j>(Parts<'j>);

impl<'j> Iterator for Members<'j> {
    type Item = Member<'j>;

    fn next(&mut self) -> Option<Member<'j>> {
        let key = self.0.next()?;
        let value = self.0.next()?;
        Some(Member { key, value })
    }
}
