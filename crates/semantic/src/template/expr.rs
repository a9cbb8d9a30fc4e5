//! Expressions with their names resolved.

use std::sync::Arc;

use tricep_syntax::text::Span;

use super::{
    FunctionId, ImportId, ModuleId, ParameterId, Purpose, ReferenceId, ResourceId, TypeDefId,
    VariableId,
};
use crate::index::idx;

idx! {
    /// An expression.
    ExprId;
    /// A local name: loop variable, lambda parameter or parameter of a user-defined function.
    LocalId;
}

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The bytes in the file of the template.
    pub span: Span,
    /// Which form it has.
    pub kind: ExprKind,
}

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// The text made no sense here.
    Missing,
    /// Evaluating it makes the deployment fail; the words say why. Mostly ARM templates have this: there
    /// a mistake in an expression matters to nobody who does not evaluate it (oracle `arm` x223).
    Fails(Arc<str>),
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer. `None`: out of range.
    Int(Option<i64>),
    /// A text.
    Text(Arc<str>),
    /// A text that holds half of a surrogate pair, which no UTF-8 text can.
    Unpaired,
    /// A text with holes.
    Interpolation(Box<[TextPart]>),
    /// A declared name.
    Symbol(Symbol),
    /// A name that is not declared, or a namespace used as a value.
    Undeclared(Arc<str>),
    /// `base.name`
    Member {
        /// Before the dot.
        base: ExprId,
        /// After it.
        name: Arc<str>,
        /// `.?`
        safe: bool,
    },
    /// `base[index]`
    Index {
        /// What is indexed.
        base: ExprId,
        /// The index.
        index: ExprId,
        /// `[?…]`
        safe: bool,
        /// `[^…]`
        from_end: bool,
    },
    /// `base::name`
    Nested {
        /// The resource.
        base: ExprId,
        /// The name of the nested one.
        name: Arc<str>,
    },
    /// `base!`
    NonNull(ExprId),
    /// `(x)`; kept because it ends a chain of accesses that `.?` protects.
    Parenthesized(ExprId),
    /// A call of a built-in function.
    Call {
        /// The function's name.
        function: Arc<str>,
        /// The arguments.
        arguments: Box<[ExprId]>,
    },
    /// A call of a function that reads a file, such as `loadJsonContent('ips.json', '$.items')`.
    Load {
        /// The function.
        function: FileFunction,
        /// The file.
        reference: ReferenceId,
        /// The arguments after the path.
        arguments: Box<[ExprId]>,
    },
    /// A call of a function declared in the file.
    UserCall {
        /// The function.
        function: FunctionId,
        /// The arguments.
        arguments: Box<[ExprId]>,
    },
    /// A call of an imported function.
    ImportedCall {
        /// The import.
        import: ImportId,
        /// The function's name in the imported file.
        name: Arc<str>,
        /// The arguments.
        arguments: Box<[ExprId]>,
    },
    /// `base.name(arguments)` on something that is no namespace.
    MethodCall {
        /// Before the dot.
        base: ExprId,
        /// The method.
        name: Arc<str>,
    },
    /// `-x`, `!x`
    Unary(UnaryOperator, ExprId),
    /// `x operator y`
    Binary(BinaryOperator, ExprId, ExprId),
    /// `condition ? then : otherwise`
    Ternary {
        /// The condition.
        condition: ExprId,
        /// When true.
        then: ExprId,
        /// When false.
        otherwise: ExprId,
    },
    /// `(x, y) => body`
    Lambda {
        /// The parameters.
        parameters: Box<[LocalId]>,
        /// The body.
        body: ExprId,
    },
    /// `{ … }`
    Object(Box<[Property]>),
    /// `[ … ]`
    Array(Box<[ArrayItem]>),
    /// `[for item in source: body]`
    For {
        /// The element.
        item: LocalId,
        /// Its number.
        index: Option<LocalId>,
        /// What is looped over.
        source: ExprId,
        /// What each round makes.
        body: ExprId,
    },
}

impl ExprKind {
    /// Adds the expressions directly inside this one.
    pub(crate) fn push_children(&self, open: &mut Vec<ExprId>) {
        match self {
            Self::Missing
            | Self::Fails(_)
            | Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Text(_)
            | Self::Unpaired
            | Self::Symbol(_)
            | Self::Undeclared(_) => {}
            Self::Interpolation(parts) => open.extend(parts.iter().filter_map(|part| match part {
                TextPart::Hole(hole) => Some(*hole),
                TextPart::Text(_) => None,
            })),
            Self::Member { base, .. }
            | Self::Nested { base, .. }
            | Self::NonNull(base)
            | Self::Parenthesized(base)
            | Self::MethodCall { base, .. }
            | Self::Unary(_, base)
            | Self::Lambda { body: base, .. } => open.push(*base),
            Self::Index { base, index, .. } => open.extend([*base, *index]),
            Self::Call { arguments, .. }
            | Self::Load { arguments, .. }
            | Self::UserCall { arguments, .. }
            | Self::ImportedCall { arguments, .. } => open.extend(arguments.iter().copied()),
            Self::Binary(_, left, right) => open.extend([*left, *right]),
            Self::Ternary {
                condition,
                then,
                otherwise,
            } => {
                open.extend([*condition, *then, *otherwise]);
            }
            Self::Object(properties) => {
                for property in properties {
                    match property {
                        Property::Set {
                            key: PropertyKey::Computed(key),
                            value,
                        } => open.extend([*key, *value]),
                        Property::Set { value: only, .. } | Property::Spread(only) => {
                            open.push(*only)
                        }
                    }
                }
            }
            Self::Array(items) => open.extend(items.iter().map(|item| match item {
                ArrayItem::One(expr) | ArrayItem::Spread(expr) => *expr,
            })),
            Self::For { source, body, .. } => open.extend([*source, *body]),
        }
    }
}

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Symbol {
    /// A parameter.
    Parameter(ParameterId),
    /// A variable.
    Variable(VariableId),
    /// A resource.
    Resource(ResourceId),
    /// A module.
    Module(ModuleId),
    /// A function; names of functions are symbols too.
    Function(FunctionId),
    /// A type.
    Type(TypeDefId),
    /// An imported name.
    Import(ImportId),
    /// A loop variable or lambda parameter.
    Local(LocalId),
    /// Declared, but of a kind without a value: extension, assertion, test.
    Other,
}

/// A part of a text with holes.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// Literal characters.
    Text(Arc<str>),
    /// A hole.
    Hole(ExprId),
}

/// An item of an object.
#[derive(Clone, Debug)]
pub enum Property {
    /// `key: value`
    Set {
        /// The key.
        key: PropertyKey,
        /// The value.
        value: ExprId,
    },
    /// `...x`
    Spread(ExprId),
}

/// The key of a property.
#[derive(Clone, Debug)]
pub enum PropertyKey {
    /// A fixed key.
    Fixed(Arc<str>),
    /// A key with holes.
    Computed(ExprId),
}

/// An item of an array.
#[derive(Clone, Debug)]
pub enum ArrayItem {
    /// An element.
    One(ExprId),
    /// `...x`
    Spread(ExprId),
}

/// The functions that read a file or folder while compiling.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileFunction {
    /// `loadTextContent(path, encoding?)`
    Text,
    /// `loadFileAsBase64(path)`
    Base64,
    /// `loadJsonContent(path, filter?, encoding?)`
    Json,
    /// `loadYamlContent(path, filter?, encoding?)`
    Yaml,
    /// `loadDirectoryFileInfo(path, pattern?)`
    Folder,
}

impl FileFunction {
    /// The function of that name; letter case counts.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "loadTextContent" => Self::Text,
            "loadFileAsBase64" => Self::Base64,
            "loadJsonContent" => Self::Json,
            "loadYamlContent" => Self::Yaml,
            "loadDirectoryFileInfo" => Self::Folder,
            _ => return None,
        })
    }

    /// The greatest number of arguments, the path included.
    #[must_use]
    pub const fn max_arguments(self) -> usize {
        match self {
            Self::Base64 => 1,
            Self::Text | Self::Folder => 2,
            Self::Json | Self::Yaml => 3,
        }
    }

    /// What the path of the function is for.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Folder => Purpose::Folder,
            Self::Text | Self::Base64 | Self::Json | Self::Yaml => Purpose::Data,
        }
    }
}

/// Prefix operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOperator {
    /// `-`
    Minus,
    /// `!`
    Not,
}

/// Operators between two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    EqualIgnoreCase,
    /// `!~`
    NotEqualIgnoreCase,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Coalesce,
}

impl BinaryOperator {
    /// The operator that holds exactly where this one does not, as it is written, for one operator
    /// of each such pair.
    pub(crate) const fn opposite(self) -> Option<&'static str> {
        match self {
            Self::NotEqual => Some("=="),
            Self::NotEqualIgnoreCase => Some("=~"),
            Self::Less => Some(">="),
            Self::LessOrEqual => Some(">"),
            _ => None,
        }
    }
}
