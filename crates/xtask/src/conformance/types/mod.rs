//! Resource types: what the catalogue says of them, and what is wrong with bodies.

mod bodies;
mod lookups;
mod path;

use std::error::Error;
use std::path::Path;

use super::score::Score;
use super::tally::Tally;

/// Runs the cases of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    score
        .answers
        .extend(lookups::answers(&folder.join("lookups.tsv"))?);
    let mut tally = Tally::default();
    let bodies = bodies::answers(&folder.join("bodies.jsonl"), &mut tally)?;
    score.answers.extend(bodies);
    score.remarks = tally.lines();
    Ok(score)
}
