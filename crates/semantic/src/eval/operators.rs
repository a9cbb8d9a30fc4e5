//! stub until functions land
use super::{Evaluator, Value};
use crate::template::BinaryOperator;
pub(crate) fn binary(_e: &mut Evaluator<'_>, _o: BinaryOperator, _l: &Value, _r: &Value) -> Value {
    Value::unsupported("operator")
}
pub(crate) fn negate(_v: &Value) -> Value {
    Value::unsupported("operator")
}
