//! Bicep: the lexer, the grammar and the tree.

pub mod ast;
mod error;
mod grammar;
mod lexer;
mod parsed;
mod string;
mod token;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use grammar::MAX_DEPTH;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use grammar::assert_modes_agree;
pub use parsed::{Dialect, Parsed, parse};
pub use token::{Kind, Tokens, Trivia, TriviaKind};

/// The tokens of a text, without a tree. What the lexer finds wrong is not reported.
#[must_use]
pub fn tokenize(text: &str) -> Tokens {
    lexer::lex(text).0
}
