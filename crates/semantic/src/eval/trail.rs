//! How a value came about.

use std::rc::Rc;

use tricep_syntax::text::Location;

/// A trail keeps at most so many steps; a value that went through more is explained by the nearest.
const MAX_STEPS: usize = 32;

/// The steps by which a value was chosen or renamed, whether a secret took part, and the module
/// argument through which it came in. Shared, so that it costs little when nobody prints it.
#[derive(Clone, Default, Debug)]
pub struct Trail {
    node: Option<Rc<Node>>,
    steps: usize,
    /// The parameters of the deployment that took part without anybody giving them a value.
    defaults: Option<Rc<Vec<Rc<str>>>>,
    /// Whether a secret took part.
    pub secret: bool,
    /// The outermost module argument that carried the value, or the module line that left the
    /// argument out: where the user of the module would change it.
    pub argument: Option<Location>,
}

#[derive(Debug)]
enum Node {
    Step(Step, Option<Rc<Node>>),
    Both(Rc<Node>, Rc<Node>),
}

/// A step of a trail.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Where the choice stands.
    pub at: Location,
    /// What happened.
    pub kind: StepKind,
}

/// What happened at a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StepKind {
    /// A parameter (named) of the deployment took its default.
    ParameterDefault(Rc<str>),
    /// A parameter (named) gets its value from a parameter file.
    Assigned(Rc<str>),
    /// A parameter (named) gets its value from whoever runs the analysis.
    Given(Rc<str>),
    /// A parameter (named) of a module was given null and took its default.
    NullArgument(Rc<str>),
    /// A parameter (named) has no value.
    ParameterUnset(Rc<str>),
    /// A parameter (named) got an argument from a module call or parameter file.
    Argument(Rc<str>),
    /// A parameter (named) was left out by the module call (named).
    ArgumentLeftOut(Rc<str>, Rc<str>),
    /// A variable (named).
    Variable(Rc<str>),
    /// An output (named) of a module.
    Output(Rc<str>),
    /// A parameter (named) without a default was left out by the module call (named) and is null.
    LeftOutNull(Rc<str>, Rc<str>),
    /// A condition took this branch.
    Branch(bool),
    /// The value was read from a file (its path as written).
    File(Rc<str>),
}

impl Trail {
    /// The trail with a further, newest step.
    #[must_use]
    pub fn with(mut self, at: Location, kind: StepKind) -> Self {
        if let StepKind::ParameterDefault(name) | StepKind::ParameterUnset(name) = &kind {
            self.add_default(name);
        }
        if self.steps < MAX_STEPS {
            self.steps += 1;
            self.node = Some(Rc::new(Node::Step(Step { at, kind }, self.node.take())));
        }
        self
    }

    /// The trail of something made of two parts.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.secret |= other.secret;
        match (&self.defaults, &other.defaults) {
            (_, None) => {}
            (None, Some(_)) => self.defaults.clone_from(&other.defaults),
            (Some(_), Some(names)) => names.iter().for_each(|name| self.add_default(name)),
        }
        self.argument = self.argument.or(other.argument);
        match (&self.node, &other.node) {
            (_, None) => {}
            (None, Some(_)) => {
                self.node.clone_from(&other.node);
                self.steps = other.steps;
            }
            (Some(a), Some(b)) if Rc::ptr_eq(a, b) => {}
            (Some(a), Some(b)) => {
                if self.steps + other.steps <= MAX_STEPS {
                    self.node = Some(Rc::new(Node::Both(Rc::clone(a), Rc::clone(b))));
                    self.steps += other.steps;
                }
            }
        }
        self
    }

    fn add_default(&mut self, name: &Rc<str>) {
        let defaults = Rc::make_mut(self.defaults.get_or_insert_default());
        if !defaults.contains(name) {
            defaults.push(Rc::clone(name));
        }
    }

    /// The parameters of the deployment that nobody gave a value: whoever deploys may.
    #[must_use]
    pub fn defaults(&self) -> &[Rc<str>] {
        self.defaults.as_ref().map_or(&[], |names| names.as_slice())
    }

    /// The steps, newest first, each once.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut open: Vec<&Rc<Node>> = self.node.iter().collect();
        while let Some(node) = open.pop() {
            match &**node {
                Node::Step(step, before) => {
                    if !steps.contains(step) {
                        steps.push(step.clone());
                    }
                    open.extend(before);
                }
                Node::Both(first, second) => open.extend([second, first]),
            }
        }
        steps
    }
}
