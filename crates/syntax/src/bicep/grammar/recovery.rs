//! What happens where a token is missing.
//!
//! The one mechanism is the [`region`]: a part of a production that may fail without its
//! surroundings. [`Report`] skips from where the part failed to a stop token, as the reference
//! compiler does; [`Keep`] skips as little as it can, minding brackets and the lines that plainly
//! start a declaration. In [`Fast`] a region is nothing.
//!
//! [`Fast`]: super::Fast
//! [`Keep`]: super::Keep
//! [`Report`]: super::Report

use chumsky::DefaultExpected;
use chumsky::error::{Error as ParserError, LabelError};
use chumsky::util::MaybeRef;

use super::keep::{declaration_at, on_line, skip_with_brackets};
use super::kit::{Input, Look, Mode, Parsed, expect};
use crate::bicep::ast::{ExprId, ExprKind, TypeId, TypeKind};
use crate::bicep::error::{SyntaxError, SyntaxErrorKind as Error};
use crate::bicep::token::Kind;
use crate::text::Span;

/// Why a production failed, and the token that did not fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Problem {
    pub(super) kind: Error,
    pub(super) token: u32,
}

impl<'t> ParserError<'t, &'t [Kind]> for Problem {}

impl<'t> LabelError<'t, &'t [Kind], DefaultExpected<'t, Kind>> for Problem {
    fn expected_found<E: IntoIterator<Item = DefaultExpected<'t, Kind>>>(
        _: E,
        _: Option<MaybeRef<'t, Kind>>,
        span: chumsky::span::SimpleSpan,
    ) -> Self {
        Self {
            kind: Error::ExpectedDeclaration,
            token: span.start as u32,
        }
    }
}

/// Fails with `error` at the next token.
#[cold]
pub(super) fn fail<M: Mode, T>(inp: &mut Input<'_, '_, M>, kind: Error) -> Parsed<T> {
    let token = inp.here();
    Err(Problem { kind, token })
}

/// A set of kinds.
#[derive(Clone, Copy)]
pub(super) struct Stops(u128);

impl Stops {
    /// These kinds.
    pub(super) const fn of(kinds: &[Kind]) -> Self {
        let mut set = 0;
        let mut at = 0;
        while at < kinds.len() {
            set |= 1 << kinds[at] as u8;
            at += 1;
        }
        Self(set)
    }

    /// All identifiers too.
    pub(super) const fn or_identifier(self) -> Self {
        Self(self.0 | u128::MAX << Kind::Identifier as u8)
    }

    /// These kinds too.
    pub(super) const fn or(self, kinds: &[Kind]) -> Self {
        Self(self.0 | Self::of(kinds).0)
    }

    pub(super) const fn has(self, kind: Kind) -> bool {
        self.0 >> kind as u8 & 1 == 1
    }
}

/// The end of the line.
pub(super) const LINE: Stops = Stops::of(&[Kind::NewLine]);
/// Where operands end.
pub(super) const OPERAND: Stops = Stops::of(&[
    Kind::StringRight,
    Kind::RightBrace,
    Kind::RightParen,
    Kind::RightSquare,
    Kind::NewLine,
]);

/// Whether a region reports what went wrong in it. Behind a part that is missing altogether the
/// next ones stay silent: one message for one gap is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Loud,
    Silent,
}

impl Voice {
    /// Silent behind a part that is missing without a trace.
    pub(super) const fn after(empty: bool) -> Self {
        if empty { Self::Silent } else { Self::Loud }
    }

    /// Loud only if `condition` holds.
    pub(super) const fn and(self, condition: bool) -> Self {
        if condition { self } else { Self::Silent }
    }
}

/// What became of a part.
pub(super) enum Part<T> {
    /// It is there.
    Whole(T),
    /// It failed; these bytes were skipped.
    Skipped(Span),
}

impl<T> Part<T> {
    pub(super) const fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped(_))
    }

    /// How loud the part behind this one is.
    pub(super) const fn voice(&self) -> Voice {
        Voice::after(matches!(self, Self::Skipped(span) if span.is_empty()))
    }

    pub(super) fn whole(self) -> Option<T> {
        match self {
            Self::Whole(value) => Some(value),
            Self::Skipped(_) => None,
        }
    }
}

impl Part<ExprId> {
    pub(super) fn or_missing<M: Mode>(self, inp: &mut Input<'_, '_, M>) -> ExprId {
        match self {
            Self::Whole(expr) => expr,
            Self::Skipped(span) => missing_expr(inp, span),
        }
    }
}

impl Part<TypeId> {
    pub(super) fn or_missing<M: Mode>(self, inp: &mut Input<'_, '_, M>) -> TypeId {
        match self {
            Self::Whole(found) => found,
            Self::Skipped(span) => {
                let kind = TypeKind::Missing;
                inp.state()
                    .tree
                    .add_type(crate::bicep::ast::Type { span, kind })
            }
        }
    }
}

#[cold]
pub(super) fn missing_expr<M: Mode>(inp: &mut Input<'_, '_, M>, span: Span) -> ExprId {
    let kind = ExprKind::Missing;
    inp.state()
        .tree
        .add_expr(crate::bicep::ast::Expr { span, kind })
}

/// The stop tokens of the compiler; [`super::Keep`] also stops at `more`.
pub(super) fn stops_or_keep<M: Mode>(stops: Stops, more: &[Kind]) -> Stops {
    if M::KEEP { stops.or(more) } else { stops }
}

// ---------------------------------------------------------------- regions

/// Reads `rule`; if it fails, skips to one of `stops` and goes on there.
#[inline]
pub(super) fn region<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    stops: Stops,
    voice: Voice,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<Part<T>> {
    if !M::RECOVER {
        return rule(inp).map(Part::Whole);
    }
    let start = inp.here();
    let mark = inp.state().mark();
    match rule(inp) {
        Ok(value) => Ok(Part::Whole(value)),
        Err(problem) => {
            inp.state().undo(mark);
            Ok(Part::Skipped(recover(inp, start, stops, voice, problem)))
        }
    }
}

/// A region for a part of a statement: in [`super::Keep`] it is missing where brackets without an end
/// have taken the line break and the next declaration follows.
#[inline]
pub(super) fn part<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    stops: Stops,
    voice: Voice,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<Part<T>> {
    if M::KEEP && declaration_at(inp, 0) {
        let here = inp.here();
        return Ok(Part::Skipped(inp.bytes_from(here)));
    }
    region(inp, stops, voice, rule)
}

/// A region that the compiler does not have: only [`super::Keep`] recovers here.
#[inline]
pub(super) fn kept<'t, 'p, M: Mode, T>(
    inp: &mut Input<'t, 'p, M>,
    stops: Stops,
    rule: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<T>,
) -> Parsed<Part<T>> {
    if M::KEEP {
        region(inp, stops, Voice::Silent, rule)
    } else {
        rule(inp).map(Part::Whole)
    }
}

#[cold]
fn recover<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    start: u32,
    stops: Stops,
    voice: Voice,
    problem: Problem,
) -> Span {
    if M::REPORT && voice == Voice::Loud {
        push_problem(inp, problem);
    }
    skip_to(inp, stops);
    let here = inp.here();
    if here == start {
        inp.state().empty_before = here;
    }
    inp.bytes_from(start)
}

/// Skips to one of `stops` or the end of the file.
pub(super) fn skip_to<M: Mode>(inp: &mut Input<'_, '_, M>, stops: Stops) {
    if M::KEEP {
        return skip_with_brackets(inp, stops);
    }
    while inp.kind() != Kind::Eof && !stops.has(inp.kind()) {
        inp.bump();
    }
}

/// Notes a problem at the token that did not fit. A line break shows as nothing at its start, so
/// that the mark stays on its line.
fn push_problem<M: Mode>(inp: &mut Input<'_, '_, M>, problem: Problem) {
    let state = inp.state();
    let start = state.start(problem.token);
    let span = if state.tokens.kinds[problem.token as usize] == Kind::NewLine {
        Span::at(start)
    } else {
        Span::new(start, state.end(problem.token))
    };
    let kind = problem.kind;
    state.problems.push(SyntaxError { kind, span });
}

/// Something is wrong with `span`, which is no reason to stop.
pub(super) fn report<M: Mode>(inp: &mut Input<'_, '_, M>, kind: Error, span: Span) -> Parsed<()> {
    if !M::RECOVER {
        return fail(inp, kind);
    }
    if M::REPORT {
        inp.state().problems.push(SyntaxError { kind, span });
    }
    Ok(())
}

/// Something is missing before the next token, which is no reason to stop.
pub(super) fn marker<M: Mode>(inp: &mut Input<'_, '_, M>, kind: Error) -> Parsed<()> {
    let here = inp.here();
    let state = inp.state();
    state.empty_before = here;
    let span = Span::at(state.start(here));
    report(inp, kind, span)
}

/// A token that has to be there, in a region of its own. Where it is missing [`super::Keep`] goes on
/// as if it were there; a `=` passes for a `:` then, and the other way round.
#[inline]
pub(super) fn token<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    kind: Kind,
    stops: Stops,
    voice: Voice,
) -> Parsed<Part<()>> {
    if !M::KEEP {
        return region(inp, stops, voice, |inp| expect(inp, kind));
    }
    let next = inp.kind();
    let swapped = matches!(
        (kind, next),
        (Kind::Colon, Kind::Assign) | (Kind::Assign, Kind::Colon)
    );
    if next != kind && !swapped {
        let start = inp.here();
        let mut wanted = Stops::of(&[kind]);
        if stops.has(Kind::LeftBrace) {
            wanted = wanted.or(&[Kind::LeftBrace]);
        }
        if kind == Kind::Assign && on_line(inp, wanted) {
            while !wanted.has(inp.kind()) {
                inp.bump();
            }
        }
        if inp.kind() != kind {
            return Ok(Part::Skipped(inp.bytes_from(start)));
        }
    }
    inp.bump();
    Ok(Part::Whole(()))
}
