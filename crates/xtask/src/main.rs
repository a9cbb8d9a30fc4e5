//! Chores of the repository: `cargo xtask CHORE`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::conformance;

/// Chores of the tricep repository.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_version_flag = true)]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Compare with what the reference compiler and the deployment engine say, and count.
    Conformance(conformance::Args),
}

fn main() -> ExitCode {
    let Args {
        chore: Chore::Conformance(args),
    } = Args::parse();
    match conformance::run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the chore speaks to a person")]
            {
                eprintln!("error: {error}");
            }
            ExitCode::from(2)
        }
    }
}
