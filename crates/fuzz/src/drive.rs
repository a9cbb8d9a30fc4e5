//! The program that fuzzes without libFuzzer: `TARGET SECONDS [FOLDER]...` runs a target on mutants of
//! the files in the folders until the time is over, a mutant panics, or one takes too long.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::mutate::Mutants;

/// What no text of a few KB may take, however slow the machine.
const TOO_LONG: Duration = Duration::from_secs(10);

/// A committed folder of seeds.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("seeds")
        .join(name)
}

/// The files in the folders, in the order of their names.
#[must_use]
pub fn seeds(folders: &[PathBuf]) -> Vec<Vec<u8>> {
    let entries = folders
        .iter()
        .filter_map(|folder| fs::read_dir(folder).ok());
    let mut paths: Vec<_> = entries
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .collect()
}

/// Runs the program around a target.
#[must_use]
pub fn main(target: fn(&[u8])) -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|seconds| seconds.parse().ok());
    let folders: Vec<_> = arguments.map(PathBuf::from).collect();
    let seeds = seeds(&folders);
    let (Some(seconds), false) = (seconds, seeds.is_empty()) else {
        eprintln!("usage: TARGET SECONDS FOLDER...");
        return ExitCode::from(2);
    };
    let number = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(1, |since| since.as_millis() as u64);
    run(
        target,
        Mutants::new(seeds, number),
        Duration::from_secs(seconds),
    )
}

fn run(target: fn(&[u8]), mut mutants: Mutants, time: Duration) -> ExitCode {
    let start = Instant::now();
    let mut runs: u64 = 0;
    while start.elapsed() < time {
        let text = mutants.next_text();
        let before = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| target(&text)));
        if result.is_err() || before.elapsed() > TOO_LONG {
            let path = std::env::temp_dir().join("tricep-fuzz-finding");
            let kept = fs::write(&path, &text);
            eprintln!("finding, {kept:?} in {}", path.display());
            return ExitCode::FAILURE;
        }
        runs += 1;
    }
    println!("{runs} runs without a finding");
    ExitCode::SUCCESS
}
