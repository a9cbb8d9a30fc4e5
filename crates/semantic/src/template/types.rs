//! Type expressions with their names resolved.

use std::sync::Arc;

use tricep_syntax::text::Span;

use super::{ExprId, ImportId, TypeDefId};
use crate::index::idx;

idx! {
    /// A type expression.
    TypeId;
}

/// A type expression and where it stands.
#[derive(Clone, Debug)]
pub struct TypeExpr {
    /// The bytes in the file of the template.
    pub span: Span,
    /// Which form it has.
    pub kind: TypeKind,
}

/// The forms of a type.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// Anything: `any`, a resource type we have no schema for, text that made no sense.
    Any,
    /// `null`
    Null,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `string`
    Text,
    /// `array`, `T[]`
    List(Option<TypeId>),
    /// `object`, `{ … }`
    Object {
        /// The declared properties.
        properties: Vec<TypeProperty>,
        /// The type of the properties beyond them, where one is declared (`*: T`).
        further: Option<TypeId>,
    },
    /// `[A, B]`
    Tuple(Vec<TypeId>),
    /// A literal: an expression without names.
    Literal(ExprId),
    /// `A | B`
    Union(Vec<TypeId>),
    /// `T?`
    Nullable(TypeId),
    /// `T!`
    NonNull(TypeId),
    /// A type of the file.
    Named(TypeDefId),
    /// An imported type: the import and, for `import *`, the name behind the dot.
    Imported(ImportId, Option<Arc<str>>),
    /// `T.name`
    Member(TypeId, Arc<str>),
    /// `T[*]`
    Elements(TypeId),
}

/// A property of an object type.
#[derive(Clone, Debug)]
pub struct TypeProperty {
    /// The key.
    pub key: Arc<str>,
    /// The type.
    pub value: TypeId,
    /// What the decorators demand.
    pub constraints: Constraints,
}

/// What decorators demand of a value.
#[derive(Clone, Default, Debug)]
pub struct Constraints {
    /// `@minLength(…)`
    pub min_length: Option<u64>,
    /// `@maxLength(…)`
    pub max_length: Option<u64>,
    /// `@minValue(…)`
    pub min_value: Option<i64>,
    /// `@maxValue(…)`
    pub max_value: Option<i64>,
    /// `@allowed([…])`: an array expression.
    pub allowed: Option<ExprId>,
    /// `@secure()`
    pub secure: bool,
    /// `@sealed()`
    pub sealed: bool,
}
