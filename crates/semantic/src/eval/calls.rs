//! Which user-defined functions an expression calls.
//!
//! The engine takes a call of `f` somewhere in the arguments of `f` for recursion and refuses it
//! (oracle cases function-0071, function-0077), although the program is not recursive; what a real
//! deployment does was not tried. Calls through variables do not count (function-0080).

use crate::index::Idx;
use crate::template::{
    ArrayItem, ExprId, ExprKind, FunctionId, Property, PropertyKey, Template, TextPart,
};

/// Whether evaluating `exprs` calls `wanted`, directly or through other functions of the file.
pub(super) fn reach(template: &Template, exprs: &[ExprId], wanted: FunctionId) -> bool {
    let mut seen = vec![false; template.functions.len()];
    let mut open: Vec<ExprId> = exprs.to_vec();
    while let Some(expr) = open.pop() {
        if let ExprKind::UserCall { function, .. } = &template.exprs[expr].kind {
            if *function == wanted {
                return true;
            }
            if !std::mem::replace(&mut seen[function.index()], true) {
                open.push(template.functions[*function].body);
            }
        }
        push_children(&template.exprs[expr].kind, &mut open);
    }
    false
}

fn push_children(kind: &ExprKind, open: &mut Vec<ExprId>) {
    match kind {
        ExprKind::Missing
        | ExprKind::Fails(_)
        | ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Text(_)
        | ExprKind::Unpaired
        | ExprKind::Symbol(_)
        | ExprKind::Undeclared(_) => {}
        ExprKind::Interpolation(parts) => open.extend(parts.iter().filter_map(|part| match part {
            TextPart::Hole(hole) => Some(*hole),
            TextPart::Text(_) => None,
        })),
        ExprKind::Member { base, .. }
        | ExprKind::Nested { base, .. }
        | ExprKind::NonNull(base)
        | ExprKind::Parenthesized(base)
        | ExprKind::MethodCall { base, .. }
        | ExprKind::Unary(_, base)
        | ExprKind::Lambda { body: base, .. } => open.push(*base),
        ExprKind::Index { base, index, .. } => open.extend([*base, *index]),
        ExprKind::Call { arguments, .. }
        | ExprKind::Load { arguments, .. }
        | ExprKind::UserCall { arguments, .. }
        | ExprKind::ImportedCall { arguments, .. } => open.extend(arguments.iter().copied()),
        ExprKind::Binary(_, left, right) => open.extend([*left, *right]),
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => {
            open.extend([*condition, *then, *otherwise]);
        }
        ExprKind::Object(properties) => {
            for property in properties {
                match property {
                    Property::Set {
                        key: PropertyKey::Computed(key),
                        value,
                    } => open.extend([*key, *value]),
                    Property::Set { value: only, .. } | Property::Spread(only) => open.push(*only),
                }
            }
        }
        ExprKind::Array(items) => open.extend(items.iter().map(|item| match item {
            ArrayItem::One(expr) | ArrayItem::Spread(expr) => *expr,
        })),
        ExprKind::For { source, body, .. } => open.extend([*source, *body]),
    }
}
