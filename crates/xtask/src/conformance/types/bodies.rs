//! Bodies of resources, sound and damaged: the same problems at the same places.
//!
//! Enters: `bodies.jsonl` of the oracle, pairs of a clean text and a damaged one. Leaves: an answer
//! for each text, right when the compiler's diagnostics with codes of ours are exactly our problems.
//! A clean text that we complain about is a false alarm and always wrong.

use std::error::Error;
use std::path::Path;

use serde::Deserialize;
use tricep_analyzer::{CheckOptions, MemoryFileSystem, check};
use tricep_semantic::types::CODES;

use crate::conformance::score::{Answer, Outcome};
use crate::conformance::tally::{Diagnostic, Tally};

#[derive(Deserialize)]
struct Case {
    id: String,
    text: String,
    expect: Vec<Diagnostic>,
}

/// Runs the cases of a file; the tally is for the remarks.
pub(super) fn answers(file: &Path, tally: &mut Tally) -> Result<Vec<Answer>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let mut answers = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let mut case: Case = serde_json::from_str(line)?;
        case.expect.retain(|(code, ..)| CODES.contains(&&**code));
        let found = problems(&case.text);
        tally.add(&case.expect, &found);
        answers.push(case.answer(&found));
    }
    Ok(answers)
}

/// What we say of a text, with codes of the compiler's.
fn problems(text: &str) -> Vec<Diagnostic> {
    const NAME: &str = "main.bicep";
    let mut files = MemoryFileSystem::default();
    files.insert(NAME, text);
    let report = check(
        &files,
        &CheckOptions {
            files: vec![NAME.to_owned()],
            rules: Some(vec!["aks-authorized-ip-ranges"]),
            ..CheckOptions::default()
        },
    );
    let found = report.findings.iter().filter(|f| CODES.contains(&f.code));
    let mut found: Vec<Diagnostic> = found
        .map(|f| {
            let (code, level) = (f.code.to_owned(), f.severity.name().to_owned());
            (code, level, f.at.span.start, f.at.span.end)
        })
        .collect();
    found.sort_by(|a, b| (a.2, a.3, &a.0).cmp(&(b.2, b.3, &b.0)));
    found
}

impl Case {
    fn answer(&self, found: &[Diagnostic]) -> Answer {
        let expected = &self.expect;
        Answer {
            topic: if self.id.ends_with("-clean") {
                "clean body".to_owned()
            } else {
                "damaged body".to_owned()
            },
            outcome: if expected == found {
                Outcome::Right
            } else {
                Outcome::Wrong
            },
            detail: format!("{}\nexpected {expected:?}, found {found:?}", self.text),
            id: self.id.clone(),
        }
    }
}
