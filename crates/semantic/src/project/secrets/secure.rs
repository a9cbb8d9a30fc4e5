//! What a template itself declares to be secret.

use rustc_hash::{FxHashMap, FxHashSet};

use super::search::Step;
use crate::template::{
    ExprId, ExprKind, Parameter, ParameterId, Symbol, Template, TypeDefId, TypeId, TypeKind,
};

/// Types within types are looked at so deep.
const MAX_DEPTH: usize = 32;
/// With more secure parts than so many, a type is secure as a whole.
const MAX_PARTS: usize = 256;
/// When so many parts of parameters are known, further parameters with secure parts are secure as a whole.
const MAX_ALL_PARTS: usize = 16_384;

/// Whether a parameter or the type it is declared with is secure.
pub(super) fn is_secure(template: &Template, parameter: &Parameter) -> bool {
    let named = parameter.r#type.map(|id| &template.types[id].kind);
    parameter.constraints.secure
        || matches!(named, Some(TypeKind::Named(def)) if template.type_defs[*def].constraints.secure)
}

/// What a secure parameter is compared with.
pub(super) fn compared(template: &Template, kind: &ExprKind) -> Option<ExprId> {
    let ExprKind::Binary(_, left, right) = kind else {
        return None;
    };
    let is_secret = |side: ExprId| match template.exprs[side].kind {
        ExprKind::Symbol(Symbol::Parameter(id)) => is_secure(template, &template.parameters[id]),
        _ => false,
    };
    match (is_secret(*left), is_secret(*right)) {
        (true, _) => Some(*right),
        (_, true) => Some(*left),
        _ => None,
    }
}

/// The literals in the types of what is secure: the values that a secret may have.
pub(super) fn literals(template: &Template) -> Vec<ExprId> {
    let parameters = template.parameters.iter();
    let parameters = parameters.filter(|parameter| is_secure(template, parameter));
    let mut open: Vec<TypeId> = parameters.filter_map(|own| own.r#type).collect();
    let named = template.type_defs.iter();
    open.extend(
        named
            .filter(|own| own.constraints.secure)
            .map(|own| own.value),
    );
    for own in template.types.iter() {
        if let TypeKind::Object { properties, .. } = &own.kind {
            let secure = properties.iter().filter(|own| own.constraints.secure);
            open.extend(secure.map(|own| own.value));
        }
    }
    let mut seen = FxHashSet::default();
    let mut literals = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match &template.types[id].kind {
            TypeKind::Literal(literal) => literals.push(*literal),
            TypeKind::Union(inner) | TypeKind::Tuple(inner) => open.extend(inner),
            TypeKind::Nullable(inner) | TypeKind::NonNull(inner) | TypeKind::List(Some(inner)) => {
                open.push(*inner);
            }
            TypeKind::Object {
                properties,
                further,
            } => {
                open.extend(properties.iter().map(|own| own.value));
                open.extend(further);
            }
            TypeKind::Named(def) => open.push(template.type_defs[*def].value),
            _ => {}
        }
    }
    literals
}

/// The parts of parameters that their types call secure, each with the way to it, its first step last.
pub(super) fn secure_parts(template: &Template) -> Vec<(ParameterId, Vec<Step>)> {
    let declares = |kind: &TypeKind| match kind {
        TypeKind::Object { properties, .. } => properties.iter().any(|own| own.constraints.secure),
        _ => false,
    };
    if !template.types.iter().any(|own| declares(&own.kind)) {
        return Vec::new();
    }
    let mut types = Types {
        template,
        known: FxHashMap::default(),
    };
    let mut parts = Vec::new();
    for (id, parameter) in template.parameters.iter_enumerated() {
        let found = parameter.r#type.map(|of| types.parts(of, 0));
        let mut found = found.unwrap_or_default();
        if !found.is_empty() && parts.len() + found.len() > MAX_ALL_PARTS {
            found = vec![Vec::new()];
        }
        parts.extend(found.into_iter().map(|path| (id, path)));
    }
    parts
}

struct Types<'t> {
    template: &'t Template,
    /// The secure parts of named types; of one that is being looked at, none.
    known: FxHashMap<TypeDefId, Vec<Vec<Step>>>,
}

impl Types<'_> {
    fn parts(&mut self, id: TypeId, depth: usize) -> Vec<Vec<Step>> {
        let template = self.template;
        if depth > MAX_DEPTH {
            return Vec::new();
        }
        match &template.types[id].kind {
            TypeKind::Object {
                properties,
                further,
            } => {
                let mut parts = Parts::default();
                for own in properties {
                    let step = Some(own.key.clone());
                    parts.add(match own.constraints.secure {
                        true => vec![vec![step]],
                        false => below(self.parts(own.value, depth + 1), &step),
                    });
                }
                if let Some(further) = further {
                    parts.add(below(self.parts(*further, depth + 1), &None));
                }
                parts.0
            }
            TypeKind::List(Some(item)) => below(self.parts(*item, depth + 1), &None),
            TypeKind::Tuple(items) => {
                let mut parts = Parts::default();
                for item in items {
                    parts.add(below(self.parts(*item, depth + 1), &None));
                }
                parts.0
            }
            TypeKind::Union(members) => {
                let mut parts = Parts::default();
                for member in members {
                    parts.add(self.parts(*member, depth + 1));
                }
                parts.0
            }
            TypeKind::Nullable(inner) | TypeKind::NonNull(inner) => self.parts(*inner, depth + 1),
            TypeKind::Named(def) => self.named(*def, depth),
            _ => Vec::new(),
        }
    }

    fn named(&mut self, def: TypeDefId, depth: usize) -> Vec<Vec<Step>> {
        if let Some(known) = self.known.get(&def) {
            return known.clone();
        }
        self.known.insert(def, Vec::new());
        let named = &self.template.type_defs[def];
        let parts = match named.constraints.secure {
            true => vec![Vec::new()],
            false => self.parts(named.value, depth + 1),
        };
        self.known.insert(def, parts.clone());
        parts
    }
}

/// The ways to the secure parts of a type; the empty one alone where there are too many.
#[derive(Default)]
struct Parts(Vec<Vec<Step>>);

impl Parts {
    fn add(&mut self, more: Vec<Vec<Step>>) {
        let is_whole = |parts: &[Vec<Step>]| parts.iter().any(Vec::is_empty);
        if is_whole(&self.0) {
            return;
        }
        match is_whole(&more) || self.0.len() + more.len() > MAX_PARTS {
            true => self.0 = vec![Vec::new()],
            false => self.0.extend(more),
        }
    }
}

/// The same parts seen from outside.
fn below(mut parts: Vec<Vec<Step>>, step: &Step) -> Vec<Vec<Step>> {
    for path in &mut parts {
        path.push(step.clone());
    }
    parts
}
