//! Imports and extensions.

use super::keep::closed_by;
use super::kit::{Input, Look, Mode, Parsed, expect_keyword, expect_or, identifier, items};
use super::literal::{starts_string, string};
use super::part::{following, name, object_part, path};
use super::recovery::{
    LINE, Stops, Voice, marker, missing_expr, part, region, report, stops_or_keep,
};
use crate::bicep::ast::{ExprId, ExprKind, ImportItem, ImportItemId, List, Name, StatementKind};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;
use crate::text::Span;

/// `ImportDecl ::= ImportSymbols | "import" String ExtensionTail`
pub(super) fn import_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    if starts_string(inp.ahead(1)) {
        extension_decl(inp)
    } else {
        import_symbols(inp)
    }
}

/// `ImportSymbols ::= "import" ( ImportAll | ImportList ) FromClause`
pub(super) fn import_symbols<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    match inp.kind() {
        Kind::LeftBrace => {
            let items = import_list(inp)?;
            let path = from_clause(inp)?;
            return Ok(StatementKind::ImportList { items, path });
        }
        Kind::Star => {
            let stops = stops_or_keep::<M>(LINE, &[Kind::From]);
            let name = region(inp, stops, Voice::Loud, import_all)?.whole();
            let path = from_clause(inp)?;
            return Ok(StatementKind::ImportAll { name, path });
        }
        kind if kind.is_identifier() => marker(inp, Error::ExpectedImport)?,
        Kind::NewLine | Kind::Eof => marker(inp, Error::ExpectedImport)?,
        _ => {
            let start = inp.bump();
            let span = inp.bytes_from(start);
            report(inp, Error::ExpectedImport, span)?;
        }
    }
    let path = from_clause(inp)?;
    let items = List::EMPTY;
    Ok(StatementKind::ImportList { items, path })
}

/// `ImportAll ::= '*' "as" Identifier`
fn import_all<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Name> {
    inp.bump();
    expect_keyword(inp, Kind::As)?;
    identifier(inp, Error::ExpectedNamespaceName)
}

/// `FromClause ::= "from" String`
fn from_clause<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let path = part(inp, LINE, Voice::Loud, |inp| {
        if M::KEEP && starts_string(inp.kind()) {
            return string(inp);
        }
        expect_keyword(inp, Kind::From)?;
        inp.state().voice = Voice::Loud;
        inp.parse(path(Error::ExpectedPath, LINE))
    })?;
    Ok(path.or_missing(inp))
}

/// `ImportList ::= '{' ( NewLine* ( ImportItem ( ItemEnd ImportItem )* ItemEnd? )? ) '}'`
fn import_list<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<List<ImportItemId>> {
    inp.bump();
    closed_by(inp, Kind::RightBrace, |inp| {
        items(inp, Kind::RightBrace, import_item)
    })
}

/// `ImportItem ::= Identifier ( "as" Identifier )? | StringComplete "as" Identifier`
fn import_item<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ImportItemId> {
    const ALIAS: Stops = LINE.or(&[Kind::Comma]);
    let start = inp.here();
    let name = imported_name(inp)?;
    let name_span = inp.bytes_from(start);
    let mut alias = None;
    if inp.take(Kind::As) {
        inp.state().voice = Voice::Loud;
        alias = inp.parse(self::name(Error::ExpectedTypeName, ALIAS))?;
    } else if matches!(inp.state().tree[name].kind, ExprKind::String(_)) {
        report(inp, Error::QuotedNameWithoutAlias, name_span)?;
    }
    let span = inp.bytes_from(start);
    let item = ImportItem { span, name, alias };
    Ok(inp.state().tree.add_import_item(item))
}

/// The name in an import list; whatever stands there is taken.
fn imported_name<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let start = inp.here();
    match inp.kind() {
        kind if kind.is_identifier() => {
            let name = identifier(inp, Error::ExpectedImportName)?;
            Ok(inp.expr(start, ExprKind::Name(name)))
        }
        Kind::StringComplete => string(inp),
        Kind::StringLeft => {
            let name = string(inp)?;
            let span = inp.bytes_from(start);
            report(inp, Error::InterpolatedImportName, span)?;
            Ok(name)
        }
        _ => {
            let span = if M::KEEP {
                Span::at(inp.bytes_from(start).start)
            } else {
                inp.bump();
                inp.bytes_from(start)
            };
            report(inp, Error::ExpectedImportName, span)?;
            Ok(missing_expr(inp, span))
        }
    }
}

/// `ExtensionDecl ::= "extension" ( Identifier | String ) ExtensionTail`
pub(super) fn extension_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let start = inp.here();
    inp.state().voice = Voice::Loud;
    let spec = if inp.kind().is_identifier() {
        let name = identifier(inp, Error::ExpectedExtension)?;
        inp.expr(start, ExprKind::Name(name))
    } else {
        inp.parse(path(Error::ExpectedExtension, LINE))?
    };
    let (config, alias) = extension_tail(inp)?;
    Ok(StatementKind::Extension {
        spec,
        config,
        alias,
    })
}

/// `ExtensionTail ::= ( "with" Object )? ( "as" Identifier )?`
fn extension_tail<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<(Option<ExprId>, Option<Name>)> {
    let mut config = None;
    if matches!(inp.kind(), Kind::Eof | Kind::NewLine | Kind::As) {
        inp.state().voice = Voice::Silent;
    } else {
        let with = following(LINE, |inp| with_clause(inp, Error::ExpectedWithOrAs));
        config = inp.parse(with)?.whole();
    }
    let mut alias = None;
    if !matches!(inp.kind(), Kind::Eof | Kind::NewLine) {
        alias = inp.parse(following(LINE, as_clause))?.whole().flatten();
    }
    Ok((config, alias))
}

/// `"with" Object`; `error` says that the word is missing.
pub(super) fn with_clause<M: Mode>(inp: &mut Input<'_, '_, M>, error: Error) -> Parsed<ExprId> {
    expect_or(inp, Kind::With, error)?;
    inp.state().voice = Voice::Loud;
    inp.parse(object_part())
}

/// `"as" Identifier`
fn as_clause<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Option<Name>> {
    expect_or(inp, Kind::As, Error::ExpectedWithOrAs)?;
    inp.state().voice = Voice::Loud;
    inp.parse(name(Error::ExpectedExtensionAlias, LINE))
}
