//! What a file would deploy, as JSON, version 1.
//!
//! A value that is known is plain JSON. One that is not is an object with the single key `$unknown`; what
//! may or may not be in a list or object stands there as `$maybe`. Secrets are unknown with the reason
//! `secret`, whether or not their value is in the files. Keys of the deployment that look like these
//! marks get a further `$`.

use std::rc::Rc;

use serde_json::{Map, Value as Json, json};
use tricep_rules::Reason;
use tricep_semantic::eval::{Piece, Unknown, Why};
use tricep_semantic::resolve::{Call, Data, ExpandedResource, Item};
use tricep_syntax::text::Location;

use super::json::pretty;
use super::place::place;
use crate::Resolved;

/// The keys that mark what is not known.
const MARKS: [&str; 2] = ["unknown", "maybe"];

/// One document, with a line break at its end.
#[must_use]
pub fn render(resolved: &Resolved) -> String {
    let printer = Printer { resolved };
    let expanded = &resolved.expanded;
    let resources: Vec<Json> = expanded
        .resources
        .iter()
        .map(|resource| printer.resource(resource))
        .collect();
    let mut outputs: Vec<_> = expanded.outputs.iter().collect();
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    let outputs: Map<String, Json> = outputs
        .into_iter()
        .map(|output| (output.name.to_string(), printer.data(&output.value)))
        .collect();
    pretty(&json!({
        "version": 1,
        "resources": resources,
        "outputs": outputs,
        "problems": printer.problems(),
    }))
}

struct Printer<'a> {
    resolved: &'a Resolved,
}

impl Printer<'_> {
    fn resource(&self, resource: &ExpandedResource) -> Json {
        let mut out = Map::new();
        let mut set = |key: &str, value: Json| out.insert(key.to_owned(), value);
        set("symbol", json!(*resource.symbol));
        if let Some(round) = resource.round {
            set("index", json!(round));
        }
        let r#type = resource.r#type.as_ref().map(|r#type| r#type.as_str());
        set("type", json!(r#type));
        let version = resource.api_version.as_ref();
        set("apiVersion", json!(version.map(|version| version.as_str())));
        set("name", self.data(&resource.name));
        set("id", self.data(&resource.id));
        set("scope", self.data(&resource.scope));
        let condition = resource.condition.as_deref();
        set(
            "condition",
            condition.map_or(json!(true), |unknown| self.unknown(unknown, None)),
        );
        if resource.many {
            set("loop", json!("unknown"));
        }
        let calls: Vec<String> = resource.calls.iter().map(call).collect();
        set("module", json!(calls));
        let (file, line, _) = self.place(resource.at);
        set("file", json!(file));
        set("line", json!(line));
        set("body", self.data(&resource.body));
        Json::Object(out)
    }

    fn data(&self, data: &Data) -> Json {
        match data {
            Data::Null => Json::Null,
            Data::Bool(value) => json!(value),
            Data::Int(value) => json!(value),
            Data::Float(value) => float(*value),
            Data::Text(text) => json!(**text),
            Data::Partial(pieces) => self.partial(pieces),
            Data::List(items) => items.iter().map(|item| self.item(item)).collect(),
            Data::Object { entries, rest } => self.object(entries, rest.as_deref()),
            Data::Unknown(unknown) => self.unknown(unknown, None),
            Data::Secret(inner) => self.secret(inner),
        }
    }

    fn item(&self, item: &Item) -> Json {
        match item {
            Item::One(data) => self.data(data),
            Item::Rest { min, max, unknown } => {
                let mut about = self.about(unknown);
                about.insert("minLength".to_owned(), json!(min));
                if let Some(max) = max {
                    about.insert("maxLength".to_owned(), json!(max));
                }
                json!({ "$maybe": about })
            }
        }
    }

    fn object(&self, entries: &[(Rc<str>, Data)], rest: Option<&Unknown>) -> Json {
        let mut out: Map<String, Json> = entries
            .iter()
            .map(|(key, value)| (escaped(key), self.data(value)))
            .collect();
        if let Some(unknown) = rest {
            out.insert("$maybe".to_owned(), Json::Object(self.about(unknown)));
        }
        Json::Object(out)
    }

    /// A text of which pieces are known: null stands for an unknown piece.
    fn partial(&self, pieces: &[Piece]) -> Json {
        let text = pieces.iter().map(|piece| match piece {
            Piece::Known(text) => json!(**text),
            Piece::Unknown(_) => Json::Null,
        });
        let first = pieces.iter().find_map(|piece| match piece {
            Piece::Unknown(unknown) => Some(unknown),
            Piece::Known(_) => None,
        });
        match first {
            Some(unknown) => self.unknown(unknown, Some(text.collect())),
            None => Json::Null,
        }
    }

    /// A secret is never printed; where it came from may be.
    fn secret(&self, inner: &Data) -> Json {
        let at = match inner {
            Data::Unknown(unknown) => unknown.at,
            _ => None,
        };
        let mut about = about_reason(&Why::Secret);
        self.add_place(&mut about, at);
        json!({ "$unknown": about })
    }

    fn unknown(&self, unknown: &Unknown, text: Option<Json>) -> Json {
        let mut about = self.about(unknown);
        if let Some(text) = text {
            about.insert("text".to_owned(), text);
        }
        json!({ "$unknown": about })
    }

    fn about(&self, unknown: &Unknown) -> Map<String, Json> {
        let mut about = about_reason(&unknown.why);
        self.add_place(&mut about, unknown.at);
        about
    }

    fn add_place(&self, about: &mut Map<String, Json>, at: Option<Location>) {
        if let Some(at) = at {
            let (file, line, column) = self.place(at);
            about.insert("file".to_owned(), json!(file));
            about.insert("line".to_owned(), json!(line));
            about.insert("column".to_owned(), json!(column));
        }
    }

    /// File, line and column.
    fn place(&self, at: Location) -> (&str, u32, u32) {
        match self.resolved.sources.get(at.file.0 as usize) {
            Some(source) => {
                let place = place(source, at.span.start);
                (source.label(), place.line, place.column)
            }
            None => ("", 1, 1),
        }
    }

    fn problems(&self) -> Vec<Json> {
        let findings = self.resolved.findings.iter().map(|finding| {
            let severity = finding.severity.name();
            self.problem(finding.code, severity, finding.at, &finding.message)
        });
        let expansion = self.resolved.expanded.problems.iter().map(|problem| {
            let message = format!("cannot tell {}: {}", problem.what, problem.why);
            self.problem("not-expanded", "warning", problem.at, &message)
        });
        findings.chain(expansion).collect()
    }

    fn problem(&self, code: &str, severity: &str, at: Location, message: &str) -> Json {
        let (file, line, column) = self.place(at);
        json!({
            "code": code,
            "severity": severity,
            "file": file,
            "start": at.span.start,
            "end": at.span.end,
            "line": line,
            "column": column,
            "message": message,
        })
    }
}

/// The reason in one word and in words, and the parameter it speaks of.
fn about_reason(why: &Why) -> Map<String, Json> {
    let mut about = Map::new();
    about.insert("reason".to_owned(), json!(Reason::of(why).name()));
    if let Why::Parameter(name) = why {
        about.insert("of".to_owned(), json!(name));
    }
    about.insert("message".to_owned(), json!(why.to_string()));
    about
}

fn call(call: &Call) -> String {
    match call.round {
        Some(round) => format!("{}[{round}]", call.symbol),
        None => call.symbol.to_string(),
    }
}

/// A number with a fraction; JSON has none for what is no number.
fn float(value: f64) -> Json {
    serde_json::Number::from_f64(value).map_or_else(|| json!(value.to_string()), Json::Number)
}

/// A key that would be taken for a mark gets a further `$`.
fn escaped(key: &str) -> String {
    let bare = key.trim_start_matches('$');
    if key.starts_with('$') && MARKS.contains(&bare) {
        format!("${key}")
    } else {
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use tricep_semantic::eval::Metadata;

    use super::*;
    use crate::{Environment, MemoryFileSystem, resolve};

    fn resolved(files: &[(&str, &str)], metadata: &Metadata) -> Json {
        let mut memory = MemoryFileSystem::default();
        for (path, text) in files {
            memory.insert(*path, *text);
        }
        let text = render(&resolve(
            &memory,
            files[0].0,
            &Environment::default(),
            metadata,
        ));
        serde_json::from_str(&text).unwrap()
    }

    fn body(text: &str) -> Json {
        let text = format!(
            "param p string\nparam list array\nparam o object\n@secure()\nparam s string = 'x'\n\
             resource r 'A.B/c@2024-01-01' = {{\n  name: 'r'\n  properties: {{\n{text}\n  }}\n}}"
        );
        resolved(&[("main.bicep", &text)], &Metadata::NONE)["resources"][0]["body"]["properties"]
            .clone()
    }

    #[test]
    fn what_is_known_is_plain_json() {
        let value = body("a: 1\nb: null\nc: [true, 'x']\nd: { e: json('1.0') }");
        assert_eq!(
            value.to_string(),
            r#"{"a":1,"b":null,"c":[true,"x"],"d":{"e":1.0}}"#
        );
    }

    #[test]
    fn what_is_not_known_says_why_and_where() {
        let value = body("a: p");
        let about = json!({"reason": "parameter", "of": "p", "message": "parameter `p` has no value here",
                           "file": "main.bicep", "line": 1, "column": 7});
        assert_eq!(value, json!({"a": {"$unknown": about}}));
    }

    #[test]
    fn known_pieces_of_a_text_are_kept() {
        let value = body("a: 'aks-${p}-prod'");
        assert_eq!(
            value["a"]["$unknown"]["text"],
            json!(["aks-", null, "-prod"])
        );
    }

    #[test]
    fn what_may_be_there_is_listed_in_its_container() {
        let value = body("a: ['x', ...list]\nb: { ...o, k: 1 }");
        assert_eq!(value["a"][0], "x");
        assert_eq!(value["a"][1]["$maybe"]["minLength"], 0);
        assert_eq!(value["b"]["k"], 1);
        assert_eq!(value["b"]["$maybe"]["of"], "o");
    }

    #[test]
    fn secrets_are_not_printed() {
        let text = body("a: s\nb: 'is ${s}'\nc: [s]").to_string();
        assert_eq!(text.matches(r#""reason":"secret""#).count(), 3);
        assert!(!text.contains("\"x\""), "{text}");
    }

    #[test]
    fn secrets_in_names_ids_and_failures_are_not_printed() {
        let main = "@secure()\nparam s string = 'hush'\n\
                    resource p 'A.B/c@2024-01-01' = { name: s }\n\
                    resource r 'A.B/c/d@2024-01-01' = { name: 'r' parent: p }\n\
                    output id string = r.id\noutput fails string = fail(s)\noutput no object = {}[s]";
        let document = resolved(&[("main.bicep", main)], &Metadata::NONE);
        assert!(!document.to_string().contains("hush"), "{document:#}");
        assert_eq!(
            document["resources"][1]["id"]["$unknown"]["reason"],
            "secret"
        );
    }

    #[test]
    fn keys_that_look_like_marks_are_escaped() {
        let value = body("'$unknown': 1\n'$$maybe': 2\n'$schema': 3");
        assert_eq!(value, json!({"$$unknown": 1, "$$$maybe": 2, "$schema": 3}));
    }

    #[test]
    fn modules_and_rounds_are_named() {
        let metadata = Metadata {
            subscription: Some("s".to_owned()),
            resource_group: Some("g".to_owned()),
            ..Metadata::NONE
        };
        let main = "module m 'm.bicep' = [for i in range(0, 2): { name: 'm${i}' params: { n: i } }]\n\
                    output z string = m[1].outputs.id\noutput a int = 1";
        let inner = "param n int\nresource r 'A.B/c@2024-01-01' = { name: 'r${n}' }\noutput id string = r.id";
        let document = resolved(&[("main.bicep", main), ("m.bicep", inner)], &metadata);
        let resources = document["resources"].as_array().unwrap();
        assert_eq!(resources.len(), 2);
        assert_eq!(resources[1]["module"], json!(["m[1]"]));
        assert_eq!(resources[1]["file"], "m.bicep");
        let id = "/subscriptions/s/resourceGroups/g/providers/A.B/c/r1";
        assert_eq!(resources[1]["id"], id);
        let outputs = document["outputs"].as_object().unwrap();
        assert_eq!(outputs.keys().collect::<Vec<_>>(), ["a", "z"]);
        assert_eq!(outputs["z"], id);
    }
}
