//! Which rules speak: chosen by name, by what other tools call them, or by the code of a problem.

use std::fmt;

use tricep_rules::RuleMeta;

use super::codes::code;

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

    /// The names of the rules that were chosen; `None`: none was.
    #[must_use]
    pub fn selected(&self) -> Option<Vec<&'static str>> {
        self.select.clone()
    }

    /// The rules and codes to leave out.
    #[must_use]
    pub fn ignored(&self) -> Vec<String> {
        self.ignore.clone()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::RULE;

    fn selection(select: &[&str], ignore: &[&str]) -> Result<Selection, UnknownRule> {
        let own = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        Selection::new(&[&RULE], &own(select), &own(ignore))
    }

    #[test]
    fn names_and_aliases_choose_a_rule_in_any_letter_case() {
        let chosen = selection(&["azr-000030"], &["azure.aks.authorizedips"]).unwrap();
        assert_eq!(chosen.selected(), Some(vec![RULE.name]));
        assert_eq!(chosen.ignored(), [RULE.name]);
        assert_eq!(selection(&[], &[]).unwrap().selected(), None);
    }

    #[test]
    fn problems_of_the_text_are_ignored_by_code() {
        let codes = ["bcp018", "letter-case-of-value", "Unused-Suppression"];
        assert_eq!(
            selection(&[], &codes).unwrap().ignored(),
            ["BCP018", "letter-case-of-value", "unused-suppression"]
        );
    }

    #[test]
    fn unknown_names_are_told() {
        let unknown =
            |select: &[&str], ignore: &[&str]| selection(select, ignore).unwrap_err().to_string();
        assert_eq!(unknown(&["nonsense"], &[]), "unknown rule `nonsense`");
        assert_eq!(unknown(&["BCP018"], &[]), "unknown rule `BCP018`");
        assert_eq!(unknown(&[], &["BCP18"]), "unknown rule `BCP18`");
    }
}
