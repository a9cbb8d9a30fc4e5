//! Objects: enters the record of one, leave its properties, or those of each object it may be.

use crate::cursor::Cursor;
use crate::format::{ADDITIONAL, NAMED, SENSITIVE};
use crate::node::{Node, marked};
use crate::pack::{Damaged, Pack};

/// An object with declared properties.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// The name the data give it, `ManagedClusterProperties` for instance; bodies have none.
    pub name: Option<&'a str>,
    /// Whether the whole object is a secret.
    pub sensitive: bool,
    /// The type of all properties that are not declared, if such are allowed.
    pub additional: Option<Node<'a>>,
    properties: Properties<'a>,
}

/// One of several objects, told apart by the value of one property.
///
/// Each element declares the discriminator too, as a property with a literal.
#[derive(Clone, Copy, Debug)]
pub struct Discriminated<'a> {
    /// The name the data give it; bodies have none.
    pub name: Option<&'a str>,
    /// The property that tells which object it is.
    pub discriminator: &'a str,
    base: Properties<'a>,
    elements: Elements<'a>,
}

/// A declared property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Property<'a> {
    /// Its name; it is compared exactly.
    pub name: &'a str,
    /// What the data say of it.
    pub flags: Flags,
    /// The type of its value.
    pub node: Node<'a>,
}

/// What the data say of a property; the compiler adds to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Flags(pub u8);

impl Flags {
    /// May not be left out.
    pub const REQUIRED: Self = Self(1);
    /// May not be assigned.
    pub const READ_ONLY: Self = Self(2);
    /// May not be read.
    pub const WRITE_ONLY: Self = Self(4);
    /// Must be known when the deployment starts.
    pub const DEPLOY_TIME: Self = Self(8);

    /// Whether all of the other flags are set.
    #[must_use]
    pub fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// Whether the property may not be left out.
    #[must_use]
    pub fn required(self) -> bool {
        self.contains(Self::REQUIRED)
    }

    /// Whether the property may not be assigned.
    #[must_use]
    pub fn read_only(self) -> bool {
        self.contains(Self::READ_ONLY)
    }

    /// Whether the property may not be read.
    #[must_use]
    pub fn write_only(self) -> bool {
        self.contains(Self::WRITE_ONLY)
    }

    /// Whether the property must be known when the deployment starts.
    #[must_use]
    pub fn deploy_time(self) -> bool {
        self.contains(Self::DEPLOY_TIME)
    }
}

impl<'a> Object<'a> {
    pub(crate) fn read(
        pack: Pack<'a>,
        marks: u8,
        cursor: &mut Cursor<'a>,
    ) -> Result<Self, Damaged> {
        Ok(Self {
            name: marked(marks, NAMED, || pack.string(cursor.u24()?))?,
            sensitive: marks & SENSITIVE != 0,
            additional: marked(marks, ADDITIONAL, || Ok(Node::at(pack, cursor.u24()?)))?,
            properties: Properties::read(pack, cursor)?,
        })
    }

    /// The declared properties, sorted by the bytes of their names.
    #[must_use]
    pub fn properties(self) -> Properties<'a> {
        self.properties
    }

    /// The declared property with exactly this name.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Property<'a>> {
        self.properties.named(name)
    }
}

impl<'a> Discriminated<'a> {
    pub(crate) fn read(
        pack: Pack<'a>,
        marks: u8,
        cursor: &mut Cursor<'a>,
    ) -> Result<Self, Damaged> {
        Ok(Self {
            name: marked(marks, NAMED, || pack.string(cursor.u24()?))?,
            discriminator: pack.string(cursor.u24()?)?,
            base: Properties::read(pack, cursor)?,
            elements: Elements::read(pack, cursor)?,
        })
    }

    /// The properties that all elements share, sorted by the bytes of their names. An element may hide
    /// some: see [`of`](Self::of).
    #[must_use]
    pub fn base(self) -> Properties<'a> {
        self.base
    }

    /// The objects it may be, each with the value that chooses it, sorted by the bytes of the values.
    /// Each node is an object.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        self.elements
    }

    /// The object that exactly this value of the discriminator chooses.
    #[must_use]
    pub fn element(self, value: &str) -> Option<Object<'a>> {
        let mut elements = self.elements;
        let (_, node) = elements.find(|&(own, _)| own == value)?;
        node.object()
    }

    /// The properties of an element, then those all elements share, but for the ones the element has
    /// itself, in whatever case (`AzResourceTypeFactory.ToCombinedType`).
    pub fn of(self, element: Object<'a>) -> impl Iterator<Item = Property<'a>> {
        let own = element.properties();
        let hidden = move |base: &Property<'_>| {
            let mut own = own;
            own.any(|own| own.name.eq_ignore_ascii_case(base.name))
        };
        own.chain(self.base.filter(move |base| !hidden(base)))
    }
}

/// A list of properties, sorted by the bytes of their names.
#[derive(Clone, Copy, Debug)]
pub struct Properties<'a> {
    pack: Pack<'a>,
    cursor: Cursor<'a>,
    left: usize,
    before: u32,
}

impl<'a> Properties<'a> {
    /// Reads all properties once, so that reading them again cannot fail.
    fn read(pack: Pack<'a>, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let properties = Self {
            pack,
            left: cursor.count()?,
            cursor: *cursor,
            before: 0,
        };
        let mut all = properties;
        for _ in 0..properties.left {
            all.step()?;
        }
        *cursor = all.cursor;
        Ok(properties)
    }

    fn step(&mut self) -> Result<Property<'a>, Damaged> {
        let distance = self.cursor.signed()?;
        let number = i64::from(self.before).checked_add(distance);
        let number = number.and_then(|number| u32::try_from(number).ok());
        self.before = number.ok_or(Damaged("a property is out of range"))?;
        let raw = self.pack.property(self.before)?;
        Ok(Property {
            name: self.pack.string(raw.name)?,
            flags: Flags(raw.flags),
            node: Node::at(self.pack, raw.node),
        })
    }

    fn named(self, name: &str) -> Option<Property<'a>> {
        self.into_iter().find(|property| property.name == name)
    }
}

impl<'a> Iterator for Properties<'a> {
    type Item = Property<'a>;

    fn next(&mut self) -> Option<Property<'a>> {
        self.left = self.left.checked_sub(1)?;
        self.step().ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Properties<'_> {}

/// The elements of a [`Discriminated`].
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a> {
    pack: Pack<'a>,
    cursor: Cursor<'a>,
    left: usize,
}

impl<'a> Elements<'a> {
    /// Reads all elements once, so that reading them again cannot fail.
    fn read(pack: Pack<'a>, cursor: &mut Cursor<'a>) -> Result<Self, Damaged> {
        let elements = Self {
            pack,
            left: cursor.count()?,
            cursor: *cursor,
        };
        let mut all = elements;
        for _ in 0..elements.left {
            all.step()?;
        }
        *cursor = all.cursor;
        Ok(elements)
    }

    fn step(&mut self) -> Result<(&'a str, Node<'a>), Damaged> {
        let value = self.pack.string(self.cursor.u24()?)?;
        Ok((value, Node::at(self.pack, self.cursor.u24()?)))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = (&'a str, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        self.step().ok()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Elements<'_> {}
