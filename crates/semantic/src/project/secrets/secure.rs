//! What a template itself declares to be secret.

use rustc_hash::FxHashMap;

use super::search::Step;
use crate::template::{
    ExprId, ExprKind, Parameter, ParameterId, Symbol, Template, TypeDefId, TypeId, TypeKind,
};

/// Types within types are looked at so deep.
const MAX_DEPTH: usize = 32;

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
        parts.extend(found.into_iter().flatten().map(|path| (id, path)));
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
                let mut parts = Vec::new();
                for own in properties {
                    let step = Some(own.key.clone());
                    match own.constraints.secure {
                        true => parts.push(vec![step]),
                        false => parts.extend(below(self.parts(own.value, depth + 1), &step)),
                    }
                }
                if let Some(further) = further {
                    parts.extend(below(self.parts(*further, depth + 1), &None));
                }
                parts
            }
            TypeKind::List(Some(item)) => below(self.parts(*item, depth + 1), &None),
            TypeKind::Tuple(items) => {
                let items = items.iter();
                let parts = items.flat_map(|item| below(self.parts(*item, depth + 1), &None));
                parts.collect()
            }
            TypeKind::Union(members) => {
                let members = members.iter();
                members
                    .flat_map(|member| self.parts(*member, depth + 1))
                    .collect()
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

/// The same parts seen from outside.
fn below(mut parts: Vec<Vec<Step>>, step: &Step) -> Vec<Vec<Step>> {
    for path in &mut parts {
        path.push(step.clone());
    }
    parts
}
