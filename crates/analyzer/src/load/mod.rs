//! Reads files and everything they refer to, level by level, each level in parallel.
//!
//! Enters: a file system, the names of files, and what the [`Environment`] says about modules.
//! Leaves: a project in which every reference is settled, and what is wrong with texts, references
//! and configurations. Deliberately absent: the network, and writing.
//!
//! [`read`] turns one file into a template; [`references`] decides where a reference leads, with the
//! help of [`cache`] and [`spelling`]; [`data`] reads what files are read for; [`finish`] says what
//! remains to be said when everything is read. Modules of the cache can be kept as an [`outline`].

mod cache;
mod data;
mod finish;
mod outline;
mod parameters;
mod read;
mod references;
mod spelling;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use tricep_rules::{Finding, Outcome, Severity};
use tricep_semantic::IndexVec;
use tricep_semantic::project::{Origin, Outliner, Project, Target, TrustedRegistries, Unit};
use tricep_semantic::template::{Purpose, ReferenceId};
use tricep_syntax::arm::ExpressionError;
use tricep_syntax::bicep::Dialect;
use tricep_syntax::text::{FileId, Location, Source, Span};

use crate::config::{Configs, Configuration, Policy};
use crate::suppress::Suppressions;
use crate::{FileSystem, ReadError};

use data::Wanted;
pub use parameters::{ParameterFile, is_parameter_file_name};
use read::{Kind, Read, TextProblem, Trouble, read};
pub(crate) use references::BUILT_IN;
use references::From;
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
    /// The root of the file system, an absolute path with `/`, so that patterns in files above it can be
    /// compared with what lies below. `None`: they match nothing there.
    pub root: Option<String>,
    /// Which settings count.
    pub configuration: Configuration,
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
    /// What the configuration says of each file.
    pub(crate) policies: Vec<Arc<Policy>>,
    /// Number of files that the configuration leaves out.
    pub excluded: usize,
    /// Number of mistakes in configurations.
    pub misconfigured: usize,
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
    load_with(file_system, files, &[], environment)
}

/// Reads `files`, and parameter files in JSON for templates that are named, and all they refer to.
#[must_use]
pub fn load_with(
    file_system: &dyn FileSystem,
    files: &[String],
    parameters: &[ParameterFile],
    environment: &Environment,
) -> Loaded {
    let loading = Loading::new(file_system, environment, false);
    load_all(loading, files, &BTreeSet::new(), parameters)
}

/// As [`load_with`], but of modules in the cache only an outline is kept: they can be told apart and
/// called, but before [`Loaded::complete`] not evaluated. Of the files `excludable` those are left out
/// that the configuration excludes.
pub(crate) fn load_outlined(
    file_system: &dyn FileSystem,
    files: &[String],
    excludable: &BTreeSet<String>,
    parameters: &[ParameterFile],
    environment: &Environment,
) -> Loaded {
    let loading = Loading::new(file_system, environment, true);
    load_all(loading, files, excludable, parameters)
}

fn load_all(
    mut loading: Loading<'_>,
    files: &[String],
    excludable: &BTreeSet<String>,
    parameters: &[ParameterFile],
) -> Loaded {
    let file_system = loading.file_system;
    for file in parameters {
        loading.take(Pending::parameters(file));
    }
    for file in files {
        match excludable.contains(file) && loading.configs.of(file).policy.excludes(file) {
            true => loading.loaded.excluded += 1,
            false => {
                loading.take(Pending::own(file.clone()));
            }
        }
    }
    let named = loading.level.len();
    while !loading.level.is_empty() {
        let level = std::mem::take(&mut loading.level);
        let read: Vec<(Place, Read)> = level
            .into_par_iter()
            .map_init(Outliner::default, |outliner, Pending { place, kind }| {
                let read = read(file_system, &place.path, kind, outliner);
                (place, read)
            })
            .collect();
        for (place, read) in read {
            loading.add(place, read);
        }
    }
    loading.read_data();
    loading.finish(named)
}

/// A file that is to be read.
#[derive(Debug)]
struct Pending {
    place: Place,
    kind: Kind,
}

/// Where a file is from.
#[derive(Clone, Debug)]
struct Place {
    /// Its path, and its name in reports.
    path: String,
    origin: Origin,
}

impl Pending {
    /// A file of the user's.
    fn own(path: String) -> Self {
        Self {
            kind: Kind::of(&path),
            place: Place {
                path,
                origin: Origin::Own,
            },
        }
    }

    fn parameters(file: &ParameterFile) -> Self {
        Self {
            kind: Kind::Parameters(spelling::relative(&file.path, &file.template)),
            ..Self::own(file.path.clone())
        }
    }
}

struct Loading<'a> {
    file_system: &'a dyn FileSystem,
    environment: &'a Environment,
    /// Whether of modules in the cache outlines are kept.
    outlines: bool,
    configs: Configs<'a>,
    spellings: Spellings<'a>,
    ids: BTreeMap<String, FileId>,
    /// The files to read next.
    level: Vec<Pending>,
    /// The number of files that have an id.
    count: u32,
    /// How many of them are templates written into another file.
    nested: usize,
    loaded: Loaded,
    /// For each file, why it cannot be read.
    trouble: Vec<Option<Trouble>>,
    /// The ARM templates that the engine would refuse, with the first reason.
    refused: BTreeMap<FileId, String>,
    /// What is read for its content, and who refers to it.
    data: BTreeMap<Wanted, Vec<(FileId, ReferenceId)>>,
}

impl<'a> Loading<'a> {
    fn new(file_system: &'a dyn FileSystem, environment: &'a Environment, outlines: bool) -> Self {
        Self {
            file_system,
            environment,
            outlines,
            configs: Configs::new(file_system, environment),
            spellings: Spellings::new(file_system),
            ids: BTreeMap::new(),
            level: Vec::new(),
            count: 0,
            nested: 0,
            loaded: Loaded {
                project: Project::default(),
                sources: Vec::new(),
                findings: Vec::new(),
                suppressions: Vec::new(),
                policies: Vec::new(),
                excluded: 0,
                misconfigured: 0,
                unreadable: 0,
                named: 0,
                read: 0,
            },
            trouble: Vec::new(),
            refused: BTreeMap::new(),
            data: BTreeMap::new(),
        }
    }

    /// The id of a file; one that is new goes to the next level.
    fn take(&mut self, pending: Pending) -> FileId {
        if let Some(&id) = self.ids.get(&pending.place.path) {
            return id;
        }
        let path = pending.place.path.clone();
        let id = self.take_new(pending);
        self.ids.insert(path, id);
        id
    }

    /// The id of something that nothing else refers to.
    fn take_new(&mut self, pending: Pending) -> FileId {
        let id = FileId(self.count);
        self.count = self.count.saturating_add(1);
        self.level.push(pending);
        id
    }

    fn add(&mut self, place: Place, read: Read) {
        let file = FileId(self.loaded.sources.len() as u32);
        self.report_text(file, &place.origin, read.template.dialect, read.problems);
        self.nested += read.nested.len();
        let mut nested: BTreeMap<ReferenceId, _> = read
            .nested
            .into_iter()
            .map(|nested| (nested.reference, nested.lowered))
            .collect();
        let from = From {
            path: &place.path,
            text: &read.text,
            file,
            dialect: read.template.dialect,
            is_own: place.origin == Origin::Own,
        };
        let mut targets: IndexVec<ReferenceId, Target> = IndexVec::default();
        for (id, reference) in read.template.references.iter_enumerated() {
            targets.push(match (nested.remove(&id), reference.purpose) {
                (Some(lowered), _) => Target::File(self.take_new(Pending {
                    place: place.clone(),
                    kind: Kind::Nested(
                        Box::new(lowered),
                        Arc::clone(&read.text),
                        read.suppressions.clone(),
                    ),
                })),
                (None, Purpose::Data | Purpose::Folder) => self.data(from, id, reference),
                (None, _) => self.target(from, reference),
            });
        }
        if let Some(outlined) = read.outlined {
            self.loaded.project.outlines.insert(file, outlined);
        }
        if read.is_orphan {
            self.loaded.findings.push(without_template(file));
        }
        let policy = match from.is_own {
            true => Arc::clone(&self.configs.of(from.path).policy),
            false => Arc::default(),
        };
        self.loaded.policies.push(policy);
        self.loaded
            .sources
            .push(Source::new(place.path, Arc::clone(&read.text)));
        self.loaded.suppressions.push(read.suppressions);
        self.trouble.push(read.trouble);
        self.loaded.project.units.push(Unit {
            text: read.text,
            template: read.template,
            targets,
            origin: place.origin,
        });
    }

    /// Says what is wrong with a text, unless it is nobody's to change.
    fn report_text(
        &mut self,
        file: FileId,
        origin: &Origin,
        dialect: Dialect,
        problems: Vec<TextProblem>,
    ) {
        // An expression that is not right is refused only where it is evaluated (`arm` faulty-13).
        let mut refusals = problems
            .iter()
            .filter(|problem| problem.code != ExpressionError::CODE);
        if let (Dialect::Arm, Some(first)) = (dialect, refusals.next()) {
            self.refused.insert(file, first.message.clone());
        }
        if *origin != Origin::Own {
            return;
        }
        for TextProblem {
            code,
            message,
            span,
        } in problems
        {
            let finding = problem(code, message, Location { file, span });
            self.loaded.findings.push(finding);
        }
    }
}

fn without_template(file: FileId) -> Finding {
    let at = Location {
        file,
        span: Span::at(0),
    };
    let message = "nobody knows which template these parameters are for".to_owned();
    Finding {
        severity: Severity::Info,
        help: Some("name both: `tricep check TEMPLATE --parameters FILE`".to_owned()),
        fixes: Vec::new(),
        ..problem("parameters-without-template", message, at)
    }
}

/// Nowhere that can be read; the words say why, as the end of a sentence.
fn unavailable(why: impl Into<Arc<str>>) -> Target {
    Target::Unavailable(why.into())
}

/// The finding that the file at a path cannot be read.
fn not_read(path: &str, trouble: &Trouble, at: Location) -> Finding {
    let (code, fix) = match trouble {
        Trouble::Unread(ReadError::Folder) => ("BCP275", "write the path of a file in the folder"),
        Trouble::Unread(ReadError::NoFolder) => ("BCP430", "write the path of a folder"),
        Trouble::Unread(ReadError::NotFound) => ("BCP091", "correct the path, or create the file"),
        Trouble::Unread(ReadError::Unreadable(_)) => {
            ("BCP091", "see to it that the file can be read")
        }
        Trouble::NoTemplateSpec => ("BCP104", "run `bicep restore --force`"),
    };
    let mut finding = problem(code, format!("cannot read `{path}`: {trouble}"), at);
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
        fixes: Vec::new(),
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

    /// Counts the questions about each path.
    #[derive(Default)]
    struct Counted(MemoryFileSystem, Mutex<BTreeMap<String, usize>>);

    impl Counted {
        fn note(&self, question: &str, path: &str) {
            let mut counts = self.1.lock().expect("no reader panics");
            *counts.entry(format!("{question} {path}")).or_default() += 1;
        }
    }

    impl FileSystem for Counted {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            self.note("read", path);
            self.0.read(path)
        }

        fn is_file(&self, path: &str) -> bool {
            self.note("is", path);
            self.0.is_file(path)
        }

        fn list(&self, folder: &str) -> Result<Vec<Entry>, ReadError> {
            self.note("list", folder);
            self.0.list(folder)
        }
    }

    fn codes(loaded: &Loaded) -> Vec<&'static str> {
        loaded.findings.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn many_references_to_a_missing_file_look_for_it_once() {
        let mut files = Counted::default();
        let names: Vec<String> = (0..500).map(|number| format!("a/{number}.bicep")).collect();
        for name in &names {
            files.0.insert(name, "module m '../b/None.bicep' = {}");
        }
        files.0.insert("b/other.bicep", "");
        let loaded = load(&files, &names, &Environment::default());
        assert_eq!(codes(&loaded), vec!["BCP091"; 500]);
        let counts = files.1.lock().unwrap();
        for question in [
            "is b/None.bicep",
            "read b/None.bicep",
            "list b",
            "is a/bicepconfig.json",
            "is bicepconfig.json",
        ] {
            assert_eq!(counts[question], 1, "{question}");
        }
    }

    #[test]
    fn long_chains_and_large_circles_are_read_to_the_end() {
        const LENGTH: usize = 1000;
        let mut files = MemoryFileSystem::default();
        for number in 0..LENGTH {
            let call = |path: String| format!("module m '{path}' = {{}}");
            files.insert(
                format!("chain/{number}.bicep"),
                call(format!("{}.bicep", number + 1)),
            );
            files.insert(
                format!("circle/{number}.bicep"),
                call(format!("{}.bicep", (number + 1) % LENGTH)),
            );
        }
        files.insert(format!("chain/{LENGTH}.bicep"), "");
        let chain = load(
            &files,
            &["chain/0.bicep".to_owned()],
            &Environment::default(),
        );
        assert!(chain.findings.is_empty());
        assert_eq!(chain.read, LENGTH + 1);
        let circle = load(
            &files,
            &["circle/0.bicep".to_owned()],
            &Environment::default(),
        );
        assert_eq!(codes(&circle), vec!["BCP095"; LENGTH]);
    }

    /// Where the reference of `main.bicep` leads, and the codes of the findings.
    fn led(files: &MemoryFileSystem, environment: &Environment) -> (String, Vec<&'static str>) {
        let loaded = load(files, &["main.bicep".to_owned()], environment);
        let target = match loaded.project.units[0].targets.iter().next() {
            Some(Target::File(file)) => loaded.sources[file.0 as usize].label().to_owned(),
            _ => "nowhere".to_owned(),
        };
        (target, codes(&loaded))
    }

    #[test]
    fn the_cache_that_was_named_goes_before_the_others() {
        const MODULE: &str = "br/contoso.azurecr.io/aks/1.0$";
        let mut files = MemoryFileSystem::default();
        files.insert(
            "main.bicep",
            "module m 'br:contoso.azurecr.io/aks:1.0' = {}",
        );
        let mut environment = Environment::default();
        assert_eq!(
            led(&files, &environment),
            ("nowhere".to_owned(), vec!["BCP190"])
        );
        let mut restore = |root: &str| {
            for name in ["main.json", "manifest", "metadata"] {
                files.insert(format!("{root}/{MODULE}/{name}"), "{}");
            }
        };
        for root in ["/named", "/home/.bicep", "/home/x"] {
            restore(root);
        }
        files.insert(
            "bicepconfig.json",
            "{\"cacheRootDirectory\": \"~\\\\y/../x\"}",
        );
        let leads_to = |environment: &Environment| led(&files, environment).0;
        assert_eq!(leads_to(&environment), "nowhere");
        environment.home = Some("/home/".to_owned());
        assert_eq!(
            leads_to(&environment),
            format!("/home/x/{MODULE}/main.json")
        );
        environment.module_cache = Some("/named".to_owned());
        assert_eq!(leads_to(&environment), format!("/named/{MODULE}/main.json"));
        environment.module_cache = Some("/empty".to_owned());
        assert_eq!(leads_to(&environment), "nowhere");
    }

    #[test]
    fn a_registry_must_be_trusted_even_when_the_module_is_here() {
        let mut files = MemoryFileSystem::default();
        files.insert("main.bicep", "module m 'br:r.example.org/aks:1.0' = {}");
        for name in ["main.json", "manifest", "metadata"] {
            files.insert(format!("/c/br/r.example.org/aks/1.0$/{name}"), "{}");
        }
        let mut environment = Environment {
            module_cache: Some("/c".to_owned()),
            ..Environment::default()
        };
        assert_eq!(
            led(&files, &environment),
            ("nowhere".to_owned(), vec!["BCP446"])
        );
        environment.trusted_registries = TrustedRegistries::new("*.example.org");
        assert_eq!(
            led(&files, &environment).0,
            "/c/br/r.example.org/aks/1.0$/main.json"
        );
    }
}
