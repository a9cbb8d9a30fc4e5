//! Files that are there in another letter case: found on Windows and macOS, not on Linux.

use std::collections::{HashMap, HashSet};

use crate::FileSystem;

/// The folders looked into so far.
pub(super) struct Spellings<'a> {
    file_system: &'a dyn FileSystem,
    folders: HashMap<String, Folder>,
    /// What became of paths asked for before.
    known: HashMap<String, Option<String>>,
}

/// What lies in a folder.
#[derive(Default)]
struct Folder {
    names: HashSet<String>,
    /// By the name in lower case; `None`: several are spelt so.
    folded: HashMap<String, Option<String>>,
}

impl<'a> Spellings<'a> {
    pub(super) fn new(file_system: &'a dyn FileSystem) -> Self {
        Self {
            file_system,
            folders: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// The path of the one file that `path`, where there is none, differs from in letter case only.
    pub(super) fn other(&mut self, path: &str) -> Option<String> {
        if let Some(known) = self.known.get(path) {
            return known.clone();
        }
        let found = self.search(path);
        self.known.insert(path.to_owned(), found.clone());
        found
    }

    fn search(&mut self, path: &str) -> Option<String> {
        let mut here = match path.starts_with('/') {
            true => "/".to_owned(),
            false => String::new(),
        };
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let name = match name {
                ".." => name.to_owned(),
                name => self.folder(&here).spelling(name)?,
            };
            if !here.is_empty() && !here.ends_with('/') {
                here.push('/');
            }
            here.push_str(&name);
        }
        (here != path && self.file_system.is_file(&here)).then_some(here)
    }

    fn folder(&mut self, path: &str) -> &Folder {
        let file_system = self.file_system;
        self.folders
            .entry(path.to_owned())
            .or_insert_with(|| Folder::new(names(file_system, path)))
    }
}

impl Folder {
    fn new(names: Vec<String>) -> Self {
        let mut folder = Self::default();
        for name in names {
            let folded = folder.folded.entry(name.to_lowercase());
            folded
                .and_modify(|several| *several = None)
                .or_insert_with(|| Some(name.clone()));
            folder.names.insert(name);
        }
        folder
    }

    /// The name as it is spelt on disk.
    fn spelling(&self, name: &str) -> Option<String> {
        if self.names.contains(name) {
            return Some(name.to_owned());
        }
        self.folded.get(&name.to_lowercase()).cloned().flatten()
    }
}

/// The names in a folder; none where it cannot be told.
fn names(file_system: &dyn FileSystem, folder: &str) -> Vec<String> {
    let entries = file_system.list(folder).unwrap_or_default();
    entries.into_iter().map(|entry| entry.name).collect()
}

/// The path of a file as written in another one: relative to its folder.
pub(super) fn relative(from: &str, to: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let parts = |path| str::split(path, '/').filter(|part: &&str| !part.is_empty());
    let (from, to): (Vec<&str>, Vec<&str>) = (parts(folder).collect(), parts(to).collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let way: Vec<&str> = up.chain(to[shared..].iter().copied()).collect();
    way.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryFileSystem;

    #[test]
    fn folders_and_files_are_found_in_other_letter_cases() {
        let mut files = MemoryFileSystem::default();
        for path in ["Infra/Modules/aks.bicep", "a/x", "a/X", "/R/y", "../Up/z"] {
            files.insert(path, "");
        }
        let mut spellings = Spellings::new(&files);
        let mut other = |path: &str| spellings.other(path);
        let right = Some("Infra/Modules/aks.bicep".to_owned());
        assert_eq!(other("infra/modules/AKS.bicep"), right);
        assert_eq!(other("Infra/Modules/Aks.bicep"), right);
        assert_eq!(other("/r/Y").as_deref(), Some("/R/y"));
        assert_eq!(other("../up/Z").as_deref(), Some("../Up/z"));
        assert_eq!(other("infra/modules/none.bicep"), None);
        assert_eq!(other("infra/modules"), None);
    }

    #[test]
    fn one_of_several_spellings_is_not_guessed() {
        let mut files = MemoryFileSystem::default();
        for path in ["A", "b/x", "B/x", "a1"] {
            files.insert(path, "");
        }
        let mut spellings = Spellings::new(&files);
        assert_eq!(spellings.other("a").as_deref(), Some("A"));
        assert_eq!(spellings.other("b/X").as_deref(), Some("b/x"));
        files.insert("c/yy", "");
        files.insert("c/YY", "");
        assert_eq!(Spellings::new(&files).other("c/Yy"), None);
    }

    #[test]
    fn paths_are_written_as_seen_from_the_file() {
        assert_eq!(relative("main.bicep", "a/b.bicep"), "a/b.bicep");
        assert_eq!(relative("a/b/main.bicep", "a/c/x"), "../c/x");
        assert_eq!(relative("../a/main.bicep", "../B/x"), "../B/x");
        assert_eq!(relative("/a/main.bicep", "/b/x"), "../b/x");
    }
}
