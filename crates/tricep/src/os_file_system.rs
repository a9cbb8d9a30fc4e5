//! Files of the operating system, seen from the working directory.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tricep_analyzer::{FileSystem, ReadError};

/// Reads files below and beside `root`; texts laid over it stand in for files.
#[derive(Debug)]
pub(crate) struct OsFileSystem {
    root: PathBuf,
    overlay: HashMap<String, Vec<u8>>,
}

impl OsFileSystem {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self {
            root,
            overlay: HashMap::new(),
        }
    }

    /// Lets `path` hold `bytes`, whatever the disk says.
    pub(crate) fn lay_over(&mut self, path: String, bytes: Vec<u8>) {
        self.overlay.insert(path, bytes);
    }
}

/// Larger files are not read.
const MAX_BYTES: u64 = 1 << 30;

impl FileSystem for OsFileSystem {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(bytes) = self.overlay.get(path) {
            return Ok(bytes.clone());
        }
        read_file(&self.root.join(path))
    }

    fn is_file(&self, path: &str) -> bool {
        self.overlay.contains_key(path) || self.root.join(path).is_file()
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect()
    }
}

/// The bytes of a regular file. Devices and pipes are refused, since reading them may never end.
fn read_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::NotFound,
        kind => ReadError::Unreadable(kind.to_string()),
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.len() > MAX_BYTES {
        return Err(ReadError::Unreadable("it is larger than 1 GiB".to_owned()));
    }
    if metadata.is_dir() {
        return Err(ReadError::Folder);
    }
    if !metadata.is_file() {
        return Err(ReadError::Unreadable("it is no regular file".to_owned()));
    }
    fs::read(path).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here() -> OsFileSystem {
        OsFileSystem::new(PathBuf::from(env!("CARGO_MANIFEST_DIR")))
    }

    #[test]
    fn paths_are_relative_to_the_root() {
        assert!(here().read("src/main.rs").is_ok());
        assert!(here().read("../tricep/Cargo.toml").is_ok());
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert_eq!(here().read("src/none.rs"), Err(ReadError::NotFound));
        assert_eq!(here().read("src/main.rs/x"), Err(ReadError::NotFound));
        assert_eq!(here().read("src"), Err(ReadError::Folder));
    }

    #[test]
    fn folders_are_listed_and_are_no_files() {
        assert!(here().list("src").contains(&"main.rs".to_owned()));
        assert!(here().list("").contains(&"src".to_owned()));
        assert!(here().list("none").is_empty());
        assert!(here().is_file("src/main.rs"));
        assert!(!here().is_file("src"));
    }

    #[test]
    fn a_text_laid_over_a_file_is_read_instead() {
        let mut files = here();
        files.lay_over("src/main.rs".to_owned(), b"other".to_vec());
        assert_eq!(files.read("src/main.rs").unwrap(), b"other");
    }
}
