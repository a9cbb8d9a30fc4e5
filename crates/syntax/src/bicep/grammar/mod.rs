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
//!
//! The two that recover begin at the statement in which [`Fast`] gave up: a file that is being typed
//! has its one problem at the end, and is parsed three times from there only.

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
    lexical.sort_by_key(|error| error.span.start);
    let mut fast = State::<Fast>::new(text, tokens, &lexical);
    if pass(&mut fast, dialect) {
        return (fast.tree, Vec::new());
    }
    let mut report: State<'_, Report> = fast.again();
    pass(&mut report, dialect);
    let mut keep: State<'_, Keep> = report.again();
    pass(&mut keep, dialect);
    let (tree, problems) = (keep.tree, keep.problems);
    (tree, in_order(text, lexical, problems))
}

/// What a text too long for its positions gives.
pub(super) fn too_large() -> Vec<SyntaxError> {
    vec![SyntaxError {
        kind: SyntaxErrorKind::TooLarge,
        span: Span::at(0),
    }]
}

/// One pass over the tokens; false where the mode gave up.
fn pass<M: Mode>(state: &mut State<'_, M>, dialect: Dialect) -> bool {
    let kinds = state.tokens.kinds();
    let done = match dialect {
        Dialect::Bicep | Dialect::Arm => {
            custom(statement::bicep_file).parse_with_state(kinds, state)
        }
        Dialect::Params => custom(statement::params_file).parse_with_state(kinds, state),
    };
    done.has_output()
}

/// One pass over a whole file, for checks of the modes; `None` where the mode gave up.
#[cfg(any(test, fuzzing))]
fn run<'t, M: Mode>(
    text: &'t str,
    tokens: &'t Tokens,
    dialect: Dialect,
    lexical: &'t [SyntaxError],
) -> Option<State<'t, M>> {
    let mut state = State::new(text, tokens, lexical);
    pass(&mut state, dialect).then_some(state)
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
@minLength(3)
param name string = 'a${toLower('B')}' // why
var list = [for (x, i) in range(0, 3): { n: i, x: '''y''' }]
#disable-next-line BCP037

type t = { *: 'a' | 'b', c: int? }
resource r 'A/b@2024-01-01' = if (empty(list)) {
  name: name
  resource s 'c' = { name: 'd' }
}
output o string = r::s!.name ?? (1 + -2 > 3 ? r.?a : r[0])
";

    /// What a pass over the whole file gives.
    fn whole<M: Mode>(text: &str) -> (Tree, Vec<SyntaxError>) {
        let (tokens, mut lexical) = crate::bicep::lexer::lex(text);
        lexical.sort_by_key(|error| error.span.start);
        let mut state = State::<M>::new(text, &tokens, &lexical);
        assert!(pass(&mut state, Dialect::Bicep));
        let (tree, problems) = (state.tree, state.problems);
        (tree, in_order(text, lexical, problems))
    }

    #[test]
    fn beginning_where_the_first_pass_gave_up_changes_nothing() {
        let prefixes = || (0..=TEXT.len()).map(|end| TEXT[..end].to_owned());
        let broken = prefixes().map(|prefix| prefix + "\nvar = 1\nparam p string\n");
        for text in prefixes().chain(broken) {
            let (tokens, lexical) = crate::bicep::lexer::lex(&text);
            let (tree, errors) = parse(&text, &tokens, Dialect::Bicep, lexical);
            assert_eq!(errors, whole::<Report>(&text).1, "{text}");
            assert_eq!(tree, whole::<Keep>(&text).0, "{text}");
        }
    }
}
