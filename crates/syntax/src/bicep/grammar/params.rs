//! The statements that only parameter files have.

use chumsky::Parser;

use super::expression::voice_after;
use super::import::with_clause;
use super::kit::{Input, Look, Mode, Parsed, Rule, expect_keyword};
use super::literal::{required_string, string};
use super::part::{IDENTIFIER_OR_LINE, assign, expr_part, following, keyword, name, path, value};
use super::recovery::{LINE, Voice, marker};
use crate::bicep::ast::{ExprKind, StatementKind, Using};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;

/// `UsingDecl ::= "using" UsingTarget ( "with" Object )?`
pub(super) fn using_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let target = using_target(inp)?;
    inp.state().voice = match target {
        Using::Path(path) => voice_after(inp, path),
        Using::None => Voice::Loud,
    };
    if matches!(inp.kind(), Kind::Eof | Kind::NewLine) {
        let config = None;
        return Ok(StatementKind::Using { target, config });
    }
    let with = following(LINE, |inp| with_clause(inp, Error::ExpectedWith));
    let config = inp.parse(with)?.whole();
    Ok(StatementKind::Using { target, config })
}

/// `UsingTarget ::= "none" | StringComplete`
fn using_target<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Using> {
    match inp.kind() {
        kind if kind.is_identifier() && !(M::KEEP && kind != Kind::NoneWord) => {
            expect_keyword(inp, Kind::NoneWord)?;
            Ok(Using::None)
        }
        Kind::StringComplete => required_string(inp, Error::MalformedUsingPath).map(Using::Path),
        Kind::StringLeft if M::KEEP => string(inp).map(Using::Path),
        _ => {
            marker(inp, Error::ExpectedImport)?;
            let start = inp.here();
            let path = inp.expr(start, ExprKind::Missing);
            Ok(Using::Path(path))
        }
    }
}

/// `ExtendsDecl ::= "extends" String`
pub(super) fn extends_decl<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(path(Error::ExpectedExtendsPath, LINE))
        .map(|path| StatementKind::Extends { path })
}

/// `ParamAssign ::= "param" Identifier '=' Expression`
pub(super) fn param_assign<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    keyword()
        .ignore_then(name(Error::ExpectedParameterName, IDENTIFIER_OR_LINE))
        .then_ignore(assign(LINE))
        .then(value())
        .map(|(name, value)| StatementKind::Param {
            name,
            r#type: None,
            value: Some(value),
        })
}

/// `ExtensionConfig ::= "extensionConfig" Identifier "with" Object`
pub(super) fn extension_config<'t, M: Mode>() -> impl Rule<'t, M, StatementKind> {
    let with = expr_part(LINE, |inp| {
        with_clause(inp, Error::ExpectedKeyword(Kind::With))
    });
    keyword()
        .ignore_then(name(Error::ExpectedExtensionAlias, IDENTIFIER_OR_LINE))
        .then(with)
        .map(|(name, config)| StatementKind::ExtensionConfig { name, config })
}
