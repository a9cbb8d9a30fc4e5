//! Declarations: what a Bicep file is made of, imports apart.

use chumsky::Parser;
use chumsky::primitive::custom;

use super::expression::{for_body, if_body, lambda_body, parenthesized};
use super::keep::{key_at, on_line};
use super::kit::{Input, Look, Mode, Parsed, Rule, begin, finish, identifier_or_marker};
use super::literal::{Nested, object, object_items};
use super::part::{
    ASSIGN_OR_LINE, BRACE_OR_LINE, IDENTIFIER_OR_LINE, STRING_OR_LINE, aside, assign, expr_part,
    following, keyword, name, object_part, optional, path, type_part, value,
};
use super::recovery::{LINE, Part, Stops, Voice, fail, kept, missing_expr, stops_or_keep, token};
use super::type_expr::AnyResource;
use crate::bicep::ast::{ExprId, FuncParam, FuncParamId, List, StatementKind, TypeId};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;

// ---------------------------------------------------------------- values and types

/// `TargetScopeDecl ::= "targetScope" '=' Expression`
pub(super) fn target_scope_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(aside(assign(LINE)))
        .ignore_then(value())
        .map(|value| StatementKind::TargetScope { value })
}

/// `MetadataDecl ::= "metadata" Identifier '=' Expression`
pub(super) fn metadata_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedMetadataName, ASSIGN_OR_LINE))
        .then_ignore(assign(LINE))
        .then(value())
        .map(|(name, value)| StatementKind::Metadata { name, value })
}

/// `AssertDecl ::= "assert" Identifier '=' Expression`
pub(super) fn assert_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedAssertName, ASSIGN_OR_LINE))
        .then_ignore(assign(LINE))
        .then(value())
        .map(|(name, value)| StatementKind::Assert { name, value })
}

/// `ParamDecl ::= "param" Identifier TypeRef DefaultValue`
pub(super) fn param_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    const TYPE: Stops = ASSIGN_OR_LINE.or(&[Kind::LeftBrace]);
    keyword()
        .ignore_then(name(Error::ExpectedParameterName, IDENTIFIER_OR_LINE))
        .then(type_part(TYPE, AnyResource::Refused))
        .then(following(LINE, default_value))
        .map(|((name, r#type), value)| StatementKind::Param {
            name,
            r#type: Some(r#type),
            value: value.whole().flatten(),
        })
}

/// `DefaultValue ::= ( '=' Expression )?`
fn default_value<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Option<ExprId>> {
    match inp.kind() {
        Kind::NewLine | Kind::Eof => Ok(None),
        Kind::Assign => inp.parse(keyword().ignore_then(value())).map(Some),
        _ => fail(inp, Error::ExpectedParameterContinuation),
    }
}

/// `VarDecl ::= "var" Identifier TypeRef? '=' Expression`
pub(super) fn var_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedVariableName, IDENTIFIER_OR_LINE))
        .then(custom(type_of_var))
        .then_ignore(assign(LINE))
        .then(value())
        .map(|((name, r#type), value)| StatementKind::Var {
            name,
            r#type,
            value,
        })
}

/// `TypeRef?`; without `=`, what stands behind the name of a variable is a value rather than a type.
fn type_of_var<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Option<TypeId>> {
    match inp.kind() {
        Kind::Assign | Kind::NewLine | Kind::Eof => Ok(None),
        _ if M::KEEP && !on_line(inp, Stops::of(&[Kind::Assign])) => Ok(None),
        _ => inp
            .parse(type_part(ASSIGN_OR_LINE, AnyResource::Refused))
            .map(Some),
    }
}

/// `OutputDecl ::= "output" Identifier ( TypeRef | "resource" ) '=' Expression`
pub(super) fn output_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedOutputName, IDENTIFIER_OR_LINE))
        .then(type_part(ASSIGN_OR_LINE, AnyResource::Allowed))
        .then_ignore(assign(LINE))
        .then(value())
        .map(|((name, r#type), value)| StatementKind::Output {
            name,
            r#type,
            value,
        })
}

/// `TypeDecl ::= "type" Identifier '=' TypeRef`
pub(super) fn type_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    const TYPE: Stops = ASSIGN_OR_LINE.or(&[Kind::LeftBrace]);
    keyword()
        .ignore_then(name(Error::ExpectedTypeName, ASSIGN_OR_LINE))
        .then_ignore(aside(assign(LINE)))
        .then(type_part(TYPE, AnyResource::Refused))
        .map(|(name, value)| StatementKind::Type { name, value })
}

// ---------------------------------------------------------------- functions

/// `FuncDecl ::= "func" Identifier FuncSignature`
pub(super) fn func_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedVariableName, ASSIGN_OR_LINE))
        .then(custom(signature_part))
        .map(|(name, signature)| StatementKind::Func {
            name,
            parameters: signature.parameters,
            result: signature.result,
            body: signature.body,
        })
}

/// What follows the name of a function.
struct Signature {
    parameters: List<FuncParamId>,
    result: TypeId,
    body: ExprId,
}

/// A signature; one that fails has gaps in all places.
fn signature_part<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Signature> {
    Ok(match inp.parse(following(LINE, func_signature))? {
        Part::Whole(signature) => signature,
        Part::Skipped(span) => Signature {
            parameters: List::EMPTY,
            result: Part::<TypeId>::Skipped(span).or_missing(inp),
            body: missing_expr(inp, span),
        },
    })
}

/// `FuncSignature ::= '(' NewLine* ( FuncParam NewLine* ( ',' NewLine* FuncParam NewLine* )* ( ','
/// NewLine* )? )? ')' TypeRef '=>' LambdaBody`
fn func_signature<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Signature> {
    const RESULT: Stops = LINE.or(&[Kind::RightParen]);
    let mark = begin(inp);
    kept(inp, LINE.or(&[Kind::Arrow]), |inp| {
        parenthesized(inp, true, func_param, |_, _| None)
    })?;
    let parameters = finish(inp, mark);
    let stops = stops_or_keep::<M>(RESULT, &[Kind::Arrow]);
    inp.state().voice = Voice::Loud;
    let result = inp.parse(type_part(stops, AnyResource::Refused))?;
    let arrow = token(inp, Kind::Arrow, RESULT, Voice::Loud)?;
    let body = lambda_body(inp, !arrow.is_skipped())?;
    Ok(Signature {
        parameters,
        result,
        body,
    })
}

/// `FuncParam ::= Identifier TypeRef`
fn func_param<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<FuncParamId> {
    const TYPE: Stops = LINE.or(&[Kind::Comma, Kind::RightParen]);
    let name = identifier_or_marker(inp, Error::ExpectedVariableName)?;
    inp.state().voice = Voice::Loud;
    let r#type = inp.parse(type_part(TYPE, AnyResource::Refused))?;
    let param = FuncParam { name, r#type };
    Ok(inp.state().tree.add_func_param(param))
}

// ---------------------------------------------------------------- resources, modules, tests

/// `ResourceDecl ::= "resource" Identifier String "existing"? '=' Body`
pub(super) fn resource_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedResourceName, STRING_OR_LINE))
        .then(path(Error::ExpectedResourceType, ASSIGN_OR_LINE))
        .then(optional(Kind::Existing))
        .then_ignore(assign_and_breaks())
        .then(body(Nested::Allowed))
        .map(
            |(((name, r#type), existing), body)| StatementKind::Resource {
                name,
                r#type,
                existing,
                body,
            },
        )
}

/// `ModuleDecl ::= "module" Identifier String '=' Body`
pub(super) fn module_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedModuleName, STRING_OR_LINE))
        .then(path(Error::ExpectedPath, ASSIGN_OR_LINE))
        .then_ignore(assign(BRACE_OR_LINE))
        .then_ignore(custom(breaks_before_if))
        .then(body(Nested::Refused))
        .map(|((name, path), body)| StatementKind::Module { name, path, body })
}

/// `TestDecl ::= "test" Identifier String '=' Object`
pub(super) fn test_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedTestName, STRING_OR_LINE))
        .then(path(Error::ExpectedTestPath, ASSIGN_OR_LINE))
        .then_ignore(assign(BRACE_OR_LINE))
        .then(object_part())
        .map(|((name, path), body)| StatementKind::Test { name, path, body })
}

/// `'='`, with line breaks behind it where a condition follows. Where the `=` is missing, the compiler
/// reads the breaks in modules, but not in resources.
fn assign_and_breaks<'t, M: Mode>() -> impl Rule<'t, M, ()> {
    custom(|inp: &mut Input<'t, '_, M>| {
        if inp.parse(assign(BRACE_OR_LINE))? {
            breaks_before_if(inp)?;
        }
        Ok(())
    })
}

fn breaks_before_if<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    if inp.kind() == Kind::NewLine && inp.past_breaks(1) == Kind::If {
        inp.breaks();
    }
    Ok(())
}

/// `Body ::= Object | ForBody | NewLine* IfBody`
///
/// The line breaks have been read before.
fn body<'t, M: Mode>(nested: Nested) -> impl Rule<'t, M, ExprId> {
    expr_part(LINE, move |inp| match inp.kind() {
        Kind::LeftBrace => object(inp, nested),
        Kind::LeftSquare => for_body(inp, nested),
        Kind::If => if_body(inp, nested, false),
        // The opening brace is missing.
        Kind::NewLine if M::KEEP && key_at(inp, 1) => {
            let start = inp.here() + 1;
            object_items(inp, start, nested)
        }
        _ => fail(inp, Error::ExpectedBody),
    })
}
