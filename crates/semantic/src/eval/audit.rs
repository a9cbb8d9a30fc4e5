//! What makes a deployment fail as a whole, whether or not anybody asks for the value concerned.

use std::rc::Rc;

use tricep_syntax::text::Location;

use super::unknown::{Unknown, Why};
use super::value::{Element, Traced, Value};
use super::{Env, Evaluator, FrameId, StepKind, Trail, text};
use crate::template::{ExprKind, Output};

/// Values are looked into so deep.
const MAX_DEPTH: usize = 64;
/// Oracle case for-0043.
const MAX_OUTPUT_ROUNDS: usize = 800;

impl Evaluator<'_> {
    /// The value of an output of a frame, if there is such an output. The engine refuses some values
    /// only because an output cannot hold them.
    pub fn output(&mut self, frame: FrameId, name: &str) -> Option<Traced> {
        let output = self.template(frame).output(name)?;
        let traced = self.evaluate(&Env::of(frame), output.value);
        if let Some(why) = self.no_output(frame, output, &traced.value) {
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

    /// Why a value cannot be that of an output. Null is no value of an output and is left out
    /// whatever the type (oracle case output-type-0004).
    fn no_output(&mut self, frame: FrameId, output: &Output, value: &Value) -> Option<String> {
        if matches!(value, Value::Null) {
            return None;
        }
        if let (ExprKind::For { .. }, Value::List(list)) =
            (&self.template(frame).exprs[output.value].kind, value)
            && list.min_len() > MAX_OUTPUT_ROUNDS
        {
            return Some(format!(
                "a loop in an output has more than {MAX_OUTPUT_ROUNDS} rounds"
            ));
        }
        let file = self.file(frame);
        if let Some(why) = self.deep_mismatch(value, file, output.r#type, &output.constraints) {
            return Some(format!("the value of output `{}` {why}", output.name));
        }
        self.unprintable_number(value, 0)
            .then(|| "a number is beyond 64 bits".to_owned())
    }

    /// Whether a number in the value is beyond what an output holds (oracle case json-0022).
    fn unprintable_number(&mut self, value: &Value, depth: usize) -> bool {
        const BOUND: f64 = 9_223_372_036_854_775_808.0;
        if depth > MAX_DEPTH {
            return false;
        }
        match value {
            Value::Float(number) => number.is_infinite() || number.abs() >= BOUND,
            Value::List(list) => list.elements.iter().any(|element| match element {
                Element::One(thunk) => {
                    let value = self.value(thunk);
                    self.unprintable_number(&value, depth + 1)
                }
                Element::Rest(_) => false,
            }),
            Value::Object(object) => object.entries.iter().any(|entry| {
                let value = self.value(&entry.value);
                self.unprintable_number(&value, depth + 1)
            }),
            _ => false,
        }
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
            Value::Unknown(unknown) if unknown.why.stops() => Some(unknown.why.clone()),
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
