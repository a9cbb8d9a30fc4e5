//! `tricep check`.

use std::env;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tricep_analyzer::report::{Report, Selection, Show};
use tricep_analyzer::{CheckOptions, Configuration, FailOn, ShownSettings, check, settings};
use tricep_rules::rules;

use crate::args::{CheckArgs, ShowArg};
use crate::exit_code::{Exit, Failure};
use crate::format::{self, Output, Style};
use crate::os_file_system::OsFileSystem;
use crate::progress::Bar;
use crate::walk::{self, Found};
use crate::{baseline, color, environment, fix, output, parameters};

/// Finds the files, has them analyzed, reports, and says how the run ends.
pub(crate) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let github = env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    let started = Instant::now();
    let outputs = format::outputs(&args.formats, github)?;
    let selection = selection(args)?;
    let root = working_directory()?;
    let mut files = OsFileSystem::new(root.clone());
    let mut found = find(args, &root, &mut files)?;
    let stdin = reads_stdin(args)
        .then(|| stdin_label(args, &root))
        .transpose()?;
    let parameters = parameters::files(&args.parameters, &root, &mut found)?;
    for line in &found.unreadable {
        output::complain(&format!("error: {line}"));
    }
    let configuration = configuration(args, &root)?;
    let environment = environment::of(&root, args.module_cache.as_deref(), configuration)?;
    let options = CheckOptions {
        files: found.files.into_iter().collect(),
        parameters,
        inputs: parameters::inputs(&args.parameters, args.allow_env),
        excludable: found.excludable,
        environment,
        rules: selection.selected(),
        ignored: selection.ignored(),
        progress: Arc::default(),
    };
    if args.show_settings {
        return show_settings(&settings(&files, &options, args.fail_on.map(FailOn::from)));
    }
    if args.fix || args.diff {
        let bar = Bar::start(&options.progress);
        let mut fixed = fix::fix(&files, &options, args, stdin.as_deref());
        drop(bar);
        fixed.report.unreadable += found.unreadable.len();
        if args.diff {
            return fix::show(&fixed);
        }
        fix::write(&root, &files, &fixed, stdin.as_deref())?;
        apply_baseline(args, &mut fixed.report)?;
        let style = style(args, &root, started.elapsed());
        let exit = report(args, &outputs, &style, &fixed.report, stdin.is_some())?;
        fix::tell(&fixed, "fixed");
        return Ok(fix::exit(exit, &fixed, args));
    }
    let bar = Bar::start(&options.progress);
    let mut checked = check(&files, &options);
    drop(bar);
    checked.unreadable += found.unreadable.len();
    if checked.excluded > 0 && checked.named == 0 && !args.allow_no_input {
        return Err(Failure::Usage(
            "the configuration excludes every file; if that is fine: `--allow-no-input`".to_owned(),
        ));
    }
    apply_baseline(args, &mut checked)?;
    let style = style(args, &root, started.elapsed());
    report(args, &outputs, &style, &checked, false)
}

/// Takes out what the baseline knows, and names what it knows in vain.
fn apply_baseline(args: &CheckArgs, report: &mut Report) -> Result<(), Failure> {
    for stale in baseline::apply(args, report)? {
        output::complain(&format!("note: {stale}"));
    }
    Ok(())
}

/// Writes a report in all formats; `aside`: standard output holds something else.
fn report(
    args: &CheckArgs,
    outputs: &[Output],
    style: &Style,
    report: &Report,
    aside: bool,
) -> Result<Exit, Failure> {
    for output in outputs {
        write(output, report, style, aside)?;
    }
    Ok(exit(report, args))
}

fn show_settings(settings: &ShownSettings) -> Result<Exit, Failure> {
    output::print(&settings.json)?;
    for problem in &settings.problems {
        output::complain(&format!("error: {problem}"));
    }
    Ok(match settings.problems.is_empty() {
        true => Exit::Clean,
        false => Exit::Usage,
    })
}

/// Which settings count. A file that is named must be there.
fn configuration(args: &CheckArgs, root: &Path) -> Result<Configuration, Failure> {
    let Some(file) = &args.config else {
        return Ok(match args.no_config {
            true => Configuration::Nothing,
            false => Configuration::Nearest,
        });
    };
    if !root.join(file).is_file() {
        let file = file.display();
        return Err(Failure::Usage(format!("there is no file `{file}`")));
    }
    let label = walk::label(root, file).map(Configuration::File);
    label.ok_or_else(|| Failure::Usage("`--config` must be UTF-8".to_owned()))
}

/// The folder that paths are relative to.
pub(crate) fn working_directory() -> Result<PathBuf, Failure> {
    env::current_dir().map_err(|error| {
        let reason = output::reason(&error);
        Failure::Io(format!("cannot tell the working directory: {reason}"))
    })
}

/// The rules chosen; problems of the text can be ignored by code.
fn selection(args: &CheckArgs) -> Result<Selection, Failure> {
    Selection::new(rules(), &args.select, &args.ignore)
        .map_err(|unknown| Failure::Usage(format!("{unknown}; `tricep explain` lists the rules")))
}

fn reads_stdin(args: &CheckArgs) -> bool {
    args.paths.iter().any(|path| path.as_os_str() == "-")
}

/// The files on disk, and standard input laid over the file it stands for.
fn find(args: &CheckArgs, root: &Path, files: &mut OsFileSystem) -> Result<Found, Failure> {
    let is_stdin = |path: &&PathBuf| path.as_os_str() == "-";
    let on_disk: Vec<_> = args
        .paths
        .iter()
        .filter(|path| !is_stdin(path))
        .cloned()
        .collect();
    let mut found = walk::find(root, &on_disk)?;
    if reads_stdin(args) {
        let label = stdin_label(args, root)?;
        files.lay_over(label.clone(), read_stdin()?);
        found.excludable.remove(&label);
        found.files.insert(label);
    } else if args.stdin_filename.is_some() {
        return Err(Failure::Usage(
            "`--stdin-filename` is for text on standard input: name `-` as a path".to_owned(),
        ));
    }
    if found.files.is_empty() && found.unreadable.is_empty() && !args.allow_no_input {
        return Err(Failure::Usage(no_input(&on_disk)));
    }
    Ok(found)
}

fn no_input(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths
        .iter()
        .map(|path| format!("`{}`", path.display()))
        .collect();
    format!(
        "no .bicep or .bicepparam file in {}; if that is fine: `--allow-no-input`",
        paths.join(", ")
    )
}

fn stdin_label(args: &CheckArgs, root: &Path) -> Result<String, Failure> {
    let path = args.stdin_filename.as_deref();
    walk::label(root, path.unwrap_or(Path::new("stdin.bicep")))
        .ok_or_else(|| Failure::Usage("`--stdin-filename` must be UTF-8".to_owned()))
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::Io(format!(
            "cannot read standard input: {}",
            output::reason(&error)
        ))),
    }
}

fn write(output: &Output, report: &Report, style: &Style, aside: bool) -> Result<(), Failure> {
    match &output.file {
        Some(file) => {
            let plain = Style {
                color: false,
                ..style.clone()
            };
            output::write_file(file, &output.format.render(report, &plain))
        }
        None if aside => {
            output::print_aside(&output.format.render(report, style), style.color);
            Ok(())
        }
        None if style.color => output::print_colored(&output.format.render(report, style)),
        None => output::print(&output.format.render(report, style)),
    }
}

fn style(args: &CheckArgs, root: &Path, elapsed: Duration) -> Style {
    let workspace = env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    Style {
        show: Show {
            pass: args.show.contains(&ShowArg::Pass),
            unknown: args.show.contains(&ShowArg::Unknown),
        },
        color: color::wanted(args.color),
        statistics: args.statistics,
        elapsed: Some(elapsed),
        folder: workspace.map_or_else(String::new, |workspace| folder_in(&workspace, root)),
    }
}

/// The working directory as seen from the workspace; nothing when it lies elsewhere.
fn folder_in(workspace: &Path, root: &Path) -> String {
    let inside = root.starts_with(workspace);
    let folder = inside.then(|| walk::label(workspace, root)).flatten();
    folder.unwrap_or_default()
}

fn exit(report: &Report, args: &CheckArgs) -> Exit {
    if report.unreadable > 0 {
        return Exit::Internal;
    }
    if report.misconfigured > 0 {
        return Exit::Usage;
    }
    match !args.exit_zero && report.fails(args.fail_on.map(FailOn::from)) {
        true => Exit::Findings,
        false => Exit::Clean,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn args(arguments: &[&str]) -> CheckArgs {
        let arguments = ["tricep", "check"].iter().chain(arguments);
        match Cli::try_parse_from(arguments).unwrap().command {
            Command::Check(args) => args,
            other => panic!("{other:?}"),
        }
    }

    fn found(arguments: &[&str]) -> Result<Found, Failure> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        find(&args(arguments), root, &mut OsFileSystem::new(root.into()))
    }

    #[test]
    fn a_folder_without_bicep_is_bad_usage_unless_allowed() {
        assert_eq!(
            found(&["src"]).unwrap_err(),
            Failure::Usage(
                "no .bicep or .bicepparam file in `src`; if that is fine: `--allow-no-input`"
                    .to_owned()
            )
        );
        assert!(
            found(&["src", "--allow-no-input"])
                .unwrap()
                .files
                .is_empty()
        );
    }

    #[test]
    fn the_name_of_standard_input_needs_standard_input() {
        let failure = found(&["Cargo.toml", "--stdin-filename", "a.bicep"]).unwrap_err();
        assert_eq!(failure.exit(), Exit::Usage);
    }

    #[test]
    fn standard_input_has_a_name() {
        let root = Path::new("/home");
        assert_eq!(stdin_label(&args(&["-"]), root).unwrap(), "stdin.bicep");
        let named = args(&["-", "--stdin-filename", "./infra/x.bicep"]);
        assert_eq!(stdin_label(&named, root).unwrap(), "infra/x.bicep");
    }

    #[test]
    fn the_folder_is_that_of_the_workspace() {
        let folder = |root| folder_in(Path::new("/w/repo"), Path::new(root));
        assert_eq!(folder("/w/repo"), "");
        assert_eq!(folder("/w/repo/infra/prod"), "infra/prod");
        assert_eq!(folder("/w/other"), "");
    }

    #[test]
    fn unknown_rules_are_bad_usage() {
        let failure = selection(&args(&["--select", "nonsense"])).unwrap_err();
        assert_eq!(
            failure,
            Failure::Usage("unknown rule `nonsense`; `tricep explain` lists the rules".to_owned())
        );
    }

    #[test]
    fn unreadable_input_outweighs_findings() {
        let report = Report {
            unreadable: 1,
            ..Report::default()
        };
        assert_eq!(exit(&report, &args(&["--exit-zero"])), Exit::Internal);
        assert_eq!(exit(&Report::default(), &args(&[])), Exit::Clean);
    }
}
