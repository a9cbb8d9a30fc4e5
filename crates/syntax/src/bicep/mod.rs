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
pub use parsed::{Dialect, Parsed, parse};
pub use token::{Kind, Tokens, Trivia, TriviaKind};
