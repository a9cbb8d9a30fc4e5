//! What can be wrong with a JSON text.

use std::fmt;

use crate::text::Span;

/// Something wrong with a JSON text; always of level error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Where.
    pub span: Span,
}

impl JsonError {
    /// The code of every error in a JSON text.
    pub const CODE: &'static str = "invalid-json";
}

/// The ways in which a text is no JSON.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JsonErrorKind {
    /// Characters that mean nothing where they stand.
    Unexpected,
    /// A value is missing.
    MissingValue,
    /// The `:` behind a key is missing.
    MissingColon,
    /// The `,` between two items is missing.
    MissingComma,
    /// An object or list does not end; the span is its first bracket.
    Unclosed,
    /// A bracket that closes nothing, or not what is open.
    WrongBracket,
    /// A string does not end.
    UnterminatedString,
    /// A comment does not end.
    UnterminatedComment,
    /// A backslash that starts no escape.
    BadEscape,
    /// Digits that make no number.
    BadNumber,
    /// Text behind the end of the value.
    TextBehind,
    /// More than [`super::MAX_DEPTH`] values within each other.
    TooDeep,
    /// More than 4 GiB of text.
    TooLarge,
}

impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unexpected => "this has no meaning here, remove it",
            Self::MissingValue => "a value is missing here",
            Self::MissingColon => "`:` is missing behind the key",
            Self::MissingComma => "`,` is missing before this",
            Self::Unclosed => "this bracket is never closed",
            Self::WrongBracket => "this bracket closes nothing that is open",
            Self::UnterminatedString => "this string never ends",
            Self::UnterminatedComment => "this comment never ends, close it with `*/`",
            Self::BadEscape => {
                "unknown escape, use one of `\\n`, `\\r`, `\\t`, `\\b`, `\\f`, `\\\\`, `\\\"`, `\\/` and `\\uXXXX`"
            }
            Self::BadNumber => "this is no number",
            Self::TextBehind => "nothing may follow the end of the value",
            Self::TooDeep => "the values are nested too deeply",
            Self::TooLarge => "the file is too large",
        })
    }
}
