//! The meeting point of Bicep and ARM templates: declarations by kind, expressions in one arena,
//! every name resolved to what it means. What a template says and nothing about values.

mod expr;
mod resource;
mod types;
mod written;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::Span;

pub use expr::{
    ArrayItem, BinaryOperator, Expr, ExprId, ExprKind, FileFunction, LocalId, Property,
    PropertyKey, Symbol, TextPart, UnaryOperator,
};
pub use resource::{ApiVersion, Body, Loop, Module, ModuleId, Resource, ResourceId, ResourceType};
pub use types::{Constraints, TypeExpr, TypeId, TypeKind, TypeProperty};
pub use written::{Repeated, TypeNote, Written};

use crate::index::{IndexVec, idx};

idx! {
    /// A parameter.
    ParameterId;
    /// A variable.
    VariableId;
    /// A user-defined function.
    FunctionId;
    /// A named type.
    TypeDefId;
    /// An output.
    OutputId;
    /// A reference to another file.
    ReferenceId;
    /// An imported name.
    ImportId;
}

/// What a file declares.
#[derive(Clone, Debug)]
pub struct Template {
    /// The language the file is written in.
    pub dialect: Dialect,
    /// What the template is deployed to; `None`: something else, or no plain text.
    pub target_scope: Option<TargetScope>,
    /// Every expression.
    pub exprs: IndexVec<ExprId, Expr>,
    /// Every type expression.
    pub types: IndexVec<TypeId, TypeExpr>,
    /// Parameters; in a parameter file the assignments.
    pub parameters: IndexVec<ParameterId, Parameter>,
    /// Variables.
    pub variables: IndexVec<VariableId, Variable>,
    /// User-defined functions.
    pub functions: IndexVec<FunctionId, UserFunction>,
    /// Named types.
    pub type_defs: IndexVec<TypeDefId, TypeDef>,
    /// Resources, nested ones included.
    pub resources: IndexVec<ResourceId, Resource>,
    /// Module calls.
    pub modules: IndexVec<ModuleId, Module>,
    /// Outputs.
    pub outputs: IndexVec<OutputId, Output>,
    /// Imported names.
    pub imports: IndexVec<ImportId, Import>,
    /// References to other files, in source order.
    pub references: IndexVec<ReferenceId, Reference>,
    /// Number of local names; their ids are dense.
    pub locals: usize,
    /// What each file-level name means.
    pub symbols: FxHashMap<Arc<str>, Symbol>,
    /// The names with `@export()`.
    pub exported: FxHashSet<Arc<str>>,
    /// The template that a parameter file assigns values for.
    pub using: Option<ReferenceId>,
    /// The parameter file that a parameter file extends.
    pub extends: Option<ReferenceId>,
    /// What the text says beside what it means.
    pub written: Written,
}

impl Template {
    /// A template that declares nothing.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            target_scope: Some(TargetScope::ResourceGroup),
            exprs: IndexVec::default(),
            types: IndexVec::default(),
            parameters: IndexVec::default(),
            variables: IndexVec::default(),
            functions: IndexVec::default(),
            type_defs: IndexVec::default(),
            resources: IndexVec::default(),
            modules: IndexVec::default(),
            outputs: IndexVec::default(),
            imports: IndexVec::default(),
            references: IndexVec::default(),
            locals: 0,
            symbols: FxHashMap::default(),
            exported: FxHashSet::default(),
            using: None,
            extends: None,
            written: Written::default(),
        }
    }

    /// Whether other files may import a variable, function or type. ARM templates are read as far as
    /// the compiler wrote them, which exports what it needs.
    #[must_use]
    pub fn exports(&self, name: &str) -> bool {
        self.dialect != Dialect::Bicep || self.exported.contains(name)
    }

    /// The output of that name.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&Output> {
        let exact = self.outputs.iter().find(|output| &*output.name == name);
        exact.or_else(|| {
            // Who reads an ARM template's output may spell it otherwise (oracle `arm` embed-06).
            let any_case = |output: &&Output| output.name.eq_ignore_ascii_case(name);
            let outputs = self.outputs.iter();
            outputs
                .filter(|_| self.dialect == Dialect::Arm)
                .find(any_case)
        })
    }

    /// Gives back the room that making it left over: templates live as long as the project, and many
    /// are small.
    pub fn shrink_to_fit(&mut self) {
        self.exprs.shrink_to_fit();
        self.types.shrink_to_fit();
        self.parameters.shrink_to_fit();
        self.variables.shrink_to_fit();
        self.functions.shrink_to_fit();
        self.type_defs.shrink_to_fit();
        self.resources.shrink_to_fit();
        self.modules.shrink_to_fit();
        self.outputs.shrink_to_fit();
        self.references.shrink_to_fit();
        self.symbols.shrink_to_fit();
        self.written.shrink_to_fit();
    }

    /// The fixed keys of an object that is written out, with the expressions behind them.
    pub fn members_of(&self, object: ExprId) -> impl Iterator<Item = (&str, ExprId)> {
        let properties = match &self.exprs[object].kind {
            ExprKind::Object(properties) => &properties[..],
            _ => &[],
        };
        properties.iter().filter_map(|property| match property {
            Property::Set {
                key: PropertyKey::Fixed(key),
                value,
            } => Some((&**key, *value)),
            _ => None,
        })
    }

    /// The expression behind a fixed key of an object that is written out, letter case aside.
    #[must_use]
    pub fn member_of(&self, object: ExprId, name: &str) -> Option<ExprId> {
        let mut members = self.members_of(object);
        let (_, value) = members.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// The modules that stand for what resources deploy; no text calls them.
    #[must_use]
    pub fn stand_ins(&self) -> FxHashSet<ModuleId> {
        let resources = self.resources.iter();
        resources.filter_map(|resource| resource.deploys).collect()
    }

    /// The parameter of that name; ARM ignores letter case in names of parameters.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<ParameterId> {
        self.parameters
            .iter_enumerated()
            .find(|(_, parameter)| parameter.name.eq_ignore_ascii_case(name))
            .map(|(id, _)| id)
    }
}

/// `targetScope = '…'`: what a template is deployed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TargetScope {
    /// A resource group: the default.
    ResourceGroup,
    /// A subscription.
    Subscription,
    /// A management group.
    ManagementGroup,
    /// The tenant.
    Tenant,
}

impl TargetScope {
    /// The scope of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "resourceGroup" => Self::ResourceGroup,
            "subscription" => Self::Subscription,
            "managementGroup" => Self::ManagementGroup,
            "tenant" => Self::Tenant,
            _ => return None,
        })
    }
}

/// `param name type = default`
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name.
    pub name: Arc<str>,
    /// The bytes of the name.
    pub at: Span,
    /// The declared type; `None` in a parameter file.
    pub r#type: Option<TypeId>,
    /// The default; in a parameter file the value.
    pub value: Option<ExprId>,
    /// What the decorators demand.
    pub constraints: Constraints,
}

/// `var name = value`
#[derive(Clone, Debug)]
pub struct Variable {
    /// The name.
    pub name: Arc<str>,
    /// The bytes of the name.
    pub at: Span,
    /// The value.
    pub value: ExprId,
}

/// `func name (parameters) type => body`
#[derive(Clone, Debug)]
pub struct UserFunction {
    /// The name.
    pub name: Arc<str>,
    /// The parameters with their types.
    pub parameters: Vec<(LocalId, TypeId)>,
    /// The type of the result.
    pub result: TypeId,
    /// The body.
    pub body: ExprId,
}

/// `type name = type`
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The name.
    pub name: Arc<str>,
    /// The type.
    pub value: TypeId,
    /// What the decorators demand.
    pub constraints: Constraints,
}

/// `output name type = value`
#[derive(Clone, Debug)]
pub struct Output {
    /// The name.
    pub name: Arc<str>,
    /// The bytes of the name.
    pub at: Span,
    /// The declared type.
    pub r#type: TypeId,
    /// The value.
    pub value: ExprId,
    /// What the decorators demand.
    pub constraints: Constraints,
    /// In an ARM template: without it there is no output.
    pub condition: Option<ExprId>,
}

/// A name from another file.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file.
    pub reference: ReferenceId,
    /// The name there; `None`: everything, `import * as …`.
    pub name: Option<Arc<str>>,
}

/// A reference to another file.
#[derive(Clone, Debug)]
pub struct Reference {
    /// What it is for.
    pub purpose: Purpose,
    /// The path as written, escapes decoded; `None` where it is no plain string.
    pub path: Option<Arc<str>>,
    /// The bytes of the path.
    pub at: Span,
}

/// What a reference is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// `module … 'path'`
    Module,
    /// `import … from 'path'`
    Import,
    /// `using 'path'`
    Using,
    /// `extends 'path'`
    Extends,
    /// `loadTextContent('path')` and its kin
    Data,
    /// `loadDirectoryFileInfo('path')`
    Folder,
}
