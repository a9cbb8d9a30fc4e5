//! What the type checker says of every file, as findings.

use rayon::prelude::*;
use tricep_catalogue::azure;
use tricep_rules::{Finding, Severity};
use tricep_semantic::project::Project;
use tricep_semantic::types::{Level, Problem, Types};
use tricep_syntax::text::{FileId, Location};

use crate::load::problem;

/// Checks the values of every file. Files are checked in parallel; each thread remembers the types
/// it has made.
pub(crate) fn type_problems(project: &Project) -> Vec<Finding> {
    let files: Vec<FileId> = (0..project.units.len() as u32).map(FileId).collect();
    let of_file = |types: &mut Types<'_>, &file: &FileId| -> Vec<Finding> {
        let problems = types.check(file);
        problems
            .iter()
            .map(|problem| finding(file, problem))
            .collect()
    };
    let found: Vec<Vec<Finding>> = files
        .par_iter()
        .map_init(|| Types::new(project, Some(azure())), of_file)
        .collect();
    found.into_iter().flatten().collect()
}

fn finding(file: FileId, found: &Problem) -> Finding {
    let at = Location {
        file,
        span: found.span,
    };
    let severity = match found.level {
        Level::Info => Severity::Info,
        Level::Warning => Severity::Warning,
        Level::Error => Severity::Error,
    };
    Finding {
        severity,
        ..problem(found.code(), found.to_string(), at)
    }
}
