//! Statements of both dialects.

use super::{ExprId, List, Name, TypeId, id};
use crate::text::Span;

id! {
    /// A statement.
    StatementId
}
id! {
    /// A parameter of a user-defined function.
    FuncParamId
}
id! {
    /// A name in an import list.
    ImportItemId
}

/// A statement, its decorators and the bytes they cover.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Statement {
    /// From the first decorator to the last token.
    pub span: Span,
    /// The decorators, as expressions after the `@`.
    pub decorators: List<ExprId>,
    /// Which form it has.
    pub kind: StatementKind,
}

/// The forms of a statement. A name that is missing in the text is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StatementKind {
    /// Text that made no sense, or decorators with nothing behind them.
    Skipped,
    /// `targetScope = value`
    TargetScope {
        /// The scope.
        value: ExprId,
    },
    /// `metadata name = value`
    Metadata {
        /// The name.
        name: Option<Name>,
        /// The value.
        value: ExprId,
    },
    /// `param name type = default`; in a parameter file `param name = value`, without a type
    Param {
        /// The name.
        name: Option<Name>,
        /// The type.
        r#type: Option<TypeId>,
        /// The default, or the value in a parameter file.
        value: Option<ExprId>,
    },
    /// `var name type = value`
    Var {
        /// The name.
        name: Option<Name>,
        /// The type, where one is given.
        r#type: Option<TypeId>,
        /// The value.
        value: ExprId,
    },
    /// `type name = type`
    Type {
        /// The name.
        name: Option<Name>,
        /// The type.
        value: TypeId,
    },
    /// `func name (parameters) type => body`
    Func {
        /// The name.
        name: Option<Name>,
        /// The parameters.
        parameters: List<FuncParamId>,
        /// The type of the result.
        result: TypeId,
        /// The body.
        body: ExprId,
    },
    /// `output name type = value`
    Output {
        /// The name.
        name: Option<Name>,
        /// The type.
        r#type: TypeId,
        /// The value.
        value: ExprId,
    },
    /// `resource name 'type@version' existing = body`
    Resource {
        /// The symbol.
        name: Option<Name>,
        /// Type and version.
        r#type: ExprId,
        /// Whether `existing` stood there.
        existing: bool,
        /// Object, `if` or `for`.
        body: ExprId,
    },
    /// `module name 'path' = body`
    Module {
        /// The symbol.
        name: Option<Name>,
        /// Where the module is.
        path: ExprId,
        /// Object, `if` or `for`.
        body: ExprId,
    },
    /// `test name 'path' = body`
    Test {
        /// The name.
        name: Option<Name>,
        /// Where the tested file is.
        path: ExprId,
        /// The object.
        body: ExprId,
    },
    /// `import { a, b as c } from 'path'`
    ImportList {
        /// What is imported.
        items: List<ImportItemId>,
        /// From where.
        path: ExprId,
    },
    /// `import * as name from 'path'`
    ImportAll {
        /// The name that holds everything.
        name: Option<Name>,
        /// From where.
        path: ExprId,
    },
    /// `extension spec with config as name`
    Extension {
        /// Name or string.
        spec: ExprId,
        /// The configuration.
        config: Option<ExprId>,
        /// The alias.
        alias: Option<Name>,
    },
    /// `extensionConfig name with config`
    ExtensionConfig {
        /// The extension.
        name: Option<Name>,
        /// The configuration.
        config: ExprId,
    },
    /// `assert name = value`
    Assert {
        /// The name.
        name: Option<Name>,
        /// The condition.
        value: ExprId,
    },
    /// `using 'path'`, `using none`, with an optional configuration
    Using {
        /// What is used.
        target: Using,
        /// The object behind `with`.
        config: Option<ExprId>,
    },
    /// `extends 'path'`
    Extends {
        /// The file extended.
        path: ExprId,
    },
}

/// What a parameter file uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Using {
    /// `using none`
    None,
    /// `using 'path'`; [`super::ExprKind::Missing`] where the path is missing
    Path(ExprId),
}

/// `name type`, a parameter of a user-defined function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FuncParam {
    /// The name.
    pub name: Option<Name>,
    /// The type.
    pub r#type: TypeId,
}

/// `name`, `name as alias` or `'name' as alias`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImportItem {
    /// From the name to the alias.
    pub span: Span,
    /// A name or string; [`super::ExprKind::Missing`] where it makes no sense.
    pub name: ExprId,
    /// The alias.
    pub alias: Option<Name>,
}
