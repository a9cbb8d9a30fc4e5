//! JUnit's XML: a suite for each file, a case for each finding, and one that passes for a file without
//! any.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};
use tricep_rules::{Finding, Outcome};

use super::place::address;
use super::{Report, Show, tool};

/// The document. Failures are failures; what cannot be told, where it is shown, is skipped with the
/// reason; passes are passes.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let mut document = Document::new(tool::NAME);
    for (label, findings) in by_file(report, show) {
        let mut suite = TestSuite::new(label);
        for finding in &findings {
            suite.add_test_case(case(report, label, finding));
        }
        if findings.is_empty() {
            let mut clean = TestCase::new("no findings", TestCaseStatus::success());
            clean.set_classname(label);
            suite.add_test_case(clean);
        }
        document.add_test_suite(suite);
    }
    // Only characters that XML cannot hold could fail, and they are left out before.
    document.to_string().unwrap_or_default()
}

/// The findings shown of every file of the user's that was read, sorted by name.
fn by_file(report: &Report, show: Show) -> BTreeMap<&str, Vec<&Finding>> {
    let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for source in report.named_sources() {
        files.entry(source.label()).or_default();
    }
    for finding in report.shown(show) {
        let label = report.source(finding.at.file).label();
        files.entry(label).or_default().push(finding);
    }
    files
}

fn case(report: &Report, label: &str, finding: &Finding) -> TestCase {
    let mut status = match finding.outcome {
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Unknown => TestCaseStatus::skipped(),
    };
    let place = address(report, finding.at);
    status.set_message(finding.message.as_str());
    status.set_type(finding.severity.name());
    let mut text = format!("{place}: {}", finding.message);
    for note in finding.trail.iter().chain(&finding.related) {
        text.push_str(&format!("\n{}: {}", address(report, note.at), note.message));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\n\n{help}"));
    }
    status.set_description(text);
    let mut case = TestCase::new(format!("{} ({place})", finding.code), status);
    case.set_classname(label);
    case
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    #[test]
    fn failures_passes_and_unknowns_are_told_apart() {
        let text = render(&testing::report(), Show::ALL);
        assert!(
            text.contains("tests=\"4\"") && text.contains("failures=\"2\""),
            "{text}"
        );
        assert!(text.contains("<skipped "), "{text}");
    }

    #[test]
    fn a_file_without_findings_passes() {
        let mut report = testing::lone("ab", Span::new(0, 1));
        report.findings.clear();
        let text = render(&report, Show::default());
        assert!(
            text.contains("name=\"no findings\" classname=\"a.bicep\""),
            "{text}"
        );
    }

    #[test]
    fn characters_that_xml_cannot_hold_are_left_out() {
        let mut report = testing::lone("ab", Span::new(0, 1));
        report.findings[0].message = "a\u{1}b <&> \u{1f600}".to_owned();
        let text = render(&report, Show::default());
        assert!(text.contains("ab &lt;&amp;&gt; \u{1f600}"), "{text}");
    }
}
