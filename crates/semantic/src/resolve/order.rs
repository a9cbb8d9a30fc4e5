//! In which order the deployment engine prints what a template declares: before a resource come those
//! it reads, in order of appearance in its properties, then those it depends on (`arm` order-02,
//! order-16, order-24).
//!
//! In Bicep the dependencies of a declaration are all the resources and modules it names, directly or
//! through variables and `existing` resources, sorted by name (`ExpressionBuilder.BuildDependencyExpressions`).
//! Absent: `dependsOn` and `reference()` of ARM templates, whose declarations keep their order.

use std::cmp::Ordering;

use rustc_hash::FxHashSet;
use tricep_syntax::bicep::Dialect;

use crate::eval::culture_order;
use crate::template::{ExprId, ExprKind, ModuleId, ResourceId, Symbol, Template, VariableId};

/// Resources nested in each other are named by so many names at most.
const MAX_NESTED: usize = 32;

/// Something that a template declares and that is deployed or read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Node {
    /// A resource, perhaps one that exists already.
    Resource(ResourceId),
    /// A module.
    Module(ModuleId),
}

/// A dependency: on one round of a loop, where an index is written, or on all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) to: Node,
    pub(super) index: Option<ExprId>,
}

/// What a template deploys, in the order in which the compiler writes it down: nested resources, the
/// innermost first, then the others, then modules (`FileSymbol.Descendants`). In an ARM template all
/// stand in the order of the source.
pub(super) fn nodes(template: &Template) -> Vec<Node> {
    let resources = template.resources.iter_enumerated();
    let mut nodes: Vec<(u32, Node)> = resources
        .filter(|(_, declaration)| !declaration.existing)
        .map(|(id, declaration)| (declaration.span.start, Node::Resource(id)))
        .collect();
    // A module that stands for what a resource deploys is expanded in that one's place.
    let stand_ins = template.stand_ins();
    let modules = template.modules.iter_enumerated();
    let modules = modules.filter(|(id, _)| !stand_ins.contains(id));
    nodes.extend(modules.map(|(id, module)| (module.at.start, Node::Module(id))));
    match template.dialect {
        Dialect::Bicep => nodes.sort_by_key(|&(start, node)| (rank(template, node), start)),
        _ => nodes.sort_by_key(|&(start, _)| start),
    }
    nodes.into_iter().map(|(_, node)| node).collect()
}

/// Nested resources, other resources, modules; of nested ones, those in one outermost resource stand
/// together, and each before the one it is nested in.
fn rank(template: &Template, node: Node) -> (u8, u32, u32) {
    match node {
        Node::Module(_) => (2, 0, 0),
        Node::Resource(id) if template.resources[id].nested_in.is_none() => (1, 0, 0),
        Node::Resource(id) => {
            let declaration = &template.resources[id];
            (0, outermost(template, id), declaration.span.end)
        }
    }
}

/// Where the outermost resource around a nested one begins.
fn outermost(template: &Template, id: ResourceId) -> u32 {
    let mut here = id;
    for _ in 0..MAX_NESTED {
        match template.resources[here].nested_in {
            Some(parent) => here = parent,
            None => break,
        }
    }
    template.resources[here].span.start
}

/// What comes before a node.
pub(super) fn edges(template: &Template, node: Node) -> Vec<Edge> {
    if template.dialect != Dialect::Bicep {
        return Vec::new();
    }
    let (body, payload) = match node {
        Node::Resource(id) => (template.resources[id].body, "properties"),
        Node::Module(id) => (template.modules[id].body, "params"),
    };
    let payload = template.member_of(body.object, payload);
    let mut edges: Vec<Edge> = payload
        .map(|payload| uses(template, payload))
        .unwrap_or_default()
        .into_iter()
        .filter(|found| found.reads)
        .map(|found| found.edge)
        .collect();
    let source = body.each.map(|each| each.source);
    let mut depends: Vec<Edge> = [source, body.condition, Some(body.object)]
        .into_iter()
        .flatten()
        .flat_map(|expr| uses(template, expr))
        .map(|found| found.edge)
        .collect();
    if let Node::Resource(id) = node
        && let Some(parent) = template.resources[id].nested_in
    {
        depends.push(Edge {
            to: Node::Resource(parent),
            index: None,
        });
    }
    depends.retain(|edge| edge.to != node);
    depends.sort_by(|a, b| by_name(template, a.to, b.to));
    edges.extend(depends);
    edges
}

fn by_name(template: &Template, a: Node, b: Node) -> Ordering {
    let (a, b) = (name(template, a), name(template, b));
    culture_order(&a, &b).unwrap_or_else(|| a.cmp(&b))
}

/// The name by which dependencies are sorted: `parent::child` for nested resources.
fn name(template: &Template, node: Node) -> String {
    let mut here = match node {
        Node::Module(id) => return template.modules[id].name.to_string(),
        Node::Resource(id) => Some(id),
    };
    let mut names = Vec::new();
    while let Some(id) = here.filter(|_| names.len() < MAX_NESTED) {
        names.push(&*template.resources[id].name);
        here = template.resources[id].nested_in;
    }
    names.reverse();
    names.join("::")
}

/// A resource or module that is named, and whether the engine is asked for what it is.
struct Use {
    edge: Edge,
    reads: bool,
}

/// The resources and modules that an expression names, in order of appearance.
fn uses(template: &Template, expr: ExprId) -> Vec<Use> {
    let mut found = Vec::new();
    let mut variables: FxHashSet<VariableId> = FxHashSet::default();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        let kind = &template.exprs[expr].kind;
        let (named_by, reads) = match kind {
            ExprKind::Member { base, name, .. } => (*base, is_read(template, *base, name)),
            ExprKind::MethodCall { base, name } => (*base, name.starts_with("list")),
            _ => (expr, false),
        };
        if let Some(edge) = named(template, named_by) {
            found.push(Use { edge, reads });
            open.extend(edge.index);
            continue;
        }
        if let ExprKind::Symbol(Symbol::Variable(variable)) = kind {
            if variables.insert(*variable) {
                open.push(template.variables[*variable].value);
            }
            continue;
        }
        let before = open.len();
        kind.push_children(&mut open);
        open[before..].reverse();
    }
    found
}

/// Whether a member of a resource or module is asked for while deploying.
fn is_read(template: &Template, base: ExprId, name: &str) -> bool {
    match named(template, base).map(|edge| edge.to) {
        Some(Node::Resource(_)) => !matches!(name, "id" | "name" | "type" | "apiVersion"),
        Some(Node::Module(_)) => name == "outputs",
        None => false,
    }
}

/// The resource or module that an expression is: `r`, `r[i]`, `r::nested`.
fn named(template: &Template, expr: ExprId) -> Option<Edge> {
    match &template.exprs[expr].kind {
        ExprKind::Symbol(Symbol::Resource(id)) => Some(Edge {
            to: Node::Resource(*id),
            index: None,
        }),
        ExprKind::Symbol(Symbol::Module(id)) => Some(Edge {
            to: Node::Module(*id),
            index: None,
        }),
        ExprKind::Index { base, index, .. } => {
            let edge = named_directly(template, *base)?;
            Some(Edge {
                index: Some(*index),
                ..edge
            })
        }
        ExprKind::Nested { base, name } => {
            let Node::Resource(parent) = named_directly(template, *base)?.to else {
                return None;
            };
            let mut resources = template.resources.iter_enumerated();
            let (id, _) = resources
                .find(|(_, child)| child.nested_in == Some(parent) && *child.name == **name)?;
            Some(Edge {
                to: Node::Resource(id),
                index: None,
            })
        }
        ExprKind::NonNull(inner) | ExprKind::Parenthesized(inner) => {
            named_directly(template, *inner)
        }
        _ => None,
    }
}

/// [`named`] below another form. Such chains are as long as they are written, so the stack may grow.
fn named_directly(template: &Template, expr: ExprId) -> Option<Edge> {
    stacker::maybe_grow(64 * 1024, 1024 * 1024, || named(template, expr))
}
