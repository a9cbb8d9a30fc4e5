//! Writes the files that were fixed: all that can go wrong is tried before the first is touched, and
//! each goes from its old text to its new one in one step.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use tricep_analyzer::fix::FixedFile;

use crate::exit_code::Failure;
use crate::output::reason;

/// Writes the new texts; paths are relative to `root`.
pub(crate) fn rewrite(root: &Path, files: &[FixedFile]) -> Result<(), Failure> {
    let prepared = files.iter().map(|file| {
        prepare(&root.join(&file.path), file).map_err(|error| cannot(&file.path, &error))
    });
    let prepared = prepared.collect::<Result<Vec<_>, _>>()?;
    for (file, Prepared { new, target }) in files.iter().zip(prepared) {
        let kept = new.persist(target);
        kept.map_err(|error| cannot(&file.path, &error.error))?;
    }
    Ok(())
}

fn cannot(path: &str, error: &io::Error) -> Failure {
    let why = match error.get_ref() {
        Some(own) => own.to_string(),
        None => reason(error),
    };
    Failure::Io(format!("cannot write `{path}`: {why}"))
}

/// The new text beside the file that it is to become.
struct Prepared {
    new: NamedTempFile,
    target: PathBuf,
}

fn prepare(path: &Path, file: &FixedFile) -> io::Result<Prepared> {
    // A link stays one: what it leads to is written.
    let target = fs::canonicalize(path)?;
    let permissions = fs::metadata(&target)?.permissions();
    // A new file in its place could be written all the same, which nobody would expect.
    if permissions.readonly() {
        return Err(io::Error::other("it is read-only"));
    }
    OpenOptions::new().write(true).open(&target)?;
    if fs::read(&target)? != file.before.as_bytes() {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    let folder = target.parent().unwrap_or(Path::new("/"));
    let mut new = tempfile::Builder::new()
        .prefix(".tricep-")
        .tempfile_in(folder)?;
    new.write_all(file.after.as_bytes())?;
    new.as_file().set_permissions(permissions)?;
    new.as_file().sync_all()?;
    Ok(Prepared { new, target })
}
