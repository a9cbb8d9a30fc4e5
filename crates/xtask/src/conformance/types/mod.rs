//! Resource types: what the catalogue says of them.

mod lookups;
mod path;

use std::error::Error;
use std::path::Path;

use super::score::Score;

/// Runs the cases of a folder.
pub(super) fn score(folder: &Path) -> Result<Score, Box<dyn Error>> {
    let mut score = Score::default();
    score
        .answers
        .extend(lookups::answers(&folder.join("lookups.tsv"))?);
    Ok(score)
}
