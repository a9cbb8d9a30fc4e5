//! `tricep syntax`.

use tricep_analyzer::FileSystem as _;
use tricep_analyzer::report::syntax;
use tricep_syntax::bicep::{Dialect, parse};

use crate::args::SyntaxArgs;
use crate::check::working_directory;
use crate::exit_code::{Exit, Failure};
use crate::os_file_system::OsFileSystem;
use crate::{output, walk};

/// Prints a line per file. Syntax errors are what is asked for, so they do not fail the run.
pub(crate) fn run(args: &SyntaxArgs) -> Result<Exit, Failure> {
    let root = working_directory()?;
    let found = walk::find(&root, &args.paths)?;
    let files = OsFileSystem::new(root);
    let mut unreadable = found.unreadable;
    for label in &found.files {
        match text(&files, label) {
            Ok(text) => {
                let parsed = parse(text, Dialect::of_path(label));
                output::print(&syntax::render(label, &parsed, args.tokens))?;
            }
            Err(why) => unreadable.push(format!("cannot read `{label}`: {why}")),
        }
    }
    for line in &unreadable {
        output::complain(&format!("error: {line}"));
    }
    Ok(if unreadable.is_empty() {
        Exit::Clean
    } else {
        Exit::Internal
    })
}

fn text(files: &OsFileSystem, label: &str) -> Result<String, String> {
    let bytes = files.read(label).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf_8_is_text() {
        let mut files = OsFileSystem::new("/".into());
        files.lay_over("a".to_owned(), vec![0xff]);
        files.lay_over("b".to_owned(), b"param x int".to_vec());
        assert!(text(&files, "a").is_err());
        assert_eq!(text(&files, "b").unwrap(), "param x int");
    }
}
