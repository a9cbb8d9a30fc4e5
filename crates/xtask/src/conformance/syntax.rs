//! Texts, valid and broken: the same ones must be accepted, with the same diagnostics.

use std::error::Error;
use std::path::Path;

use serde::Deserialize;
use tricep_syntax::bicep::{Dialect, parse};

use super::score::{Answer, Outcome, Score};

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    text: String,
    syntax: Vec<(String, String, u32, u32)>,
}

/// Runs `cases.jsonl` of a folder. A text counts as right when it is accepted or refused as the
/// compiler does; how many have exactly the compiler's list of diagnostics is a remark.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let text = std::fs::read_to_string(folder.join("cases.jsonl"))?;
    let mut score = Score::default();
    let mut exact = 0;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let case: Case = serde_json::from_str(line)?;
        let dialect = if case.kind == "bicepparam" {
            Dialect::Params
        } else {
            Dialect::Bicep
        };
        let parsed = parse(case.text.as_str(), dialect);
        let mut found: Vec<(String, u32, u32)> = parsed
            .errors()
            .iter()
            .map(|error| {
                (
                    error.kind.code().to_owned(),
                    error.span.start,
                    error.span.end,
                )
            })
            .collect();
        let mut expected: Vec<(String, u32, u32)> = case
            .syntax
            .iter()
            .map(|(code, _, start, end)| (code.clone(), *start, *end))
            .collect();
        found.sort();
        expected.sort();
        exact += usize::from(found == expected);
        let right = found.is_empty() == expected.is_empty();
        score.answers.push(Answer {
            topic: case.id.split('/').next().unwrap_or_default().to_owned(),
            outcome: if right {
                Outcome::Right
            } else {
                Outcome::Wrong
            },
            detail: format!("{:?}: expected {expected:?}, found {found:?}", case.text),
            id: case.id,
        });
    }
    score.remarks.push(format!(
        "{exact} of {} texts have exactly the expected diagnostics",
        score.answers.len()
    ));
    Ok(score)
}
