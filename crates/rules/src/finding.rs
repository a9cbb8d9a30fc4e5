//! What a rule says about a place.

use std::fmt;

use tricep_semantic::eval::Why;
use tricep_syntax::text::Location;

use crate::fix::Fix;
use crate::rule::RuleMeta;

/// How much a finding weighs, lightest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be looked at.
    Warning,
    /// Must be mended.
    Error,
}

impl Severity {
    /// The word used in every output format of our own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What came of asking the rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// The rule is broken in every deployment the inputs allow.
    Fail,
    /// The rule holds in every deployment the inputs allow.
    Pass,
    /// It depends on something that is not known here; the reason says on what.
    Unknown,
}

impl Outcome {
    /// The word used in every output format of our own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Pass => "pass",
            Self::Unknown => "unknown",
        }
    }
}

/// Why the outcome is what it is. Each rule has reasons of its own for passes and failures; those for
/// not knowing are the same everywhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Reason {
    name: &'static str,
    words: &'static str,
}

impl Reason {
    /// Unknown: depends on an input without a value.
    pub const PARAMETER: Self = Self::new("parameter", "depends on an input without a value");
    /// Unknown: known only while deploying.
    pub const RUNTIME: Self = Self::new("runtime", "known only while deploying");
    /// Unknown: depends on a file that cannot be read here.
    pub const MODULE: Self = Self::new("module", "depends on a file that cannot be read");
    /// Unknown: depends on a secret.
    pub const SECRET: Self = Self::new("secret", "depends on a secret");
    /// Unknown: a limit of the analysis was reached.
    pub const BUDGET: Self = Self::new("budget", "too much to evaluate");
    /// Unknown: needs a part of the language that is not evaluated yet.
    pub const UNSUPPORTED: Self = Self::new("unsupported", "not evaluated yet");
    /// Unknown: the deployment would fail, or the compiler would refuse the file.
    pub const FAILS: Self = Self::new("fails", "cannot be deployed like this");

    /// A reason. The name is the word in every output format of our own and a promise to scripts;
    /// the words stand at the place of the finding.
    #[must_use]
    pub const fn new(name: &'static str, words: &'static str) -> Self {
        Self { name, words }
    }

    /// The reason of a value that is not known.
    #[must_use]
    pub const fn of(why: &Why) -> Self {
        match why {
            Why::Parameter(_) | Why::Environment(_) => Self::PARAMETER,
            Why::Runtime(_) => Self::RUNTIME,
            Why::Module(_) => Self::MODULE,
            Why::Secret => Self::SECRET,
            Why::Budget(_) => Self::BUDGET,
            Why::Unsupported(_) => Self::UNSUPPORTED,
            Why::Failed(_) | Why::Invalid(_) => Self::FAILS,
        }
    }

    /// The word used in every output format of our own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What to say at the place of the finding, a few words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.words
    }
}

/// Words about a place: a step of a trail or a related place.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Note {
    /// Where.
    pub at: Location,
    /// What, such as: parameter `ranges` defaults to `[]`.
    pub message: String,
}

/// The resource a finding speaks of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ResourceRef {
    /// Its symbol in the file; empty where the declaration has no name.
    pub symbol: String,
    /// Its full type, in the usual letter case where we know it.
    pub r#type: String,
    /// Its API version.
    pub api_version: String,
    /// Its declaration.
    pub at: Location,
    /// The calls of modules that lead to it in the deployment that was judged, outermost first: the
    /// symbol of each and where it stands.
    pub modules: Vec<Note>,
}

/// What a rule, or the front end, says about a place.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// The rule's name, or the code of a syntax or semantic problem (`BCP018`).
    pub code: &'static str,
    /// The rule; `None` for syntax and semantic problems.
    pub rule: Option<&'static RuleMeta>,
    /// What came of it; problems of the text are [`Outcome::Fail`].
    pub outcome: Outcome,
    /// Why; `None` for problems of the text.
    pub reason: Option<Reason>,
    /// The weight: of a pass always [`Severity::Info`], of an unknown too.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where a person would mend it.
    pub at: Location,
    /// The resource, for rules about resources.
    pub resource: Option<ResourceRef>,
    /// How the value came about, from the place of the finding to its origin.
    pub trail: Vec<Note>,
    /// Other places worth showing: the resource, the module calls that lead to it.
    pub related: Vec<Note>,
    /// What to do, often with Bicep text over several lines.
    pub help: Option<String>,
    /// How it could be mended by a tool.
    pub fixes: Vec<Fix>,
}
