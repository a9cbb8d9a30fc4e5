//! One `bicepconfig.json` laid over those before it.
//!
//! As in the compiler, objects are merged key by key, null changes nothing, and letter case counts
//! (`JsonElement.Merge`, `ModuleAliasesConfiguration`). Keys that have no part in finding modules
//! are not looked at.

use std::collections::BTreeSet;

use tricep_syntax::json::{Kind, Value};

use super::{Problem, Settings};
use crate::is_absolute;

/// Puts what a file says over what is known; gives back what is wrong with it.
pub(super) fn overlay(settings: &mut Settings, root: Value<'_>, file: &str) -> BTreeSet<Problem> {
    let mut reader = Reader {
        file,
        problems: BTreeSet::new(),
    };
    let aliases = &mut settings.aliases;
    let plain = reader.object(root, "moduleAliases");
    for (name, alias) in reader.entries(plain, "br") {
        let known = aliases.registries.entry(name).or_default();
        reader.set(alias, "registry", &mut known.registry);
        reader.set(alias, "modulePath", &mut known.module_path);
    }
    for (name, alias) in reader.entries(plain, "ts") {
        let known = aliases.template_specs.entry(name).or_default();
        reader.set(alias, "subscription", &mut known.subscription);
        reader.set(alias, "resourceGroup", &mut known.resource_group);
    }
    let mapped = reader.object(root, "moduleAliasesMock");
    for (name, alias) in reader.entries(mapped, "br") {
        let mut path = None;
        reader.set(alias, "mapToFilePath", &mut path);
        if let Some(path) = path {
            aliases.mapped.insert(name, path);
        }
    }
    reader.cache_root(root, &mut settings.cache_root);
    reader.problems
}

struct Reader<'a> {
    file: &'a str,
    problems: BTreeSet<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, at: Value<'_>, code: &'static str, message: String, fix: &str) {
        self.problems.insert(Problem {
            file: self.file.to_owned(),
            span: at.span(),
            code,
            message,
            fix: fix.to_owned(),
        });
    }

    /// The object behind a key, if there is one.
    fn object<'j>(&mut self, parent: Value<'j>, key: &str) -> Option<Value<'j>> {
        let value = parent.get(key)?;
        self.is_object(value, key).then_some(value)
    }

    /// Whether a value is an object; another one is reported, unless it is null.
    fn is_object(&mut self, value: Value<'_>, name: &str) -> bool {
        match value.kind() {
            Kind::Object => return true,
            Kind::Null | Kind::Missing => {}
            _ => self.problem(
                value,
                "BCP273",
                format!("`{name}` must be an object"),
                "write `{ … }`",
            ),
        }
        false
    }

    /// The objects in the object behind a key, with their names.
    fn entries<'j>(&mut self, parent: Option<Value<'j>>, key: &str) -> Vec<(String, Value<'j>)> {
        let Some(object) = parent.and_then(|parent| self.object(parent, key)) else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        for member in object.settled() {
            let name = member.key().value.into_owned();
            if self.is_object(member.value, &name) {
                entries.push((name, member.value));
            }
        }
        entries
    }

    /// Takes the text behind a key, if there is one.
    fn set(&mut self, parent: Value<'_>, key: &str, to: &mut Option<String>) {
        let Some(value) = parent.get(key) else {
            return;
        };
        match (value.text(), value.kind()) {
            (Some(text), _) => *to = Some(text.value.into_owned()),
            (None, Kind::Null | Kind::Missing) => {}
            (None, _) => self.problem(
                value,
                "BCP273",
                format!("`{key}` must be a text"),
                "put it in double quotes",
            ),
        }
    }

    /// `cacheRootDirectory`; on a relative path the compiler gives up with "File path must be
    /// absolute".
    fn cache_root(&mut self, root: Value<'_>, to: &mut Option<String>) {
        let mut path = None;
        self.set(root, "cacheRootDirectory", &mut path);
        let (Some(path), Some(value)) = (path, root.get("cacheRootDirectory")) else {
            return;
        };
        let from_home = path == "~" || path.starts_with("~/") || path.starts_with("~\\");
        if path.trim().is_empty() {
            *to = None;
        } else if from_home || is_absolute(&path) {
            *to = Some(path);
        } else {
            self.problem(
                value,
                "module-cache-not-absolute",
                format!("the compiler does not accept the relative path `{path}` here"),
                "write an absolute path, or one that starts with `~/`",
            );
        }
    }
}
