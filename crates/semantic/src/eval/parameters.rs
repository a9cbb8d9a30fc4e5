//! The values of parameters: an argument, a default, null, or an input without a value.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::Location;

use super::assigned::Assignment;
use super::expression::Nullness;
use super::inputs::Origin;
use super::shape::Misfit;
use super::unknown::{Input, Kinds, Question, Unknown, Why};
use super::value::{Thunk, Traced, Value};
use super::{Arguments, Env, Evaluator, FrameId, Slot, StepKind, functions};
use crate::index::Idx;
use crate::template::{Parameter, ParameterId};

/// How long a chain of parameter files that extend each other may be.
const MAX_EXTENDED: usize = 64;

/// `base` in a parameter file that extends another one; no text can call it.
pub(crate) const BASE: &str = "%base";

/// What a frame's arguments say about a parameter.
enum Given {
    /// A value.
    Value(Traced),
    /// No value, and nobody could have given one: the file is deployed by itself.
    Unasked,
    /// No value, although the caller could have given one: the call's symbol and its place.
    LeftOut(Rc<str>, Location),
}

impl<'a> Evaluator<'a> {
    /// The value of a parameter of a frame.
    pub(super) fn parameter(&mut self, frame: FrameId, id: ParameterId) -> Traced {
        match &self.frame(frame).parameters[id.index()] {
            Slot::Done(traced) => return traced.clone(),
            Slot::Running => return Value::failed("the parameter refers to itself").into(),
            Slot::Empty => {}
        }
        self.frame_mut(frame).parameters[id.index()] = Slot::Running;
        let parameter = &self.template(frame).parameters[id];
        let mut traced = self.parameter_value(frame, parameter);
        self.mark_secret(frame, parameter, &mut traced);
        if let Some(misfit) = self.violation(frame, parameter, &traced.value) {
            traced.value = misfit.of(&format!("the value of parameter `{}`", parameter.name));
        }
        self.frame_mut(frame).parameters[id.index()] = Slot::Done(traced.clone());
        traced
    }

    /// Marks the value of a secure parameter, and hides it where secrets are to stay hidden.
    fn mark_secret(&mut self, frame: FrameId, parameter: &Parameter, traced: &mut Traced) {
        let Some(r#type) = parameter.r#type else {
            return;
        };
        let shape = self.shape_of(self.file(frame), r#type, &parameter.constraints);
        traced.trail.secret |= shape.secure;
        let hides = self.metadata().hides_secrets && !matches!(traced.value, Value::Null);
        if hides && self.holds_secret(&shape) {
            traced.trail.secret = true;
            traced.value = Value::unknown(Why::Secret, traced.value.kinds());
        }
    }

    fn violation(
        &mut self,
        frame: FrameId,
        parameter: &Parameter,
        value: &Value,
    ) -> Option<Misfit> {
        let file = self.file(frame);
        let shape = self.shape_of(file, parameter.r#type?, &parameter.constraints);
        self.against(value, &shape)
    }

    fn parameter_value(&mut self, frame: FrameId, parameter: &Parameter) -> Traced {
        let name: Rc<str> = Rc::from(&*parameter.name);
        let at = self.location(frame, parameter.at);
        if let Some(text) = self.given_as_text(frame, &name) {
            let trail = super::Trail::default().with(at, StepKind::Given(name));
            let value = self.typed(frame, parameter, text);
            return Traced { value, trail };
        }
        match self.given(frame, &parameter.name) {
            Given::Value(traced) => match &traced.value {
                // A null takes the default (oracle case param-validation-0170).
                Value::Null if parameter.value.is_some() => {
                    let mut default = self.default(frame, parameter, StepKind::NullArgument(name));
                    default.trail = default.trail.and(&traced.trail);
                    default
                }
                Value::Unknown(unknown)
                    if parameter.value.is_some()
                        && unknown.kinds.may_be(Kinds::NULL)
                        && !unknown.why.stops() =>
                {
                    self.perhaps_default(frame, parameter, unknown, &traced)
                }
                _ => traced,
            },
            Given::LeftOut(module, call) => {
                let mut traced = match parameter.value {
                    Some(_) => {
                        self.default(frame, parameter, StepKind::ArgumentLeftOut(name, module))
                    }
                    None if self.is_nullable(frame, parameter) => {
                        let step = StepKind::LeftOutNull(Rc::clone(&name), module);
                        let traced = Traced::plain(Value::Null);
                        Traced {
                            trail: traced.trail.with(call, step),
                            value: traced.value,
                        }
                    }
                    None => Value::invalid(format!("the module call gives no value for `{name}`"))
                        .into(),
                };
                traced.trail.argument = traced.trail.argument.or(Some(call));
                traced
            }
            Given::Unasked => match parameter.value {
                // In a parameter file this is no default but the value.
                Some(_) if self.template(frame).dialect == Dialect::Params => {
                    self.default(frame, parameter, StepKind::Assigned(name))
                }
                Some(_) if !self.assumptions.is_free(&name) => {
                    self.default(frame, parameter, StepKind::ParameterDefault(name))
                }
                _ => {
                    let value = self.unset(frame, parameter, at);
                    let trail = super::Trail::default().with(at, StepKind::ParameterUnset(name));
                    Traced { value, trail }
                }
            },
        }
    }

    /// The value that whoever runs the analysis gives a parameter of the template that is deployed.
    pub(super) fn given_as_text(&self, frame: FrameId, name: &str) -> Option<&'a str> {
        let is_deployed = self.frame(frame).depth == 0
            || matches!(self.frame(frame).arguments, Arguments::File(_));
        if !is_deployed || self.template(frame).dialect == Dialect::Params {
            return None;
        }
        let mut given = self.project.inputs.parameters.iter().rev();
        given
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, text)| &**text)
    }

    /// A text as a value of the type of a parameter, where it can be one; else it stays a text.
    pub(super) fn typed(&mut self, frame: FrameId, parameter: &Parameter, text: &str) -> Value {
        let file = self.file(frame);
        let kinds = parameter.r#type.map_or(Kinds::ANY, |r#type| {
            self.shape_of(file, r#type, &parameter.constraints).kinds
        });
        if kinds.may_be(Kinds::TEXT) {
            return Value::text(text);
        }
        match functions::read_json(text) {
            Ok(value) if value.kinds().may_be(kinds) => value,
            // As Azure's own tools have it.
            _ if kinds.may_be(Kinds::BOOL) && text.eq_ignore_ascii_case("true") => {
                Value::Bool(true)
            }
            _ if kinds.may_be(Kinds::BOOL) && text.eq_ignore_ascii_case("false") => {
                Value::Bool(false)
            }
            _ => Value::text(text),
        }
    }

    /// What the arguments of the frame say about the parameter called `name`.
    fn given(&mut self, frame: FrameId, name: &str) -> Given {
        match self.frame(frame).arguments.clone() {
            Arguments::None => Given::Unasked,
            Arguments::File(file) => self.assigned(file, name),
            Arguments::Call {
                params: None,
                module,
                at,
            } => Given::LeftOut(module, at),
            Arguments::Call {
                params: Some(params),
                module,
                at,
            } => match &params.value {
                Value::Object(object) => {
                    let entry = object
                        .entries
                        .iter()
                        .find(|entry| entry.key.eq_ignore_ascii_case(name));
                    match (entry.cloned(), &object.rest) {
                        (Some(entry), _) => {
                            let place = entry.at.or(entry.value.at()).unwrap_or(at);
                            let traced = self.force(&entry.value);
                            Given::Value(argument(traced, name, place))
                        }
                        (None, Some(rest)) => {
                            let value = self.unknown_member(&rest.unknown, name);
                            Given::Value(argument(value.into(), name, at))
                        }
                        (None, None) => Given::LeftOut(module, at),
                    }
                }
                Value::Unknown(unknown) => {
                    Given::Value(argument(Self::derive(unknown, Kinds::ANY).into(), name, at))
                }
                _ => Given::LeftOut(module, at),
            },
        }
    }

    /// What a parameter file, or one that it extends, assigns to a parameter.
    fn assigned(&mut self, file: FrameId, name: &str) -> Given {
        let (file, id) = match self.assignment(file, name) {
            Ok(Some(assignment)) => assignment,
            Ok(None) => return Given::Unasked,
            Err(unknown) => return Given::Value(unknown.into()),
        };
        let Some(value) = self.template(file).parameters[id].value else {
            return Given::Unasked;
        };
        let at = self.location_of(file, value);
        let traced = self.evaluate(&Env::of(file), value);
        Given::Value(argument(traced, name, at))
    }

    /// `base`: what the file that a parameter file extends assigns, with what that extends in turn.
    pub(super) fn base(&mut self, frame: FrameId) -> Value {
        let mut entries: Vec<(Rc<str>, Thunk)> = Vec::new();
        let mut known: FxHashSet<&str> = FxHashSet::default();
        let mut file = frame;
        for _ in 0..MAX_EXTENDED {
            let Some(extends) = self.template(file).extends else {
                return Value::object(entries);
            };
            file = match self.library_of(file, extends) {
                Ok(base) => base,
                Err(unknown) => return unknown,
            };
            for parameter in self.template(file).parameters.iter() {
                if let Some(value) = parameter.value
                    && known.insert(&*parameter.name)
                {
                    let thunk = self.thunk(&Env::of(file), value);
                    entries.push((Rc::from(&*parameter.name), thunk));
                }
            }
        }
        Value::unknown(Why::Budget("extended parameter files"), Kinds::ANY)
    }

    /// The assignment to a parameter in a parameter file, or in the nearest one that it extends. The
    /// error says why one of them is not known.
    pub(super) fn assignment(
        &mut self,
        file: FrameId,
        name: &str,
    ) -> Result<Option<Assignment>, Value> {
        let mut file = file;
        for _ in 0..MAX_EXTENDED {
            let template = self.template(file);
            if let Some(id) = template.parameter(name) {
                return Ok(Some((file, id)));
            }
            let Some(extends) = template.extends else {
                return Ok(None);
            };
            file = self.library_of(file, extends)?;
        }
        Err(Value::unknown(
            Why::Budget("extended parameter files"),
            Kinds::ANY,
        ))
    }

    fn default(&mut self, frame: FrameId, parameter: &Parameter, step: StepKind) -> Traced {
        let Some(default) = parameter.value else {
            return Value::Null.into();
        };
        let traced = self.evaluate(&Env::of(frame), default);
        let at = self.location_of(frame, default);
        Traced {
            trail: traced.trail.with(at, step),
            value: traced.value,
        }
    }

    /// An argument that may be null, for a parameter with a default.
    fn perhaps_default(
        &mut self,
        frame: FrameId,
        parameter: &Parameter,
        unknown: &Rc<Unknown>,
        argument: &Traced,
    ) -> Traced {
        if unknown.question.is_none() && unknown.input.is_none() {
            // Nothing says that it is null; what it is instead is the caller's affair.
            return argument.clone();
        }
        let is_null = unknown.input.clone().map(Question::Null);
        let step = StepKind::NullArgument(Rc::from(&*parameter.name));
        let default = self.default(frame, parameter, step);
        match self.null_or_else(unknown, is_null, &default.value) {
            Nullness::Null => default,
            Nullness::Not(_) => argument.clone(),
            Nullness::Open(value) => Traced {
                value,
                trail: argument.trail.clone(),
            },
        }
    }

    pub(super) fn is_nullable(&mut self, frame: FrameId, parameter: &Parameter) -> bool {
        let file = self.file(frame);
        parameter.r#type.is_some_and(|r#type| {
            self.shape_of(file, r#type, &parameter.constraints)
                .kinds
                .may_be(Kinds::NULL)
        })
    }

    /// The value of a parameter that has none: null if it may be, else an input.
    fn unset(&mut self, frame: FrameId, parameter: &Parameter, at: Location) -> Value {
        let file = self.file(frame);
        let Some(r#type) = parameter.r#type else {
            return Value::invalid(format!("parameter `{}` has no value", parameter.name));
        };
        let shape = self.shape_of(file, r#type, &parameter.constraints);
        // A nullable parameter that nobody fills is null.
        if shape.nullable && !self.assumptions.is_free(&parameter.name) {
            return Value::Null;
        }
        if parameter.constraints.secure {
            let unknown = Unknown {
                at: Some(at),
                ..Unknown::new(Why::Secret, shape.kinds)
            };
            return Value::Unknown(Rc::new(unknown));
        }
        let input = Input {
            frame: Rc::clone(&self.frame(frame).key),
            path: Rc::from(&*parameter.name),
        };
        let why = Why::Parameter(parameter.name.to_string());
        let origin = Origin {
            input,
            why: &why,
            at: Some(at),
        };
        self.lay_out(&origin, &shape)
    }
}

/// A value that was handed over as an argument at `place`.
fn argument(traced: Traced, name: &str, place: Location) -> Traced {
    let argument = traced.trail.argument.or(Some(place));
    let mut trail = traced.trail.with(place, StepKind::Argument(Rc::from(name)));
    trail.argument = argument;
    Traced {
        value: traced.value,
        trail,
    }
}
