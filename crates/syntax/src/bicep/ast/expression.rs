//! Expressions and what they are made of.

use super::{List, Name, StatementId, TokenId, id};
use crate::bicep::token::Kind;
use crate::text::Span;

id! {
    /// An expression.
    ExprId
}
id! {
    /// The head and body of a `for`.
    ForId
}
id! {
    /// An item of an object.
    ItemId
}

/// An expression and the bytes it covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expr {
    /// From the first to the last token.
    pub span: Span,
    /// Which form it has.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExprKind {
    /// Nothing usable stood where an expression belongs; the span covers what was skipped.
    Missing,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `42`; the digits never carry a sign. `None`: more than 2^64 - 1.
    Int(Option<u64>),
    /// A string without holes: `'…'`, `'''…'''`.
    String(TokenId),
    /// A string with holes; one more piece than holes (fewer only where the text broke off).
    Interpolated {
        /// The literal pieces, delimiters included.
        pieces: List<TokenId>,
        /// The expressions between them.
        holes: List<ExprId>,
    },
    /// `x`
    Name(Name),
    /// `base.name`, `base.?name`; `None` after a dot that ends.
    Member {
        /// What stands before the dot.
        base: ExprId,
        /// What stands after it.
        name: Option<Name>,
        /// Whether it was `.?`.
        safe: bool,
    },
    /// `base::name`
    NestedResource {
        /// The resource.
        base: ExprId,
        /// The nested one.
        name: Option<Name>,
    },
    /// `base[index]`, `base[?index]`, `base[^index]`, `base[?^index]`
    Index {
        /// What is indexed.
        base: ExprId,
        /// The index.
        index: ExprId,
        /// Whether `?` stood in the bracket.
        safe: bool,
        /// Whether `^` stood in the bracket: counted from the end.
        from_end: bool,
    },
    /// `base!`
    NonNull(ExprId),
    /// `name(arguments)`
    Call {
        /// The function.
        name: Name,
        /// The arguments.
        arguments: List<ExprId>,
    },
    /// `base.name(arguments)`
    MethodCall {
        /// The namespace or object.
        base: ExprId,
        /// The function; `None` for `base.(…)`.
        name: Option<Name>,
        /// The arguments.
        arguments: List<ExprId>,
    },
    /// `-x`, `!x`
    Unary {
        /// [`Kind::Minus`] or [`Kind::Bang`].
        operator: Kind,
        /// The operand.
        operand: ExprId,
    },
    /// `left operator right`
    Binary {
        /// One of the binary operators, see [`Kind::precedence`].
        operator: Kind,
        /// Left operand.
        left: ExprId,
        /// Right operand.
        right: ExprId,
    },
    /// `condition ? then : otherwise`
    Ternary {
        /// Before the `?`.
        condition: ExprId,
        /// Before the `:`.
        then: ExprId,
        /// After the `:`.
        otherwise: ExprId,
    },
    /// `(x)`
    Parenthesized(ExprId),
    /// `x => body`, `(x, y) => body`
    Lambda {
        /// Names of the parameters, as tokens.
        parameters: List<TokenId>,
        /// After the arrow.
        body: ExprId,
    },
    /// `{ … }`
    Object(List<ItemId>),
    /// `[ … ]`; elements may be [`ExprKind::Spread`].
    Array(List<ExprId>),
    /// `...x`, only as an element of an array
    Spread(ExprId),
    /// `[for … in …: …]`
    For(ForId),
    /// `if (condition) body`, only as the body of a resource or module, or within the loop there
    If {
        /// The condition, usually [`ExprKind::Parenthesized`].
        condition: ExprId,
        /// The object.
        body: ExprId,
    },
}

/// `[for item in source: body]` or `[for (item, index) in source: body]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct For {
    /// Name of the element.
    pub item: Option<Name>,
    /// Name of its 0-based number.
    pub index: Option<Name>,
    /// What is looped over.
    pub source: ExprId,
    /// What each round makes.
    pub body: ExprId,
}

/// An item of an object and the bytes it covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Item {
    /// From the first to the last token.
    pub span: Span,
    /// Which form it has.
    pub kind: ItemKind,
}

/// The forms of an object's item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// `key: value`
    Property {
        /// The key.
        key: Key,
        /// The value.
        value: ExprId,
    },
    /// `...x`
    Spread(ExprId),
    /// A nested resource, only in the body of a resource.
    Resource(StatementId),
    /// Text that made no sense.
    Skipped,
}

/// The key of a property.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// `name:`
    Name(Name),
    /// `'text':`, `'${x}':`
    String(ExprId),
    /// Nothing usable stood before the colon.
    Missing,
}
