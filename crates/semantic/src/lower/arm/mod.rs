//! ARM template JSON → [`Template`], the same that Bicep is lowered to.
//!
//! Enters: a JSON tree. Leaves: the template, the templates of its nested deployments (each a unit of its
//! own, called as a module), and what is wrong with the text. `copy` becomes a loop over the numbers of
//! its rounds, functions that are operators in Bicep become operators, `reference()` of something in
//! the same template becomes that symbol. Nothing is evaluated; an expression that makes no sense becomes
//! [`ExprKind::Fails`], which matters only to who evaluates it. The engine's rules are those of the
//! oracle part `arm`, whose case ids the comments cite.

mod call;
mod check;
mod copy;
mod declared;
mod deployment;
mod expression;
mod outline;
mod parameters;
mod resource;
mod sections;
#[cfg(test)]
mod tests;
mod type_node;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::bicep::Dialect;
use tricep_syntax::json::{Json, Kind, NodeId, Value};
use tricep_syntax::text::Span;

use crate::template::{
    Constraints, Expr, ExprId, ExprKind, FunctionId, LocalId, Parameter, ParameterId, ReferenceId,
    Symbol, TargetScope, Template, TypeDefId, TypeExpr, TypeId, TypeKind, VariableId,
};
use declared::Declared;

pub use parameters::{is_parameter_file, lower_parameters, parameter_names};

/// A lowered ARM template.
#[derive(Debug)]
pub struct Lowered {
    /// What it declares.
    pub template: Template,
    /// The templates that are written into its deployments.
    pub nested: Vec<Nested>,
    /// What is wrong with the text, not counting errors of the JSON itself.
    pub problems: Vec<Problem>,
    /// The number of expressions before the first that resources or outputs are made of.
    pub(super) declaring: usize,
}

/// A template that is written into a deployment of another one, in the same file.
#[derive(Debug)]
pub struct Nested {
    /// The reference of the outer template that leads to it.
    pub reference: ReferenceId,
    /// The template.
    pub lowered: Lowered,
}

/// Something wrong with a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Its code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// The code of what makes the engine refuse a template as a whole.
pub const INVALID_TEMPLATE: &str = "invalid-arm-template";

/// Whether a JSON text is meant as an ARM template: it names the schema of one.
#[must_use]
pub fn is_template(json: &Json) -> bool {
    schema_scope(json.root()).is_some()
}

/// Lowers a template. What is no JSON object declares nothing.
#[must_use]
pub fn lower(json: &Json) -> Lowered {
    lower_template(json.root(), Mode::Own).0
}

/// Lowers the template in a template spec as the compiler keeps it in its cache. `None`: it is no such
/// file; the compiler asks for `id` and `properties.mainTemplate`.
#[must_use]
pub fn lower_template_spec(json: &Json) -> Option<Lowered> {
    json.root().get("id")?;
    let template = json.root().get("properties")?.get("mainTemplate")?;
    template
        .is(Kind::Object)
        .then(|| lower_template(template, Mode::Own).0)
}

/// How the engine comes to a template that is written out in Bicep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum WrittenOut {
    /// It is evaluated by itself (`expressionEvaluationOptions` with `inner`): what becomes of a text
    /// that the compiler escaped is not known, and what it computes is evaluated in a place that it was
    /// not meant for.
    Inner,
    /// It is evaluated as a part of the file around it, and then once more (embed-15).
    Outer,
    /// It is a value, which the template that it makes is read from.
    Value,
}

/// Lowers a template that is written out in Bicep. Also leaves, for each string that the file around
/// it must evaluate, the parameter that stands for it and the string.
pub(super) fn lower_written_out(
    json: &Json,
    how: WrittenOut,
) -> (Lowered, Vec<(Arc<str>, String)>) {
    let mode = match how {
        WrittenOut::Inner => Mode::Escaped,
        WrittenOut::Outer => Mode::Outer,
        WrittenOut::Value => Mode::Loaded,
    };
    let (lowered, hoisted) = lower_template(json.root(), mode);
    let string = |value: Value<'_>| value.text().map(|text| text.value.into_owned());
    let hoisted = hoisted.into_iter();
    let hoisted = hoisted.map(|it| (it.parameter, string(it.string).unwrap_or_default()));
    (lowered, hoisted.collect())
}

/// Lowers a template, which may be written into another one. Also leaves the strings that the template
/// around it must evaluate.
fn lower_template(root: Value<'_>, mode: Mode) -> (Lowered, Vec<Hoisted<'_>>) {
    let mut lowering = Lowering::new(root, mode);
    lowering.whole();
    lowering.template.shrink_to_fit();
    let lowered = Lowered {
        template: lowering.template,
        nested: lowering.nested,
        problems: lowering.problems,
        declaring: lowering.declaring,
    };
    (lowered, lowering.hoisted)
}

/// Who evaluates the expressions of a template.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mode {
    /// The template itself.
    Own,
    /// The template itself, after one around it has taken a `[` off each (`[[x]`): it was loaded as data.
    /// What is an expression already was one of the template around it.
    Loaded,
    /// The template itself, written out in Bicep: texts that look like expressions are escaped. What is
    /// an expression all the same is one of the Bicep file around it, in the wrong place.
    Escaped,
    /// The template around it (`expressionEvaluationOptions` with `outer`, or none): each expression
    /// becomes a parameter, and the call hands over what it is out there.
    Outer,
}

impl Mode {
    /// Whether `[[x]` is an expression of the template.
    fn reads_escaped(self) -> bool {
        matches!(self, Self::Loaded | Self::Outer)
    }

    /// Whether the template around this one evaluates what is an expression.
    fn hoists(self) -> bool {
        matches!(self, Self::Loaded | Self::Outer)
    }
}

/// An expression that the template around this one evaluates: the parameter that stands for it and the
/// string.
struct Hoisted<'j> {
    parameter: Arc<str>,
    string: Value<'j>,
}

/// Where an expression stands, which decides about the functions that may be called there
/// (`functions.tsv` of the oracle).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    ParameterDefault,
    /// A variable.
    Variable,
    Function,
    /// Name, condition, location and the like: known before anything is deployed.
    Early,
    /// Properties, tags, outputs: what was deployed before can be read.
    Late,
}

/// A name that means something in a part of the template.
enum Local {
    /// `copyIndex('name')`; without a name where `unnamed` is set.
    Loop {
        name: Option<String>,
        index: LocalId,
        unnamed: bool,
    },
    /// `lambdaVariables('name')`
    Lambda { name: String, value: LocalId },
}

struct Lowering<'j> {
    root: Value<'j>,
    mode: Mode,
    template: Template,
    nested: Vec<Nested>,
    /// The number of expressions that declarations are made of; they come first.
    declaring: usize,
    /// The types of the outputs, which are part of their declaration.
    output_types: Vec<(TypeId, Constraints)>,
    /// The templates loaded into variables that were lowered: many deployments may share one.
    loaded: FxHashMap<NodeId, ReferenceId>,
    problems: Vec<Problem>,
    hoisted: Vec<Hoisted<'j>>,
    /// The parameters of the template's own, and those that stand for hoisted strings, behind them.
    own_parameters: usize,
    hoisted_parameters: Vec<Parameter>,
    /// The parameters that stand for hoisted strings, by string, and their names in lower case.
    hoisted_ids: FxHashMap<String, ParameterId>,
    hoisted_names: FxHashSet<String>,
    /// Names in lower case.
    parameters: FxHashMap<String, ParameterId>,
    variables: FxHashMap<String, VariableId>,
    functions: FxHashMap<String, FunctionId>,
    definitions: FxHashMap<String, TypeDefId>,
    /// All parameters or variables as an object, for names that are computed.
    all_parameters: Option<ExprId>,
    all_variables: Option<ExprId>,
    /// The resources and deployments, for references to them.
    declared: Declared,
    /// Names of modules that are taken.
    module_names: FxHashSet<String>,
    /// Loops and lambdas around the present place, innermost last.
    locals: Vec<Local>,
    /// The parameters of the user-defined function at hand.
    arguments: Option<Vec<(String, LocalId)>>,
    place: Place,
    names: FxHashSet<Arc<str>>,
}

impl<'j> Lowering<'j> {
    fn new(root: Value<'j>, mode: Mode) -> Self {
        Self {
            root,
            mode,
            template: Template::new(Dialect::Arm),
            nested: Vec::new(),
            declaring: 0,
            output_types: Vec::new(),
            loaded: FxHashMap::default(),
            problems: Vec::new(),
            hoisted: Vec::new(),
            own_parameters: 0,
            hoisted_parameters: Vec::new(),
            hoisted_ids: FxHashMap::default(),
            hoisted_names: FxHashSet::default(),
            parameters: FxHashMap::default(),
            variables: FxHashMap::default(),
            functions: FxHashMap::default(),
            definitions: FxHashMap::default(),
            all_parameters: None,
            all_variables: None,
            declared: Declared::default(),
            module_names: FxHashSet::default(),
            locals: Vec::new(),
            arguments: None,
            place: Place::Early,
            names: FxHashSet::default(),
        }
    }

    fn whole(&mut self) {
        if !self.root.is(Kind::Object) {
            if !self.root.is(Kind::Missing) {
                let span = self.root.span();
                self.problem("an ARM template is a JSON object", span);
            }
            return;
        }
        self.template.target_scope = schema_scope(self.root);
        self.check_template();
        self.declare_definitions();
        self.declare_parameters();
        self.declare_functions();
        self.declare_variables();
        self.declare_resources();
        self.lower_definitions();
        self.lower_parameters();
        self.lower_functions();
        self.check_functions();
        self.lower_variables();
        self.lower_output_types();
        self.declaring = self.template.exprs.len();
        self.lower_resources();
        self.lower_outputs();
        for parameter in std::mem::take(&mut self.hoisted_parameters) {
            self.template.parameters.push(parameter);
        }
    }

    /// A section of the template.
    fn section(&self, name: &str) -> Option<Value<'j>> {
        self.root.get_ignoring_case(name)
    }

    fn problem(&mut self, message: impl Into<String>, span: Span) {
        self.problems.push(Problem {
            code: INVALID_TEMPLATE,
            message: message.into(),
            span,
        });
    }

    /// Evaluates what `lower` does as an expression in another kind of place.
    fn at<T>(&mut self, place: Place, lower: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.place, place);
        let lowered = lower(self);
        self.place = before;
        lowered
    }

    fn add(&mut self, span: Span, kind: ExprKind) -> ExprId {
        self.template.exprs.push(Expr { span, kind })
    }

    fn add_type(&mut self, span: Span, kind: TypeKind) -> TypeId {
        self.template.types.push(TypeExpr { span, kind })
    }

    fn symbol(&mut self, span: Span, symbol: Symbol) -> ExprId {
        self.add(span, ExprKind::Symbol(symbol))
    }

    fn fails(&mut self, span: Span, why: impl Into<Arc<str>>) -> ExprId {
        self.add(span, ExprKind::Fails(why.into()))
    }

    fn local(&mut self) -> LocalId {
        use crate::index::Idx;
        self.template.locals += 1;
        LocalId::new(self.template.locals - 1)
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = Arc::from(text);
        self.names.insert(Arc::clone(&text));
        text
    }
}

/// What the schema of a template says that it is deployed to (scope-17). `None`: it is no template's.
fn schema_scope(root: Value<'_>) -> Option<TargetScope> {
    let schema = root.get_ignoring_case("$schema")?.text()?;
    let schema = schema.value.trim_end_matches('#').to_ascii_lowercase();
    Some(match schema.rsplit('/').next()? {
        "deploymenttemplate.json" => TargetScope::ResourceGroup,
        "subscriptiondeploymenttemplate.json" => TargetScope::Subscription,
        "managementgroupdeploymenttemplate.json" => TargetScope::ManagementGroup,
        "tenantdeploymenttemplate.json" => TargetScope::Tenant,
        _ => return None,
    })
}
