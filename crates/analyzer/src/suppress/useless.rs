//! What silences nothing, and what names a rule that is not there; each with the edit that takes it out of
//! a directive. Comments to Checkov are left alone.
//!
//! Only names that can be none but ours are looked at: the compiler's codes, the names of its linter's
//! rules and the ids of Checkov's other checks are theirs. A rule that is not asked in this run says
//! nothing about what silences it.

use tricep_rules::{Applicability, Edit, Finding, Fix, RuleMeta, Severity, rules};
use tricep_syntax::text::{FileId, Location, Source, Span};

use super::{Directive, Kind, Name, Silencer};
use crate::load::problem;
use crate::report::codes::{self, UNKNOWN_SUPPRESSION, UNUSED_SUPPRESSION};

/// The beginnings of names that are ours, or would be.
const OWN: [&str; 2] = ["aks-", "Azure.AKS."];

/// A file whose names can be judged.
pub(crate) struct Judged<'a> {
    pub(crate) file: FileId,
    pub(crate) source: &'a Source,
    /// Whether its deployment was judged as a whole, so that what was not needed is not needed.
    pub(crate) whole: bool,
    /// Whether a rule was asked about it.
    pub(crate) asked: &'a dyn Fn(&RuleMeta) -> bool,
}

/// The findings about names in a file, a finding for each directive and reason.
pub(crate) fn useless(silencer: &Silencer<'_>, judged: &Judged<'_>) -> Vec<Finding> {
    let file = judged.file.0 as usize;
    let (suppressions, used) = (&silencer.files[file], &silencer.used[file]);
    let mut findings = Vec::new();
    let names: Vec<(&Name, bool)> = suppressions
        .names
        .iter()
        .zip(used.iter().copied())
        .collect();
    let mut rest = names.as_slice();
    for (number, directive) in suppressions.directives.iter().enumerate() {
        // The names stand in the order of their directives.
        let end = rest.partition_point(|(name, _)| name.directive <= number);
        let (here, behind) = rest.split_at(end);
        rest = behind;
        let of = |wanted: Option<bool>| -> Vec<&Name> {
            let sorted = here
                .iter()
                .filter(|(name, used)| is_useless(judged, name, *used) == wanted);
            sorted.map(|(name, _)| *name).collect()
        };
        let all = here.len();
        let (unknown, unused) = (of(Some(false)), of(Some(true)));
        // One edit takes out all that are useless, lest a directive without names remain.
        let useless: Vec<&Name> = here
            .iter()
            .filter(|(name, used)| is_useless(judged, name, *used).is_some())
            .map(|(name, _)| *name)
            .collect();
        // Checkov may need what we do not, and what it makes of a text without it is not ours to say.
        let is_own = directive.kind != Kind::Skip;
        let fix = || is_own.then(|| fix(judged, *directive, &useless, all));
        findings.extend(unknown.iter().map(|name| unknown_name(judged, name, fix())));
        if let Some(first) = unused.first() {
            findings.push(unused_names(judged, first.at, &unused, *directive, fix()));
        }
    }
    findings
}

/// Whether a name is that of a rule (and silences nothing), or of none; `None`: neither can be said.
fn is_useless(judged: &Judged<'_>, name: &Name, used: bool) -> Option<bool> {
    let rule = rules().iter().find(|rule| name.means(rule));
    match rule {
        Some(rule) => (!used && judged.whole && (judged.asked)(rule)).then_some(true),
        None => OWN
            .iter()
            .any(|own| starts_with(&name.code, own))
            .then_some(false),
    }
}

/// Whether a name starts so in any letter case; in another one than ours it is no rule's.
fn starts_with(name: &str, start: &str) -> bool {
    let beginning = name.get(..start.len());
    beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(start))
}

fn unknown_name(judged: &Judged<'_>, name: &Name, fix: Option<Fix>) -> Finding {
    let message = format!("there is no rule `{}` to silence", name.code);
    let help = match codes::meant(&name.code) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`tricep explain` lists the rules".to_owned(),
    };
    warning(judged, UNKNOWN_SUPPRESSION, message, name.at, help, fix)
}

fn unused_names(
    judged: &Judged<'_>,
    at: Span,
    names: &[&Name],
    directive: Directive,
    fix: Option<Fix>,
) -> Finding {
    let list: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.code))
        .collect();
    let list = list.join(", ");
    let message = match directive.kind {
        Kind::Restore => format!("nothing is silenced up to here: {list}"),
        Kind::NextLine | Kind::Disable | Kind::Skip => format!("nothing is silenced here: {list}"),
    };
    let help = match directive.kind {
        Kind::Skip => "take it out if Checkov does not need it either",
        Kind::NextLine | Kind::Disable | Kind::Restore => {
            "take it out, so that it does not silence what comes later"
        }
    };
    let mut finding = warning(
        judged,
        UNUSED_SUPPRESSION,
        message,
        at,
        help.to_owned(),
        fix,
    );
    if directive.kind == Kind::Skip {
        finding.severity = Severity::Info;
    }
    finding
}

fn warning(
    judged: &Judged<'_>,
    code: &'static str,
    message: String,
    span: Span,
    help: String,
    fix: Option<Fix>,
) -> Finding {
    let file = judged.file;
    Finding {
        severity: Severity::Warning,
        help: Some(help),
        fixes: fix.into_iter().collect(),
        ..problem(code, message, Location { file, span })
    }
}

/// Takes names out of a directive, or the directive when no name would remain.
fn fix(judged: &Judged<'_>, directive: Directive, names: &[&Name], all: usize) -> Fix {
    let text: &str = judged.source.text();
    let whole = names.len() == all;
    let spans: Vec<Span> = match whole {
        true => vec![whole_directive(text, directive.span)],
        false => names.iter().map(|name| one_name(text, name.at)).collect(),
    };
    let file = judged.file;
    let edit = |span| Edit::Text {
        at: Location { file, span },
        text: String::new(),
    };
    Fix {
        title: match whole {
            true => "take out what silences nothing".to_owned(),
            false => "take out the names that silence nothing".to_owned(),
        },
        applicability: Applicability::Safe,
        edits: spans.into_iter().map(edit).collect(),
    }
}

/// The directive with the blanks around it; its line, if nothing else stands there.
fn whole_directive(text: &str, span: Span) -> Span {
    let is_blank = |c: char| c == ' ' || c == '\t';
    let before = &text[..span.start as usize];
    let after = &text[span.end as usize..];
    let start = before.trim_end_matches(is_blank).len();
    let blanks = after.len() - after.trim_start_matches(is_blank).len();
    let end = span.end as usize + blanks;
    let rest = &text[end..];
    let starts_line = start == 0 || before[..start].ends_with(['\n', '\r', '\u{feff}']);
    let line_break = match rest {
        _ if rest.starts_with("\r\n") => Some(2),
        _ if rest.starts_with(['\n', '\r']) => Some(1),
        "" => Some(0),
        _ => None,
    };
    match (starts_line, line_break) {
        (true, Some(length)) => Span::new(start as u32, (end + length) as u32),
        // The line keeps its indentation, or its break.
        (true, None) => Span::new(span.start, end as u32),
        (false, _) => Span::new(start as u32, span.end),
    }
}

/// A name with the blanks that part it from the one before.
fn one_name(text: &str, at: Span) -> Span {
    let before = &text[..at.start as usize];
    Span::new(before.trim_end_matches([' ', '\t']).len() as u32, at.end)
}
