//! Paths of files: what the compiler refuses before it looks for the file.

use std::fmt;

/// What the compiler has against the path of a file, which must be relative.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PathProblem {
    /// It is the empty text.
    Empty,
    /// It starts with `/` or a drive letter.
    Absolute,
    /// It holds `\\`.
    Backslash,
    /// It holds one of `" * : < > ? |`.
    Forbidden,
    /// It holds a control character.
    Control,
    /// It ends in a blank or a dot.
    Ending,
}

impl PathProblem {
    /// What is wrong with `path`, if anything: the first thing the compiler reports.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        if path.is_empty() {
            return Some(Self::Empty);
        }
        let drive =
            path.starts_with(|c: char| c.is_ascii_alphabetic()) && path[1..].starts_with(':');
        if path.starts_with('/') || drive {
            return Some(Self::Absolute);
        }
        let of_char = |c: char| match c {
            '\\' => Some(Self::Backslash),
            '"' | '*' | ':' | '<' | '>' | '?' | '|' => Some(Self::Forbidden),
            c if c.is_ascii_control() => Some(Self::Control),
            _ => None,
        };
        let ending = path.ends_with([' ', '.']).then_some(Self::Ending);
        path.chars().find_map(of_char).or(ending)
    }

    /// The code of the problem.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "BCP050",
            Self::Absolute => "BCP051",
            Self::Backslash => "BCP098",
            Self::Forbidden => "BCP085",
            Self::Control => "BCP111",
            Self::Ending => "BCP086",
        }
    }

    /// How to mend it, in one line.
    #[must_use]
    pub const fn fix(self) -> &'static str {
        match self {
            Self::Empty => "write the path of a file",
            Self::Absolute => "write the path as seen from the folder of this file",
            Self::Backslash => "write `/`; it works on Windows too",
            Self::Forbidden | Self::Control | Self::Ending => {
                "rename the file, so that every system can hold it"
            }
        }
    }
}

impl fmt::Display for PathProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the path is empty",
            Self::Absolute => "the path must be relative to this file",
            Self::Backslash => "the path must use `/`, not `\\`",
            Self::Forbidden => "the path must not hold any of `\" * : < > ? |`",
            Self::Control => "the path must not hold control characters",
            Self::Ending => "the path must not end in a blank or a dot",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PathProblem;

    #[test]
    fn paths_of_data_are_relative_and_plain() {
        let problem = |path| PathProblem::of(path).map(PathProblem::code);
        assert_eq!(problem("../a b/é.json"), None);
        assert_eq!(problem(""), Some("BCP050"));
        assert_eq!(problem("/d.json"), Some("BCP051")); // load-json-0092
        assert_eq!(problem("C:x"), Some("BCP051"));
        assert_eq!(problem("é:x"), Some("BCP085"));
        assert_eq!(problem("a\\b*"), Some("BCP098"));
        assert_eq!(problem("a\t"), Some("BCP111"));
        assert_eq!(problem("a/.."), Some("BCP086")); // load-directory-0012
    }
}
