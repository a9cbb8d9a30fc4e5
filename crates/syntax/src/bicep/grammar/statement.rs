//! Files and statements of both dialects.

use super::decorator::{decorators, through_line_end};
use super::expression::{for_body, if_body, lambda_body, parenthesized, value, voice_after};
use super::kit::{
    Input, Look, Mode, Parsed, begin, expect_keyword, expect_or, finish, identifier,
    identifier_or_marker, items, nested, push,
};
use super::literal::{Nested, object, required_string, starts_string, string};
use super::recovery::{
    LINE, Part, Stops, Voice, assign_on_line, closed_by, declaration_at, fail, kept, marker,
    missing_expr, part, region, report, skip_to, stops_or_keep, token,
};
use super::type_expr::{AnyResource, type_ref};
use crate::bicep::ast::{
    ExprId, ExprKind, FuncParam, FuncParamId, ImportItem, ImportItemId, List, Name, Statement,
    StatementId, StatementKind, TypeId, Using,
};
use crate::bicep::error::SyntaxErrorKind as Error;
use crate::bicep::token::Kind;
use crate::text::Span;

const ASSIGN_OR_LINE: Stops = LINE.or(&[Kind::Assign]);
const BRACE_OR_LINE: Stops = LINE.or(&[Kind::LeftBrace]);
const IDENTIFIER_OR_LINE: Stops = LINE.or_identifier();
const STRING_OR_LINE: Stops = LINE.or(&[Kind::StringComplete, Kind::StringLeft]);

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
    let mark = begin(inp);
    loop {
        match inp.kind() {
            Kind::Eof => break,
            Kind::NewLine => {
                inp.bump();
            }
            _ => {
                let statement = line(inp, declaration)?;
                push(inp, statement);
            }
        }
    }
    inp.skip();
    let body = finish(inp, mark);
    inp.state().tree.set_body(body);
    Ok(())
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
        Kind::Param => param_decl(inp),
        Kind::Var => var_decl(inp),
        Kind::Resource => resource_decl(inp),
        Kind::Module => module_decl(inp),
        Kind::Output => output_decl(inp),
        Kind::Type => type_decl(inp),
        Kind::Func => func_decl(inp),
        Kind::Import => import_decl(inp),
        Kind::TargetScope => target_scope_decl(inp),
        Kind::Metadata => metadata_decl(inp),
        Kind::Extension => extension_decl(inp),
        Kind::Assert => assert_decl(inp),
        Kind::Test => test_decl(inp),
        _ => fail(inp, Error::ExpectedDeclaration),
    }
}

/// `ParamsStatement ::= UsingDecl | ExtendsDecl | ParamAssign | VarDecl | TypeDecl | ImportSymbols
/// | ExtensionConfig | ExtensionDecl`
fn params_statement<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    match inp.kind() {
        Kind::Using => using_decl(inp),
        Kind::Extends => extends_decl(inp),
        Kind::Param => param_assign(inp),
        Kind::Var => var_decl(inp),
        Kind::Import => import_symbols(inp),
        Kind::ExtensionConfig => extension_config(inp),
        Kind::Extension => extension_decl(inp),
        Kind::Type => type_decl(inp),
        _ => fail(inp, Error::NotInParametersFile),
    }
}

/// `NestedResource ::= Decorators ResourceDecl | Dangling`
pub(super) fn nested_resource<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementId> {
    let start = inp.here();
    let resource = region(inp, LINE, Voice::Loud, |inp| {
        nested(inp, |inp| {
            statement(inp, |inp| match inp.kind() {
                Kind::Resource => resource_decl(inp),
                _ => fail(inp, Error::ExpectedDeclaration),
            })
        })
    })?;
    Ok(match resource {
        Part::Whole(id) => id,
        Part::Skipped(_) => add(inp, start, List::EMPTY, StatementKind::Skipped),
    })
}

// ---------------------------------------------------------------- parts of statements

/// A name that may be missing, and how loud the part behind it is.
fn name<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    error: Error,
    stops: Stops,
) -> Parsed<(Option<Name>, Voice)> {
    const MORE: [Kind; 5] = [
        Kind::Assign,
        Kind::LeftBrace,
        Kind::LeftParen,
        Kind::StringComplete,
        Kind::StringLeft,
    ];
    let stops = stops_or_keep::<M>(stops, &MORE);
    let name = part(inp, stops, Voice::Loud, |inp| identifier(inp, error))?;
    let voice = name.voice();
    Ok((name.whole(), voice))
}

/// A type that may be missing.
fn type_part<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    stops: Stops,
    voice: Voice,
    any_resource: AnyResource,
) -> Parsed<(TypeId, Voice)> {
    let found = part(inp, stops, voice, |inp| type_ref(inp, any_resource))?;
    let voice = found.voice();
    Ok((found.or_missing(inp), voice))
}

/// `'='`, and how loud the part behind it is.
fn assign<M: Mode>(inp: &mut Input<'_, '_, M>, voice: Voice) -> Parsed<Voice> {
    let assign = token(inp, Kind::Assign, LINE, voice)?;
    Ok(assign.voice())
}

/// `'=' Expression`
fn assigned<M: Mode>(inp: &mut Input<'_, '_, M>, voice: Voice) -> Parsed<ExprId> {
    let voice = assign(inp, voice)?;
    value(inp, LINE, voice)
}

/// A string that may be missing, and how loud the part behind it is.
fn path<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    error: Error,
    stops: Stops,
    voice: Voice,
) -> Parsed<(ExprId, Voice)> {
    let path = part(inp, stops, voice, |inp| required_string(inp, error))?;
    let voice = path.voice();
    Ok((path.or_missing(inp), voice))
}

/// An object that may be missing.
fn object_part<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<ExprId> {
    let object = part(inp, LINE, Voice::Loud, |inp| object(inp, Nested::Refused))?;
    Ok(object.or_missing(inp))
}

// ---------------------------------------------------------------- declarations with a value

/// `TargetScopeDecl ::= "targetScope" '=' Expression`
fn target_scope_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    assign(inp, Voice::Loud)?;
    let value = value(inp, LINE, Voice::Loud)?;
    Ok(StatementKind::TargetScope { value })
}

/// `MetadataDecl ::= "metadata" Identifier '=' Expression`
fn metadata_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedMetadataName, ASSIGN_OR_LINE)?;
    let value = assigned(inp, voice)?;
    Ok(StatementKind::Metadata { name, value })
}

/// `AssertDecl ::= "assert" Identifier '=' Expression`
fn assert_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedAssertName, ASSIGN_OR_LINE)?;
    let value = assigned(inp, voice)?;
    Ok(StatementKind::Assert { name, value })
}

/// `ParamDecl ::= "param" Identifier TypeRef DefaultValue`
fn param_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    const TYPE: Stops = ASSIGN_OR_LINE.or(&[Kind::LeftBrace]);
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedParameterName, IDENTIFIER_OR_LINE)?;
    let (r#type, voice) = type_part(inp, TYPE, voice, AnyResource::Refused)?;
    let value = region(inp, LINE, voice, default_value)?;
    Ok(StatementKind::Param {
        name,
        r#type: Some(r#type),
        value: value.whole().flatten(),
    })
}

/// `DefaultValue ::= ( '=' Expression )?`
fn default_value<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Option<ExprId>> {
    match inp.kind() {
        Kind::NewLine | Kind::Eof => Ok(None),
        Kind::Assign => {
            inp.bump();
            value(inp, LINE, Voice::Loud).map(Some)
        }
        _ => fail(inp, Error::ExpectedParameterContinuation),
    }
}

/// `VarDecl ::= "var" Identifier TypeRef? '=' Expression`
fn var_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, mut voice) = name(inp, Error::ExpectedVariableName, IDENTIFIER_OR_LINE)?;
    let untyped = matches!(inp.kind(), Kind::Assign | Kind::NewLine | Kind::Eof)
        // Without `=`, what stands behind the name is a value rather than a type.
        || M::KEEP && !assign_on_line(inp);
    let mut r#type = None;
    if !untyped {
        let (found, behind) = type_part(inp, ASSIGN_OR_LINE, voice, AnyResource::Refused)?;
        r#type = Some(found);
        voice = behind;
    }
    let value = assigned(inp, voice)?;
    Ok(StatementKind::Var {
        name,
        r#type,
        value,
    })
}

/// `OutputDecl ::= "output" Identifier ( TypeRef | "resource" ) '=' Expression`
fn output_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedOutputName, IDENTIFIER_OR_LINE)?;
    let (r#type, voice) = type_part(inp, ASSIGN_OR_LINE, voice, AnyResource::Allowed)?;
    let value = assigned(inp, voice)?;
    Ok(StatementKind::Output {
        name,
        r#type,
        value,
    })
}

/// `TypeDecl ::= "type" Identifier '=' TypeRef`
fn type_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    const TYPE: Stops = ASSIGN_OR_LINE.or(&[Kind::LeftBrace]);
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedTypeName, ASSIGN_OR_LINE)?;
    assign(inp, voice)?;
    let (value, _) = type_part(inp, TYPE, voice, AnyResource::Refused)?;
    Ok(StatementKind::Type { name, value })
}

// ---------------------------------------------------------------- functions

/// `FuncDecl ::= "func" Identifier FuncSignature`
fn func_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedVariableName, ASSIGN_OR_LINE)?;
    let function = region(inp, LINE, voice, |inp| func_signature(inp, name))?;
    Ok(match function {
        Part::Whole(function) => function,
        Part::Skipped(span) => {
            let result = Part::<TypeId>::Skipped(span).or_missing(inp);
            let body = missing_expr(inp, span);
            let parameters = List::EMPTY;
            StatementKind::Func {
                name,
                parameters,
                result,
                body,
            }
        }
    })
}

/// `FuncSignature ::= '(' NewLine* ( FuncParam NewLine* ( ',' NewLine* FuncParam NewLine* )* ( ','
/// NewLine* )? )? ')' TypeRef '=>' LambdaBody`
fn func_signature<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    name: Option<Name>,
) -> Parsed<StatementKind> {
    const RESULT: Stops = LINE.or(&[Kind::RightParen]);
    let mark = begin(inp);
    kept(inp, LINE.or(&[Kind::Arrow]), |inp| {
        parenthesized(inp, true, func_param, |_, _| None)
    })?;
    let parameters = finish(inp, mark);
    let stops = stops_or_keep::<M>(RESULT, &[Kind::Arrow]);
    let (result, _) = type_part(inp, stops, Voice::Loud, AnyResource::Refused)?;
    let arrow = token(inp, Kind::Arrow, RESULT, Voice::Loud)?;
    let body = if arrow.is_skipped() {
        value(inp, RESULT, Voice::Loud)?
    } else {
        lambda_body(inp)?
    };
    Ok(StatementKind::Func {
        name,
        parameters,
        result,
        body,
    })
}

/// `FuncParam ::= Identifier TypeRef`
fn func_param<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<FuncParamId> {
    const TYPE: Stops = LINE.or(&[Kind::Comma, Kind::RightParen]);
    let name = identifier_or_marker(inp, Error::ExpectedVariableName)?;
    let (r#type, _) = type_part(inp, TYPE, Voice::Loud, AnyResource::Refused)?;
    let param = FuncParam { name, r#type };
    Ok(inp.state().tree.add_func_param(param))
}

// ---------------------------------------------------------------- resources, modules, tests

/// `ResourceDecl ::= "resource" Identifier String "existing"? '=' Body`
fn resource_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedResourceName, STRING_OR_LINE)?;
    let wanted = Error::ExpectedResourceType;
    let (r#type, voice) = path(inp, wanted, ASSIGN_OR_LINE, voice)?;
    let existing = inp.take(Kind::Existing);
    let assign = token(inp, Kind::Assign, BRACE_OR_LINE, voice)?;
    if !assign.is_skipped() {
        breaks_before_if(inp);
    }
    let body = body(inp, Nested::Allowed, assign.voice())?;
    Ok(StatementKind::Resource {
        name,
        r#type,
        existing,
        body,
    })
}

/// `ModuleDecl ::= "module" Identifier String '=' Body`
fn module_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedModuleName, STRING_OR_LINE)?;
    let (path, voice) = path(inp, Error::ExpectedPath, ASSIGN_OR_LINE, voice)?;
    let assign = token(inp, Kind::Assign, BRACE_OR_LINE, voice)?;
    breaks_before_if(inp);
    let body = body(inp, Nested::Refused, assign.voice())?;
    Ok(StatementKind::Module { name, path, body })
}

/// `TestDecl ::= "test" Identifier String '=' Object`
fn test_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedTestName, STRING_OR_LINE)?;
    let (path, voice) = path(inp, Error::ExpectedTestPath, ASSIGN_OR_LINE, voice)?;
    let assign = token(inp, Kind::Assign, BRACE_OR_LINE, voice)?;
    let body = part(inp, LINE, assign.voice(), |inp| {
        object(inp, Nested::Refused)
    })?;
    let body = body.or_missing(inp);
    Ok(StatementKind::Test { name, path, body })
}

fn breaks_before_if<M: Mode>(inp: &mut Input<'_, '_, M>) {
    if inp.kind() == Kind::NewLine && inp.past_breaks(1) == Kind::If {
        inp.breaks();
    }
}

/// `Body ::= Object | ForBody | NewLine* IfBody`
///
/// The line breaks have been read before.
fn body<M: Mode>(inp: &mut Input<'_, '_, M>, nested: Nested, voice: Voice) -> Parsed<ExprId> {
    let body = part(inp, LINE, voice, |inp| match inp.kind() {
        Kind::LeftBrace => object(inp, nested),
        Kind::LeftSquare => for_body(inp, nested),
        Kind::If => if_body(inp, nested, false),
        _ => fail(inp, Error::ExpectedBody),
    })?;
    Ok(body.or_missing(inp))
}

// ---------------------------------------------------------------- imports, extensions

/// `ImportDecl ::= ImportSymbols | "import" String ExtensionTail`
fn import_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    if starts_string(inp.ahead(1)) {
        extension_decl(inp)
    } else {
        import_symbols(inp)
    }
}

/// `ImportSymbols ::= "import" ( ImportAll | ImportList ) FromClause`
fn import_symbols<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
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
        let (path, _) = path(inp, Error::ExpectedPath, LINE, Voice::Loud)?;
        Ok(path)
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
        (alias, _) = self::name(inp, Error::ExpectedTypeName, ALIAS)?;
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
fn extension_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let start = inp.here();
    let (spec, voice) = if inp.kind().is_identifier() {
        let name = identifier(inp, Error::ExpectedExtension)?;
        (inp.expr(start, ExprKind::Name(name)), Voice::Loud)
    } else {
        path(inp, Error::ExpectedExtension, LINE, Voice::Loud)?
    };
    extension_tail(inp, spec, voice)
}

/// `ExtensionTail ::= ( "with" Object )? ( "as" Identifier )?`
fn extension_tail<M: Mode>(
    inp: &mut Input<'_, '_, M>,
    spec: ExprId,
    voice: Voice,
) -> Parsed<StatementKind> {
    let mut config = None;
    let mut voice = voice;
    if matches!(inp.kind(), Kind::Eof | Kind::NewLine | Kind::As) {
        voice = Voice::Silent;
    } else {
        let with = region(inp, LINE, voice, |inp| {
            expect_or(inp, Kind::With, Error::ExpectedWithOrAs)?;
            object_part(inp)
        })?;
        voice = with.voice();
        config = with.whole();
    }
    let mut alias = None;
    if !matches!(inp.kind(), Kind::Eof | Kind::NewLine) {
        let clause = region(inp, LINE, voice, |inp| {
            expect_or(inp, Kind::As, Error::ExpectedWithOrAs)?;
            name(inp, Error::ExpectedExtensionAlias, LINE)
        })?;
        alias = clause.whole().and_then(|(alias, _)| alias);
    }
    Ok(StatementKind::Extension {
        spec,
        config,
        alias,
    })
}

// ---------------------------------------------------------------- parameter files

/// `UsingDecl ::= "using" UsingTarget ( "with" Object )?`
fn using_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let target = using_target(inp)?;
    let voice = match target {
        Using::Path(path) => voice_after(inp, path),
        Using::None => Voice::Loud,
    };
    if matches!(inp.kind(), Kind::Eof | Kind::NewLine) {
        let config = None;
        return Ok(StatementKind::Using { target, config });
    }
    let config = region(inp, LINE, voice, |inp| {
        expect_or(inp, Kind::With, Error::ExpectedWith)?;
        object_part(inp)
    })?;
    let config = config.whole();
    Ok(StatementKind::Using { target, config })
}

/// `UsingTarget ::= "none" | StringComplete`
fn using_target<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<Using> {
    match inp.kind() {
        kind if kind.is_identifier() && !(M::KEEP && kind != Kind::None) => {
            expect_keyword(inp, Kind::None)?;
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
fn extends_decl<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (path, _) = path(inp, Error::ExpectedExtendsPath, LINE, Voice::Loud)?;
    Ok(StatementKind::Extends { path })
}

/// `ParamAssign ::= "param" Identifier '=' Expression`
fn param_assign<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedParameterName, IDENTIFIER_OR_LINE)?;
    let value = assigned(inp, voice)?;
    Ok(StatementKind::Param {
        name,
        r#type: None,
        value: Some(value),
    })
}

/// `ExtensionConfig ::= "extensionConfig" Identifier "with" Object`
fn extension_config<M: Mode>(inp: &mut Input<'_, '_, M>) -> Parsed<StatementKind> {
    inp.bump();
    let (name, voice) = name(inp, Error::ExpectedExtensionAlias, IDENTIFIER_OR_LINE)?;
    let config = region(inp, LINE, voice, |inp| {
        expect_keyword(inp, Kind::With)?;
        object_part(inp)
    })?;
    let config = config.or_missing(inp);
    Ok(StatementKind::ExtensionConfig { name, config })
}
