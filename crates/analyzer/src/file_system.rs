//! The only way to the outside world.

use std::collections::BTreeMap;
use std::fmt;

/// Why a file could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// It is there and is no folder.
    NoFolder,
    /// There is a folder.
    Folder,
    /// It is there and cannot be read; the words say why, such as "permission denied".
    Unreadable(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("no such file"),
            Self::NoFolder => f.write_str("it is a file"),
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

    /// What is in a folder, itself not included, in any order. The empty path is the root.
    ///
    /// # Errors
    /// When the folder is not there, is no folder, or cannot be read; a file system that lists none
    /// says so.
    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        Err(ReadError::Unreadable(format!(
            "`{folder}` is not listed here"
        )))
    }

    /// Whether `path` lies in the workspace of the file `from`. Only such files are read for their
    /// content (`loadTextContent` and its kin), so that a file out of an unknown hand learns
    /// nothing of the machine. Here the workspace is the root, and for a file outside of it the
    /// folder of that file.
    fn is_in_workspace(&self, from: &str, path: &str) -> bool {
        let outside = |path: &str| path == ".." || path.starts_with("../") || path.starts_with('/');
        match outside(from) {
            true => from.rsplit_once('/').is_some_and(|(folder, _)| {
                path.strip_prefix(folder)
                    .is_some_and(|below| below.starts_with('/'))
            }),
            false => !outside(path),
        }
    }
}

/// A file or folder in a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Its name, without the folder.
    pub name: String,
    /// Whether it is a folder, or a link to one.
    pub is_dir: bool,
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
            None if self.list(path).is_err() => Err(ReadError::NotFound),
            None => Err(ReadError::Folder),
        }
    }

    fn is_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        let prefix = match folder {
            "" | "/" => folder.to_owned(),
            folder => format!("{folder}/"),
        };
        let inside = self.files.range(prefix.clone()..);
        let mut entries: Vec<Entry> = Vec::new();
        for path in inside.map_while(|(path, _)| path.strip_prefix(&*prefix)) {
            let (name, is_dir) = match path.split_once('/') {
                Some((name, _)) => (name, true),
                None => (path, false),
            };
            // Paths below one folder come one after the other.
            let known = entries.last().is_some_and(|entry| entry.name == name);
            if !known && !matches!(name, "" | "..") {
                let name = name.to_owned();
                entries.push(Entry { name, is_dir });
            }
        }
        match entries.is_empty() {
            true if self.files.contains_key(folder) => Err(ReadError::NoFolder),
            true => Err(ReadError::NotFound),
            false => Ok(entries),
        }
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
        let names = |folder| -> Vec<String> {
            let entries = files.list(folder).unwrap_or_default();
            entries.into_iter().map(|entry| entry.name).collect()
        };
        assert_eq!(names("a"), ["b", "c"]);
        assert_eq!(names("a/b"), ["x", "y"]);
        assert_eq!(names("/r"), ["x"]);
        assert_eq!(names("/"), ["r"]);
        assert_eq!(files.list("b"), Err(ReadError::NotFound));
        assert_eq!(files.list("a/c"), Err(ReadError::NoFolder));
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
