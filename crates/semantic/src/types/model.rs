//! The types of the language: what a value may be, as far as the compiler tells values apart.
//!
//! Types are values that are cheap to clone. What hangs below an object or array is a [`Lazy`] type,
//! made when somebody asks: the bodies of resources are large and recursive.

use std::borrow::Cow;
use std::rc::Rc;

use tricep_catalogue::{Node, Scopes};
use tricep_syntax::text::FileId;

use crate::template::{Constraints, ModuleId, ResourceId, TypeId};

/// What the compiler notes beside a type.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Marks(u8);

impl Marks {
    /// None.
    pub(super) const NONE: Self = Self(0);
    /// A value of another type is a warning, not an error (`WarnOnTypeMismatch`).
    pub(super) const WARN_VALUE: Self = Self(1);
    /// A wrong property of such an object is a warning (`WarnOnPropertyTypeMismatch`).
    pub(super) const WARN_PROPERTY: Self = Self(2);
    /// Passes where one of some literals is wanted (`AllowLooseAssignment`).
    pub(super) const LOOSE: Self = Self(4);
    /// A secret.
    pub(super) const SECURE: Self = Self(8);

    /// Perhaps a literal for the compiler, which works out more than we do.
    pub(super) const UNSURE: Self = Self(16);

    /// Both.
    #[must_use]
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are among them.
    #[must_use]
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// A least and a greatest number, where there are.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Range {
    /// The least.
    pub(super) min: Option<i64>,
    /// The greatest.
    pub(super) max: Option<i64>,
}

impl Range {
    /// Any number.
    pub(super) const ANY: Self = Self {
        min: None,
        max: None,
    };

    /// Only this number.
    #[must_use]
    pub(super) const fn exactly(number: i64) -> Self {
        Self {
            min: Some(number),
            max: Some(number),
        }
    }
}

/// A type.
#[derive(Clone, Debug)]
pub(super) enum Type<'a> {
    /// Some type that is not known here. It fits everywhere and everything fits it.
    Unknown,
    /// Anything, and the compiler does not know better either.
    Any,
    /// What holds a mistake that is reported where it stands.
    Error,
    /// `null`
    Null,
    /// `bool`
    Bool(Marks),
    /// `true` or `false`
    BoolIs(bool, Marks),
    /// `int`
    Int(Range, Marks),
    /// An integer literal.
    IntIs(i64, Marks),
    /// `string`
    Text(Text<'a>),
    /// A string literal.
    TextIs(Cow<'a, str>, Marks),
    /// An array or tuple.
    Array(Rc<ArrayType<'a>>),
    /// An object.
    Object(Rc<ObjectType<'a>>),
    /// One of several objects, told apart by a property.
    Choice(Rc<ChoiceType<'a>>),
    /// One of several types, none of them a union; without members, `never`.
    Union(Rc<[Type<'a>]>),
    /// A resource, which counts as its body where a value is wanted.
    Resource(FileId, ResourceId),
    /// A module, which counts as its body.
    Module(FileId, ModuleId),
    /// What `resourceGroup()` and its kin return: a scope that can be read like an object.
    Scope(Scopes, Rc<ObjectType<'a>>),
    /// Wanted: a resource whose type is that of the parent of this one.
    ParentOf(Cow<'a, str>),
    /// Wanted: something that can be deployed to.
    AnyScope,
    /// Wanted: a resource, a module, or an array of them.
    Dependency,
}

/// `string` with what is known of its values.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Text<'a> {
    /// The length in UTF-16 units.
    pub(super) length: Range,
    /// A regular expression of .NET that the values match.
    pub(super) pattern: Option<&'a str>,
    /// Marks.
    pub(super) marks: Marks,
}

/// An array.
#[derive(Clone, Debug)]
pub(super) struct ArrayType<'a> {
    /// Its items.
    pub(super) items: Items<'a>,
    /// How many there are.
    pub(super) length: Range,
    /// Marks.
    pub(super) marks: Marks,
}

/// The items of an array.
#[derive(Clone, Debug)]
pub(super) enum Items<'a> {
    /// Anything.
    Any,
    /// Each of this type.
    Each(Lazy<'a>),
    /// A tuple.
    Tuple(Vec<Lazy<'a>>),
}

/// An object.
#[derive(Clone, Debug)]
pub(super) struct ObjectType<'a> {
    /// The declared properties, sorted by name.
    pub(super) properties: Vec<Property<'a>>,
    /// What the properties are beyond the declared ones; `None`: there may be no others.
    pub(super) further: Option<Further<'a>>,
    /// Marks.
    pub(super) marks: Marks,
    /// Where the type comes from; objects of one origin are one type.
    pub(super) origin: Option<Origin>,
}

/// What makes two object types one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// A type written in a file.
    Declared(FileId, TypeId),
    /// `object`
    AnyObject,
}

/// A property of an object type.
#[derive(Clone, Debug)]
pub(super) struct Property<'a> {
    /// The name.
    pub(super) name: Cow<'a, str>,
    /// What is demanded of it.
    pub(super) flags: Flags,
    /// The type of its values.
    pub(super) of: Lazy<'a>,
}

/// Properties beyond the declared ones.
#[derive(Clone, Debug)]
pub(super) struct Further<'a> {
    /// The type of their values.
    pub(super) of: Lazy<'a>,
    /// [`Flags::FALLBACK`] where they are only put up with.
    pub(super) flags: Flags,
}

/// What is demanded of a property.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Flags(u16);

impl Flags {
    /// Nothing.
    pub(super) const NONE: Self = Self(0);
    /// It must be given.
    pub(super) const REQUIRED: Self = Self(1);
    /// It cannot be given.
    pub(super) const READ_ONLY: Self = Self(2);
    /// It cannot be read.
    pub(super) const WRITE_ONLY: Self = Self(4);
    /// `null` stands for "not given".
    pub(super) const NULL_IS_ABSENT: Self = Self(8);
    /// Not in the data, but common enough to pass with a warning.
    pub(super) const FALLBACK: Self = Self(16);
    /// The compiler's own, not the data's.
    pub(super) const SYSTEM: Self = Self(32);
    /// A value of type `any` is refused.
    pub(super) const NO_ANY: Self = Self(64);

    /// Both.
    #[must_use]
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These but not those.
    #[must_use]
    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What both have.
    #[must_use]
    pub(super) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of `other` are among them.
    #[must_use]
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Several objects told apart by a property.
#[derive(Clone, Debug)]
pub(super) struct ChoiceType<'a> {
    /// The name of that property.
    pub(super) key: Cow<'a, str>,
    /// For each value of that property, the object.
    pub(super) members: Vec<(Cow<'a, str>, Lazy<'a>)>,
    /// Whether that property is the compiler's own.
    pub(super) system: bool,
    /// Marks.
    pub(super) marks: Marks,
}

/// A type that is made when it is asked for.
#[derive(Clone, Debug)]
pub(super) enum Lazy<'a> {
    /// It is made.
    Known(Type<'a>),
    /// A type of the catalogue.
    Node(Node<'a>, Depth),
    /// An element of a choice of the catalogue: the choice and the number of the element.
    Element(Node<'a>, usize, Depth),
    /// A type written in a file, and what decorators demand beside.
    Declared(FileId, TypeId, Option<&'a Constraints>),
    /// The same without some flags on properties, at any depth.
    Without(Box<Lazy<'a>>, Flags),
}

/// How deep in the body of a resource a type of the catalogue stands: what is wrong directly in the
/// body is an error, deeper a warning (`AzResourceTypeFactory.GetValidationFlags`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Depth {
    /// The body itself.
    Body,
    /// A property of the body.
    Top,
    /// Anything below.
    Below,
}

impl Depth {
    /// The marks of a type at this depth.
    #[must_use]
    pub(super) const fn marks(self) -> Marks {
        match self {
            Self::Body => Marks::NONE,
            Self::Top => Marks::WARN_PROPERTY,
            Self::Below => Marks::WARN_PROPERTY.with(Marks::WARN_VALUE),
        }
    }

    /// The depth of a property's type.
    #[must_use]
    pub(super) const fn below(self) -> Self {
        match self {
            Self::Body => Self::Top,
            Self::Top | Self::Below => Self::Below,
        }
    }
}

impl<'a> Type<'a> {
    /// `string` without limits.
    pub(super) const TEXT: Self = Self::Text(Text {
        length: Range::ANY,
        pattern: None,
        marks: Marks::NONE,
    });
    /// `int` without limits.
    pub(super) const INT: Self = Self::Int(Range::ANY, Marks::NONE);
    /// `bool`
    pub(super) const BOOL: Self = Self::Bool(Marks::NONE);

    /// Some text, perhaps a literal.
    #[must_use]
    pub(super) fn unsure_text() -> Self {
        Self::Text(Text {
            marks: Marks::UNSURE,
            ..Text::default()
        })
    }

    /// This type, or a literal of it.
    #[must_use]
    pub(super) fn unsure(self) -> Self {
        match self {
            Self::Text(text) => Self::Text(Text {
                length: Range::ANY,
                pattern: None,
                marks: text.marks.with(Marks::UNSURE),
            }),
            Self::Int(_, marks) => Self::Int(Range::ANY, marks.with(Marks::UNSURE)),
            Self::Bool(marks) => Self::Bool(marks.with(Marks::UNSURE)),
            Self::Object(_) => Self::dictionary(Self::Unknown),
            Self::Array(_) => Self::array_of(Self::Unknown),
            _ => Self::Unknown,
        }
    }

    /// The same, but a mistake stays one.
    #[must_use]
    pub(super) fn unsure_unless_error(self) -> Self {
        match self {
            Self::Error => Self::Error,
            other => other.unsure(),
        }
    }

    /// Whether the compiler may know better.
    #[must_use]
    pub(super) fn is_unsure(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Union(members) => members.iter().any(Self::is_unsure),
            other => other.marks().has(Marks::UNSURE),
        }
    }

    /// A string literal of the text.
    #[must_use]
    pub(super) fn literal(text: &'a str) -> Self {
        Self::TextIs(Cow::Borrowed(text), Marks::NONE)
    }

    /// `array`
    #[must_use]
    pub(super) fn any_array() -> Self {
        Self::array(Items::Any, Range::ANY)
    }

    /// An array without marks.
    #[must_use]
    pub(super) fn array(items: Items<'a>, length: Range) -> Self {
        Self::Array(Rc::new(ArrayType {
            items,
            length,
            marks: Marks::NONE,
        }))
    }

    /// `T[]`
    #[must_use]
    pub(super) fn array_of(item: Self) -> Self {
        Self::array(Items::Each(Lazy::Known(item)), Range::ANY)
    }

    /// A tuple of these.
    #[must_use]
    pub(super) fn tuple(items: Vec<Lazy<'a>>) -> Self {
        let length = Range::exactly(i64::try_from(items.len()).unwrap_or(i64::MAX));
        Self::array(Items::Tuple(items), length)
    }

    /// `object`
    #[must_use]
    pub(super) fn any_object() -> Self {
        Self::Object(Rc::new(ObjectType {
            properties: Vec::new(),
            further: Some(Further {
                of: Lazy::Known(Self::Any),
                flags: Flags::NONE,
            }),
            marks: Marks::NONE,
            origin: Some(Origin::AnyObject),
        }))
    }

    /// An object with these properties and, if `further` is given, others of that type.
    #[must_use]
    pub(super) fn object(mut properties: Vec<Property<'a>>, further: Option<Further<'a>>) -> Self {
        sort(&mut properties);
        Self::Object(Rc::new(ObjectType {
            properties,
            further,
            marks: Marks::NONE,
            origin: None,
        }))
    }

    /// A dictionary of values of one type.
    #[must_use]
    pub(super) fn dictionary(value: Self) -> Self {
        let further = Further {
            of: Lazy::Known(value),
            flags: Flags::NONE,
        };
        Self::object(Vec::new(), Some(further))
    }

    /// Whether nothing can be said about it.
    #[must_use]
    pub(super) fn is_any(&self) -> bool {
        matches!(self, Self::Any | Self::Unknown)
    }

    /// Whether it may be deployed to (`IScopeReference`).
    #[must_use]
    pub(super) fn is_scope(&self) -> bool {
        matches!(
            self,
            Self::Resource(..) | Self::Module(..) | Self::Scope(..) | Self::AnyScope
        )
    }

    /// The marks.
    #[must_use]
    pub(super) fn marks(&self) -> Marks {
        match self {
            Self::Bool(marks)
            | Self::BoolIs(_, marks)
            | Self::Int(_, marks)
            | Self::IntIs(_, marks)
            | Self::TextIs(_, marks) => *marks,
            Self::Text(text) => text.marks,
            Self::Array(array) => array.marks,
            Self::Object(object) => object.marks,
            Self::Choice(choice) => choice.marks,
            _ => Marks::NONE,
        }
    }

    /// Whether it or a member of it has a mark.
    #[must_use]
    pub(super) fn is_marked(&self, mark: Marks) -> bool {
        match self {
            Self::Union(members) => members.iter().any(|member| member.is_marked(mark)),
            other => other.marks().has(mark),
        }
    }
}

/// Sorts properties by name, as [`ObjectType`] wants them.
pub(super) fn sort(properties: &mut [Property<'_>]) {
    properties.sort_by(|a, b| a.name.cmp(&b.name));
}

impl<'a> ObjectType<'a> {
    /// The declared property of that name; letter case counts.
    #[must_use]
    pub(super) fn property(&self, name: &str) -> Option<&Property<'a>> {
        let place = self
            .properties
            .binary_search_by(|property| (*property.name).cmp(name))
            .ok()?;
        self.properties.get(place)
    }
}

impl<'a> Property<'a> {
    /// A property.
    pub(super) fn new(name: impl Into<Cow<'a, str>>, flags: Flags, of: Type<'a>) -> Self {
        Self {
            name: name.into(),
            flags,
            of: Lazy::Known(of),
        }
    }
}
