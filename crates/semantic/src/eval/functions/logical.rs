//! `bool`, `fail` and other functions about whether something holds.

use super::arguments::{self, wrong};
use super::{Function, ONE, Outcome, open, strict};
use crate::eval::text;
use crate::eval::unknown::Kinds;
use crate::eval::value::Value;
use crate::eval::work::Work;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    strict("bool", ONE, Kinds::BOOL, bool),
    open("fail", ONE, Kinds::ANY, fail),
];

/// Any number, or `true` and `false` in any case with blanks around them; nothing else
/// (conversion-0124, conversion-0142, conversion-0160).
fn bool(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::Bool(value) => Ok(Value::Bool(*value)),
        Value::Int(value) => Ok(Value::Bool(*value != 0)),
        Value::Float(value) if value.is_nan() => Ok(Value::unsupported("`bool()` of NaN")),
        Value::Float(value) => Ok(Value::Bool(*value != 0.0)),
        Value::Text(text) => {
            let word = text.trim_matches(super::strings::is_blank);
            if word.eq_ignore_ascii_case("true") {
                Ok(Value::Bool(true))
            } else if word.eq_ignore_ascii_case("false") {
                Ok(Value::Bool(false))
            } else if word.contains('\0') {
                // The end of a text may be padded with NUL, as far as .NET is concerned.
                Ok(Value::unsupported("`bool()` of a text with NUL"))
            } else {
                Err(Value::failed("the text is neither `true` nor `false`"))
            }
        }
        other => Err(wrong(other, 0, "a Boolean, a number or a text")),
    }
}

/// Oracle: op-ternary-0042.
fn fail(_: &mut Work<'_, '_>, arguments: &[Value]) -> Outcome {
    match &arguments[0] {
        Value::Text(message) => Err(Value::failed(format!("`fail` says: {message}"))),
        Value::Partial(_) => {
            let words = text::to_display(&arguments[0]);
            Err(Value::failed(format!("`fail` says: {words}")))
        }
        Value::Unknown(unknown) if unknown.kinds.may_be(Kinds::TEXT) => {
            Err(Value::failed("`fail` is called"))
        }
        other => Err(arguments::wrong(other, 0, "a text")),
    }
}
