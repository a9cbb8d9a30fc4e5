//! A piece of work of the evaluator: a built-in function or an operator at work on its operands.
//!
//! Elements of lists and objects enter as thunks; what leaves is the value, and the trails of all
//! that was looked at on the way, so that `first(keys)` and `join(keys, ',')` stay as secret as the
//! keys. Operands themselves are the caller's: their trails are not seen here.

use super::Evaluator;
use super::trail::Trail;
use super::unknown::Question;
use super::value::{Closure, Thunk, Traced, Value};
use crate::project::Inputs;

/// Forces thunks and remembers their trails.
pub(crate) struct Work<'e, 'p> {
    evaluator: &'e mut Evaluator<'p>,
    trail: Trail,
}

impl<'e, 'p> Work<'e, 'p> {
    /// Work that has looked at nothing yet.
    pub(crate) fn new(evaluator: &'e mut Evaluator<'p>) -> Self {
        Self {
            evaluator,
            trail: Trail::default(),
        }
    }

    /// The value of a thunk.
    pub(crate) fn value(&mut self, thunk: &Thunk) -> Value {
        let traced = self.evaluator.force(thunk);
        self.look(traced)
    }

    /// Applies a lambda whose result is not looked at here but stored.
    pub(crate) fn call(&mut self, lambda: &Closure, arguments: &[Thunk]) -> Traced {
        self.evaluator.call(lambda, arguments)
    }

    /// Applies a lambda whose result decides about the result of the work.
    pub(crate) fn ask(&mut self, lambda: &Closure, arguments: &[Thunk]) -> Value {
        let traced = self.call(lambda, arguments);
        self.look(traced)
    }

    /// The value, its trail remembered.
    pub(crate) fn look(&mut self, traced: Traced) -> Value {
        self.trail = std::mem::take(&mut self.trail).and(&traced.trail);
        traced.value
    }

    /// Takes `units` out of the budget for work; the error is the value to return.
    pub(crate) fn spend(&mut self, units: usize) -> Result<(), Value> {
        self.evaluator.spend(units)
    }

    /// A value as JSON; the error is the first thing in it that is not known.
    pub(crate) fn json(&mut self, value: &Value) -> Result<serde_json::Value, Value> {
        let text = self.evaluator.to_json(value).map_err(Value::Unknown)?;
        serde_json::from_str(&text).map_err(|_| Value::unsupported("JSON nested so deeply"))
    }

    /// What comes from outside of the files.
    pub(crate) fn inputs(&self) -> &'p Inputs {
        &self.evaluator.project().inputs
    }

    /// What is assumed about a question.
    pub(crate) fn answer(&self, question: &Question) -> Option<bool> {
        self.evaluator.answer(question)
    }

    /// The trails of all that was looked at.
    pub(crate) fn into_trail(self) -> Trail {
        self.trail
    }
}
