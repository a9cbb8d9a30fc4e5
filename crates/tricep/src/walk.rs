//! From the paths of the command line to the files to analyze.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::channel;

use ignore::{DirEntry, WalkBuilder, WalkState};
use tricep_analyzer::is_parameter_file_name;

use crate::exit_code::Failure;

/// The endings taken from folders.
const ENDINGS: &[&str] = &["bicep", "bicepparam"];

/// What was found.
#[derive(Default, Debug)]
pub(crate) struct Found {
    /// The names of the files, each once, sorted.
    pub(crate) files: BTreeSet<String>,
    /// What could not be looked at, a line each, sorted.
    pub(crate) unreadable: Vec<String>,
}

/// Takes files as named, and from folders the Bicep files in them, but for what a `.gitignore`
/// leaves out, in a Git repository or not. Hidden folders are searched too: a deployment in
/// `.azure` is a deployment.
pub(crate) fn find(root: &Path, paths: &[PathBuf]) -> Result<Found, Failure> {
    let mut found = Found::default();
    for path in paths {
        let full = resolved(root, path);
        match fs::metadata(&full) {
            Ok(metadata) if metadata.is_dir() => found.walk(root, &full),
            Ok(_) => found.take(root, &full),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let path = path.display();
                return Err(Failure::Usage(format!(
                    "there is no file or folder `{path}`"
                )));
            }
            Err(error) => found.fail(path, &error.kind().to_string()),
        }
    }
    found.unreadable.sort_unstable();
    Ok(found)
}

impl Found {
    fn walk(&mut self, root: &Path, folder: &Path) {
        let walk = WalkBuilder::new(folder)
            .hidden(false)
            .require_git(false)
            .git_global(false)
            .git_exclude(false)
            .ignore(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build_parallel();
        let (send, seen) = channel();
        walk.run(|| {
            let send = send.clone();
            Box::new(move |entry| {
                let wanted = match entry {
                    Ok(entry) if is_wanted(&entry) => Ok(entry.into_path()),
                    Ok(_) => return WalkState::Continue,
                    Err(error) => Err(error.to_string()),
                };
                // The other end waits until all is seen.
                let _ = send.send(wanted);
                WalkState::Continue
            })
        });
        drop(send);
        for entry in seen {
            match entry {
                Ok(path) => self.take(root, &path),
                Err(error) => self.unreadable.push(error),
            }
        }
    }

    fn take(&mut self, root: &Path, file: &Path) {
        match label(root, file) {
            Some(label) => {
                self.files.insert(label);
            }
            None => self.fail(file, "its name is not UTF-8"),
        }
    }

    fn fail(&mut self, path: &Path, why: &str) {
        let line = format!("cannot read `{}`: {why}", path.display());
        self.unreadable.push(line);
    }
}

/// Whether a file is one with parameters in Bicep.
pub(crate) fn is_bicepparam(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ending.eq_ignore_ascii_case("bicepparam"))
}

fn is_wanted(entry: &DirEntry) -> bool {
    let ending = entry.path().extension().and_then(|ending| ending.to_str());
    let bicep = ending.is_some_and(|e| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(e)));
    let name = entry.file_name().to_str();
    let parameters =
        || name.is_some_and(is_parameter_file_name) && names_parameter_schema(entry.path());
    entry.path().is_file() && (bicep || parameters())
}

/// Whether a file says near its beginning that it holds parameters of a deployment. Policies and
/// other tools have files with such names too; who means one of those names it.
fn names_parameter_schema(path: &Path) -> bool {
    const BEGINNING: u64 = 4096;
    const SCHEMA: &str = "deploymentparameters.json";
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut text));
    // What cannot be read is reported later.
    read.is_err()
        || String::from_utf8_lossy(&text)
            .to_ascii_lowercase()
            .contains(SCHEMA)
}

/// An absolute path by which the working directory can be recognized, should it have been named
/// through a symbolic link.
fn resolved(root: &Path, path: &Path) -> PathBuf {
    let full = root.join(path);
    if full.starts_with(root) {
        return full;
    }
    match fs::canonicalize(&full) {
        Ok(canonical) if canonical.starts_with(root) => canonical,
        _ => full,
    }
}

/// How reports name a file: relative to `root` (an absolute path), with `/`, without `.`, with
/// `..` only at the start. `None` when the name is not UTF-8.
pub(crate) fn label(root: &Path, path: &Path) -> Option<String> {
    let path = root.join(path);
    let (root, path) = (normal(root), normal(&path));
    let shared = root.iter().zip(&path).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Component::ParentDir, root.len() - shared);
    let label: PathBuf = match shared {
        // Another drive.
        0 => path.iter().collect(),
        _ => up.chain(path[shared..].iter().copied()).collect(),
    };
    let label = label.to_str()?;
    Some(if cfg!(windows) {
        label.replace('\\', "/")
    } else {
        label.to_owned()
    })
}

/// The components of an absolute path, with no `.` and `..` among them.
fn normal(path: &Path) -> Vec<Component<'_>> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if matches!(parts.last(), Some(Component::Normal(_))) {
                    parts.pop();
                }
            }
            part => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for a test, gone at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let root = std::env::temp_dir().join(format!("tricep-{}-{name}", std::process::id()));
            for (file, text) in files {
                let file = root.join(file);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            Self(fs::canonicalize(root).unwrap())
        }

        fn find(&self, paths: &[&str]) -> Vec<String> {
            let paths: Vec<_> = paths.iter().map(PathBuf::from).collect();
            find(&self.0, &paths).unwrap().files.into_iter().collect()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn files_of_parameters_are_found_by_their_schema_or_named() {
        let policy = "{ \"Deny-All\": { \"parameters\": {} } }";
        let schema = "{ \"$schema\": \"https://example.org/deploymentParameters.json#\" }";
        let files = [("a.parameters.json", policy), ("b.parameters.json", schema)];
        let folder = Folder::new("schema", &files);
        assert_eq!(folder.find(&["."]), ["b.parameters.json"]);
        assert_eq!(folder.find(&["a.parameters.json"]), ["a.parameters.json"]);
    }

    #[test]
    fn folders_give_their_bicep_files_sorted_and_once() {
        let folder = Folder::new(
            "folders",
            &[
                ("b.bicep", ""),
                ("a/x.bicepparam", ""),
                ("a/y.BICEP", ""),
                ("a/z.json", ""),
                (".azure/h.bicep", ""),
            ],
        );
        let all = [".azure/h.bicep", "a/x.bicepparam", "a/y.BICEP", "b.bicep"];
        assert_eq!(folder.find(&["."]), all);
        assert_eq!(folder.find(&["b.bicep", "./a/../b.bicep", "."]), all);
    }

    #[test]
    fn ignored_files_are_left_out_unless_named() {
        let folder = Folder::new(
            "ignored",
            &[
                (".gitignore", "gen/\n*.tmp.bicep\n"),
                ("a.bicep", ""),
                ("b.tmp.bicep", ""),
                ("gen/c.bicep", ""),
            ],
        );
        assert_eq!(folder.find(&["."]), ["a.bicep"]);
        assert_eq!(folder.find(&["b.tmp.bicep"]), ["b.tmp.bicep"]);
    }

    #[test]
    fn a_named_file_is_taken_whatever_its_ending() {
        let folder = Folder::new("named", &[("main.bicep.txt", ""), ("main.json", "{}")]);
        assert_eq!(folder.find(&["main.bicep.txt"]), ["main.bicep.txt"]);
        assert_eq!(folder.find(&["main.json"]), ["main.json"]);
    }

    #[test]
    fn a_missing_path_is_bad_usage() {
        let folder = Folder::new("missing", &[("a.bicep", "")]);
        let failure = find(&folder.0, &["none".into()]).unwrap_err();
        assert_eq!(
            failure,
            Failure::Usage("there is no file or folder `none`".to_owned())
        );
    }

    #[cfg(unix)]
    #[test]
    fn labels_are_relative_to_the_working_directory() {
        let label = |path: &str| label(Path::new("/home/here"), Path::new(path)).unwrap();
        assert_eq!(label("a.bicep"), "a.bicep");
        assert_eq!(label("./x/../a.bicep"), "a.bicep");
        assert_eq!(label("/home/here/x/a.bicep"), "x/a.bicep");
        assert_eq!(label("/home/a.bicep"), "../a.bicep");
        assert_eq!(label("../here/a.bicep"), "a.bicep");
        assert_eq!(label("/srv/a.bicep"), "../../srv/a.bicep");
        assert_eq!(label("../../../../a.bicep"), "../../a.bicep");
    }

    #[cfg(unix)]
    #[test]
    fn the_working_directory_is_recognized_through_a_link() {
        let folder = Folder::new("link", &[("real/a.bicep", "")]);
        let link = folder.0.join("link");
        std::os::unix::fs::symlink(folder.0.join("real"), &link).unwrap();
        let found = find(&folder.0.join("real"), &[link.join("a.bicep")]).unwrap();
        assert_eq!(found.files.into_iter().collect::<Vec<_>>(), ["a.bicep"]);
    }
}
