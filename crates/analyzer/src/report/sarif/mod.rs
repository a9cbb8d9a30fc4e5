//! SARIF 2.1.0, as code scanning services read it. One document a run, whatever the number of
//! files; it holds no time, no absolute path and is the same for the same input.

mod model;
mod rules;

use rustc_hash::FxHashSet;
use tricep_rules::{Finding, Note, Outcome, ResourceRef};
use tricep_syntax::text::{Location, Source, Span};

use self::model::{
    Artifact, ArtifactLocation, BaseIds, CodeFlow, Described, Driver, FlowStep, Id, Invocation,
    Log, LogicalLocation, Notification, PartialFingerprints, PhysicalLocation, Region, Rule, Run,
    SarifResult, ThreadFlow, Tool,
};
use super::fingerprint::{Fingerprints, parts};
use super::{Report, Show, UNREADABLE_FILE, json, place, tool};
use crate::load::BUILT_IN;

/// GitHub takes no more results of a run.
const MOST_RESULTS: usize = 25_000;
/// GitHub keeps no more locations of a result.
const MOST_LOCATIONS: usize = 100;
/// Longer snippets are left out.
const LONGEST_SNIPPET: usize = 4_000;

/// One log, with a line break at its end.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let (findings, left_out) = kept(report, show, MOST_RESULTS);
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run(report, &findings, left_out)],
    };
    json::pretty(&log)
}

/// The findings that go into the log, in order, and how many lighter ones do not.
fn kept(report: &Report, show: Show, most: usize) -> (Vec<&Finding>, usize) {
    let mut findings: Vec<_> = report.shown(show).enumerate().collect();
    let left_out = findings.len().saturating_sub(most);
    if left_out > 0 {
        findings.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
        findings.truncate(most);
        findings.sort_by_key(|&(place, _)| place);
    }
    let findings = findings.into_iter().map(|(_, finding)| finding).collect();
    (findings, left_out)
}

fn run(report: &Report, findings: &[&Finding], left_out: usize) -> Run {
    let rules = rules::of(findings.iter().copied());
    let results = results(report, findings, &rules);
    Run {
        tool: Tool {
            driver: driver(rules),
        },
        automation_details: Id {
            id: "tricep/check/",
        },
        column_kind: "utf16CodeUnits",
        newline_sequences: ["\r\n", "\n", "\r"],
        original_uri_base_ids: BaseIds {
            root: Described {
                description: "The folder that the analysis was started in.".into(),
            },
        },
        invocations: [Invocation {
            execution_successful: report.unreadable == 0,
            tool_execution_notifications: notifications(report, findings, left_out),
        }],
        artifacts: artifacts(report),
        results,
    }
}

fn driver(rules: Vec<Rule>) -> Driver {
    Driver {
        name: tool::NAME,
        full_name: format!("{} {}", tool::NAME, tool::VERSION),
        organization: tool::NAME,
        version: tool::VERSION,
        semantic_version: tool::VERSION,
        information_uri: tool::HOME,
        rules,
    }
}

/// What kept the run from being whole: files not read, results not written.
fn notifications(report: &Report, findings: &[&Finding], left_out: usize) -> Vec<Notification> {
    let unreadable = findings
        .iter()
        .filter(|finding| finding.code == UNREADABLE_FILE)
        .map(|finding| Notification {
            level: "error",
            descriptor: Id {
                id: UNREADABLE_FILE,
            },
            message: finding.message.as_str().into(),
            locations: vec![location(report, finding.at)],
        });
    let cut = (left_out > 0).then(|| Notification {
        level: "warning",
        descriptor: Id {
            id: "results-left-out",
        },
        message: format!("{left_out} results of lower severity are left out.").into(),
        locations: Vec::new(),
    });
    unreadable.chain(cut).collect()
}

/// Each file once: templates within a file are sources of their own under the file's name.
fn artifacts(report: &Report) -> Vec<Artifact> {
    let mut seen = FxHashSet::default();
    let sources = report.sources.iter();
    sources
        .filter(|source| seen.insert(source.label()))
        .map(artifact)
        .collect()
}

fn artifact(source: &Source) -> Artifact {
    let label = source.label();
    let is_json = label
        .get(label.len().saturating_sub(5)..)
        .is_some_and(|end| end.eq_ignore_ascii_case(".json"));
    Artifact {
        location: artifact_location(source),
        source_language: if is_json { "json" } else { "bicep" },
        encoding: "utf-8",
    }
}

fn results(report: &Report, findings: &[&Finding], rules: &[Rule]) -> Vec<SarifResult> {
    let mut lines = Fingerprints::default();
    let mut places = Fingerprints::default();
    findings
        .iter()
        .map(|finding| SarifResult {
            rule_id: finding.code,
            rule_index: rules.partition_point(|rule| rule.id < finding.code),
            kind: kind(finding.outcome),
            level: level(finding),
            message: finding.message.as_str().into(),
            locations: [primary_location(report, finding)],
            partial_fingerprints: PartialFingerprints {
                primary_location_line_hash: lines.next(&line_parts(report, finding)),
                own: places.next(&parts(report, finding)),
            },
            related_locations: related_locations(report, finding),
            code_flows: code_flows(report, finding),
        })
        .collect()
}

/// `open` is SARIF's word for "not enough is known to decide"; a failure is what a result is when
/// nothing is said.
const fn kind(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Fail => None,
        Outcome::Pass => Some("pass"),
        Outcome::Unknown => Some("open"),
    }
}

/// SARIF wants the level `none` for every kind but failures (§3.27.10).
const fn level(finding: &Finding) -> &'static str {
    match finding.outcome {
        Outcome::Fail => rules::level(finding.severity),
        Outcome::Pass | Outcome::Unknown => "none",
    }
}

fn line_parts<'a>(report: &'a Report, finding: &'a Finding) -> [&'a str; 3] {
    let source = report.source(finding.at.file);
    let line = place::place(source, finding.at.span.start).line;
    let text = &source.text()[lines_span(source, line, line).range()];
    [finding.code, source.label(), text]
}

/// The steps of a trail and the related places. A trail of one step is no flow and told here.
fn related_locations(report: &Report, finding: &Finding) -> Vec<model::Location> {
    let trail = Some(&finding.trail).filter(|trail| trail.len() < 2);
    let notes = trail.into_iter().flatten().chain(&finding.related);
    notes
        .take(MOST_LOCATIONS)
        .enumerate()
        .map(|(n, note)| model::Location {
            id: Some(n),
            ..noted_location(report, note)
        })
        .collect()
}

/// A trail of two steps or more, from the origin of the value to the finding.
fn code_flows(report: &Report, finding: &Finding) -> Vec<CodeFlow> {
    if finding.trail.len() < 2 {
        return Vec::new();
    }
    let here = Note {
        at: finding.at,
        message: finding.message.clone(),
    };
    let steps = finding.trail.iter().take(MOST_LOCATIONS).rev();
    let locations = steps
        .chain([&here])
        .map(|note| FlowStep {
            location: noted_location(report, note),
        })
        .collect();
    vec![CodeFlow {
        thread_flows: [ThreadFlow { locations }],
    }]
}

fn primary_location(report: &Report, finding: &Finding) -> model::Location {
    let mut location = location(report, finding.at);
    let source = report.source(finding.at.file);
    let region = &location.physical_location.region;
    let first = region.start_line.saturating_sub(1).max(1);
    let last = (region.end_line + 1).min(source.lines().line_count());
    location.physical_location.context_region = context(source, first, last);
    location.logical_locations = finding.resource.iter().map(logical_location).collect();
    location
}

fn logical_location(resource: &ResourceRef) -> LogicalLocation {
    LogicalLocation {
        name: resource.symbol.clone(),
        fully_qualified_name: format!("{} {}", resource.r#type, resource.symbol),
        kind: "resource",
    }
}

fn noted_location(report: &Report, note: &Note) -> model::Location {
    model::Location {
        message: Some(note.message.as_str().into()),
        ..location(report, note.at)
    }
}

fn location(report: &Report, at: Location) -> model::Location {
    let source = report.source(at.file);
    let region = place::region(source, at.span);
    model::Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact_location(source),
            region: Region {
                start_line: region.start.line,
                start_column: Some(region.start.column),
                end_line: region.end.line,
                end_column: Some(region.end.column),
                snippet: snippet(source, at.span),
            },
            context_region: None,
        },
        logical_locations: Vec::new(),
        message: None,
    }
}

/// Whole lines around a place.
fn context(source: &Source, first: u32, last: u32) -> Option<Region> {
    let snippet = snippet(source, lines_span(source, first, last))?;
    Some(Region {
        start_line: first,
        start_column: None,
        end_line: last,
        end_column: None,
        snippet: Some(snippet),
    })
}

/// The bytes of some lines, 1-based, both included, the last line break not.
fn lines_span(source: &Source, first: u32, last: u32) -> Span {
    let text: &str = source.text();
    let start = source.lines().line_start(first - 1).unwrap_or(0);
    let end = source.lines().line_start(last);
    let end = end.unwrap_or(text.len() as u32).max(start);
    let trimmed = text[start as usize..end as usize].trim_end_matches(['\r', '\n']);
    Span::new(start, start + trimmed.len() as u32)
}

fn snippet(source: &Source, span: Span) -> Option<model::Text> {
    let mut text = slice(source, span);
    if span.start == 0 {
        // A byte order mark counts for no column.
        text = text.trim_start_matches('\u{feff}');
    }
    (!text.is_empty() && text.len() <= LONGEST_SNIPPET).then(|| text.into())
}

/// The text of a span; nothing when it does not lie on characters of the text.
fn slice(source: &Source, span: Span) -> &str {
    source.text().get(span.range()).unwrap_or_default()
}

fn artifact_location(source: &Source) -> ArtifactLocation {
    let label = source.label();
    if let Some(name) = label.strip_prefix(BUILT_IN) {
        return absolute(format!("{BUILT_IN}{}", percent_encoded(name)));
    }
    let path = percent_encoded(label.trim_start_matches('/'));
    if label.starts_with('/') || label.get(1..3) == Some(":/") {
        return absolute(format!("file:///{path}"));
    }
    ArtifactLocation {
        uri: path,
        uri_base_id: Some("SRCROOT"),
    }
}

fn absolute(uri: String) -> ArtifactLocation {
    ArtifactLocation {
        uri,
        uri_base_id: None,
    }
}

/// A path as a URI reference; all but letters, digits, `-._~` and `/` is escaped.
fn percent_encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tricep_rules::Severity;

    use super::*;
    use crate::report::testing;

    fn log(report: &Report, show: Show) -> Value {
        serde_json::from_str(&render(report, show)).unwrap()
    }

    fn results(log: &Value) -> &Vec<Value> {
        log["runs"][0]["results"].as_array().unwrap()
    }

    #[test]
    fn a_log_of_version_2_1_0() {
        let text = render(&testing::report(), Show::default());
        insta::assert_snapshot!(text.replace(tool::VERSION, "VERSION"));
    }

    #[test]
    fn every_rule_index_points_at_the_rule() {
        let log = log(&testing::report(), Show::ALL);
        for result in results(&log) {
            let index = result["ruleIndex"].as_u64().unwrap() as usize;
            let rule = &log["runs"][0]["tool"]["driver"]["rules"][index];
            assert_eq!(rule["id"], result["ruleId"]);
        }
    }

    #[test]
    fn passes_and_unknowns_have_no_level() {
        let log = log(&testing::report(), Show::ALL);
        let kinds: Vec<_> = results(&log)
            .iter()
            .map(|r| (&r["kind"], &r["level"]))
            .collect();
        assert_eq!(
            json!(kinds),
            json!([
                ["open", "none"],
                [null, "error"],
                ["pass", "none"],
                [null, "error"]
            ])
        );
    }

    #[test]
    fn a_trail_becomes_a_flow_that_ends_at_the_finding() {
        let log = log(&testing::report(), Show::default());
        let result = &results(&log)[1];
        let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
        assert_eq!(steps.as_array().unwrap().len(), 3);
        assert_eq!(
            steps[2]["location"]["physicalLocation"]["region"]["startLine"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"]
        );
        assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn a_trail_of_one_step_is_a_related_place() {
        let mut report = testing::report();
        for finding in &mut report.findings {
            finding.trail.truncate(1);
        }
        let log = log(&report, Show::default());
        let result = &results(&log)[1];
        assert!(result.get("codeFlows").is_none());
        assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn fingerprints_do_not_change_when_a_line_is_inserted_above() {
        let moved = |lines: &str, shift: u32| {
            let text = format!("{lines}param a int");
            let report = testing::lone(&text, Span::new(6 + shift, 7 + shift));
            log(&report, Show::ALL)["runs"][0]["results"][0]["partialFingerprints"].clone()
        };
        assert_eq!(moved("", 0), moved("// new\n\n", 8));
    }

    #[test]
    fn equal_findings_have_fingerprints_of_their_own() {
        let mut report = testing::lone("ab", Span::new(0, 1));
        report.findings.push(report.findings[0].clone());
        let log = log(&report, Show::ALL);
        let prints: Vec<_> = results(&log)
            .iter()
            .map(|r| &r["partialFingerprints"])
            .collect();
        assert_ne!(prints[0]["tricep/v1"], prints[1]["tricep/v1"]);
        assert_ne!(
            prints[0]["primaryLocationLineHash"],
            prints[1]["primaryLocationLineHash"]
        );
    }

    #[test]
    fn an_unreadable_file_is_a_notification_too() {
        let mut report = testing::lone("", Span::new(0, 0));
        report.findings[0].code = UNREADABLE_FILE;
        report.unreadable = 1;
        let log = log(&report, Show::default());
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notification = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notification["descriptor"]["id"], UNREADABLE_FILE);
    }

    #[test]
    fn uris_are_relative_and_escaped() {
        let uri = |label: &str| artifact_location(&Source::new(label, ""));
        assert_eq!(uri("a b/é:1.bicep").uri, "a%20b/%C3%A9%3A1.bicep");
        assert_eq!(uri("../x.bicep").uri_base_id, Some("SRCROOT"));
        assert_eq!(uri("/srv/x.bicep").uri, "file:///srv/x.bicep");
        assert_eq!(uri("/srv/x.bicep").uri_base_id, None);
    }

    #[test]
    fn stand_ins_for_modules_are_no_files_of_the_folder() {
        let location = artifact_location(&Source::new("built-in:br:x.io/a:1.0", ""));
        assert_eq!(location.uri, "built-in:br%3Ax.io/a%3A1.0");
        assert_eq!(location.uri_base_id, None);
    }

    #[test]
    fn every_file_is_one_artifact_and_has_its_language() {
        let mut report = testing::lone("ab", Span::new(0, 1));
        for label in ["a.bicep", "b.JSON", "é"] {
            report.sources.push(Source::new(label, ""));
        }
        let languages: Vec<_> = artifacts(&report)
            .into_iter()
            .map(|artifact| (artifact.location.uri, artifact.source_language))
            .collect();
        let expected = [
            ("a.bicep", "bicep"),
            ("b.JSON", "json"),
            ("%C3%A9", "bicep"),
        ];
        assert_eq!(
            languages,
            expected.map(|(uri, language)| (uri.to_owned(), language))
        );
    }

    #[test]
    fn when_there_are_too_many_the_gravest_are_kept_in_order() {
        let mut report = testing::lone("abc", Span::new(0, 1));
        for severity in [Severity::Info, Severity::Error] {
            let mut finding = report.findings[0].clone();
            finding.severity = severity;
            report.findings.push(finding);
        }
        let (findings, left_out) = kept(&report, Show::ALL, 2);
        let severities: Vec<_> = findings.iter().map(|f| f.severity).collect();
        assert_eq!(severities, [Severity::Warning, Severity::Error]);
        assert_eq!(left_out, 1);
        let notes = notifications(&report, &findings, left_out);
        assert!(notes[0].message.text.starts_with("1 results"));
    }

    #[test]
    fn spans_past_the_end_or_inside_a_character_do_not_panic() {
        for (text, start, end) in [("😀", 1, 2), ("a", 5, 9), ("", 0, 0), ("\u{feff}", 0, 1)] {
            let log = log(&testing::lone(text, Span::new(start, end)), Show::ALL);
            assert_eq!(results(&log).len(), 1);
        }
    }
}
