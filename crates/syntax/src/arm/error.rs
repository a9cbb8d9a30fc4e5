//! What can be wrong with an expression.

use std::fmt;

use super::token::Kind;
use crate::text::Span;

/// What makes a string no expression. The engine reports the first thing only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ExpressionError {
    /// What is wrong.
    pub kind: ExpressionErrorKind,
    /// Where in the string.
    pub span: Span,
}

impl ExpressionError {
    /// The code of every error in an expression.
    pub const CODE: &'static str = "invalid-arm-expression";
}

/// The ways in which a text is no expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExpressionErrorKind {
    /// A character that starts no token.
    UnknownCharacter,
    /// A text without its closing quote.
    UnterminatedText,
    /// A number with a fraction, an exponent, or letters.
    BadNumber,
    /// An integer that 64 bits do not hold.
    NumberTooLarge,
    /// A value is missing: a text in single quotes, an integer, or a call.
    MissingValue,
    /// A name is missing.
    MissingName,
    /// The `(` behind the name of a function is missing.
    MissingArguments,
    /// `,` or `)` is missing.
    MissingParenthesis,
    /// `]` is missing.
    MissingBracket,
    /// Something stands behind the end of the expression.
    TextBehind,
    /// More than [`super::MAX_DEPTH`] calls within each other.
    TooDeep,
}

impl fmt::Display for ExpressionErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownCharacter => "this character has no meaning in an expression",
            Self::UnterminatedText => "this text never ends, close it with `'`",
            Self::BadNumber => "only integers can be written in an expression",
            Self::NumberTooLarge => "this integer is out of range",
            Self::MissingValue => {
                "a text in single quotes, an integer or a function call is missing here"
            }
            Self::MissingName => "a name is missing here",
            Self::MissingArguments => "`(` is missing here, a bare word is no value",
            Self::MissingParenthesis => "`,` or `)` is missing here",
            Self::MissingBracket => "`]` is missing here",
            Self::TextBehind => "the expression ends before this",
            Self::TooDeep => "the expression is nested too deeply",
        })
    }
}

impl ExpressionErrorKind {
    /// What is wrong where a token stands: what the token itself is, or what is missing.
    pub(super) fn at(token: Option<Kind>, missing: Self) -> Self {
        match token {
            Some(Kind::Unknown) => Self::UnknownCharacter,
            Some(Kind::Unterminated) => Self::UnterminatedText,
            Some(Kind::BadNumber) => Self::BadNumber,
            _ => missing,
        }
    }
}
