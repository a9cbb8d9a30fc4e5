//! A resource that is deployed: its declaration and, on demand, its properties.

use tricep_syntax::text::Location;

use crate::eval::{
    Entry, Evaluator, FrameId, Instance, Kinds, Literal, Object, Question, Traced, Unknown, Value,
    same_key,
};
use crate::template::{ModuleId, Resource, ResourceId};

/// A resource in one deployment.
pub struct Deployed<'e, 'p> {
    evaluator: &'e mut Evaluator<'p>,
    instance: Instance,
    resource: ResourceId,
    calls: Vec<(FrameId, ModuleId)>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Found {
    /// The value; the trail also tells how the objects around it came about.
    pub traced: Traced,
    /// Where the value stands: the expression behind its key, or what stands nearest to it.
    pub at: Location,
    /// Whether `at` is the value's own expression.
    pub own: bool,
}

/// The result of looking a property up.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// It is there; it may be null or unknown.
    Found(Found),
    /// It is surely not there. The innermost object that is there, and how many names of the path
    /// lead to it.
    Absent {
        /// The innermost object.
        nearest: Found,
        /// How many names of the path lead to it.
        depth: usize,
    },
}

impl Found {
    /// Where a person would change the value: the argument of the outermost module call that
    /// decides it, unless the value itself stands within that argument.
    #[must_use]
    pub fn place(&self) -> Location {
        match self.traced.trail.argument {
            Some(argument) if within(argument, self.at) => self.at,
            Some(argument) => argument,
            None => self.at,
        }
    }

    /// Where a person would change an element that stands at `element`.
    #[must_use]
    pub fn place_of_element(&self, element: Option<Location>) -> Location {
        let around = self.traced.trail.argument.unwrap_or(self.at);
        match element {
            Some(element) if within(around, element) => element,
            _ => self.place(),
        }
    }
}

fn within(outer: Location, inner: Location) -> bool {
    outer.file == inner.file && outer.span.encloses(inner.span)
}

impl<'e, 'p> Deployed<'e, 'p> {
    pub(super) fn new(
        evaluator: &'e mut Evaluator<'p>,
        instance: Instance,
        resource: ResourceId,
        calls: Vec<(FrameId, ModuleId)>,
    ) -> Self {
        Self {
            evaluator,
            instance,
            resource,
            calls,
        }
    }

    /// The declaration.
    #[must_use]
    pub fn declaration(&self) -> &'p Resource {
        &self.evaluator.template(self.instance.env.frame).resources[self.resource]
    }

    /// The symbol in the declaration.
    #[must_use]
    pub fn at(&self) -> Location {
        let file = self.evaluator.file(self.instance.env.frame);
        Location {
            file,
            span: self.declaration().at,
        }
    }

    /// The symbols of the module calls that lead to the resource, outermost first, with their places.
    #[must_use]
    pub fn calls(&self) -> Vec<(&'p str, Location)> {
        let evaluator = &*self.evaluator;
        self.calls
            .iter()
            .map(|&(frame, module)| {
                let module = &evaluator.template(frame).modules[module];
                (
                    &*module.name,
                    Location {
                        file: evaluator.file(frame),
                        span: module.at,
                    },
                )
            })
            .collect()
    }

    /// The evaluator, to look into values.
    pub fn evaluator(&mut self) -> &mut Evaluator<'p> {
        self.evaluator
    }

    /// Where the body stands: the object between the braces.
    #[must_use]
    pub fn body_at(&self) -> Location {
        let object = self.declaration().body.object;
        self.evaluator.location_of(self.instance.env.frame, object)
    }

    /// The id of the resource, as far as it can be formed.
    pub fn id(&mut self) -> Value {
        self.evaluator.resource_id(&self.instance, self.resource)
    }

    /// The id of what the resource belongs to, as far as it can be formed: of a child its parent, of
    /// others the scope they are deployed to.
    pub fn owner(&mut self) -> Value {
        self.evaluator.owner_id(&self.instance, self.resource)
    }

    /// The body as a whole. It counts as standing at the symbol of the resource.
    pub fn body(&mut self) -> Found {
        let traced = self.evaluator.body(&self.instance, self.resource);
        Found {
            traced,
            at: self.at(),
            own: false,
        }
    }

    /// Looks a property up by the names that lead to it. Letter case does not matter, as in ARM.
    pub fn lookup(&mut self, path: &[&str]) -> Lookup {
        let body = self.body();
        self.lookup_in(body, path)
    }

    /// Looks up what stands in a value of the resource, as [`Deployed::lookup`].
    pub fn lookup_in(&mut self, container: Found, path: &[&str]) -> Lookup {
        let mut here = container;
        for (depth, name) in path.iter().enumerate() {
            match self.step(&here, name) {
                Some(next) => here = next,
                None => {
                    return Lookup::Absent {
                        nearest: here,
                        depth,
                    };
                }
            }
        }
        Lookup::Found(here)
    }

    /// The property `name` of an object; `None` where it is surely absent.
    fn step(&mut self, container: &Found, name: &str) -> Option<Found> {
        let own = match &container.traced.value {
            // Azure ignores letter case; which of the two it takes was not tried (`arm` json-12).
            Value::Object(object) if spellings(object, name) > 1 => {
                let why = format!("which of the two spellings of `{name}` counts");
                return Some(Found {
                    traced: Value::unsupported(why).into(),
                    at: container.at,
                    own: false,
                });
            }
            Value::Object(object) => match object.get(name) {
                Some(entry) => entry.at.or(entry.value.at()),
                None if object.rest.is_some() => None,
                None => return self.beyond_the_facts(container),
            },
            Value::Unknown(_) => None,
            _ => return None,
        };
        let traced = self.evaluator.member(&container.traced.value, name, true);
        let trail = traced.trail.and(&container.traced.trail);
        let traced = Traced {
            value: traced.value,
            trail,
        };
        Some(Found {
            traced,
            at: own.unwrap_or(container.at),
            own: own.is_some(),
        })
    }
}

/// How often a key is there, letter case aside.
fn spellings(object: &Object, name: &str) -> usize {
    let same = |entry: &&Entry| same_key(&entry.key, name);
    object.entries.iter().filter(same).count()
}

/// Files that do not say everything.
impl Deployed<'_, '_> {
    /// A property that an object lacks which stands in a stand-in made of facts: not known. An
    /// object that came in as an argument is the caller's, and whole.
    fn beyond_the_facts(&self, container: &Found) -> Option<Found> {
        if container.traced.trail.argument.is_some() {
            return None;
        }
        let value = self.evaluator.beyond_the_facts(container.at.file)?;
        Some(Found {
            traced: value.into(),
            at: container.at,
            own: false,
        })
    }
}

/// Questions to the assumptions about values that are not known.
impl Deployed<'_, '_> {
    /// Whether an unknown value is true. The error is the question to split on, if there is one.
    pub fn ask_whether_true(
        &self,
        found: &Found,
        unknown: &Unknown,
    ) -> Result<bool, Option<Question>> {
        let (question, negated) = match (&unknown.question, &unknown.input) {
            (Some(question), _) => return Err(Some(question.clone())),
            (None, Some(input)) => {
                let is_true = Question::Equals(input.clone(), Literal::Bool(true));
                (Some(is_true), false)
            }
            // The same text as a condition elsewhere is the same condition.
            (None, None) if found.own => self.evaluator.atom_at(&self.instance.env, found.at),
            (None, None) => (None, false),
        };
        let answer = question
            .as_ref()
            .and_then(|question| self.evaluator.answer(question));
        answer.map(|answer| answer != negated).ok_or(question)
    }

    /// Whether an unknown value is this text, letter case aside. The error is the question to split
    /// on, if there is one.
    pub fn ask_whether_text(
        &self,
        unknown: &Unknown,
        text: &str,
    ) -> Result<bool, Option<Question>> {
        let question = match (&unknown.question, &unknown.input) {
            (Some(question), _) => return Err(Some(question.clone())),
            (None, _) if !unknown.kinds.may_be(Kinds::TEXT) => return Ok(false),
            (None, Some(input)) => {
                let is_null = Question::Null(input.clone());
                match self.evaluator.answer(&is_null) {
                    Some(true) => return Ok(false),
                    None if unknown.kinds.may_be(Kinds::NULL) => return Err(Some(is_null)),
                    _ => Some(Question::Matches(input.clone(), text.into())),
                }
            }
            (None, None) => None,
        };
        let answer = question
            .as_ref()
            .and_then(|question| self.evaluator.answer(question));
        answer.ok_or(question)
    }

    /// Whether an unknown value is empty or null, so that it stands for no element. The error is
    /// the question to split on, if there is one.
    pub fn ask_whether_empty(&self, unknown: &Unknown) -> Result<bool, Option<Question>> {
        let question = match (&unknown.question, &unknown.input) {
            (Some(question), _) => return Err(Some(question.clone())),
            (None, Some(input)) => {
                let is_null = Question::Null(input.clone());
                match self.evaluator.answer(&is_null) {
                    Some(true) => return Ok(true),
                    None if unknown.kinds.may_be(Kinds::NULL) => return Err(Some(is_null)),
                    _ => Some(Question::Empty(input.clone())),
                }
            }
            (None, None) => None,
        };
        let answer = question
            .as_ref()
            .and_then(|question| self.evaluator.answer(question));
        answer.ok_or(question)
    }
}
