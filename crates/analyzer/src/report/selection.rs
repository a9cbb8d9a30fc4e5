//! Which rules speak: chosen by name, by what other tools call them, or by the code of a problem.

use std::fmt;

use tricep_rules::{Finding, RuleMeta};
use tricep_semantic::types::NOTES;

use super::Report;

/// A choice of rules. Problems of the text are no rules: choosing some rules does not silence
/// them, ignoring their code does.
#[derive(Clone, Default, Debug)]
pub struct Selection {
    select: Option<Vec<&'static str>>,
    ignore: Vec<String>,
}

/// A name that is no rule's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownRule(pub String);

impl fmt::Display for UnknownRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown rule `{}`", self.0)
    }
}

impl Selection {
    /// Only the rules in `select` (all when it is empty) without those in `ignore`, looked up in
    /// `rules`; letter case does not matter.
    ///
    /// # Errors
    /// When a name is neither a rule's name nor its alias, nor (to be ignored) a code.
    pub fn new(
        rules: &[&'static RuleMeta],
        select: &[String],
        ignore: &[String],
    ) -> Result<Self, UnknownRule> {
        let select = select.iter().map(|name| Ok(find_rule(rules, name)?.name));
        let select = select.collect::<Result<Vec<_>, _>>()?;
        let ignore = ignore.iter().map(|name| code(rules, name));
        Ok(Self {
            select: (!select.is_empty()).then_some(select),
            ignore: ignore.collect::<Result<_, _>>()?,
        })
    }

    /// The names of those rules that speak.
    #[must_use]
    pub fn rules(&self, rules: &[&'static RuleMeta]) -> Vec<&'static str> {
        let names = rules.iter().map(|rule| rule.name);
        names
            .filter(|name| {
                self.select
                    .as_ref()
                    .is_none_or(|select| select.contains(name))
            })
            .filter(|name| !self.ignore.iter().any(|code| code == name))
            .collect()
    }

    fn keeps(&self, finding: &Finding) -> bool {
        let selected = self.select.as_ref();
        let chosen = finding.rule.is_none() || selected.is_none_or(|s| s.contains(&finding.code));
        chosen && !self.ignore.iter().any(|code| code == finding.code)
    }
}

impl Report {
    /// Drops the findings of rules that were not chosen.
    pub fn retain(&mut self, selection: &Selection) {
        self.findings.retain(|finding| selection.keeps(finding));
    }
}

/// The rule of this name or alias; letter case does not matter.
///
/// # Errors
/// When there is none.
pub fn find_rule(
    rules: &[&'static RuleMeta],
    name: &str,
) -> Result<&'static RuleMeta, UnknownRule> {
    let called = |rule: &&&'static RuleMeta| {
        std::iter::once(&rule.name)
            .chain(rule.aliases)
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let rule = rules.iter().find(called).copied();
    rule.ok_or_else(|| UnknownRule(name.to_owned()))
}

fn code(rules: &[&'static RuleMeta], name: &str) -> Result<String, UnknownRule> {
    let upper = name.to_ascii_uppercase();
    let digits = upper.strip_prefix("BCP").or(upper.strip_prefix("TRI"));
    if digits.is_some_and(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit())) {
        return Ok(upper);
    }
    if let Some(note) = NOTES.iter().find(|note| note.eq_ignore_ascii_case(name)) {
        return Ok((*note).to_owned());
    }
    find_rule(rules, name).map(|rule| rule.name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{self, RULE};

    fn left(select: &[&str], ignore: &[&str]) -> Result<Vec<&'static str>, UnknownRule> {
        let own = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        let selection = Selection::new(&[&RULE], &own(select), &own(ignore))?;
        let mut report = testing::report();
        report.retain(&selection);
        let mut codes: Vec<_> = report.findings.iter().map(|f| f.code).collect();
        codes.sort_unstable();
        codes.dedup();
        Ok(codes)
    }

    #[test]
    fn names_and_aliases_choose_a_rule_in_any_letter_case() {
        assert_eq!(left(&["azr-000030"], &[]).unwrap(), ["BCP018", RULE.name]);
        assert_eq!(left(&[], &["azure.aks.authorizedips"]).unwrap(), ["BCP018"]);
    }

    #[test]
    fn problems_of_the_text_are_ignored_by_code() {
        assert_eq!(left(&[], &["bcp018"]).unwrap(), [RULE.name]);
        assert!(left(&[], &["letter-case-of-value"]).is_ok());
    }

    #[test]
    fn unknown_names_are_told() {
        assert_eq!(
            left(&["nonsense"], &[]).unwrap_err().to_string(),
            "unknown rule `nonsense`"
        );
        assert!(left(&["BCP018"], &[]).is_err());
        assert!(left(&[], &["BCP18"]).is_err());
    }
}
