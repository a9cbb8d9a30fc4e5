//! Tree → template: declarations are collected, then every expression is lowered with its names
//! resolved. Nothing is evaluated and nothing fails: what makes no sense becomes
//! [`ExprKind::Missing`], [`ExprKind::Undeclared`] or [`TypeKind::Any`].

pub mod arm;
mod constant;
mod constraints;
mod deployment;
mod expression;
mod inline;
mod names;
mod resource;
mod type_expr;

pub(crate) use names::DECORATORS;

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tricep_syntax::bicep::ast::{self, Statement, StatementKind, Tree, Using};
use tricep_syntax::bicep::{Dialect, Parsed};
use tricep_syntax::text::Span;

use arm::{Lowered, Nested};

use crate::template::{
    Body, Expr, ExprId, ExprKind, FunctionId, Import, LocalId, Module, ModuleId, Output, Parameter,
    ParameterId, Purpose, Reference, ReferenceId, Resource, ResourceId, Symbol, TargetScope,
    Template, TypeDef, TypeDefId, TypeExpr, TypeId, TypeKind, UserFunction, Variable, VariableId,
};

/// Lowers a parsed file; of the templates that are written out in it only the calls.
#[must_use]
pub fn lower(parsed: &Parsed) -> Template {
    lower_whole(parsed).template
}

/// Lowers a parsed file and the templates that are written out in it, each of which is a unit of its own.
#[must_use]
pub fn lower_whole(parsed: &Parsed) -> Lowered {
    let mut lowering = Lowering::new(parsed);
    lowering.declare();
    lowering.repeated_in_file();
    for id in parsed.tree().list(parsed.tree().body()) {
        lowering.statement(&parsed.tree()[id]);
    }
    lowering.inline_deployments();
    lowering.template.shrink_to_fit();
    Lowered {
        declaring: lowering.template.exprs.len(),
        template: lowering.template,
        nested: lowering.nested,
        problems: Vec::new(),
    }
}

/// The names of one scope, innermost last.
type Scope = Vec<(Arc<str>, Symbol)>;

struct Lowering<'a> {
    parsed: &'a Parsed,
    tree: &'a Tree,
    template: Template,
    /// The templates that are written out in deployments.
    nested: Vec<Nested>,
    scopes: Vec<Scope>,
    names: FxHashSet<Arc<str>>,
    /// For each variable its value, unless a declared type hides what that is.
    untyped_variables: Vec<Option<ast::ExprId>>,
    /// The ids that the statements of each kind take, in source order.
    next: Next,
    /// Whether the file is a parameter file that extends another one: then it may name that `base`.
    extends: bool,
    /// Whether the default of a parameter is being lowered.
    in_default: bool,
}

/// How many declarations of each kind have been lowered.
#[derive(Default)]
struct Next {
    resources: usize,
    imports: usize,
}

impl<'a> Lowering<'a> {
    fn new(parsed: &'a Parsed) -> Self {
        let mut template = Template::new(parsed.dialect());
        template.written = names::written(parsed);
        Self {
            parsed,
            tree: parsed.tree(),
            template,
            nested: Vec::new(),
            scopes: Vec::new(),
            names: FxHashSet::default(),
            untyped_variables: Vec::new(),
            next: Next::default(),
            extends: false,
            in_default: false,
        }
    }

    /// Gives every file-level name its meaning, so that uses may stand before declarations.
    /// Ids are dense per kind in source order, which is the order in which they are lowered.
    fn declare(&mut self) {
        use crate::index::Idx;
        let (mut parameters, mut variables, mut functions, mut types, mut modules) =
            (0, 0, 0, 0, 0);
        let take = |counter: &mut usize| {
            *counter += 1;
            *counter - 1
        };
        for id in self.tree.list(self.tree.body()) {
            let statement = &self.tree[id];
            let (name, symbol) = match statement.kind {
                StatementKind::Param { name, .. } => (
                    name,
                    Symbol::Parameter(ParameterId::new(take(&mut parameters))),
                ),
                StatementKind::Var {
                    name,
                    r#type,
                    value,
                } => {
                    let untyped = r#type.is_none().then_some(value);
                    self.untyped_variables.push(untyped);
                    (
                        name,
                        Symbol::Variable(VariableId::new(take(&mut variables))),
                    )
                }
                StatementKind::Func { name, .. } => (
                    name,
                    Symbol::Function(FunctionId::new(take(&mut functions))),
                ),
                StatementKind::Type { name, .. } => {
                    (name, Symbol::Type(TypeDefId::new(take(&mut types))))
                }
                StatementKind::Module { name, .. } => {
                    (name, Symbol::Module(ModuleId::new(take(&mut modules))))
                }
                StatementKind::Resource { name, .. } => (
                    name,
                    Symbol::Resource(self.reserve_resource(statement.span)),
                ),
                StatementKind::ImportList { items, path } => {
                    self.declare_import_list(items, path);
                    continue;
                }
                StatementKind::ImportAll { name, path } => {
                    let reference = self.reference(Purpose::Import, path);
                    let import = self.template.imports.push(Import {
                        reference,
                        name: None,
                    });
                    (name, Symbol::Import(import))
                }
                StatementKind::Extension { spec, alias, .. } => {
                    self.template.written.add_extension();
                    (alias.or(self.extension_name(spec)), Symbol::Other)
                }
                StatementKind::Assert { name, .. }
                | StatementKind::Test { name, .. }
                | StatementKind::ExtensionConfig { name, .. } => (name, Symbol::Other),
                StatementKind::Extends { .. } => {
                    self.extends = true;
                    continue;
                }
                _ => continue,
            };
            if let Some(name) = name {
                let name = self.name(name);
                self.template.symbols.entry(name).or_insert(symbol);
            }
        }
        self.next.imports = self.template.imports.len();
    }

    fn declare_import_list(&mut self, items: ast::List<ast::ImportItemId>, path: ast::ExprId) {
        let reference = self.reference(Purpose::Import, path);
        for item in self.tree.list(items) {
            let item = &self.tree[item];
            let (original, own_name) = match self.tree[item.name].kind {
                ast::ExprKind::Name(name) => (self.name(name), Some(name)),
                ast::ExprKind::String(_) => {
                    let text = self
                        .parsed
                        .string_value(item.name)
                        .unwrap_or_default()
                        .into_owned();
                    (self.intern(&text), None)
                }
                _ => continue,
            };
            let import = self.template.imports.push(Import {
                reference,
                name: Some(original),
            });
            if let Some(name) = item.alias.or(own_name) {
                let name = self.name(name);
                self.template
                    .symbols
                    .entry(name)
                    .or_insert(Symbol::Import(import));
            }
        }
    }

    /// Takes a place for a resource that is lowered later.
    fn reserve_resource(&mut self, span: Span) -> ResourceId {
        let object = self.missing(span);
        self.template.resources.push(Resource {
            name: Arc::from(""),
            at: span,
            span,
            r#type: None,
            api_version: None,
            existing: true,
            deploys: None,
            nested_in: None,
            body: Body {
                each: None,
                condition: None,
                object,
            },
        })
    }

    fn statement(&mut self, statement: &Statement) {
        match statement.kind {
            StatementKind::Param {
                name,
                r#type,
                value,
            } => self.parameter(name, r#type, value, statement),
            StatementKind::Var {
                name,
                r#type,
                value,
            } => self.variable(name, r#type, value, statement),
            StatementKind::Type { name, value } => self.type_def(name, value, statement),
            StatementKind::Func {
                name,
                parameters,
                result,
                body,
            } => {
                self.export(name, statement.decorators);
                self.function(name, parameters, result, body);
            }
            StatementKind::Output {
                name,
                r#type,
                value,
            } => self.output(name, r#type, value, statement),
            StatementKind::Resource { .. } => {
                use crate::index::Idx;
                let id = ResourceId::new(self.next.resources);
                self.next.resources += 1;
                self.resource(id, statement, None);
            }
            StatementKind::Module { name, path, body } => {
                self.decorators(statement.decorators);
                self.module(name, path, body);
            }
            StatementKind::Metadata { value, .. } | StatementKind::Assert { value, .. } => {
                self.loose(value);
            }
            StatementKind::TargetScope { value } => {
                let name = self.parsed.string_value(value);
                self.template.target_scope = name.and_then(|name| TargetScope::named(&name));
            }
            StatementKind::Using {
                target: Using::Path(path),
                ..
            } => {
                let reference = self.reference(Purpose::Using, path);
                self.template.using.get_or_insert(reference);
            }
            StatementKind::Extends { path } => {
                let reference = self.reference(Purpose::Extends, path);
                self.template.extends.get_or_insert(reference);
            }
            _ => {}
        }
    }

    fn parameter(
        &mut self,
        name: Option<ast::Name>,
        r#type: Option<ast::TypeId>,
        value: Option<ast::ExprId>,
        statement: &Statement,
    ) {
        let constraints = self.constraints(statement.decorators);
        let parameter = Parameter {
            name: self.optional_name(name),
            at: self.name_span(name, statement.span),
            r#type: r#type.map(|r#type| self.type_expr(r#type)),
            value: value.map(|value| self.default(value)),
            constraints,
        };
        self.template.parameters.push(parameter);
    }

    fn variable(
        &mut self,
        name: Option<ast::Name>,
        r#type: Option<ast::TypeId>,
        value: ast::ExprId,
        statement: &Statement,
    ) {
        let r#type = r#type.map(|r#type| self.type_expr(r#type));
        self.export(name, statement.decorators);
        let variable = Variable {
            name: self.optional_name(name),
            at: self.name_span(name, statement.span),
            value: self.expr(value),
        };
        let id = self.template.variables.push(variable);
        if let Some(r#type) = r#type {
            self.template.written.add_variable_type(id, r#type);
        }
    }

    fn type_def(&mut self, name: Option<ast::Name>, value: ast::TypeId, statement: &Statement) {
        self.export(name, statement.decorators);
        let constraints = self.constraints(statement.decorators);
        let def = TypeDef {
            name: self.optional_name(name),
            value: self.type_expr(value),
            constraints,
        };
        self.template.type_defs.push(def);
    }

    fn output(
        &mut self,
        name: Option<ast::Name>,
        r#type: ast::TypeId,
        value: ast::ExprId,
        statement: &Statement,
    ) {
        let constraints = self.constraints(statement.decorators);
        let output = Output {
            name: self.optional_name(name),
            at: self.name_span(name, statement.span),
            r#type: self.type_expr(r#type),
            value: self.expr(value),
            constraints,
            condition: None,
        };
        self.template.outputs.push(output);
    }

    fn module(&mut self, name: Option<ast::Name>, path: ast::ExprId, body: ast::ExprId) {
        let reference = self.reference(Purpose::Module, path);
        let module = Module {
            name: self.optional_name(name),
            at: self.name_span(name, self.tree[path].span),
            reference,
            body: self.body(body, None),
        };
        self.template.modules.push(module);
    }

    fn function(
        &mut self,
        name: Option<ast::Name>,
        parameters: ast::List<ast::FuncParamId>,
        result: ast::TypeId,
        body: ast::ExprId,
    ) {
        let mut scope = Scope::new();
        let mut lowered = Vec::new();
        self.repeated_in_list(parameters);
        for parameter in self.tree.list(parameters) {
            let parameter = &self.tree[parameter];
            let local = self.local();
            lowered.push((local, self.type_expr(parameter.r#type)));
            scope.push((self.optional_name(parameter.name), Symbol::Local(local)));
        }
        let result = self.type_expr(result);
        self.scopes.push(scope);
        let body = self.expr(body);
        self.scopes.pop();
        let name = self.optional_name(name);
        self.template.functions.push(UserFunction {
            name,
            parameters: lowered,
            result,
            body,
        });
    }

    /// The default of a parameter, or in a parameter file its value.
    fn default(&mut self, value: ast::ExprId) -> ExprId {
        self.in_default = self.parsed.dialect() == Dialect::Bicep;
        let lowered = self.expr(value);
        self.in_default = false;
        lowered
    }

    /// Notes a reference to another file.
    fn reference(&mut self, purpose: Purpose, path: ast::ExprId) -> ReferenceId {
        let text = self.parsed.string_value(path).map(|text| Arc::from(&*text));
        self.template.references.push(Reference {
            purpose,
            path: text,
            at: self.tree[path].span,
        })
    }

    fn local(&mut self) -> LocalId {
        use crate::index::Idx;
        self.template.locals += 1;
        LocalId::new(self.template.locals - 1)
    }

    /// What a name means here: innermost scope first.
    fn resolve(&self, name: &str) -> Option<Symbol> {
        let scoped = self
            .scopes
            .iter()
            .rev()
            .flat_map(|scope| scope.iter().rev());
        scoped
            .filter(|(declared, _)| &**declared == name)
            .map(|&(_, symbol)| symbol)
            .next()
            .or_else(|| self.template.symbols.get(name).copied())
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = Arc::from(text);
        self.names.insert(Arc::clone(&text));
        text
    }

    fn name(&mut self, name: ast::Name) -> Arc<str> {
        self.intern(self.parsed.name(name))
    }

    fn optional_name(&mut self, name: Option<ast::Name>) -> Arc<str> {
        match name {
            Some(name) => self.name(name),
            None => self.intern(""),
        }
    }

    fn name_span(&self, name: Option<ast::Name>, otherwise: Span) -> Span {
        name.map_or(otherwise, |name| self.parsed.name_span(name))
    }

    fn add(&mut self, span: Span, kind: ExprKind) -> ExprId {
        self.template.exprs.push(Expr { span, kind })
    }

    fn add_type(&mut self, span: Span, kind: TypeKind) -> TypeId {
        self.template.types.push(TypeExpr { span, kind })
    }

    fn missing(&mut self, span: Span) -> ExprId {
        self.add(span, ExprKind::Missing)
    }
}
