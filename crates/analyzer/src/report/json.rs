//! JSON, version 1: what scripts read. Keys keep their names and order; keys that have nothing to
//! say (`reason`, `resource`, `help`) are left out, lists may be empty.

use serde::Serialize;
use tricep_rules::{Finding, Fix, Note, ResourceRef};
use tricep_syntax::text::Source;

use super::place::place;
use super::{Report, Show, tool};
use crate::fix::TextEdit;

/// One document, with a line break at its end.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let document = Document {
        version: 1,
        tool: Tool {
            name: tool::NAME,
            version: tool::VERSION,
        },
        summary: summary(report),
        findings: report.shown(show).map(|f| entry(report, f)).collect(),
    };
    pretty(&document)
}

/// A value as indented JSON with a line break at its end.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Each finding shown, on a line of its own.
pub(super) fn lines(report: &Report, show: Show) -> String {
    let line = |finding| {
        let line = Line {
            version: 1,
            entry: entry(report, finding),
        };
        serde_json::to_string(&line).unwrap_or_default() + "\n"
    };
    report.shown(show).map(line).collect()
}

#[derive(Serialize)]
struct Line<'a> {
    version: u32,
    #[serde(flatten)]
    entry: Entry<'a>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    summary: Counts,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Counts {
    files: usize,
    resources: usize,
    fail: usize,
    pass: usize,
    unknown: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    aliases: &'a [&'a str],
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    severity: &'a str,
    message: &'a str,
    file: &'a str,
    start: Position,
    end: Position,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Resource<'a>>,
    trail: Vec<Step<'a>>,
    fixes: Vec<Mending<'a>>,
    related: Vec<Step<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Position {
    offset: u32,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'a> {
    symbol: &'a str,
    r#type: &'a str,
    api_version: &'a str,
    file: &'a str,
    line: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    modules: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    file: &'a str,
    line: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct Mending<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<Replacement<'a>>,
}

/// Bytes of a file and what comes in their place.
#[derive(Serialize)]
struct Replacement<'a> {
    file: &'a str,
    start: u32,
    end: u32,
    text: String,
}

fn mending<'a>(report: &'a Report, fix: &'a Fix) -> Mending<'a> {
    let edits = report.text_edits.of_fix(fix).into_iter();
    let replacement = |edit: TextEdit| Replacement {
        file: report.source(edit.at.file).label(),
        start: edit.at.span.start,
        end: edit.at.span.end,
        text: edit.text,
    };
    Mending {
        title: &fix.title,
        applicability: fix.applicability.name(),
        edits: edits.map(replacement).collect(),
    }
}

fn summary(report: &Report) -> Counts {
    let summary = report.summary();
    Counts {
        files: summary.files,
        resources: summary.resources,
        fail: summary.fail,
        pass: summary.pass,
        unknown: summary.unknown,
        errors: summary.errors,
        warnings: summary.warnings,
        infos: summary.infos,
    }
}

fn entry<'a>(report: &'a Report, finding: &'a Finding) -> Entry<'a> {
    let source = report.source(finding.at.file);
    Entry {
        rule: finding.code,
        aliases: finding.rule.map_or(&[], |rule| rule.aliases),
        outcome: finding.outcome.name(),
        reason: finding.reason.map(|reason| reason.name()),
        severity: finding.severity.name(),
        message: &finding.message,
        file: source.label(),
        start: position(source, finding.at.span.start),
        end: position(source, finding.at.span.end),
        resource: finding.resource.as_ref().map(|r| resource(report, r)),
        trail: steps(report, &finding.trail),
        fixes: finding
            .fixes
            .iter()
            .map(|fix| mending(report, fix))
            .collect(),
        related: steps(report, &finding.related),
        help: finding.help.as_deref(),
    }
}

fn position(source: &Source, offset: u32) -> Position {
    let at = place(source, offset);
    Position {
        offset: offset.min(source.text().len() as u32),
        line: at.line,
        column: at.column,
    }
}

fn resource<'a>(report: &'a Report, resource: &'a ResourceRef) -> Resource<'a> {
    let source = report.source(resource.at.file);
    Resource {
        symbol: &resource.symbol,
        r#type: &resource.r#type,
        api_version: &resource.api_version,
        file: source.label(),
        line: place(source, resource.at.span.start).line,
        modules: steps(report, &resource.modules),
    }
}

fn steps<'a>(report: &'a Report, notes: &'a [Note]) -> Vec<Step<'a>> {
    let step = |note: &'a Note| {
        let source = report.source(note.at.file);
        Step {
            file: source.label(),
            line: place(source, note.at.span.start).line,
            message: &note.message,
        }
    };
    notes.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::testing;

    fn parsed(show: Show) -> Value {
        serde_json::from_str(&render(&testing::report(), show)).unwrap()
    }

    #[test]
    fn a_document_of_version_1() {
        let text = render(&testing::report(), Show::default());
        insta::assert_snapshot!(text.replace(tool::VERSION, "VERSION"));
    }

    #[test]
    fn the_summary_counts_what_is_not_shown() {
        let document = parsed(Show::default());
        assert_eq!(document["findings"].as_array().unwrap().len(), 2);
        assert_eq!(
            document["summary"],
            json!({"files": 2, "resources": 1, "fail": 1, "pass": 1, "unknown": 1,
                   "errors": 2, "warnings": 0, "infos": 0})
        );
    }

    #[test]
    fn a_problem_of_the_text_has_no_resource() {
        let document = parsed(Show::default());
        assert_eq!(document["findings"][0]["rule"], "BCP018");
        assert!(document["findings"][0].get("resource").is_none());
    }

    #[test]
    fn passes_and_unknowns_are_listed_on_request() {
        let outcomes: Vec<_> = parsed(Show::ALL)["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["outcome"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(outcomes, ["unknown", "fail", "pass", "fail"]);
    }
}
