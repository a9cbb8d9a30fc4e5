//! Resolved resources → findings. One rule, one file; no I/O.

mod finding;
mod rule;

pub use finding::{Finding, Note, Outcome, Reason, ResourceRef, Severity};
pub use rule::{Remedy, RuleMeta};

/// Every rule, sorted by name.
#[must_use]
pub fn rules() -> &'static [&'static RuleMeta] {
    &[]
}
