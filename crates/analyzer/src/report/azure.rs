//! Logging commands that Azure Pipelines turns into issues of a run.
//!
//! The service knows errors and warnings only; what is lighter stands as a plain line. Escapes are
//! those of Microsoft's own `azure-pipelines-task-lib`.

use std::fmt::Write as _;

use tricep_rules::{Finding, Severity};

use super::human::closing_line;
use super::place::{address, place};
use super::printable::one_line;
use super::{Report, Show};

/// One command for each finding shown, the gravest first, then the line of counts. With warnings only,
/// the step is marked as one that succeeded with issues.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let mut findings: Vec<_> = report.shown(show).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut out = String::new();
    for finding in findings {
        match finding.severity {
            Severity::Error => write_issue(&mut out, report, finding, "error"),
            Severity::Warning => write_issue(&mut out, report, finding, "warning"),
            Severity::Info => write_line(&mut out, report, finding),
        }
    }
    let _ = writeln!(out, "{}", closing_line(report, show));
    if report.worst() == Some(Severity::Warning) {
        out.push_str("##vso[task.complete result=SucceededWithIssues;]\n");
    }
    out
}

fn write_issue(out: &mut String, report: &Report, finding: &Finding, level: &str) {
    let source = report.source(finding.at.file);
    let at = place(source, finding.at.span.start);
    let help = finding.help.iter().map(|help| format!("\n\n{help}"));
    let message: String = std::iter::once(finding.message.clone())
        .chain(help)
        .collect();
    let _ = writeln!(
        out,
        "##vso[task.logissue type={level};sourcepath={};linenumber={};columnnumber={};code={};]{}",
        property(source.label()),
        at.line,
        at.column,
        property(finding.code),
        data(&message)
    );
}

/// A line that no command may begin on: file names and messages cannot start with `##vso[`, as a place
/// stands before the one and the other.
fn write_line(out: &mut String, report: &Report, finding: &Finding) {
    let text = format!(
        "{}: {}[{}]: {}",
        address(report, finding.at),
        finding.severity,
        finding.code,
        finding.message
    );
    let _ = writeln!(out, "{}", one_line(&text).replace("##vso[", "## vso["));
}

fn data(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    #[test]
    fn an_issue_has_its_place_and_code() {
        let text = render(&testing::lone("ab\ncd", Span::new(3, 4)), Show::ALL);
        assert!(text.starts_with(
            "##vso[task.logissue type=warning;sourcepath=a.bicep;linenumber=2;columnnumber=1;code=BCP018;]"
        ), "{text}");
        assert!(text.ends_with("##vso[task.complete result=SucceededWithIssues;]\n"));
    }

    #[test]
    fn what_could_end_a_command_is_escaped() {
        assert_eq!(property("a;b]c 100%"), "a%3Bb%5Dc 100%AZP25");
        assert_eq!(data("a\r\nb];"), "a%0D%0Ab];");
    }

    #[test]
    fn infos_are_plain_lines_and_errors_come_first() {
        let text = render(&testing::report(), Show::ALL);
        let first = text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("##vso[task.logissue type=error;"),
            "{text}"
        );
        assert!(text.contains(": info["), "{text}");
        assert!(!text.contains("task.complete"), "{text}");
    }
}
