//! What stays of a template that nobody evaluates: what its users are checked against, and which
//! resources it holds.

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::Span;

use super::Lowered;
use crate::template::{Body, Expr, ExprKind, Template};

impl Lowered {
    /// Drops what resources, calls and outputs are made of, and all declarations of the templates
    /// within this one but those of resources and calls. Every resource, reference and output is
    /// still there under its id; evaluating what is in it gives nothing that is known.
    pub(crate) fn outline(&mut self) {
        without_bodies(&mut self.template, self.declaring);
        let mut open: Vec<&mut Self> = lowered_in(self);
        while let Some(inner) = open.pop() {
            let whole = std::mem::replace(&mut inner.template, Template::new(Dialect::Arm));
            inner.template.target_scope = whole.target_scope;
            inner.template.resources = whole.resources;
            inner.template.modules = whole.modules;
            inner.template.references = whole.references;
            without_bodies(&mut inner.template, 0);
            open.extend(lowered_in(inner));
        }
    }
}

fn lowered_in(outer: &mut Lowered) -> Vec<&mut Lowered> {
    let nested = outer.nested.iter_mut();
    nested.map(|nested| &mut nested.lowered).collect()
}

/// Keeps the first expressions, which are those of declarations; one stands for all others.
fn without_bodies(template: &mut Template, declaring: usize) {
    template.exprs.truncate(declaring);
    let dropped = template.exprs.push(Expr {
        span: Span::at(0),
        kind: ExprKind::Missing,
    });
    template.exprs.shrink_to_fit();
    let body = Body {
        each: None,
        condition: None,
        object: dropped,
    };
    for resource in template.resources.iter_mut() {
        resource.body = body;
    }
    for module in template.modules.iter_mut() {
        module.body = body;
    }
    for output in template.outputs.iter_mut() {
        output.value = dropped;
        output.condition = output.condition.map(|_| dropped);
    }
}
