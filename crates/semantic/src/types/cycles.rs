//! Declarations that refer to themselves, through others or at once: whoever refers to one of them
//! makes a mistake (`CyclicCheckVisitor`).

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
        if let Some(known) = self.cycles.borrow().get(&file) {
            return known.contains(&node);
        }
        let cyclic = cyclic(self.project.template(file));
        let found = cyclic.contains(&node);
        self.cycles.borrow_mut().insert(file, cyclic);
        found
    }
}

/// The declarations of a template that are part of a cycle: those in a group that can all reach each
/// other, and those that refer to themselves.
fn cyclic(template: &Template) -> FxHashSet<Node> {
    let uses = uses(template);
    let mut search = Search::new(&uses);
    for &node in uses.keys() {
        search.from(node);
    }
    search.cyclic
}

/// The search for strongly connected components by Tarjan, without recursion.
struct Search<'u> {
    uses: &'u FxHashMap<Node, Vec<Node>>,
    /// When each node was met first.
    met: FxHashMap<Node, usize>,
    /// The first node met that each node reaches.
    low: FxHashMap<Node, usize>,
    /// Nodes whose component is not complete.
    stack: Vec<Node>,
    on_stack: FxHashSet<Node>,
    cyclic: FxHashSet<Node>,
}

impl<'u> Search<'u> {
    fn new(uses: &'u FxHashMap<Node, Vec<Node>>) -> Self {
        Self {
            uses,
            met: FxHashMap::default(),
            low: FxHashMap::default(),
            stack: Vec::new(),
            on_stack: FxHashSet::default(),
            cyclic: FxHashSet::default(),
        }
    }

    fn from(&mut self, start: Node) {
        if self.met.contains_key(&start) {
            return;
        }
        self.meet(start);
        let mut path: Vec<(Node, usize)> = vec![(start, 0)];
        while let Some(&mut (node, ref mut next)) = path.last_mut() {
            let used = self
                .uses
                .get(&node)
                .and_then(|used| used.get(*next))
                .copied();
            *next += 1;
            match used {
                Some(used) if !self.met.contains_key(&used) => {
                    self.meet(used);
                    path.push((used, 0));
                }
                Some(used) if self.on_stack.contains(&used) => {
                    let reached = self.met[&used];
                    self.lower(node, reached);
                }
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some(&(user, _)) = path.last() {
                        let reached = self.low[&node];
                        self.lower(user, reached);
                    }
                    self.complete(node);
                }
            }
        }
    }

    fn meet(&mut self, node: Node) {
        let number = self.met.len();
        self.met.insert(node, number);
        self.low.insert(node, number);
        self.stack.push(node);
        self.on_stack.insert(node);
    }

    fn lower(&mut self, node: Node, reached: usize) {
        let low = self.low.entry(node).or_insert(reached);
        *low = (*low).min(reached);
    }

    /// Takes the component of a node off the stack if the node is its first.
    fn complete(&mut self, node: Node) {
        if self.low[&node] != self.met[&node] {
            return;
        }
        let at = self.stack.iter().rposition(|&other| other == node);
        let component = self.stack.split_off(at.unwrap_or(self.stack.len()));
        for member in &component {
            self.on_stack.remove(member);
        }
        let uses_itself = self
            .uses
            .get(&node)
            .is_some_and(|used| used.contains(&node));
        if component.len() > 1 || uses_itself {
            self.cyclic.extend(component);
        }
    }
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
    owners.extend(template.written.loose().iter().map(|&value| (value, None)));
    owners.sort_unstable_by_key(|&(last, _)| last);
    owners
}
