//! Descriptions of the rules that a log speaks of.

use tricep_rules::{Finding, RuleMeta, Severity};

use super::model::{Configuration, Rule, RuleProperties, Text};
use crate::report::{explain, tool};

/// The longest full description that GitHub takes.
const LONGEST_DESCRIPTION: usize = 1024;
/// The most tags that GitHub shows.
const MOST_TAGS: usize = 10;

/// The rules of some findings, each once, sorted by id.
pub(super) fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<Rule> {
    let mut known: Vec<&Finding> = findings.collect();
    known.sort_by_key(|finding| (finding.code, std::cmp::Reverse(finding.severity)));
    known.dedup_by_key(|finding| finding.code);
    let describe = |finding: &Finding| match finding.rule {
        Some(meta) => rule(meta),
        None => problem(finding.code, finding.severity),
    };
    known.into_iter().map(describe).collect()
}

/// A severity as a SARIF level.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn rule(meta: &'static RuleMeta) -> Rule {
    let help_uri = meta.references.first().map_or(tool::HOME, |&(_, uri)| uri);
    Rule {
        id: meta.name,
        name: readable_name(meta.name),
        short_description: sentence(meta.summary).into(),
        full_description: cut(&sentence(meta.what)).into(),
        help: Text {
            text: sentence(meta.why),
            markdown: Some(explain::render(meta)),
        },
        help_uri: help_uri.to_owned(),
        default_configuration: Configuration {
            level: level(meta.severity),
        },
        properties: RuleProperties {
            tags: meta.tags.iter().copied().take(MOST_TAGS).collect(),
            precision: "high",
            problem_severity: problem_severity(meta.severity),
            security_severity: meta.security_severity,
        },
    }
}

/// What can be said of a code of the front end without a rule behind it.
fn problem(code: &'static str, severity: Severity) -> Rule {
    let (text, help_uri) = if code.starts_with("BCP") {
        (
            format!("The Bicep compiler reports this as {code}."),
            format!("https://aka.ms/bicep/core-diagnostics#{code}"),
        )
    } else {
        (
            format!("The text cannot be analyzed fully: {code}."),
            tool::HOME.to_owned(),
        )
    };
    Rule {
        id: code,
        name: readable_name(code),
        short_description: text.clone().into(),
        full_description: text.clone().into(),
        help: Text {
            markdown: Some(format!("{text} See [its page]({help_uri}).")),
            text,
        },
        help_uri,
        default_configuration: Configuration {
            level: level(severity),
        },
        properties: RuleProperties {
            tags: vec!["correctness"],
            precision: "very-high",
            problem_severity: problem_severity(severity),
            security_severity: None,
        },
    }
}

const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "recommendation",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// `aks-authorized-ip-ranges` → `AksAuthorizedIpRanges`; nothing when that is the id itself, which
/// SARIF forbids.
fn readable_name(id: &str) -> Option<String> {
    let name = pascal_case(id);
    (name != id).then_some(name)
}

fn pascal_case(name: &str) -> String {
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    name.split('-').map(capital).collect()
}

/// The text with a full stop, which SARIF wants and our words lack.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', ':', '`']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST_DESCRIPTION {
        return text.to_owned();
    }
    let kept = text.chars().take(LONGEST_DESCRIPTION - 1);
    kept.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_pascal_case_and_differ_from_the_id() {
        let name = readable_name("aks-authorized-ip-ranges");
        assert_eq!(name.as_deref(), Some("AksAuthorizedIpRanges"));
        assert_eq!(readable_name("BCP018"), None);
    }

    #[test]
    fn long_descriptions_are_cut_at_a_character() {
        let text = cut(&"é".repeat(2000));
        assert_eq!(text.chars().count(), LONGEST_DESCRIPTION);
        assert!(text.ends_with('…'));
    }
}
