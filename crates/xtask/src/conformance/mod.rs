//! `cargo xtask conformance PART [--cases DIR]`: counts how tricep answers the cases of the oracle,
//! which are answers of the reference compiler and the deployment engine (0.49.2).
//!
//! Without `--cases` the cases in `tests/oracle/PART` are used and the score file
//! `tests/conformance/PART.tsv` is rewritten; a test holds that no case counted right is lost.

mod eval;
mod score;
mod syntax;

use std::error::Error;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

pub use score::{Answer, Outcome, Score};

/// What to compare.
#[derive(clap::Args)]
pub struct Args {
    /// Which part of the oracle.
    part: Part,
    /// A folder with other cases in the same format.
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// How many misses of each kind to print.
    #[arg(long, default_value_t = 10)]
    misses: usize,
}

/// A part of the oracle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Part {
    /// Values of expressions.
    Eval,
    /// Diagnostics of the lexer and the parser.
    Syntax,
}

impl Part {
    /// The name of its folder and score file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Eval => "eval",
            Self::Syntax => "syntax",
        }
    }
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// Runs the cases of a part.
///
/// # Errors
/// When the cases cannot be read.
pub fn score(part: Part, cases: &Path) -> Result<Score, Box<dyn Error>> {
    match part {
        Part::Eval => eval::score(cases),
        Part::Syntax => syntax::score(cases),
    }
}

/// Runs the chore; false when something is wrong that should not be.
///
/// # Errors
/// When cases or score files cannot be read or written.
pub fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    let own = root().join("tests/oracle").join(args.part.name());
    let cases = args.cases.as_deref().unwrap_or(&own);
    let score = score(args.part, cases)?;
    #[expect(clippy::print_stdout, reason = "the chore speaks to a person")]
    {
        print!("{}", score.report(args.misses));
    }
    if args.cases.is_none() {
        let file = score_file(args.part);
        std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(&file, score.to_file())?;
    }
    Ok(score.count(Outcome::Wrong) == 0)
}

/// The committed score of a part.
#[must_use]
pub fn score_file(part: Part) -> PathBuf {
    root()
        .join("tests/conformance")
        .join(format!("{}.tsv", part.name()))
}

/// The lines of every `.jsonl` file of a folder, files sorted by name.
fn json_lines(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(|error| format!("cannot read {}: {error}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        lines.extend(
            text.lines()
                .filter(|line| !line.trim().is_empty())
                .map(str::to_owned),
        );
    }
    Ok(lines)
}
