//! The tree of an expression, and its canonical text.

use std::fmt::{self, Write};

use super::token::Kind;
use crate::text::Span;

/// A value and where it stands in the string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expression {
    /// The bytes in the string, counted from its first character, the `[`.
    pub span: Span,
    /// What it is.
    pub kind: ExpressionKind,
}

/// The forms of a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExpressionKind {
    /// `'text'`, doubled quotes undone.
    Text(Box<str>),
    /// An integer.
    Integer(i64),
    /// A call, perhaps with accesses behind it.
    Call(Box<Call>),
}

/// `name(arguments)` and the accesses behind it: `.name`, `[value]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// Before the dot in `contoso.name()`.
    pub namespace: Option<Name>,
    /// The function.
    pub name: Name,
    /// From the name to the closing parenthesis.
    pub span: Span,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// What is asked of the result, from left to right.
    pub accesses: Vec<Access>,
}

/// A name and where it stands in the string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name {
    /// As written.
    pub text: Box<str>,
    /// The bytes in the string.
    pub span: Span,
}

/// A step into a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Access {
    /// `.name`
    Member(Name),
    /// `[value]`; the span reaches from bracket to bracket.
    Index(Expression, Span),
}

impl Access {
    /// The bytes of the string, dot or brackets included.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Member(name) => name.span,
            Self::Index(_, span) => *span,
        }
    }
}

/// The text as the engine writes it anew: one blank behind a comma and no others, `['a']` as `.a`.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExpressionKind::Text(text) => quoted(text, f),
            ExpressionKind::Integer(value) => write!(f, "{value}"),
            ExpressionKind::Call(call) => call.fmt(f),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{}.", namespace.text)?;
        }
        write!(f, "{}(", self.name.text)?;
        for (number, argument) in self.arguments.iter().enumerate() {
            f.write_str(if number == 0 { "" } else { ", " })?;
            argument.fmt(f)?;
        }
        f.write_char(')')?;
        self.accesses.iter().try_for_each(|access| access.fmt(f))
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) => write!(f, ".{}", name.text),
            Self::Index(index, _) => match &index.kind {
                ExpressionKind::Text(text) if is_identifier(text) => write!(f, ".{text}"),
                _ => write!(f, "[{index}]"),
            },
        }
    }
}

fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}

/// Whether a text could stand behind a dot.
fn is_identifier(text: &str) -> bool {
    use logos::Logos;
    let mut tokens = Kind::lexer(text);
    tokens.next() == Some(Ok(Kind::Identifier)) && tokens.slice() == text
}
