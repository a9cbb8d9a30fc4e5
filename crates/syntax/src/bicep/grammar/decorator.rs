//! Decorators, each on a line of its own before what it decorates.

use super::expression::{Literals, call_args};
use super::kit::{
    Input, Look, Mode, Parsed, begin, finish, identifier, identifier_or_marker, link, nested, push,
};
use super::recovery::{LINE, Voice, fail, region, skip_to};
use crate::bicep::ast::{ExprId, ExprKind, List};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;

/// `Decorators ::= ( Decorator NewLine+ )*`
#[inline]
pub(super) fn decorators<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<List<ExprId>> {
    if inp.kind() != Kind::At {
        return Ok(List::EMPTY);
    }
    let mark = begin(inp);
    while inp.kind() == Kind::At {
        let decorator = decorator(inp)?;
        push(inp, decorator);
        line_end(inp)?;
        inp.breaks();
    }
    Ok(finish(inp, mark))
}

/// `Decorator ::= '@' DottedCall`
fn decorator<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    inp.bump();
    let decorator = region(inp, LINE, Voice::Loud, |inp| nested(inp, dotted_call))?;
    Ok(decorator.or_missing(inp))
}

/// `DottedCall ::= Identifier CallArgs? ( '.' Identifier CallArgs? )*`
fn dotted_call<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let start = inp.here();
    let name = identifier(inp, Error::ExpectedDecorator)?;
    let kind = if inp.kind() == Kind::LeftParen {
        let arguments = call_args(inp, Literals::Allowed)?;
        ExprKind::Call { name, arguments }
    } else {
        ExprKind::Name(name)
    };
    let mut base = inp.expr(start, kind);
    while inp.take(Kind::Dot) {
        let name = identifier_or_marker(inp, Error::ExpectedMemberName)?;
        let kind = if inp.kind() == Kind::LeftParen {
            let arguments = call_args(inp, Literals::Allowed)?;
            ExprKind::MethodCall {
                base,
                name,
                arguments,
            }
        } else {
            let safe = false;
            ExprKind::Member { base, name, safe }
        };
        link(inp)?;
        base = inp.expr(start, kind);
    }
    Ok(base)
}

/// The line break behind a decorator. Whatever stands before it is lost to the compiler, a
/// declaration on the same line too; that one is kept in the tree.
fn line_end<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    if M::KEEP && inp.kind().is_identifier() {
        return Ok(());
    }
    through_line_end(inp, false)
}

/// A line break, or also the end of the file if `eof` will do; else skips through the next one.
pub(super) fn through_line_end<M: Mode>(inp: &mut Input<'_, '_, M>, eof: bool) -> Parsed<()> {
    let part = region(inp, LINE, Voice::Loud, |inp| {
        if inp.take(Kind::NewLine) || eof && inp.kind() == Kind::Eof {
            Ok(())
        } else {
            fail(inp, Error::ExpectedLineBreak)
        }
    })?;
    if part.is_skipped() {
        skip_to(inp, LINE);
        inp.take(Kind::NewLine);
    }
    Ok(())
}
