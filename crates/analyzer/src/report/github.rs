//! Workflow commands that GitHub Actions turns into annotations.
//!
//! GitHub shows about ten annotations of a level per step, so the gravest come first; the last
//! line counts everything. Escapes are those of `@actions/core`.

use std::fmt::Write as _;

use tricep_rules::{Finding, Severity};

use super::human::closing_line;
use super::place::region;
use super::{Report, Show};
use crate::join_path;

/// One command per finding shown, then the line of counts. GitHub wants paths relative to the
/// root of its workspace; `folder` is where in it the analysis was started, empty at the root.
#[must_use]
pub fn render(report: &Report, show: Show, folder: &str) -> String {
    let mut findings: Vec<_> = report.shown(show).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut out = String::new();
    for finding in findings {
        write_command(&mut out, report, finding, folder);
    }
    let _ = writeln!(out, "{}", closing_line(report, show));
    out
}

fn write_command(out: &mut String, report: &Report, finding: &Finding, folder: &str) {
    let source = report.source(finding.at.file);
    let at = region(source, finding.at.span);
    let _ = write!(
        out,
        "::{} title={},file={},line={},endLine={}",
        level(finding.severity),
        property(finding.code),
        property(&path(folder, source.label())),
        at.start.line,
        at.end.line
    );
    // GitHub refuses columns of annotations over several lines.
    if at.start.line == at.end.line {
        let _ = write!(out, ",col={},endColumn={}", at.start.column, at.end.column);
    }
    let help = finding.help.iter().map(|help| format!("\n\n{help}"));
    let message: String = std::iter::once(finding.message.clone())
        .chain(help)
        .collect();
    let _ = writeln!(out, "::{}", data(&message));
}

fn path(folder: &str, label: &str) -> String {
    if folder.is_empty() {
        label.to_owned()
    } else {
        join_path(&format!("{folder}/"), label)
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    #[test]
    fn paths_and_messages_are_escaped() {
        let text = render(&testing::report(), Show::ALL, "");
        let last = text.lines().rev().nth(1).unwrap_or_default();
        assert!(
            text.contains("file=infra/a%2C b%3A 100%25 é.bicep,"),
            "{text}"
        );
        assert!(last.starts_with("::notice "), "{text}");
    }

    #[test]
    fn the_gravest_come_first() {
        let text = render(&testing::report(), Show::ALL, "");
        let levels: Vec<_> = text.lines().map(|line| line.split(' ').next()).collect();
        assert_eq!(levels[0], Some("::error"));
        assert_eq!(levels[3], Some("::notice"));
    }

    #[test]
    fn paths_are_relative_to_the_workspace() {
        assert_eq!(path("infra/prod", "../main.bicep"), "infra/main.bicep");
        assert_eq!(path("infra", "main.bicep"), "infra/main.bicep");
        assert_eq!(path("", "../main.bicep"), "../main.bicep");
    }

    #[test]
    fn the_help_follows_the_message() {
        let text = render(&testing::report(), Show::default(), "");
        assert!(text.contains("is empty%0A%0Alist the addresses"), "{text}");
    }

    #[test]
    fn a_finding_over_several_lines_has_no_columns() {
        let one = render(&testing::lone("ab\ncd", Span::new(0, 2)), Show::ALL, "");
        assert!(one.starts_with(
            "::warning title=BCP018,file=a.bicep,line=1,endLine=1,col=1,endColumn=3::"
        ));
        let two = render(&testing::lone("ab\ncd", Span::new(0, 4)), Show::ALL, "");
        assert!(two.starts_with("::warning title=BCP018,file=a.bicep,line=1,endLine=2::"));
    }
}
