//! ARM templates and their expressions: what the engine inside the compiler makes of them.

mod cases;
mod expressions;

use std::error::Error;
use std::path::Path;

use tricep_semantic::resolve::{Data, Item};

use super::score::{Outcome, Score};
use super::snapshots::compare::Leaves;

/// Runs `expressions.jsonl` and `cases.jsonl` of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    for line in lines(&folder.join("expressions.jsonl"))? {
        let case = serde_json::from_str(&line)?;
        score.answers.extend(expressions::answers(&case));
    }
    for line in lines(&folder.join("cases.jsonl"))? {
        let case = serde_json::from_str(&line)?;
        score.answers.extend(cases::answers(&case));
    }
    Ok(score)
}

fn lines(file: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(str::to_owned).collect())
}

/// Why evaluating a value fails, if something in it does.
fn failure(data: &Data) -> Option<String> {
    match data {
        Data::Unknown(unknown) if unknown.why.stops() => Some(unknown.why.to_string()),
        Data::List(items) => items.iter().find_map(|item| match item {
            Item::One(item) => failure(item),
            Item::Rest { unknown, .. } => failure(&Data::Unknown(unknown.clone())),
        }),
        Data::Object { entries, .. } => entries.iter().find_map(|(_, value)| failure(value)),
        Data::Secret(inner) => failure(inner),
        _ => None,
    }
}

/// What a comparison comes to.
fn outcome(leaves: &Leaves) -> (Outcome, String) {
    if let Some(wrong) = leaves.wrong.first() {
        return (Outcome::Wrong, wrong.clone());
    }
    let unknown = leaves
        .places
        .iter()
        .find(|place| place.starts_with("unknown"));
    match unknown {
        Some(unknown) => (Outcome::Unknown, unknown.clone()),
        None => (Outcome::Right, leaves.places.join("; ")),
    }
}
