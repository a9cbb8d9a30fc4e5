//! Paths of modules and of files with data: parsed once, not sniffed.

use std::fmt;

/// The kinds of path that a module, import or `using` can name (<https://learn.microsoft.com/azure/azure-resource-manager/bicep/modules>).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ModulePath<'a> {
    /// A path relative to the file, with `/`.
    Local(&'a str),
    /// A local file that is an ARM template: `.json`, `.jsonc`, `.arm`.
    ArmTemplate(&'a str),
    /// A module in a registry: `br:…`, `br/alias:…`.
    Registry(&'a str),
    /// A template spec: `ts:…`, `ts/alias:…`.
    TemplateSpec(&'a str),
    /// Nothing the compiler accepts.
    Invalid(&'a str),
}

impl<'a> ModulePath<'a> {
    /// Reads a path as it stands between the quotes.
    #[must_use]
    pub fn parse(path: &'a str) -> Self {
        match path.split_once(':') {
            Some((scheme, _)) => match scheme.split('/').next() {
                Some("br") => Self::Registry(path),
                Some("ts") => Self::TemplateSpec(path),
                _ => Self::Invalid(path),
            },
            None if path.is_empty() => Self::Invalid(path),
            None => match path.rsplit_once('.') {
                Some((_, end)) if is_arm_ending(end) => Self::ArmTemplate(path),
                _ => Self::Local(path),
            },
        }
    }
}

fn is_arm_ending(end: &str) -> bool {
    ["json", "jsonc", "arm"]
        .iter()
        .any(|known| end.eq_ignore_ascii_case(known))
}

/// What the compiler has against a path of a file with data, which must be relative.
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
    use super::{ModulePath, PathProblem};

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

    #[test]
    fn the_scheme_decides_the_kind_of_a_path() {
        assert_eq!(
            ModulePath::parse("../a/b.bicep"),
            ModulePath::Local("../a/b.bicep")
        );
        assert_eq!(
            ModulePath::parse("x.JSON"),
            ModulePath::ArmTemplate("x.JSON")
        );
        assert_eq!(
            ModulePath::parse("br/public:avm/x:1"),
            ModulePath::Registry("br/public:avm/x:1")
        );
        assert_eq!(
            ModulePath::parse("br:r.azurecr.io/x:1"),
            ModulePath::Registry("br:r.azurecr.io/x:1")
        );
        assert_eq!(
            ModulePath::parse("ts/a:x:1"),
            ModulePath::TemplateSpec("ts/a:x:1")
        );
        assert_eq!(
            ModulePath::parse("http://x"),
            ModulePath::Invalid("http://x")
        );
    }
}
