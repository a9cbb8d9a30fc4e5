//! Files that are read for their content, as by `loadTextContent`, and folders that are listed.

use std::sync::Arc;

use rayon::prelude::*;
use tricep_rules::{Finding, Severity};
use tricep_semantic::project::{PathProblem, Target};
use tricep_semantic::template::{Purpose, Reference, ReferenceId};
use tricep_syntax::text::{FileId, Location};

use super::read::Trouble;
use super::references::From;
use super::{Loading, not_read, problem, unavailable};
use crate::{FileSystem, ReadError, join_path};

/// Something that is read for its content, by its path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    File(String),
    /// A folder whose files are listed.
    Folder(String),
}

impl Wanted {
    fn read(&self, file_system: &dyn FileSystem) -> Result<Target, ReadError> {
        match self {
            Self::File(path) => Ok(Target::Data(file_system.read(path)?.into())),
            Self::Folder(path) => {
                let entries = file_system.list(path)?;
                let files = entries.iter().filter(|entry| !entry.is_dir);
                Ok(Target::Folder(
                    files.map(|entry| Arc::from(&*entry.name)).collect(),
                ))
            }
        }
    }

    /// What is said when it cannot be read.
    fn not_read(&self, path: &str, error: &ReadError, at: Location) -> Finding {
        let finding = not_read(path, &Trouble::Unread(error.clone()), at);
        let code = match (self, error) {
            (Self::File(_), _) => finding.code,
            (Self::Folder(_), ReadError::NotFound) => "BCP428",
            (Self::Folder(_), ReadError::NoFolder) => "BCP430",
            (Self::Folder(_), ReadError::Folder | ReadError::Unreadable(_)) => "BCP429",
        };
        Finding { code, ..finding }
    }
}

impl Loading<'_> {
    /// Notes the file or folder that a reference wants the content of, or what is wrong with its
    /// path. Until it is read it is not there.
    pub(super) fn data(
        &mut self,
        from: From<'_>,
        id: ReferenceId,
        reference: &Reference,
    ) -> Target {
        let path = reference.path.as_deref().unwrap_or_default();
        let target = join_path(from.path, path);
        if let Some(wrong) = PathProblem::of(path) {
            self.report(
                from.at(reference),
                wrong.code(),
                wrong.to_string(),
                wrong.fix(),
            );
        } else if !self.file_system.is_in_workspace(from.path, &target) {
            let finding = outside_workspace(path, from.at(reference));
            self.loaded.findings.push(finding);
            return unavailable(format!("`{path}` lies outside of the workspace"));
        } else {
            let wanted = match reference.purpose {
                Purpose::Folder => Wanted::Folder(target),
                _ => Wanted::File(self.spelt(from, reference, target)),
            };
            self.data.entry(wanted).or_default().push((from.file, id));
        }
        unavailable(format!("`{path}` cannot be read"))
    }

    /// Reads what is wanted for its content, each once.
    pub(super) fn read_data(&mut self) {
        let wanted = std::mem::take(&mut self.data);
        let file_system = self.file_system;
        let keys: Vec<&Wanted> = wanted.keys().collect();
        let read: Vec<Result<Target, ReadError>> = keys
            .par_iter()
            .map(|wanted| wanted.read(file_system))
            .collect();
        for ((wanted, users), read) in wanted.iter().zip(read) {
            for &(file, id) in users {
                self.settle_data(file, id, wanted, &read);
            }
        }
    }

    fn settle_data(
        &mut self,
        file: FileId,
        id: ReferenceId,
        wanted: &Wanted,
        read: &Result<Target, ReadError>,
    ) {
        let unit = &mut self.loaded.project.units[file.0 as usize];
        match read {
            Ok(target) => unit.targets[id] = target.clone(),
            Err(error) => {
                let reference = &unit.template.references[id];
                let path = reference.path.as_deref().unwrap_or_default();
                let at = Location {
                    file,
                    span: reference.at,
                };
                self.loaded.findings.push(wanted.not_read(path, error, at));
            }
        }
    }
}

/// A file that is read for its content must lie in the workspace. The compiler reads others too.
fn outside_workspace(path: &str, at: Location) -> Finding {
    let message = format!("`{path}` is not read: it lies outside of the workspace");
    Finding {
        severity: Severity::Warning,
        help: Some("move the file into the repository".to_owned()),
        fixes: Vec::new(),
        ..problem("outside-workspace", message, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Environment, Loaded, MemoryFileSystem, load};

    fn loaded(files: &MemoryFileSystem, names: &[&str]) -> Loaded {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        load(files, &names, &Environment::default())
    }

    fn codes(loaded: &Loaded) -> Vec<&str> {
        loaded.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_folder_is_the_files_in_it() {
        let mut files = MemoryFileSystem::default();
        files.insert("a/main.bicep", "var a = loadDirectoryFileInfo('../d/')");
        for path in ["d/x", "d/y/z", "d.e", "dd/x"] {
            files.insert(path, "");
        }
        let loaded = loaded(&files, &["a/main.bicep"]);
        assert!(loaded.findings.is_empty());
        let target = loaded.project.units[0].targets.iter().next().cloned();
        assert_eq!(target, Some(Target::Folder([Arc::from("x")].into())));
    }

    #[test]
    fn what_is_no_folder_is_told_apart_from_what_is_not_there() {
        let mut files = MemoryFileSystem::default();
        files.insert(
            "main.bicep",
            "var a = [loadDirectoryFileInfo('main.bicep'), loadDirectoryFileInfo('none')]",
        );
        let loaded = loaded(&files, &["main.bicep"]);
        assert_eq!(codes(&loaded), ["BCP430", "BCP428"]);
    }

    #[test]
    fn nothing_outside_of_the_workspace_is_read_for_its_content() {
        let mut files = MemoryFileSystem::default();
        files.insert("../secret.txt", "s");
        files.insert("main.bicep", "var a = loadTextContent('../secret.txt')");
        files.insert("../b/m.bicep", "var a = [loadTextContent('../secret.txt')]");
        let loaded = loaded(&files, &["main.bicep", "../b/m.bicep"]);
        assert_eq!(codes(&loaded), ["outside-workspace", "outside-workspace"]);
        assert!(loaded.project.units.iter().all(|unit| {
            let targets = unit.targets.iter();
            targets.clone().count() == 1
                && targets
                    .into_iter()
                    .all(|target| matches!(target, Target::Unavailable(_)))
        }));
    }
}
