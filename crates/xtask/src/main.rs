//! Chores of the repository: `cargo xtask CHORE`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{catalogue, conformance, docs};

/// Chores of the tricep repository.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_version_flag = true)]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Make the catalogue of resource types from the raw files, or compare it with them.
    Catalogue(catalogue::Args),
    /// Compare with what the reference compiler and the deployment engine say, and count.
    Conformance(conformance::Args),
    /// Make the source of the book, with a page for each rule.
    Docs(docs::Args),
}

fn main() -> ExitCode {
    let done = match Args::parse().chore {
        Chore::Catalogue(args) => catalogue::run(&args),
        Chore::Conformance(args) => conformance::run(&args),
        Chore::Docs(args) => docs::run(&args),
    };
    match done {
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
