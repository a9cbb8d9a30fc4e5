//! Exit codes, a promise to scripts, and what ends a run early.

use std::fmt;
use std::process::ExitCode;

/// How a run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// Nothing at or above the level that fails.
    Clean = 0,
    /// Something at or above it.
    Findings = 1,
    /// Bad usage or configuration, or no input.
    Usage = 2,
    /// An error of our own, or input that cannot be read.
    Internal = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a run cannot go on; the words are one line and say what to do.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// The person who called can mend it.
    Usage(String),
    /// The machine failed us.
    Io(String),
}

impl Failure {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Io(_) => Exit::Internal,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::Io(words) => f.write_str(words),
        }
    }
}
