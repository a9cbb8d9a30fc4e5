//! Type expressions.

use super::{ExprId, List, Name, id};
use crate::bicep::token::Kind;
use crate::text::Span;

id! {
    /// A type expression.
    TypeId
}
id! {
    /// An item of an object type or tuple.
    TypeItemId
}

/// A type expression and the bytes it covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Type {
    /// From the first to the last token.
    pub span: Span,
    /// Which form it has.
    pub kind: TypeKind,
}

/// The forms of a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeKind {
    /// Nothing usable stood where a type belongs.
    Missing,
    /// `string`, `myType`
    Name(Name),
    /// `name<A, B>`
    Generic {
        /// The generic.
        name: Name,
        /// Its arguments.
        arguments: List<TypeId>,
    },
    /// `base.name`
    Member {
        /// Before the dot.
        base: TypeId,
        /// After it.
        name: Option<Name>,
    },
    /// `base.name<A, B>`
    MemberGeneric {
        /// Before the dot.
        base: TypeId,
        /// After it.
        name: Option<Name>,
        /// Its arguments.
        arguments: List<TypeId>,
    },
    /// `T[]`
    Array(TypeId),
    /// `T[*]`: the type of the elements
    Elements(TypeId),
    /// `T.*`: the type of the further properties
    FurtherProperties(TypeId),
    /// `T[0]`: the type of an element of a tuple
    Index {
        /// The tuple.
        base: TypeId,
        /// The number.
        index: ExprId,
    },
    /// `T?`
    Nullable(TypeId),
    /// `T!`
    NonNull(TypeId),
    /// `A | B`
    Union(List<TypeId>),
    /// `[A, B]`
    Tuple(List<TypeItemId>),
    /// `{ key: T }`
    Object(List<TypeItemId>),
    /// A literal: integer, `true`, `false`, `null` or string.
    Literal(ExprId),
    /// `-1`, `!true`
    Unary {
        /// [`Kind::Minus`] or [`Kind::Bang`].
        operator: Kind,
        /// The operand.
        operand: TypeId,
    },
    /// `(T)`
    Parenthesized(TypeId),
    /// `resource` or `resource 'type@version'`, the experimental form
    Resource(Option<ExprId>),
}

/// An item of an object type or tuple.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypeItem {
    /// From the first decorator to the last token.
    pub span: Span,
    /// The decorators, as expressions after the `@`.
    pub decorators: List<ExprId>,
    /// The key; [`TypeKey::None`] in tuples.
    pub key: TypeKey,
    /// The type.
    pub value: TypeId,
}

/// The key of a type item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeKey {
    /// `name:`
    Name(Name),
    /// `'text':`
    String(ExprId),
    /// `*:`, the further properties
    Any,
    /// A tuple's item, or text that made no sense.
    None,
}
