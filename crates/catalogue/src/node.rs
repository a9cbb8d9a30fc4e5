//! Types of values: enters the place of a node, leaves its kind with all that belongs to it.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::cursor::Cursor;
use crate::format::{
    ANY, ARRAY, BOOL, DISCRIMINATED, ENUM, INT, KIND, LITERAL, MAX, MIN, OBJECT, OPEN, PATTERN,
    SENSITIVE, TEXT,
};
use crate::object::{Discriminated, Object};
use crate::pack::{Damaged, Pack};

/// A type of values.
///
/// Nodes are cheap to copy and to compare. Of one catalogue, equal nodes are equal types and different
/// nodes are different types, so that nodes can stand in a set of what was visited already.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pack: Pack<'a>,
    place: Place<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Place<'a> {
    At(u32),
    /// Any text; for `id`, which packs leave out.
    Text,
    /// A text; for `type` and `apiVersion`, which packs leave out.
    Literal(&'a str),
}

/// What a type is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Kind<'a> {
    /// Any value.
    Any,
    /// true or false.
    Bool,
    /// A whole number.
    Int(Int),
    /// A text.
    Text(Text<'a>),
    /// This text only.
    Literal(&'a str),
    /// One of some texts.
    Enum(Enum<'a>),
    /// A list.
    Array(Array<'a>),
    /// An object.
    Object(Object<'a>),
    /// One of several objects; a property says which.
    Discriminated(Discriminated<'a>),
    /// The pack is damaged here: as good as [`Kind::Any`], but known to be no fact.
    Damaged(Damaged),
}

/// Limits of whole numbers, both inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Int {
    /// The least value.
    pub min: Option<i64>,
    /// The greatest value.
    pub max: Option<i64>,
}

/// Limits of texts. Lengths are in characters as .NET counts them (UTF-16 units), both inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Text<'a> {
    /// The least length.
    pub min_length: Option<u64>,
    /// The greatest length.
    pub max_length: Option<u64>,
    /// A regular expression of .NET that the text matches somewhere.
    pub pattern: Option<&'a str>,
    /// Whether the text is a secret.
    pub sensitive: bool,
}

/// A list of texts.
#[derive(Clone, Copy, Debug)]
pub struct Enum<'a> {
    values: Values<'a>,
    /// If other texts are allowed too: which.
    pub open: Option<Text<'a>>,
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub struct Array<'a> {
    /// The type of each item.
    pub item: Node<'a>,
    /// The least number of items; the compiler takes no notice of it.
    pub min_length: Option<u64>,
    /// The greatest number of items; the compiler takes no notice of it.
    pub max_length: Option<u64>,
}

impl<'a> Node<'a> {
    pub(crate) fn at(pack: Pack<'a>, place: u32) -> Self {
        let place = Place::At(place);
        Self { pack, place }
    }

    /// Any text.
    pub(crate) fn text(pack: Pack<'a>) -> Self {
        let place = Place::Text;
        Self { pack, place }
    }

    /// The text only.
    pub(crate) fn literal(pack: Pack<'a>, text: &'a str) -> Self {
        let place = Place::Literal(text);
        Self { pack, place }
    }

    /// Reads the node. What the returned value holds was read too, but for the nodes it refers to:
    /// if it is not [`Kind::Damaged`], its lists are whole.
    #[must_use]
    pub fn kind(self) -> Kind<'a> {
        match self.place {
            Place::At(place) => read(self.pack, place).unwrap_or_else(Kind::Damaged),
            Place::Text => Kind::Text(Text::default()),
            Place::Literal(text) => Kind::Literal(text),
        }
    }

    /// The object, if the node is one.
    #[must_use]
    pub fn object(self) -> Option<Object<'a>> {
        match self.kind() {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }
}

fn read(pack: Pack<'_>, place: u32) -> Result<Kind<'_>, Damaged> {
    let mut cursor = pack.node(place)?;
    let first = cursor.u8()?;
    let (kind, marks) = (first & KIND, first & !KIND);
    Ok(match kind {
        ANY => Kind::Any,
        BOOL => Kind::Bool,
        INT => Kind::Int(Int::read(marks, &mut cursor)?),
        TEXT => Kind::Text(Text::read(pack, marks, &mut cursor)?),
        LITERAL => Kind::Literal(pack.string(cursor.u24()?)?),
        ENUM => Kind::Enum(Enum::read(pack, marks, &mut cursor)?),
        ARRAY => Kind::Array(Array::read(pack, marks, &mut cursor)?),
        OBJECT => Kind::Object(Object::read(pack, marks, &mut cursor)?),
        DISCRIMINATED => Kind::Discriminated(Discriminated::read(pack, marks, &mut cursor)?),
        _ => return Err(Damaged("a node is of no kind")),
    })
}

/// Reads something if a mark says that it is there.
pub(crate) fn marked<T>(
    marks: u8,
    mark: u8,
    read: impl FnOnce() -> Result<T, Damaged>,
) -> Result<Option<T>, Damaged> {
    (marks & mark != 0).then(read).transpose()
}

impl Int {
    fn read(marks: u8, cursor: &mut Cursor<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            min: marked(marks, MIN, || cursor.signed())?,
            max: marked(marks, MAX, || cursor.signed())?,
        })
    }
}

impl<'a> Text<'a> {
    fn read(pack: Pack<'a>, marks: u8, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        Ok(Self {
            min_length: marked(marks, MIN, || cursor.varint())?,
            max_length: marked(marks, MAX, || cursor.varint())?,
            pattern: marked(marks, PATTERN, || pack.string(cursor.u24()?))?,
            sensitive: marks & SENSITIVE != 0,
        })
    }

    /// The text an enum is open for.
    fn read_open(pack: Pack<'a>, place: u32) -> Result<Self, Damaged> {
        let mut cursor = pack.node(place)?;
        let first = cursor.u8()?;
        if first & KIND != TEXT {
            return Err(Damaged("an enum is open for something else than texts"));
        }
        Self::read(pack, first & !KIND, &mut cursor)
    }
}

impl<'a> Enum<'a> {
    fn read(pack: Pack<'a>, marks: u8, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let open = marked(marks, OPEN, || Text::read_open(pack, cursor.u24()?))?;
        let values = Values::read(pack, cursor)?;
        Ok(Self { values, open })
    }

    /// The texts, sorted by bytes, each once.
    #[must_use]
    pub fn values(self) -> Values<'a> {
        self.values
    }

    /// Whether the text is listed, in exactly this spelling.
    #[must_use]
    pub fn contains(self, text: &str) -> bool {
        self.values.into_iter().any(|value| value == text)
    }
}

impl<'a> Array<'a> {
    fn read(pack: Pack<'a>, marks: u8, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        Ok(Self {
            item: Node::at(pack, cursor.u24()?),
            min_length: marked(marks, MIN, || cursor.varint())?,
            max_length: marked(marks, MAX, || cursor.varint())?,
        })
    }
}

/// The texts of an [`Enum`].
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    pack: Pack<'a>,
    cursor: Cursor<'a>,
    left: usize,
    before: u32,
}

impl<'a> Values<'a> {
    /// Reads all values once, so that reading them again cannot fail.
    fn read(pack: Pack<'a>, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let values = Self {
            pack,
            left: cursor.count()?,
            cursor: *cursor,
            before: 0,
        };
        let mut all = values;
        for _ in 0..values.left {
            all.step()?;
        }
        *cursor = all.cursor;
        Ok(values)
    }

    fn step(&mut self) -> Result<&'a str, Damaged> {
        let distance = u32::try_from(self.cursor.varint()?).ok();
        let id = distance.and_then(|distance| self.before.checked_add(distance));
        self.before = id.ok_or(Damaged("a string is out of range"))?;
        self.pack.string(self.before)
    }
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.left = self.left.checked_sub(1)?;
        self.step().ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Values<'_> {}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && self.pack.is(other.pack)
    }
}

impl Eq for Node<'_> {}

impl Hash for Node<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.place.hash(state);
    }
}

impl fmt::Debug for Node<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.place.fmt(out)
    }
}
