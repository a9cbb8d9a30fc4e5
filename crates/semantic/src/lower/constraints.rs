//! Decorators → constraints. Decorators that do not bear on values are passed over.

use tricep_syntax::bicep::Kind;
use tricep_syntax::bicep::ast::{self, ExprKind};

use super::Lowering;
use crate::template::Constraints;

impl Lowering<'_> {
    /// What the decorators demand. A decorator may be written with its name space: `@sys.secure()`.
    pub(super) fn constraints(&mut self, decorators: ast::List<ast::ExprId>) -> Constraints {
        let mut constraints = Constraints::default();
        self.decorators(decorators);
        for decorator in self.tree.list(decorators) {
            let (name, arguments) = match self.tree[decorator].kind {
                ExprKind::Call { name, arguments } => (name, arguments),
                ExprKind::MethodCall {
                    name: Some(name),
                    arguments,
                    ..
                } => (name, arguments),
                _ => continue,
            };
            let first = self.tree.list(arguments).next();
            let number = first.and_then(|first| self.literal_integer(first));
            let length = number.and_then(|number| u64::try_from(number).ok());
            match self.parsed.name(name) {
                "minLength" => constraints.min_length = length,
                "maxLength" => constraints.max_length = length,
                "minValue" => constraints.min_value = number,
                "maxValue" => constraints.max_value = number,
                "secure" => constraints.secure = true,
                "sealed" => constraints.sealed = true,
                "allowed" => constraints.allowed = first.map(|first| self.expr(first)),
                _ => {}
            }
        }
        constraints
    }

    /// Notes a declaration that other files may import: one with `@export()`.
    pub(super) fn export(&mut self, name: Option<ast::Name>, decorators: ast::List<ast::ExprId>) {
        let is_export = |decorator: ast::ExprId| match self.tree[decorator].kind {
            ExprKind::Call { name, .. }
            | ExprKind::MethodCall {
                name: Some(name), ..
            } => self.parsed.name(name) == "export",
            _ => false,
        };
        let exported = self.tree.list(decorators).any(is_export);
        if let Some(name) = name.filter(|_| exported) {
            let name = self.name(name);
            self.template.exported.insert(name);
        }
    }

    /// The value of a literal integer, which may be negative or in parentheses.
    fn literal_integer(&self, expr: ast::ExprId) -> Option<i64> {
        match self.tree[expr].kind {
            ExprKind::Int(value) => i64::try_from(value?).ok(),
            ExprKind::Parenthesized(inner) => self.literal_integer(inner),
            ExprKind::Unary {
                operator: Kind::Minus,
                operand,
            } => self.literal_integer(operand)?.checked_neg(),
            _ => None,
        }
    }
}
