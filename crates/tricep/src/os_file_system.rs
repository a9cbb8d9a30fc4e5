//! Files of the operating system, seen from the working directory.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

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

impl FileSystem for OsFileSystem {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if let Some(bytes) = self.overlay.get(path) {
            return Ok(bytes.clone());
        }
        fs::read(self.root.join(path)).map_err(|error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::NotFound,
            kind => ReadError::Unreadable(kind.to_string()),
        })
    }
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
        assert!(matches!(here().read("src"), Err(ReadError::Unreadable(_))));
    }

    #[test]
    fn a_text_laid_over_a_file_is_read_instead() {
        let mut files = here();
        files.lay_over("src/main.rs".to_owned(), b"other".to_vec());
        assert_eq!(files.read("src/main.rs").unwrap(), b"other");
    }
}
