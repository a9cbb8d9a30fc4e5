//! What a rule means, as Markdown for people and as JSON for tools.

use std::fmt::Write as _;

use serde::Serialize;
use tricep_rules::RuleMeta;

use super::json::pretty;

/// A rule in Markdown.
#[must_use]
pub fn render(rule: &RuleMeta) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n", rule.name);
    let _ = writeln!(out, "{}\n", rule.summary);
    let _ = writeln!(
        out,
        "Severity: {}, category: {}, since {}",
        rule.severity,
        rule.category.name(),
        rule.since
    );
    if !rule.aliases.is_empty() {
        let _ = writeln!(out, "Also known as: {}", rule.aliases.join(", "));
    }
    section(&mut out, "What it does", rule.what);
    section(&mut out, "Why is this bad?", rule.why);
    write_example(&mut out, rule);
    write_remedies(&mut out, rule);
    section(&mut out, "Differences from other tools", rule.differences);
    write_references(&mut out, rule);
    out
}

/// Every rule, a line each.
#[must_use]
pub fn render_list(rules: &[&RuleMeta]) -> String {
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&RuleMeta| {
        let (name, severity) = (rule.name, rule.severity.name());
        format!("{name:width$}  {severity:7}  {}\n", rule.summary)
    };
    rules.iter().map(line).collect()
}

/// A rule in JSON.
#[must_use]
pub fn render_json(rule: &RuleMeta) -> String {
    pretty(&Rule::of(rule))
}

/// Every rule in JSON.
#[must_use]
pub fn render_list_json(rules: &[&RuleMeta]) -> String {
    let rules: Vec<_> = rules.iter().map(|rule| Rule::of(rule)).collect();
    pretty(&rules)
}

fn section(out: &mut String, title: &str, text: &str) {
    if !text.trim().is_empty() {
        let _ = writeln!(out, "\n## {title}\n\n{}", text.trim());
    }
}

/// The first pair of files; the others are for tests.
fn write_example(out: &mut String, rule: &RuleMeta) {
    let Some(example) = rule.examples.first() else {
        return;
    };
    let fence = |code: &str| format!("```bicep\n{}\n```", code.trim_end());
    let text = format!(
        "{}{}\n\nUse instead:\n\n{}",
        configuration(example.settings),
        fence(example.bad),
        fence(example.good)
    );
    section(out, "Example", &text);
}

/// What must stand in the configuration for an example, with words around it.
fn configuration(options: &str) -> String {
    if options.is_empty() {
        return String::new();
    }
    format!(
        "With this in `bicepconfig.json`:\n\n```json\n{{\n  \"analyzers\": {{\n    \"tricep\": {{\n      \
         \"options\": {options}\n    }}\n  }}\n}}\n```\n\n"
    )
}

fn write_remedies(out: &mut String, rule: &RuleMeta) {
    if rule.remedies.is_empty() {
        return;
    }
    out.push_str("\n## How to fix\n");
    for remedy in rule.remedies {
        let _ = writeln!(out, "\n### {}", remedy.tool);
        if !remedy.text.trim().is_empty() {
            let _ = writeln!(out, "\n{}", remedy.text.trim());
        }
        if !remedy.code.trim().is_empty() {
            let code = remedy.code.trim_matches('\n').trim_end();
            let _ = writeln!(out, "\n```{}\n{code}\n```", remedy.language);
        }
    }
}

fn write_references(out: &mut String, rule: &RuleMeta) {
    if rule.references.is_empty() {
        return;
    }
    out.push_str("\n## References\n\n");
    for (title, address) in rule.references {
        let _ = writeln!(out, "- [{title}]({address})");
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    name: &'a str,
    aliases: &'a [&'a str],
    severity: &'a str,
    summary: &'a str,
    what: &'a str,
    why: &'a str,
    remedies: Vec<Remedy<'a>>,
    references: Vec<Reference<'a>>,
    tags: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'a str>,
    since: &'a str,
}

#[derive(Serialize)]
struct Remedy<'a> {
    tool: &'a str,
    language: &'a str,
    text: &'a str,
    code: &'a str,
}

#[derive(Serialize)]
struct Reference<'a> {
    title: &'a str,
    uri: &'a str,
}

impl<'a> Rule<'a> {
    fn of(rule: &'a RuleMeta) -> Self {
        let remedy = |remedy: &'a tricep_rules::Remedy| Remedy {
            tool: remedy.tool,
            language: remedy.language,
            text: remedy.text,
            code: remedy.code,
        };
        let reference = |&(title, uri): &'a (&str, &str)| Reference { title, uri };
        Self {
            name: rule.name,
            aliases: rule.aliases,
            severity: rule.severity.name(),
            summary: rule.summary,
            what: rule.what,
            why: rule.why,
            remedies: rule.remedies.iter().map(remedy).collect(),
            references: rule.references.iter().map(reference).collect(),
            tags: rule.tags,
            security_severity: rule.security_severity,
            since: rule.since,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::RULE;

    #[test]
    fn a_rule_in_words() {
        insta::assert_snapshot!(render(&RULE));
    }

    #[test]
    fn an_example_shows_the_configuration_it_needs() {
        assert_eq!(configuration(""), "");
        let text = configuration(r#"{ "minimumMaxPods": 9 }"#);
        let json = text.split("```").nth(1).unwrap().trim_start_matches("json");
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(json["analyzers"]["tricep"]["options"]["minimumMaxPods"], 9);
    }

    #[test]
    fn the_list_has_a_line_per_rule() {
        assert_eq!(
            render_list(&[&RULE]),
            "aks-authorized-ip-ranges  error    API server of an AKS cluster is open to every address\n"
        );
        assert_eq!(render_list(&[]), "");
    }

    #[test]
    fn json_holds_everything() {
        let rule: serde_json::Value = serde_json::from_str(&render_json(&RULE)).unwrap();
        assert_eq!(rule["aliases"][1], "AZR-000030");
        assert_eq!(rule["remedies"][0]["language"], "bicep");
        assert_eq!(rule["securitySeverity"], "7.5");
        let rules: serde_json::Value = serde_json::from_str(&render_list_json(&[&RULE])).unwrap();
        assert_eq!(rules[0], rule);
    }
}
