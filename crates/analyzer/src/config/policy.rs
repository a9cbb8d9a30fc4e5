//! What `analyzers.tricep` of a chain of files comes to.
//!
//! Enters: the sound part of each file, those extended first. Leaves: a [`Policy`], every setting with
//! the place it comes from. As in the compiler objects are merged key by key, and lists replace lists.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde_json::{Map, Value as Plain};
use tricep_rules::{RuleMeta, Settings, rules};
use tricep_syntax::json::Value;
use tricep_syntax::text::{Encoding, LineIndex};

use super::shape::{FailOn, Level, Leveled, PathIgnores, Shape};
use crate::report::codes;
use crate::{is_absolute, join_path};

/// The line of a file that a setting comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Origin {
    file: Arc<str>,
    /// 1-based.
    line: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A setting and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Set<T> {
    pub(crate) value: T,
    pub(crate) from: Origin,
}

/// Patterns of paths, with the folder they are relative to.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    folder: String,
    pub(crate) patterns: Vec<String>,
    globs: GlobSet,
}

impl Paths {
    /// Patterns in a file. They have been read before; one that is too large matches nothing.
    fn new(file: &str, patterns: Vec<String>) -> Self {
        let mut globs = GlobSetBuilder::new();
        for pattern in &patterns {
            let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
            let pattern = pattern.trim_end_matches('/');
            let anywhere = match pattern.contains('/') {
                true => pattern.to_owned(),
                false => format!("**/{pattern}"),
            };
            let glob = GlobBuilder::new(anywhere.trim_start_matches('/'))
                .literal_separator(true)
                .build();
            if let Ok(glob) = glob {
                globs.add(glob);
            }
        }
        Self {
            folder: join_path(file, "."),
            patterns,
            globs: globs.build().unwrap_or_default(),
        }
    }

    /// Whether a file, or a folder around it, is meant.
    pub(crate) fn cover(&self, path: &str) -> bool {
        let below = match self.folder.as_str() {
            "" | "/" => Some(path.trim_start_matches('/')),
            folder => path
                .strip_prefix(folder)
                .and_then(|below| below.strip_prefix('/')),
        };
        let Some(below) = below else { return false };
        let mut ends = below
            .match_indices('/')
            .map(|(end, _)| end)
            .chain([below.len()]);
        ends.any(|end| self.globs.is_match(&below[..end]))
    }
}

/// Rules that are off in some files.
#[derive(Clone, Debug)]
pub(crate) struct Ignores {
    pub(crate) paths: Paths,
    pub(crate) codes: Vec<String>,
}

/// What the configuration says of the analysis of a file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Policy {
    pub(crate) enabled: Option<Set<bool>>,
    /// By the name of the rule, or the code.
    pub(crate) rules: BTreeMap<String, Set<Level>>,
    pub(crate) categories: BTreeMap<String, Set<Level>>,
    pub(crate) default: Option<Set<Level>>,
    pub(crate) options: BTreeMap<String, Set<Plain>>,
    pub(crate) exclude: Option<Set<Paths>>,
    pub(crate) ignores: Option<Set<Vec<Ignores>>>,
    pub(crate) fail_on: Option<Set<FailOn>>,
    /// A path of the file system, or one that starts with `~`.
    pub(crate) module_cache: Option<Set<String>>,
    settings: Settings,
    /// The root of the file system as an absolute path; patterns may start above it.
    root: String,
}

impl Policy {
    /// Nothing said yet.
    pub(super) fn new(root: &str) -> Self {
        Self {
            root: root.to_owned(),
            ..Self::default()
        }
    }

    fn absolute(&self, path: &str) -> String {
        match self.root.is_empty() || is_absolute(path) {
            true => path.to_owned(),
            false => join_path("", &format!("{}/{path}", self.root)),
        }
    }

    /// Lays what a file says over what is known. `section` is what stands in the file, `sound` what is
    /// right of it.
    pub(super) fn overlay(&mut self, file: &str, section: Value<'_>, sound: Plain) {
        // The shape and the schema that the text was held to are one.
        let Ok(shape) = serde_json::from_value::<Shape>(sound) else {
            return;
        };
        let place = Place::new(file, section);
        overlay(&mut self.enabled, shape.enabled, &place, "enabled");
        overlay(&mut self.fail_on, shape.fail_on, &place, "failOn");
        let default = shape.default.and_then(|leveled| leveled.level);
        overlay(&mut self.default, default, &place, "default");
        let home = self.absolute(file);
        let paths = shape.exclude.map(|patterns| Paths::new(&home, patterns));
        overlay(&mut self.exclude, paths, &place, "exclude");
        let ignores = shape.per_path_ignores.map(|list| ignores(&home, list));
        overlay(&mut self.ignores, ignores, &place, "perPathIgnores");
        let cache = shape.module_cache.map(|path| located(file, &path));
        overlay(&mut self.module_cache, cache, &place, "moduleCache");
        let code = |name: &str| codes::code(rules(), name).unwrap_or_else(|_| name.to_owned());
        levels(&mut self.rules, shape.rules, &place, "rules", code);
        levels(
            &mut self.categories,
            shape.categories,
            &place,
            "categories",
            str::to_owned,
        );
        for (key, value) in shape.options {
            let from = place.of(&["options", &key]);
            self.options.insert(key, Set { value, from });
        }
    }

    /// Reads the options together.
    pub(super) fn settle(mut self) -> Self {
        let options = self.options.iter();
        let options: Map<String, Plain> = options
            .map(|(key, set)| (key.clone(), set.value.clone()))
            .collect();
        self.settings = serde_json::from_value(Plain::Object(options)).unwrap_or_default();
        self
    }

    /// The options of rules.
    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The level of a rule and where it comes from; `None`: that of the rule itself.
    pub(crate) fn level(&self, rule: &RuleMeta) -> Option<Set<Level>> {
        if let Some(Set { value: false, from }) = &self.enabled {
            let from = from.clone();
            return Some(Set {
                value: Level::Off,
                from,
            });
        }
        let named = self.rules.get(rule.name);
        let category = || self.categories.get(rule.category.name());
        named.or_else(category).or(self.default.as_ref()).cloned()
    }

    /// The level of a problem of the text, if one is set.
    pub(crate) fn level_of_code(&self, code: &str) -> Option<Level> {
        self.rules.get(code).map(|set| set.value)
    }

    /// Whether a rule or problem is off in a file.
    pub(crate) fn ignores(&self, path: &str, code: &str) -> bool {
        let ignores = self.ignores.iter().flat_map(|set| &set.value);
        let mut ignores = ignores.filter(|ignores| ignores.codes.iter().any(|known| known == code));
        ignores.any(|ignores| ignores.paths.cover(&self.absolute(path)))
    }

    /// Whether a file is left out unless it is named.
    pub(crate) fn excludes(&self, path: &str) -> bool {
        let exclude = self.exclude.as_ref();
        exclude.is_some_and(|set| set.value.cover(&self.absolute(path)))
    }
}

fn ignores(file: &str, list: Vec<PathIgnores>) -> Vec<Ignores> {
    let of = |PathIgnores {
                  paths,
                  rules: names,
              }| Ignores {
        paths: Paths::new(file, paths),
        codes: names
            .iter()
            .filter_map(|name: &String| codes::code(rules(), name).ok())
            .collect(),
    };
    list.into_iter().map(of).collect()
}

/// A path in a file, as the file system takes it.
fn located(file: &str, path: &str) -> String {
    match path.starts_with('~') || is_absolute(path) {
        true => path.to_owned(),
        false => join_path(file, &path.replace('\\', "/")),
    }
}

fn overlay<T>(known: &mut Option<Set<T>>, said: Option<T>, place: &Place<'_>, key: &str) {
    if let Some(value) = said {
        let from = place.of(&[key]);
        *known = Some(Set { value, from });
    }
}

fn levels(
    known: &mut BTreeMap<String, Set<Level>>,
    said: BTreeMap<String, Leveled>,
    place: &Place<'_>,
    section: &str,
    code: impl Fn(&str) -> String,
) {
    for (name, leveled) in said {
        if let Some(value) = leveled.level {
            let from = place.of(&[section, &name]);
            known.insert(code(&name), Set { value, from });
        }
    }
}

/// The section in its file.
struct Place<'j> {
    file: Arc<str>,
    section: Value<'j>,
    lines: LineIndex,
}

impl<'j> Place<'j> {
    fn new(file: &str, section: Value<'j>) -> Self {
        Self {
            file: file.into(),
            section,
            lines: LineIndex::new(section.json().source()),
        }
    }

    fn of(&self, path: &[&str]) -> Origin {
        let found = path
            .iter()
            .try_fold(self.section, |here, key| here.get(key));
        let start = found.unwrap_or(self.section).span().start;
        let text = self.section.json().source();
        Origin {
            file: Arc::clone(&self.file),
            line: self.lines.line_column(text, start, Encoding::Utf8).line + 1,
        }
    }
}
