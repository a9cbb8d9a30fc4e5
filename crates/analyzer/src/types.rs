//! What the type checker says of every file, as findings.

use rayon::prelude::*;
use tricep_catalogue::azure;
use tricep_rules::{Applicability, Edit, Finding, Fix, Severity};
use tricep_semantic::project::Project;
use tricep_semantic::types::{Kind, Level, Problem, Types};
use tricep_syntax::text::{FileId, Location};

use crate::load::problem;

/// So many files are checked one after the other, so that types made for one serve the next.
const FILES_TOGETHER: usize = 128;

/// Checks the values of every file, in parallel.
pub(crate) fn type_problems(project: &Project) -> Vec<Finding> {
    let files: Vec<FileId> = (0..project.units.len() as u32).map(FileId).collect();
    let of_files = |files: &[FileId]| -> Vec<Finding> {
        let types = Types::new(project, Some(azure()));
        let check = |&file: &FileId| {
            let problems = types.check(file).into_iter();
            problems.map(move |problem| finding(file, &problem))
        };
        files.iter().flat_map(check).collect()
    };
    let found: Vec<Vec<Finding>> = files.par_chunks(FILES_TOGETHER).map(of_files).collect();
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
        fixes: spelling(found, at).into_iter().collect(),
        ..problem(found.code(), found.to_string(), at)
    }
}

/// A property that only differs in letter case is that property: Azure does not tell them apart.
fn spelling(found: &Problem, at: Location) -> Option<Fix> {
    let (Kind::UnknownProperty(name, _), Some(meant)) = (&found.kind, &found.suggestion) else {
        return None;
    };
    name.eq_ignore_ascii_case(meant).then(|| Fix {
        title: format!("spell it `{meant}`"),
        applicability: Applicability::Safe,
        edits: vec![Edit::Rename {
            at,
            name: meant.clone(),
        }],
    })
}
