//! Files of the operating system, seen from the working directory.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use tricep_analyzer::{Entry, FileSystem, ReadError, join_path};

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

    /// What was laid over `path`; nothing if nothing was.
    pub(crate) fn laid_over(&self, path: &str) -> &[u8] {
        self.overlay.get(path).map_or(&[], Vec::as_slice)
    }
}

/// Larger files are not read.
const MAX_BYTES: u64 = 1 << 30;
/// Larger folders are not listed.
const MAX_ENTRIES: usize = 100_000;

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

    fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
        list_folder(&self.root.join(folder))
    }

    /// The workspace is the nearest folder around the file that holds `.git`; without one it is the
    /// working directory, or the folder of a file outside of that.
    fn is_in_workspace(&self, from: &str, path: &str) -> bool {
        let folder = join_path(from, ".");
        let (Some(root), Some(folder), Some(target)) =
            (self.real(""), self.real(&folder), self.real(path))
        else {
            return false;
        };
        let with_git = folder.ancestors().find(|above| above.join(".git").exists());
        let below_root = folder.starts_with(&root).then_some(&*root);
        target.starts_with(with_git.or(below_root).unwrap_or(&folder))
    }
}

impl OsFileSystem {
    /// Where a path leads when links are followed; of one that is not there, where its folder does.
    fn real(&self, path: &str) -> Option<PathBuf> {
        let path = self.root.join(path);
        path.ancestors().find_map(|above| above.canonicalize().ok())
    }
}

fn list_folder(folder: &Path) -> Result<Vec<Entry>, ReadError> {
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let mut listed = Vec::new();
    for entry in entries {
        let entry = entry.map_err(unreadable)?;
        if listed.len() >= MAX_ENTRIES {
            return Err(ReadError::Unreadable(format!(
                "it holds more than {MAX_ENTRIES} entries"
            )));
        }
        // A name that is no UTF-8 cannot be written in Bicep.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let is_dir = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
        listed.push(Entry { name, is_dir });
    }
    Ok(listed)
}

fn unreadable(error: std::io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound => ReadError::NotFound,
        ErrorKind::NotADirectory => ReadError::NoFolder,
        kind => ReadError::Unreadable(kind.to_string()),
    }
}

/// The bytes of a regular file. Devices and pipes are refused, since reading them may never end.
fn read_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotADirectory => ReadError::NotFound,
        _ => unreadable(error),
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
    fn folders_are_no_files() {
        assert!(here().is_file("src/main.rs"));
        assert!(!here().is_file("src"));
    }

    #[test]
    fn a_text_laid_over_a_file_is_read_instead() {
        let mut files = here();
        files.lay_over("src/main.rs".to_owned(), b"other".to_vec());
        assert_eq!(files.read("src/main.rs").unwrap(), b"other");
    }

    #[test]
    fn folders_are_listed_and_files_are_no_folders() {
        let entries = here().list("src").unwrap();
        let entry = |name: &str, is_dir| Entry {
            name: name.to_owned(),
            is_dir,
        };
        assert!(entries.contains(&entry("main.rs", false)));
        assert!(here().list("").unwrap().contains(&entry("src", true)));
        assert_eq!(here().list("src/main.rs"), Err(ReadError::NoFolder));
        assert_eq!(here().list("none"), Err(ReadError::NotFound));
    }

    /// Makes a folder for one test, in which `repo` is a repository.
    fn folder(name: &str) -> PathBuf {
        let top = std::env::temp_dir().join(format!("tricep-{}-{name}", std::process::id()));
        for below in ["repo/.git", "repo/a/b", "other"] {
            fs::create_dir_all(top.join(below)).unwrap();
        }
        fs::write(top.join("other/x"), "").unwrap();
        top
    }

    #[test]
    fn the_workspace_is_the_repository_or_the_working_directory() {
        let top = folder("workspace");
        let files = OsFileSystem::new(top.join("repo/a"));
        assert!(files.is_in_workspace("main.bicep", "../x"));
        assert!(files.is_in_workspace("b/main.bicep", "b/none/x"));
        assert!(!files.is_in_workspace("main.bicep", "../../other/x"));
        assert!(!files.is_in_workspace("main.bicep", "../../other/none"));
        assert!(!files.is_in_workspace("main.bicep", "/etc/passwd"));
        // Outside of a repository.
        let files = OsFileSystem::new(top.join("other"));
        assert!(files.is_in_workspace("d/main.bicep", "x"));
        assert!(!files.is_in_workspace("main.bicep", "../y"));
        assert!(files.is_in_workspace("../main.bicep", "../y"));
        fs::remove_dir_all(top).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_out_of_the_workspace_lead_out_of_it() {
        let top = folder("links");
        std::os::unix::fs::symlink(top.join("other"), top.join("repo/out")).unwrap();
        let files = OsFileSystem::new(top.join("repo"));
        assert!(!files.is_in_workspace("main.bicep", "out/x"));
        fs::remove_dir_all(top).unwrap();
    }
}
