//! A page for people: the verdict of every resource, the modules it came through, and how each value came
//! about, with its places marked in the source.
//!
//! The page is one file that loads nothing; its policy forbids it to. Every finding is a `details` element,
//! which browsers let people reach and open with the keyboard. Without scripts all findings are shown.

use std::fmt::Write as _;

use tricep_rules::{Finding, Note, Outcome, ResourceRef};
use tricep_syntax::text::{Location, Source};

use super::place::{address, place};
use super::printable::shown;
use super::{Report, Summary, tool};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// So many lines are shown of a place at most, and one more on each side.
const MOST_LINES: u32 = 12;
/// Longer lines are cut.
const LONGEST_LINE: usize = 400;

/// The page. It tells every outcome; what is not of interest can be filtered out in it.
#[must_use]
pub fn render(report: &Report) -> String {
    let groups = groups(report);
    let mut out = String::new();
    head(&mut out, report);
    filters(&mut out, report);
    out.push_str("<main>\n");
    for group in &groups {
        write_group(&mut out, report, group);
    }
    if groups.is_empty() {
        out.push_str("<p>Nothing was found.</p>\n");
    }
    let _ = write!(
        out,
        "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n"
    );
    out
}

/// What is said of one resource, or of the text of one file.
struct Group<'a> {
    resource: Option<&'a ResourceRef>,
    findings: Vec<&'a Finding>,
}

/// The findings by resource, those with failures first, else in the order of the report.
fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut places = rustc_hash::FxHashMap::default();
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in &report.findings {
        let resource = finding.resource.as_ref();
        let key = match resource {
            Some(resource) => (Some(resource.at), resource.at.file),
            None => (None, finding.at.file),
        };
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Group {
                resource,
                findings: Vec::new(),
            });
            groups.len() - 1
        });
        groups[place].findings.push(finding);
    }
    for group in &mut groups {
        group.findings.sort_by_key(|finding| weight(finding));
    }
    groups.sort_by_key(|group| group.findings.iter().map(|finding| weight(finding)).min());
    groups
}

/// Failures first, the gravest before the others; then what is unknown, then passes.
fn weight(finding: &Finding) -> (u8, std::cmp::Reverse<tricep_rules::Severity>) {
    let outcome = match finding.outcome {
        Outcome::Fail => 0,
        Outcome::Unknown => 1,
        Outcome::Pass => 2,
    };
    (outcome, std::cmp::Reverse(finding.severity))
}

fn head(out: &mut String, report: &Report) {
    let Summary {
        files,
        resources,
        fail,
        pass,
        unknown,
        errors,
        warnings,
        infos,
    } = report.summary();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n\
         <title>{name} report</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{name} report</h1>\n<ul class=\"counts\">\n\
         <li>{files} files</li><li>{resources} resources</li>\
         <li class=\"fail\"><span class=\"badge\">{fail} failed</span></li>\
         <li class=\"pass\"><span class=\"badge\">{pass} passed</span></li>\
         <li class=\"unknown\"><span class=\"badge\">{unknown} unknown</span></li>\
         <li class=\"quiet\">{errors} errors, {warnings} warnings, {infos} infos</li>\n</ul>\n</header>\n",
        name = tool::NAME,
    );
}

/// The filters, hidden until the script is there to apply them.
fn filters(out: &mut String, report: &Report) {
    let mut codes: Vec<&str> = report.findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    out.push_str("<form hidden>\n<fieldset>\n<legend>Outcome</legend>\n");
    for outcome in [Outcome::Fail, Outcome::Unknown, Outcome::Pass] {
        let name = outcome.name();
        let checked = if outcome == Outcome::Pass {
            ""
        } else {
            " checked"
        };
        let _ = writeln!(
            out,
            "<label><input type=\"checkbox\" name=\"outcome\" value=\"{name}\"{checked}> {name}</label>"
        );
    }
    out.push_str(
        "</fieldset>\n<label>Rule <select name=\"rule\">\n<option value=\"\">every rule</option>\n",
    );
    for code in codes {
        let _ = writeln!(out, "<option>{}</option>", escaped(code));
    }
    out.push_str(
        "</select></label>\n<label>Text <input type=\"search\" name=\"words\"></label>\n\
         <span id=\"shown\" class=\"quiet\" role=\"status\"></span>\n</form>\n",
    );
}

fn write_group(out: &mut String, report: &Report, group: &Group<'_>) {
    out.push_str("<section class=\"group\">\n<header>\n");
    match group.resource {
        Some(resource) => write_resource(out, report, resource),
        None => {
            let label = group
                .findings
                .first()
                .map_or("", |finding| report.source(finding.at.file).label());
            let _ = writeln!(out, "<h2>{}</h2>", escaped(label));
        }
    }
    out.push_str("</header>\n");
    for finding in &group.findings {
        write_finding(out, report, finding);
    }
    out.push_str("</section>\n");
}

/// The resource, below the module calls that lead to it.
fn write_resource(out: &mut String, report: &Report, resource: &ResourceRef) {
    let _ = writeln!(
        out,
        "<h2>{}</h2>\n<div class=\"quiet\">{}@{}</div>",
        escaped(&resource.symbol),
        escaped(&resource.r#type),
        escaped(&resource.api_version)
    );
    let mut depth = 0;
    for call in &resource.modules {
        let class = if depth == 0 { " class=\"tree\"" } else { "" };
        let _ = write!(
            out,
            "<ul{class}><li>module {} <span class=\"quiet\">{}</span>",
            escaped(&call.message),
            escaped(&address(report, call.at))
        );
        depth += 1;
    }
    let class = if depth == 0 { " class=\"tree\"" } else { "" };
    let _ = write!(
        out,
        "<ul{class}><li>resource {} <span class=\"quiet\">{}</span></li></ul>",
        escaped(&resource.symbol),
        escaped(&address(report, resource.at))
    );
    for _ in 0..depth {
        out.push_str("</li></ul>");
    }
    out.push('\n');
}

fn write_finding(out: &mut String, report: &Report, finding: &Finding) {
    let outcome = finding.outcome.name();
    let open = if finding.outcome == Outcome::Fail {
        " open"
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<details class=\"finding {outcome}\" data-outcome=\"{outcome}\" data-rule=\"{code}\"{open}>\n\
         <summary><span class=\"badge\">{word}</span> {message} <span class=\"quiet\">{code}</span></summary>",
        code = escaped(finding.code),
        word = word(finding),
        message = escaped(&finding.message),
    );
    write_place(out, report, finding.at);
    write_notes(out, report, "How it came about", &finding.trail);
    write_notes(out, report, "See also", &finding.related);
    if let Some(help) = &finding.help {
        let _ = writeln!(out, "<div>What to do</div>\n<pre>{}</pre>", escaped(help));
    }
    let references = finding.rule.map_or(&[][..], |rule| rule.references);
    if let Some((title, url)) = references.first() {
        let _ = writeln!(
            out,
            "<p><a href=\"{}\" rel=\"noreferrer\">{}</a></p>",
            escaped(url),
            escaped(title)
        );
    }
    out.push_str("</details>\n");
}

/// The word before a finding: its level where it failed, else the outcome.
fn word(finding: &Finding) -> &'static str {
    match finding.outcome {
        Outcome::Fail => finding.severity.name(),
        other => other.name(),
    }
}

fn write_notes(out: &mut String, report: &Report, title: &str, notes: &[Note]) {
    if notes.is_empty() {
        return;
    }
    let _ = writeln!(out, "<div>{title}</div>\n<ol class=\"trail\">");
    for note in notes {
        let _ = writeln!(out, "<li>{}", escaped(&note.message));
        write_place(out, report, note.at);
        out.push_str("</li>\n");
    }
    out.push_str("</ol>\n");
}

/// The lines of a place with the place marked, and one line before and after.
fn write_place(out: &mut String, report: &Report, at: Location) {
    let source = report.source(at.file);
    let _ = writeln!(
        out,
        "<div class=\"quiet\">{}</div>",
        escaped(&address(report, at))
    );
    if source.text().is_empty() {
        return;
    }
    let first = place(source, at.span.start).line;
    let last = place(source, at.span.end).line;
    out.push_str("<pre>");
    let from = first.saturating_sub(1).max(1);
    let to = last.min(first + MOST_LINES) + 1;
    for number in from..=to {
        let Some(line) = line_span(source, number) else {
            break;
        };
        write_line(out, source, number, line, at);
    }
    out.push_str("</pre>\n");
}

/// Where a line stands, without its break; lines count from 1.
fn line_span(source: &Source, number: u32) -> Option<(usize, usize)> {
    let start = source.lines().line_start(number.checked_sub(1)?)? as usize;
    let rest = source.text().get(start..)?;
    let line = rest.split('\n').next()?;
    Some((start, start + line.trim_end_matches('\r').len()))
}

fn write_line(
    out: &mut String,
    source: &Source,
    number: u32,
    (start, end): (usize, usize),
    at: Location,
) {
    let text = source.text();
    let span = at.span.range();
    let mark_start = span.start.clamp(start, end);
    let mark_end = span.end.clamp(start, end);
    let piece = |from: usize, to: usize| cut(text.get(from..to).unwrap_or_default());
    let _ = write!(
        out,
        "<span class=\"number\">{number:4} </span>{}",
        escaped(piece(start, mark_start))
    );
    if mark_start < mark_end {
        let _ = write!(out, "<mark>{}</mark>", escaped(piece(mark_start, mark_end)));
    }
    let _ = writeln!(out, "{}", escaped(piece(mark_end, end)));
}

/// The beginning of a piece of a line.
fn cut(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// A text as it stands in HTML, also within quotes. What steers terminals and the order of letters is
/// shown as signs.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            other => out.push(shown(other)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    #[test]
    fn nothing_of_the_text_becomes_markup() {
        let text = "param a string = '<script>alert(1)</script>' // \"&'";
        let mut report = testing::lone(text, Span::new(17, 44));
        report.findings[0].message = "<b>bold</b>".to_owned();
        let page = render(&report);
        assert!(
            !page.contains("<script>alert") && !page.contains("<b>"),
            "{page}"
        );
        assert!(page.contains("<mark>&#39;&lt;script&gt;alert(1)&lt;/script&gt;&#39;</mark>"));
        assert_eq!(page.matches("<script>").count(), 1);
    }

    #[test]
    fn every_finding_can_be_opened_and_has_its_outcome() {
        let report = testing::report();
        let page = render(&report);
        assert_eq!(page.matches("<details ").count(), report.findings.len());
        assert_eq!(page.matches("data-outcome=\"fail\"").count(), 2);
        assert!(page.contains("parameter `ranges` defaults to `[]`"));
    }

    #[test]
    fn a_place_over_many_lines_is_cut() {
        let text = "a\n".repeat(100);
        let page = render(&testing::lone(&text, Span::new(0, 200)));
        assert!(page.matches("class=\"number\"").count() < 20, "{page}");
    }

    #[test]
    fn the_page_loads_nothing() {
        let page = render(&testing::report());
        let body = page.split("<body>").nth(1).unwrap();
        assert!(!body.contains("src=") && page.contains("default-src 'none'"));
    }
}
