//! A baseline: the failures that were there on a day, so that a gate asks for new ones only.
//!
//! Failures are known by what they say of which text ([`super::fingerprint`]) and not by their line, so
//! that edits elsewhere in the file change nothing; of equal ones so many are known as there were.
//! The file is for people to look at in a review: sorted, one failure a line group, without times.
//! Deliberately absent: what is unknown or passes, and what is wrong with configurations.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use tricep_rules::{Finding, Outcome};

use super::fingerprint::{hash, parts};
use super::{Report, UNREADABLE_FILE};

/// The version of the file that is written, and the only one that is read.
const VERSION: u32 = 1;

/// Failures that are known.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Baseline {
    known: BTreeMap<Known, usize>,
}

/// A failure as far as lines do not matter; those that differ in the text only are told apart by its
/// hash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Known {
    file: String,
    code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    resource: String,
    fingerprint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    findings: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    #[serde(flatten)]
    known: Known,
    count: usize,
}

/// Why a text is no baseline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoBaseline {
    /// It is not what [`Baseline::to_json`] writes; the words say why.
    Damaged(String),
    /// It is of another version.
    Version(u64),
}

impl fmt::Display for NoBaseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged(why) => write!(f, "it is no baseline: {why}"),
            Self::Version(version) => write!(
                f,
                "it is a baseline of version {version}, and this program reads version {VERSION}"
            ),
        }
    }
}

impl Baseline {
    /// The failures of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut known = BTreeMap::new();
        for finding in report.findings.iter().filter(|finding| belongs(finding)) {
            *known.entry(Known::of(report, finding)).or_default() += 1;
        }
        Self { known }
    }

    /// So many failures are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.known.values().sum()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// The text to write, with a line break at its end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let entry = |(known, count): (&Known, &usize)| Entry {
            known: known.clone(),
            count: *count,
        };
        super::json::pretty(&Document {
            version: VERSION,
            findings: self.known.iter().map(entry).collect(),
        })
    }

    /// Reads a text that was written.
    ///
    /// # Errors
    /// When it is damaged, or of another version.
    pub fn from_json(text: &str) -> Result<Self, NoBaseline> {
        let damaged = |error: serde_json::Error| NoBaseline::Damaged(error.to_string());
        let value: serde_json::Value = serde_json::from_str(text).map_err(damaged)?;
        match value.get("version").and_then(serde_json::Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(NoBaseline::Version(version)),
            None => return Err(NoBaseline::Damaged("it has no `version`".to_owned())),
        }
        let document: Document = serde_json::from_value(value).map_err(damaged)?;
        let mut known: BTreeMap<Known, usize> = BTreeMap::new();
        for entry in document.findings {
            let count = known.entry(entry.known).or_default();
            *count = count.saturating_add(entry.count);
        }
        Ok(Self { known })
    }
}

impl Report {
    /// Takes the failures out that a baseline knows. Gives back what it knows of the files of this run
    /// and was not found, a line each.
    pub fn without(&mut self, mut baseline: Baseline) -> Vec<String> {
        let mut kept = vec![true; self.findings.len()];
        for (finding, keep) in self.findings.iter().zip(&mut kept) {
            let left = belongs(finding)
                .then(|| baseline.known.get_mut(&Known::of(self, finding)))
                .flatten();
            if let Some(left) = left.filter(|left| **left > 0) {
                *left -= 1;
                *keep = false;
            }
        }
        let found = self.findings.len();
        let mut kept = kept.into_iter();
        self.findings.retain(|_| kept.next().unwrap_or(true));
        self.in_baseline += found - self.findings.len();
        let of_run = |file: &str| self.sources.iter().any(|source| source.label() == file);
        let stale = baseline
            .known
            .iter()
            .filter(|(known, left)| **left > 0 && of_run(&known.file));
        stale.map(|(known, left)| known.stale(*left)).collect()
    }
}

/// Whether a finding is one for a baseline. What keeps a run from being whole is none.
fn belongs(finding: &Finding) -> bool {
    finding.outcome == Outcome::Fail
        && finding.code != UNREADABLE_FILE
        && finding.code != crate::config::INVALID
}

impl Known {
    fn of(report: &Report, finding: &Finding) -> Self {
        let parts = parts(report, finding);
        let [code, file, r#type, symbol, _] = parts;
        let resource = match (r#type, symbol) {
            ("", "") => String::new(),
            (r#type, symbol) => format!("{type} {symbol}"),
        };
        Self {
            file: file.to_owned(),
            code: code.to_owned(),
            resource,
            fingerprint: format!("{:032x}", hash(&parts)),
        }
    }

    fn stale(&self, left: usize) -> String {
        let Self {
            file,
            code,
            resource,
            ..
        } = self;
        let about = match resource.is_empty() {
            true => String::new(),
            false => format!(" about `{resource}`"),
        };
        let times = match left {
            1 => String::new(),
            left => format!(", {left} times"),
        };
        format!("the baseline knows `{code}` in {file}{about}{times}, which is not found any more")
    }
}

#[cfg(test)]
mod tests {
    use tricep_syntax::text::Span;

    use super::*;
    use crate::report::testing;

    fn written(report: &Report) -> Baseline {
        Baseline::from_json(&Baseline::of(report).to_json()).unwrap()
    }

    #[test]
    fn known_failures_go_and_what_is_no_failure_stays() {
        let mut report = testing::report();
        let baseline = written(&report);
        assert_eq!(baseline.len(), 2);
        assert_eq!(report.without(baseline), [""; 0]);
        let outcomes: Vec<_> = report.findings.iter().map(|f| f.outcome).collect();
        assert_eq!(outcomes, [Outcome::Unknown, Outcome::Pass]);
        assert_eq!(report.in_baseline, 2);
    }

    #[test]
    fn lines_do_not_matter_and_numbers_do() {
        let baseline = written(&testing::lone("param a int", Span::new(6, 7)));
        let mut moved = testing::lone("// new\n\nparam  a int", Span::new(15, 16));
        assert!(moved.without(baseline.clone()).is_empty());
        assert!(moved.findings.is_empty());
        let mut twice = testing::lone("param a int", Span::new(6, 7));
        twice.findings.push(twice.findings[0].clone());
        assert!(twice.without(baseline).is_empty());
        assert_eq!(twice.findings.len(), 1);
    }

    #[test]
    fn what_is_gone_is_named_for_files_of_the_run_only() {
        let baseline = written(&testing::lone("ab", Span::new(0, 1)));
        let mut report = testing::lone("ab", Span::new(0, 1));
        report.findings.clear();
        assert_eq!(
            report.clone().without(baseline.clone()),
            ["the baseline knows `BCP018` in a.bicep, which is not found any more"]
        );
        report.sources.clear();
        assert_eq!(report.without(baseline), [""; 0]);
    }

    #[test]
    fn damaged_texts_are_refused_with_a_reason() {
        let refused = |text: &str| Baseline::from_json(text).unwrap_err().to_string();
        assert!(refused("{").starts_with("it is no baseline: EOF"));
        assert_eq!(refused("{}"), "it is no baseline: it has no `version`");
        assert!(refused("{\"version\": 2}").contains("version 2"));
        assert!(refused("{\"version\": 1, \"findings\": [{}]}").contains("missing field"));
        assert!(refused("[]").contains("no `version`"));
    }
}
