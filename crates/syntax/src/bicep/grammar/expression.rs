//! Expressions: operators, access, calls, lambdas, loops.

use super::keep::{awaiting, closed_by};
use super::kit::{
    Input, Look, Mode, Parsed, arguments, begin, beside, expect, expect_keyword, finish,
    identifier_or_marker, link, nested, push,
};
use super::literal::{Nested, array_or_for, literal, object, string};
use super::recovery::{
    LINE, OPERAND, Part, Stops, Voice, fail, kept, marker, part, region, report, stops_or_keep,
    token,
};
use crate::bicep::ast::{ExprId, ExprKind, For, Id, List, Name, TokenId};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;
use crate::text::Span;

/// Whether objects, arrays and loops may be written in an expression.
///
/// The written grammar says so beside `Hole`; here it is a parameter of what reads expressions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Literals {
    Allowed,
    Refused,
}

/// An expression that may fail without its surroundings; any literal may stand in it.
pub(super) fn value<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    stops: Stops,
    voice: Voice,
) -> Parsed<ExprId> {
    let value = part(inp, stops, voice, |inp| expression(inp, Literals::Allowed))?;
    Ok(value.or_missing(inp))
}

/// How loud the part behind an expression is.
pub(super) fn voice_after<M: Mode>(inp: &mut Input<'_, '_, M>, expr: ExprId) -> Voice {
    let state = inp.state();
    Voice::after(state.is_missing(expr) && state.tree[expr].span.is_empty())
}

// ---------------------------------------------------------------- operators

/// `Expression ::= Binary Ternary?`
pub(super) fn expression<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    literals: Literals,
) -> Parsed<ExprId> {
    nested(inp, |inp| {
        let start = inp.here();
        let condition = binary(inp, literals, 0)?;
        match inp.kind() {
            Kind::Question => ternary(inp, start, condition, literals),
            Kind::NewLine if inp.past_breaks(1) == Kind::Question => {
                inp.breaks();
                ternary(inp, start, condition, literals)
            }
            _ => Ok(condition),
        }
    })
}

/// `Ternary ::= NewLine* '?' Expression NewLine* ':' Expression`
fn ternary<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    start: u32,
    condition: ExprId,
    literals: Literals,
) -> Parsed<ExprId> {
    const THEN: Stops = OPERAND.or(&[Kind::Colon]);
    inp.bump();
    let then = region(inp, THEN, Voice::Loud, |inp| expression(inp, literals))?;
    let then = then.or_missing(inp);
    if !inp.state().is_missing(then) && inp.past_breaks(0) == Kind::Colon {
        inp.breaks();
    }
    let voice = voice_after(inp, then);
    let colon = token(inp, Kind::Colon, OPERAND, voice)?;
    let otherwise = region(inp, OPERAND, colon.voice(), |inp| expression(inp, literals))?;
    let otherwise = otherwise.or_missing(inp);
    Ok(inp.expr(
        start,
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        },
    ))
}

/// `Binary ::= Unary ( Operator Unary )*`
///
/// One function for every precedence, by climbing. Only operators tighter than `floor` are taken.
fn binary<M: Mode>(inp: &mut Input<'_, '_, M>, literals: Literals, floor: u8) -> Parsed<ExprId> {
    let start = inp.here();
    let mut left = unary(inp, literals)?;
    loop {
        let operator = inp.kind();
        let precedence = operator.precedence();
        if precedence <= floor {
            return Ok(left);
        }
        inp.bump();
        let right = region(inp, OPERAND, Voice::Loud, |inp| {
            beside(inp, |inp| binary(inp, literals, precedence))
        })?;
        let right = right.or_missing(inp);
        link(inp)?;
        left = inp.expr(
            start,
            ExprKind::Binary {
                operator,
                left,
                right,
            },
        );
    }
}

/// `Unary ::= ( '!' | '-' )? Member`
fn unary<M: Mode>(inp: &mut Input<'_, '_, M>, literals: Literals) -> Parsed<ExprId> {
    let operator = inp.kind();
    if !matches!(operator, Kind::Bang | Kind::Minus) {
        return member(inp, literals);
    }
    let start = inp.bump();
    let operand = region(inp, OPERAND, Voice::Loud, |inp| member(inp, literals))?;
    let operand = operand.or_missing(inp);
    link(inp)?;
    Ok(inp.expr(start, ExprKind::Unary { operator, operand }))
}

// ---------------------------------------------------------------- access

/// `Member ::= Primary ( Index | Dot | '::' Identifier | '!' )*`
fn member<M: Mode>(inp: &mut Input<'_, '_, M>, literals: Literals) -> Parsed<ExprId> {
    let start = inp.here();
    let mut base = primary(inp, literals)?;
    loop {
        let kind = match inp.kind() {
            Kind::LeftSquare => index(inp, base, literals)?,
            Kind::Dot => dot(inp, base, literals)?,
            Kind::DoubleColon => {
                inp.bump();
                let name = identifier_or_marker(inp, Error::ExpectedMemberName)?;
                ExprKind::NestedResource { base, name }
            }
            Kind::Bang => {
                inp.bump();
                ExprKind::NonNull(base)
            }
            _ => return Ok(base),
        };
        link(inp)?;
        base = inp.expr(start, kind);
    }
}

/// `Index ::= '[' '?'? '^'? Expression ']'`
fn index<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    base: ExprId,
    literals: Literals,
) -> Parsed<ExprKind> {
    inp.bump();
    let safe = inp.take(Kind::Question);
    let from_end = inp.take(Kind::Hat);
    let index = closed_by(inp, Kind::RightSquare, |inp| {
        if inp.kind() == Kind::RightSquare {
            marker(inp, Error::EmptyIndex)?;
            let start = inp.here();
            return Ok(inp.expr(start, ExprKind::Missing));
        }
        let index = kept(inp, OPERAND, |inp| expression(inp, literals))?;
        Ok(index.or_missing(inp))
    })?;
    Ok(ExprKind::Index {
        base,
        index,
        safe,
        from_end,
    })
}

/// `Dot ::= '.' '?'? Identifier | '.' Identifier CallArgs`
fn dot<M: Mode>(inp: &mut Input<'_, '_, M>, base: ExprId, literals: Literals) -> Parsed<ExprKind> {
    inp.bump();
    let question = inp.here();
    let safe = inp.take(Kind::Question);
    let name = identifier_or_marker(inp, Error::ExpectedMemberName)?;
    if inp.kind() != Kind::LeftParen {
        return Ok(ExprKind::Member { base, name, safe });
    }
    if safe {
        let span = inp.state().tokens.span(TokenId::from_raw(question));
        report(inp, Error::SafeAccessOnCall, span)?;
    }
    let arguments = call_args(inp, literals)?;
    Ok(ExprKind::MethodCall {
        base,
        name,
        arguments,
    })
}

/// `CallArgs ::= '(' NewLine* ( Expression ( ',' NewLine* Expression )* NewLine* )? ')'`
pub(super) fn call_args<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    literals: Literals,
) -> Parsed<List<ExprId>> {
    const ARGUMENT: Stops = LINE.or(&[Kind::Comma, Kind::RightParen]);
    inp.bump();
    let list = awaiting(inp, Kind::RightParen, |inp| {
        arguments(inp, Kind::RightParen, |inp| {
            let argument = region(inp, ARGUMENT, Voice::Loud, |inp| expression(inp, literals))?;
            Ok(argument.or_missing(inp))
        })
    })?;
    if !inp.take(Kind::RightParen) {
        marker(inp, Error::Expected(Kind::RightParen))?;
    }
    Ok(list)
}

// ---------------------------------------------------------------- primaries

/// `Primary ::= Literal | String | Object | ArrayOrFor | NameOrCall | ParensOrLambda`
fn primary<M: Mode>(inp: &mut Input<'_, '_, M>, literals: Literals) -> Parsed<ExprId> {
    match inp.kind() {
        kind if kind.is_identifier() => name_or_call(inp, literals),
        Kind::StringComplete | Kind::StringLeft => string(inp),
        Kind::Integer | Kind::True | Kind::False | Kind::Null => literal(inp),
        Kind::LeftParen => parens_or_lambda(inp, literals),
        Kind::LeftBrace | Kind::LeftSquare if literals == Literals::Refused && !M::KEEP => {
            fail(inp, Error::LiteralNotAllowed)
        }
        Kind::LeftBrace => object(inp, Nested::Refused),
        Kind::LeftSquare => array_or_for(inp),
        _ => fail(inp, Error::ExpectedExpression),
    }
}

/// `NameOrCall ::= Identifier ( CallArgs | '=>' LambdaBody )?`
fn name_or_call<M: Mode>(inp: &mut Input<'_, '_, M>, literals: Literals) -> Parsed<ExprId> {
    let start = inp.bump();
    let token = TokenId::from_raw(start);
    let kind = match inp.kind() {
        Kind::LeftParen => ExprKind::Call {
            name: Name::new(token),
            arguments: call_args(inp, literals)?,
        },
        Kind::Arrow => {
            let parameters = inp.state().tree.add_list(&[token]);
            let body = arrow_and_body(inp)?;
            ExprKind::Lambda { parameters, body }
        }
        _ => ExprKind::Name(Name::new(token)),
    };
    Ok(inp.expr(start, kind))
}

/// `'=>' LambdaBody`
fn arrow_and_body<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    inp.bump();
    lambda_body(inp, true)
}

/// `LambdaBody ::= NewLine* Expression`
///
/// The breaks are left alone before a word that starts a statement, so that an unfinished lambda
/// does not swallow the next line.
pub(super) fn lambda_body<M: Mode>(inp: &mut Input<'_, '_, M>, breaks: bool) -> Parsed<ExprId> {
    const BODY: Stops = LINE.or(&[Kind::RightParen]);
    if breaks && inp.kind() == Kind::NewLine && !ends_lambda(inp.past_breaks(1)) {
        inp.inner_breaks();
    }
    value(inp, BODY, Voice::Loud)
}

const fn ends_lambda(kind: Kind) -> bool {
    const WORDS: Stops = Stops::of(&[
        Kind::Assert,
        Kind::Import,
        Kind::Metadata,
        Kind::Param,
        Kind::Var,
        Kind::Resource,
        Kind::Output,
        Kind::Module,
        Kind::Type,
    ]);
    WORDS.has(kind)
}

// ---------------------------------------------------------------- parentheses

/// What stands in parentheses; commas and line breaks count as elements.
pub(super) struct Parens {
    open: u32,
    /// Where the items lie on the scratch stack.
    pub(super) items: usize,
    elements: u32,
    /// From the first to the last element.
    span: Span,
    /// Whether `)` is there.
    pub(super) closed: bool,
}

/// `'(' item ( ',' item )* ','? ')'`, with line breaks anywhere if `breaks`. The ids of the items are
/// left on the scratch stack.
pub(super) fn parenthesized<'t, 'p, M: Mode, T: Id>(
    inp: &mut Input<'t, 'p, M>,
    breaks: bool,
    mut item: impl FnMut(&mut Input<'t, 'p, M>) -> Parsed<T>,
    mut missing: impl FnMut(&mut Input<'t, 'p, M>, Span) -> Option<T>,
) -> Parsed<Parens> {
    const ITEM: Stops = OPERAND.or(&[Kind::Comma]);
    const CLOSE: Stops = Stops::of(&[
        Kind::StringRight,
        Kind::RightBrace,
        Kind::RightSquare,
        Kind::NewLine,
    ]);
    let open = inp.here();
    expect(inp, Kind::LeftParen)?;
    let first = inp.here();
    let items = begin(inp);
    let mut elements = 0;
    let mut voice = Voice::Loud;
    awaiting(inp, Kind::RightParen, |inp| {
        elements += optional_breaks(inp, breaks);
        while inp.kind() != Kind::RightParen {
            let part = region(inp, ITEM, Voice::Loud, &mut item)?;
            elements += 1;
            voice = part.voice();
            let id = match part {
                Part::Whole(id) => Some(id),
                Part::Skipped(span) => missing(inp, span),
            };
            if let Some(id) = id {
                push(inp, id);
            }
            let mut more = optional_breaks(inp, breaks);
            let comma = inp.take(Kind::Comma);
            if comma {
                more += 1 + optional_breaks(inp, breaks);
            }
            elements += more;
            if more > 0 {
                voice = Voice::Loud;
            }
            if !comma {
                break;
            }
        }
        Ok(())
    })?;
    let span = elements_span(inp, first);
    let close = token(inp, Kind::RightParen, CLOSE, voice)?;
    Ok(Parens {
        open,
        items,
        elements,
        span,
        closed: !close.is_skipped(),
    })
}

fn optional_breaks<M: Mode>(inp: &mut Input<'_, '_, M>, allowed: bool) -> u32 {
    let start = inp.here();
    if allowed {
        inp.inner_breaks();
    }
    inp.here() - start
}

/// From token `first` to the last element: a part of no length lies before the next token.
fn elements_span<M: Mode>(inp: &mut Input<'_, '_, M>, first: u32) -> Span {
    let here = inp.here();
    let state = inp.state();
    let end = if here == first || state.empty_before == here {
        state.start(here)
    } else {
        state.end(here - 1)
    };
    Span::new(state.start(first), end)
}

/// The one item in parentheses; says so if there are more or none.
pub(super) fn only_item<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    parens: &Parens,
) -> Parsed<Option<u32>> {
    if parens.elements == 0 {
        let after = inp.state().end(parens.open);
        report(inp, Error::ExpectedOneInParentheses, Span::at(after))?;
    } else if parens.elements > 1 {
        report(inp, Error::ExpectedOneInParentheses, parens.span)?;
    }
    let item = inp.state().scratch.get(parens.items).copied();
    inp.state().scratch.truncate(parens.items);
    Ok(item)
}

/// `ParensOrLambda ::= '(' Expression ')' | LambdaParams '=>' LambdaBody`
///
/// Which of them it is shows behind the closing parenthesis only, so the parameters of a lambda are
/// read as expressions, and what is no bare name is dropped.
fn parens_or_lambda<M: Mode>(inp: &mut Input<'_, '_, M>, literals: Literals) -> Parsed<ExprId> {
    let start = inp.here();
    let parens = expressions_in_parens(inp, literals, true)?;
    if inp.kind() != Kind::Arrow {
        return one_in_parens(inp, start, &parens);
    }
    let names = bare_names(inp, parens.items);
    let parameters = finish(inp, names);
    let body = arrow_and_body(inp)?;
    Ok(inp.expr(start, ExprKind::Lambda { parameters, body }))
}

fn expressions_in_parens<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    literals: Literals,
    breaks: bool,
) -> Parsed<Parens> {
    parenthesized(
        inp,
        breaks,
        |inp| expression(inp, literals),
        |inp, span| Some(Part::<ExprId>::Skipped(span).or_missing(inp)),
    )
}

fn one_in_parens<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    start: u32,
    parens: &Parens,
) -> Parsed<ExprId> {
    let item = match only_item(inp, parens)? {
        Some(item) => ExprId::from_raw(item),
        // A lone line break is no problem for the compiler.
        None if !M::RECOVER => return fail(inp, Error::ExpectedExpression),
        None => {
            let start = inp.here();
            inp.expr(start, ExprKind::Missing)
        }
    };
    Ok(inp.expr(start, ExprKind::Parenthesized(item)))
}

/// Turns the expressions on the scratch stack from `items` on into the tokens of those that are bare
/// names; gives `items` back. Other expressions pass in the compiler's recovery alone.
fn bare_names<M: Mode>(inp: &mut Input<'_, '_, M>, items: usize) -> usize {
    let state = inp.state();
    let mut kept = items;
    for at in items..state.scratch.len() {
        let expr = ExprId::from_raw(state.scratch[at]);
        if let ExprKind::Name(name) = state.tree[expr].kind {
            state.scratch[kept] = name.token().raw();
            kept += 1;
        }
    }
    state.scratch.truncate(kept);
    items
}

// ---------------------------------------------------------------- loops and conditions

/// Where the parts of a loop end.
const IN_LOOP: Stops = LINE.or(&[Kind::RightSquare]);

/// `ForExpr ::= '[' NewLine* ForHead Expression NewLine* ']'`
pub(super) fn for_expr<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    for_loop(inp, |inp| expression(inp, Literals::Allowed))
}

/// `ForBody ::= '[' NewLine* ForHead ( Object | IfBody ) NewLine* ']'`
///
/// The loop that is the body of a resource or module.
pub(super) fn for_body<M: Mode>(inp: &mut Input<'_, '_, M>, nested: Nested) -> Parsed<ExprId> {
    for_loop(inp, |inp| match inp.kind() {
        Kind::LeftBrace => object(inp, nested),
        Kind::If => if_body(inp, nested, true),
        _ => fail(inp, Error::ExpectedLoopBody),
    })
}

/// A loop around any body, with `ForHead ::= "for" ForVariables "in" Expression ':'`
fn for_loop<'t, 'p, M: Mode>(
    inp: &mut Input<'t, 'p, M>,
    body: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<ExprId>,
) -> Parsed<ExprId> {
    let start = inp.here();
    expect(inp, Kind::LeftSquare)?;
    inp.inner_breaks();
    expect_keyword(inp, Kind::For)?;
    let (parts, voice) = awaiting(inp, Kind::RightSquare, |inp| for_parts(inp, body))?;
    token(inp, Kind::RightSquare, IN_LOOP, voice)?;
    let id = inp.state().tree.add_for(parts);
    Ok(inp.expr(start, ExprKind::For(id)))
}

/// Everything between the word and the closing bracket, and how loud the bracket is.
fn for_parts<'t, 'p, M: Mode>(
    inp: &mut Input<'t, 'p, M>,
    body: impl FnOnce(&mut Input<'t, 'p, M>) -> Parsed<ExprId>,
) -> Parsed<(For, Voice)> {
    let variables = inp.here();
    let problems = inp.state().problems.len();
    let (item, index) = for_variables(inp)?;
    let voice = Voice::after(has_problem(inp, variables, problems));
    let stops = stops_or_keep::<M>(IN_LOOP, &[Kind::Colon, Kind::Identifier]);
    let word = region(inp, stops, voice, |inp| expect_keyword(inp, Kind::In))?;
    let source = value(inp, IN_LOOP.or(&[Kind::Colon]), word.voice())?;
    let voice = voice_after(inp, source);
    let colon = token(inp, Kind::Colon, IN_LOOP, voice)?;
    let body = region(inp, IN_LOOP, colon.voice(), body)?.or_missing(inp);
    if !inp.state().is_missing(body) {
        inp.inner_breaks();
    }
    let voice = voice_after(inp, body);
    let parts = For {
        item,
        index,
        source,
        body,
    };
    Ok((parts, voice))
}

/// `ForVariables ::= Identifier | '(' Identifier ',' Identifier ','? ')'`
fn for_variables<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<(Option<Name>, Option<Name>)> {
    if inp.kind() != Kind::LeftParen {
        let name = identifier_or_marker(inp, Error::ExpectedLoopVariable)?;
        return Ok((name, None));
    }
    let start = inp.here();
    let problems = inp.state().problems.len();
    let parens = expressions_in_parens(inp, Literals::Refused, false)?;
    let names = bare_names(inp, parens.items);
    let names: List<TokenId> = finish(inp, names);
    let found = inp.state().tree.list(names).len();
    if found != 2 && !has_problem(inp, start, problems) {
        let span = inp.bytes_from(start);
        report(inp, Error::ExpectedTwoLoopVariables, span)?;
    }
    let mut names = inp.state().tree.list(names).map(Name::new);
    Ok((names.next(), names.next()))
}

/// Whether anything is wrong with the tokens from `start` on; `problems` is how many were known
/// before.
fn has_problem<M: Mode>(inp: &mut Input<'_, '_, M>, start: u32, problems: usize) -> bool {
    if !M::REPORT {
        return false;
    }
    let span = inp.bytes_from(start);
    let state = inp.state();
    let lexical = state.lexical;
    let first = lexical.partition_point(|error| error.span.start < span.start);
    state.problems.len() > problems
        || lexical[first..]
            .iter()
            .take_while(|error| error.span.start <= span.end)
            .any(|error| span.encloses(error.span))
}

/// `IfBody ::= "if" Condition Object`
///
/// The condition that is the body of a resource or module, or of a loop that is.
pub(super) fn if_body<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    nested: Nested,
    in_loop: bool,
) -> Parsed<ExprId> {
    let stops = if in_loop { IN_LOOP } else { LINE };
    let start = inp.bump();
    let part = region(inp, stops.or(&[Kind::LeftBrace]), Voice::Loud, condition)?;
    let voice = part.voice().and(matches!(part, Part::Whole((_, true))));
    let condition = match part {
        Part::Whole((condition, _)) => condition,
        Part::Skipped(span) => Part::<ExprId>::Skipped(span).or_missing(inp),
    };
    let body = region(inp, stops, voice, |inp| object(inp, nested))?;
    let body = body.or_missing(inp);
    Ok(inp.expr(start, ExprKind::If { condition, body }))
}

/// `Condition ::= '(' Expression ')'`, and whether the closing parenthesis is there
fn condition<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<(ExprId, bool)> {
    let start = inp.here();
    let parens = expressions_in_parens(inp, Literals::Allowed, true)?;
    let expr = one_in_parens(inp, start, &parens)?;
    Ok((expr, parens.closed))
}
