//! The only place that writes: results to standard output or a file, all else to standard error.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anstream::AutoStream;

use crate::exit_code::Failure;

/// Writes to standard output. A reader that went away, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    print_bytes(text.as_bytes())
}

/// Writes bytes to standard output as [`print`] does.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    settled(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Writes coloured text to standard output, also where consoles do not speak ANSI.
pub(crate) fn print_colored(text: &str) -> Result<(), Failure> {
    let mut stdout = AutoStream::always(io::stdout().lock());
    settled(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    )
}

/// Writes a report to standard error, where standard output holds something else.
pub(crate) fn print_aside(text: &str, color: bool) {
    // When even that fails nobody is there to tell.
    let _ = match color {
        true => AutoStream::always(io::stderr().lock()).write_all(text.as_bytes()),
        false => io::stderr().lock().write_all(text.as_bytes()),
    };
}

fn settled(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Io(format!(
            "cannot write to standard output: {}",
            reason(&error)
        ))),
        _ => Ok(()),
    }
}

/// Why input or output failed, in words.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        kind => kind.to_string(),
    }
}

/// Writes a file.
pub(crate) fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| {
        Failure::Io(format!(
            "cannot write `{}`: {}",
            path.display(),
            reason(&error)
        ))
    })
}

/// Writes a line to standard error; when even that fails nobody is there to tell.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Tells of the first panic in one line.
pub(crate) fn complain_of_panic(panic: &PanicHookInfo<'_>) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if TOLD.swap(true, Ordering::Relaxed) {
        return;
    }
    let words = panic
        .payload_as_str()
        .unwrap_or("no words")
        .replace('\n', " ");
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    complain(&format!(
        "error: internal error: {words} ({place}); please report this at {}/issues",
        env!("CARGO_PKG_REPOSITORY")
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        assert_eq!(settled(Err(ErrorKind::BrokenPipe.into())), Ok(()));
        assert_eq!(
            settled(Err(ErrorKind::StorageFull.into())),
            Err(Failure::Io(
                "cannot write to standard output: no storage space".to_owned()
            ))
        );
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let failure = write_file(Path::new("no/such/folder/x"), "").unwrap_err();
        assert_eq!(
            failure.to_string(),
            "cannot write `no/such/folder/x`: no such file or folder"
        );
    }
}
