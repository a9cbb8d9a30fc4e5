//! From the places that take secrets back to where the source spells them out.
//!
//! Enters: a project. Leaves: the bytes of the literals that secure parameters and outputs get their
//! values from, that Azure's types call sensitive, and that secrets are compared with. Values are followed through
//! variables, parameters, arguments, outputs, loops, imports and functions of the user, by the names and
//! items that are taken out of them on the way, so that the user name beside a password stays
//! readable. Nothing is evaluated: both branches of a condition count. Absent: what other files hold that are
//! read for their content, and what is read of resources.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use tricep_catalogue::{Node, azure};
use tricep_syntax::text::{FileId, Span};

use super::outlined::{Outlined, Reached};
use super::secure::{compared, is_secure, literals, secure_parts};
use super::shapes::{Shape, Shapes};
use crate::index::Idx as _;
use crate::project::{Project, Target};
use crate::sensitive::known;
use crate::template::{
    ArrayItem, BinaryOperator, Body, ExprId, ExprKind, ImportId, LocalId, ModuleId, Parameter,
    ParameterId, Property, PropertyKey, ReferenceId, Symbol, TextPart,
};
use crate::types::locals::{Local, locals};

/// A way into a value is followed over so many names; behind a longer one all counts as secret.
const MAX_PATH: usize = 32;
/// So many steps are made with care for parts of values for each expression of the project. Afterwards
/// whatever is reached counts as secret as a whole.
const STEPS_PER_EXPRESSION: usize = 16;

/// What is taken out of a value: the member of that name; `None`: any item or member.
pub(super) type Step = Option<Arc<str>>;

/// What becomes of a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Want {
    /// It is a secret.
    Secret,
    /// It is of a type of Azure's, of which parts may be sensitive.
    Typed(Node<'static>),
}

/// A value and what becomes of a part of it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Demand {
    file: FileId,
    expr: ExprId,
    /// The way to the part, its first step last.
    path: Vec<Step>,
    want: Want,
}

impl Demand {
    /// The same of another expression of the file.
    fn of(&self, expr: ExprId) -> Self {
        Self {
            expr,
            ..self.clone()
        }
    }

    /// The same of what `step` is taken out of.
    fn taken(&self, expr: ExprId, step: Step) -> Self {
        let mut demand = self.of(expr);
        demand.path.push(step);
        demand
    }

    /// All of another expression is a secret.
    fn whole(&self, expr: ExprId) -> Self {
        Self {
            file: self.file,
            expr,
            path: Vec::new(),
            want: Want::Secret,
        }
    }

    fn typed(&self, expr: ExprId, node: Node<'static>) -> Self {
        Self {
            want: Want::Typed(node),
            ..self.whole(expr)
        }
    }
}

/// How one file uses another.
#[derive(Clone, Copy, Debug)]
enum Use {
    /// As a module.
    Module(ModuleId),
    /// As the template of a parameter file.
    Using,
    /// For a name.
    Import(ImportId),
}

/// What a search finds.
pub(super) struct Found {
    /// The secrets written in each file, sorted; none overlap.
    pub(super) spans: Vec<Vec<Span>>,
    /// The outlines whose outputs secrets are made of: from which values, they do not tell.
    pub(super) outlines: BTreeSet<FileId>,
}

/// Looks for the secrets written in each file.
pub(super) fn search(project: &Project) -> Found {
    let mut search = Search::new(project);
    search.everywhere();
    search.share();
    for spans in &mut search.spans {
        spans.sort();
        // A text in the hole of another is part of it.
        spans.dedup_by(|inner, outer| inner.end <= outer.end);
    }
    Found {
        spans: search.spans,
        outlines: search.outlines,
    }
}

/// Which parts of the parameters of the first file become secrets in it and in what it deploys.
pub(super) fn reached(module: &Project, shapes: &mut Shapes<'static>) -> FxHashSet<Reached> {
    let mut search = Search::new(module);
    search.shapes = std::mem::take(shapes);
    search.reached = Some(FxHashSet::default());
    search.everywhere();
    *shapes = search.shapes;
    search.reached.unwrap_or_default()
}

struct Search<'p> {
    project: &'p Project,
    shapes: Shapes<'static>,
    /// The types of resources by name and version.
    bodies: FxHashMap<(&'p str, &'p str), Option<Node<'static>>>,
    uses: FxHashMap<FileId, Vec<(FileId, Use)>>,
    locals: FxHashMap<FileId, Rc<[Local]>>,
    open: Vec<Demand>,
    /// What was jumped to; from there to the next jump the tree leads, which has no circles.
    seen: FxHashSet<Demand>,
    /// How many steps may still be made with care.
    steps: usize,
    spans: Vec<Vec<Span>>,
    outlines: BTreeSet<FileId>,
    /// The parts of the parameters of the first file that were reached, if somebody asks for them.
    reached: Option<FxHashSet<Reached>>,
}

impl<'p> Search<'p> {
    fn new(project: &'p Project) -> Self {
        let kept = project.units.iter().map(|unit| unit.template.exprs.len());
        // The same where there are outlines and where there are none.
        let dropped = project.outlines.values().map(|outlined| outlined.dropped);
        let sizes = kept.chain(dropped);
        Self {
            project,
            shapes: Shapes::default(),
            bodies: FxHashMap::default(),
            uses: uses(project),
            locals: FxHashMap::default(),
            open: Vec::new(),
            seen: FxHashSet::default(),
            steps: sizes.sum::<usize>().saturating_mul(STEPS_PER_EXPRESSION),
            spans: vec![Vec::new(); project.units.len()],
            outlines: BTreeSet::new(),
            reached: None,
        }
    }

    fn everywhere(&mut self) {
        for file in (0..self.project.units.len() as u32).map(FileId) {
            match self.project.outlines.get(&file) {
                Some(outlined) => self.roots_of_outline(file, outlined),
                None => self.roots(file),
            }
            self.run();
        }
    }

    /// The places that take secrets in what only an outline is kept of.
    fn roots_of_outline(&mut self, file: FileId, outlined: &Outlined) {
        for reached in &outlined.reached {
            self.parameter(file, reached.parameter, &reached.path, reached.want);
        }
    }

    /// The places of a file that take secrets.
    fn roots(&mut self, file: FileId) {
        let template = self.project.template(file);
        let at = |expr| Demand {
            file,
            expr,
            path: Vec::new(),
            want: Want::Secret,
        };
        for (id, parameter) in template.parameters.iter_enumerated() {
            if is_secure(template, parameter) {
                self.parameter(file, id, &[], Want::Secret);
            }
        }
        for (id, path) in secure_parts(template) {
            self.parameter(file, id, &path, Want::Secret);
        }
        self.open.extend(literals(template).into_iter().map(at));
        let outputs = template.outputs.iter();
        let secure = outputs.filter(|output| output.constraints.secure);
        self.open.extend(secure.map(|output| at(output.value)));
        let exprs = template.exprs.iter();
        let compared = exprs.filter_map(|expr| compared(template, &expr.kind));
        self.open.extend(compared.map(at));
        for resource in template.resources.iter().filter(|own| !own.existing) {
            let version = resource.api_version.as_ref().map_or("", |v| v.as_str());
            let name = resource.r#type.as_ref();
            if let Some(body) = name.and_then(|name| self.body(name.as_str(), version)) {
                let demand = at(resource.body.object);
                self.open.push(demand.typed(demand.expr, body));
            }
        }
    }

    /// The type of the body of resources, looked up once.
    fn body(&mut self, name: &'p str, version: &'p str) -> Option<Node<'static>> {
        let body = || known(azure(), name, version).map(|known| known.body);
        *self.bodies.entry((name, version)).or_insert_with(body)
    }

    fn run(&mut self) {
        while let Some(mut demand) = self.open.pop() {
            match self.steps.checked_sub(1) {
                Some(left) => self.steps = left,
                None => demand = demand.whole(demand.expr),
            }
            if demand.path.len() > MAX_PATH {
                demand = demand.whole(demand.expr);
            }
            if let Want::Typed(node) = demand.want
                && demand.path.is_empty()
            {
                match &*self.shapes.of(node) {
                    Shape::Nothing => continue,
                    Shape::Secret => demand.want = Want::Secret,
                    Shape::Items(_) | Shape::Members(..) => {}
                }
            }
            self.follow(&demand);
        }
    }

    /// Follows a demand that leaves a tree, once.
    fn jump(&mut self, file: FileId, expr: ExprId, path: &[Step], want: Want) {
        let path = path.to_vec();
        let demand = Demand {
            file,
            expr,
            path,
            want,
        };
        // Out of steps, all demands are of one kind, so that there are no more than expressions.
        let demand = match self.steps {
            0 => demand.whole(expr),
            _ => demand,
        };
        if self.seen.insert(demand.clone()) {
            self.open.push(demand);
        }
    }

    fn follow(&mut self, demand: &Demand) {
        let template = self.project.template(demand.file);
        let is_whole = demand.want == Want::Secret && demand.path.is_empty();
        match &template.exprs[demand.expr].kind {
            ExprKind::Text(_) | ExprKind::Unpaired | ExprKind::Int(_) if is_whole => {
                self.found(demand);
            }
            ExprKind::Interpolation(parts) if is_whole => {
                self.found(demand);
                let holes = parts.iter().filter_map(|part| match part {
                    TextPart::Hole(hole) => Some(demand.of(*hole)),
                    TextPart::Text(_) => None,
                });
                self.open.extend(holes);
            }
            ExprKind::Symbol(symbol) => self.symbol(demand, *symbol),
            ExprKind::Member { base, name, .. } => {
                self.open.push(demand.taken(*base, Some(Arc::clone(name))));
            }
            ExprKind::Index { base, index, .. } => {
                let step = match &template.exprs[*index].kind {
                    ExprKind::Text(name) => Some(Arc::clone(name)),
                    _ => None,
                };
                self.open.push(demand.taken(*base, step));
            }
            ExprKind::NonNull(inner) | ExprKind::Parenthesized(inner) => {
                self.open.push(demand.of(*inner));
            }
            ExprKind::Unary(_, inner) if is_whole => self.open.push(demand.of(*inner)),
            ExprKind::Ternary {
                then, otherwise, ..
            } => self.open.extend([demand.of(*then), demand.of(*otherwise)]),
            ExprKind::Binary(operator, left, right)
                if is_whole || *operator == BinaryOperator::Coalesce =>
            {
                self.open.extend([demand.of(*left), demand.of(*right)]);
            }
            ExprKind::Object(properties) => self.object(demand, properties),
            ExprKind::Array(items) => self.array(demand, items),
            ExprKind::For { body, .. } => self.item(demand, *body),
            ExprKind::Lambda { body, .. } if is_whole => self.open.push(demand.of(*body)),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(demand, function, arguments),
            ExprKind::UserCall { function, .. } => {
                let body = template.functions[*function].body;
                self.jump(demand.file, body, &demand.path, demand.want);
            }
            ExprKind::ImportedCall { import, name, .. } => {
                let import = template.imports[*import].reference;
                let Some(target) = self.target(demand.file, import) else {
                    return;
                };
                let mut functions = self.project.template(target).functions.iter();
                if let Some(function) = functions.find(|function| function.name == *name) {
                    self.jump(target, function.body, &demand.path, demand.want);
                }
            }
            _ => {}
        }
    }

    fn found(&mut self, demand: &Demand) {
        let span = self.project.template(demand.file).exprs[demand.expr].span;
        if let Some(spans) = self.spans.get_mut(demand.file.0 as usize) {
            spans.push(span);
        }
    }

    fn object(&mut self, demand: &Demand, properties: &[Property]) {
        let shape = match (demand.path.is_empty(), demand.want) {
            (true, Want::Typed(node)) => Some(self.shapes.of(node)),
            _ => None,
        };
        let mut rest = demand.clone();
        let step = rest.path.pop();
        for property in properties {
            let (key, value) = match property {
                Property::Set { key, value } => (key, *value),
                Property::Spread(value) => {
                    self.open.push(demand.of(*value));
                    continue;
                }
            };
            match (&shape, &step, key) {
                (Some(shape), _, PropertyKey::Fixed(name)) => {
                    let nodes = shape.member(name);
                    self.open
                        .extend(nodes.map(|node| demand.typed(value, node)));
                }
                (Some(shape), _, PropertyKey::Computed(_)) => {
                    let nodes = shape.all_members();
                    self.open
                        .extend(nodes.map(|node| demand.typed(value, node)));
                }
                (None, Some(Some(wanted)), PropertyKey::Fixed(name)) => {
                    if wanted.eq_ignore_ascii_case(name) {
                        self.open.push(rest.of(value));
                    }
                }
                (None, Some(_), _) => self.open.push(rest.of(value)),
                (None, None, key) => {
                    if let PropertyKey::Computed(key) = key {
                        self.open.push(demand.of(*key));
                    }
                    self.open.push(demand.of(value));
                }
            }
        }
    }

    fn array(&mut self, demand: &Demand, items: &[ArrayItem]) {
        for item in items {
            match item {
                ArrayItem::One(item) => self.item(demand, *item),
                ArrayItem::Spread(list) => self.open.push(demand.of(*list)),
            }
        }
    }

    /// An item of the list that is wanted.
    fn item(&mut self, demand: &Demand, item: ExprId) {
        let mut rest = demand.clone();
        match (rest.path.pop(), demand.want) {
            (Some(None), _) => self.open.push(rest.of(item)),
            (None, Want::Secret) => self.open.push(demand.of(item)),
            (None, Want::Typed(node)) => {
                if let Shape::Items(node) = &*self.shapes.of(node) {
                    self.open.push(demand.typed(item, *node));
                }
            }
            // A list has no members with names.
            (Some(Some(_)), _) => {}
        }
    }

    fn call(&mut self, demand: &Demand, function: &str, arguments: &[ExprId]) {
        let template = self.project.template(demand.file);
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(function));
        let lists = function
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("list"));
        let lambda = arguments.get(1).map(|&second| &template.exprs[second].kind);
        match (arguments, lambda) {
            // What these give is not made of what they are given.
            _ if lists || is(&["reference", "getSecret"]) => {}
            ([_, ..], Some(ExprKind::Lambda { body, .. })) if is(&["map"]) => {
                self.item(demand, *body);
            }
            ([list, ..], _) if is(&["filter", "sort"]) => self.open.push(demand.of(*list)),
            ([list], _) if is(&["first", "last"]) => self.open.push(demand.taken(*list, None)),
            _ if is(&[
                "union",
                "shallowMerge",
                "intersection",
                "coalesce",
                "concat",
                "flatten",
            ]) =>
            {
                let all = arguments.iter().map(|&argument| demand.of(argument));
                self.open.extend(all);
            }
            _ if is(&["createObject"]) => self.created(demand, arguments),
            _ if is(&["createArray"]) => {
                for &argument in arguments {
                    self.item(demand, argument);
                }
            }
            // Which part of what goes in comes out nobody knows.
            _ if demand.want == Want::Secret => {
                let all = arguments.iter().map(|&argument| demand.whole(argument));
                self.open.extend(all);
            }
            _ => {}
        }
    }

    /// `createObject(key, value, …)`: an object whose keys are expressions.
    fn created(&mut self, demand: &Demand, arguments: &[ExprId]) {
        let template = self.project.template(demand.file);
        let pairs = arguments.chunks_exact(2).filter_map(|pair| match pair {
            [key, value] => Some((*key, *value)),
            _ => None,
        });
        let properties: Vec<Property> = pairs
            .map(|(key, value)| {
                let key = match &template.exprs[key].kind {
                    ExprKind::Text(name) => PropertyKey::Fixed(Arc::clone(name)),
                    _ => PropertyKey::Computed(key),
                };
                Property::Set { key, value }
            })
            .collect();
        self.object(demand, &properties);
    }

    fn symbol(&mut self, demand: &Demand, symbol: Symbol) {
        let (file, want) = (demand.file, demand.want);
        let template = self.project.template(file);
        match symbol {
            Symbol::Variable(id) => {
                self.jump(file, template.variables[id].value, &demand.path, want);
            }
            Symbol::Parameter(id) => self.parameter(file, id, &demand.path, want),
            Symbol::Module(id) => self.output(demand, id),
            Symbol::Import(id) => self.imported(demand, id),
            Symbol::Local(id) => self.local(demand, id),
            Symbol::Resource(_) | Symbol::Function(_) | Symbol::Type(_) | Symbol::Other => {}
        }
    }

    /// A parameter gets its value from its default, from calls and from parameter files.
    fn parameter(&mut self, file: FileId, id: ParameterId, path: &[Step], want: Want) {
        if let (Some(reached), FileId(0)) = (&mut self.reached, file) {
            reached.insert(Reached {
                parameter: id,
                path: path.into(),
                want,
            });
        }
        let Parameter {
            name,
            value,
            constraints,
            ..
        } = &self.project.template(file).parameters[id];
        let allowed = constraints
            .allowed
            .filter(|_| want == Want::Secret && path.is_empty());
        for own in value.iter().chain(&allowed) {
            self.jump(file, *own, path, want);
        }
        let uses = self.uses.get(&file).cloned().unwrap_or_default();
        for (user, how) in uses {
            match how {
                Use::Module(module) => self.argument(user, module, name, path, want),
                Use::Using => self.assignment(user, name, path, want),
                Use::Import(_) => {}
            }
        }
    }

    fn argument(
        &mut self,
        user: FileId,
        module: ModuleId,
        name: &Arc<str>,
        path: &[Step],
        want: Want,
    ) {
        let template = self.project.template(user);
        let body: &Body = &template.modules[module].body;
        if let Some(params) = template.member_of(body.object, "params") {
            let mut path = path.to_vec();
            path.push(Some(Arc::clone(name)));
            self.jump(user, params, &path, want);
        }
    }

    /// The value that a parameter file, or one that it extends, gives to a parameter.
    fn assignment(&mut self, user: FileId, name: &str, path: &[Step], want: Want) {
        let mut files = vec![user];
        let mut next = 0;
        while let Some(&file) = files.get(next) {
            next += 1;
            let template = self.project.template(file);
            let assigned = template.parameter(name);
            if let Some(value) = assigned.and_then(|id| template.parameters[id].value) {
                self.jump(file, value, path, want);
            }
            let base = template.extends.and_then(|base| self.target(file, base));
            files.extend(base.filter(|base| !files.contains(base)));
        }
    }

    /// `module.outputs.name`
    fn output(&mut self, demand: &Demand, id: ModuleId) {
        let module = &self.project.template(demand.file).modules[id];
        let mut path = demand.path.clone();
        if module.body.each.is_some() {
            path.pop();
        }
        let outputs = path.pop().flatten();
        let is_outputs = outputs.is_some_and(|name| name.eq_ignore_ascii_case("outputs"));
        let (true, Some(Some(name)), Some(target)) = (
            is_outputs,
            path.pop(),
            self.target(demand.file, module.reference),
        ) else {
            return;
        };
        let Some(output) = self.project.template(target).output(&name) else {
            return;
        };
        match self.project.outlines.contains_key(&target) {
            true => _ = self.outlines.insert(target),
            false => self.jump(target, output.value, &path, demand.want),
        }
    }

    /// A variable of another file, or a member of all that it exports.
    fn imported(&mut self, demand: &Demand, id: ImportId) {
        let import = &self.project.template(demand.file).imports[id];
        let mut path = demand.path.clone();
        let name = match &import.name {
            Some(name) => Some(Arc::clone(name)),
            None => path.pop().flatten(),
        };
        let (Some(name), Some(target)) = (name, self.target(demand.file, import.reference)) else {
            return;
        };
        let template = self.project.template(target);
        if let Some(Symbol::Variable(id)) = template.symbols.get(&name) {
            self.jump(target, template.variables[*id].value, &path, demand.want);
        }
    }

    fn local(&mut self, demand: &Demand, id: LocalId) {
        let template = self.project.template(demand.file);
        let locals_of_file = self.locals.entry(demand.file);
        let locals = Rc::clone(locals_of_file.or_insert_with(|| locals(template)));
        let list = match locals.get(id.index()) {
            Some(Local::Item(source)) => Some(*source),
            Some(Local::Lambda(_, call)) => match &template.exprs[*call].kind {
                ExprKind::Call { arguments, .. } => arguments.first().copied(),
                _ => None,
            },
            Some(Local::Typed(_)) => return self.argument_of_function(demand, id),
            Some(Local::Index(_) | Local::Other) | None => None,
        };
        if let Some(list) = list {
            let demand = demand.taken(list, None);
            self.jump(demand.file, list, &demand.path, demand.want);
        }
    }

    /// A parameter of a user's function gets its value from calls, here and in files that import it.
    fn argument_of_function(&mut self, demand: &Demand, id: LocalId) {
        let template = self.project.template(demand.file);
        let place = template
            .functions
            .iter_enumerated()
            .find_map(|(own, function)| {
                let mut parameters = function.parameters.iter();
                Some((own, parameters.position(|(local, _)| *local == id)?))
            });
        let Some((own, number)) = place else { return };
        let name = &template.functions[own].name;
        let mut calls: Vec<(FileId, ExprId)> = Vec::new();
        let here = template.exprs.iter().filter_map(|expr| match &expr.kind {
            ExprKind::UserCall {
                function,
                arguments,
            } if *function == own => arguments.get(number),
            _ => None,
        });
        calls.extend(here.map(|argument| (demand.file, *argument)));
        for &(user, how) in self.uses.get(&demand.file).into_iter().flatten() {
            let Use::Import(used) = how else { continue };
            let there = self.project.template(user).exprs.iter();
            let there = there.filter_map(|expr| match &expr.kind {
                ExprKind::ImportedCall {
                    import,
                    name: called,
                    arguments,
                } if *import == used && called == name => arguments.get(number),
                _ => None,
            });
            calls.extend(there.map(|argument| (user, *argument)));
        }
        for (file, argument) in calls {
            self.jump(file, argument, &demand.path, demand.want);
        }
    }

    fn target(&self, file: FileId, reference: ReferenceId) -> Option<FileId> {
        target(self.project, file, reference)
    }

    /// Templates that are written into another are units of the same text: what is secret in one is in
    /// all.
    fn share(&mut self) {
        let mut texts: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (number, unit) in self.project.units.iter().enumerate() {
            texts
                .entry(unit.text.as_ptr() as usize)
                .or_default()
                .push(number);
        }
        for units in texts.into_values().filter(|units| units.len() > 1) {
            let mut all = Vec::new();
            for &unit in &units {
                all.append(&mut self.spans[unit]);
            }
            for &unit in &units {
                self.spans[unit].clone_from(&all);
            }
        }
    }
}

fn target(project: &Project, file: FileId, reference: ReferenceId) -> Option<FileId> {
    match project.unit(file).targets.iter().nth(reference.index())? {
        Target::File(target) => Some(*target),
        Target::Data(_) | Target::Folder(_) | Target::Unavailable(_) => None,
    }
}

/// For each file, who uses it and how.
fn uses(project: &Project) -> FxHashMap<FileId, Vec<(FileId, Use)>> {
    let mut uses: FxHashMap<FileId, Vec<(FileId, Use)>> = FxHashMap::default();
    for file in (0..project.units.len() as u32).map(FileId) {
        let template = project.template(file);
        let modules = template.modules.iter_enumerated();
        let modules = modules.map(|(id, module)| (module.reference, Use::Module(id)));
        let using = template.using.map(|using| (using, Use::Using));
        let imports = template.imports.iter_enumerated();
        let imports = imports.map(|(id, import)| (import.reference, Use::Import(id)));
        for (reference, how) in modules.chain(using).chain(imports) {
            if let Some(target) = target(project, file, reference) {
                uses.entry(target).or_default().push((file, how));
            }
        }
    }
    uses
}
