//! GitLab's code quality report: a list of issues in JSON.
//!
//! GitLab shows only the first of several issues with one fingerprint, so each has its own, made of
//! what it says and not of its line.

use serde::Serialize;
use tricep_rules::{Finding, Severity};

use super::fingerprint::{Fingerprints, parts};
use super::place::region;
use super::{Report, Show, json};

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// The report, with a line break at its end.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let mut fingerprints = Fingerprints::default();
    let issues: Vec<Issue<'_>> = report
        .shown(show)
        .map(|finding| issue(report, finding, &mut fingerprints))
        .collect();
    json::pretty(&issues)
}

fn issue<'a>(
    report: &'a Report,
    finding: &'a Finding,
    fingerprints: &mut Fingerprints,
) -> Issue<'a> {
    let source = report.source(finding.at.file);
    let at = region(source, finding.at.span);
    Issue {
        description: &finding.message,
        check_name: finding.code,
        fingerprint: fingerprints.next(&parts(report, finding)),
        severity: severity(finding),
        location: Place {
            path: source.label().trim_start_matches("./"),
            lines: Lines {
                begin: at.start.line,
                end: at.end.line,
            },
        },
    }
}

/// Errors of rules about security are critical: that is what merge requests are held up by.
fn severity(finding: &Finding) -> &'static str {
    let is_security = finding
        .rule
        .is_some_and(|rule| rule.security_severity.is_some());
    match finding.severity {
        Severity::Info => "info",
        Severity::Warning => "minor",
        Severity::Error if is_security => "critical",
        Severity::Error => "major",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    fn issues(report: &Report) -> Vec<Value> {
        serde_json::from_str(&render(report, Show::ALL)).unwrap()
    }

    #[test]
    fn every_issue_has_a_fingerprint_of_its_own() {
        let mut report = testing::lone("ab", Span::new(0, 1));
        report.findings.push(report.findings[0].clone());
        let issues = issues(&report);
        assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
        assert_eq!(issues[0]["severity"], "minor");
        assert_eq!(issues[0]["location"]["lines"]["begin"], 1);
    }

    #[test]
    fn fingerprints_do_not_know_lines() {
        let above = issues(&testing::lone("x\nab", Span::new(2, 3)));
        let alone = issues(&testing::lone("ab", Span::new(0, 1)));
        assert_eq!(above[0]["fingerprint"], alone[0]["fingerprint"]);
    }
}
