//! The `tricep` command: reads arguments, calls the analyzer, prints.

mod args;
mod baseline;
mod check;
mod color;
mod environment;
mod exit_code;
mod explain;
mod fix;
mod format;
mod man;
mod os_file_system;
mod output;
mod parameters;
mod progress;
mod resolve;
mod rewrite;
mod syntax;
mod usage;
mod walk;

use std::panic;
use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser as _;
use exit_code::{Exit, Failure};

fn main() -> ExitCode {
    panic::set_hook(Box::new(output::complain_of_panic));
    panic::catch_unwind(run).unwrap_or(Exit::Internal).into()
}

fn run() -> Exit {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => return usage::answer(&error),
    };
    match execute(&command) {
        Ok(exit) => exit,
        Err(failure) => {
            output::complain(&format!("error: {failure}"));
            failure.exit()
        }
    }
}

fn execute(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Resolve(args) => resolve::run(args),
        Command::Syntax(args) => syntax::run(args),
        Command::Completions { shell } => man::completions(*shell),
        Command::Man { command } => man::page(command.as_deref()),
    }
}
