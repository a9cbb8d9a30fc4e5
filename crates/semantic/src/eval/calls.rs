//! Which user-defined functions an expression calls.
//!
//! The engine takes a call of `f` somewhere in the arguments of `f` for recursion and refuses it
//! (oracle cases function-0071, function-0077), although the program is not recursive; what a real
//! deployment does was not tried. Calls through variables do not count (function-0080).

use crate::index::Idx;
use crate::template::{ExprId, ExprKind, FunctionId, Template};

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
        template.exprs[expr].kind.push_children(&mut open);
    }
    false
}
