//! Literals: numbers, words, strings, arrays, objects.

use super::expression::{Literals, expression, for_expr, value};
use super::keep::{awaiting, closed_by};
use super::kit::{
    Input, Look, Mode, Parsed, begin, expect, finish_alternating, identifier, items, push,
};
use super::recovery::{LINE, Problem, Stops, Voice, fail, region, report, token};
use super::statement::nested_resource;
use crate::bicep::ast::{ExprId, ExprKind, Id, Item, ItemId, ItemKind, Key, TokenId};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;
use crate::text::Span;

/// `Literal ::= Integer | 'true' | 'false' | 'null'`
pub(super) fn literal<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let start = inp.here();
    let kind = match inp.kind() {
        Kind::True => ExprKind::Bool(true),
        Kind::False => ExprKind::Bool(false),
        Kind::Null => ExprKind::Null,
        _ => ExprKind::Int(integer(inp, start)),
    };
    inp.bump();
    if matches!(kind, ExprKind::Int(None)) && !M::KEEP {
        return Err(Problem {
            kind: Error::IntegerTooBig,
            token: start,
        });
    }
    Ok(inp.expr(start, kind))
}

fn integer<M: Mode>(inp: &mut Input<'_, '_, M>, token: u32) -> Option<u64> {
    let state = inp.state();
    let span = state.tokens.span(TokenId::from_raw(token));
    state.text[span.range()].parse().ok()
}

// ---------------------------------------------------------------- strings

/// Where the expression in a hole ends.
const HOLE: Stops = Stops::of(&[Kind::StringMiddle, Kind::StringRight, Kind::NewLine]);

pub(super) const fn starts_string(kind: Kind) -> bool {
    matches!(kind, Kind::StringComplete | Kind::StringLeft)
}

/// `String ::= StringComplete | StringLeft Hole ( StringMiddle Hole )* StringRight`
///
/// A string that the lexer found broken is a missing expression when problems are reported: then
/// some places say so, others leave it at what the lexer said.
pub(super) fn string<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let start = inp.here();
    if inp.kind() != Kind::StringComplete {
        return interpolated(inp);
    }
    let token = TokenId::from_raw(inp.bump());
    let kind = if M::REPORT && inp.state().tokens.is_malformed(token) {
        ExprKind::Missing
    } else {
        ExprKind::String(token)
    };
    Ok(inp.expr(start, kind))
}

/// The form of `String` with holes, from any of its pieces on.
fn interpolated<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let start = inp.here();
    let mark = begin(inp);
    let mut whole = true;
    loop {
        let kind = inp.kind();
        let token = TokenId::from_raw(inp.bump());
        whole &= !(M::REPORT && inp.state().tokens.is_malformed(token));
        push(inp, token);
        if kind == Kind::StringRight {
            break;
        }
        let hole = hole(inp)?;
        push(inp, hole);
        if !matches!(inp.kind(), Kind::StringMiddle | Kind::StringRight) {
            whole = M::KEEP;
            break;
        }
    }
    let kind = if whole {
        let (pieces, holes) = finish_alternating(inp, mark);
        ExprKind::Interpolated { pieces, holes }
    } else {
        inp.state().scratch.truncate(mark);
        ExprKind::Missing
    };
    Ok(inp.expr(start, kind))
}

/// `Hole ::= Expression`
///
/// The expression in a hole; what is left over behind it is skipped.
fn hole<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let expr = awaiting(inp, Kind::StringRight, |inp| {
        let expr = region(inp, HOLE, Voice::Loud, |inp| {
            expression(inp, Literals::Refused)
        })?;
        Ok(expr.or_missing(inp))
    })?;
    if !HOLE.has(inp.kind()) {
        skip_in_hole(inp)?;
    }
    Ok(expr)
}

/// Skips what makes no sense in a hole.
fn skip_in_hole<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    if !M::RECOVER {
        return fail(inp, Error::UnexpectedInHole);
    }
    let start = inp.here();
    while inp.kind() != Kind::Eof && !HOLE.has(inp.kind()) {
        inp.bump();
    }
    let span = if inp.here() > start {
        inp.bytes_from(start)
    } else {
        let at = inp.state().start(start);
        Span::at(at)
    };
    report(inp, Error::UnexpectedInHole, span)
}

/// A string where nothing else will do, or else `error`.
///
/// Where no string starts, the compiler eats everything to the end of the line, or to what it takes
/// for the rest of a string.
pub(super) fn required_string<M: Mode>(inp: &mut Input<'_, '_, M>, kind: Error) -> Parsed<ExprId> {
    let token = inp.here();
    let problem = Problem { kind, token };
    if !starts_string(inp.kind()) {
        if !M::REPORT {
            return Err(problem);
        }
        skip_in_hole(inp)?;
        if !matches!(inp.kind(), Kind::StringMiddle | Kind::StringRight) {
            return Err(problem);
        }
        let expr = interpolated(inp)?;
        return present(inp, expr, problem);
    }
    let expr = string(inp)?;
    present(inp, expr, problem)
}

fn present<M: Mode>(inp: &mut Input<'_, '_, M>, expr: ExprId, problem: Problem) -> Parsed<ExprId> {
    if M::REPORT && inp.state().is_missing(expr) {
        Err(problem)
    } else {
        Ok(expr)
    }
}

// ---------------------------------------------------------------- arrays

const ARRAY_ITEM: Stops = LINE.or(&[Kind::RightSquare]);

/// `ArrayOrFor ::= Array | ForExpr`
pub(super) fn array_or_for<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    if inp.past_breaks(1) == Kind::For {
        return for_expr(inp);
    }
    array(inp)
}

/// `Array ::= '[' ( NewLine* ( ArrayItem ( ItemEnd ArrayItem )* ItemEnd? )? ) ']'`
fn array<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let start = inp.bump();
    let elements = closed_by(inp, Kind::RightSquare, |inp| {
        items(inp, Kind::RightSquare, array_item)
    })?;
    Ok(inp.expr(start, ExprKind::Array(elements)))
}

/// `ArrayItem ::= Expression | Spread`
fn array_item<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let item = region(inp, ARRAY_ITEM, Voice::Loud, |inp| {
        if inp.kind() != Kind::Ellipsis {
            return expression(inp, Literals::Allowed);
        }
        let start = inp.here();
        let operand = spread(inp, Kind::RightSquare)?;
        Ok(inp.expr(start, ExprKind::Spread(operand)))
    })?;
    Ok(item.or_missing(inp))
}

/// `Spread ::= '...' Expression`
fn spread<M: Mode>(inp: &mut Input<'_, '_, M>, close: Kind) -> Parsed<ExprId> {
    inp.bump();
    let stops = LINE.or(&[Kind::Comma, close]);
    value(inp, stops, Voice::Loud)
}

// ---------------------------------------------------------------- objects

const OBJECT_ITEM: Stops = LINE.or(&[Kind::RightBrace]);
const KEY: Stops = OBJECT_ITEM.or(&[Kind::Colon]);

/// Whether an object is the body of a resource, which may hold other resources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    Allowed,
    Refused,
}

/// `Object ::= '{' ( NewLine* ( Property ( ItemEnd Property )* ItemEnd? )? ) '}'`
///
/// In the body of a resource, others may be nested.
pub(super) fn object<M: Mode>(inp: &mut Input<'_, '_, M>, nested: Nested) -> Parsed<ExprId> {
    let start = inp.here();
    expect(inp, Kind::LeftBrace)?;
    object_items(inp, start, nested)
}

/// The part of `Object` behind the opening brace, for an object that starts with token `start`.
pub(super) fn object_items<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    start: u32,
    nested: Nested,
) -> Parsed<ExprId> {
    let items = closed_by(inp, Kind::RightBrace, |inp| {
        items(inp, Kind::RightBrace, |inp| property(inp, nested))
    })?;
    Ok(inp.expr(start, ExprKind::Object(items)))
}

/// `Property ::= Key ':' Expression | Spread | NestedResource`
fn property<M: Mode>(inp: &mut Input<'_, '_, M>, nested: Nested) -> Parsed<ItemId> {
    let start = inp.here();
    let item = region(inp, OBJECT_ITEM, Voice::Loud, |inp| match inp.kind() {
        Kind::At | Kind::Resource if nested == Nested::Allowed && starts_resource(inp) => {
            nested_resource(inp).map(ItemKind::Resource)
        }
        Kind::Ellipsis => spread(inp, Kind::RightBrace).map(ItemKind::Spread),
        _ => keyed(inp),
    })?;
    let kind = item.whole().unwrap_or(ItemKind::Skipped);
    let span = inp.bytes_from(start);
    Ok(inp.state().tree.add_item(Item { span, kind }))
}

/// A resource starts with a decorator, or with its keyword and a name: a property may be called
/// `resource`.
fn starts_resource<M: Mode>(inp: &mut Input<'_, '_, M>) -> bool {
    inp.kind() == Kind::At || inp.ahead(1).is_identifier()
}

/// The form of `Property` with a key.
fn keyed<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ItemKind> {
    let key = region(inp, KEY, Voice::Loud, key)?;
    if M::KEEP && key.is_skipped() && inp.kind() != Kind::Colon {
        return Ok(ItemKind::Skipped);
    }
    let colon = token(inp, Kind::Colon, OBJECT_ITEM, key.voice())?;
    let value = value(inp, OBJECT_ITEM, colon.voice())?;
    let key = key.whole().unwrap_or(Key::Missing);
    Ok(ItemKind::Property { key, value })
}

/// `Key ::= Identifier | String`
fn key<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Key> {
    if starts_string(inp.kind()) {
        return required_string(inp, Error::ExpectedKey).map(Key::String);
    }
    identifier(inp, Error::ExpectedKey).map(Key::Name)
}
