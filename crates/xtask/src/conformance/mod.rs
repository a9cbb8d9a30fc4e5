//! `cargo xtask conformance PART [--cases DIR]`: counts how tricep answers the cases of the oracle,
//! which are answers of the reference compiler and the deployment engine (0.49.2).
//!
//! Without `--cases` the cases in `tests/oracle/PART` are used and the score file
//! `tests/conformance/PART.tsv` is rewritten; a test holds that no case counted right is lost.
//!
//! `cargo xtask conformance diagnostics --cases DIR --avm CHECKOUT --samples CHECKOUT` compares with
//! tables of diagnostics of real repositories, and rewrites `tests/conformance/diagnostics.tsv`.
//!
//! `cargo xtask conformance snapshots --cases DIR --avm CHECKOUT --samples CHECKOUT` expands whole
//! deployments and rewrites the totals in `tests/conformance/snapshots.tsv`.
//!
//! `cargo xtask conformance twins --avm CHECKOUT` expands each `main.bicep` of a checkout and the
//! `main.json` beside it, and rewrites the totals in `tests/conformance/twins.tsv`; the table
//! `avm-twins.tsv` of `--cases` says which of these pairs are known to differ.
//!
//! `cargo xtask conformance syntax --samples CHECKOUT` also compares with the annotated samples in a
//! checkout of the compiler's repository, and rewrites `tests/conformance/samples.tsv`.

mod arm;
mod diagnostics;
mod eval;
mod score;
mod snapshots;
mod syntax;
mod tally;
mod twins;
mod types;

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
    /// The absolute path of the cache that registry modules come from.
    #[arg(long, value_name = "DIR", requires = "avm")]
    module_cache: Option<PathBuf>,
    /// A checkout of the registry modules, its tokens filled in.
    #[arg(long, value_name = "CHECKOUT")]
    avm: Option<PathBuf>,
    /// A checkout of the reference compiler's repository, for its samples.
    #[arg(long, value_name = "CHECKOUT")]
    samples: Option<PathBuf>,
    /// The commit of the checkout, if it has no `.git` to tell.
    #[arg(long, value_name = "HASH", requires = "samples")]
    commit: Option<String>,
    /// A folder of Bicep files that are all known to be free of syntax errors.
    #[arg(long, value_name = "DIR")]
    clean: Option<PathBuf>,
}

/// A part of the oracle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Part {
    /// ARM templates and their expressions.
    Arm,
    /// Values of expressions.
    Eval,
    /// Diagnostics of the lexer and the parser.
    Syntax,
    /// Resource types.
    Types,
    /// Problems of values in real repositories.
    Diagnostics,
    /// Whole deployments. The engine's snapshots are not part of this repository: `--cases` says
    /// where they are, `--avm` and `--samples` where the deployments are.
    Snapshots,
    /// Modules in Bicep against the ARM templates that were compiled from them.
    Twins,
}

impl Part {
    /// The name of its folder and score file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Arm => "arm",
            Self::Eval => "eval",
            Self::Syntax => "syntax",
            Self::Types => "types",
            Self::Diagnostics => "diagnostics",
            Self::Snapshots => "snapshots",
            Self::Twins => "twins",
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
        Part::Arm => arm::score(cases),
        Part::Eval => eval::score(cases),
        Part::Syntax => syntax::score(cases),
        Part::Types => types::score(cases),
        Part::Diagnostics => Err("`diagnostics` needs `--cases` and `--avm` or `--samples`".into()),
        Part::Snapshots | Part::Twins => Err("this part has totals only".into()),
    }
}

/// Runs the chore; false when something is wrong that should not be.
///
/// # Errors
/// When cases or score files cannot be read or written.
pub fn run(args: &Args) -> Result<bool, Box<dyn Error>> {
    if args.part == Part::Diagnostics {
        return run_diagnostics(args);
    }
    if args.part == Part::Snapshots {
        return run_snapshots(args);
    }
    if args.part == Part::Twins {
        return run_twins(args);
    }
    if args.part != Part::Syntax && (args.samples.is_some() || args.clean.is_some()) {
        return Err("only `syntax` takes `--samples` and `--clean`".into());
    }
    let mut right = run_cases(args)?;
    if let Some(checkout) = &args.samples {
        right &= run_samples(checkout, args.commit.as_deref())?;
    }
    if let Some(folder) = &args.clean {
        right &= run_clean(folder, args.misses)?;
    }
    Ok(right)
}

/// Compares with the diagnostics of real repositories; right when there is no false alarm.
fn run_diagnostics(args: &Args) -> Result<bool, Box<dyn Error>> {
    let tables = args
        .cases
        .as_deref()
        .ok_or("`diagnostics` needs `--cases`")?;
    let corpora = [("avm", &args.avm), ("samples", &args.samples)];
    let mut file = "corpus\tcode\tsame\tmissing\textra\n".to_owned();
    let mut right = true;
    for (corpus, checkout) in corpora {
        let Some(checkout) = checkout else { continue };
        let comparison =
            diagnostics::compare(tables, corpus, checkout, args.module_cache.as_deref())?;
        say(&comparison.report(args.misses));
        say(&comparison.table());
        file.push_str(&comparison.table());
        right &= comparison.has_no_false_alarm();
    }
    if args.avm.is_some() && args.samples.is_some() {
        write(args.part.name(), &file)?;
    }
    Ok(right)
}

fn run_cases(args: &Args) -> Result<bool, Box<dyn Error>> {
    let own = root().join("tests/oracle").join(args.part.name());
    let cases = args.cases.as_deref().unwrap_or(&own);
    let score = score(args.part, cases)?;
    say(&score.report(args.misses));
    if args.cases.is_none() {
        write(args.part.name(), &score.to_file())?;
    }
    Ok(score.count(Outcome::Wrong) == 0)
}

fn run_snapshots(args: &Args) -> Result<bool, Box<dyn Error>> {
    let cases = args.cases.as_deref().ok_or("`snapshots` needs `--cases`")?;
    let sources = [
        (&args.avm, "avm-snapshots.jsonl"),
        (&args.samples, "samples-snapshots.jsonl"),
    ];
    let (mut right, mut file) = (true, String::new());
    for (checkout, snapshots) in sources {
        if let Some(checkout) = checkout {
            let totals = snapshots::run(
                checkout,
                &cases.join(snapshots),
                args.module_cache.as_deref(),
            )?;
            say(&totals.report(args.misses));
            file.push_str(&totals.to_file());
            right &= totals.is_right();
        }
    }
    if args.avm.is_some() && args.samples.is_some() {
        write(args.part.name(), &file)?;
    }
    Ok(right)
}

fn run_twins(args: &Args) -> Result<bool, Box<dyn Error>> {
    let checkout = args.avm.as_deref().ok_or("`twins` needs `--avm`")?;
    let table = args.cases.as_ref().map(|cases| cases.join("avm-twins.tsv"));
    let totals = twins::run(checkout, table.as_deref(), args.module_cache.as_deref())?;
    say(&totals.report(args.misses));
    write(args.part.name(), &totals.to_file())?;
    Ok(totals.is_right())
}

fn run_samples(checkout: &Path, commit: Option<&str>) -> Result<bool, Box<dyn Error>> {
    let samples = syntax::samples::run(checkout, commit)?;
    say(&samples.to_file());
    write("samples", &samples.to_file())?;
    Ok(samples.is_exact())
}

fn run_clean(folder: &Path, misses: usize) -> Result<bool, Box<dyn Error>> {
    let (right, all, failures) = syntax::samples::clean(folder)?;
    for failure in failures.iter().take(misses) {
        say(&format!("wrong {failure}\n"));
    }
    let folder = folder.display();
    say(&format!(
        "# files of {folder} without a diagnostic: {right} of {all}\n"
    ));
    Ok(right == all)
}

#[expect(clippy::print_stdout, reason = "the chore speaks to a person")]
fn say(text: &str) {
    print!("{text}");
}

fn write(name: &str, text: &str) -> Result<(), Box<dyn Error>> {
    let file = score_path(name);
    std::fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
    Ok(std::fs::write(file, text)?)
}

/// The committed score of a part.
#[must_use]
pub fn score_file(part: Part) -> PathBuf {
    score_path(part.name())
}

fn score_path(name: &str) -> PathBuf {
    root().join("tests/conformance").join(format!("{name}.tsv"))
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
