//! What a rule says of one resource under given assumptions.

use tricep_semantic::eval::{Question, Trail, Unknown, Value, Why};
use tricep_syntax::text::Location;

use crate::answer::Answer;
use crate::finding::{Outcome, Reason};
use crate::fix::Fix;

/// What a rule says of one deployed resource.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Pass, fail or unknown.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// The sentence about the resource: "API server of `aks` is open to every address".
    pub headline: String,
    /// What it comes from: "`authorizedIPRanges` is empty".
    pub detail: String,
    /// Where a person would mend it.
    pub at: Location,
    /// How the value came about.
    pub trail: Trail,
    /// How it came about that others that were asked for are not deployed; with defaults only.
    pub left_out: Trail,
    /// What to do.
    pub help: Option<String>,
    /// How it could be mended by a tool.
    pub fixes: Vec<Fix>,
    /// Of a failure: other parts of the resource that fail as well.
    pub others: Vec<Answer>,
    /// Of an unknown: the question whose answer would settle more.
    pub question: Option<Question>,
    /// Of an unknown: the deployment would fail before it creates the resource.
    pub breaks: bool,
}

/// Whether a deployment that needs this value fails.
pub(crate) fn is_failure(value: &Value) -> bool {
    matches!(value, Value::Unknown(unknown) if matches!(unknown.why, Why::Failed(_)))
}

/// The reason that goes with an unknown value.
#[must_use]
pub(crate) fn reason_of(unknown: &Unknown) -> Reason {
    Reason::of(&unknown.why)
}
