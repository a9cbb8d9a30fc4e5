//! Reads files and everything they refer to, level by level, each level in parallel.
//!
//! Enters: a file system, the names of files, and what the [`Environment`] says about modules.
//! Leaves: a project in which every reference is settled, and what is wrong with texts, references
//! and configurations. Deliberately absent: the network, and writing.
//!
//! [`read`] turns one file into a template; [`references`] decides where a reference leads, with the
//! help of [`cache`] and [`spelling`]; [`data`] reads what files are read for; [`finish`] says what
//! remains to be said when everything is read.

mod cache;
mod data;
mod finish;
mod read;
mod references;
mod spelling;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rayon::prelude::*;
use tricep_rules::{Finding, Outcome, Severity};
use tricep_semantic::IndexVec;
use tricep_semantic::lower::arm::Nested;
use tricep_semantic::project::{Origin, Project, Target, TrustedRegistries, Unit, is_arm_template};
use tricep_semantic::template::{Purpose, ReferenceId};
use tricep_syntax::text::{FileId, Location, Source};

use crate::config::Configs;
use crate::suppress::Suppressions;
use crate::{FileSystem, ReadError};

use read::{Inner, Kind, Read, read};
use spelling::Spellings;

/// What the surroundings of the process say about modules. Libraries do not look for themselves.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Environment {
    /// The home folder, an absolute path with `/`: the module cache is `.bicep` in it, unless
    /// `bicepconfig.json` says otherwise. `None`: there is none.
    pub home: Option<String>,
    /// The module cache, whatever `bicepconfig.json` says: an absolute path with `/`.
    pub module_cache: Option<String>,
    /// The registries that modules may come from.
    pub trusted_registries: TrustedRegistries,
    /// So many folders lie above the root of the file system; `bicepconfig.json` may be in them.
    pub folders_above: usize,
}

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

/// Reads `files` and all they refer to.
#[must_use]
pub fn load(file_system: &dyn FileSystem, files: &[String], environment: &Environment) -> Loaded {
    let mut loading = Loading::new(file_system, environment);
    for file in files {
        loading.take(Pending::own(file.clone()));
    }
    let named = loading.level.len();
    while !loading.level.is_empty() {
        let level = std::mem::take(&mut loading.level);
        let read: Vec<Read> = level
            .par_iter()
            .map(|pending| read(file_system, pending))
            .collect();
        for (pending, read) in level.into_iter().zip(read) {
            loading.add(pending, read);
        }
    }
    loading.read_data();
    loading.finish(named)
}

/// A file that is to be read.
#[derive(Clone, Debug)]
struct Pending {
    /// Its path, and its name in reports.
    path: String,
    kind: Kind,
    origin: Origin,
}

impl Pending {
    /// A file of the user's.
    fn own(path: String) -> Self {
        let kind = match is_arm_template(&path) {
            true => Kind::Arm,
            false => Kind::Bicep,
        };
        Self {
            path,
            kind,
            origin: Origin::Own,
        }
    }
}

struct Loading<'a> {
    file_system: &'a dyn FileSystem,
    environment: &'a Environment,
    configs: Configs<'a>,
    spellings: Spellings<'a>,
    ids: BTreeMap<String, FileId>,
    /// The files to read next.
    level: Vec<Pending>,
    loaded: Loaded,
    /// For each file, why it cannot be read.
    trouble: Vec<Option<ReadError>>,
    /// The files that are read for their content, by path, and who refers to them.
    data: BTreeMap<String, Vec<(FileId, ReferenceId)>>,
}

impl<'a> Loading<'a> {
    fn new(file_system: &'a dyn FileSystem, environment: &'a Environment) -> Self {
        Self {
            file_system,
            environment,
            configs: Configs::new(file_system, environment.folders_above),
            spellings: Spellings::new(file_system),
            ids: BTreeMap::new(),
            level: Vec::new(),
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
        }
    }

    /// The id of a file; one that is new goes to the next level.
    fn take(&mut self, pending: Pending) -> FileId {
        if let Some(&id) = self.ids.get(&pending.path) {
            return id;
        }
        let id = FileId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        self.ids.insert(pending.path.clone(), id);
        self.level.push(pending);
        id
    }

    /// Takes the templates that are written into one: units of the same file, by the reference to them.
    fn take_nested(
        &mut self,
        outer: &Pending,
        text: &Arc<str>,
        nested: Vec<Nested>,
    ) -> BTreeMap<ReferenceId, FileId> {
        let mut ids = BTreeMap::new();
        for Nested { reference, lowered } in nested {
            let id = FileId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
            // No file has such a path.
            self.ids.insert(format!("nested:{}", id.0), id);
            self.level.push(Pending {
                path: outer.path.clone(),
                kind: Kind::Nested(Arc::new(Inner {
                    text: Arc::clone(text),
                    lowered: Mutex::new(Some(lowered)),
                })),
                origin: outer.origin.clone(),
            });
            ids.insert(reference, id);
        }
        ids
    }

    fn add(&mut self, pending: Pending, read: Read) {
        let file = FileId(self.loaded.sources.len() as u32);
        for error in read.errors {
            let at = Location {
                file,
                span: error.span,
            };
            self.loaded
                .findings
                .push(problem(error.code, error.message, at));
        }
        let mut nested = self.take_nested(&pending, &read.text, read.nested);
        let mut targets: IndexVec<ReferenceId, Target> = IndexVec::default();
        for (id, reference) in read.template.references.iter_enumerated() {
            let from = references::From {
                path: &pending.path,
                text: &read.text,
                file,
            };
            if let Some(inner) = nested.remove(&id) {
                targets.push(Target::File(inner));
                continue;
            }
            targets.push(match reference.purpose {
                Purpose::Data => self.data(from, id, reference),
                _ => self.target(from, reference),
            });
        }
        if pending.origin == Origin::Own {
            // Only for what is wrong with it.
            let _ = self.configs.of(&pending.path);
        }
        self.loaded
            .sources
            .push(Source::new(pending.path, Arc::clone(&read.text)));
        self.loaded.suppressions.push(read.suppressions);
        self.trouble.push(read.trouble);
        self.loaded.project.units.push(Unit {
            text: read.text,
            template: read.template,
            targets,
            origin: pending.origin,
        });
    }
}

/// Nowhere that can be read; the words say why, as the end of a sentence.
fn unavailable(why: impl Into<Arc<str>>) -> Target {
    Target::Unavailable(why.into())
}

/// The finding that the file at a path cannot be read.
fn not_read(path: &str, error: &ReadError, at: Location) -> Finding {
    let (code, fix) = match error {
        ReadError::Folder => ("BCP275", "write the path of a file in the folder"),
        ReadError::NotFound => ("BCP091", "correct the path, or create the file"),
        ReadError::Unreadable(_) => ("BCP091", "see to it that the file can be read"),
    };
    let mut finding = problem(code, format!("cannot read `{path}`: {error}"), at);
    finding.help = Some(fix.to_owned());
    finding
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
    use crate::MemoryFileSystem;

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

        fn is_file(&self, path: &str) -> bool {
            self.0.is_file(path)
        }
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
        let loaded = load(
            &watched,
            &["main.bicep".to_owned()],
            &Environment::default(),
        );
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
        let loaded = load(&files, &["main.bicep".to_owned()], &Environment::default());
        let codes: Vec<&str> = loaded.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["BCP051", "BCP091", "BCP091"]);
    }
}
