//! Reviewdog's diagnostic format (`rdjson`).
//!
//! Its columns count UTF-8 bytes, unlike those of every other format here.

use serde::Serialize;
use tricep_rules::{Finding, Severity};
use tricep_syntax::text::{Encoding, Source};

use super::{Report, Show, json, tool};

#[derive(Serialize)]
struct Document<'a> {
    source: Tool,
    severity: &'static str,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: &'a str,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// The document, with a line break at its end.
#[must_use]
pub fn render(report: &Report, show: Show) -> String {
    let worst = report.shown(show).map(|finding| finding.severity).max();
    json::pretty(&Document {
        source: Tool {
            name: tool::NAME,
            url: tool::HOME,
        },
        severity: severity(worst.unwrap_or(Severity::Info)),
        diagnostics: report
            .shown(show)
            .map(|finding| diagnostic(report, finding))
            .collect(),
    })
}

fn diagnostic<'a>(report: &'a Report, finding: &'a Finding) -> Diagnostic<'a> {
    let source = report.source(finding.at.file);
    let references = finding.rule.map_or(&[][..], |rule| rule.references);
    Diagnostic {
        message: &finding.message,
        location: Location {
            path: source.label(),
            range: Range {
                start: position(source, finding.at.span.start),
                end: position(source, finding.at.span.end),
            },
        },
        severity: severity(finding.severity),
        code: Code {
            value: finding.code,
            url: references.first().map(|&(_, url)| url),
        },
    }
}

fn position(source: &Source, offset: u32) -> Position {
    let lines = source.lines();
    let at = lines.line_column(source.text(), offset, Encoding::Utf8);
    Position {
        line: at.line + 1,
        column: at.column + 1,
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "INFO",
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    #[test]
    fn columns_count_bytes() {
        let report = testing::lone("é😀x", Span::new(6, 7));
        let document: Value = serde_json::from_str(&render(&report, Show::ALL)).unwrap();
        let diagnostic = &document["diagnostics"][0];
        assert_eq!(diagnostic["location"]["range"]["start"]["column"], 7);
        assert_eq!(diagnostic["severity"], "WARNING");
        assert_eq!(diagnostic["code"]["value"], "BCP018");
    }
}
