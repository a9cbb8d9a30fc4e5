//! The functions of Bicep that can be evaluated before deploying: one table entry each.
//!
//! Values are those of the deployment engine, as the evaluation oracle has them. A function that
//! cannot be sure of the engine's answer says so with [`Value::unsupported`].

use super::Evaluator;
use super::value::Value;

/// A function.
pub(crate) struct Function {
    /// Its name, as Bicep spells it.
    pub(crate) name: &'static str,
    /// The least number of arguments.
    pub(crate) min: usize,
    /// The greatest number; `None`: any.
    pub(crate) max: Option<usize>,
    /// How it is computed.
    pub(crate) run: Run,
}

/// How a function is computed.
pub(crate) enum Run {
    /// Called only when no argument is open (see [`Value::open`]): the result of an open argument
    /// is unknown for the argument's reason. Elements of lists may still be unknown when forced.
    Strict(fn(&mut Evaluator<'_>, &[Value]) -> Value),
    /// Takes open arguments and makes the most of them.
    Open(fn(&mut Evaluator<'_>, &[Value]) -> Value),
}
pub(crate) fn lookup(_name: &str) -> Option<&'static Function> { None }
pub(crate) fn apply(_e: &mut Evaluator<'_>, _f: &Function, _v: &[Value]) -> Value { Value::unsupported("function") }
