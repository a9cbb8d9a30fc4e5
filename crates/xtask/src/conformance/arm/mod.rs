//! ARM templates and their expressions: what the engine inside the compiler makes of them.

mod expressions;

use std::error::Error;
use std::path::Path;

use super::score::Score;

/// Runs `expressions.jsonl` of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    for line in lines(&folder.join("expressions.jsonl"))? {
        let case = serde_json::from_str(&line)?;
        score.answers.extend(expressions::answers(&case));
    }
    Ok(score)
}

fn lines(file: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(str::to_owned).collect())
}
