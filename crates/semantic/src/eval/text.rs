//! stub until functions land
use super::{Evaluator, Value};
pub(super) fn interpolate(_e: &mut Evaluator<'_>, _v: &[Value]) -> Value {
    Value::unsupported("interpolation")
}
pub(crate) fn to_json(
    _e: &mut Evaluator<'_>,
    _v: &Value,
) -> Result<String, std::rc::Rc<super::Unknown>> {
    Err(std::rc::Rc::new(super::Unknown::new(
        super::Why::Unsupported("json".into()),
        super::Kinds::ANY,
    )))
}
