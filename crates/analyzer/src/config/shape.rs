//! What may stand under `analyzers.tricep`: the one place that says which keys there are. The schema
//! for editors is made of it, and what a file says is held to that schema ([`super::validate`]).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tricep_rules::{Category, Severity, rules};

use crate::report::codes;

/// What becomes of what a rule finds.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is not asked.
    Off,
    /// Worth knowing.
    Info,
    /// Should be looked at.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// The weight of a failure; `None`: it is not reported.
    #[must_use]
    pub const fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
        }
    }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

/// From which weight a failure makes a run fail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors only.
    Error,
    /// Warnings and errors.
    Warning,
    /// Every failure.
    Info,
    /// Nothing does.
    Never,
}

impl FailOn {
    /// Whether a failure of this weight makes the run fail.
    #[must_use]
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

/// A level, as the compiler's own analyzer writes it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Leveled {
    /// What becomes of what is found: off, info, warning or error.
    pub(super) level: Option<Level>,
}

/// Rules that are off in some files.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PathIgnores {
    /// The files and folders, as patterns relative to the folder of this file. A pattern without `/`
    /// matches in every folder.
    #[serde(default)]
    #[schemars(extend("items" = pattern()))]
    pub(super) paths: Vec<String>,
    /// The rules, by name or alias, or problems by code.
    #[serde(default)]
    #[schemars(extend("items" = rule_name()))]
    pub(super) rules: Vec<String>,
}

/// What tricep looks for, how much it weighs, and which files it looks at. Arguments of the command
/// line count before it.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct Shape {
    /// Whether any rule is asked.
    pub(super) enabled: Option<bool>,
    /// Levels of single rules, by name or alias, and of warnings and notes about the text, by code.
    #[schemars(extend("propertyNames" = rule_name()))]
    pub(super) rules: BTreeMap<String, Leveled>,
    /// Levels of the rules that are good for something, unless `rules` names them.
    #[schemars(extend("propertyNames" = category_name()))]
    pub(super) categories: BTreeMap<String, Leveled>,
    /// The level of all rules that neither `rules` nor `categories` name, also of those that later
    /// versions bring.
    pub(super) default: Option<Leveled>,
    /// Thresholds and name formats of the rules.
    #[schemars(with = "tricep_rules::Settings")]
    pub(super) options: Map<String, Value>,
    /// Files and folders that are not analyzed unless they are named, as patterns relative to the
    /// folder of this file. A pattern without `/` matches in every folder. What another file uses as a
    /// module is analyzed as a part of that.
    #[schemars(extend("items" = pattern()))]
    pub(super) exclude: Option<Vec<String>>,
    /// Rules that are off in some files.
    pub(super) per_path_ignores: Option<Vec<PathIgnores>>,
    /// The weight from which what is found in files here makes a run fail.
    pub(super) fail_on: Option<FailOn>,
    /// Where restored modules are: absolute, from `~/`, or relative to the folder of this file.
    pub(super) module_cache: Option<String>,
}

/// What a rule may be called, for editors to offer; the format says that each is looked up.
fn rule_name() -> Value {
    let rules = rules().iter();
    let names = rules.flat_map(|rule| std::iter::once(&rule.name).chain(rule.aliases));
    let names: Vec<&str> = names.copied().chain(codes::named()).collect();
    json!({ "type": "string", "format": "rule", "anyOf": [{ "enum": names }, { "pattern": "^[Bb][Cc][Pp][0-9]{3}$" }, {}] })
}

fn category_name() -> Value {
    json!({ "enum": Category::ALL.map(Category::name) })
}

/// A pattern of paths.
fn pattern() -> Value {
    json!({ "type": "string", "format": "glob" })
}

/// The schema of the section.
pub(super) fn section() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    generator.into_root_schema_for::<Shape>().to_value()
}

/// The schema of a `bicepconfig.json`, of which it describes what is tricep's and nothing else, as JSON
/// text with a line break at its end.
#[must_use]
pub fn schema() -> String {
    let mut section = section();
    let take = |section: &mut Value, key: &str| {
        section
            .as_object_mut()
            .and_then(|object| object.remove(key))
            .unwrap_or_default()
    };
    let (draft, definitions) = (
        take(&mut section, "$schema"),
        take(&mut section, "definitions"),
    );
    let whole = json!({
        "$schema": draft,
        "title": "tricep in bicepconfig.json",
        "description": "What tricep reads of a bicepconfig.json; everything else in it is the compiler's.",
        "type": "object",
        "properties": {
            "analyzers": { "type": "object", "properties": { "tricep": section } },
        },
        "definitions": definitions,
    });
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_in_the_repository_is_that_of_the_code() {
        let file = include_str!("../../schema/bicepconfig.schema.json");
        assert!(file == schema(), "write it anew: `cargo xtask schema`");
    }

    #[test]
    fn every_key_says_what_it_does() {
        let section = section();
        let options = &section["definitions"]["Settings"]["properties"];
        for properties in [&section["properties"], options] {
            let properties = properties.as_object().unwrap();
            assert!(properties.len() > 8);
            for (key, schema) in properties {
                assert!(schema["description"].is_string(), "{key}");
            }
        }
    }
}
