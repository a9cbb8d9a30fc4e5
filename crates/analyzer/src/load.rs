//! Reads files and everything they refer to, level by level, each level in parallel.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use tricep_rules::{Finding, Outcome, Severity};
use tricep_semantic::IndexVec;
use tricep_semantic::lower::lower;
use tricep_semantic::project::{ModulePath, PathProblem, Project, Target, Unit};
use tricep_semantic::template::{Purpose, Reference, ReferenceId, Template};
use tricep_syntax::bicep::{Dialect, SyntaxError, parse};
use tricep_syntax::text::{FileId, Location, Source, Span};

use crate::report::UNREADABLE_FILE;
use crate::suppress::Suppressions;
use crate::{FileSystem, ReadError, join_path};

/// So many files of a circle are named.
const MAX_NAMES: usize = 8;

/// What was read.
pub struct Loaded {
    /// The files and how they refer to each other; file `n` is the n-th source.
    pub project: Project,
    /// The texts, by file.
    pub sources: Vec<Source>,
    /// What is wrong with the texts and with the references between them.
    pub findings: Vec<Finding>,
    /// The directives in the files that silence rules.
    pub(crate) suppressions: Vec<Suppressions>,
    /// Number of named files that could not be read.
    pub unreadable: usize,
    /// Number of named files; they have the first ids.
    pub named: usize,
    /// Number of files that could be read.
    pub read: usize,
}

/// What becomes of a file without looking at any other.
struct Read {
    text: Arc<str>,
    errors: Vec<SyntaxError>,
    suppressions: Suppressions,
    template: Template,
    /// Why the file cannot be read; then the text is empty.
    trouble: Option<String>,
}

/// Reads `files` and all they refer to.
#[must_use]
pub fn load(file_system: &dyn FileSystem, files: &[String]) -> Loaded {
    let mut loading = Loading {
        ids: BTreeMap::new(),
        loaded: Loaded {
            project: Project::default(),
            sources: Vec::new(),
            findings: Vec::new(),
            suppressions: Vec::new(),
            unreadable: 0,
            named: 0,
            read: 0,
        },
        trouble: Vec::new(),
        data: BTreeMap::new(),
    };
    let mut level: Vec<String> = Vec::new();
    for file in files {
        loading.take(file, &mut level);
    }
    let named = level.len();
    while !level.is_empty() {
        let read: Vec<Read> = level
            .par_iter()
            .map(|path| read(file_system, path))
            .collect();
        let mut next = Vec::new();
        for (path, read) in level.iter().zip(read) {
            loading.add(file_system, path, read, &mut next);
        }
        level = next;
    }
    loading.read_data(file_system);
    loading.finish(named)
}

struct Loading {
    ids: BTreeMap<String, FileId>,
    loaded: Loaded,
    /// For each file, why it cannot be read.
    trouble: Vec<Option<String>>,
    /// What is read for its content, and who refers to it.
    data: BTreeMap<Wanted, Vec<(FileId, ReferenceId)>>,
}

/// Something that is read for its content, by its path.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Wanted {
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

    /// The code of what keeps it from being read.
    fn code(&self, error: &ReadError) -> &'static str {
        match (self, error) {
            (Self::File(_), _) => "BCP091",
            (Self::Folder(_), ReadError::NotFound) => "BCP428",
            (Self::Folder(_), ReadError::NoFolder) => "BCP430",
            (Self::Folder(_), ReadError::Unreadable(_)) => "BCP429",
        }
    }
}

impl Loading {
    /// The id of a path; a path that is new goes to the next level.
    fn take(&mut self, path: &str, level: &mut Vec<String>) -> FileId {
        if let Some(&id) = self.ids.get(path) {
            return id;
        }
        let id = FileId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        self.ids.insert(path.to_owned(), id);
        level.push(path.to_owned());
        id
    }

    fn add(
        &mut self,
        file_system: &dyn FileSystem,
        path: &str,
        read: Read,
        next: &mut Vec<String>,
    ) {
        let file = FileId(self.loaded.sources.len() as u32);
        self.loaded
            .sources
            .push(Source::new(path, Arc::clone(&read.text)));
        self.loaded.suppressions.push(read.suppressions);
        for error in read.errors {
            let at = Location {
                file,
                span: error.span,
            };
            let finding = problem(error.kind.code(), error.kind.to_string(), at);
            self.loaded.findings.push(finding);
        }
        let template = read.template;
        let mut targets = IndexVec::default();
        for (id, reference) in template.references.iter_enumerated() {
            targets.push(match reference.purpose {
                Purpose::Data | Purpose::Folder => {
                    self.data(file_system, path, (file, id), reference)
                }
                _ => self.target(path, reference, next),
            });
        }
        self.trouble.push(read.trouble);
        self.loaded.project.units.push(Unit {
            text: read.text,
            template,
            targets,
        });
    }

    /// Where a reference leads, as far as its text tells.
    fn target(&mut self, from: &str, reference: &Reference, next: &mut Vec<String>) -> Target {
        let Some(path) = &reference.path else {
            return unavailable("the path is no plain text");
        };
        match ModulePath::parse(path) {
            ModulePath::Local(path) => Target::File(self.take(&join_path(from, path), next)),
            ModulePath::ArmTemplate(path) => unavailable(&format!(
                "`{path}` is an ARM template, which this version does not read"
            )),
            ModulePath::Registry(path) | ModulePath::TemplateSpec(path) => {
                unavailable(&format!("`{path}` is not on this machine"))
            }
            ModulePath::Invalid(path) => unavailable(&format!("`{path}` is no path of a module")),
        }
    }

    /// Notes the file or folder that a reference wants the content of, or what is wrong with its
    /// path. Until it is read it is not there.
    fn data(
        &mut self,
        file_system: &dyn FileSystem,
        from: &str,
        user: (FileId, ReferenceId),
        reference: &Reference,
    ) -> Target {
        let path = reference.path.as_deref().unwrap_or_default();
        let target = join_path(from, path);
        let at = Location {
            file: user.0,
            span: reference.at,
        };
        if let Some(wrong) = PathProblem::of(path) {
            let finding = problem(wrong.code(), wrong.to_string(), at);
            self.loaded.findings.push(finding);
        } else if !file_system.is_in_workspace(from, &target) {
            self.loaded.findings.push(outside_workspace(path, at));
            return unavailable(&format!("`{path}` lies outside of the workspace"));
        } else {
            let wanted = match reference.purpose {
                Purpose::Folder => Wanted::Folder(target),
                _ => Wanted::File(target),
            };
            self.data.entry(wanted).or_default().push(user);
        }
        unavailable(&format!("`{path}` cannot be read"))
    }

    /// Reads the files that are wanted for their content, each once.
    fn read_data(&mut self, file_system: &dyn FileSystem) {
        let wanted = std::mem::take(&mut self.data);
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
                let message = format!("cannot read `{path}`: {error}");
                let finding = problem(wanted.code(error), message, at);
                self.loaded.findings.push(finding);
            }
        }
    }

    fn finish(mut self, named: usize) -> Loaded {
        self.loaded.named = named;
        self.loaded.read = self
            .trouble
            .iter()
            .filter(|trouble| trouble.is_none())
            .count();
        self.report_unreadable();
        self.settle_references();
        self.report_cycles();
        self.loaded
    }

    /// Says which of the named files could not be read.
    fn report_unreadable(&mut self) {
        let loaded = &mut self.loaded;
        for (file, trouble) in self.trouble.iter().enumerate().take(loaded.named) {
            let Some(trouble) = trouble else { continue };
            let at = Location {
                file: FileId(file as u32),
                span: Span::at(0),
            };
            let message = format!("cannot read the file: {trouble}");
            loaded.unreadable += 1;
            loaded.findings.push(problem(UNREADABLE_FILE, message, at));
        }
    }

    /// Settles the references to files that could not be read, and says what is wrong with them.
    fn settle_references(&mut self) {
        let loaded = &mut self.loaded;
        for (file, unit) in loaded.project.units.iter_mut().enumerate() {
            for id in unit.targets.ids() {
                let Target::File(target) = unit.targets[id] else {
                    continue;
                };
                let Some(trouble) = &self.trouble[target.0 as usize] else {
                    continue;
                };
                let reference = &unit.template.references[id];
                let path = reference.path.as_deref().unwrap_or_default();
                let message = format!("cannot read `{path}`: {trouble}");
                let at = Location {
                    file: FileId(file as u32),
                    span: reference.at,
                };
                unit.targets[id] = unavailable(&format!("`{path}` cannot be read"));
                loaded.findings.push(problem("BCP091", message, at));
            }
        }
    }

    fn report_cycles(&mut self) {
        let loaded = &mut self.loaded;
        for cycle in loaded.project.cycles() {
            let label = |file: &FileId| loaded.sources[file.0 as usize].label();
            let mut names: Vec<&str> = cycle.files.iter().take(MAX_NAMES).map(label).collect();
            if cycle.files.len() > MAX_NAMES {
                names.push("…");
            }
            let message = format!(
                "the modules call each other in a circle: {}",
                names.join(" → ")
            );
            loaded.findings.push(problem("BCP095", message, cycle.at));
        }
    }
}

fn unavailable(why: &str) -> Target {
    Target::Unavailable(why.into())
}

fn read(file_system: &dyn FileSystem, path: &str) -> Read {
    let dialect = Dialect::of_path(path);
    let (text, trouble) = match file_system.read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                (
                    String::new(),
                    Some(format!("it is not UTF-8 text (byte {at})")),
                )
            }
        },
        Err(error) => (String::new(), Some(error.to_string())),
    };
    let parsed = parse(text, dialect);
    Read {
        text: Arc::clone(parsed.text()),
        errors: parsed.errors().to_vec(),
        suppressions: Suppressions::of(&parsed),
        template: lower(&parsed),
        trouble,
    }
}

/// A file that is read for its content must lie in the workspace. The compiler reads others too.
fn outside_workspace(path: &str, at: Location) -> Finding {
    let message = format!("`{path}` is not read: it lies outside of the workspace");
    Finding {
        severity: Severity::Warning,
        ..problem("outside-workspace", message, at)
    }
}

/// A finding about the text itself.
pub(crate) fn problem(code: &'static str, message: String, at: Location) -> Finding {
    Finding {
        code,
        rule: None,
        outcome: Outcome::Fail,
        reason: None,
        severity: Severity::Error,
        message,
        at,
        resource: None,
        trail: Vec::new(),
        related: Vec::new(),
        help: None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{Entry, MemoryFileSystem};

    /// Remembers what is read.
    struct Watched(MemoryFileSystem, Mutex<Vec<String>>);

    impl FileSystem for Watched {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            self.1
                .lock()
                .expect("no reader panics")
                .push(path.to_owned());
            self.0.read(path)
        }

        fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
            self.0.list(folder)
        }
    }

    fn codes(loaded: &Loaded) -> Vec<&str> {
        loaded.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn a_file_with_data_is_read_once_and_is_no_source() {
        let mut files = MemoryFileSystem::default();
        files.insert("d/x.bin", vec![0xff]);
        files.insert(
            "main.bicep",
            "var a = loadFileAsBase64('d/x.bin')\nmodule m 'd/m.bicep' = {}",
        );
        files.insert(
            "d/m.bicep",
            "var b = [loadTextContent('./x.bin'), loadTextContent('x.bin')]",
        );
        let watched = Watched(files, Mutex::default());
        let loaded = load(&watched, &["main.bicep".to_owned()]);
        assert!(loaded.findings.is_empty());
        assert_eq!(loaded.sources.len(), 2);
        assert_eq!(
            *watched.1.lock().unwrap(),
            ["main.bicep", "d/m.bicep", "d/x.bin"]
        );
        let data = loaded.project.units[1].targets.iter();
        assert_eq!(
            data.cloned().collect::<Vec<_>>(),
            vec![Target::Data(vec![0xff].into()); 2]
        );
    }

    #[test]
    fn each_use_of_a_file_that_is_not_there_is_reported() {
        let mut files = MemoryFileSystem::default();
        files.insert(
            "main.bicep",
            "var a = [loadTextContent('x'), loadJsonContent('x'), loadTextContent('/x')]",
        );
        let loaded = load(&files, &["main.bicep".to_owned()]);
        assert_eq!(codes(&loaded), ["BCP051", "BCP091", "BCP091"]);
    }

    #[test]
    fn a_folder_is_the_files_in_it() {
        let mut files = MemoryFileSystem::default();
        files.insert("a/main.bicep", "var a = loadDirectoryFileInfo('../d/')");
        for path in ["d/x", "d/y/z", "d.e", "dd/x"] {
            files.insert(path, "");
        }
        let loaded = load(&files, &["a/main.bicep".to_owned()]);
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
        let loaded = load(&files, &["main.bicep".to_owned()]);
        assert_eq!(codes(&loaded), ["BCP430", "BCP428"]);
    }

    #[test]
    fn nothing_outside_of_the_workspace_is_read_for_its_content() {
        let mut files = MemoryFileSystem::default();
        files.insert("../secret.txt", "s");
        files.insert("main.bicep", "var a = loadTextContent('../secret.txt')");
        files.insert("../b/m.bicep", "var a = [loadTextContent('../secret.txt')]");
        let loaded = load(
            &files,
            &["main.bicep".to_owned(), "../b/m.bicep".to_owned()],
        );
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
