//! `bicepconfig.json`: which one counts for a file, and what it says about modules.
//!
//! Enters: the name of a file. Leaves: the [`Settings`] of the nearest `bicepconfig.json` above it
//! and of those it extends, over the compiler's defaults, and the [`Policy`] under `analyzers.tricep`;
//! and what is wrong with them. Deliberately absent: settings of the compiler that have no part in
//! finding modules.

mod policy;
mod read;
mod shape;
mod show;
mod validate;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tricep_semantic::project::Aliases;
use tricep_syntax::json::{self, Json, Kind, Value};
use tricep_syntax::text::Span;

use crate::{Environment, FileSystem, ReadError, is_absolute, join_path};

pub(crate) use policy::{Origin, Policy, Set};
pub use shape::{FailOn, Level, schema};
pub use show::{ShownSettings, settings};

/// The name of the file.
const NAME: &str = "bicepconfig.json";
/// A file and those it extends may be so many (the compiler's `BicepConfigurationManager`).
const MAX_CHAIN: usize = 64;
/// The code of what is wrong under `analyzers.tricep`.
pub(crate) const INVALID: &str = "invalid-setting";

/// Where the settings under `analyzers.tricep` are from. What the compiler reads too, such as aliases of
/// modules, is from the nearest file in any case, since that is what is deployed.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Configuration {
    /// From the `bicepconfig.json` that is nearest to a file, and those it extends.
    #[default]
    Nearest,
    /// From this file, by its path, for all files.
    File(String),
    /// There are none.
    Nothing,
}

/// What counts for a file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Settings {
    /// The nearest `bicepconfig.json`; `None`: there is none.
    pub(crate) file: Option<String>,
    /// Names for the first parts of references.
    pub(crate) aliases: Aliases,
    /// `cacheRootDirectory`: an absolute path, or one that starts with `~`.
    pub(crate) cache_root: Option<String>,
    /// What `analyzers.tricep` says.
    pub(crate) policy: Arc<Policy>,
}

/// Something wrong in a file, or with one that it extends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Problem {
    /// The file.
    pub(crate) file: String,
    /// Where in it.
    pub(crate) span: Span,
    /// The compiler's code, or one of our own.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) fix: String,
}

/// The files read so far.
pub(crate) struct Configs<'a> {
    file_system: &'a dyn FileSystem,
    /// So many folders lie above the root of the file system.
    folders_above: usize,
    /// The root of the file system, or nothing.
    root: String,
    configuration: Configuration,
    /// The schema of `analyzers.tricep`, made when first needed.
    schema: Option<serde_json::Value>,
    /// For each folder looked at, the file that counts in it.
    by_folder: HashMap<String, Option<Arc<Settings>>>,
    /// The files that were read.
    read: HashMap<String, Result<Arc<Json>, ReadError>>,
    problems: BTreeSet<Problem>,
    defaults: Arc<Settings>,
}

impl<'a> Configs<'a> {
    pub(crate) fn new(file_system: &'a dyn FileSystem, environment: &Environment) -> Self {
        let mut configs = Self {
            folders_above: environment.folders_above,
            root: environment.root.clone().unwrap_or_default(),
            ..Self::nothing(file_system)
        };
        if let Configuration::File(file) = &environment.configuration {
            let chain = configs.chain(file);
            let policy = configs.policy(&chain);
            configs.defaults = Arc::new(Settings {
                policy,
                ..Settings::default()
            });
        }
        configs.configuration = environment.configuration.clone();
        configs
    }

    /// No files at all.
    pub(crate) fn nothing(file_system: &'a dyn FileSystem) -> Self {
        Self {
            file_system,
            folders_above: 0,
            root: String::new(),
            configuration: Configuration::Nothing,
            schema: None,
            by_folder: HashMap::new(),
            read: HashMap::new(),
            problems: BTreeSet::new(),
            defaults: Arc::default(),
        }
    }

    /// What counts for a file. Each folder is looked at once, whatever the number of its files.
    pub(crate) fn of(&mut self, file: &str) -> Arc<Settings> {
        let mut passed = Vec::new();
        let mut folder = parent(file, self.folders_above);
        let mut found = None;
        while let Some(here) = folder {
            if let Some(known) = self.by_folder.get(&here) {
                found.clone_from(known);
                break;
            }
            let config = inside(&here, NAME);
            folder = parent(&here, self.folders_above);
            passed.push(here);
            if self.file_system.is_file(&config) {
                found = Some(Arc::new(self.settings(&config)));
                break;
            }
        }
        for folder in passed {
            self.by_folder.insert(folder, found.clone());
        }
        found.unwrap_or_else(|| Arc::clone(&self.defaults))
    }

    /// What was wrong, by file, each with its text.
    pub(crate) fn problems(self) -> Vec<(Problem, Arc<str>)> {
        let text = |file: &str| match self.read.get(file) {
            Some(Ok(json)) => Arc::clone(json.source()),
            _ => Arc::from(""),
        };
        let problems = self.problems.iter().cloned();
        problems
            .map(|problem| {
                let text = text(&problem.file);
                (problem, text)
            })
            .collect()
    }

    fn settings(&mut self, file: &str) -> Settings {
        let mut settings = Settings {
            file: Some(file.to_owned()),
            ..Settings::default()
        };
        let chain = self.chain(file);
        for (file, json) in chain.iter().rev() {
            let mut problems = read::overlay(&mut settings, json.root(), file);
            self.problems.append(&mut problems);
        }
        settings.policy = match self.configuration {
            Configuration::Nearest => self.policy(&chain),
            Configuration::File(_) | Configuration::Nothing => Arc::clone(&self.defaults.policy),
        };
        settings
    }

    /// What a file and those it extends say under `analyzers.tricep`.
    fn policy(&mut self, chain: &[(String, Arc<Json>)]) -> Arc<Policy> {
        let mut policy = Policy::new(&self.root);
        for (file, json) in chain.iter().rev() {
            let analyzers = json.root().get("analyzers");
            if let Some(section) = analyzers.and_then(|analyzers| analyzers.get("tricep")) {
                let sound = self.sound(file, section);
                policy.overlay(file, section, sound);
            }
        }
        Arc::new(policy.settle())
    }

    /// What is right of a section; the rest is reported.
    fn sound(&mut self, file: &str, section: Value<'_>) -> serde_json::Value {
        let schema = self.schema.get_or_insert_with(shape::section);
        let mut wrong = Vec::new();
        let sound = validate::sound(section, schema, &mut wrong);
        let problem = |wrong: validate::Wrong| Problem {
            file: file.to_owned(),
            span: wrong.span,
            code: INVALID,
            message: wrong.message,
            fix: wrong.fix,
        };
        self.problems.extend(wrong.into_iter().map(problem));
        sound.unwrap_or_else(|| serde_json::Value::Object(serde_json::Map::new()))
    }

    /// A file and those it extends, one after the other. Broken links end it; what precedes them
    /// counts all the same, where the compiler falls back to its defaults.
    fn chain(&mut self, file: &str) -> Vec<(String, Arc<Json>)> {
        let mut chain: Vec<(String, Arc<Json>)> = Vec::new();
        let mut next = file.to_owned();
        loop {
            match self.json(&next) {
                Ok(json) => chain.push((next, json)),
                Err(error) => {
                    self.cannot_read(&next, &error, chain.last());
                    return chain;
                }
            }
            match self.extended(&chain) {
                Some(file) => next = file,
                None => return chain,
            }
        }
    }

    /// The file that the last one extends.
    fn extended(&mut self, chain: &[(String, Arc<Json>)]) -> Option<String> {
        let (file, json) = chain.last()?;
        let extends = json.root().get("extends")?;
        let mut problem = |code, message: String, fix: &str| {
            self.problems.insert(Problem {
                file: file.clone(),
                span: extends.span(),
                code,
                message,
                fix: fix.to_owned(),
            });
            None
        };
        let path = match (extends.text(), extends.kind()) {
            (Some(path), _) => path.value,
            (None, Kind::Null | Kind::Missing) => return None,
            (None, _) => {
                let message = "`extends` must be a text".to_owned();
                return problem("BCP273", message, "write the path of a file");
            }
        };
        if path.trim().is_empty() {
            return None;
        }
        if is_absolute(&path) {
            let message = format!("`{path}` is no relative path");
            return problem("BCP453", message, "write the path as seen from this file");
        }
        let next = join_path(file, &path.replace('\\', "/"));
        if chain.iter().any(|(before, _)| *before == next) {
            let message = format!("`{path}` comes back to a file that extends this one");
            return problem("BCP454", message, "take `extends` out of one of the files");
        }
        if chain.len() >= MAX_CHAIN {
            let message = format!("more than {MAX_CHAIN} files extend each other");
            return problem("BCP455", message, "put some of the files together");
        }
        Some(next)
    }

    fn cannot_read(&mut self, file: &str, error: &ReadError, user: Option<&(String, Arc<Json>)>) {
        let link = user.map(|(user, json)| (user.as_str(), json.root().get("extends")));
        let (at, span) = match link {
            Some((user, extends)) => (user, extends.map_or(Span::at(0), Value::span)),
            None => (file, Span::at(0)),
        };
        self.problems.insert(Problem {
            file: at.to_owned(),
            span,
            code: "BCP272",
            message: format!("cannot read `{file}`: {error}"),
            fix: "correct the path, or create the file".to_owned(),
        });
    }

    /// The content of a file, read once; errors in it are reported, and what is sound counts.
    fn json(&mut self, file: &str) -> Result<Arc<Json>, ReadError> {
        if let Some(known) = self.read.get(file) {
            return known.clone();
        }
        let text = self.file_system.read(file).and_then(|bytes| {
            String::from_utf8(bytes)
                .map_err(|_| ReadError::Unreadable("it is not UTF-8 text".to_owned()))
        });
        let json = text.map(|text| Arc::new(json::parse(text)));
        if let Ok(json) = &json
            && let Some(error) = json.errors().first()
        {
            self.problems.insert(Problem {
                file: file.to_owned(),
                span: error.span,
                code: "BCP271",
                message: format!("this is no JSON: {}", error.kind),
                fix: "correct the JSON; until then the compiler takes no account of the file"
                    .to_owned(),
            });
        }
        self.read.insert(file.to_owned(), json.clone());
        json
    }
}

fn inside(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        folder => format!("{folder}/{name}"),
    }
}

/// The folder around a file or folder; `""` is the root of the file system, and above it lie
/// `..`, `../..` and so on, `above` of them.
fn parent(path: &str, above: usize) -> Option<String> {
    let is_up = |path: &str| path.is_empty() || path.split('/').all(|part| part == "..");
    match path.rsplit_once('/') {
        _ if path == "/" || path.ends_with(':') => None,
        _ if is_up(path) => {
            let levels = path.split('/').filter(|part| *part == "..").count();
            (levels < above).then(|| vec![".."; levels + 1].join("/"))
        }
        Some(("", _)) => Some("/".to_owned()),
        Some((folder, _)) => Some(folder.to_owned()),
        None => Some(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::MemoryFileSystem;

    fn files(files: &[(&str, &str)]) -> MemoryFileSystem {
        let mut memory = MemoryFileSystem::default();
        for (path, text) in files {
            memory.insert(*path, *text);
        }
        memory
    }

    /// So many folders lie above the root.
    fn above(folders_above: usize) -> Environment {
        Environment {
            folders_above,
            ..Environment::default()
        }
    }

    /// The codes of the problems, with their files and texts.
    fn problems(configs: Configs<'_>) -> Vec<String> {
        let show = |(problem, text): (Problem, Arc<str>)| {
            let text = &text[problem.span.range()];
            format!("{} {} {text}", problem.file, problem.code)
        };
        configs.problems().into_iter().map(show).collect()
    }

    #[test]
    fn parents_reach_up_to_the_top() {
        let ways = |path: &str| {
            let mut way = vec![];
            let mut here = parent(path, 2);
            while let Some(folder) = here {
                here = parent(&folder, 2);
                way.push(folder);
            }
            way
        };
        assert_eq!(ways("a/b/c.bicep"), ["a/b", "a", "", "..", "../.."]);
        assert_eq!(ways("../a/b.bicep"), ["../a", "..", "../.."]);
        assert_eq!(ways("/a/b.bicep"), ["/a", "/"]);
        assert_eq!(ways("D:/a/b.bicep"), ["D:/a", "D:"]);
    }

    #[test]
    fn the_nearest_file_counts_and_no_other() {
        let files = files(&[
            ("bicepconfig.json", "{\"cacheRootDirectory\": \"/root\"}"),
            ("a/bicepconfig.json", "{}"),
            (
                "../bicepconfig.json",
                "{\"cacheRootDirectory\": \"/above\"}",
            ),
        ]);
        let mut configs = Configs::new(&files, &above(3));
        let root = |settings: Arc<Settings>| settings.cache_root.clone();
        assert_eq!(root(configs.of("b/c/main.bicep")).as_deref(), Some("/root"));
        assert_eq!(root(configs.of("a/b/main.bicep")), None);
        assert_eq!(root(configs.of("../x.bicep")).as_deref(), Some("/above"));
        assert_eq!(
            configs.of("a/b/main.bicep").file.as_deref(),
            Some("a/bicepconfig.json")
        );
    }

    #[test]
    fn extended_files_come_before_those_that_extend_them() {
        let files = files(&[
            (
                "a/bicepconfig.json",
                "{ // comment\n \"extends\": \"../base.json\", \"moduleAliases\": {\"br\": \
                 {\"public\": {\"registry\": \"mirror.azurecr.io\"}, \"own\": {\"modulePath\": \"m\"}}}}",
            ),
            (
                "base.json",
                "{\"cacheRootDirectory\": \"~/cache\", \"moduleAliases\": {\"br\": {\"own\": \
                 {\"registry\": \"contoso.azurecr.io\", \"modulePath\": \"old\"}}}}",
            ),
        ]);
        let mut configs = Configs::new(&files, &above(0));
        let settings = configs.of("a/main.bicep");
        assert_eq!(settings.cache_root.as_deref(), Some("~/cache"));
        let registry = |name: &str| {
            let alias = &settings.aliases.registries[name];
            let part = |part: &Option<String>| part.clone().unwrap_or_default();
            format!("{}/{}", part(&alias.registry), part(&alias.module_path))
        };
        assert_eq!(registry("own"), "contoso.azurecr.io/m");
        // Deep merge: what is not said anew stays (the compiler's `JsonElement.Merge`).
        assert_eq!(registry("public"), "mirror.azurecr.io/bicep");
        assert!(problems(configs).is_empty());
    }

    #[test]
    fn broken_links_are_reported_where_they_stand() {
        let cases = [
            ("{\"extends\": \"/abs.json\"}", "\"/abs.json\"", "BCP453"),
            (
                "{\"extends\": \"C:\\\\x.json\"}",
                "\"C:\\\\x.json\"",
                "BCP453",
            ),
            ("{\"extends\": \"none.json\"}", "\"none.json\"", "BCP272"),
            (
                "{\"extends\": \"./bicepconfig.json\"}",
                "\"./bicepconfig.json\"",
                "BCP454",
            ),
            ("{\"extends\": 5}", "5", "BCP273"),
        ];
        for (text, at, code) in cases {
            let files = files(&[("bicepconfig.json", text)]);
            let mut configs = Configs::new(&files, &above(0));
            configs.of("main.bicep");
            assert_eq!(problems(configs), [format!("bicepconfig.json {code} {at}")]);
        }
    }

    #[test]
    fn circles_and_long_chains_end() {
        let circle = files(&[
            ("bicepconfig.json", "{\"extends\": \"a.json\"}"),
            ("a.json", "{\"extends\": \"b.json\"}"),
            ("b.json", "{\"extends\": \"a.json\"}"),
        ]);
        let mut configs = Configs::new(&circle, &above(0));
        configs.of("main.bicep");
        assert_eq!(problems(configs), ["b.json BCP454 \"a.json\""]);
        let mut long = files(&[("bicepconfig.json", "{\"extends\": \"0.json\"}")]);
        for number in 0..70 {
            let text = format!("{{\"extends\": \"{}.json\"}}", number + 1);
            long.insert(format!("{number}.json"), text);
        }
        let mut configs = Configs::new(&long, &above(0));
        configs.of("main.bicep");
        // Files 2 to 64 of the chain are 0.json to 62.json (oracle case bcp455-ec323c29).
        assert_eq!(problems(configs), ["62.json BCP455 \"63.json\""]);
    }

    #[test]
    fn a_broken_file_says_what_it_can() {
        let files = files(&[(
            "bicepconfig.json",
            "{\"cacheRootDirectory\": \"/c\", \"moduleAliases\": 5 5}",
        )]);
        let mut configs = Configs::new(&files, &above(0));
        let settings = configs.of("main.bicep");
        assert_eq!(settings.cache_root.as_deref(), Some("/c"));
        let codes = problems(configs);
        assert_eq!(codes[0], "bicepconfig.json BCP273 5");
        assert!(codes[1].contains("BCP271"), "{codes:?}");
    }

    /// Counts the questions for files.
    struct Counted(MemoryFileSystem, Mutex<usize>);

    impl FileSystem for Counted {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            self.0.read(path)
        }

        fn is_file(&self, path: &str) -> bool {
            *self.1.lock().unwrap() += 1;
            self.0.is_file(path)
        }
    }

    #[test]
    fn each_folder_is_looked_at_once() {
        let files = Counted(MemoryFileSystem::default(), Mutex::default());
        let mut configs = Configs::new(&files, &above(2));
        for number in 0..1000 {
            configs.of(&format!("a/b/{number}.bicep"));
            configs.of(&format!("a/{number}.bicep"));
        }
        assert_eq!(*files.1.lock().unwrap(), 5);
    }
}
