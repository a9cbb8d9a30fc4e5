//! Evaluates expressions on demand: `evaluate(expression, environment) → value with its trail`.
//!
//! A *frame* is one use of one file: its arguments and what was evaluated in it so far. Variables,
//! parameters, outputs and elements are evaluated when somebody asks, once a frame. What cannot be
//! known is [`Value::Unknown`] with the reason and the question whose answer would settle it;
//! whoever wants an answer evaluates again under [`Assumptions`].

mod access;
mod assigned;
mod assumptions;
mod audit;
mod budget;
mod calls;
mod compare;
mod culture;
mod eager;
mod expression;
pub(crate) mod functions;
mod identity;
mod inputs;
mod metadata;
mod modules;
pub(crate) mod operators;
mod parameters;
mod reference;
mod scope;
mod served;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod trail;
mod unknown;
mod value;
mod work;

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use rustc_hash::FxHashMap;
use tricep_syntax::text::{FileId, Location, Span};

pub use assigned::AssignmentProblem;
pub use assumptions::{Assumption, Assumptions};
pub use budget::Budget;
pub(crate) use budget::MAX_FRAMES_DEEP;
pub(crate) use culture::order as culture_order;
pub(crate) use functions::{
    PENDING, ROUNDS, ROUNDS_OF, UNSUPPORTED, is_arm_function, is_in, is_known, is_of_az,
};
pub(crate) use identity::loop_around;
pub use metadata::Metadata;
pub use modules::{Condition, Instance, Rounds};
pub(crate) use parameters::BASE;
pub use scope::Scope;
pub use text::to_display;
pub use trail::{Step, StepKind, Trail};
pub use unknown::{Input, Kinds, Literal, Question, Unknown, Why};
pub use value::{
    Closure, Element, Entry, List, Object, Piece, Rest, Thunk, Traced, Value, same_key,
};

use crate::index::Idx;
use crate::project::Project;
use crate::template::{ExprId, LocalId, ModuleId, ResourceId, Template, VariableId};
use scope::FrameScope;
use value::ThunkState;

/// A use of a file in one evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FrameId(u32);

/// Where an expression is evaluated: a use of a file and the local names around it.
#[derive(Clone, Debug)]
pub struct Env {
    /// The use of the file.
    pub frame: FrameId,
    /// The innermost local name.
    locals: Option<Rc<Local>>,
}

/// A local name with its value, and those around it.
#[derive(Debug)]
struct Local {
    id: LocalId,
    value: Thunk,
    /// The round of the loop that made it; `None`: a parameter of a lambda or function, whose value
    /// may differ from call to call.
    round: Option<usize>,
    outer: Option<Rc<Local>>,
}

impl Env {
    /// The environment of a file's own statements.
    fn of(frame: FrameId) -> Self {
        Self {
            frame,
            locals: None,
        }
    }

    /// This environment with a further local name: a parameter of a lambda or function.
    fn with(&self, id: LocalId, value: Thunk) -> Self {
        self.with_local(id, value, None)
    }

    /// This environment with a loop variable in a numbered round.
    fn with_round(&self, id: LocalId, value: Thunk, round: usize) -> Self {
        self.with_local(id, value, Some(round))
    }

    fn with_local(&self, id: LocalId, value: Thunk, round: Option<usize>) -> Self {
        let outer = self.locals.clone();
        Self {
            frame: self.frame,
            locals: Some(Rc::new(Local {
                id,
                value,
                round,
                outer,
            })),
        }
    }

    /// The loop variables around this place with the numbers of their rounds, innermost first; `None` inside a lambda or
    /// function, where one place is evaluated for many values.
    fn rounds(&self) -> Option<Vec<(LocalId, usize)>> {
        let mut rounds = Vec::new();
        let mut local = self.locals.as_ref();
        while let Some(here) = local {
            rounds.push((here.id, here.round?));
            local = here.outer.as_ref();
        }
        Some(rounds)
    }

    fn local(&self, id: LocalId) -> Option<Thunk> {
        let mut local = self.locals.as_ref();
        while let Some(here) = local {
            if here.id == id {
                return Some(here.value.clone());
            }
            local = here.outer.as_ref();
        }
        None
    }
}

/// Something that is evaluated once.
#[derive(Clone, Debug)]
enum Slot {
    Empty,
    Running,
    Done(Traced),
}

/// Where the values of a frame's parameters come from.
#[derive(Clone, Debug)]
enum Arguments {
    /// Nobody gives any: the file is deployed by itself, or only its exports are used.
    None,
    /// A module call: the environment of the call, the `params` of its body if there are any, the
    /// call's symbol and where it stands.
    Call {
        params: Option<Traced>,
        module: Rc<str>,
        at: Location,
    },
    /// A parameter file's frame.
    File(FrameId),
}

/// One use of one file.
#[derive(Debug)]
struct Frame {
    file: FileId,
    /// Equal for equal uses in every run over one entry file.
    key: Rc<str>,
    depth: usize,
    arguments: Arguments,
    parameters: Vec<Slot>,
    variables: Vec<Slot>,
    modules: FxHashMap<(ModuleId, Option<usize>), FrameId>,
    /// The call that opened the frame; `None`: it is deployed by itself.
    caller: Option<(Instance, ModuleId)>,
    /// What it is deployed to, once somebody has asked.
    scope: Option<FrameScope>,
    /// What references in an ARM template find, once somebody has looked.
    names: Option<Rc<reference::Names>>,
    /// The bodies of resources in rounds of their loops.
    bodies: FxHashMap<(ResourceId, Option<usize>), Traced>,
    /// The ids of resources in rounds of their loops.
    ids: FxHashMap<(ResourceId, Option<usize>), Value>,
    /// The lists that bodies are looped over, by the expression behind `in`.
    lists: FxHashMap<ExprId, Result<(Rc<List>, Trail), Traced>>,
}

/// Evaluates the expressions of one deployment under some assumptions.
pub struct Evaluator<'a> {
    project: &'a Project,
    assumptions: Cow<'a, Assumptions>,
    metadata: &'a Metadata,
    frames: Vec<Frame>,
    /// The deployment that was started, with its frame.
    deployed: Option<(FileId, FrameId)>,
    /// The frames in which exports of imported files are evaluated.
    libraries: FxHashMap<FileId, FrameId>,
    budget: Budget,
    /// Type expressions looked at for the declaration at hand.
    type_steps: Cell<usize>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator over the files of `project` with a budget of its own.
    #[must_use]
    pub fn new(project: &'a Project, assumptions: &'a Assumptions) -> Self {
        Self::with_budget(project, assumptions, &Budget::default())
    }

    /// An evaluator that may do what is left of `budget`, see [`Evaluator::budget`].
    #[must_use]
    pub fn with_budget(
        project: &'a Project,
        assumptions: &'a Assumptions,
        budget: &Budget,
    ) -> Self {
        Self::assuming(project, Cow::Borrowed(assumptions), budget)
    }

    /// As [`Evaluator::with_budget`], with assumptions that it may keep.
    pub(crate) fn assuming(
        project: &'a Project,
        assumptions: Cow<'a, Assumptions>,
        budget: &Budget,
    ) -> Self {
        Self {
            project,
            assumptions,
            metadata: &Metadata::NONE,
            frames: Vec::new(),
            deployed: None,
            libraries: FxHashMap::default(),
            budget: budget.again(),
            type_steps: Cell::new(0),
        }
    }

    /// The evaluator, told more about the deployment. Nothing may have been evaluated yet.
    #[must_use]
    pub fn told(mut self, metadata: &'a Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// What is told about the deployment.
    pub(crate) fn metadata(&self) -> &'a Metadata {
        self.metadata
    }

    /// What is left of the budget.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// What is assumed.
    #[must_use]
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// Goes on with another budget.
    pub(crate) fn renew(&mut self, budget: &Budget) {
        self.budget = budget.again();
    }

    /// Starts a deployment of `file` by itself, or goes on with the one that was started. A parameter
    /// file deploys the template it names; then the frame is that template's.
    pub fn deploy(&mut self, file: FileId) -> FrameId {
        match self.deployed {
            Some((deployed, frame)) if deployed == file => frame,
            _ => {
                let frame = self.start(file);
                self.deployed = Some((file, frame));
                frame
            }
        }
    }

    fn start(&mut self, file: FileId) -> FrameId {
        let frame = self.add_frame(file, Rc::from(""), 0, Arguments::None);
        let template = self.project.template(file);
        let Some(using) = template.using else {
            return frame;
        };
        match self.target(file, using) {
            Ok(target) if target != file => {
                self.add_frame(target, Rc::from("using"), 1, Arguments::File(frame))
            }
            _ => frame,
        }
    }

    fn add_frame(
        &mut self,
        file: FileId,
        key: Rc<str>,
        depth: usize,
        arguments: Arguments,
    ) -> FrameId {
        let template = self.project.template(file);
        let id = FrameId(self.frames.len() as u32);
        self.frames.push(Frame {
            file,
            key,
            depth,
            arguments,
            parameters: vec![Slot::Empty; template.parameters.len()],
            variables: vec![Slot::Empty; template.variables.len()],
            modules: FxHashMap::default(),
            caller: None,
            scope: None,
            names: None,
            bodies: FxHashMap::default(),
            ids: FxHashMap::default(),
            lists: FxHashMap::default(),
        });
        id
    }

    /// The files.
    #[must_use]
    pub fn project(&self) -> &'a Project {
        self.project
    }

    /// The file that a frame uses.
    #[must_use]
    pub fn file(&self, frame: FrameId) -> FileId {
        self.frame(frame).file
    }

    /// What the file of a frame declares.
    #[must_use]
    pub fn template(&self, frame: FrameId) -> &'a Template {
        self.project.template(self.file(frame))
    }

    fn frame(&self, id: FrameId) -> &Frame {
        &self.frames[id.0 as usize]
    }

    fn frame_mut(&mut self, id: FrameId) -> &mut Frame {
        &mut self.frames[id.0 as usize]
    }

    /// The place of a span in the file of a frame.
    fn location(&self, frame: FrameId, span: Span) -> Location {
        Location {
            file: self.file(frame),
            span,
        }
    }

    /// Where an expression stands.
    pub(crate) fn location_of(&self, frame: FrameId, expr: ExprId) -> Location {
        self.location(frame, self.template(frame).exprs[expr].span)
    }

    /// The text of an expression.
    fn source(&self, frame: FrameId, expr: ExprId) -> &'a str {
        let unit = self.project.unit(self.file(frame));
        unit.text
            .get(unit.template.exprs[expr].span.range())
            .unwrap_or_default()
    }

    /// A thunk for an expression.
    fn thunk(&self, env: &Env, expr: ExprId) -> Thunk {
        Thunk::pending(env.clone(), expr, self.location_of(env.frame, expr))
    }

    /// The value of a thunk.
    pub fn force(&mut self, thunk: &Thunk) -> Traced {
        let state = thunk.state.0.replace(ThunkState::Running);
        let traced = match state {
            ThunkState::Ready(traced) => traced,
            ThunkState::Pending(env, expr) => self.evaluate(&env, expr),
            ThunkState::Served(inner, unknown) => self.serve(&inner, &unknown),
            ThunkState::Running => {
                return Traced::plain(self.placed(cycle(), thunk.at));
            }
        };
        thunk.state.0.replace(ThunkState::Ready(traced.clone()));
        traced
    }

    /// The value of a thunk, without its trail.
    pub fn value(&mut self, thunk: &Thunk) -> Value {
        self.force(thunk).value
    }

    /// Applies a lambda. Further arguments than it has parameters are dropped.
    pub(crate) fn call(&mut self, lambda: &Closure, arguments: &[Thunk]) -> Traced {
        if arguments.len() < lambda.parameters.len() {
            return Traced::plain(Value::failed(
                "the lambda has more parameters than it is given values",
            ));
        }
        let mut env = lambda.env.clone();
        for (&parameter, argument) in lambda.parameters.iter().zip(arguments) {
            env = env.with(parameter, argument.clone());
        }
        self.evaluate(&env, lambda.body)
    }

    /// A variable of a frame.
    fn variable(&mut self, frame: FrameId, id: VariableId) -> Traced {
        match &self.frame(frame).variables[id.index()] {
            Slot::Done(traced) => return traced.clone(),
            Slot::Running => return Traced::plain(cycle()),
            Slot::Empty => {}
        }
        self.frame_mut(frame).variables[id.index()] = Slot::Running;
        let variable = &self.template(frame).variables[id];
        let traced = self.evaluate(&Env::of(frame), variable.value);
        let at = self.location(frame, variable.at);
        let trail = traced
            .trail
            .with(at, StepKind::Variable(Rc::from(&*variable.name)));
        let traced = Traced {
            value: traced.value,
            trail,
        };
        self.frame_mut(frame).variables[id.index()] = Slot::Done(traced.clone());
        traced
    }

    /// Takes `units` out of the budget for work (elements made, bytes of text made); the error is
    /// the value to return.
    pub(crate) fn spend(&mut self, units: usize) -> Result<(), Value> {
        self.budget
            .spend(units)
            .map_err(|limit| Value::unknown(Why::Budget(limit), Kinds::ANY))
    }

    /// The unknown that comes of an operation on something unknown: the same reason and question,
    /// but no longer the input itself, and of `kinds`.
    pub(crate) fn derive(unknown: &Rc<Unknown>, kinds: Kinds) -> Value {
        if unknown.kinds == kinds && unknown.input.is_none() {
            return Value::Unknown(Rc::clone(unknown));
        }
        Value::Unknown(Rc::new(Unknown {
            kinds,
            input: None,
            ..(**unknown).clone()
        }))
    }

    /// What is assumed about a question.
    pub(crate) fn answer(&self, question: &Question) -> Option<bool> {
        self.assumptions.answer(question)
    }

    /// The value with a place, if it is an unknown that has none yet.
    fn placed(&self, value: Value, at: Option<Location>) -> Value {
        match value {
            Value::Unknown(unknown) if unknown.at.is_none() && at.is_some() => {
                Value::Unknown(Rc::new(Unknown {
                    at,
                    ..(*unknown).clone()
                }))
            }
            value => value,
        }
    }
}

fn cycle() -> Value {
    Value::failed("the value refers to itself")
}
