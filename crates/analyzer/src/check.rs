//! Checks a set of files.

use crate::FileSystem;
use crate::report::Report;

/// What to check and how.
#[derive(Clone, Default, Debug)]
pub struct CheckOptions {
    /// The files to judge, as paths of the file system.
    pub files: Vec<String>,
}

/// Reads, evaluates and judges the files and what they reach.
#[must_use]
pub fn check(_file_system: &dyn FileSystem, _options: &CheckOptions) -> Report {
    Report::default()
}
