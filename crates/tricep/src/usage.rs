//! Answers of the argument parser: help in full, errors in two lines.

use std::env;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Error};

use crate::args::Cli;

use crate::exit_code::Exit;
use crate::output;

/// Prints what the parser wants to say and ends the run.
pub(crate) fn answer(error: &Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = error.print();
            Exit::Clean
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            Exit::Usage
        }
        _ => {
            let called = env::args().nth(1).unwrap_or_default();
            output::complain(&short(&error.render().to_string(), &called));
            Exit::Usage
        }
    }
}

/// What is wrong on one line, where to read on another; `called` is the first argument.
fn short(text: &str, called: &str) -> String {
    let wrong = text
        .lines()
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let wrong = wrong.collect::<Vec<_>>().join(" ").replace(" tip: ", "; ");
    let known = Cli::command().find_subcommand(called).is_some();
    let command = if known {
        format!(" {called}")
    } else {
        String::new()
    };
    format!("{wrong}\nfor help: `tricep{command} --help`")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn error(arguments: &[&str]) -> String {
        let called = arguments[0];
        let arguments = ["tricep"].iter().chain(arguments);
        let error = Cli::try_parse_from(arguments).unwrap_err();
        short(&error.render().to_string(), called)
    }

    #[test]
    fn errors_have_two_lines() {
        assert_eq!(
            error(&["check", "--format", "xml"]),
            "error: invalid value 'xml' for '--format <FORMAT[=FILE]>': there is no format `xml`, \
             only human, concise, json, jsonl, sarif, github, azure, gitlab, junit, rdjson, html\n\
             for help: `tricep check --help`"
        );
        assert_eq!(
            error(&["syntax"]),
            "error: the following required arguments were not provided: <FILE>...\n\
             for help: `tricep syntax --help`"
        );
        assert_eq!(
            error(&["chek"]),
            "error: unrecognized subcommand 'chek'; a similar subcommand exists: 'check'\n\
             for help: `tricep --help`"
        );
        assert_eq!(error(&["check", "--fail-on", "x"]).lines().count(), 2);
    }
}
