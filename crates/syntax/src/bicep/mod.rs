//! Bicep: the lexer, the grammar and the tree.

pub mod ast;
mod error;
mod lexer;
mod parsed;
mod string;
mod token;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use parsed::{Dialect, Parsed, parse};
pub use token::{Kind, Tokens, Trivia, TriviaKind};
