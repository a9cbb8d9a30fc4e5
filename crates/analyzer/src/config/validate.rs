//! Holds a JSON value to a schema, as far as our own schemas go: kinds, keys, words, limits and a few
//! formats.
//!
//! Enters: a value as written, and a schema. Leaves: what is right of the value, and what is wrong with
//! the rest, each with its place. Whatever is wrong is left out, so that it hides nothing beside it.
//! Deliberately absent: a general validator, which would know no places and no "did you mean".

use globset::Glob;
use regex::Regex;
use serde_json::{Map, Value as Plain};
use tricep_rules::rules;
use tricep_semantic::types::nearest;
use tricep_syntax::json::{Kind, Member, Value};
use tricep_syntax::text::Span;

use crate::report::codes;

/// What is wrong at a place.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Wrong {
    pub(super) span: Span,
    /// What, as the end of "something is wrong: …".
    pub(super) message: String,
    pub(super) fix: String,
}

/// What is right of a value; `None`: nothing, or it is null, which says nothing here as in the
/// compiler's own settings.
pub(super) fn sound(value: Value<'_>, schema: &Plain, wrong: &mut Vec<Wrong>) -> Option<Plain> {
    let definitions = schema.get("definitions").unwrap_or(&Plain::Null);
    let mut validator = Validator { definitions, wrong };
    validator.value(value, schema, "analyzers.tricep")
}

struct Validator<'s, 'w> {
    definitions: &'s Plain,
    wrong: &'w mut Vec<Wrong>,
}

impl<'s> Validator<'s, '_> {
    fn wrong(&mut self, span: Span, message: String, fix: impl Into<String>) -> Option<Plain> {
        self.wrong.push(Wrong {
            span,
            message,
            fix: fix.into(),
        });
        None
    }

    fn value(&mut self, value: Value<'_>, schema: &'s Plain, name: &str) -> Option<Plain> {
        if matches!(value.kind(), Kind::Null | Kind::Missing) {
            return None;
        }
        let schema = self.resolved(schema);
        let kind = kind_of(schema);
        match (kind, value.kind()) {
            ("object", Kind::Object) => Some(Plain::Object(self.object(value, schema, name))),
            ("array", Kind::Array) => {
                let items = schema.get("items").unwrap_or(&Plain::Null);
                let items = value
                    .items()
                    .filter_map(|item| self.value(item, items, name));
                Some(Plain::Array(items.collect()))
            }
            ("boolean", Kind::Bool) => value.bool().map(Plain::Bool),
            ("integer", Kind::Number) => self.integer(value, schema, name),
            ("string", Kind::String) => {
                let text = value.text()?.value;
                self.text(&text, value.span(), schema, name)
            }
            _ => {
                let (what, fix) = wanted(kind);
                self.wrong(value.span(), format!("`{name}` must be {what}"), fix)
            }
        }
    }

    /// The schema itself: behind a reference, and without the choice of null.
    fn resolved(&self, schema: &'s Plain) -> &'s Plain {
        let mut schema = schema;
        if let Some(choices) = schema.get("anyOf").and_then(Plain::as_array)
            && schema.get("type").is_none()
        {
            let is_null = |choice: &&Plain| choice.get("type").is_some_and(|kind| kind == "null");
            schema = choices
                .iter()
                .find(|choice| !is_null(choice))
                .unwrap_or(schema);
        }
        // A description beside a reference makes a list of one.
        if let Some([only]) = schema
            .get("allOf")
            .and_then(Plain::as_array)
            .map(Vec::as_slice)
        {
            schema = only;
        }
        let target = schema.get("$ref").and_then(Plain::as_str);
        let name = target.and_then(|target| target.strip_prefix("#/definitions/"));
        name.and_then(|name| self.definitions.get(name))
            .unwrap_or(schema)
    }

    fn object(&mut self, object: Value<'_>, schema: &'s Plain, name: &str) -> Map<String, Plain> {
        let mut sound = Map::new();
        for member in object.settled() {
            let key = member.key().value;
            let Some(schema) = self.schema_of(&member, schema, name) else {
                continue;
            };
            if let Some(value) = self.value(member.value, schema, &key) {
                sound.insert(key.into_owned(), value);
            }
        }
        sound
    }

    /// What is held against the value of a key; `None`: the key is wrong.
    fn schema_of(
        &mut self,
        member: &Member<'_>,
        schema: &'s Plain,
        name: &str,
    ) -> Option<&'s Plain> {
        let key = member.key().value;
        let known = schema.get("properties").and_then(Plain::as_object);
        if let Some(schema) = known.and_then(|known| known.get(&*key)) {
            return Some(schema);
        }
        let others = schema.get("additionalProperties");
        if let Some(others) = others.filter(|others| others.is_object()) {
            let names = schema.get("propertyNames").unwrap_or(&Plain::Null);
            self.text(&key, member.key_span(), names, name)?;
            return Some(others);
        }
        let known: Vec<&str> = known
            .into_iter()
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        let fix = did_you_mean(&key, &known);
        self.wrong(
            member.key_span(),
            format!("there is no setting `{key}`"),
            fix,
        );
        None
    }

    fn integer(&mut self, value: Value<'_>, schema: &Plain, name: &str) -> Option<Plain> {
        let limit = |key: &str, default| schema.get(key).and_then(Plain::as_i64).unwrap_or(default);
        let (least, most) = (limit("minimum", i64::MIN), limit("maximum", i64::MAX));
        match value.int() {
            Some(number) if (least..=most).contains(&number) => Some(number.into()),
            Some(_) if most == i64::MAX => self.wrong(
                value.span(),
                format!("`{name}` must be at least {least}"),
                format!("write {least} or more"),
            ),
            Some(_) => self.wrong(
                value.span(),
                format!("`{name}` must be from {least} to {most}"),
                format!("write a number from {least} to {most}"),
            ),
            None => self.wrong(
                value.span(),
                format!("`{name}` must be a whole number"),
                "write digits only",
            ),
        }
    }

    fn text(&mut self, text: &str, span: Span, schema: &Plain, name: &str) -> Option<Plain> {
        let words = words_of(schema);
        if !words.is_empty() && !words.contains(&text) {
            let message = format!("`{text}` is no value of `{name}`");
            return self.wrong(span, message, did_you_mean(text, &words));
        }
        let pattern = schema.get("pattern").and_then(Plain::as_str);
        if pattern
            .and_then(|pattern| Regex::new(pattern).ok())
            .is_some_and(|p| !p.is_match(text))
        {
            let example = schema
                .get("default")
                .and_then(Plain::as_str)
                .unwrap_or_default();
            let message = format!("`{text}` is no value of `{name}`");
            return self.wrong(
                span,
                message,
                format!("write it in the form of `{example}`"),
            );
        }
        let format = schema.get("format").and_then(Plain::as_str);
        if let Some((message, fix)) = format.and_then(|format| misformed(text, format)) {
            return self.wrong(span, message, fix);
        }
        Some(Plain::from(text))
    }
}

/// What is wrong with a text in one of the formats that our schemas use, and how to mend it.
fn misformed(text: &str, format: &str) -> Option<(String, String)> {
    let line = |error: String| {
        error
            .lines()
            .last()
            .unwrap_or_default()
            .replace("error: ", "")
    };
    match format {
        "regex" => {
            let error = Regex::new(text).err()?;
            let message = format!(
                "`{text}` is no regular expression: {}",
                line(error.to_string())
            );
            Some((message, "correct the expression".to_owned()))
        }
        "glob" => {
            let error = Glob::new(text).err()?;
            let message = format!("`{text}` is no pattern of paths: {}", error.kind());
            Some((message, "correct the pattern".to_owned()))
        }
        "rule" => {
            codes::code(rules(), text).err()?;
            let fix = match codes::meant(text) {
                Some(name) => format!("did you mean `{name}`?"),
                None => "`tricep explain` lists the rules".to_owned(),
            };
            Some((format!("there is no rule `{text}`"), fix))
        }
        _ => None,
    }
}

/// The kind of value that a schema wants.
fn kind_of(schema: &Plain) -> &str {
    let kind = schema.get("type");
    let listed = kind
        .and_then(Plain::as_array)
        .and_then(|kinds| kinds.first());
    let kind = kind.and_then(Plain::as_str).or_else(|| listed?.as_str());
    // Words alone stand for texts.
    kind.unwrap_or("string")
}

/// The words that a text may be; none: any.
fn words_of(schema: &Plain) -> Vec<&str> {
    let list = |key: &str| {
        schema
            .get(key)
            .and_then(Plain::as_array)
            .into_iter()
            .flatten()
    };
    let choices = list("oneOf").filter_map(|choice| choice.get("const"));
    list("enum")
        .chain(choices)
        .filter_map(Plain::as_str)
        .collect()
}

/// A kind of value in words, and how it is written.
fn wanted(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "object" => ("an object", "write `{ … }`"),
        "array" => ("a list", "write `[ … ]`"),
        "boolean" => ("`true` or `false`", "write it without quotes"),
        "integer" => ("a whole number", "write digits only, without quotes"),
        _ => ("a text", "put it in double quotes"),
    }
}

fn did_you_mean(wrong: &str, known: &[&str]) -> String {
    match nearest(wrong, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if known.len() == 1 => format!("write `{}`", known.concat()),
        None => {
            let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("write one of {}", known.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use tricep_syntax::json;

    use super::*;
    use crate::config::shape;

    /// What is left of a section, and what is wrong with it: text and message or fix.
    fn check(section: &str) -> (Plain, Vec<String>) {
        let json = json::parse(section);
        let mut wrong = Vec::new();
        let left = sound(json.root(), &shape::section(), &mut wrong);
        let show = |wrong: Wrong| {
            let at = &section[wrong.span.range()];
            format!("{at}: {}; {}", wrong.message, wrong.fix)
        };
        (
            left.unwrap_or_default(),
            wrong.into_iter().map(show).collect(),
        )
    }

    #[test]
    fn what_is_right_stays_and_what_is_wrong_is_named_with_its_place() {
        let (left, wrong) = check(
            r#"{ "enabeld": true, "failOn": "errors", "enabled": "yes", "exclude": ["a/**", 5, "{"],
                 "default": { "level": "info" } }"#,
        );
        assert_eq!(
            left,
            serde_json::json!({ "exclude": ["a/**"], "default": { "level": "info" } })
        );
        assert_eq!(
            wrong,
            [
                r#""enabeld": there is no setting `enabeld`; did you mean `enabled`?"#,
                r#""errors": `errors` is no value of `failOn`; did you mean `error`?"#,
                r#""yes": `enabled` must be `true` or `false`; write it without quotes"#,
                "5: `exclude` must be a text; put it in double quotes",
                r#""{": `{` is no pattern of paths: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?); correct the pattern"#,
            ]
        );
    }

    #[test]
    fn rules_are_known_by_name_alias_and_code() {
        let (left, wrong) = check(
            r#"{ "rules": { "AZR-000030": { "level": "off" }, "bcp334": { "level": "info" },
                 "aks-authorised-ip-ranges": { "level": "off" }, "aks-local-accounts-enabled": { "levle": "off" } },
                 "perPathIgnores": [{ "paths": ["x"], "rules": ["nonsense", "unused-suppression"] }],
                 "categories": { "Security": { "level": "error" } } }"#,
        );
        let rules: Vec<&String> = left["rules"].as_object().unwrap().keys().collect();
        assert_eq!(
            rules,
            ["AZR-000030", "bcp334", "aks-local-accounts-enabled"]
        );
        assert_eq!(
            left["perPathIgnores"][0]["rules"],
            serde_json::json!(["unused-suppression"])
        );
        assert_eq!(
            wrong,
            [
                r#""aks-authorised-ip-ranges": there is no rule `aks-authorised-ip-ranges`; did you mean `aks-authorized-ip-ranges`?"#,
                r#""levle": there is no setting `levle`; write `level`"#,
                r#""nonsense": there is no rule `nonsense`; `tricep explain` lists the rules"#,
                r#""Security": `Security` is no value of `categories`; did you mean `security`?"#,
            ]
        );
    }

    #[test]
    fn options_are_held_to_what_rules_can_use() {
        let (left, wrong) = check(
            r#"{ "options": { "minimumMaxPods": -1, "minimumKubernetesVersion": "newest", "longestSubnetPrefix": 40,
                 "clusterNameFormat": "aks-(", "minimumUserNodes": 2.5, "userPoolNameFormat": "^u" } }"#,
        );
        assert_eq!(
            left,
            serde_json::json!({ "options": { "userPoolNameFormat": "^u" } })
        );
        let short: Vec<&str> = wrong.iter().map(|w| w.split(';').next().unwrap()).collect();
        assert_eq!(
            short,
            [
                "-1: `minimumMaxPods` must be at least 0",
                r#""newest": `newest` is no value of `minimumKubernetesVersion`"#,
                "40: `longestSubnetPrefix` must be from 0 to 32",
                r#""aks-(": `aks-(` is no regular expression: unclosed group"#,
                "2.5: `minimumUserNodes` must be a whole number",
            ]
        );
    }

    #[test]
    fn null_says_nothing() {
        let (left, wrong) =
            check(r#"{ "enabled": null, "rules": null, "default": { "level": null } }"#);
        assert_eq!(left, serde_json::json!({ "default": {} }));
        assert!(wrong.is_empty());
    }
}
