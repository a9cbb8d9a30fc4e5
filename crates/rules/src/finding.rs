//! What a rule says about a place.

use std::fmt;

use tricep_syntax::text::Location;

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

/// Why the outcome is what it is; the words are a promise to scripts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// Fail: the property is not there.
    Missing,
    /// Fail: the property is there and empty.
    Empty,
    /// Fail: an entry is not an IPv4 address or range.
    InvalidIp,
    /// Pass: the property is set.
    Set,
    /// Pass: the cluster is private.
    Private,
    /// Unknown: depends on an input without a value.
    Parameter,
    /// Unknown: known only while deploying.
    Runtime,
    /// Unknown: depends on a module, or a file with data, that cannot be read here.
    Module,
    /// Unknown: depends on a secret.
    Secret,
    /// Unknown: a limit of the analysis was reached.
    Budget,
    /// Unknown: needs a part of the language that is not evaluated yet.
    Unsupported,
}

impl Reason {
    /// The word used in every output format of our own.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Empty => "empty",
            Self::InvalidIp => "invalid-ip",
            Self::Set => "set",
            Self::Private => "private",
            Self::Parameter => "parameter",
            Self::Runtime => "runtime",
            Self::Module => "module",
            Self::Secret => "secret",
            Self::Budget => "budget",
            Self::Unsupported => "unsupported",
        }
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
}
