//! Resolved resources → findings. One rule, one file; no I/O.
//!
//! [`judge`] asks a rule about a deployment of one file; [`merge`] puts together what several
//! deployments say about one place.

mod aks;
mod describe;
mod finding;
mod foreign;
mod judge;
mod registry;
mod rule;
mod verdict;

pub use finding::{Finding, Note, Outcome, Reason, ResourceRef, Severity};
pub use judge::{judge, merge};
pub use registry::{RULES, rules};
pub use rule::{Remedy, Rule, RuleMeta};
pub use verdict::Verdict;
