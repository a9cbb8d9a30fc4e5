//! The expression language in the strings of ARM templates: `"[concat(parameters('a'), '-x')]"`.
//!
//! Enters: what a JSON string stands for, escapes decoded. Leaves: the text that the string is, or
//! the tree of its expression, with spans in the decoded string
//! ([`Text::span_in_file`](crate::json::Text::span_in_file) leads back to the file). The grammar is
//! `grammar/arm-expression.ebnf`. Deliberately absent: what names mean, and recovery: the engine
//! evaluates nothing of a string with an error, and no other string suffers from it.

mod error;
mod expression;
mod grammar;
mod token;

use crate::text::Span;

pub use error::{ExpressionError, ExpressionErrorKind};
pub use expression::{Access, Call, Expression, ExpressionKind, Name};
pub use grammar::MAX_DEPTH;

/// What a string in a template is.
#[derive(Clone, PartialEq, Debug)]
pub enum Content<'t> {
    /// A text.
    Text(&'t str),
    /// An expression.
    Expression(Expression),
    /// What should be an expression and is none.
    Invalid(ExpressionError),
}

/// Whether the engine takes a string for an expression. It looks at the first and the last character
/// and at the second: `[x]` is one, `[[x]` is the text `[x]`, everything else is a text as it stands.
#[must_use]
pub fn is_expression(string: &str) -> bool {
    string.len() >= 2 && string.starts_with('[') && string.ends_with(']') && !is_escaped(string)
}

fn is_escaped(string: &str) -> bool {
    string.starts_with("[[") && string.ends_with(']')
}

/// Reads a string.
///
/// ```
/// use tricep_syntax::arm::{Content, read};
/// assert_eq!(read("[[x]"), Content::Text("[x]"));
/// assert_eq!(read("[[x"), Content::Text("[[x"));
/// let Content::Expression(call) = read("[ concat ( 'a',variables('b')['c']) ]") else { panic!() };
/// assert_eq!(call.to_string(), "concat('a', variables('b').c)");
/// ```
#[must_use]
pub fn read(string: &str) -> Content<'_> {
    if is_escaped(string) {
        return Content::Text(&string[1..]);
    }
    if !is_expression(string) {
        return Content::Text(string);
    }
    let inner = Span::new(1, string.len() as u32 - 1);
    match grammar::parse(string, inner) {
        Ok(expression) => Content::Expression(expression),
        Err(error) => Content::Invalid(error),
    }
}
