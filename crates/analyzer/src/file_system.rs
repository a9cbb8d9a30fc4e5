//! The only way to the outside world.

use std::collections::BTreeMap;
use std::fmt;

/// Why a file could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// There is a folder.
    Folder,
    /// It is there and cannot be read; the words say why, such as "permission denied".
    Unreadable(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such file"),
            Self::Folder => f.write_str("it is a folder"),
            Self::Unreadable(why) => f.write_str(why),
        }
    }
}

/// Reads files. Paths are relative to one root (for the command line: the working directory), use
/// `/`, hold no `.` and hold `..` only at their start; they serve as the files' names in reports.
pub trait FileSystem: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// When the file is not there or cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// Whether there is a file, and no folder, at a path.
    fn is_file(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }

    /// The names of what lies in a folder, in any order; none when it cannot be told. It serves to
    /// find files that are spelt in another letter case.
    fn list(&self, folder: &str) -> Vec<String> {
        let _ = folder;
        Vec::new()
    }
}

/// Files held in memory, for tests, editors and the browser.
#[derive(Clone, Default, Debug)]
pub struct MemoryFileSystem {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFileSystem {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }
}

impl FileSystem for MemoryFileSystem {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.list(path).is_empty() => Err(ReadError::NotFound),
            None => Err(ReadError::Folder),
        }
    }

    fn is_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let prefix = match folder {
            "" | "/" => folder.to_owned(),
            folder => format!("{folder}/"),
        };
        let inside = self.files.range(prefix.clone()..);
        let mut names: Vec<String> = inside
            .map_while(|(path, _)| path.strip_prefix(&*prefix))
            .filter_map(|rest| rest.split('/').next())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// Whether a path does not depend on any folder: it starts with `/`, `\` or a drive.
#[must_use]
pub fn is_absolute(path: &str) -> bool {
    let mut chars = path.chars();
    let (first, second) = (chars.next(), chars.next());
    let drive = first.is_some_and(|c| c.is_ascii_alphabetic()) && second == Some(':');
    drive || matches!(first, Some('/' | '\\'))
}

/// The path that `reference`, written in file `from`, points to.
///
/// `join_path("infra/main.bicep", "../shared/./kv.bicep")` is `"shared/kv.bicep"`.
#[must_use]
pub fn join_path(from: &str, reference: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let absolute = reference.starts_with('/') || (from.starts_with('/') && !reference.is_empty());
    let start = if reference.starts_with('/') {
        ""
    } else {
        folder
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(reference.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|&last| last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    if absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_memory_hold_files_and_folders() {
        let mut files = MemoryFileSystem::default();
        for path in ["a/b/x", "a/b/y", "a/c", "a-b", "/r/x"] {
            files.insert(path, "");
        }
        assert_eq!(files.list("a"), ["b", "c"]);
        assert_eq!(files.list("a/b"), ["x", "y"]);
        assert_eq!(files.list("/r"), ["x"]);
        assert_eq!(files.list("/"), ["r"]);
        assert!(files.list("b").is_empty());
        assert!(files.is_file("a/c") && !files.is_file("a"));
    }

    #[test]
    fn absolute_paths_are_told_on_every_system() {
        assert!(is_absolute("/a") && is_absolute("C:\\a") && is_absolute("\\\\server\\a"));
        assert!(!is_absolute("a/b") && !is_absolute("~/a") && !is_absolute(""));
    }

    #[test]
    fn references_are_resolved_against_the_folder_of_their_file() {
        assert_eq!(
            join_path("infra/main.bicep", "../shared/./kv.bicep"),
            "shared/kv.bicep"
        );
        assert_eq!(join_path("main.bicep", "../up.bicep"), "../up.bicep");
        assert_eq!(
            join_path("../a/main.bicep", "../../b.bicep"),
            "../../b.bicep"
        );
        assert_eq!(join_path("/srv/a/main.bicep", "../b.bicep"), "/srv/b.bicep");
        assert_eq!(join_path("main.bicep", "/etc/x.bicep"), "/etc/x.bicep");
    }
}
