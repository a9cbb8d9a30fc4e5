//! One version of a resource type: enters its entry, leave its scopes, its body and its functions.

use std::ops::BitOr;

use crate::cursor::Cursor;
use crate::node::Node;
use crate::object::{Flags, Property};
use crate::pack::{Damaged, Pack, RawEntry};

/// One version of a resource type.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// The type as this version spells it; some types change case between versions.
    pub name: &'a str,
    /// The API version.
    pub version: &'a str,
    /// Where resources of the type can be read, with `existing`.
    pub readable: Scopes,
    /// Where resources of the type can be deployed. Empty: they can only be read.
    pub writable: Scopes,
    /// The type of the body: [an object](crate::Kind::Object), or
    /// [one of several](crate::Kind::Discriminated). [`implied`](Self::implied) properties are left
    /// out.
    pub body: Node<'a>,
    functions: Functions<'a>,
}

/// A set of scopes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Scopes(pub u8);

impl Scopes {
    /// The tenant.
    pub const TENANT: Self = Self(1);
    /// A management group.
    pub const MANAGEMENT_GROUP: Self = Self(2);
    /// A subscription.
    pub const SUBSCRIPTION: Self = Self(4);
    /// A resource group.
    pub const RESOURCE_GROUP: Self = Self(8);
    /// Another resource.
    pub const EXTENSION: Self = Self(16);

    /// Whether all of the other scopes are in the set.
    #[must_use]
    pub fn contains(self, scopes: Self) -> bool {
        self.0 & scopes.0 == scopes.0
    }

    /// Whether no scope is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Scopes {
    type Output = Self;

    /// The scopes of both.
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl<'a> Resource<'a> {
    pub(crate) fn read(pack: Pack<'a>, name: &'a str, entry: RawEntry) -> Result<Self, Damaged> {
        Ok(Self {
            name,
            version: pack.string(entry.version)?,
            readable: Scopes(entry.readable),
            writable: Scopes(entry.writable),
            body: Node::at(pack, entry.body),
            functions: Functions::read(pack, &mut pack.node(entry.functions)?)?,
        })
    }

    /// The properties `apiVersion`, `id` and `type`. Each body declares them, or each element of a body
    /// does, always with these flags and these types; so packs leave them out.
    #[must_use]
    pub fn implied(self) -> [Property<'a>; 3] {
        let pack = self.functions.pack;
        [
            ("apiVersion", Node::literal(pack, self.version)),
            ("id", Node::text(pack)),
            ("type", Node::literal(pack, self.name)),
        ]
        .map(|(name, node)| Property {
            name,
            flags: Flags(Flags::READ_ONLY.0 | Flags::DEPLOY_TIME.0),
            node,
        })
    }

    /// The functions whose names begin with `list`, sorted by the bytes of their names. Data know
    /// others; the compiler drops them (`AzResourceTypeLoader.LoadType`).
    #[must_use]
    pub fn functions(self) -> Functions<'a> {
        self.functions
    }
}

/// A function of a resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Function<'a> {
    /// Its name, `listKeys` for instance.
    pub name: &'a str,
    /// What it takes besides the API version, if anything.
    pub input: Option<Node<'a>>,
    /// What it returns.
    pub output: Node<'a>,
}

/// The functions of a resource.
#[derive(Clone, Copy, Debug)]
pub struct Functions<'a> {
    pack: Pack<'a>,
    cursor: Cursor<'a>,
    left: usize,
}

impl<'a> Functions<'a> {
    /// Reads all functions once, so that reading them again cannot fail.
    fn read(pack: Pack<'a>, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let functions = Self {
            pack,
            left: cursor.count()?,
            cursor: *cursor,
        };
        let mut all = functions;
        for _ in 0..functions.left {
            all.step()?;
        }
        Ok(functions)
    }

    fn step(&mut self) -> Result<Function<'a>, Damaged> {
        Ok(Function {
            name: self.pack.string(self.cursor.u24()?)?,
            output: Node::at(self.pack, self.cursor.u24()?),
            input: match self.cursor.u8()? {
                0 => None,
                _ => Some(Node::at(self.pack, self.cursor.u24()?)),
            },
        })
    }
}

impl<'a> Iterator for Functions<'a> {
    type Item = Function<'a>;

    fn next(&mut self) -> Option<Function<'a>> {
        self.left = self.left.checked_sub(1)?;
        self.step().ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Functions<'_> {}
