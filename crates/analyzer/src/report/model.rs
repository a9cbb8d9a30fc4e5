//! The result of a run.

use tricep_rules::{Finding, Outcome, Severity};
use tricep_syntax::text::{FileId, Source};

use crate::config::FailOn;
use crate::fix::TextEdits;

/// The code of the finding about a file that could not be read or holds no text.
pub const UNREADABLE_FILE: &str = "unreadable-file";

/// Counts over a run.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Summary {
    /// Files read, modules included.
    pub files: usize,
    /// Resource declarations in them.
    pub resources: usize,
    /// Rules that are broken.
    pub fail: usize,
    /// Rules that hold.
    pub pass: usize,
    /// Rules of which it cannot be told.
    pub unknown: usize,
    /// Failures of rules and problems of the text, of level error.
    pub errors: usize,
    /// The same of level warning.
    pub warnings: usize,
    /// The same of level info.
    pub infos: usize,
}

/// Sorts findings by file label, position and code, and drops equal ones.
pub(crate) fn sort(findings: &mut Vec<Finding>, sources: &[Source]) {
    let label = |finding: &Finding| sources[finding.at.file.0 as usize].label();
    findings.sort_by(|a, b| {
        (label(a), a.at.span, a.code, &a.message).cmp(&(label(b), b.at.span, b.code, &b.message))
    });
    findings.dedup();
}

/// The result of a run: every verdict, passes and unknowns included; formats show what was asked for.
#[derive(Clone, Default, Debug)]
pub struct Report {
    /// The files of the run; `FileId(n)` is the n-th.
    pub sources: Vec<Source>,
    /// The first so many of the sources are the files that were asked for; the others are modules and
    /// what else these lead to.
    pub named: usize,
    /// Sorted by file label, position and code.
    pub findings: Vec<Finding>,
    /// Number of resource declarations in the files.
    pub resources: usize,
    /// Files that could not be read or hold no text, each with a finding [`UNREADABLE_FILE`] too.
    pub unreadable: usize,
    /// Files that could be read, modules included.
    pub read: usize,
    /// Verdicts that directives in the files silence; they are not among the findings.
    pub silenced: usize,
    /// What the fixes of the findings do to the texts.
    pub text_edits: TextEdits,
    /// Failures that the baseline knows; they are not among the findings.
    pub in_baseline: usize,
    /// Files that the configuration left out.
    pub excluded: usize,
    /// Mistakes in configurations, each with a finding too.
    pub misconfigured: usize,
    /// By file, the weight from which a failure in it makes the run fail; `None`, or no entry: that is
    /// not configured.
    pub fail_on: Vec<Option<FailOn>>,
}

impl Report {
    /// The source of a file.
    ///
    /// # Panics
    /// When the id is of another report.
    #[must_use]
    pub fn source(&self, file: FileId) -> &Source {
        &self.sources[file.0 as usize]
    }

    /// The files that were asked for.
    #[must_use]
    pub fn named_sources(&self) -> &[Source] {
        &self.sources[..self.named.min(self.sources.len())]
    }

    /// Sorts the findings by file label, position and code, and drops equal ones.
    pub fn sort(&mut self) {
        sort(&mut self.findings, &self.sources);
    }

    /// Counts.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            files: self.read,
            resources: self.resources,
            ..Summary::default()
        };
        for finding in &self.findings {
            match finding.outcome {
                Outcome::Fail => match finding.severity {
                    Severity::Error => summary.errors += 1,
                    Severity::Warning => summary.warnings += 1,
                    Severity::Info => summary.infos += 1,
                },
                Outcome::Pass => summary.pass += 1,
                Outcome::Unknown => summary.unknown += 1,
            }
            if finding.outcome == Outcome::Fail && finding.rule.is_some() {
                summary.fail += 1;
            }
        }
        summary
    }

    /// The weight of the heaviest failure.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings
            .iter()
            .filter(|f| f.outcome == Outcome::Fail)
            .map(|f| f.severity)
            .max()
    }

    /// Whether a failure makes the run fail: by `asked`, else by the configuration of the file it stands
    /// in, else when it is a warning or an error.
    #[must_use]
    pub fn fails(&self, asked: Option<FailOn>) -> bool {
        let mut failures = self.findings.iter().filter(|f| f.outcome == Outcome::Fail);
        failures.any(|finding| {
            let configured = self.fail_on.get(finding.at.file.0 as usize).copied();
            let fail_on = asked.or(configured.flatten()).unwrap_or(FailOn::Warning);
            fail_on.fails(finding.severity)
        })
    }
}
