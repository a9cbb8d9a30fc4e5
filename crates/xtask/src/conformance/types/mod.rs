//! Resource types: what the catalogue says of them.

mod bodies;

use std::error::Error;
use std::path::Path;

use super::score::Score;
use super::tally::Tally;

/// Runs the cases of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    let mut tally = Tally::default();
    let bodies = bodies::answers(&folder.join("bodies.jsonl"), &mut tally)?;
    score.answers.extend(bodies);
    score.remarks = tally.lines();
    Ok(score)
}
