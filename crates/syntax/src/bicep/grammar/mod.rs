//! The grammar: token kinds to the tree and to what is wrong with them.
//!
//! Enters: the tokens of a file. Leaves: its tree, and in [`Report`] the errors. Absent: any look at
//! the spelling of names, and any meaning.
//!
//! Each production of `grammar/bicep.ebnf` is a chumsky parser: statements are put together from
//! parsers in a row (`part.rs`), and what needs a look at the next token, a loop or recursion is a
//! function over chumsky's `InputRef`, the shape that [`custom`] makes a parser of. The grammar is
//! predictive: one token decides what comes, so nothing is tried and taken back. `kit.rs` holds the
//! small tools (lists, look-ahead, nesting), `recovery.rs` and `keep.rs` what happens where a token is
//! missing.
//!
//! One grammar serves three purposes, told apart at compile time by a [`Mode`]:
//!
//! * [`Fast`] fails at the first problem. Nearly all files have none, and need no more.
//! * [`Report`] recovers exactly as the reference compiler does, so that its errors are the same. Its
//!   tree is thrown away: that way of recovering loses whole statements for one missing bracket.
//! * [`Keep`] recovers so that the tree keeps as much as it can, and reports nothing.

#[cfg(any(test, fuzzing))]
mod agree;
mod declaration;
mod decorator;
mod expression;
mod import;
mod keep;
mod kit;
#[cfg(test)]
mod linear;
mod literal;
mod params;
mod part;
mod recovery;
mod statement;
mod type_expr;

use std::collections::HashSet;

use chumsky::Parser;
use chumsky::primitive::custom;

#[cfg(any(test, fuzzing))]
pub use agree::assert_modes_agree;

use super::ast::Tree;
use super::error::{SyntaxError, SyntaxErrorKind};
use super::parsed::Dialect;
use super::token::Tokens;
use crate::text::Span;
use kit::{Fast, Keep, Mode, Report, State};

/// How deep a tree may be, counted in expressions and types within each other: brackets, operands,
/// branches, bodies of lambdas and holes of strings all count, and so does every link of a chain
/// such as `a + b + c` or `a.b.c`. What is deeper is an error, so whoever walks a tree may recurse; a
/// level has a handful of nodes at most, such as a property between two objects.
pub const MAX_DEPTH: u32 = 500;

/// Parses the tokens of `text`; `lexical` is what the lexer found wrong.
pub(super) fn parse(
    text: &str,
    tokens: &Tokens,
    dialect: Dialect,
    mut lexical: Vec<SyntaxError>,
) -> (Tree, Vec<SyntaxError>) {
    if lexical.is_empty()
        && let Some(state) = run::<Fast>(text, tokens, dialect, &lexical)
    {
        return (state.tree, Vec::new());
    }
    lexical.sort_by_key(|error| error.span.start);
    let problems = run::<Report>(text, tokens, dialect, &lexical).map(|state| state.problems);
    let tree = run::<Keep>(text, tokens, dialect, &lexical).map(|state| state.tree);
    let errors = in_order(text, lexical, problems.unwrap_or_default());
    (tree.unwrap_or_default(), errors)
}

/// What a text too long for its positions gives.
pub(super) fn too_large() -> Vec<SyntaxError> {
    vec![SyntaxError {
        kind: SyntaxErrorKind::TooLarge,
        span: Span::at(0),
    }]
}

/// One pass over the tokens; `None` where the mode gave up.
fn run<'t, M: Mode>(
    text: &'t str,
    tokens: &'t Tokens,
    dialect: Dialect,
    lexical: &'t [SyntaxError],
) -> Option<State<'t, M>> {
    let mut state = State::new(text, tokens, lexical);
    let kinds = tokens.kinds();
    let done = match dialect {
        Dialect::Bicep => custom(statement::bicep_file).parse_with_state(kinds, &mut state),
        Dialect::Params => custom(statement::params_file).parse_with_state(kinds, &mut state),
    };
    done.into_output().map(|()| state)
}

/// Errors by their start, those of the lexer first, each once.
fn in_order(text: &str, lexical: Vec<SyntaxError>, problems: Vec<SyntaxError>) -> Vec<SyntaxError> {
    let mut errors = lexical;
    errors.extend(problems);
    errors.sort_by_key(|error| (error.span.start, is_second_half(text, error)));
    let mut seen = HashSet::with_capacity(errors.len());
    errors.retain(|error| seen.insert((error.kind, error.span)));
    errors
}

/// Whether an error is about the second of the two UTF-16 units of a character, which stands behind
/// the first for the compiler.
fn is_second_half(text: &str, error: &SyntaxError) -> bool {
    error.kind == SyntaxErrorKind::UnrecognizedCharacter
        && text[error.span.range()].starts_with(|c| c > '\u{ffff}')
}
