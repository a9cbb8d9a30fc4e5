//! Single expressions: how they are read, and their values in a template.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use tricep_analyzer::{Environment, MemoryFileSystem, Metadata, resolve};
use tricep_semantic::resolve::Data;
use tricep_syntax::arm::{Content, ExpressionKind, read};

use super::{failure, outcome};
use crate::conformance::score::{Answer, Outcome};
use crate::conformance::snapshots::compare::Leaves;

#[derive(Deserialize)]
pub(super) struct Case {
    id: String,
    topic: String,
    expr: String,
    parse: String,
    canonical: Option<String>,
    #[serde(default, deserialize_with = "present")]
    value: Option<Json>,
    error: Option<String>,
}

/// A value that is null is there too.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// What tricep says to a case.
pub(super) fn answers(case: &Case) -> Vec<Answer> {
    vec![reading(case), evaluation(case)]
}

/// Whether the string is read as the engine reads it, and written anew as the engine does.
fn reading(case: &Case) -> Answer {
    let (kind, canonical) = match read(&case.expr) {
        Content::Text(_) => ("string", None),
        Content::Invalid(_) => ("invalid", None),
        Content::Expression(expression) => match expression.kind {
            ExpressionKind::Text(_) => ("string", None),
            ExpressionKind::Integer(_) => ("integer", Some(format!("[{expression}]"))),
            ExpressionKind::Call(_) => ("call", Some(format!("[{expression}]"))),
        },
    };
    let same_text = canonical.is_none() || case.canonical.is_none() || canonical == case.canonical;
    let outcome = match kind == case.parse && same_text {
        true => Outcome::Right,
        false => Outcome::Wrong,
    };
    let detail = format!(
        "`{}`: expected {} {:?}, got {kind} {canonical:?}",
        case.expr, case.parse, case.canonical
    );
    Answer {
        id: format!("{}/read", case.id),
        topic: "read".to_owned(),
        outcome,
        detail,
    }
}

fn evaluation(case: &Case) -> Answer {
    let ours = evaluated(&case.expr);
    let failed = failure(&ours);
    let (outcome, detail) = match (&case.value, &case.error, failed) {
        (Some(value), _, None) => {
            let mut leaves = Leaves::default();
            leaves.value("", value, &ours);
            outcome(&leaves)
        }
        (Some(value), _, Some(why)) => (Outcome::Wrong, format!("{value}, and fails: {why}")),
        (None, Some(_), Some(_)) => (Outcome::Right, String::new()),
        (None, error, None) => match ours {
            Data::Unknown(unknown) => (
                Outcome::Unknown,
                format!("expected a failure: {}", unknown.why),
            ),
            ours => (
                Outcome::Wrong,
                format!("expected the failure {error:?}, got {ours:?}"),
            ),
        },
        (None, None, Some(_)) => (Outcome::Right, String::new()),
    };
    Answer {
        id: case.id.clone(),
        topic: format!("expression {}", case.topic),
        outcome,
        detail: format!("`{}`: {detail}", case.expr),
    }
}

/// The value of an expression as a property of a cluster.
fn evaluated(expression: &str) -> Data {
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "s": { "type": "string", "defaultValue": "Hello" },
            "i": { "type": "int", "defaultValue": 1 },
            "b": { "type": "bool", "defaultValue": true },
            "a": { "type": "array", "defaultValue": ["10.0.0.0/8", "10.1.0.0/16"] }
        },
        "variables": {
            "obj": { "a": 1, "B": "two", "c": { "d": [1, 2, 3] }, "n": null, "with-dash": 4, "with space": 5 },
            "arr": ["x", "y", "z"]
        },
        "resources": [{
            "type": "Microsoft.ContainerService/managedClusters",
            "apiVersion": "2024-02-01",
            "name": "k",
            "location": "westeurope",
            "properties": { "v": expression }
        }]
    });
    let mut files = MemoryFileSystem::default();
    files.insert("main.json", template.to_string());
    let metadata = Metadata {
        tenant: Some("00000000-0000-0000-0000-000000000002".to_owned()),
        management_group: None,
        subscription: Some("00000000-0000-0000-0000-000000000001".to_owned()),
        resource_group: Some("rg".to_owned()),
        location: Some("westeurope".to_owned()),
        deployment: Some("main".to_owned()),
        ..Metadata::default()
    };
    let resolved = resolve(&files, "main.json", &Environment::default(), &metadata);
    let resources = &resolved.expanded.resources;
    let properties = resources
        .first()
        .and_then(|resource| resource.body.get("properties"));
    let value = properties.and_then(|properties| properties.get("v"));
    value.cloned().unwrap_or(Data::Null)
}
