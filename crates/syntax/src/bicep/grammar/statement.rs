//! Files, and the choice between the statements of both dialects.

use super::declaration::{
    assert_decl, func_decl, metadata_decl, module_decl, output_decl, param_decl, resource_decl,
    target_scope_decl, test_decl, type_decl, var_decl,
};
use super::decorator::{decorators, through_line_end};
use super::import::{extension_decl, import_decl, import_symbols};
use super::keep::declaration_at;
use super::kit::{Input, Look, Mode, Parsed, finish, nested, push};
use super::params::{extends_decl, extension_config, param_assign, using_decl};
use super::recovery::{LINE, Part, Voice, fail, region, skip_to};
use crate::bicep::ast::{ExprId, List, Statement, StatementId, StatementKind};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;

// ---------------------------------------------------------------- files

/// `BicepFile ::= ( NewLine | Statement ( NewLine | &Eof ) | Dangling )* Eof`
pub(super) fn bicep_file<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    file(inp, bicep_statement)
}

/// `ParamsFile ::= ( NewLine | Decorators ParamsStatement ( NewLine | &Eof ) )* Eof`
pub(super) fn params_file<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    file(inp, params_statement)
}

/// Reads a statement without its decorators; `Skipped` if it is none.
type Declaration<'t, 'p, M> = fn(&mut Input<'t, 'p, M>) -> Parsed<StatementKind>;

fn file<'t, 'p, M: Mode>(
    inp: &mut Input<'t, 'p, M>,
    declaration: Declaration<'t, 'p, M>,
) -> Parsed<()> {
    for _ in 0..inp.state().sound.token {
        inp.skip();
    }
    loop {
        if inp.take(Kind::NewLine) {
            continue;
        }
        begin_line(inp)?;
        if inp.kind() == Kind::Eof {
            break;
        }
        let statement = line(inp, declaration)?;
        push(inp, statement);
    }
    inp.skip();
    if !M::REPORT {
        // Statements that an earlier pass has stored count.
        let body = finish(inp, 0);
        inp.state().tree.set_body(body);
    }
    Ok(())
}

/// In [`Fast`], notes that all is well so far, and gives up where the lexer has found something.
///
/// [`Fast`]: super::Fast
fn begin_line<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<()> {
    let here = inp.here();
    if M::RECOVER || inp.state().is_sound_before(here) {
        return Ok(());
    }
    fail(inp, Error::ExpectedDeclaration)
}

/// A statement and the end of its line.
fn line<'t, 'p, M: Mode>(
    inp: &mut Input<'t, 'p, M>,
    declaration: Declaration<'t, 'p, M>,
) -> Parsed<StatementId> {
    let start = inp.here();
    let statement = region(inp, LINE, Voice::Loud, |inp| statement(inp, declaration))?;
    let Part::Whole(id) = statement else {
        skip_rest(inp, start);
        return Ok(add(inp, start, List::EMPTY, StatementKind::Skipped));
    };
    let dangling = matches!(inp.state().tree[id].kind, StatementKind::Skipped);
    let next_starts = M::KEEP && declaration_at(inp, 0);
    if !dangling && !next_starts {
        through_line_end(inp, true)?;
    }
    Ok(id)
}

/// Behind a statement that makes no sense: goes on at the next line, at least one token further.
fn skip_rest<M: Mode>(inp: &mut Input<'_, '_, M>, start: u32) {
    if M::KEEP && inp.here() == start {
        inp.bump();
    }
    if M::KEEP {
        while !matches!(inp.kind(), Kind::NewLine | Kind::Eof) {
            skip_to(inp, LINE);
            if inp.kind() == Kind::Comma {
                inp.bump();
            }
        }
    }
}

/// `Statement ::= Decorators BicepStatement`
///
/// The statements of either dialect, by what `declaration` reads.
fn statement<'t, 'p, M: Mode>(
    inp: &mut Input<'t, 'p, M>,
    declaration: Declaration<'t, 'p, M>,
) -> Parsed<StatementId> {
    let start = inp.here();
    let decorators = decorators(inp)?;
    let kind = if decorators == List::EMPTY || !M::KEEP {
        declaration(inp)
    } else {
        // The decorators are kept even if nothing follows.
        let kind = region(inp, LINE, Voice::Silent, declaration)?;
        Ok(kind.whole().unwrap_or(StatementKind::Skipped))
    };
    let kind = match kind {
        Err(problem) if problem.kind == Error::ExpectedDeclaration && inp.here() > start => {
            // Decorators without a declaration are left to later phases.
            StatementKind::Skipped
        }
        kind => kind?,
    };
    Ok(add(inp, start, decorators, kind))
}

fn add<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    start: u32,
    decorators: List<ExprId>,
    kind: StatementKind,
) -> StatementId {
    let span = inp.bytes_from(start);
    inp.state().tree.add_statement(Statement {
        span,
        decorators,
        kind,
    })
}

/// `BicepStatement ::= TargetScopeDecl | MetadataDecl | ParamDecl | VarDecl | TypeDecl | FuncDecl |
/// OutputDecl | ResourceDecl | ModuleDecl | TestDecl | ImportDecl | ExtensionDecl | AssertDecl`
fn bicep_statement<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    match inp.kind() {
        Kind::Param => inp.parse(param_decl()),
        Kind::Var => inp.parse(var_decl()),
        Kind::Resource => inp.parse(resource_decl()),
        Kind::Module => inp.parse(module_decl()),
        Kind::Output => inp.parse(output_decl()),
        Kind::Type => inp.parse(type_decl()),
        Kind::Func => inp.parse(func_decl()),
        Kind::Import => import_decl(inp),
        Kind::TargetScope => inp.parse(target_scope_decl()),
        Kind::Metadata => inp.parse(metadata_decl()),
        Kind::Extension => extension_decl(inp),
        Kind::Assert => inp.parse(assert_decl()),
        Kind::Test => inp.parse(test_decl()),
        _ => fail(inp, Error::ExpectedDeclaration),
    }
}

/// `ParamsStatement ::= UsingDecl | ExtendsDecl | ParamAssign | VarDecl | TypeDecl | ImportSymbols
/// | ExtensionConfig | ExtensionDecl`
fn params_statement<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    match inp.kind() {
        Kind::Using => using_decl(inp),
        Kind::Extends => inp.parse(extends_decl()),
        Kind::Param => inp.parse(param_assign()),
        Kind::Var => inp.parse(var_decl()),
        Kind::Import => import_symbols(inp),
        Kind::ExtensionConfig => inp.parse(extension_config()),
        Kind::Extension => extension_decl(inp),
        Kind::Type => inp.parse(type_decl()),
        _ => fail(inp, Error::NotInParametersFile),
    }
}

/// `NestedResource ::= Decorators ResourceDecl | Dangling`
pub(super) fn nested_resource<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementId> {
    let start = inp.here();
    let resource = region(inp, LINE, Voice::Loud, |inp| {
        nested(inp, |inp| {
            statement(inp, |inp| match inp.kind() {
                Kind::Resource => inp.parse(resource_decl()),
                _ => fail(inp, Error::ExpectedDeclaration),
            })
        })
    })?;
    Ok(match resource {
        Part::Whole(id) => id,
        Part::Skipped(_) => add(inp, start, List::EMPTY, StatementKind::Skipped),
    })
}
