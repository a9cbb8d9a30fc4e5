//! Module calls: the frames they open, their outputs, and the rounds of loops around bodies.

use std::rc::Rc;

use tricep_syntax::text::FileId;

use super::expression::{is_failure, runtime};
use super::unknown::{Kinds, Why};
use super::value::{Element, List, Traced, Value};
use super::{Arguments, Env, Evaluator, FrameId, StepKind, Trail, budget};
use crate::index::Idx;
use crate::project::Target;
use crate::template::{Body, ModuleId, ReferenceId};

/// A module call named in an expression, perhaps one round of a loop of calls.
pub(super) struct Call {
    pub(super) module: ModuleId,
    pub(super) round: Option<Traced>,
    /// `m.?outputs`: null when it is not deployed.
    pub(super) guarded: bool,
}

/// One round of the body of a resource or module; the environment holds the loop's variables.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Where the body is evaluated.
    pub env: Env,
    /// The number of the round; `None` outside loops.
    pub round: Option<usize>,
}

impl Evaluator<'_> {
    /// The file that a reference leads to.
    pub(super) fn target(&self, file: FileId, reference: ReferenceId) -> Result<FileId, Value> {
        let unit = self.project.unit(file);
        match unit.targets.iter().nth(reference.index()) {
            Some(Target::File(target)) => Ok(*target),
            Some(Target::Unavailable(why)) => {
                Err(Value::unknown(Why::Module(why.to_string()), Kinds::ANY))
            }
            None => Err(Value::unknown(
                Why::Module("the file was not loaded".into()),
                Kinds::ANY,
            )),
        }
    }

    /// The rounds of a body: one outside loops, one for each element of the list that is looped
    /// over, and one for each stretch of unknown elements. With them comes how the list came about.
    pub fn instances(
        &mut self,
        frame: FrameId,
        body: &Body,
    ) -> Result<(Vec<Instance>, Trail), Traced> {
        let env = Env::of(frame);
        let Some(each) = body.each else {
            return Ok((vec![Instance { env, round: None }], Trail::default()));
        };
        let (list, trail) = self.loop_list(&env, each.source)?;
        let rounds = list
            .elements
            .iter()
            .enumerate()
            .map(|(number, element)| Instance {
                env: self.round(&env, each.item, each.index, element, number),
                round: Some(number),
            });
        Ok((rounds.collect(), trail))
    }

    fn loop_list(
        &mut self,
        env: &Env,
        source: crate::template::ExprId,
    ) -> Result<(Rc<List>, Trail), Traced> {
        let traced = self.evaluate(env, source);
        match &traced.value {
            Value::List(list) => Ok((Rc::clone(list), traced.trail)),
            Value::Unknown(unknown)
                if unknown.kinds.may_be(Kinds::LIST) && !is_failure(&traced.value) =>
            {
                let element = Self::derive(unknown, Kinds::ANY);
                let rest = super::Rest {
                    min: 0,
                    max: None,
                    unknown: Rc::clone(unknown),
                    element,
                };
                let list = Rc::new(List {
                    elements: vec![Element::Rest(rest)],
                });
                Ok((list, traced.trail))
            }
            Value::Unknown(_) => Err(traced),
            other => Err(Value::failed(format!(
                "a loop needs a list and got {}",
                other.kind_name()
            ))
            .into()),
        }
    }

    /// The environment of a body for `round`, the index written behind the symbol.
    pub(super) fn body_env(
        &mut self,
        env: &Env,
        body: &Body,
        round: Option<&Traced>,
    ) -> Result<Env, Value> {
        let Some(each) = body.each else {
            return Ok(Env::of(env.frame));
        };
        let Some(round) = round else {
            return Err(Value::failed("one round of a loop must be picked"));
        };
        let outer = Env::of(env.frame);
        let (list, _) = self
            .loop_list(&outer, each.source)
            .map_err(|traced| traced.value)?;
        match &round.value {
            Value::Int(number) => {
                let number = usize::try_from(*number).unwrap_or(usize::MAX);
                match list.elements.get(number) {
                    Some(element @ Element::One(_))
                        if list.elements[..number].iter().all(is_one) =>
                    {
                        Ok(self.round(&outer, each.item, each.index, element, number))
                    }
                    _ => match list.elements.iter().find_map(stretch) {
                        Some(rest) => Err(Self::derive(&rest.unknown, Kinds::ANY)),
                        None => Err(Value::failed("the index is out of the loop's range")),
                    },
                }
            }
            value => match value.open() {
                Some(unknown) => Err(Self::derive(unknown, Kinds::ANY)),
                None => Err(Value::failed("the index of a loop is no number")),
            },
        }
    }

    /// How the condition of a body came to be false, if it is known to be.
    pub fn switched_off(&mut self, instance: &Instance, body: &Body) -> Option<Trail> {
        match self.decide(&instance.env, body.condition?) {
            Ok((false, trail)) => Some(trail),
            _ => None,
        }
    }

    /// The frame of a module call in an environment that [`Evaluator::instances`] made.
    pub fn enter(&mut self, instance: &Instance, id: ModuleId) -> Result<FrameId, Value> {
        let frame = instance.env.frame;
        self.open_module(&instance.env, frame, id, instance.round)
    }

    fn open_module(
        &mut self,
        inner: &Env,
        frame: FrameId,
        id: ModuleId,
        round: Option<usize>,
    ) -> Result<FrameId, Value> {
        if let Some(&known) = self.frame(frame).modules.get(&(id, round)) {
            return Ok(known);
        }
        let file = self.file(frame);
        let module = &self.template(frame).modules[id];
        let target = self.target(file, module.reference)?;
        let depth = self.frame(frame).depth + 1;
        if depth > budget::MAX_FRAMES_DEEP {
            return Err(Value::unknown(
                Why::Budget("modules within modules"),
                Kinds::ANY,
            ));
        }
        let body = self.evaluate(inner, module.body.object);
        let params = match self.member(&body.value, "params", true) {
            Traced {
                value: Value::Null, ..
            } => None,
            params => Some(params),
        };
        let key = match round {
            Some(round) => format!("{}/{}[{round}]", self.frame(frame).key, module.name),
            None => format!("{}/{}", self.frame(frame).key, module.name),
        };
        let at = self.location(frame, module.at);
        let arguments = Arguments::Call {
            params,
            module: Rc::from(&*module.name),
            at,
        };
        let opened = self.add_frame(target, Rc::from(key), depth, arguments);
        self.frame_mut(frame).modules.insert((id, round), opened);
        Ok(opened)
    }

    /// `m.outputs.name`
    pub(super) fn module_output(
        &mut self,
        env: &Env,
        call: Call,
        name: &str,
        safe: bool,
    ) -> Traced {
        let frame = env.frame;
        let module = &self.template(frame).modules[call.module];
        let inner = match self.body_env(env, &module.body, call.round.as_ref()) {
            Ok(inner) => inner,
            Err(unknown) => return unknown.into(),
        };
        if let Some(condition) = module.body.condition
            && let Ok((false, trail)) = self.decide(&inner, condition)
        {
            // Oracle case module-0021: `m.?outputs` of a module that is not deployed is null; without
            // the `?` the engine asks while deploying (module-0022).
            let value = if call.guarded {
                Value::Null
            } else {
                runtime(
                    format!("the output `{name}` of `{}`", module.name),
                    Kinds::ANY,
                )
            };
            return Traced { value, trail };
        }
        let round = match call.round.as_ref().map(|round| &round.value) {
            Some(Value::Int(number)) => usize::try_from(*number).ok(),
            _ => None,
        };
        let opened = match self.open_module(&inner, frame, call.module, round) {
            Ok(opened) => opened,
            Err(unknown) => return unknown.into(),
        };
        let file = self.file(opened);
        let Some(output) = self.template(opened).output(name) else {
            return match safe {
                true => Value::Null.into(),
                false => Value::failed(format!("the module has no output `{name}`")).into(),
            };
        };
        if output.constraints.secure {
            return Value::unknown(Why::Secret, Kinds::ANY).into();
        }
        let traced = self.evaluate(&Env::of(opened), output.value);
        if let Some(misfit) = self.mismatch(&traced.value, file, output.r#type) {
            // An output that is null is left out; what its reader gets then is not known.
            return match traced.value {
                Value::Null => Value::unsupported(format!("output `{name}`, which is null")),
                _ => misfit,
            }
            .into();
        }
        let at = self.location(opened, output.at);
        let trail = traced
            .trail
            .with(at, StepKind::Output(Rc::from(&*output.name)));
        Traced {
            value: traced.value,
            trail,
        }
    }

    /// `m.name` and `m.outputs` as a whole.
    pub(super) fn module_member(&mut self, env: &Env, call: Call, name: &str) -> Traced {
        let module = &self.template(env.frame).modules[call.module];
        if name != "name" {
            return runtime(format!("`{}.{name}`", module.name), Kinds::ANY).into();
        }
        match self.body_env(env, &module.body, call.round.as_ref()) {
            Ok(inner) => {
                let body = self.evaluate(&inner, module.body.object);
                match self.member(&body.value, "name", true) {
                    Traced {
                        value: Value::Null, ..
                    } => runtime(format!("`{}.name`", module.name), Kinds::TEXT).into(),
                    name => name,
                }
            }
            Err(unknown) => unknown.into(),
        }
    }
}

fn is_one(element: &Element) -> bool {
    matches!(element, Element::One(_))
}

fn stretch(element: &Element) -> Option<&super::Rest> {
    match element {
        Element::Rest(rest) => Some(rest),
        Element::One(_) => None,
    }
}
