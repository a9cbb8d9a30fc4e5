//! Completion scripts and manual pages, made from the arguments.

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::args::Cli;
use crate::exit_code::{Exit, Failure};
use crate::output;

/// Prints the completion script for a shell.
pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "tricep", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

/// Prints the manual page of the program or of one of its commands.
pub(crate) fn page(command: Option<&str>) -> Result<Exit, Failure> {
    output::print(&render(command)?)?;
    Ok(Exit::Clean)
}

fn render(command: Option<&str>) -> Result<String, Failure> {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    let subject = match command {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            Failure::Usage(format!("there is no command `{name}`; see `tricep --help`"))
        })?,
    };
    let name = command.map_or("tricep".to_owned(), |command| format!("tricep-{command}"));
    let mut page = Vec::new();
    clap_mangen::Man::new(subject)
        .title(name)
        .source(concat!("tricep ", env!("CARGO_PKG_VERSION")))
        .render(&mut page)
        .map_err(|error| Failure::Io(format!("cannot make the page: {error}")))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        assert!(render(None).unwrap().contains("check"));
        assert!(render(Some("check")).unwrap().contains("fail\\-on"));
        assert!(render(Some("nonsense")).is_err());
    }
}
