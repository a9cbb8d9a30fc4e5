//! A whole deployment: every resource of every layer of modules, with all its properties.
//!
//! Enters a project and the file to deploy; leaves the resources as plain data, the outputs, and
//! what stood in the way. Modules are entered, loops unrolled, resources whose condition is false left
//! out. Absent: `existing` resources, deployments themselves (what they deploy stands in their
//! place), and what deployment stacks deploy.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{FileId, Location};

use super::data::{Data, Forcing, SIZE};
use super::order::{self, Edge, Node};
use crate::eval::{
    Assumptions, Budget, Condition, Evaluator, FrameId, Instance, Kinds, Metadata, Traced, Unknown,
    Value, Why, loop_around,
};
use crate::project::Project;
use crate::template::{ApiVersion, Body, ModuleId, Resource, ResourceId, ResourceType};

/// At most so many resources of a deployment are listed.
const MAX_RESOURCES: usize = 20_000;
/// So many uses of modules are entered.
const MAX_CALLS: usize = 20_000;
/// All values together have at most so many leaves and branches.
const MAX_NODES: usize = 500_000;

/// The type of what deploys other resources.
const DEPLOYMENT: &str = "Microsoft.Resources/deployments";

/// Members of a body that say where a resource stands, not what it is. Those of an ARM template are
/// among them.
const ABOUT: [&str; 14] = [
    "name",
    "scope",
    "parent",
    "dependsOn",
    "type",
    "apiVersion",
    "condition",
    "copy",
    "comments",
    "metadata",
    "resources",
    "asserts",
    "import",
    "extension",
];

/// What a deployment creates.
#[derive(Clone, Default, Debug)]
pub struct Expanded {
    /// The resources.
    pub resources: Vec<ExpandedResource>,
    /// The outputs of the deployed template, in the order of the source.
    pub outputs: Vec<ExpandedOutput>,
    /// What could not be expanded.
    pub problems: Vec<Problem>,
}

/// A resource that is deployed.
#[derive(Clone, Debug)]
pub struct ExpandedResource {
    /// The symbol in its file; of an ARM template perhaps empty.
    pub symbol: Arc<str>,
    /// The round of the loop around it.
    pub round: Option<usize>,
    /// Whether it stands for any number of copies: the loop runs over unknown elements.
    pub many: bool,
    /// The module calls that lead to it, outermost first.
    pub calls: Vec<Call>,
    /// The type; `None`: it is no plain text.
    pub r#type: Option<ResourceType>,
    /// The API version.
    pub api_version: Option<ApiVersion>,
    /// The name with those of its parents.
    pub name: Data,
    /// The id.
    pub id: Data,
    /// The id of what it is deployed to; empty: the tenant.
    pub scope: Data,
    /// Whether it is no Azure resource but one of an extension, such as Kubernetes: then it has neither
    /// name nor id nor scope here.
    pub extension: bool,
    /// Why it is not known whether it is deployed; `None`: it is.
    pub condition: Option<Rc<Unknown>>,
    /// The other members: `location`, `properties` and so on, an object unless unknown.
    pub body: Data,
    /// The symbol, or what stands for it.
    pub at: Location,
}

/// A use of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// The symbol.
    pub symbol: Arc<str>,
    /// The round of the loop around it.
    pub round: Option<usize>,
    /// The symbol in the text.
    pub at: Location,
}

/// An output.
#[derive(Clone, Debug)]
pub struct ExpandedOutput {
    /// Its name.
    pub name: Arc<str>,
    /// Its value; secret if it is secure.
    pub value: Data,
    /// Its name in the text.
    pub at: Location,
}

/// Something that was not expanded.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// What, such as "what module `m` deploys".
    pub what: String,
    /// Why.
    pub why: Why,
    /// The place it is about.
    pub at: Location,
}

/// Expands the deployment of `entry`, which may be a parameter file. `budget` is what the evaluation
/// may do; afterwards what is left of it.
#[must_use]
pub fn expand(
    project: &Project,
    entry: FileId,
    assumptions: &Assumptions,
    metadata: &Metadata,
    budget: &mut Budget,
) -> Expanded {
    let mut evaluator = Evaluator::with_budget(project, assumptions, budget).told(metadata);
    let frame = evaluator.deploy(entry);
    let mut expansion = Expansion {
        evaluator: &mut evaluator,
        nodes: MAX_NODES,
        calls: Vec::new(),
        files: Vec::new(),
        condition: None,
        many: false,
        entered: 0,
        full: false,
        expanded: Expanded::default(),
    };
    if expansion.is_known(project, entry, frame) && expansion.is_template(frame) {
        expansion.template(frame);
        expansion.outputs(frame);
    }
    let mut expanded = expansion.expanded;
    // Those of extensions come last (`arm` symbolic-14).
    expanded
        .resources
        .sort_by_key(|resource| resource.extension);
    *budget = evaluator.budget().clone();
    expanded
}

/// A walk through the layers of a deployment.
struct Expansion<'e, 'p> {
    evaluator: &'e mut Evaluator<'p>,
    /// How many nodes of data may still be made.
    nodes: usize,
    calls: Vec<Call>,
    /// The files on the way, to see circles.
    files: Vec<FileId>,
    /// The first condition on the way that is open.
    condition: Option<Rc<Unknown>>,
    /// Whether a loop on the way runs over unknown elements.
    many: bool,
    entered: usize,
    /// Whether the limit of resources was reached and reported.
    full: bool,
    expanded: Expanded,
}

impl Expansion<'_, '_> {
    /// Whether the template to deploy is there, and not only a stand-in made of facts.
    fn is_known(&mut self, project: &Project, entry: FileId, frame: FrameId) -> bool {
        let file = self.evaluator.file(frame);
        let (Some(why), Some(using)) = (
            self.evaluator.beyond_the_facts(file),
            project.template(entry).using,
        ) else {
            return true;
        };
        let at = Location {
            file: entry,
            span: project.template(entry).references[using].at,
        };
        self.problem("what this file deploys".to_owned(), &why, at);
        false
    }

    /// Whether the frame is a template's, and not that of a parameter file whose template cannot be
    /// read.
    fn is_template(&mut self, frame: FrameId) -> bool {
        let template = self.evaluator.template(frame);
        let Some(using) = template.using else {
            return true;
        };
        let at = self.place(frame, template.references[using].at);
        let why = match self.evaluator.target(self.evaluator.file(frame), using) {
            Ok(_) => Value::invalid("the file names itself as its template"),
            Err(why) => why,
        };
        self.problem("what this file deploys".to_owned(), &why, at);
        false
    }

    fn template(&mut self, frame: FrameId) {
        self.files.push(self.evaluator.file(frame));
        let mut layer = Layer {
            frame,
            rounds: FxHashMap::default(),
            seen: FxHashSet::default(),
            edges: FxHashMap::default(),
        };
        for node in order::nodes(self.evaluator.template(frame)) {
            self.all_rounds(&mut layer, node);
        }
        self.files.pop();
    }

    fn all_rounds(&mut self, layer: &mut Layer, node: Node) {
        for round in 0..self.rounds_of(layer, node).len() {
            self.visit(layer, node, round);
        }
    }

    /// The rounds of a node, found out once.
    fn rounds_of(&mut self, layer: &mut Layer, node: Node) -> Rc<[Round]> {
        if let Some(known) = layer.rounds.get(&node) {
            return Rc::clone(known);
        }
        let template = self.evaluator.template(layer.frame);
        let (body, at, what) = match node {
            Node::Resource(id) => {
                let declaration = &template.resources[id];
                let body = Body {
                    each: loop_around(template, id),
                    ..declaration.body
                };
                let what = format!("resource `{}`", declaration.name);
                (body, declaration.at, what)
            }
            Node::Module(id) => {
                let module = &template.modules[id];
                (module.body, module.at, format!("module `{}`", module.name))
            }
        };
        let at = self.place(layer.frame, at);
        let rounds: Rc<[Round]> = self.rounds(layer.frame, &body, &what, at).into();
        layer.rounds.insert(node, Rc::clone(&rounds));
        rounds
    }

    /// Expands one round of a node, after those it needs. What is being visited already is passed over
    /// (`arm` order-13).
    fn visit(&mut self, layer: &mut Layer, node: Node, number: usize) {
        if !layer.seen.insert((node, number)) {
            return;
        }
        stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || {
            if let Some(round) = self.rounds_of(layer, node).get(number) {
                self.visit_round(layer, node, round);
            }
        });
    }

    fn visit_round(&mut self, layer: &mut Layer, node: Node, round: &Round) {
        let open = match self.is_deployed(node, round) {
            Ok(true) => None,
            Ok(false) => return,
            Err(unknown) => Some(unknown),
        };
        for edge in self.edges_of(layer, node).iter() {
            self.before(layer, round, *edge);
        }
        let exists = match node {
            Node::Resource(id) => self.evaluator.template(layer.frame).resources[id].existing,
            Node::Module(_) => false,
        };
        if exists {
            return;
        }
        let before = (self.condition.clone(), self.many);
        self.condition = self.condition.take().or(open);
        self.many |= round.many;
        match node {
            Node::Resource(id) => self.add(round, id),
            Node::Module(id) => self.enter(round, id),
        }
        (self.condition, self.many) = before;
    }

    fn is_deployed(&mut self, node: Node, round: &Round) -> Result<bool, Rc<Unknown>> {
        match node {
            Node::Resource(id) => match self.evaluator.is_deployed(&round.instance, id) {
                Ok((deployed, _)) => Ok(deployed),
                Err(open) => Err(reason(&open.value)),
            },
            Node::Module(id) => {
                let frame = round.instance.env.frame;
                let body = &self.evaluator.template(frame).modules[id].body;
                match self.evaluator.condition(&round.instance, body) {
                    Condition::Holds => Ok(true),
                    Condition::Fails(_) => Ok(false),
                    Condition::Open(unknown, _) => Err(unknown),
                }
            }
        }
    }

    fn edges_of(&self, layer: &mut Layer, node: Node) -> Rc<[Edge]> {
        let template = self.evaluator.template(layer.frame);
        let edges = layer.edges.entry(node);
        Rc::clone(edges.or_insert_with(|| order::edges(template, node).into()))
    }

    /// Visits what an edge leads to: one round, where the index is known, else all.
    fn before(&mut self, layer: &mut Layer, round: &Round, edge: Edge) {
        let index = edge
            .index
            .map(|index| self.evaluator.evaluate(&round.instance.env, index));
        match index.map(|index| index.value) {
            Some(Value::Int(number)) => {
                if let Ok(number) = usize::try_from(number) {
                    self.visit(layer, edge.to, number);
                }
            }
            _ => self.all_rounds(layer, edge.to),
        }
    }

    /// The rounds of a body, or a problem.
    fn rounds(&mut self, frame: FrameId, body: &Body, what: &str, at: Location) -> Vec<Round> {
        let rounds = match self.evaluator.rounds(frame, body) {
            Ok(rounds) => rounds,
            Err(traced) => {
                self.problem(format!("the loop of {what}"), &traced.value, at);
                return Vec::new();
            }
        };
        (0..rounds.count())
            .filter_map(|number| {
                Some(Round {
                    instance: self.evaluator.instance(&rounds, number)?,
                    many: rounds.is_stretch(number),
                })
            })
            .collect()
    }

    /// Adds one copy of a resource.
    fn add(&mut self, round: &Round, id: ResourceId) {
        let frame = round.instance.env.frame;
        let declaration = &self.evaluator.template(frame).resources[id];
        let at = self.place(frame, declaration.at);
        let is_deployment = is_deployment(declaration.r#type.as_ref());
        // A stack is a resource; what it deploys is no part of this deployment.
        if let Some(module) = declaration.deploys.filter(|_| is_deployment) {
            return self.enter(round, module);
        }
        if is_deployment {
            return self.inline_deployment(round, id, at);
        }
        if declaration.r#type.is_none() && self.evaluator.template(frame).dialect == Dialect::Arm {
            let why = Value::unsupported("a resource that is computed");
            return self.problem(format!("what `{}` is", declaration.name), &why, at);
        }
        if self.expanded.resources.len() >= MAX_RESOURCES || self.nodes == 0 {
            if !std::mem::replace(&mut self.full, true) {
                let limit = match self.nodes {
                    0 => SIZE,
                    _ => "resources",
                };
                let limit = Value::unknown(Why::Budget(limit), Kinds::ANY);
                self.problem("further resources".to_owned(), &limit, at);
            }
            return;
        }
        let extension = self.is_of_extension(frame, declaration);
        let [name, own_id, scope] = match extension {
            true => [Value::Null, Value::Null, Value::Null].map(Traced::plain),
            false => self.identity(&round.instance, id),
        };
        self.eager_failure(&round.instance, id, at);
        let resource = ExpandedResource {
            symbol: Arc::clone(&declaration.name),
            round: round.instance.round,
            many: self.many,
            calls: self.calls.clone(),
            r#type: declaration.r#type.clone(),
            api_version: declaration.api_version.clone(),
            name: self.force(&name),
            id: self.force(&own_id),
            scope: self.force(&scope),
            extension,
            condition: self.condition.clone(),
            body: match extension {
                true => self.extension_body(&round.instance, id),
                false => self.body(&round.instance, id),
            },
            at,
        };
        self.expanded.resources.push(resource);
    }

    /// Notes what makes the engine fail although no value needs it (`arm` lazy-15).
    fn eager_failure(&mut self, instance: &Instance, id: ResourceId, at: Location) {
        let declaration = &self.evaluator.template(instance.env.frame).resources[id];
        let object = declaration.body.object;
        if let Some(why) = self.evaluator.eager_failure_of_body(&instance.env, object) {
            let what = format!("resource `{}`", declaration.name);
            self.expanded.problems.push(Problem { what, why, at });
        }
    }

    /// What a resource of an extension is: in Bicep its body, in an ARM template the `properties`.
    fn extension_body(&mut self, instance: &Instance, id: ResourceId) -> Data {
        let whole = self.evaluator.body(instance, id);
        if self.evaluator.template(instance.env.frame).dialect != Dialect::Arm {
            return self.force(&whole);
        }
        let properties = self.evaluator.member(&whole.value, "properties", true);
        self.force(&properties)
    }

    /// Whether a resource is one of an extension. In Bicep versions of Azure types are dates, else the
    /// compiler refuses them (BCP029); in an ARM template a member says so.
    fn is_of_extension(&self, frame: FrameId, declaration: &Resource) -> bool {
        let template = self.evaluator.template(frame);
        if template.dialect == Dialect::Arm {
            let has = |name| template.member_of(declaration.body.object, name).is_some();
            return has("import") || has("extension");
        }
        let version = declaration.api_version.as_ref();
        version.is_some_and(|version| version.date().is_none())
    }

    /// Name, id and scope. A secret in the name makes a secret of name and id.
    fn identity(&mut self, instance: &Instance, id: ResourceId) -> [Traced; 3] {
        let scope = self.evaluator.resource_scope(instance, id).prefix();
        let mut name = Traced::plain(self.evaluator.full_name(instance, id));
        let mut own_id = Traced::plain(self.evaluator.resource_id(instance, id));
        name.trail.secret = self.evaluator.is_name_secret(instance, id);
        own_id.trail.secret = name.trail.secret;
        [name, own_id, Traced::plain(scope)]
    }

    /// The members of a body that say what the resource is.
    fn body(&mut self, instance: &Instance, id: ResourceId) -> Data {
        let traced = self.evaluator.body(instance, id);
        let Value::Object(object) = &traced.value else {
            return self.force(&traced);
        };
        let about = |key: &str| ABOUT.iter().any(|known| known.eq_ignore_ascii_case(key));
        let mut kept = (**object).clone();
        kept.entries.retain(|entry| !about(&entry.key));
        self.force(&Traced {
            value: Value::Object(Rc::new(kept)),
            trail: traced.trail,
        })
    }

    /// A deployment whose template stands in a property: nothing to say if that has no resources.
    fn inline_deployment(&mut self, round: &Round, id: ResourceId, at: Location) {
        let data = self.body(&round.instance, id);
        let resources = ["properties", "template", "resources"]
            .iter()
            .try_fold(&data, |data, name| data.get(name));
        let nothing = match resources {
            Some(Data::List(items)) => items.is_empty(),
            Some(Data::Object { entries, rest }) => entries.is_empty() && rest.is_none(),
            _ => false,
        };
        if !nothing {
            let frame = round.instance.env.frame;
            let name = &self.evaluator.template(frame).resources[id].name;
            let why = Value::unsupported("a template in a property");
            self.problem(format!("what `{name}` deploys"), &why, at);
        }
    }

    /// Expands what a module deploys, in its place.
    fn enter(&mut self, round: &Round, id: ModuleId) {
        let frame = round.instance.env.frame;
        let module = &self.evaluator.template(frame).modules[id];
        let at = self.place(frame, module.at);
        let what = format!("what module `{}` deploys", module.name);
        let inner = match self.evaluator.enter(&round.instance, id) {
            Ok(inner) => inner,
            Err(unknown) => return self.problem(what, &unknown, at),
        };
        let file = self.evaluator.file(inner);
        // A stand-in holds some of what the module deploys: to list that would be to call the rest absent.
        if let Some(why) = self.evaluator.beyond_the_facts(file) {
            return self.problem(what, &why, at);
        }
        if self.files.contains(&file) {
            let why = Value::invalid("the modules call each other in a circle");
            return self.problem(what, &why, at);
        }
        self.entered += 1;
        if self.entered > MAX_CALLS {
            let limit = Value::unknown(Why::Budget("uses of modules"), Kinds::ANY);
            return self.problem(what, &limit, at);
        }
        self.calls.push(Call {
            symbol: Arc::clone(&module.name),
            round: round.instance.round,
            at,
        });
        self.template(inner);
        self.calls.pop();
    }

    fn outputs(&mut self, frame: FrameId) {
        for output in self.evaluator.template(frame).outputs.iter() {
            // One that is open is printed as if true (`arm` cond-15).
            if self.evaluator.is_left_out(frame, output) {
                continue;
            }
            let Some(traced) = self.evaluator.output(frame, &output.name) else {
                continue;
            };
            let mut value = self.force(&traced);
            if output.constraints.secure && !matches!(value, Data::Secret(_)) {
                value = Data::Secret(Box::new(value));
            }
            self.expanded.outputs.push(ExpandedOutput {
                name: Arc::clone(&output.name),
                value,
                at: self.place(frame, output.at),
            });
        }
    }

    fn force(&mut self, traced: &Traced) -> Data {
        let mut forcing = Forcing {
            evaluator: self.evaluator,
            nodes: &mut self.nodes,
            around: Vec::new(),
        };
        forcing.whole(traced)
    }

    fn place(&self, frame: FrameId, span: tricep_syntax::text::Span) -> Location {
        Location {
            file: self.evaluator.file(frame),
            span,
        }
    }

    fn problem(&mut self, what: String, why: &Value, at: Location) {
        self.expanded.problems.push(Problem {
            what,
            why: reason(why).why.clone(),
            at,
        });
    }
}

/// The expansion of one use of a template.
struct Layer {
    frame: FrameId,
    rounds: FxHashMap<Node, Rc<[Round]>>,
    /// The rounds that were visited.
    seen: FxHashSet<(Node, usize)>,
    edges: FxHashMap<Node, Rc<[Edge]>>,
}

/// A round of a body.
struct Round {
    instance: Instance,
    /// Whether it stands for a stretch of unknown elements.
    many: bool,
}

fn is_deployment(r#type: Option<&ResourceType>) -> bool {
    r#type.is_some_and(|r#type| r#type.is(DEPLOYMENT))
}

fn reason(value: &Value) -> Rc<Unknown> {
    value.open().cloned().unwrap_or_else(|| {
        let why = Why::Failed(format!("it cannot be {}", value.kind_name()));
        Rc::new(Unknown::new(why, Kinds::ANY))
    })
}

#[cfg(test)]
mod tests;
