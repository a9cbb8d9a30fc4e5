//! What makes a deployment fail as a whole, whether or not anybody asks for the value concerned.

use std::rc::Rc;

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::Location;

use super::unknown::{Unknown, Why};
use super::value::{Element, Traced, Value};
use super::{Condition, Env, Evaluator, FrameId, StepKind, Trail, text};
use crate::template::{ExprId, ExprKind, Output};

/// Values are looked into so deep.
const MAX_DEPTH: usize = 64;
/// Modules within modules are looked into so deep.
const MAX_MODULES: usize = 8;
/// Functions whose result may be half a surrogate pair although their arguments are whole.
const CUTTING: [&str; 7] = [
    "base64ToJson",
    "first",
    "json",
    "last",
    "skip",
    "substring",
    "take",
];

impl Evaluator<'_> {
    /// The value of an output of a frame, if there is such an output. The engine refuses some values
    /// only because an output cannot hold them.
    pub fn output(&mut self, frame: FrameId, name: &str) -> Option<Traced> {
        let output = self.template(frame).output(name)?;
        let traced = self.evaluate(&Env::of(frame), output.value);
        if let Some(why) = self.no_output(frame, output, &traced.value) {
            // The words of a failure may quote what was evaluated.
            let mut failure = Traced::plain(why);
            failure.trail.secret = traced.trail.secret;
            return Some(failure);
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

    /// Whether a condition keeps an output of an ARM template away; then nothing in it is evaluated
    /// (`arm` lazy-04).
    pub(crate) fn is_left_out(&mut self, frame: FrameId, output: &Output) -> bool {
        let condition = output.condition;
        condition.is_some_and(|condition| {
            matches!(self.decide(&Env::of(frame), condition), Ok((false, _)))
        })
    }

    /// What an output is instead of a value that it cannot have. Null is no value of an output and
    /// is left out whatever the type (oracle case output-type-0004).
    fn no_output(&mut self, frame: FrameId, output: &Output, value: &Value) -> Option<Value> {
        let env = Env::of(frame);
        if let Some(why) = self.eager_failure(&env, output.value) {
            return Some(Value::unknown(why, super::Kinds::ANY));
        }
        if self.is_half_a_pair(&env, output.value, value) {
            return Some(Value::failed("half a surrogate pair cannot be printed"));
        }
        let file = self.file(frame);
        if matches!(value, Value::Null) {
            // Of an ARM template the type must say so (v2-17, v2-20).
            let strict = self.template(frame).dialect == Dialect::Arm;
            let misfit = strict.then(|| self.mismatch(value, file, output.r#type));
            return misfit.flatten();
        }
        if let Some(misfit) = self.deep_mismatch(value, file, output.r#type, &output.constraints) {
            return Some(misfit.of(&format!("the value of output `{}`", output.name)));
        }
        is_unprintable(value).then(|| Value::failed("a number is beyond 64 bits"))
    }

    /// Whether an expression makes half a surrogate pair, which no output holds (oracle cases
    /// op-interpolation-0060, string-measure-0023).
    fn is_half_a_pair(&mut self, env: &Env, expr: ExprId, value: &Value) -> bool {
        let Value::Unknown(unknown) = value else {
            return false;
        };
        if !matches!(&unknown.why, Why::Unsupported(what) if what == text::HALF_A_PAIR) {
            return false;
        }
        match &self.template(env.frame).exprs[expr].kind {
            ExprKind::Unpaired => true,
            ExprKind::Call {
                function,
                arguments,
            } => {
                let whole =
                    |argument: &ExprId| self.evaluate(env, *argument).value.open().is_none();
                CUTTING.contains(&&**function) && arguments.iter().all(whole)
            }
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
    /// variable-0026), and so is every module that is deployed.
    pub fn audit(&mut self, frame: FrameId) -> Option<Why> {
        self.audit_at(frame, 0)
    }

    fn audit_at(&mut self, frame: FrameId, depth: usize) -> Option<Why> {
        self.audit_parameters(frame)
            .or_else(|| self.audit_variables(frame))
            .or_else(|| self.audit_modules(frame, depth))
    }

    fn audit_parameters(&mut self, frame: FrameId) -> Option<Why> {
        let file = self.file(frame);
        for (id, parameter) in self.template(frame).parameters.iter_enumerated() {
            let value = self.parameter(frame, id).value;
            if let Some(why) = self.failure_in(&value, 0) {
                return Some(why);
            }
            let Some(r#type) = parameter.r#type else {
                continue;
            };
            let misfit = self.deep_mismatch(&value, file, r#type, &parameter.constraints);
            let what = format!("the value of parameter `{}`", parameter.name);
            if let Some(Value::Unknown(unknown)) = misfit.map(|misfit| misfit.of(&what)) {
                return Some(unknown.why.clone());
            }
        }
        None
    }

    fn audit_variables(&mut self, frame: FrameId) -> Option<Why> {
        let template = self.template(frame);
        for (id, variable) in template.variables.iter_enumerated() {
            if matches!(template.exprs[variable.value].kind, ExprKind::Null) {
                return Some(Why::Failed(format!(
                    "variable `{}` is nothing but null",
                    variable.name
                )));
            }
            let value = self.variable(frame, id).value;
            let why = self
                .failure_in(&value, 0)
                .or_else(|| self.eager_failure(&Env::of(frame), variable.value));
            if why.is_some() {
                return why;
            }
        }
        None
    }

    /// Modules that are deployed are expanded, used or not: a parameter of the wrong type in one of
    /// them ends everything.
    fn audit_modules(&mut self, frame: FrameId, depth: usize) -> Option<Why> {
        if depth > MAX_MODULES {
            return None;
        }
        for (id, module) in self.template(frame).modules.iter_enumerated() {
            let Ok(rounds) = self.rounds(frame, &module.body) else {
                continue;
            };
            for number in 0..rounds.count() {
                let Some(instance) = self.instance(&rounds, number) else {
                    continue;
                };
                let condition = self.condition(&instance, &module.body);
                if matches!(condition, Condition::Holds)
                    && let Ok(opened) = self.enter(&instance, id)
                    && let Some(why) = self.audit_module(opened, depth)
                {
                    return Some(why);
                }
            }
        }
        None
    }

    fn audit_module(&mut self, frame: FrameId, depth: usize) -> Option<Why> {
        if let Some(why) = self.audit_at(frame, depth + 1) {
            return Some(why);
        }
        let env = Env::of(frame);
        let mut outputs = self.template(frame).outputs.iter();
        outputs.find_map(|output| {
            let value = self.evaluate(&env, output.value).value;
            let failure = self.failure_in(&value, 0);
            failure.or_else(|| match self.no_output(frame, output, &value) {
                Some(Value::Unknown(unknown)) if unknown.why.stops() => Some(unknown.why.clone()),
                _ => None,
            })
        })
    }

    /// The first failure anywhere in a value.
    pub fn failure_in(&mut self, value: &Value, depth: usize) -> Option<Why> {
        if depth > MAX_DEPTH || !self.budget.step() {
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

/// Whether the value is a number that an output cannot hold (oracle case json-0022). Numbers within
/// lists and objects are not looked at (load-yaml-0079).
fn is_unprintable(value: &Value) -> bool {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    matches!(value, Value::Float(number) if number.is_infinite() || number.abs() >= BOUND)
}
