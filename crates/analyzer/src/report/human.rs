//! Findings for people: the message, the code it is about, how it came about, what to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use ariadne::{Color, Fmt as _};
use tricep_rules::{Applicability, Finding, Fix, Outcome, Severity};

use super::frame::{Frames, Mark};
use super::printable::{one_line, shown};
use super::{Report, Show, Summary};

/// How to render.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct HumanOptions {
    /// What is listed beside failures.
    pub show: Show,
    /// Whether to use terminal colours.
    pub color: bool,
    /// How long the run took, to be told at the end.
    pub elapsed: Option<Duration>,
}

/// The colour of places that explain.
const EXPLAINING: Color = Color::Blue;

/// Every finding shown with a frame of its code, then a line of counts.
#[must_use]
pub fn render(report: &Report, options: HumanOptions) -> String {
    let mut out = String::new();
    let mut frames = Frames::new(report, options.color);
    for finding in report.shown(options.show) {
        let head = format!("{}[{}]", kind(finding), finding.code);
        let _ = writeln!(
            out,
            "{}: {}",
            painted(&head, color(finding), options.color),
            one_line(&finding.message)
        );
        out.push_str(&frames.draw(&marks(finding)));
        if let Some(help) = &finding.help {
            write_help(&mut out, help, options.color);
        }
        for fix in &finding.fixes {
            write_fix(&mut out, fix, options.color);
        }
        out.push('\n');
    }
    let _ = writeln!(out, "{}", closing(report, options));
    out
}

/// The line of counts, with the time.
fn closing(report: &Report, options: HumanOptions) -> String {
    let line = closing_line(report, options.show);
    match options.elapsed {
        Some(time) => format!("{line} ({:.2} s)", time.as_secs_f64()),
        None => line,
    }
}

/// How often each rule and code was found, the most frequent first, then the line of counts.
#[must_use]
pub fn statistics(report: &Report, options: HumanOptions) -> String {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for finding in &report.findings {
        let place = match finding.outcome {
            Outcome::Fail => 0,
            Outcome::Unknown => 1,
            Outcome::Pass => 2,
        };
        counts.entry(finding.code).or_default()[place] += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, [fail, unknown, _])| std::cmp::Reverse((fail, unknown)));
    let mut out = String::from("   fail unknown    pass\n");
    for (code, [fail, unknown, pass]) in counts {
        let _ = writeln!(out, "{fail:7} {unknown:7} {pass:7}  {code}");
    }
    let _ = writeln!(out, "{}", closing(report, options));
    out
}

/// `3 files, 7 resources: 1 failed, 2 passed, 1 unknown`, and how to see what is not shown.
#[must_use]
pub fn closing_line(report: &Report, show: Show) -> String {
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
    let mut line = format!(
        "{}, {}: {fail} failed, {pass} passed, {unknown} unknown",
        count(files, "file"),
        count(resources, "resource"),
    );
    if report.silenced > 0 {
        let _ = write!(line, ", {} silenced", report.silenced);
    }
    if report.in_baseline > 0 {
        let _ = write!(line, ", {} in the baseline", report.in_baseline);
    }
    let problems = errors + warnings + infos - fail;
    if problems > 0 {
        let _ = write!(line, "; {} in the files", count(problems, "problem"));
    }
    if unknown > 0 && !show.unknown {
        line.push_str("; to see what is unknown: `--show unknown`");
    }
    line
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The finding's place, then the steps of its trail and the related places.
fn marks(finding: &Finding) -> Vec<Mark<'_>> {
    let notes = finding.trail.iter().chain(&finding.related);
    let (same, others): (Vec<_>, Vec<_>) = notes.partition(|note| note.at == finding.at);
    let first = Mark {
        at: finding.at,
        words: match (same.first(), finding.reason) {
            (Some(note), _) => &note.message,
            (None, Some(reason)) => reason.words(),
            (None, None) => "here",
        },
        color: color(finding),
    };
    let explaining = same.iter().skip(1).chain(&others).map(|note| Mark {
        at: note.at,
        words: &note.message,
        color: EXPLAINING,
    });
    std::iter::once(first).chain(explaining).collect()
}

/// The help below the frame, its lines as they are so that code can be copied.
fn write_help(out: &mut String, help: &str, color: bool) {
    for (n, line) in help.lines().enumerate() {
        let line: String = line.chars().map(shown).collect();
        let head = match n {
            0 => painted("help:", Color::Green, color),
            _ => "     ".to_owned(),
        };
        let _ = writeln!(out, "{}", format!("  {head} {line}").trim_end());
    }
}

/// What the program could do itself, and how to let it.
fn write_fix(out: &mut String, fix: &Fix, color: bool) {
    let option = match fix.applicability {
        Applicability::Safe => "--fix",
        Applicability::Unsafe => "--fix --unsafe-fixes",
    };
    let head = painted("fix available:", Color::Green, color);
    let _ = writeln!(out, "  {head} {} (`{option}`)", one_line(&fix.title));
}

fn kind(finding: &Finding) -> &'static str {
    match finding.outcome {
        Outcome::Fail => finding.severity.name(),
        other => other.name(),
    }
}

fn color(finding: &Finding) -> Color {
    match (finding.outcome, finding.severity) {
        (Outcome::Pass, _) => Color::Green,
        (Outcome::Unknown, _) => Color::Magenta,
        (Outcome::Fail, Severity::Error) => Color::Red,
        (Outcome::Fail, Severity::Warning) => Color::Yellow,
        (Outcome::Fail, Severity::Info) => Color::Cyan,
    }
}

fn painted(text: &str, color: Color, on: bool) -> String {
    if on {
        text.fg(color).to_string()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    fn plain(show: Show) -> HumanOptions {
        HumanOptions {
            show,
            color: false,
            elapsed: None,
        }
    }

    #[test]
    fn a_report_for_people() {
        insta::assert_snapshot!(render(&testing::report(), plain(Show::ALL)));
    }

    #[test]
    fn the_closing_line_says_how_to_see_what_is_unknown() {
        let report = testing::report();
        assert_eq!(
            closing_line(&report, Show::default()),
            "2 files, 1 resource: 1 failed, 1 passed, 1 unknown; 1 problem in the files; \
             to see what is unknown: `--show unknown`"
        );
        assert!(closing_line(&report, Show::ALL).ends_with("1 problem in the files"));
    }

    #[test]
    fn statistics_count_every_outcome_of_every_rule() {
        let text = statistics(&testing::report(), plain(Show::default()));
        assert!(
            text.contains("      1       1       1  aks-authorized-ip-ranges\n"),
            "{text}"
        );
    }

    #[test]
    fn the_time_stands_at_the_end() {
        let options = HumanOptions {
            elapsed: Some(Duration::from_millis(1234)),
            ..plain(Show::ALL)
        };
        assert!(render(&Report::default(), options).ends_with("0 unknown (1.23 s)\n"));
    }

    #[test]
    fn a_run_without_findings_is_one_line() {
        assert_eq!(
            render(&Report::default(), plain(Show::ALL)),
            "0 files, 0 resources: 0 failed, 0 passed, 0 unknown\n"
        );
    }

    #[test]
    fn colour_is_used_only_when_asked_for() {
        let report = testing::report();
        let color = HumanOptions {
            show: Show::ALL,
            color: true,
            elapsed: None,
        };
        assert!(!render(&report, plain(Show::ALL)).contains('\u{1b}'));
        assert!(render(&report, color).contains("\u{1b}[31merror[BCP018]"));
    }

    #[test]
    fn a_note_at_the_place_itself_speaks_there() {
        let mut report = testing::lone("ab", Span::new(0, 2));
        report.findings[0].trail = vec![tricep_rules::Note {
            at: report.findings[0].at,
            message: "`ab` is nothing".to_owned(),
        }];
        let text = render(&report, plain(Show::ALL));
        assert!(
            text.contains("╰── `ab` is nothing") && !text.contains("here"),
            "{text}"
        );
    }

    #[test]
    fn no_line_ends_in_a_blank() {
        let text = render(&testing::report(), plain(Show::ALL));
        assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
    }
}
