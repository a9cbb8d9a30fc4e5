//! `tricep check --fix` and `--diff`.

use std::collections::BTreeSet;
use std::path::Path;

use tricep_analyzer::CheckOptions;
use tricep_analyzer::fix::{self as analyzer, FixOptions, Fixed, unified_diff};

use crate::args::CheckArgs;
use crate::exit_code::{Exit, Failure};
use crate::os_file_system::OsFileSystem;
use crate::output;
use crate::rewrite::rewrite;

/// Fixes the files that were found. A text on standard input is fixed alone: who hands over one text
/// expects no other to change.
pub(crate) fn fix(
    files: &OsFileSystem,
    options: &CheckOptions,
    args: &CheckArgs,
    stdin: Option<&str>,
) -> Fixed {
    let fix_options = FixOptions {
        unsafe_fixes: args.unsafe_fixes,
        only: stdin.map(|path| BTreeSet::from([path.to_owned()])),
    };
    analyzer::fix(files, options, &fix_options)
}

/// Prints what would be changed.
pub(crate) fn show(fixed: &Fixed) -> Result<Exit, Failure> {
    let diffs = fixed.files.iter().map(|file| {
        let (before, after) = &file.shown;
        unified_diff(&file.path, before, after)
    });
    output::print(&diffs.collect::<String>())?;
    tell(fixed, "would fix");
    Ok(match (fixed.report.unreadable, fixed.files.is_empty()) {
        (0, true) => Exit::Clean,
        (0, false) => Exit::Findings,
        _ => Exit::Internal,
    })
}

/// Writes the new texts: that of standard input to standard output, changed or not.
pub(crate) fn write(
    root: &Path,
    files: &OsFileSystem,
    fixed: &Fixed,
    stdin: Option<&str>,
) -> Result<(), Failure> {
    let Some(stdin) = stdin else {
        return rewrite(root, &fixed.files);
    };
    match fixed.files.iter().find(|file| file.path == stdin) {
        Some(file) => output::print(&file.after),
        None => output::print_bytes(files.laid_over(stdin)),
    }
}

/// Says on standard error what was done, and what was not.
pub(crate) fn tell(fixed: &Fixed, did: &str) {
    for fix in &fixed.unfixed {
        output::complain(&format!(
            "not fixed: {}: {}: {}: {}",
            fix.path, fix.code, fix.title, fix.why
        ));
    }
    let files = fixed.files.len();
    let mut line = format!(
        "{did} {} in {}",
        count(fixed.fixed, "finding"),
        count(files, "file")
    );
    if fixed.unsafe_left > 0 {
        line += &format!(" ({} more with `--unsafe-fixes`)", fixed.unsafe_left);
    }
    output::complain(&line);
    if fixed.is_unfinished {
        output::complain("there is more to fix: run this again");
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The end of a run that fixed something.
pub(crate) fn exit(left: Exit, fixed: &Fixed, args: &CheckArgs) -> Exit {
    match left {
        Exit::Clean if args.exit_non_zero_on_fix && fixed.fixed > 0 => Exit::Findings,
        exit => exit,
    }
}
