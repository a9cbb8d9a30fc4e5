//! The arguments. Their help texts are the reference of the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tricep_analyzer::FailOn;

use crate::format::Output;
use crate::parameters::Given;
use crate::resolve::Fact;

/// Source analyzer for Azure Bicep.
#[derive(Parser, Debug)]
#[command(name = "tricep", version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Analyze files and folders.
    Check(CheckArgs),
    /// Say what a rule means, why, and how to fix what it reports.
    Explain(ExplainArgs),
    /// Print the resources that a file would deploy, as JSON; what is not known says why.
    Resolve(ResolveArgs),
    /// Print what the parser says of files, one JSON document a line.
    Syntax(SyntaxArgs),
    /// Print a completion script.
    Completions {
        /// The shell it is for.
        shell: clap_complete::Shell,
    },
    /// Print a manual page.
    Man {
        /// The command it is about; all in short when left out.
        command: Option<String>,
    },
}

#[derive(Args, Debug)]
#[command(
    after_help = "Exit code: 0 nothing at or above --fail-on, 1 findings, \
                        2 bad usage, bad configuration or no input, 3 internal error or unreadable input"
)]
pub(crate) struct CheckArgs {
    /// Files and folders; `-` is standard input. Folders are searched for .bicep, .bicepparam and
    /// .parameters.json files, .gitignore respected.
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// A parameter file (.json or .bicepparam) or a value as NAME=VALUE for the one template that is
    /// named; may be repeated. Each file makes a deployment of its own, values count in all of them.
    #[arg(long, value_name = "FILE|NAME=VALUE", value_parser = Given::parse)]
    pub(crate) parameters: Vec<Given>,

    /// How to report, and the file to write to; may be repeated. Formats: human (the default),
    /// concise, json, jsonl, sarif, github (the default in GitHub Actions), azure, gitlab, junit, rdjson,
    /// html (a page to look at).
    #[arg(long = "format", value_name = "FORMAT[=FILE]")]
    pub(crate) formats: Vec<Output>,

    /// The severity from which findings make the exit code 1: error, warning, info, never. Without it
    /// `failOn` of bicepconfig.json, or else warning.
    #[arg(long, value_name = "SEVERITY", value_enum, hide_possible_values = true)]
    pub(crate) fail_on: Option<FailOnArg>,

    /// Outcomes to list beside failures.
    #[arg(long, value_name = "OUTCOME", value_enum, value_delimiter = ',')]
    pub(crate) show: Vec<ShowArg>,

    /// The file with the settings for tricep, under `analyzers.tricep`. Without it the bicepconfig.json
    /// nearest to each file, and those it extends.
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Use the settings for tricep of no file. Aliases of modules count all the same.
    #[arg(long)]
    pub(crate) no_config: bool,

    /// Print the settings that count for each file, and where each comes from, as JSON, and do nothing
    /// else.
    #[arg(long)]
    pub(crate) show_settings: bool,

    /// A file written by `--write-baseline`: failures that it knows are not reported.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all failures of this run to a file, so that later runs report new ones only.
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Run only these rules, by name or alias, whatever the configuration says.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Leave out these rules, by name or alias, or problems, by code.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// Make the fixes that are safe, and report what is left. With `-` the fixed text goes to standard
    /// output and the report to standard error.
    #[arg(long)]
    pub(crate) fix: bool,

    /// Let `--fix` and `--diff` make unsafe fixes too: those that change what is deployed.
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,

    /// Print what `--fix` would change, and change nothing; the exit code is 1 if there is anything.
    #[arg(long, conflicts_with = "formats")]
    pub(crate) diff: bool,

    /// Let the exit code be 1 when `--fix` has fixed anything, even if nothing is left.
    #[arg(long, requires = "fix")]
    pub(crate) exit_non_zero_on_fix: bool,

    /// Let parameter files read environment variables. Without it what they would read is unknown.
    #[arg(long)]
    pub(crate) allow_env: bool,

    /// Where the text on standard input stands.
    #[arg(long, value_name = "FILE")]
    pub(crate) stdin_filename: Option<PathBuf>,

    /// Where restored modules are; without it `cacheRootDirectory` of bicepconfig.json or `.bicep`
    /// in the home folder. It is only read.
    #[arg(long, value_name = "DIR")]
    pub(crate) module_cache: Option<PathBuf>,

    /// When to use colours.
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    pub(crate) color: ColorArg,

    /// In the format human, count what was found rule by rule in place of telling each finding.
    #[arg(long)]
    pub(crate) statistics: bool,

    /// Do not fail when there is no file to analyze.
    #[arg(long)]
    pub(crate) allow_no_input: bool,

    /// Exit with 0 even when there are findings.
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// The rule, by name or alias; all in short when left out.
    pub(crate) rule: Option<String>,

    /// How to print.
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    pub(crate) format: ExplainFormat,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Exit code: 0 the file was resolved, 1 it has errors, 2 bad usage, \
                        3 internal error or unreadable input"
)]
pub(crate) struct ResolveArgs {
    /// The template or parameter file to deploy.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// A parameter file (.json or .bicepparam) or a value as NAME=VALUE for the template; may be
    /// repeated. At most one is a file; values win over those of the file.
    #[arg(long, value_name = "FILE|NAME=VALUE", value_parser = Given::parse)]
    pub(crate) parameters: Vec<Given>,

    /// What is fixed about the deployment, as KEY=VALUE. Keys: subscriptionId, tenantId,
    /// resourceGroup, location, managementGroup, deploymentName (`Id` and `Name` may be left out).
    /// What is not given is known only while deploying.
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    pub(crate) metadata: Vec<Fact>,

    /// Let parameter files read environment variables. Without it what they would read is unknown.
    #[arg(long)]
    pub(crate) allow_env: bool,

    /// Where restored modules are; without it `cacheRootDirectory` of bicepconfig.json or `.bicep`
    /// in the home folder. It is only read.
    #[arg(long, value_name = "DIR")]
    pub(crate) module_cache: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct SyntaxArgs {
    /// Files and folders.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) paths: Vec<PathBuf>,

    /// Print the tokens too.
    #[arg(long)]
    pub(crate) tokens: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum FailOnArg {
    Error,
    Warning,
    Info,
    Never,
}

impl From<FailOnArg> for FailOn {
    fn from(arg: FailOnArg) -> Self {
        match arg {
            FailOnArg::Error => Self::Error,
            FailOnArg::Warning => Self::Warning,
            FailOnArg::Info => Self::Info,
            FailOnArg::Never => Self::Never,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum ShowArg {
    Pass,
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum, Debug)]
pub(crate) enum ExplainFormat {
    Text,
    Json,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn check(arguments: &[&str]) -> CheckArgs {
        let arguments = ["tricep", "check"].iter().chain(arguments);
        match Cli::try_parse_from(arguments).unwrap().command {
            Command::Check(args) => args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_working_directory_is_checked_when_nothing_is_named() {
        let args = check(&[]);
        assert_eq!(args.paths, [PathBuf::from(".")]);
        assert_eq!(args.fail_on, None);
    }

    #[test]
    fn lists_are_split_at_commas() {
        let args = check(&["--show", "pass,unknown", "--select=a,b", "--select", "c"]);
        assert_eq!(args.show, [ShowArg::Pass, ShowArg::Unknown]);
        assert_eq!(args.select, ["a", "b", "c"]);
    }

    #[test]
    fn a_dash_is_a_path() {
        let args = check(&["-", "--stdin-filename", "infra/x.bicep"]);
        assert_eq!(args.paths, [PathBuf::from("-")]);
    }
}
