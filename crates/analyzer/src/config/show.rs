//! The settings that count for files, told as JSON: each with the place that it comes from.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Plain, json};
use tricep_rules::rules;

use super::{Configs, FailOn, Policy, Set};
use crate::levels::decide;
use crate::report::json::pretty;
use crate::{CheckOptions, FileSystem};

/// What is said of something that nobody set.
const DEFAULT: &str = "default";
/// What is said of something that an argument sets.
const COMMAND_LINE: &str = "command line";

/// The settings as told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ShownSettings {
    /// One JSON document, version 1, with a line break at its end.
    pub json: String,
    /// What is wrong in configurations, a line each.
    pub problems: Vec<String>,
}

/// The settings that count for the files of `options`; files with the same settings stand together.
#[must_use]
pub fn settings(
    file_system: &dyn FileSystem,
    options: &CheckOptions,
    fail_on: Option<FailOn>,
) -> ShownSettings {
    let mut configs = Configs::new(file_system, &options.environment);
    let mut groups: Vec<(Arc<Policy>, Vec<&str>)> = Vec::new();
    let parameters = options.parameters.iter().map(|file| file.path.as_str());
    let files: BTreeSet<&str> = options
        .files
        .iter()
        .map(String::as_str)
        .chain(parameters)
        .collect();
    for file in files {
        let policy = Arc::clone(&configs.of(file).policy);
        match groups
            .iter_mut()
            .find(|(known, _)| Arc::ptr_eq(known, &policy))
        {
            Some((_, files)) => files.push(file),
            None => groups.push((policy, vec![file])),
        }
    }
    let groups: Vec<Plain> = groups
        .iter()
        .map(|(policy, files)| group(policy, files, options, fail_on))
        .collect();
    let problems = configs
        .problems()
        .into_iter()
        .map(|(problem, _)| format!("{}: {}; {}", problem.file, problem.message, problem.fix));
    ShownSettings {
        json: pretty(&json!({ "version": 1, "settings": groups })),
        problems: problems.collect(),
    }
}

fn group(
    policy: &Policy,
    files: &[&str],
    options: &CheckOptions,
    fail_on: Option<FailOn>,
) -> Plain {
    let is_out = |file: &&&str| options.excludable.contains(**file) && policy.excludes(file);
    let excluded: Vec<&&str> = files.iter().filter(is_out).collect();
    let cache = options.environment.module_cache.as_ref();
    let paths = |set: &Set<super::policy::Paths>| told(&set.value.patterns, &set.from);
    let ignores = |set: &Set<Vec<super::policy::Ignores>>| {
        let list: Vec<Plain> = set
            .value
            .iter()
            .map(|ignores| json!({ "paths": ignores.paths.patterns, "rules": ignores.codes }))
            .collect();
        told(list, &set.from)
    };
    json!({
        "files": files,
        "excluded": excluded,
        "enabled": one(policy.enabled.as_ref(), true),
        "rules": levels(policy, options),
        "options": rule_options(policy),
        "exclude": policy.exclude.as_ref().map_or_else(|| told([""; 0], DEFAULT), paths),
        "perPathIgnores": policy.ignores.as_ref().map_or_else(|| told([""; 0], DEFAULT), ignores),
        "failOn": match fail_on {
            Some(asked) => told(asked, COMMAND_LINE),
            None => one(policy.fail_on.as_ref(), FailOn::Warning),
        },
        "moduleCache": match cache {
            Some(cache) => told(cache, COMMAND_LINE),
            None => one(policy.module_cache.as_ref().map(|set| Set {
                value: Some(set.value.clone()),
                from: set.from.clone(),
            }).as_ref(), None),
        },
    })
}

fn told(value: impl Serialize, from: impl ToString) -> Plain {
    json!({ "value": value, "from": from.to_string() })
}

fn one<T: Serialize>(set: Option<&Set<T>>, default: T) -> Plain {
    match set {
        Some(Set { value, from }) => told(value, from),
        None => told(default, DEFAULT),
    }
}

/// The level of each rule, and of the problems for which one is set.
fn levels(policy: &Policy, options: &CheckOptions) -> Map<String, Plain> {
    let mut levels = Map::new();
    for rule in rules() {
        let (level, from) = decide(policy, rule, options.rules.as_deref(), &options.ignored);
        let from = from.to_string();
        levels.insert(
            rule.name.to_owned(),
            json!({ "level": level, "from": from }),
        );
    }
    for (code, set) in &policy.rules {
        let told = || json!({ "level": set.value, "from": set.from.to_string() });
        levels.entry(code.clone()).or_insert_with(told);
    }
    levels
}

fn rule_options(policy: &Policy) -> Map<String, Plain> {
    let Ok(Plain::Object(values)) = serde_json::to_value(policy.settings()) else {
        return Map::new();
    };
    let with_origin = |(key, value): (String, Plain)| {
        let set = policy.options.get(&key);
        let from = set.map_or_else(|| DEFAULT.to_owned(), |set| set.from.to_string());
        (key, told(value, from))
    };
    values.into_iter().map(with_origin).collect()
}
