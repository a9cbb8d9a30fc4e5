//! Declarations that refer to themselves, through others or at once: whoever refers to one of them
//! makes a mistake (`CyclicCheckVisitor`).

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_syntax::text::FileId;

use super::Types;
use crate::index::Idx as _;
use crate::template::{ExprId, ExprKind, Symbol, Template};

/// A declaration that may be part of a cycle.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Node {
    Parameter(usize),
    Variable(usize),
    Resource(usize),
    Module(usize),
    Function(usize),
}

impl Node {
    fn of(symbol: Symbol) -> Option<Self> {
        Some(match symbol {
            Symbol::Parameter(id) => Self::Parameter(id.index()),
            Symbol::Variable(id) => Self::Variable(id.index()),
            Symbol::Resource(id) => Self::Resource(id.index()),
            Symbol::Module(id) => Self::Module(id.index()),
            Symbol::Function(id) => Self::Function(id.index()),
            _ => return None,
        })
    }
}

impl Types<'_> {
    /// Whether a declaration of a file is part of a cycle.
    pub(super) fn is_cyclic(&self, file: FileId, symbol: Symbol) -> bool {
        let Some(node) = Node::of(symbol) else {
            return false;
        };
        let known = self.cycles.borrow().get(&file).cloned();
        let cyclic = known.unwrap_or_else(|| {
            let cyclic = Rc::new(cyclic(self.project.template(file)));
            self.cycles.borrow_mut().insert(file, Rc::clone(&cyclic));
            cyclic
        });
        cyclic.contains(&node)
    }
}

/// The declarations of a template that are part of a cycle.
fn cyclic(template: &Template) -> FxHashSet<Node> {
    let uses = uses(template);
    // What uses nothing that is left is on no cycle, and so on; most templates have none.
    let mut left: FxHashSet<Node> = uses.keys().copied().collect();
    loop {
        let before = left.len();
        let open: Vec<Node> = left
            .iter()
            .filter(|node| uses[node].iter().any(|used| left.contains(used)))
            .copied()
            .collect();
        left = open.into_iter().collect();
        if left.len() == before {
            break;
        }
    }
    left.iter()
        .filter(|node| reaches_itself(**node, &uses, &left))
        .copied()
        .collect()
}

fn reaches_itself(
    start: Node,
    uses: &FxHashMap<Node, Vec<Node>>,
    within: &FxHashSet<Node>,
) -> bool {
    let mut seen: FxHashSet<Node> = FxHashSet::default();
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        for used in uses.get(&node).into_iter().flatten() {
            if *used == start {
                return true;
            }
            if within.contains(used) && seen.insert(*used) {
                open.push(*used);
            }
        }
    }
    false
}

/// What each declaration refers to.
fn uses(template: &Template) -> FxHashMap<Node, Vec<Node>> {
    let owners = owners(template);
    let mut uses: FxHashMap<Node, Vec<Node>> = FxHashMap::default();
    let mut at = 0;
    for (id, expr) in template.exprs.iter_enumerated() {
        let symbol = match &expr.kind {
            ExprKind::Symbol(symbol) => *symbol,
            ExprKind::UserCall { function, .. } => Symbol::Function(*function),
            _ => continue,
        };
        let Some(used) = Node::of(symbol) else {
            continue;
        };
        while owners.get(at).is_some_and(|&(last, _)| last < id) {
            at += 1;
        }
        if let Some(&(_, Some(owner))) = owners.get(at) {
            uses.entry(owner).or_default().push(used);
        }
    }
    for (id, resource) in template.resources.iter_enumerated() {
        let mut parent = resource.nested_in;
        while let Some(outer) = parent {
            let outer_node = Node::Resource(outer.index());
            uses.entry(Node::Resource(id.index()))
                .or_default()
                .push(outer_node);
            parent = template.resources[outer].nested_in;
        }
    }
    uses
}

/// For each declaration the last expression of its own. Expressions are lowered declaration by
/// declaration, the whole after its parts, and nested resources after the object they stand in: so
/// the expressions up to that one, from the one before on, are the declaration's.
fn owners(template: &Template) -> Vec<(ExprId, Option<Node>)> {
    let mut owners: Vec<(ExprId, Option<Node>)> = Vec::new();
    for (id, parameter) in template.parameters.iter_enumerated() {
        owners.extend(
            parameter
                .value
                .map(|v| (v, Some(Node::Parameter(id.index())))),
        );
    }
    for (id, variable) in template.variables.iter_enumerated() {
        owners.push((variable.value, Some(Node::Variable(id.index()))));
    }
    for (id, resource) in template.resources.iter_enumerated() {
        owners.push((resource.body.object, Some(Node::Resource(id.index()))));
    }
    for (id, module) in template.modules.iter_enumerated() {
        owners.push((module.body.object, Some(Node::Module(id.index()))));
    }
    for (id, function) in template.functions.iter_enumerated() {
        owners.push((function.body, Some(Node::Function(id.index()))));
    }
    owners.extend(template.outputs.iter().map(|output| (output.value, None)));
    owners.sort_unstable_by_key(|&(last, _)| last);
    owners
}
