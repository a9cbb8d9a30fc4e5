//! Arguments of functions: taking one as the kind that is needed, or saying why not.

use std::rc::Rc;

use super::Outcome;
use crate::eval::Evaluator;
use crate::eval::text::failing;
use crate::eval::unknown::{Kinds, Unknown};
use crate::eval::value::{Closure, List, Object, Thunk, Value};

/// An argument as a known text.
pub(super) fn text(arguments: &[Value], index: usize) -> Result<&Rc<str>, Value> {
    match &arguments[index] {
        Value::Text(text) => Ok(text),
        other => Err(wrong(other, index, "a text")),
    }
}

/// An argument as an integer.
pub(super) fn int(arguments: &[Value], index: usize) -> Result<i64, Value> {
    match &arguments[index] {
        Value::Int(value) => Ok(*value),
        other => Err(wrong(other, index, "an integer")),
    }
}

/// An argument as an integer that 32 bits can hold, which the engine wants of counts and indices
/// (string-takeskip-0010, array-basic-0148).
pub(super) fn int32(arguments: &[Value], index: usize) -> Result<i32, Value> {
    let value = int(arguments, index)?;
    i32::try_from(value).map_err(|_| Value::failed(format!("{value} is no 32-bit integer")))
}

/// An argument as a list.
pub(super) fn list(arguments: &[Value], index: usize) -> Result<&Rc<List>, Value> {
    match &arguments[index] {
        Value::List(list) => Ok(list),
        other => Err(wrong(other, index, "a list")),
    }
}

/// An argument as a list without stretches.
pub(super) fn closed_list(arguments: &[Value], index: usize) -> Result<Vec<Thunk>, Value> {
    let list = list(arguments, index)?;
    list.closed()
        .ok_or_else(|| wrong(&arguments[index], index, "a list"))
}

/// An argument as an object.
pub(super) fn object(arguments: &[Value], index: usize) -> Result<&Rc<Object>, Value> {
    match &arguments[index] {
        Value::Object(object) => Ok(object),
        other => Err(wrong(other, index, "an object")),
    }
}

/// An argument as a lambda.
pub(super) fn lambda(arguments: &[Value], index: usize) -> Result<&Rc<Closure>, Value> {
    match &arguments[index] {
        Value::Lambda(lambda) => Ok(lambda),
        other => Err(wrong(other, index, "a lambda")),
    }
}

/// The error for an argument that is not what is needed: unknown where that is not sure.
pub(super) fn wrong(value: &Value, index: usize, wanted: &str) -> Value {
    match value.open() {
        Some(unknown) => derived(unknown, Kinds::ANY),
        None => Value::failed(format!(
            "argument {} must be {wanted} and is {}",
            index + 1,
            value.kind_name()
        )),
    }
}

/// An unknown that comes of another; a failure stays as it is.
pub(super) fn derived(unknown: &Rc<Unknown>, kinds: Kinds) -> Value {
    match failing(unknown) {
        Ok(()) => Evaluator::derive(unknown, kinds),
        Err(failure) => failure,
    }
}

/// [`derived`] as the outcome of a function.
pub(super) fn unknown(unknown: &Rc<Unknown>, kinds: Kinds) -> Outcome {
    Ok(derived(unknown, kinds))
}

/// The kinds that both sets have.
pub(super) fn both(a: Kinds, b: Kinds) -> Kinds {
    a.without(Kinds::ANY.without(b))
}
