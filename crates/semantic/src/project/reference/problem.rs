//! What the compiler has against the path of a module, and how to mend it.

use super::PathProblem;

/// Something wrong with a reference; always of level error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReferenceProblem {
    /// The compiler's code.
    pub code: &'static str,
    /// What is wrong, lower case, no full stop.
    pub message: String,
    /// How to mend it, in one line.
    pub fix: String,
}

impl ReferenceProblem {
    /// A problem.
    pub(super) fn new(
        code: &'static str,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            fix: fix.into(),
        }
    }

    pub(super) fn unknown_scheme(scheme: &str) -> Self {
        Self::new(
            "BCP189",
            format!("`{scheme}:` is no kind of module"),
            "write a relative path, or `br:`, `br/alias:`, `ts:` or `ts/alias:` before the module",
        )
    }

    /// The compiler's own name for mapped aliases, not for use in files.
    pub(super) fn mock_scheme() -> Self {
        Self::new(
            "BCP449",
            "`br-mock` cannot be written in a file",
            "write `br/alias:` and map the alias in `moduleAliasesMock` of bicepconfig.json",
        )
    }

    pub(super) fn alias_name(alias: &str) -> Self {
        Self::new(
            "BCP211",
            format!("`{alias}` is no name of an alias"),
            "use letters, digits, `-` and `_` only",
        )
    }
}

impl From<PathProblem> for ReferenceProblem {
    fn from(problem: PathProblem) -> Self {
        Self::new(problem.code(), problem.to_string(), problem.fix())
    }
}
