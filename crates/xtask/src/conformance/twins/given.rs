//! Values for the required parameters of an ARM template: the first allowed one, else the least that
//! its type takes.

use serde_json::{Map, Value as Json, json};

/// Types nested deeper than this, or in themselves, are given an empty object.
const MAX_DEPTH: usize = 12;

/// A value for every parameter that has no default and may not be null.
pub(super) fn required(template: &Json) -> Map<String, Json> {
    let parameters = template["parameters"].as_object();
    let all = parameters.into_iter().flatten();
    all.filter(|(_, node)| is_required(template, node))
        .map(|(name, node)| (name.clone(), value(template, node, 0)))
        .collect()
}

fn is_required(template: &Json, node: &Json) -> bool {
    let target = referred(template, node);
    let nullable = |node: &Json| node["nullable"].as_bool().unwrap_or(false);
    node.get("defaultValue").is_none() && !nullable(node) && !target.is_some_and(nullable)
}

fn referred<'t>(template: &'t Json, node: &Json) -> Option<&'t Json> {
    let pointer = node["$ref"].as_str()?.strip_prefix('#')?;
    template.pointer(pointer)
}

fn value(template: &Json, node: &Json, depth: usize) -> Json {
    if depth > MAX_DEPTH {
        return json!({});
    }
    if let Some(first) = node["allowedValues"].as_array().and_then(|all| all.first()) {
        // The allowed values of a list are those of its elements.
        return match node["type"].as_str() {
            Some("array") if !first.is_array() => json!([first]),
            _ => first.clone(),
        };
    }
    if let Some(target) = referred(template, node) {
        return value(template, target, depth + 1);
    }
    let kind = node["type"].as_str().unwrap_or_default();
    match kind.to_ascii_lowercase().as_str() {
        "string" | "securestring" => Json::String(text(node)),
        "int" => node.get("minValue").cloned().unwrap_or(json!(1)),
        "bool" => Json::Bool(true),
        "array" => list(template, node, depth),
        _ => object(template, node, depth),
    }
}

/// `dummy`, as long as it must be and no longer than it may be.
fn text(node: &Json) -> String {
    let length = |key: &str| {
        let number = node[key].as_u64();
        number.and_then(|number| usize::try_from(number).ok())
    };
    let least = length("minLength").unwrap_or_default().min(1000);
    let most = length("maxLength").unwrap_or(usize::MAX);
    let times = least.div_ceil("dummy".len()).max(1);
    "dummy".repeat(times).chars().take(most).collect()
}

fn list(template: &Json, node: &Json, depth: usize) -> Json {
    let least = node["minLength"].as_u64().unwrap_or_default().min(10);
    let item = |_| value(template, &node["items"], depth + 1);
    Json::Array((0..least).map(item).collect())
}

/// The required members; of a tagged union those of its first variant too.
fn object(template: &Json, node: &Json, depth: usize) -> Json {
    let properties = node["properties"].as_object();
    let required = properties
        .into_iter()
        .flatten()
        .filter(|(_, node)| is_required(template, node));
    let mut members: Map<String, Json> = required
        .map(|(name, node)| (name.clone(), value(template, node, depth + 1)))
        .collect();
    let tagged = &node["discriminator"];
    let variants = tagged["mapping"].as_object();
    if let Some((tag, variant)) = variants.and_then(|variants| variants.iter().next()) {
        if let Json::Object(more) = value(template, variant, depth + 1) {
            members.extend(more);
        }
        let name = tagged["propertyName"].as_str().unwrap_or_default();
        members.insert(name.to_owned(), Json::String(tag.clone()));
    }
    Json::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_no_default_and_may_not_be_null_is_given() {
        let template = json!({
            "definitions": {
                "maybe": { "type": "string", "nullable": true },
                "pair": { "type": "object", "properties": {
                    "a": { "type": "int", "minValue": 3 },
                    "b": { "$ref": "#/definitions/maybe" },
                } },
            },
            "parameters": {
                "defaulted": { "type": "string", "defaultValue": "x" },
                "nullable": { "$ref": "#/definitions/maybe" },
                "pair": { "$ref": "#/definitions/pair" },
                "short": { "type": "string", "maxLength": 3 },
                "long": { "type": "string", "minLength": 6 },
            },
        });
        let expected = json!({ "pair": { "a": 3 }, "short": "dum", "long": "dummydummy" });
        assert_eq!(Json::Object(required(&template)), expected);
    }
}
