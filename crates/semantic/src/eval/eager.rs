//! Failures that laziness hides: the deployment engine evaluates every argument, element and member
//! before it looks at what is asked for, so `{a: 1 / zero, b: 2}.b` and `length([1 / zero])` fail
//! (oracle cases variable-0040, variable-0043).
//!
//! Only the branch that is taken of `?:`, `&&`, `||` and `??` counts. Absent: what happens inside
//! lambdas and functions, beyond the values that they make.

use super::unknown::Why;
use super::value::Value;
use super::{Env, Evaluator};
use crate::template::{
    ArrayItem, BinaryOperator, ExprId, ExprKind, Property, PropertyKey, TextPart,
};

/// A loop has at most so many rounds: for-0043, for-0044.
const MAX_ROUNDS: usize = 800;

/// So many values are looked at for the failures in a resource: of those that share their parts there can
/// be very many, and what is deployed is to be evaluated too.
const MAX_LOOKS: usize = 100_000;

impl Evaluator<'_> {
    /// Why evaluating a resource's body fails, as far as a bounded search tells.
    pub(crate) fn eager_failure_of_body(&mut self, env: &Env, object: ExprId) -> Option<Why> {
        self.budget.look_at_most(MAX_LOOKS);
        let why = self.eager_failure(env, object);
        self.budget.look_at_most(usize::MAX);
        why
    }

    /// Why evaluating the expression fails, although its value may not need what fails.
    pub(crate) fn eager_failure(&mut self, env: &Env, expr: ExprId) -> Option<Why> {
        self.budget.enter().ok()?;
        let why = stacker::maybe_grow(256 * 1024, 2 * 1024 * 1024, || self.failure_at(env, expr));
        self.budget.leave();
        why
    }

    fn failure_at(&mut self, env: &Env, expr: ExprId) -> Option<Why> {
        if matches!(
            self.template(env.frame).exprs[expr].kind,
            ExprKind::Symbol(_)
        ) {
            // Variables and parameters are looked at by themselves; other names are no values.
            return None;
        }
        let inside = self.failure_below(env, expr);
        inside.or_else(|| match self.evaluate(env, expr).value {
            Value::Unknown(unknown) if matches!(unknown.why, Why::Failed(_)) => {
                Some(unknown.why.clone())
            }
            _ => None,
        })
    }

    fn failure_below(&mut self, env: &Env, expr: ExprId) -> Option<Why> {
        let template = self.template(env.frame);
        match &template.exprs[expr].kind {
            ExprKind::Interpolation(parts) => parts.iter().find_map(|part| match part {
                TextPart::Hole(hole) => self.eager_failure(env, *hole),
                TextPart::Text(_) => None,
            }),
            ExprKind::Member { base, .. }
            | ExprKind::NonNull(base)
            | ExprKind::Parenthesized(base)
            | ExprKind::Unary(_, base) => self.eager_failure(env, *base),
            ExprKind::Index { base, index, .. } => self.failure_of_all(env, &[*base, *index]),
            ExprKind::Binary(operator, left, right) => {
                self.failure_of_binary(env, *operator, *left, *right)
            }
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => {
                let why = self.eager_failure(env, *condition);
                why.or_else(|| match self.decide(env, *condition) {
                    Ok((true, _)) => self.eager_failure(env, *then),
                    Ok((false, _)) => self.eager_failure(env, *otherwise),
                    Err(_) => None,
                })
            }
            ExprKind::Call { function, .. } if &**function == "nameof" => None,
            ExprKind::Call { arguments, .. }
            | ExprKind::UserCall { arguments, .. }
            | ExprKind::ImportedCall { arguments, .. } => self
                .failure_of_all(env, arguments)
                .or_else(|| self.failure_of_value(env, expr)),
            ExprKind::Object(properties) => properties
                .iter()
                .find_map(|property| self.failure_of_property(env, property)),
            ExprKind::Array(items) => items.iter().find_map(|item| match item {
                ArrayItem::One(item) => self
                    .eager_failure(env, *item)
                    .or_else(|| self.failure_of_value(env, *item)),
                ArrayItem::Spread(item) => self.eager_failure(env, *item),
            }),
            ExprKind::For { source, .. } => {
                let why = self.eager_failure(env, *source);
                why.or_else(|| self.failure_of_loop(env, expr))
            }
            _ => None,
        }
    }

    fn failure_of_all(&mut self, env: &Env, exprs: &[ExprId]) -> Option<Why> {
        exprs.iter().find_map(|&expr| self.eager_failure(env, expr))
    }

    /// A failure somewhere in the value of an expression.
    fn failure_of_value(&mut self, env: &Env, expr: ExprId) -> Option<Why> {
        let value = self.evaluate(env, expr).value;
        self.failure_in(&value, 0)
    }

    fn failure_of_property(&mut self, env: &Env, property: &Property) -> Option<Why> {
        match property {
            Property::Set { key, value } => {
                let in_key = match key {
                    PropertyKey::Computed(key) => self.eager_failure(env, *key),
                    PropertyKey::Fixed(_) => None,
                };
                in_key
                    .or_else(|| self.eager_failure(env, *value))
                    .or_else(|| self.failure_of_value(env, *value))
            }
            Property::Spread(operand) => self.eager_failure(env, *operand),
        }
    }

    fn failure_of_binary(
        &mut self,
        env: &Env,
        operator: BinaryOperator,
        left: ExprId,
        right: ExprId,
    ) -> Option<Why> {
        if let Some(why) = self.eager_failure(env, left) {
            return Some(why);
        }
        let reached = match operator {
            BinaryOperator::And => matches!(self.decide(env, left), Ok((true, _))),
            BinaryOperator::Or => matches!(self.decide(env, left), Ok((false, _))),
            BinaryOperator::Coalesce => matches!(self.evaluate(env, left).value, Value::Null),
            _ => true,
        };
        reached.then(|| self.eager_failure(env, right))?
    }

    fn failure_of_loop(&mut self, env: &Env, expr: ExprId) -> Option<Why> {
        let value = self.evaluate(env, expr).value;
        if let Value::List(list) = &value
            && list.min_len() > MAX_ROUNDS
        {
            let why = format!("a loop has more than {MAX_ROUNDS} rounds");
            return Some(Why::Failed(why));
        }
        self.failure_in(&value, 0)
    }
}
