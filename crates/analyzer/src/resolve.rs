//! What one file would deploy: reads it and all it refers to, and expands it.

use tricep_catalogue::azure;
use tricep_rules::Finding;
use tricep_semantic::eval::{Assumptions, Budget, Metadata};
use tricep_semantic::resolve::{Expanded, expand, hide_sensitive};
use tricep_syntax::text::{FileId, Source};

use crate::FileSystem;
use crate::load::{Environment, load};
use crate::mask::mask_secrets;

/// What a file would deploy.
pub struct Resolved {
    /// The files that were read; `FileId(n)` is the n-th.
    pub sources: Vec<Source>,
    /// The resources and outputs, and what could not be expanded.
    pub expanded: Expanded,
    /// What is wrong with the texts and with the references between them, sorted by file and place.
    pub findings: Vec<Finding>,
    /// Whether the file itself could not be read.
    pub unreadable: bool,
}

/// Expands the deployment of `file`, a template or a parameter file, as far as it is known.
#[must_use]
pub fn resolve(
    file_system: &dyn FileSystem,
    file: &str,
    environment: &Environment,
    metadata: &Metadata,
) -> Resolved {
    let mut loaded = load(file_system, &[file.to_owned()], environment);
    let assumptions = Assumptions::default();
    let metadata = Metadata {
        hides_secrets: true,
        ..metadata.clone()
    };
    let mut budget = Budget::default();
    let mut expanded = expand(
        &loaded.project,
        FileId(0),
        &assumptions,
        &metadata,
        &mut budget,
    );
    for resource in &mut expanded.resources {
        hide_sensitive(azure(), resource);
    }
    let mut sources = loaded.sources;
    mask_secrets(&loaded.project, &mut sources, &mut loaded.findings);
    let label = |finding: &Finding| sources[finding.at.file.0 as usize].label();
    loaded.findings.sort_by(|a, b| {
        (label(a), a.at.span, a.code, &a.message).cmp(&(label(b), b.at.span, b.code, &b.message))
    });
    loaded.findings.dedup();
    Resolved {
        expanded,
        findings: loaded.findings,
        unreadable: loaded.unreadable > 0,
        sources,
    }
}
