//! What makes a deployment fail as a whole, whether or not anybody asks for the value concerned.

use std::rc::Rc;

use tricep_syntax::text::Location;

use super::unknown::{Unknown, Why};
use super::value::{Element, Traced, Value};
use super::{Env, Evaluator, FrameId, StepKind, Trail, text};
use crate::template::ExprKind;

/// Values are looked into so deep.
const MAX_DEPTH: usize = 64;

impl Evaluator<'_> {
    /// The value of an output of a frame, if there is such an output.
    pub fn output(&mut self, frame: FrameId, name: &str) -> Option<Traced> {
        let output = self.template(frame).output(name)?;
        let traced = self.evaluate(&Env::of(frame), output.value);
        let file = self.file(frame);
        if let Some(why) =
            self.deep_mismatch(&traced.value, file, output.r#type, &output.constraints)
        {
            return Some(Value::failed(why).into());
        }
        let at: Location = self.location(frame, output.at);
        let trail: Trail = traced
            .trail
            .with(at, StepKind::Output(Rc::from(&*output.name)));
        Some(Traced {
            value: traced.value,
            trail,
        })
    }

    /// A value as JSON text, in the spelling of the deployment engine. Everything in it is
    /// evaluated.
    ///
    /// # Errors
    /// The first thing in it that is not known.
    pub fn to_json(&mut self, value: &Value) -> Result<String, Rc<Unknown>> {
        text::to_json(self, value)
    }

    /// Why a deployment of the frame fails, if it surely does: every parameter and variable is
    /// evaluated wholly, as the engine does before it deploys anything (oracle cases variable-0040,
    /// variable-0026).
    pub fn audit(&mut self, frame: FrameId) -> Option<Why> {
        let template = self.template(frame);
        for (id, parameter) in template.parameters.iter_enumerated() {
            let value = self.parameter(frame, id).value;
            if let Some(why) = self.failure_in(&value, 0) {
                return Some(why);
            }
            let Some(r#type) = parameter.r#type else {
                continue;
            };
            let file = self.file(frame);
            if let Some(why) = self.deep_mismatch(&value, file, r#type, &parameter.constraints) {
                return Some(Why::Failed(format!(
                    "the value of parameter `{}` {why}",
                    parameter.name
                )));
            }
        }
        for (id, variable) in template.variables.iter_enumerated() {
            if matches!(template.exprs[variable.value].kind, ExprKind::Null) {
                return Some(Why::Failed(format!(
                    "variable `{}` is nothing but null",
                    variable.name
                )));
            }
            let value = self.variable(frame, id).value;
            if let Some(why) = self.failure_in(&value, 0) {
                return Some(why);
            }
        }
        None
    }

    /// The first failure anywhere in a value.
    pub fn failure_in(&mut self, value: &Value, depth: usize) -> Option<Why> {
        if depth > MAX_DEPTH {
            return None;
        }
        match value {
            Value::Unknown(unknown) if matches!(unknown.why, Why::Failed(_)) => {
                Some(unknown.why.clone())
            }
            Value::List(list) => list.elements.iter().find_map(|element| match element {
                Element::One(thunk) => {
                    let value = self.value(thunk);
                    self.failure_in(&value, depth + 1)
                }
                Element::Rest(_) => None,
            }),
            Value::Object(object) => object.entries.iter().find_map(|entry| {
                let value = self.value(&entry.value);
                self.failure_in(&value, depth + 1)
            }),
            _ => None,
        }
    }
}
