//! Evaluates expressions on demand.

pub(crate) mod functions;
pub(crate) mod operators;
pub(crate) mod trail;
pub(crate) mod unknown;
pub(crate) mod value;

use std::marker::PhantomData;
use std::rc::Rc;

use crate::template::LocalId;
use unknown::{Kinds, Unknown, Why};
use value::{Closure, Thunk, ThunkState, Traced, Value};

/// Where an expression is evaluated: a use of a file and the local names around it.
#[derive(Clone, Debug)]
pub struct Env {
    /// The use of the file.
    pub frame: u32,
    /// The innermost local name.
    pub locals: Option<Rc<Local>>,
}

/// A local name with its value, and those around it.
#[derive(Debug)]
pub struct Local {
    id: LocalId,
    value: Thunk,
    outer: Option<Rc<Local>>,
}

/// Evaluates expressions.
pub struct Evaluator<'a> {
    project: PhantomData<&'a ()>,
}

impl Evaluator<'_> {
    /// The value of a thunk.
    pub(crate) fn force(&mut self, thunk: &Thunk) -> Traced {
        match &*thunk.0.borrow() {
            ThunkState::Ready(traced) => traced.clone(),
            _ => Traced::plain(Value::unsupported("thunk")),
        }
    }

    /// The value of a thunk, without its trail.
    pub(crate) fn value(&mut self, thunk: &Thunk) -> Value {
        self.force(thunk).value
    }

    /// Applies a lambda. Too few arguments fail; too many are dropped.
    pub(crate) fn call(&mut self, _lambda: &Closure, _arguments: &[Thunk]) -> Traced {
        Traced::plain(Value::unsupported("lambda"))
    }

    /// Takes `units` out of the budget for work (elements made, bytes of text made); the error is
    /// the value to return.
    pub(crate) fn spend(&mut self, _units: usize) -> Result<(), Value> {
        Ok(())
    }

    /// The unknown that comes of an operation on something unknown: the same reason and question,
    /// but no longer the input itself, and of `kinds`.
    pub(crate) fn derive(unknown: &Rc<Unknown>, kinds: Kinds) -> Value {
        Value::Unknown(Rc::new(Unknown {
            kinds,
            input: None,
            ..(**unknown).clone()
        }))
    }

    /// A limit was reached.
    #[allow(dead_code)]
    pub(crate) fn exhausted(limit: &'static str) -> Value {
        Value::unknown(Why::Budget(limit), Kinds::ANY)
    }
}
