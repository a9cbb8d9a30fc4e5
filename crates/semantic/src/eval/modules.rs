//! Module calls: the frames they open, their outputs, and the rounds of loops around bodies.

use std::rc::Rc;
use std::sync::Arc;

use tricep_syntax::text::FileId;

use super::expression::{is_failure, runtime};
use super::unknown::{Kinds, Question, Unknown, Why};
use super::value::{Element, List, Traced, Value};
use super::{Arguments, Env, Evaluator, FrameId, StepKind, Trail, budget, text};
use crate::index::Idx;
use crate::project::{Origin, Target};
use crate::template::{Body, ExprId, Loop, ModuleId, ReferenceId};

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

/// The rounds of a body: one outside loops, else one for each element of the list that is looped
/// over and one for each stretch of unknown elements.
#[derive(Clone, Debug)]
pub struct Rounds {
    frame: FrameId,
    list: Option<(Loop, Rc<List>)>,
    /// How the list came about.
    pub trail: Trail,
}

impl Rounds {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.list
            .as_ref()
            .map_or(1, |(_, list)| list.elements.len())
    }

    /// Whether a round stands for a stretch of unknown elements.
    #[must_use]
    pub fn is_stretch(&self, number: usize) -> bool {
        self.stretch(number).is_some()
    }

    /// The stretch of unknown elements that a round stands for.
    #[must_use]
    pub fn stretch(&self, number: usize) -> Option<&super::Rest> {
        let (_, list) = self.list.as_ref()?;
        match list.elements.get(number)? {
            Element::Rest(rest) => Some(rest),
            Element::One(_) => None,
        }
    }
}

/// What is known of the condition of a body.
#[derive(Clone, Debug)]
pub enum Condition {
    /// It holds, or there is none.
    Holds,
    /// It is false, and so how.
    Fails(Trail),
    /// It is not known, and why; the question that would settle it, if there is one.
    Open(Rc<Unknown>, Option<Question>),
}

impl<'a> Evaluator<'a> {
    /// The file that a reference leads to.
    pub(crate) fn target(&self, file: FileId, reference: ReferenceId) -> Result<FileId, Value> {
        let unit = self.project.unit(file);
        match unit.targets.iter().nth(reference.index()) {
            Some(Target::File(target)) => Ok(*target),
            other => Err(not_there(other)),
        }
    }

    /// What a reference of a `load…` function leads to.
    pub(super) fn content(
        &self,
        file: FileId,
        reference: ReferenceId,
    ) -> Result<Content<'a>, Value> {
        let unit = self.project.unit(file);
        match unit.targets.iter().nth(reference.index()) {
            Some(Target::Data(bytes)) => Ok(Content::File(bytes)),
            Some(Target::Folder(names)) => Ok(Content::Folder(names)),
            other => Err(not_there(other)),
        }
    }

    /// What a file does not say: not known when it is a stand-in made of facts.
    pub(crate) fn beyond_the_facts(&self, file: FileId) -> Option<Value> {
        match &self.project.unit(file).origin {
            Origin::Facts(module) => {
                let why = format!("no more is known of `{module}`, which is not restored");
                Some(Value::unknown(Why::Module(why), Kinds::ANY))
            }
            Origin::Own | Origin::Restored => None,
        }
    }

    /// The rounds of a body. The error is what keeps the list from being known.
    pub fn rounds(&mut self, frame: FrameId, body: &Body) -> Result<Rounds, Traced> {
        let Some(each) = body.each else {
            return Ok(Rounds {
                frame,
                list: None,
                trail: Trail::default(),
            });
        };
        let (list, trail) = self.loop_list(frame, each.source)?;
        Ok(Rounds {
            frame,
            list: Some((each, list)),
            trail,
        })
    }

    /// One of the rounds, if there is one of that number.
    #[must_use]
    pub fn instance(&self, rounds: &Rounds, number: usize) -> Option<Instance> {
        let env = Env::of(rounds.frame);
        let Some((each, list)) = &rounds.list else {
            return (number == 0).then_some(Instance { env, round: None });
        };
        let element = list.elements.get(number)?;
        let env = self.round(&env, each.item, each.index, element, number);
        Some(Instance {
            env,
            round: Some(number),
        })
    }

    /// The list that a body is looped over, evaluated once.
    fn loop_list(&mut self, frame: FrameId, source: ExprId) -> Result<(Rc<List>, Trail), Traced> {
        if let Some(known) = self.frame(frame).lists.get(&source) {
            return known.clone();
        }
        let list = self.made_list(frame, source);
        self.frame_mut(frame).lists.insert(source, list.clone());
        list
    }

    fn made_list(&mut self, frame: FrameId, source: ExprId) -> Result<(Rc<List>, Trail), Traced> {
        let traced = self.evaluate(&Env::of(frame), source);
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
            .loop_list(env.frame, each.source)
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

    /// The round of a body that is picked by the index behind its symbol, if it is in a loop.
    pub(super) fn picked(
        &mut self,
        env: &Env,
        body: &Body,
        round: Option<&Traced>,
    ) -> Result<Instance, Value> {
        let env = self.body_env(env, body, round)?;
        let round = match (body.each, round.map(|round| &round.value)) {
            (Some(_), Some(Value::Int(number))) => usize::try_from(*number).ok(),
            _ => None,
        };
        Ok(Instance { env, round })
    }

    /// What is known of the condition of a body in one of its rounds.
    pub fn condition(&mut self, instance: &Instance, body: &Body) -> Condition {
        let Some(condition) = body.condition else {
            return Condition::Holds;
        };
        match self.decide(&instance.env, condition) {
            Ok((true, _)) => Condition::Holds,
            Ok((false, trail)) => Condition::Fails(trail),
            Err(Traced {
                value: Value::Unknown(unknown),
                ..
            }) => {
                let question = unknown.question.clone();
                Condition::Open(unknown, question)
            }
            Err(_) => {
                let why = Why::Failed("the condition cannot be evaluated".to_owned());
                Condition::Open(Rc::new(Unknown::new(why, Kinds::BOOL)), None)
            }
        }
    }

    /// The frame of a module call in a round of its body.
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
        let caller = Instance {
            env: inner.clone(),
            round,
        };
        self.frame_mut(opened).caller = Some((caller, id));
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
        let mut open_condition = None;
        if let Some(condition) = module.body.condition {
            match self.decide(&inner, condition) {
                Ok((true, _)) => {}
                Ok((false, trail)) => {
                    return Traced {
                        value: not_deployed(&module.name, name, call.guarded),
                        trail,
                    };
                }
                Err(open) if call.guarded => open_condition = Some(open),
                Err(_) => {}
            }
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
        if let Some(unknown) = self.beyond_the_facts(file) {
            return unknown.into();
        }
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
        let value = match open_condition {
            Some(open) => perhaps_null(&open.value, &traced.value),
            None => traced.value,
        };
        Traced { value, trail }
    }

    /// `m.name` and `m.outputs` as a whole.
    pub(super) fn module_member(&mut self, env: &Env, call: Call, name: &str) -> Traced {
        let module = &self.template(env.frame).modules[call.module];
        if name != "name" {
            return runtime(format!("`{}.{name}`", module.name), Kinds::ANY).into();
        }
        match self.picked(env, &module.body, call.round.as_ref()) {
            Ok(instance) => self.module_name(&instance, call.module),
            Err(unknown) => unknown.into(),
        }
    }

    /// The name of a module's deployment. One that is left out is made by the compiler
    /// (`CreateGeneratedModuleName`): the symbol, the round and a hash, 64 characters at most.
    pub(super) fn module_name(&mut self, instance: &Instance, id: ModuleId) -> Traced {
        const LONGEST: usize = 64;
        const HASH: usize = 13;
        const ROUND: usize = 3;
        let frame = instance.env.frame;
        let module = &self.template(frame).modules[id];
        let written = match self.template(frame).member_of(module.body.object, "name") {
            Some(name) => self.evaluate(&instance.env, name),
            None => Traced::plain(Value::Null),
        };
        if !matches!(written.value, Value::Null) {
            return written;
        }
        let round = instance.round;
        let taken = HASH + 1 + round.map_or(0, |_| ROUND + 1);
        let mut name: String = module.name.chars().take(LONGEST - taken).collect();
        if let Some(round) = round {
            name.push_str(&format!("-{round}"));
        }
        name.push('-');
        let outer = self.deployment_name(frame);
        let arguments = [Value::text(&*module.name), outer];
        let hash = self.call_builtin(frame, "uniqueString", &arguments);
        text::interpolate(self, &[Value::text(name), hash.value]).into()
    }
}

/// What is read while compiling.
pub(super) enum Content<'a> {
    /// The bytes of a file.
    File(&'a [u8]),
    /// The names of the files in a folder.
    Folder(&'a [Arc<str>]),
}

fn not_there(target: Option<&Target>) -> Value {
    let why = match target {
        Some(Target::Unavailable(why)) => why.to_string(),
        _ => "the file was not loaded".to_owned(),
    };
    Value::unknown(Why::Module(why), Kinds::ANY)
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

/// The output of a module that is not deployed: null to `m.?outputs` (oracle case module-0021);
/// without the `?` the engine asks while deploying (module-0022).
fn not_deployed(module: &str, output: &str, guarded: bool) -> Value {
    if guarded {
        Value::Null
    } else {
        runtime(format!("the output `{output}` of `{module}`"), Kinds::ANY)
    }
}

/// A value, or null when a condition that is not known does not hold.
pub(super) fn perhaps_null(condition: &Value, value: &Value) -> Value {
    match condition {
        Value::Unknown(unknown) => {
            let kinds = value.kinds().or(Kinds::NULL);
            Value::Unknown(Rc::new(Unknown {
                kinds,
                input: None,
                ..(**unknown).clone()
            }))
        }
        _ => value.clone(),
    }
}
