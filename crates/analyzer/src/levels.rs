//! How much a finding weighs in its file, and which rules are asked at all.
//!
//! The command line counts before the configuration of the file that a finding stands in. Files of
//! others, as those in the module cache, have none: there that of the deployed file counts.

use std::fmt;
use std::sync::Arc;

use tricep_rules::{Finding, Outcome, RULES, Rule, RuleMeta, Severity};
use tricep_semantic::project::{Origin as From, Project};
use tricep_syntax::text::{FileId, Source};

use crate::config::{Level, Origin, Policy};

/// What decides.
#[derive(Clone, Copy)]
pub(crate) struct Levels<'a> {
    pub(crate) project: &'a Project,
    pub(crate) sources: &'a [Source],
    /// By file.
    pub(crate) policies: &'a [Arc<Policy>],
    /// The rules that the command line names.
    pub(crate) selected: Option<&'a [&'static str]>,
    /// The rules and codes that the command line leaves out.
    pub(crate) ignored: &'a [String],
}

/// Who decided on a level.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Decider {
    CommandLine,
    Configuration(Origin),
    /// The rule itself.
    Rule,
}

impl fmt::Display for Decider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::Configuration(origin) => origin.fmt(f),
            Self::Rule => f.write_str("rule"),
        }
    }
}

/// The level of a rule: that of the command line, or of the configuration, or its own.
pub(crate) fn decide(
    policy: &Policy,
    rule: &RuleMeta,
    selected: Option<&[&'static str]>,
    ignored: &[String],
) -> (Level, Decider) {
    let is_selected = selected.map(|names| names.contains(&rule.name));
    if is_selected == Some(false) || ignored.iter().any(|name| name == rule.name) {
        return (Level::Off, Decider::CommandLine);
    }
    match policy.level(rule) {
        // Who names a rule wants to hear of it.
        Some(set) if set.value == Level::Off && is_selected == Some(true) => {
            (rule.severity.into(), Decider::CommandLine)
        }
        Some(set) => (set.value, Decider::Configuration(set.from)),
        None => (rule.severity.into(), Decider::Rule),
    }
}

/// The rule that people ask for most.
const SPEAKER: &str = "aks-authorized-ip-ranges";

impl Levels<'_> {
    /// The rules that are asked about any file.
    pub(crate) fn asked(&self) -> Vec<&'static Rule> {
        let files = self.project.units.iter().zip(self.policies);
        let own: Vec<&Policy> = files
            .filter(|(unit, _)| unit.origin == From::Own)
            .map(|(_, policy)| &**policy)
            .collect();
        let is_asked = |rule: &&&Rule| {
            own.iter()
                .any(|policy| self.severity(policy, rule.meta).is_some())
        };
        RULES.iter().filter(is_asked).copied().collect()
    }

    /// The rule that speaks for all where their reason is the same: the one about authorized IP ranges,
    /// or the first that is asked about a file.
    pub(crate) fn speaker(&self, rules: &[&'static Rule], file: FileId) -> Option<&'static Rule> {
        let mut asked = rules.iter().filter(|rule| self.asks(rule.meta, file));
        let first = asked.clone().next();
        let main = asked.find(|rule| rule.meta.name == SPEAKER);
        main.or(first).copied()
    }

    /// Whether a rule is asked about a file.
    pub(crate) fn asks(&self, rule: &RuleMeta, file: FileId) -> bool {
        let policy = &self.policies[file.0 as usize];
        self.severity(policy, rule).is_some() && !policy.ignores(self.label(file), rule.name)
    }

    /// The weight of a failure; `None`: the rule is off.
    fn severity(&self, policy: &Policy, rule: &RuleMeta) -> Option<Severity> {
        decide(policy, rule, self.selected, self.ignored)
            .0
            .severity()
    }

    /// A verdict of the deployment of `entry` with the weight that it has; `None`: the rule is off where
    /// it stands, or where the resource is declared.
    pub(crate) fn of_verdict(&self, entry: FileId, mut finding: Finding) -> Option<Finding> {
        let Some(rule) = finding.rule else {
            return Some(finding);
        };
        let severity = self.severity(self.policy(entry, finding.at.file), rule)?;
        let resource = finding.resource.as_ref().map(|resource| resource.at.file);
        let mut files = resource.into_iter().chain([finding.at.file]);
        let is_off = |file| {
            self.policy(entry, file)
                .ignores(self.label(file), rule.name)
        };
        if files.any(is_off) {
            return None;
        }
        if finding.outcome == Outcome::Fail {
            finding.severity = severity;
        }
        Some(finding)
    }

    /// Problems of the text with the weight that they have. Errors remain: with them the compiler
    /// refuses the file; only the command line leaves them out.
    pub(crate) fn of_problems(&self, findings: Vec<Finding>) -> Vec<Finding> {
        findings
            .into_iter()
            .filter_map(|finding| self.of_problem(finding))
            .collect()
    }

    fn of_problem(&self, mut finding: Finding) -> Option<Finding> {
        if self.ignored.iter().any(|code| code == finding.code) {
            return None;
        }
        let policy = &self.policies[finding.at.file.0 as usize];
        if finding.severity == Severity::Error {
            return Some(finding);
        }
        if policy.ignores(self.label(finding.at.file), finding.code) {
            return None;
        }
        if let Some(level) = policy.level_of_code(finding.code) {
            finding.severity = level.severity()?;
        }
        Some(finding)
    }

    fn policy(&self, entry: FileId, file: FileId) -> &Policy {
        let is_own = self.project.units[file.0 as usize].origin == From::Own;
        &self.policies[if is_own { file } else { entry }.0 as usize]
    }

    fn label(&self, file: FileId) -> &str {
        self.sources[file.0 as usize].label()
    }
}
