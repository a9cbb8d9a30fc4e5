//! Why a value is not known, and which question would settle it.

use std::fmt;
use std::rc::Rc;

use tricep_syntax::text::Location;

/// A value that is not known.
#[derive(Clone, PartialEq, Debug)]
pub struct Unknown {
    /// Why.
    pub why: Why,
    /// What it can be at all.
    pub kinds: Kinds,
    /// Where the not-knowing began.
    pub at: Option<Location>,
    /// Set when the value *is* that input, unchanged: then `x == 'a'`, `empty(x)`, `x ?? y` ask
    /// questions that the driver can split on.
    pub input: Option<Input>,
    /// The question whose answer would make more of the value known.
    pub question: Option<Question>,
}

/// The reasons for not knowing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Why {
    /// A parameter (named here) has no value.
    Parameter(String),
    /// An environment variable (named here) is not read, because nobody allowed it.
    Environment(String),
    /// Known only while deploying; the words name what, such as "`resourceGroup().tags`".
    Runtime(String),
    /// A module, an imported file or one with data cannot be read here; the words say which.
    Module(String),
    /// It is a secret.
    Secret,
    /// tricep cannot evaluate this (yet); the words name what.
    Unsupported(String),
    /// The deployment would fail here; the words say why.
    Failed(String),
    /// The program is not right here and the compiler would refuse it; the words say why.
    Invalid(String),
    /// A limit of the evaluation was reached; the words name it.
    Budget(&'static str),
}

impl Why {
    /// Whether nothing that needs the value can be evaluated or deployed: the program fails here or
    /// is not right.
    #[must_use]
    pub fn stops(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Invalid(_))
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(name) => write!(f, "parameter `{name}` has no value here"),
            Self::Environment(name) => {
                write!(
                    f,
                    "the environment variable `{name}` is read with `--allow-env` only"
                )
            }
            Self::Runtime(what) => write!(f, "{what} is known only while deploying"),
            Self::Module(what) => f.write_str(what),
            Self::Secret => f.write_str("it is a secret"),
            Self::Unsupported(what) => write!(f, "{what} is not evaluated by this version"),
            Self::Failed(why) | Self::Invalid(why) => f.write_str(why),
            Self::Budget(limit) => write!(f, "the evaluation reached its limit of {limit}"),
        }
    }
}

/// A set of kinds a value may be of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kinds(u8);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// `null`
    pub const NULL: Self = Self(1);
    /// Booleans
    pub const BOOL: Self = Self(2);
    /// Numbers
    pub const NUMBER: Self = Self(4);
    /// Texts
    pub const TEXT: Self = Self(8);
    /// Lists
    pub const LIST: Self = Self(16);
    /// Objects
    pub const OBJECT: Self = Self(32);
    /// Every kind.
    pub const ANY: Self = Self(63);

    /// Whether the two sets share a kind.
    #[must_use]
    pub const fn may_be(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set less the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// An input of the deployment that has no value: a parameter, or a property deep in one.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Input {
    /// The use of the file that declares the parameter; equal for equal uses in every run. What
    /// comes from outside of the files belongs to [`Input::SURROUNDINGS`].
    pub frame: Rc<str>,
    /// The parameter and the properties below it, as a person writes them: `config.ranges`.
    pub path: Rc<str>,
}

impl Input {
    /// The frame of inputs that no file declares.
    pub const SURROUNDINGS: &'static str = "surroundings";
}

/// A question with the answer yes or no; answering it makes more known.
#[derive(Clone, PartialEq, Debug)]
pub enum Question {
    /// Is the input this literal?
    Equals(Input, Literal),
    /// Is the input this text, letter case aside? That is what picks a property of an object.
    Matches(Input, Rc<str>),
    /// Is the input this literal, or else the other one? Nothing else is left.
    Choice {
        /// The input.
        input: Input,
        /// What it is if the answer is yes.
        literal: Literal,
        /// What it is if the answer is no.
        otherwise: Literal,
    },
    /// Is the input (a list, text or object) empty?
    Empty(Input),
    /// Is the input null?
    Null(Input),
    /// Is this condition true? The same text in the same use of a file is the same condition.
    Holds {
        /// The use of the file.
        frame: Rc<str>,
        /// The condition as written.
        text: Rc<str>,
    },
}

/// A value that can stand in a list of allowed values or beside `==`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Literal {
    /// `true`, `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A text.
    Text(Rc<str>),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "'{value}'"),
        }
    }
}

impl Unknown {
    /// Whether two unknown values are surely one value: the same evaluation, or the same input.
    #[must_use]
    pub fn is_same(a: &Rc<Self>, b: &Rc<Self>) -> bool {
        Rc::ptr_eq(a, b) || (a.input.is_some() && a.input == b.input)
    }

    /// An unknown of which only the reason and kinds are known.
    #[must_use]
    pub fn new(why: Why, kinds: Kinds) -> Self {
        Self {
            why,
            kinds,
            at: None,
            input: None,
            question: None,
        }
    }
}
