//! Syntax errors: the code the reference compiler gives, and our own words.

use std::fmt;

use crate::text::Span;

/// Something wrong with the text; always of level error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: SyntaxErrorKind,
    /// Where.
    pub span: Span,
}

/// What can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SyntaxErrorKind {
    /// The nesting is deeper than the parser follows.
    TooDeep,
}

impl SyntaxErrorKind {
    /// The code, such as `BCP018`; codes of our own start with `TRI`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooDeep => "TRI001",
        }
    }
}

impl fmt::Display for SyntaxErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooDeep => "nested too deeply",
        })
    }
}
