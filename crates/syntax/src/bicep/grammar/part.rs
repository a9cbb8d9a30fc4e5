//! The parts that statements are put together from.
//!
//! Each is a region of its own: what is wrong in one leaves the others alone. A part listens to the
//! one before it, whose [`Voice`] lies in the state: behind one that is missing it stays silent.

use chumsky::primitive::custom;

use super::expression::Literals;
use super::expression::expression;
use super::kit::{Input, Look, Mode, Parsed, Rule, identifier};
use super::literal::{Nested, object, required_string};
use super::recovery::{LINE, Part, Stops, Voice, part, stops_or_keep, token};
use super::type_expr::{AnyResource, type_ref};
use crate::bicep::ast::{ExprId, Name, TypeId};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;

pub(super) const ASSIGN_OR_LINE: Stops = LINE.or(&[Kind::Assign]);
pub(super) const BRACE_OR_LINE: Stops = LINE.or(&[Kind::LeftBrace]);
pub(super) const IDENTIFIER_OR_LINE: Stops = LINE.or_identifier();
pub(super) const STRING_OR_LINE: Stops = LINE.or(&[Kind::StringComplete, Kind::StringLeft]);

/// The word that a statement starts with; the part behind it is loud.
pub(super) fn keyword<'t, M: Mode>() -> impl Rule<'t, M, ()> {
    custom(|inp: &mut Input<'t, '_, M>| {
        inp.bump();
        inp.state().voice = Voice::Loud;
        Ok(())
    })
}

/// A word that may stand here.
pub(super) fn optional<'t, M: Mode>(kind: Kind) -> impl Rule<'t, M, bool> {
    custom(move |inp: &mut Input<'t, '_, M>| Ok(inp.take(kind)))
}

/// Reads `rule` as a part, as loud as the part before allows.
pub(super) fn following<'t, M: Mode, T>(
    stops: Stops,
    rule: impl Fn(&mut Input<'t, '_, M>) -> Parsed<T> + Copy,
) -> impl Rule<'t, M, Part<T>> {
    custom(move |inp: &mut Input<'t, '_, M>| {
        let voice = inp.state().voice;
        let found = part(inp, stops, voice, rule)?;
        inp.state().voice = found.voice();
        Ok(found)
    })
}

/// Reads a part that the next one does not listen to.
pub(super) fn aside<'t, M: Mode, T>(rule: impl Rule<'t, M, T>) -> impl Rule<'t, M, T> {
    custom(move |inp: &mut Input<'t, '_, M>| {
        let voice = inp.state().voice;
        let found = inp.parse(rule)?;
        inp.state().voice = voice;
        Ok(found)
    })
}

/// A name; `error` says that it is missing.
pub(super) fn name<'t, M: Mode>(error: Error, stops: Stops) -> impl Rule<'t, M, Option<Name>> {
    const MORE: [Kind; 5] = [
        Kind::Assign,
        Kind::LeftBrace,
        Kind::LeftParen,
        Kind::StringComplete,
        Kind::StringLeft,
    ];
    let stops = stops_or_keep::<M>(stops, &MORE);
    custom(move |inp: &mut Input<'t, '_, M>| {
        let name = inp.parse(following(stops, move |inp| identifier(inp, error)))?;
        Ok(name.whole())
    })
}

/// A type.
pub(super) fn type_part<'t, M: Mode>(
    stops: Stops,
    any_resource: AnyResource,
) -> impl Rule<'t, M, TypeId> {
    custom(move |inp: &mut Input<'t, '_, M>| {
        let found = inp.parse(following(stops, move |inp| type_ref(inp, any_resource)))?;
        Ok(found.or_missing(inp))
    })
}

/// `'='`, and whether it is there.
pub(super) fn assign<'t, M: Mode>(stops: Stops) -> impl Rule<'t, M, bool> {
    custom(move |inp: &mut Input<'t, '_, M>| {
        let voice = inp.state().voice;
        let assign = token(inp, Kind::Assign, stops, voice)?;
        inp.state().voice = assign.voice();
        Ok(!assign.is_skipped())
    })
}

/// An expression up to the end of the line.
pub(super) fn value<'t, M: Mode>() -> impl Rule<'t, M, ExprId> {
    expr_part(LINE, |inp| expression(inp, Literals::Allowed))
}

/// A string; `error` says that it is missing.
pub(super) fn path<'t, M: Mode>(error: Error, stops: Stops) -> impl Rule<'t, M, ExprId> {
    expr_part(stops, move |inp| required_string(inp, error))
}

/// An object without nested resources, up to the end of the line.
pub(super) fn object_part<'t, M: Mode>() -> impl Rule<'t, M, ExprId> {
    expr_part(LINE, |inp| object(inp, Nested::Refused))
}

/// Any part that makes an expression.
pub(super) fn expr_part<'t, M: Mode>(
    stops: Stops,
    rule: impl Fn(&mut Input<'t, '_, M>) -> Parsed<ExprId> + Copy,
) -> impl Rule<'t, M, ExprId> {
    custom(move |inp: &mut Input<'t, '_, M>| {
        let found = inp.parse(following(stops, rule))?;
        Ok(found.or_missing(inp))
    })
}
