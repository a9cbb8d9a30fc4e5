//! Resolved resources → findings. One rule, one file; no I/O.
//!
//! [`judge`] asks a rule about a deployment of one file; [`merge`] puts together what several
//! deployments say about one place.

mod aks;
mod answer;
mod deployment;
mod describe;
mod finding;
mod fix;
mod foreign;
mod format;
mod judge;
mod property;
mod registry;
mod rule;
mod settings;
mod subject;
mod verdict;

pub use deployment::{Deployment, Reaching};
pub use finding::{Finding, Note, Outcome, Reason, ResourceRef, Severity};
pub use fix::{Applicability, Edit, Fix, Literal};
pub use judge::{judge, merge};
pub use registry::{RULES, rules};
pub use rule::{Category, Remedy, Rule, RuleMeta};
pub use settings::Settings;
pub use subject::Subject;
pub use verdict::Verdict;
