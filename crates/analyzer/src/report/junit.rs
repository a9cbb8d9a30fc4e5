//! JUnit's XML: a suite for each file, a case for each finding, and one that passes for a file without
//! any.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};
use tricep_rules::{Finding, Outcome};

use super::place::address;
use super::printable::one_line;
use super::{Report, Show, tool};

/// The document. Failures are failures; what cannot be told, where it is shown, is skipped with the
/// reason; passes are passes.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let mut document = Document::new(tool::NAME);
    for (label, findings) in by_file(report, show) {
        let label = &attribute(label);
        let mut suite = TestSuite::new(label.as_str());
        for finding in &findings {
            suite.add_test_case(case(report, label, finding));
        }
        if findings.is_empty() {
            let mut clean = TestCase::new("no findings", TestCaseStatus::success());
            clean.set_classname(label.as_str());
            suite.add_test_case(clean);
        }
        document.add_test_suite(suite);
    }
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
    status.set_message(attribute(&finding.message));
    status.set_type(finding.severity.name());
    let mut text = format!("{place}: {}", finding.message);
    for note in finding.trail.iter().chain(&finding.related) {
        text.push_str(&format!("\n{}: {}", address(report, note.at), note.message));
    }
    if let Some(help) = &finding.help {
        text.push_str(&format!("\n\n{help}"));
    }
    status.set_description(content(&text));
    let name = attribute(&format!("{} ({place})", finding.code));
    let mut case = TestCase::new(name, status);
    case.set_classname(label);
    case
}

/// The value of an attribute: readers take its breaks and tabs as blanks anyway.
fn attribute(text: &str) -> String {
    content(&one_line(text))
}

/// Text that XML can hold (XML 1.0, production 2); `�` stands in for the rest. Readers drop or change
/// a carriage return.
fn content(text: &str) -> String {
    let allowed = |c: char| match c {
        '\t' | '\n' => c,
        '\0'..' ' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(allowed).collect()
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
    fn characters_that_xml_cannot_hold_are_marked() {
        let mut report = testing::lone("ab", Span::new(0, 1));
        report.findings[0].message = "a\u{1}b <&>\r\n\u{1f600}\u{fffe}\u{1b}[31m".to_owned();
        let text = render(&report, Show::default());
        let said = "a\u{fffd}b &lt;&amp;&gt;";
        let end = "\u{1f600}\u{fffd}\u{fffd}[31m";
        assert!(text.contains(&format!("\"{said}  {end}\"")), "{text}");
        assert!(text.contains(&format!("{said}\n{end}<")), "{text}");
    }
}
