//! The values of parameters: an argument, a default, null, or an input without a value.

use std::rc::Rc;

use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::Location;

use super::expression::Nullness;
use super::inputs::Origin;
use super::shape::Misfit;
use super::unknown::{Input, Kinds, Question, Unknown, Why};
use super::value::{Traced, Value};
use super::{Arguments, Env, Evaluator, FrameId, Slot, StepKind};
use crate::index::Idx;
use crate::template::{Parameter, ParameterId};

/// How long a chain of parameter files that extend each other may be.
const MAX_EXTENDED: usize = 64;

/// What a frame's arguments say about a parameter.
enum Given {
    /// A value.
    Value(Traced),
    /// No value, and nobody could have given one: the file is deployed by itself.
    Unasked,
    /// No value, although the caller could have given one: the call's symbol and its place.
    LeftOut(Rc<str>, Location),
}

impl Evaluator<'_> {
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
        if parameter.constraints.secure {
            traced.trail.secret = true;
        }
        if let Some(misfit) = self.violation(frame, parameter, &traced.value) {
            traced.value = misfit.of(&format!("the value of parameter `{}`", parameter.name));
        }
        self.frame_mut(frame).parameters[id.index()] = Slot::Done(traced.clone());
        traced
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
        let mut file = file;
        for _ in 0..MAX_EXTENDED {
            let template = self.template(file);
            if let Some(id) = template.parameter(name) {
                let Some(value) = template.parameters[id].value else {
                    return Given::Unasked;
                };
                let at = self.location_of(file, value);
                let traced = self.evaluate(&Env::of(file), value);
                return Given::Value(argument(traced, name, at));
            }
            let Some(extends) = template.extends else {
                return Given::Unasked;
            };
            match self.library_of(file, extends) {
                Ok(base) => file = base,
                Err(unknown) => return Given::Value(unknown.into()),
            }
        }
        Given::Value(Value::unknown(Why::Budget("extended parameter files"), Kinds::ANY).into())
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

    fn is_nullable(&mut self, frame: FrameId, parameter: &Parameter) -> bool {
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
